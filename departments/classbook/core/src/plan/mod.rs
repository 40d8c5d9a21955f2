//! The calendar-thematic plan (КТП) of a load: rows of topics in order, and on which real lesson each falls (CUR-4).
//!
//! A plan has no dates. [`lay`](mod@lay) counts its rows out over the lessons of the timetable, past those that are cancelled, lie in holidays or
//! carry nothing of the plan, so that a lesson that falls out moves the rest by itself. [`act`](mod@act) is what a person does to a plan:
//! pure, the same for the preview in the browser and for the server. [`offer`](mod@offer) is what the journal is told for a lesson. [`table`](mod@table) reads the
//! rows of a file.
//!
//! To add a kind of change: a variant of [`Act`], its arm in [`act`](mod@act), a row in its tests and its words in the page.

pub mod act;
pub mod columns;
pub mod lay;
pub mod offer;
pub mod row;
#[cfg(feature = "sql")]
pub mod sql;
pub mod table;

pub use act::{Act, Fault};
pub use columns::Column;
pub use lay::{Fact, Laid, Moved, Out, PlanLesson, lay, moved};
pub use offer::Offer;
pub use row::{Book, Parallel, Plan, Row, RowId, Terms, Undo, WorkKind};
pub use table::Preview;
