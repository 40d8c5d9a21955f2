//! Advice about one card: what every cell costs and why ([`Advisor::cells`]), and the shortest chain of moves that frees a
//! place for it ([`Advisor::chain`]).
//!
//! A card is a meet of an event. What is linked with it and runs with it now moves along. The advisor keeps the timetable's
//! counters, so a question costs what its moves cost; it reads no clock, and a hunt for chains is bounded in *work* (places
//! tried), so the same question has the same answer everywhere.

mod beam;
mod cells;
mod chain;
mod reasons;

pub use beam::{Beam, Reach};
pub use cells::{Cell, Seating};
pub use chain::{Chain, Hunt};
pub use reasons::Reason;

use super::domains::Domains;
use super::net::{NONE, Net};
use super::solver::Ground;
use super::state::State;
use crate::ids::{narrow, wide};
use crate::problem::{Meet, Problem, Solution};

/// Knows one timetable and answers questions about its cards, which are named by their position in [`Solution::meets`].
pub struct Advisor<'a> {
    problem: &'a Problem,
    net: &'a Net,
    domains: &'a Domains,
    state: State<'a>,
    /// Slot of each meet.
    slots: Vec<u32>,
    /// Meet of each slot, `NONE` for an unused one.
    meets: Vec<u32>,
    /// Deviations to compare with.
    base: Vec<i64>,
    /// Slots that have moved already, while chains are hunted for.
    moved: Vec<bool>,
    spent: u64,
}

impl<'a> Advisor<'a> {
    /// An advisor for a completed solution of the problem; `ground` is the problem's.
    #[must_use]
    pub fn new(problem: &'a Problem, ground: &'a Ground, solution: &Solution) -> Self {
        let net = &ground.net;
        let mut next = net.first_slot.clone();
        let mut meets = vec![NONE; net.slot_event.len()];
        let mut slots = vec![];
        for (at, meet) in (0..).zip(&solution.meets) {
            let slot = &mut next[wide(meet.event)];
            meets[wide(*slot)] = at;
            slots.push(*slot);
            *slot += 1;
        }
        let state = State::of(net, solution);
        Self {
            problem,
            net,
            domains: &ground.domains,
            base: state.deviations().to_vec(),
            moved: vec![false; net.slot_event.len()],
            spent: 0,
            state,
            slots,
            meets,
        }
    }

    /// The present cost of the timetable.
    #[must_use]
    pub fn cost(&self) -> crate::problem::Cost {
        self.state.cost()
    }

    /// How often a card was put somewhere or taken away, tries too.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.state.changes()
    }

    /// The timetable, meets in the order in which they came.
    #[must_use]
    pub fn solution(&self) -> Solution {
        Solution {
            meets: self.slots.iter().map(|slot| self.meet_in(*slot)).collect(),
        }
    }

    /// The cards that move with a card: itself first, then those of linked events that run with it now. Empty if the card does
    /// not exist or its time is fixed.
    #[must_use]
    pub fn together(&self, meet: u32) -> Vec<u32> {
        let group = self.group(meet);
        group.iter().map(|slot| self.meets[wide(*slot)]).collect()
    }

    /// Slots of a card and of those that move with it.
    fn group(&self, meet: u32) -> Vec<u32> {
        let slot = self.slots.get(wide(meet)).copied();
        slot.map_or(vec![], |slot| self.group_of(slot))
    }

    fn group_of(&self, slot: u32) -> Vec<u32> {
        let event = self.net.slot_event[wide(slot)];
        if self.is_fixed(slot) {
            return vec![];
        }
        let (time, duration) = (self.state.time(slot), self.state.duration(slot));
        let mut group = vec![slot];
        for partner in self.domains.partners(event) {
            let mut slots = self.net.slots_of(*partner);
            let with = slots.find(|s| {
                self.state.duration(*s) == duration
                    && self.state.time(*s) == time
                    && !group.contains(s)
                    && !self.is_fixed(*s)
            });
            group.extend(with);
        }
        group
    }

    fn is_fixed(&self, slot: u32) -> bool {
        self.net.event_time[wide(self.net.slot_event[wide(slot)])] != NONE
    }

    /// The meet in a slot, as it is now.
    fn meet_in(&self, slot: u32) -> Meet {
        let event = self.net.slot_event[wide(slot)];
        let seats = 0..narrow(self.state.cells(slot).len());
        Meet {
            event,
            duration: self.state.duration(slot),
            time: self.state.time(slot),
            resources: seats.map(|seat| self.state.seat(slot, seat)).collect(),
        }
    }

    /// Keeps in `base` what every point is now, or what it would be without these cards, whichever is less.
    fn measure(&mut self, group: &[u32]) {
        self.base.copy_from_slice(self.state.deviations());
        let mark = self.state.mark();
        for slot in group {
            self.state.set_duration(*slot, 0);
        }
        for (base, without) in self.base.iter_mut().zip(self.state.deviations()) {
            *base = (*base).min(*without);
        }
        self.state.undo(mark);
    }
}
