//! Small values: dense indices, sets of lesson times, odd and even weeks.

use serde::{Deserialize, Serialize};

macro_rules! index {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u32);

        impl $name {
            /// The index for use with slices.
            #[must_use]
            pub fn ix(self) -> usize {
                wide(self.0)
            }

            /// From a position in a list (which is never as long as `u32::MAX`).
            #[must_use]
            pub fn at(position: usize) -> Self {
                Self(narrow(position))
            }
        }
    )*};
}

index! {
    /// A teacher, by position in [`BoardSpec::teachers`](crate::BoardSpec::teachers).
    TeacherIx,
    /// A class, by position in [`BoardSpec::classes`](crate::BoardSpec::classes).
    ClassIx,
    /// A subgroup of a class, by position in [`BoardSpec::groups`](crate::BoardSpec::groups).
    GroupIx,
    /// A room, by position in [`BoardSpec::rooms`](crate::BoardSpec::rooms).
    RoomIx,
    /// A subject; the board only compares them.
    SubjectIx,
    /// A card, by position in [`BoardSpec::cards`](crate::BoardSpec::cards).
    CardIx,
    /// The caller's number of a row of norms (the clause that a limit comes from).
    NormId,
    /// The caller's number of a building.
    BuildingIx,
    /// The caller's number of a kind of room (gym, chemistry laboratory…).
    RoomKind,
}

/// `u32` to `usize`; never loses on the platforms that the crate is built for.
pub(crate) fn wide(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

/// `usize` to `u32`, at most `u32::MAX`.
pub(crate) fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// A count as `u16`, at most `u16::MAX`.
pub(crate) fn short(n: usize) -> u16 {
    u16::try_from(n).unwrap_or(u16::MAX)
}

/// The most slots that a day may have (a day of an entity is one machine word).
pub const MAX_SLOTS: u16 = 64;
/// The most days that a board may have.
pub const MAX_DAYS: u16 = 64;

/// A word with bits `slot .. slot + length` set (what runs over 64 is cut off).
#[must_use]
pub fn span(slot: u16, length: u16) -> u64 {
    let ones = 1u64.checked_shl(length.into()).map_or(u64::MAX, |b| b - 1);
    ones.checked_shl(slot.into()).unwrap_or(0)
}

/// The slots of a word, ascending.
pub(crate) fn bits(mut word: u64) -> impl Iterator<Item = u16> {
    std::iter::from_fn(move || {
        let slot = u16::try_from(word.trailing_zeros()).ok().filter(|s| *s < 64)?;
        word &= word - 1;
        Some(slot)
    })
}

/// How many slots a word has.
pub(crate) fn ones(word: u64) -> u16 {
    u16::try_from(word.count_ones()).unwrap_or(0)
}

/// How many windows (free slots between busy ones) a word has.
pub(crate) fn windows(word: u64) -> u16 {
    if word == 0 {
        return 0;
    }
    let length = u16::try_from(64 - word.leading_zeros() - word.trailing_zeros()).unwrap_or(0);
    length - ones(word)
}

/// A set of (day, slot). Days beyond those ever inserted are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TimeSet(Vec<u64>);

impl TimeSet {
    /// Nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Slots `from .. to` of every day `0 .. days`.
    #[must_use]
    pub fn daily(days: u16, from: u16, to: u16) -> Self {
        Self(vec![span(from, to.saturating_sub(from)); usize::from(days)])
    }

    /// Adds one time. Beyond [`MAX_DAYS`] or [`MAX_SLOTS`] nothing happens.
    pub fn insert(&mut self, day: u16, slot: u16) {
        self.add(day, span(slot, 1));
    }

    /// Takes one time out.
    pub fn remove(&mut self, day: u16, slot: u16) {
        if let Some(word) = self.0.get_mut(usize::from(day)) {
            *word &= !span(slot, 1);
        }
    }

    /// Adds all slots of a word to a day.
    pub fn add(&mut self, day: u16, word: u64) {
        if day >= MAX_DAYS || word == 0 {
            return;
        }
        if self.0.len() <= usize::from(day) {
            self.0.resize(usize::from(day) + 1, 0);
        }
        self.0[usize::from(day)] |= word;
    }

    /// Whether the time is in the set.
    #[must_use]
    pub fn contains(&self, day: u16, slot: u16) -> bool {
        self.day(day) & span(slot, 1) != 0
    }

    /// The slots of a day as a word, bit `n` is slot `n`.
    #[must_use]
    pub fn day(&self, day: u16) -> u64 {
        self.0.get(usize::from(day)).copied().unwrap_or(0)
    }

    /// Adds all times of another set.
    pub fn union(&mut self, other: &TimeSet) {
        for (day, word) in (0u16..).zip(&other.0) {
            self.add(day, *word);
        }
    }

    /// All times in order.
    pub fn iter(&self) -> impl Iterator<Item = (u16, u16)> + '_ {
        (0u16..)
            .zip(&self.0)
            .flat_map(|(day, word)| bits(*word).map(move |slot| (day, slot)))
    }

    /// How many times there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|w| usize::from(ones(*w))).sum()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|w| *w == 0)
    }
}

/// The weeks in which a card is held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Weeks {
    /// Every week.
    #[default]
    Every,
    /// Odd weeks only.
    Odd,
    /// Even weeks only.
    Even,
}

impl Weeks {
    /// Positions in the pair (odd, even).
    #[must_use]
    pub fn parities(self) -> std::ops::Range<usize> {
        match self {
            Weeks::Every => 0..2,
            Weeks::Odd => 0..1,
            Weeks::Even => 1..2,
        }
    }

    /// Whether some week belongs to both.
    #[must_use]
    pub fn meets(self, other: Weeks) -> bool {
        self == Weeks::Every || other == Weeks::Every || self == other
    }
}
