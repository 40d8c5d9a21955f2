//! The plan in the database: [`read`] asks, [`write`] does what a person does, in one transaction with its act and its event.

mod import;
mod lessons;
mod read;
mod write;

pub use import::{How, Table, import, must_edit, preview, read_file};
pub use read::{book, offers};
pub use write::{change, copy, undo};
