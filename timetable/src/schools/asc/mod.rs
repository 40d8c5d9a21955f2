//! aSc Timetables XML as general problems, and finished timetables written back.
//!
//! The format is a set of tables under `<timetable>`: periods, definitions of days, weeks and terms (patterns of bits, several
//! separated by commas mean "one of these"), subjects, teachers, rooms, classes with groups, students, *lessons* (who, how many
//! periods a week, in cards of how many periods) and *cards* (where a lesson is placed). It states no wishes and no hours at which
//! somebody is away; so besides what must hold anyway (nobody in two places, a card within a day, the days and rooms of a lesson)
//! the problem has three mild wishes of our own: lessons spread over the week, no gaps for pupils, few for teachers.
//!
//! How it is understood: each card is an event in one piece. Groups of one division of a class are apart, groups of different
//! divisions are not; the class is cut into *atoms* accordingly. A teacher or class with lessons that are not held every week (or
//! term) is one resource for each of them. Rooms are not shared between weeks: stricter than needed, never wrong.
//! The file is kept whole as a tree; what has no effect is listed in [`AscSchool::unknown`] and written back as it was.

mod cards;
mod draft;
mod event;
mod fault;
mod people;
mod read;
mod rules;
mod school;
mod week;
mod write;

pub use draft::{import, import_text, is_one};
pub use fault::{AscFault, AscReason, MarkupFault};
pub use read::read;
pub use school::write;

use super::Unknown;
use crate::markup::Element;
use crate::problem::{Problem, Solution};

/// A file of aSc Timetables, the problem that it states, and the timetable in it.
#[derive(Clone, Debug)]
pub struct AscSchool {
    /// The problem.
    pub problem: Problem,
    /// Where the file's cards are; what has no card has no time.
    pub present: Solution,
    /// What has no effect on the problem.
    pub unknown: Vec<Unknown>,
    root: Element,
    week: week::Week,
    /// What each event is in the file.
    origins: Vec<event::Origin>,
    /// Cards that belong to no lesson: written back as they were.
    strays: Vec<Element>,
    /// Whether a card of several periods is one element for each.
    by_period: bool,
}
