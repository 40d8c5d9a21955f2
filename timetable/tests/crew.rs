//! A crew of searches on a school's board: repeatable, never worse than what was known, stopped at once.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use small_school::*;
use timetable::compose::{At, Budget, Composition, Crew, Lead, Member, Next, Order, Report, places};
use timetable::problem::{Cost, Solution, evaluate};
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

/// Microseconds of the clock that a portion takes, after so many moves.
type Micros = fn(u64) -> u64;

/// Microseconds of a portion after so many moves, in all: of moves that become six times as fast, and of such that become
/// three times as slow.
fn quickening(moves: u64) -> u64 {
    6000_u64.saturating_sub(moves / 12).max(1000)
}
fn slowing(moves: u64) -> u64 {
    (1000 + moves / 60).min(3000)
}

/// Whatever moves come to cost, the time is used up, and not more than it.
#[test]
fn searches_end_with_their_time_however_fast_moves_become() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let rates: [(u32, Micros, &str); 3] = [
        (1, quickening, "quicker"),
        (2, quickening, "quicker, two"),
        (1, slowing, "slower"),
    ];
    for (searches, cost, name) in rates {
        let now = AtomicU64::new(0);
        let clock = || Duration::from_micros(now.load(Ordering::Relaxed));
        let watch = |search: &Search<'_>| {
            now.fetch_add(cost(search.done()) / u64::from(searches), Ordering::Relaxed);
            true
        };
        let whole = Duration::from_millis(800);
        let mut crew = Crew::new(&ground, 1, searches, None);
        crew.run(Budget::Time(whole), &clock, &watch);
        assert_ne!(crew.best().0, Cost::default(), "{name}: it had no reason to end");
        let used = clock();
        assert!(used >= whole * 97 / 100, "{name}: {used:?} of {whole:?}");
        assert!(used <= whole + Duration::from_millis(20), "{name}: {used:?}");
    }
}

/// Members that a lead leads, without threads. `speeds`: portions that each does between two reports; `lost`: whom nobody hears of after
/// so many reports.
fn led(
    composition: &Composition,
    ground: &Ground,
    speeds: &[u32],
    lost: Option<(usize, u32)>,
) -> (Cost, Solution, Vec<u64>) {
    let number = |n: usize| u32::try_from(n).unwrap();
    let mut members: Vec<_> = (0..speeds.len())
        .map(|n| Member::new(composition, ground, 1, number(n)))
        .collect();
    let mut lead = Lead::new(speeds.len(), Budget::Work(60_000));
    let mut reports = 0;
    for _ in 0..100_000 {
        let who = match lead.next(Duration::ZERO) {
            Next::Over => {
                let (leader, cost) = lead.best().unwrap();
                let moves = members.iter().map(|member| member.report().moves).collect();
                return (cost, members[leader].found().solution, moves);
            }
            Next::GoOn(who) => who,
            Next::Take(who, order) => {
                who.iter().for_each(|n| members[*n].take(order.clone()));
                who
            }
            Next::Round { leader, work } => {
                let found = members[leader].found();
                for (n, member) in members.iter_mut().enumerate() {
                    let from = (n != leader).then(|| found.clone());
                    member.take(Order::Round { work, from });
                }
                (0..speeds.len()).collect()
            }
        };
        for n in who {
            reports += 1;
            if lost.is_some_and(|(who, after)| who == n && reports > after) {
                lead.hear(n, None);
                continue;
            }
            for _ in 0..speeds[n] {
                members[n].step();
            }
            lead.hear(n, Some(members[n].report()));
        }
    }
    panic!("it does not end");
}

#[test]
fn members_in_places_of_their_own_come_to_the_same_whoever_is_faster() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let (cost, solution, moves) = led(&composition, &ground, &[1000, 1000], None);
    for speeds in [[1, 7], [90, 2]] {
        let again = led(&composition, &ground, &speeds, None);
        assert_eq!(again, (cost, solution.clone(), moves.clone()));
    }
    assert!(
        moves.iter().all(|moves| *moves > 50_000),
        "both have worked: {moves:?}"
    );
    assert_eq!(cost.hard, 0);
    let whole = solution.completed(composition.problem()).unwrap();
    assert_eq!(evaluate(composition.problem(), &whole), cost);
    // one alone is the same search as a crew of one
    let (alone, ..) = led(&composition, &ground, &[5], None);
    let mut crew = Crew::new(&ground, 1, 1, None);
    crew.run(Budget::Work(60_000), &still(), &|_: &Search<'_>| true);
    assert_eq!(crew.best().0, alone);
    assert!(cost <= alone, "two are no worse here: {cost} {alone}");
}

