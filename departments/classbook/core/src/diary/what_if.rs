//! «What if I get a five»: the tool that pupils otherwise build at home. The arithmetic is the journal's.

use base::number::Hundredths;

use crate::journal::average;

/// A mark as the average sees it: its value, if it has one, and its weight.
pub type Counted = (Option<Hundredths>, Hundredths);

/// The weighted average after `n` more marks of `value` and `weight`.
#[must_use]
pub fn what_if(marks: &[Counted], value: Hundredths, weight: Hundredths, n: u8) -> Option<Hundredths> {
    let more = std::iter::repeat_n((Some(value), weight), usize::from(n));
    average(marks.iter().copied().chain(more)).weighted
}

/// How many marks of `value` and `weight` lift the weighted average to `target`: 0 when it is there already, none
/// when no number up to thirty does.
#[must_use]
pub fn how_many(marks: &[Counted], value: Hundredths, weight: Hundredths, target: Hundredths) -> Option<u8> {
    (0..=30).find(|n| what_if(marks, value, weight, *n).is_some_and(|a| a >= target))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
        assert_eq!(what_if(&marks, w(5), w(1), 0), Some(Hundredths(417)));
        assert_eq!(what_if(&marks, w(5), w(1), 1), Some(Hundredths(429)));
        assert_eq!(how_many(&marks, w(5), w(1), Hundredths(450)), Some(4));
        assert_eq!(how_many(&marks, w(4), w(1), Hundredths(450)), None);
        assert_eq!(what_if(&[], w(5), w(1), 0), None);
        assert_eq!(how_many(&[], w(5), w(0), Hundredths(450)), None);
    }

    proptest! {
        #[test]
        fn the_number_is_the_smallest(
            marks in proptest::collection::vec((200i64..=500, 1i64..=1000), 0..12),
            value in 200i64..=500, weight in 1i64..=1000, target in 200i64..=500,
        ) {
            let marks: Vec<Counted> = marks.into_iter().map(|(v, w)| (Some(Hundredths(v)), Hundredths(w))).collect();
            let (value, weight, target) = (Hundredths(value), Hundredths(weight), Hundredths(target));
            let there = |n| what_if(&marks, value, weight, n).is_some_and(|a| a >= target);
            if let Some(n) = how_many(&marks, value, weight, target) {
                prop_assert!(there(n));
                prop_assert!(n == 0 || !there(n - 1));
            }
        }
    }
}
