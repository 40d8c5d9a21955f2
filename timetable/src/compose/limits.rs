//! The limits of classes as rules. A hard one is required here too, and never looser than the judge's.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{COUNTER, Draft};
use super::rules::start_at;
use crate::board::Board;
use crate::ids::{CardIx, ClassIx, bits, narrow, ones, span, wide};
use crate::limits::Limit;
use crate::problem::rules::{
    cluster_busy_times::ClusterBusyTimes, limit_busy_times::LimitBusyTimes, limit_idle_times::LimitIdleTimes,
    spread_events::SpreadEvents, start_early::StartEarly,
};
use crate::problem::{Rule, Seat};

/// Points of difficulty that count as one where sums are compared: fewer counters, and a difference of less is none.
const UNIT: u16 = 4;

/// The price of a day that is only permitted because of physical education, as a part of a day too long.
const EXCEPTION: u16 = 8;

/// Names of rules that are told apart by them.
pub(super) const HOURS_OF_THE_LAW: &str = "within the hours of the law";
pub(super) const ONCE_A_DAY: &str = "a subject once a day";
pub(super) const HARD_DAY: &str = "not too hard a day";
pub(super) const HARD_IN_THE_MIDDLE: &str = "hard lessons in the middle";
pub(super) const HARD_IN_A_ROW: &str = "not too many hard lessons in a row";
pub(super) const LESSONS_A_DAY: &str = "not too many lessons a day";
pub(super) const LONG_DAYS: &str = "not too many lessons a day, even with physical education";
pub(super) const LONG_DAYS_FEW: &str = "long days are an exception";
pub(super) const WINDOWS_A_DAY: &str = "not too many windows a day";
pub(super) const LEAST: &str = "a class does not come for few lessons";
pub(super) const LEAST_DAYS: &str = "not too few days with lessons of a class";
pub(super) const EARLY: &str = "days begin with the first lesson";
pub(super) const PEAK: &str = "hardest in the middle of the week";
pub(super) const LIGHT: &str = "an easier day in the middle of the week";
pub(super) const EDGES: &str = "lighter first and last days";
pub(super) const HOMEWORK: &str = "not too much homework for a day";

/// What counts a class's hard lessons.
pub(super) fn counter(class: ClassIx) -> String {
    format!("hard lessons of {}", class.0)
}

/// Whether no hard limit forbids a card to start at a slot, whatever else lies on the day.
pub(super) fn may_lie(board: &Board, card: CardIx, slot: u16) -> bool {
    let last = slot + board.spec.cards[card.ix()].duration - 1;
    board.card_classes[card.ix()].iter().all(|class| {
        let limits = &board.spec.classes[class.ix()].limits;
        let early = limits.earliest_slot.is_some_and(|l| l.hard && slot < l.value);
        let late = limits.latest_slot.is_some_and(|l| l.hard && last > l.value);
        !early && !late
    })
}

/// Adds them all.
pub(super) fn all(draft: &mut Draft<'_>) {
    for class in (0..draft.board.spec.classes.len()).map(ClassIx::at) {
        let of_class = OfClass::new(draft, class);
        if of_class.pupils.is_empty() {
            continue;
        }
        // a class is many rules
        if draft.watch.is_over() {
            return;
        }
        of_class.lengths(draft);
        of_class.windows(draft);
        of_class.least(draft);
        of_class.starts(draft);
        of_class.subjects(draft);
        of_class.hours(draft);
        of_class.hard_lessons(draft);
        of_class.points(draft);
        super::shape::all(draft, &of_class);
    }
    super::teachers::all(draft);
}

/// The price of a limit: none if it is required.
pub(super) fn price(limit: Limit, parts: u32) -> Option<u32> {
    let share = u32::from(limit.penalty).div_ceil(parts.max(1));
    (!limit.hard).then_some(share)
}

pub(super) fn at_most(time_groups: Vec<u32>, most: u16) -> Rule {
    Rule::LimitBusyTimes(LimitBusyTimes {
        time_groups,
        min: 0,
        max: most.into(),
    })
}

/// So many days of these with lessons, or more.
pub(super) fn at_least(days: Vec<u32>, least: u16) -> Rule {
    let max = narrow(days.len()).max(least.into());
    Rule::ClusterBusyTimes(ClusterBusyTimes {
        time_groups: days,
        min: least.into(),
        max,
    })
}

/// A class with what its rules speak about.
pub(super) struct OfClass {
    pub class: ClassIx,
    /// Its kinds of pupils: resource, week, events.
    pub pupils: Vec<(u32, usize, Vec<u32>)>,
    /// Prices are shared among so many.
    pub kinds: u32,
}

