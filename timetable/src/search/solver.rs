//! The solver: construction, then annealing in rounds, each longer than the last, on as many threads as wanted.
//!
//! Everything is measured in *work* (moves tried), so that the result depends on the seed, the number of threads and the
//! budget of work only; the clock of the caller decides nothing but when to stop.

use super::anneal::{self, Balance, Cooling, Thresholds, Tools};
use super::construct::construct;
use super::cyclic;
use super::domains::Domains;
use super::moves::Mover;
use super::net::Net;
use super::random::Random;
use super::state::{Snapshot, State};
use crate::problem::{Cost, Problem, Solution};

/// How the annealing is set; see the record of decisions for what was measured.
#[derive(Clone, Copy, Debug)]
pub struct Tuning {
    /// First temperature, as a part of the soft cost's typical rise in one move.
    pub hot: f64,
    /// First temperature of the later rounds, as a part of that.
    pub reheat: f64,
    /// Last temperature, as a part of the smallest soft price.
    pub cold: f64,
    /// What a unit of hard cost weighs at least, in multiples of the smallest soft price.
    pub hard: f64,
    /// However cold it is, a unit of hard cost may come to weigh so many typical rises of the soft cost in one move.
    pub reach: f64,
    /// Most that a unit of hard cost weighs, in multiples of the temperature.
    pub strict: f64,
    /// How fast the weight of hard cost is balanced.
    pub pace: f64,
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            hot: 1.0,
            reheat: 1.0,
            cold: 0.15,
            hard: 3.0,
            reach: 4.0,
            strict: 12.0,
            pace: 1.002,
        }
    }
}

/// What to solve with.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Seed of all random choices.
    pub seed: u64,
    /// Number of this searcher among those that work in parallel.
    pub lane: u32,
    /// Moves to try.
    pub work: u64,
    /// Settings of the annealing.
    pub tuning: Tuning,
}

/// Parts of the work of each round; a round starts from the best so far.
const ROUNDS: [u64; 3] = [12, 28, 60];

/// One search, to be run in portions.
pub struct Search<'a> {
    state: State<'a>,
    mover: Mover<'a>,
    random: Random,
    thresholds: Thresholds,
    best: Snapshot,
    plan: Plan,
    round: usize,
    cooling: Cooling,
    done_in_round: u64,
    balance: Balance,
    rise: f64,
    unit: f64,
}

impl<'a> Search<'a> {
    /// Constructs the first timetable.
    #[must_use]
    pub fn new(net: &'a Net, domains: &'a Domains, plan: Plan) -> Self {
        let mut random = Random::new(plan.seed.wrapping_mul(1_000_003) ^ u64::from(plan.lane));
        let mut state = State::new(net);
        construct(&mut state, domains, &mut random, 16_000);
        if state.cost().hard > 0 {
            cyclic::improve(&mut state);
        }
        let mut mover = Mover::new(net, domains);
        let (soft, _) = anneal::sample_rises(&mut state, &mut mover, &mut random, 2000);
        let rise = soft.max(1.0);
        let unit = net.smallest_soft_price().unwrap_or(1).max(1);
        let best = Snapshot::of(&state);
        let mut search = Self {
            state,
            mover,
            random,
            thresholds: Thresholds::new(),
            best,
            plan,
            round: 0,
            cooling: Cooling {
                from: 1.0,
                to: 1.0,
                moves: 1,
                hard: 1.0,
                reach: 1.0,
            },
            balance: Balance {
                ratio: 3.0,
                bounds: (1.0, plan.tuning.strict),
                pace: plan.tuning.pace,
            },
            done_in_round: 0,
            rise,
            unit: anneal::float(unit),
        };
        search.begin_round();
        search
    }

    fn begin_round(&mut self) {
        let sum: u64 = ROUNDS.iter().sum();
        let part = ROUNDS.get(self.round).copied().unwrap_or(1);
        let tuning = self.plan.tuning;
        let reheat = if self.round == 0 { 1.0 } else { tuning.reheat };
        let to = self.unit * tuning.cold;
        self.cooling = Cooling {
            from: (self.rise * tuning.hot * reheat).max(to * 4.0),
            to,
            moves: (self.plan.work / sum * part).max(1),
            hard: self.unit * tuning.hard,
            reach: self.rise * tuning.reach,
        };
        self.done_in_round = 0;
    }

    /// Tries about so many moves; false once the work is done or nothing is left to improve.
    pub fn run(&mut self, moves: u64) -> bool {
        let mut left = moves;
        while left > 0 {
            if self.round >= ROUNDS.len() || self.best.cost() == Cost::default() {
                return false;
            }
            let end = (self.done_in_round + left).min(self.cooling.moves);
            let mut tools = Tools {
                mover: &mut self.mover,
                random: &mut self.random,
                thresholds: &self.thresholds,
                balance: &mut self.balance,
                best: &mut self.best,
            };
            anneal::run(
                &mut self.state,
                &mut tools,
                &self.cooling,
                self.done_in_round..end,
            );
            left -= end - self.done_in_round;
            self.done_in_round = end;
            if end >= self.cooling.moves {
                self.round += 1;
                self.best.restore(&mut self.state);
                self.begin_round();
            }
        }
        true
    }

    /// What became of the moves of each kind.
    #[must_use]
    pub fn tally(&self) -> &[super::moves::Tally; super::moves::KINDS] {
        self.mover.tally()
    }

    /// The best cost so far.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.best.cost()
    }

    /// Cost of the timetable that the search is at.
    #[must_use]
    pub fn present(&self) -> Cost {
        self.state.cost()
    }

    /// The temperature, what a unit of hard cost weighs, and the part of the round that is done.
    #[must_use]
    pub fn heat(&self) -> (f64, f64, f64) {
        let count = |n: u64| anneal::float(i64::try_from(n / 256).unwrap_or(i64::MAX));
        let part = count(self.done_in_round) / count(self.cooling.moves).max(1.0);
        let ratio = self.cooling.to / self.cooling.from;
        let heat = self.cooling.from * ratio.powf(part);
        (heat, (heat * self.balance.ratio).max(self.cooling.hard), part)
    }

    /// Round, from zero.
    #[must_use]
    pub fn round(&self) -> usize {
        self.round
    }

    /// The best timetable so far.
    #[must_use]
    pub fn best(&self) -> Solution {
        let mut state = self.state.clone();
        self.best.restore(&mut state);
        state.solution()
    }
}

/// Everything that is worked out once for a problem.
pub struct Ground {
    /// Wiring.
    pub net: Net,
    /// Choices.
    pub domains: Domains,
}

impl Ground {
    /// Prepares a problem.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        let net = Net::new(problem);
        let domains = Domains::new(problem, &net);
        Self { net, domains }
    }
}
