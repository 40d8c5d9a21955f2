//! Advice about a card against brute force: prices, rooms, reasons, cards in the way, chains of moves.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod random_problem;
mod town;

use std::collections::{BTreeMap, BTreeSet};

use timetable::problem::{Cost, Problem, Rule, Solution, Subject, breaches, evaluate};
use timetable::search::suggest::{Advisor, Cell, Hunt};
use timetable::search::{Ground, Mover, Random, State};

fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap()
}

/// A timetable somewhere between empty and good.
fn some_timetable(p: &Problem, ground: &Ground, random: &mut Random) -> Solution {
    let empty = Solution::empty(p).completed(p).unwrap();
    let mut state = State::of(&ground.net, &empty);
    let mut mover = Mover::new(&ground.net, &ground.domains);
    for _ in 0..200 {
        let (mark, before) = (state.mark(), state.merged(160));
        if !mover.propose(&mut state, random, 160) || (state.merged(160) > before && random.permille(700)) {
            state.undo(mark);
        } else {
            state.settle();
        }
    }
    state.solution()
}

/// The timetable with the cards at the cell, made by hand.
fn applied(solution: &Solution, group: &[u32], cell: &Cell) -> Solution {
    let mut there = solution.clone();
    for meet in group {
        there.meets[wide(*meet)].time = Some(cell.start);
    }
    for seating in &cell.seats {
        there.meets[wide(seating.meet)].resources[wide(seating.seat)] = seating.who;
    }
    there
}

fn without(solution: &Solution, group: &[u32]) -> Solution {
    let kept = (0..).zip(&solution.meets).filter(|(at, _)| !group.contains(at));
    Solution {
        meets: kept.map(|(_, m)| m.clone()).collect(),
    }
}

/// Price of each constraint at each subject; who is named twice there, is there twice.
fn prices(p: &Problem, solution: &Solution) -> BTreeMap<(u32, String), Vec<i64>> {
    let mut found: BTreeMap<(u32, String), Vec<i64>> = BTreeMap::new();
    for breach in breaches(p, solution).breaches {
        let key = (breach.constraint, format!("{:?}", breach.subject));
        found.entry(key).or_default().push(breach.cost);
    }
    found
}

/// The rules that cost more than in each of the other timetables, by full evaluations.
fn risen(p: &Problem, there: &Solution, others: [&Solution; 2]) -> BTreeMap<(u32, String), Vec<i64>> {
    let others = others.map(|o| prices(p, o));
    let mut risen = BTreeMap::new();
    for (key, new) in prices(p, there) {
        // The same point named several times has the same price each time.
        let old = others.iter().map(|o| o.get(&key).map_or(0, |prices| prices[0]));
        let by = new[0] - old.min().unwrap();
        if by > 0 {
            risen.insert(key, vec![by; new.len()]);
        }
    }
    risen
}

/// Cards that share the resource with the moved ones at a time.
fn clashing(p: &Problem, there: &Solution, group: &[u32], who: u32) -> Vec<u32> {
    let times = |at: u32| {
        let meet = &there.meets[wide(at)];
        let sits = meet.resources.contains(&Some(who));
        let start = meet.time.filter(|_| sits);
        start.map_or(0..0, |s| s..s + meet.duration)
    };
    let all = 0..u32::try_from(there.meets.len()).unwrap();
    assert!(p.time_count() > 0);
    all.filter(|at| {
        let own = times(*at);
        !group.contains(at) && group.iter().any(|g| times(*g).any(|t| own.contains(&t)))
    })
    .collect()
}

/// What a resource on a seat costs by itself: requirements that prefer others.
fn static_price(p: &Problem, event: u32, seat: u32, who: u32) -> i64 {
    let hard = p.constraints.iter().filter(|c| c.required);
    hard.map(|c| match &c.rule {
        Rule::PreferResources(rule) if rule.good(p).binary_search(&who).is_err() => {
            let here = c
                .points(p)
                .into_iter()
                .filter(|s| *s == Subject::Seat(event, seat));
            i64::from(c.weight) * i64::try_from(here.count()).unwrap()
        }
        _ => 0,
    })
    .sum()
}

