//! Fewest lessons a day and fewest days a week, of classes and of teachers: facts in, verdict out; and what the judge and the search count.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::compose::{Composition, Lane, places};
use timetable::problem::{Cost, evaluate};
use timetable::search::{Ground, Plan, Tuning};
use timetable::*;

fn hard(value: u16) -> Option<Limit> {
    limit(value).map(|limit| Limit { hard: true, ..limit })
}

/// A board of one class whose first card is to be judged.
fn of_class(limits: Limits, lying: &[(u16, u16)], waiting: usize) -> Board {
    let mut spec = school();
    spec.classes[0].limits = limits;
    let mut cards = vec![lesson(0, 0, class(0))];
    cards.extend(
        lying
            .iter()
            .map(|(day, slot)| at(lesson(1, 1, class(0)), *day, *slot)),
    );
    cards.extend((0..waiting).map(|_| lesson(2, 2, class(0))));
    board(spec, cards)
}

#[test]
fn a_short_day_of_a_class_costs_and_lessons_mend_it() {
    let limits = Limits {
        least_per_day: limit(3),
        ..Limits::default()
    };
    let empty = of_class(limits, &[], 0);
    assert_eq!(
        reasons(&empty, 1, 0, Level::Poor),
        [limit_reason(LimitKind::LeastPerDay, 1, 3)]
    );
    let begun = of_class(limits, &[(0, 0)], 0);
    let mended = judge(&begun, 0, 1);
    assert_eq!((mended.level, mended.penalty), (Level::Good, -5));
    let told: Vec<Reason> = begun.conflicts().into_iter().map(|p| p.reason).collect();
    assert_eq!(told, [limit_reason(LimitKind::LeastPerDay, 1, 3)]);
}

#[test]
fn a_must_closes_a_day_only_where_the_tray_cannot_fill_it() {
    let limits = Limits {
        least_per_day: hard(3),
        ..Limits::default()
    };
    for (waiting, level) in [(0, Level::Clash), (1, Level::Clash), (2, Level::Good)] {
        let board = of_class(limits, &[(0, 0), (0, 1), (0, 2)], waiting);
        assert_eq!(judge(&board, 1, 0).level, level, "{waiting} wait");
        assert_eq!(judge(&board, 0, 3).level, Level::Good);
    }
    let full = of_class(limits, &[(0, 0), (1, 1)], 0);
    let clashes = full.conflicts().into_iter().filter(|p| p.level == Level::Clash);
    assert_eq!(
        clashes.count(),
        2,
        "one of them could still be mended, both could not"
    );
}

#[test]
fn a_teacher_who_must_not_come_for_one_lesson() {
    for (waiting, level) in [(0, Level::Clash), (1, Level::Good)] {
        let mut spec = school();
        spec.teachers[0].least_per_day = hard(2);
        let mut cards = vec![lesson(0, 0, class(0)), at(lesson(1, 0, class(1)), 2, 0)];
        cards.extend((0..waiting).map(|_| lesson(2, 0, class(1))));
        let board = board(spec, cards);
        assert_eq!(judge(&board, 1, 0).level, level, "{waiting} wait");
        assert_eq!(judge(&board, 2, 1).level, Level::Good);
        let told = board
            .conflicts()
            .iter()
            .filter(|p| p.level == Level::Clash)
            .count();
        assert_eq!(told, 0, "the card in hand can still fill the day");
    }
    let mut spec = school();
    spec.teachers[0].least_per_day = hard(2);
    let alone = board(spec, vec![at(lesson(0, 0, class(0)), 1, 0)]);
    let told: Vec<Level> = alone.conflicts().into_iter().map(|p| p.level).collect();
    assert_eq!(told, [Level::Clash]);
}

#[test]
fn days_are_missing_when_nothing_is_left_to_open_them() {
    let limits = Limits {
        least_days: limit(3),
        ..Limits::default()
    };
    let board = of_class(limits, &[(0, 0), (0, 1)], 0);
    assert_eq!(judge(&board, 1, 0).penalty, -5);
    assert_eq!(judge(&board, 0, 2).penalty, 0);
    let told: Vec<Reason> = board.conflicts().into_iter().map(|p| p.reason).collect();
    assert_eq!(
        told,
        [limit_reason(LimitKind::LeastDays, 1, 3)],
        "one card can open one day"
    );
    assert!(of_class(limits, &[(0, 0), (0, 1)], 1).conflicts().is_empty());
    let mut spec = school();
    spec.teachers[0].least_days = limit(2);
    let cards = vec![lesson(0, 0, class(0)), at(lesson(1, 0, class(1)), 2, 0)];
    let board = small_school::board(spec, cards);
    assert_eq!(
        (judge(&board, 2, 1).penalty, judge(&board, 3, 1).penalty),
        (0, -5)
    );
    assert!(
        board.conflicts().is_empty(),
        "the card of the tray may open a day"
    );
}

