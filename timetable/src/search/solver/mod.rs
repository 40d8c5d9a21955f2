//! The solver: construction, then annealing in rounds, each longer than the last, on as many threads as wanted.
//!
//! Everything is measured in *work* (moves tried), so that the result depends on the seed, the number of threads and the
//! budget of work only; the clock of the caller decides nothing but when to stop.

mod found;
mod scout;
mod tuning;

pub use tuning::Tuning;

use crate::problem::{Cost, Problem, Solution};
use crate::search::anneal::{self, Balance, Bend, Cooling, Sample, Thresholds, Tools};
use crate::search::construct::Construction;
use crate::search::demand::Times;
use crate::search::domains::Domains;
use crate::search::moves::{Mix, Mover};
use crate::search::net::Net;
use crate::search::random::Random;
use crate::search::rounds::Rounds;
use crate::search::state::{Snapshot, State};
use crate::watch::Watch;
use scout::Parts;

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

/// Moves that are tried to learn how much the soft cost rises, and how many of them at once.
pub const SAMPLE: u32 = 2048;
const SAMPLE_STEP: u32 = 128;

/// What the search is doing.
enum Stage<'a> {
    /// Making the first timetable.
    Build(Construction),
    /// Learning how much a move costs; so many moves tried.
    Learn(Sample, u32),
    /// Giving times first, with the open seats empty.
    Times(Box<Search<'a>>, Parts),
    /// Learning what moves of those seats cost; so many tried. The usual mix is kept for later.
    Weigh(Sample, u32, Mix, Parts),
    /// Giving those seats, at these times; the usual mix is kept for later.
    Seats(Mix, Parts),
    /// Annealing.
    Anneal,
    /// A round has come to its end.
    Pause,
    /// Nothing is left to do.
    Over,
}

/// The best timetable of a search, and whether a round that gave times first has found it.
pub struct Best {
    timetable: Snapshot,
    by_scout: bool,
}

/// One search, to be run in portions.
pub struct Search<'a> {
    domains: &'a Domains,
    state: State<'a>,
    mover: Mover<'a>,
    random: Random,
    thresholds: Thresholds,
    best: Snapshot,
    plan: Plan,
    stage: Stage<'a>,
    ground: &'a Ground,
    round: usize,
    rounds: Rounds,
    cooling: Cooling,
    done_in_round: u64,
    done: u64,
    /// Changes of the timetables of times alone that are done with.
    elsewhere: u64,
    balance: Balance,
    rise: f64,
    unit: f64,
    /// Whether there is soft cost at all.
    wishes: bool,
    /// Whether this round gives times first, and whether the best timetable was found in such a round.
    scouts: bool,
    best_by_scout: bool,
    /// What was broken of what is required when the round before began.
    hard_before: i64,
}

impl<'a> Search<'a> {
    /// A search with its first timetable.
    #[must_use]
    pub fn new(ground: &'a Ground, plan: Plan) -> Self {
        let mut search = Self::begin(ground, plan);
        while search.is_building() {
            search.advance(1);
        }
        search
    }

    /// A search that has not begun; the first portions of its work make the first timetable, which takes a second on the largest
    /// schools. Until then meets have no time, and where no rule wants one they cost nothing.
    #[must_use]
    pub fn begin(ground: &'a Ground, plan: Plan) -> Self {
        Self::on(ground, &ground.net, &ground.domains, plan)
    }

    /// The same for a part of the problem.
    fn on(ground: &'a Ground, net: &'a Net, domains: &'a Domains, plan: Plan) -> Self {
        let mut state = State::new(net);
        let construction = Construction::new(&mut state);
        let unit = net.smallest_soft_price();
        Self {
            ground,
            domains,
            best: Snapshot::of(&state),
            state,
            mover: Mover::new(net, domains),
            random: Random::new(plan.seed.wrapping_mul(1_000_003) ^ u64::from(plan.lane)),
            thresholds: Thresholds::new(),
            plan,
            stage: Stage::Build(construction),
            round: 0,
            rounds: Rounds::set(&[]),
            cooling: Cooling {
                from: 1.0,
                to: 1.0,
                moves: 1,
                hard: 1.0,
                reach: 1.0,
                ratios: None,
                press: None,
                bend: Bend::default(),
            },
            balance: Balance {
                ratio: 3.0,
                bounds: (1.0, plan.tuning.strict),
                pace: plan.tuning.pace,
            },
            done_in_round: 0,
            done: 0,
            elsewhere: 0,
            rise: 1.0,
            unit: anneal::float(unit.unwrap_or(1).max(1)),
            wishes: unit.is_some(),
            scouts: false,
            best_by_scout: false,
            hard_before: i64::MAX,
        }
    }

    /// Shares so much work out among all rounds, before the first one.
    pub fn share_all(&mut self, work: u64) {
        let net = self.state.net();
        let meets = (0..net.slots()).filter(|s| self.state.duration(*s) > 0).count();
        self.rounds = Rounds::new(work, crate::ids::narrow(meets).into());
    }

