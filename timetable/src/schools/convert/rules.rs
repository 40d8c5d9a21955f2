//! The rules of a problem in the words of a school's file, and what has none there.

use std::collections::{BTreeMap, BTreeSet};

use super::grid::Grid;
use super::people::{People, Who};
use super::{MUST, Stays, Told, WISH};
use crate::draft::{DraftGap, DraftLimit, DraftTimes, Limited, LimitedOf, SchoolDraft, TimesOf};
use crate::fet::Plain;
use crate::fet::write::id;
use crate::ids::{CardIx, TimeSet, narrow, wide};
use crate::problem::{Constraint, Problem, Rule};

/// More than any count of a school: such a limit limits nothing.
const MANY: u32 = 10_000;

/// All that is asked.
struct Asking<'a> {
    problem: &'a Problem,
    grid: &'a Grid,
    people: &'a People,
    cards_of: &'a [Vec<CardIx>],
    draft: &'a mut SchoolDraft,
    told: &'a mut Told,
    plain: Vec<Plain>,
    /// Length and place of each card.
    lying: Vec<(u32, Option<(u16, u16)>)>,
    /// Gaps of single days: by whom and how many, on which days.
    gaps: BTreeMap<(u32, u32, u32), BTreeSet<usize>>,
}

/// Puts the rules into the draft; gives those that only FET has a word for.
pub(super) fn all(
    problem: &Problem,
    grid: &Grid,
    people: &People,
    cards_of: &[Vec<CardIx>],
    draft: &mut SchoolDraft,
    told: &mut Told,
) -> Vec<Plain> {
    let lying = draft.card_list();
    let lying = lying.map(|(_, _, c)| (c.duration.into(), c.placement.map(|p| (p.day, p.slot))));
    let lying = lying.collect();
    let mut asking = Asking {
        lying,
        problem,
        grid,
        people,
        cards_of,
        draft,
        told,
        plain: vec![],
        gaps: BTreeMap::new(),
    };
    for constraint in &problem.constraints {
        asking.constraint(constraint);
    }
    asking.daily_gaps();
    asking.plain
}

