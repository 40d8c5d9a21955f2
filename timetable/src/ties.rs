//! Lessons of two lists that belong together in time: held at once, one right after the other, side by side in either order, or the ones
//! before the others; or that keep out of each other's way: never at once, or none after those that end the day; or that keep to one
//! another's hours and days, however far apart.
//!
//! Of the latter ([`Tie::is_of_all`]) each lesson of the one list has to do with each of the other: every pair that lies wrongly counts,
//! and as a must its cell is closed at once, for nothing in the tray can mend it. Lessons of odd and of even weeks do not meet.
//!
//! Of the others: who belongs to whom is not said by the lists: of lessons held at once, or next to one another, those are partners that lie so; of
//! lessons in order the first of the week comes before the first of the others, the second before the second, and so on. Lessons
//! without a place have no partner yet.
//!
//! As a wish each pair that does not lie so has its price. As a must ([`TieSpec::hard`]) a cell is closed where the lessons that wait in
//! the tray cannot mend it any more: a lesson may lie anywhere as long as a partner waits for it, and nowhere but beside its partner once
//! that one lies. What blocks is the partner, and it is named.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::board::Board;
use crate::ids::{CardIx, NormId};
use crate::judge::{Level, Verdict};
use crate::limits::Limit;
use crate::reason::Reason;
use crate::review::{Problem, push};

/// How two lists of cards lie to one another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tie {
    /// They begin at one time.
    #[default]
    Together,
    /// One of the first list ends before its partner of the second begins.
    InOrder,
    /// One of the second list begins where its partner of the first ends, on the same day.
    RightAfter,
    /// One begins where the other ends, on the same day, whichever is first.
    NextTo,
    /// Never at once.
    Apart,
    /// They begin at the same hour, on whatever days.
    SameHour,
    /// Their days are at most so many apart; 0: on one day.
    WithinDays(u16),
    /// On one day at least so many hours lie between them, whichever is first.
    Spaced(u16),
    /// On one day those of the first list end before those of the second begin.
    BeforeOnDay,
    /// Those of the second list end the day of their pupils: no other lesson of these lies later on that day. The first list is all
    /// lessons of their pupils, and the board fills it in; those of the second list, which are for the same pupils, do not count as others.
    EndsDay,
}

/// Two lists of cards that belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TieSpec {
    /// The ones.
    pub first: Vec<CardIx>,
    /// The others.
    pub second: Vec<CardIx>,
    /// How.
    pub tie: Tie,
    /// What each pair costs that does not lie so.
    pub penalty: u16,
    /// A pair that does not lie so is a clash.
    #[serde(default)]
    pub hard: bool,
}

impl TieSpec {
    /// Whether it asks for anything.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.hard || self.penalty > 0
    }
}

/// A card at a time: where it begins and ends, in slots of the whole board.
type Stay = (u32, u32, CardIx);

impl Tie {
    /// Whether each card of the first list has to do with each of the second.
    #[must_use]
    pub const fn is_of_all(self) -> bool {
        matches!(
            self,
            Self::Apart
                | Self::EndsDay
                | Self::SameHour
                | Self::WithinDays(_)
                | Self::Spaced(_)
                | Self::BeforeOnDay
        )
    }

    /// Of such a tie: whether two cards lie as they must not.
    fn parts(self, one: &Stay, other: &Stay, slots: u32) -> bool {
        let slots = slots.max(1);
        let day = |stay: &Stay| stay.0 / slots;
        match self {
            Self::Apart => one.0 < other.1 && other.0 < one.1,
            Self::EndsDay | Self::BeforeOnDay => day(one) == day(other) && one.1 > other.0,
            Self::SameHour => one.0 % slots != other.0 % slots,
            Self::WithinDays(most) => day(one).abs_diff(day(other)) > most.into(),
            Self::Spaced(least) => {
                // where they overlap nothing lies between, and less than nothing
                let least = u32::from(least);
                day(one) == day(other) && one.0 < other.1 + least && other.0 < one.1 + least
            }
            Self::Together | Self::InOrder | Self::RightAfter | Self::NextTo => false,
        }
    }

    /// Whether two cards lie so that they are partners; of cards in order that is a matter of all of them.
    fn joins(self, one: &Stay, other: &Stay, slots: u32) -> bool {
        // where a day ends, the next one begins
        let follows = |one: &Stay, other: &Stay| one.1 == other.0 && !other.0.is_multiple_of(slots.max(1));
        match self {
            Self::Together => one.0 == other.0,
            Self::RightAfter => follows(one, other),
            Self::NextTo => follows(one, other) || follows(other, one),
            Self::InOrder
            | Self::Apart
            | Self::EndsDay
            | Self::SameHour
            | Self::WithinDays(_)
            | Self::Spaced(_)
            | Self::BeforeOnDay => false,
        }
    }

