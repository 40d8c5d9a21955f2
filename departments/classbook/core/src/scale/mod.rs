//! What may be given and for what: the school's scales of marks, and its types of work with their usual weights.
//!
//! * [`terms`]: a type of work and a scale as a school writes them, and what is wrong with one.
//! * `sql` (feature): reading and changing them. What marks have been given for stays: it may be renamed, not revalued or taken away.
//!
//! To add a setting: a field of [`terms::TypeTerms`] or [`terms::ScaleTerms`], its bounds in `fault`, a column in a migration, a field of the form.

#[cfg(feature = "sql")]
pub mod sql;
pub mod terms;

pub use terms::{ItemTerms, ScaleLine, ScaleTerms, Scales, TypeLine, TypeTerms};
