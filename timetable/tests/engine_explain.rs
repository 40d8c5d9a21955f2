//! Faults put into a small school that is solvable without them: each is named for what it is.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use timetable::problem::rules::*;
use timetable::problem::{
    Constraint, CostFunction, Event, EventGroup, Named, Problem, Resource, ResourceGroup, Rule, Scope, Seat,
    Span, TimeGroup, breaches,
};
use timetable::search::explain::{Finding, collision, counts};
use timetable::search::{Ground, Plan, Search, Tuning};

fn named(name: &str) -> Named {
    Named {
        id: name.to_owned(),
        name: name.to_owned(),
    }
}

const ANN: u32 = 0;
const BOB: u32 = 1;
const CLASS: u32 = 2;
const ROOM: u32 = 4;

/// Two days of four times; Ann and Bob each teach the classes K and L three lessons; two rooms.
fn school() -> Problem {
    let mut p = Problem {
        id: "school".to_owned(),
        times: (0..8).map(|t| named(&format!("t{t}"))).collect(),
        kinds: vec![named("people"), named("rooms")],
        roles: vec!["Room".to_owned()],
        ..Problem::default()
    };
    for day in 0..2 {
        p.time_groups.push(TimeGroup {
            label: named(&format!("day {day}")),
            span: Span::Day,
            times: (day * 4..day * 4 + 4).collect(),
        });
    }
    for (name, kind) in [("Ann", 0), ("Bob", 0), ("K", 0), ("L", 0), ("R1", 1), ("R2", 1)] {
        p.resources.push(Resource {
            label: named(name),
            kind,
        });
    }
    p.resource_groups.push(ResourceGroup {
        label: named("rooms"),
        kind: 1,
        resources: vec![ROOM, ROOM + 1],
    });
    for teacher in [ANN, BOB] {
        for class in [CLASS, CLASS + 1] {
            for n in 0..3 {
                lesson(&mut p, &format!("{teacher}-{class}-{n}"), &[teacher, class]);
            }
        }
    }
    let everything = Scope {
        event_groups: vec![0],
        ..Scope::default()
    };
    p.event_groups.push(EventGroup {
        label: named("all"),
        course: false,
        events: (0..12).collect(),
    });
    require(
        &mut p,
        "times",
        everything.clone(),
        Rule::AssignTime(assign_time::AssignTime),
    );
    require(
        &mut p,
        "rooms",
        everything,
        Rule::AssignResource(assign_resource::AssignResource { role: 0 }),
    );
    let everybody = of(&[0, 1, 2, 3, 4, 5]);
    require(
        &mut p,
        "clashes",
        everybody,
        Rule::AvoidClashes(avoid_clashes::AvoidClashes),
    );
    p
}

fn lesson(p: &mut Problem, name: &str, who: &[u32]) {
    let fixed = who.iter().map(|w| Seat {
        fixed: Some(*w),
        role: None,
        kind: 0,
        workload: None,
    });
    let room = Seat {
        fixed: None,
        role: Some(0),
        kind: 1,
        workload: None,
    };
    p.events.push(Event {
        label: named(name),
        color: None,
        duration: 1,
        workload: None,
        time: None,
        course: None,
        seats: fixed.chain([room]).collect(),
        whole_groups: vec![],
    });
}

fn of(resources: &[u32]) -> Scope {
    Scope {
        resources: resources.to_vec(),
        ..Scope::default()
    }
}

fn require(p: &mut Problem, name: &str, scope: Scope, rule: Rule) {
    p.constraints.push(Constraint {
        label: named(name),
        required: true,
        weight: 1,
        cost: CostFunction::Linear,
        scope,
        rule,
    });
}

fn away(p: &mut Problem, who: u32, times: std::ops::Range<u32>) {
    let rule = avoid_unavailable_times::AvoidUnavailableTimes {
        time_groups: vec![],
        times: times.collect(),
    };
    require(p, "away", of(&[who]), Rule::AvoidUnavailableTimes(rule));
}

fn solve(p: &Problem) -> timetable::problem::Report {
    let ground = Ground::new(p);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 60_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground.net, &ground.domains, plan);
    while search.cost().hard > 0 && search.run(1024) {}
    breaches(p, &search.best())
}

#[test]
fn the_school_itself_is_fine() {
    let p = school();
    assert_eq!(counts(&p), vec![]);
    assert_eq!(solve(&p).cost.hard, 0);
}

