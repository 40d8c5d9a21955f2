//! Rooms that a file's lessons must have, as requirements of subjects and loads. What they only prefer is kept as the rooms of the load.

use std::collections::BTreeMap;

use timetable::SchoolDraft;
use timetable::draft::DraftLoad;

use super::kept::keeps_rooms;
use super::limits::Whom;
use crate::requirement::terms::MOST_ROOMS;

/// The rooms that a load must have, if it must have any.
type Must = Option<Vec<usize>>;

/// The rooms, positions in the draft, by subject or load. What all loads of a subject must have is asked of the subject, where there are several.
#[must_use]
pub fn rooms(draft: &SchoolDraft) -> BTreeMap<Whom, Vec<usize>> {
    let mut of_subject: BTreeMap<usize, Vec<(usize, Must)>> = BTreeMap::new();
    for (n, load) in draft.loads.iter().enumerate() {
        let mine = of_subject.entry(load.subject.ix()).or_default();
        mine.push((n, must_have(load)));
    }
    let mut asked = BTreeMap::new();
    for (subject, loads) in of_subject {
        let mut all = loads.iter().map(|(_, rooms)| rooms.as_ref());
        let first = all.next().flatten();
        let alike = loads.len() > 1 && all.all(|rooms| rooms == first);
        match first.filter(|_| alike) {
            Some(rooms) => {
                asked.insert(Whom::Subject(subject), rooms.clone());
            }
            None => asked.extend(
                loads
                    .into_iter()
                    .filter_map(|(n, rooms)| Some((Whom::Load(n), rooms?))),
            ),
        }
    }
    asked
}

/// The rooms of a load whose every lesson must have one of them, the first wish first.
fn must_have(load: &DraftLoad) -> Must {
    if !keeps_rooms(load) || !load.cards.iter().all(|card| card.rooms_must) {
        return None;
    }
    let mut rooms: Vec<usize> = vec![];
    for room in load.cards.iter().flat_map(|card| &card.rooms) {
        if !rooms.contains(&room.ix()) {
            rooms.push(room.ix());
        }
    }
    (rooms.len() <= MOST_ROOMS).then_some(rooms)
}

/// How many loads must have rooms in the file and only prefer them here.
#[must_use]
pub fn softer(draft: &SchoolDraft) -> usize {
    let must = |load: &&DraftLoad| load.cards.iter().any(|card| card.rooms_must);
    let loads = draft.loads.iter().filter(must);
    loads
        .filter(|load| keeps_rooms(load) && must_have(load).is_none())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use timetable::draft::DraftCard;
    use timetable::{RoomIx, SubjectIx};

    fn load(subject: u32, rooms: &[&[u32]], must: bool) -> DraftLoad {
        let card = |rooms: &&[u32]| DraftCard {
            source_id: 1,
            duration: 1,
            weeks: timetable::Weeks::Every,
            off: false,
            rooms: rooms.iter().map(|r| RoomIx(*r)).collect(),
            rooms_must: must,
            rooms_weight: None,
            placement: None,
            locked: false,
        };
        DraftLoad {
            subject: SubjectIx(subject),
            teachers: vec![],
            audience: vec![],
            cards: rooms.iter().map(card).collect(),
        }
    }

    #[test]
    fn what_must_be_is_a_row_and_what_a_subject_shares_is_one() {
        let draft = SchoolDraft {
            loads: vec![
                load(0, &[&[2, 1], &[2, 1]], true),
                load(0, &[&[2, 1]], true),
                load(1, &[&[0]], true),
                load(1, &[&[0]], false),
                load(2, &[&[3], &[]], true),
            ],
            ..SchoolDraft::default()
        };
        let found = rooms(&draft);
        assert_eq!(found.get(&Whom::Subject(0)), Some(&vec![2, 1]));
        assert_eq!(found.get(&Whom::Load(2)), Some(&vec![0]));
        assert_eq!(found.len(), 2);
        assert_eq!(softer(&draft), 0, "the last one is told as lost already");
    }
}
