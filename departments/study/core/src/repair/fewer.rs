//! Which card goes where a load has a lesson less.

use base::LoadId;
use timetable::compose::Score;
use timetable::{Board, CardIx};

use crate::timetable::BoardData;

/// The card of a load that is missed least: one that lies nowhere, else one that is not locked and without which the timetable has the
/// fewest clashes, windows and remarks; of equal ones the last of the week. `None`: the load has no card.
#[must_use]
pub fn dispensable(data: &BoardData, board: &Board, load: LoadId) -> Option<CardIx> {
    let mine = |card: &CardIx| data.load_of(*card).is_some_and(|row| row.id == load);
    let cards = board.card_indices().filter(mine);
    cards.min_by_key(|card| {
        let at = board.placement(*card);
        let mut without = board.clone();
        without.unplace(*card);
        let left = Score::of(&without);
        let locked = board.card(*card).is_some_and(|c| c.locked);
        let figures = (
            left.clashes,
            left.class_windows,
            left.teacher_windows,
            left.remarks,
        );
        let late = at.map(|p| std::cmp::Reverse((p.day, p.slot)));
        (at.is_some(), locked, figures, late, *card)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::timetable::samples;
    use proptest::prelude::*;

    /// 7А with lessons of one load, and one of another, on Monday.
    fn school(mine: &[Option<u16>], other: u16) -> BoardData {
        let mut data = samples::data(vec![samples::class("7А", 7)]);
        for slot in mine {
            samples::placed(&mut data, 0, *slot);
        }
        for card in data.cards.iter_mut().skip(1) {
            card.load = 0;
        }
        samples::placed(&mut data, 0, Some(other));
        data
    }

    fn gone(data: &BoardData) -> Option<CardIx> {
        dispensable(data, &data.board().unwrap(), LoadId(1))
    }

    #[test]
    fn what_waits_goes_first_then_what_leaves_no_window() {
        assert_eq!(gone(&school(&[Some(0), None, Some(1)], 2)), Some(CardIx(1)));
        // without the one in the middle the class would have a window
        assert_eq!(
            gone(&school(&[Some(1), Some(0)], 2)),
            Some(CardIx(1)),
            "the first of the day"
        );
        // the last one leaves none, and neither does the first: the later one goes
        let mut data = school(&[Some(0), Some(2)], 1);
        assert_eq!(gone(&data), Some(CardIx(1)));
        data.cards[1].locked = true;
        assert_eq!(gone(&data), Some(CardIx(0)), "a locked one stays");
        assert_eq!(dispensable(&data, &data.board().unwrap(), LoadId(99)), None);
    }

    proptest! {
        /// Whatever goes is a card of the load.
        #[test]
        fn it_is_one_of_the_load(slots in proptest::collection::vec(proptest::option::of(0u16..7), 1..5)) {
            let data = school(&slots, 7);
            let card = gone(&data).unwrap();
            prop_assert!(card.ix() < slots.len());
        }
    }
}
