//! The columns of the sheet: for what marks are given, and when.

use base::PeriodId;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// A half of a year of quarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Half {
    /// The first and the second quarter.
    First,
    /// The third and the fourth.
    Second,
}

impl Half {
    /// Both.
    pub const ALL: [Self; 2] = [Self::First, Self::Second];

    /// From 1.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::First => 1,
            Self::Second => 2,
        }
    }

    /// The quarters that it is made of.
    #[must_use]
    pub fn quarters(self) -> [i16; 2] {
        match self {
            Self::First => [1, 2],
            Self::Second => [3, 4],
        }
    }
}

/// For what a mark is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A quarter, half-year, semester …
    Period(PeriodId),
    /// The coursework (курсовая работа) of a period, in a college.
    Coursework(PeriodId),
    /// A half of a year of quarters, where the school sums it up; where half-years are the periods it is [`Stage::Period`].
    HalfYear(Half),
    /// Interim attestation (промежуточная аттестация): a work or a test of the year, by the school's act.
    Interim,
    /// The year.
    Year,
    /// The exam.
    Exam,
    /// The final mark, of year and exam.
    Final,
}

impl Stage {
    /// Its key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Period(_) => "period",
            Self::Coursework(_) => "coursework",
            Self::HalfYear(Half::First) => "half_1",
            Self::HalfYear(Half::Second) => "half_2",
            Self::Interim => "interim",
            Self::Year => "year",
            Self::Exam => "exam",
            Self::Final => "final",
        }
    }

    /// The period in which it is given; of a year's marks none.
    #[must_use]
    pub fn term(self) -> Option<PeriodId> {
        match self {
            Self::Period(id) | Self::Coursework(id) => Some(id),
            _ => None,
        }
    }

    /// The period that it is the mark of.
    #[must_use]
    pub fn period(self) -> Option<PeriodId> {
        match self {
            Self::Period(id) => Some(id),
            _ => None,
        }
    }

    /// Reads key and period; `None` for what is none of them.
    #[must_use]
    pub fn from_key(key: &str, period: Option<PeriodId>) -> Option<Self> {
        match (key, period) {
            ("period", Some(id)) => Some(Self::Period(id)),
            ("coursework", Some(id)) => Some(Self::Coursework(id)),
            ("half_1", None) => Some(Self::HalfYear(Half::First)),
            ("half_2", None) => Some(Self::HalfYear(Half::Second)),
            ("interim", None) => Some(Self::Interim),
            ("year", None) => Some(Self::Year),
            ("exam", None) => Some(Self::Exam),
            ("final", None) => Some(Self::Final),
            _ => None,
        }
    }
}

/// Why nothing is typed into a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shut {
    /// The period or the year is closed.
    Locked,
    /// It has not begun.
    ToCome,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    /// For what.
    pub stage: Stage,
    /// «quarter», «half_year», …; of a period.
    pub kind: String,
    /// From 1; of a period.
    pub number: i16,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day: the rule in force then holds.
    pub ends_on: NaiveDate,
    /// Why it takes nothing.
    pub shut: Option<Shut>,
}

/// The half-years over the periods of a journal: none unless all of them are quarters of one system, for two systems share no half-year. A
/// half-year is summed up, closed and opened with the later of its quarters.
#[must_use]
pub fn half_years(periods: &[Column]) -> Vec<Column> {
    let quarter = |number: i16| {
        let mut found = periods.iter().filter(|c| c.number == number);
        found.next().filter(|_| found.next().is_none())
    };
    if !periods.iter().all(|c| c.kind == "quarter") {
        return vec![];
    }
    let half = |half: Half| {
        let [first, last] = half.quarters().map(quarter);
        let (first, last) = (first?, last?);
        Some(Column {
            stage: Stage::HalfYear(half),
            kind: "half_year".to_owned(),
            number: half.number(),
            starts_on: first.starts_on,
            ends_on: last.ends_on,
            shut: last.shut,
        })
    };
    Half::ALL.into_iter().filter_map(half).collect()
}
