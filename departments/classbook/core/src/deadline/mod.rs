//! Deadlines of the journal (JRN-5): what of a lesson is still to be written, and since when it should have been.
//!
//! The rules are dates alone ([`rule`](mod@rule)): how many working days after a lesson its topic, homework and marks are due, by the school's own
//! terms with their first day. Days off of the grade are no working days; a cancelled lesson, one in a holiday or in a locked period
//! owes nothing; a lesson is owed by who gave it, of a substitution the substitute. [`board`](mod@board) counts.
//!
//! What is seen is what is written. A lesson at which everybody was there and nobody got a mark leaves no trace but its topic: with
//! one it counts as kept.
//!
//! What was written after its term is owed no longer; [`late`](mod@late) keeps count of it.
//!
//! To add a kind of debt: a variant of [`Kind`], its arm in [`rule::debts`], its words in the page.

pub mod board;
pub mod late;
pub mod rule;
#[cfg(feature = "sql")]
pub mod sql;

pub use board::{Board, Count, Debt, Line, Mine, Rule, count};
pub use late::{Figures, Late, Span, Written, figures};
pub use rule::{Calendar, Gap, Kind, Term, Terms, debts, due};
