//! Rounds that give times first, then seats, then improve both together (see [`Times`]).

use super::{Plan, SAMPLE, SAMPLE_STEP, Search, Stage};
use crate::search::anneal::{Bend, Cooling, Sample};
use crate::search::demand::Times;
use crate::search::moves::Mix;

/// Parts of a round's moves, in hundredths: for times, for seats; the rest is for both.
const TIMES: u64 = 25;
const SEATS: u64 = 15;

/// Moves of the three parts of a round.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    times: u64,
    seats: u64,
    both: u64,
}

impl Parts {
    fn of(moves: u64) -> Self {
        let part = |hundredths: u64| (moves / 100 * hundredths + moves % 100 * hundredths / 100).max(1);
        let (times, seats) = (part(TIMES), part(SEATS));
        Self {
            times,
            seats,
            both: moves.saturating_sub(times + seats).max(1),
        }
    }
}

/// Nothing but seats are given.
const SEATS_ONLY: Mix = Mix {
    shift: 0,
    kempe: 0,
    turn: 0,
    seat: 1,
    cut: 0,
    chase: 0,
    focus: 250,
    brief: 0,
    deal: 0,
};

impl<'a> Search<'a> {
    /// Whether a round is going on, in whichever of its parts.
    #[must_use]
    pub fn is_within_round(&self) -> bool {
        matches!(
            self.stage,
            Stage::Times(..) | Stage::Weigh(..) | Stage::Seats(..) | Stage::Anneal
        )
    }

    /// The problem of times alone, if this search gives them first; not if it works on that itself.
    fn scouted(&self) -> Option<&'a Times> {
        let times = self.ground.times.as_ref()?;
        let whole = !self.domains.seated.is_empty();
        (whole && self.plan.tuning.scout > 0.0).then_some(times)
    }

    /// The times that were found are taken over, and their seats are to be given.
    pub(super) fn seat(&mut self) {
        let Stage::Times(search, parts) = &mut self.stage else {
            return;
        };
        let parts = *parts;
        search.best.restore(&mut search.state);
        search.state.copy_times(&mut self.state);
        self.state.settle();
        self.elsewhere += search.changes();
        let mix = std::mem::replace(self.mover.mix(), SEATS_ONLY);
        self.stage = Stage::Weigh(Sample::default(), 0, mix, parts);
    }

    /// Learns a little more of how much the soft cost typically rises when somebody else is seated; then seats are given. Gives the
    /// moves tried.
    pub(super) fn weigh(&mut self) -> u64 {
        let Stage::Weigh(sample, tried, mix, parts) = &mut self.stage else {
            return 0;
        };
        sample.take(&mut self.state, &mut self.mover, &mut self.random, SAMPLE_STEP);
        *tried += SAMPLE_STEP;
        if *tried >= SAMPLE {
            let (rise, mix, parts) = (sample.rise().max(self.rise), *mix, *parts);
            self.cool(rise, rise * self.plan.tuning.stern, parts.seats);
            self.stage = Stage::Seats(mix, parts);
        }
        SAMPLE_STEP.into()
    }

    /// Improves what is there, without leaving it.
    fn refine(&mut self, moves: u64) {
        let (rise, tuning) = (self.rise, self.plan.tuning);
        self.cool(rise * tuning.scout, rise * tuning.stern, moves);
        self.stage = Stage::Anneal;
    }

    fn cool(&mut self, from: f64, hard: f64, moves: u64) {
        let to = self.unit * self.plan.tuning.cold;
        self.cooling = Cooling {
            from: from.max(to * 4.0),
            to,
            moves,
            hard,
            reach: hard,
            ratios: None,
            press: None,
            bend: Bend::default(),
        };
        self.begin_cooling();
    }

    /// Whether the round that goes on is the last one.
    #[must_use]
    pub fn is_last_round(&self) -> bool {
        self.rounds.is_last(self.round)
    }

    /// From here on so many moves are left in the round that goes on, if one does: it cools as far in them. What gives times and
    /// seats first keeps its moves; what improves both has the others.
    pub fn stretch(&mut self, left: u64) {
        let in_part = self.cooling.moves.saturating_sub(self.done_in_round);
        match &mut self.stage {
            Stage::Times(search, parts) => {
                let times = parts.times.saturating_sub(search.done_in_round);
                parts.both = left.saturating_sub(times + parts.seats).max(1);
            }
            Stage::Weigh(.., parts) => parts.both = left.saturating_sub(parts.seats).max(1),
            Stage::Seats(_, parts) => parts.both = left.saturating_sub(in_part).max(1),
            Stage::Anneal => {
                self.cooling.stretch(self.done_in_round, left.max(1));
                self.keep_pace();
            }
            _ => {}
        }
    }

    /// Begins a round in which times are given first, or the last one of refining; false if this round is one as usual.
    pub(super) fn begin_scouting(&mut self, moves: u64) -> bool {
        self.scouts = false;
        let Some(times) = self.scouted() else { return false };
        let odd = self.plan.lane % 2 == 1;
        // Neither way is the better one for all problems: both are tried, and the last word has the one that led further.
        self.scouts = match self.rounds.after(self.round) {
            0 if odd => {
                self.refine(moves);
                return true;
            }
            0 => self.best_by_scout,
            1 => !odd,
            _ => odd != self.round.is_multiple_of(2),
        };
        if !self.scouts {
            return false;
        }
        let parts = Parts::of(moves);
        let round = u64::try_from(self.round).unwrap_or(0);
        let plan = Plan {
            seed: self.plan.seed ^ round.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            ..self.plan
        };
        let mut search = Search::on(self.ground, &times.net, &times.domains, plan);
        search.set_rounds(&[parts.times]);
        self.stage = Stage::Times(Box::new(search), parts);
        true
    }

    /// The seats have been given: what usually moves moves again.
    pub(super) fn seated(&mut self, mix: Mix, parts: Parts) {
        *self.mover.mix() = mix;
        self.refine(parts.both);
    }
}
