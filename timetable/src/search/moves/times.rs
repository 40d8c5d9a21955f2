//! Meets to other times: alone, in Kempe chains, neighbours changing places.

use super::LONGEST_CHAIN;
use super::Mover;
use crate::ids::wide;
use crate::search::net::NONE;
use crate::search::random::Random;
use crate::search::state::State;

impl Mover<'_> {
    /// A start for a meet: a good one, seldom any.
    pub(super) fn some_start(&self, event: u32, duration: u32, random: &mut Random) -> Option<u32> {
        if random.permille(15) && duration <= self.net.times {
            return Some(random.below(self.net.times - duration + 1));
        }
        random.pick(self.domains.starts(self.net, event, duration))
    }

    pub(super) fn shift_somewhere(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
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
        self.carry_out(state, random)
    }

    pub(super) fn carry_out(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        state.set_times(&self.chain);
        for at in 0..self.chain.len() {
            self.settle_seats(state, self.chain[at].0, random);
        }
        true
    }

    pub(super) fn kempe_somewhere(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let event = self.net.slot_event[wide(slot)];
        if state.time(slot).is_none() {
            return self.shift_somewhere(state, random);
        }
        // Half of the time to where the same class or teacher is busy, which makes it a swap.
        let start = if random.permille(500) {
            let who = random.pick(state.cells(slot)).filter(|w| *w != NONE);
            let other = who.and_then(|w| random.pick(self.domains.events_of(w)));
            let other = other.and_then(|e| self.slot_of(state, e, random));
            other.and_then(|s| state.time(s))
        } else {
            self.some_start(event, state.duration(slot), random)
        };
        let Some(start) = start else { return false };
        if state.time(slot) == Some(start) || start + state.duration(slot) > self.net.times {
            return false;
        }
        let through_all = random.permille(300);
        let stop = if random.permille(self.mix.brief) {
            1 + crate::ids::wide(random.below(4))
        } else {
            usize::MAX
        };
        self.kempe(state, slot, start, through_all, stop) && self.carry_out(state, random)
    }

    /// Moves a meet to `start` in a Kempe chain; false if that cannot be carried out (the caller takes back what may be done).
    pub fn send(
        &mut self,
        state: &mut State<'_>,
        slot: u32,
        start: u32,
        through_all: bool,
        random: &mut Random,
    ) -> bool {
        if state.time(slot).is_none() || start + state.duration(slot) > self.net.times {
            return false;
        }
        self.kempe(state, slot, start, through_all, usize::MAX) && self.carry_out(state, random)
    }

    /// Collects the chain that a meet's move to `start` pushes: whoever is in the way moves back by the same distance. Once it
    /// has `stop` meets, those in the way stay there: where every time is full, a whole chain would only give two times each
    /// other's names.
    pub(super) fn kempe(
        &mut self,
        state: &State<'_>,
        slot: u32,
        start: u32,
        through_all: bool,
        stop: usize,
    ) -> bool {
        let net = self.net;
        self.begin();
        self.gather(state, slot, start);
        let mut at = 0;
        while at < self.chain.len() {
            if self.chain.len() > LONGEST_CHAIN {
                return false;
            }
            let (slot, to) = self.chain[at];
            at += 1;
            let event = net.slot_event[wide(slot)];
            let duration = state.duration(slot);
            let Some(from) = state.time(slot) else { continue };
            if !self.domains.is_good(net, event, duration, to)
                && self.domains.is_good(net, event, duration, from)
            {
                return false;
            }
            if self.chain.len() > stop {
                continue;
            }
            let first_seat = wide(net.first_seat[wide(event)]);
            for (seat, who) in state.cells(slot).iter().enumerate() {
                let chosen = net.seat_fixed[first_seat + seat] == NONE;
                if *who == NONE || (!through_all && chosen) || !net.clashes(*who) {
                    continue;
                }
                for time in to..to + duration {
                    let Some(other) = state.only(*who, time) else {
                        continue;
                    };
                    if self.stamps[wide(other)] == self.stamp {
                        continue;
                    }
                    let Some(there) = state.time(other) else { continue };
                    let Some(back) = (there + from).checked_sub(to) else {
                        return false;
                    };
                    let of = net.slot_event[wide(other)];
                    if back + state.duration(other) > net.times || net.event_time[wide(of)] != NONE {
                        return false;
                    }
                    self.gather(state, other, back);
                    if self.chain.len() > stop {
                        break;
                    }
                }
            }
        }
        true
    }

    /// Two meets of one resource, one right after the other, change places.
    pub(super) fn turn_neighbours(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let Some(start) = state.time(slot) else {
            return false;
        };
        let end = start + state.duration(slot);
        let who = random.pick(state.cells(slot)).filter(|w| *w != NONE);
        let Some(who) = who.filter(|_| end < self.net.times) else {
            return false;
        };
        let Some(next) = state.only(who, end) else {
            return false;
        };
        let event = self.net.slot_event[wide(next)];
        if state.time(next) != Some(end) || self.net.event_time[wide(event)] != NONE {
            return false;
        }
        self.begin();
        self.gather(state, slot, start + state.duration(next));
        self.gather(state, next, start);
        self.carry_out(state, random)
    }
}
