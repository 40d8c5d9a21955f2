//! A board as a problem and back, case by case: what stays, what a wish costs, whom many splits come to, what a person is told.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod composed;
mod small_school;

use composed::{clashes, search};
use timetable::compose::{Composition, Score, moved, places};
use timetable::problem::{Cost, Solution, evaluate};
use timetable::*;

/// Two kept cards that clash in a room are in the way of others with all of their times.
#[test]
fn kept_cards_that_clash_still_hold_their_room() {
    let room = RoomNeed {
        needed: true,
        allowed: vec![RoomIx(1)],
        hard: true,
        ..RoomNeed::default()
    };
    let short = small_school::in_room(small_school::lesson(0, 0, small_school::class(0)), 0, 4, 1);
    let mut long = small_school::in_room(small_school::lesson(1, 1, small_school::class(1)), 0, 3, 1);
    long.duration = 2;
    let other = CardSpec {
        room,
        ..small_school::lesson(2, 2, small_school::group(0))
    };
    let mut spec = small_school::school();
    // whoever is to be placed could be there at one hour only
    spec.teachers[2].away = TimeSet::daily(5, 0, 6);
    spec.teachers[2].away.remove(0, 3);
    let board = small_school::board(spec, vec![short, long, other]);
    let composition = Composition::new(&board, &[true, true, false]);
    let (cost, solution) = search(&composition, 1, 2000, None);
    assert!(cost.hard > 0, "the room is taken by the long one");
    assert_eq!(composition.settle(&solution).placement(CardIx(2)), None);
}

/// Two cards of a series cost as much as the judge says for every distance.
#[test]
fn a_missing_day_costs_what_the_judge_says() {
    for (days, apart) in [(1, 0), (1, 1), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2)] {
        let mut spec = small_school::school();
        spec.gaps = vec![GapSpec {
            cards: vec![CardIx(0), CardIx(1)],
            days,
            penalty: 6,
            hard: false,
        }];
        let lesson =
            |day, slot| small_school::at(small_school::lesson(1, 0, small_school::class(0)), day, slot);
        let board = small_school::board(spec, vec![lesson(1, 0), lesson(1 + apart, 1)]);
        let composition = Composition::new(&board, &[]);
        let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
        let verdict = board.judge(CardIx(0), 1, 0, None);
        let hard = i64::from(verdict.level == Level::Clash);
        assert_eq!(
            (cost.hard, cost.soft),
            (hard, i64::from(verdict.penalty)),
            "{days} {apart}"
        );
    }
}

/// Every lesson in an unwanted time costs what the judge says, whoever of the card wishes it, in whole and in part.
#[test]
fn an_unwanted_time_costs_what_the_judge_says() {
    for (slot, duration) in [(0, 1), (1, 1), (2, 1), (0, 2), (1, 2), (3, 2)] {
        let mut spec = small_school::school();
        let mut times = TimeSet::new();
        times.insert(1, 1);
        times.insert(1, 4);
        let wish = |penalty| Unwanted {
            times: times.clone(),
            penalty,
        };
        spec.teachers[0].unwanted = vec![wish(6)];
        spec.classes[0].unwanted = vec![wish(2), wish(0)];
        let card = CardSpec {
            duration,
            ..small_school::at(small_school::lesson(1, 0, small_school::class(0)), 1, slot)
        };
        let board = small_school::board(spec, vec![card]);
        let composition = Composition::new(&board, &[]);
        let cost = evaluate(composition.problem(), &composition.solution(&places(&board)));
        let verdict = board.judge(CardIx(0), 1, slot, None);
        let hit = (slot..slot + duration).filter(|s| [1, 4].contains(s)).count();
        assert_eq!(verdict.penalty, 8 * i32::try_from(hit).unwrap());
        assert_eq!(
            (cost.hard, cost.soft),
            (0, i64::from(verdict.penalty)),
            "{slot} {duration}"
        );
    }
}

