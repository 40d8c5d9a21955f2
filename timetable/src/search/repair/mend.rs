//! The search for the repaired timetable, in portions of work.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Amended;
use super::lane::{Lane, Manner};
use crate::ids::wide;
use crate::problem::{Cost, Solution, evaluate};
use crate::search::moved::{Move, moves};
use crate::search::state::Snapshot;
use crate::search::suggest::{Advisor, Beam, Reach};

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

/// Chains get one part in so many of the work, and no more than this: with all the time of a clock they would leave none to a search.
const SHARE: u64 = 3;
const CHAINS: u64 = 250_000;

/// Once every requirement is met, so many rounds that brought nothing are the last; of a timetable in which more than one card in
/// fifty has moved, so many.
const FRUITLESS: u32 = 2;
const STUBBORN: u32 = 4;
const FEW: usize = 50;

/// Moves of a round of annealing at most, and rounds at least; each begins at the best so far, and is half as long again as the one
/// before while a requirement is broken.
const ROUND: u64 = 150_000;
const ROUNDS: u64 = 5;

/// Manners of the rounds while a requirement is broken, in turn by round and search.
const LOOSE: [Manner; 3] = [
    Manner::Strict { heat: 0.7 },
    Manner::Crossing { heat: 0.7 },
    Manner::Crossing { heat: 0.35 },
];

/// The same once all are met: only cards that need not have moved are to be drawn back.
const TIDY: [Manner; 3] = [
    Manner::Strict { heat: 4.0 },
    Manner::Strict { heat: 2.0 },
    Manner::Strict { heat: 1.0 },
];

/// The same where many have moved: they are to come back together.
const THOROUGH: [Manner; 4] = [
    Manner::Blocks,
    Manner::Strict { heat: 2.0 },
    Manner::Blocks,
    Manner::Strict { heat: 1.0 },
];

/// A repair that is going on; stopped at any moment, it has the best timetable so far.
pub struct Repair<'a> {
    amended: &'a Amended,
    advisor: Advisor<'a>,
    /// Which of [`BEAMS`] is used.
    beam: usize,
    /// Cards for which a chain was looked for with it, and the hunt for one that is not over.
    tried: Vec<bool>,
    reaching: Option<Reach>,
    lanes: Vec<Lane<'a>>,
    best: Snapshot,
    work: u64,
    done: u64,
    chained: bool,
    /// Whether the last tidying is begun, and done.
    tidying: bool,
    tidied: bool,
    /// Which round it is, its moves, and how many of them are done.
    round: usize,
    length: u64,
    in_round: u64,
    /// Whether it is begun.
    begun: bool,
    /// Rounds in a row that brought nothing, and the best cost when the present one began.
    fruitless: u32,
    begun_at: Cost,
    /// Whether more than one card in [`FEW`] had another time after the last round.
    many: bool,
}

impl<'a> Repair<'a> {
    /// Begins a repair with so much work (moves and places to try) at most.
    #[must_use]
    pub fn new(amended: &'a Amended, seed: u64, work: u64) -> Self {
        Self::together(amended, seed, work, 1)
    }

    /// The same by so many searches, on a thread each, that meet after each round; the work is that of each of them. What comes out
    /// depends on the seed, the searches and the work.
    #[must_use]
    pub fn together(amended: &'a Amended, seed: u64, work: u64, searches: u32) -> Self {
        let lanes: Vec<_> = (0..searches.max(1))
            .map(|number| Lane::new(amended, seed, number))
            .collect();
        Self {
            amended,
            advisor: Advisor::new(&amended.staying, &amended.ground, &amended.present),
            beam: 0,
            tried: vec![false; amended.present.meets.len()],
            best: lanes[0].best.clone(),
            lanes,
            work,
            done: 0,
            reaching: None,
            chained: false,
            tidying: false,
            tidied: false,
            round: 0,
            length: (work / ROUNDS).clamp(1, ROUND),
            in_round: 0,
            begun: false,
            fruitless: 0,
            begun_at: Cost::default(),
            many: false,
        }
    }

    /// Works for about so much; false once there is nothing left to do.
    pub fn run(&mut self, portion: u64) -> bool {
        self.run_while(portion, &|| true)
    }

