//! A search that is given a time: how fast the machine is on this school is measured, then the time is shared among searches.
//!
//! It reads no clock: whoever runs it says how much time has gone. The server's threads and the browser's worker run the
//! same session, a portion a call, and look between two portions whether they shall stop.

use std::time::Duration;

use super::lane::Lane;
use super::problem::Composition;
use crate::problem::{Cost, Solution};
use crate::search::{Ground, Plan, Tuning};

/// Moves of one portion: some milliseconds, also on an old machine.
const PORTION: u64 = 512;
/// How long it is measured how fast the machine is; never more than a twentieth of the time there is.
const TRIAL: Duration = Duration::from_millis(400);
/// Parts of the time that is left, for the first search and those that go on from its best. A search that is cut off before
/// it has cooled is worth little, and a machine may become slower: so the first one gets most of the time, and what is left
/// goes to further ones from the best, planned anew by what was measured last.
const PARTS: [f64; 3] = [0.6, 0.7, 0.9];
/// How much longer than planned a search may take before it is cut off.
const PATIENCE: f64 = 1.3;

/// One searcher with its time.
pub struct Session<'a> {
    composition: &'a Composition,
    ground: &'a Ground,
    seed: u64,
    number: u32,
    whole: Duration,
    from: Option<Solution>,
    lane: Option<Lane<'a>>,
    /// 0: the trial; then one for each of [`PARTS`].
    stage: usize,
    /// When the present lane began to move, and how long it may.
    begun: Option<Duration>,
    limit: Duration,
    moves: u64,
    /// Moves before the present lane.
    before: u64,
    /// Moves a second, as the last lane did them.
    rate: f64,
    best: Option<(Cost, Solution)>,
    over: bool,
}

impl<'a> Session<'a> {
    /// A searcher for a composition, whose ground it is. `number` tells those apart that work side by side; `from` is a
    /// completed solution to go on from.
    #[must_use]
    pub fn new(
        composition: &'a Composition,
        ground: &'a Ground,
        (seed, number): (u64, u32),
        whole: Duration,
        from: Option<Solution>,
    ) -> Self {
        Self {
            composition,
            ground,
            seed,
            number,
            whole,
            from,
            lane: None,
            stage: 0,
            begun: None,
            limit: Duration::ZERO,
            moves: 0,
            before: 0,
            rate: 0.0,
            best: None,
            over: false,
        }
    }

    /// Goes on by one portion; `spent` is the time since the session began. False: it is over.
    pub fn step(&mut self, spent: Duration) -> bool {
        if self.over {
            return false;
        }
        let Some(lane) = &mut self.lane else {
            self.begin(spent);
            return !self.over;
        };
        // the first timetable is made whatever the time: without it there is nothing
        if lane.is_building() {
            lane.run(PORTION);
            return true;
        }
        let begun = *self.begun.get_or_insert(spent);
        let gone = spent.saturating_sub(begun);
        let mut more = gone < self.limit;
        if more {
            more = lane.run(PORTION);
            self.moves += PORTION;
        }
        if !more {
            self.end(gone);
        }
        !self.over
    }

    /// Plans the next lane for the time that is left.
    fn begin(&mut self, spent: Duration) {
        let left = self.whole.saturating_sub(spent);
        let part = self.stage.checked_sub(1).map(|n| PARTS.get(n).copied());
        let work = match part {
            // more than any machine does while it is measured
            None => 1 << 40,
            Some(None) => 0,
            Some(Some(part)) => {
                self.limit = left.mul_f64((part * PATIENCE).min(1.0));
                let work = self.rate * left.as_secs_f64() * part;
                Duration::try_from_secs_f64(work).map_or(0, |d| d.as_secs())
            }
        };
        if part.is_none() {
            self.limit = TRIAL.min(left / 20);
        }
        if work <= PORTION {
            self.over = true;
            return;
        }
        let plan = Plan {
            seed: self.seed,
            lane: self.number,
            work,
            tuning: Tuning::default(),
        };
        self.lane = Some(Lane::new(self.ground, plan, self.from.as_ref()));
        self.begun = None;
        self.before = self.moves;
    }

    /// Keeps the best of the present lane.
    fn end(&mut self, gone: Duration) {
        let Some(lane) = self.lane.take() else { return };
        let tried = Duration::from_secs(self.moves - self.before).as_secs_f64();
        self.rate = tried / gone.as_secs_f64().max(1e-3);
        let cost = lane.cost();
        if self.best.as_ref().is_none_or(|best| cost < best.0) {
            self.best = Some((cost, lane.best()));
        }
        let best = self.best.as_ref();
        if self.stage > 0 {
            let whole = best.map(|(_, s)| s.clone().completed(self.composition.problem()));
            self.from = whole.and_then(Result::ok);
        }
        self.stage += 1;
        self.over = best.is_some_and(|best| best.0 == Cost::default());
    }

    /// Cost of the best so far; `None` before there is one.
    #[must_use]
    pub fn cost(&self) -> Option<Cost> {
        let lane = self.lane.as_ref().map(Lane::cost);
        let kept = self.best.as_ref().map(|best| best.0);
        lane.into_iter().chain(kept).min()
    }

    /// The best so far.
    #[must_use]
    pub fn best(&self) -> Option<Solution> {
        let kept = self.best.as_ref();
        match &self.lane {
            Some(lane) if kept.is_none_or(|best| lane.cost() < best.0) => Some(lane.best()),
            _ => kept.map(|best| best.1.clone()),
        }
    }

    /// Moves tried.
    #[must_use]
    pub fn moves(&self) -> u64 {
        self.moves
    }
}
