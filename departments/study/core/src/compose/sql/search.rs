//! The search itself, on threads of its own: as many as it is given, working together. They look every few milliseconds whether
//! they shall stop.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use timetable::compose::{Budget, Composition, Crew, Score, moved, places};
use timetable::problem::{Cost, Solution, evaluate_watched};
use timetable::search::{Ground, Search};
use timetable::unmet::Tally;
use timetable::{Board, CardIx};

use super::{Places, Question};
use crate::compose::{Change, Counted, Failure, Figures, Ids, Unmet};

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
    pub change: Change,
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
    /// What the draft breaks as it is.
    had: Tally,
    since: Instant,
    last: Option<Instant>,
    /// Cost of what was told.
    told: Option<Cost>,
    /// Clashes and cards without a place of what was told last.
    figures: Option<(u32, u32)>,
    /// Moves of all searchers.
    moves: u64,
}

impl Teller<'_> {
    /// Tells, if it is time to, unless a stop comes in between: then what there is is told at the end. Gives whether none has.
    fn look(&mut self, cost: Cost, best: impl FnOnce() -> Solution) -> bool {
        if self.last.is_some_and(|last| last.elapsed() < TELL) {
            return true;
        }
        self.last = Some(Instant::now());
        let mut found = None;
        if self.is_better(cost) {
            let go_on = || !self.shared.stopped();
            let Some(board) = self.composition.settle_watched(&best(), &go_on) else {
                return false;
            };
            found = Some(self.found(cost, &board));
        }
        self.tell(found);
        true
    }

    /// Tells what it has come to, whoever has stopped it.
    fn close(&mut self, cost: Cost, best: &Solution) {
        let better = self.is_better(cost);
        let found = better.then(|| self.found(cost, &self.composition.settle(best)));
        self.tell(found);
    }

    fn is_better(&self, cost: Cost) -> bool {
        self.told.is_none_or(|told| cost < told)
    }

    fn found(&self, cost: Cost, board: &Board) -> Found {
        let places = places(board);
        let has = Tally::of(board);
        let counted = |tally| Counted {
            tally,
            teachers: self.ids.teachers,
        };
        Found {
            cost,
            figures: Score::of(board).into(),
            unmet: Unmet::by_ids(&has.unmet(), self.ids),
            change: Change::between(counted(&self.had), counted(&has)),
            moved: moved(&self.before, &places),
            places,
        }
    }

    fn tell(&mut self, found: Option<Found>) {
        if let Some(found) = &found {
            self.told = Some(found.cost);
        }
        // what costs the search less may clash on the board, and leave more in the tray there: to a person that is not the best so far
        let figures = |of: &Found| (of.figures.clashes, of.figures.unplaced);
        let found = found.filter(|of| self.figures.is_none_or(|shown| figures(of) <= shown));
        self.figures = found.as_ref().map(figures).or(self.figures);
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
    // what is large is made with looks in between, and thrown away where nobody wants it any more
    let go_on = || !shared.stopped();
    let Some(composition) = Composition::watched(&board, &task.question.keep, &go_on) else {
        return Ok(());
    };
    let impossible = composition.impossible().to_vec();
    shared.tell(|told| told.impossible = impossible);
    let mut teller = Teller {
        shared,
        composition: &composition,
        ids: task.question.ids(),
        before: places(&board),
        had: Tally::of(&board),
        since,
        last: None,
        told: None,
        figures: None,
        moves: 0,
    };
    let from = task.best.as_ref().map(|places| composition.solution(places));
    // nothing worse comes out than the draft as it was, and what was found earlier is not lost; one of them is enough
    let source = composition.solution(&teller.before);
    let known = std::iter::once(&source).chain(&from);
    let known = known.filter_map(|solution| {
        let cost = evaluate_watched(composition.problem(), solution, &go_on)?;
        Some((cost, solution))
    });
    if let Some((cost, solution)) = known.min_by_key(|(cost, _)| *cost)
        && !teller.look(cost, || solution.clone())
    {
        return Ok(());
    }
    let Some(ground) = Ground::watched(composition.problem(), &go_on) else {
        return Ok(());
    };
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
            if !teller.look(search.cost(), || search.best()) {
                return false;
            }
        }
        !shared.stopped()
    };
    crew.run(Budget::Time(task.left), &|| since.elapsed(), &watch);
    let mut teller = teller.into_inner().unwrap_or_else(PoisonError::into_inner);
    teller.moves = crew.moves();
    let (cost, best) = crew.best();
    teller.close(cost, &best);
    if crew.has_fallen() {
        return Err(Failure::Fault);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
