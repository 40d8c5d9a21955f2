//! What is owed, as it travels: to a family, and to who teaches or leads a class.

use base::{AssignmentId, ClassId, LessonId, LoadId, PeriodId, PupilId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::rule::{Owed, Standing};

/// A work that a pupil owes, or owed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// Which.
    pub assignment: AssignmentId,
    /// Its lesson.
    pub lesson: LessonId,
    /// The day of the lesson.
    pub date: NaiveDate,
    /// The subject.
    pub subject: String,
    /// «Контрольная работа».
    pub work: String,
    /// Its title.
    pub title: Option<String>,
    /// The teacher's words.
    pub comment: Option<String>,
    /// The pupil was absent then: why, in the school's words.
    pub absence: Option<String>,
    /// The mark that has paid it.
    pub code: Option<String>,
    /// By when, and handed in when.
    #[serde(flatten)]
    pub owed: Owed,
}

impl Work {
    /// «Контрольная работа: Дроби».
    #[must_use]
    pub fn name(&self) -> String {
        crate::journal::work_name(&self.work, self.title.as_deref())
    }
}

/// The order in which works are told: the day by which they are due, those without one last; then as they were set.
pub fn sort(works: &mut [Work]) {
    works.sort_by_key(|w| {
        (
            !w.owed.is_open(),
            w.owed.until.is_none(),
            w.owed.until,
            w.date,
            w.assignment,
        )
    });
}

/// A work in the list of who teaches or leads a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Whose.
    pub pupil: PupilId,
    /// «Абрамова Вера».
    pub name: String,
    /// «7А».
    pub class: String,
    /// The journal.
    pub load: LoadId,
    /// The period of the lesson, where it lies in one.
    pub period: Option<PeriodId>,
    /// What.
    #[serde(flatten)]
    pub work: Work,
}

impl Line {
    /// The journal, opened at the lesson.
    #[must_use]
    pub fn href(&self) -> String {
        let period = self.period.map(|p| format!("period={p}&")).unwrap_or_default();
        format!("/journal/{}?{period}lesson={}", self.load, self.work.lesson)
    }
}

/// What is owed in the journals that one sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Debts {
    /// Today, in the school.
    pub today: NaiveDate,
    /// The classes that have something to choose from.
    pub classes: Vec<(ClassId, String)>,
    /// The chosen one; `None`: all.
    pub class: Option<ClassId>,
    /// The works, what is due first before the rest.
    pub lines: Vec<Line>,
    /// There are more than are told.
    pub more: bool,
    /// Of the whole school, not of one's own journals and class.
    #[serde(default)]
    pub whole: bool,
}

impl Debts {
    /// So many are told one by one.
    pub const MOST: usize = 500;

    /// How many are past their day.
    #[must_use]
    pub fn overdue(&self) -> usize {
        let past = |l: &&Line| l.work.owed.standing(self.today) == Standing::Overdue;
        self.lines.iter().filter(past).count()
    }
}
