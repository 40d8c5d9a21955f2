//! Lessons at a distance (JRN-3): the format, the platform, the time and the address, for one lesson or for a class and some days.
//! A lesson's own row goes before that of its class.

#[cfg(feature = "sql")]
pub mod sql;

use base::{ClassId, DistanceSpanId, LessonId};
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// How a lesson is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// At school.
    InPerson,
    /// From home.
    Distance,
    /// Some at school, some from home.
    Mixed,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Distance, Self::Mixed];

    /// The key in the database.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Distance => "distance",
            Self::Mixed => "mixed",
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.key() == key)
    }
}

/// How and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// How.
    pub format: Format,
    /// «Сферум».
    pub platform: Option<String>,
    /// When one joins, where it is not the bell.
    pub starts_at: Option<NaiveTime>,
    /// Where: https only.
    pub link: Option<String>,
}

/// The format of one lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfLesson {
    /// The lesson.
    pub lesson: LessonId,
    /// Its own; none: as the class, else at school.
    pub own: Option<Meeting>,
    /// What holds for its class that day.
    pub class: Option<Meeting>,
    /// It may be changed by this person.
    pub may_edit: bool,
}

/// A class and some days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// Which; `None`: a new one.
    pub id: Option<DistanceSpanId>,
    /// The class.
    pub class: ClassId,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day.
    pub ends_on: NaiveDate,
    /// How and where; never at school, and without a time.
    pub meeting: Meeting,
    /// Why: «Карантин».
    pub reason: Option<String>,
}

/// All spans that are not over, and the classes of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spans {
    /// Today, in the school.
    pub today: NaiveDate,
    /// The classes by grade and name.
    pub classes: Vec<(ClassId, String)>,
    /// By the first day.
    pub spans: Vec<Span>,
}
