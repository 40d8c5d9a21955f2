//! What a pupil has missed, by the notions of domain facts 2.1: a lesson is missed by a code of absence; a day is missed whole if all
//! lessons of the pupil that day were; a day of three missed lessons or more is a missed day by the common local act; a week is
//! missed if more than half of its lessons were; a month of which 30 % and more were missed counts as systematic.

use std::collections::BTreeMap;

use base::number::Hundredths;
use chrono::{Datelike as _, NaiveDate};

/// A day of a pupil.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub date: NaiveDate,
    /// The pupil's lessons that took place or were to.
    pub lessons: i64,
    /// The codes that stand in them: places in the school's list of codes.
    pub codes: Vec<usize>,
}

/// A code of attendance, for the counting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// «б».
    pub code: String,
    /// «болел».
    pub title: String,
    /// It counts as an absence.
    pub absent: bool,
}

/// What was missed in some days.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missed {
    /// All lessons.
    pub held: i64,
    /// Lessons by code, also by codes that are no absence.
    pub lessons: BTreeMap<usize, i64>,
    /// Lessons missed.
    pub missed: i64,
    /// Days missed whole, by the code that stands in most of their lessons (of two as frequent the one that stands first in the
    /// school's list).
    pub days: BTreeMap<usize, i64>,
    /// Days missed whole.
    pub whole_days: i64,
    /// Days with three missed lessons or more.
    pub three_lessons: i64,
    /// Weeks of whose lessons more than half were missed.
    pub weeks: i64,
    /// Months of whose lessons 30 % or more were missed.
    pub months: i64,
}

impl Missed {
    /// The share of lessons that were missed, in hundred.
    #[must_use]
    pub fn share(&self) -> Option<Hundredths> {
        Hundredths::ratio(i128::from(self.missed) * 100, i128::from(self.held))
    }

    /// Lessons with a code.
    #[must_use]
    pub fn with(&self, code: usize) -> i64 {
        self.lessons.get(&code).copied().unwrap_or(0)
    }

    /// Days missed whole, by their code.
    #[must_use]
    pub fn days_with(&self, code: usize) -> i64 {
        self.days.get(&code).copied().unwrap_or(0)
    }
}

/// So many missed lessons make a missed day by the common local act.
const DAY_FROM: i64 = 3;

/// Counts.
#[must_use]
pub fn missed(days: &[Day], codes: &[Code]) -> Missed {
    let mut out = Missed::default();
    let (mut weeks, mut months): (BTreeMap<(i32, u32), Part>, BTreeMap<(i32, u32), Part>) =
        (BTreeMap::new(), BTreeMap::new());
    for day in days {
        let mut of_day: BTreeMap<usize, i64> = BTreeMap::new();
        for code in &day.codes {
            *out.lessons.entry(*code).or_default() += 1;
            if codes.get(*code).is_some_and(|c| c.absent) {
                *of_day.entry(*code).or_default() += 1;
            }
        }
        let gone: i64 = of_day.values().sum();
        out.held += day.lessons;
        out.missed += gone;
        if gone >= DAY_FROM {
            out.three_lessons += 1;
        }
        if gone > 0 && gone >= day.lessons {
            out.whole_days += 1;
            // of two as frequent the first: `max_by_key` takes the last, so from behind
            if let Some((code, _)) = of_day.iter().rev().max_by_key(|(_, n)| **n) {
                *out.days.entry(*code).or_default() += 1;
            }
        }
        let week = day.date.iso_week();
        weeks
            .entry((week.year(), week.week()))
            .or_default()
            .add(day.lessons, gone);
        months
            .entry((day.date.year(), day.date.month()))
            .or_default()
            .add(day.lessons, gone);
    }
    let count = |parts: &BTreeMap<_, Part>, is: fn(&Part) -> bool| {
        i64::try_from(parts.values().filter(|p| is(p)).count()).unwrap_or(i64::MAX)
    };
    out.weeks = count(&weeks, |p| p.missed * 2 > p.held);
    out.months = count(&months, |p| p.held > 0 && p.missed * 10 >= p.held * 3);
    out
}

/// Lessons of a week or month.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    held: i64,
    missed: i64,
}

