//! «What if I get a five»: the tool that pupils otherwise build at home. The arithmetic is the journal's, the borders and whether weights
//! count are the school's rule of marking.

use base::number::Hundredths;

pub use crate::grading::Counted;
use crate::grading::Terms;
use crate::grading::proposal::{borders, reached};
use crate::journal::average;
use crate::journal::grid::ScaleItem;

/// The average that the rule goes by, after `n` more marks of `value` and `weight`.
#[must_use]
pub fn what_if(
    marks: &[Counted],
    terms: &Terms,
    value: Hundredths,
    weight: Hundredths,
    n: u8,
) -> Option<Hundredths> {
    let more = std::iter::repeat_n((Some(value), weight), usize::from(n));
    let both = average(marks.iter().copied().chain(more));
    if terms.weighted { both.weighted } else { both.plain }
}

/// How many marks of `value` and `weight` lift the average to `target`: 0 when it is there already, none when no number up to
/// thirty does.
#[must_use]
pub fn how_many(
    marks: &[Counted],
    terms: &Terms,
    value: Hundredths,
    weight: Hundredths,
    target: Hundredths,
) -> Option<u8> {
    (0..=30).find(|n| what_if(marks, terms, value, weight, *n).is_some_and(|a| a >= target))
}

/// The mark of the results' scale that the rule proposes for an average.
#[must_use]
pub fn proposed<'a>(average: Hundredths, terms: &Terms, scale: &'a [ScaleItem]) -> Option<&'a ScaleItem> {
    reached(average, terms, scale).1
}

/// The next border above an average, and the mark that is proposed from it.
#[must_use]
pub fn next_border<'a>(
    average: Hundredths,
    terms: &Terms,
    scale: &'a [ScaleItem],
) -> Option<(Hundredths, &'a ScaleItem)> {
    borders(terms, scale)
        .into_iter()
        .find(|(from, _)| *from > average)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    /// A school that is strict at the top and counts weights.
    fn terms() -> Terms {
        Terms {
            five_from: Hundredths(460),
            four_from: Hundredths(360),
            three_from: Hundredths(260),
            weighted: true,
            ..Terms::usual(NaiveDate::MIN)
        }
    }

    fn w(n: i64) -> Hundredths {
        Hundredths::whole(n)
    }

    #[test]
    fn one_more_five() {
        // 4, 4, 5 with weight 1, and a 4 of a test with weight 3: 25 / 6; a pass counts nothing
        let marks = [
            (Some(w(4)), w(1)),
            (Some(w(4)), w(1)),
            (Some(w(5)), w(1)),
            (Some(w(4)), w(3)),
            (None, w(3)),
        ];
        let t = terms();
        assert_eq!(what_if(&marks, &t, w(5), w(1), 0), Some(Hundredths(417)));
        assert_eq!(what_if(&marks, &t, w(5), w(1), 1), Some(Hundredths(429)));
        assert_eq!(how_many(&marks, &t, w(5), w(1), Hundredths(450)), Some(4));
        assert_eq!(
            how_many(&marks, &t, w(5), w(1), t.five_from),
            Some(7),
            "25 + 35 by 13 is 4,62"
        );
        assert_eq!(how_many(&marks, &t, w(4), w(1), Hundredths(450)), None);
        assert_eq!(what_if(&[], &t, w(5), w(1), 0), None);
        assert_eq!(how_many(&[], &t, w(5), w(0), Hundredths(450)), None);
    }

    #[test]
    fn a_school_without_weights_counts_each_mark_alike() {
        let plain = Terms {
            weighted: false,
            ..terms()
        };
        let marks = [(Some(w(2)), w(10)), (Some(w(5)), w(40))];
        assert_eq!(what_if(&marks, &plain, w(5), w(40), 0), Some(Hundredths(350)));
        assert_eq!(what_if(&marks, &plain, w(5), w(40), 1), Some(Hundredths(400)));
        assert_eq!(what_if(&marks, &terms(), w(5), w(40), 1), Some(Hundredths(467)));
    }

    fn scale(best: i64) -> Vec<ScaleItem> {
        let all = (2..=best).rev();
        all.map(|n| ScaleItem::usual(&n.to_string(), Some(w(n)), w(best)))
            .collect()
    }

    #[test]
    fn borders_are_the_school_s() {
        let (t, five) = (terms(), scale(5));
        let level = |average| proposed(Hundredths(average), &t, &five).unwrap().code.as_str();
        assert_eq!([459, 460, 0, 260].map(level), ["4", "5", "2", "3"]);
        let next = |average| {
            next_border(Hundredths(average), &t, &five).map(|(from, item)| (from.0, item.code.as_str()))
        };
        assert_eq!(
            [459, 360, 460].map(next),
            [Some((460, "5")), Some((460, "5")), None]
        );
    }

    #[test]
    fn a_scale_that_is_not_of_five_has_its_own_borders() {
        let (t, ten) = (terms(), scale(10));
        let next = |average| {
            next_border(Hundredths(average), &t, &ten).map(|(from, item)| (from.0, item.code.as_str()))
        };
        assert_eq!(
            [500, 549, 550, 950].map(next),
            [Some((550, "6")), Some((550, "6")), Some((650, "7")), None]
        );
        assert_eq!(
            proposed(Hundredths(500), &t, &ten).unwrap().standing.tone(),
            Some("3"),
            "a 5 of ten is no «5»"
        );
        assert_eq!(proposed(Hundredths(500), &t, &[]), None);
    }

    proptest! {
        #[test]
        fn from_a_border_on_its_mark_is_proposed_and_below_it_is_not(best in 3i64..=100, five_from in 401i64..=500) {
            let t = Terms { five_from: Hundredths(five_from), ..terms() };
            let scale = scale(best);
            for (from, item) in borders(&t, &scale) {
                prop_assert_eq!(proposed(from, &t, &scale), Some(item));
                prop_assert_ne!(proposed(Hundredths(from.0 - 1), &t, &scale), Some(item));
            }
        }

        #[test]
        fn the_number_is_the_smallest(
            marks in proptest::collection::vec((200i64..=500, 1i64..=1000), 0..12),
            value in 200i64..=500, weight in 1i64..=1000, target in 200i64..=500,
        ) {
            let marks: Vec<Counted> = marks.into_iter().map(|(v, w)| (Some(Hundredths(v)), Hundredths(w))).collect();
            let (value, weight, target) = (Hundredths(value), Hundredths(weight), Hundredths(target));
            for weighted in [true, false] {
                let t = Terms { weighted, ..terms() };
                let there = |n| what_if(&marks, &t, value, weight, n).is_some_and(|a| a >= target);
                if let Some(n) = how_many(&marks, &t, value, weight, target) {
                    prop_assert!(there(n));
                    prop_assert!(n == 0 || !there(n - 1));
                }
            }
        }
    }
}