    /// Shares so much work out among the long rounds that have not begun.
    pub fn share_rest(&mut self, work: u64) {
        let begun = usize::from(!matches!(self.stage, Stage::Pause));
        self.rounds.share(self.round + begun, work);
    }

    /// Sets the work of each round, before the first one.
    pub fn set_rounds(&mut self, rounds: &[u64]) {
        self.rounds = Rounds::set(rounds);
    }

    /// The work of each round, as far as is known.
    #[must_use]
    pub fn rounds(&self) -> &[u64] {
        self.rounds.moves()
    }

    /// Whether the round that begins is one of refining: the last one of every other search, if nothing required is broken or the
    /// long round before has mended none of it.
    fn refines(&self) -> bool {
        self.plan.lane % 2 == 1
            && self.is_last_round()
            && (self.best.cost().hard == 0 || self.best.cost().hard == self.hard_before)
    }

    /// The balance of a short round has to keep pace with its cooling.
    fn begin_cooling(&mut self) {
        self.keep_pace();
        self.done_in_round = 0;
    }

    fn keep_pace(&mut self) {
        let tuning = self.plan.tuning;
        let quick = (tuning.turns / self.cooling.steps()).exp();
        self.balance.pace = quick.min(anneal::QUICKEST).max(tuning.pace);
    }

    fn begin_round(&mut self, moves: u64) {
        if self.begin_scouting(moves) {
            return;
        }
        let tuning = self.plan.tuning;
        let reheat = if self.round == 0 {
            1.0
        } else if self.refines() {
            tuning.reheat * tuning.second
        } else {
            tuning.reheat
        };
        let to = self.unit * tuning.cold;
        self.cooling = Cooling {
            from: (self.rise * tuning.hot * reheat).max(to * 4.0),
            to,
            moves,
            hard: self.unit * tuning.hard,
            reach: self.rise * tuning.reach,
            ratios: (!self.wishes).then_some(tuning.ratios),
            press: tuning.press(),
            bend: Bend::default(),
        };
        self.begin_cooling();
        self.stage = Stage::Anneal;
    }

    /// Tries about so many moves; false once the work is done or nothing is left to improve.
    pub fn run(&mut self, moves: u64) -> bool {
        let mut left = moves;
        loop {
            if matches!(self.stage, Stage::Pause) {
                self.go_on();
            }
            if matches!(self.stage, Stage::Over) {
                return false;
            }
            if left == 0 {
                return true;
            }
            left -= self.advance(left).min(left);
        }
    }

    /// Tries about so many moves, but not beyond the end of a round; false once that is reached (see [`Search::go_on`]).
    pub fn run_within_round(&mut self, moves: u64) -> bool {
        let mut left = moves;
        while left > 0 {
            if matches!(self.stage, Stage::Pause | Stage::Over) {
                return false;
            }
            left -= self.advance(left).min(left);
        }
        !matches!(self.stage, Stage::Pause | Stage::Over)
    }

    /// Begins the next round, from the best timetable so far; false if there is none.
    pub fn go_on(&mut self) -> bool {
        if matches!(self.stage, Stage::Pause) {
            match self.rounds.next(self.round, self.best.cost().hard == 0) {
                Some(moves) => {
                    self.best.restore(&mut self.state);
                    self.begin_round(moves);
                    self.hard_before = self.best.cost().hard;
                }
                None => self.stage = Stage::Over,
            }
        }
        !matches!(self.stage, Stage::Over)
    }

    /// Takes over a better timetable of another search between two rounds.
    pub fn adopt(&mut self, other: &Best) {
        if other.timetable.cost() < self.best.cost() {
            self.best.clone_from(&other.timetable);
            self.best_by_scout = other.by_scout;
        }
    }

    /// Works for at most so much, within one stage; gives how much it was.
    fn advance(&mut self, most: u64) -> u64 {
        match &mut self.stage {
            Stage::Build(construction) => {
                match construction.step(&mut self.state, self.domains, &mut self.random) {
                    Some(work) => work,
                    None => {
                        self.best.keep(&self.state);
                        self.stage = Stage::Learn(Sample::default(), 0);
                        1
                    }
                }
            }
            Stage::Learn(sample, tried) => {
                sample.take(&mut self.state, &mut self.mover, &mut self.random, SAMPLE_STEP);
                *tried += SAMPLE_STEP;
                if *tried >= SAMPLE {
                    self.rise = sample.rise();
                    self.stage = Stage::Pause;
                    if self.rounds.moves().is_empty() {
                        self.share_all(self.plan.work);
                    }
                }
                SAMPLE_STEP.into()
            }
            Stage::Times(search, _) => {
                let before = search.done;
                let more = search.run(most);
                self.done += search.done - before;
                if !more {
                    self.seat();
                }
                // its construction and its learning are work, too
                most
            }
            Stage::Weigh(..) => self.weigh(),
            Stage::Seats(..) | Stage::Anneal => self.anneal(most),
            Stage::Pause | Stage::Over => 0,
        }
    }

