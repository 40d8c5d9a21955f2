//! The search itself, on threads of its own: one for each core but one, which is left to those who ask the server. They look
//! every few milliseconds whether they shall stop.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use timetable::compose::{Composition, Score, Session, moved, places};
use timetable::problem::{Cost, Solution};
use timetable::search::Ground;
use timetable::{Board, CardIx};

use super::{Places, Question};
use crate::compose::Figures;

/// Between two tellings.
const TELL: Duration = Duration::from_millis(900);
/// More searchers than this bring little: each has a timetable of its own, and the best is taken.
const MOST: usize = 8;

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

/// Tells of each new best, not oftener than wanted.
struct Teller<'a> {
    shared: &'a Shared,
    composition: &'a Composition,
    before: Places,
    since: Instant,
    last: Option<Instant>,
    /// Cost of what was told.
    told: Option<Cost>,
    /// Moves of all searchers.
    moves: u64,
}

impl Teller<'_> {
    fn look(&mut self, cost: Option<Cost>, best: impl FnOnce() -> Option<Solution>, at_once: bool) {
        let due = self.last.is_none_or(|last| last.elapsed() >= TELL);
        if !due && !at_once {
            return;
        }
        self.last = Some(Instant::now());
        let better = cost.filter(|cost| self.told.is_none_or(|told| *cost < told));
        let found = better.and_then(|cost| {
            let board = self.composition.settle(&best()?);
            let places = places(&board);
            Some(Found {
                cost,
                figures: Score::of(&board).into(),
                moved: moved(&self.before, &places),
                places,
            })
        });
        if found.is_some() {
            self.told = better;
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
}

/// How many search side by side.
fn searchers() -> usize {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    cores.saturating_sub(1).clamp(1, MOST)
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
        teller.look(Some(cost), || Some(solution.clone()), true);
    }
    if shared.stopped() {
        return true;
    }
    let ground = Ground::new(composition.problem());
    let (teller, perfect) = (Mutex::new(teller), AtomicBool::new(false));
    let one = |number: u32| {
        let mut session = Session::new(
            &composition,
            &ground,
            (task.seed, number),
            task.left,
            from.clone(),
        );
        let (mut counted, mut more) = (0, true);
        while more && !shared.stopped() && !perfect.load(Ordering::Relaxed) {
            more = session.step(since.elapsed());
            // whoever finds another telling goes on: its turn comes
            let free = if more {
                teller.try_lock().ok()
            } else {
                Some(teller.lock().unwrap_or_else(PoisonError::into_inner))
            };
            if let Some(mut teller) = free {
                teller.moves += session.moves() - counted;
                counted = session.moves();
                teller.look(session.cost(), || session.best(), !more);
            }
        }
        let mut teller = teller.lock().unwrap_or_else(PoisonError::into_inner);
        teller.moves += session.moves() - counted;
        teller.look(session.cost(), || session.best(), true);
        if session.cost() == Some(Cost::default()) {
            perfect.store(true, Ordering::Relaxed);
        }
    };
    std::thread::scope(|scope| {
        for number in (1..).take(searchers() - 1) {
            let one = &one;
            scope.spawn(move || one(number));
        }
        one(0);
    });
    true
}
