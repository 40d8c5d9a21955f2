//! Archives of the XHSTT benchmark (High School Timetable Archive): problems and solutions, read and written.
//!
//! A file from outside never crashes: sizes, depth and counts are bounded, entities are not expanded, and a refusal names the
//! line. A kind of constraint that is not known is kept as it stands ([`Archive::unknown`]) and written back in its place; no cost counts
//! it, so no cost is stated for a solution of such a problem but what the file states.

mod constraints;
mod error;
mod read;
mod size;
mod solutions;
mod write;

pub use crate::markup::MarkupFault;
pub use error::{Fault, ReadError};
pub use read::{markup_fault, read};
pub use write::write;

use crate::problem::{Cost, Metadata, Problem, Solution, evaluate};

/// What is in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Archive {
    /// Identifier, if it has one.
    pub id: String,
    /// Who made it.
    pub metadata: Metadata,
    /// Problems.
    pub problems: Vec<Problem>,
    /// Groups of solutions.
    pub groups: Vec<SolutionGroup>,
    /// Constraints that are not understood, in the order of the file.
    pub unknown: Vec<UnknownConstraint>,
}

/// A constraint of a kind that is not known: kept, but no cost counts it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownConstraint {
    /// Position of its problem.
    pub problem: u32,
    /// How many of the problem's known constraints stand before it.
    pub before: u32,
    /// What it is called, or else its identifier.
    pub name: String,
    /// Its element, and what of it is not known where the rest is.
    pub kind: String,
    /// Whether it is a requirement.
    pub required: bool,
    /// Line of the file.
    pub line: u32,
    /// The element as it stands in the file.
    pub xml: String,
}

impl Archive {
    /// The constraints of a problem that are not understood.
    pub fn unknown_of(&self, at: usize) -> impl Iterator<Item = &UnknownConstraint> {
        self.unknown
            .iter()
            .filter(move |u| crate::ids::wide(u.problem) == at)
    }

    /// The solution of a problem that breaks least.
    #[must_use]
    pub fn best_of(&self, at: usize) -> Option<&Solution> {
        let problem = self.problems.get(at)?;
        let all = self.groups.iter().flat_map(|g| &g.solutions);
        let own = all.filter(|s| crate::ids::wide(s.problem) == at);
        let best = own.min_by_key(|s| evaluate(problem, &s.solution));
        best.map(|s| &s.solution)
    }
}

/// Solutions of one author.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SolutionGroup {
    /// Identifier.
    pub id: String,
    /// Who made them.
    pub metadata: Metadata,
    /// Where it was published.
    pub publication: String,
    /// Solutions.
    pub solutions: Vec<Solved>,
}

/// A solution of one problem of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solved {
    /// Position of the problem.
    pub problem: u32,
    /// Free text.
    pub description: String,
    /// Seconds of computing, as the author wrote it.
    pub running_time: String,
    /// The cost that the file's report states.
    pub stated: Option<Cost>,
    /// The timetable, complete.
    pub solution: Solution,
}