    /// Takes the cards that lie as they should out of two lists; gives them, in pairs.
    fn joined(self, first: &mut Vec<Stay>, second: &mut Vec<Stay>, slots: u32) -> Vec<(CardIx, CardIx)> {
        let mut pairs = vec![];
        first.retain(|one| {
            let partner = second.iter().position(|other| self.joins(one, other, slots));
            if let Some(at) = partner {
                pairs.push((one.2, second.remove(at).2));
            }
            partner.is_none()
        });
        pairs
    }
}

impl Board {
    /// Fills in the first list of ties that are about all lessons of the pupils of the second one.
    pub(crate) fn fill_ties(&mut self) {
        let mut ties = std::mem::take(&mut self.spec.ties);
        for of in ties.iter_mut().filter(|of| of.tie == Tie::EndsDay) {
            let pupils: BTreeSet<u32> = of
                .second
                .iter()
                .flat_map(|card| &self.card_atoms[card.ix()])
                .copied()
                .collect();
            let all = (0..self.card_atoms.len()).map(CardIx::at);
            let others = all.filter(|card| {
                let shares = self.card_atoms[card.ix()]
                    .iter()
                    .any(|atom| pupils.contains(atom));
                shares && of.second.binary_search(card).is_err()
            });
            of.first.extend(others);
            of.first.sort_unstable();
            of.first.dedup();
        }
        self.spec.ties = ties;
    }

    /// Whether there is a week in which both are held.
    fn have_a_week(&self, one: CardIx, other: CardIx) -> bool {
        self.spec.cards[one.ix()]
            .weeks
            .meets(self.spec.cards[other.ix()].weeks)
    }

    /// Of a tie of all with all: the pairs of a card at a place that lie as they must not.
    fn parted(&self, of: &TieSpec, card: CardIx, at: (u16, u16)) -> Vec<(CardIx, CardIx)> {
        let Some(own) = self.stay(card, at) else {
            return vec![];
        };
        let slots = self.slots().into();
        let stay = |other: &CardIx| {
            let at = self
                .placement(*other)
                .filter(|_| *other != card && self.have_a_week(card, *other))?;
            self.stay(*other, (at.day, at.slot))
        };
        let mut pairs = vec![];
        if of.first.binary_search(&card).is_ok() {
            let others = of.second.iter().filter_map(stay);
            let wrong = others.filter(|other| of.tie.parts(&own, other, slots));
            pairs.extend(wrong.map(|other| (card, other.2)));
        }
        if of.second.binary_search(&card).is_ok() {
            let ones = of.first.iter().filter_map(stay);
            let wrong = ones.filter(|one| of.tie.parts(one, &own, slots));
            pairs.extend(wrong.map(|one| (one.2, card)));
        }
        pairs
    }

    fn stay(&self, card: CardIx, (day, slot): (u16, u16)) -> Option<Stay> {
        let start = u32::from(day) * u32::from(self.slots()) + u32::from(slot);
        let length = self.card(card)?.duration;
        Some((start, start + u32::from(length), card))
    }

    fn stays(&self, cards: &[CardIx], instead: Option<(CardIx, Option<(u16, u16)>)>) -> Vec<Stay> {
        let place = |card: CardIx| match instead {
            Some((other, place)) if other == card => place,
            _ => self.placement(card).map(|at| (at.day, at.slot)),
        };
        let stay = |card: &CardIx| self.stay(*card, place(*card)?);
        let mut all: Vec<Stay> = cards.iter().filter_map(stay).collect();
        all.sort_unstable();
        all
    }

    /// The pairs of cards that do not lie as they should; of a must those that no card in the tray can mend.
    fn loose(&self, of: &TieSpec, instead: Option<(CardIx, Option<(u16, u16)>)>) -> Vec<(CardIx, CardIx)> {
        let mut first = self.stays(&of.first, instead);
        let mut second = self.stays(&of.second, instead);
        if of.tie.is_of_all() {
            let slots = self.slots().into();
            let pairs = first.iter().flat_map(|one| {
                let wrong = second
                    .iter()
                    .filter(move |other| of.tie.parts(one, other, slots) && self.have_a_week(one.2, other.2));
                wrong.map(move |other| (one.2, other.2))
            });
            return pairs.collect();
        }
        let (all, others) = (of.first.len(), of.second.len());
        // a wish looks at what lies, a must at what can still come
        let waits = |all: usize, lie: usize| if of.hard { all - lie } else { 0 };
        let (wait, others_wait) = (waits(all, first.len()), waits(others, second.len()));
        if of.tie == Tie::InOrder {
            // those that wait can still lie before all others
            let pairs = first.iter().zip(second.iter().skip(wait));
            let pairs = pairs.take(all.min(others).saturating_sub(wait));
            let turned = pairs.filter(|(one, other)| other.0 < one.1);
            return turned.map(|(one, other)| (one.2, other.2)).collect();
        }
        of.tie.joined(&mut first, &mut second, self.slots().into());
        let mut most = usize::MAX;
        if of.hard {
            // who has no partner because the other list is shorter misses none
            let short = first
                .len()
                .saturating_sub(others_wait + all.saturating_sub(others));
            let others_short = second.len().saturating_sub(wait + others.saturating_sub(all));
            most = short.max(others_short);
            // the card that is looked at is told first
            let looked_at = instead.map(|(card, _)| card);
            for list in [&mut first, &mut second] {
                list.sort_by_key(|stay| Some(stay.2) != looked_at);
            }
        }
        let pairs = first.into_iter().zip(second).take(most);
        pairs.map(|(one, other)| (one.2, other.2)).collect()
    }

