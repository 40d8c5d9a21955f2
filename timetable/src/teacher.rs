//! Limits of a teacher's day and week: judged with a card added, and as things are.
//!
//! What a breach costs is its excess times the price, so that the search, which counts the same excess, comes to the same sum
//! (`tests/teacher.rs` compares them).

use crate::board::Board;
use crate::ids::{CardIx, TeacherIx, ones, windows};
use crate::judge::{Level, Verdict};
use crate::limits::{Limit, LimitKind};
use crate::reason::Reason;
use crate::review::Problem;
use crate::spec::TeacherSpec;

/// Limits of one day, with their kinds.
fn of_day(facts: &TeacherSpec) -> impl Iterator<Item = (LimitKind, Limit)> {
    let all = [
        (LimitKind::LessonsPerDay, facts.per_day),
        (LimitKind::WindowsPerDay, facts.windows_per_day),
        (LimitKind::LeastPerDay, facts.least_per_day),
        (LimitKind::LessonsInRow, facts.in_a_row),
    ];
    all.into_iter().filter_map(|(kind, limit)| Some((kind, limit?)))
}

/// Limits of one week, with their kinds.
fn of_week(facts: &TeacherSpec) -> impl Iterator<Item = (LimitKind, Limit)> {
    let all = [
        (LimitKind::DaysPerWeek, facts.days_per_week),
        (LimitKind::WindowsPerWeek, facts.windows_per_week),
        (LimitKind::LeastDays, facts.least_days),
    ];
    all.into_iter().filter_map(|(kind, limit)| Some((kind, limit?)))
}

/// Lengths of the runs of busy slots.
fn runs(mut word: u64) -> impl Iterator<Item = u16> {
    std::iter::from_fn(move || {
        word = word.checked_shr(word.trailing_zeros())?;
        let run = word.trailing_ones();
        word = word.checked_shr(run).unwrap_or(0);
        u16::try_from(run).ok().filter(|n| *n > 0)
    })
}

/// The figure of a day that a limit speaks of.
fn figure(kind: LimitKind, word: u64) -> u16 {
    match kind {
        LimitKind::WindowsPerDay | LimitKind::WindowsPerWeek => windows(word),
        LimitKind::LessonsInRow => runs(word).max().unwrap_or(0),
        LimitKind::DaysPerWeek | LimitKind::LeastDays => u16::from(word != 0),
        _ => ones(word),
    }
}

/// By how much a day breaks a limit.
fn excess(kind: LimitKind, word: u64, limit: u16) -> u16 {
    match kind {
        LimitKind::LeastPerDay if word == 0 => 0,
        LimitKind::LeastPerDay => limit.saturating_sub(ones(word)),
        LimitKind::LessonsInRow => runs(word).map(|run| run.saturating_sub(limit)).sum(),
        kind => figure(kind, word).saturating_sub(limit),
    }
}

/// By how much the figure of a week breaks a limit.
fn beyond(kind: LimitKind, found: u16, limit: u16) -> u16 {
    match kind {
        LimitKind::LeastDays => limit.saturating_sub(found),
        _ => found.saturating_sub(limit),
    }
}

fn reason(teacher: TeacherIx, kind: LimitKind, found: u16, limit: Limit) -> Reason {
    Reason::TeacherLimit {
        teacher,
        kind,
        found,
        limit: limit.value,
        norm: limit.norm,
        hard: limit.hard,
    }
}

impl Board {
    /// The days of the calendar week that a day belongs to.
    pub(crate) fn week_of(&self, day: u16) -> std::ops::Range<u16> {
        let days = self.spec.days;
        let week = if self.spec.week == 0 { days } else { self.spec.week };
        let first = day / week.max(1) * week;
        first..(first + week).min(days)
    }

    /// Hours of a teacher's cards that lie nowhere, without one card: what they can still fill is not missing where it must be.
    fn unfilled(&self, teacher: TeacherIx, kind: LimitKind, limit: Limit, without: Option<CardIx>) -> u16 {
        if kind != LimitKind::LeastPerDay || !limit.hard {
            return 0;
        }
        let waiting = self.spec.cards.iter().enumerate().filter(|(n, card)| {
            card.placement.is_none()
                && card.teachers.contains(&teacher)
                && without.is_none_or(|card| card.ix() != *n)
        });
        let hours = waiting.map(|(_, card)| card.duration);
        hours.fold(0, u16::saturating_add)
    }

