//! Several searches that work together for a time, on a thread each: what the server gives a school. Where there are no threads, a
//! [`Lead`](super::Lead) leads them by the same rule.
//!
//! What comes out depends on the seed, the number of searches and the work; with a time for a budget, the clock of the caller decides
//! how much work that is, and nothing else.

use std::time::Duration;

use crate::problem::{Cost, Solution};
use crate::search::{Best, Ground, Means, Plan, Search, Team, Tuning, Ways};

/// Moves between two looks whether it is to end: a millisecond or so.
pub(super) const PORTION: u64 = 256;

/// How long a crew works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// So long, as the clock of the caller has it.
    Time(Duration),
    /// So many moves of each search.
    Work(u64),
}

/// Searches that work together.
pub struct Crew<'a> {
    ground: &'a Ground,
    team: Team<'a>,
    from: Option<Best>,
}

impl<'a> Crew<'a> {
    /// So many searches of one problem. `from`: a completed solution that is known already; nobody goes on from
    /// anything worse.
    #[must_use]
    pub fn new(ground: &'a Ground, seed: u64, searches: u32, from: Option<&Solution>) -> Self {
        let plan = Plan {
            seed,
            lane: 0,
            work: 0,
            tuning: Tuning::default(),
        };
        Self {
            ground,
            team: Team::new(ground, plan, searches),
            from: from.map(|solution| Best::of(ground, solution)),
        }
    }

    /// Works until the budget is used, nothing is left to improve, or `watch` says no; `watch` is asked after each portion of each
    /// search, on its thread. `clock`: the time since some moment.
    pub fn run(
        &mut self,
        budget: Budget,
        clock: &(impl Fn() -> Duration + Sync),
        watch: &(impl Fn(&Search<'a>) -> bool + Sync),
    ) {
        let began = clock();
        let gone = || clock().saturating_sub(began);
        let in_time = || match budget {
            Budget::Time(whole) => gone() < whole,
            Budget::Work(_) => true,
        };
        let watch = |search: &Search<'a>| watch(search) && in_time();
        if !self.team.build(&watch, PORTION) {
            return;
        }
        let means = match budget {
            Budget::Time(whole) => Means::Time(whole),
            Budget::Work(work) => Means::Work(work),
        };
        let ways = Ways {
            watch: &watch,
            clock: &gone,
            portion: PORTION,
        };
        self.team.run(&means, self.from.as_ref(), &ways, |_| {});
    }

    /// The best so far and its cost; what was known before counts, too.
    #[must_use]
    pub fn best(&self) -> (Cost, Solution) {
        let found = self.team.best();
        match &self.from {
            Some(from) if from.cost() < found.0 => (from.cost(), from.solution(self.ground)),
            _ => found,
        }
    }

    /// Whether one of several searches has panicked: they have all stopped, and the best is that of the others. A panic of the only
    /// one, or of all, is the caller's.
    #[must_use]
    pub fn has_fallen(&self) -> bool {
        self.team.has_fallen()
    }

    /// Moves tried, of all searches.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.team.lanes().iter().map(Search::done).sum()
    }
}
