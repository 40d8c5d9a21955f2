//! When somebody cannot, or would rather not: cells of the week, each with a weight, always or for a term.

use std::collections::BTreeMap;

use base::{ClassId, EmployeeId, LoadId, RoomId, SubgroupId, SubjectId};
use chrono::NaiveDate;
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
    /// A subgroup's: its pupils are there or not.
    Group(SubgroupId),
    /// A room's: it is open or closed.
    Room(RoomId),
    /// A subject's: those of all its loads.
    Subject(SubjectId),
    /// A load's, beside those of its subject.
    Load(LoadId),
}

impl Who {
    /// The weights that a cell may have.
    #[must_use]
    pub fn weights(self) -> &'static [Weight] {
        match self {
            Self::Teacher(_) | Self::Class(_) | Self::Subject(_) | Self::Load(_) => {
                &[Weight::Must, Weight::Very, Weight::Rather, Weight::Maybe]
            }
            Self::Group(_) | Self::Room(_) => &[Weight::Must],
        }
    }
}

/// From when to when hours are closed, both days included; `None`: without an end. A ban for a fortnight ends by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Term {
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Term {
    /// Without beginning and end.
    pub const ALWAYS: Self = Self { from: None, to: None };

    /// In force on a day.
    #[must_use]
    pub fn holds_on(self, day: NaiveDate) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// It does not end before it begins.
    #[must_use]
    pub fn is_ordered(self) -> bool {
        self.from.zip(self.to).is_none_or(|(from, to)| from <= to)
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
    /// When; always, where nothing is said.
    #[serde(flatten)]
    pub term: Term,
}

/// Hours that are not free to be used, by term and place. One weight a place and term; of several terms the heaviest counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<Cell>", into = "Vec<Cell>")]
pub struct Hours(BTreeMap<(Term, i16, i16), Weight>);

impl From<Vec<Cell>> for Hours {
    fn from(cells: Vec<Cell>) -> Self {
        let place = |c: Cell| ((c.term, c.day, c.slot), c.weight);
        Self(cells.into_iter().map(place).collect())
    }
}

impl From<Hours> for Vec<Cell> {
    fn from(hours: Hours) -> Self {
        hours.cells().collect()
    }
}

impl Hours {
    /// The weight of a place in a term; `None`: nothing is said of it there.
    #[must_use]
    pub fn at(&self, term: Term, day: i16, slot: i16) -> Option<Weight> {
        self.0.get(&(term, day, slot)).copied()
    }

    /// Paints a place for a term.
    pub fn set(&mut self, term: Term, day: i16, slot: i16, weight: Option<Weight>) {
        match weight {
            Some(weight) => self.0.insert((term, day, slot), weight),
            None => self.0.remove(&(term, day, slot)),
        };
    }

    /// In order of terms and days.
    pub fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.0.iter().map(|((term, day, slot), weight)| Cell {
            day: *day,
            slot: *slot,
            weight: *weight,
            term: *term,
        })
    }

    /// The terms of which something is said, in order.
    #[must_use]
    pub fn terms(&self) -> Vec<Term> {
        let mut terms: Vec<Term> = self.0.keys().map(|(term, _, _)| *term).collect();
        terms.dedup();
        terms
    }

    /// Nothing is painted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All cells lie on a board, weigh what they may for somebody, and end after they begin.
    #[must_use]
    pub fn fit(&self, who: Who) -> bool {
        self.cells().all(|c| {
            (0..MOST.0).contains(&c.day)
                && (0..MOST.1).contains(&c.slot)
                && who.weights().contains(&c.weight)
                && c.term.is_ordered()
        })
    }

    /// Runs of slots with one weight in a term, day by day: day, first and last slot, weight.
    #[must_use]
    pub fn runs(&self, term: Term) -> Vec<(i16, i16, i16, Weight)> {
        let mut runs: Vec<(i16, i16, i16, Weight)> = vec![];
        for cell in self.cells().filter(|c| c.term == term) {
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
        let term = prop::option::of(1u32..3).prop_map(|d| Term {
            from: None,
            to: d.and_then(|d| NaiveDate::from_ymd_opt(2026, 12, d)),
        });
        (0i16..6, 0i16..8, 0usize..4, term).prop_map(|(day, slot, w, term)| Cell {
            day,
            slot,
            weight: Weight::ALL[w],
            term,
        })
    }

    proptest! {
        /// Runs say every cell once, with its weight, and nothing else.
        #[test]
        fn runs_are_the_cells(cells in prop::collection::vec(cell(), 0..40)) {
            let hours = Hours::from(cells);
            let mut again = Hours::default();
            for term in hours.terms() {
                for (day, first, last, weight) in hours.runs(term) {
                    for slot in first..=last {
                        prop_assert_eq!(again.at(term, day, slot), None);
                        again.set(term, day, slot, Some(weight));
                    }
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
            term: Term::ALWAYS,
        }]);
        assert!(rather.fit(Who::Teacher(EmployeeId(1))) && !rather.fit(Who::Room(RoomId(1))));
        let off = Hours::from(vec![Cell {
            day: 0,
            slot: 0,
            weight: Weight::Off,
            term: Term::ALWAYS,
        }]);
        assert!(!off.fit(Who::Teacher(EmployeeId(1))));
        let far = Hours::from(vec![Cell {
            day: 40,
            slot: 0,
            weight: Weight::Must,
            term: Term::ALWAYS,
        }]);
        assert!(!far.fit(Who::Class(ClassId(1))));
    }

    #[test]
    fn a_term_holds_from_its_first_day_to_its_last() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 12, d);
        let term = Term {
            from: day(2),
            to: day(5),
        };
        let held: Vec<u32> = (1..7).filter(|d| term.holds_on(day(*d).unwrap())).collect();
        assert_eq!(held, [2, 3, 4, 5]);
        assert!(Term::ALWAYS.holds_on(day(1).unwrap()));
        let turned = Term {
            from: day(5),
            to: day(2),
        };
        let mut hours = Hours::default();
        hours.set(turned, 0, 0, Some(Weight::Must));
        assert!(!hours.fit(Who::Class(ClassId(1))));
    }

    /// What was said before there were terms is still read, and means always.
    #[test]
    fn a_cell_without_dates_is_for_always() {
        let old = r#"[{"day":4,"slot":6,"weight":"must"}]"#;
        let hours: Hours = serde_json::from_str(old).unwrap();
        assert_eq!(hours.at(Term::ALWAYS, 4, 6), Some(Weight::Must));
        let new = r#"[{"day":4,"slot":6,"weight":"must","from":"2026-12-01","to":null}]"#;
        let hours: Hours = serde_json::from_str(new).unwrap();
        assert_eq!(hours.terms()[0].from, NaiveDate::from_ymd_opt(2026, 12, 1));
    }
}
