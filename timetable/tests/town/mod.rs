//! A small school with a full week: six classes, rooms to be chosen, nobody in two places, no gaps for classes, a subject once a
//! day.
#![allow(dead_code, reason = "each test file uses its part")]

use timetable::problem::rules::*;
use timetable::problem::{
    Constraint, CostFunction, Event, EventGroup, Named, Problem, Resource, Rule, Scope, Seat, Solution, Span,
    TimeGroup,
};
use timetable::search::{Ground, Plan, Search, Tuning};

pub const DAYS: u32 = 5;
pub const HOURS: u32 = 6;
pub const CLASSES: u32 = 6;
/// One teacher of each subject has all classes; the seventh one's subject is taught twice a week.
pub const LOADS: [u32; 7] = [5, 4, 4, 4, 3, 3, 2];
pub const ROOMS: u32 = 7;

fn named(sort: &str, at: u32) -> Named {
    Named {
        id: format!("{sort}{at}"),
        name: format!("{sort} {at}"),
    }
}

fn rule(p: &mut Problem, required: bool, scope: Scope, rule: Rule) {
    let at = u32::try_from(p.constraints.len()).unwrap();
    p.constraints.push(Constraint {
        label: named("c", at),
        required,
        weight: 1,
        cost: CostFunction::Linear,
        scope,
        rule,
    });
}

/// Resources: classes, then teachers, then rooms. Events: one for each lesson of the week.
pub fn problem() -> Problem {
    let mut p = Problem {
        id: "town".to_owned(),
        times: (0..DAYS * HOURS).map(|t| named("t", t)).collect(),
        kinds: vec![named("class", 0), named("teacher", 0), named("room", 0)],
        roles: vec!["room".to_owned()],
        ..Problem::default()
    };
    for day in 0..DAYS {
        p.time_groups.push(TimeGroup {
            label: named("day", day),
            span: Span::Day,
            times: (day * HOURS..(day + 1) * HOURS).collect(),
        });
    }
    let teachers = u32::try_from(LOADS.len()).unwrap();
    for (kind, count) in [(0, CLASSES), (1, teachers), (2, ROOMS)] {
        for at in 0..count {
            p.resources.push(Resource {
                label: named(&p.kinds[usize::try_from(kind).unwrap()].id.clone(), at),
                kind,
            });
        }
    }
    let mut at = 0;
    for class in 0..CLASSES {
        for (teacher, load) in (0..).zip(LOADS) {
            let mut group = vec![];
            for _ in 0..load {
                let fixed = |who: u32, kind: u32| Seat {
                    fixed: Some(who),
                    role: None,
                    kind,
                    workload: None,
                };
                p.events.push(Event {
                    label: named("e", at),
                    color: None,
                    duration: 1,
                    workload: None,
                    time: None,
                    course: None,
                    seats: vec![
                        fixed(class, 0),
                        fixed(CLASSES + teacher, 1),
                        Seat {
                            fixed: None,
                            role: Some(0),
                            kind: 2,
                            workload: None,
                        },
                    ],
                    whole_groups: vec![],
                });
                group.push(at);
                at += 1;
            }
            p.event_groups.push(EventGroup {
                label: named("g", class * teachers + teacher),
                course: true,
                events: group,
            });
        }
    }
    let events = || Scope {
        events: (0..at).collect(),
        ..Scope::default()
    };
    let people = |from: u32, to: u32| Scope {
        resources: (from..to).collect(),
        ..Scope::default()
    };
    let groups = u32::try_from(p.event_groups.len()).unwrap();
    let courses = Scope {
        event_groups: (0..groups).collect(),
        ..Scope::default()
    };
    let days: Vec<u32> = (0..DAYS).collect();
    rule(&mut p, true, events(), Rule::AssignTime(assign_time::AssignTime));
    let room = assign_resource::AssignResource { role: 0 };
    rule(&mut p, true, events(), Rule::AssignResource(room));
    let everybody = people(0, CLASSES + teachers + ROOMS);
    rule(
        &mut p,
        true,
        everybody,
        Rule::AvoidClashes(avoid_clashes::AvoidClashes),
    );
    let idle = |max: u32| {
        Rule::LimitIdleTimes(limit_idle_times::LimitIdleTimes {
            time_groups: (0..DAYS).collect(),
            min: 0,
            max,
        })
    };
    rule(&mut p, true, people(0, CLASSES), idle(0));
    rule(&mut p, false, people(CLASSES, CLASSES + teachers), idle(2));
    let spread = spread_events::SpreadEvents {
        limits: days.into_iter().map(|d| (d, 0, 1)).collect(),
    };
    rule(&mut p, true, courses, Rule::SpreadEvents(spread));
    p
}

/// A timetable in which every requirement is met.
pub fn solved(p: &Problem, seed: u64) -> Solution {
    let ground = Ground::new(p);
    let plan = Plan {
        seed,
        lane: 0,
        work: 200_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.cost().hard > 0 && search.run(1024) {}
    assert_eq!(search.cost().hard, 0, "the town's week can be met");
    search.best().completed(p).unwrap()
}
