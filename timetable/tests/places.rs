//! Changes of place and ways between places: facts in, deviation out; and the search finds rooms that are near.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use timetable::problem::rules::*;
use timetable::problem::{
    Constraint, CostFunction, Event, Map, Meet, Named, Notes, Problem, Resource, Rule, Scope, Seat, Solution,
    Span, Subject, TimeGroup, breaches, evaluate,
};
use timetable::search::suggest::Advisor;
use timetable::search::{Ground, Plan, Search, Tuning};

fn named(id: &str) -> Named {
    Named {
        id: id.to_owned(),
        name: id.to_owned(),
    }
}

const TEACHER: u32 = 0;
const OLD: u32 = 1;
const OLD_TOO: u32 = 2;
const NEW: u32 = 3;
const NOWHERE: u32 = 4;

/// Two days of four times, one teacher, lessons of hers, and rooms: two in the old building, one in the new, one nowhere. The way
/// takes a quarter of an hour; breaks are ten minutes, the one before the third lesson twenty.
fn school(lessons: u32, duration: u32) -> Problem {
    let mut map = Map {
        label: named("buildings"),
        ..Map::default()
    };
    map.put(OLD, "old");
    map.put(OLD_TOO, "old");
    map.put(NEW, "new");
    map.set_walk(0, 1, 15);
    let clock = [(480, 525), (535, 580), (600, 645), (655, 700)];
    map.clock = (0..2).flat_map(|_| clock).collect();
    let seat = |fixed: Option<u32>, kind: u32| Seat {
        fixed,
        role: fixed.is_none().then_some(0),
        kind,
        workload: None,
    };
    let event = |n: u32| Event {
        label: named(&format!("lesson {n}")),
        color: None,
        duration,
        workload: None,
        time: None,
        course: None,
        seats: vec![seat(Some(TEACHER), 0), seat(None, 1)],
        whole_groups: vec![],
    };
    Problem {
        times: (0..8).map(|t| named(&format!("time {t}"))).collect(),
        time_groups: (0..2)
            .map(|d| TimeGroup {
                label: named(&format!("day {d}")),
                span: Span::Day,
                times: (d * 4..d * 4 + 4).collect(),
            })
            .collect(),
        kinds: vec![named("teachers"), named("rooms")],
        roles: vec!["room".to_owned()],
        resources: (0..5)
            .map(|r| Resource {
                label: named(&format!("resource {r}")),
                kind: u32::from(r > 0),
            })
            .collect(),
        events: (0..lessons).map(event).collect(),
        maps: vec![map],
        ..Problem::default()
    }
}

fn timetable(problem: &Problem, lie: &[(u32, u32)]) -> Solution {
    let meet = |(event, (time, room)): (u32, &(u32, u32))| Meet {
        event,
        duration: problem.event(event).duration,
        time: Some(*time),
        resources: vec![Some(TEACHER), Some(*room)],
    };
    let meets = (0..).zip(lie).map(meet).collect();
    Solution { meets }.completed(problem).unwrap()
}

fn constraint(required: bool, rule: Rule) -> Constraint {
    Constraint {
        label: named("rule"),
        required,
        weight: 1,
        cost: CostFunction::Linear,
        scope: Scope {
            resources: vec![TEACHER],
            ..Scope::default()
        },
        rule,
    }
}

fn deviation(rule: Rule, lie: &[(u32, u32)]) -> (i64, Notes) {
    let mut problem = school(u32::try_from(lie.len()).unwrap(), 1);
    problem.constraints.push(constraint(true, rule));
    let solution = timetable(&problem, lie);
    let report = breaches(&problem, &solution);
    assert_eq!(report.cost, evaluate(&problem, &solution));
    assert!(
        report
            .breaches
            .iter()
            .all(|b| b.subject == Subject::Resource(TEACHER))
    );
    let notes = report
        .breaches
        .first()
        .map_or_else(Notes::none, |b| b.notes.clone());
    (report.cost.hard, notes)
}

fn changes(max: u32) -> Rule {
    Rule::LimitPlaceChanges(limit_place_changes::LimitPlaceChanges {
        map: 0,
        time_groups: vec![0, 1],
        max,
    })
}

fn walk(gap: Option<u32>) -> Rule {
    Rule::WalkInTime(walk_in_time::WalkInTime {
        map: 0,
        time_groups: vec![0, 1],
        gap,
    })
}

