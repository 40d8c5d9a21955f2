//! A class's day begins with its first bell: facts in, verdict out; the same to the search.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use small_school::*;
use timetable::compose::{Cause, Composition, Counsel, Demand, Lane, places};
use timetable::problem::{Cost, evaluate};
use timetable::search::{Ground, Plan, Tuning};
use timetable::*;

fn spec() -> BoardSpec {
    let mut spec = school();
    spec.classes[0].limits.late_start = limit(0);
    // the second shift: bells from the third slot on
    spec.classes[0].bells = TimeSet::daily(5, 2, 6);
    spec
}

#[test]
fn a_day_that_begins_late_costs_and_the_first_lesson_mends_it() {
    let cards = |lying: &[(u16, u16)]| {
        let mut cards = vec![lesson(0, 0, class(0))];
        cards.extend(lying.iter().map(|(d, s)| at(lesson(1, 1, class(0)), *d, *s)));
        board(spec(), cards)
    };
    let empty = cards(&[]);
    assert_eq!(judge(&empty, 0, 2).level, Level::Good);
    assert_eq!(
        reasons(&empty, 0, 3, Level::Poor),
        [limit_reason(LimitKind::LateStart, 1, 0)]
    );
    let begun = cards(&[(0, 2)]);
    assert_eq!(judge(&begun, 0, 4).level, Level::Good, "the day has begun");
    let late = cards(&[(0, 4)]);
    assert_eq!(judge(&late, 0, 3).penalty, 0, "it was late before");
    assert_eq!(judge(&late, 0, 2).penalty, -5);
    assert_eq!(
        late.conflicts()[0].reason,
        limit_reason(LimitKind::LateStart, 1, 0)
    );
}

/// As a must a day may begin late as long as a card of the tray can still begin it.
#[test]
fn a_must_closes_a_late_cell_only_where_the_tray_cannot_begin_the_day() {
    let mut spec = spec();
    spec.classes[0].limits.late_start = limit(0).map(|l| Limit { hard: true, ..l });
    // on Friday the class comes an hour later: its day begins then
    spec.classes[0].away.insert(4, 2);
    for (waiting, level) in [(0, Level::Clash), (1, Level::Good)] {
        let mut cards = vec![lesson(0, 0, class(0))];
        cards.extend((0..waiting).map(|_| lesson(2, 2, class(0))));
        let board = board(spec.clone(), cards);
        assert_eq!(judge(&board, 0, 3).level, level, "{waiting} wait");
        assert_eq!(
            (judge(&board, 0, 2).level, judge(&board, 4, 3).level),
            (Level::Good, Level::Good)
        );
    }
    let late = board(spec, vec![at(lesson(1, 1, class(0)), 0, 4)]);
    let told: Vec<Level> = late.conflicts().into_iter().map(|p| p.level).collect();
    assert_eq!(told, [Level::Clash]);
    let composition = Composition::new(&late, &[]);
    let cost = evaluate(composition.problem(), &composition.solution(&places(&late)));
    assert_eq!((cost.hard, cost.soft), (1, 0));
    let settled = composition.settle(&composition.solution(&places(&late)));
    assert!(settled.conflicts().iter().all(|p| p.level != Level::Clash));
}

#[test]
fn the_search_counts_late_days_and_begins_them_in_time() {
    let lie = [(0, 3), (1, 2), (1, 3), (2, 5)];
    let cards = lie.iter().map(|(d, s)| at(lesson(1, 1, class(0)), *d, *s));
    let board = board(spec(), cards.collect());
    let composition = Composition::new(&board, &[]);
    let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
    assert_eq!((cost.hard, cost.soft), (0, 10), "two days of three begin late");
    let ground = Ground::new(composition.problem());
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 3000,
        tuning: Tuning::default(),
    };
    let mut lane = Lane::new(&ground, plan, None);
    while lane.run(512) {}
    assert_eq!(lane.cost(), Cost::default());
}

/// A subgroup that is elsewhere at the first hour begins with the second one; the others still with the first.
#[test]
fn who_is_never_there_at_the_first_hour_begins_with_the_next() {
    for hard in [true, false] {
        let mut spec = spec();
        spec.classes[0].limits.late_start = limit(0).map(|l| Limit { hard, ..l });
        for day in 0..5 {
            spec.groups[0].away.insert(day, 2);
        }
        let level = if hard { Level::Clash } else { Level::Poor };
        let of = |who: u32| board(spec.clone(), vec![lesson(0, 0, group(who))]);
        let levels = |who: u32| [2, 3, 4].map(|slot| judge(&of(who), 0, slot).level);
        assert_eq!(levels(0), [Level::Clash, Level::Good, level], "hard: {hard}");
        assert_eq!(levels(1), [Level::Good, level, level], "hard: {hard}");
        // as it lies, and as the search counts it
        for (slot, late) in [(3, 0), (4, 1)] {
            let other = at(lesson(1, 1, group(1)), 0, 2);
            let board = board(spec.clone(), vec![at(lesson(0, 0, group(0)), 0, slot), other]);
            assert_eq!(board.conflicts().len(), late, "{:?}", board.conflicts());
            let composition = Composition::new(&board, &[]);
            let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
            assert_eq!(cost.hard + cost.soft > 0, late > 0, "{cost:?}");
        }
        // nothing is proved of them that is not so
        let cards = vec![lesson(0, 0, group(0)), lesson(1, 1, group(1))];
        let board = board(spec, cards);
        assert_eq!(Counsel::new(&board).contradictions(5, 1_000_000), []);
        let composition = Composition::new(&board, &[]);
        let ground = Ground::new(composition.problem());
        let plan = Plan {
            seed: 1,
            lane: 0,
            work: 3000,
            tuning: Tuning::default(),
        };
        let mut lane = Lane::new(&ground, plan, None);
        while lane.run(512) {}
        assert_eq!(lane.cost(), Cost::default());
    }
}

/// Three locked lessons of a class, each after the first bell of its day, and two that may begin a day: who, and how many days, is named.
#[test]
fn days_that_cannot_all_begin_are_told_with_whose_and_how_many() {
    let mut spec = spec();
    spec.classes[0].limits.late_start = limit(0).map(|l| Limit { hard: true, ..l });
    let locked = |day: u16| CardSpec {
        locked: true,
        ..at(lesson(0, 0, class(0)), day, 4)
    };
    let free = || lesson(1, 1, class(0));
    let board = board(spec, vec![free(), free(), locked(0), locked(1), locked(2)]);
    let found = Counsel::new(&board).contradictions(5, 1_000_000);
    let [told] = found.as_slice() else {
        panic!("{found:?}")
    };
    let whose = Some(unmet::Whose::Class(ClassIx(0)));
    let cause = Cause::Begins {
        whose,
        needed: 3,
        available: 2,
    };
    assert_eq!(told.cause, cause, "{told:?}");
    let late = Demand::Limit(unmet::Whose::Class(ClassIx(0)), LimitKind::LateStart);
    assert!(told.demands.contains(&late), "{told:?}");
}