#[test]
fn the_search_fills_days_and_opens_them() {
    let limits = Limits {
        least_per_day: hard(2),
        least_days: hard(3),
        ..Limits::default()
    };
    let lie = [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0)];
    let board = of_class(limits, &lie, 0);
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 20_000,
        tuning: Tuning::default(),
    };
    let mut lane = Lane::new(&ground, plan, None);
    while lane.run(512) {}
    assert_eq!(lane.cost(), Cost::default());
}

fn one(most: u16) -> impl Strategy<Value = Option<Limit>> {
    prop::option::of(0..most).prop_map(|n| n.and_then(limit))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Laid card by card, what the judge says each costs, together with the days that were missing before, is what the search counts; and
    /// the review is silent exactly where nothing costs.
    #[test]
    fn judge_and_search_count_the_same(
        (least, days, of_teacher) in (one(5), one(5), one(5)),
        cards in prop::collection::vec((1u16..3, 0u16..5, 0u16..6), 1..12),
        week in prop::sample::select(vec![0u16, 2, 3]),
    ) {
        let mut spec = school();
        spec.week = week;
        spec.classes[0].limits.least_per_day = least;
        spec.classes[0].limits.least_days = days;
        spec.teachers[0].least_days = of_teacher;
        let list = cards.iter().map(|(duration, ..)| CardSpec {
            duration: *duration,
            ..lesson(0, 0, class(0))
        });
        let mut board = board(spec, list.collect());
        let mut sum = 0;
        let mut keep = vec![];
        for (n, (_, day, slot)) in cards.iter().enumerate() {
            let card = CardIx::at(n);
            let verdict = board.judge(card, *day, *slot, None);
            keep.push(verdict.level < Level::Clash);
            if verdict.level < Level::Clash {
                sum += i64::from(verdict.penalty);
                board.place(card, *day, *slot, None).unwrap();
            }
        }
        let mut spec = board.spec().clone();
        let mut n = 0;
        spec.cards.retain(|_| { n += 1; keep[n - 1] });
        prop_assume!(!spec.cards.is_empty());
        let weeks = if week == 0 { 1 } else { 5u16.div_ceil(week) };
        let missing = |limit: Option<Limit>| limit.map_or(0, |l| i64::from(l.value * l.penalty * weeks));
        sum += missing(days) + missing(of_teacher);
        let board = Board::new(spec).unwrap();
        let composition = Composition::new(&board, &[]);
        let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
        prop_assert_eq!((cost.hard, cost.soft), (0, sum));
        prop_assert_eq!(board.conflicts().is_empty(), sum == 0, "{:?}", board.conflicts());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// What waits in the tray is kept as cards come and go: a board that was played with judges as one that is built anew.
    #[test]
    fn the_tray_is_kept_as_cards_come_and_go(
        cards in prop::collection::vec((0u32..3, 0u32..6, 1u16..3), 2..10),
        acts in prop::collection::vec((0usize..10, prop::option::of((0u16..5, 0u16..5))), 0..20),
    ) {
        let mut spec = school();
        spec.classes[0].limits = Limits {
            least_per_day: hard(3),
            least_days: hard(2),
            late_start: hard(0),
            ..Limits::default()
        };
        spec.groups[0].away.insert(0, 0);
        spec.cards = cards
            .iter()
            .map(|(subject, who, duration)| CardSpec {
                duration: *duration,
                ..lesson(*subject, *subject, if *who < 4 { group(*who) } else { class(*who - 4) })
            })
            .collect();
        let mut board = Board::new(spec).unwrap();
        for (card, place) in &acts {
            let card = CardIx(u32::try_from(card % cards.len()).unwrap());
            let place = place.map(|(day, slot)| Placement { day, slot, room: None });
            board.restore(card, place).unwrap();
        }
        let anew = Board::new(board.spec().clone()).unwrap();
        // who lies in the way is named in the order in which they came
        let verdicts = |board: &Board, card| {
            let mut all = board.judge_all(card);
            for verdict in &mut all {
                verdict.reasons.sort_by_key(|reason| format!("{reason:?}"));
            }
            all
        };
        for card in anew.card_indices() {
            prop_assert_eq!(verdicts(&board, card), verdicts(&anew, card));
        }
        let problems = |board: &Board| {
            let mut all: Vec<String> = board.conflicts().iter().map(|p| format!("{p:?}")).collect();
            all.sort();
            all
        };
        prop_assert_eq!(problems(&board), problems(&anew));
    }
}
