//! Adding rules, groups and times to the problem while a file is read.

use std::collections::BTreeSet;

use super::read::{APART, ROOM, Reading, plain};
use crate::ids::{narrow, wide};
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
            _ => 0,
        };
        self.size += scope.events.len() + scope.resources.len() + grouped + limits;
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

    /// Events that never run at once.
    pub fn keep_apart(&mut self, name: &str, price: Option<u32>, events: &BTreeSet<u32>) {
        let at = narrow(self.problem.resources.len());
        self.problem.resources.push(Resource {
            label: plain(format!("{APART}:{at}"), name),
            kind: APART,
        });
        for event in events {
            self.problem.events[wide(*event)].seats.push(Seat {
                fixed: Some(at),
                role: None,
                kind: APART,
                workload: None,
            });
        }
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

    /// The groups of times that are days.
    pub fn day_groups(&self) -> Vec<u32> {
        (0..self.days).collect()
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
