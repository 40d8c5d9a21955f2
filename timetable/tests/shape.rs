//! The shape of a class's week: an easier day, lighter first and last days, homework. Facts in, penalty out; and the search counts
//! the same.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::compose::{Composition, Counsel, Pains, places};
use timetable::problem::evaluate;
use timetable::*;

/// Wednesday and Thursday.
const MIDDLE: u64 = 0b1100;
/// Monday and Friday.
const EDGES: u64 = 0b1_0001;

fn days(days: u64) -> Option<PeakDays> {
    Some(PeakDays {
        days,
        norm: NORM,
        penalty: 3,
    })
}

fn asked(limits: Limits) -> BoardSpec {
    let mut spec = school();
    spec.classes[0].limits = limits;
    spec
}

fn of_points(points: u16) -> CardSpec {
    CardSpec {
        difficulty: points,
        ..lesson(0, 0, class(0))
    }
}

/// Fifty points on five days: ten are an average day.
#[test]
fn the_first_and_the_last_day_are_no_harder_than_an_average_one() {
    let limits = Limits {
        edge_days: days(EDGES),
        ..Limits::default()
    };
    let cards = |first: u16| {
        let mut cards = vec![of_points(first), at(of_points(8), 0, 0), at(of_points(8), 2, 0)];
        cards.extend((0..4).map(|n| at(of_points(if n == 0 { 34 - first } else { 0 }), 1, n)));
        cards
    };
    let board = board(asked(limits), cards(6));
    // 6 + 8 + 8 + 28 = 50
    assert_eq!(
        reasons(&board, 0, 1, Level::Poor),
        [limit_reason(LimitKind::EdgeDay, 14, 10)]
    );
    assert_eq!(judge(&board, 0, 1).penalty, 4 * 3, "four points too many");
    assert_eq!(judge(&board, 4, 0).level, Level::Good, "six are fewer than ten");
    assert_eq!(judge(&board, 2, 1).level, Level::Good, "Wednesday is no edge");
}

#[test]
fn one_of_the_days_in_the_middle_is_below_the_average() {
    let limits = Limits {
        light_days: days(MIDDLE),
        ..Limits::default()
    };
    // 10 + 10 + 10 + 20 = 50: below ten is nine
    let cards = |thursday: Option<u16>| {
        let mut cards = vec![of_points(10), at(of_points(10), 2, 0), at(of_points(20), 1, 0)];
        cards.push(thursday.map_or_else(|| of_points(10), |slot| at(of_points(10), 3, slot)));
        cards
    };
    let light = board(asked(limits), cards(None));
    assert_eq!(judge(&light, 2, 1).level, Level::Good, "Thursday is empty");
    assert_eq!(
        reasons(&light, 3, 0, Level::Poor),
        [limit_reason(LimitKind::LightDay, 10, 9)]
    );
    assert_eq!(judge(&light, 3, 0).penalty, 3);
    let both = board(asked(limits), cards(Some(0)));
    assert_eq!(
        judge(&both, 3, 1).penalty,
        0,
        "Wednesday is still the lighter one"
    );
    let told: Vec<_> = both.conflicts().into_iter().map(|p| (p.day, p.reason)).collect();
    assert_eq!(told, [(Some(2), limit_reason(LimitKind::LightDay, 10, 9))]);
}

#[test]
fn homework_is_counted_by_lessons_of_one_pupil() {
    let limits = Limits {
        homework_per_day: limit(1),
        ..Limits::default()
    };
    let much = |subject, audience| CardSpec {
        homework: true,
        ..lesson(subject, subject, audience)
    };
    let cards = vec![
        much(0, class(0)),
        at(much(1, class(0)), 0, 0),
        at(lesson(2, 2, class(0)), 0, 1),
        // two halves at once are one lesson of a pupil
        at(much(1, group(0)), 1, 0),
        at(much(2, group(1)), 1, 1),
    ];
    let board = board(asked(limits), cards);
    assert_eq!(
        reasons(&board, 0, 2, Level::Poor),
        [limit_reason(LimitKind::HomeworkPerDay, 2, 1)]
    );
    assert_eq!(judge(&board, 0, 2).penalty, 5);
    assert_eq!(
        reasons(&board, 1, 2, Level::Poor),
        [limit_reason(LimitKind::HomeworkPerDay, 2, 1)]
    );
    assert_eq!(judge(&board, 2, 0).level, Level::Good);
    assert_eq!(board.conflicts(), vec![]);
    let mut spec = board.spec().clone();
    spec.cards[0].homework = false;
    let none = Board::new(spec).unwrap();
    assert_eq!(judge(&none, 0, 2).level, Level::Good);
}

#[test]
fn a_remark_about_it_is_found_by_the_counsel() {
    let limits = Limits {
        homework_per_day: limit(1),
        edge_days: days(EDGES),
        ..Limits::default()
    };
    let hard = |n, day| {
        at(
            CardSpec {
                homework: true,
                difficulty: 9,
                ..lesson(n, n, class(0))
            },
            day,
            u16::try_from(n).unwrap(),
        )
    };
    let board = board(asked(limits), vec![hard(0, 0), hard(1, 0), hard(2, 2)]);
    let remarks = board.conflicts();
    assert_eq!(remarks.len(), 2, "{remarks:?}");
    for remark in remarks {
        let why = Counsel::new(&board).standing(&remark, Pains::default());
        assert!(why.is_some(), "{remark:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Laid card by card, what the judge says each costs is together what the search counts; and the review is silent exactly
    /// where nothing costs.
    #[test]
    fn judge_and_search_count_the_same(
        light in any::<bool>(), edges in any::<bool>(), most in prop::option::of(0u16..3),
        week in prop::sample::select(vec![0u16, 5, 2]),
        cards in prop::collection::vec((0u16..13, 1u16..3, 0u16..5, 0u16..6, any::<bool>()), 1..14),
    ) {
        let mut spec = asked(Limits {
            light_days: days(if week == 2 { 0b10 } else { MIDDLE }).filter(|_| light),
            edge_days: days(if week == 2 { 0b01 } else { EDGES }).filter(|_| edges),
            homework_per_day: most.and_then(limit),
            ..Limits::default()
        });
        spec.week = week;
        let list = cards.iter().map(|(points, duration, _, _, homework)| CardSpec {
            duration: *duration,
            homework: *homework,
            // nobody teaches, so that only pupils can be in each other's way
            teachers: vec![],
            ..of_points(*points)
        });
        let list: Vec<CardSpec> = list.collect();
        // what finds no place is no part of the question
        let mut free = board(spec.clone(), list);
        let mut kept = vec![];
        for (n, (_, _, day, slot, _)) in cards.iter().enumerate() {
            if free.judge(CardIx::at(n), *day, *slot, None).level < Level::Clash {
                free.place(CardIx::at(n), *day, *slot, None).unwrap();
                kept.push(CardSpec { placement: None, ..free.cards()[n].clone() });
            }
        }
        let at: Vec<Placement> = free.cards().iter().filter_map(|c| c.placement).collect();
        let mut board = board(spec, kept);
        let mut sum = 0;
        for (n, at) in at.iter().enumerate() {
            sum += i64::from(board.judge(CardIx::at(n), at.day, at.slot, None).penalty);
            board.place(CardIx::at(n), at.day, at.slot, None).unwrap();
        }
        let composition = Composition::new(&board, &[]);
        let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
        prop_assert_eq!((cost.hard, cost.soft), (0, sum));
        prop_assert_eq!(board.conflicts().is_empty(), sum == 0, "{:?}", board.conflicts());
    }
}
