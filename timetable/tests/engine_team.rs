//! Several searches at once: the same result whatever the portions and whoever is faster; a stop is heard soon, also while the first
//! timetable is being made.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod random_problem;
mod town;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use proptest::prelude::*;
use timetable::problem::{Problem, Solution, evaluate};
use timetable::search::{Ground, Means, Plan, Search, Team, Tuning, Ways};

fn plan(seed: u64, work: u64) -> Plan {
    Plan {
        seed,
        lane: 0,
        work,
        tuning: Tuning::default(),
    }
}

fn run(p: &Problem, seed: u64, lanes: u32, work: u64, portion: u64) -> Solution {
    let ground = Ground::new(p);
    let mut team = Team::new(&ground, plan(seed, work), lanes);
    let watch = |_: &Search<'_>| true;
    assert!(team.build(&watch, portion) && team.learn(&watch));
    while team.go_on() && team.run_round(&watch, portion) {}
    let (cost, solution) = team.best();
    assert_eq!(evaluate(p, &solution.clone().completed(p).unwrap()), cost);
    solution
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_team_is_repeatable_and_true(seed in any::<u64>(), lanes in 1_u32..4) {
        let p = random_problem::problem(seed, false);
        prop_assert_eq!(run(&p, seed, lanes, 40_000, 512), run(&p, seed, lanes, 40_000, 77));
    }

    #[test]
    fn stopped_at_any_moment_there_is_a_whole_timetable(seed in any::<u64>(), portions in 0_u64..400) {
        let p = random_problem::problem(seed, false);
        let ground = Ground::new(&p);
        let left = AtomicU64::new(portions);
        let mut team = Team::new(&ground, plan(seed, 4000), 1);
        let watch = |_: &Search<'_>| {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok()
        };
        if team.build(&watch, 1) && team.learn(&watch) {
            while team.go_on() && team.run_round(&watch, 16) {}
        }
        let (cost, solution) = team.best();
        let solution = solution.completed(&p);
        prop_assert!(solution.is_ok());
        prop_assert_eq!(evaluate(&p, &solution.unwrap()), cost);
    }
}

#[test]
fn a_team_meets_the_towns_week_as_one_search_does() {
    let p = town::problem();
    let alone = town::solved(&p, 1);
    let together = run(&p, 1, 2, 200_000, 512).completed(&p).unwrap();
    assert_eq!(evaluate(&p, &alone).hard, 0);
    assert_eq!(evaluate(&p, &together).hard, 0);
}

/// Between two looks at whether it should stop, a search changes the timetable at most so often: a tenth of what a slow machine
/// does in 100 ms.
const MOST_CHANGES: u64 = 60_000;

#[test]
fn a_stop_is_heard_soon() {
    for p in [
        town::problem(),
        random_problem::problem(7, true),
        random_problem::problem(8, true),
    ] {
        let ground = Ground::new(&p);
        let mut search = Search::begin(&ground, plan(1, 60_000));
        let (mut before, mut most, mut looks) = (search.changes(), 0, 0);
        while search.run(512) {
            most = most.max(search.changes() - before);
            before = search.changes();
            looks += 1;
        }
        assert!(looks > 20, "{looks} looks");
        assert!(most < MOST_CHANGES, "{most} changes without a look");
    }
}

/// A run by the clock tells its rounds, and told to another team they come to the same: the clock has decided how much there was to do
/// and nothing else. One of the problems gives times first.
#[test]
fn what_the_clock_planned_is_repeated_without_it() {
    for (p, lanes) in [
        (town::problem(), 1),
        (random_problem::problem(7, true), 2),
        (random_problem::problem(11, true), 3),
    ] {
        let ground = Ground::new(&p);
        let run = |means: &Means, pace: u64| {
            let now = AtomicU64::new(0);
            let clock = || Duration::from_micros(now.load(Ordering::Relaxed));
            let watch = |search: &Search<'_>| {
                now.fetch_add(
                    pace.saturating_sub(search.done() / 60).max(pace / 8),
                    Ordering::Relaxed,
                );
                true
            };
            let mut team = Team::new(&ground, plan(5, 0), lanes);
            assert!(team.build(&|_: &Search<'_>| true, 256));
            let ways = Ways {
                watch: &watch,
                clock: &clock,
                portion: 256,
            };
            let mut rates = vec![];
            team.run(means, None, &ways, |rate| rates.push(rate));
            let done: Vec<u64> = team.lanes().iter().map(Search::done).collect();
            (team.best(), team.worked(), done, rates)
        };
        let (best, worked, done, rates) = run(&Means::Time(Duration::from_secs(1)), 2000);
        let (cost, _) = best;
        let told = Means::Rounds(worked.clone());
        for pace in [0, 5000] {
            let again = run(&told, pace);
            assert_eq!((&again.0, &again.1, &again.2), (&best, &worked, &done));
        }
        if cost > timetable::problem::Cost::default() {
            assert!(
                worked.last().unwrap().len() > 3,
                "the last round has legs: {worked:?}"
            );
            assert!(worked[..worked.len() - 1].iter().all(|legs| legs.len() == 1));
            assert!(
                rates.len() > 1 && rates.windows(2).all(|r| r[1] > r[0] * 0.9),
                "{rates:?}"
            );
        }
    }
}
