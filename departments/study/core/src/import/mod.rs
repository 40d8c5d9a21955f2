//! Another program's file becomes a school: classes, subgroups, subjects, teachers, rooms, load and a timetable.
//!
//! The rule: what the school already has is recognised by its exact name (subjects, rooms, classes, subgroups, teachers
//! by full name, loads by subject, teachers and audience) and used; the rest is created; the cards always make a *new
//! draft* of the timetable, so that an import never touches what is in force. All of it is one transaction.
//!
//! FET, aSc Timetables and archives of XHSTT, also compressed by xz, told apart by what is in the file; an archive first becomes a file of FET. The next format: a reader in the crate `timetable` that makes a
//! `SchoolDraft`, a line in `sql::draft`, and words for its refusals here.

#[cfg(feature = "sql")]
mod archive;
#[cfg(feature = "sql")]
pub mod bells;
#[cfg(feature = "sql")]
mod beside;
#[cfg(feature = "sql")]
mod bounds;
pub mod keeping;
#[cfg(feature = "sql")]
pub mod kept;
#[cfg(feature = "sql")]
mod kinds;
#[cfg(feature = "sql")]
pub mod last;
#[cfg(feature = "sql")]
pub mod limits;
pub mod names;
#[cfg(feature = "sql")]
pub mod packed;
#[cfg(feature = "sql")]
pub mod pairs;
#[cfg(feature = "sql")]
mod refusal;
#[cfg(feature = "sql")]
pub mod rooming;
#[cfg(feature = "sql")]
pub mod rooms;
#[cfg(feature = "sql")]
pub mod single;
#[cfg(feature = "sql")]
pub mod sql;
#[cfg(feature = "sql")]
pub mod times;
#[cfg(feature = "sql")]
pub mod uses;

use base::VersionId;
use serde::{Deserialize, Serialize};

/// The largest file that is read.
pub const LARGEST_FILE: usize = 20 * 1024 * 1024;

/// What is counted in a preview.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Classes.
    Classes,
    /// Subgroups.
    Groups,
    /// Subjects.
    Subjects,
    /// Teachers.
    Teachers,
    /// Buildings.
    Buildings,
    /// Rooms.
    Rooms,
    /// Loads.
    Loads,
}

/// How many of one thing there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Of what.
    pub what: Counted,
    /// In the file.
    pub total: u32,
    /// Of them, known to the school already.
    pub known: u32,
}

/// What an import will do, or did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preview {
    /// The institution's name in the file.
    pub name: String,
    /// Things, and how many of them the school already has.
    pub counts: Vec<Count>,
    /// Cards.
    pub cards: u32,
    /// Cards with a place.
    pub placed: u32,
    /// Names of the days.
    pub days: Vec<String>,
    /// Slots of a day.
    pub slots: u32,
    /// What to know before saying yes, in the person's language.
    pub warnings: Vec<String>,
    /// What comes along beside names and cards: times away, locks, rules.
    pub kept: Vec<String>,
    /// What the file says and the school will not have, by name and count.
    pub lost: Vec<String>,
}

/// What an import made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// The new draft of the timetable.
    pub version: VersionId,
    /// What was found and created.
    pub done: Preview,
}
