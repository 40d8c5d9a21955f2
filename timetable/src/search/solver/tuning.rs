//! How the annealing is set; the record of decisions, 0007, says what was measured.

use crate::search::anneal::Press;

/// How the annealing is set; see the record of decisions for what was measured.
#[derive(Clone, Copy, Debug)]
pub struct Tuning {
    /// First temperature, as a part of the soft cost's typical rise in one move.
    pub hot: f64,
    /// First temperature of the later rounds, as a part of that.
    pub reheat: f64,
    /// Last temperature, as a part of the smallest soft price.
    pub cold: f64,
    /// What a unit of hard cost weighs at least, in multiples of the smallest soft price.
    pub hard: f64,
    /// However cold it is, a unit of hard cost may come to weigh so many typical rises of the soft cost in one move.
    pub reach: f64,
    /// Most that a unit of hard cost weighs, in multiples of the temperature.
    pub strict: f64,
    /// How fast the weight of hard cost is balanced, at least: a factor every 256 moves.
    pub pace: f64,
    /// How often it can become e times as heavy in a round, however short that is.
    pub turns: f64,
    /// What a unit of hard cost weighs at the first and at the last temperature, in multiples of it, where hard cost is all there
    /// is.
    pub ratios: (f64, f64),
    /// First temperature of the last round of every other search of a team, as a part of that of the others, if nothing required
    /// is broken by then: it refines the best timetable, while the others look for another.
    pub second: f64,
    /// Every so many steps of 256 moves what is required and still broken weighs more; zero: never.
    pub press: u64,
    /// Of that weight so many hundredths are forgotten after 32 such steps.
    pub forgive: i64,
    /// Where times are given first, the temperature at which they are improved together with the seats, as a part of the
    /// soft cost's typical rise; zero: times are never given first.
    pub scout: f64,
    /// What a unit of hard cost weighs there, in such rises.
    pub stern: f64,
}

impl Tuning {
    /// Which requirements weigh more because they stay broken; none with a `press` of zero.
    #[must_use]
    pub fn press(&self) -> Option<Press> {
        (self.press > 0).then_some(Press {
            every: self.press,
            forgive: self.forgive,
        })
    }
}

impl Default for Tuning {
    fn default() -> Self {
        Self {
            hot: 1.0,
            reheat: 1.0,
            cold: 0.15,
            hard: 3.0,
            reach: 4.0,
            strict: 12.0,
            pace: 1.002,
            turns: 40.0,
            ratios: (3.0, 12.0),
            second: 0.1,
            press: 8,
            forgive: 30,
            scout: 0.05,
            stern: 3.0,
        }
    }
}
