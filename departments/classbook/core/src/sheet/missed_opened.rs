//! The figures of what was missed, each by its key, and the days behind it. The sheet of a class, the sheets of a pupil and the month of a
//! class on the screen say the same of it.

use std::collections::BTreeMap;

use base::Lang;
use chrono::{Datelike as _, Days, NaiveDate};
use paper::Cell;

use super::missed::{Missed, REASONS};
use super::opened::Line;
use super::words;
use crate::attendance::{DayOf, Notions, Reason};
use crate::t;

/// A figure of what was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// All lessons.
    Held,
    /// Lessons missed for a reason; for lateness, those to which one came late.
    Lessons(Reason),
    /// Lessons missed.
    Missed,
    /// Days missed whole, by their reason.
    Days(Reason),
    /// Days missed whole.
    FullDays,
    /// Missed days by the school's act.
    ActDays,
    /// Missed weeks.
    Weeks,
    /// Months of systematic absence.
    Months,
    /// The share of lessons missed.
    Share,
}

impl What {
    /// All of them.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::Held,
            Self::Missed,
            Self::FullDays,
            Self::ActDays,
            Self::Weeks,
            Self::Months,
            Self::Share,
        ];
        all.extend(Reason::ALL.map(Self::Lessons));
        all.extend(REASONS.map(Self::Days));
        all
    }

    /// Its key in an address.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Self::Held => "held".to_owned(),
            Self::Lessons(reason) => format!("l-{}", reason.key()),
            Self::Missed => "missed".to_owned(),
            Self::Days(reason) => format!("d-{}", reason.key()),
            Self::FullDays => "full".to_owned(),
            Self::ActDays => "act".to_owned(),
            Self::Weeks => "weeks".to_owned(),
            Self::Months => "months".to_owned(),
            Self::Share => "share".to_owned(),
        }
    }

    /// Reads a key.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::all().into_iter().find(|what| what.key() == key)
    }

    /// Its name.
    #[must_use]
    pub fn name(self, notions: &Notions, lang: Lang) -> String {
        match self {
            Self::Held => t::sheet_held(lang).to_owned(),
            Self::Lessons(Reason::Late) => t::sheet_late(lang).to_owned(),
            Self::Lessons(reason) => format!("{}, {}", t::sheet_missed_lessons(lang), reason.title(lang)),
            Self::Missed => t::sheet_missed_lessons(lang).to_owned(),
            Self::Days(reason) => format!("{}, {}", t::sheet_missed_days(lang), reason.title(lang)),
            Self::FullDays => t::sheet_missed_days(lang).to_owned(),
            Self::ActDays => t::sheet_act_days(lang, notions.day_lessons),
            Self::Weeks => t::sheet_missed_weeks(lang, notions.week_percent),
            Self::Months => t::sheet_systematic(lang, notions.month_percent),
            Self::Share => t::sheet_missed_share(lang).to_owned(),
        }
    }

    /// What it is of what was missed, as a sheet shows it.
    #[must_use]
    pub fn figure(self, m: &Missed) -> Cell {
        match self {
            Self::Held => Cell::some(m.tally.lessons),
            Self::Lessons(reason) => Cell::some(m.lessons(reason)),
            Self::Missed => Cell::some(m.tally.missed),
            Self::Days(reason) => Cell::some(m.days(reason)),
            Self::FullDays => Cell::some(m.tally.full_days),
            Self::ActDays => Cell::some(m.tally.days),
            Self::Weeks => Cell::some(m.tally.weeks),
            Self::Months => Cell::some(m.months),
            Self::Share => Cell::figure(m.share()),
        }
    }

    /// How it is counted: the share's formula, the school's notions with their act and its first day.
    #[must_use]
    pub fn how(self, (missed, lessons): (i64, i64), notions: &Notions, lang: Lang) -> Vec<String> {
        let mut said = vec![];
        if self == Self::Share {
            let share = base::number::Hundredths::ratio(i128::from(missed) * 100, i128::from(lessons));
            let share = share.map(|s| lang.decimal(&s.fixed())).unwrap_or_default();
            said.push(format!("{missed} · 100 : {lessons} = {share}"));
        }
        if matches!(self, Self::ActDays | Self::Weeks | Self::Months) {
            said.push(t::sheet_open_notions(
                lang,
                notions.day_lessons,
                notions.month_percent,
                notions.week_percent,
            ));
            said.push(match (&notions.act, notions.since) {
                (Some(act), Some(since)) => t::sheet_open_act_since(lang, act, words::date(since)),
                (Some(act), None) => t::sheet_open_act(lang, act),
                (None, Some(since)) => t::sheet_open_since(lang, words::date(since)),
                (None, None) => t::sheet_open_usual(lang).to_owned(),
            });
        }
        if matches!(self, Self::Days(_) | Self::FullDays) {
            said.push(t::sheet_note_days(lang).to_owned());
        }
        said.push(t::sheet_note_missed(lang).to_owned());
        said
    }

    /// The days behind it, from `from` to `to`; of weeks and months those that count, with their days.
    #[must_use]
    pub fn days(
        self,
        days: &[DayOf],
        (from, to): (NaiveDate, NaiveDate),
        notions: &Notions,
        lang: Lang,
    ) -> Vec<Line> {
        let inside = days.iter().filter(|d| from <= d.date && d.date <= to);
        let wanted: Box<dyn Fn(&DayOf) -> bool> = match self {
            Self::Held => Box::new(|d| d.lessons > 0),
            Self::Lessons(reason) => Box::new(move |d| of(d, reason) > 0),
            Self::Missed | Self::Share => Box::new(|d| d.missed() > 0),
            Self::Days(reason) => Box::new(move |d| d.is_full() && d.reason() == Some(reason)),
            Self::FullDays => Box::new(DayOf::is_full),
            Self::ActDays => {
                let least = i64::from(notions.day_lessons);
                Box::new(move |d| d.missed() >= least)
            }
            Self::Weeks => {
                // where a week ends it counts, with its days before the span
                let sums = sums(days.iter(), sunday);
                let bound = i64::from(notions.week_percent);
                Box::new(move |d| {
                    let week = sunday(d.date).filter(|sunday| *sunday <= to);
                    let sum = week.and_then(|w| sums.get(&w)).copied().unwrap_or_default();
                    d.missed() > 0 && sum.0 * 100 > sum.1 * bound
                })
            }
            Self::Months => {
                let sums = sums(inside.clone(), first);
                let bound = i64::from(notions.month_percent);
                Box::new(move |d| {
                    let sum = first(d.date)
                        .and_then(|m| sums.get(&m))
                        .copied()
                        .unwrap_or_default();
                    d.missed() > 0 && sum.0 * 100 >= sum.1 * bound
                })
            }
        };
        inside.filter(|d| wanted(d)).map(|d| line(d, lang)).collect()
    }
}

