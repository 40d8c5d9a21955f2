//! Notes of a future absence (предупреждение об отсутствии): a guardian tells the class teacher for which days and why; the class
//! teacher writes down when the paper came. Whoever teaches the child sees in the journal that the family has told; the reason is for
//! the class teacher and the deputies alone: it is often about health.
//!
//! A note changes no attendance: what is entered for a lesson is what was so.

#[cfg(feature = "sql")]
pub mod sql;

use base::{AbsenceNoteId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// The longest span of one note, in days after its first.
pub const SPAN: i64 = 60;
/// How far ahead a note may begin, in days.
pub const AHEAD: i64 = 180;
/// The longest reason, in characters.
pub const REASON: usize = 500;
/// So many notes of one child may lie ahead.
pub const AT_MOST: i64 = 10;

/// A note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its number.
    pub id: AbsenceNoteId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// Who told.
    pub by: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// When the paper came.
    pub document_on: Option<NaiveDate>,
    /// Its days are days of the week on which the class has no lessons.
    #[serde(default)]
    pub free: bool,
}

/// The notes of one child.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// The child.
    pub pupil: PupilId,
    /// «Артём Соколов».
    pub name: String,
    /// Today in the school.
    pub today: NaiveDate,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// The actor is of the family.
    pub family: bool,
    /// The actor is a guardian, who may tell.
    pub may_tell: bool,
    /// The actor writes down that the paper came.
    pub may_document: bool,
    /// The latest first.
    pub notes: Vec<Note>,
}

/// Somebody who will not come, for the list of journals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ahead {
    /// Who.
    pub pupil: PupilId,
    /// «Соколов Артём».
    pub name: String,
    /// «7А».
    pub class: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// Why; for the class teacher and the deputies alone.
    pub reason: Option<String>,
}

/// What is wrong with a span of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It begins in the past.
    Past,
    /// Its end lies before its beginning.
    Order,
    /// It is too long, or too far ahead.
    Far,
}

/// Is this a span to tell of on this day?
///
/// # Errors
/// What is wrong with it.
pub fn check(today: NaiveDate, starts_on: NaiveDate, ends_on: NaiveDate) -> Result<(), Wrong> {
    let days = |from: NaiveDate, to: NaiveDate| to.signed_duration_since(from).num_days();
    if ends_on < starts_on {
        Err(Wrong::Order)
    } else if starts_on < today {
        Err(Wrong::Past)
    } else if days(starts_on, ends_on) > SPAN || days(today, starts_on) > AHEAD {
        Err(Wrong::Far)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_lies_ahead_and_is_not_too_long() {
        let d = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = d("2026-11-18");
        let ask = |from: &str, to: &str| check(today, d(from), d(to));
        assert_eq!(ask("2026-11-18", "2026-11-18"), Ok(()));
        assert_eq!(ask("2026-12-01", "2027-01-30"), Ok(()));
        assert_eq!(ask("2026-11-17", "2026-11-20"), Err(Wrong::Past));
        assert_eq!(ask("2026-11-20", "2026-11-19"), Err(Wrong::Order));
        assert_eq!(ask("2026-12-01", "2027-01-31"), Err(Wrong::Far));
        assert_eq!(ask("2027-05-18", "2027-05-18"), Err(Wrong::Far));
        assert_eq!(check(today, NaiveDate::MAX, NaiveDate::MAX), Err(Wrong::Far));
        assert_eq!(check(today, NaiveDate::MIN, NaiveDate::MAX), Err(Wrong::Past));
    }
}
