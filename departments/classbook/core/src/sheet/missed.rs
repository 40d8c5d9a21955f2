//! What a pupil has missed, for a sheet: what [`crate::attendance::tally`] counts, and beside it the reasons of whole days and the
//! months that are systematic.

use base::number::Hundredths;
use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::attendance::{DayOf, Notions, Reason, Tally, tally};

/// The reasons of absences, in the order of the columns.
pub const REASONS: [Reason; 4] = [Reason::Ill, Reason::Excused, Reason::Unexcused, Reason::Unknown];

/// What was missed in some days.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// Lessons, days, weeks, the share.
    pub tally: Tally,
    /// Days missed whole by their reason, in the order of [`REASONS`].
    pub full_days: [i64; 4],
    /// Months of the span in which the absence is systematic.
    pub months: i64,
}

impl Missed {
    /// Lessons missed for a reason.
    #[must_use]
    pub fn lessons(&self, reason: Reason) -> i64 {
        match reason {
            Reason::Unknown => self.tally.unknown,
            Reason::Ill => self.tally.ill,
            Reason::Excused => self.tally.excused,
            Reason::Unexcused => self.tally.unexcused,
            Reason::Late => self.tally.late,
        }
    }

    /// Days missed whole for a reason.
    #[must_use]
    pub fn days(&self, reason: Reason) -> i64 {
        let at = REASONS.iter().position(|r| *r == reason);
        at.and_then(|n| self.full_days.get(n)).copied().unwrap_or(0)
    }

    /// The share of lessons that were missed, in hundred.
    #[must_use]
    pub fn share(&self) -> Option<Hundredths> {
        self.tally.share
    }
}

/// Counts the days from `from` to `to`, up to today: lessons to come are not there to be missed. `days` may hold days outside; of a
/// week that ends inside, all its days must be there.
#[must_use]
pub fn missed(
    days: &[DayOf],
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
    notions: &Notions,
) -> Missed {
    let span = (from, to.min(today));
    let mut full_days = [0; 4];
    for day in days
        .iter()
        .filter(|d| span.0 <= d.date && d.date <= span.1 && d.is_full())
    {
        let at = REASONS.iter().position(|r| Some(*r) == day.reason());
        if let Some(count) = at.and_then(|n| full_days.get_mut(n)) {
            *count += 1;
        }
    }
    let systematic = months(span)
        .into_iter()
        .filter(|month| tally(days, *month, today, notions).systematic);
    Missed {
        tally: tally(days, span, today, notions),
        full_days,
        months: i64::try_from(systematic.count()).unwrap_or(i64::MAX),
    }
}

/// A span cut into its months.
fn months((from, to): (NaiveDate, NaiveDate)) -> Vec<(NaiveDate, NaiveDate)> {
    let mut months = vec![];
    let mut day = from;
    // a span of years is no span of a sheet
    while day <= to && months.len() < 24 {
        let next = day
            .with_day(1)
            .and_then(|first| first.checked_add_months(Months::new(1)));
        let Some(next) = next else { break };
        let last = next.checked_sub_days(Days::new(1)).unwrap_or(to);
        months.push((day, last.min(to)));
        day = next;
    }
    months
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn day(date: &str, lessons: i64, ill: i64, unknown: i64) -> DayOf {
        DayOf {
            lessons,
            ill,
            unknown,
            ..DayOf::empty(d(date))
        }
    }

    #[test]
    fn whole_days_have_reasons_and_months_are_counted_each() {
        // October: one whole day of two; November: half a day of three, and one to come
        let days = [
            day("2026-10-19", 4, 3, 1),
            day("2026-10-20", 4, 0, 0),
            day("2026-11-16", 6, 0, 3),
            day("2026-11-17", 6, 0, 0),
            day("2026-11-18", 6, 6, 0),
        ];
        let span = (d("2026-10-01"), d("2026-12-27"));
        let m = missed(&days, span, d("2026-11-17"), &Notions::default());
        assert_eq!((m.tally.lessons, m.tally.missed), (20, 7));
        assert_eq!(
            (m.days(Reason::Ill), m.days(Reason::Unknown), m.tally.full_days),
            (1, 0, 1)
        );
        assert_eq!((m.lessons(Reason::Ill), m.lessons(Reason::Unknown)), (3, 4));
        // 4 of 8, but 3 of 12
        assert_eq!(m.months, 1);
        assert_eq!(m.share(), Some(Hundredths(3500)));
    }

    #[test]
    fn a_span_is_cut_where_its_months_end() {
        assert_eq!(
            months((d("2026-10-26"), d("2026-12-03"))),
            [
                (d("2026-10-26"), d("2026-10-31")),
                (d("2026-11-01"), d("2026-11-30")),
                (d("2026-12-01"), d("2026-12-03"))
            ]
        );
        assert!(months((d("2026-12-03"), d("2026-12-02"))).is_empty());
    }

    proptest! {
        #[test]
        fn every_whole_day_has_one_reason(days in proptest::collection::vec((0u64..200, 1i64..8, 0i64..4, 0i64..4), 0..60)) {
            let from = d("2026-09-01");
            let days: Vec<DayOf> = days
                .into_iter()
                .map(|(n, lessons, ill, excused)| DayOf { lessons, ill, excused, ..DayOf::empty(from + Days::new(n)) })
                .collect();
            let m = missed(&days, (from, d("2027-05-31")), d("2027-05-31"), &Notions::default());
            prop_assert_eq!(m.full_days.iter().sum::<i64>(), m.tally.full_days);
            prop_assert_eq!(REASONS.iter().map(|r| m.lessons(*r)).sum::<i64>(), m.tally.missed);
        }
    }
}
