//! What the sheet of a lesson shows of its homework, as it travels.

use base::{HomeworkFileId, IndividualHomeworkId, LessonId, PupilId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::FileKind;
use super::day::Day;

/// The largest file.
pub const MOST_FILE_BYTES: usize = 10 * 1024 * 1024;
/// Most bytes of all files of a lesson.
pub const MOST_LESSON_BYTES: i64 = 40 * 1024 * 1024;
/// Most files of a lesson.
pub const MOST_FILES: i64 = 10;

/// A file of a homework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// Its number; it is opened at [`Attached::href`].
    pub id: HomeworkFileId,
    /// Its name, made safe.
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// Its size.
    pub bytes: i32,
}

impl Attached {
    /// Where it is fetched.
    #[must_use]
    pub fn href(&self) -> String {
        format!("/files/homework/{}", self.id)
    }
}

/// Homework for some pupils only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Individual {
    /// Its number.
    pub id: IndividualHomeworkId,
    /// For whom.
    pub pupils: Vec<PupilId>,
    /// What to do.
    pub text: String,
    /// By when; `None`: by the next lesson.
    pub due_on: Option<NaiveDate>,
    /// How long it takes.
    pub minutes: Option<i16>,
    /// Addresses to open.
    pub links: Vec<String>,
    /// Its files.
    pub files: Vec<Attached>,
    /// Counts its changes.
    pub version: i32,
}

/// A homework for some pupils to add (`id` is `None`) or to change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndividualEdit {
    /// Which; `None`: a new one.
    pub id: Option<IndividualHomeworkId>,
    /// Given on which lesson.
    pub lesson: LessonId,
    /// For whom.
    pub pupils: Vec<PupilId>,
    /// What to do.
    pub text: String,
    /// By when; `None`: by the next lesson.
    pub due_on: Option<NaiveDate>,
    /// How long it takes.
    pub minutes: Option<i16>,
    /// Addresses to open.
    pub links: Vec<String>,
    /// The version the person saw; 0 for a new one.
    pub expected: i32,
}

/// What stands beside the homework of a lesson.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Desk {
    /// The lesson.
    pub lesson: LessonId,
    /// It may be changed by this person now.
    pub may_edit: bool,
    /// The class has a homework.
    pub given: bool,
    /// Its files.
    pub files: Vec<Attached>,
    /// Homework for some pupils only.
    pub individual: Vec<Individual>,
    /// Who is taught in this lesson, by name.
    pub pupils: Vec<(PupilId, String)>,
    /// The coming lessons of the group, the next first, each with what is due that day already.
    pub coming: Vec<Day>,
}
