//! What a person does to a plan, as a pure function from one plan to the next: the browser shows what it would do, the server does it.

use base::{Lang, LessonId};
use serde::{Deserialize, Serialize};

use super::lay::{PlanLesson, lay};
use super::row::{Plan, Row, RowId, Terms};
use crate::t;

/// One act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// New rows, one after another.
    Add {
        /// Behind which row; `None`: at the beginning.
        after: Option<RowId>,
        /// What they say.
        rows: Vec<Terms>,
    },
    /// A row says something else.
    Set {
        /// Which.
        row: RowId,
        /// What it says now.
        terms: Terms,
    },
    /// A row goes elsewhere.
    Move {
        /// Which.
        row: RowId,
        /// Behind which row; `None`: to the beginning.
        after: Option<RowId>,
    },
    /// A row goes away.
    Remove {
        /// Which.
        row: RowId,
    },
    /// A row of several lessons becomes two of the same topic.
    Split {
        /// Which.
        row: RowId,
        /// Lessons that the first of them keeps.
        hours: i16,
    },
    /// A lesson carries nothing of the plan: it fell out, or went for something else. What follows goes a lesson further.
    FallOut {
        /// Which; of a cancelled one, past which the plan goes anyway, only to tighten.
        lesson: LessonId,
        /// What was lost is caught up: the next row that has several lessons and is not over loses one, else two rows are joined.
        tighten: bool,
    },
    /// The plan goes on in a lesson after all.
    TakeIn {
        /// Which.
        lesson: LessonId,
    },
    /// All rows are others: of a file, of another plan.
    Replace {
        /// What they say.
        rows: Vec<Terms>,
    },
}

/// Why an act cannot be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The row is gone.
    NoRow,
    /// More rows than a plan holds.
    TooMany,
    /// A row without a topic.
    TopicMissing,
    /// A longer topic than a lesson's.
    TopicLong,
    /// Too long a section.
    SectionLong,
    /// A longer homework than a lesson's.
    HomeworkLong,
    /// No number of lessons.
    HoursWrong,
    /// No number of minutes.
    MinutesWrong,
    /// Nothing to split, or not there.
    SplitWrong,
    /// The lesson is gone.
    NoLesson,
    /// The plan goes past that lesson already, or not yet.
    Already,
}

impl Fault {
    /// The field of a form, or "".
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::TopicMissing | Self::TopicLong => "topic",
            Self::SectionLong => "section",
            Self::HomeworkLong => "homework",
            Self::HoursWrong | Self::SplitWrong => "hours",
            Self::MinutesWrong => "minutes",
            Self::NoRow | Self::TooMany | Self::NoLesson | Self::Already => "",
        }
    }

    /// In words.
    #[must_use]
    pub fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::NoRow => t::plan_no_row(lang),
            Self::TooMany => t::plan_too_many(lang),
            Self::TopicMissing => t::plan_topic_missing(lang),
            Self::TopicLong => t::plan_topic_long(lang),
            Self::SectionLong => t::plan_section_long(lang),
            Self::HomeworkLong => t::plan_homework_long(lang),
            Self::HoursWrong => t::plan_hours_wrong(lang),
            Self::MinutesWrong => t::plan_minutes_wrong(lang),
            Self::SplitWrong => t::plan_split_wrong(lang),
            Self::NoLesson => t::plan_no_lesson(lang),
            Self::Already => t::plan_already(lang),
        }
    }
}

/// Is a row as it may be? Texts are to be trimmed before.
///
/// # Errors
/// What is wrong with it.
pub fn check(terms: &Terms) -> Result<(), Fault> {
    let longer = |text: &str, most: usize| text.chars().count() > most;
    if terms.topic.is_empty() {
        Err(Fault::TopicMissing)
    } else if longer(&terms.topic, Terms::TOPIC) {
        Err(Fault::TopicLong)
    } else if terms.section.as_ref().is_some_and(|s| longer(s, Terms::SECTION)) {
        Err(Fault::SectionLong)
    } else if terms
        .homework
        .as_ref()
        .is_some_and(|h| longer(h, Terms::HOMEWORK))
    {
        Err(Fault::HomeworkLong)
    } else if !(1..=Terms::HOURS).contains(&terms.hours) {
        Err(Fault::HoursWrong)
    } else if terms.minutes.is_some_and(|m| !(0..=Terms::MINUTES).contains(&m)) {
        Err(Fault::MinutesWrong)
    } else {
        Ok(())
    }
}

impl Act {
    /// What it is, for the list of acts and the audit.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Add { .. } => "added",
            Self::Set { .. } => "changed",
            Self::Move { .. } => "moved",
            Self::Remove { .. } => "removed",
            Self::Split { .. } => "split",
            Self::FallOut { tighten: false, .. } => "shifted",
            Self::FallOut { tighten: true, .. } => "tightened",
            Self::TakeIn { .. } => "taken_in",
            Self::Replace { .. } => "replaced",
        }
    }

    /// The plan after it. `lessons` are those of the year, in the order of time.
    ///
    /// # Errors
    /// Why it cannot be; the plan is then as it was.
    pub fn apply(self, plan: &Plan, lessons: &[PlanLesson]) -> Result<Plan, Fault> {
        let mut plan = plan.clone();
        match self {
            Self::Add { after, rows } => {
                let at = place_behind(&plan, after)?;
                let new = numbered(&mut plan, rows)?;
                plan.rows.splice(at..at, new);
            }
            Self::Set { row, terms } => {
                let terms = terms.trimmed();
                check(&terms)?;
                let row = plan.rows.iter_mut().find(|r| r.id == row).ok_or(Fault::NoRow)?;
                row.terms = terms;
            }
            Self::Move { row, after } => {
                let from = plan.place(row).ok_or(Fault::NoRow)?;
                if after != Some(row) {
                    let moving = plan.rows.remove(from);
                    let at = place_behind(&plan, after)?;
                    plan.rows.insert(at, moving);
                }
            }
            Self::Remove { row } => {
                let at = plan.place(row).ok_or(Fault::NoRow)?;
                plan.rows.remove(at);
            }
            Self::Split { row, hours } => split(&mut plan, row, hours)?,
            Self::FallOut { lesson, tighten } => fall_out(&mut plan, lessons, lesson, tighten)?,
            Self::TakeIn { lesson } => {
                let before = plan.skipped.len();
                plan.skipped.retain(|l| *l != lesson);
                if plan.skipped.len() == before {
                    return Err(Fault::Already);
                }
            }
            Self::Replace { rows } => {
                plan.rows.clear();
                plan.rows = numbered(&mut plan, rows)?;
            }
        }
        if plan.rows.len() > Plan::ROWS {
            return Err(Fault::TooMany);
        }
        Ok(plan)
    }
}

