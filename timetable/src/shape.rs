//! The shape of a class's week: which days are lighter than an average one, and how much homework comes together on a day.
//!
//! An average day is a figure of the plan, not of the timetable: the points of a week by the days on which bells ring. So what a
//! day may carry stands before anything is placed, and a card's price depends on its own day alone. What a breach costs is its
//! excess times the price, as the search counts it (`tests/shape.rs` compares them).

use crate::board::Board;
use crate::ids::{CardIx, ClassIx, short, span, wide};
use crate::judge::{Level, Verdict};
use crate::limits::{Limit, LimitKind, PeakDays};
use crate::norms::{day_cards, day_points, sum};
use crate::reason::Reason;
use crate::review::{Problem, push};
use crate::spec::BoardSpec;

/// Points of each class's week and its days with bells. Empty where no class is asked for a shape.
pub(crate) fn loads(spec: &BoardSpec, class_atoms: &[Vec<u32>], card_atoms: &[Vec<u32>]) -> Vec<(u32, u16)> {
    let asked = |c: &crate::spec::ClassSpec| c.limits.light_days.is_some() || c.limits.edge_days.is_some();
    if !spec.classes.iter().any(asked) {
        return vec![];
    }
    let atoms = card_atoms.iter().flatten().max().map_or(0, |a| wide(*a) + 1);
    let mut points = vec![[0u32; 2]; atoms];
    for (card, mine) in spec.cards.iter().zip(card_atoms) {
        let more = u32::from(card.difficulty) * u32::from(card.duration);
        for parity in card.weeks.parities() {
            for atom in mine {
                points[wide(*atom)][parity] += more;
            }
        }
    }
    let of_class = |(class, mine): (&crate::spec::ClassSpec, &Vec<u32>)| {
        let all = mine.iter().filter_map(|a| points.get(wide(*a))).flatten();
        let rings = |day: &u16| class.bells.day(*day) & span(0, spec.slots) != 0;
        (
            all.copied().max().unwrap_or(0),
            short((0..spec.days).filter(rings).count()),
        )
    };
    spec.classes.iter().zip(class_atoms).map(of_class).collect()
}

impl Board {
    /// What a day of a class may carry at most not to be above the average, and to be below it.
    pub(crate) fn average(&self, class: ClassIx) -> Option<(u16, u16)> {
        let (points, days) = self.loads.get(class.ix()).copied()?;
        let days = u32::from(days);
        let figure = |points: u32| u16::try_from(points.checked_div(days).unwrap_or(0)).unwrap_or(u16::MAX);
        (days > 0).then(|| (figure(points), figure(points.saturating_sub(1))))
    }

