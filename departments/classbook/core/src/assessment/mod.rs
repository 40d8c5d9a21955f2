//! The schedule of assessment works («График оценочных процедур», domain facts 2.2): a teacher plans a work, the rules tell at once what
//! stands against it and where it would be free, a deputy approves it or returns it with words, families see it in the diary.
//!
//! A work that is added in the journal goes by the same rules: its column counts beside the works of the schedule (`sql::columns`), and what stands
//! against it is told where it is added.
//!
//! [`rule`] is the law as pure functions over dated rows (`homework::norm`), the same in browser and server; [`schedule`] is what travels;
//! [`Part`] tells works of a group from those of a class;
//! [`fact`](fn@fact) is plan against fact: whether a work of the schedule came into the journal. [`table`](mod@table) is the public spreadsheet. Nothing is refused for a norm: the school decides, and sees on what it decides.

mod fact;
mod part;
pub mod rule;
mod schedule;
#[cfg(feature = "sql")]
pub mod sql;
pub mod table;

pub use fact::{Fact, OnDay, fact};
pub use part::{Part, settled};
pub use rule::{Known, Place, Planned, Remark, check, free};
pub use schedule::{Against, Desk, Edit, Schedule, State, Work};
