//! Rounds that give times first, then seats, then improve both together (see [`Times`](super::demand::Times)).

use super::anneal::Sample;
use super::demand::Times;
use super::moves::{Mix, Mover};
use super::random::Random;
use super::solver::{Plan, SAMPLE, Search};
use super::state::State;

/// Parts of a round's moves, in hundredths: for times, for seats; the rest is for both.
const TIMES: u64 = 25;
const SEATS: u64 = 15;

/// Moves of the three parts of a round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    pub times: u64,
    pub seats: u64,
    pub both: u64,
}

impl Parts {
    /// Shares out the moves of a round.
    pub fn of(moves: u64) -> Self {
        let part = |hundredths: u64| (moves / 100 * hundredths + moves % 100 * hundredths / 100).max(1);
        let (times, seats) = (part(TIMES), part(SEATS));
        Self {
            times,
            seats,
            both: moves.saturating_sub(times + seats).max(1),
        }
    }
}

/// A search for times only.
pub(super) fn times<'a>(ground: &'a super::Ground, times: &'a Times, plan: Plan, round: usize, moves: u64) -> Search<'a> {
    let seed = plan.seed ^ u64::try_from(round).unwrap_or(0).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut search = Search::on(ground, &times.net, &times.domains, Plan { seed, ..plan });
    search.set_rounds(&[moves]);
    search
}

/// Nothing but seats are given.
pub(super) const SEATS_ONLY: Mix = Mix {
    shift: 0,
    kempe: 0,
    turn: 0,
    seat: 1,
    cut: 0,
    chase: 0,
    focus: 250,
};

/// How much the soft cost typically rises when somebody else is seated.
pub(super) fn rise(state: &mut State<'_>, mover: &mut Mover<'_>, random: &mut Random) -> f64 {
    let mut sample = Sample::default();
    sample.take(state, mover, random, SAMPLE);
    sample.rise()
}