/// The search goes where nobody minds.
#[test]
fn the_search_keeps_out_of_unwanted_times() {
    let mut spec = small_school::school();
    let mut times = TimeSet::daily(5, 0, 6);
    times.remove(3, 2);
    spec.teachers[0].unwanted = vec![Unwanted { times, penalty: 3 }];
    let card = small_school::at(small_school::lesson(1, 0, small_school::class(0)), 0, 0);
    let board = small_school::board(spec, vec![card]);
    let composition = Composition::new(&board, &[]);
    let (cost, solution) = search(&composition, 1, 2000, None);
    let place = composition.settle(&solution).placement(CardIx(0)).unwrap();
    assert_eq!((cost, place.day, place.slot), (Cost::default(), 3, 2));
}

/// A class with five splits is thirty-two kinds of pupils; so many are taken that whoever meets still meets.
#[test]
fn many_splits_need_few_kinds_of_pupils() {
    let mut spec = small_school::school();
    spec.groups = (0..10)
        .map(|n| GroupSpec {
            class: ClassIx(0),
            split: n / 2,
            pupils: 12,
            away: TimeSet::new(),
            atoms: vec![],
        })
        .collect();
    spec.teachers = vec![TeacherSpec::default(); 11];
    let groups = (0..10).map(|n| small_school::lesson(n, n, small_school::group(n)));
    let cards = groups.chain([small_school::lesson(10, 10, small_school::class(0))]);
    let board = small_school::board(spec, cards.collect());
    let composition = Composition::new(&board, &[]);
    let pupils = composition.problem().resources.iter();
    let kinds = pupils.filter(|r| r.label.id.starts_with("pupils")).count();
    assert!((4..=12).contains(&kinds), "{kinds}");
    // every pair at one time costs exactly if the judge sees them clash
    for a in board.card_indices() {
        for b in board.card_indices().filter(|b| *b != a) {
            let mut two = board.clone();
            two.place(a, 0, 0, None).unwrap();
            two.place(b, 0, 0, None).unwrap();
            let solution = composition.solution(&places(&two));
            let alone = composition.solution(&places(&board));
            let open =
                |s: &Solution| i64::try_from(s.meets.iter().filter(|m| m.time.is_none()).count()).unwrap();
            let clash = evaluate(composition.problem(), &solution).hard - open(&solution);
            assert_eq!(evaluate(composition.problem(), &alone).hard, open(&alone));
            assert_eq!(clash > 0, !clashes(&two).is_empty(), "{a:?} {b:?}");
        }
    }
}

#[test]
fn the_score_counts_what_a_person_reads() {
    let lesson = |teacher| small_school::lesson(1, teacher, small_school::class(0));
    let cards = vec![
        small_school::at(lesson(0), 0, 0),
        small_school::at(lesson(0), 0, 3),
        small_school::at(lesson(1), 0, 3),
        lesson(2),
    ];
    let board = small_school::board(small_school::school(), cards);
    let score = Score::of(&board);
    assert_eq!(
        (
            score.unplaced,
            score.teacher_windows,
            score.class_windows,
            score.clashes
        ),
        (1, 2, 2, 1)
    );
    let mut after = board.clone();
    after.place(CardIx(2), 0, 4, Some(RoomIx(0))).unwrap();
    after.place(CardIx(0), 0, 0, Some(RoomIx(0))).unwrap();
    assert_eq!(
        moved(&places(&board), &places(&after)),
        1,
        "another room is no move"
    );
}

/// Nothing that could be moved, and still a clash: the search ends, and says what is the matter.
#[test]
fn a_school_in_which_nothing_can_move_is_no_trap() {
    let mut spec = small_school::school();
    spec.teachers[1].away = TimeSet::daily(5, 0, 6);
    let kept = small_school::at(small_school::lesson(1, 0, small_school::class(0)), 0, 0);
    let lonely = small_school::lesson(2, 1, small_school::class(1));
    let board = small_school::board(spec, vec![kept.clone(), kept, lonely]);
    let composition = Composition::new(&board, &[true, true, false]);
    assert_eq!(
        (composition.movable(), composition.impossible()),
        (0, &[CardIx(2)][..])
    );
    let (cost, solution) = search(&composition, 1, 3000, None);
    assert!(cost.hard > 0);
    let settled = composition.settle(&solution);
    assert_eq!(places(&settled), places(&board));
    let none = Composition::new(&small_school::board(small_school::school(), vec![]), &[]);
    assert_eq!(search(&none, 1, 3000, None).0, Cost::default());
}
