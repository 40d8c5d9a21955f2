//! The search itself, on threads of its own: as many as it is given, working together. They look every few milliseconds whether
//! they shall stop.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use timetable::compose::{Budget, Composition, Crew, Score, moved, places};
use timetable::problem::{Cost, Solution, evaluate};
use timetable::search::{Ground, Search};
use timetable::{Board, CardIx};

use super::{Places, Question};
use crate::compose::{Failure, Figures, Ids, Unmet};

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
    pub unmet: Unmet,
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
    /// How often it was looked whether it shall end.
    #[cfg(test)]
    looks: tests::Looks,
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
        #[cfg(test)]
        self.looks.count(&self.stop);
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
    ids: Ids<'a>,
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
                unmet: Unmet::by_ids(&timetable::unmet::Unmet::of(&board), self.ids),
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

/// Searches until the time is over, nothing is left to improve, or it shall stop.
///
/// # Errors
/// What the question is that it cannot be searched.
pub(super) fn search(task: &Task, threads: u32, shared: &Shared) -> Result<(), Failure> {
    let since = Instant::now();
    let Ok(board) = Board::new(task.question.spec.clone()) else {
        return Err(Failure::TooLarge);
    };
    let composition = Composition::new(&board, &task.question.keep);
    let impossible = composition.impossible().to_vec();
    shared.tell(|told| told.impossible = impossible);
    let mut teller = Teller {
        shared,
        composition: &composition,
        ids: task.question.ids(),
        before: places(&board),
        since,
        last: None,
        told: None,
        moves: 0,
    };
    let from = task.best.as_ref().map(|places| composition.solution(places));
    // nothing worse comes out than the draft as it was, and what was found earlier is not lost; one of them is enough
    let source = composition.solution(&teller.before);
    let known = std::iter::once(&source).chain(&from);
    let known = known.map(|solution| (evaluate(composition.problem(), solution), solution));
    if let Some((cost, solution)) = known.min_by_key(|(cost, _)| *cost) {
        teller.look(Some(cost), || Some(solution.clone()), true);
    }
    if shared.stopped() {
        return Ok(());
    }
    let ground = Ground::new(composition.problem());
    if shared.stopped() {
        return Ok(());
    }
    let mut crew = Crew::new(&ground, task.seed, threads, from.as_ref());
    let (teller, moves) = (Mutex::new(teller), AtomicU64::new(0));
    let watch = |search: &Search<'_>| {
        // before anything is told: that takes its time, and the end is told anyway
        if shared.stopped() {
            return false;
        }
        // whoever finds another telling goes on: its turn comes
        if !search.is_building()
            && let Ok(mut teller) = teller.try_lock()
        {
            let all = u64::from(threads).saturating_mul(search.done());
            teller.moves = moves.fetch_max(all, Ordering::Relaxed).max(all);
            teller.look(Some(search.cost()), || Some(search.best()), false);
        }
        !shared.stopped()
    };
    crew.run(Budget::Time(task.left), &|| since.elapsed(), &watch);
    let mut teller = teller.into_inner().unwrap_or_else(PoisonError::into_inner);
    teller.moves = crew.moves();
    let (cost, best) = crew.best();
    teller.look(Some(cost), || Some(best), true);
    if crew.has_fallen() {
        return Err(Failure::Fault);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
