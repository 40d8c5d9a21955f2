//! Schools where teachers are to be chosen, too, and half a dozen linked courses move at once: every other round gives times first
//! (see `search::demand`).
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use std::sync::Mutex;
use timetable::problem::rules::*;
use timetable::problem::{
    Constraint, CostFunction, Event, EventGroup, Named, Problem, Resource, ResourceGroup, Rule, Scope, Seat,
    evaluate,
};
use timetable::search::{Ground, Plan, Random, Search, Team, Tuning};

const TIMES: u32 = 20;
const YEARS: u32 = 4;
/// Courses of a block; all pupils of a year are in it.
const COURSES: u32 = 6;
/// Blocks of a year, four lessons each: every year is busy at all times.
const BLOCKS: u32 = TIMES / 4;

fn named(what: &str, at: u32) -> Named {
    Named {
        id: format!("{what}{at}"),
        name: format!("{what}{at}"),
    }
}

/// A school that has a timetable: a block is at four times of its year, and each course has a teacher of its own for them, who is also in
/// the lists of some others. Each teacher works as much as that timetable asks, and is away at half of the other times.
fn school(seed: u64) -> Problem {
    let mut random = Random::new(seed);
    let teachers = YEARS * COURSES + 3;
    let mut p = Problem {
        id: format!("blocks {seed}"),
        times: (0..TIMES).map(|t| named("t", t)).collect(),
        kinds: vec![named("year", 0), named("teacher", 0)],
        roles: vec!["teacher".to_owned()],
        ..Problem::default()
    };
    p.resources.extend((0..YEARS).map(|y| Resource {
        label: named("year", y),
        kind: 0,
    }));
    p.resources.extend((0..teachers).map(|t| Resource {
        label: named("teacher", t),
        kind: 1,
    }));
    let mut busy = vec![vec![false; usize::try_from(TIMES).unwrap()]; usize::try_from(teachers).unwrap()];
    let required = |rule, weight, scope| Constraint {
        label: Named::default(),
        required: true,
        weight,
        cost: CostFunction::Linear,
        scope,
        rule,
    };
    let groups = |event_groups: Vec<u32>| Scope {
        event_groups,
        ..Scope::default()
    };
    let mut links = vec![];
    let mut all = vec![];
    for year in 0..YEARS {
        let mut times: Vec<u32> = (0..TIMES).collect();
        random.shuffle(&mut times);
        for block in 0..BLOCKS {
            let at = usize::try_from(block * 4).unwrap();
            let times = &times[at..at + 4];
            let first = u32::try_from(p.events.len()).unwrap();
            for course in 0..COURSES {
                let free = |t: &u32| {
                    let row = &busy[usize::try_from(*t).unwrap()];
                    times.iter().all(|at| !row[usize::try_from(*at).unwrap()])
                };
                let free: Vec<u32> = (0..teachers).filter(free).collect();
                let Some(mine) = random.pick(&free) else { continue };
                for time in times {
                    busy[usize::try_from(mine).unwrap()][usize::try_from(*time).unwrap()] = true;
                }
                let event = u32::try_from(p.events.len()).unwrap();
                let seat = |fixed, kind, role| Seat {
                    fixed,
                    role,
                    kind,
                    workload: None,
                };
                let mut seats = vec![seat(None, 1, Some(0))];
                if course == 0 {
                    seats.push(seat(Some(year), 0, None));
                }
                p.events.push(Event {
                    label: named("course", event),
                    color: None,
                    duration: 4,
                    workload: None,
                    time: None,
                    course: None,
                    seats,
                    whole_groups: vec![],
                });
                // Those who may teach it: one, and at times two more.
                let mut able = vec![YEARS + mine];
                able.extend((0..2).map(|_| YEARS + random.below(teachers)));
                able.sort_unstable();
                able.dedup();
                let group = u32::try_from(p.resource_groups.len()).unwrap();
                p.resource_groups.push(ResourceGroup {
                    label: named("able", group),
                    kind: 1,
                    resources: able,
                });
                p.event_groups.push(EventGroup {
                    label: named("only", event),
                    course: false,
                    events: vec![event],
                });
                let only = u32::try_from(p.event_groups.len()).unwrap() - 1;
                all.push(only);
                let prefer = prefer_resources::PreferResources {
                    role: 0,
                    resource_groups: vec![group],
                    resources: vec![],
                };
                p.constraints
                    .push(required(Rule::PreferResources(prefer), 1, groups(vec![only])));
            }
            p.event_groups.push(EventGroup {
                label: named("block", first),
                course: false,
                events: (first..u32::try_from(p.events.len()).unwrap()).collect(),
            });
            links.push(u32::try_from(p.event_groups.len()).unwrap() - 1);
        }
    }
    for (who, row) in (YEARS..).zip(&busy) {
        let away = (0..TIMES).filter(|t| !row[usize::try_from(*t).unwrap()] && random.permille(500));
        let rule = avoid_unavailable_times::AvoidUnavailableTimes {
            times: away.collect(),
            time_groups: vec![],
        };
        let scope = Scope {
            resources: vec![who],
            ..Scope::default()
        };
        p.constraints
            .push(required(Rule::AvoidUnavailableTimes(rule), 1, scope));
    }
    let events = Scope {
        events: (0..u32::try_from(p.events.len()).unwrap()).collect(),
        ..Scope::default()
    };
    let resources = Scope {
        resources: (0..YEARS + teachers).collect(),
        ..Scope::default()
    };
    p.constraints.extend([
        required(Rule::AssignTime(assign_time::AssignTime {}), 1, events.clone()),
        required(
            Rule::SplitEvents(split_events::SplitEvents {
                min_duration: 1,
                max_duration: 1,
                min_amount: 4,
                max_amount: 4,
            }),
            1,
            events,
        ),
        required(
            Rule::AssignResource(assign_resource::AssignResource { role: 0 }),
            1,
            groups(all.clone()),
        ),
        required(Rule::AvoidClashes(avoid_clashes::AvoidClashes {}), 1, resources),
        required(Rule::LinkEvents(link_events::LinkEvents {}), 10, groups(links)),
        Constraint {
            required: false,
            weight: 10,
            ..required(
                Rule::AvoidSplitAssignments(avoid_split_assignments::AvoidSplitAssignments {
                    role: 0,
                    max: 1,
                    map: None,
                }),
                1,
                groups(all),
            )
        },
    ]);
    p
}

