//! From marks to a proposed period mark, with everything that its explanation needs; from period marks to a year's.
//!
//! A proposal is a proposal: the teacher decides, and a difference of a whole mark asks for a reason.
//!
//! **«н/а»** ([`attest`]) is proposed where a pupil has fewer marks in a period than the school's act asks for. For a child it is a
//! serious thing, so it is kept back wherever a deputy would ask «why already?» or «why this one?»:
//!
//! * only in the last days of the period and after it ([`CLOSING_DAYS`]): in September everybody has few marks;
//! * not for who left before the period ended: such a pupil is attested elsewhere;
//! * only where *all* marks are too few: a «зч» has no value and is in no average, but something was there to attest by;
//! * only on a scale with marks of value and a word for «не аттестован».
//!
//! It is never given along with others: «Поставить предложенные» leaves it out and says so, and a button of its own names each pupil
//! with what was counted before it gives anything. What the marks alone would come to stays beside it ([`Proposal::alone`]), and
//! a mark given instead asks for a reason as it did before «н/а» was proposed: when it stands a whole mark from that.

use base::number::Hundredths;
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::indicators::Standing;
use super::rules::Terms;
use crate::journal::average;
use crate::journal::grid::{Pupil, ScaleItem};

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
    /// The scale is not of five, so the school's borders say nothing here: the mark nearest to the average.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub nearest: bool,
    /// «н/а» is proposed: what the marks alone come to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alone: Option<Alone>,
}

/// What too few marks come to, where «н/а» is proposed instead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alone {
    /// The mark of the scale; `None` without a counted mark.
    pub code: Option<String>,
    /// Its value.
    pub value: Option<Hundredths>,
}

impl Proposal {
    /// What the marks come to, whatever is proposed: by this is judged whether another mark asks for a reason.
    #[must_use]
    pub fn by_marks(&self) -> (Option<&str>, Option<Hundredths>) {
        match &self.alone {
            Some(alone) => (alone.code.as_deref(), alone.value),
            None => (self.code.as_deref(), self.value),
        }
    }

    /// Another mark than the marks propose: «осв» by a paper.
    #[must_use]
    pub fn with_code(self, code: &str) -> Self {
        Self {
            code: Some(code.to_owned()),
            alone: None,
            ..self
        }
    }

    /// There are as many marks as the school asks for; who is exempt is asked for none.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        if self.alone.is_some() {
            return false;
        }
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

/// Do the school's borders («5» from 4,65) hold on this scale? They are of the five-point one.
#[must_use]
pub fn has_borders(scale: &[ScaleItem]) -> bool {
    best(scale) == Hundredths::whole(5)
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
    if !has_borders(scale) {
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
    if has_borders(scale) {
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
        nearest: mean.is_some() && !has_borders(scale),
        alone: None,
    }
}

/// So many days before the end of a period «н/а» begins to be proposed: its marks are given in the last week.
pub const CLOSING_DAYS: u64 = 7;

/// Is it time to ask whether a pupil has enough marks of a period to be attested: it ends in these days or has ended, and the pupil was
/// there to its end?
#[must_use]
pub fn is_closing(pupil: &Pupil, ends_on: NaiveDate, today: NaiveDate) -> bool {
    let soon = today.checked_add_days(Days::new(CLOSING_DAYS)).unwrap_or(today);
    ends_on <= soon && pupil.spans.iter().any(|(_, last)| *last >= ends_on)
}

/// What is proposed for a period: what the marks come to ([`propose`]), or «н/а» where they are fewer than the rule asks for and it is
/// time to say so ([`is_closing`]).
#[must_use]
pub fn attest(
    marks: &[Counted],
    terms: &Terms,
    week_hours: Hundredths,
    scale: &[ScaleItem],
    closing: bool,
) -> Proposal {
    let made = propose(marks, terms, week_hours, scale);
    // a mark of weight 0 counts nowhere: nobody is attested by it
    let all = marks.iter().filter(|(_, weight)| weight.0 > 0).count();
    let all = i64::try_from(all).unwrap_or(i64::MAX);
    if !closing || all >= i64::from(made.minimum) || scale.iter().all(|i| i.value.is_none()) {
        return made;
    }
    let Some(item) = scale
        .iter()
        .find(|i| i.standing == Standing::NotAttested && i.value.is_none())
    else {
        return made;
    };
    Proposal {
        code: Some(item.code.clone()),
        value: None,
        alone: Some(Alone {
            code: made.code,
            value: made.value,
        }),
        ..made
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

/// Does this mark stand a whole mark from what is proposed, so that a reason is asked for? So does one without a level in the place of a
/// level: whoever gets it leaves the percentages. «н/а» does where there is something to attest by; for who is exempt by a
/// paper «осв» is what is proposed, and no level.
#[must_use]
pub fn asks_reason(given: &ScaleItem, proposed: Option<Hundredths>, is_enough: bool) -> bool {
    let Some(proposed) = proposed else { return false };
    match given.value {
        Some(value) => (value.0 - proposed.0).abs() >= 100,
        None => is_enough || given.standing != Standing::NotAttested,
    }
}

#[cfg(test)]
mod tests;
