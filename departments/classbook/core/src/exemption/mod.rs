//! Exemption from a subject for a span of days (освобождение), mostly from physical education: who, from what, from when to when, by
//! which paper, and whether the pupil is at the lessons all the same.
//!
//! Who is exempt and does not attend misses nothing and is counted by nobody: the journal says «осв» in the empty cells, sums of
//! attendance leave these lessons out, and a period without a mark that ends inside the exemption is proposed as «осв», which stands
//! outside N (`crate::grading::indicators`). Who attends is absent like everybody.
//!
//! Entered by the class teacher, and by whoever keeps the cards of pupils (deputy, secretary). A family reads its own in the diary.

#[cfg(feature = "sql")]
pub mod sql;

use base::{ClassId, ExemptionId, PupilId, SubjectId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::attendance::Paper;

/// The longest span, in days after its first.
pub const SPAN: i64 = 366;

/// An exemption.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    /// Its number.
    pub id: ExemptionId,
    /// Who.
    pub pupil: PupilId,
    /// «Абрамов Артём».
    pub name: String,
    /// From what.
    pub subject: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// They are at the lessons all the same.
    pub attends: bool,
    /// By which paper.
    pub paper: Paper,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// It was taken back.
    pub withdrawn: bool,
}

/// The exemptions of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemptions {
    /// The class.
    pub class: ClassId,
    /// «7А».
    pub name: String,
    /// Today in the school.
    pub today: NaiveDate,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// May the reader enter and take back?
    pub may_edit: bool,
    /// The reader also sees the attendance of the class.
    pub sees_attendance: bool,
    /// The pupils of the class, by name.
    pub pupils: Vec<(PupilId, String)>,
    /// What the class is taught; physical education first.
    pub subjects: Vec<(SubjectId, String)>,
    /// In force and to come first, then what is over; the latest of each first.
    pub list: Vec<Exemption>,
}

/// An exemption to enter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewExemption {
    /// Who.
    pub pupil: PupilId,
    /// From what.
    pub subject: SubjectId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// They are at the lessons all the same.
    #[serde(default)]
    pub attends: bool,
    /// By which paper.
    pub paper: Paper,
}

/// Days of an exemption, as the journal and the totals need them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spell {
    /// Who.
    pub pupil: PupilId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// They are at the lessons all the same.
    pub attends: bool,
}

impl Spell {
    /// Does it hold for the pupil on that day?
    #[must_use]
    pub fn on(&self, pupil: PupilId, day: NaiveDate) -> bool {
        self.pupil == pupil && self.from <= day && day <= self.to
    }
}
