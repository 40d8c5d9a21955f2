//! A card that is cut out of a whole timetable, and whose cell is closed to it, finds a place with at most three moves nearly always: two
//! hundred cards of the generated school, asked as the editor asks.
#![cfg(all(feature = "engine", feature = "fet"))]
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod fet_school;

use timetable::compose::{Composition, Counsel, Lane};
use timetable::search::suggest::Hunt;
use timetable::search::{Ground, Plan, Random, Tuning};
use timetable::*;

/// The school with every lesson in its place.
fn whole() -> Board {
    let draft = fet::import(fet_school::School::new().text().as_bytes()).unwrap();
    let composition = Composition::new(&draft.board().unwrap(), &[]);
    let ground = Ground::new(composition.problem());
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 200_000,
        tuning: Tuning::default(),
    };
    let mut lane = Lane::new(&ground, plan, None);
    while lane.run(10_000) {}
    let board = composition.settle(&lane.best());
    assert_eq!(board.unplaced(), []);
    board
}

fn clashes(board: &Board) -> usize {
    board
        .conflicts()
        .iter()
        .filter(|p| p.level == Level::Clash)
        .count()
}

#[test]
fn four_of_five_cards_find_a_place_with_three_moves() {
    let board = whole();
    let mut random = Random::new(7);
    let cards = u32::try_from(board.cards().len()).unwrap();
    let (mut found, cases) = (0, 200);
    for _ in 0..cases {
        let card = CardIx(random.below(cards));
        let at = board.placement(card).unwrap();
        let mut spec = board.spec().clone();
        spec.cards[card.ix()].placement = None;
        spec.cards[card.ix()].away.insert(at.day, at.slot);
        let cut = Board::new(spec).unwrap();
        let Some(way) = Counsel::new(&cut).ways(card, None, 1, Hunt::default()).pop() else {
            continue;
        };
        assert!((1..=3).contains(&way.steps.len()), "{way:?}");
        // done as one act, every lesson has a place again, this one another
        let mut after = cut.clone();
        for step in &way.steps {
            after.unplace(step.card);
        }
        for step in &way.steps {
            after.restore(step.card, Some(step.to)).unwrap();
        }
        assert_eq!((after.unplaced().len(), clashes(&after)), (0, clashes(&board)));
        let now = after.placement(card).unwrap();
        assert_ne!((now.day, now.slot), (at.day, at.slot));
        found += 1;
    }
    assert!(found * 5 >= cases * 4, "{found} of {cases}");
}
