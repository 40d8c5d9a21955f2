//! Bounds of a problem, before anything is laid out in memory for it.

use super::read::refuse;
use super::{Fault, ReadError};
use crate::ids::wide;
use crate::markup::Element;
use crate::problem::{Problem, Rule};

const MOST_TIMES: u32 = 5_000;
const MOST_CELLS: u32 = 30_000_000;
const MOST_DURATION: u32 = 200_000;
const MOST_SEATS: u32 = 20_000_000;
const MOST_POINTS: u32 = 2_000_000;
const MOST_COUNTERS: u32 = 60_000_000;

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
    let (mut duration, mut seats) = (0_u64, 0_u64);
    for event in &problem.events {
        duration += u64::from(event.duration);
        let here = u64::from(crate::ids::narrow(event.seats.len()));
        seats += here * u64::from(event.duration);
    }
    if duration > MOST_DURATION.into() {
        return too_many("times taken by events", MOST_DURATION);
    }
    if seats > MOST_SEATS.into() {
        return too_many("seats in events", MOST_SEATS);
    }
    Ok(())
}

/// Points of application, and what has to be counted for them.
pub(super) fn check_constraints(at: &Element, problem: &Problem) -> Result<(), ReadError> {
    let (mut points, mut counters) = (0_usize, 0_usize);
    for constraint in &problem.constraints {
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
        let here = grouped(&scope.event_groups)
            + scope.events.len()
            + members(&scope.resource_groups)
            + scope.resources.len();
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
        if counters > wide(MOST_COUNTERS) {
            return refuse(at, Fault::TooMany("counters", MOST_COUNTERS));
        }
    }
    Ok(())
}