    /// Partners as the cards lie: those that lie as they should first, those without a place last. As many as the shorter list has.
    /// Of a tie of all with all: every pair that has a week.
    #[must_use]
    pub fn partners(&self, of: &TieSpec) -> Vec<(CardIx, CardIx)> {
        if of.tie.is_of_all() {
            let pairs = of.first.iter().flat_map(|one| {
                let others = of
                    .second
                    .iter()
                    .filter(move |other| self.have_a_week(*one, **other));
                others.map(move |other| (*one, *other))
            });
            return pairs.collect();
        }
        let (mut first, mut second) = (self.stays(&of.first, None), self.stays(&of.second, None));
        let mut pairs = of.tie.joined(&mut first, &mut second, self.slots().into());
        let rest = |placed: Vec<Stay>, all: &[CardIx]| {
            let mut waiting = all.to_vec();
            waiting.retain(|card| self.placement(*card).is_none());
            waiting.sort_unstable();
            placed.into_iter().map(|stay| stay.2).chain(waiting)
        };
        pairs.extend(rest(first, &of.first).zip(rest(second, &of.second)));
        pairs
    }

    /// What a card at a time does to its pairs.
    pub(crate) fn ties(&self, card: CardIx, (day, slot): (u16, u16), verdict: &mut Verdict) {
        for tie in &self.card_ties[card.ix()] {
            let of = &self.spec.ties[*tie];
            let limit = Limit {
                value: 0,
                norm: NormId(0),
                penalty: of.penalty,
                hard: of.hard,
            };
            if of.tie.is_of_all() {
                for pair in self.parted(of, card, (day, slot)) {
                    verdict.limit(0, 1, limit, reason(of.tie, pair, card));
                }
                continue;
            }
            let before = self.loose(of, Some((card, None)));
            let after = self.loose(of, Some((card, Some((day, slot)))));
            let (had, has) = (crate::ids::short(before.len()), crate::ids::short(after.len()));
            // the pair of the card itself is told, or the one that it has parted
            let mine = after.iter().find(|(one, other)| *one == card || *other == card);
            if let Some(pair) = mine.or_else(|| after.iter().find(|pair| !before.contains(pair))) {
                verdict.limit(had, has, limit, reason(of.tie, *pair, card));
            } else if had > has && !of.hard {
                verdict.penalty -= i32::from(of.penalty) * i32::from(had - has);
            }
        }
    }

    /// Pairs that do not lie as they should, as things are.
    pub(crate) fn tie_problems(&self, problems: &mut Vec<Problem>) {
        for of in self.spec.ties.iter().filter(|of| of.counts()) {
            let level = if of.hard { Level::Clash } else { Level::Poor };
            for pair in self.loose(of, None) {
                let day = self.placement(pair.1).map_or(0, |at| at.day);
                push(problems, level, day, Some(pair.1), reason(of.tie, pair, pair.1));
            }
        }
    }
}

/// What is told of a pair to whoever looks at one of its cards.
fn reason(tie: Tie, (one, other): (CardIx, CardIx), of: CardIx) -> Reason {
    let partner = if of == one { other } else { one };
    match tie {
        Tie::Together => Reason::NotTogether { card: partner },
        Tie::SameHour => Reason::NotSameHour { card: partner },
        Tie::WithinDays(most) => Reason::TooManyDays { card: partner, most },
        Tie::Spaced(least) => Reason::TooLittleBetween { card: partner, least },
        Tie::InOrder | Tie::BeforeOnDay => Reason::OutOfOrder {
            card: partner,
            first: of == one,
        },
        Tie::RightAfter => Reason::NotRightAfter {
            card: partner,
            first: of == one,
        },
        Tie::NextTo => Reason::NotNextTo { card: partner },
        Tie::Apart => Reason::NotApart { card: partner },
        Tie::EndsDay => Reason::NotLast {
            card: partner,
            last: of == other,
        },
    }
}
