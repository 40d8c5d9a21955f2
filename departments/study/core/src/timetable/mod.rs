//! The timetable: dated versions, each a board of cards.
//!
//! * [`board`]: what the editor loads, and the facts for the judge (crate `timetable`) made from it, on both sides alike.
//! * [`norms`]: rows of the law turned into the judge's limits.
//! * [`words`]: reasons as sentences.
//! * [`moves`]: what an editor saves, and how moves are undone, replayed and compared.
//! * [`sql`] (feature): reading, saving, publishing, laying lessons out on dates.
//!
//! The next rule of the law: a `kind` in [`norms`], its row in a migration, its words in [`words`].

pub mod board;
pub mod moves;
pub mod norms;
#[cfg(feature = "sql")]
pub mod sql;
pub mod words;

pub use board::{
    BoardData, CardRow, ClassRow, GroupRow, LoadRow, RoomRow, SubjectRow, TeacherRow, VersionInfo,
    VersionRow, VersionState, Versions,
};
pub use moves::{CardState, Move, Seat};
pub use norms::NormRow;