#[test]
fn more_lessons_than_hours() {
    let mut p = school();
    away(&mut p, ANN, 0..3);
    let found = counts(&p);
    let expected = Finding::TooMuch {
        resource: ANN,
        needed: 6,
        available: 5,
        constraints: vec![3],
    };
    assert_eq!(found, vec![expected]);
}

#[test]
fn too_few_days() {
    let mut p = school();
    let days = cluster_busy_times::ClusterBusyTimes {
        time_groups: vec![0, 1],
        min: 0,
        max: 1,
    };
    require(&mut p, "one day", of(&[BOB]), Rule::ClusterBusyTimes(days));
    let expected = Finding::TooFewDays {
        resource: BOB,
        needed: 6,
        available: 4,
        constraints: vec![3],
    };
    assert_eq!(counts(&p), vec![expected]);
}

#[test]
fn nowhere_to_start() {
    let mut p = school();
    away(&mut p, ANN, 0..2);
    let rule = prefer_times::PreferTimes {
        time_groups: vec![],
        times: vec![0, 1],
        duration: None,
    };
    let scope = Scope {
        events: vec![0],
        ..Scope::default()
    };
    require(&mut p, "early", scope, Rule::PreferTimes(rule));
    let found = counts(&p);
    assert_eq!(
        found,
        vec![Finding::NoStart {
            event: 0,
            constraints: vec![3, 4]
        }]
    );
}

#[test]
fn contradictory_locks() {
    let mut p = school();
    p.events[0].time = Some(3);
    p.events[4].time = Some(3);
    let expected = Finding::FixedClash {
        resource: ANN,
        time: 3,
        events: vec![0, 4],
    };
    assert_eq!(counts(&p), vec![expected]);
}

#[test]
fn linked_lessons_of_one_teacher() {
    let mut p = school();
    p.event_groups.push(EventGroup {
        label: named("pair"),
        course: false,
        events: vec![0, 3],
    });
    let scope = Scope {
        event_groups: vec![1],
        ..Scope::default()
    };
    require(
        &mut p,
        "at once",
        scope,
        Rule::LinkEvents(link_events::LinkEvents),
    );
    let expected = Finding::LinkedClash {
        constraint: 3,
        resource: ANN,
        events: vec![0, 3],
    };
    assert_eq!(counts(&p), vec![expected]);
}

#[test]
fn too_few_rooms_of_a_kind() {
    let mut p = school();
    let rule = prefer_resources::PreferResources {
        resource_groups: vec![],
        resources: vec![ROOM],
        role: 0,
    };
    let scope = Scope {
        events: (0..9).collect(),
        ..Scope::default()
    };
    require(&mut p, "laboratory", scope, Rule::PreferResources(rule));
    let expected = Finding::TooFew {
        resources: vec![ROOM],
        needed: 9,
        available: 8,
    };
    assert_eq!(counts(&p), vec![expected]);
}

/// Nothing that counting sees: Ann and Bob are there at different times, and two lessons of theirs must run at once.
#[test]
fn no_common_hour_is_found_by_search_and_the_set_is_small() {
    let mut p = school();
    away(&mut p, CLASS, 7..8);
    let only = |times: &[u32]| {
        Rule::PreferTimes(prefer_times::PreferTimes {
            time_groups: vec![],
            times: times.to_vec(),
            duration: None,
        })
    };
    let event = |e: u32| Scope {
        events: vec![e],
        ..Scope::default()
    };
    require(&mut p, "Ann early", event(0), only(&[0, 1]));
    require(&mut p, "Bob late", event(9), only(&[5, 6]));
    p.event_groups.push(EventGroup {
        label: named("parallel groups"),
        course: false,
        events: vec![0, 9],
    });
    let scope = Scope {
        event_groups: vec![1],
        ..Scope::default()
    };
    require(
        &mut p,
        "at once",
        scope,
        Rule::LinkEvents(link_events::LinkEvents),
    );
    assert_eq!(counts(&p), vec![]);
    let report = solve(&p);
    assert!(report.cost.hard > 0);
    let hard = |c: u32| p.constraints[usize::try_from(c).unwrap()].required;
    let breach = report.breaches.iter().find(|b| hard(b.constraint)).unwrap();
    let Some(Finding::Collision { constraints, .. }) = collision(&p, breach, 4000) else {
        panic!("nothing found around {breach:?}");
    };
    let names: Vec<&str> = constraints
        .iter()
        .map(|c| p.constraints[usize::try_from(*c).unwrap()].label.name.as_str())
        .collect();
    // The search never leaves a lesson without a time, so "times" is no part of it; absence, rooms and clashes neither.
    assert_eq!(names, ["Ann early", "Bob late", "at once"]);
}
