//! Problems at random, with all kinds of rules at once: the sixteen of XHSTT, and if wanted ours.

use timetable::problem::rules::relate_events::Relation;
use timetable::problem::rules::*;
use timetable::problem::{
    Constraint, CostFunction, Event, EventGroup, Map, Metadata, Named, Problem, Resource, ResourceGroup,
    Rule, Scope, Seat, Span, TimeGroup,
};
use timetable::search::Random;

fn named(sort: &str, at: u32) -> Named {
    Named {
        id: format!("{sort}{at}"),
        name: format!("{sort} {at}"),
    }
}

fn some(random: &mut Random, of: u32, at_least: u32) -> Vec<u32> {
    let mut all: Vec<u32> = (0..of).collect();
    random.shuffle(&mut all);
    let n = at_least + random.below(of - at_least + 1);
    all.truncate(usize::try_from(n).unwrap());
    all.sort_unstable();
    all
}

fn limits(random: &mut Random, most: u32) -> (u32, u32) {
    let min = random.below(most);
    (min, min + random.below(most))
}

/// Kinds of rules of XHSTT.
const KINDS: u32 = 16;

/// All kinds.
/// All that there are: a kind without an arm of its own below would be missed by `tests/engine_random.rs`.
fn all_kinds() -> u32 {
    u32::try_from(Rule::KINDS.len()).unwrap()
}

fn rule(kind: u32, random: &mut Random, p: &Problem) -> Rule {
    let count = |list: usize| u32::try_from(list).unwrap();
    let (times, groups) = (p.time_count(), count(p.time_groups.len()));
    let resources = count(p.resources.len());
    let (min, max) = limits(random, 4);
    let time_groups = some(random, groups, 1);
    let role = random.below(2);
    match kind {
        0 => Rule::AssignTime(assign_time::AssignTime),
        1 => Rule::AssignResource(assign_resource::AssignResource { role }),
        2 => Rule::PreferTimes(prefer_times::PreferTimes {
            time_groups,
            times: some(random, times, 0),
            duration: random.permille(400).then(|| 1 + random.below(3)),
        }),
        3 => Rule::PreferResources(prefer_resources::PreferResources {
            resource_groups: some(random, count(p.resource_groups.len()), 0),
            resources: some(random, resources, 1),
            role,
        }),
        4 => Rule::SplitEvents(split_events::SplitEvents {
            min_duration: 1 + random.below(2),
            max_duration: 1 + random.below(3),
            min_amount: min,
            max_amount: max,
        }),
        5 => Rule::DistributeSplitEvents(distribute_split_events::DistributeSplitEvents {
            duration: 1 + random.below(3),
            min,
            max,
        }),
        6 => Rule::AvoidSplitAssignments(avoid_split_assignments::AvoidSplitAssignments {
            role,
            max: 1,
            map: None,
        }),
        7 => Rule::SpreadEvents(spread_events::SpreadEvents {
            limits: time_groups.into_iter().map(|g| (g, min, max)).collect(),
        }),
        8 => Rule::LinkEvents(link_events::LinkEvents),
        9 => Rule::OrderEvents(order_events::OrderEvents {
            pairs: (0..3)
                .map(|_| order_events::Pair {
                    first: random.below(count(p.events.len())),
                    second: random.below(count(p.events.len())),
                    min,
                    max,
                })
                .collect(),
            choice: None,
        }),
        10 => Rule::AvoidClashes(avoid_clashes::AvoidClashes),
        11 => Rule::AvoidUnavailableTimes(avoid_unavailable_times::AvoidUnavailableTimes {
            time_groups: some(random, groups, 0),
            times: some(random, times, 0),
        }),
        12 => Rule::LimitIdleTimes(limit_idle_times::LimitIdleTimes {
            time_groups,
            min,
            max,
        }),
        13 => Rule::ClusterBusyTimes(cluster_busy_times::ClusterBusyTimes {
            time_groups,
            min,
            max,
        }),
        14 => Rule::LimitBusyTimes(limit_busy_times::LimitBusyTimes {
            time_groups,
            min,
            max,
        }),
        15 => Rule::LimitWorkload(limit_workload::LimitWorkload { min, max: max + 3 }),
        16 => Rule::RelateEvents(relate_events::RelateEvents {
            pairs: (0..4)
                .map(|_| {
                    (
                        random.below(count(p.events.len())),
                        random.below(count(p.events.len())),
                    )
                })
                .collect(),
            relation: random
                .pick(&[
                    Relation::BeforeOnDay,
                    Relation::ApartOnDay(min),
                    Relation::AdjacentOnDay,
                    Relation::AdjacentInPart(2),
                    Relation::RightAfter,
                    Relation::NextTo,
                    Relation::SameStart,
                    Relation::SameHour,
                    Relation::WithinDays(min),
                ])
                .unwrap(),
            day: count(p.time_groups[0].times.len()),
            choice: None,
        }),
        17 => Rule::LimitRunning(limit_running::LimitRunning {
            times: some(random, times, 1),
            min,
            max,
            or_none: random.permille(500),
        }),
        18 => Rule::LimitLateStarts(limit_late_starts::LimitLateStarts { time_groups, max }),
        19 => Rule::LimitTogether(limit_together::LimitTogether {
            sets: vec![some(random, resources, 1), some(random, resources, 1)],
            time_groups,
            max: min,
        }),
        21 => Rule::LimitPlaceChanges(limit_place_changes::LimitPlaceChanges {
            map: random.below(count(p.maps.len())),
            time_groups,
            max: min,
        }),
        22 => Rule::WalkInTime(walk_in_time::WalkInTime {
            map: random.below(count(p.maps.len())),
            time_groups,
            gap: random.permille(500).then(|| 1 + random.below(3)),
        }),
        23 => {
            let days = count(p.time_groups.iter().filter(|g| g.span == Span::Day).count());
            let day = random.below(days);
            Rule::LimitWholeDays(limit_whole_days::LimitWholeDays {
                days: (0..days).filter(|d| *d != day).map(|d| (d, day)).collect(),
                max: min,
            })
        }
        _ => {
            let days = count(p.time_groups.iter().filter(|g| g.span == Span::Day).count());
            let early = |day: u32| (day, groups - days + day);
            Rule::StartEarly(start_early::StartEarly {
                days: some(random, days, 1).into_iter().map(early).collect(),
            })
        }
    }
}

