//! FET files (<https://lalescu.ro/liviu/fet/>) as general problems.
//!
//! The file is kept whole as a tree, so that what we do not understand is written back as it was ([`FetSchool::unknown`] lists
//! it). Each activity is an event in one piece; teachers, rooms and *atoms* of pupils (subgroups that all used sets treat
//! alike are one) are resources. A constraint of weight 100 is hard; below, its weight is its price.
//!
//! # How to understand one more constraint
//! An arm in `time::understand` (who is limited), `activities::understand` (how activities lie), `tags::understand` or
//! `space::understand` (rooms; `places` for changes of building and room) that adds rules to the problem.

mod activities;
mod broken;
mod changed;
mod check;
mod mode;
mod more;
mod placed;
mod places;
mod pupils;
mod read;
mod rules;
mod space;
mod tags;
mod time;
mod virtual_rooms;
mod wishes;
mod write;

use super::Unknown;
use crate::markup::Element;
use crate::problem::Problem;

pub use broken::unsure;
pub use more::More;
pub use placed::read_placed;
pub use read::read;

/// A FET file and the problem that it states.
#[derive(Clone, Debug)]
pub struct FetSchool {
    /// The problem.
    pub problem: Problem,
    /// Active constraints that have no effect on the problem.
    pub unknown: Vec<Unknown>,
    root: Element,
    /// Lines of constraints, and the rules of the problem that they came to.
    said: Vec<(u32, std::ops::Range<u32>)>,
    /// Number of the activity of each event.
    ids: Vec<u32>,
    /// Whether the file says where the event starts.
    placed: Vec<bool>,
    /// Seat of the room of each event; of its first real room, if it has a virtual one.
    room_seat: Vec<Option<u32>>,
    /// The virtual room of each event that has one.
    virtual_of: std::collections::BTreeMap<u32, u32>,
    hours: u32,
}

/// A refusal: the line (from 1) and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetFault {
    /// Line of the file.
    pub line: u32,
    /// In words.
    pub words: String,
    /// In Russian; `None` where the markup itself is broken, for which whoever tells it has words ([`crate::schools::asc::MarkupFault`]).
    pub russian: Option<String>,
}

impl FetFault {
    fn at(line: u32, words: impl Into<String>, russian: impl Into<String>) -> Self {
        Self {
            line,
            words: words.into(),
            russian: Some(russian.into()),
        }
    }
}

impl std::error::Error for FetFault {}

impl std::fmt::Display for FetFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.words)
    }
}

impl From<crate::markup::Broken> for FetFault {
    fn from(broken: crate::markup::Broken) -> Self {
        Self {
            line: broken.line,
            words: broken.fault.to_string(),
            russian: None,
        }
    }
}
