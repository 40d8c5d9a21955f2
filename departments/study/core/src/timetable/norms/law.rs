//! The law with its dates: a norm begins, ends, or holds in some months of each year only (the stepped regime of the first grade). Which rows
//! hold on a day, and on which days of a version that changes.

use chrono::{Datelike as _, NaiveDate};
use serde::{Deserialize, Serialize};

use super::NormRow;

/// A row of `norm` with all its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LawRow {
    /// What it says, and since when.
    pub norm: NormRow,
    /// Its last day, if it has one.
    pub valid_to: Option<NaiveDate>,
    /// First and last month of the year in which it holds, both included; the first may be the later one. `None`: the whole year.
    pub months: Option<(u32, u32)>,
}

impl LawRow {
    /// Does it hold on this day?
    #[must_use]
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        let dates = self.norm.valid_from <= day && self.valid_to.is_none_or(|last| day <= last);
        let month = day.month();
        dates
            && self.months.is_none_or(|(first, last)| {
                if first <= last {
                    (first..=last).contains(&month)
                } else {
                    month >= first || month <= last
                }
            })
    }

    /// The days after `on`, up to `last`, on which it begins to hold or has just ceased to.
    pub(crate) fn borders(&self, (on, last): (NaiveDate, NaiveDate)) -> impl Iterator<Item = NaiveDate> + '_ {
        let dates = [
            Some(self.norm.valid_from),
            self.valid_to.and_then(|day| day.succ_opt()),
        ];
        let months = self.months.into_iter().flat_map(move |(first, end)| {
            (on.year()..=last.year()).flat_map(move |year| {
                // the month after December is January: of the same year, whose turn it is as well
                let begins = |month| NaiveDate::from_ymd_opt(year, month, 1);
                [begins(first), begins(end % 12 + 1)]
            })
        });
        // at the border of its months it changes nothing where its dates keep it from holding on both sides
        let changes = move |day: &NaiveDate| {
            let before = day.pred_opt().is_some_and(|eve| self.holds_on(eve));
            before != self.holds_on(*day)
        };
        dates
            .into_iter()
            .chain(months)
            .flatten()
            .filter(move |day| on < *day && *day <= last)
            .filter(changes)
    }

    /// Is it for one of these grades?
    pub(crate) fn is_for(&self, grades: &[i16]) -> bool {
        let mine = self.norm.grade_from..=self.norm.grade_to;
        grades.iter().any(|grade| mine.contains(grade))
    }
}

/// The rows that hold on a day, in their order.
#[must_use]
pub fn law_on(rows: &[LawRow], day: NaiveDate) -> Vec<NormRow> {
    let holding = rows.iter().filter(|row| row.holds_on(day));
    holding.map(|row| row.norm.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::row;
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn law(months: Option<(u32, u32)>, valid_to: Option<NaiveDate>) -> LawRow {
        LawRow {
            norm: row("lessons_a_day", 1, 1, None, 3),
            valid_to,
            months,
        }
    }

    #[test]
    fn months_may_go_over_the_new_year() {
        let winter = law(Some((11, 2)), None);
        for (month, holds) in [
            (10, false),
            (11, true),
            (12, true),
            (1, true),
            (2, true),
            (3, false),
        ] {
            assert_eq!(winter.holds_on(day(2027, month, 15)), holds, "{month}");
        }
        let year = (day(2026, 9, 1), day(2027, 8, 31));
        let found: Vec<_> = winter.borders(year).collect();
        assert_eq!(found, [day(2026, 11, 1), day(2027, 3, 1)]);
        let to_december: Vec<_> = law(Some((9, 12)), None).borders(year).collect();
        assert_eq!(to_december, [day(2027, 1, 1)]);
    }

    #[test]
    fn a_row_that_has_ended_has_no_months_any_more() {
        let ended = law(Some((1, 2)), Some(day(2026, 12, 31)));
        assert_eq!(ended.borders((day(2026, 9, 1), day(2027, 8, 31))).count(), 0);
    }

    proptest! {
        /// The borders are the very days on which it is otherwise than on the day before.
        #[test]
        fn what_changes_has_a_border(
            months in proptest::option::of((1u32..13, 1u32..13)),
            from in 0u64..900,
            length in proptest::option::of(0u64..500),
            span in (0u64..700, 0u64..500),
        ) {
            let start = day(2025, 9, 1);
            let at = |n: u64| start + Days::new(n);
            let mut of = law(months, length.map(|n| at(from + n)));
            of.norm.valid_from = at(from);
            let (on, last) = (at(span.0), at(span.0 + span.1));
            let mut borders: Vec<_> = of.borders((on, last)).collect();
            borders.sort_unstable();
            borders.dedup();
            let changed: Vec<_> = (span.0 + 1..=span.0 + span.1)
                .filter(|n| of.holds_on(at(*n)) != of.holds_on(at(n - 1)))
                .map(at)
                .collect();
            prop_assert_eq!(borders, changed);
        }
    }
}
