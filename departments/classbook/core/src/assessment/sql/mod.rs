//! The schedule's questions and acts: [`read`] finds works and what the rules count with, [`columns`] those of the journal, [`parts`](mod@parts) the groups
//! of each journal, [`places`](mod@places) where in its day a lesson lies, [`write`](mod@write) plans and decides.

mod columns;
mod parts;
mod places;
mod read;
mod write;

pub use columns::against;
pub use read::{desk, public, schedule};
pub use write::{decide, remove, save};
