//! What a class's short, late and missing days are counted by: each group of pupils with what still waits for it in the tray.

use crate::board::Board;
use crate::ids::{CardIx, ones, span};
use crate::limits::Limit;
use crate::spec::CardSpec;

/// A group of pupils whose days must not be too short or too few.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Few {
    /// Busy slots of the day (odd, even).
    pub day: [u64; 2],
    /// The first bell of the day at which they can be there.
    pub first: u64,
    /// Other days of the week with lessons (odd, even).
    pub others: [u16; 2],
    /// Hours and cards of theirs that lie nowhere.
    pub tray: (u16, u16),
}

impl Few {
    /// By how many lessons the day is too short, with a card added; what the tray can still mend is not missing where it must be.
    pub fn short(&self, with: Option<(&CardSpec, u16)>, limit: Limit) -> u16 {
        let lack = self.words(with).into_iter().filter(|word| *word != 0);
        let lack = lack.map(|word| limit.value.saturating_sub(ones(word))).max();
        let mended = if limit.hard { self.tray.0 } else { 0 };
        lack.unwrap_or(0).saturating_sub(mended)
    }

    /// Whether the day begins later than with the first bell, with a card added, and no card of the tray can begin it any more.
    pub fn late(&self, with: Option<(&CardSpec, u16)>) -> bool {
        let late = |word: &u64| *word != 0 && *word & self.first == 0;
        self.tray.1 == 0 && self.words(with).iter().any(late)
    }

    /// How many days of the week are missing.
    pub fn missing(&self, with: Option<(&CardSpec, u16)>, limit: Limit) -> u16 {
        let days = self.words(with).into_iter().zip(self.others);
        let days = days.map(|(word, others)| others + u16::from(word != 0));
        days.map(|days| limit.value.saturating_sub(days))
            .max()
            .unwrap_or(0)
    }

    fn words(&self, with: Option<(&CardSpec, u16)>) -> [u64; 2] {
        let mut words = self.day;
        if let Some((card, slot)) = with {
            for parity in card.weeks.parities() {
                words[parity] |= span(slot, card.duration);
            }
        }
        words
    }
}

/// Hours and cards of some pupils that lie nowhere, without one card of theirs.
pub(super) fn tray(board: &Board, atom: usize, without: Option<CardIx>) -> (u16, u16) {
    let (mut hours, mut cards) = board.atom_tray[atom];
    if let Some(spec) = without.map(|card| &board.spec.cards[card.ix()])
        && spec.placement.is_none()
    {
        hours = hours.saturating_sub(spec.duration.into());
        cards = cards.saturating_sub(1);
    }
    let few = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
    (few(hours), few(cards))
}
