//! Limits of a teacher's day and week, and times of a card by itself: facts in, verdict out; and what the judge says while a
//! timetable is laid card by card is, summed up, what the search counts.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::compose::{Composition, Demand, Whose, places};
use timetable::problem::evaluate;
use timetable::why::Bar;
use timetable::*;

fn told(kind: LimitKind, found: u16, limit: u16) -> Reason {
    Reason::TeacherLimit {
        teacher: TeacherIx(0),
        kind,
        found,
        limit,
        norm: NORM,
        hard: false,
    }
}

/// A board with a card of teacher 0 to be judged, and others of the same teacher.
fn school_with(facts: TeacherSpec, lying: &[(u16, u16)]) -> Board {
    let mut spec = school();
    spec.teachers[0] = facts;
    let mut cards = vec![lesson(0, 0, class(0))];
    cards.extend(
        lying
            .iter()
            .map(|(day, slot)| at(lesson(1, 0, class(1)), *day, *slot)),
    );
    board(spec, cards)
}

fn hard(value: u16) -> Option<Limit> {
    limit(value).map(|l| Limit { hard: true, ..l })
}

#[test]
fn one_more_day_than_wished_is_told_and_a_day_with_lessons_is_free() {
    let facts = TeacherSpec {
        days_per_week: limit(2),
        ..TeacherSpec::default()
    };
    let board = school_with(facts, &[(0, 0), (3, 2)]);
    assert_eq!(judge(&board, 3, 0).level, Level::Good);
    assert_eq!(
        reasons(&board, 1, 0, Level::Poor),
        [told(LimitKind::DaysPerWeek, 3, 2)]
    );
    let strict = TeacherSpec {
        days_per_week: hard(2),
        ..TeacherSpec::default()
    };
    let board = school_with(strict, &[(0, 0), (3, 2)]);
    assert_eq!(judge(&board, 1, 0).level, Level::Clash);
    assert_eq!(judge(&board, 0, 1).level, Level::Good);
}

#[test]
fn days_are_counted_week_by_week() {
    let mut spec = school();
    spec.days = 6;
    spec.week = 3;
    spec.classes
        .iter_mut()
        .for_each(|c| c.bells = TimeSet::daily(6, 0, 6));
    spec.teachers[0].days_per_week = limit(1);
    let cards = vec![lesson(0, 0, class(0)), at(lesson(1, 0, class(1)), 1, 0)];
    let board = board(spec, cards);
    assert_eq!(
        judge(&board, 2, 0).level,
        Level::Poor,
        "the second day of the first week"
    );
    assert_eq!(judge(&board, 4, 0).level, Level::Good, "the first of the second");
    let mut both = board.clone();
    both.place(CardIx(0), 4, 0, None).unwrap();
    assert!(both.conflicts().is_empty());
    both.place(CardIx(0), 0, 0, None).unwrap();
    assert_eq!(both.conflicts()[0].reason, told(LimitKind::DaysPerWeek, 2, 1));
}

#[test]
fn a_run_that_grows_too_long_is_told_and_a_free_slot_breaks_it() {
    let facts = TeacherSpec {
        in_a_row: limit(3),
        ..TeacherSpec::default()
    };
    let board = school_with(facts, &[(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 3), (1, 4)]);
    assert_eq!(
        reasons(&board, 0, 3, Level::Poor),
        [told(LimitKind::LessonsInRow, 4, 3)]
    );
    assert_eq!(judge(&board, 0, 4).level, Level::Good);
    let joined = judge(&board, 1, 2);
    assert_eq!(joined.penalty, 10, "five in a row are two too many");
}

#[test]
fn a_day_for_one_lesson_costs_and_a_second_lesson_mends_it() {
    let facts = TeacherSpec {
        least_per_day: limit(2),
        ..TeacherSpec::default()
    };
    let board = school_with(facts, &[(0, 0)]);
    assert_eq!(
        reasons(&board, 1, 0, Level::Poor),
        [told(LimitKind::LeastPerDay, 1, 2)]
    );
    let second = judge(&board, 0, 1);
    assert_eq!((second.level, second.penalty), (Level::Good, -5));
}

#[test]
fn windows_of_a_week_are_counted_together() {
    let facts = TeacherSpec {
        windows_per_week: limit(2),
        ..TeacherSpec::default()
    };
    let board = school_with(facts, &[(0, 0), (0, 2), (1, 0)]);
    assert_eq!(judge(&board, 1, 2).level, Level::Good, "the second window");
    assert_eq!(
        reasons(&board, 1, 3, Level::Poor),
        [told(LimitKind::WindowsPerWeek, 3, 2)]
    );
    assert_eq!(judge(&board, 0, 1).level, Level::Good);
}

