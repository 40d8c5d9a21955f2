//! Why a card can lie nowhere: the set closes every cell, none of it is superfluous, and what is to be loosened really opens.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::why::{Bar, Why};
use timetable::*;

/// The bars of every cell at which the card could start by its length.
fn cells(board: &Board, card: CardIx) -> Vec<Vec<Bar>> {
    let on = |v: &&Verdict| !v.reasons.iter().any(|r| matches!(r, Reason::OffBoard { .. }));
    let verdicts = board.judge_all(card);
    let bars = |v: &Verdict| v.reasons.iter().filter_map(Bar::of).collect();
    verdicts.iter().filter(on).map(bars).collect()
}

fn check(board: &Board, card: CardIx) -> Option<Why> {
    let free = board.judge_all(card).iter().any(|v| v.level != Level::Clash);
    let why = board.why_nowhere(card);
    assert_eq!(why.is_none(), free);
    let why = why?;
    let cells = cells(board, card);
    assert_eq!(wide(why.cells), cells.len());
    let closes = |bars: &[Bar]| cells.iter().all(|cell| cell.iter().any(|bar| bars.contains(bar)));
    let all: Vec<Bar> = why.bars.iter().map(|c| c.bar).collect();
    assert!(closes(&all), "{all:?} leave a cell open");
    for at in 0..all.len() {
        let mut fewer = all.clone();
        let gone = fewer.remove(at);
        assert!(cells.is_empty() || !closes(&fewer), "{gone:?} is superfluous");
    }
    let opens = |bar: Bar| cells.iter().filter(|cell| cell.iter().all(|b| *b == bar)).count();
    for closed in &why.bars {
        assert_eq!(
            wide(closed.cells),
            cells.iter().filter(|c| c.contains(&closed.bar)).count()
        );
        assert_eq!(wide(closed.opens), opens(closed.bar));
    }
    let most = cells.iter().flatten().map(|bar| opens(*bar)).max().unwrap_or(0);
    assert_eq!(why.loosen.map_or(0, |c| wide(c.opens)), most);
    assert!(
        !why.never || nowhere_alone(board, card),
        "it could lie without the others"
    );
    Some(why)
}

/// Without any other card it has no place either.
fn nowhere_alone(board: &Board, card: CardIx) -> bool {
    let mut alone = board.clone();
    for other in board.card_indices() {
        alone.unplace(other);
    }
    alone.judge_all(card).iter().all(|v| v.level == Level::Clash)
}

proptest! {
    #[test]
    fn every_cell_is_closed_by_what_is_named(
        others in prop::collection::vec((0u32..3, 0u32..2, 0u16..5, 0u16..6), 0..28),
        away in prop::collection::vec((0u16..5, 0u16..6), 0..20),
        duration in 1u16..3,
        second in prop::option::of(0u32..3),
    ) {
        let mut spec = school();
        for (day, slot) in away {
            spec.teachers[0].away.insert(day, slot);
        }
        let mut held = lesson(0, 0, class(0));
        held.duration = duration;
        held.teachers.extend(second.filter(|t| *t != 0).map(TeacherIx));
        let mut cards = vec![held];
        cards.extend(others.iter().map(|(teacher, of, day, slot)| at(lesson(1, *teacher, class(*of)), *day, *slot)));
        let board = board(spec, cards);
        let why = check(&board, CardIx(0));
        // hours are all that is asked here
        prop_assert_eq!(why.is_some_and(|why| why.never), nowhere_alone(&board, CardIx(0)));
    }
}

#[test]
fn the_teacher_s_hours_and_the_class_s_lessons_are_named_with_what_would_open() {
    let mut spec = school();
    // the teacher comes on Monday only, and the class has all of Monday but the last lesson, which another class needs
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    for slot in 0..6 {
        spec.teachers[0].away.remove(0, slot);
    }
    let mut cards = vec![lesson(0, 0, class(0))];
    cards.extend((0..5).map(|slot| at(lesson(1, 1, class(0)), 0, slot)));
    cards.push(at(lesson(1, 0, class(1)), 0, 5));
    let why = check(&board(spec, cards), CardIx(0)).unwrap();
    let found: Vec<(Bar, u32, u32)> = why.bars.iter().map(|c| (c.bar, c.cells, c.opens)).collect();
    assert_eq!(
        found,
        [
            (Bar::TeacherAway(TeacherIx(0)), 24, 24),
            (Bar::ClassBusy(ClassIx(0)), 5, 5),
            (Bar::TeacherBusy(TeacherIx(0)), 1, 1),
        ]
    );
    assert_eq!(why.loosen.unwrap().bar, Bar::TeacherAway(TeacherIx(0)));
}

/// A card longer than the day is not explained by other people.
#[test]
fn a_card_longer_than_the_day_has_no_cells() {
    let mut long = lesson(0, 0, class(0));
    long.duration = 9;
    let why = board(school(), vec![long]).why_nowhere(CardIx(0)).unwrap();
    assert_eq!((why.cells, why.bars.len(), why.loosen), (0, 0, None));
}
