//! Changed facts, and what they make of a problem.

use std::collections::BTreeSet;

use crate::ids::{narrow, wide};
use crate::problem::rules::{avoid_unavailable_times::AvoidUnavailableTimes, prefer_times::PreferTimes};
use crate::problem::{Constraint, CostFunction, Named, Problem, Rule, Scope};

/// A fact that is not any more as the timetable was made for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Nobody and nothing can have the resource at these times: a teacher is ill, a room is closed.
    Away {
        /// The resource.
        resource: u32,
        /// The times.
        times: Vec<u32>,
    },
    /// An event may not start at these times.
    Block {
        /// The event.
        event: u32,
        /// The times.
        times: Vec<u32>,
    },
    /// An event takes another number of times in all.
    Load {
        /// The event.
        event: u32,
        /// Times, at least one.
        duration: u32,
    },
    /// One more event like another one: the same duration, seats, groups and rules, its time free.
    Another {
        /// The event that it is like.
        like: u32,
    },
}

/// Why changes cannot be taken up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such event.
    NoSuchEvent(u32),
    /// There is no such resource.
    NoSuchResource(u32),
    /// There is no such time.
    NoSuchTime(u32),
    /// An event cannot take so many times.
    BadDuration(u32),
    /// The present timetable is none of the problem.
    Misfit(crate::problem::Misfit),
}

/// Most times that an event may take after a change.
const LONGEST: u32 = 1_000;

impl Change {
    fn check(&self, problem: &Problem) -> Result<(), Refusal> {
        let event = |e: u32| match problem.events.get(wide(e)) {
            Some(_) => Ok(()),
            None => Err(Refusal::NoSuchEvent(e)),
        };
        let times = |times: &[u32]| match times.iter().find(|t| **t >= problem.time_count()) {
            Some(bad) => Err(Refusal::NoSuchTime(*bad)),
            None => Ok(()),
        };
        match self {
            Self::Away { resource, times: at } => {
                if wide(*resource) >= problem.resources.len() {
                    return Err(Refusal::NoSuchResource(*resource));
                }
                times(at)
            }
            Self::Block { event: e, times: at } => event(*e).and(times(at)),
            Self::Load { event: e, duration } => {
                event(*e)?;
                match duration {
                    1..=LONGEST => Ok(()),
                    _ => Err(Refusal::BadDuration(*duration)),
                }
            }
            Self::Another { like } => event(*like),
        }
    }
}

/// Puts changes into a problem; gives the events whose fixed time had to give way. The positions of everything that was there
/// stay; new events and constraints come last.
pub(super) fn apply(problem: &mut Problem, changes: &[Change]) -> Result<Vec<u32>, Refusal> {
    for change in changes {
        change.check(problem)?;
    }
    let weight = heaviest(problem);
    let mut released = BTreeSet::new();
    for change in changes {
        match change {
            Change::Away { resource, times } => {
                let hit = (0..).zip(&problem.events).filter(|(_, event)| {
                    let there = event.time.map_or(0..0, |t| t..t.saturating_add(event.duration));
                    let sits = event.seats.iter().any(|s| s.fixed == Some(*resource));
                    sits && times.iter().any(|t| there.contains(t))
                });
                released.extend(hit.map(|(e, _)| e));
                let rule = AvoidUnavailableTimes {
                    time_groups: vec![],
                    times: times.clone(),
                };
                let scope = Scope {
                    resources: vec![*resource],
                    ..Scope::default()
                };
                require(problem, "away", weight, scope, Rule::AvoidUnavailableTimes(rule));
            }
            Change::Block { event, times } => {
                let fixed = problem.event(*event).time;
                released.extend(fixed.filter(|t| times.contains(t)).map(|_| *event));
                let rule = PreferTimes {
                    time_groups: vec![],
                    times: (0..problem.time_count()).filter(|t| !times.contains(t)).collect(),
                    duration: None,
                };
                let scope = Scope {
                    events: vec![*event],
                    ..Scope::default()
                };
                require(problem, "blocked", weight, scope, Rule::PreferTimes(rule));
            }
            Change::Load { event, duration } => {
                let event = &mut problem.events[wide(*event)];
                // A workload that was given for the old duration grows with it.
                let scaled = |load: u32| {
                    let scaled = u64::from(load) * u64::from(*duration) / u64::from(event.duration.max(1));
                    u32::try_from(scaled).unwrap_or(u32::MAX)
                };
                event.workload = event.workload.map(scaled);
                for seat in &mut event.seats {
                    seat.workload = seat.workload.map(scaled);
                }
                event.duration = *duration;
            }
            Change::Another { like } => another(problem, *like),
        }
    }
    for event in &released {
        problem.events[wide(*event)].time = None;
    }
    Ok(released.into_iter().collect())
}

/// The largest price of a requirement: a changed fact is as hard as anything.
fn heaviest(problem: &Problem) -> u32 {
    let hard = problem.constraints.iter().filter(|c| c.required);
    hard.map(|c| c.weight).max().unwrap_or(1).max(1)
}

fn require(problem: &mut Problem, name: &str, weight: u32, scope: Scope, rule: Rule) {
    problem.constraints.push(Constraint {
        label: Named {
            id: format!("change {}", problem.constraints.len()),
            name: name.to_owned(),
        },
        required: true,
        weight,
        cost: CostFunction::Linear,
        scope,
        rule,
    });
}

fn another(problem: &mut Problem, like: u32) {
    let new = narrow(problem.events.len());
    let mut event = problem.event(like).clone();
    event.label.id = format!("{} again {new}", event.label.id);
    event.time = None;
    problem.events.push(event);
    // It must not run at once with the one that it is like: both have the same people.
    let links = problem
        .constraints
        .iter()
        .filter(|c| matches!(c.rule, Rule::LinkEvents(_)));
    let linked: BTreeSet<u32> = links.flat_map(|c| c.scope.event_groups.iter().copied()).collect();
    for (at, group) in (0..).zip(&mut problem.event_groups) {
        if group.events.contains(&like) && !linked.contains(&at) {
            group.events.push(new);
        }
    }
    for constraint in &mut problem.constraints {
        // What is named twice is charged twice, and so is what is like it.
        let times = constraint.scope.events.iter().filter(|e| **e == like).count();
        if !matches!(constraint.rule, Rule::OrderEvents(_)) {
            constraint.scope.events.extend(std::iter::repeat_n(new, times));
        }
    }
}
