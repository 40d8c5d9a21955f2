//! The class journal: one load, one period, pupils × lessons (JRN-1).
//!
//! A lesson has a column for each of its works (assignments); a lesson without a work has one column, where attendance
//! is typed, and where the first mark makes the default work («Ответ на уроке»). Attendance belongs to the lesson and may
//! be typed in any of its columns.
//!
//! Rules here are pure and shared by server and browser: [`average`], [`typing`], [`sheet`]. What travels is in [`cell`]
//! (one change and its outcome), [`grid`] (one period of a journal), [`planned`] (works that are planned for its lessons)
//! and [`news`] (what others do in it meanwhile). To add a kind of change: a variant of
//! [`cell::Change`], its arm in `sql::save`, in [`sheet`], and a row in the tests.

pub mod average;
pub mod cell;
pub mod grid;
pub mod news;
pub mod planned;
pub mod sheet;
#[cfg(feature = "sql")]
pub mod sql;
pub mod typing;
pub mod work_name;

pub use average::{Average, average};
pub use cell::{Answer, Batch, Change, Edit, Outcome, Place};
pub use grid::Grid;
pub use sheet::Sheet;
pub use work_name::{names_its_type, work_name};
