//! «Требования и пожелания»: what a school asks of its timetable beyond the law — teachers' hours, rooms of subjects,
//! windows, stricter norms — each with its weight in words and its dates.
//!
//! * [`weight`]: how much one weighs, in five words.
//! * [`kind`]: **the one table** of what can be asked: of whom, with what figure, and what each weight costs. The judge of the
//!   editor and the search of «Составить» both read a board, and the board is made by it.
//! * [`terms`]: one requirement, and what is wrong with it.
//! * [`hours`]: when somebody cannot or would rather not, cell by cell.
//! * [`subject`]: the times that a subject keeps to. `whole`: what is asked of all teachers, all classes, some grades.
//! * [`facts`]: requirements as facts of the board; what the school sets stricter than the law.
//! * [`words`]: all of it as sentences. [`sheet`]: what the page shows.
//! * [`sql`] (feature): reading, saving, removing.
//!
//! Who: those who may change the timetable of the school; whoever may see it looks, at others' hours not.
//!
//! The next requirement: a line in [`kind`], its reading in [`facts`], its words in `texts`, its key in a migration.

pub mod facts;
pub mod hours;
pub mod kind;
pub mod sheet;
#[cfg(feature = "sql")]
pub mod sql;
pub mod subject;
pub mod terms;
pub mod weight;
mod whole;
pub mod words;

pub use hours::{Cell, Hours, Term, Who};
pub use kind::Kind;
pub use sheet::Sheet;
pub use terms::{Requirement, Target, Terms};
pub use weight::Weight;
