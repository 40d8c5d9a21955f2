//! Acknowledgement of a week (подпись родителя): a guardian says that they have seen a week of the diary; the class teacher sees who
//! has. It is said once a person, child and week; a mark or an absence that changes later makes it «changed since», and it may be said anew.

#[cfg(feature = "sql")]
pub mod sql;

use base::{ClassId, PersonId, PupilId};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc, Weekday};
use serde::{Deserialize, Serialize};

/// So many weeks the class teacher looks back over.
pub const WEEKS: u64 = 10;

/// Who has acknowledged a week.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// Who.
    pub person: PersonId,
    /// «Абрамова М.».
    pub name: String,
    /// When.
    pub at: DateTime<Utc>,
    /// A mark or an absence of the week has changed since.
    pub changed: bool,
}

/// A week that somebody has acknowledged, for the class teacher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OfWeek {
    /// The first day of the week.
    pub monday: NaiveDate,
    /// Who, and when.
    pub signed: Signed,
}

/// A pupil among the weeks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PupilWeeks {
    /// Who.
    pub pupil: PupilId,
    /// «Абрамов Артём».
    pub name: String,
    /// The weeks that were acknowledged.
    pub signed: Vec<OfWeek>,
}

/// The weeks of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassWeeks {
    /// The class.
    pub class: ClassId,
    /// «7А».
    pub name: String,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// The first days of the weeks, the latest first.
    pub weeks: Vec<NaiveDate>,
    /// The pupils, by name.
    pub pupils: Vec<PupilWeeks>,
}

/// Is this the first day of a week that has begun?
#[must_use]
pub fn may_sign(monday: NaiveDate, today: NaiveDate) -> bool {
    monday.weekday() == Weekday::Mon && monday <= today
}

/// The first days of the last weeks up to today that reach into a year, the latest first.
#[must_use]
pub fn weeks(today: NaiveDate, (from, to): (NaiveDate, NaiveDate)) -> Vec<NaiveDate> {
    let last = today.min(to);
    let since_monday = u64::from(last.weekday().num_days_from_monday());
    let last = last.checked_sub_days(Days::new(since_monday)).unwrap_or(last);
    (0..WEEKS)
        .filter_map(|n| last.checked_sub_days(Days::new(n * 7)))
        .filter(|monday| {
            let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(*monday);
            *monday <= today && sunday >= from && *monday <= to
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_that_have_begun_in_the_year_are_signed() {
        let d = |text: &str| text.parse::<NaiveDate>().unwrap();
        let today = d("2026-11-18");
        assert!(may_sign(d("2026-11-16"), today) && may_sign(d("2026-09-07"), today));
        assert!(!may_sign(d("2026-11-23"), today), "to come");
        assert!(!may_sign(d("2026-11-17"), today), "no Monday");
        let year = (d("2026-11-02"), d("2027-05-26"));
        assert_eq!(
            weeks(today, year),
            [d("2026-11-16"), d("2026-11-09"), d("2026-11-02")]
        );
        // the year begins in the middle of a week, and has ended
        assert_eq!(
            weeks(d("2027-08-01"), (d("2027-05-20"), d("2027-05-26"))),
            [d("2027-05-24"), d("2027-05-17")]
        );
    }
}
