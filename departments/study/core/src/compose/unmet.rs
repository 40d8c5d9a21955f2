//! What the best so far leaves unmet, by the ids that the page knows names for. It is stored with a run, and holds no name.

use base::{CardId, ClassId, EmployeeId, RoomId};
use serde::{Deserialize, Serialize};
use timetable::unmet::{Sort, Whose};

use crate::timetable::BoardData;

/// So many cards are named; how many there are is a figure of its own.
const CARDS: usize = 200;

/// Who breaks a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A teacher, by the staff card.
    Teacher(EmployeeId),
    /// A class.
    Class(ClassId),
    /// A room.
    Room(RoomId),
}

/// A rule that is broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The rule.
    pub sort: Sort,
    /// How often.
    pub count: u32,
    /// Who most, and how often.
    pub most: Vec<(Who, u32)>,
}

/// What a timetable leaves unmet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    /// Cards without a place, the first of them.
    pub unplaced: Vec<CardId>,
    /// Broken rules, clashes first, then by how often.
    pub broken: Vec<Broken>,
}

/// Ids in the order of a board.
#[derive(Clone, Copy, Debug)]
pub struct Ids<'a> {
    /// Of cards.
    pub cards: &'a [CardId],
    /// Of teachers.
    pub teachers: &'a [EmployeeId],
    /// Of classes.
    pub classes: &'a [ClassId],
    /// Of rooms.
    pub rooms: &'a [RoomId],
}

impl Unmet {
    /// What the engine says, by ids.
    #[must_use]
    pub fn by_ids(said: &timetable::unmet::Unmet, ids: Ids<'_>) -> Self {
        let who = |whose: Whose| match whose {
            Whose::Teacher(ix) => ids.teachers.get(ix.ix()).copied().map(Who::Teacher),
            Whose::Class(ix) => ids.classes.get(ix.ix()).copied().map(Who::Class),
            Whose::Room(ix) => ids.rooms.get(ix.ix()).copied().map(Who::Room),
        };
        let broken = said.broken.iter().map(|b| Broken {
            sort: b.sort,
            count: b.count,
            most: b.most.iter().filter_map(|(w, n)| Some((who(*w)?, *n))).collect(),
        });
        Self {
            unplaced: said
                .unplaced
                .iter()
                .take(CARDS)
                .filter_map(|card| ids.cards.get(card.ix()).copied())
                .collect(),
            broken: broken.collect(),
        }
    }

    /// The same with the ids of a loaded board.
    #[must_use]
    pub fn of(said: &timetable::unmet::Unmet, data: &BoardData) -> Self {
        let cards: Vec<CardId> = data.cards.iter().map(|c| c.id).collect();
        let teachers: Vec<EmployeeId> = data.teachers.iter().map(|t| t.id).collect();
        let classes: Vec<ClassId> = data.classes.iter().map(|c| c.id).collect();
        let rooms: Vec<RoomId> = data.rooms.iter().map(|r| r.id).collect();
        Self::by_ids(
            said,
            Ids {
                cards: &cards,
                teachers: &teachers,
                classes: &classes,
                rooms: &rooms,
            },
        )
    }
}

impl Who {
    /// «Волкова Е. А.», «7А», «204»; `None`: the board does not know them any more.
    #[must_use]
    pub fn name(self, data: &BoardData) -> Option<&str> {
        match self {
            Self::Teacher(id) => data.teachers.iter().find(|t| t.id == id).map(|t| t.name.as_str()),
            Self::Class(id) => data.classes.iter().find(|c| c.id == id).map(|c| c.name.as_str()),
            Self::Room(id) => data.rooms.iter().find(|r| r.id == id).map(|r| r.name.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::samples;

    #[test]
    fn what_is_said_by_position_is_stored_by_id_and_read_by_name() {
        let mut second = samples::class("7Б", 7);
        second.id = ClassId(20);
        let mut data = samples::data(vec![samples::class("7А", 7), second]);
        samples::placed(&mut data, 1, Some(0));
        samples::placed(&mut data, 1, Some(0));
        samples::placed(&mut data, 0, None);
        let unmet = Unmet::of(&timetable::unmet::Unmet::of(&data.board().unwrap()), &data);
        assert_eq!(unmet.unplaced, [data.cards[2].id]);
        assert_eq!(
            unmet.broken,
            [Broken {
                sort: Sort::Clash,
                count: 1,
                most: vec![(Who::Class(ClassId(20)), 1)],
            }]
        );
        assert_eq!(unmet.broken[0].most[0].0.name(&data), Some("7Б"));
        // the class has gone since: nothing is said under a wrong name
        data.classes.truncate(1);
        assert_eq!(unmet.broken[0].most[0].0.name(&data), None);
        let text = serde_json::to_string(&unmet).unwrap();
        assert!(!text.contains("7Б"), "no names in the database");
        assert_eq!(serde_json::from_str::<Unmet>(&text).unwrap(), unmet);
    }
}
