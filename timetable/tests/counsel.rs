//! Ways to give a card a place.
#![cfg(feature = "engine")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod small_school;

use proptest::prelude::*;
use small_school::*;
use timetable::compose::{Counsel, Way};
use timetable::search::suggest::Hunt;
use timetable::*;

fn clashes(board: &Board) -> Vec<Problem> {
    let mut all = board.conflicts();
    all.retain(|p| p.level == Level::Clash);
    all
}

fn after(board: &Board, way: &Way) -> Board {
    let mut after = board.clone();
    for step in &way.steps {
        after.unplace(step.card);
    }
    for step in &way.steps {
        after.restore(step.card, Some(step.to)).unwrap();
    }
    after
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Done on the board, a way leaves the card placed, locked cards where they were, and no clash that was not there.
    #[test]
    fn a_way_leads_where_it_says(
        cards in prop::collection::vec((0u32..3, 0u32..2, prop::option::of((0u16..5, 0u16..6)), prop::bool::weighted(0.1)), 1..40),
        away in prop::collection::vec((0u16..5, 0u16..6), 0..20),
        cell in prop::option::of((0u16..5, 0u16..6)),
    ) {
        let mut spec = school();
        for (day, slot) in away {
            spec.teachers[0].away.insert(day, slot);
        }
        let mut laid = board(spec, vec![]).spec().clone();
        laid.cards = cards.iter().map(|(teacher, of, _, locked)| {
            let mut card = lesson(1, *teacher, class(*of));
            card.locked = *locked;
            card
        }).collect();
        let mut board = Board::new(laid).unwrap();
        for (card, (_, _, place, _)) in board.card_indices().zip(&cards) {
            if let Some((day, slot)) = place
                && board.judge(card, *day, *slot, None).level != Level::Clash
            {
                board.place(card, *day, *slot, None).unwrap();
            }
        }
        let counsel = Counsel::new(&board);
        for card in board.card_indices().take(6) {
            let locked = board.card(card).unwrap().locked && board.placement(card).is_some();
            let ways = counsel.ways(card, cell, 3, Hunt::default());
            prop_assert!(!locked || ways.is_empty());
            prop_assert!(cell.is_none() || ways.len() <= 1);
            for way in &ways {
                prop_assert_eq!(way.steps[0].card, card);
                prop_assert!(way.steps.len() <= 3);
                let to = way.steps[0].to;
                prop_assert!(cell.is_none_or(|c| c == (to.day, to.slot)));
                let after = after(&board, way);
                prop_assert!(after.placement(card).is_some());
                prop_assert!(clashes(&after).is_empty(), "{:?}", clashes(&after));
                for other in board.card_indices() {
                    let moved = way.steps.iter().any(|s| s.card == other);
                    prop_assert!(moved || after.placement(other) == board.placement(other));
                    prop_assert!(!moved || !board.card(other).unwrap().locked || board.placement(other).is_none());
                }
                let whole = Counsel::new(&after);
                prop_assert_eq!(whole.cost().soft - counsel.cost().soft, way.price);
            }
            let mut firsts: Vec<Placement> = ways.iter().map(|w| w.steps[0].to).collect();
            firsts.dedup_by_key(|p| (p.day, p.slot));
            prop_assert_eq!(firsts.len(), ways.len(), "each leads elsewhere");
            // where a cell is free, one move is enough
            if !locked && cell.is_none() {
                let now = board.placement(card).map(|p| (p.day, p.slot));
                let free = board.best_places(card).iter().any(|p| Some((p.at.day, p.at.slot)) != now);
                prop_assert!(!free || ways.first().is_some_and(|w| w.steps.len() == 1));
            }
        }
    }
}

/// The teacher has one hour, another lesson of the class lies in it, and that one can go elsewhere.
#[test]
fn one_card_makes_room_for_another() {
    let spec = one_hour();
    let other = at(lesson(1, 1, class(0)), 2, 3);
    let board = board(spec, vec![lesson(0, 0, class(0)), other]);
    assert!(board.best_places(CardIx(0)).is_empty());
    let ways = Counsel::new(&board).ways(CardIx(0), None, 3, Hunt::default());
    assert_eq!(ways.len(), 1, "there is one hour only");
    let way = &ways[0];
    assert_eq!((way.steps[0].to.day, way.steps[0].to.slot), (2, 3));
    assert_eq!(way.steps[1].card, CardIx(1));
}

/// What lies where its teacher is away is in the way all the same, and may be moved from there.
#[test]
fn a_card_that_should_not_lie_there_is_in_the_way() {
    let mut spec = one_hour();
    spec.teachers[1].away.insert(2, 3);
    let cards = vec![lesson(0, 0, class(0)), at(lesson(1, 1, class(0)), 2, 3)];
    let board = board(spec, cards);
    assert!(board.best_places(CardIx(0)).is_empty());
    let ways = Counsel::new(&board).ways(CardIx(0), None, 3, Hunt::default());
    assert_eq!(ways[0].steps.iter().map(|s| s.card.0).collect::<Vec<_>>(), [0, 1]);
}

/// A class of many splits is many kinds of pupils, all of which clash at once: still one card is in the way.
#[test]
fn many_subgroups_are_no_more_in_the_way_than_one_class() {
    let mut spec = school();
    spec.groups = (0..10)
        .map(|n| GroupSpec {
            class: ClassIx(0),
            split: n / 2,
            pupils: 12,
            away: TimeSet::new(),
            atoms: vec![],
        })
        .collect();
    spec.teachers = vec![TeacherSpec::default(); 12];
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    spec.teachers[0].away.remove(2, 3);
    let mut cards = vec![lesson(0, 0, class(0)), at(lesson(1, 1, class(0)), 2, 3)];
    cards.extend((0..10).map(|n| lesson(2, n + 2, group(n))));
    let ways = Counsel::new(&board(spec, cards)).ways(CardIx(0), None, 3, Hunt::default());
    assert_eq!(ways.first().map(|way| way.steps.len()), Some(2));
}

#[test]
fn there_is_no_way_where_the_teacher_never_comes() {
    let mut spec = school();
    spec.teachers[0].away = TimeSet::daily(5, 0, 6);
    let board = board(spec, vec![lesson(0, 0, class(0))]);
    let counsel = Counsel::new(&board);
    assert!(counsel.ways(CardIx(0), None, 3, Hunt::default()).is_empty());
    assert!(
        counsel.ways(CardIx(9), None, 3, Hunt::default()).is_empty(),
        "a card that there is not"
    );
}
