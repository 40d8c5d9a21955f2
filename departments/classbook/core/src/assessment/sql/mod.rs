//! The schedule's questions and acts: [`read`] finds works and what the rules count with, [`write`](mod@write) plans and decides.

mod read;
mod write;

pub use read::{desk, public, schedule};
pub use write::{decide, remove, save};