    /// The same as long as `go_on` says so; it is asked every few hundred places, between parts of the annealing, which are as long
    /// as the portion, and by each search while it prepares one from nothing or sends cards home. A round that is broken off leaves the best so
    /// far; it is not gone on with.
    pub fn run_while(&mut self, portion: u64, go_on: &(dyn Fn() -> bool + Sync)) -> bool {
        let more = self.work_on(portion, go_on);
        if !go_on() {
            for lane in &mut self.lanes {
                lane.settle();
                if lane.best.cost() < self.best.cost() {
                    self.best.clone_from(&lane.best);
                }
            }
            return false;
        }
        if !more {
            self.finish();
        }
        more
    }

    /// Works for about so much, or until `go_on` says no, which is asked as often as by [`Repair::run_while`]; false once there is nothing
    /// left to do. It can be gone on with wherever it was left, and what it comes to does not depend on where that was.
    pub fn slice(&mut self, portion: u64, go_on: &(dyn Fn() -> bool + Sync)) -> bool {
        self.lanes.iter_mut().for_each(|lane| lane.patient = true);
        if !self.tidying && (self.work_on(portion, go_on) || !go_on()) {
            return true;
        }
        !self.tidy(go_on)
    }

    /// Whether anything is left to do but the last tidying.
    fn work_on(&mut self, portion: u64, go_on: &(dyn Fn() -> bool + Sync)) -> bool {
        let end = self.done.saturating_add(portion).min(self.work);
        while self.done < end && !self.chained && go_on() {
            self.mend_one(go_on);
        }
        while self.done < end && self.chained && self.is_worth_it() && go_on() {
            self.anneal(end, go_on);
        }
        self.done < self.work && self.is_worth_it()
    }

    /// The next round is no longer than this, of what is left of the work. Whoever counts by a clock says so after each portion, so that
    /// the last round is not cut off before it has cooled.
    pub fn fit(&mut self, left: u64) {
        if !self.begun {
            self.length = self.length.min(left).max(1);
        }
    }

    /// Sends home what can go home in the best timetable so far: the last thing to be done, however the search has ended.
    pub fn finish(&mut self) {
        self.tidy(&|| true);
    }

    /// The last tidying; false if it was told to stop before it was over.
    fn tidy(&mut self, go_on: &dyn Fn() -> bool) -> bool {
        if self.tidied {
            return true;
        }
        let first = &mut self.lanes[0];
        if !self.tidying {
            self.tidying = true;
            first.best.clone_from(&self.best);
            first.anew();
        }
        if !first.end(go_on) {
            return false;
        }
        self.tidied = true;
        self.best.clone_from(&first.best);
        true
    }

    /// The cost of the best timetable so far, by the changed problem alone.
    #[must_use]
    pub fn cost(&self) -> Cost {
        evaluate(&self.amended.problem, &self.best())
    }

