//! Faults put into a small school that is solvable without them: each is named for what it is.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod core_only;

use timetable::problem::rules::*;
use timetable::problem::{
    Constraint, CostFunction, Event, EventGroup, Named, Problem, Resource, ResourceGroup, Rule, Scope, Seat,
    Span, TimeGroup, breaches,
};
use timetable::search::explain::{
    Conflict, Requirement, Why, collision, collision_while, conflicts, conflicts_while, unavoidable,
};
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
    let mut search = Search::new(&ground, plan);
    while search.cost().hard > 0 && search.run(1024) {}
    breaches(p, &search.best())
}

/// The only conflict, which must be as small as it can be.
fn only(p: &Problem) -> Conflict {
    let mut found = conflicts(p, 5, 1_000_000);
    assert_eq!(found.len(), 1, "{found:?}");
    let conflict = found.remove(0);
    core_only::assert_minimal(p, &conflict);
    conflict
}

/// Names of the constraints, each once, without those that say that lessons take place.
fn names<'a>(p: &'a Problem, conflict: &Conflict) -> Vec<&'a str> {
    let mut names: Vec<&str> = vec![];
    for requirement in &conflict.requirements {
        if let Requirement::Point(at, _) = requirement {
            let name = p.constraints[usize::try_from(*at).unwrap()].label.name.as_str();
            if !names.contains(&name) && name != "times" {
                names.push(name);
            }
        }
    }
    names
}

#[test]
fn the_school_itself_is_fine() {
    let p = school();
    assert_eq!(conflicts(&p, 1, 1_000_000), vec![]);
    assert_eq!(solve(&p).cost.hard, 0);
}

#[test]
fn more_lessons_than_hours() {
    let mut p = school();
    away(&mut p, ANN, 0..3);
    let found = only(&p);
    let expected = Why::Times {
        resource: ANN,
        needed: 6,
        available: 5,
    };
    assert_eq!(found.why, expected);
    assert_eq!(names(&p, &found), ["clashes", "away"]);
    assert_eq!(found.cards(&p).count(), 6);
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
    let found = only(&p);
    let expected = Why::Days {
        resource: BOB,
        allowed: 1,
    };
    assert_eq!(found.why, expected);
    assert_eq!(names(&p, &found), ["clashes", "one day"]);
    assert_eq!(found.cards(&p).count(), 5, "five do not fit into four hours");
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
    let found = only(&p);
    assert_eq!(found.why, Why::Nowhere { event: 0 });
    assert_eq!(names(&p, &found), ["away", "early"]);
}

#[test]
fn contradictory_locks() {
    let mut p = school();
    p.events[0].time = Some(3);
    p.events[4].time = Some(3);
    let found = only(&p);
    let expected = Why::Clash {
        resource: ANN,
        time: 3,
        events: [0, 4],
    };
    assert_eq!(found.why, expected);
    let locks = [Requirement::Lock(0), Requirement::Lock(4)];
    assert_eq!(found.loosen, locks);
    assert_eq!(names(&p, &found), ["clashes"]);
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
    let found = only(&p);
    let expected = Why::Together {
        events: [0, 3],
        resource: Some(ANN),
    };
    assert_eq!(found.why, expected);
    assert_eq!(names(&p, &found), ["clashes", "at once"]);
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
        events: (0..10).collect(),
        ..Scope::default()
    };
    require(&mut p, "laboratory", scope, Rule::PreferResources(rule));
    let found = only(&p);
    let expected = Why::Times {
        resource: ROOM,
        needed: 9,
        available: 8,
    };
    assert_eq!((found.why.clone(), found.lack), (expected, 2));
    assert_eq!(names(&p, &found), ["rooms", "clashes", "laboratory"]);
}

