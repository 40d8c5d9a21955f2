//! What travels: a month of a class, what is open in it, the setting of a reason with its preview.

use base::{AbsenceNoteId, AbsenceReasonId, ClassId, LessonId, PeriodId, PupilId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::reason::{Paper, Reason};
use super::tally::{DayOf, NotionRow, Notions, Tally};
use crate::grading::periods::Asked;

/// The longest span of one reason, in days after its first.
pub const SPAN: i64 = 120;
/// So far back and ahead of today a reason may begin, in days.
pub const NEAR: i64 = 366;

/// A class whose attendance one may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassLine {
    /// The class.
    pub class: ClassId,
    /// «7А».
    pub name: String,
    /// «Учителева А. И.»; "" for none.
    pub teacher: String,
    /// The reader leads it.
    pub own: bool,
    /// Pupils with absences whose reason is open.
    pub open: i64,
}

/// The classes whose attendance one may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassList {
    /// One's own first.
    pub classes: Vec<ClassLine>,
    /// What the school counts as a missed day, week and month, the latest first; for who may set it.
    pub rules: Option<Vec<NotionRow>>,
}

/// A code of attendance, as this page needs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// «б».
    pub code: String,
    /// «болел».
    pub title: String,
    /// What it means.
    pub reason: Reason,
}

/// A pupil in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Who.
    pub pupil: PupilId,
    /// «Абрамов Артём».
    pub name: String,
    /// They have left the class.
    pub gone: bool,
    /// Days on which something was recorded, in order.
    pub days: Vec<DayOf>,
    /// The code that stands for each of these days ([`letter`]).
    #[serde(default)]
    pub letters: Vec<(NaiveDate, String)>,
    /// What the month comes to.
    pub tally: Tally,
}

impl Line {
    /// The code of a day, as the school has it.
    #[must_use]
    pub fn code<'a>(&self, date: NaiveDate, codes: &'a [Code]) -> Option<&'a Code> {
        let (_, letter) = self.letters.iter().find(|(day, _)| *day == date)?;
        codes.iter().find(|c| c.code == *letter)
    }
}

/// The code that stands for a day: of those that mean the reason of most of its absences (of a day without any: being late) the most frequent
/// one, of equals the first of the day. `recorded`: what stands in its lessons, in order.
#[must_use]
pub fn letter<'a>(day: &DayOf, recorded: &'a [String], codes: &[Code]) -> Option<&'a str> {
    let reason = day.reason().unwrap_or(Reason::Late);
    let means = |code: &str| codes.iter().any(|c| c.code == code && c.reason == reason);
    let count = |code: &str| recorded.iter().filter(|r| *r == code).count();
    let of_reason = recorded.iter().map(String::as_str).filter(|code| means(code));
    // the last of equals wins a maximum, so the day is gone through from its end
    of_reason.rev().max_by_key(|code| count(code))
}

/// What the family has told beforehand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The note.
    pub note: AbsenceNoteId,
    /// Whose.
    pub pupil: PupilId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// Why.
    pub reason: String,
    /// When it was told.
    pub made_at: DateTime<Utc>,
    /// When the paper came.
    pub document_on: Option<NaiveDate>,
}

/// Absences whose reason is open, in a run of days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// Whose.
    pub pupil: PupilId,
    /// «Абрамов Артём».
    pub name: String,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Missed lessons.
    pub lessons: i64,
    /// The last day on which the reason is set in time.
    pub due: NaiveDate,
    /// Working days until then.
    pub left: i64,
    /// What the family told of these days.
    pub told: Option<Told>,
    /// A reason already set for some of these days: one press sets it here too.
    pub known: Option<AbsenceReasonId>,
}

/// A reason that was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// Its number.
    pub id: AbsenceReasonId,
    /// «Абрамов Артём».
    pub name: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// «б».
    pub code: String,
    /// «болел».
    pub title: String,
    /// From which paper.
    pub paper: Paper,
    /// Lessons that it changed.
    pub lessons: i64,
    /// Who set it.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// It was taken back.
    pub withdrawn: bool,
}

/// A month of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The class.
    pub class: ClassId,
    /// «7А».
    pub name: String,
    /// Who leads it; "" for nobody.
    pub teacher: String,
    /// Today in the school.
    pub today: NaiveDate,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// May the reader set reasons?
    pub may_edit: bool,
    /// The first day of the month.
    pub month: NaiveDate,
    /// The first and the last day of the year, between which months are turned.
    pub year: (NaiveDate, NaiveDate),
    /// Days with lessons, in order.
    pub days: Vec<NaiveDate>,
    /// The pupils, by name.
    pub lines: Vec<Line>,
    /// What is open, the oldest term first; of the whole year.
    pub open: Vec<Open>,
    /// Reasons that were set for days of the month, the latest first.
    pub acts: Vec<Act>,
    /// The school's codes.
    pub codes: Vec<Code>,
    /// The school's notions on the month's last day.
    pub notions: Notions,
    /// Working days for a reason.
    pub reason_days: i16,
}

