//! One search of a crew that works in a place of its own, say in a worker of a browser: it is given orders and reports.

use serde::{Deserialize, Serialize};

use super::crew::PORTION;
use super::problem::Composition;
use crate::problem::{Cost, Solution};
use crate::search::{Best, Ground, MEETING, Plan, Search, Tuning};

/// A timetable on its way from one search to the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// What it is.
    pub solution: Solution,
    /// A round that gave times first has found it.
    pub by_scout: bool,
}

/// What a member is to do until its next report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// Learn what moves cost.
    Learn,
    /// Begin a round.
    Round {
        /// Moves for the first and all later rounds, or for those that are left; `None`: as was planned.
        work: Option<u64>,
        /// The best of all, unless it is the member's own.
        from: Option<Found>,
    },
    /// Go on with the round after a meeting.
    Meet,
    /// The same; if it is the last round, so many moves are left in it.
    Rest(u64),
}

/// Where a member is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum At {
    /// At its order.
    Busy,
    /// At a meeting, in the middle of a round.
    Meeting,
    /// Its order is carried out, no round goes on.
    Pause,
    /// Nothing is left to do.
    Over,
}

/// What a member tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Where it is.
    pub at: At,
    /// Its best so far; while the first timetable is made, of what there is of it.
    pub cost: Cost,
    /// Moves tried.
    pub moves: u64,
}

/// What it is at.
#[derive(Clone, Copy)]
enum Task {
    Build,
    Learn,
    /// So many moves are left to the next meeting.
    Round(u64),
}

/// One search of a crew. It begins with making its first timetable, without an order.
pub struct Member<'a> {
    composition: &'a Composition,
    ground: &'a Ground,
    search: Search<'a>,
    task: Task,
    planned: bool,
}

impl<'a> Member<'a> {
    /// The search of this number, of a composition whose ground it is.
    #[must_use]
    pub fn new(composition: &'a Composition, ground: &'a Ground, seed: u64, number: u32) -> Self {
        let plan = Plan {
            seed,
            lane: number,
            work: 0,
            tuning: Tuning::default(),
        };
        Self {
            composition,
            ground,
            search: Search::begin(ground, plan),
            task: Task::Build,
            planned: false,
        }
    }

    /// Takes an order. A timetable that does not fit the problem is not taken over.
    pub fn take(&mut self, order: Order) {
        match order {
            Order::Learn => self.task = Task::Learn,
            Order::Meet => self.task = Task::Round(MEETING),
            Order::Rest(left) => {
                if self.search.is_last_round() {
                    self.search.stretch(left);
                }
                self.task = Task::Round(MEETING);
            }
            Order::Round { work, from } => {
                match work {
                    Some(work) if self.planned => self.search.share_rest(work),
                    Some(work) => self.search.share_all(work),
                    None => {}
                }
                self.planned = true;
                let whole = from.and_then(|found| {
                    let whole = found.solution.completed(self.composition.problem()).ok()?;
                    Some(Best::of(self.ground, &whole).by_scout(found.by_scout))
                });
                if let Some(best) = whole {
                    self.search.adopt(&best);
                }
                self.search.go_on();
                self.task = Task::Round(MEETING);
            }
        }
    }

    /// Works for one portion, some milliseconds; false once the order is carried out.
    pub fn step(&mut self) -> bool {
        match &mut self.task {
            Task::Build if self.search.is_building() => {
                self.search.run_within_round(PORTION);
            }
            Task::Learn if self.search.is_learning() => {
                self.search.run_within_round(1);
            }
            Task::Round(left) if *left > 0 && self.search.is_within_round() => {
                let now = PORTION.min(*left);
                self.search.run_within_round(now);
                *left -= now;
            }
            _ => {}
        }
        self.at() == At::Busy
    }

    fn at(&self) -> At {
        match self.task {
            _ if self.search.is_over() => At::Over,
            Task::Build if self.search.is_building() => At::Busy,
            Task::Learn if self.search.is_learning() => At::Busy,
            Task::Round(left) if self.search.is_within_round() => {
                if left > 0 {
                    At::Busy
                } else {
                    At::Meeting
                }
            }
            _ => At::Pause,
        }
    }

    /// What there is to tell.
    #[must_use]
    pub fn report(&self) -> Report {
        Report {
            at: self.at(),
            cost: self.search.cost(),
            moves: self.search.done(),
        }
    }

    /// The best so far.
    #[must_use]
    pub fn found(&self) -> Found {
        Found {
            solution: self.search.best(),
            by_scout: self.search.found().is_by_scout(),
        }
    }
}
