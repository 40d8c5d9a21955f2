//! The hard requirements of a problem, one by one.

use std::collections::HashSet;

use super::conflict::Requirement;
use super::times::Times;
use crate::ids::{narrow, wide};
use crate::problem::rules::relate_events::{Partners, Relation, Stay};
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
    /// The pair of a constraint, by how its days and times lie.
    Related { constraint: u32, pair: u32 },
    /// Whoever of the pair is in the shorter list of a bond has a partner of its own in the other.
    Partner { bond: u32, first: u32, second: u32 },
    /// Days begin with an early time.
    Early { constraint: u32, who: u32 },
    /// There is time for every way.
    Way { constraint: u32, who: u32 },
    /// Changes of place.
    Moves { constraint: u32, who: u32 },
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

/// Two lists whose events belong together in pairs, whichever with whichever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bond {
    pub lists: Partners,
    pub lie: Lie,
}

/// How two events must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lie {
    /// In a relation, where a day has so many times.
    Related(Relation, u32),
    /// The second after the first, with at least and at most so many times between.
    Order(u32, u32),
}

impl Lie {
    /// Whether two stays lie so.
    pub fn is_met(self, first: Stay, second: Stay) -> bool {
        match self {
            Self::Related(relation, day) => relation.missed_by(first, second, day) == 0,
            Self::Order(min, max) => {
                let from = first.1.saturating_add(min);
                (from..=first.1.saturating_add(max)).contains(&second.0)
            }
        }
    }

    /// Whether two that lie on different days always do.
    pub fn asks_of_one_day(self) -> Option<u32> {
        match self {
            Self::Related(
                Relation::BeforeOnDay
                | Relation::ApartOnDay(_)
                | Relation::AdjacentOnDay
                | Relation::AdjacentInPart(_),
                day,
            ) => Some(day),
            _ => None,
        }
    }
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
    pub bonds: Vec<Bond>,
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
            bonds: vec![],
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
            Rule::RelateEvents(rule) => {
                let lie = Lie::Related(rule.relation, rule.day);
                self.bind(rule.choice.as_ref(), lie);
            }
            // of one choice all pairs have the same distance
            Rule::OrderEvents(rule) => {
                if let Some(pair) = rule.pairs.first() {
                    self.bind(rule.choice.as_ref(), Lie::Order(pair.min, pair.max));
                }
            }
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
            (Rule::OrderEvents(rule), Subject::Pair(at)) => match &rule.choice {
                None => Clause::Order { constraint, pair: at },
                Some(lists) => {
                    let pair = rule.pairs.get(wide(at))?;
                    return self.partner(lists, Lie::Order(pair.min, pair.max), (pair.first, pair.second));
                }
            },
            (Rule::RelateEvents(rule), Subject::Pair(at)) => match &rule.choice {
                None => Clause::Related { constraint, pair: at },
                Some(lists) => {
                    let lie = Lie::Related(rule.relation, rule.day);
                    return self.partner(lists, lie, *rule.pairs.get(wide(at))?);
                }
            },
            (Rule::StartEarly(_), Subject::Resource(who)) => Clause::Early { constraint, who },
            (Rule::WalkInTime(_), Subject::Resource(who)) => Clause::Way { constraint, who },
            (Rule::LimitPlaceChanges(_), Subject::Resource(who)) => Clause::Moves { constraint, who },
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
                | Rule::LimitRunning(_)
                | Rule::LimitLateStarts(_)
                | Rule::LimitTogether(_)
                | Rule::LimitWholeDays(_),
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
                | Rule::RelateEvents(_)
                | Rule::StartEarly(_)
                | Rule::WalkInTime(_)
                | Rule::LimitPlaceChanges(_)
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

    /// Remembers two lists, unless nothing is known of them.
    fn bind(&mut self, lists: Option<&Partners>, lie: Lie) {
        let Some(lists) = lists.filter(|l| !l.first.is_empty() && !l.second.is_empty()) else {
            return;
        };
        let is_same = |bond: &Bond| bond.lie == lie && bond.lists == *lists;
        if !self.bonds.iter().any(is_same) {
            self.bonds.push(Bond {
                lists: lists.clone(),
                lie,
            });
        }
    }

    /// What a pair of two lists asks for whoever is whose partner.
    fn partner(&self, lists: &Partners, lie: Lie, (first, second): (u32, u32)) -> Option<Clause> {
        let mut bonds = (0..).zip(&self.bonds);
        let (bond, _) = bonds.find(|(_, bond)| bond.lie == lie && bond.lists == *lists)?;
        Some(Clause::Partner { bond, first, second })
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
            | Clause::Early { who, .. }
            | Clause::Way { who, .. }
            | Clause::Moves { who, .. }
            | Clause::Work { who, .. } => (vec![], vec![who]),
            Clause::Link { group } | Clause::Spread { group, .. } => {
                (self.problem.event_groups[wide(group)].events.clone(), vec![])
            }
            Clause::Order { constraint, pair } => match self.pair(constraint, pair) {
                Some(pair) => (vec![pair.first, pair.second], vec![]),
                None => (vec![], vec![]),
            },
            Clause::Related { constraint, pair } => match self.related(constraint, pair) {
                Some((first, second, _)) => (vec![first, second], vec![]),
                None => (vec![], vec![]),
            },
            Clause::Partner { bond, .. } => {
                let lists = &self.bonds[wide(bond)].lists;
                ([lists.first.as_slice(), &lists.second].concat(), vec![])
            }
        }
    }

    /// A pair of events, and how they must lie.
    pub fn related(&self, constraint: u32, pair: u32) -> Option<(u32, u32, Lie)> {
        match &self.problem.constraints[wide(constraint)].rule {
            Rule::RelateEvents(rule) => {
                let (first, second) = *rule.pairs.get(wide(pair))?;
                Some((first, second, Lie::Related(rule.relation, rule.day)))
            }
            _ => None,
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
