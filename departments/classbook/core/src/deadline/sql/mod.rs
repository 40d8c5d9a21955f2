//! Deadlines in the database: [`read`] finds what is not written, [`write`] keeps the school's terms.

mod gaps;
mod read;
mod write;

pub use read::{board, lessons, mine};
pub use write::{remove, save};
