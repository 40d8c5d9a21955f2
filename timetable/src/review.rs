//! The whole board: everything that is wrong (asked before publishing), and figures per class and teacher.

use crate::board::Board;
use crate::ids::{CardIx, ClassIx, TeacherIx, TimeSet, narrow, ones, short, span, wide, windows};
use crate::judge::{Level, Verdict};
use crate::limits::{Limit, LimitKind};
use crate::norms::{self, ClassDay};
use crate::reason::Reason;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One thing that is wrong on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// [`Level::Clash`] or [`Level::Poor`].
    pub level: Level,
    /// The day.
    pub day: Option<u16>,
    /// The card that it is about; for two cards in each other's way the one with the smaller index, the other is in
    /// the reason. `None` where it is about a whole day.
    pub card: Option<CardIx>,
    /// What.
    pub reason: Reason,
}

/// How many points the review has. Every figure of clashes and remarks that a person is shown, on whatever screen, is this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Count {
    /// Clashes.
    pub clashes: u32,
    /// What is poor and no clash. Cards without a place and windows of teachers are no points of the review, and have figures of their own.
    pub remarks: u32,
}

impl Count {
    /// Of what [`Board::conflicts`] has found.
    #[must_use]
    pub fn of(problems: &[Problem]) -> Self {
        let of_level = |level: Level| narrow(problems.iter().filter(|p| p.level == level).count());
        Self {
            clashes: of_level(Level::Clash),
            remarks: of_level(Level::Poor),
        }
    }
}

/// Figures of one day of a class or teacher. Of odd and even weeks the larger figure counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayFigures {
    /// Lessons (of the busiest pupil).
    pub lessons: u16,
    /// Free slots between lessons (of the pupil with the most).
    pub windows: u16,
    /// Sum of points of difficulty.
    pub difficulty: u16,
}

impl Board {
    /// A class's days.
    #[must_use]
    pub fn class_days(&self, class: ClassIx) -> Vec<DayFigures> {
        if class.ix() >= self.spec.classes.len() {
            return vec![];
        }
        let days = (0..self.spec.days).map(|day| {
            let f = ClassDay::new(self, class, day, None).figures(None, 0);
            DayFigures {
                lessons: f.lessons,
                windows: f.windows,
                difficulty: f.points,
            }
        });
        days.collect()
    }

    /// A teacher's days.
    #[must_use]
    pub fn teacher_days(&self, teacher: TeacherIx) -> Vec<DayFigures> {
        if teacher.ix() >= self.spec.teachers.len() {
            return vec![];
        }
        let figures = |day| {
            let words = [0, 1].map(|parity| self.teachers.word(teacher.ix(), parity, day, 0));
            let most = |f: fn(u64) -> u16| words.iter().map(|w| f(*w)).max().unwrap_or(0);
            let of_week = |parity: usize| {
                let cards = self.teacher_cards[teacher.ix()].iter();
                let cards = cards.filter(|c| self.spec.cards[c.ix()].weeks.parities().contains(&parity));
                cards
                    .map(|c| self.spec.cards[c.ix()].difficulty * ones(self.covers(*c, day)))
                    .sum::<u16>()
            };
            DayFigures {
                lessons: most(ones),
                windows: most(windows),
                difficulty: of_week(0).max(of_week(1)),
            }
        };
        (0..self.spec.days).map(figures).collect()
    }

    /// Every clash and every broken limit, each once. Cards that lie nowhere are not told: see [`Board::unplaced`].
    #[must_use]
    pub fn conflicts(&self) -> Vec<Problem> {
        let mut problems = vec![];
        for card in self.card_indices() {
            self.card_problems(card, &mut problems);
        }
        self.pair_problems(&mut problems);
        self.gap_problems(&mut problems);
        self.tie_problems(&mut problems);
        self.bound_problems(&mut problems);
        self.unwanted_problems(&mut problems);
        for class in (0..self.spec.classes.len()).map(ClassIx::at) {
            self.class_problems(class, &mut problems);
            self.shape_problems(class, &mut problems);
        }
        for teacher in (0..self.spec.teachers.len()).map(TeacherIx::at) {
            self.teacher_problems(teacher, &mut problems);
        }
        self.way_problems(&mut problems);
        self.rooming_problems(&mut problems);
        problems.sort_by_key(|p| std::cmp::Reverse(p.level));
        problems
    }

