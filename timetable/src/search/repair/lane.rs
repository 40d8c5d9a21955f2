//! One of the searches of a repair: annealing from the best timetable so far in one manner or another, or a search from nothing.

use super::Amended;
use crate::ids::{narrow, wide};
use crate::problem::Solution;
use crate::search::anneal::{self, Balance, Bend, Cooling, Press, Thresholds, Tools};
use crate::search::moves::Mover;
use crate::search::random::Random;
use crate::search::solver::{Plan, Search, Tuning};
use crate::search::state::{Snapshot, State};

/// The price of a card's move in units of the last temperature.
const COLD: f64 = 15.0;

/// What a unit of hard cost weighs at least, in prices of a card's move: where requirements are hardly given up, and where the search
/// crosses the border.
const HARD: f64 = 12.0;
const CROSSED: f64 = 2.0;

/// Where the border is crossed: what a unit of hard cost weighs, in multiples of the temperature, and how fast that changes.
const CROSSING: Balance = Balance {
    ratio: 3.0,
    bounds: (1.0, 12.0),
    pace: 1.03,
};

/// Where it is not.
const STRICT: Balance = Balance {
    ratio: 12.0,
    bounds: (4.0, 60.0),
    pace: 1.002,
};

/// Moves of the annealing after a block of cards has been sent home, and its first temperature as [`Manner`] says it.
const BLOCK: u64 = 4_096;
const BLOCK_HEAT: f64 = 2.0;

/// What stays broken comes to weigh more there, as in a search from nothing.
const PRESS: Press = Press {
    every: 8,
    forgive: 30,
};

/// Rounds of a search from nothing, in moves a card.
const FRESH: [u64; 5] = [300, 600, 1200, 2400, 4800];

/// Moves of a search from nothing that are made together, however the work is portioned.
const STRIDE: u64 = 256;

/// How a round searches; `heat`: the price of a card's move in units of the first temperature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Manner {
    /// Requirements are hardly given up on the way.
    Strict { heat: f64 },
    /// They are, now and then, and what stays broken comes to weigh more.
    Crossing { heat: f64 },
    /// All of a person's or a class's cards that have moved go home at once, and a short annealing mends what that breaks; then the next
    /// one's. What costs less than before is kept.
    Blocks,
    /// Requirements alone, from nothing: what such a search meets is brought as near to the present timetable as it can be.
    Fresh,
}

/// A search of a repair.
pub(super) struct Lane<'a> {
    amended: &'a Amended,
    plan: Plan,
    pub state: State<'a>,
    mover: Mover<'a>,
    random: Random,
    thresholds: Thresholds,
    balance: Balance,
    pub best: Snapshot,
    manner: Manner,
    fresh: Option<Box<Search<'a>>>,
    /// Strides that the search from nothing has made in this round.
    strides: u64,
    /// Moves of this round that are done, and how far cards have been sent home after it.
    reached: u64,
    homing: Homing,
    /// Whether what cannot be gone on with is made in one go, whoever says to stop.
    pub patient: bool,
    /// Tries to send cards home.
    pub sent: u64,
}

/// How far the end of a round has come.
#[derive(Default)]
enum Homing {
    #[default]
    NotBegun,
    /// Cards are being sent home: the next one, and whether any went since the first.
    At {
        meet: usize,
        better: bool,
    },
    Over,
}

impl<'a> Lane<'a> {
    pub fn new(amended: &'a Amended, seed: u64, number: u32) -> Self {
        let ground = &amended.ground;
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
            plan: Plan {
                seed,
                lane: number,
                work: 0,
                tuning: Tuning::default(),
            },
            best: Snapshot::of(&state),
            state,
            mover,
            random: Random::new(seed ^ u64::from(number).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
            thresholds: Thresholds::new(),
            balance: CROSSING,
            manner: Manner::Fresh,
            fresh: None,
            strides: 0,
            reached: 0,
            homing: Homing::NotBegun,
            patient: false,
            sent: 0,
        }
    }

    /// Begins a round at the best timetable so far.
    pub fn begin(&mut self, manner: Manner) {
        self.best.restore(&mut self.state);
        self.manner = manner;
        self.strides = 0;
        self.reached = 0;
        self.homing = Homing::NotBegun;
        self.balance = match manner {
            Manner::Strict { .. } => STRICT,
            Manner::Blocks => STRICT,
            Manner::Crossing { .. } | Manner::Fresh => CROSSING,
        };
    }

