//! Homework beyond its text: links, files, minutes against the day's limit, work for some pupils only (JRN-3).
//!
//! The text of a class's homework goes through the journal's queue (`journal::cell::Change::Lesson`), also without a network. Here
//! is what stands beside it: [`link`] and [`name`] make safe what a person brings, [`kind`] tells a file by its content, [`norm`]
//! and [`day`] count a day's minutes against the dated limits, [`files`] is the one trait behind which bytes lie.
//!
//! To accept another kind of file: a variant of [`FileKind`] with its bytes in [`kind`], and the table's check.

pub mod day;
mod desk;
#[cfg(feature = "sql")]
pub mod files;
pub mod kind;
pub mod link;
pub mod name;
pub mod norm;
#[cfg(feature = "sql")]
pub mod sql;

pub use day::{Day, Due, Limit, day};
pub use desk::{Attached, Desk, Individual, IndividualEdit, MOST_FILE_BYTES, MOST_FILES, MOST_LESSON_BYTES};
pub use kind::FileKind;
pub use norm::{Basis, Norm};

/// What a line shows of a homework: its text; where it has none, that an address or a file says it.
#[must_use]
pub fn words(text: &str, links: &[String], lang: base::Lang) -> String {
    if !text.trim().is_empty() {
        return text.to_owned();
    }
    if links.is_empty() {
        crate::t::homework_in_file(lang)
    } else {
        crate::t::homework_by_link(lang)
    }
    .to_owned()
}