fn place_behind(plan: &Plan, after: Option<RowId>) -> Result<usize, Fault> {
    match after {
        None => Ok(0),
        Some(row) => plan.place(row).map(|n| n + 1).ok_or(Fault::NoRow),
    }
}

/// Rows with numbers that no row of the plan has ever had.
fn numbered(plan: &mut Plan, rows: Vec<Terms>) -> Result<Vec<Row>, Fault> {
    if rows.len() > Plan::ROWS {
        return Err(Fault::TooMany);
    }
    rows.into_iter()
        .map(|terms| {
            let terms = terms.trimmed();
            check(&terms)?;
            plan.last_row = plan.last_row.checked_add(1).ok_or(Fault::TooMany)?;
            Ok(Row {
                id: RowId(plan.last_row),
                terms,
            })
        })
        .collect()
}

fn split(plan: &mut Plan, row: RowId, hours: i16) -> Result<(), Fault> {
    let at = plan.place(row).ok_or(Fault::NoRow)?;
    let first = plan.rows.get_mut(at).ok_or(Fault::NoRow)?;
    if hours < 1 || hours >= first.terms.hours {
        return Err(Fault::SplitWrong);
    }
    let mut second = first.terms.clone();
    second.hours -= hours;
    first.terms.hours = hours;
    let new = numbered(plan, vec![second])?;
    plan.rows.splice(at + 1..at + 1, new);
    Ok(())
}

fn fall_out(plan: &mut Plan, lessons: &[PlanLesson], lesson: LessonId, tighten: bool) -> Result<(), Fault> {
    let at = lessons
        .iter()
        .position(|l| l.id == Some(lesson))
        .ok_or(Fault::NoLesson)?;
    let passed = plan.skipped.contains(&lesson) || lessons.get(at).is_some_and(|l| l.out.is_some());
    if passed && !tighten {
        return Err(Fault::Already);
    }
    let from = if tighten {
        first_open(plan, lessons, at)
    } else {
        None
    };
    if !passed {
        plan.skipped.push(lesson);
    }
    if let Some(row) = from {
        catch_up(plan, row);
    }
    Ok(())
}

/// The first row that can still be shortened: of the first lesson from `at` on for which no topic is written, the fallen one counted
/// as if it took place.
fn first_open(plan: &Plan, lessons: &[PlanLesson], at: usize) -> Option<RowId> {
    let mut whole = plan.clone();
    let mut there = lessons.to_vec();
    if let Some(lesson) = there.get_mut(at) {
        lesson.out = None;
        // whatever was written on it was not the plan's
        lesson.topic = None;
        whole.skipped.retain(|l| Some(*l) != lesson.id);
    }
    let laid = lay(&whole, &there);
    laid.seats
        .iter()
        .zip(&there)
        .skip(at)
        .filter(|(_, l)| l.topic.is_none())
        .find_map(|(seat, _)| seat.map(|s| s.row))
}

/// One lesson less from a row on.
fn catch_up(plan: &mut Plan, from: RowId) {
    let Some(start) = plan.place(from) else {
        return;
    };
    if let Some(long) = plan.rows.iter_mut().skip(start).find(|r| r.terms.hours > 1) {
        long.terms.hours -= 1;
        return;
    }
    // the last row of a plan is joined to the one before
    let first = if start + 1 < plan.rows.len() {
        start
    } else {
        start.saturating_sub(1)
    };
    let (Some(a), Some(b)) = (plan.rows.get(first), plan.rows.get(first + 1)) else {
        return;
    };
    let joined = joined(&a.terms, &b.terms);
    if check(&joined).is_ok()
        && let Some(row) = plan.rows.get_mut(first)
    {
        row.terms = joined;
        plan.rows.remove(first + 1);
    }
}

/// Two rows in one lesson less.
fn joined(a: &Terms, b: &Terms) -> Terms {
    let both = |a: &Option<String>, b: &Option<String>, between: &str| match (a, b) {
        (Some(a), Some(b)) => Some(format!("{a}{between}{b}")),
        (one, other) => one.clone().or_else(|| other.clone()),
    };
    Terms {
        section: a.section.clone(),
        topic: format!("{}. {}", a.topic.trim_end_matches('.'), b.topic),
        hours: a.hours.saturating_add(b.hours).saturating_sub(1),
        homework: both(&a.homework, &b.homework, "; "),
        minutes: match (a.minutes, b.minutes) {
            (Some(a), Some(b)) => Some(a.saturating_add(b).min(Terms::MINUTES)),
            (one, other) => one.or(other),
        },
        work: a.work.or(b.work),
    }
}

#[cfg(test)]
mod tests;
