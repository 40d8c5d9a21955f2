//! Lessons that do not take place («урок отменён»): whoever closes journals says so for lessons of a day, with a reason, and takes it back.
//!
//! What a cancelled lesson means is said where it counts: it takes no marks, absences, topic or homework (`journal`), its absences stay and
//! are not counted (`attendance`), nothing of it is due (`deadline`), the plan goes past it (`plan`), «to the next lesson» means the one that
//! takes place (`homework`), a family sees it struck out (`diary`) and its calendar as cancelled (`feed`).

#[cfg(feature = "sql")]
pub mod sql;

use base::{ClassId, LessonId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How long a reason is, in characters.
pub const REASON: std::ops::RangeInclusive<usize> = 3..=200;

/// The most lessons that are cancelled by one act: every lesson of a class's day, by subgroups.
pub const MOST: usize = 60;

/// A lesson of a class's day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The lesson.
    pub lesson: LessonId,
    /// The slot, from 0.
    pub slot: i16,
    /// Its subject.
    pub subject: String,
    /// To whom: «7А (Англ 1)».
    pub audience: String,
    /// Who teaches it.
    pub teachers: String,
    /// It does not take place.
    pub cancelled: bool,
    /// Why, where that was written.
    pub reason: Option<String>,
    /// Marks stand there: it took place.
    pub has_marks: bool,
}

/// The lessons of a class on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day.
    pub day: NaiveDate,
    /// The classes of its year, by grade and name.
    pub classes: Vec<(ClassId, String)>,
    /// Whose lessons these are; `None`: there is no class.
    pub class: Option<ClassId>,
    /// By slot.
    pub lessons: Vec<Line>,
}
