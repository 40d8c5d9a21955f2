//! A question about a mark (вопрос об отметке): a guardian or pupil asks, the teacher of the load answers, within a term. It is about the mark of
//! a work or of a period ([`About`]), and runs alike for both.
//!
//! A thread is **open** while the family waits, **answered** while the school waits for nothing, **closed** for good. Asking on opens it
//! again with a new term. One thread at a time lies on a mark; all of the family sees it, and whoever sees the journal.
//!
//! The term is counted by [`due_on`]. To add a state: [`State`], the arms of `sql::write`, the check of migration 0221.

#[cfg(feature = "sql")]
pub mod sql;

use base::{AssignmentId, DisputeId, LoadId, PeriodMarkId, PupilId};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// School days to answer within, where a school has not said otherwise.
pub const DAYS: i16 = 3;
/// The longest text of one message, in characters.
pub const TEXT: usize = 2000;
/// So many threads may be open about one child.
pub const OPEN: i64 = 5;
/// So many messages may one person write in a day.
pub const A_DAY: i64 = 20;

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// The mark for a work.
    Work(AssignmentId),
    /// The mark of a period, a year, an exam.
    Period(PeriodMarkId),
}

impl About {
    /// The page of its threads.
    #[must_use]
    pub fn href(self, pupil: PupilId) -> String {
        match self {
            Self::Work(assignment) => format!("/disputes/{pupil}/{assignment}"),
            Self::Period(mark) => format!("/disputes/{pupil}/period/{mark}"),
        }
    }

    /// The two columns of the database.
    #[cfg(feature = "sql")]
    pub(crate) fn columns(self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Work(assignment) => (Some(assignment.0), None),
            Self::Period(mark) => (None, Some(mark.0)),
        }
    }
}

impl From<AssignmentId> for About {
    fn from(assignment: AssignmentId) -> Self {
        Self::Work(assignment)
    }
}

impl From<PeriodMarkId> for About {
    fn from(mark: PeriodMarkId) -> Self {
        Self::Period(mark)
    }
}

/// A mark of a period: which, and of what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfPeriod {
    /// Its number.
    pub mark: PeriodMarkId,
    /// «period», «year», «exam», … ([`Outcome::stage`](crate::diary::Outcome::stage)).
    pub stage: String,
    /// «quarter», …; of a period.
    pub kind: Option<String>,
    /// From 1; of a period.
    pub number: Option<i16>,
}

/// How a thread stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The family waits for an answer.
    Open,
    /// Answered.
    Answered,
    /// Over.
    Closed,
}

impl State {
    /// From the database's word.
    #[cfg(feature = "sql")]
    pub(crate) fn from_key(key: &str) -> Self {
        match key {
            "answered" => Self::Answered,
            "closed" => Self::Closed,
            _ => Self::Open,
        }
    }
}

/// What was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// «Соколова М. А.».
    pub by: String,
    /// Said by the family; else by the school.
    pub by_family: bool,
    /// When.
    pub at: DateTime<Utc>,
    /// The words.
    pub text: String,
}

/// A thread.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// Its number.
    pub id: DisputeId,
    /// How it stands.
    pub state: State,
    /// The mark when it was asked about.
    pub code: String,
    /// The last day to answer.
    pub due_on: NaiveDate,
    /// The actor may answer for the school, or ask on for the family.
    pub may_say: bool,
    /// The actor may close it.
    pub may_close: bool,
    /// From the first to the last.
    pub messages: Vec<Message>,
}

/// A mark and what was asked about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfMark {
    /// Whose mark.
    pub pupil: PupilId,
    /// For which work; none: it is of a period.
    pub assignment: Option<AssignmentId>,
    /// Of which period; none: it is for a work.
    #[serde(default)]
    pub period: Option<OfPeriod>,
    /// Its journal.
    pub load: LoadId,
    /// «Абрамов Артём».
    pub name: String,
    /// The subject.
    pub subject: String,
    /// «Контрольная работа»; empty of a period.
    pub work: String,
    /// The day of the lesson; none of a period.
    pub date: Option<NaiveDate>,
    /// The mark as it is now; none when it was cleared.
    pub code: Option<String>,
    /// The actor asks as a family.
    pub family: bool,
    /// The actor may ask a new question.
    pub may_ask: bool,
    /// School days that the teacher has.
    pub days: i16,
    /// Today in the school.
    pub today: NaiveDate,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// The threads, the newest first.
    pub disputes: Vec<Dispute>,
}

