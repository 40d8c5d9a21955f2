//! Simulated annealing over the mover's moves, in portions of work so that the caller can stop between them.

use super::moves::Mover;
use super::random::Random;
use super::state::{Snapshot, State};
use crate::problem::Cost;

/// A cooling run.
#[derive(Clone, Copy, Debug)]
pub struct Cooling {
    /// Temperature at the start, in units of cost.
    pub from: f64,
    /// Temperature at the end.
    pub to: f64,
    /// Moves.
    pub moves: u64,
    /// What a unit of hard cost weighs at least.
    pub hard: f64,
    /// What it may come to weigh however low the temperature is.
    pub reach: f64,
    /// Instead of all that: what it weighs at the start and at the end, as multiples of the temperature.
    pub ratios: Option<(f64, f64)>,
    /// What has long been broken weighs more, if it does.
    pub press: Option<Press>,
}

/// What is required and stays broken near the best timetable comes to weigh more, point by point, until the search finds a way round
/// it; old grudges fade.
#[derive(Clone, Copy, Debug)]
pub struct Press {
    /// Every so many steps of 256 moves.
    pub every: u64,
    /// So many hundredths of it are forgotten each 32 times.
    pub forgive: i64,
}

/// How often weights grow until they fade once.
const FADE: u64 = 32;

/// How far from the least hard cost a timetable may be to tell which requirements are the stubborn ones.
const NEAR: i64 = 4;

impl Press {
    fn step(self, state: &mut State<'_>, at: u64, least: i64) {
        if least == 0 {
            // everything is met: from here on only wishes are to be told apart
            state.forgive(100);
        } else if at.is_multiple_of(self.every) {
            if state.cost().hard <= least + NEAR {
                state.press();
            }
            if at.is_multiple_of(self.every * FADE) {
                state.forgive(self.forgive);
            }
        }
    }
}

/// What a unit of hard cost weighs, as a multiple of the temperature: it rises while the search is at timetables with more
/// hard cost than the best one, and falls otherwise, so that the search keeps crossing the border.
#[derive(Clone, Copy, Debug)]
pub struct Balance {
    /// The present multiple.
    pub ratio: f64,
    /// Its bounds.
    pub bounds: (f64, f64),
    /// Its change in one step, as a factor.
    pub pace: f64,
}

/// Moves between two looks at the temperature.
pub(super) const STEP: u64 = 256;

/// Most that the weight of hard cost changes from one to the next, as a factor.
pub(super) const QUICKEST: f64 = 1.03;

/// A table of `-ln(u)` for evenly spaced `u`: what an accepted worsening may be, in units of the temperature.
pub struct Thresholds(Vec<f64>);

impl Thresholds {
    /// Makes the table.
    #[must_use]
    pub fn new() -> Self {
        let n = 4096_u32;
        Self(
            (0..n)
                .map(|i| -((f64::from(i) + 0.5) / f64::from(n)).ln())
                .collect(),
        )
    }

    #[inline]
    fn draw(&self, random: &mut Random) -> f64 {
        self.0[crate::ids::wide(random.below(4096))]
    }
}

impl Default for Thresholds {
    fn default() -> Self {
        Self::new()
    }
}

/// A whole number as a float; beyond two thousand million it is all the same.
#[inline]
pub(super) fn float(n: i64) -> f64 {
    f64::from(i32::try_from(n).unwrap_or(if n > 0 { i32::MAX } else { i32::MIN }))
}

/// How much the soft cost typically rises in one move, from moves that are taken back.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sample {
    sum: i64,
    count: i64,
}

impl Sample {
    /// Tries some more moves.
    pub fn take(&mut self, state: &mut State<'_>, mover: &mut Mover<'_>, random: &mut Random, tries: u32) {
        for _ in 0..tries {
            let (mark, before) = (state.mark(), state.cost().soft);
            if mover.propose(state, random, 16) && state.cost().soft > before {
                self.sum += state.cost().soft - before;
                self.count += 1;
            }
            state.undo(mark);
        }
    }

    /// The mean rise, at least one.
    #[must_use]
    pub fn rise(&self) -> f64 {
        (float(self.sum) / float(self.count.max(1))).max(1.0)
    }
}

/// What [`run`] works with.
pub struct Tools<'t, 'a> {
    /// Makes the moves.
    pub mover: &'t mut Mover<'a>,
    /// Chooses.
    pub random: &'t mut Random,
    /// Table of thresholds.
    pub thresholds: &'t Thresholds,
    /// Weight of hard cost.
    pub balance: &'t mut Balance,
    /// The best timetable by (hard, soft).
    pub best: &'t mut Snapshot,
}

/// Runs a portion of the moves of a cooling and keeps the best timetable.
pub fn run(
    state: &mut State<'_>,
    tools: &mut Tools<'_, '_>,
    cooling: &Cooling,
    portion: std::ops::Range<u64>,
) {
    let mut done = portion.start;
    let whole = float(
        i64::try_from(cooling.moves.div_ceil(STEP))
            .unwrap_or(i64::MAX)
            .max(1),
    );
    while done < portion.end {
        let part = float(i64::try_from(done / STEP).unwrap_or(i64::MAX)) / whole;
        let temperature = cooling.from * (cooling.to / cooling.from).powf(part);
        let hard = match cooling.ratios {
            None => weight(temperature * tools.balance.ratio, cooling.hard),
            Some((from, to)) => weight(temperature * from * (to / from).powf(part), 0.0),
        };
        let heat = temperature * 16.0;
        let block = (STEP - done % STEP).min(portion.end - done);
        for _ in 0..block {
            let before = state.merged(hard);
            let mark = state.mark();
            if !tools.mover.propose(state, tools.random, hard) {
                state.undo(mark);
                continue;
            }
            let worse = state.merged(hard) - before;
            let kept = worse <= 0 || float(worse) < heat * tools.thresholds.draw(tools.random);
            tools.mover.note(kept, worse < 0);
            if kept {
                state.settle();
                if state.cost() < tools.best.cost() {
                    tools.best.keep(state);
                }
            } else {
                state.undo(mark);
            }
        }
        done += block;
        if done.is_multiple_of(STEP) {
            let balance = &mut *tools.balance;
            let change = if state.cost().hard > tools.best.cost().hard {
                balance.pace
            } else {
                1.0 / balance.pace
            };
            let (least, most) = balance.bounds;
            let most = most.max(cooling.reach / temperature);
            balance.ratio = (balance.ratio * change).clamp(least, most);
            // at the same moments however the work is portioned
            if let Some(press) = cooling.press {
                press.step(state, done / STEP, tools.best.cost().hard);
            }
        }
        if tools.best.cost() == Cost::default() {
            return;
        }
    }
}

/// A weight in sixteenths.
fn weight(wanted: f64, least: f64) -> i64 {
    nearest(wanted.max(least) * 16.0).max(1)
}

/// The nearest whole number, between zero and a thousand million.
#[must_use]
pub fn nearest(x: f64) -> i64 {
    // The house does without `as`; thirty halvings now and then cost nothing.
    let (mut low, mut high) = (0_i32, 1_000_000_000_i32);
    while low < high {
        let middle = low + (high - low + 1) / 2;
        if f64::from(middle) <= x + 0.5 {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low.into()
}
