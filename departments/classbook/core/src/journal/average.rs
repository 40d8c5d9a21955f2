//! Averages of marks, exact: the browser's figure equals the server's to the last digit.

use base::number::Hundredths;

/// The two averages of one pupil; `None` without a single counted mark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Average {
    /// The sum of marks by their number.
    pub plain: Option<Hundredths>,
    /// Σ(mark × weight) / Σ(weight).
    pub weighted: Option<Hundredths>,
}

/// Averages over `(value, weight)`. A mark without a value («зч», «осв») takes no part, a mark of weight 0 is not
/// counted in either average (domain facts 2.1). Rounded half away from zero to two places.
#[must_use]
pub fn average(marks: impl IntoIterator<Item = (Option<Hundredths>, Hundredths)>) -> Average {
    let (mut count, mut sum, mut weights, mut weighted) = (0i128, 0i128, 0i128, 0i128);
    for (value, weight) in marks {
        let Some(value) = value else { continue };
        if weight.0 <= 0 {
            continue;
        }
        let (value, weight) = (i128::from(value.0), i128::from(weight.0));
        count += 1;
        sum += value;
        weights += weight;
        weighted += value * weight;
    }
    // both parts in hundredths: the denominator is raised to the same unit
    Average {
        plain: Hundredths::ratio(sum, count * 100),
        weighted: Hundredths::ratio(weighted, weights * 100),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn m(value: i64, weight: i64) -> (Option<Hundredths>, Hundredths) {
        (Some(Hundredths::whole(value)), Hundredths::whole(weight))
    }

    #[test]
    fn the_example_of_the_field() {
        // domain facts 2.1: a 2 of weight 10 and a 5 of weight 40 give 4.4
        let a = average([m(2, 10), m(5, 40)]);
        assert_eq!(
            a,
            Average {
                plain: Some(Hundredths(350)),
                weighted: Some(Hundredths(440))
            }
        );
    }

    #[test]
    fn what_is_not_counted_changes_nothing() {
        let counted = average([m(4, 1), m(5, 2)]);
        assert_eq!(
            average([m(4, 1), m(2, 0), (None, Hundredths(300)), m(5, 2)]),
            counted
        );
        assert_eq!(average([m(2, 0)]), Average::default());
        assert_eq!(average([]), Average::default());
    }

    #[test]
    fn thirds_are_rounded() {
        assert_eq!(average([m(4, 1), m(4, 1), m(5, 1)]).plain, Some(Hundredths(433)));
        assert_eq!(average([m(5, 1), m(5, 1), m(4, 1)]).plain, Some(Hundredths(467)));
    }

    proptest! {
        #[test]
        fn an_average_lies_between_its_marks(marks in proptest::collection::vec((100i64..=1000, 1i64..=10_000), 1..60)) {
            let a = average(marks.iter().map(|(v, w)| (Some(Hundredths(*v)), Hundredths(*w))));
            let (low, high) = (marks.iter().map(|m| m.0).min().unwrap(), marks.iter().map(|m| m.0).max().unwrap());
            for x in [a.plain.unwrap(), a.weighted.unwrap()] {
                prop_assert!(low <= x.0 && x.0 <= high);
            }
        }

        #[test]
        fn equal_weights_make_the_weighted_average_plain(values in proptest::collection::vec(1i64..=10, 1..60), weight in 1i64..=10_000) {
            let a = average(values.iter().map(|v| (Some(Hundredths::whole(*v)), Hundredths(weight))));
            prop_assert_eq!(a.plain, a.weighted);
        }

        #[test]
        fn order_does_not_matter(marks in proptest::collection::vec((0i64..=1000, 0i64..=500), 0..40)) {
            let forward = average(marks.iter().map(|(v, w)| (Some(Hundredths(*v)), Hundredths(*w))));
            let back = average(marks.iter().rev().map(|(v, w)| (Some(Hundredths(*v)), Hundredths(*w))));
            prop_assert_eq!(forward, back);
        }
    }
}
