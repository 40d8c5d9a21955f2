//! The periods of a year and their holidays, as the deputy director sets them; closing and opening; a teacher's question for a
//! change in a closed period.

use base::{AppError, ClassId, Lang, LoadId, PeriodId};
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use crate::t;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A system of periods: «Четверти».
    SystemId,
    /// Holidays.
    HolidayId,
    /// A question for a change in a closed period.
    RequestId,
}

/// The kinds of systems, as the database knows them.
pub const KINDS: [&str; 6] = ["quarter", "trimester", "half_year", "semester", "module", "year"];

/// The most periods of a system.
pub const MOST: usize = 12;

/// How long a journal may be opened for a change, in hours.
pub const HOURS: std::ops::RangeInclusive<i16> = 1..=336;

/// First and last day of a period; its number is its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// A system, as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemTerms {
    /// One of [`KINDS`].
    pub kind: String,
    /// «Четверти».
    pub title: String,
    /// Its periods, by date.
    pub spans: Vec<Span>,
}

/// A period of a system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Its id.
    pub id: PeriodId,
    /// From 1.
    pub number: i16,
    /// Its days.
    pub span: Span,
    /// Since when it is closed, by the school's clock.
    pub locked: Option<NaiveDateTime>,
    /// Why.
    pub reason: Option<String>,
}

/// A system of periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct System {
    /// Its id.
    pub id: SystemId,
    /// One of [`KINDS`].
    pub kind: String,
    /// «Четверти».
    pub title: String,
    /// By date.
    pub parts: Vec<Part>,
    /// The grades that have it; classes of them may have their own.
    pub grades: Vec<i16>,
    /// Since when the marks of the year, of exams, and the final ones are closed, by the school's clock.
    #[serde(default)]
    pub year_locked: Option<NaiveDateTime>,
    /// Why.
    #[serde(default)]
    pub year_reason: Option<String>,
}

impl System {
    /// As it is written.
    #[must_use]
    pub fn terms(&self) -> SystemTerms {
        SystemTerms {
            kind: self.kind.clone(),
            title: self.title.clone(),
            spans: self.parts.iter().map(|p| p.span).collect(),
        }
    }
}

/// Lessons of one journal that a border, or another system, takes out of every period: something is written in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fallen {
    /// «Алгебра».
    pub subject: String,
    /// «7А».
    pub audience: String,
    /// How many lessons.
    pub lessons: i64,
    /// Marks and dots in them.
    pub marks: i64,
    /// Absences in them.
    pub absences: i64,
    /// Their first day.
    pub from: NaiveDate,
    /// Their last day.
    pub to: NaiveDate,
}

impl Fallen {
    /// Of all journals: how many lessons, their first and last day; `None`: no lesson falls out.
    #[must_use]
    pub fn all(fallen: &[Self]) -> Option<(i64, Span)> {
        let from = fallen.iter().map(|f| f.from).min()?;
        let to = fallen.iter().map(|f| f.to).max()?;
        Some((fallen.iter().map(|f| f.lessons).sum(), Span { from, to }))
    }
}

/// A journal with pupils who have no mark of a period, or fewer marks than it is to rest on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmarked {
    /// The journal.
    pub load: LoadId,
    /// «Алгебра».
    pub subject: String,
    /// «7А».
    pub audience: String,
    /// «Учителева А. И.»; "" where nobody teaches it.
    pub teacher: String,
    /// Pupils without a mark of the period.
    pub missing: i64,
    /// Pupils with fewer marks than the rule of marking asks for; they may be among the former.
    pub few: i64,
}

impl Unmarked {
    /// Of all journals: without a mark of the period, and with too few marks.
    #[must_use]
    pub fn all(journals: &[Self]) -> (i64, i64) {
        let sum = |of: fn(&Self) -> i64| journals.iter().map(of).sum();
        (sum(|j| j.missing), sum(|j| j.few))
    }
}

/// Another system for a grade, or for a class: what is asked about before it is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Assignment {
    /// The classes of a grade that have no system of their own.
    Grade(i16, SystemId),
    /// One class; `None`: as its grade again.
    Class(ClassId, Option<SystemId>),
}

/// Holidays, as they are written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HolidayTerms {
    /// «Осенние каникулы».
    pub title: String,
    /// Their days.
    pub span: Span,
    /// Only for this grade.
    pub grade: Option<i16>,
    /// Only for the classes that go by this system; not beside a grade.
    #[serde(default)]
    pub system: Option<SystemId>,
}

/// A class, and its system where it goes by another one than its grade.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSystem {
    /// The class.
    pub id: ClassId,
    /// «10Б».
    pub name: String,
    /// Its grade.
    pub grade: i16,
    /// Its own system; `None`: as its grade.
    pub own: Option<SystemId>,
}

/// Holidays of the year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holiday {
    /// Their id.
    pub id: HolidayId,
    /// What is written.
    pub terms: HolidayTerms,
}

/// A question for a change in a closed period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// Who asks.
    pub by: String,
    /// The journal; `None`: it is about the reasons of absences of a class.
    pub load: Option<LoadId>,
    /// «Алгебра, 7А»; «Причины пропусков, 7А».
    pub journal: String,
    /// The period's kind and number.
    pub period: (String, i16),
    /// What is to be changed and why.
    pub text: String,
    /// When it was asked.
    pub at: NaiveDateTime,
    /// What was answered: allowed until, or refused.
    pub answer: Option<Answer>,
}

