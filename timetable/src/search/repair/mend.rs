//! The search for the repaired timetable, in portions of work.

use super::Amended;
use crate::ids::wide;
use crate::problem::{Cost, Solution, evaluate};
use crate::search::anneal::{self, Balance, Cooling, Thresholds, Tools};
use crate::search::moved::{Move, moves};
use crate::search::moves::Mover;
use crate::search::random::Random;
use crate::search::state::{Snapshot, State};
use crate::search::suggest::{Advisor, Beam};

/// How a card's chain is looked for: what is left after all cards have been tried is tried again, wider.
const BEAMS: [Beam; 2] = [
    Beam {
        longest: 6,
        width: 40,
        work: 40_000,
    },
    Beam {
        longest: 8,
        width: 150,
        work: 250_000,
    },
];

/// So many places tried for a chain cost what one move of annealing does.
const PLACES: u64 = 4;

/// Chains get one part in so many of the work.
const SHARE: u64 = 2;

/// Once every requirement is met, so many rounds that brought nothing are the last.
const FRUITLESS: u32 = 2;

/// Moves of a round of annealing at most, and rounds at least; each begins at the best so far.
const ROUND: u64 = 150_000;
const ROUNDS: u64 = 5;

/// The price of a card's move in units of the first temperature, while a requirement is broken and after.
const LOOSE: f64 = 0.7;
const TIDY: f64 = 4.0;

/// The same in units of the last temperature.
const COLD: f64 = 15.0;

/// What a unit of hard cost weighs at least, in prices of a card's move.
const HARD: f64 = 12.0;

