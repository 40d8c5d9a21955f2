//! Lessons of two lists that belong together in time: held at once, or the ones after the others. A wish, never a clash: what would be
//! closed by it depends on where the other lies, and that can move, too.
//!
//! Who belongs to whom is not said by the lists: of lessons held at once those are partners that lie at one time; of lessons in order the
//! first of the week comes before the first of the others, the second before the second, and so on. Lessons without a place have no
//! partner yet.

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
}

/// A card at a time: where it begins and ends, in slots of the whole board.
type Stay = (u32, u32, CardIx);

impl Board {
    fn stays(&self, cards: &[CardIx], instead: Option<(CardIx, Option<(u16, u16)>)>) -> Vec<Stay> {
        let place = |card: CardIx| match instead {
            Some((other, place)) if other == card => place,
            _ => self.placement(card).map(|at| (at.day, at.slot)),
        };
        let stay = |card: &CardIx| {
            let (day, slot) = place(*card)?;
            let start = u32::from(day) * u32::from(self.slots()) + u32::from(slot);
            let length = self.card(*card)?.duration;
            Some((start, start + u32::from(length), *card))
        };
        let mut all: Vec<Stay> = cards.iter().filter_map(stay).collect();
        all.sort_unstable();
        all
    }

    /// The pairs of cards that do not lie as they should.
    fn loose(&self, of: &TieSpec, instead: Option<(CardIx, Option<(u16, u16)>)>) -> Vec<(CardIx, CardIx)> {
        let mut first = self.stays(&of.first, instead);
        let mut second = self.stays(&of.second, instead);
        if of.tie == Tie::Together {
            first.retain(|one| {
                let partner = second.iter().position(|other| other.0 == one.0);
                if let Some(at) = partner {
                    second.remove(at);
                }
                partner.is_none()
            });
        }
        let pairs = first.into_iter().zip(second);
        let loose = pairs.filter(|(one, other)| of.tie == Tie::Together || other.0 < one.1);
        loose.map(|(one, other)| (one.2, other.2)).collect()
    }

    /// Partners as the cards lie: those that lie as they should first, those without a place last.
    pub(crate) fn partners(&self, of: &TieSpec) -> Vec<(CardIx, CardIx)> {
        let ordered = |cards: &[CardIx]| {
            let mut all = cards.to_vec();
            let start = |card: &CardIx| self.placement(*card).map(|at| (at.day, at.slot));
            all.sort_by_key(|card| (start(card).is_none(), start(card), *card));
            all
        };
        let (mut first, mut second) = (ordered(&of.first), ordered(&of.second));
        let mut pairs = vec![];
        if of.tie == Tie::Together {
            let start = |card: CardIx| self.placement(card).map(|at| (at.day, at.slot));
            first.retain(|one| {
                let fits = |other: &CardIx| start(*one).is_some() && start(*one) == start(*other);
                let partner = second.iter().position(fits);
                if let Some(at) = partner {
                    pairs.push((*one, second.remove(at)));
                }
                partner.is_none()
            });
        }
        pairs.extend(first.into_iter().zip(second));
        pairs
    }

    /// What a card at a time does to its pairs.
    pub(crate) fn ties(&self, card: CardIx, (day, slot): (u16, u16), verdict: &mut Verdict) {
        for tie in &self.card_ties[card.ix()] {
            let of = &self.spec.ties[*tie];
            let before = self.loose(of, Some((card, None)));
            let after = self.loose(of, Some((card, Some((day, slot)))));
            let (had, has) = (crate::ids::short(before.len()), crate::ids::short(after.len()));
            // the pair of the card itself is told, or the one that it has parted
            let mine = after.iter().find(|(one, other)| *one == card || *other == card);
            let limit = Limit {
                value: 0,
                norm: NormId(0),
                penalty: of.penalty,
                hard: false,
            };
            if let Some(pair) = mine.or_else(|| after.iter().find(|pair| !before.contains(pair))) {
                verdict.limit(had, has, limit, reason(of.tie, *pair, card));
            } else if had > has {
                verdict.penalty -= i32::from(of.penalty) * i32::from(had - has);
            }
        }
    }

    /// Pairs that do not lie as they should, as things are.
    pub(crate) fn tie_problems(&self, problems: &mut Vec<Problem>) {
        for of in self.spec.ties.iter().filter(|of| of.penalty > 0) {
            for pair in self.loose(of, None) {
                let day = self.placement(pair.1).map_or(0, |at| at.day);
                push(
                    problems,
                    Level::Poor,
                    day,
                    Some(pair.1),
                    reason(of.tie, pair, pair.1),
                );
            }
        }
    }
}

/// What is told of a pair to whoever looks at one of its cards.
fn reason(tie: Tie, (one, other): (CardIx, CardIx), of: CardIx) -> Reason {
    let partner = if of == one { other } else { one };
    match tie {
        Tie::Together => Reason::NotTogether { card: partner },
        Tie::InOrder => Reason::OutOfOrder {
            card: partner,
            first: of == one,
        },
    }
}
