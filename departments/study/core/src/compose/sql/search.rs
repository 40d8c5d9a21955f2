//! The search itself, on a thread of its own. It looks every few milliseconds whether it shall stop.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use timetable::compose::{Composition, Lane, Score, moved, places};
use timetable::problem::{Cost, Solution};
use timetable::search::{Ground, Plan, Tuning};
use timetable::{Board, CardIx};

use super::{Places, Question};
use crate::compose::Figures;

/// Moves between two looks at the clock and at the flag: some milliseconds, also on an old machine.
const PORTION: u64 = 512;
/// How long it is measured how fast the machine is; never more than a twentieth of the time there is.
const TRIAL: Duration = Duration::from_millis(400);
/// Parts of the time that is left, for the first search and those that go on from its best.
const PARTS: [f64; 3] = [0.6, 0.7, 0.9];
/// How much longer than planned a search may take before it is cut off.
const PATIENCE: f64 = 1.3;
/// Between two tellings.
const TELL: Duration = Duration::from_millis(900);

/// What is to be searched.
pub(super) struct Task {
    pub question: Question,
    pub seed: u64,
    /// Time that is left.
    pub left: Duration,
    /// Found by an earlier process.
    pub best: Option<Places>,
}

/// The best so far.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub cost: Cost,
    pub places: Places,
    pub figures: Figures,
    pub moved: u32,
}

/// What the thread and those who wait for it share.
#[derive(Default)]
pub(super) struct Shared {
    /// Shall it end?
    pub stop: AtomicBool,
    /// The process ends, and another one goes on.
    pub hand_on: AtomicBool,
    pub told: Mutex<Told>,
}

/// What is known so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub spent: Duration,
    pub moves: u64,
    pub impossible: Vec<CardIx>,
    pub best: Option<Found>,
}

impl Shared {
    fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    fn tell(&self, change: impl FnOnce(&mut Told)) {
        // a thread that panicked while it held the lock has left whole values behind
        let mut told = self
            .told
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        change(&mut told);
    }

    pub(super) fn now(&self) -> Told {
        self.told
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .clone()
    }
}

/// A search that tells of each new best, not oftener than wanted.
struct Teller<'a> {
    shared: &'a Shared,
    composition: &'a Composition,
    before: Places,
    since: Instant,
    last: Option<Instant>,
    /// Cost of what was told.
    told: Option<Cost>,
    moves: u64,
}

impl Teller<'_> {
    fn look(&mut self, cost: Cost, best: impl FnOnce() -> Solution, at_once: bool) {
        let due = self.last.is_none_or(|last| last.elapsed() >= TELL);
        if !due && !at_once {
            return;
        }
        self.last = Some(Instant::now());
        let found = self.told.is_none_or(|told| cost < told).then(|| {
            let board = self.composition.settle(&best());
            let places = places(&board);
            Found {
                cost,
                figures: Score::of(&board).into(),
                moved: moved(&self.before, &places),
                places,
            }
        });
        if found.is_some() {
            self.told = Some(cost);
        }
        let (spent, moves) = (self.since.elapsed(), self.moves);
        self.shared.tell(|told| {
            told.spent = spent;
            told.moves = moves;
            if found.is_some() {
                told.best = found;
            }
        });
    }

    /// Runs a search until its time is over or it shall stop.
    fn run(&mut self, lane: &mut Lane<'_>, until: Duration) {
        while !self.shared.stopped() && self.since.elapsed() < until {
            let more = lane.run(PORTION);
            self.moves += PORTION;
            self.look(lane.cost(), || lane.best(), false);
            if !more {
                break;
            }
        }
    }
}

/// Searches until the time is over, nothing is left to improve, or it shall stop. False: the question is none.
pub(super) fn search(task: &Task, shared: &Shared) -> bool {
    let since = Instant::now();
    let Ok(board) = Board::new(task.question.spec.clone()) else {
        return false;
    };
    let composition = Composition::new(&board, &task.question.keep);
    let impossible = composition.impossible().to_vec();
    shared.tell(|told| told.impossible = impossible);
    let mut teller = Teller {
        shared,
        composition: &composition,
        before: places(&board),
        since,
        last: None,
        told: None,
        moves: 0,
    };
    let from = task.best.as_ref().map(|places| composition.solution(places));
    // nothing worse comes out than the draft as it was, and what was found earlier is not lost
    let source = composition.solution(&teller.before);
    for solution in std::iter::once(&source).chain(&from) {
        let cost = timetable::problem::evaluate(composition.problem(), solution);
        teller.look(cost, || solution.clone(), true);
    }
    if shared.stopped() {
        return true;
    }
    let ground = Ground::new(composition.problem());
    if shared.stopped() {
        return true;
    }
    let plan = |work: u64| Plan {
        seed: task.seed,
        lane: 0,
        work,
        tuning: Tuning::default(),
    };
    // How fast the machine is on this school decides how much work is planned for.
    let mut trial = Lane::new(&ground, plan(1 << 40), from.as_ref());
    teller.look(trial.cost(), || trial.best(), true);
    let (mut begun, mut before) = (Instant::now(), teller.moves);
    teller.run(&mut trial, since.elapsed() + TRIAL.min(task.left / 20));
    teller.look(trial.cost(), || trial.best(), true);
    let mut best = trial.best();
    let mut cost = trial.cost();
    drop(trial);
    // A search that is cut off before it has cooled is worth little, and a machine may become slower. So the first one gets
    // most of the time, and what is left goes to further ones from the best, planned anew by what was measured last.
    let mut from = from;
    for part in PARTS {
        let tried = Duration::from_secs(teller.moves - before).as_secs_f64();
        let rate = tried / begun.elapsed().as_secs_f64().max(1e-3);
        let left = task.left.saturating_sub(since.elapsed());
        let work = Duration::try_from_secs_f64(rate * left.as_secs_f64() * part).map_or(0, |d| d.as_secs());
        if shared.stopped() || work <= PORTION {
            break;
        }
        let mut lane = Lane::new(&ground, plan(work), from.as_ref());
        (begun, before) = (Instant::now(), teller.moves);
        teller.run(
            &mut lane,
            since.elapsed() + left.mul_f64((part * PATIENCE).min(1.0)),
        );
        teller.look(lane.cost(), || lane.best(), true);
        if lane.cost() < cost {
            (best, cost) = (lane.best(), lane.cost());
        }
        if cost == Cost::default() {
            break;
        }
        from = best.clone().completed(composition.problem()).ok();
    }
    true
}
