//! Archives of the XHSTT benchmark (High School Timetable Archive): problems and solutions, read and written.
//!
//! A file from outside never crashes: sizes, depth and counts are bounded, entities are not expanded, and a refusal names the
//! line. What the format allows but nobody writes (an unknown kind of constraint) is refused, for leaving it out would
//! make every cost wrong.

mod constraints;
mod error;
mod read;
mod size;
mod solutions;
mod write;

pub use error::{Fault, ReadError};
pub use read::read;
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
}

impl Archive {
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
