//! What lies under everyone: typed ids, languages, the error that travels, the rights policy; with `sql` also the
//! transaction context. Small and stable on purpose: an edit here rebuilds every department.
//!
//! The next thing belongs here only when *all* departments need it and it will hardly change.

mod error;
mod ids;
mod lang;
pub mod name;
pub mod number;
pub mod rights;
#[cfg(feature = "sql")]
pub mod sql;
/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

pub use error::{AppError, FieldError};
pub use ids::*;
pub use lang::Lang;
