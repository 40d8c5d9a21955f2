//! From marks to a proposed period mark, with everything that its explanation needs; from period marks to a year's.
//!
//! A proposal is a proposal: the teacher decides, and a difference of a whole mark asks for a reason.

use base::number::Hundredths;
use serde::{Deserialize, Serialize};

use super::indicators::Standing;
use super::rules::Terms;
use crate::journal::average;
use crate::journal::grid::ScaleItem;

/// What a period's marks come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// How many marks count.
    pub count: i64,
    /// Σ mark, or Σ(mark × weight), in ten-thousandths.
    pub sum: i64,
    /// How many, or Σ weight.
    pub divisor: Hundredths,
    /// The one by the other, to two places; the threshold is laid to this figure.
    pub average: Option<Hundredths>,
    /// The border that the average has reached; `None` below all of them, or on a scale that is not of five.
    pub threshold: Option<Hundredths>,
    /// The least number of marks for this subject.
    pub minimum: i16,
    /// The mark of the scale; `None` without a counted mark.
    pub code: Option<String>,
    /// Its value.
    pub value: Option<Hundredths>,
}

impl Proposal {
    /// There are as many marks as the school asks for; who is exempt is asked for none.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        if self.average.is_none() {
            return self.code.is_some();
        }
        self.count > 0 && self.count >= i64::from(self.minimum)
    }
}

/// A mark as the average sees it: value, if it has one, and weight.
pub type Counted = (Option<Hundredths>, Hundredths);

fn best(scale: &[ScaleItem]) -> Hundredths {
    scale.iter().filter_map(|i| i.value).max().unwrap_or_default()
}

/// The item of a scale nearest to a value, the better of two equally near.
fn nearest(scale: &[ScaleItem], to: Hundredths) -> Option<&ScaleItem> {
    scale
        .iter()
        .filter_map(|i| Some((i, i.value?)))
        .min_by_key(|(_, v)| ((v.0 - to.0).abs(), std::cmp::Reverse(v.0)))
        .map(|(i, _)| i)
}

/// The border that an average has reached, on a scale of five, and the mark that it comes to.
pub(crate) fn reached<'a>(
    mean: Hundredths,
    terms: &Terms,
    scale: &'a [ScaleItem],
) -> (Option<Hundredths>, Option<&'a ScaleItem>) {
    if best(scale) != Hundredths::whole(5) {
        return (None, nearest(scale, mean));
    }
    let borders = [(terms.five_from, 5), (terms.four_from, 4), (terms.three_from, 3)];
    let reached = borders.into_iter().find(|(from, _)| mean >= *from);
    let level = reached.map_or(2, |(_, level)| level);
    (
        reached.map(|(from, _)| from),
        nearest(scale, Hundredths::whole(level)),
    )
}

/// The averages from which another mark is proposed, with that mark, the lowest first: the school's borders on a scale of five, else the
/// middle between two marks.
pub(crate) fn borders<'a>(terms: &Terms, scale: &'a [ScaleItem]) -> Vec<(Hundredths, &'a ScaleItem)> {
    if best(scale) == Hundredths::whole(5) {
        let all = [(terms.three_from, 3), (terms.four_from, 4), (terms.five_from, 5)];
        let item = |(from, level)| Some((from, nearest(scale, Hundredths::whole(level))?));
        return all.into_iter().filter_map(item).collect();
    }
    let mut valued: Vec<(Hundredths, &ScaleItem)> =
        scale.iter().filter_map(|i| Some((i.value?, i))).collect();
    valued.sort_by_key(|(value, _)| *value);
    let steps = valued.windows(2).filter_map(|two| match two {
        // of two that are equally near the better one is proposed
        [(low, _), (high, item)] => Some((Hundredths((low.0 + high.0 + 1) / 2), *item)),
        _ => None,
    });
    steps.collect()
}

/// What the marks of a period propose, by a rule, on a scale, for a subject of so many hours a week.
#[must_use]
pub fn propose(marks: &[Counted], terms: &Terms, week_hours: Hundredths, scale: &[ScaleItem]) -> Proposal {
    let counted = || {
        marks
            .iter()
            .filter_map(|(v, w)| Some(((*v)?, *w)))
            .filter(|(_, w)| w.0 > 0)
    };
    let weight = |w: Hundredths| if terms.weighted { w.0 } else { 100 };
    let count = i64::try_from(counted().count()).unwrap_or(i64::MAX);
    let sum = counted().fold(0i64, |sum, (v, w)| {
        sum.saturating_add(v.0.saturating_mul(weight(w)))
    });
    let divisor = Hundredths(counted().fold(0i64, |all, (_, w)| all.saturating_add(weight(w))));
    let both = average(marks.iter().copied());
    let mean = if terms.weighted { both.weighted } else { both.plain };
    let reached = mean.map(|mean| reached(mean, terms, scale));
    let (threshold, item) = reached.unwrap_or_default();
    Proposal {
        count,
        sum,
        divisor,
        average: mean,
        threshold,
        minimum: terms.minimum(week_hours),
        code: item.map(|i| i.code.clone()),
        value: item.and_then(|i| i.value),
    }
}