    /// Goes on to so many moves of a round of so many. It is asked whether to go on where that means more than moves; false if that
    /// said no before it was there.
    pub fn go(&mut self, to: u64, round: u64, go_on: &dyn Fn() -> bool) -> bool {
        let price = f64::from(self.amended.price.time.max(1));
        let (heat, hard, press) = match self.manner {
            Manner::Strict { heat } => (heat, HARD, None),
            Manner::Crossing { heat } => (heat, CROSSED, Some(PRESS)),
            Manner::Blocks => return self.go_by_blocks(to, go_on),
            Manner::Fresh => return self.go_fresh(to, go_on),
        };
        let cooling = Cooling {
            from: price / heat,
            to: price / COLD,
            moves: round,
            hard: price * hard,
            reach: price * HARD,
            ratios: None,
            press,
            bend: Bend::default(),
        };
        let mut tools = Tools {
            mover: &mut self.mover,
            random: &mut self.random,
            thresholds: &self.thresholds,
            balance: &mut self.balance,
            best: &mut self.best,
        };
        if self.reached < to {
            anneal::run(&mut self.state, &mut tools, &cooling, self.reached..to);
            self.reached = to;
        }
        true
    }

    /// Goes on with blocks: each begins at the best so far.
    fn go_by_blocks(&mut self, to: u64, go_on: &dyn Fn() -> bool) -> bool {
        let price = f64::from(self.amended.price.time.max(1));
        let cooling = Cooling {
            from: price / BLOCK_HEAT,
            to: price / COLD,
            moves: BLOCK,
            hard: price * HARD,
            reach: price * HARD,
            ratios: None,
            press: None,
            bend: Bend::default(),
        };
        while self.reached < to {
            if !go_on() {
                return false;
            }
            let at = self.reached % BLOCK;
            if at == 0 {
                self.balance = STRICT;
                self.best.restore(&mut self.state);
                self.send_block_home();
            }
            let end = BLOCK.min(at + (to - self.reached));
            let mut tools = Tools {
                mover: &mut self.mover,
                random: &mut self.random,
                thresholds: &self.thresholds,
                balance: &mut self.balance,
                best: &mut self.best,
            };
            anneal::run(&mut self.state, &mut tools, &cooling, at..end);
            self.reached += end - at;
        }
        true
    }

    /// Puts the cards of somebody that have moved back to where they were, with what runs with them, whatever that breaks.
    fn send_block_home(&mut self) {
        let amended = self.amended;
        let net = &amended.ground.net;
        let mut next = net.first_slot.clone();
        // where each card that has moved was
        let mut away = vec![];
        for meet in &amended.present.meets {
            let slot = next[wide(meet.event)];
            next[wide(meet.event)] += 1;
            let home = meet.time.filter(|_| self.state.duration(slot) == meet.duration);
            if let Some(home) = home.filter(|home| self.state.time(slot) != Some(*home)) {
                away.push((slot, meet, home));
            }
        }
        let Some((_, of, _)) = away.get(wide(self.random.below(narrow(away.len()).max(1)))) else {
            return;
        };
        let people: Vec<u32> = amended
            .problem
            .event(of.event)
            .seats
            .iter()
            .filter_map(|s| s.fixed)
            .collect();
        let Some(who) = people.get(wide(self.random.below(narrow(people.len()).max(1)))) else {
            return;
        };
        let has = |event: u32| {
            amended
                .problem
                .event(event)
                .seats
                .iter()
                .any(|s| s.fixed == Some(*who))
        };
        let block: Vec<_> = away.iter().filter(|(_, meet, _)| has(meet.event)).collect();
        let runs_with = |event: u32, home: u32| {
            let partners = amended.ground.domains.partners(event);
            block
                .iter()
                .any(|(_, meet, at)| *at == home && partners.contains(&meet.event))
        };
        for (slot, meet, home) in &away {
            if has(meet.event) || runs_with(meet.event, *home) {
                self.state.set_time(*slot, Some(*home));
                for (seat, own) in (0..).zip(&meet.resources) {
                    let event = net.slot_event[wide(*slot)];
                    if own.is_some() && amended.ground.domains.open(event).contains(&seat) {
                        self.state.set_seat(*slot, seat, *own);
                    }
                }
            }
        }
        self.state.settle();
    }

