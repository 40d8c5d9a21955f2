//! Cards that should be spread over the week: judged with a card added, and as things are.

use crate::board::Board;
use crate::ids::{CardIx, ClassIx};
use crate::judge::{Level, Verdict};
use crate::limits::LimitKind;
use crate::reason::Reason;
use crate::review::{Problem, push};
use crate::spec::GapSpec;

impl GapSpec {
    /// What a missing day is.
    fn level(&self) -> Level {
        if self.hard { Level::Clash } else { Level::Poor }
    }
}

impl Board {
    /// Cards of the same gap that lie too close: each missing day costs, or closes the cell where it must not be; the nearest card
    /// is told. A second lesson of the subject on the same day is told once: where a norm has said it already, and no milder, not again.
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
                    matches!(r, Reason::Limit { kind: LimitKind::SubjectPerDay, hard, .. } if *hard || !gap.hard)
                });
            if told {
                verdict.penalty += i32::from(penalty);
            } else {
                let reason = |(days, card): (u16, CardIx)| Reason::TooClose {
                    card,
                    days,
                    least: gap.days,
                    hard: gap.hard,
                };
                verdict.add(gap.level(), penalty, reason((days, other)));
                // of a closed cell each card in the way is named
                for more in near.into_iter().skip(1).filter(|_| gap.hard) {
                    verdict.add(Level::Clash, 0, reason(more));
                }
            }
        }
    }

    /// Neighbours in the week that lie closer than their gap wants. Two lessons of a subject on one day are left to the
    /// norm that says the same as strictly.
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
                if days == 0 && self.subject_told(*card, *other, gap.hard) {
                    continue;
                }
                let (first, second) = (*card.min(other), *card.max(other));
                let reason = Reason::TooClose {
                    card: second,
                    days,
                    least: gap.days,
                    hard: gap.hard,
                };
                let on = self.placement(first).map_or(*day, |at| at.day);
                push(problems, gap.level(), on, Some(first), reason);
            }
        }
    }

    /// Whether a norm tells of the two as «the same subject twice a day»; of what must not be, only one that must be kept, too.
    fn subject_told(&self, card: CardIx, other: CardIx, must: bool) -> bool {
        let limited = |class: &ClassIx| {
            let limit = self.spec.classes[class.ix()].limits.subject_per_day;
            limit.is_some_and(|l| l.value <= 1 && (l.hard || !must))
        };
        self.spec.cards[card.ix()].subject == self.spec.cards[other.ix()].subject
            && self.share_pupils(card, other)
            && self.card_classes[card.ix()].iter().any(limited)
    }
}
