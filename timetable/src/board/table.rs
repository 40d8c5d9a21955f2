//! Who and what is busy when.

use crate::ids::{Weeks, span};
use crate::spec::BoardSpec;

/// Occupancy of one kind of thing (teachers, atoms, rooms): counts per cell, and words of full slots.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    days: usize,
    slots: usize,
    entities: usize,
    counts: Vec<u16>,
    full: Vec<u64>,
    room_for: Vec<u16>,
}

impl Table {
    pub(crate) fn new(spec: &BoardSpec, room_for: Vec<u16>) -> Self {
        let (days, slots) = (usize::from(spec.days), usize::from(spec.slots));
        let entities = room_for.len();
        let words = 2 * entities * days;
        Self {
            days,
            slots,
            entities,
            counts: vec![0; words * slots],
            full: vec![0; words],
            room_for,
        }
    }

    fn row(&self, entity: usize, parity: usize, day: u16) -> usize {
        (parity * self.entities + entity) * self.days + usize::from(day)
    }

    pub(crate) fn change(&mut self, entity: usize, weeks: Weeks, day: u16, word: u64, more: bool) {
        for parity in weeks.parities() {
            let row = self.row(entity, parity, day);
            for slot in crate::ids::bits(word) {
                let count = &mut self.counts[row * self.slots + usize::from(slot)];
                *count = if more {
                    count.saturating_add(1)
                } else {
                    count.saturating_sub(1)
                };
                let bit = span(slot, 1);
                if *count >= self.room_for[entity] {
                    self.full[row] |= bit;
                } else {
                    self.full[row] &= !bit;
                }
            }
        }
    }

    /// The full slots of a day, as if one thing less lay on the slots `own`.
    pub(crate) fn word(&self, entity: usize, parity: usize, day: u16, own: u64) -> u64 {
        let row = self.row(entity, parity, day);
        let mut word = self.full[row];
        for slot in crate::ids::bits(own & word) {
            if self.counts[row * self.slots + usize::from(slot)] <= self.room_for[entity] {
                word &= !span(slot, 1);
            }
        }
        word
    }

    /// Whether in a week of both there is more than room for, on one of these slots.
    pub(crate) fn is_over(&self, entity: usize, one: Weeks, other: Weeks, day: u16, word: u64) -> bool {
        let mut both = one.parities().filter(|p| other.parities().any(|q| q == *p));
        both.any(|parity| {
            let row = self.row(entity, parity, day) * self.slots;
            crate::ids::bits(word).any(|slot| self.counts[row + usize::from(slot)] > self.room_for[entity])
        })
    }

    /// The full slots in any of the weeks.
    pub(crate) fn any(&self, entity: usize, weeks: Weeks, day: u16, own: u64) -> u64 {
        weeks
            .parities()
            .fold(0, |word, parity| word | self.word(entity, parity, day, own))
    }
}
