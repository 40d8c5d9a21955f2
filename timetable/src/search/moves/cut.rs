//! Events cut otherwise.

use super::Mover;
use crate::ids::{narrow, wide};
use crate::search::net::NONE;
use crate::search::random::Random;
use crate::search::state::State;

/// Of a thousand moves that would cut an event in a way that breaks more of what is required of it, so many are tried.
const WRONG_CUTS: u32 = 10;

impl Mover<'_> {
    /// Cuts an event otherwise: one meet in two, two in one, or a different share; linked events alike.
    pub(super) fn recut(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let net = self.net;
        let Some(slot) = self.any_slot(state, &self.domains.divisible, random) else {
            return false;
        };
        let event = net.slot_event[wide(slot)];
        if net.event_time[wide(event)] != NONE {
            return false;
        }
        let slots = net.slots_of(event);
        let count = slots.end - slots.start;
        let from = random.below(count);
        let mut cyclic = (0..count).map(|i| slots.start + (from + i) % count);
        let mine = state.duration(slot);
        let split = mine > 1 && random.permille(500);
        let other = if split {
            cyclic.find(|s| state.duration(*s) == 0)
        } else {
            cyclic.find(|s| *s != slot && state.duration(*s) > 0)
        };
        let Some(other) = other else { return false };
        let theirs = state.duration(other);
        let sum = mine + theirs;
        let keep = if split {
            1 + random.below(mine - 1)
        } else {
            random.below(sum + 1)
        };
        if keep == mine {
            return false;
        }
        let shape = state.shape(event);
        let place = |me: &Self, duration: u32, old: Option<u32>, random: &mut Random| {
            let stays = old.filter(|t| t + duration <= net.times && random.permille(700));
            stays.or_else(|| {
                (duration > 0)
                    .then(|| me.some_start(event, duration, random))
                    .flatten()
            })
        };
        let (old, old_other) = (state.time(slot), state.time(other).filter(|_| theirs > 0));
        let start = place(self, keep, old, random);
        let start_other = place(self, sum - keep, old_other, random);
        self.divide(state, (slot, other), keep, sum - keep, (start, start_other));
        // A wrong cut is seldom mended later: whoever has found a place for all of its meets stays with it.
        if state.shape(event) > shape && !random.permille(WRONG_CUTS) {
            return false;
        }
        for partner in self.domains.partners(event) {
            let mut all = net.slots_of(*partner);
            let with = all
                .clone()
                .find(|s| state.duration(*s) == mine && state.time(*s) == old);
            let with_other = all.find(|s| {
                Some(*s) != with
                    && state.duration(*s) == theirs
                    && (theirs == 0 || state.time(*s) == old_other)
            });
            if let (Some(a), Some(b)) = (with, with_other)
                && net.event_time[wide(*partner)] == NONE
            {
                self.divide(state, (a, b), keep, sum - keep, (start, start_other));
            }
        }
        true
    }

    pub(super) fn divide(
        &self,
        state: &mut State<'_>,
        (a, b): (u32, u32),
        keep: u32,
        give: u32,
        starts: (Option<u32>, Option<u32>),
    ) {
        if state.duration(b) == 0 {
            for seat in 0..narrow(state.cells(a).len()) {
                let who = state.seat(a, seat);
                state.set_seat(b, seat, who);
            }
        }
        state.set_time(a, None);
        state.set_time(b, None);
        state.set_duration(a, keep);
        state.set_duration(b, give);
        if keep > 0 {
            state.set_time(a, starts.0);
        }
        if give > 0 {
            state.set_time(b, starts.1);
        }
    }
}
