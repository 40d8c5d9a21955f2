//! Which starts are good ones.

use super::Domains;
use crate::problem::rules::avoid_unavailable_times::AvoidUnavailableTimes;
use crate::problem::rules::link_events::LinkEvents;
use crate::problem::{
    Constraint, CostFunction, Event, EventGroup, Named, Problem, Resource, Rule, Scope, Seat,
};
use crate::search::Net;

fn constraint(rule: Rule, required: bool, scope: Scope) -> Constraint {
    Constraint {
        label: Named::default(),
        required,
        weight: 1,
        cost: CostFunction::Linear,
        scope,
        rule,
    }
}

/// Two lessons of two teachers that are to run together; the first teacher is away at time 0, the second at time 1.
fn starts(required: bool) -> Vec<u32> {
    let event = |who| Event {
        label: Named::default(),
        color: None,
        duration: 1,
        workload: None,
        time: None,
        course: None,
        seats: vec![Seat {
            fixed: Some(who),
            role: None,
            kind: 0,
            workload: None,
        }],
        whole_groups: vec![],
    };
    let away = |who, time| {
        let rule = AvoidUnavailableTimes {
            times: vec![time],
            time_groups: vec![],
        };
        let scope = Scope {
            resources: vec![who],
            ..Scope::default()
        };
        constraint(Rule::AvoidUnavailableTimes(rule), true, scope)
    };
    let together = Scope {
        event_groups: vec![0],
        ..Scope::default()
    };
    let teacher = || Resource {
        label: Named::default(),
        kind: 0,
    };
    let problem = Problem {
        times: vec![Named::default(); 4],
        kinds: vec![Named::default()],
        resources: vec![teacher(), teacher()],
        events: vec![event(0), event(1)],
        event_groups: vec![EventGroup {
            label: Named::default(),
            course: false,
            events: vec![0, 1],
        }],
        constraints: vec![
            away(0, 0),
            away(1, 1),
            constraint(Rule::LinkEvents(LinkEvents), required, together),
        ],
        ..Problem::default()
    };
    let net = Net::new(&problem);
    let domains = Domains::new(&problem, &net, &crate::watch::Watch::nobody());
    domains.starts(&net, 0, 1).to_vec()
}

#[test]
fn who_has_to_run_together_starts_where_all_can_come() {
    assert_eq!(starts(true), [2, 3]);
    assert_eq!(starts(false), [1, 2, 3]);
}
