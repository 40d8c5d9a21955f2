//! What is said to be impossible is: problems with all kinds of rules and a timetable that meets every requirement are
//! never said to have a contradiction, and no wish is said to be unavoidable further than that timetable breaks it.
#![cfg(feature = "engine")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod core_only;
mod random_problem;
mod town;

use timetable::problem::{Problem, Solution, breaches};
use timetable::search::explain::{conflicts, unavoidable};
use timetable::search::{Ground, Plan, Search, Tuning};

const STEPS: u64 = 50_000_000;

fn searched(p: &Problem, seed: u64, work: u64) -> Solution {
    let ground = Ground::new(p);
    let plan = Plan {
        seed,
        lane: 0,
        work,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(64) {}
    search.best().completed(p).unwrap()
}

/// Makes wishes of all constraints that a timetable breaks.
fn made_possible(p: &mut Problem, solution: &Solution) {
    for breach in breaches(p, solution).breaches {
        p.constraints[usize::try_from(breach.constraint).unwrap()].required = false;
    }
}

#[test]
fn nothing_is_called_impossible_that_is_possible() {
    let mut still_required = 0;
    for seed in 0..400 {
        let mut p = random_problem::problem(seed, seed % 40 == 0);
        let planted = searched(&p, seed, 400);
        made_possible(&mut p, &planted);
        assert_eq!(breaches(&p, &planted).cost.hard, 0);
        still_required += p.constraints.iter().filter(|c| c.required).count();
        let found = conflicts(&p, 3, STEPS);
        assert_eq!(found, vec![], "seed {seed}");
    }
    assert!(
        still_required > 1000,
        "{still_required} requirements are too few to try it"
    );
}

/// The same with our own kinds beside: relations of two, early beginnings, ways.
#[test]
fn nothing_is_called_impossible_with_any_kind_of_rule() {
    for seed in 0..400 {
        let mut p = random_problem::any_problem(seed, seed % 40 == 0);
        let planted = searched(&p, seed, 400);
        made_possible(&mut p, &planted);
        assert_eq!(conflicts(&p, 3, STEPS), vec![], "seed {seed}");
    }
}

#[test]
fn no_wish_is_called_unavoidable_beyond_what_can_be_had() {
    let mut proved = 0;
    for seed in 0..120 {
        let mut p = random_problem::problem(seed, false);
        let planted = searched(&p, seed, 400);
        made_possible(&mut p, &planted);
        let best = breaches(&p, &planted);
        let other = breaches(&p, &searched(&p, seed + 1, 64));
        for breach in &other.breaches {
            if p.constraints[usize::try_from(breach.constraint).unwrap()].required {
                continue;
            }
            let Some(found) = unavoidable(&p, breach, STEPS) else {
                continue;
            };
            proved += 1;
            let same = |b: &&timetable::problem::Breach| {
                b.constraint == breach.constraint && b.subject == breach.subject
            };
            let there = best.breaches.iter().find(same).map_or(0, |b| b.deviation);
            assert!(found.least <= there, "seed {seed}: {breach:?} {found:?}");
            core_only::assert_minimal(&found.problem, &found.conflict);
        }
    }
    assert!(proved > 50, "only {proved} proofs");
}

#[test]
fn whatever_is_impossible_is_shown_by_requirements_none_of_which_is_needless() {
    let mut found = 0;
    for seed in 0..300 {
        let p = match seed % 2 {
            0 => random_problem::problem(seed / 2, false),
            _ => random_problem::any_problem(seed, false),
        };
        for conflict in conflicts(&p, 2, STEPS) {
            found += 1;
            core_only::assert_minimal(&p, &conflict);
        }
    }
    assert!(found > 100, "only {found}");
}

/// A full week that can be met, and the same with each lesson locked where a valid timetable has it.
#[test]
fn a_tight_town_is_possible() {
    let mut p = town::problem();
    assert_eq!(conflicts(&p, 1, STEPS), vec![]);
    let solved = town::solved(&p, 1);
    for meet in &solved.meets {
        p.events[usize::try_from(meet.event).unwrap()].time = meet.time;
    }
    assert_eq!(conflicts(&p, 1, STEPS), vec![]);
}