/// Two maps: one that counts times, one with ways and a clock of its own.
fn maps(random: &mut Random, times: u32, resources: u32) -> Vec<Map> {
    let mut plain = Map {
        label: named("m", 0),
        ..Map::default()
    };
    for who in 0..resources {
        if random.permille(600) {
            plain.put(who, &format!("building {}", random.below(3)));
        }
    }
    let mut timed = Map {
        label: named("m", 1),
        ..plain.clone()
    };
    for _ in 0..4 {
        timed.set_walk(random.below(3), random.below(3), random.below(60));
    }
    let mut now = 0;
    for _ in 0..times {
        let begins = now + random.below(20);
        now = begins + 10 + random.below(30);
        timed.clock.push((begins, now));
    }
    vec![plain, timed]
}

/// A problem with every kind of rule that XHSTT has; with more than 64 times in a row if `long`.
#[allow(dead_code, reason = "not all tests that include this need both")]
pub fn problem(seed: u64, long: bool) -> Problem {
    with_kinds(seed, long, KINDS)
}

/// The same with every kind of rule that there is.
#[allow(dead_code, reason = "not all tests that include this need both")]
pub fn any_problem(seed: u64, long: bool) -> Problem {
    with_kinds(seed, long, all_kinds())
}

fn with_kinds(seed: u64, long: bool, kinds: u32) -> Problem {
    let mut random = Random::new(seed);
    let days = 2 + random.below(3);
    let hours = if long { 70 } else { 2 + random.below(5) };
    let times = days * hours;
    let mut p = Problem {
        id: format!("random {seed}"),
        metadata: Metadata::default(),
        times: (0..times).map(|t| named("t", t)).collect(),
        kinds: vec![named("k", 0), named("k", 1)],
        roles: vec!["a".to_owned(), "b".to_owned()],
        ..Problem::default()
    };
    for day in 0..days {
        p.time_groups.push(TimeGroup {
            label: named("day", day),
            span: Span::Day,
            times: (day * hours..(day + 1) * hours).collect(),
        });
    }
    for group in 0..2 {
        p.time_groups.push(TimeGroup {
            label: named("some", group),
            span: Span::Plain,
            times: some(&mut random, times, 1),
        });
    }
    for day in 0..days {
        let early = 1 + random.below(hours);
        p.time_groups.push(TimeGroup {
            label: named("early", day),
            span: Span::Plain,
            times: (day * hours..day * hours + early).collect(),
        });
    }
    let resources = 4 + random.below(6);
    for at in 0..resources {
        p.resources.push(Resource {
            label: named("r", at),
            kind: at % 2,
        });
    }
    for kind in 0..2 {
        let all = some(&mut random, resources, 2);
        p.resource_groups.push(ResourceGroup {
            label: named("rg", kind),
            kind,
            resources: all.into_iter().filter(|r| r % 2 == kind).collect(),
        });
    }
    let events = 3 + random.below(8);
    for at in 0..events {
        let seats = (0..2 + random.below(2)).map(|seat| Seat {
            fixed: (seat > 1 || random.permille(300)).then(|| random.below(resources / 2) * 2 + seat % 2),
            role: (seat < 2).then_some(seat),
            kind: seat % 2,
            workload: random.permille(300).then(|| random.below(7)),
        });
        let seats = seats.collect();
        p.events.push(Event {
            label: named("e", at),
            color: None,
            duration: (1 + random.below(5)).min(hours),
            workload: random.permille(300).then(|| random.below(9)),
            time: random.permille(150).then(|| random.below(hours / 2)),
            course: None,
            seats,
            whole_groups: vec![],
        });
    }
    for group in 0..4 {
        p.event_groups.push(EventGroup {
            label: named("eg", group),
            course: false,
            events: some(&mut random, events, 1),
        });
    }
    if kinds > KINDS {
        p.maps = maps(&mut random, times, resources);
    }
    for at in 0..kinds * 2 {
        let cost = random.pick(&[CostFunction::Linear, CostFunction::Quadratic, CostFunction::Step]);
        let mut rule = rule(at % kinds, &mut random, &p);
        if let Rule::AvoidSplitAssignments(rule) = &mut rule
            && kinds > KINDS
        {
            rule.max = 1 + random.below(3);
            rule.map = random.permille(500).then_some(0);
        }
        p.constraints.push(Constraint {
            label: named("c", at),
            required: random.permille(500),
            weight: 1 + random.below(9),
            cost: cost.unwrap(),
            scope: Scope {
                event_groups: some(&mut random, 4, 0),
                events: some(&mut random, events, 0),
                resource_groups: some(&mut random, 2, 0),
                resources: some(&mut random, resources, 0),
            },
            rule,
        });
    }
    p
}
