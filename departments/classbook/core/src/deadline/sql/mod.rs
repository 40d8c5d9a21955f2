//! Deadlines in the database: [`read`] finds what is not written, [`late`](mod@late) what was written late, [`write`] keeps the school's terms.

mod coursework;
mod gaps;
mod late;
mod missing;
mod read;
mod reasons;
mod totals;
mod write;
mod year_marks;

pub(crate) use gaps::{Year, calendars, year};
pub use late::late;
pub(crate) use read::terms;
pub use read::{board, lessons, mine};
pub use write::{remove, save};