    /// What is wrong with a placed card by itself: bells, times away, its room, limits of place in the day.
    fn card_problems(&self, card: CardIx, problems: &mut Vec<Problem>) {
        let spec = &self.spec.cards[card.ix()];
        let Some(at) = spec.placement else { return };
        let mut verdict = Verdict::default();
        let word = span(at.slot, spec.duration);
        self.closed(card, at.day, word, &mut verdict);
        let fault_level = if spec.room.hard { Level::Clash } else { Level::Poor };
        match at.room {
            Some(room) => {
                if let Some(slot) =
                    crate::ids::bits(word & self.spec.rooms[room.ix()].away.day(at.day)).next()
                {
                    verdict.add(Level::Clash, 0, Reason::RoomAway { room, slot });
                }
                if let Some(fault) = self.room_fault(card, room) {
                    push(
                        problems,
                        fault_level,
                        at.day,
                        Some(card),
                        Reason::RoomUnsuitable { room, fault },
                    );
                }
            }
            None if spec.room.needed => push(problems, Level::Poor, at.day, Some(card), Reason::NoRoom),
            None => {}
        }
        for class in &self.card_classes[card.ix()] {
            norms::own_limits(self, *class, at.day, card, at.slot, &mut verdict);
            if let Some(limit) = self.spec.classes[class.ix()].limits.subject_per_day {
                let today = norms::day_cards(self, *class, at.day, Some(card));
                let same = norms::same_subject(self, card, &today);
                let first = same.iter().all(|other| *other > card);
                if let (Some(other), true) = (same.first(), first && same.len() >= usize::from(limit.value)) {
                    let found = short(same.len()) + 1;
                    norms::add(
                        &mut verdict,
                        *class,
                        LimitKind::SubjectPerDay,
                        found,
                        limit,
                        Some(*other),
                    );
                }
            }
        }
        for reason in verdict.reasons {
            let soft = matches!(reason, Reason::Limit { hard: false, .. });
            let level = if soft { Level::Poor } else { Level::Clash };
            push(problems, level, at.day, Some(card), reason);
        }
    }

    /// Two cards in each other's way.
    fn pair_problems(&self, problems: &mut Vec<Problem>) {
        for (teacher, list) in self.teacher_cards.iter().enumerate() {
            let teacher = TeacherIx::at(teacher);
            self.pairs(list, |card, other, day, _| {
                push(
                    problems,
                    Level::Clash,
                    day,
                    Some(card),
                    Reason::TeacherBusy { teacher, card: other },
                );
            });
        }
        let mut told = BTreeSet::new();
        for (class, list) in self.class_cards.iter().enumerate() {
            let class = ClassIx::at(class);
            self.pairs(list, |card, other, day, _| {
                if self.share_pupils(card, other) && told.insert((card, other)) {
                    push(
                        problems,
                        Level::Clash,
                        day,
                        Some(card),
                        Reason::AudienceBusy { class, card: other },
                    );
                }
            });
        }
        for (room, list) in self.room_cards.iter().enumerate() {
            self.pairs(list, |card, other, day, common| {
                let room = crate::ids::RoomIx::at(room);
                let weeks = |card: CardIx| self.spec.cards[card.ix()].weeks;
                // those of odd weeks and those of even ones do not meet in a shared room
                if self
                    .rooms
                    .is_over(room.ix(), weeks(card), weeks(other), day, common)
                {
                    push(
                        problems,
                        Level::Clash,
                        day,
                        Some(card),
                        Reason::RoomBusy { room, card: other },
                    );
                }
            });
        }
    }

