//! Days in runs, and by when the reason of a run is due.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::deadline::rule::{Calendar, due};

/// Days in runs: between two days of a run lies no working day of the grade. An illness over a weekend is one run.
#[must_use]
pub fn runs(days: &BTreeSet<NaiveDate>, calendar: &Calendar) -> Vec<(NaiveDate, NaiveDate)> {
    let mut found: Vec<(NaiveDate, NaiveDate)> = vec![];
    for day in days {
        match found.last_mut() {
            Some((_, last)) if due(*last, 1, calendar) >= *day => *last = *day,
            _ => found.push((*day, *day)),
        }
    }
    found
}

/// The last day on which the reason of a run is set in time: so many working days after its last absence, and after the day on which
/// the paper came, if it came later.
#[must_use]
pub fn term(last: NaiveDate, paper: Option<NaiveDate>, days: i16, calendar: &Calendar) -> NaiveDate {
    due(paper.map_or(last, |on| on.max(last)), days, calendar)
}

/// Working days from today to a term that has not passed, today not counted; 0 on the day itself and after it.
#[must_use]
pub fn left(today: NaiveDate, term: NaiveDate, calendar: &Calendar) -> i64 {
    let days = today.iter_days().skip(1).take_while(|d| *d <= term);
    i64::try_from(days.take(400).filter(|d| calendar.works(*d)).count()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn five() -> Calendar {
        Calendar {
            week_days: 5,
            holidays: vec![(d("2026-11-04"), d("2026-11-04"))],
        }
    }

    #[test]
    fn a_run_goes_over_days_off_and_ends_at_a_day_at_school() {
        let days = [
            "2026-11-03", // the fourth is a holiday
            "2026-11-05",
            "2026-11-06", // Friday
            "2026-11-09", // Monday
            "2026-11-11", // at school on Tuesday
        ];
        let days = days.into_iter().map(d).collect();
        assert_eq!(
            runs(&days, &five()),
            [
                (d("2026-11-03"), d("2026-11-09")),
                (d("2026-11-11"), d("2026-11-11"))
            ]
        );
        assert_eq!(runs(&BTreeSet::new(), &five()), []);
    }

    #[test]
    fn the_paper_gives_its_own_two_days() {
        // Friday's absence: Tuesday; the paper came on Wednesday: Friday
        let last = d("2026-11-13");
        assert_eq!(term(last, None, 2, &five()), d("2026-11-17"));
        assert_eq!(term(last, Some(d("2026-11-18")), 2, &five()), d("2026-11-20"));
        assert_eq!(
            term(last, Some(d("2026-11-10")), 2, &five()),
            d("2026-11-17"),
            "brought beforehand"
        );
        assert_eq!(left(d("2026-11-13"), d("2026-11-17"), &five()), 2);
        assert_eq!(left(d("2026-11-17"), d("2026-11-17"), &five()), 0);
        assert_eq!(left(d("2026-11-19"), d("2026-11-17"), &five()), 0);
    }

    proptest! {
        /// Every day lies in exactly one run, and between two runs there is a working day without an absence.
        #[test]
        fn runs_hold_all_days_and_touch_nowhere(
            offsets in proptest::collection::btree_set(0u64..120, 0..40), week_days in 1i16..8,
            off in proptest::collection::vec((0u64..120, 0u64..9), 0..4),
        ) {
            let base = d("2026-09-01");
            let calendar = Calendar {
                week_days,
                holidays: off.iter().map(|(from, long)| (base + Days::new(*from), base + Days::new(from + long))).collect(),
            };
            let days: BTreeSet<NaiveDate> = offsets.iter().map(|n| base + Days::new(*n)).collect();
            let found = runs(&days, &calendar);
            for day in &days {
                prop_assert_eq!(found.iter().filter(|(from, to)| from <= day && day <= to).count(), 1);
            }
            for (from, to) in &found {
                prop_assert!(days.contains(from) && days.contains(to));
                let gap = from.iter_days().take_while(|x| x <= to).find(|x| calendar.works(*x) && !days.contains(x));
                prop_assert_eq!(gap, None, "a day at school inside a run");
            }
            for pair in found.windows(2) {
                let between = pair[0].1.iter_days().skip(1).take_while(|x| *x < pair[1].0).any(|x| calendar.works(x));
                prop_assert!(between, "two runs that are one");
            }
        }
    }
}