impl OfClass {
    fn new(draft: &Draft<'_>, class: ClassIx) -> Self {
        let (mut pupils, mut kinds) = (vec![], 0);
        for (kind, pair) in draft.pupils.iter().zip(&draft.pupil_resources) {
            if !kind.classes.contains(&class) {
                continue;
            }
            kinds += 1;
            let weeks = if pair[0] == pair[1] { 0..1 } else { 0..2 };
            for week in weeks {
                let cards = kind.cards.iter();
                let there = cards.filter(|c| {
                    let weeks = draft.board.spec.cards[c.ix()].weeks;
                    weeks.parities().contains(&week)
                });
                let events = there.filter_map(|c| draft.event_of[c.ix()]).collect();
                pupils.push((pair[week], week, events));
            }
        }
        Self { class, pupils, kinds }
    }

    fn limits<'a>(&self, draft: &Draft<'a>) -> &'a crate::Limits {
        &draft.board.spec.classes[self.class.ix()].limits
    }

    fn resources(&self) -> Vec<u32> {
        self.pupils.iter().map(|(who, _, _)| *who).collect()
    }

    /// Who is counted by limits of lessons: the pupils themselves, or, where something is held beside the lessons, one counter for each
    /// that sits in their lessons only.
    fn counted(&self, draft: &mut Draft<'_>) -> Vec<u32> {
        let limits = self.limits(draft);
        if !draft.board.has_beside() || limits.per_day.is_none() && limits.per_week.is_none() {
            return self.resources();
        }
        let mut out = vec![];
        for (n, (who, week, events)) in self.pupils.iter().enumerate() {
            let cards = &draft.board.spec.cards;
            let beside = |event: &u32| cards[draft.lessons[wide(*event)].card.ix()].beside;
            if !events.iter().any(beside) {
                out.push(*who);
                continue;
            }
            let lessons: Vec<u32> = events.iter().copied().filter(|event| !beside(event)).collect();
            let counter = draft.resource(COUNTER, format!("lessons of {} {n} {week}", self.class.0));
            for event in lessons {
                draft.problem.events[wide(event)].seats.push(Seat {
                    fixed: Some(counter),
                    role: None,
                    kind: COUNTER,
                    workload: None,
                });
            }
            draft.counted.push((counter, self.class));
            out.push(counter);
        }
        out
    }

    /// Lessons a day and a week.
    fn lengths(&self, draft: &mut Draft<'_>) {
        let limits = self.limits(draft);
        let days = draft.days();
        let counted = self.counted(draft);
        if let Some(limit) = limits.per_day {
            let longer = limits
                .per_day_with_pe
                .filter(|_| limits.long_days > 0 && !limit.hard);
            match longer {
                // Which day is the longer one is not said here: so long, but rather shorter.
                Some(longer) => {
                    draft.for_resources(
                        LONG_DAYS,
                        price(longer, self.kinds),
                        counted.clone(),
                        at_most(days.clone(), longer.value),
                    );
                    let rather = Limit {
                        penalty: limit.penalty.div_ceil(EXCEPTION),
                        ..limit
                    };
                    draft.for_resources(
                        LONG_DAYS_FEW,
                        price(rather, self.kinds),
                        counted.clone(),
                        at_most(days, limit.value),
                    );
                }
                None => draft.for_resources(
                    LESSONS_A_DAY,
                    price(limit, self.kinds),
                    counted.clone(),
                    at_most(days, limit.value),
                ),
            }
        }
        // How many lessons a week has is decided: only a required limit can be broken, by every timetable.
        if let Some(limit) = limits.per_week.filter(|l| l.hard) {
            let week = draft.window((0..draft.problem.time_count()).collect());
            draft.for_resources(
                "not too many lessons a week",
                None,
                counted.clone(),
                at_most(vec![week], limit.value),
            );
        }
    }

    /// Windows a day.
    fn windows(&self, draft: &mut Draft<'_>) {
        let Some(limit) = self.limits(draft).windows_per_day else {
            return;
        };
        for day in draft.days() {
            let rule = LimitIdleTimes {
                time_groups: vec![day],
                min: 0,
                max: limit.value.into(),
            };
            draft.for_resources(
                WINDOWS_A_DAY,
                price(limit, self.kinds),
                self.resources(),
                Rule::LimitIdleTimes(rule),
            );
        }
    }

    /// Fewest lessons on a day with any, and fewest days of a week with lessons.
    fn least(&self, draft: &mut Draft<'_>) {
        let limits = self.limits(draft);
        if let Some(limit) = limits.least_per_day {
            let rule = LimitBusyTimes {
                time_groups: draft.days(),
                min: limit.value.into(),
                max: draft.slots.max(limit.value.into()),
            };
            let price = price(limit, self.kinds);
            draft.for_resources(LEAST, price, self.resources(), Rule::LimitBusyTimes(rule));
        }
        let Some(limit) = limits.least_days else { return };
        for week in draft.weeks() {
            let rule = at_least(week, limit.value);
            draft.for_resources(LEAST_DAYS, price(limit, self.kinds), self.resources(), rule);
        }
    }

    /// The day of pupils begins with the first bell at which they can be there: who is elsewhere at the first hour begins later.
    fn starts(&self, draft: &mut Draft<'_>) {
        let Some(limit) = self.limits(draft).late_start else {
            return;
        };
        let mut by_bells: BTreeMap<Vec<u64>, Vec<u32>> = BTreeMap::new();
        for (kind, pair) in draft.pupils.iter().zip(&draft.pupil_resources) {
            let at = kind.classes.iter().position(|class| *class == self.class);
            let Some(bells) = at.and_then(|at| kind.begins.get(at)) else {
                continue;
            };
            let who = by_bells.entry(bells.clone()).or_default();
            who.extend(pair);
            who.dedup();
        }
        for (bells, who) in by_bells {
            let mut days = vec![];
            for (day, bell) in (0..).zip(bells) {
                if let Some(first) = bits(bell).next() {
                    let early = draft.window(vec![draft.time(day, first)]);
                    days.push((u32::from(day), early));
                }
            }
            let rule = Rule::StartEarly(StartEarly { days });
            draft.for_resources(EARLY, price(limit, self.kinds), who, rule);
        }
    }

    /// A subject so many times a day.
    fn subjects(&self, draft: &mut Draft<'_>) {
        let Some(limit) = self.limits(draft).subject_per_day else {
            return;
        };
        let mut together: BTreeSet<Vec<u32>> = BTreeSet::new();
        for (_, _, events) in &self.pupils {
            let mut by_subject: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for event in events {
                let card = draft.lessons[wide(*event)].card;
                let subject = draft.board.spec.cards[card.ix()].subject.0;
                by_subject.entry(subject).or_default().push(*event);
            }
            let many = |events: &Vec<u32>| events.len() > usize::from(limit.value);
            together.extend(by_subject.into_values().filter(many));
        }
        let limits: Vec<(u32, u32, u32)> = draft
            .days()
            .into_iter()
            .map(|day| (day, 0, limit.value.into()))
            .collect();
        let groups: Vec<u32> = together.into_iter().map(|events| draft.group(events)).collect();
        draft.for_groups(
            ONCE_A_DAY,
            price(limit, 1),
            groups,
            Rule::SpreadEvents(SpreadEvents { limits }),
        );
    }

    /// Events of the class, each once, with their cards.
    fn events(&self, draft: &Draft<'_>) -> Vec<(u32, CardIx)> {
        let all: BTreeSet<u32> = self.pupils.iter().flat_map(|(_, _, e)| e).copied().collect();
        all.into_iter()
            .map(|event| (event, draft.lessons[wide(event)].card))
            .collect()
    }

    /// First and last slots that are not required but wished.
    fn hours(&self, draft: &mut Draft<'_>) {
        let limits = self.limits(draft);
        let named =
            |draft: &Draft<'_>, card: CardIx| draft.board.card_classes[card.ix()].contains(&self.class);
        for (limit, late) in [(limits.earliest_slot, false), (limits.latest_slot, true)] {
            let Some(limit) = limit.filter(|l| !l.hard) else {
                continue;
            };
            let mut by_length: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
            for (event, card) in self.events(draft).into_iter().filter(|(_, c)| named(draft, *c)) {
                let length = draft.board.spec.cards[card.ix()].duration;
                by_length.entry(length).or_default().push(event);
            }
            for (length, events) in by_length {
                let good = |slot: u32| {
                    if late {
                        slot + u32::from(length) <= u32::from(limit.value) + 1
                    } else {
                        slot >= u32::from(limit.value)
                    }
                };
                let slots = draft.slots;
                let times = (0..draft.problem.time_count()).filter(|t| good(t % slots));
                let rule = start_at(times.collect());
                // the rule counts slots, the judge cards
                let price = price(limit, length.into());
                draft.for_events(HOURS_OF_THE_LAW, price, events, rule);
            }
        }
    }

    /// Hard lessons in the middle of the day, and not too many in a row.
    fn hard_lessons(&self, draft: &mut Draft<'_>) {
        let limits = self.limits(draft);
        if limits.hard_from == 0 {
            return;
        }
        let board = draft.board;
        let spec = |card: CardIx| &board.spec.cards[card.ix()];
        let hard: Vec<(u32, CardIx)> = self
            .events(draft)
            .into_iter()
            .filter(|(_, card)| spec(*card).difficulty >= limits.hard_from)
            .collect();
        if let Some(range) = limits.hard_lessons {
            let bells = &board.spec.classes[self.class.ix()].bells;
            let mut by_length: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
            for (event, card) in &hard {
                if board.card_classes[card.ix()].contains(&self.class) {
                    by_length.entry(spec(*card).duration).or_default().push(*event);
                }
            }
            for (length, events) in by_length {
                let mut good = vec![];
                for day in 0..board.days() {
                    let lesson = |slot: u16| ones(bells.day(day) & span(0, slot.saturating_add(1)));
                    let within =
                        |slot: &u16| lesson(*slot) >= range.from && lesson(slot + length - 1) <= range.to;
                    good.extend((0..board.slots()).filter(within).map(|s| draft.time(day, s)));
                }
                let price = u32::from(range.penalty).div_ceil(length.into());
                draft.for_events(HARD_IN_THE_MIDDLE, Some(price), events, start_at(good));
            }
        }
        if let Some(limit) = limits.hard_in_row {
            let counter = draft.resource(COUNTER, counter(self.class));
            for (event, _) in &hard {
                draft.problem.events[wide(*event)].seats.push(Seat {
                    fixed: Some(counter),
                    role: None,
                    kind: COUNTER,
                    workload: None,
                });
            }
            let runs = draft.runs(limit.value);
            draft.for_resources(
                HARD_IN_A_ROW,
                price(limit, 1),
                vec![counter],
                at_most(runs, limit.value),
            );
        }
    }

    /// The day's sum of difficulty, and the days that should have the largest.
    fn points(&self, draft: &mut Draft<'_>) {
        let limits = self.limits(draft);
        if let Some(limit) = limits.points_per_day {
            // Required: of all parts of the class together, in all weeks, for the judge takes the largest at each time.
            let all = self.events(draft);
            let sum: Vec<u32> = if limit.hard {
                weighted(draft, all.iter().map(|(event, _)| *event), 1)
            } else {
                weighted(draft, self.one_pupil(), 1)
            };
            let limits = draft.days().into_iter();
            let limits = limits.map(|day| (day, 0, limit.value.into())).collect();
            let group = draft.group(sum);
            let price = (!limit.hard).then(|| u32::from(limit.penalty.div_ceil(UNIT)));
            draft.for_groups(
                HARD_DAY,
                price,
                vec![group],
                Rule::SpreadEvents(SpreadEvents { limits }),
            );
        }
        let Some(peak) = limits.peak_days else { return };
        let units = weighted(draft, self.one_pupil(), UNIT);
        let bells = &draft.board.spec.classes[self.class.ix()].bells;
        let days = (0..draft.board.days()).filter(|d| bells.day(*d) != 0);
        let days: Vec<u16> = days.collect();
        let (peaks, others): (Vec<u16>, Vec<u16>) = days.iter().partition(|d| peak.days & span(**d, 1) != 0);
        if units.is_empty() || peaks.is_empty() || others.is_empty() {
            return;
        }
        // no other day above the average, so that it is the peak days that are
        let average = narrow(units.len() / days.len());
        let limits = others.iter().map(|day| (u32::from(*day), 0, average)).collect();
        let group = draft.group(units);
        draft.for_groups(
            PEAK,
            Some(peak.penalty.into()),
            vec![group],
            Rule::SpreadEvents(SpreadEvents { limits }),
        );
    }

    /// The events of a pupil with most of them, in the week with most.
    pub fn one_pupil(&self) -> impl Iterator<Item = u32> {
        let busiest = self.pupils.iter().max_by_key(|(_, _, events)| events.len());
        busiest
            .map_or_else(Vec::new, |(_, _, events)| events.clone())
            .into_iter()
    }
}

/// Each event as often as it has units of difficulty: groups count members, so the sum is one of units.
pub(super) fn weighted(draft: &Draft<'_>, events: impl Iterator<Item = u32>, unit: u16) -> Vec<u32> {
    let mut all = vec![];
    for event in events {
        let card = &draft.board.spec.cards[draft.lessons[wide(event)].card.ix()];
        let points = card.difficulty.saturating_mul(card.duration).div_ceil(unit);
        all.extend(std::iter::repeat_n(event, points.into()));
    }
    all
}
