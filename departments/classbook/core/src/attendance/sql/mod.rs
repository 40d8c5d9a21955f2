//! Attendance in the database: [`read`] shows a month of a class, [`open`](mod@open) finds what is open in it, [`set`](mod@set) sets a
//! reason for a span of days and takes it back, [`rule`] keeps the school's notions, [`hint`] tells the journal what is known.

pub(crate) mod facts;
mod hint;
pub(crate) mod open;
mod read;
mod rule;
mod set;

pub(crate) use hint::hints;
pub use read::{classes, sheet};
pub use rule::{rules, save_rule};
pub(crate) use set::checked;
pub use set::{Done, apply, preview, set, withdraw};
