//! The schedule, as it travels.

use base::{AssessmentId, LoadId, WorkTypeId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fact::Fact;
use super::rule::{Known, Planned, Remark};

/// Where a work stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for the deputy.
    Planned,
    /// In the schedule of the school.
    Approved,
    /// Given back, with words.
    Returned,
}

impl State {
    /// The key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Approved => "approved",
            Self::Returned => "returned",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "approved" => Self::Approved,
            "returned" => Self::Returned,
            _ => Self::Planned,
        }
    }
}

/// A work of the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Its number.
    pub id: AssessmentId,
    /// Of which journal.
    pub load: LoadId,
    /// What, when, to whom.
    pub planned: Planned,
    /// «7А», «7А (Англ 1)».
    pub audience: String,
    /// «Контрольная работа».
    pub kind: String,
    /// Where it stands.
    pub state: State,
    /// The deputy's words.
    pub note: Option<String>,
    /// Who planned it.
    pub by: String,
    /// Counts its changes.
    pub version: i32,
    /// What stands against it now.
    pub remarks: Vec<Remark>,
    /// What became of it; `None` for one that was returned.
    #[serde(default)]
    pub fact: Option<Fact>,
}

/// A work to plan (`id` is `None`) or to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Which; `None`: a new one.
    pub id: Option<AssessmentId>,
    /// Of which journal.
    pub load: LoadId,
    /// The day; a lesson of the group lies on it.
    pub date: NaiveDate,
    /// Its kind.
    pub kind: WorkTypeId,
    /// What it is about.
    pub title: String,
    /// How long it takes.
    pub minutes: i16,
    /// The whole class writes it at once.
    pub whole_class: bool,
    /// The version the person saw; 0 for a new one.
    pub expected: i32,
}

/// What a teacher plans on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// The journal.
    pub load: LoadId,
    /// Its subject and audience: «Алгебра, 7А».
    pub title: String,
    /// A work as it would be planned: subject, classes, grade.
    pub model: Planned,
    /// This person plans here.
    pub may_plan: bool,
    /// Today, in the school.
    pub today: NaiveDate,
    /// The kinds of works: number and title.
    pub kinds: Vec<(WorkTypeId, String)>,
    /// What the rules count with.
    pub known: Known,
    /// The works of this journal, by day.
    pub works: Vec<Work>,
}

/// The schedule of the school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// Today, in the school.
    pub today: NaiveDate,
    /// This person approves and returns.
    pub may_decide: bool,
    /// The grades that have classes.
    pub grades: Vec<i16>,
    /// The works of the year, by day.
    pub works: Vec<Work>,
}

/// What stands against a column of the journal, as it does against a work of the schedule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// The schedule has such a work of this journal on this day, approved or waiting.
    pub planned: bool,
    /// What stands against it.
    pub remarks: Vec<Remark>,
}
