//! Export: a version of the timetable as a file of another program. First what that program has no word for, then the file.
//!
//! Who: those who may change the timetable. The next format: a variant of `study_core::export::Format` and its words here.

mod api;
pub(crate) mod export_page;

pub use api::{ExportFile, LookExport};
