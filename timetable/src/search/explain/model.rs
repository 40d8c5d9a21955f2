//! The hard requirements of a problem, one by one.

use std::collections::HashSet;

use super::conflict::Requirement;
use super::times::Times;
use crate::ids::{narrow, wide};
use crate::problem::{Constraint, Problem, Rule, Subject};

/// What a requirement says, ready for use.
#[derive(Clone, Copy, Debug)]
pub(super) enum Clause {
    /// The event takes place.
    Place { event: u32 },
    /// It starts there.
    Lock { event: u32, start: u32 },
    /// It is in one piece.
    Whole { event: u32 },
    /// Meets of it (of one duration) start within a set.
    Starts {
        event: u32,
        duration: Option<u32>,
        set: u32,
    },
    /// The resource is not busy in a set.
    Away { who: u32, set: u32 },
    /// The resource is in one place.
    Single { who: u32 },
    /// The events of the group run at once.
    Link { group: u32 },
    /// The pair of a constraint.
    Order { constraint: u32, pair: u32 },
    /// The group is spread as the constraint says.
    Spread { constraint: u32, group: u32 },
    /// Busy groups of times (days).
    Days { constraint: u32, who: u32 },
    /// Busy times in each group.
    Hours { constraint: u32, who: u32 },
    /// Gaps.
    Gaps { constraint: u32, who: u32 },
    /// Work.
    Work { who: u32, most: u32 },
    /// Somebody sits there.
    Seat { event: u32, seat: u32 },
    /// Who sits there is one of a list.
    Among { event: u32, seat: u32, list: u32 },
}

/// A problem, for drawing conclusions.
pub(super) struct Model<'a> {
    pub problem: &'a Problem,
    pub times: u32,
    /// Requirements, and what they say.
    pub members: Vec<(Requirement, Clause)>,
    /// The groups of times of the problem.
    pub groups: Vec<Times>,
    pub sets: Vec<Times>,
    pub lists: Vec<Vec<u32>>,
    /// Events with a fixed seat of each resource.
    pub events_of: Vec<Vec<u32>>,
    /// Whether seats of a kind are to be chosen.
    pub open: Vec<bool>,
    pub of_kind: Vec<Vec<u32>>,
}

impl<'a> Model<'a> {
    pub fn new(problem: &'a Problem) -> Self {
        let times = problem.time_count();
        let mut model = Self {
            problem,
            times,
            members: vec![],
            groups: problem
                .time_groups
                .iter()
                .map(|g| Times::of(times, g.times.iter().copied()))
                .collect(),
            sets: vec![],
            lists: vec![],
            events_of: vec![vec![]; problem.resources.len()],
            open: vec![false; problem.kinds.len()],
            of_kind: vec![vec![]; problem.kinds.len()],
        };
        for (at, event) in (0..).zip(&problem.events) {
            for seat in &event.seats {
                match seat.fixed {
                    Some(who) if model.events_of[wide(who)].last() != Some(&at) => {
                        model.events_of[wide(who)].push(at);
                    }
                    Some(_) => {}
                    None => model.open[wide(seat.kind)] = true,
                }
            }
            let fits = |t: &u32| t.saturating_add(event.duration) <= times && event.duration > 0;
            if let Some(start) = event.time.filter(fits) {
                let lock = Clause::Lock { event: at, start };
                model.members.push((Requirement::Lock(at), lock));
            }
        }
        for events in &mut model.events_of {
            events.dedup();
        }
        for (at, resource) in (0..).zip(&problem.resources) {
            model.of_kind[wide(resource.kind)].push(at);
        }
        for (at, constraint) in (0..).zip(&problem.constraints) {
            if constraint.required && constraint.weight > 0 {
                model.constraint(at, constraint);
            }
        }
        model
    }

    fn constraint(&mut self, at: u32, constraint: &Constraint) {
        let mut seen: HashSet<Subject> = HashSet::new();
        let problem = self.problem;
        match &constraint.rule {
            Rule::PreferTimes(rule) => {
                let mut set = Times::of(self.times, rule.times.iter().copied());
                for group in &rule.time_groups {
                    set.join(&self.groups[wide(*group)]);
                }
                self.sets.push(set);
            }
            Rule::AvoidUnavailableTimes(rule) => {
                let set = Times::of(self.times, rule.avoided(problem));
                self.sets.push(set);
            }
            Rule::PreferResources(rule) => self.lists.push(rule.good(problem)),
            _ => {}
        }
        for subject in constraint.points(problem) {
            if !seen.insert(subject) {
                continue;
            }
            if let Some(clause) = self.clause(at, &constraint.rule, subject) {
                self.members.push((Requirement::Point(at, subject), clause));
            }
        }
    }

