//! A timetable after changed facts, with as few moves as can be: a teacher is ill, a room is closed, a cell is blocked, a lesson
//! more, another load.
//!
//! [`Amended`] puts the [`Change`]s into the problem, fits the present timetable to it, and adds a wish to each card to stay
//! where it is. [`Repair`] then mends card after card by the shortest chain of moves; what is left is met by one or several searches
//! (`lane`) from the present timetable, at last also by one from nothing, and cards are sent home. The answer is a list of
//! [`Move`](super::Move)s.

mod amend;
mod change;
mod lane;
mod mend;

pub use amend::{Amended, Price};
pub use change::{Change, Refusal};
pub use mend::Repair;
