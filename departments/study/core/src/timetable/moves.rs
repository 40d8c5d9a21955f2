//! What an editor saves: cards from one state to another. Undo is the same moves turned round.

use base::{CardId, LessonId, RoomId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::board::BoardData;

/// Where a card lies, in the database's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seat {
    /// Day, from 0.
    pub day: i16,
    /// First slot, from 0.
    pub slot: i16,
    /// Room.
    pub room: Option<RoomId>,
}

/// What can change of a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardState {
    /// `None`: in the tray.
    pub seat: Option<Seat>,
    /// Not to be moved without asking.
    pub locked: bool,
}

/// One card from one state to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// Which.
    pub card: CardId,
    /// Before, as the editor saw it.
    pub old: CardState,
    /// After.
    pub new: CardState,
}

impl Move {
    /// The move that takes this one back.
    #[must_use]
    pub fn undone(self) -> Self {
        Self {
            card: self.card,
            old: self.new,
            new: self.old,
        }
    }
}

/// A batch on its way to the server. Its `op` stays the same when it is sent again, so that it counts once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    /// The client's id of the act.
    pub op: Uuid,
    /// The moves.
    pub moves: Vec<Move>,
}

/// The answer to a save.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The version's revision now.
    pub revision: i32,
}

/// The field of a refusal to publish that names clashes of later days: who knows of them may publish anyway.
pub const LATER: &str = "later";

/// What publishing did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The version that was in force and is closed the day before.
    pub closed: Option<String>,
    /// Lessons laid out on dates.
    pub lessons: Laid,
    /// Lessons that did not simply follow their cards, those with a double first; a page of before does not ask for them.
    #[serde(default)]
    pub beside: Vec<Beside>,
    /// How many they are: the list ends somewhere.
    #[serde(default)]
    pub beside_count: i64,
}

/// What somebody knows of a withdrawal who asks for it. Whoever agrees to three does not agree to four.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Known {
    /// Lessons that do not follow: something is written into them, or somebody stands in.
    pub lessons: i64,
    /// Classes that are left without lessons.
    pub classes: i64,
}

/// What withdrawing a published version comes to: asked before, and told afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withdrawal {
    /// The day from which it does not hold.
    pub from: NaiveDate,
    /// The last day that it would have held.
    pub last: NaiveDate,
    /// It never comes into force: it is a draft again. Else it has held until the day before, and stays in the list with these days.
    pub whole: bool,
    /// The version that holds on these days again; `None`: there are no lessons on them.
    pub again: Option<String>,
    /// Clashes of that one by the requirements of the day on which it holds again.
    pub clashes: i64,
    /// Classes that have lessons in the withdrawn version and have none now.
    pub bare: Vec<String>,
    /// Lessons laid out on dates.
    pub lessons: Laid,
    /// Lessons that do not follow, those with a double first.
    pub beside: Vec<Beside>,
    /// How many they are: the list ends somewhere.
    pub beside_count: i64,
}

impl Withdrawal {
    /// What has to be known of it.
    #[must_use]
    pub fn known(&self) -> Known {
        Known {
            lessons: self.beside_count,
            classes: i64::try_from(self.bare.len()).unwrap_or(i64::MAX),
        }
    }
}

/// A lesson that stayed beside the timetable, or took its substitution to another time of the day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// Which.
    pub lesson: LessonId,
    /// Its day.
    pub date: NaiveDate,
    /// Its number, from 1.
    pub number: i16,
    /// The number that it had, where it has moved.
    pub was: Option<i16>,
    /// «7А».
    pub audience: String,
    /// The subject.
    pub subject: String,
    /// Why it was not laid anew.
    pub why: Why,
    /// The number of the timetable's own lesson of the same load on that day: the class has both.
    pub also: Option<i16>,
}

/// Why a lesson is not laid anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// Somebody stands in at it.
    Substitute,
    /// Something is written there: a topic, homework, a work, an absence.
    Written,
}

/// What laying out lessons did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Laid {
    /// New lessons.
    pub added: i64,
    /// Lessons that stay at their time but belong to another card now.
    pub changed: i64,
    /// Untouched lessons that are no longer planned.
    pub removed: i64,
}

/// Several moves of a card in a row become one; a card that came back to its place drops out.
#[must_use]
pub fn joined(moves: &[Move]) -> Vec<Move> {
    let mut out: Vec<Move> = Vec::new();
    for step in moves {
        match out.iter_mut().find(|m| m.card == step.card) {
            Some(earlier) => earlier.new = step.new,
            None => out.push(*step),
        }
    }
    out.retain(|m| m.old != m.new);
    out
}

/// What somebody else changed: cards whose state differs from what the editor last knew to be saved.
#[must_use]
pub fn differences(known: &[(CardId, CardState)], after: &BoardData) -> Vec<Move> {
    after
        .cards
        .iter()
        .filter_map(|card| {
            let (_, old) = known.iter().find(|(id, _)| *id == card.id)?;
            let step = Move {
                card: card.id,
                old: *old,
                new: after.state_of(card),
            };
            (step.old != step.new).then_some(step)
        })
        .collect()
}

/// Own waiting moves put on top of a newer board: each starts from what is there now. The flag says that somebody
/// else has moved the same card meanwhile.
#[must_use]
pub fn rebased(waiting: &[Move], newer: &BoardData) -> Vec<(Move, bool)> {
    joined(waiting)
        .into_iter()
        .filter_map(|step| {
            let row = newer.cards.iter().find(|c| c.id == step.card)?;
            let now = newer.state_of(row);
            let moved = Move { old: now, ..step };
            (moved.old != moved.new).then_some((moved, now != step.old))
        })
        .collect()
}

impl BoardData {
    /// The state of a card's row.
    #[must_use]
    pub fn state_of(&self, card: &super::board::CardRow) -> CardState {
        CardState {
            seat: card.place.map(|place| Seat {
                day: i16::try_from(place.day).unwrap_or(0),
                slot: i16::try_from(place.slot).unwrap_or(0),
                room: place.room.and_then(|r| self.rooms.get(r.ix())).map(|r| r.id),
            }),
            locked: card.locked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(slot: i16) -> CardState {
        CardState {
            seat: Some(Seat {
                day: 0,
                slot,
                room: None,
            }),
            locked: false,
        }
    }

    proptest! {
        /// Replaying the joined moves ends where replaying all of them ends.
        #[test]
        fn joining_keeps_the_outcome(steps in proptest::collection::vec((0i64..4, 0i16..6), 0..30)) {
            let mut state = [CardState::default(); 4];
            let mut moves = vec![];
            for (card, slot) in steps {
                let n = usize::try_from(card).unwrap();
                moves.push(Move { card: CardId(card), old: state[n], new: at(slot) });
                state[n] = at(slot);
            }
            let joined = joined(&moves);
            let mut replayed = [CardState::default(); 4];
            for step in &joined {
                let n = usize::try_from(step.card.0).unwrap();
                prop_assert_eq!(replayed[n], step.old);
                replayed[n] = step.new;
            }
            prop_assert_eq!(replayed, state);
            prop_assert!(joined.iter().all(|m| m.undone().undone() == *m));
        }
    }
}