    /// The days named by bits of a week, in every week of the board, on which bells ring for the class.
    pub(crate) fn named_days(&self, class: ClassIx, bits: u64) -> impl Iterator<Item = u16> + '_ {
        let bells = &self.spec.classes[class.ix()].bells;
        (0..self.spec.days).filter(move |day| {
            let of_week = day - self.week_of(*day).start;
            bits & span(of_week, 1) != 0 && bells.day(*day) & span(0, self.spec.slots) != 0
        })
    }

    /// Points of a day; with a card left out those of its pupils.
    fn points_of(&self, class: ClassIx, day: u16, without: Option<CardIx>) -> u16 {
        sum(&day_points(self, &day_cards(self, class, day, without), day))
    }

    /// The lightest of the named days of a week other than one.
    fn lightest(
        &self,
        class: ClassIx,
        named: PeakDays,
        (day, other_than_day): (u16, bool),
        without: Option<CardIx>,
    ) -> Option<u16> {
        let week = self.week_of(day);
        self.named_days(class, named.days)
            .filter(|d| week.contains(d) && !(other_than_day && *d == day))
            .map(|d| self.points_of(class, d, without))
            .min()
    }

    /// Lessons with much homework of a pupil's day, one card left out: then only its pupils count.
    fn homework(&self, class: ClassIx, day: u16, without: Option<CardIx>) -> u16 {
        let cards: Vec<CardIx> = self.class_cards[class.ix()]
            .iter()
            .copied()
            .filter(|c| Some(*c) != without && self.spec.cards[c.ix()].homework && self.covers(*c, day) != 0)
            .collect();
        if cards.is_empty() {
            return 0;
        }
        let weeks = without.map_or(crate::ids::Weeks::Every, |card| self.spec.cards[card.ix()].weeks);
        let of = |atom: &u32, parity: usize| {
            let there = cards.iter().filter(|c| {
                let weeks = self.spec.cards[c.ix()].weeks;
                weeks.parities().contains(&parity) && self.card_atoms[c.ix()].binary_search(atom).is_ok()
            });
            short(there.count())
        };
        let counts =
            |atom: &&u32| without.is_none_or(|card| self.card_atoms[card.ix()].binary_search(*atom).is_ok());
        let atoms = self.class_atoms[class.ix()].iter().filter(counts);
        let all = atoms.flat_map(|atom| weeks.parities().map(move |parity| (atom, parity)));
        all.map(|(atom, parity)| of(atom, parity)).max().unwrap_or(0)
    }

    /// What a card on a day does to the shape of a class's week. `points`: of the day, without the card and with it.
    pub(crate) fn judge_shape(
        &self,
        class: ClassIx,
        day: u16,
        card: CardIx,
        points: (u16, u16),
        verdict: &mut Verdict,
    ) {
        let limits = &self.spec.classes[class.ix()].limits;
        let mut tell = |kind, limit: Limit, before: u16, found: u16| {
            let reason = reason(class, kind, found, limit);
            let (before, after) = (
                before.saturating_sub(limit.value),
                found.saturating_sub(limit.value),
            );
            verdict.limit(before, after, limit, reason);
        };
        let is_named = |named: &PeakDays| self.named_days(class, named.days).any(|d| d == day);
        if let Some((average, below)) = self.average(class) {
            if let Some(edges) = limits.edge_days.filter(|e| is_named(e)) {
                tell(LimitKind::EdgeDay, edges.at_most(average), points.0, points.1);
            }
            if let Some(light) = limits.light_days.filter(|l| is_named(l)) {
                let other = self
                    .lightest(class, light, (day, true), Some(card))
                    .unwrap_or(u16::MAX);
                let (before, found) = (points.0.min(other), points.1.min(other));
                tell(LimitKind::LightDay, light.at_most(below), before, found);
            }
        }
        if let Some(limit) = limits
            .homework_per_day
            .filter(|_| self.spec.cards[card.ix()].homework)
        {
            let before = self.homework(class, day, Some(card));
            tell(LimitKind::HomeworkPerDay, limit, before, before + 1);
        }
    }

    /// What is wrong with the shape of a class's week.
    pub(crate) fn shape_problems(&self, class: ClassIx, problems: &mut Vec<Problem>) {
        let limits = &self.spec.classes[class.ix()].limits;
        let mut tell = |day, kind, limit: Limit, found: u16| {
            if found > limit.value {
                push(
                    problems,
                    Level::Poor,
                    day,
                    None,
                    reason(class, kind, found, limit),
                );
            }
        };
        if let Some((average, below)) = self.average(class) {
            for (day, edges) in limits
                .edge_days
                .iter()
                .flat_map(|e| self.named_days(class, e.days).map(move |d| (d, e)))
            {
                let found = self.points_of(class, day, None);
                tell(day, LimitKind::EdgeDay, edges.at_most(average), found);
            }
            if let Some(light) = limits.light_days {
                let mut told = None;
                for day in self.named_days(class, light.days) {
                    let week = self.week_of(day).start;
                    // of a week once, on the first of its days
                    if told == Some(week) {
                        continue;
                    }
                    told = Some(week);
                    let found = self.lightest(class, light, (day, false), None);
                    tell(day, LimitKind::LightDay, light.at_most(below), found.unwrap_or(0));
                }
            }
        }
        if let Some(limit) = limits.homework_per_day {
            for day in 0..self.spec.days {
                tell(
                    day,
                    LimitKind::HomeworkPerDay,
                    limit,
                    self.homework(class, day, None),
                );
            }
        }
    }
}

impl PeakDays {
    fn at_most(self, value: u16) -> Limit {
        Limit {
            value,
            norm: self.norm,
            penalty: self.penalty,
            hard: false,
        }
    }
}

fn reason(class: ClassIx, kind: LimitKind, found: u16, limit: Limit) -> Reason {
    Reason::Limit {
        class,
        kind,
        found,
        limit: limit.value,
        norm: limit.norm,
        hard: limit.hard,
        card: None,
    }
}