/// The least cost with anybody allowed on the only seat that is to be chosen.
fn best_by_hand(p: &Problem, there: &Solution, meet: u32, seat: u32) -> Cost {
    let event = there.meets[wide(meet)].event;
    let kind = p.event(event).seats[wide(seat)].kind;
    let all = (0..)
        .zip(&p.resources)
        .filter(|(_, r)| r.kind == kind)
        .map(|(at, _)| at);
    let all: Vec<u32> = all.collect();
    let least = all.iter().map(|r| static_price(p, event, seat, *r)).min();
    let mut choices: Vec<Option<u32>> = vec![None];
    choices.extend(
        all.iter()
            .filter(|r| Some(static_price(p, event, seat, **r)) == least)
            .map(|r| Some(*r)),
    );
    let costs = choices.into_iter().map(|who| {
        let mut there = there.clone();
        there.meets[wide(meet)].resources[wide(seat)] = who;
        evaluate(p, &there)
    });
    costs.min().unwrap()
}

#[test]
fn every_price_and_reason_is_what_full_evaluation_says() {
    let (mut pairs, mut clashes, mut rooms, mut seed) = (0, 0, 0, 0);
    while pairs < 1000 || clashes < 100 || rooms < 100 {
        seed += 1;
        let p = random_problem::problem(seed, seed % 16 == 0);
        let ground = Ground::new(&p);
        let mut random = Random::new(seed ^ 77);
        let solution = some_timetable(&p, &ground, &mut random);
        let before = evaluate(&p, &solution);
        let mut advisor = Advisor::new(&p, &ground, &solution);
        assert_eq!(advisor.cost(), before);
        let meet = random.below(u32::try_from(solution.meets.len()).unwrap());
        let group = advisor.together(meet);
        let cells = advisor.cells(meet);
        let own = &solution.meets[wide(meet)];
        if p.event(own.event).time.is_some() {
            assert!(
                cells.is_empty() && group.is_empty(),
                "a fixed card has no other place"
            );
            continue;
        }
        assert_eq!(group[0], meet);
        let starts: Vec<u32> = cells.iter().map(|c| c.start).collect();
        let last = p.time_count() - own.duration;
        assert_eq!(starts, (0..=last).collect::<Vec<_>>(), "every cell");
        let gone = without(&solution, &group);
        for cell in &cells {
            pairs += 1;
            let there = applied(&solution, &group, cell);
            let cost = evaluate(&p, &there);
            let delta = Cost {
                hard: cost.hard - before.hard,
                soft: cost.soft - before.soft,
            };
            assert_eq!(cell.delta, delta, "seed {seed}, cell {}", cell.start);
            let mut found: BTreeMap<(u32, String), Vec<i64>> = BTreeMap::new();
            for why in &cell.reasons {
                assert_eq!(p.constraints[wide(why.constraint)].required, why.hard);
                let key = (why.constraint, format!("{:?}", why.subject));
                found.entry(key).or_default().push(why.price);
                if let (Rule::AvoidClashes(_), Subject::Resource(who)) =
                    (&p.constraints[wide(why.constraint)].rule, why.subject)
                {
                    clashes += 1;
                    assert_eq!(why.meets, clashing(&p, &there, &group, who), "seed {seed}");
                }
            }
            assert_eq!(
                found,
                risen(&p, &there, [&gone, &solution]),
                "seed {seed}, cell {}",
                cell.start
            );
            assert_eq!(cell.is_free(), !cell.reasons.iter().any(|r| r.hard));
            if let ([only], [_]) = (cell.seats.as_slice(), group.as_slice()) {
                rooms += 1;
                assert_eq!(
                    best_by_hand(&p, &there, only.meet, only.seat),
                    cost,
                    "seed {seed}"
                );
            }
        }
        assert_eq!(advisor.cost(), before, "asking changes nothing");
        assert_eq!(advisor.solution(), solution);
    }
}

/// Every kind of rule closes a cell for some card, with a reason that names it; and where others can be in the way, they are named.
/// A kind of which advice knows nothing is found here.
#[test]
fn every_kind_of_rule_is_a_reason_and_names_who_is_in_the_way() {
    // about the card alone: who sits there, when and how long it may be, what its people may do at all
    const ALONE: [&str; 9] = [
        "AssignResource",
        "AssignTime",
        "AvoidSplitAssignments",
        "AvoidUnavailableTimes",
        "DistributeSplitEvents",
        "LimitWorkload",
        "PreferResources",
        "PreferTimes",
        "SplitEvents",
    ];
    let mut reasons: BTreeSet<&str> = BTreeSet::new();
    let mut named: BTreeSet<&str> = BTreeSet::new();
    for seed in 1..=60 {
        let p = random_problem::any_problem(seed, false);
        let ground = Ground::new(&p);
        let solution = some_timetable(&p, &ground, &mut Random::new(seed ^ 991));
        let mut advisor = Advisor::new(&p, &ground, &solution);
        for meet in 0..u32::try_from(solution.meets.len()).unwrap() {
            for why in advisor.cells(meet).into_iter().flat_map(|cell| cell.reasons) {
                let kind = p.constraints[wide(why.constraint)].rule.kind();
                reasons.insert(kind);
                if !why.meets.is_empty() {
                    named.insert(kind);
                }
            }
        }
    }
    let never: Vec<&str> = Rule::KINDS
        .iter()
        .copied()
        .filter(|k| !reasons.contains(k))
        .collect();
    assert_eq!(never, ["AssignTime"], "whoever gets a place has a time");
    let silent: Vec<&str> = reasons.difference(&named).copied().collect();
    let more: Vec<&&str> = silent.iter().filter(|k| !ALONE.contains(k)).collect();
    assert!(more.is_empty(), "reasons that name nobody: {more:?}");
}