    /// All pairs of a list that lie on common slots in a common week.
    fn pairs(&self, list: &[CardIx], mut found: impl FnMut(CardIx, CardIx, u16, u64)) {
        for (n, a) in list.iter().enumerate() {
            let Some(at) = self.placement(*a) else { continue };
            let word = self.covers(*a, at.day);
            for b in self.lying(&list[n + 1..], *a, at.day, word) {
                found(*a.min(&b), *a.max(&b), at.day, word & self.covers(b, at.day));
            }
        }
    }

    fn class_problems(&self, class: ClassIx, problems: &mut Vec<Problem>) {
        let limits = &self.spec.classes[class.ix()].limits;
        let mut verdict = Verdict::default();
        for day in 0..self.spec.days {
            let facts = ClassDay::new(self, class, day, None);
            let figures = facts.figures(None, limits.hard_from);
            let mut broken = facts.breaches(limits, &figures);
            let few = |lack: u16, limit: Limit| (lack > 0).then(|| limit.value.saturating_sub(lack));
            if let Some(limit) = limits
                .late_start
                .filter(|l| l.hard && facts.begins_late(None) > 0)
            {
                broken.push((LimitKind::LateStart, 1, Limit { value: 0, ..limit }));
            }
            if let Some(limit) = limits.least_per_day {
                let found = few(facts.too_short(None, limit), limit);
                broken.extend(found.map(|found| (LimitKind::LeastPerDay, found, limit)));
            }
            if let Some(limit) = limits.least_days.filter(|_| self.week_of(day).start == day) {
                let found = few(facts.days_lost(limit), limit);
                let found = found.map(|_| limit.value.saturating_sub(facts.too_few(None, limit)));
                broken.extend(found.map(|found| (LimitKind::LeastDays, found, limit)));
            }
            for (kind, found, limit) in broken {
                let before = verdict.reasons.len();
                norms::add(&mut verdict, class, kind, found, limit, None);
                let level = if limit.hard { Level::Clash } else { Level::Poor };
                for reason in verdict.reasons.drain(before..) {
                    push(problems, level, day, None, reason);
                }
            }
        }
        if let Some(limit) = limits.per_week {
            let total = |atom: &u32, parity: usize| {
                let word = |day| self.lessons(wide(*atom), parity, day, None);
                (0..self.spec.days).map(|d| ones(word(d))).sum::<u16>()
            };
            let atoms = self.class_atoms[class.ix()].iter();
            let week = atoms.map(|a| total(a, 0).max(total(a, 1))).max().unwrap_or(0);
            if week > limit.value {
                norms::add(&mut verdict, class, LimitKind::LessonsPerWeek, week, limit, None);
                let level = if limit.hard { Level::Clash } else { Level::Poor };
                let reasons = verdict.reasons.drain(..);
                problems.extend(reasons.map(|reason| Problem {
                    level,
                    day: None,
                    card: None,
                    reason,
                }));
            }
        }
    }

    /// The free times of a teacher in every week: neither away nor teaching.
    #[must_use]
    pub fn teacher_free(&self, teacher: TeacherIx) -> TimeSet {
        let mut free = TimeSet::new();
        let Some(facts) = self.spec.teachers.get(teacher.ix()) else {
            return free;
        };
        for day in 0..self.spec.days {
            let busy = self.teachers.any(teacher.ix(), crate::ids::Weeks::Every, day, 0);
            free.add(day, span(0, self.spec.slots) & !busy & !facts.away.day(day));
        }
        free
    }
}

pub(crate) fn push(
    problems: &mut Vec<Problem>,
    level: Level,
    day: u16,
    card: Option<CardIx>,
    reason: Reason,
) {
    problems.push(Problem {
        level,
        day: Some(day),
        card,
        reason,
    });
}
