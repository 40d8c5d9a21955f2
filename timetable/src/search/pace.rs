//! Rounds by the clock: how much work fits into a time, and a last round that ends when the time does.
//!
//! The longer a search cools, the faster its moves become, on some schools four times as fast: a last round whose moves were
//! counted out at the rate of the one before it would be over with a third of the time unused. So it is run in legs, and before each the
//! rest of the round is planned anew by the rate of the one before; the round cools as far in whatever is left of it. The
//! clock decides how many moves a leg has and nothing else: told as they were, the legs come to the same timetable again.

use std::time::Duration;

use super::solver::{Best, SAMPLE, Search};
use super::team::Team;

/// Part of the time left that work is planned for: a machine may become slower.
const PLANNED: f64 = 0.96;

/// A leg has this part of the work that is left in the round.
pub(crate) const LEG: u64 = 4;

/// What fits into this part of the whole time is not planned anew.
const SHORT: u32 = 50;

/// The least work that is planned.
const LEAST: u64 = 256;

/// Moves a second.
fn rate(moves: u64, took: Duration) -> f64 {
    Duration::from_secs(moves).as_secs_f64() / took.as_secs_f64().max(1e-6)
}

/// So many moves fit into the time left, by what was done in a time before; always whole legs.
pub(crate) fn fits(moves: u64, took: Duration, left: Duration) -> u64 {
    let left = left.as_secs_f64() * PLANNED;
    let fits = Duration::try_from_secs_f64(rate(moves, took) * left);
    fits.map_or(LEAST, |d| d.as_secs().max(LEAST)) / LEG * LEG
}

/// How many moves come before the next look at the clock, of so many that are planned for the time left; `None`: no further look.
pub(crate) fn leg(planned: u64, left: Duration, whole: Duration) -> Option<u64> {
    (left > whole / SHORT && planned >= LEAST * LEG).then_some(planned / LEG)
}

/// What a team has for its rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Means {
    /// The clock of the caller, until it shows this.
    Time(Duration),
    /// So many moves of each search.
    Work(u64),
    /// These moves in each round, leg by leg, as [`Team::worked`] tells them.
    Rounds(Vec<Vec<u64>>),
}

/// How a team is run: a look at how late it is, and what is told.
pub struct Ways<'w, W, C> {
    /// As with [`Team::build`].
    pub watch: &'w W,
    /// The time since the search began.
    pub clock: &'w C,
    /// Moves between two looks.
    pub portion: u64,
}