/// The lead uses the time up by the same rule.
#[test]
fn members_end_with_the_time_however_fast_moves_become() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let rates: [(Micros, &str); 2] = [(quickening, "quicker"), (slowing, "slower")];
    for (cost, name) in rates {
        let whole = Duration::from_secs(3);
        let mut lead = Lead::new(2, Budget::Time(whole));
        let mut members = [0, 1].map(|n| Member::new(&composition, &ground, 1, n));
        let (mut gone, mut plans) = (Duration::ZERO, 0);
        loop {
            let who = match lead.next(gone) {
                Next::Over => break,
                Next::GoOn(who) => who,
                Next::Take(who, order) => {
                    plans += u32::from(matches!(order, Order::Rest(_)));
                    who.iter().for_each(|n| members[*n].take(order.clone()));
                    who
                }
                Next::Round { work, .. } => {
                    let order = Order::Round { work, from: None };
                    members.iter_mut().for_each(|member| member.take(order.clone()));
                    vec![0, 1]
                }
            };
            // both work at once: their slower portion is what passes
            let mut took = 0;
            for n in who {
                members[n].step();
                took = took.max(cost(members[n].report().moves));
                lead.hear(n, Some(members[n].report()));
            }
            gone += Duration::from_micros(took.max(1));
        }
        assert!(plans > 1, "{name}: planned anew {plans} times");
        assert!(gone >= whole * 97 / 100, "{name}: {gone:?}");
        assert!(gone <= whole + Duration::from_millis(20), "{name}: {gone:?}");
    }
}

#[test]
fn who_is_lost_on_the_way_does_not_hold_up_the_others() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    for after in [0, 3, 40] {
        let (cost, ..) = led(&composition, &ground, &[20, 20], Some((0, after)));
        assert_eq!(cost.hard, 0, "after {after}");
    }
    let mut nobody = Lead::new(1, Budget::Work(1));
    nobody.hear(0, None);
    assert_eq!(nobody.next(Duration::ZERO), Next::Over);
    assert_eq!(nobody.best(), None);
}

#[test]
fn a_first_timetable_is_made_whatever_the_time_and_then_the_time_ends_it() {
    let report = |at, soft| {
        let cost = Cost { hard: 0, soft };
        Some(Report { at, cost, moves: 0 })
    };
    let second = Duration::from_secs(1);
    let mut late = Lead::new(2, Budget::Time(second));
    assert_eq!(late.next(Duration::ZERO), Next::GoOn(vec![0, 1]));
    late.hear(0, report(At::Pause, 9));
    assert_eq!(late.next(second * 3), Next::GoOn(vec![1]));
    assert_eq!(late.best(), None, "the other may become better");
    late.hear(1, report(At::Pause, 7));
    assert_eq!(late.next(second * 4), Next::Over);
    assert_eq!(late.best(), Some((1, Cost { hard: 0, soft: 7 })));
    // later on nobody is waited for
    let mut lead = Lead::new(1, Budget::Time(second));
    lead.hear(0, report(At::Pause, 9));
    assert_eq!(lead.next(Duration::ZERO), Next::Take(vec![0], Order::Learn));
    lead.hear(0, report(At::Busy, 9));
    assert_eq!(lead.next(second / 2), Next::GoOn(vec![0]));
    assert_eq!(lead.next(second), Next::Over);
}

/// What comes from elsewhere and fits no problem is left aside.
#[test]
fn a_timetable_of_another_school_is_not_taken_over() {
    let board = full();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let mut member = Member::new(&composition, &ground, 1, 0);
    while member.step() {}
    member.take(Order::Learn);
    while member.step() {}
    let before = member.report().cost;
    let mut found = member.found();
    found.solution.meets[0].event = 9999;
    member.take(Order::Round {
        work: Some(1000),
        from: Some(found),
    });
    while member.step() {}
    assert!(member.report().cost <= before);
    assert_ne!(member.report().at, At::Busy);
}