    fn anneal(&mut self, most: u64) -> u64 {
        let from = self.done_in_round;
        let end = (from + most).min(self.cooling.moves);
        let mut tools = Tools {
            mover: &mut self.mover,
            random: &mut self.random,
            thresholds: &self.thresholds,
            balance: &mut self.balance,
            best: &mut self.best,
        };
        let before = tools.best.cost();
        anneal::run(&mut self.state, &mut tools, &self.cooling, from..end);
        if tools.best.cost() < before {
            self.best_by_scout = self.scouts;
        }
        self.done_in_round = end;
        self.done += end - from;
        if self.best.cost() == Cost::default() {
            self.stage = Stage::Over;
        } else if end >= self.cooling.moves {
            if let Stage::Seats(mix, parts) = self.stage {
                self.seated(mix, parts);
            } else {
                self.round += 1;
                self.stage = Stage::Pause;
            }
        }
        end - from
    }

    /// Whether the first timetable is still being made.
    #[must_use]
    pub fn is_building(&self) -> bool {
        matches!(self.stage, Stage::Build(_))
    }

    /// Whether it is being learnt what moves cost.
    #[must_use]
    pub fn is_learning(&self) -> bool {
        matches!(self.stage, Stage::Learn(..))
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_over(&self) -> bool {
        matches!(self.stage, Stage::Over)
    }

    /// What the work so far is in changes of the timetable (see [`State::changes`]).
    #[must_use]
    pub fn changes(&self) -> u64 {
        let beside = match &self.stage {
            Stage::Times(search, _) => search.changes(),
            _ => 0,
        };
        self.state.changes() + self.elsewhere + beside
    }

    /// Moves of the annealing so far.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Number among the searches that work together.
    #[must_use]
    pub fn lane(&self) -> u32 {
        self.plan.lane
    }

    /// The best timetable so far, to be taken over by another search.
    #[must_use]
    pub fn found(&self) -> Best {
        Best {
            timetable: self.best.clone(),
            by_scout: self.best_by_scout,
        }
    }

    /// How often each kind of move is tried, to be changed.
    pub fn mix(&mut self) -> &mut Mix {
        self.mover.mix()
    }

    /// What became of the moves of each kind.
    #[must_use]
    pub fn tally(&self) -> &[crate::search::moves::Tally; crate::search::moves::KINDS] {
        self.mover.tally()
    }

    /// The best cost so far.
    #[must_use]
    pub fn cost(&self) -> Cost {
        if self.is_building() {
            return self.state.cost();
        }
        self.best.cost()
    }

    /// Cost of the timetable that the search is at.
    #[must_use]
    pub fn present(&self) -> Cost {
        self.state.cost()
    }

    /// What is required and broken at present: constraint and subject.
    pub fn broken(&self) -> impl Iterator<Item = (u32, crate::problem::Subject)> + '_ {
        let points = self.state.broken(true).iter();
        points.map(|p| self.state.net().point(*p))
    }

    /// The temperature, what a unit of hard cost weighs, and the part of the round that is done.
    #[must_use]
    pub fn heat(&self) -> (f64, f64, f64) {
        let part = self.cooling.part(self.done_in_round);
        let ratio = self.cooling.to / self.cooling.from;
        let heat = self.cooling.from * ratio.powf(part);
        let weight = match self.cooling.ratios {
            None => (heat * self.balance.ratio).max(self.cooling.hard),
            Some((from, to)) => heat * from * (to / from).powf(part),
        };
        (heat, weight, part)
    }

    /// Round, from zero.
    #[must_use]
    pub fn round(&self) -> usize {
        self.round
    }

    /// The best timetable so far.
    #[must_use]
    pub fn best(&self) -> Solution {
        if self.is_building() {
            return self.state.solution();
        }
        let mut state = self.state.clone();
        self.best.restore(&mut state);
        state.solution()
    }
}

/// Everything that is worked out once for a problem.
pub struct Ground {
    /// The problem of times alone, where they are given first.
    pub times: Option<Times>,
    /// Wiring.
    pub net: Net,
    /// Choices.
    pub domains: Domains,
}

impl Ground {
    /// Prepares a problem.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        Self::made(problem, &Watch::nobody())
    }

    /// The same, as long as `go_on` says so: it is asked every few steps. `None` if it has said no.
    #[must_use]
    pub fn watched(problem: &Problem, go_on: &dyn Fn() -> bool) -> Option<Self> {
        let watch = Watch::new(go_on);
        let made = Self::made(problem, &watch);
        watch.whole(made)
    }

    fn made(problem: &Problem, watch: &Watch<'_>) -> Self {
        let net = Net::made(problem, watch);
        let domains = Domains::new(problem, &net, watch);
        let times = Times::new(problem, &domains, watch);
        Self { net, domains, times }
    }
}
