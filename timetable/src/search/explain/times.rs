//! Sets of times, one bit each.

use crate::ids::{narrow, wide};

/// A set of times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Times(Box<[u64]>);

impl Times {
    /// No time; there are so many in all.
    pub fn none(all: u32) -> Self {
        Self(vec![0; wide(all.div_ceil(64)).max(1)].into())
    }

    /// The times from zero on.
    pub fn first_of(all: u32, count: u32) -> Self {
        Self::of(all, 0..count.min(all))
    }

    /// These times; others than there are, are left out.
    pub fn of(all: u32, times: impl IntoIterator<Item = u32>) -> Self {
        let mut set = Self::none(all);
        for time in times.into_iter().filter(|t| *t < all) {
            set.add(time);
        }
        set
    }

    pub fn has(&self, time: u32) -> bool {
        self.0
            .get(wide(time / 64))
            .is_some_and(|w| w >> (time % 64) & 1 == 1)
    }

    pub fn add(&mut self, time: u32) {
        if let Some(word) = self.0.get_mut(wide(time / 64)) {
            *word |= 1 << (time % 64);
        }
    }

    pub fn count(&self) -> u32 {
        self.0.iter().map(|w| w.count_ones()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }

    pub fn first(&self) -> Option<u32> {
        let at = self.0.iter().position(|w| *w != 0)?;
        Some(narrow(at) * 64 + self.0[at].trailing_zeros())
    }

    pub fn last(&self) -> Option<u32> {
        let at = self.0.iter().rposition(|w| *w != 0)?;
        Some(narrow(at) * 64 + 63 - self.0[at].leading_zeros())
    }

    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(self.0.iter()).flat_map(|(at, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(at * 64 + bit)
            })
        })
    }

    /// Keeps what is in both; whether anything went.
    pub fn keep(&mut self, other: &Self) -> bool {
        let mut less = false;
        for (word, with) in self.0.iter_mut().zip(&other.0) {
            less |= *word & !with != 0;
            *word &= with;
        }
        less
    }

    /// Takes out what is in the other; whether anything went.
    pub fn take_out(&mut self, other: &Self) -> bool {
        let mut less = false;
        for (word, without) in self.0.iter_mut().zip(&other.0) {
            less |= *word & without != 0;
            *word &= !without;
        }
        less
    }

    /// Adds what is in the other.
    pub fn join(&mut self, other: &Self) {
        for (word, with) in self.0.iter_mut().zip(&other.0) {
            *word |= with;
        }
    }

    pub fn both(&self, other: &Self) -> Self {
        let mut set = self.clone();
        set.keep(other);
        set
    }

    pub fn meets(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).any(|(a, b)| a & b != 0)
    }

    pub fn is_within(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(a, b)| a & !b == 0)
    }

    /// Each time moved so far back; what falls off the beginning is gone.
    fn back(&self, by: u32) -> Self {
        let (jump, bits) = (wide(by / 64), by % 64);
        let word = |at: usize| self.0.get(at).copied().unwrap_or(0);
        let moved = (0..self.0.len()).map(|at| {
            let low = word(at + jump) >> bits;
            let high = if bits == 0 {
                0
            } else {
                word(at + jump + 1) << (64 - bits)
            };
            low | high
        });
        Self(moved.collect())
    }

    /// Each time moved so far on; what falls off the end of the last word is gone.
    fn on(&self, by: u32) -> Self {
        let (jump, bits) = (wide(by / 64), by % 64);
        let word = |at: Option<usize>| at.and_then(|at| self.0.get(at)).copied().unwrap_or(0);
        let moved = (0..self.0.len()).map(|at| {
            let low = word(at.checked_sub(jump)) << bits;
            let below = at.checked_sub(jump + 1);
            let carried = if bits == 0 { 0 } else { word(below) >> (64 - bits) };
            low | carried
        });
        Self(moved.collect())
    }

    /// Starts of what takes so many times and touches the set.
    pub fn starts_touching(&self, length: u32) -> Self {
        let mut all = self.clone();
        for by in 1..length {
            all.join(&self.back(by));
        }
        all
    }

    /// Times taken by what takes so many times and starts somewhere in the set.
    pub fn covered(&self, length: u32) -> Self {
        let mut all = self.clone();
        for by in 1..length {
            all.join(&self.on(by));
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn moving_is_what_it_is_for_single_times() {
        for all in [5, 64, 65, 130] {
            for start in 0..all {
                let one = Times::of(all, [start]);
                for length in [1, 2, 3, 63, 64, 65, 70] {
                    let touching: Vec<u32> = one.starts_touching(length).iter().collect();
                    let expected: Vec<u32> = (start.saturating_sub(length - 1)..=start).collect();
                    assert_eq!(touching, expected, "{all} {start} {length}");
                    let covered: Vec<u32> = one.covered(length).iter().filter(|t| *t < all).collect();
                    let expected: Vec<u32> = (start..(start + length).min(all)).collect();
                    assert_eq!(covered, expected, "{all} {start} {length}");
                }
            }
        }
    }

    #[test]
    fn sets_are_sets() {
        let mut a = Times::of(100, [3, 64, 99, 100]);
        assert_eq!((a.count(), a.first(), a.last()), (3, Some(3), Some(99)));
        let b = Times::of(100, [64, 65]);
        assert!(a.meets(&b) && !a.is_within(&b) && a.both(&b).is_within(&b));
        assert!(a.take_out(&b) && !a.take_out(&b) && !a.has(64));
        assert!(!Times::first_of(100, 100).both(&a).is_empty() && Times::none(0).is_empty());
    }
}
