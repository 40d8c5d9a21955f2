//! A pupil's subjects in a period, as they travel to the browser.

use base::number::Hundredths;
use base::{PeriodId, PersonId, PupilId, SubjectId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Child, Mark};
use crate::grading::Terms;

/// Marks and averages of a period, subject by subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subjects {
    /// Who looks; see [`super::Week::viewer`].
    pub viewer: PersonId,
    /// The viewer is the pupil or a guardian.
    pub family: bool,
    /// Whose diary.
    pub child: Child,
    /// The viewer's own children in this school.
    pub children: Vec<Child>,
    /// The school's date at the moment of asking.
    pub today: NaiveDate,
    /// The moment of asking.
    pub as_of: DateTime<Utc>,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// The periods of the pupil's year, in order.
    pub periods: Vec<Period>,
    /// The one shown.
    pub period: Option<PeriodId>,
    /// By what rule it is counted.
    pub terms: Terms,
    /// By name.
    pub subjects: Vec<Subject>,
}

/// A study period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The period.
    pub id: PeriodId,
    /// «quarter», «trimester», «half_year», «semester», «module», «year».
    pub kind: String,
    /// From 1.
    pub number: i16,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
}

/// A subject in the period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The subject.
    pub id: SubjectId,
    /// Its name.
    pub name: String,
    /// Marks, by date.
    pub marks: Vec<Dated>,
    /// The plain average; none without a mark that counts.
    pub plain: Option<Hundredths>,
    /// The weighted one.
    pub weighted: Option<Hundredths>,
    /// Works of weight that are past and have no mark yet.
    pub owed: Vec<Owed>,
    /// Lessons missed.
    pub missed: i64,
    /// Exempt from it today: the last day of the exemption.
    #[serde(default)]
    pub exempt_until: Option<NaiveDate>,
    /// The average of the class, where the school lets families see it and five pupils have marks.
    pub class_average: Option<Hundredths>,
    /// The marks of periods, of the year, of the exam that have been given.
    pub results: Vec<Outcome>,
}

/// A mark of a period, a year, an exam.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// «period», «year», «exam», «final».
    pub stage: String,
    /// «quarter», …; of a period.
    pub kind: Option<String>,
    /// From 1; of a period.
    pub number: Option<i16>,
    /// The mark.
    pub code: String,
    /// In words.
    pub words: String,
    /// In numbers, if it has any.
    pub value: Option<Hundredths>,
}

/// A mark and the day of its lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dated {
    /// The day.
    pub date: NaiveDate,
    /// The mark.
    pub mark: Mark,
}

/// A work that is past and has no mark of this pupil.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The day.
    pub date: NaiveDate,
    /// «Контрольная работа».
    pub work: String,
    /// Its title.
    pub title: Option<String>,
    /// The pupil was absent then: why, in the school's words.
    pub absence: Option<String>,
}

impl Subjects {
    /// The address of another period of the same pupil.
    #[must_use]
    pub fn href(pupil: PupilId, period: PeriodId) -> String {
        format!("/diary/{pupil}/subjects?period={period}")
    }
}
