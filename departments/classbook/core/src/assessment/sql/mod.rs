//! The schedule's questions and acts: [`read`] finds works and what the rules count with, [`columns`] those of the journal, [`parts`](mod@parts) the groups
//! of each journal, [`write`](mod@write) plans and decides.

mod columns;
mod parts;
mod read;
mod write;

pub use columns::against;
pub use read::{desk, public, schedule};
pub use write::{decide, remove, save};
