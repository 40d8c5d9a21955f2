//! Every cell for a card, with its price and the reasons for it.

use super::{Advisor, Reason};
use crate::ids::wide;
use crate::problem::Cost;

/// A cell: a starting time with the best free choice of rooms (and whoever else is to be chosen).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Where the card would start.
    pub start: u32,
    /// Who would sit on each seat that is to be chosen, of the card and of those that move with it.
    pub seats: Vec<Seating>,
    /// What the timetable would cost more (or less, if negative) than it does now.
    pub delta: Cost,
    /// What is broken more with the card there, requirements first.
    pub reasons: Vec<Reason>,
}

impl Cell {
    /// Whether no requirement is broken more with the card there.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.reasons.iter().all(|r| !r.hard)
    }
}

/// Who sits on a seat of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seating {
    /// The card.
    pub meet: u32,
    /// Position among the event's seats.
    pub seat: u32,
    /// Who; `None`: nobody.
    pub who: Option<u32>,
}

impl Advisor<'_> {
    /// Every cell for a card in the order of the times, the present one too; none if the card's time is fixed.
    ///
    /// For each seat that is to be chosen the one is taken that costs least there, of those that break no requirement by
    /// themselves; among equals the present one. The advisor's timetable does not change.
    pub fn cells(&mut self, meet: u32) -> Vec<Cell> {
        let group = self.group(meet);
        let Some(first) = group.first() else {
            return vec![];
        };
        let duration = self.state.duration(*first);
        let before = self.state.cost();
        self.measure(&group);
        let mark = self.state.mark();
        let mut cells = vec![];
        for start in 0..=self.net.times.saturating_sub(duration) {
            let here = self.state.mark();
            for slot in &group {
                self.state.set_time(*slot, Some(start));
            }
            for slot in &group {
                self.seat_best(*slot);
            }
            let cost = self.state.cost();
            cells.push(Cell {
                start,
                seats: self.seating(&group),
                delta: Cost {
                    hard: cost.hard - before.hard,
                    soft: cost.soft - before.soft,
                },
                reasons: self.reasons(&group),
            });
            self.state.undo(here);
        }
        self.state.undo(mark);
        cells
    }

    /// Gives the seats of a card that are to be chosen to whoever costs least at its present time, if that lowers the hard cost:
    /// the advisor's timetable is another one after it. False: nothing has changed.
    pub fn reseat(&mut self, meet: u32) -> bool {
        let Some(slot) = self.slots.get(wide(meet)).copied() else {
            return false;
        };
        let (mark, before) = (self.state.mark(), self.state.cost());
        self.seat_best(slot);
        if self.state.cost().hard < before.hard {
            self.state.settle();
            return true;
        }
        self.state.undo(mark);
        false
    }

    fn seating(&self, group: &[u32]) -> Vec<Seating> {
        let mut all = vec![];
        for slot in group {
            let event = self.net.slot_event[wide(*slot)];
            for seat in self.domains.open(event) {
                all.push(Seating {
                    meet: self.meets[wide(*slot)],
                    seat: *seat,
                    who: self.state.seat(*slot, *seat),
                });
            }
        }
        all
    }

    /// Gives each seat that is to be chosen to whoever costs least there.
    fn seat_best(&mut self, slot: u32) {
        let event = self.net.slot_event[wide(slot)];
        for seat in self.domains.open(event) {
            let key = wide(self.net.first_seat[wide(event)]) + wide(*seat);
            let present = self.state.seat(slot, *seat);
            let mut best = (self.state.cost(), present);
            let choices = self.domains.choices(key).iter().copied();
            for who in choices.map(Some).chain([None]) {
                if who == present {
                    continue;
                }
                self.state.set_seat(slot, *seat, who);
                if self.state.cost() < best.0 {
                    best = (self.state.cost(), who);
                }
            }
            self.state.set_seat(slot, *seat, best.1);
        }
    }
}
