//! What stays where it is.

use base::ClassId;
use serde::{Deserialize, Serialize};

use timetable::ClassIx;

use crate::timetable::BoardData;
use crate::timetable::board::CardRow;

/// What stays where it is. Locked cards always do; of cards in the tray nothing is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Keep {
    /// Everything that lies somewhere: only the tray is placed.
    pub placed: bool,
    /// What lies on these days, from 0.
    pub days: Vec<i16>,
    /// What these classes have, also with others.
    pub classes: Vec<ClassId>,
}

impl Keep {
    /// For each card of a board, in its order, whether it stays.
    #[must_use]
    pub fn of(&self, data: &BoardData) -> Vec<bool> {
        data.cards
            .iter()
            .map(|card| {
                card.place.is_some_and(|at| {
                    card.locked
                        || self.placed
                        || i16::try_from(at.day).is_ok_and(|day| self.days.contains(&day))
                        || self.class_of(data, card).is_some()
                })
            })
            .collect()
    }

    /// The class because of which a card stays, if it is one of those.
    #[must_use]
    pub fn class_of(&self, data: &BoardData, card: &CardRow) -> Option<ClassIx> {
        let load = usize::try_from(card.load).ok().and_then(|n| data.loads.get(n))?;
        let mut classes = load.audience.iter().filter_map(|audience| match audience {
            timetable::Audience::Class(class) => Some(*class),
            timetable::Audience::Group(group) => data.groups.get(group.ix()).map(|g| g.class),
        });
        classes.find(|ix| {
            let class = data.classes.get(ix.ix());
            class.is_some_and(|class| self.classes.contains(&class.id))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::samples;
    use proptest::prelude::*;

    proptest! {
        /// Whatever is asked for, what is locked stays and what lies nowhere does not; more that is kept never lets go of
        /// anything.
        #[test]
        fn more_that_is_kept_lets_go_of_nothing(
            cards in proptest::collection::vec((0u32..2, proptest::option::of(0u16..5), any::<bool>()), 1..12),
            placed: bool,
            days in proptest::collection::vec(0i16..5, 0..3),
            classes in proptest::collection::vec(1i64..3, 0..2),
        ) {
            let mut second = samples::class("7Б", 7);
            second.id = ClassId(2);
            let mut data = samples::data(vec![samples::class("7А", 7), second]);
            for (n, (class, day, locked)) in cards.iter().enumerate() {
                samples::placed(&mut data, *class, Some(0));
                let row = &mut data.cards[n];
                row.locked = *locked;
                row.place = day.map(|day| timetable::Placement { day, slot: 0, room: None });
            }
            let least = Keep::default().of(&data);
            let keep = Keep { placed, days: days.clone(), classes: classes.iter().copied().map(ClassId).collect() };
            let kept = keep.of(&data);
            for (n, (class, day, locked)) in cards.iter().enumerate() {
                let by_day = day.is_some_and(|d| days.contains(&i16::try_from(d).unwrap()));
                let by_class = classes.contains(&(i64::from(*class) + 1));
                let wanted = day.is_some() && (*locked || placed || by_day || by_class);
                prop_assert_eq!(kept[n], wanted);
                prop_assert!(!least[n] || kept[n]);
            }
        }
    }
}
