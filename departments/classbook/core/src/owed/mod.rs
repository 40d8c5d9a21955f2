//! Owed works («точка», JRN-1): a pupil has a work still to hand in, perhaps by a day.
//!
//! A dot stands where the mark of the work would stand, and is a part of it ([`journal::cell::Change::Mark`](crate::journal::cell::Change::Mark)):
//! one version, one history, one queue. It weighs nothing and is in no average. The mark that is given there pays it: the dot goes, and that the
//! work was handed in, and whether in time, stays with the mark. Taking that mark away brings the dot back, for the work is owed again.
//!
//! [`rule`](mod@rule) says what becomes of a dot and how it stands; [`list`](mod@list) is what is owed in the journals that one sees.

pub mod list;
pub mod rule;
#[cfg(feature = "sql")]
pub mod sql;
mod words;

pub use list::{Debts, Line, Work};
pub use rule::{DOT, Due, Owed, Standing, Wish, default_until};
pub use words::said;