impl<'a> Team<'a> {
    /// All that comes after the first timetables: learns what moves cost, then goes through the rounds, until the means are used,
    /// nothing is left to improve, or `watch` says no. The clock only plans the rounds: `watch` is who ends them when it is late.
    /// `from`: nobody goes on from anything worse. After each round `told` has how many moves each search did a second, as the clock has
    /// it.
    pub fn run<W, C>(
        &mut self,
        means: &Means,
        from: Option<&Best>,
        ways: &Ways<'_, W, C>,
        mut told: impl FnMut(f64),
    ) where
        W: Fn(&Search<'a>) -> bool + Sync,
        C: Fn() -> Duration,
    {
        let clock = ways.clock;
        let since = clock();
        let mut going = self.learn(ways.watch);
        match means {
            Means::Time(whole) => {
                let now = clock();
                let work = fits(
                    SAMPLE.into(),
                    now.saturating_sub(since),
                    whole.saturating_sub(now),
                );
                self.for_each(|search| search.share_all(work));
            }
            Means::Work(work) => self.for_each(|search| search.share_all(*work)),
            Means::Rounds(rounds) => {
                let whole: Vec<u64> = rounds.iter().map(|legs| planned(legs)).collect();
                self.for_each(|search| search.set_rounds(&whole));
            }
        }
        if let Some(from) = from {
            self.for_each(|search| search.adopt(from));
        }
        while going && self.go_on() {
            let (since, before) = (clock(), self.each_done());
            going = match means {
                Means::Time(whole) if self.lanes().iter().all(Search::is_last_round) => {
                    self.run_timed(*whole, ways)
                }
                Means::Rounds(rounds) => self.run_told(rounds, ways),
                _ => self.run_round(ways.watch, ways.portion),
            };
            let (now, done) = (clock(), self.each_done() - before);
            if going && let Means::Time(whole) = means {
                let work = fits(done, now.saturating_sub(since), whole.saturating_sub(now));
                self.for_each(|search| search.share_rest(work));
            }
            if going {
                told(rate(done, now.saturating_sub(since)));
            }
        }
    }

    /// The moves of each round so far, of the last one leg by leg. Given to another team of as many searches, they come to the same
    /// timetable, unless the clock ended the last leg.
    #[must_use]
    pub fn worked(&self) -> Vec<Vec<u64>> {
        let rounds = self.lanes().first().map_or(&[][..], Search::rounds);
        let mut all: Vec<Vec<u64>> = rounds.iter().map(|moves| vec![*moves]).collect();
        for (round, legs) in self.legs.iter().enumerate().filter(|(_, legs)| !legs.is_empty()) {
            if let Some(known) = all.get_mut(round) {
                known.clone_from(legs);
            }
        }
        all
    }

    /// The last round, so that it ends with the time.
    fn run_timed<W, C>(&mut self, whole: Duration, ways: &Ways<'_, W, C>) -> bool
    where
        W: Fn(&Search<'a>) -> bool + Sync,
        C: Fn() -> Duration,
    {
        let round = self.round();
        let mut planned = self
            .lanes()
            .first()
            .and_then(|search| search.rounds().get(round).copied())
            .unwrap_or(LEAST);
        let mut legs = vec![];
        let going = loop {
            let since = (ways.clock)();
            let Some(moves) = leg(planned, whole.saturating_sub(since), whole) else {
                break self.run_round(ways.watch, ways.portion);
            };
            let before = self.each_done();
            let going = self.run_leg(moves, ways.watch, ways.portion);
            if !going || !self.is_within_round() {
                break going;
            }
            legs.push(moves);
            let now = (ways.clock)();
            let done = self.each_done() - before;
            planned = fits(done, now.saturating_sub(since), whole.saturating_sub(now));
            self.for_each(|search| search.stretch(planned));
        };
        // whatever ended it, it was on its way to this end
        legs.push(planned);
        self.keep_legs(round, legs);
        going
    }

    /// A round whose legs are known.
    fn run_told<W, C>(&mut self, rounds: &[Vec<u64>], ways: &Ways<'_, W, C>) -> bool
    where
        W: Fn(&Search<'a>) -> bool + Sync,
    {
        let round = self.round();
        let legs = rounds.get(round).map_or(&[][..], Vec::as_slice);
        let [legs @ .., last] = legs else { return false };
        for (n, moves) in legs.iter().enumerate() {
            if !self.run_leg(*moves, ways.watch, ways.portion) {
                return false;
            }
            let rest = legs.get(n + 1).map_or(*last, |leg| leg.saturating_mul(LEG));
            self.for_each(|search| search.stretch(rest));
        }
        if !legs.is_empty() {
            self.keep_legs(round, [legs, &[*last]].concat());
        }
        self.run_round(ways.watch, ways.portion)
    }

    fn keep_legs(&mut self, round: usize, legs: Vec<u64>) {
        if self.legs.len() <= round {
            self.legs.resize(round + 1, vec![]);
        }
        if let Some(known) = self.legs.get_mut(round) {
            *known = legs;
        }
    }

    /// Round, from zero.
    fn round(&self) -> usize {
        self.lanes().first().map_or(0, Search::round)
    }

    /// Moves that each search has tried, in the mean.
    fn each_done(&self) -> u64 {
        let lanes = u64::try_from(self.lanes().len()).unwrap_or(1).max(1);
        self.lanes().iter().map(Search::done).sum::<u64>() / lanes
    }
}

/// What was planned for a round whose legs these are.
fn planned(legs: &[u64]) -> u64 {
    match legs {
        [only] => *only,
        [first, ..] => first.saturating_mul(LEG),
        [] => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_follows_the_rate_and_leaves_a_little_time() {
        let second = Duration::from_secs(1);
        assert_eq!(fits(1000, second, second * 100), 96_000);
        assert_eq!(fits(1000, second / 2, second * 100), 192_000);
        assert_eq!(fits(1000, second, Duration::ZERO), LEAST);
        assert_eq!(fits(0, second, second), LEAST);
        // no time was seen to pass: much, but a number
        assert!(fits(u64::MAX, Duration::ZERO, Duration::MAX) >= LEAST);
        assert!(fits(1003, second, second * 3).is_multiple_of(LEG));
    }

    #[test]
    fn the_end_of_a_round_is_not_planned_anew_for_ever() {
        let whole = Duration::from_secs(10);
        assert_eq!(leg(80_000, whole, whole), Some(20_000));
        assert_eq!(leg(80_000, whole / 100, whole), None, "hardly any time is left");
        assert_eq!(leg(1000, whole, whole), None, "hardly any moves are left");
    }
}