impl Part {
    fn add(&mut self, held: i64, missed: i64) {
        self.held += held;
        self.missed += missed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes() -> Vec<Code> {
        [("н", true), ("б", true), ("о", false)]
            .map(|(code, absent)| Code {
                code: code.to_owned(),
                title: code.to_owned(),
                absent,
            })
            .to_vec()
    }

    fn day(date: &str, lessons: i64, codes: &[usize]) -> Day {
        Day {
            date: date.parse().unwrap(),
            lessons,
            codes: codes.to_vec(),
        }
    }

    #[test]
    fn a_hand_made_fortnight() {
        // week 47: Mon whole (5 of 5, mostly ill), Tue three of six, Wed late once, Thu and Fri there: 8 of 28
        // week 48: Mon and Tue whole, Wed there: 11 of 17
        let days = [
            day("2026-11-16", 5, &[1, 1, 1, 0, 0]),
            day("2026-11-17", 6, &[0, 0, 0]),
            day("2026-11-18", 6, &[2]),
            day("2026-11-19", 6, &[]),
            day("2026-11-20", 5, &[]),
            day("2026-11-23", 5, &[1, 1, 1, 1, 1]),
            day("2026-11-24", 6, &[0, 0, 0, 1, 1, 1]),
            day("2026-11-25", 6, &[]),
        ];
        let m = missed(&days, &codes());
        assert_eq!((m.held, m.missed), (45, 19));
        assert_eq!((m.with(0), m.with(1), m.with(2)), (8, 11, 1));
        assert_eq!(m.whole_days, 3);
        // Tuesday is a draw: the code that stands first
        assert_eq!((m.days_with(0), m.days_with(1)), (1, 2));
        assert_eq!((m.three_lessons, m.weeks, m.months), (4, 1, 1));
        assert_eq!(m.share(), Some(Hundredths(4222)));
    }

    #[test]
    fn half_a_week_is_no_missed_week_and_thirty_in_hundred_are_systematic() {
        let half = missed(&[day("2026-11-16", 4, &[0, 0])], &codes());
        assert_eq!(
            (half.weeks, half.months, half.whole_days, half.three_lessons),
            (0, 1, 0, 0)
        );
        let three_of_ten = missed(&[day("2026-11-16", 10, &[0, 0, 0])], &codes());
        assert_eq!(three_of_ten.months, 1);
        let less = missed(&[day("2026-11-16", 11, &[0, 0, 0])], &codes());
        assert_eq!(less.months, 0);
        assert_eq!(missed(&[], &codes()), Missed::default());
    }

    #[test]
    fn a_day_with_one_lesson_is_missed_whole_by_one() {
        let m = missed(&[day("2026-11-16", 1, &[1])], &codes());
        assert_eq!((m.whole_days, m.three_lessons, m.days_with(1)), (1, 0, 1));
    }

    proptest! {
        #[test]
        fn sums_agree(days in proptest::collection::vec((0u64..300, 1i64..8, proptest::collection::vec(0usize..3, 0..8)), 0..80)) {
            let from: NaiveDate = "2026-09-01".parse().unwrap();
            let days: Vec<Day> = days.into_iter().map(|(n, lessons, mut codes)| {
                codes.truncate(usize::try_from(lessons).unwrap());
                Day { date: from + chrono::Days::new(n), lessons, codes }
            }).collect();
            let m = missed(&days, &codes());
            prop_assert_eq!(m.missed, m.with(0) + m.with(1));
            prop_assert_eq!(m.whole_days, m.days.values().sum::<i64>());
            prop_assert!(m.missed <= m.held && m.whole_days <= m.missed && m.three_lessons * 3 <= m.missed);
            prop_assert!(m.share().is_none_or(|s| s <= Hundredths(10_000)));
        }

        #[test]
        fn one_more_absence_never_makes_less(codes_of in proptest::collection::vec(0usize..3, 0..5)) {
            let before = missed(&[day("2026-11-16", 6, &codes_of)], &codes());
            let mut more = codes_of;
            more.push(0);
            let after = missed(&[day("2026-11-16", 6, &more)], &codes());
            prop_assert!(before.missed < after.missed);
            prop_assert!(before.whole_days <= after.whole_days && before.weeks <= after.weeks && before.months <= after.months);
        }
    }
}
