//! Deadlines in the database: [`read`] finds what is not written, [`write`] keeps the school's terms.

mod coursework;
mod gaps;
mod read;
mod reasons;
mod write;
mod year_marks;

pub(crate) use gaps::{Year, calendars, year};
pub(crate) use read::terms;
pub use read::{board, lessons, mine};
pub use write::{remove, save};
