//! Cards that should be spread over the week: judged with a card added, and as things are.

use crate::board::Board;
use crate::ids::{CardIx, ClassIx};
use crate::judge::{Level, Verdict};
use crate::limits::LimitKind;
use crate::reason::Reason;
use crate::review::{Problem, push};

impl Board {
    /// Cards of the same gap that lie too close: each missing day costs, the nearest card is told. A second lesson of
    /// the subject on the same day is told once: where a norm has said it already, not again.
    pub(crate) fn gaps(&self, card: CardIx, day: u16, verdict: &mut Verdict) {
        let weeks = self.spec.cards[card.ix()].weeks;
        for gap in &self.card_gaps[card.ix()] {
            let gap = &self.spec.gaps[*gap];
            let others = gap.cards.iter().copied().filter(|other| *other != card);
            let near = others.filter_map(|other| {
                let spec = &self.spec.cards[other.ix()];
                let days = spec.placement?.day.abs_diff(day);
                (days < gap.days && spec.weeks.meets(weeks)).then_some((days, other))
            });
            let mut near: Vec<(u16, CardIx)> = near.collect();
            near.sort_unstable();
            let Some((days, other)) = near.first().copied() else {
                continue;
            };
            let missing = near.iter().map(|(days, _)| gap.days - days).sum::<u16>();
            let penalty = gap.penalty.saturating_mul(missing);
            let told = days == 0
                && verdict.reasons.iter().any(|r| {
                    matches!(
                        r,
                        Reason::Limit {
                            kind: LimitKind::SubjectPerDay,
                            ..
                        }
                    )
                });
            if told {
                verdict.penalty += i32::from(penalty);
            } else {
                let reason = Reason::TooClose {
                    card: other,
                    days,
                    least: gap.days,
                };
                verdict.add(Level::Poor, penalty, reason);
            }
        }
    }

    /// Neighbours in the week that lie closer than their gap wants. Two lessons of a subject on one day are left to the
    /// norm that says the same.
    pub(crate) fn gap_problems(&self, problems: &mut Vec<Problem>) {
        for gap in &self.spec.gaps {
            let placed = gap
                .cards
                .iter()
                .filter_map(|card| self.placement(*card).map(|at| (at.day, *card)));
            let mut placed: Vec<(u16, CardIx)> = placed.collect();
            placed.sort_unstable();
            for (n, (day, card)) in placed.iter().enumerate() {
                let weeks = self.spec.cards[card.ix()].weeks;
                let next = placed[n + 1..]
                    .iter()
                    .find(|(_, other)| self.spec.cards[other.ix()].weeks.meets(weeks));
                let Some((later, other)) = next.filter(|(later, _)| later - day < gap.days) else {
                    continue;
                };
                let days = later - day;
                if days == 0 && self.subject_told(*card, *other) {
                    continue;
                }
                let (first, second) = (*card.min(other), *card.max(other));
                let reason = Reason::TooClose {
                    card: second,
                    days,
                    least: gap.days,
                };
                let on = self.placement(first).map_or(*day, |at| at.day);
                push(problems, Level::Poor, on, Some(first), reason);
            }
        }
    }

    /// Whether a norm tells of the two as «the same subject twice a day».
    fn subject_told(&self, card: CardIx, other: CardIx) -> bool {
        let limited = |class: &ClassIx| {
            let limit = self.spec.classes[class.ix()].limits.subject_per_day;
            limit.is_some_and(|l| l.value <= 1)
        };
        self.spec.cards[card.ix()].subject == self.spec.cards[other.ix()].subject
            && self.share_pupils(card, other)
            && self.card_classes[card.ix()].iter().any(limited)
    }
}