/// Which reason for which days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// Whose absences.
    pub pupil: PupilId,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day; may lie ahead.
    pub ends_on: NaiveDate,
    /// The code to set.
    pub code: String,
    /// Also where another reason stands already; else only where none is known.
    #[serde(default)]
    pub all: bool,
}

/// What is wrong with a span of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpanWrong {
    /// Its end lies before its beginning.
    Order,
    /// It is too long, or too far from today.
    Far,
}

impl Ask {
    /// Is this a span to set a reason for on this day?
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn check(&self, today: NaiveDate) -> Result<(), SpanWrong> {
        check(today, self.starts_on, self.ends_on, SPAN)
    }
}

/// Is this a span of at most so many days after its first, not too far from today?
///
/// # Errors
/// What is wrong with it.
pub fn check(
    today: NaiveDate,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    longest: i64,
) -> Result<(), SpanWrong> {
    let days = |from: NaiveDate, to: NaiveDate| to.signed_duration_since(from).num_days();
    if ends_on < starts_on {
        Err(SpanWrong::Order)
    } else if days(starts_on, ends_on) > longest || days(today, starts_on).abs() > NEAR {
        Err(SpanWrong::Far)
    } else {
        Ok(())
    }
}

/// What becomes of one recorded absence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// The reason is set.
    Change,
    /// It stands there already.
    Same,
    /// Another reason stands there, and was not to be changed.
    Other,
    /// Its period is closed.
    Locked,
}

/// A recorded absence in a preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewLine {
    /// The lesson.
    pub lesson: LessonId,
    /// Its day.
    pub date: NaiveDate,
    /// From 1.
    pub number: i16,
    /// Its subject.
    pub subject: String,
    /// The code that stands there.
    pub was: String,
    /// Its version.
    pub version: i32,
    /// What becomes of it.
    pub fate: Fate,
}

/// What a reason would change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The recorded absences of the span, by day and lesson.
    pub lines: Vec<PreviewLine>,
    /// Some of the days lie ahead.
    pub ahead: bool,
    /// Closed periods of the span, where the reader leads the class and may ask for them to be opened.
    #[serde(default)]
    pub closed: Vec<Closed>,
}

/// A closed period of a class that one leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The period.
    pub period: PeriodId,
    /// «quarter», «trimester»…
    pub kind: String,
    /// From 1.
    pub number: i16,
    /// How one's own last question about reasons of absences in it stands.
    pub asked: Option<Asked>,
}

impl Preview {
    /// How many are changed.
    #[must_use]
    pub fn changes(&self) -> i64 {
        let changed = self.lines.iter().filter(|l| l.fate == Fate::Change);
        i64::try_from(changed.count()).unwrap_or(i64::MAX)
    }
}

/// What the journal says of a pupil beforehand: a reason that is known for some days, or that the family has told of an absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// Whose.
    pub pupil: PupilId,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// «б»; a mark of a family's note, to which the school has given no reason, for a page of before notes were told of here.
    pub code: String,
    /// «болел»; likewise.
    pub title: String,
    /// The family has told of it beforehand. Why, its class teacher reads.
    #[serde(default)]
    pub told: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_in_order_and_near() {
        let d = |text: &str| text.parse::<NaiveDate>().unwrap();
        let ask = |from: &str, to: &str| check(d("2026-11-18"), d(from), d(to), SPAN);
        assert_eq!(ask("2026-11-18", "2026-11-18"), Ok(()));
        assert_eq!(ask("2026-11-01", "2027-03-01"), Ok(()));
        assert_eq!(ask("2026-11-01", "2027-03-02"), Err(SpanWrong::Far));
        assert_eq!(ask("2026-11-19", "2026-11-18"), Err(SpanWrong::Order));
        assert_eq!(ask("2025-11-01", "2025-11-02"), Err(SpanWrong::Far));
        assert_eq!(
            check(d("2026-11-18"), NaiveDate::MIN, NaiveDate::MAX, SPAN),
            Err(SpanWrong::Far)
        );
        assert_eq!(
            check(d("2026-11-18"), NaiveDate::MAX, NaiveDate::MAX, SPAN),
            Err(SpanWrong::Far)
        );
    }
}