#[test]
fn a_card_keeps_to_its_own_times() {
    let mut only = TimeSet::daily(5, 0, 6);
    only.remove(0, 0);
    let strict = CardSpec {
        away: only.clone(),
        ..lesson(0, 0, class(0))
    };
    let strict = board(school(), vec![strict]);
    let card = CardIx(0);
    assert_eq!(judge(&strict, 0, 0).level, Level::Good);
    assert_eq!(
        reasons(&strict, 2, 3, Level::Clash),
        [Reason::CardAway { card, slot: 3 }]
    );
    let wished = CardSpec {
        unwanted: vec![Unwanted {
            times: only,
            penalty: 7,
        }],
        ..lesson(0, 0, class(0))
    };
    let mut wished = board(school(), vec![wished]);
    assert_eq!(judge(&wished, 0, 0).level, Level::Good);
    assert_eq!(judge(&wished, 1, 0).penalty, 7);
    wished.place(card, 1, 0, None).unwrap();
    assert_eq!(
        wished.conflicts()[0].reason,
        Reason::CardUnwanted { card, slot: 0 }
    );
    // what closes all of its cells is the card's own
    let mut never = strict.spec().clone();
    never.cards[0].away.insert(0, 0);
    let why = Board::new(never).unwrap().why_nowhere(card).unwrap();
    assert_eq!(why.bars[0].bar, Bar::CardAway);
}

/// Two cards of one hour that must both be on the first lesson of Monday, five days of lessons in two days: named rightly.
#[test]
fn what_cannot_be_is_named() {
    let mut spec = school();
    spec.teachers[0].days_per_week = hard(1);
    let cards = (0..7).map(|n| lesson(n, 0, class(n % 2))).collect();
    let composition = Composition::new(&board(spec, cards), &[]);
    let found = composition.contradictions(4, 1_000_000);
    let days = Demand::Limit(Whose::Teacher(TeacherIx(0)), LimitKind::DaysPerWeek);
    assert!(found.iter().any(|c| c.demands.contains(&days)), "{found:?}");
}

fn facts() -> impl Strategy<Value = TeacherSpec> {
    let one = |most: u16| prop::option::of(0..most).prop_map(|n| n.and_then(limit));
    (one(4), one(3), one(4), one(4), one(4), one(4)).prop_map(|(day, windows, least, row, days, week)| {
        TeacherSpec {
            per_day: day,
            windows_per_day: windows,
            least_per_day: least,
            in_a_row: row,
            days_per_week: days,
            windows_per_week: week,
            ..TeacherSpec::default()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Laid card by card, what the judge says each costs is together what the search counts; and the review is silent exactly
    /// where nothing costs.
    #[test]
    fn judge_and_search_count_the_same(
        teachers in prop::collection::vec(facts(), 2),
        cards in prop::collection::vec((0u32..2, 1u16..3, 0u16..5, 0u16..6, any::<bool>()), 1..12),
        week in prop::sample::select(vec![0u16, 2, 3]),
        unwanted in prop::collection::vec((0u16..5, 0u16..6), 0..5),
    ) {
        let mut spec = school();
        spec.week = week;
        spec.teachers[..2].clone_from_slice(&teachers);
        let mut times = TimeSet::new();
        for (day, slot) in &unwanted {
            times.insert(*day, *slot);
        }
        let list = cards.iter().map(|(teacher, duration, _, _, minds)| CardSpec {
            duration: *duration,
            // nobody attends, so that only teachers can be in each other's way
            audience: vec![],
            unwanted: if *minds { vec![Unwanted { times: times.clone(), penalty: 4 }] } else { vec![] },
            ..lesson(0, *teacher, class(0))
        });
        let mut board = board(spec, list.collect());
        let mut sum = 0;
        let mut keep = vec![];
        for (n, (_, _, day, slot, _)) in cards.iter().enumerate() {
            let card = CardIx::at(n);
            let verdict = board.judge(card, *day, *slot, None);
            keep.push(verdict.level < Level::Clash);
            if verdict.level < Level::Clash {
                sum += i64::from(verdict.penalty);
                board.place(card, *day, *slot, None).unwrap();
            }
        }
        // what found no place is no part of the question
        let mut spec = board.spec().clone();
        let mut n = 0;
        spec.cards.retain(|_| { n += 1; keep[n - 1] });
        let board = Board::new(spec).unwrap();
        let composition = Composition::new(&board, &[]);
        let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
        prop_assert_eq!((cost.hard, cost.soft), (0, sum));
        prop_assert_eq!(board.conflicts().is_empty(), sum == 0, "{:?}", board.conflicts());
    }
}