/// Missed lessons and all, by week or month.
fn sums<'a>(
    days: impl Iterator<Item = &'a DayOf>,
    key: fn(NaiveDate) -> Option<NaiveDate>,
) -> BTreeMap<NaiveDate, (i64, i64)> {
    let mut sums: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
    for day in days {
        if let Some(of) = key(day.date) {
            let sum = sums.entry(of).or_default();
            sum.0 += day.missed();
            sum.1 += day.lessons;
        }
    }
    sums
}

fn sunday(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(u64::from(6 - day.weekday().num_days_from_monday())))
}

fn first(day: NaiveDate) -> Option<NaiveDate> {
    day.with_day(1)
}

fn of(day: &DayOf, reason: Reason) -> i64 {
    match reason {
        Reason::Unknown => day.unknown,
        Reason::Ill => day.ill,
        Reason::Excused => day.excused,
        Reason::Unexcused => day.unexcused,
        Reason::Late => day.late,
    }
}

/// «16.11.2026 — 3 из 6: по болезни 3».
fn line(day: &DayOf, lang: Lang) -> Line {
    let reasons = Reason::ALL.into_iter().filter(|r| of(day, *r) > 0);
    let reasons: Vec<String> = reasons
        .map(|r| format!("{} {}", r.title(lang), of(day, r)))
        .collect();
    Line {
        name: words::date(day.date),
        says: t::sheet_open_day(lang, day.lessons, day.missed()),
        by: reasons.join(", "),
        at: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::missed::missed;
    use proptest::prelude::*;

    fn d(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn keys_read_back() {
        for what in What::all() {
            assert_eq!(What::from_key(&what.key()), Some(what));
        }
        assert_eq!(What::from_key("x"), None);
    }

    #[test]
    fn the_act_and_its_first_day_are_said() {
        let notions = Notions {
            act: Some("№ 7".to_owned()),
            since: Some(d("2026-09-01")),
            ..Notions::default()
        };
        let how = What::ActDays.how((0, 0), &notions, Lang::Ru).join(" ");
        assert!(how.contains("№ 7") && how.contains("01.09.2026"), "{how}");
        assert_eq!(
            What::Share.how((3, 12), &notions, Lang::Ru)[0],
            "3 · 100 : 12 = 25,00"
        );
    }

    proptest! {
        /// What is opened adds up to the figure it was opened from.
        #[test]
        fn the_days_behind_a_figure_are_the_figure(days in proptest::collection::btree_map(0u64..120, (1i64..8, 0i64..3, 0i64..3, 0i64..2), 0..50)) {
            let from = d("2026-09-01");
            let days: Vec<DayOf> = days
                .into_iter()
                .map(|(n, (lessons, ill, unknown, late))| DayOf { lessons, ill, unknown, late, ..DayOf::empty(from + Days::new(n)) })
                .collect();
            let span = (from, d("2026-12-31"));
            let notions = Notions::default();
            let m = missed(&days, span, span.1, &notions);
            let many = |what: What| i64::try_from(what.days(&days, span, &notions, Lang::Ru).len()).unwrap();
            prop_assert_eq!(many(What::FullDays), m.tally.full_days);
            prop_assert_eq!(many(What::ActDays), m.tally.days);
            for reason in REASONS {
                prop_assert_eq!(many(What::Days(reason)), m.days(reason));
                prop_assert_eq!(many(What::Lessons(reason)) > 0, m.lessons(reason) > 0);
            }
            prop_assert_eq!(many(What::Weeks) > 0, m.tally.weeks > 0);
            prop_assert_eq!(many(What::Months) > 0, m.months > 0);
        }
    }
}
