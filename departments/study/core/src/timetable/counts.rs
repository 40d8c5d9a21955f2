//! How much there is to say about a version, by sort: what stands above the board, at the head of the review and before publishing.

use timetable::{Board, Count, Problem};

use super::regime::Remark;

/// Each sort is counted once and under one name. They are not added up: a card that waits is no remark, and bells are no card's fault.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Clashes.
    pub clashes: u32,
    /// Cards without a place.
    pub unplaced: u32,
    /// Remarks of the review, as in every comparison.
    pub remarks: u32,
    /// What bells and shifts do against the norms.
    pub regime: u32,
}

impl Counts {
    /// Of a board that has been judged.
    #[must_use]
    pub fn of(board: &Board, problems: &[Problem], regime: &[Remark]) -> Self {
        let count = Count::of(problems);
        let narrow = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            clashes: count.clashes,
            unplaced: narrow(board.unplaced().len()),
            remarks: count.remarks,
            regime: narrow(regime.len()),
        }
    }

    /// There is nothing to say.
    #[must_use]
    pub fn is_clean(self) -> bool {
        self == Self::default()
    }
}

#[cfg(all(test, feature = "engine"))]
mod tests {
    use super::*;
    use crate::compose::Figures;
    use crate::timetable::regime::remarks;
    use crate::timetable::samples;
    use proptest::prelude::*;
    use timetable::unmet::{Sort, Tally};

    proptest! {
        /// One draft, every way in which a screen comes by its figures: the bar and the review count points, a comparison asks for a
        /// score, the table by rules adds its rows up. Cards that wait and windows of teachers are in none of them.
        #[test]
        fn one_draft_has_one_count(
            slots in proptest::collection::vec(proptest::option::of(0u16..8), 0..14),
            classes in 1u32..3,
            shift in 1i16..4,
        ) {
            let mut data = samples::data(vec![samples::class("7А", 7), samples::class("7Б", 7)]);
            data.classes[0].shift = shift;
            // the first two are broken by many a random day
            for (kind, value) in [("lessons_a_week", 2), ("lessons_a_day", 3), ("shifts_at_most", 2)] {
                data.norms.push(samples::norm(kind, value));
            }
            for (n, slot) in (0..).zip(&slots) {
                samples::placed(&mut data, n % classes, *slot);
            }
            let board = data.board().unwrap();
            let (problems, regime) = (board.conflicts(), remarks(&data, &board));
            let counts = Counts::of(&board, &problems, &regime);
            let figures = Figures::from(timetable::compose::Score::of(&board));
            prop_assert_eq!((counts.clashes, counts.unplaced, counts.remarks), (figures.clashes, figures.unplaced, figures.remarks));
            let tally = Tally::of(&board);
            let by_rule = |of: fn(Sort) -> bool| tally.rules.iter().filter(|r| of(r.sort)).map(|r| r.count).sum::<u32>();
            prop_assert_eq!(counts.remarks, by_rule(|s| !matches!(s, Sort::Clash | Sort::Windows)));
            prop_assert_eq!(counts.clashes, by_rule(|s| s == Sort::Clash));
            prop_assert_eq!(usize::try_from(counts.unplaced).unwrap(), slots.iter().filter(|s| s.is_none()).count());
            prop_assert_eq!(counts.regime, u32::from(shift > 2 && !slots.is_empty()));
            prop_assert_eq!(counts.is_clean(), problems.is_empty() && counts.unplaced == 0 && regime.is_empty());
        }
    }

    /// The sorts are kept apart: a card that waits and a late shift make no remark more.
    #[test]
    fn what_is_no_remark_is_not_counted_as_one() {
        let mut data = samples::data(vec![samples::class("7А", 7)]);
        samples::placed(&mut data, 0, Some(0));
        samples::placed(&mut data, 0, Some(1));
        data.norms.push(samples::norm("lessons_a_week", 1));
        let of = |data: &crate::timetable::BoardData| {
            let board = data.board().unwrap();
            Counts::of(&board, &board.conflicts(), &remarks(data, &board))
        };
        let before = of(&data);
        assert!(
            before.remarks > 0,
            "two lessons where the law has one: {before:?}"
        );
        data.classes[0].shift = 3;
        data.norms.push(samples::norm("shifts_at_most", 2));
        samples::placed(&mut data, 0, None);
        let expected = Counts {
            unplaced: 1,
            regime: 1,
            ..before
        };
        assert_eq!(of(&data), expected);
        samples::placed(&mut data, 0, Some(1));
        assert!(of(&data).clashes > 0);
    }
}
