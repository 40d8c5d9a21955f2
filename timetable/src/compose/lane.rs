//! One search, in portions of work: from nothing, or from a timetable found earlier.

use crate::problem::{Cost, Solution};
use crate::search::anneal::{self, Balance, Bend, Cooling, Sample, Thresholds, Tools};
use crate::search::{Ground, Mover, Plan, Random, Search, Snapshot, State};

/// A search. The same plan, start and portions of work give the same timetable.
pub enum Lane<'a> {
    /// From nothing.
    Fresh(Box<Search<'a>>),
    /// From a timetable.
    Warm(Box<Warm<'a>>),
}

/// Where a warm search begins, as a part of the temperature of a fresh one: hot enough to move, not to forget.
const WARMTH: f64 = 0.4;

/// A search that goes on from a timetable: one cooling of all its work.
pub struct Warm<'a> {
    state: State<'a>,
    mover: Mover<'a>,
    random: Random,
    thresholds: Thresholds,
    balance: Balance,
    best: Snapshot,
    cooling: Cooling,
    done: u64,
}

impl<'a> Lane<'a> {
    /// A search with all the work of a plan; `from` is a completed solution to go on from.
    #[must_use]
    pub fn new(ground: &'a Ground, plan: Plan, from: Option<&Solution>) -> Self {
        match from {
            None => Self::Fresh(Box::new(Search::new(ground, plan))),
            Some(solution) => Self::Warm(Box::new(Warm::new(ground, plan, solution))),
        }
    }

    /// Tries about so many moves; false once the work is done or nothing is left to improve.
    pub fn run(&mut self, moves: u64) -> bool {
        match self {
            Self::Fresh(search) => search.run(moves),
            Self::Warm(warm) => warm.run(moves),
        }
    }

    /// The first timetable is still being made.
    #[must_use]
    pub fn is_building(&self) -> bool {
        match self {
            Self::Fresh(search) => search.is_building(),
            Self::Warm(_) => false,
        }
    }

    /// The best cost so far.
    #[must_use]
    pub fn cost(&self) -> Cost {
        match self {
            Self::Fresh(search) => search.cost(),
            Self::Warm(warm) => warm.best.cost(),
        }
    }

    /// The best timetable so far.
    #[must_use]
    pub fn best(&self) -> Solution {
        match self {
            Self::Fresh(search) => search.best(),
            Self::Warm(warm) => {
                let mut state = warm.state.clone();
                warm.best.restore(&mut state);
                state.solution()
            }
        }
    }
}

impl<'a> Warm<'a> {
    fn new(ground: &'a Ground, plan: Plan, solution: &Solution) -> Self {
        let net = &ground.net;
        let mut random = Random::new(plan.seed.wrapping_mul(1_000_003) ^ u64::from(plan.lane));
        let mut state = State::of(net, solution);
        let mut mover = Mover::new(net, &ground.domains);
        let best = Snapshot::of(&state);
        let mut sample = Sample::default();
        sample.take(&mut state, &mut mover, &mut random, 2000);
        let rise = sample.rise();
        let unit = net.smallest_soft_price().unwrap_or(1).max(1);
        let unit = f64::from(i32::try_from(unit).unwrap_or(i32::MAX));
        let to = unit * plan.tuning.cold;
        let cooling = Cooling {
            from: (rise * plan.tuning.hot * WARMTH).max(to * 4.0),
            to,
            moves: plan.work.max(1),
            hard: unit * plan.tuning.hard,
            reach: rise * plan.tuning.reach,
            ratios: None,
            press: plan.tuning.press(),
            bend: Bend::default(),
        };
        Self {
            state,
            mover,
            random,
            thresholds: Thresholds::new(),
            balance: Balance {
                ratio: 3.0,
                bounds: (1.0, plan.tuning.strict),
                pace: plan.tuning.pace,
            },
            best,
            cooling,
            done: 0,
        }
    }

    fn run(&mut self, moves: u64) -> bool {
        let end = self.done.saturating_add(moves).min(self.cooling.moves);
        if self.done >= end || self.best.cost() == Cost::default() {
            return false;
        }
        let mut tools = Tools {
            mover: &mut self.mover,
            random: &mut self.random,
            thresholds: &self.thresholds,
            balance: &mut self.balance,
            best: &mut self.best,
        };
        anneal::run(&mut self.state, &mut tools, &self.cooling, self.done..end);
        self.done = end;
        true
    }
}
