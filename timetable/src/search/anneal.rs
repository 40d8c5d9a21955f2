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
    /// What a unit of hard cost weighs.
    pub hard: i64,
}

/// Moves between two looks at the temperature.
const STEP: u64 = 256;

/// A table of `-ln(u)` for evenly spaced `u`: what an accepted worsening may be, in units of the temperature.
pub struct Thresholds(Vec<f64>);

impl Thresholds {
    /// Makes the table.
    #[must_use]
    pub fn new() -> Self {
        let n = 4096_u32;
        Self((0..n).map(|i| -((f64::from(i) + 0.5) / f64::from(n)).ln()).collect())
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

/// How much the soft and the hard cost typically rise in one move, from a sample.
pub fn sample_rises(
    state: &mut State<'_>,
    mover: &mut Mover<'_>,
    random: &mut Random,
    tries: u32,
) -> (f64, f64) {
    let (mut soft, mut softs, mut hard, mut hards) = (0, 0, 0, 0);
    for _ in 0..tries {
        let (mark, before) = (state.mark(), state.cost());
        if mover.propose(state, random) {
            let by = state.cost();
            if by.soft > before.soft {
                soft += by.soft - before.soft;
                softs += 1;
            }
            if by.hard > before.hard {
                hard += by.hard - before.hard;
                hards += 1;
            }
        }
        state.undo(mark);
    }
    (
        float(soft) / float(softs.max(1)),
        float(hard) / float(hards.max(1)),
    )
}

/// Runs moves `from..to` of a cooling; keeps the best by (hard, soft) in `best`.
pub fn run(
    state: &mut State<'_>,
    mover: &mut Mover<'_>,
    random: &mut Random,
    cooling: &Cooling,
    portion: std::ops::Range<u64>,
    thresholds: &Thresholds,
    best: &mut Snapshot,
) {
    let mut done = portion.start;
    let whole = float(i64::try_from(cooling.moves.div_ceil(STEP)).unwrap_or(i64::MAX).max(1));
    while done < portion.end {
        let part = float(i64::try_from(done / STEP).unwrap_or(i64::MAX)) / whole;
        let temperature = cooling.from * (cooling.to / cooling.from).powf(part);
        let block = (STEP - done % STEP).min(portion.end - done);
        for _ in 0..block {
            let before = state.merged(cooling.hard);
            let mark = state.mark();
            if !mover.propose(state, random) {
                state.undo(mark);
                continue;
            }
            let worse = state.merged(cooling.hard) - before;
            if worse <= 0 || float(worse) < temperature * thresholds.draw(random) {
                state.settle();
                if state.cost() < best.cost() {
                    best.keep(state);
                }
            } else {
                state.undo(mark);
            }
        }
        done += block;
        if best.cost() == Cost::default() {
            return;
        }
    }
}