/// What a year's periods, or a year and an exam, come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct YearProposal {
    /// The marks with a value.
    pub count: i64,
    /// Periods whose mark is still to come.
    pub missing: i64,
    /// Marks without a value: «н/а», «осв», «зч».
    pub valueless: i64,
    /// Σ mark.
    pub sum: Hundredths,
    /// Their mean.
    pub average: Option<Hundredths>,
    /// The mark of the scale.
    pub code: Option<String>,
    /// Its value.
    pub value: Option<Hundredths>,
}

/// The mean of marks, rounded up from the rule's fraction. Outer `None`: the mark is still to come; inner: it has no value.
#[must_use]
pub fn propose_year(
    marks: &[Option<Option<Hundredths>>],
    terms: &Terms,
    scale: &[ScaleItem],
) -> YearProposal {
    let valued: Vec<Hundredths> = marks.iter().copied().flatten().flatten().collect();
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let count = number(valued.len());
    let sum = Hundredths(valued.iter().map(|v| v.0).fold(0, i64::saturating_add));
    let mean = Hundredths::ratio(i128::from(sum.0), i128::from(count) * 100);
    let rounded = mean.map(|m| {
        let (whole, fraction) = (m.0.div_euclid(100), m.0.rem_euclid(100));
        Hundredths::whole(whole + i64::from(fraction >= terms.year_up.0))
    });
    let item = rounded.and_then(|aim| nearest(scale, aim));
    YearProposal {
        count,
        missing: number(marks.iter().filter(|m| m.is_none()).count()),
        valueless: number(marks.iter().filter(|m| **m == Some(None)).count()),
        sum,
        average: mean,
        code: item.map(|i| i.code.clone()),
        value: item.and_then(|i| i.value),
    }
}

