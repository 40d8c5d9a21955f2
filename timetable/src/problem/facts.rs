//! A timetable laid out for reading: who is busy when, which meets an event has.

use super::{Meet, Problem, Solution};
use crate::ids::{narrow, wide};

/// A solution, indexed.
pub struct Facts<'a> {
    /// The problem.
    pub problem: &'a Problem,
    /// The timetable.
    pub solution: &'a Solution,
    by_event: Vec<Vec<u32>>,
    busy: Vec<u32>,
}

impl<'a> Facts<'a> {
    /// Lays out a completed solution.
    #[must_use]
    pub fn new(problem: &'a Problem, solution: &'a Solution) -> Self {
        let times = problem.times.len();
        let mut by_event = vec![vec![]; problem.events.len()];
        let mut busy = vec![0; times * problem.resources.len()];
        for (at, meet) in solution.meets.iter().enumerate() {
            by_event[wide(meet.event)].push(narrow(at));
            for time in Self::times_of(meet) {
                for resource in meet.resources.iter().flatten() {
                    busy[wide(*resource) * times + wide(time)] += 1;
                }
            }
        }
        Self {
            problem,
            solution,
            by_event,
            busy,
        }
    }

    /// The meets of an event.
    pub fn meets(&self, event: u32) -> impl Iterator<Item = &'a Meet> + '_ {
        let solution: &'a Solution = self.solution;
        self.by_event[wide(event)]
            .iter()
            .map(move |at| &solution.meets[wide(*at)])
    }

    /// The times that a meet takes; none without a start.
    #[must_use]
    pub fn times_of(meet: &Meet) -> std::ops::Range<u32> {
        match meet.time {
            Some(start) => start..start + meet.duration,
            None => 0..0,
        }
    }

    /// How many seats a resource has at a time.
    #[must_use]
    pub fn busy(&self, resource: u32, time: u32) -> u32 {
        self.busy[wide(resource) * self.problem.times.len() + wide(time)]
    }

    /// Events where a resource sits at a time.
    pub fn events_at(&self, resource: u32, time: u32) -> impl Iterator<Item = u32> + '_ {
        self.solution.meets.iter().filter_map(move |meet| {
            let there = Self::times_of(meet).contains(&time) && meet.resources.contains(&Some(resource));
            there.then_some(meet.event)
        })
    }

    /// Where a resource is at each of some times, on a map: only times at which it has one placed seat, with the spot.
    #[must_use]
    pub fn trail(&self, resource: u32, map: u32, times: &[u32]) -> Vec<(u32, u32)> {
        let map = &self.problem.maps[wide(map)];
        let mut found: Vec<(u32, u32)> = vec![];
        for meet in &self.solution.meets {
            let seats = meet.resources.iter().filter(|w| **w == Some(resource)).count();
            let Some(spot) = map.spot_of_meet(meet).filter(|_| seats > 0) else {
                continue;
            };
            let there = Self::times_of(meet).filter(|t| times.contains(t));
            found.extend(there.flat_map(|t| std::iter::repeat_n((t, spot), seats)));
        }
        found.sort_unstable();
        let alone = |at: usize| {
            let beside = |other: Option<&(u32, u32)>| other.is_some_and(|o| o.0 == found[at].0);
            !beside(at.checked_sub(1).and_then(|b| found.get(b))) && !beside(found.get(at + 1))
        };
        (0..found.len())
            .filter(|at| alone(*at))
            .map(|at| found[at])
            .collect()
    }

    /// How many times of a list a resource is busy.
    #[must_use]
    pub fn busy_in(&self, resource: u32, times: &[u32]) -> u32 {
        narrow(times.iter().filter(|t| self.busy(resource, **t) > 0).count())
    }
}
