//! The timetable: dated versions, each a board of cards.
//!
//! * [`board`]: what the editor loads, the same on both sides.
//! * [`facts`]: the same as facts for the judge; [`halves`]: cards of a load's hours.
//! * [`norms`]: rows of the law turned into the judge's limits, with their dates, and how hard a subject is.
//! * [`regime`]: shifts, bells, breaks, lesson length against the law, of the version as a whole.
//! * [`parallels`]: which classes are looked at side by side; `bells`: when lessons begin and end, for whom.
//! * [`words`]: reasons as sentences; [`bars`]: what closes cells to a card; [`later`]: what begins or ends while a version is in force.
//! * [`counts`]: how much there is to say about a version, the same on every screen; [`days`]: what its days are called.
//! * [`listed`]: the list of versions.
//! * [`moves`]: what an editor saves, undoes and replays.
//! * [`single`]: rules about single lessons that a file has brought.
//! * [`sql`] (feature): reading, saving, publishing, laying lessons out on dates.
//!
//! The next rule of the law: a `kind` in [`norms`], its row in a migration, its words in [`words`].

pub mod bars;
mod bells;
pub mod board;
pub mod counts;
pub mod days;
pub mod facts;
pub mod halves;
pub mod later;
pub mod listed;
pub mod moves;
pub mod norms;
pub mod parallels;
pub mod regime;
#[cfg(test)]
pub(crate) mod samples;
pub mod single;
#[cfg(feature = "sql")]
pub mod sql;
pub mod words;

pub use board::{
    BoardData, CardRow, ClassRow, GroupRow, LoadRow, OrgKind, RingRow, RingTime, RoomRow, SubjectRow,
    TeacherRow, VersionInfo, VersionRow, VersionState, Versions,
};
pub use counts::Counts;
pub use moves::{CardState, Move, Seat};
pub use norms::NormRow;
pub use parallels::{Parallel, Side};
