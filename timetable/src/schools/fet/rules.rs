//! Adding rules, groups and times to the problem while a file is read.

use std::collections::BTreeSet;

use super::read::{APART, ROOM, Reading, plain};
use crate::ids::{narrow, wide};
use crate::problem::rules::relate_events::Relation;
use crate::problem::rules::*;
use crate::problem::{
    Constraint, CostFunction, EventGroup, Resource, ResourceGroup, Rule, Scope, Seat, Span, TimeGroup,
};

impl Reading<'_> {
    /// Adds a rule: hard without a price.
    fn add(&mut self, name: &str, price: Option<u32>, scope: Scope, rule: Rule) {
        let groups = scope.event_groups.iter();
        let grouped: usize = groups
            .map(|g| self.problem.event_groups[wide(*g)].events.len())
            .sum();
        let limits = match &rule {
            Rule::SpreadEvents(rule) => rule.limits.len(),
            Rule::LimitBusyTimes(rule) => rule.time_groups.len(),
            Rule::PreferTimes(rule) => rule.times.len() / 8,
            Rule::RelateEvents(rule) => rule.pairs.len(),
            Rule::LimitRunning(rule) => rule.times.len() * grouped,
            Rule::LimitTogether(rule) => {
                rule.time_groups.len() * rule.sets.iter().map(Vec::len).sum::<usize>()
            }
            Rule::LimitLateStarts(rule) => rule.time_groups.len(),
            Rule::LimitPlaceChanges(rule) => rule.time_groups.len() * scope.resources.len(),
            Rule::WalkInTime(rule) => rule.time_groups.len() * scope.resources.len(),
            _ => 0,
        };
        let size = scope.events.len() + scope.resources.len() + grouped + limits;
        // one element may come to many rules: those beyond are counted, not kept
        if !self.fits(size) {
            return;
        }
        self.size += size;
        let id = format!("c{}", self.problem.constraints.len());
        self.problem.constraints.push(Constraint {
            label: plain(id, name),
            required: price.is_none(),
            weight: price.unwrap_or(1),
            cost: CostFunction::Linear,
            scope,
            rule,
        });
    }

    /// Adds a rule for events.
    pub fn add_for_events(&mut self, name: &str, price: Option<u32>, events: Vec<u32>, rule: Rule) {
        if !events.is_empty() {
            let scope = Scope {
                events,
                ..Scope::default()
            };
            self.add(name, price, scope, rule);
        }
    }

    /// Adds a rule for resources.
    pub fn add_for_resources(&mut self, name: &str, price: Option<u32>, resources: Vec<u32>, rule: Rule) {
        if !resources.is_empty() {
            let scope = Scope {
                resources,
                ..Scope::default()
            };
            self.add(name, price, scope, rule);
        }
    }

    /// Adds a rule for a group of events.
    pub fn add_for_group(&mut self, name: &str, price: Option<u32>, events: BTreeSet<u32>, rule: Rule) {
        let group = narrow(self.problem.event_groups.len());
        self.problem.event_groups.push(EventGroup {
            label: plain(format!("g{group}"), name),
            course: false,
            events: events.into_iter().collect(),
        });
        let scope = Scope {
            event_groups: vec![group],
            ..Scope::default()
        };
        self.add(name, price, scope, rule);
    }

    /// Events start at certain times.
    pub fn prefer(&mut self, name: &str, price: Option<u32>, events: Vec<u32>, times: Vec<u32>) {
        let rule = prefer_times::PreferTimes {
            time_groups: vec![],
            times,
            duration: None,
        };
        self.add_for_events(name, price, events, Rule::PreferTimes(rule));
    }

    /// Adds a rule that says itself what it is about.
    pub fn add_alone(&mut self, name: &str, price: Option<u32>, rule: Rule) {
        self.add(name, price, Scope::default(), rule);
    }

    /// Events that lie to one another in a certain way. Distances in days, and what follows what, are of whole days.
    pub fn relate(&mut self, name: &str, price: Option<u32>, pairs: Vec<(u32, u32)>, relation: Relation) {
        if !pairs.is_empty() {
            // a morning and an afternoon do not follow one another, they are of one day all the same
            let relation = match relation {
                Relation::AdjacentOnDay if self.halves => Relation::AdjacentInPart(self.hours),
                other => other,
            };
            let day = match relation {
                Relation::AdjacentOnDay | Relation::AdjacentInPart(_) => self.real_day().1,
                Relation::WithinDays(most) if most > 0 => self.real_day().1,
                _ => self.hours,
            };
            let rule = relate_events::RelateEvents {
                pairs,
                relation,
                day,
                choice: None,
            };
            self.add_alone(name, price, Rule::RelateEvents(rule));
        }
    }

    /// Events that follow one another on a day, in whatever order; breaks may lie between.
    pub fn in_a_row(&mut self, name: &str, price: Option<u32>, events: &[u32]) {
        let row = self.counter(name, events);
        let open = |day: u32| -> Vec<u32> {
            let times = day * self.hours..(day + 1) * self.hours;
            times.filter(|t| !self.breaks.contains(t)).collect()
        };
        let days: Vec<Vec<u32>> = (0..self.days).map(open).collect();
        let time_groups = days.into_iter().map(|times| self.window(times)).collect();
        let rules = [
            Rule::AvoidClashes(avoid_clashes::AvoidClashes),
            Rule::LimitIdleTimes(limit_idle_times::LimitIdleTimes {
                time_groups,
                min: 0,
                max: 0,
            }),
            Rule::ClusterBusyTimes(cluster_busy_times::ClusterBusyTimes {
                time_groups: self.day_groups(),
                min: 0,
                max: 1,
            }),
        ];
        for rule in rules {
            self.add_for_resources(name, price, vec![row], rule);
        }
    }

    /// A resource that takes part in these events only to count them; it may be in several at once.
    pub fn counter(&mut self, name: &str, events: &[u32]) -> u32 {
        let at = narrow(self.problem.resources.len());
        self.problem.resources.push(Resource {
            label: plain(format!("{APART}:{at}"), name),
            kind: APART,
        });
        let seated = if self.fits(events.len()) { events } else { &[] };
        for event in seated {
            self.problem.events[wide(*event)].seats.push(Seat {
                fixed: Some(at),
                role: None,
                kind: APART,
                workload: None,
            });
        }
        self.size += seated.len();
        at
    }

    /// Events that never run at once.
    pub fn keep_apart(&mut self, name: &str, price: Option<u32>, events: &BTreeSet<u32>) {
        let events: Vec<u32> = events.iter().copied().collect();
        let at = self.counter(name, &events);
        self.add_for_resources(
            name,
            price,
            vec![at],
            Rule::AvoidClashes(avoid_clashes::AvoidClashes),
        );
    }

    /// A group of exactly these times.
    pub fn window(&mut self, times: Vec<u32>) -> u32 {
        if let Some(known) = self.windows.get(&times) {
            return *known;
        }
        self.size += times.len();
        let at = narrow(self.problem.time_groups.len());
        self.problem.time_groups.push(TimeGroup {
            label: plain(format!("w{at}"), "some times"),
            span: Span::Plain,
            times: times.clone(),
        });
        self.windows.insert(times, at);
        at
    }

    /// Counts the work of going through so many things.
    pub fn looked_at(&mut self, things: usize) {
        self.looked += things;
    }

    /// The groups of times that are days; mornings and afternoons by themselves where the file has such.
    pub fn day_groups(&self) -> Vec<u32> {
        (0..self.days).collect()
    }

    /// Whole days, a morning with its afternoon: how many, and how many times each has.
    pub fn real_day(&self) -> (u32, u32) {
        if self.halves {
            (self.days / 2, self.hours * 2)
        } else {
            (self.days, self.hours)
        }
    }

    /// Groups of times that are whole days.
    pub fn real_days(&mut self) -> Vec<u32> {
        if !self.halves {
            return self.day_groups();
        }
        let (days, times) = self.real_day();
        (0..days)
            .map(|d| self.window((d * times..(d + 1) * times).collect()))
            .collect()
    }

    /// Groups of times that are terms, where the file has such.
    pub fn terms(&mut self) -> Option<Vec<u32>> {
        let days = self.days_of_term?;
        let terms = (0..self.days).step_by(wide(days));
        Some(
            terms
                .map(|first| {
                    let last = (first + days).min(self.days);
                    self.window((first * self.hours..last * self.hours).collect())
                })
                .collect(),
        )
    }

    /// Every so many hours of a day and one more, in a row.
    pub fn runs_beyond(&mut self, most: u32) -> Vec<u32> {
        let mut windows = vec![];
        for day in 0..self.days {
            for first in 0..self.hours.saturating_sub(most) {
                let start = day * self.hours + first;
                windows.push(self.window((start..=start + most).collect()));
            }
        }
        windows
    }

    /// All resources of a kind.
    pub fn all_of(&self, kind: u32) -> Vec<u32> {
        let all = (0..).zip(&self.problem.resources);
        all.filter(|(_, r)| r.kind == kind).map(|(at, _)| at).collect()
    }

    /// A group of resources, for [`prefer_resources`].
    pub fn group_of_rooms(&mut self, rooms: &BTreeSet<u32>) -> u32 {
        let found = self
            .problem
            .resource_groups
            .iter()
            .position(|g| g.resources.iter().eq(rooms.iter()));
        match found {
            Some(at) => narrow(at),
            None => {
                let at = narrow(self.problem.resource_groups.len());
                self.problem.resource_groups.push(ResourceGroup {
                    label: plain(format!("rooms {at}"), "rooms"),
                    kind: ROOM,
                    resources: rooms.iter().copied().collect(),
                });
                at
            }
        }
    }
}