    fn clause(&self, constraint: u32, rule: &Rule, subject: Subject) -> Option<Clause> {
        let set = narrow(self.sets.len()).saturating_sub(1);
        let list = narrow(self.lists.len()).saturating_sub(1);
        Some(match (rule, subject) {
            (Rule::AssignTime(_), Subject::Event(event)) => Clause::Place { event },
            (Rule::SplitEvents(rule), Subject::Event(event)) if rule.max_amount <= 1 => {
                Clause::Whole { event }
            }
            (Rule::PreferTimes(rule), Subject::Event(event)) => Clause::Starts {
                event,
                duration: rule.duration,
                set,
            },
            (Rule::AvoidUnavailableTimes(_), Subject::Resource(who)) => Clause::Away { who, set },
            (Rule::AvoidClashes(_), Subject::Resource(who)) => Clause::Single { who },
            (Rule::LinkEvents(_), Subject::Group(group)) => Clause::Link { group },
            (Rule::OrderEvents(_), Subject::Pair(pair)) => Clause::Order { constraint, pair },
            (Rule::SpreadEvents(_), Subject::Group(group)) => Clause::Spread { constraint, group },
            (Rule::ClusterBusyTimes(_), Subject::Resource(who)) => Clause::Days { constraint, who },
            (Rule::LimitBusyTimes(_), Subject::Resource(who)) => Clause::Hours { constraint, who },
            (Rule::LimitIdleTimes(_), Subject::Resource(who)) => Clause::Gaps { constraint, who },
            (Rule::LimitWorkload(rule), Subject::Resource(who)) => Clause::Work { who, most: rule.max },
            (Rule::AssignResource(_), Subject::Seat(event, seat)) => {
                let open = self.problem.event(event).seats[wide(seat)].fixed.is_none();
                return open.then_some(Clause::Seat { event, seat });
            }
            (Rule::PreferResources(_), Subject::Seat(event, seat)) => {
                let open = self.problem.event(event).seats[wide(seat)].fixed.is_none();
                return open.then_some(Clause::Among { event, seat, list });
            }
            // no proof rests on these; each is named, so that a new kind is not forgotten here
            (
                Rule::DistributeSplitEvents(_)
                | Rule::AvoidSplitAssignments(_)
                | Rule::RelateEvents(_)
                | Rule::LimitRunning(_)
                | Rule::LimitLateStarts(_)
                | Rule::LimitTogether(_)
                | Rule::StartEarly(_)
                | Rule::LimitWholeDays(_)
                | Rule::LimitPlaceChanges(_)
                | Rule::WalkInTime(_),
                _,
            ) => return None,
            // kinds above that are applied to something else, or cut into several pieces
            (
                Rule::AssignTime(_)
                | Rule::SplitEvents(_)
                | Rule::PreferTimes(_)
                | Rule::AvoidUnavailableTimes(_)
                | Rule::AvoidClashes(_)
                | Rule::LinkEvents(_)
                | Rule::OrderEvents(_)
                | Rule::SpreadEvents(_)
                | Rule::ClusterBusyTimes(_)
                | Rule::LimitBusyTimes(_)
                | Rule::LimitIdleTimes(_)
                | Rule::LimitWorkload(_)
                | Rule::AssignResource(_)
                | Rule::PreferResources(_),
                _,
            ) => return None,
        })
    }

    /// Events and resources that a clause speaks of.
    pub fn concerns(&self, clause: Clause) -> (Vec<u32>, Vec<u32>) {
        match clause {
            Clause::Place { event }
            | Clause::Lock { event, .. }
            | Clause::Whole { event }
            | Clause::Starts { event, .. }
            | Clause::Seat { event, .. }
            | Clause::Among { event, .. } => (vec![event], vec![]),
            Clause::Away { who, .. }
            | Clause::Single { who }
            | Clause::Days { who, .. }
            | Clause::Hours { who, .. }
            | Clause::Gaps { who, .. }
            | Clause::Work { who, .. } => (vec![], vec![who]),
            Clause::Link { group } | Clause::Spread { group, .. } => {
                (self.problem.event_groups[wide(group)].events.clone(), vec![])
            }
            Clause::Order { constraint, pair } => match self.pair(constraint, pair) {
                Some(pair) => (vec![pair.first, pair.second], vec![]),
                None => (vec![], vec![]),
            },
        }
    }

    pub fn pair(&self, constraint: u32, pair: u32) -> Option<&'a crate::problem::rules::order_events::Pair> {
        match &self.problem.constraints[wide(constraint)].rule {
            Rule::OrderEvents(rule) => rule.pairs.get(wide(pair)),
            _ => None,
        }
    }

    pub fn limits(&self, constraint: u32) -> &'a [(u32, u32, u32)] {
        match &self.problem.constraints[wide(constraint)].rule {
            Rule::SpreadEvents(rule) => &rule.limits,
            _ => &[],
        }
    }

    /// Groups of times, least and most, of a rule about a resource's days, hours or gaps.
    pub fn bounds(&self, constraint: u32) -> (&'a [u32], u32, u32) {
        match &self.problem.constraints[wide(constraint)].rule {
            Rule::ClusterBusyTimes(rule) => (&rule.time_groups, rule.min, rule.max),
            Rule::LimitBusyTimes(rule) => (&rule.time_groups, rule.min, rule.max),
            Rule::LimitIdleTimes(rule) => (&rule.time_groups, rule.min, rule.max),
            _ => (&[], 0, u32::MAX),
        }
    }

    /// Whether no two of the groups have a time in common.
    pub fn apart(&self, groups: &[u32]) -> bool {
        let mut all = Times::none(self.times);
        groups.iter().all(|g| {
            let new = !all.meets(&self.groups[wide(*g)]);
            all.join(&self.groups[wide(*g)]);
            new
        })
    }
}