    /// The best timetable so far.
    #[must_use]
    pub fn best(&self) -> Solution {
        let mut state = self.lanes[0].state.clone();
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

    /// What the work so far is in changes of the timetable: places tried in chains, moves of the searches.
    #[must_use]
    pub fn changes(&self) -> u64 {
        let lanes = self.lanes.iter().map(Lane::changes);
        self.advisor.changes() + lanes.sum::<u64>()
    }

    /// Whether something is broken or has moved, and the last rounds were not all in vain.
    fn is_worth_it(&self) -> bool {
        let cost = self.best.cost();
        let most = if self.many { STUBBORN } else { FRUITLESS };
        cost != Cost::default() && (cost.hard > 0 || self.fruitless < most)
    }

    /// Mends one card that requirements are broken about by a short chain, or sees that no card is left to try.
    fn mend_one(&mut self, go_on: &dyn Fn() -> bool) {
        if self.reaching.is_none() && !self.next_card() {
            return;
        }
        if let Some(reach) = &mut self.reaching {
            let Some(found) = self.advisor.go_on_reaching(reach, go_on) else {
                return;
            };
            self.reaching = None;
            self.done += self.advisor.spent() / PLACES;
            if let Some(chain) = found.filter(|c| c.delta.hard < 0) {
                self.advisor.carry_out(&chain);
            }
        }
        // at once: whoever ends the repair now has what was mended
        if self.advisor.cost() < self.best.cost() {
            let first = &mut self.lanes[0];
            first.take(&self.advisor.solution());
            self.best.clone_from(&first.best);
        }
    }

    /// Takes up the next card that requirements are broken about: gives it another room, or begins to look for its chain. False if there
    /// is none with this beam.
    fn next_card(&mut self) -> bool {
        let troubled = self.advisor.troubled();
        let goes_on = !troubled.is_empty() && self.done < (self.work / SHARE).min(CHAINS);
        let Some(beam) = BEAMS.get(self.beam).copied().filter(|_| goes_on) else {
            self.chained = true;
            return false;
        };
        let next = troubled.into_iter().find(|m| !self.tried[wide(*m)]);
        let Some(meet) = next else {
            self.beam += 1;
            self.tried.fill(false);
            return false;
        };
        self.tried[wide(meet)] = true;
        self.done += 1;
        if !self.advisor.reseat(meet) || self.advisor.troubled().contains(&meet) {
            self.reaching = self.advisor.begin_reach(meet, &[], beam);
        }
        true
    }

    /// The manner of a search in the present round. From nothing begins only who has tried all else, for that moves nearly all cards: of
    /// several searches the last one from the fourth round on; a single one in every fourth round.
    fn manner(&self, number: usize) -> Manner {
        let count = self.lanes.len();
        let of = |all: &[Manner], at: usize| all[at % all.len()];
        if self.best.cost().hard == 0 {
            return of(if self.many { &THOROUGH } else { &TIDY }, self.round + number);
        }
        match (count, self.round) {
            (1, round) if round % 4 == 3 => Manner::Fresh,
            (1, round) => of(&LOOSE, round % 4),
            (_, 3..) if number + 1 == count => Manner::Fresh,
            (_, round) => of(&LOOSE, round + number),
        }
    }

    /// Annealing from the best so far. While a requirement is broken it begins so hot that cards leave their places, and the
    /// wish to stay draws back those that need not have left as it cools; once all are met, it only tidies up.
    fn anneal(&mut self, end: u64, go_on: &(dyn Fn() -> bool + Sync)) {
        let (from, round) = (self.in_round, self.length);
        if !std::mem::replace(&mut self.begun, true) {
            self.begun_at = self.best.cost();
            for number in 0..self.lanes.len() {
                let manner = self.manner(number);
                let lane = &mut self.lanes[number];
                lane.best.clone_from(&self.best);
                lane.begin(manner);
            }
        }
        let to = round.min(from + (end - self.done));
        let left = AtomicBool::new(false);
        self.each(&|lane: &mut Lane<'a>| {
            if !lane.go(to, round, go_on) || to == round && !lane.end(go_on) {
                left.store(true, Ordering::Relaxed);
            }
        });
        // the same part of the round is gone on with
        if left.into_inner() {
            return;
        }
        self.done += to - from;
        self.in_round = to;
        let leader = self.lanes.iter().min_by_key(|lane| lane.best.cost());
        if let Some(leader) = leader.filter(|l| l.best.cost() < self.best.cost()) {
            self.best.clone_from(&leader.best);
        }
        if to == round {
            self.in_round = 0;
            self.begun = false;
            self.round += 1;
            self.done += self
                .lanes
                .iter_mut()
                .map(|l| std::mem::take(&mut l.sent))
                .max()
                .unwrap_or(0);
            let now = self.best.cost();
            let (was_met, is_met) = (self.begun_at.hard == 0, now.hard == 0);
            self.fruitless = if now < self.begun_at || !is_met {
                0
            } else {
                self.fruitless + 1
            };
            if is_met != was_met {
                self.round = 0;
            }
            let away = self.moves().iter().filter(|m| m.from != m.to).count();
            self.many = away > self.amended.present.meets.len() / FEW;
            if is_met {
                self.length = (self.work / ROUNDS).clamp(1, ROUND);
            } else {
                self.length += self.length / 2;
            }
        }
    }

    /// Does something with each search, on a thread of its own if there are several.
    fn each(&mut self, what: &(dyn Fn(&mut Lane<'a>) + Sync)) {
        if let [only] = self.lanes.as_mut_slice() {
            return what(only);
        }
        std::thread::scope(|scope| {
            for lane in &mut self.lanes {
                scope.spawn(move || what(lane));
            }
        });
    }
}
