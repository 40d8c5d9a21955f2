//! Import: a file of another program becomes a school. First what it would do, then doing it.
//!
//! Who: those who may edit the school's data. The next format: a choice of format on the page and a function beside
//! those in `api`.

mod api;
pub(crate) mod import_page;

pub use api::{ImportFet, PreviewFet};
