//! Bounds of a problem, before anything is laid out in memory for it.

use std::collections::HashMap;

use super::read::refuse;
use super::{Fault, ReadError};
use crate::ids::wide;
use crate::markup::Element;
use crate::problem::rules::{assign_resource::AssignResource, prefer_resources::PreferResources};
use crate::problem::{CostFunction, Event, Problem, Rule};

const MOST_TIMES: u32 = 5_000;
const MOST_CELLS: u32 = 30_000_000;
const MOST_DURATION: u32 = 200_000;
const MOST_SEATS: u32 = 20_000_000;
const MOST_LOAD: u32 = 1_000_000_000;
const MOST_POINTS: u32 = 2_000_000;
const MOST_COUNTERS: u32 = 60_000_000;
/// Most seats of all events of an archive, and most of its solutions.
const MOST_SEATED: u32 = 2_000_000;
const MOST_SOLVED: u32 = 4_000_000;
/// Most that all constraints together may cost: sums, and squares of sums, must fit into 64 bits with room to spare.
const MOST_COST: u128 = 1 << 60;

/// What an archive has come to so far: counted before it is made, for a reference of a few bytes may stand for many.
#[derive(Default)]
pub(super) struct Spent {
    seats: usize,
    solved: usize,
}

impl Spent {
    /// Counts seats of events.
    ///
    /// # Errors
    /// [`Fault::TooMany`] at this element.
    pub fn seats(&mut self, seats: usize, at: &Element) -> Result<(), ReadError> {
        self.seats = self.seats.saturating_add(seats);
        if self.seats > wide(MOST_SEATED) {
            return refuse(at, Fault::TooMany("seats in events", MOST_SEATED));
        }
        Ok(())
    }

    /// Counts meets of solutions with their seats.
    ///
    /// # Errors
    /// [`Fault::TooMany`] at this element.
    pub fn solved(&mut self, meets_and_seats: usize, at: &Element) -> Result<(), ReadError> {
        self.solved = self.solved.saturating_add(meets_and_seats);
        if self.solved > wide(MOST_SOLVED) {
            return refuse(at, Fault::TooMany("meets and seats of solutions", MOST_SOLVED));
        }
        Ok(())
    }
}

/// Times, resources and events.
pub(super) fn check(at: &Element, problem: &Problem) -> Result<(), ReadError> {
    let too_many = |what, most| refuse(at, Fault::TooMany(what, most));
    let times = problem.times.len();
    if times > wide(MOST_TIMES) {
        return too_many("times", MOST_TIMES);
    }
    if times.saturating_mul(problem.resources.len()) > wide(MOST_CELLS) {
        return too_many("resources times times", MOST_CELLS);
    }
    if times.saturating_mul(problem.events.len()) > wide(MOST_CELLS) {
        return too_many("events times times", MOST_CELLS);
    }
    let (mut duration, mut seats, mut work) = (0_u64, 0_u64, 0_u64);
    for event in &problem.events {
        duration += u64::from(event.duration);
        let here = u64::from(crate::ids::narrow(event.seats.len()));
        seats += here * u64::from(event.duration);
        work += here.max(1) * u64::from(load(event));
    }
    if duration > MOST_DURATION.into() {
        return too_many("times taken by events", MOST_DURATION);
    }
    if work > MOST_LOAD.into() {
        return too_many("units of work", MOST_LOAD);
    }
    if seats > MOST_SEATS.into() {
        return too_many("seats in events", MOST_SEATS);
    }
    Ok(())
}

