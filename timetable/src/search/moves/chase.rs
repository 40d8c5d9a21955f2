//! Ejection chains: whoever is in the way goes where it costs least.

use super::LONGEST_CHASE;
use super::Mover;
use crate::ids::wide;
use crate::search::net::NONE;
use crate::search::random::Random;
use crate::search::state::State;

impl Mover<'_> {
    /// An ejection chain: a meet goes elsewhere; whoever it clashes with goes where it costs least, and so on.
    pub(super) fn chase(&mut self, state: &mut State<'_>, random: &mut Random, hard: i64) -> bool {
        let before = state.merged(hard);
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let event = self.net.slot_event[wide(slot)];
        let Some(start) = self.some_start(event, state.duration(slot), random) else {
            return false;
        };
        if state.time(slot) == Some(start) {
            return false;
        }
        self.begin();
        self.gather(state, slot, start);
        let mut placed = 0;
        for _ in 0..LONGEST_CHASE {
            for at in placed..self.chain.len() {
                let (slot, start) = self.chain[at];
                state.set_time(slot, Some(start));
                self.settle_seats(state, slot, random);
            }
            placed = self.chain.len();
            if state.merged(hard) <= before {
                return true;
            }
            let Some(other) = self.in_the_way(state, random) else {
                return true;
            };
            let event = self.net.slot_event[wide(other)];
            let now = state.time(other);
            // The cheapest start for the one in the way, with what runs together with it.
            self.gather(state, other, 0);
            let mut best: Option<(i64, u32, u32)> = None;
            for start in self.domains.starts(self.net, event, state.duration(other)) {
                if Some(*start) == now {
                    continue;
                }
                let mark = state.mark();
                for at in placed..self.chain.len() {
                    self.chain[at].1 = *start;
                }
                state.set_times(&self.chain[placed..]);
                let found = (state.merged(hard), random.below(1 << 16), *start);
                state.undo(mark);
                if best.is_none_or(|b| found < b) {
                    best = Some(found);
                }
            }
            let Some((_, _, start)) = best else { return true };
            for at in placed..self.chain.len() {
                self.chain[at].1 = start;
            }
        }
        state.set_times(&self.chain[placed..]);
        true
    }

    /// A meet outside the chain that clashes with one in it.
    pub(super) fn in_the_way(&self, state: &State<'_>, random: &mut Random) -> Option<u32> {
        let mut found = None;
        for (slot, _) in &self.chain {
            let Some(start) = state.time(*slot) else { continue };
            let clashing = |who: &&u32| **who != NONE && self.net.clashes(**who);
            for who in state.cells(*slot).iter().filter(clashing) {
                for time in start..start + state.duration(*slot) {
                    if let Some(other) = state.beside(*who, time, *slot)
                        && self.stamps[wide(other)] != self.stamp
                        && self.net.event_time[wide(self.net.slot_event[wide(other)])] == NONE
                    {
                        found = Some(other);
                        if random.permille(500) {
                            return found;
                        }
                    }
                }
            }
        }
        found
    }
}