/// A repair that is going on; stopped at any moment, it has the best timetable so far.
pub struct Repair<'a> {
    amended: &'a Amended,
    advisor: Advisor<'a>,
    /// Which of [`BEAMS`] is used.
    beam: usize,
    /// Cards for which a chain was looked for with it.
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
    /// Whether the last tidying is done.
    tidied: bool,
    in_round: u64,
    heat: f64,
    /// Rounds in a row that brought nothing, and the best cost when the present one began.
    fruitless: u32,
    begun_at: Cost,
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
        mix.focus = 500;
        mix.chase /= 2;
        // Long Kempe chains move many cards: less of them than in a search.
        mix.kempe = mix.kempe.min(45);
        mix.shift = (mix.shift * 4).min(35);
        Self {
            amended,
            advisor,
            beam: 0,
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
            tidied: false,
            in_round: 0,
            heat: 0.0,
            fruitless: 0,
            begun_at: Cost::default(),
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
        if self.done < self.work && self.fruitless < FRUITLESS {
            return !self.is_perfect();
        }
        if !self.tidied {
            self.tidied = true;
            self.best.restore(&mut self.state);
            self.bring_home();
        }
        false
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

    /// Work done, and planned.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.done.min(self.work), self.work)
    }

    /// Nothing is broken and nothing has moved.
    fn is_perfect(&self) -> bool {
        self.best.cost() == Cost::default()
    }

    /// Mends one card that requirements are broken about by a short chain, or sees that no card is left to try.
    fn mend_one(&mut self) {
        let troubled = self.advisor.troubled();
        let goes_on = !troubled.is_empty() && self.done < self.work / SHARE;
        let Some(beam) = BEAMS.get(self.beam).copied().filter(|_| goes_on) else {
            self.chained = true;
            let solution = self.advisor.solution();
            self.state.load(&solution);
            if self.state.cost() < self.best.cost() {
                self.best.keep(&self.state);
            }
            return;
        };
        let next = troubled.into_iter().find(|m| !self.tried[wide(*m)]);
        let Some(meet) = next else {
            self.beam += 1;
            self.tried.fill(false);
            return;
        };
        self.tried[wide(meet)] = true;
        self.done += 1;
        if self.advisor.reseat(meet) && !self.advisor.troubled().contains(&meet) {
            return;
        }
        let found = self.advisor.reach(meet, &[], beam);
        self.done += self.advisor.spent() / PLACES;
        if let Some(chain) = found.filter(|c| c.delta.hard < 0) {
            self.advisor.carry_out(&chain);
        }
    }

    /// Annealing from the best so far. While a requirement is broken it begins so hot that cards leave their places, and the
    /// wish to stay draws back those that need not have left as it cools; once all are met, it only tidies up.
    fn cool(&mut self, end: u64) {
        let round = (self.work / ROUNDS).clamp(1, ROUND);
        let price = f64::from(self.amended.price.time.max(1));
        while self.done < end && self.fruitless < FRUITLESS {
            let from = self.in_round;
            if from == 0 {
                self.begun_at = self.best.cost();
                let met = self.best.cost().hard == 0;
                self.heat = price / if met { TIDY } else { LOOSE };
            }
            let cooling = Cooling {
                from: self.heat,
                to: price / COLD,
                moves: round,
                hard: price * HARD,
                reach: price * HARD,
                ratios: None,
                press: None,
            };
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
            self.in_round = to;
            if to == round {
                self.in_round = 0;
                self.best.restore(&mut self.state);
                self.bring_home();
                let now = self.best.cost();
                let brought = now < self.begun_at || now.hard > 0;
                self.fruitless = if brought { 0 } else { self.fruitless + 1 };
            }
        }
    }

    /// Gives a card the room back that it had; whoever is there now takes the card's, if that costs less.
    fn seat_home(&mut self, slot: u32, seat: u32, own: Option<u32>, weight: i64) -> bool {
        let now = self.state.seat(slot, seat);
        let (Some(own), Some(start)) = (own, self.state.time(slot)) else {
            return false;
        };
        if now == Some(own) {
            return false;
        }
        let (mark, before) = (self.state.mark(), self.state.merged(weight));
        self.done += 1;
        if let Some(other) = self.state.only(own, start) {
            let theirs = self.state.cells(other).iter().position(|w| *w == own);
            let event = self.amended.ground.net.slot_event[wide(other)];
            let open = self.amended.ground.domains.open(event);
            if let Some(theirs) = theirs.map(crate::ids::narrow).filter(|s| open.contains(s)) {
                self.state.set_seat(other, theirs, now);
            }
        }
        self.state.set_seat(slot, seat, Some(own));
        let better = self.state.merged(weight) < before;
        if better {
            self.state.settle();
        } else {
            self.state.undo(mark);
        }
        better
    }

    /// Sends each card that has moved back to where it was, with whoever is in the way, as long as that costs less.
    fn bring_home(&mut self) {
        let weight = anneal::nearest(f64::from(self.amended.price.time) * HARD * 16.0).max(1);
        let net = &self.amended.ground.net;
        let mut better = true;
        while better {
            better = false;
            let mut next = net.first_slot.clone();
            for meet in &self.amended.present.meets {
                let slot = next[wide(meet.event)];
                next[wide(meet.event)] += 1;
                let Some(home) = meet.time.filter(|_| self.state.duration(slot) == meet.duration) else {
                    continue;
                };
                for through_all in [false, true] {
                    if self.state.time(slot) == Some(home) {
                        break;
                    }
                    let (mark, before) = (self.state.mark(), self.state.merged(weight));
                    self.done += 1;
                    let sent = self
                        .mover
                        .send(&mut self.state, slot, home, through_all, &mut self.random);
                    if sent && self.state.merged(weight) < before {
                        self.state.settle();
                        better = true;
                    } else {
                        self.state.undo(mark);
                    }
                }
                for (seat, own) in (0..).zip(&meet.resources) {
                    better |= self.seat_home(slot, seat, *own, weight);
                }
            }
        }
        if self.state.cost() < self.best.cost() {
            self.best.keep(&self.state);
        } else {
            self.best.restore(&mut self.state);
        }
    }
}
