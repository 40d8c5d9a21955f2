//! Attendance in the database: [`read`] shows a month of a class, [`open`](mod@open) finds what is open in it, [`set`](mod@set) sets a
//! reason for a span of days and takes it back, [`ask`](mod@ask) asks to do so in a closed period, [`rule`] keeps the school's notions, [`hint`] tells the journal what is known.

mod ask;
pub(crate) mod facts;
mod hint;
pub(crate) mod open;
mod read;
mod rule;
mod set;

pub use ask::ask_reasons;
pub(crate) use hint::hints;
pub(crate) use read::days;
pub use read::{classes, sheet};
pub(crate) use rule::notions;
pub use rule::save_rule;
pub(crate) use set::checked;
pub use set::{Done, apply, preview, set, withdraw};
