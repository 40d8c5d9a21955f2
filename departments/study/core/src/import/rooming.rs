//! Rooms that a file wants lessons to take together: of all lessons of a load they become a requirement of that load, of other lessons one of
//! the list of them.

use std::collections::BTreeMap;

use timetable::draft::{DraftRooming, Ignored};
use timetable::{CardIx, Rooming, SchoolDraft};

use super::limits::{Asked, MUST, Whom, weight};
use crate::requirement::kind::Figure;
use crate::requirement::{Kind, Weight};

/// Most lessons of a list that are to keep their room where they follow at once: each two of them may.
const MOST_IN_A_ROW: usize = 100;

/// Most lessons that the lists of a file name together.
const MOST: usize = 100_000;

/// Lessons and what is asked of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// What.
    pub kind: Kind,
    /// The lessons.
    pub cards: Vec<CardIx>,
    /// The figure, where the kind has one.
    pub value: Option<i32>,
    /// How much it weighs.
    pub weight: Weight,
}

/// What of it a draft asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roomings {
    /// Of loads.
    pub asked: Vec<Asked>,
    /// Of lists.
    pub lists: Vec<Listed>,
    /// What no requirement says.
    pub lost: Vec<Ignored>,
}

/// Requirements of the rooms that lessons take together. What can never be broken is neither asked nor lost.
#[must_use]
pub fn roomings(draft: &SchoolDraft) -> Roomings {
    let mut first = 0;
    let of_loads: BTreeMap<Vec<CardIx>, usize> = draft
        .loads
        .iter()
        .enumerate()
        .map(|(n, load)| {
            let cards = (first..first + load.cards.len()).map(CardIx::at).collect();
            first += load.cards.len();
            (cards, n)
        })
        .collect();
    let mut out = Roomings::default();
    let mut loads: BTreeMap<(Kind, usize), Asked> = BTreeMap::new();
    let mut lost: Vec<&DraftRooming> = vec![];
    for of in &draft.roomings {
        let mut cards = of.cards.clone();
        cards.sort_unstable();
        cards.dedup();
        let (kind, value) = match of.what {
            Rooming::AtMost(most) => (Kind::RoomsAtMost, Some(i32::from(most))),
            Rooming::InARow => (Kind::SameRoom, None),
        };
        let idle = match of.what {
            Rooming::AtMost(most) => cards.len() <= usize::from(most),
            Rooming::InARow => cards.len() < 2,
        };
        if idle || of.weight == 0 {
            continue;
        }
        let figure = match (kind.figure(), value) {
            (Figure::Number(from, to), Some(n)) => (from..=to).contains(&n),
            (_, value) => value.is_none(),
        };
        if !figure || kind == Kind::SameRoom && cards.len() > MOST_IN_A_ROW {
            lost.push(of);
            continue;
        }
        let weight = weight(kind, of.weight);
        let listed = Listed {
            kind,
            cards,
            value,
            weight,
        };
        // a load has one row of a kind; a second one is said of its lessons
        match of_loads.get(&listed.cards) {
            Some(load) if !loads.contains_key(&(kind, *load)) => {
                let asked = Asked {
                    kind,
                    whom: Whom::Load(*load),
                    value,
                    weight,
                    must: of.weight >= MUST,
                };
                loads.insert((kind, *load), asked);
            }
            Some(load)
                if loads
                    .get(&(kind, *load))
                    .is_some_and(|a| a.value == value && a.weight == weight) => {}
            _ if out.lists.contains(&listed) => {}
            _ => out.lists.push(listed),
        }
    }
    if out.lists.iter().map(|of| of.cards.len()).sum::<usize>() > MOST {
        out.lists.clear();
        loads.clear();
        lost = draft.roomings.iter().filter(|of| of.weight > 0).collect();
    }
    out.asked = loads.into_values().collect();
    for of in lost {
        match out.lost.iter_mut().find(|told| told.kind == of.kind) {
            Some(told) => told.add(of.line),
            None => {
                let mut told = Ignored::of(&of.kind, of.line);
                told.add(of.line);
                out.lost.push(told);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use timetable::SubjectIx;
    use timetable::draft::{DraftCard, DraftLoad};

    /// Two loads, of three lessons and of two.
    fn school(roomings: Vec<DraftRooming>) -> SchoolDraft {
        let load = |lessons: u32| DraftLoad {
            subject: SubjectIx(0),
            teachers: vec![],
            audience: vec![],
            cards: (0..lessons)
                .map(|n| DraftCard {
                    source_id: 1 + n,
                    duration: 1,
                    weeks: timetable::Weeks::Every,
                    off: false,
                    rooms: vec![],
                    rooms_must: false,
                    rooms_weight: None,
                    placement: None,
                    locked: false,
                })
                .collect(),
        };
        SchoolDraft {
            loads: vec![load(3), load(2)],
            roomings,
            ..SchoolDraft::default()
        }
    }

    fn of(cards: &[u32], what: Rooming, weight: u32, line: u32) -> DraftRooming {
        DraftRooming {
            cards: cards.iter().map(|n| CardIx(*n)).collect(),
            what,
            weight,
            kind: "Rooms".into(),
            line,
        }
    }

    #[test]
    fn of_a_whole_load_it_is_a_row_of_the_load_of_other_lessons_one_of_the_list() {
        let found = roomings(&school(vec![
            of(&[0, 1, 2], Rooming::AtMost(1), MUST, 5),
            of(&[2, 0], Rooming::AtMost(1), MUST, 6),
            of(&[3, 4], Rooming::InARow, 95_000, 7),
            of(&[1, 3, 4], Rooming::InARow, MUST, 8),
            // said already, never broken, of no weight
            of(&[2, 1, 0], Rooming::AtMost(1), MUST, 9),
            of(&[0, 1], Rooming::AtMost(2), MUST, 10),
            of(&[0], Rooming::InARow, MUST, 11),
            of(&[0, 1], Rooming::AtMost(1), 0, 12),
            // another figure of the same load is said of its lessons
            of(&[0, 1, 2], Rooming::AtMost(2), 50_000, 13),
        ]));
        let asked: Vec<_> = found
            .asked
            .iter()
            .map(|a| (a.kind, a.whom, a.value, a.weight, a.must))
            .collect();
        assert_eq!(
            asked,
            [
                (Kind::RoomsAtMost, Whom::Load(0), Some(1), Weight::Must, true),
                (Kind::SameRoom, Whom::Load(1), None, Weight::Very, false),
            ]
        );
        let lists: Vec<_> = found
            .lists
            .iter()
            .map(|l| (l.kind, l.cards.len(), l.value, l.weight))
            .collect();
        assert_eq!(
            lists,
            [
                (Kind::RoomsAtMost, 2, Some(1), Weight::Must),
                (Kind::SameRoom, 3, None, Weight::Must),
                (Kind::RoomsAtMost, 3, Some(2), Weight::Rather),
            ]
        );
        assert_eq!(found.lost, []);
    }

    #[test]
    fn what_no_row_says_is_told() {
        let many: Vec<u32> = (0..101).collect();
        let found = roomings(&school(vec![
            of(&many, Rooming::AtMost(21), MUST, 5),
            of(&many, Rooming::InARow, MUST, 6),
            of(&many, Rooming::AtMost(20), MUST, 7),
        ]));
        assert_eq!((found.asked.len(), found.lists.len()), (0, 1));
        assert_eq!(
            found
                .lost
                .iter()
                .map(|told| (told.count, told.line))
                .collect::<Vec<_>>(),
            [(2, 5)]
        );
    }
}