    /// Goes on with the search from nothing; what it meets is the place from which the others go on.
    fn go_fresh(&mut self, to: u64, go_on: &dyn Fn() -> bool) -> bool {
        let (amended, plan) = (self.amended, self.plan);
        if self.fresh.is_none() {
            let patient = self.patient;
            let Some(ground) = amended.bare(&|| patient || go_on()) else {
                return false;
            };
            let mut search = Search::begin(ground, plan);
            let cards = u64::from(narrow(amended.present.meets.len()));
            search.set_rounds(&FRESH.map(|moves| moves * cards));
            self.fresh = Some(Box::new(search));
        }
        let Some(search) = &mut self.fresh else {
            return false;
        };
        while self.strides * STRIDE < to && self.best.cost().hard > 0 {
            if !go_on() {
                return false;
            }
            self.strides += 1;
            let going = search.run(STRIDE);
            let met = !search.is_building() && search.cost().hard < self.best.cost().hard;
            if met && (search.cost().hard == 0 || !going) {
                self.state.load(&search.best());
                self.best.keep(&self.state);
            }
        }
        true
    }

    /// Ends a round: cards are sent home from the best timetable so far. It is asked at each of them whether to go on; false if that
    /// said no before it was over: it can be gone on with.
    pub fn end(&mut self, go_on: &dyn Fn() -> bool) -> bool {
        if matches!(self.homing, Homing::NotBegun) {
            self.state.forgive(100);
            self.best.restore(&mut self.state);
            self.homing = Homing::At {
                meet: 0,
                better: false,
            };
        }
        if let Homing::At { meet, better } = self.homing {
            match self.bring_home(meet, better, go_on) {
                Some(left) => {
                    self.homing = left;
                    return false;
                }
                None => self.homing = Homing::Over,
            }
            if self.state.cost() < self.best.cost() {
                self.best.keep(&self.state);
            } else {
                self.best.restore(&mut self.state);
            }
        }
        true
    }

    /// Takes what cards have been sent home so far, if a round's end is broken off for good.
    pub fn settle(&mut self) {
        if matches!(self.homing, Homing::At { .. }) && self.state.cost() < self.best.cost() {
            self.best.keep(&self.state);
        }
    }

    /// The end of a round may be begun anew.
    pub fn anew(&mut self) {
        self.homing = Homing::NotBegun;
    }

    /// Changes of the timetable so far, those of the search from nothing too.
    pub fn changes(&self) -> u64 {
        self.state.changes() + self.fresh.as_ref().map_or(0, |search| search.changes())
    }

    /// Takes over a solution of the problem, if it is better than the best so far.
    pub fn take(&mut self, solution: &Solution) {
        self.state.load(solution);
        if self.state.cost() < self.best.cost() {
            self.best.keep(&self.state);
        }
    }

    /// Sends each card that has moved back to where it was, with whoever is in the way, as long as that costs less. Begins at a card;
    /// gives where it was told to stop.
    fn bring_home(&mut self, from: usize, mut better: bool, go_on: &dyn Fn() -> bool) -> Option<Homing> {
        let weight = anneal::nearest(f64::from(self.amended.price.time) * HARD * 16.0).max(1);
        let amended = self.amended;
        let mut first = from;
        loop {
            let mut next = amended.ground.net.first_slot.clone();
            for (at, meet) in amended.present.meets.iter().enumerate() {
                let slot = next[wide(meet.event)];
                next[wide(meet.event)] += 1;
                if at < first {
                    continue;
                }
                let Some(home) = meet.time.filter(|_| self.state.duration(slot) == meet.duration) else {
                    continue;
                };
                // nothing is asked at a card that is where it was
                if self.state.time(slot) != Some(home) && !go_on() {
                    return Some(Homing::At { meet: at, better });
                }
                for through_all in [false, true] {
                    if self.state.time(slot) == Some(home) {
                        break;
                    }
                    let (mark, before) = (self.state.mark(), self.state.merged(weight));
                    self.sent += 1;
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
            if !std::mem::take(&mut better) {
                return None;
            }
            first = 0;
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
        self.sent += 1;
        if let Some(other) = self.state.only(own, start) {
            let theirs = self.state.cells(other).iter().position(|w| *w == own);
            let event = self.amended.ground.net.slot_event[wide(other)];
            let open = self.amended.ground.domains.open(event);
            if let Some(theirs) = theirs.map(narrow).filter(|s| open.contains(s)) {
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
}