#[test]
fn a_change_is_from_one_placed_lesson_to_the_next_of_the_day() {
    let there_and_back = [(0, OLD), (1, NEW), (3, OLD_TOO), (4, NEW)];
    let (by, notes) = deviation(changes(0), &there_and_back);
    assert_eq!(
        by, 2,
        "overnight does not count, nor does another room of the building"
    );
    assert_eq!((notes.times, notes.events), (vec![1, 3], vec![1, 2]));
    assert_eq!(notes.counts, [(2, 0, 0)]);
    assert_eq!(deviation(changes(1), &there_and_back).0, 1);
    assert_eq!(
        deviation(changes(0), &[(0, OLD), (1, NOWHERE), (2, OLD_TOO)]).0,
        0
    );
    assert_eq!(deviation(changes(0), &[(0, OLD), (1, NOWHERE), (2, NEW)]).0, 1);
    assert_eq!(
        deviation(changes(0), &[(0, OLD), (0, NEW)]).0,
        0,
        "in two places at once is nowhere, and a clash"
    );
}

#[test]
fn a_way_is_as_long_as_the_map_says_and_breaks_as_the_clock_says() {
    let (by, notes) = deviation(walk(None), &[(0, OLD), (1, NEW), (2, OLD), (3, OLD_TOO)]);
    assert_eq!(by, 1, "ten minutes are too few, twenty are enough");
    assert_eq!((notes.times, notes.events), (vec![0, 1], vec![0, 1]));
    assert_eq!(
        deviation(walk(None), &[(0, OLD), (2, NEW)]).0,
        0,
        "a free lesson between"
    );
    assert_eq!(deviation(walk(Some(21)), &[(0, OLD), (1, NEW), (2, OLD)]).0, 2);
    assert_eq!(deviation(walk(Some(75)), &[(0, OLD), (2, NEW)]).0, 0);
    assert_eq!(deviation(walk(Some(76)), &[(0, OLD), (2, NEW)]).0, 1);
    assert_eq!(
        deviation(walk(Some(500)), &[(3, OLD), (4, NEW)]).0,
        0,
        "overnight"
    );
}

/// Six lessons of one teacher in two buildings: rooms and times are found that leave time for the ways.
#[test]
fn the_search_leaves_time_for_the_ways() {
    let mut problem = school(6, 1);
    let all: Vec<u32> = (0..6).collect();
    let events = |events: &[u32]| Scope {
        events: events.to_vec(),
        ..Scope::default()
    };
    let mut add = |scope: Scope, rule: Rule| {
        let mut made = constraint(true, rule);
        made.scope = scope;
        problem.constraints.push(made);
    };
    let people = |of: Vec<u32>| Scope {
        resources: of,
        ..Scope::default()
    };
    add(events(&all), Rule::AssignTime(assign_time::AssignTime));
    add(
        events(&all),
        Rule::AssignResource(assign_resource::AssignResource { role: 0 }),
    );
    add(
        people((0..5).collect()),
        Rule::AvoidClashes(avoid_clashes::AvoidClashes),
    );
    let only = |rooms: &[u32]| {
        Rule::PreferResources(prefer_resources::PreferResources {
            resource_groups: vec![],
            resources: rooms.to_vec(),
            role: 0,
        })
    };
    add(events(&[0, 1, 2]), only(&[OLD, OLD_TOO]));
    add(events(&[3, 4]), only(&[NEW]));
    add(events(&[5]), only(&[OLD, NEW]));
    add(people(vec![TEACHER]), walk(None));
    add(people(vec![TEACHER]), changes(1));
    let ground = Ground::new(&problem);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 4000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(512) {}
    assert_eq!(search.cost().hard, 0);
    assert_eq!(evaluate(&problem, &search.best()).hard, 0);
}

/// Why a cell is red: the rule, and the lesson that is too far.
#[test]
fn a_cell_out_of_reach_names_the_lesson_before_it() {
    let mut problem = school(3, 1);
    problem.constraints.push(constraint(true, walk(None)));
    let rules = [
        Rule::AssignResource(assign_resource::AssignResource { role: 0 }),
        Rule::PreferResources(prefer_resources::PreferResources {
            resource_groups: vec![],
            resources: vec![NEW],
            role: 0,
        }),
    ];
    for rule in rules {
        let mut made = constraint(true, rule);
        made.weight = 5;
        made.scope = Scope {
            events: vec![2],
            ..Scope::default()
        };
        problem.constraints.push(made);
    }
    let lie = [(0, OLD), (3, OLD), (5, NEW)];
    let solution = timetable(&problem, &lie);
    let ground = Ground::new(&problem);
    let mut advisor = Advisor::new(&problem, &ground, &solution);
    let cells = advisor.cells(2);
    let at = |start: u32| cells.iter().find(|c| c.start == start).unwrap();
    assert_eq!(at(1).delta.hard, 1, "{:?}", at(1));
    assert_eq!(at(1).reasons[0].meets, [0]);
    assert_eq!(at(2).delta.hard, 1);
    assert_eq!(
        at(2).reasons[0].meets,
        [1],
        "on to the lesson after it there are ten minutes"
    );
    assert_eq!(at(6).delta.hard, 0);
}