#[test]
fn no_common_hour_of_parallel_groups() {
    let mut p = school();
    let only_at = |times: &[u32]| {
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
    require(&mut p, "Ann early", event(0), only_at(&[0, 1]));
    require(&mut p, "Bob late", event(9), only_at(&[5, 6]));
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
    let found = only(&p);
    assert_eq!(names(&p, &found), ["Ann early", "Bob late", "at once"]);
}

/// Three pairs of people, each pair with a lesson, in two times: no one of them has too little time, so counting sees nothing.
fn three_pairs() -> Problem {
    let mut p = school();
    p.events.truncate(3);
    p.event_groups[0].events.truncate(3);
    for (event, pair) in p.events.iter_mut().zip([[ANN, BOB], [BOB, CLASS], [CLASS, ANN]]) {
        for (seat, who) in event.seats.iter_mut().zip(pair) {
            seat.fixed = Some(who);
        }
    }
    for event in 0..3 {
        let scope = Scope {
            events: vec![event],
            ..Scope::default()
        };
        let rule = prefer_times::PreferTimes {
            time_groups: vec![],
            times: vec![2, 5],
            duration: None,
        };
        require(&mut p, &format!("early {event}"), scope, Rule::PreferTimes(rule));
    }
    away(&mut p, CLASS + 1, 0..8);
    p
}

/// The three together, found by search, and nothing else.
fn is_found(p: &Problem) {
    let report = solve(p);
    let hard = |c: u32| p.constraints[usize::try_from(c).unwrap()].required;
    let breach = report.breaches.iter().find(|b| hard(b.constraint)).unwrap();
    let found = collision(p, breach, 4000).expect("a collision");
    let names: Vec<&str> = found
        .constraints
        .iter()
        .map(|c| p.constraints[usize::try_from(*c).unwrap()].label.name.as_str())
        .collect();
    // The search never leaves a lesson without a time, so "times" is no part of it; rooms and the absence neither.
    assert_eq!(names, ["clashes", "early 0", "early 1", "early 2"]);
    assert!(found.minimal);
}

#[test]
fn what_counting_does_not_see_is_found_by_search_and_the_set_is_small() {
    let p = three_pairs();
    assert_eq!(conflicts(&p, 1, 1_000_000), vec![]);
    is_found(&p);
}

/// Whoever interrupts is answered soon, and nothing is claimed that was not looked through.
#[test]
fn reasoning_and_search_end_when_nobody_wants_them_any_more() {
    let p = three_pairs();
    let report = solve(&p);
    let hard = |c: u32| p.constraints[usize::try_from(c).unwrap()].required;
    let breach = report.breaches.iter().find(|b| hard(b.constraint)).unwrap();
    let asked = std::cell::Cell::new(0);
    let until = |most: u32| {
        asked.set(0);
        let asked = &asked;
        move || {
            asked.set(asked.get() + 1);
            asked.get() <= most
        }
    };
    assert_eq!(collision_while(&p, breach, 4000, &until(5)), None);
    assert_eq!(asked.get(), 6, "and is not asked again");
    assert!(collision_while(&p, breach, 4000, &|| true).is_some());
    let mut crowded = school();
    for _ in 0..40 {
        lesson(&mut crowded, "more", &[ANN, CLASS]);
    }
    let events = u32::try_from(crowded.events.len()).unwrap();
    require(
        &mut crowded,
        "times",
        Scope {
            events: (0..events).collect(),
            ..Scope::default()
        },
        Rule::AssignTime(assign_time::AssignTime),
    );
    assert_eq!(conflicts_while(&crowded, 3, 20_000_000, &|| false), vec![]);
    assert_eq!(
        conflicts_while(&crowded, 3, 20_000_000, &|| true),
        conflicts(&crowded, 3, 20_000_000)
    );
}

/// In a large school somebody has more lessons than are looked at: they are left out, and their neighbours are not.
#[test]
fn what_lies_around_may_be_larger_than_what_is_looked_at() {
    let mut p = three_pairs();
    let caretaker = u32::try_from(p.resources.len()).unwrap();
    p.resources.push(Resource {
        label: named("caretaker"),
        kind: 0,
    });
    for event in &mut p.events {
        event.seats.push(Seat {
            fixed: Some(caretaker),
            role: None,
            kind: 0,
            workload: None,
        });
    }
    for n in 0..600 {
        lesson(&mut p, &format!("caretaker {n}"), &[caretaker]);
    }
    is_found(&p);
}

/// A wish that cannot be had, with how much of it is certain, and one that can.
#[test]
fn a_window_that_cannot_be_removed() {
    let mut p = school();
    // Ann is away in the middle of both days, and has six lessons: three on each side at most.
    away(&mut p, ANN, 2..3);
    away(&mut p, ANN, 6..7);
    let gaps = limit_idle_times::LimitIdleTimes {
        time_groups: vec![0, 1],
        min: 0,
        max: 0,
    };
    require(&mut p, "no gaps", of(&[ANN, BOB]), Rule::LimitIdleTimes(gaps));
    p.constraints.last_mut().unwrap().required = false;
    let late = prefer_times::PreferTimes {
        time_groups: vec![],
        times: vec![3, 7],
        duration: None,
    };
    let scope = Scope {
        events: vec![11],
        ..Scope::default()
    };
    require(&mut p, "Bob late", scope, Rule::PreferTimes(late));
    p.constraints.last_mut().unwrap().required = false;
    let ground = Ground::new(&p);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 100_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(1024) {}
    assert_eq!(search.cost().hard, 0);
    let report = breaches(&p, &search.best());
    let breach = report.breaches.iter().find(|b| b.constraint == 5).unwrap();
    assert_eq!(
        breach.subject,
        timetable::problem::Subject::Resource(ANN),
        "Bob has no need of gaps"
    );
    let found = unavoidable(&p, breach, 10_000_000).expect("a proof");
    assert_eq!(found.least, 2, "both days have both halves");
    assert_eq!(breach.deviation, 2);
    core_only::assert_minimal(&found.problem, &found.conflict);
    assert_eq!(
        names(&found.problem, &found.conflict),
        ["clashes", "away", "no gaps"]
    );
    assert_eq!(
        found.conflict.why,
        Why::Gaps {
            resource: ANN,
            allowed: 1
        }
    );
    // What can be had is not called unavoidable.
    let other = timetable::problem::Breach {
        constraint: 6,
        subject: timetable::problem::Subject::Event(11),
        deviation: 1,
        cost: 1,
        notes: timetable::problem::Notes::none(),
    };
    assert!(unavoidable(&p, &other, 10_000_000).is_none());
    assert!(collision(&p, &other, 20_000).is_none());
}