    /// What a card at the slots of a word does to the limits of a teacher.
    pub(crate) fn teacher_limits(
        &self,
        teacher: TeacherIx,
        card: CardIx,
        day: u16,
        word: u64,
        verdict: &mut Verdict,
    ) {
        let facts = &self.spec.teachers[teacher.ix()];
        let weeks = self.spec.cards[card.ix()].weeks;
        // of the weeks of the card the worse counts
        let worst = |f: &dyn Fn(usize) -> u16| weeks.parities().map(f).max().unwrap_or(0);
        let without = |parity: usize, day: u16| {
            self.teachers
                .word(teacher.ix(), parity, day, self.covers(card, day))
        };
        for (kind, limit) in of_day(facts) {
            let before = worst(&|p| excess(kind, without(p, day), limit.value));
            let after = worst(&|p| excess(kind, without(p, day) | word, limit.value));
            let tray = if after > before {
                self.unfilled(teacher, kind, limit, Some(card))
            } else {
                0
            };
            let (before, after) = (before.saturating_sub(tray), after.saturating_sub(tray));
            let found = worst(&|p| figure(kind, without(p, day) | word));
            verdict.limit(before, after, limit, reason(teacher, kind, found, limit));
        }
        for (kind, limit) in of_week(facts) {
            let sum = |parity: usize, more: u64| {
                let of = |d: u16| figure(kind, without(parity, d) | if d == day { more } else { 0 });
                self.week_of(day).map(of).sum::<u16>()
            };
            let before = worst(&|p| beyond(kind, sum(p, 0), limit.value));
            let after = worst(&|p| beyond(kind, sum(p, word), limit.value));
            let found = worst(&|p| sum(p, word));
            verdict.limit(before, after, limit, reason(teacher, kind, found, limit));
        }
    }

    /// How many cards of a teacher lie nowhere.
    fn waiting(&self, teacher: TeacherIx) -> u16 {
        let cards = self.spec.cards.iter();
        let mine = cards.filter(|card| card.placement.is_none() && card.teachers.contains(&teacher));
        crate::ids::short(mine.count())
    }

    /// The limits of a teacher that are broken.
    pub(crate) fn teacher_problems(&self, teacher: TeacherIx, problems: &mut Vec<Problem>) {
        let facts = &self.spec.teachers[teacher.ix()];
        let words = |day: u16| [0, 1].map(|parity| self.teachers.word(teacher.ix(), parity, day, 0));
        let mut tell = |day: Option<u16>, kind, found, limit: Limit| {
            problems.push(Problem {
                level: if limit.hard { Level::Clash } else { Level::Poor },
                day,
                card: None,
                reason: reason(teacher, kind, found, limit),
            });
        };
        for (kind, limit) in of_day(facts) {
            let tray = self.unfilled(teacher, kind, limit, None);
            for day in 0..self.spec.days {
                let broken = words(day)
                    .into_iter()
                    .filter(|w| excess(kind, *w, limit.value) > tray);
                if let Some(found) = broken.map(|w| figure(kind, w)).max() {
                    tell(Some(day), kind, found, limit);
                }
            }
        }
        for (kind, limit) in of_week(facts) {
            let mut first = 0;
            while first < self.spec.days {
                let week = self.week_of(first);
                let sum = |parity: usize| {
                    let of = |d: u16| figure(kind, self.teachers.word(teacher.ix(), parity, d, 0));
                    week.clone().map(of).sum::<u16>()
                };
                let found = if kind == LimitKind::LeastDays {
                    sum(0).min(sum(1))
                } else {
                    sum(0).max(sum(1))
                };
                // days that lessons of the tray may still open are not missing yet
                let open = if kind == LimitKind::LeastDays {
                    self.waiting(teacher)
                } else {
                    0
                };
                if beyond(kind, found, limit.value) > open {
                    // a second week is told by its first day
                    tell((first > 0).then_some(first), kind, found, limit);
                }
                first = week.end.max(first + 1);
            }
        }
    }
}