impl Asking<'_> {
    /// Tells that a rule, or a part of it, stays behind.
    fn leave(&mut self, of: &Constraint, why: &'static str) {
        self.told.note(Stays::Rule {
            name: of.label.name.clone(),
            kind: of.rule.kind().into(),
            required: of.required,
            why,
        });
    }

    fn weight(of: &Constraint) -> u32 {
        if of.required { MUST } else { WISH }
    }

    fn constraint(&mut self, of: &Constraint) {
        match &of.rule {
            // a school's file has these in it, or the pieces say it
            Rule::AssignTime(_) | Rule::AssignResource(_) | Rule::AvoidClashes(_) if of.required => {}
            Rule::AssignTime(_) | Rule::AssignResource(_) | Rule::AvoidClashes(_) => {
                self.leave(of, "the file has it as a requirement");
            }
            Rule::SplitEvents(_) if of.required => {}
            Rule::SplitEvents(_) | Rule::DistributeSplitEvents(_) => {
                self.leave(of, "events are in fixed pieces");
            }
            Rule::AvoidSplitAssignments(_) => {
                let whole = of.scope.all_events(self.problem);
                let whole = whole.iter().all(|e| self.cards(*e).len() < 2);
                if !whole {
                    self.leave(of, "each piece chooses its room by itself");
                }
            }
            Rule::PreferTimes(rule) => {
                let times = self.times(&rule.time_groups, &rule.times);
                self.prefer(of, &times, rule.duration);
            }
            Rule::PreferResources(rule) => {
                let events = of.scope.all_events(self.problem);
                if !events
                    .iter()
                    .all(|e| self.people.is_room_role(self.problem, *e, rule.role))
                {
                    self.leave(of, "only rooms are chosen");
                }
            }
            Rule::SpreadEvents(rule) => self.spread(of, &rule.limits),
            Rule::LinkEvents(_) => self.link(of),
            Rule::OrderEvents(rule) => {
                let pairs: Vec<_> = rule
                    .pairs
                    .iter()
                    .map(|p| (p.first, p.second, p.min, p.max))
                    .collect();
                for pair in pairs {
                    self.order(of, pair);
                }
            }
            Rule::AvoidUnavailableTimes(rule) => {
                let times = self.times(&rule.time_groups, &rule.times);
                self.away(of, &self.grid.set(times));
            }
            Rule::LimitIdleTimes(rule) => self.idle(of, &rule.time_groups, (rule.min, rule.max)),
            Rule::ClusterBusyTimes(rule) => self.cluster(of, &rule.time_groups, (rule.min, rule.max)),
            Rule::LimitBusyTimes(rule) => self.busy(of, &rule.time_groups, (rule.min, rule.max)),
            Rule::LimitWorkload(_)
            | Rule::RelateEvents(_)
            | Rule::LimitRunning(_)
            | Rule::LimitLateStarts(_)
            | Rule::LimitTogether(_)
            | Rule::StartEarly(_)
            | Rule::LimitWholeDays(_)
            | Rule::LimitPlaceChanges(_)
            | Rule::WalkInTime(_) => self.leave(of, "the file has no such rule"),
        }
    }

    /// Times of a rule, by groups and one by one.
    fn times(&self, groups: &[u32], times: &[u32]) -> BTreeSet<u32> {
        let groups = groups
            .iter()
            .filter_map(|g| self.problem.time_groups.get(wide(*g)));
        let grouped = groups.flat_map(|group| group.times.iter());
        grouped.chain(times).copied().collect()
    }

    fn cards(&self, event: u32) -> &[CardIx] {
        self.cards_of.get(wide(event)).map_or(&[], Vec::as_slice)
    }

    fn duration(&self, card: CardIx) -> u32 {
        self.lying.get(card.ix()).map_or(1, |(length, _)| *length)
    }

    fn prefer(&mut self, of: &Constraint, times: &BTreeSet<u32>, duration: Option<u32>) {
        let mut by_length: BTreeMap<u32, Vec<CardIx>> = BTreeMap::new();
        for event in of.scope.all_events(self.problem) {
            for card in self.cards(event) {
                let length = self.duration(*card);
                if duration.is_none_or(|d| d == length) {
                    by_length.entry(length).or_default().push(*card);
                }
            }
        }
        for (length, cards) in by_length {
            // where it fits into a day anyway it need not be said
            let fits = |time: &u32| {
                let (from, to) = (self.grid.place(*time), self.grid.place(time + length - 1));
                from.is_some() && from.map(|f| f.0) == to.map(|t| t.0)
            };
            let all: BTreeSet<u32> = (0..self.problem.time_count()).filter(fits).collect();
            let good: BTreeSet<u32> = times.intersection(&all).copied().collect();
            if good == all {
                continue;
            }
            if good.is_empty() {
                self.leave(of, "no time is left, which no file can say");
                continue;
            }
            let good = self.grid.set(good);
            self.draft.times.push(DraftTimes {
                of: TimesOf::Cards(cards),
                good,
                starts: true,
                weight: Self::weight(of),
                kind: String::new(),
                line: 0,
            });
        }
    }

    fn spread(&mut self, of: &Constraint, limits: &[(u32, u32, u32)]) {
        let runs: Option<Vec<_>> = limits
            .iter()
            .map(|(group, least, most)| {
                let days = self.grid.days_of(self.problem, *group)?;
                (*least == 0 && *most == 1).then_some(days)
            })
            .collect();
        let length = runs
            .as_ref()
            .and_then(|runs| runs.first())
            .map_or(0, |days| days.count());
        let all = self.grid.count() + 1 - length.min(self.grid.count());
        let even = runs.as_ref().is_some_and(|runs| {
            let firsts: BTreeSet<usize> = runs.iter().map(|days| days.from).collect();
            length > 0 && firsts.len() == all && runs.iter().all(|days| days.count() == length)
        });
        if !even {
            self.leave(of, "only \"at most one in so many days\" can be said");
            return;
        }
        for group in &of.scope.event_groups {
            let events = self
                .problem
                .event_groups
                .get(wide(*group))
                .map_or(&[][..], |g| &g.events);
            let mut cards: Vec<CardIx> = events.iter().flat_map(|e| self.cards(*e).to_vec()).collect();
            cards.sort_unstable();
            cards.dedup();
            if cards.len() > 1 {
                self.draft.gaps.push(DraftGap {
                    cards,
                    days: crate::ids::short(length),
                    weight: Some(Self::weight(of)),
                });
            }
        }
    }

    fn link(&mut self, of: &Constraint) {
        for group in &of.scope.event_groups {
            let events = self
                .problem
                .event_groups
                .get(wide(*group))
                .map_or(&[][..], |g| &g.events);
            let mut of_events: Vec<Vec<CardIx>> = events.iter().map(|e| self.cards(*e).to_vec()).collect();
            let key = |card: &CardIx| self.lying.get(card.ix()).copied();
            for cards in &mut of_events {
                cards.sort_by_key(key);
            }
            let first = of_events.first().cloned().unwrap_or_default();
            let alike = of_events.iter().all(|cards| {
                cards.len() == first.len()
                    && cards
                        .iter()
                        .zip(&first)
                        .all(|(a, b)| self.duration(*a) == self.duration(*b))
            });
            if !alike || first.is_empty() {
                self.leave(of, "the events are not in pieces of the same lengths");
                continue;
            }
            for nth in 0..first.len() {
                let together: Vec<CardIx> = of_events
                    .iter()
                    .filter_map(|cards| cards.get(nth).copied())
                    .collect();
                let mut fields = vec![("Number_of_Activities", together.len().to_string())];
                fields.extend(together.iter().map(|card| ("Activity_Id", id(*card))));
                self.plain.push(Plain {
                    kind: "ConstraintActivitiesSameStartingTime",
                    weight: Self::weight(of),
                    fields,
                });
            }
        }
    }

    fn order(&mut self, of: &Constraint, (first, second, min, max): (u32, u32, u32, u32)) {
        let (a, b) = (self.cards(first).to_vec(), self.cards(second).to_vec());
        let kind = match (min, max) {
            (0, 0) => Some("ConstraintTwoActivitiesConsecutive"),
            (0, MANY..) => Some("ConstraintTwoActivitiesOrdered"),
            _ => None,
        };
        let (Some(kind), [one], [other]) = (kind, a.as_slice(), b.as_slice()) else {
            self.leave(
                of,
                "only \"after\" and \"at once after\" of events in one piece can be said",
            );
            return;
        };
        self.plain.push(Plain {
            kind,
            weight: Self::weight(of),
            fields: vec![
                ("First_Activity_Id", id(*one)),
                ("Second_Activity_Id", id(*other)),
            ],
        });
    }

    fn away(&mut self, of: &Constraint, times: &TimeSet) {
        for resource in of.scope.all_resources(self.problem) {
            let who = self.people.of_resource(resource);
            if of.required {
                let to = match who {
                    Who::Teacher(t) => self.draft.teachers.get_mut(t.ix()).map(|t| &mut t.away),
                    Who::Class(c) => self.draft.classes.get_mut(c.ix()).map(|c| &mut c.away),
                    Who::Room(r) => self.draft.rooms.get_mut(r.ix()).map(|r| &mut r.away),
                    Who::Nobody => None,
                };
                match to {
                    Some(away) => away.union(times),
                    None => self.leave(of, "it is asked of what only counts"),
                }
                continue;
            }
            let whose = match who {
                Who::Teacher(t) => TimesOf::Teacher(t),
                Who::Class(c) => TimesOf::Class(c),
                _ => {
                    self.leave(of, "of a room it is a requirement or nothing");
                    continue;
                }
            };
            let mut good = TimeSet::new();
            for (day, slot) in self.grid.set(0..self.problem.time_count()).iter() {
                if !times.contains(day, slot) {
                    good.insert(day, slot);
                }
            }
            if good.is_empty() {
                self.leave(of, "no time is left, which no file can say");
                continue;
            }
            self.draft.times.push(DraftTimes {
                of: whose,
                good,
                starts: false,
                weight: WISH,
                kind: String::new(),
                line: 0,
            });
        }
    }

    /// A limit of teachers and classes; what it is for others is told.
    fn limit(&mut self, of: &Constraint, what: Limited, value: u32, may: (bool, bool)) {
        let (mut teachers, mut classes) = (vec![], vec![]);
        for resource in of.scope.all_resources(self.problem) {
            match self.people.of_resource(resource) {
                Who::Teacher(teacher) if may.0 => teachers.push(teacher),
                Who::Class(class) if may.1 => classes.push(class),
                Who::Teacher(_) => self.leave(of, "of teachers the file has no such limit"),
                Who::Class(_) => self.leave(of, "of students the file has no such limit"),
                _ => self.leave(of, "only teachers and students have such limits"),
            }
        }
        let mut push = |whom: LimitedOf| {
            self.draft.limits.push(DraftLimit {
                what,
                of: whom,
                value,
                weight: if of.required { MUST } else { WISH },
                kind: String::new(),
                line: 0,
            });
        };
        if !teachers.is_empty() {
            push(LimitedOf::Teachers(teachers));
        }
        if !classes.is_empty() {
            push(LimitedOf::Classes(classes));
        }
    }

    fn idle(&mut self, of: &Constraint, groups: &[u32], (min, max): (u32, u32)) {
        if min > 0 {
            self.leave(of, "a least number of gaps cannot be said");
        }
        if max >= MANY {
            return;
        }
        if !of.required {
            self.leave(of, "gaps are limited as a requirement only");
        } else if self.grid.is_days(self.problem, groups) {
            self.limit(of, Limited::GapsAWeek, max, (true, true));
        } else if let [group] = groups
            && let Some(day) = self.grid.day(self.problem, *group)
        {
            for resource in of.scope.all_resources(self.problem) {
                let key = (resource, max, narrow(of.label.name.len()));
                self.gaps.entry(key).or_default().insert(day);
            }
        } else {
            self.leave(of, "gaps are counted by whole days");
        }
    }

    /// Gaps of each day by itself, where every day is said.
    fn daily_gaps(&mut self) {
        for ((resource, value, _), days) in std::mem::take(&mut self.gaps) {
            let of = match self.people.of_resource(resource) {
                Who::Teacher(t) => Some(LimitedOf::Teachers(vec![t])),
                Who::Class(c) => Some(LimitedOf::Classes(vec![c])),
                _ => None,
            };
            match of.filter(|_| days.len() == self.grid.count()) {
                Some(of) => self.draft.limits.push(DraftLimit {
                    what: Limited::GapsADay,
                    of,
                    value,
                    weight: MUST,
                    kind: String::new(),
                    line: 0,
                }),
                None => self.told.note(Stays::GapsOfSomeDays),
            }
        }
    }

    fn cluster(&mut self, of: &Constraint, groups: &[u32], (min, max): (u32, u32)) {
        if !of.required || !self.grid.is_days(self.problem, groups) {
            self.leave(of, "only required numbers of whole days can be said");
            return;
        }
        if max < narrow(self.grid.count()) {
            self.limit(of, Limited::DaysAWeek, max, (true, false));
        }
        if min > 0 {
            for resource in of.scope.all_resources(self.problem) {
                let Who::Teacher(teacher) = self.people.of_resource(resource) else {
                    self.leave(of, "only teachers have a least number of days");
                    continue;
                };
                let name = self.draft.teachers.get(teacher.ix()).map(|t| t.name.clone());
                self.plain.push(Plain {
                    kind: "ConstraintTeacherMinDaysPerWeek",
                    weight: MUST,
                    fields: vec![
                        ("Teacher_Name", name.unwrap_or_default()),
                        ("Minimum_Days_Per_Week", min.to_string()),
                    ],
                });
            }
        }
    }

    fn busy(&mut self, of: &Constraint, groups: &[u32], (min, max): (u32, u32)) {
        if self.grid.is_days(self.problem, groups) {
            if max < u32::from(self.grid.height) {
                self.limit(of, Limited::HoursADay, max, (true, true));
            }
            if min > 1 && of.required {
                self.limit(of, Limited::LeastHoursADay, min, (true, false));
            } else if min > 1 {
                self.leave(of, "a least number of lessons a day is a requirement or nothing");
            }
        } else if min == 0 && self.grid.is_runs(self.problem, groups, max.saturating_add(1)) {
            self.limit(of, Limited::HoursInARow, max, (true, true));
        } else {
            self.leave(of, "lessons are counted by days, or in a row");
        }
    }
}
