//! Timetables kept aside.

use super::State;
use crate::ids::{narrow, wide};
use crate::problem::Cost;
use crate::search::net::NONE;

/// A timetable to return to, however long ago.
#[derive(Clone, Debug)]
pub struct Snapshot {
    cost: Cost,
    start: Vec<u32>,
    duration: Vec<u32>,
    seats: Vec<u32>,
}

impl Snapshot {
    /// The present timetable.
    #[must_use]
    pub fn of(state: &State<'_>) -> Self {
        Self {
            cost: state.cost,
            start: state.start.clone(),
            duration: state.duration.clone(),
            seats: state.seats.clone(),
        }
    }

    /// Its cost.
    #[must_use]
    #[inline]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Keeps the present timetable instead.
    pub fn keep(&mut self, state: &State<'_>) {
        self.cost = state.cost;
        self.start.copy_from_slice(&state.start);
        self.duration.copy_from_slice(&state.duration);
        self.seats.copy_from_slice(&state.seats);
    }

    /// Brings a state back to it.
    pub fn restore(&self, state: &mut State<'_>) {
        for slot in 0..state.net.slots() {
            let at = wide(slot);
            let same = state.start[at] == self.start[at] && state.duration[at] == self.duration[at];
            if !same {
                state.set_duration(slot, 0);
            }
        }
        for slot in 0..state.net.slots() {
            let at = wide(slot);
            let first = wide(state.net.first_cell[at]);
            for seat in 0..narrow(state.cells(slot).len()) {
                let who = self.seats[first + wide(seat)];
                state.set_seat(slot, seat, (who != NONE).then_some(who));
            }
            let start = self.start[at];
            state.set_time(slot, (start != state.net.times).then_some(start));
            state.set_duration(slot, self.duration[at]);
        }
        state.settle();
    }
}
