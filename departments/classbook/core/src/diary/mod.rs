//! The diary (дневник): what a family sees of a week, of a subject, and what is new since they last looked.
//!
//! Types that travel are in [`week`](mod@week) and [`subjects`](mod@subjects). The rules that need no database: [`plan`] lays lessons, cards of
//! the timetable and homework out on days; [`what_if`] answers «what if I get a five». `sql` asks the database, once a page.
//!
//! To show one more thing of a lesson: a field of [`Lesson`], a column of the row in [`plan`], a line of `sql::frame` (alike for the class) or `sql::given` (the pupil's own).

mod beat;
mod changes;
#[cfg(feature = "sql")]
mod memory;
#[cfg(any(feature = "sql", test))]
mod plan;
#[cfg(feature = "sql")]
pub mod sql;
mod subjects;
pub mod tick;
mod week;
mod what_if;

pub use beat::Beat;
pub use changes::Changes;
#[cfg(feature = "sql")]
pub use memory::Weeks;
pub use subjects::{Dated, KindWeight, Outcome, Period, Subject, Subjects, Topic};
pub use tick::Tick;
pub use week::{
    Absence, Assessment, Child, Day, Homework, Lesson, Mark, News, Place, State, Week, nearest_week,
};
pub use what_if::{Counted, how_many, next_border, proposed, what_if};
