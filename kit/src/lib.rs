//! Our interface vocabulary: what two departments draw alike. Knows no feature.
//!
//! Something moves here when a *second* department needs it. Looks live in `style/` (see its README), words in `texts/`.

mod context;
pub mod date;
pub mod file;
pub mod grid;
pub mod icon;
mod kept;
pub mod outbox;
mod pages;
/// What a server function needs: its transaction, its answer.
#[cfg(feature = "ssr")]
pub mod server;
mod states;
mod storage;
pub mod table;
/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub use context::{lang, load_document, outdated, provide_lang, today_path, with_return_to};
pub use icon::Icon;
pub use kept::{keep_pages, may_be_kept, when_stored};
pub use states::{Busy, Empty, ErrorBanner, ErrorState, FieldErrorText, LoadError, Working};
pub use storage::{bring_over, entries, shared_device, storage};
