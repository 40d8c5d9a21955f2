//! Bells: when each lesson begins and ends, of which grades on which weekdays. Every lesson of a timetable, of a journal and of a diary
//! goes by them from the moment they are saved.
//!
//! * [`terms`]: a schedule as it is written, what is wrong with it, and moving it by minutes.
//! * [`notes`]: what of it breaks a norm, lesson by lesson (`timetable::regime` judges).
//! * [`loss`]: placed lessons that a change leaves without a bell, told before it is saved.
//! * [`sheet`]: everything that the page shows. [`words`]: what is said of all this.
//! * [`sql`] (feature): reading and changing. Who: those who may change the timetable; whoever may see it reads.

pub mod loss;
pub mod notes;
pub mod sheet;
#[cfg(feature = "sql")]
pub mod sql;
pub mod terms;
pub mod words;

pub use loss::{Lost, Placed, Rung};
pub use notes::Note;
pub use sheet::{Answer, Grade, Schedule, Sheet, Taken};
pub use terms::{Lesson, Terms, Uses};
