//! What may be given and for what: the school's scales of marks, and its types of work with their usual weights.
//!
//! * [`counting`]: what a mark of any scale says and counts, and by which scale results are given.
//! * [`terms`]: a type of work and a scale as a school writes them, and what is wrong with one.
//! * [`letters`]: the letters of attendance, each with what it counts as.
//! * `sql` (feature): reading and changing them. What marks have been given for stays: it may be renamed, not revalued or taken away.
//!
//! To add a setting: a field of [`terms::TypeTerms`] or [`terms::ScaleTerms`], its bounds in `fault`, a column in a migration, a field of the form.

pub mod counting;
pub mod letters;
#[cfg(feature = "sql")]
pub mod sql;
pub mod terms;

pub use counting::{Book, Counting};
pub use letters::{LetterLine, LetterTerms};
pub use terms::{ItemTerms, Results, ResultsEdit, ScaleLine, ScaleTerms, Scales, TypeLine, TypeTerms};
