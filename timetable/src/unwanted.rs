//! Times that a teacher, a class or a card by itself would rather not have: a wish with a price, never a clash. Judged with a card added, and
//! as things are.

use crate::board::Board;
use crate::ids::{CardIx, TimeSet, bits, ones};
use crate::judge::{Level, Verdict};
use crate::reason::Reason;
use crate::review::{Problem, push};
use serde::{Deserialize, Serialize};

/// Times that are possible but not wished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unwanted {
    /// Which.
    pub times: TimeSet,
    /// What each lesson in one of them costs.
    pub penalty: u16,
}

impl Board {
    /// Slots of a card that somebody in it, or the card itself, would rather not have: each costs, the first of each wish is told.
    pub(crate) fn unwanted(&self, card: CardIx, day: u16, word: u64, verdict: &mut Verdict) {
        let mut tell = |wishes: &[Unwanted], reason: &dyn Fn(u16) -> Reason| {
            for wish in wishes.iter().filter(|w| w.penalty > 0) {
                let there = word & wish.times.day(day);
                if let Some(slot) = bits(there).next() {
                    let price = wish.penalty.saturating_mul(ones(there));
                    verdict.add(Level::Poor, price, reason(slot));
                }
            }
        };
        for teacher in self.spec.cards[card.ix()].teachers.iter().copied() {
            let wishes = &self.spec.teachers[teacher.ix()].unwanted;
            tell(wishes, &|slot| Reason::TeacherUnwanted { teacher, slot });
        }
        for class in self.card_classes[card.ix()].iter().copied() {
            let wishes = &self.spec.classes[class.ix()].unwanted;
            tell(wishes, &|slot| Reason::ClassUnwanted { class, slot });
        }
        let wishes = &self.spec.cards[card.ix()].unwanted;
        tell(wishes, &|slot| Reason::CardUnwanted { card, slot });
    }

    /// Cards that lie where somebody would rather not have them.
    pub(crate) fn unwanted_problems(&self, problems: &mut Vec<Problem>) {
        let wished = |list: &[Unwanted]| !list.is_empty();
        let any = self.spec.teachers.iter().any(|t| wished(&t.unwanted))
            || self.spec.classes.iter().any(|c| wished(&c.unwanted))
            || self.spec.cards.iter().any(|c| wished(&c.unwanted));
        if !any {
            return;
        }
        for card in self.card_indices() {
            let Some(at) = self.placement(card) else { continue };
            let mut verdict = Verdict::default();
            self.unwanted(card, at.day, self.covers(card, at.day), &mut verdict);
            for reason in verdict.reasons {
                push(problems, Level::Poor, at.day, Some(card), reason);
            }
        }
    }

    /// The unwanted times of everybody in a card.
    #[cfg(feature = "engine")]
    pub(crate) fn unwanted_of(&self, card: CardIx) -> impl Iterator<Item = &Unwanted> {
        let teachers = self.spec.cards[card.ix()].teachers.iter();
        let teachers = teachers.flat_map(|t| &self.spec.teachers[t.ix()].unwanted);
        let classes = self.card_classes[card.ix()].iter();
        let own = &self.spec.cards[card.ix()].unwanted;
        teachers
            .chain(classes.flat_map(|c| &self.spec.classes[c.ix()].unwanted))
            .chain(own)
    }
}
