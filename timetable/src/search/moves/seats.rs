//! Resources on seats.

use super::{Hint, Mover};
use crate::ids::{narrow, wide};
use crate::search::net::NONE;
use crate::search::random::Random;
use crate::search::state::State;

impl Mover<'_> {
    /// Finds somebody free for each seat of a meet whose present one is busy elsewhere.
    pub(super) fn settle_seats(&self, state: &mut State<'_>, slot: u32, random: &mut Random) {
        let event = self.net.slot_event[wide(slot)];
        for seat in self.domains.open(event) {
            let key = wide(self.net.first_seat[wide(event)]) + wide(*seat);
            let Some(start) = state.time(slot) else { continue };
            let times = start..start + state.duration(slot);
            let fine = match state.seat(slot, *seat) {
                Some(who) => times
                    .clone()
                    .all(|t| state.busy(who, t) == 1 && !self.domains.is_closed(who, t)),
                None => self.domains.may_be_empty(key) && random.permille(800),
            };
            if fine {
                continue;
            }
            if !self.domains.varieties(key).is_empty() && random.permille(600) {
                continue;
            }
            if let Some(who) = self.somebody_free(state, key, times, random) {
                state.set_seat(slot, *seat, Some(who));
            }
        }
    }

    pub(super) fn somebody_free(
        &self,
        state: &State<'_>,
        key: usize,
        times: std::ops::Range<u32>,
        random: &mut Random,
    ) -> Option<u32> {
        let choices = self.domains.choices(key);
        let count = narrow(choices.len());
        let from = random.below(count);
        (0..count).map(|i| choices[wide((from + i) % count)]).find(|who| {
            times
                .clone()
                .all(|t| state.busy(*who, t) == 0 && !self.domains.is_closed(*who, t))
        })
    }

    /// A seat to be chosen; often one that something broken is about.
    pub(super) fn some_seat(&mut self, state: &State<'_>, random: &mut Random) -> Option<(u32, u32)> {
        let slot = self.any_slot(state, &self.domains.seated, random)?;
        let open = self.domains.open(self.net.slot_event[wide(slot)]);
        let meant = match self.hint {
            Hint::Who(who) => open.iter().copied().find(|s| state.seat(slot, *s) == Some(who)),
            Hint::Seat(seat) => Some(seat).filter(|s| open.contains(s)),
            Hint::None => None,
        };
        Some((slot, meant.or_else(|| random.pick(open))?))
    }

    /// Somebody else on a seat: in one meet, in all meets of the event, or wherever the same person is wanted.
    pub(super) fn reseat(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let Some((slot, seat)) = self.some_seat(state, random) else {
            return false;
        };
        let event = self.net.slot_event[wide(slot)];
        let key = wide(self.net.first_seat[wide(event)]) + wide(seat);
        let old = state.seat(slot, seat);
        let times = state.time(slot).map(|t| t..t + state.duration(slot));
        let empty = self.domains.may_be_empty(key) && random.permille(30);
        let new = if empty {
            None
        } else if let Some(times) = times.clone()
            && random.permille(500)
        {
            self.somebody_free(state, key, times, random)
        } else {
            random.pick(self.domains.choices(key))
        };
        if new == old || (new.is_none() && !empty) {
            return false;
        }
        self.seats.clear();
        let together = random.permille(600);
        self.same_seats(state, slot, seat, old, new, together, random);
        // Whoever loses the new one in exchange gets the old one.
        if let Some(new) = new
            && random.permille(600)
        {
            for at in 0..self.seats.len() {
                let slot = self.seats[at].0;
                let Some(start) = state.time(slot) else { continue };
                for time in start..start + state.duration(slot) {
                    let Some(other) = state.only(new, time) else {
                        continue;
                    };
                    let cells = state.cells(other).iter();
                    let Some(place) = cells.clone().position(|w| *w == new) else {
                        continue;
                    };
                    let of = self.net.slot_event[wide(other)];
                    let key = wide(self.net.first_seat[wide(of)]) + place;
                    if self.net.seat_fixed[key] == NONE
                        && !self
                            .seats
                            .iter()
                            .any(|(s, p, _)| *s == other && wide(*p) == place)
                        && (old.is_none() || old.is_some_and(|o| self.domains.choices(key).contains(&o)))
                    {
                        self.same_seats(state, other, narrow(place), Some(new), old, together, random);
                    }
                }
                if self.seats.len() > 200 {
                    break;
                }
            }
        }
        for (slot, seat, who) in &self.seats {
            state.set_seat(*slot, *seat, (*who != NONE).then_some(*who));
        }
        true
    }

    #[allow(clippy::too_many_arguments)]
    pub(super) fn same_seats(
        &mut self,
        state: &State<'_>,
        slot: u32,
        seat: u32,
        old: Option<u32>,
        new: Option<u32>,
        together: bool,
        random: &mut Random,
    ) {
        let net = self.net;
        let who = new.unwrap_or(NONE);
        self.seats.push((slot, seat, who));
        if !together {
            return;
        }
        let event = net.slot_event[wide(slot)];
        let key = wide(net.first_seat[wide(event)]) + wide(seat);
        let add = |seats: &mut Vec<(u32, u32, u32)>, event: u32, seat: u32| {
            for other in net.slots_of(event) {
                if other != slot && state.duration(other) > 0 && state.seat(other, seat) == old {
                    seats.push((other, seat, who));
                }
            }
        };
        match random.pick(self.domains.varieties(key)) {
            Some(group) => {
                for (event, seat) in self.domains.variety_seats(group) {
                    add(&mut self.seats, *event, *seat);
                }
            }
            None => add(&mut self.seats, event, seat),
        }
    }
}
