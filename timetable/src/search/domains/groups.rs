//! Events and seats that a rule holds together.

use crate::ids::{narrow, wide};
use crate::problem::{Problem, Rule};
use crate::search::net::{NONE, Net};

/// Events that a hard rule wants in one piece.
pub(super) fn whole_events(problem: &Problem) -> Vec<bool> {
    let mut whole = vec![false; problem.events.len()];
    for constraint in problem.constraints.iter().filter(|c| c.required) {
        if let Rule::SplitEvents(rule) = &constraint.rule
            && rule.max_amount <= 1
        {
            for event in constraint.scope.all_events(problem) {
                whole[wide(event)] = true;
            }
        }
    }
    whole
}

/// Events linked with each event, over all links or those that are required.
pub(super) fn partners(problem: &Problem, required: bool) -> Vec<(usize, u32)> {
    let mut pairs = vec![];
    for constraint in &problem.constraints {
        if !matches!(constraint.rule, Rule::LinkEvents(_)) || (required && !constraint.required) {
            continue;
        }
        for group in &constraint.scope.event_groups {
            let events = &problem.event_groups[wide(*group)].events;
            if events.len() > 200 {
                continue;
            }
            for a in events {
                pairs.extend(events.iter().filter(|b| *b != a).map(|b| (wide(*a), *b)));
            }
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// Groups of seats that should have one resource: group of each seat, seats of each group, how many groups.
pub(super) type Varieties = (Vec<(usize, u32)>, Vec<(usize, (u32, u32))>, usize);

pub(super) fn varieties(problem: &Problem, net: &Net) -> Varieties {
    let (mut of_seat, mut seats, mut count) = (vec![], vec![], 0);
    for constraint in &problem.constraints {
        let Rule::AvoidSplitAssignments(rule) = &constraint.rule else {
            continue;
        };
        if rule.max != 1 {
            continue;
        }
        for group in &constraint.scope.event_groups {
            for event in &problem.event_groups[wide(*group)].events {
                for seat in problem.seats_with(*event, rule.role) {
                    let key = wide(net.first_seat[wide(*event)]) + seat;
                    if net.seat_fixed[key] == NONE {
                        of_seat.push((key, narrow(count)));
                        seats.push((count, (*event, narrow(seat))));
                    }
                }
            }
            count += 1;
        }
    }
    (of_seat, seats, count)
}
