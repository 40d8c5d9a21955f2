//! What absences come to: missed lessons, days and weeks, and systematic absence (domain facts 2.1).
//!
//! - A lesson is missed where an absence was recorded for it; being late is none. A lesson from which the pupil is exempt and does
//!   not attend is neither missed nor counted; a cancelled lesson is none at all.
//! - A **full day** is one of which every lesson of the pupil (of the class, of their subgroup) was missed: what reports count.
//! - A **missed day** by the school's act: so many lessons missed and more ([`Notions::day_lessons`], usually 3).
//! - A **missed week**: more than so many per cent of its lessons ([`Notions::week_percent`], usually 50). It is counted where it ends,
//!   so that the weeks of months add up.
//! - **Systematic**: so many per cent of the span's lessons and more, those to come included ([`Notions::month_percent`], usually 30).

use std::collections::BTreeMap;

use base::number::Hundredths;
use chrono::{Datelike as _, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::reason::Reason;

/// One day of a pupil: how many lessons took or take place for them, and what was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayOf {
    /// The day.
    pub date: NaiveDate,
    /// Lessons of the pupil; neither cancelled ones nor those from which they are exempt.
    pub lessons: i64,
    /// Missed, the reason is not known.
    pub unknown: i64,
    /// Missed through illness.
    pub ill: i64,
    /// Missed for a good reason.
    pub excused: i64,
    /// Missed without one.
    pub unexcused: i64,
    /// There, but late.
    pub late: i64,
    /// Lessons from which they are exempt and which they do not attend.
    pub exempt: i64,
}

impl DayOf {
    /// A day without anything.
    #[must_use]
    pub fn empty(date: NaiveDate) -> Self {
        Self {
            date,
            lessons: 0,
            unknown: 0,
            ill: 0,
            excused: 0,
            unexcused: 0,
            late: 0,
            exempt: 0,
        }
    }

    /// Missed lessons.
    #[must_use]
    pub fn missed(&self) -> i64 {
        self.unknown + self.ill + self.excused + self.unexcused
    }

    /// Every lesson was missed.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.lessons > 0 && self.missed() >= self.lessons
    }

    /// The reason of most of the missed lessons, of equals the one that asks for more to be done.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        let all = [
            (Reason::Ill, self.ill),
            (Reason::Excused, self.excused),
            (Reason::Unexcused, self.unexcused),
            (Reason::Unknown, self.unknown),
        ];
        let most = all.into_iter().max_by_key(|(_, n)| *n)?;
        (most.1 > 0).then_some(most.0)
    }
}

/// A school's notions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notions {
    /// So many missed lessons make a missed day.
    pub day_lessons: i16,
    /// More than this share of a week's lessons, in per cent, makes a missed week.
    pub week_percent: i16,
    /// This share of a month's lessons and more is systematic.
    pub month_percent: i16,
    /// The number of the school's act.
    pub act: Option<String>,
    /// Since when they hold; none for what schools usually have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<NaiveDate>,
}

impl Default for Notions {
    /// As schools' acts have them (domain facts 2.1).
    fn default() -> Self {
        Self {
            day_lessons: 3,
            week_percent: 50,
            month_percent: 30,
            act: None,
            since: None,
        }
    }
}

/// Notions as a school has set them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NotionRow {
    /// Of the months that end on this day or later.
    pub valid_from: NaiveDate,
    /// The notions.
    pub notions: Notions,
    /// Grows with every save; 0: there is no row yet.
    pub revision: i32,
}

/// What the days of a pupil come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Lessons of the span, those to come included.
    pub lessons: i64,
    /// Missed lessons.
    pub missed: i64,
    /// Of these, the reason not known.
    pub unknown: i64,
    /// … through illness.
    pub ill: i64,
    /// … for a good reason.
    pub excused: i64,
    /// … without one.
    pub unexcused: i64,
    /// Came late.
    pub late: i64,
    /// Days of which every lesson was missed.
    pub full_days: i64,
    /// Missed days by the school's act.
    pub days: i64,
    /// Missed weeks that have ended.
    pub weeks: i64,
    /// Missed lessons of all, in hundredths of a per cent.
    pub share: Option<Hundredths>,
    /// So much of the span that it is systematic.
    pub systematic: bool,
}

/// Sums the days from `from` to `to`. `days` may hold days outside: of a week that ends inside, all its days must be there.
/// A week counts once it is over, on `today`.
#[must_use]
pub fn tally(
    days: &[DayOf],
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
    notions: &Notions,
) -> Tally {
    let mut sum = Tally::default();
    let mut weeks: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
    for day in days {
        if let Some(sunday) = sunday(day.date) {
            let week = weeks.entry(sunday).or_default();
            week.0 += day.missed();
            week.1 += day.lessons;
        }
        if day.date < from || day.date > to {
            continue;
        }
        sum.lessons += day.lessons;
        sum.missed += day.missed();
        sum.unknown += day.unknown;
        sum.ill += day.ill;
        sum.excused += day.excused;
        sum.unexcused += day.unexcused;
        sum.late += day.late;
        sum.full_days += i64::from(day.is_full());
        sum.days += i64::from(day.missed() >= i64::from(notions.day_lessons));
    }
    let ended = weeks
        .into_iter()
        .filter(|(sunday, _)| from <= *sunday && *sunday <= to && *sunday <= today);
    let missed = ended.filter(|(_, (missed, lessons))| {
        *lessons > 0 && missed * 100 > lessons * i64::from(notions.week_percent)
    });
    sum.weeks = i64::try_from(missed.count()).unwrap_or(i64::MAX);
    sum.share = Hundredths::ratio(i128::from(sum.missed) * 100, i128::from(sum.lessons));
    sum.systematic = sum.lessons > 0 && sum.missed * 100 >= sum.lessons * i64::from(notions.month_percent);
    sum
}

/// The last day of a day's week.
fn sunday(day: NaiveDate) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(u64::from(6 - day.weekday().num_days_from_monday())))
}

#[cfg(test)]
mod tests;
