//! Bells in the database. Each change is compared with what the person saw, and leaves an audit event in its transaction; all changes of a
//! school wait for one another, because a weekday of a grade goes from one schedule to another.

mod read;
mod write;

pub use read::sheet;
pub use write::{remove, save};

/// The thing of an event.
const ENTITY: &str = "bell_schedule";