/// Does this mark stand a whole mark from what is proposed, so that a reason is asked for? So does «н/а» where there is
/// something to attest by; an exemption has its own paper.
#[must_use]
pub fn asks_reason(given: &ScaleItem, proposed: Option<Hundredths>, is_enough: bool) -> bool {
    let Some(proposed) = proposed else { return false };
    match given.value {
        Some(value) => (value.0 - proposed.0).abs() >= 100,
        None => is_enough && given.standing == Standing::NotAttested,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    fn scale(values: &[i64]) -> Vec<ScaleItem> {
        let best = Hundredths::whole(values.iter().copied().max().unwrap_or_default());
        let item = |v: &i64| ScaleItem::usual(&v.to_string(), Some(Hundredths::whole(*v)), best);
        let bare = |code: &str| ScaleItem::usual(code, None, best);
        values
            .iter()
            .map(item)
            .chain([bare("осв"), bare("н/а")])
            .collect()
    }

    fn five() -> Vec<ScaleItem> {
        scale(&[5, 4, 3, 2])
    }

    fn terms() -> Terms {
        Terms {
            five_from: Hundredths(465),
            four_from: Hundredths(365),
            three_from: Hundredths(265),
            ..Terms::usual(NaiveDate::from_ymd_opt(2026, 9, 1).unwrap())
        }
    }

    fn marks(of: &[(i64, i64)]) -> Vec<Counted> {
        of.iter()
            .map(|(v, w)| (Some(Hundredths::whole(*v)), Hundredths::whole(*w)))
            .collect()
    }

    #[test]
    fn the_usual_bands_of_a_ministry() {
        // 2 (weight 10) and 5 (weight 40): 220 / 50 = 4,40; «4» from 3,65
        let p = propose(&marks(&[(2, 10), (5, 40)]), &terms(), Hundredths(500), &five());
        assert_eq!((p.count, p.sum, p.divisor), (2, 2_200_000, Hundredths(5000)));
        assert_eq!(
            (p.average, p.threshold),
            (Some(Hundredths(440)), Some(Hundredths(365)))
        );
        assert_eq!(p.code.as_deref(), Some("4"));
        assert!(!p.is_enough(), "two marks of three");
        let plain = Terms {
            weighted: false,
            ..terms()
        };
        let p = propose(
            &marks(&[(2, 10), (5, 40), (5, 0)]),
            &plain,
            Hundredths(500),
            &five(),
        );
        assert_eq!(
            (p.sum, p.divisor, p.average),
            (70_000, Hundredths(200), Some(Hundredths(350)))
        );
        assert_eq!(p.code.as_deref(), Some("3"));
        let none = propose(&[(None, Hundredths(100))], &terms(), Hundredths(100), &five());
        assert_eq!((none.count, none.code, none.average), (0, None, None));
    }

    #[test]
    fn other_scales_take_the_nearest() {
        let p = propose(
            &marks(&[(9, 1), (8, 1)]),
            &terms(),
            Hundredths(100),
            &scale(&[10, 9, 8, 7]),
        );
        assert_eq!((p.code.as_deref(), p.threshold), (Some("9"), None));
    }

    #[test]
    fn a_year_of_its_periods() {
        let v = |n: i64| Some(Some(Hundredths::whole(n)));
        let year = |marks: &[Option<Option<Hundredths>>]| propose_year(marks, &terms(), &five());
        assert_eq!(
            year(&[v(4), v(5), v(4), v(5)]).code.as_deref(),
            Some("5"),
            "4,50 is rounded up"
        );
        assert_eq!(year(&[v(4), v(4), v(5)]).code.as_deref(), Some("4"));
        let part = year(&[v(3), Some(None), None, v(4)]);
        assert_eq!((part.count, part.missing, part.valueless), (2, 1, 1));
        assert_eq!(part.average, Some(Hundredths(350)));
        assert_eq!(year(&[None, Some(None)]).code, None);
        let strict = Terms {
            year_up: Hundredths(60),
            ..terms()
        };
        assert_eq!(
            propose_year(&[v(4), v(5)], &strict, &five()).code.as_deref(),
            Some("4")
        );
    }

    #[test]
    fn when_a_reason_is_asked_for() {
        let scale = five();
        let of = |code: &str| scale.iter().find(|i| i.code == code).unwrap();
        let asks = |code, proposed: Option<i64>, enough| {
            asks_reason(of(code), proposed.map(Hundredths::whole), enough)
        };
        assert!(!asks("4", Some(4), true) && asks("5", Some(4), true) && asks("3", Some(4), false));
        assert!(!asks("5", None, false), "nothing is proposed");
        assert!(asks("н/а", Some(4), true) && !asks("н/а", Some(4), false) && !asks("осв", Some(4), true));
    }

    proptest! {
        #[test]
        fn the_proposal_is_the_shown_average(of in proptest::collection::vec((2i64..=5, 0i64..=10), 0..60), weighted: bool) {
            let marks = marks(&of);
            let terms = Terms { weighted, ..terms() };
            let p = propose(&marks, &terms, Hundredths(300), &five());
            let both = average(marks.iter().copied());
            prop_assert_eq!(p.average, if weighted { both.weighted } else { both.plain });
            prop_assert_eq!(p.average, Hundredths::ratio(i128::from(p.sum), i128::from(p.divisor.0) * 100));
            prop_assert_eq!(p.code.is_some(), p.count > 0);
            if let (Some(average), Some(value)) = (p.average, p.value) {
                let reached = |from: Hundredths| average >= from;
                prop_assert_eq!(value.0 >= 500, reached(terms.five_from));
                prop_assert_eq!(value.0 >= 400, reached(terms.four_from));
                prop_assert_eq!(value.0 >= 300, reached(terms.three_from));
            }
        }

        #[test]
        fn one_more_five_never_lowers_a_proposal(of in proptest::collection::vec((2i64..=5, 1i64..=10), 1..40), weight in 1i64..10) {
            let before = propose(&marks(&of), &terms(), Hundredths(300), &five());
            let mut more = of;
            more.push((5, weight));
            let after = propose(&marks(&more), &terms(), Hundredths(300), &five());
            prop_assert!(before.value <= after.value && before.average <= after.average);
        }

        #[test]
        fn a_year_lies_between_its_periods(of in proptest::collection::vec(2i64..=5, 1..6), up in 1i64..=99) {
            let marks: Vec<_> = of.iter().map(|v| Some(Some(Hundredths::whole(*v)))).collect();
            let terms = Terms { year_up: Hundredths(up), ..terms() };
            let value = propose_year(&marks, &terms, &five()).value.unwrap();
            let (low, high) = (of.iter().min().unwrap(), of.iter().max().unwrap());
            prop_assert!(Hundredths::whole(*low) <= value && value <= Hundredths::whole(*high));
        }
    }
}