#[test]
fn blocks_of_courses_find_times_and_teachers() {
    for seed in 1..4 {
        let p = school(seed);
        let ground = Ground::new(&p);
        assert!(ground.times.is_some());
        let plan = Plan {
            seed,
            lane: 0,
            work: 300_000,
            tuning: Tuning::default(),
        };
        let mut search = Search::new(&ground, plan);
        while search.run(4096) {}
        let best = search.best().completed(&p).unwrap();
        assert_eq!(evaluate(&p, &best), search.cost());
        assert_eq!(search.cost().hard, 0, "seed {seed}");
    }
}

#[test]
fn a_problem_without_teachers_to_choose_is_searched_as_a_whole() {
    let mut p = school(1);
    p.constraints
        .retain(|c| !matches!(c.rule, Rule::AvoidSplitAssignments(_)));
    assert!(Ground::new(&p).times.is_none());
}

/// Between two looks whether it should stop, a search tries few moves and changes the timetable seldom, in rounds of times and of seats too.
#[test]
fn rounds_of_times_and_seats_look_as_often_as_others() {
    const PORTION: u64 = 512;
    let p = school(1);
    let ground = Ground::new(&p);
    assert!(ground.times.is_some());
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 60_000,
        tuning: Tuning::default(),
    };
    #[derive(Default)]
    struct Seen {
        tried: u64,
        changes: u64,
        most_tried: u64,
        most_changes: u64,
    }
    for lanes in [1, 2] {
        let seen: Mutex<Vec<Seen>> = Mutex::new((0..lanes).map(|_| Seen::default()).collect());
        let watch = |search: &Search<'_>| {
            let mut seen = seen.lock().unwrap();
            let of = &mut seen[usize::try_from(search.lane()).unwrap()];
            let tried = search.tally().iter().map(|t| t.tried).sum();
            of.most_tried = of.most_tried.max(tried - of.tried);
            of.most_changes = of.most_changes.max(search.changes() - of.changes);
            (of.tried, of.changes) = (tried, search.changes());
            true
        };
        let mut team = Team::new(&ground, plan, lanes);
        assert!(team.build(&watch, PORTION) && team.learn(&watch));
        while team.go_on() && team.run_round(&watch, PORTION) {}
        for of in seen.into_inner().unwrap() {
            // a portion, and what is left of the step in which the one before ended
            assert!(
                of.tried > 10_000 && of.most_tried <= 2 * PORTION,
                "{} moves",
                of.most_tried
            );
            assert!(of.most_changes < 30_000, "{} changes", of.most_changes);
        }
    }
}
