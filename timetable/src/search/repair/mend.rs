//! The search for the repaired timetable, in portions of work.

use super::Amended;
use crate::ids::wide;
use crate::problem::{Cost, Solution, evaluate};
use crate::search::anneal::{self, Balance, Cooling, Thresholds, Tools};
use crate::search::moved::{Move, moves};
use crate::search::moves::Mover;
use crate::search::random::Random;
use crate::search::state::{Snapshot, State};
use crate::search::suggest::{Advisor, Hunt};

/// Places to try for one chain.
const HUNT: u64 = 60_000;

/// Rounds of annealing; each begins at the best so far.
const ROUNDS: u64 = 4;

/// A repair that is going on; stopped at any moment, it has the best timetable so far.
pub struct Repair<'a> {
    amended: &'a Amended,
    advisor: Advisor<'a>,
    /// Cards for which a chain was hunted already.
    tried: Vec<bool>,
    state: State<'a>,
    mover: Mover<'a>,
    random: Random,
    thresholds: Thresholds,
    balance: Balance,
    best: Snapshot,
    work: u64,
    done: u64,
    chained: bool,
}

impl<'a> Repair<'a> {
    /// Begins a repair with so much work (moves and places to try) at most.
    #[must_use]
    pub fn new(amended: &'a Amended, seed: u64, work: u64) -> Self {
        let ground = &amended.ground;
        let advisor = Advisor::new(&amended.staying, ground, &amended.present);
        let state = State::of(&ground.net, &amended.present);
        let mut mover = Mover::new(&ground.net, &ground.domains);
        let mix = mover.mix();
        mix.focus = 700;
        mix.chase *= 6;
        Self {
            amended,
            advisor,
            tried: vec![false; amended.present.meets.len()],
            best: Snapshot::of(&state),
            state,
            mover,
            random: Random::new(seed),
            thresholds: Thresholds::new(),
            balance: Balance {
                ratio: 12.0,
                bounds: (4.0, 60.0),
                pace: 1.002,
            },
            work,
            done: 0,
            chained: false,
        }
    }

    /// Works for about so much; false once there is nothing left to do.
    pub fn run(&mut self, portion: u64) -> bool {
        let end = self.done.saturating_add(portion).min(self.work);
        while self.done < end && !self.chained {
            self.mend_one();
        }
        if self.done < end {
            self.cool(end);
        }
        self.done < self.work && !self.is_perfect()
    }

    /// The cost of the best timetable so far, by the changed problem alone.
    #[must_use]
    pub fn cost(&self) -> Cost {
        evaluate(&self.amended.problem, &self.best())
    }

    /// The best timetable so far.
    #[must_use]
    pub fn best(&self) -> Solution {
        let mut state = self.state.clone();
        self.best.restore(&mut state);
        state.solution()
    }

    /// What has moved in it.
    #[must_use]
    pub fn moves(&self) -> Vec<Move> {
        moves(&self.amended.problem, &self.amended.present, &self.best())
    }

    /// Nothing is broken and nothing has moved.
    fn is_perfect(&self) -> bool {
        self.best.cost() == Cost::default()
    }

    /// Mends one card that requirements are broken about by the shortest chain, or sees that no card is left to try.
    fn mend_one(&mut self) {
        let next = self.advisor.troubled().into_iter().find(|m| !self.tried[wide(*m)]);
        let Some(meet) = next else {
            self.chained = true;
            let solution = self.advisor.solution();
            self.state.load(&solution);
            if self.state.cost() < self.best.cost() {
                self.best.keep(&self.state);
            }
            return;
        };
        self.tried[wide(meet)] = true;
        let hunt = Hunt {
            work: HUNT,
            ..Hunt::default()
        };
        let found = self.advisor.chain(meet, &[], hunt);
        self.done += self.advisor.spent().max(1);
        if let Some(chain) = found.filter(|c| c.delta.hard < 0) {
            self.advisor.carry_out(&chain);
        }
    }

    /// Annealing, so cold that hardly a card moves without need.
    fn cool(&mut self, end: u64) {
        let round = (self.work / ROUNDS).max(1);
        let least = self.amended.ground.net.smallest_soft_price().unwrap_or(1).max(1);
        let hot = f64::from(self.amended.price.time.max(1)) / 8.0;
        let cold = (hot / 6.0).min(anneal::float(least));
        let cooling = Cooling {
            from: hot.max(cold),
            to: cold,
            moves: round,
            hard: f64::from(self.amended.price.time) * 12.0,
        };
        while self.done < end {
            let from = self.done % round;
            let to = round.min(from + (end - self.done));
            let mut tools = Tools {
                mover: &mut self.mover,
                random: &mut self.random,
                thresholds: &self.thresholds,
                balance: &mut self.balance,
                best: &mut self.best,
            };
            anneal::run(&mut self.state, &mut tools, &cooling, from..to);
            self.done += to - from;
            if to == round {
                self.best.restore(&mut self.state);
            }
        }
    }
}
