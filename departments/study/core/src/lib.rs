//! Study: what is taught, when, where, to whom and by whom.
//!
//! * [`bells`]: when lessons begin and end, of whom.
//! * [`building`]: buildings, floors, and the ways between.
//! * [`timetable`]: versions, the editor's board, saving, publishing, lessons on dates.
//! * [`compose`]: a timetable is searched for by the server, from a draft to another draft.
//! * [`repair`]: after changed facts a timetable is mended with few moves.
//! * [`requirement`]: what a school asks of its timetable, each with its weight in words.
//! * [`import`]: another program's file becomes a school. [`export`]: and back.
//! * [`roll`]: pupils and their families from a list, subgroups.
//! * [`opening`]: the standard reference data of a new organisation.
//!
//! The next feature is a module of one word beside these, with its queries in `sql` below it.

pub mod bells;
pub mod building;
pub mod compose;
pub mod export;
pub mod import;
pub mod opening;
#[cfg(feature = "sql")]
pub mod readers;
#[cfg(feature = "engine")]
pub mod repair;
pub mod requirement;
pub mod roll;
pub mod timetable;
/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic, clippy::if_same_then_else)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}
