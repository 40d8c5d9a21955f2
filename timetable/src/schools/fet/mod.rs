//! FET files (<https://lalescu.ro/liviu/fet/>) as general problems.
//!
//! The file is kept whole as a tree, so that what we do not understand is written back as it was ([`FetSchool::unknown`] lists
//! it). Each activity is an event in one piece; teachers, rooms and *atoms* of pupils (subgroups that all used sets treat
//! alike are one) are resources. A constraint of weight 100 is hard; below, its weight is its price.
//!
//! # How to understand one more constraint
//! An arm in `time::understand` or `space::understand` that adds rules to the problem.

mod placed;
mod pupils;
mod read;
mod rules;
mod space;
mod time;
mod write;

use super::Unknown;
use crate::markup::{Element, MarkupFault};
use crate::problem::rules::limit_idle_times::LimitIdleTimes;
use crate::problem::{Constraint, CostFunction, Named, Problem, Rule, Scope, Span};

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
    /// Number of the activity of each event.
    ids: Vec<u32>,
    /// Whether the file says where the event starts.
    placed: Vec<bool>,
    /// Seat of the room of each event.
    room_seat: Vec<Option<u32>>,
    hours: u32,
}

impl FetSchool {
    /// Adds the wish that teachers have no gaps, at a price of one each: FET itself only knows limits.
    pub fn wish_few_gaps(&mut self) {
        let teachers = (0..).zip(&self.problem.resources);
        let resources = teachers
            .filter(|(_, r)| r.kind == read::TEACHER)
            .map(|(at, _)| at)
            .collect();
        let days = (0..).zip(&self.problem.time_groups);
        let time_groups = days
            .filter(|(_, g)| g.span == Span::Day)
            .map(|(at, _)| at)
            .collect();
        self.problem.constraints.push(Constraint {
            label: Named {
                id: "few gaps".to_owned(),
                name: "teachers have no gaps".to_owned(),
            },
            required: false,
            weight: 1,
            cost: CostFunction::Linear,
            scope: Scope {
                resources,
                ..Scope::default()
            },
            rule: Rule::LimitIdleTimes(LimitIdleTimes {
                time_groups,
                min: 0,
                max: 0,
            }),
        });
    }
}

/// A refusal: the line (from 1) and the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetFault {
    /// Line of the file.
    pub line: u32,
    /// In words.
    pub words: String,
}

impl std::error::Error for FetFault {}

impl std::fmt::Display for FetFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.words)
    }
}

impl From<crate::markup::Broken> for FetFault {
    fn from(broken: crate::markup::Broken) -> Self {
        let words = match broken.fault {
            MarkupFault::TooLarge(most) => format!("the file is larger than {most} bytes"),
            MarkupFault::TooDeep(most) => format!("elements are nested deeper than {most} levels"),
            MarkupFault::TooMany(most) => format!("the file has more than {most} elements"),
            MarkupFault::TextTooLong(most) => format!("a text is longer than {most} bytes"),
            MarkupFault::NotUtf8 => "the file is not UTF-8".to_owned(),
            MarkupFault::DocumentType => "document types are not read".to_owned(),
            MarkupFault::Entity(name) => format!("the entity {name} is not known"),
            MarkupFault::NotXml(words) => format!("not XML: {words}"),
            MarkupFault::Truncated(name) => format!("the file ends inside <{name}>"),
            MarkupFault::Empty => "the file is empty".to_owned(),
        };
        Self {
            line: broken.line,
            words,
        }
    }
}