/// Points of application, and what has to be counted for them.
pub(super) fn check_constraints(at: &Element, problem: &Problem) -> Result<(), ReadError> {
    let (mut points, mut counters) = (0_usize, 0_usize);
    let duration: u128 = problem
        .events
        .iter()
        .map(|e| u128::from(e.duration.max(load(e))))
        .sum();
    let mut seats_of: HashMap<(u32, u32), usize> = HashMap::new();
    for (place, event) in (0..).zip(&problem.events) {
        for role in event.seats.iter().filter_map(|seat| seat.role) {
            *seats_of.entry((place, role)).or_default() += 1;
        }
    }
    let mut cost = 0_u128;
    // those that are not understood are not among the problem's
    let known = at.list("Constraints").iter();
    let known = known.filter(|element| super::constraints::unknown(element).is_none());
    for (constraint, at) in problem.constraints.iter().zip(known) {
        let scope = &constraint.scope;
        let grouped = |groups: &[u32]| -> usize {
            let sizes = groups.iter().map(|g| problem.event_groups[wide(*g)].events.len());
            sizes.sum()
        };
        let members = |groups: &[u32]| -> usize {
            let sizes = groups
                .iter()
                .map(|g| problem.resource_groups[wide(*g)].resources.len());
            sizes.sum()
        };
        let mut here = grouped(&scope.event_groups)
            + scope.events.len()
            + members(&scope.resource_groups)
            + scope.resources.len();
        // what is about a role applies to each seat of it
        if let Rule::AssignResource(AssignResource { role })
        | Rule::PreferResources(PreferResources { role, .. }) = &constraint.rule
        {
            let groups = scope.event_groups.iter();
            let grouped = groups.flat_map(|g| &problem.event_groups[wide(*g)].events);
            let seats = |event: &u32| seats_of.get(&(*event, *role)).copied().unwrap_or(0);
            here = here.max(grouped.chain(&scope.events).map(seats).sum());
        }
        let times = |groups: &[u32]| -> usize {
            let sizes = groups
                .iter()
                .map(|g| 1 + problem.time_groups[wide(*g)].times.len());
            sizes.sum()
        };
        let each = match &constraint.rule {
            Rule::PreferTimes(_) | Rule::LinkEvents(_) => problem.times.len(),
            Rule::SpreadEvents(rule) => {
                let groups: Vec<u32> = rule.limits.iter().map(|l| l.0).collect();
                times(&groups)
            }
            Rule::AvoidUnavailableTimes(_) => problem.times.len(),
            Rule::LimitIdleTimes(rule) => times(&rule.time_groups),
            Rule::ClusterBusyTimes(rule) => times(&rule.time_groups),
            Rule::LimitBusyTimes(rule) => times(&rule.time_groups),
            Rule::LimitWholeDays(rule) => rule
                .days
                .iter()
                .map(|(first, second)| 2 * times(&[*first, *second]))
                .sum(),
            Rule::StartEarly(rule) => rule.days.iter().map(|(day, early)| times(&[*day, *early])).sum(),
            Rule::AvoidSplitAssignments(_) => problem.resources.len(),
            Rule::PreferResources(_) => problem.resources.len().div_ceil(64),
            Rule::OrderEvents(rule) => rule.pairs.len(),
            _ => 1,
        };
        points += here;
        counters = counters.saturating_add(here.saturating_mul(each));
        if points > wide(MOST_POINTS) {
            return refuse(at, Fault::TooMany("points of application", MOST_POINTS));
        }
        let worst = worst(&constraint.rule, duration, problem.times.len());
        let worst = match constraint.cost {
            CostFunction::Linear => worst,
            CostFunction::Quadratic => worst.saturating_mul(worst),
            CostFunction::Step => 1,
        };
        let here = u128::try_from(here.max(1)).unwrap_or(u128::MAX);
        cost = cost.saturating_add(
            worst
                .saturating_mul(constraint.weight.into())
                .saturating_mul(here),
        );
        if cost > MOST_COST {
            return refuse(at, Fault::TooDear(constraint.label.id.clone()));
        }
        if counters > wide(MOST_COUNTERS) {
            return refuse(at, Fault::TooMany("counters", MOST_COUNTERS));
        }
    }
    Ok(())
}

/// The most work that one seat of an event has.
fn load(event: &Event) -> u32 {
    (0..event.seats.len())
        .map(|seat| event.load(seat))
        .max()
        .unwrap_or(0)
}

/// More than the deviation of a rule at a point can be: what all events take, and the least that is wanted, for each of its groups.
fn worst(rule: &Rule, duration: u128, times: usize) -> u128 {
    let (groups, least) = match rule {
        Rule::SpreadEvents(rule) => (
            rule.limits.len(),
            rule.limits.iter().map(|l| l.1).max().unwrap_or(0),
        ),
        Rule::LimitIdleTimes(rule) => (1, rule.min),
        Rule::ClusterBusyTimes(rule) => (1, rule.min),
        Rule::LimitBusyTimes(rule) => (rule.time_groups.len(), rule.min),
        Rule::LimitWorkload(rule) => (1, rule.min),
        Rule::SplitEvents(rule) => (1, rule.min_amount),
        Rule::DistributeSplitEvents(rule) => (1, rule.min),
        Rule::OrderEvents(rule) => (1, rule.pairs.iter().map(|p| p.min).max().unwrap_or(0)),
        _ => (1, 0),
    };
    let wide = |n: usize| u128::try_from(n).unwrap_or(u128::MAX);
    let each = duration.saturating_add(least.into()).saturating_add(wide(times));
    each.saturating_mul(wide(groups.max(1)))
}
