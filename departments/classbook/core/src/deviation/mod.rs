//! Marks of periods and years that stand apart from what was proposed: who rounds up, who rounds down, and why, over the whole school. Every
//! journal asks for the reason of such a mark (`grading`); here a deputy director reads them without opening the journals one by one.
//!
//! [`Deviations`] is what travels; `sql` (feature) reads it. To tell more of a mark: a field of [`Deviation`], a column of its query.

use base::{EmployeeId, LoadId, PupilId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::grading::Stage;

#[cfg(feature = "sql")]
pub mod sql;

/// Which way a mark stands from the proposed one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Higher than the marks said.
    Up,
    /// Lower.
    Down,
    /// Another kind of mark: «н/а» or «осв» instead of a figure, a figure where too few marks proposed none.
    Aside,
}

impl Way {
    /// In the order of the table.
    pub const ALL: [Self; 3] = [Self::Up, Self::Down, Self::Aside];

    /// In an address and in a statement.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
            Self::Aside => "aside",
        }
    }

    /// Reads it.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.key() == key)
    }
}

/// A teacher's figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The teacher of the journal; `None` where it has none.
    pub teacher: Option<EmployeeId>,
    /// «Учителева А. И.».
    pub name: String,
    /// Marks that were given for periods and years.
    pub given: i64,
    /// Those that stand apart, by [`Way::ALL`].
    pub apart: [i64; 3],
}

/// One such mark.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviation {
    /// The journal in which it was given.
    pub load: LoadId,
    /// To whom.
    pub pupil: PupilId,
    /// «Соколов Артём».
    pub name: String,
    /// «7А».
    pub class: String,
    /// «Алгебра».
    pub subject: String,
    /// For what.
    pub stage: Stage,
    /// «quarter», …; "" for a year's marks.
    pub kind: String,
    /// Which period, from 1; 0 for a year's marks.
    pub number: i16,
    /// What was proposed; `None`: nothing.
    pub proposed: Option<String>,
    /// What was given.
    pub code: String,
    /// Why, in the teacher's words.
    pub reason: Option<String>,
    /// Which way.
    pub way: Way,
    /// When it was given.
    pub given_on: NaiveDate,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deviations {
    /// Teachers with such marks, those with the largest share first.
    pub lines: Vec<Line>,
    /// The marks behind the figure that was opened, the latest first.
    pub behind: Vec<Deviation>,
    /// There are more than these.
    pub more: bool,
}

#[cfg(test)]
mod tests {
    use super::Way;

    #[test]
    fn a_way_is_read_as_it_is_written() {
        for way in Way::ALL {
            assert_eq!(Way::from_key(way.key()), Some(way));
        }
        assert_eq!(Way::from_key("sideways"), None);
    }
}