#[test]
fn a_card_whose_cell_is_blocked_finds_a_short_chain() {
    let p = town::problem();
    let ground = Ground::new(&p);
    let solution = town::solved(&p, 5);
    let before = evaluate(&p, &solution);
    let mut random = Random::new(9);
    let (mut found, cases) = (0, 200);
    for _ in 0..cases {
        let meet = random.below(u32::try_from(solution.meets.len()).unwrap());
        let barred = solution.meets[wide(meet)].time.unwrap();
        let mut advisor = Advisor::new(&p, &ground, &solution);
        let hunt = Hunt::default();
        let Some(chain) = advisor.chain(meet, &[barred], hunt) else {
            continue;
        };
        assert_eq!(advisor.solution(), solution, "hunting changes nothing");
        assert!((1..=3).contains(&chain.steps));
        assert_eq!(chain.moves.len(), chain.meets.len());
        assert_eq!((chain.meets[0], chain.moves[0].from), (meet, Some(barred)));
        advisor.carry_out(&chain);
        let after = evaluate(&p, &advisor.solution());
        assert_eq!(after, advisor.cost());
        assert_eq!((after.hard, after.soft - before.soft), (0, chain.delta.soft));
        assert_ne!(advisor.solution().meets[wide(meet)].time, Some(barred));
        // The same question has the same answer.
        let mut again = Advisor::new(&p, &ground, &solution);
        assert_eq!(again.chain(meet, &[barred], hunt), Some(chain));
        found += 1;
    }
    assert!(found * 10 >= cases * 8, "{found} of {cases}");
}

#[test]
fn a_card_that_lies_beside_the_timetable_is_placed_without_new_harm() {
    let p = town::problem();
    let ground = Ground::new(&p);
    let solution = town::solved(&p, 4);
    let mut random = Random::new(3);
    for _ in 0..20 {
        let meet = random.below(u32::try_from(solution.meets.len()).unwrap());
        let barred = solution.meets[wide(meet)].time.unwrap();
        let mut cut = solution.clone();
        cut.meets[wide(meet)].time = None;
        let before = prices(&p, &cut);
        let mut advisor = Advisor::new(&p, &ground, &cut);
        let chain = advisor.chain(meet, &[barred], Hunt::default()).expect("a chain");
        assert_eq!(chain.moves[0].from, None);
        assert!(chain.delta.hard < 0);
        advisor.carry_out(&chain);
        for (key, price) in prices(&p, &advisor.solution()) {
            let worse = before.get(&key) != Some(&price);
            assert!(
                !worse || !p.constraints[wide(key.0)].required,
                "{key:?} is broken anew"
            );
        }
    }
}

#[test]
fn the_shortest_chain_is_found_first() {
    let p = town::problem();
    let ground = Ground::new(&p);
    let solution = town::solved(&p, 3);
    let mut advisor = Advisor::new(&p, &ground, &solution);
    let mut lengths = std::collections::BTreeSet::new();
    for meet in 0..60 {
        let blocked = [solution.meets[wide(meet)].time.unwrap()];
        let free = |c: &Cell| c.is_free() && !blocked.contains(&c.start);
        let direct = advisor.cells(meet).iter().any(free);
        let chain = advisor.chain(meet, &blocked, Hunt::default());
        lengths.extend(chain.as_ref().map(|c| c.steps));
        assert_eq!(direct, chain.is_some_and(|c| c.steps == 1));
        let short = Hunt {
            longest: 1,
            ..Hunt::default()
        };
        assert_eq!(advisor.chain(meet, &blocked, short).is_some(), direct);
        assert!(advisor.chain(meet, &[], Hunt { longest: 3, work: 0 }).is_none());
        assert_eq!(advisor.spent(), 0);
    }
    assert!(lengths.len() > 1, "chains of several lengths: {lengths:?}");
}
