//! What differs between two timetables: which lessons lie elsewhere.

use std::collections::BTreeMap;

use base::{CardId, LoadId, VersionId};
use serde::{Deserialize, Serialize};

use super::{Change, Figures, Wishes};
use crate::timetable::Seat;

/// A version by its title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Titled {
    /// Its id.
    pub id: VersionId,
    /// As the deputy director called it.
    pub title: String,
}

/// A lesson that lies elsewhere, in words; `None`: in the tray.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// «Физика, 7А».
    pub lesson: String,
    /// Where it lies in the first.
    pub from: Option<String>,
    /// Where it lies in the second.
    pub to: Option<String>,
}

/// Two versions side by side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pair {
    /// The first.
    pub first: Titled,
    /// The second.
    pub second: Titled,
    /// Figures of the first.
    pub before: Figures,
    /// Figures of the second.
    pub after: Figures,
    /// How many cards the first has: where nearly none of them is placed, there is nothing to be better or worse than.
    #[serde(default)]
    pub cards: u32,
    /// Rule by rule and teacher by teacher.
    pub change: Change,
    /// Names of the teachers of `change`, in its order.
    pub teachers: Vec<String>,
    /// How many lessons lie elsewhere.
    pub elsewhere: u32,
    /// The first of them.
    pub moved: Vec<Moved>,
    /// Where the second was composed from the first: the wishes that the search weighed otherwise than the school does.
    pub composed: Option<Wishes>,
}

/// What can be compared, and what is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Versions of the year, the newest first.
    pub versions: Vec<Titled>,
    /// The two that were asked about; `None`: they were not, or are one.
    pub pair: Option<Pair>,
}

/// A card of one of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lying {
    /// Its id.
    pub card: CardId,
    /// Its load, its length and its weeks (0 every, 1 odd, 2 even): cards alike in these are told apart by nobody.
    pub kind: (LoadId, i16, i16),
    /// Where it lies; `None`: in the tray.
    pub spot: Option<Seat>,
}

/// A lesson that lies elsewhere in the other timetable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    /// The card, in the first of the two.
    pub card: CardId,
    /// Where it lies in the first.
    pub from: Option<Seat>,
    /// Where it lies in the second; `None`: in the tray, or it is not there.
    pub to: Option<Seat>,
}

/// The lessons of the first timetable that lie elsewhere in the second. Two cards alike (of one load, length and weeks) that
/// have changed places with each other have not moved.
#[must_use]
pub fn differences(first: &[Lying], second: &[Lying]) -> Vec<Difference> {
    let mut after: BTreeMap<_, Vec<Option<Seat>>> = BTreeMap::new();
    for card in second {
        after.entry(card.kind).or_default().push(card.spot);
    }
    let same_time =
        |a: Option<Seat>, b: Option<Seat>| a.map(|s| (s.day, s.slot)) == b.map(|s| (s.day, s.slot));
    // what lies alike belongs together, then what has only another room
    let mut left: Vec<&Lying> = first.iter().collect();
    let mut found = vec![];
    for alike in [|a: Option<Seat>, b: Option<Seat>| a == b, same_time] {
        left.retain(|card| {
            let spots = after.entry(card.kind).or_default();
            let Some(at) = spots.iter().position(|spot| alike(card.spot, *spot)) else {
                return true;
            };
            let to = spots.swap_remove(at);
            if to != card.spot {
                found.push(Difference {
                    card: card.card,
                    from: card.spot,
                    to,
                });
            }
            false
        });
    }
    for card in left {
        let spots = after.entry(card.kind).or_default();
        // a place of its own first: that a lesson has come to lie somewhere is worth more than that it lies nowhere
        let at = spots
            .iter()
            .position(Option::is_some)
            .or_else(|| (!spots.is_empty()).then_some(0));
        let to = at.and_then(|at| spots.swap_remove(at));
        if to != card.spot {
            found.push(Difference {
                card: card.card,
                from: card.spot,
                to,
            });
        }
    }
    found.sort_by_key(|d| (d.from.map(|s| (s.day, s.slot)), d.card));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::RoomId;
    use proptest::prelude::*;

    fn spot() -> impl Strategy<Value = Option<Seat>> {
        let room = proptest::option::of((1i64..3).prop_map(RoomId));
        let seat = (0i16..3, 0i16..3, room).prop_map(|(day, slot, room)| Seat { day, slot, room });
        proptest::option::of(seat)
    }

    fn lying() -> impl Strategy<Value = Vec<Lying>> {
        let card = (1i64..4, 1i16..3, spot()).prop_map(|(load, duration, spot)| Lying {
            card: CardId(0),
            kind: (LoadId(load), duration, 0),
            spot,
        });
        proptest::collection::vec(card, 0..12).prop_map(|mut cards| {
            for (n, card) in (1..).zip(&mut cards) {
                card.card = CardId(n);
            }
            cards
        })
    }

    proptest! {
        /// Whoever carries the differences out has the second timetable, and in any order of its cards there are as many.
        #[test]
        fn carried_out_they_lead_to_the_second(first in lying(), seed in any::<u64>(), moved in lying()) {
            // the second has the same cards at other places, in another order
            let mut second: Vec<Lying> = first.iter().zip(moved.iter().map(|m| m.spot).chain(std::iter::repeat(None)))
                .map(|(card, spot)| Lying { spot, ..*card }).collect();
            let by = usize::try_from(seed % 13).unwrap();
            if !second.is_empty() {
                let by = by % second.len();
                second.rotate_left(by);
            }
            let found = differences(&first, &second);
            let mut carried = first.clone();
            for difference in &found {
                prop_assert_ne!(difference.from, difference.to);
                let card = carried.iter_mut().find(|c| c.card == difference.card).unwrap();
                prop_assert_eq!(card.spot, difference.from);
                card.spot = difference.to;
            }
            let sorted = |list: &[Lying]| {
                let mut all: Vec<_> = list.iter().map(|c| (c.kind, c.spot)).collect();
                all.sort_unstable();
                all
            };
            prop_assert_eq!(sorted(&carried), sorted(&second));
            prop_assert!(differences(&first, &first).is_empty());
            let mut turned = first.clone();
            turned.reverse();
            prop_assert!(differences(&first, &turned).is_empty(), "cards alike are told apart by nobody");
        }
    }
}
