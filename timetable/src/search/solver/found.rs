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
