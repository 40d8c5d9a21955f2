//! A crew of searches on a school's board: repeatable, never worse than what was known, stopped at once.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use small_school::*;
use timetable::compose::{Budget, Composition, Crew, places};
use timetable::problem::{Cost, evaluate};
use timetable::search::{Ground, Search};
use timetable::*;

/// Two classes with full weeks; the wishes of the teachers cannot all be met.
fn full() -> Board {
    let mut spec = school();
    spec.wishes.teacher_window = 2;
    spec.teachers[0].days_per_week = limit(2);
    spec.teachers[1].windows_per_week = limit(0);
    let cards = (0..44).map(|n| lesson(n % 7, n % 3, class(n % 2)));
    board(spec, cards.collect())
}

fn still() -> impl Fn() -> Duration + Sync {
    || Duration::ZERO
}

#[test]
fn seed_number_and_work_decide_and_nothing_else() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let run = |seed, searches| {
        let mut crew = Crew::new(&ground, seed, searches, None);
        crew.run(Budget::Work(30_000), &still(), &|_: &Search<'_>| true);
        crew.best()
    };
    for searches in 1..4 {
        let (cost, solution) = run(1, searches);
        assert_eq!(run(1, searches), (cost, solution.clone()));
        let whole = solution.completed(composition.problem()).unwrap();
        assert_eq!(evaluate(composition.problem(), &whole), cost);
        assert_eq!(cost.hard, 0);
    }
    assert_ne!(run(1, 2).1, run(2, 2).1, "another seed goes another way");
}

#[test]
fn what_is_known_is_never_lost() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let mut crew = Crew::new(&ground, 1, 2, None);
    crew.run(Budget::Work(60_000), &still(), &|_: &Search<'_>| true);
    let (cost, solution) = crew.best();
    let known = solution.completed(composition.problem()).unwrap();
    // stopped before it has begun, or after next to no work: still that one, or a better one
    for portions in [0, 3, 20] {
        let left = AtomicU64::new(portions);
        let mut again = Crew::new(&ground, 9, 2, Some(&known));
        again.run(Budget::Time(Duration::from_secs(1)), &still(), &|_: &Search<
            '_,
        >| {
            left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                .is_ok()
        });
        assert!(again.best().0 <= cost);
    }
    // brought onto the board and back it is the same
    let settled = composition.settle(&known);
    let back = composition.solution(&places(&settled));
    assert!(evaluate(composition.problem(), &back) <= cost);
}

/// A clock that jumps ends it; one that stands still does not hold it beyond its work.
#[test]
fn the_clock_ends_it() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let looks = AtomicU64::new(0);
    let clock = || Duration::from_millis(looks.fetch_add(1, Ordering::Relaxed));
    let mut crew = Crew::new(&ground, 1, 2, None);
    crew.run(Budget::Time(Duration::from_millis(900)), &clock, &|_: &Search<
        '_,
    >| true);
    let looked = looks.load(Ordering::Relaxed);
    assert!((500..5000).contains(&looked), "{looked}");
    assert!(crew.best().0 < Cost { hard: 1, soft: 0 });
    assert!(crew.moves() > 0);
}
