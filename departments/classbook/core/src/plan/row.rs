//! What a plan is made of, and what travels of it.

use base::{LessonId, LoadId, WorkTypeId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::lay::PlanLesson;

/// The number of a row inside its plan; it keeps it when it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RowId(pub i32);

impl std::fmt::Display for RowId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// What a row says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Раздел, where the plan has such.
    pub section: Option<String>,
    /// What the lesson is about; never empty.
    pub topic: String,
    /// How many lessons it takes, from 1.
    pub hours: i16,
    /// What is set for home.
    pub homework: Option<String>,
    /// How long that takes, minutes.
    pub minutes: Option<i16>,
    /// The kind of work: контрольная, практическая, …
    pub work: Option<WorkTypeId>,
}

impl Terms {
    /// Most letters of a topic: as many as a lesson's.
    pub const TOPIC: usize = 1000;
    /// Most letters of a section.
    pub const SECTION: usize = 300;
    /// Most letters of a homework: as many as a lesson's.
    pub const HOMEWORK: usize = 4000;
    /// Most lessons of one row.
    pub const HOURS: i16 = 60;
    /// Most minutes of a homework.
    pub const MINUTES: i16 = 600;

    /// A row of one lesson.
    #[must_use]
    pub fn of(topic: &str) -> Self {
        Self {
            section: None,
            topic: topic.to_owned(),
            hours: 1,
            homework: None,
            minutes: None,
            work: None,
        }
    }

    /// With texts that begin and end with letters; what is empty is not there.
    #[must_use]
    pub fn trimmed(mut self) -> Self {
        let text = |text: Option<String>| text.map(|t| t.trim().to_owned()).filter(|t| !t.is_empty());
        self.section = text(self.section);
        self.homework = text(self.homework);
        self.topic = self.topic.trim().to_owned();
        self
    }
}

/// A row of a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Which.
    pub id: RowId,
    /// What it says.
    pub terms: Terms,
}

/// A plan: rows in their order, and the lessons that carry nothing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The rows.
    pub rows: Vec<Row>,
    /// Lessons past which it goes, in no order.
    pub skipped: Vec<LessonId>,
    /// The last number given to a row.
    pub last_row: i32,
}

impl Plan {
    /// Most rows.
    pub const ROWS: usize = 600;

    /// Lessons that it takes.
    #[must_use]
    pub fn hours(&self) -> i64 {
        self.rows.iter().map(|r| i64::from(r.terms.hours)).sum()
    }

    /// A row by its number.
    #[must_use]
    pub fn row(&self, id: RowId) -> Option<&Row> {
        self.rows.iter().find(|r| r.id == id)
    }

    /// Where a row stands.
    #[must_use]
    pub fn place(&self, id: RowId) -> Option<usize> {
        self.rows.iter().position(|r| r.id == id)
    }
}

/// A kind of work, to choose from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkKind {
    /// Which.
    pub id: WorkTypeId,
    /// «К».
    pub code: String,
    /// «Контрольная работа».
    pub title: String,
}

/// The last act, which can be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// What it was: [`super::Act::kind`].
    pub kind: String,
    /// Who did it: «Учителева А. И.».
    pub by: String,
}

/// Another load of the subject in the same grade, to copy the plan to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parallel {
    /// Which.
    pub load: LoadId,
    /// «7Б».
    pub audience: String,
    /// Rows of its plan now.
    pub rows: i64,
    /// The revision of its plan, 0 for none.
    pub revision: i32,
}

/// The plan of a load with everything that its page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Book {
    /// The load.
    pub load: LoadId,
    /// The subject.
    pub subject: String,
    /// To whom.
    pub audience: String,
    /// Today, in the school.
    pub today: NaiveDate,
    /// The plan.
    pub plan: Plan,
    /// Acts so far: an act says on which one it was made.
    pub revision: i32,
    /// The lessons of the year, by date; those that the timetable has not laid out yet without an id.
    pub lessons: Vec<PlanLesson>,
    /// May the reader change the plan?
    pub may_edit: bool,
    /// The last act.
    pub undo: Option<Undo>,
    /// The kinds of work of the school.
    pub works: Vec<WorkKind>,
    /// Where the plan may be copied to by this reader.
    pub parallels: Vec<Parallel>,
    /// Whose page this is, if it is one that the browser may keep: who teaches here may need it without a network.
    #[serde(default)]
    pub whose: Option<String>,
}