/// A thread in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Whose mark.
    pub pupil: PupilId,
    /// For which work; none: it is of a period.
    pub assignment: Option<AssignmentId>,
    /// Of which period; none: it is for a work.
    #[serde(default)]
    pub period: Option<OfPeriod>,
    /// «Абрамов Артём».
    pub name: String,
    /// «7А».
    pub class: Option<String>,
    /// The subject.
    pub subject: String,
    /// Who teaches it.
    pub teachers: String,
    /// The mark when it was asked about.
    pub code: String,
    /// How it stands.
    pub state: State,
    /// The last day to answer.
    pub due_on: NaiveDate,
    /// The day is over and there is no answer.
    pub overdue: bool,
}

impl Line {
    /// The page of the thread.
    #[must_use]
    pub fn href(&self) -> String {
        let about = match (&self.period, self.assignment) {
            (Some(period), _) => About::Period(period.mark),
            (None, Some(assignment)) => About::Work(assignment),
            (None, None) => return "/disputes".to_owned(),
        };
        about.href(self.pupil)
    }
}

/// The threads that the actor may see: those not closed, and what was closed within a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputes {
    /// The actor asks as a family.
    pub family: bool,
    /// School days to answer within.
    pub days: i16,
    /// The actor may change that.
    pub may_set: bool,
    /// Overdue ones first, then by term.
    pub lines: Vec<Line>,
}

/// How many wait for somebody's answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Open ones.
    pub open: i64,
    /// Of them overdue.
    pub overdue: i64,
}

/// The last day of a term of so many school days: Monday to Friday, without the school's holidays; the day of asking is not
/// counted. A school whose holidays never end is answered by the calendar.
#[must_use]
pub fn due_on(asked: NaiveDate, days: i16, off: impl Fn(NaiveDate) -> bool) -> NaiveDate {
    let mut working = asked
        .iter_days()
        .skip(1)
        .take(366)
        .filter(|day| day.weekday().num_days_from_monday() < 5 && !off(*day));
    let last = usize::try_from(days.max(1)).unwrap_or(1) - 1;
    working.nth(last).unwrap_or_else(|| {
        asked
            .checked_add_days(chrono::Days::new(u64::from(days.max(1).unsigned_abs())))
            .unwrap_or(asked)
    })
}

/// A text as it is kept: without spaces at its ends; none when it is empty or too long.
#[must_use]
pub fn text(raw: &str) -> Option<String> {
    let text = raw.trim();
    (!text.is_empty() && text.chars().count() <= TEXT && !text.contains('\0')).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_term_is_counted_in_school_days() {
        // a Tuesday
        assert_eq!(due_on(d("2026-11-17"), 3, |_| false), d("2026-11-20"));
        // Thursday: Friday, Monday, Tuesday
        assert_eq!(due_on(d("2026-11-19"), 3, |_| false), d("2026-11-24"));
        // before the autumn break of a week
        let autumn = |day: NaiveDate| (d("2026-10-26")..=d("2026-11-01")).contains(&day);
        assert_eq!(due_on(d("2026-10-23"), 1, autumn), d("2026-11-02"));
        assert_eq!(due_on(d("2026-11-17"), 3, |_| true), d("2026-11-20"));
    }

    #[test]
    fn a_text_says_something_and_not_too_much() {
        assert_eq!(text("  почему 3? \n"), Some("почему 3?".into()));
        assert_eq!(text(" \n\t"), None);
        assert_eq!(text(&"ё".repeat(TEXT)).map(|t| t.chars().count()), Some(TEXT));
        assert_eq!(text(&"ё".repeat(TEXT + 1)), None);
        assert_eq!(text("а\0б"), None);
    }

    proptest! {
        #[test]
        fn exactly_so_many_school_days_lie_in_a_term(from in 0i64..2000, days in 1i16..20, holidays in proptest::collection::vec(0i64..60, 0..20)) {
            let asked = d("2026-01-01") + chrono::Duration::days(from);
            let off = |day: NaiveDate| holidays.contains(&(day - asked).num_days());
            let due = due_on(asked, days, off);
            let works = |day: NaiveDate| day.weekday().num_days_from_monday() < 5 && !off(day);
            prop_assert!(works(due) && due > asked);
            let counted = asked.iter_days().skip(1).take_while(|day| *day <= due).filter(|day| works(*day)).count();
            prop_assert_eq!(counted, usize::try_from(days).unwrap());
        }
    }
}
