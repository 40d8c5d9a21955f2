//! When somebody cannot, or would rather not: cells of the week, each with a weight.

use std::collections::BTreeMap;

use base::{ClassId, EmployeeId, RoomId};
use serde::{Deserialize, Serialize};

use super::weight::Weight;

/// Most days and slots of a board in the database.
pub const MOST: (i16, i16) = (40, 60);

/// Whose hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Who {
    /// A teacher's.
    Teacher(EmployeeId),
    /// A class's.
    Class(ClassId),
    /// A room's: it is open or closed.
    Room(RoomId),
}

impl Who {
    /// The weights that a cell may have.
    #[must_use]
    pub fn weights(self) -> &'static [Weight] {
        match self {
            Self::Teacher(_) | Self::Class(_) => &[Weight::Must, Weight::Very, Weight::Rather, Weight::Maybe],
            Self::Room(_) => &[Weight::Must],
        }
    }
}

/// One hour of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Cell {
    /// Day, from 0.
    pub day: i16,
    /// Slot, from 0.
    pub slot: i16,
    /// How firmly.
    pub weight: Weight,
}

/// Hours that are not free to be used, by place. One weight a place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Cell>", into = "Vec<Cell>")]
pub struct Hours(BTreeMap<(i16, i16), Weight>);

impl From<Vec<Cell>> for Hours {
    fn from(cells: Vec<Cell>) -> Self {
        Self(cells.into_iter().map(|c| ((c.day, c.slot), c.weight)).collect())
    }
}

impl From<Hours> for Vec<Cell> {
    fn from(hours: Hours) -> Self {
        hours.cells().collect()
    }
}

impl Hours {
    /// The weight of a place; `None`: it is free to be used.
    #[must_use]
    pub fn at(&self, day: i16, slot: i16) -> Option<Weight> {
        self.0.get(&(day, slot)).copied()
    }

    /// Paints a place.
    pub fn set(&mut self, day: i16, slot: i16, weight: Option<Weight>) {
        match weight {
            Some(weight) => self.0.insert((day, slot), weight),
            None => self.0.remove(&(day, slot)),
        };
    }

    /// In order of days.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.0.iter().map(|((day, slot), weight)| Cell {
            day: *day,
            slot: *slot,
            weight: *weight,
        })
    }

    /// Nothing is painted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All cells lie on a board and weigh what they may for somebody.
    #[must_use]
    pub fn fit(&self, who: Who) -> bool {
        self.cells().all(|c| {
            (0..MOST.0).contains(&c.day) && (0..MOST.1).contains(&c.slot) && who.weights().contains(&c.weight)
        })
    }

    /// Runs of slots with one weight, day by day: day, first and last slot, weight.
    #[must_use]
    pub fn runs(&self) -> Vec<(i16, i16, i16, Weight)> {
        let mut runs: Vec<(i16, i16, i16, Weight)> = vec![];
        for cell in self.cells() {
            match runs.last_mut() {
                Some((day, _, last, weight))
                    if *day == cell.day && *last + 1 == cell.slot && *weight == cell.weight =>
                {
                    *last = cell.slot;
                }
                _ => runs.push((cell.day, cell.slot, cell.slot, cell.weight)),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cell() -> impl Strategy<Value = Cell> {
        (0i16..6, 0i16..8, 0usize..4).prop_map(|(day, slot, w)| Cell {
            day,
            slot,
            weight: Weight::ALL[w],
        })
    }

    proptest! {
        /// Runs say every cell once, with its weight, and nothing else.
        #[test]
        fn runs_are_the_cells(cells in prop::collection::vec(cell(), 0..40)) {
            let hours = Hours::from(cells);
            let mut again = Hours::default();
            for (day, first, last, weight) in hours.runs() {
                for slot in first..=last {
                    prop_assert_eq!(again.at(day, slot), None);
                    again.set(day, slot, Some(weight));
                }
            }
            prop_assert_eq!(&again, &hours);
            let back: Vec<Cell> = hours.clone().into();
            prop_assert_eq!(Hours::from(back), hours);
        }
    }

    #[test]
    fn a_room_is_open_or_closed() {
        let rather = Hours::from(vec![Cell {
            day: 0,
            slot: 0,
            weight: Weight::Rather,
        }]);
        assert!(rather.fit(Who::Teacher(EmployeeId(1))) && !rather.fit(Who::Room(RoomId(1))));
        let off = Hours::from(vec![Cell {
            day: 0,
            slot: 0,
            weight: Weight::Off,
        }]);
        assert!(!off.fit(Who::Teacher(EmployeeId(1))));
        let far = Hours::from(vec![Cell {
            day: 40,
            slot: 0,
            weight: Weight::Must,
        }]);
        assert!(!far.fit(Who::Class(ClassId(1))));
    }
}
