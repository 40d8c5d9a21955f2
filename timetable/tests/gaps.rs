//! Lessons that should be spread over the week: told with the nearest one, never a clash, and once for each pair.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::*;

fn spread(days: u16, cards: u32) -> BoardSpec {
    BoardSpec {
        gaps: vec![GapSpec {
            cards: (0..cards).map(CardIx).collect(),
            days,
            penalty: 6,
            hard: false,
        }],
        ..school()
    }
}

fn told(board: &Board) -> Vec<(CardIx, Reason)> {
    let all = board.conflicts().into_iter();
    all.filter_map(|p| matches!(p.reason, Reason::TooClose { .. }).then(|| (p.card.unwrap(), p.reason)))
        .collect()
}

#[test]
fn a_place_too_near_is_poor_and_names_the_nearest_lesson() {
    let lessons = vec![
        lesson(0, 0, class(0)),
        at(lesson(0, 0, class(0)), 1, 0),
        at(lesson(0, 0, class(0)), 4, 0),
    ];
    let board = board(spread(2, 3), lessons);
    let near = |card, days| Reason::TooClose {
        card: CardIx(card),
        days,
        least: 2,
        hard: false,
    };
    assert_eq!(
        reasons(&board, 0, 1, Level::Poor),
        [near(1, 1)],
        "Monday beside Tuesday"
    );
    assert_eq!(board.judge(CardIx(0), 0, 1, None).penalty, 6);
    let same = board.judge(CardIx(0), 1, 1, None);
    assert_eq!(
        (same.level, same.penalty),
        (Level::Poor, 12),
        "Tuesday again: two days are missing"
    );
    assert_eq!(same.reasons, [near(1, 0)]);
    assert_eq!(board.judge(CardIx(0), 3, 1, None).reasons, [near(2, 1)]);
    assert!(told(&board).is_empty(), "Tuesday and Friday are far enough");
}

#[test]
fn what_a_norm_says_already_is_not_said_twice() {
    let mut spec = spread(1, 2);
    spec.classes[0].limits.subject_per_day = limit(1);
    let board = board(
        spec,
        vec![at(lesson(0, 0, class(0)), 2, 0), at(lesson(0, 0, class(0)), 2, 3)],
    );
    let verdict = board.judge(CardIx(0), 2, 0, None);
    assert_eq!(verdict.reasons.len(), 1, "{:?}", verdict.reasons);
    assert!(matches!(
        verdict.reasons[0],
        Reason::Limit {
            kind: LimitKind::SubjectPerDay,
            ..
        }
    ));
    assert_eq!(verdict.penalty, 5 + 6, "both cost");
    assert!(told(&board).is_empty());
    let again = board.conflicts();
    assert_eq!(again.len(), 1, "{again:?}");
}

#[test]
fn odd_and_even_weeks_are_no_neighbours() {
    let week = |weeks, day| CardSpec {
        weeks,
        ..at(lesson(0, 0, class(0)), day, 0)
    };
    let board = board(spread(2, 2), vec![week(Weeks::Odd, 0), week(Weeks::Even, 0)]);
    assert!(board.judge(CardIx(0), 0, 0, None).reasons.is_empty() && told(&board).is_empty());
}

/// A must: the cell is closed at once, each lesson in the way is named, and the review counts a clash.
#[test]
fn what_must_be_spread_closes_cells_and_names_all_lessons_in_the_way() {
    let mut spec = spread(2, 3);
    spec.gaps[0].hard = true;
    let lessons = vec![
        lesson(0, 0, class(0)),
        at(lesson(0, 0, class(0)), 1, 0),
        at(lesson(0, 0, class(0)), 2, 0),
    ];
    let board = board(spec, lessons);
    let near = |card, days| Reason::TooClose {
        card: CardIx(card),
        days,
        least: 2,
        hard: true,
    };
    assert_eq!(reasons(&board, 0, 0, Level::Clash), [near(1, 1)]);
    assert_eq!(reasons(&board, 2, 2, Level::Clash), [near(2, 0), near(1, 1)]);
    assert_eq!(judge(&board, 4, 0).level, Level::Good);
    let clashes = board.conflicts().into_iter().filter(|p| p.level == Level::Clash);
    let told: Vec<Reason> = clashes.map(|p| p.reason).collect();
    assert_eq!(told, [near(2, 1)], "Tuesday and Wednesday are too near");
}

/// A norm that is a wish says less than what must be.
#[test]
fn a_milder_norm_does_not_hide_what_must_be() {
    for norm in [false, true] {
        let mut spec = spread(1, 2);
        spec.gaps[0].hard = true;
        spec.classes[0].limits.subject_per_day = limit(1).map(|l| Limit { hard: norm, ..l });
        let board = board(
            spec,
            vec![lesson(0, 0, class(0)), at(lesson(0, 0, class(0)), 2, 3)],
        );
        let verdict = board.judge(CardIx(0), 2, 0, None);
        assert_eq!((verdict.level, verdict.reasons.len()), (Level::Clash, 1));
        let of_the_gap = matches!(verdict.reasons[0], Reason::TooClose { hard: true, .. });
        assert_eq!(of_the_gap, !norm, "{verdict:?}");
    }
}

#[test]
fn a_gap_of_a_card_that_does_not_exist_is_refused() {
    let error = Board::new(spread(1, 2)).unwrap_err();
    assert_eq!(
        error,
        BoardError::Unknown {
            list: "cards",
            index: 0
        }
    );
}

proptest! {
    /// The judge says «too close» exactly where some other lesson lies nearer than asked, and never forbids.
    #[test]
    fn judged_as_counted_by_hand(days in prop::collection::vec(prop::option::of(0u16..5), 2..6), least in 1u16..4, to in 0u16..5) {
        let count = u32::try_from(days.len()).unwrap();
        let lessons = days.iter().zip(0u16..).map(|(day, slot)| match day {
            Some(day) => at(lesson(0, slot.into(), class(0)), *day, slot),
            None => lesson(0, slot.into(), class(0)),
        });
        let mut spec = spread(least, count);
        spec.teachers = vec![TeacherSpec::default(); days.len()];
        let board = board(spec, lessons.collect());
        let nearest = days.iter().skip(1).flatten().map(|d| d.abs_diff(to)).min();
        let verdict = board.judge(CardIx(0), to, 5, None);
        prop_assert_ne!(verdict.level, Level::Clash);
        let found = verdict.reasons.iter().find_map(|r| match r {
            Reason::TooClose { days, .. } => Some(*days),
            _ => None,
        });
        prop_assert_eq!(found, nearest.filter(|n| *n < least));
        // the review tells of neighbours in the week
        let mut lying: Vec<u16> = days.iter().flatten().copied().collect();
        lying.sort_unstable();
        let close = lying.windows(2).filter(|w| w[1] - w[0] < least).count();
        prop_assert_eq!(told(&board).len(), close);
    }
}