/// An answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Until when the journal is open to the teacher; `None`: refused.
    pub until: Option<NaiveDateTime>,
    /// The deputy's words.
    pub note: Option<String>,
    /// Who answered.
    pub by: String,
}

/// How a teacher's own last question about a closed period of a journal stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// The period.
    pub period: PeriodId,
    /// What is to be changed and why.
    pub text: String,
    /// When it was asked.
    pub at: NaiveDateTime,
    /// The answer, if there is one.
    pub answer: Option<Answer>,
    /// The journal is open by it now.
    pub open: bool,
}

/// A closing or an opening, with the reason that was given: it stays when the period is opened again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Locking {
    /// Title of the system: «Четверти».
    pub system: String,
    /// One of [`KINDS`].
    pub kind: String,
    /// Which period; none: the marks of the year.
    pub number: Option<i16>,
    /// Closed; else opened.
    pub closed: bool,
    /// When, by the school's clock.
    pub at: NaiveDateTime,
    /// Who: «Петрова А. И.».
    pub by: String,
    /// Why.
    pub reason: String,
}

/// The page of periods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calendar {
    /// The year: title, first and last day; `None`: the school has none yet.
    pub year: Option<(String, Span)>,
    /// The year is closed: nothing of it changes.
    pub closed: bool,
    /// This person may change it.
    pub may_edit: bool,
    /// Today, in the school.
    pub today: NaiveDate,
    /// By title.
    pub systems: Vec<System>,
    /// The classes of the year, by grade and name.
    #[serde(default)]
    pub classes: Vec<ClassSystem>,
    /// By date.
    pub holidays: Vec<Holiday>,
    /// Those that wait first, then the latest.
    pub requests: Vec<Request>,
    /// What was closed and opened, the latest first.
    #[serde(default)]
    pub lockings: Vec<Locking>,
}

fn no(field: &str, words: &str) -> AppError {
    AppError::invalid(field, words)
}

impl SystemTerms {
    /// What is wrong with it, inside the year of these days.
    ///
    /// # Errors
    /// The field and a sentence.
    pub fn check(&self, year: Span, lang: Lang) -> Result<(), AppError> {
        if !KINDS.contains(&self.kind.as_str()) {
            return Err(no("kind", t::periods_wrong_kind(lang)));
        }
        if !(1..=80).contains(&self.title.trim().chars().count()) {
            return Err(no("title", t::periods_wrong_title(lang)));
        }
        if !(1..=MOST).contains(&self.spans.len()) {
            return Err(no("spans", t::periods_wrong_number(lang)));
        }
        if self.spans.iter().any(|s| s.from > s.to) {
            return Err(no("spans", t::periods_wrong_order(lang)));
        }
        let ordered = self.spans.windows(2).all(|pair| match pair {
            [a, b] => a.to < b.from,
            _ => true,
        });
        if !ordered {
            return Err(no("spans", t::periods_overlap(lang)));
        }
        if self.spans.iter().any(|s| s.from < year.from || s.to > year.to) {
            return Err(no("spans", t::periods_outside_year(lang)));
        }
        Ok(())
    }
}

impl HolidayTerms {
    /// What is wrong with them, inside the year of these days.
    ///
    /// # Errors
    /// The field and a sentence.
    pub fn check(&self, year: Span, lang: Lang) -> Result<(), AppError> {
        if !(1..=120).contains(&self.title.trim().chars().count()) {
            return Err(no("title", t::periods_wrong_title(lang)));
        }
        if self.span.from > self.span.to {
            return Err(no("span", t::periods_wrong_order(lang)));
        }
        if self.span.from < year.from || self.span.to > year.to {
            return Err(no("span", t::periods_outside_year(lang)));
        }
        if self.grade.is_some_and(|g| !super::rules::GRADES.contains(&g)) {
            return Err(no("grade", t::grading_wrong_grades(lang)));
        }
        if self.grade.is_some() && self.system.is_some() {
            return Err(no("system", t::periods_for_one(lang)));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(n: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, 1).unwrap() + chrono::Duration::days(n)
    }

    fn span(from: i64, to: i64) -> Span {
        Span {
            from: day(from),
            to: day(to),
        }
    }

    fn fault(spans: Vec<Span>) -> bool {
        let terms = SystemTerms {
            kind: "quarter".into(),
            title: "Четверти".into(),
            spans,
        };
        terms.check(span(0, 364), Lang::Ru).is_err()
    }

    #[test]
    fn periods_follow_each_other_inside_the_year() {
        assert!(!fault(vec![span(0, 54), span(62, 117)]));
        assert!(fault(vec![]), "none");
        assert!(fault(vec![span(0, 54), span(54, 117)]), "a day in two");
        assert!(fault(vec![span(62, 117), span(0, 54)]), "not by date");
        assert!(fault(vec![span(10, 5)]), "backwards");
        assert!(
            fault(vec![span(-1, 5)]) && fault(vec![span(0, 365)]),
            "outside the year"
        );
    }

    proptest! {
        #[test]
        fn whatever_passes_gives_a_day_to_one_period_at_most(
            days in proptest::collection::vec((-5i64..370, 0i64..120), 0..6), on in 0i64..365,
        ) {
            let spans: Vec<Span> = days.iter().map(|(from, long)| span(*from, from + long)).collect();
            if !fault(spans.clone()) {
                prop_assert!(spans.iter().filter(|s| s.from <= day(on) && day(on) <= s.to).count() <= 1);
            }
        }
    }
}
