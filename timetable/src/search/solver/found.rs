//! A timetable that is known already, for a search to go on from.

use super::{Best, Ground};
use crate::problem::{Cost, Solution};
use crate::search::state::{Snapshot, State};

impl Best {
    /// A completed solution of the ground's problem.
    #[must_use]
    pub fn of(ground: &Ground, solution: &Solution) -> Self {
        Self {
            timetable: Snapshot::of(&State::of(&ground.net, solution)),
            by_scout: false,
        }
    }

    /// The same with what its finder says of it: whether a round that gave times first has found it.
    #[must_use]
    pub fn by_scout(self, by_scout: bool) -> Self {
        Self { by_scout, ..self }
    }

    /// Whether a round that gave times first has found it.
    #[must_use]
    pub fn is_by_scout(&self) -> bool {
        self.by_scout
    }

    /// Its cost.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.timetable.cost()
    }

    /// The timetable itself.
    #[must_use]
    pub fn solution(&self, ground: &Ground) -> Solution {
        let mut state = State::new(&ground.net);
        self.timetable.restore(&mut state);
        state.solution()
    }
}
