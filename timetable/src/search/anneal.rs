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
    /// From where on the moves are as many as that.
    pub bend: Bend,
}

/// A place in a cooling run: what is left of the cooling there goes evenly over the moves that are left.
#[derive(Clone, Copy, Debug, Default)]
pub struct Bend {
    /// Moves done by then.
    done: u64,
    /// The part of the cooling that they were.
    part: f64,
}

impl Cooling {
    /// The part of the cooling that is done after so many moves.
    #[must_use]
    pub fn part(&self, done: u64) -> f64 {
        let count = |moves: u64| float(i64::try_from(moves).unwrap_or(i64::MAX));
        let steps = self.moves.saturating_sub(self.bend.done).div_ceil(STEP);
        let over = count(done.saturating_sub(self.bend.done) / STEP) / count(steps.max(1));
        self.bend.part + (1.0 - self.bend.part) * over
    }

    /// After so many moves so many are left. It goes on from where it is: neither warmer nor colder at once.
    pub(super) fn stretch(&mut self, done: u64, left: u64) {
        self.bend = Bend {
            done,
            part: self.part(done),
        };
        self.moves = done.saturating_add(left);
    }

    /// Steps of the whole cooling, were all of it as slow as what is left.
    pub(super) fn steps(&self) -> f64 {
        let left = self.moves.saturating_sub(self.bend.done).div_ceil(STEP);
        let left = float(i64::try_from(left).unwrap_or(i64::MAX)).max(1.0);
        left / (1.0 - self.bend.part).max(1e-3)
    }
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
    while done < portion.end {
        let part = cooling.part(done);
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

#[cfg(test)]
mod tests {
    use super::{Bend, Cooling, STEP};

    fn cooling(moves: u64) -> Cooling {
        Cooling {
            from: 100.0,
            to: 1.0,
            moves,
            hard: 1.0,
            reach: 1.0,
            ratios: None,
            press: None,
            bend: Bend::default(),
        }
    }

    #[test]
    fn a_stretched_cooling_goes_on_from_where_it_is_and_comes_to_the_same_end() {
        for left in [STEP * 10, STEP * 75, STEP * 700] {
            let mut long = cooling(STEP * 100);
            let before = long.part(STEP * 25);
            assert!((before - 0.25).abs() < 1e-9);
            long.stretch(STEP * 25, left);
            assert!((long.part(STEP * 25) - before).abs() < 1e-9, "no jump");
            assert!((long.part(STEP * 25 + left / 2) - 0.625).abs() < 0.01, "evenly");
            assert!((long.part(STEP * 25 + left) - 1.0).abs() < 1e-9);
            assert_eq!(long.moves, STEP * 25 + left);
            // and once more
            long.stretch(STEP * 25 + left / 2, STEP * 40);
            assert!((long.part(STEP * 25 + left / 2) - 0.625).abs() < 0.01);
            assert!((long.part(long.moves) - 1.0).abs() < 1e-9);
        }
        // as fast as the whole would be at the pace of what is left
        let mut slower = cooling(STEP * 100);
        slower.stretch(STEP * 50, STEP * 100);
        assert!((slower.steps() - 200.0).abs() < 1e-6);
    }
}
