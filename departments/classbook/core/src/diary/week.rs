//! A week of a pupil, as it travels to the browser.

use base::number::Hundredths;
use base::{AssignmentId, LessonId, LoadId, PersonId, PupilId};
use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

use crate::acknowledgement::Signed;
use crate::distance::Meeting;
use crate::grading::Standing;
use crate::homework::Attached;
use crate::owed::Work;

/// A week of a pupil's diary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// Who looks: copies kept on the device belong to this person. The service worker reads it.
    pub viewer: PersonId,
    /// The viewer is the pupil or a guardian; else a member of staff looks in.
    pub family: bool,
    /// Whose diary.
    pub child: Child,
    /// The viewer's own children in this school, for the switcher.
    pub children: Vec<Child>,
    /// The first day.
    pub monday: NaiveDate,
    /// The school's date at the moment of asking.
    pub today: NaiveDate,
    /// The moment of asking: how old the data are.
    pub as_of: DateTime<Utc>,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
    /// Does the week lie in an academic year.
    pub place: Place,
    /// Monday to Friday, and the days off that have something on them.
    pub days: Vec<Day>,
    /// The next day with lessons when it lies after this week: on Friday a family looks at Monday.
    pub ahead: Option<Day>,
    /// Marks new since the last visit, the newest first, of whatever week.
    pub news: Vec<News>,
    /// What else has changed since the last visit.
    #[serde(default)]
    pub changes: super::Changes,
    /// Assessment works from today on, in the week and some days after it.
    #[serde(default)]
    pub assessments: Vec<Assessment>,
    /// What the pupil owes, of whatever week; what is due first before the rest.
    #[serde(default)]
    pub owed: Vec<Work>,
    /// Who has acknowledged the week.
    #[serde(default)]
    pub signed: Vec<Signed>,
    /// The viewer is a guardian, and the week one to acknowledge.
    #[serde(default)]
    pub may_sign: bool,
}

/// A pupil in the switcher and in the head of the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Child {
    /// The pupil.
    pub pupil: PupilId,
    /// «Артём».
    pub first_name: String,
    /// «Абрамов».
    pub last_name: String,
    /// «7А»; none when not enrolled now.
    pub class: Option<String>,
}

/// Where a week lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In an academic year.
    Inside,
    /// Outside every year of the school.
    Outside {
        /// The Monday of the nearest week inside one; none when the school has no year at all.
        nearest: Option<NaiveDate>,
    },
}

/// One day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The date.
    pub date: NaiveDate,
    /// Its holiday, by name.
    pub holiday: Option<String>,
    /// In the order of the bells.
    pub lessons: Vec<Lesson>,
    /// Due that day although the subject has no lesson then.
    pub homework: Vec<Homework>,
}

/// What became of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// To come, or not yet written down.
    Planned,
    /// Held.
    Held,
    /// Cancelled.
    Cancelled,
}

/// One lesson of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lesson {
    /// Its row in the journal; none while it stands in the timetable only.
    pub id: Option<LessonId>,
    /// The teaching load.
    pub load: LoadId,
    /// The number of the bell, from 1.
    pub number: i16,
    /// When it begins; none without bells for the day.
    pub starts_at: Option<NaiveTime>,
    /// When it ends.
    pub ends_at: Option<NaiveTime>,
    /// The subject's name.
    pub subject: String,
    /// The room's name.
    pub room: Option<String>,
    /// «Учителева А. И.».
    pub teacher: Option<String>,
    /// Another teacher than the load's.
    pub substitute: bool,
    /// What it was about.
    pub topic: Option<String>,
    /// What became of it.
    pub state: State,
    /// To be done for this lesson.
    pub homework: Vec<Homework>,
    /// Marks of this pupil.
    pub marks: Vec<Mark>,
    /// Attendance, where something was noted.
    pub absence: Option<Absence>,
    /// How it is held, where not simply at school.
    #[serde(default)]
    pub meeting: Option<Meeting>,
    /// Assessment works planned on it.
    #[serde(default)]
    pub assessments: Vec<Assessment>,
}

/// An assessment work that is planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The day.
    pub date: NaiveDate,
    /// The subject.
    pub subject: String,
    /// «Контрольная работа».
    pub kind: String,
    /// What it is about.
    pub title: String,
}

/// Homework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Homework {
    /// Its number; what «done» is remembered by.
    pub id: i64,
    /// The subject, for a list outside of lessons.
    pub subject: String,
    /// What to do.
    pub text: String,
    /// How long it should take.
    pub minutes: Option<i16>,
    /// The day it was given.
    pub given_on: NaiveDate,
    /// Addresses to open.
    #[serde(default)]
    pub links: Vec<String>,
    /// Files to fetch.
    #[serde(default)]
    pub files: Vec<Attached>,
    /// Given to this pupil and perhaps some others, not to the whole class.
    #[serde(default)]
    pub individual: bool,
    /// Whoever looks has ticked it: a pupil's tick is not the mother's.
    #[serde(default)]
    pub done: bool,
}

impl Homework {
    /// What to do, in words where its text has none.
    #[must_use]
    pub fn words(&self, lang: base::Lang) -> String {
        crate::homework::words(&self.text, &self.links, lang)
    }
}

/// A mark with everything a family may ask about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// What it was given for.
    pub assignment: AssignmentId,
    /// What is shown: «5», «зч».
    pub code: String,
    /// In words: «отлично».
    pub words: String,
    /// What it counts among the results of its subject; none takes no part in averages.
    pub value: Option<Hundredths>,
    /// Its level, for its tint.
    #[serde(default)]
    pub standing: Standing,
    /// Its weight.
    pub weight: Hundredths,
    /// «Контрольная работа».
    pub work: String,
    /// «По теме „Дроби“».
    pub title: Option<String>,
    /// The teacher's words.
    pub comment: Option<String>,
    /// Who gave it.
    pub by: Option<String>,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// It was another one before.
    pub corrected: bool,
    /// The one that it has replaced on a later day, where the school lets families see it.
    pub replaced: Option<String>,
    /// Since the last visit.
    pub new: bool,
}

/// A note of attendance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    /// «н».
    pub code: String,
    /// «не был, причина неизвестна».
    pub title: String,
    /// It counts as an absence; false for a late arrival.
    pub absent: bool,
}

/// A new mark, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct News {
    /// The day of the lesson.
    pub date: NaiveDate,
    /// The subject.
    pub subject: String,
    /// The mark.
    pub mark: Mark,
}

/// The Monday of a date's week.
pub(crate) fn monday_of(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))
        .unwrap_or(date)
}

/// Where the week of `monday` lies among the years (first and last day each).
#[must_use]
pub fn nearest_week(monday: NaiveDate, years: &[(NaiveDate, NaiveDate)]) -> Place {
    let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    if years
        .iter()
        .any(|(first, last)| *first <= sunday && monday <= *last)
    {
        return Place::Inside;
    }
    let nearest = years
        .iter()
        .flat_map(|(first, last)| [monday_of(*first), monday_of(*last)])
        .min_by_key(|m| m.signed_duration_since(monday).num_days().abs());
    Place::Outside { nearest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(y: i32, m: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, day).unwrap()
    }

    #[test]
    fn a_week_outside_the_year_points_to_the_nearest_one() {
        let years = [(d(2026, 9, 1), d(2027, 8, 31))];
        assert_eq!(nearest_week(d(2026, 11, 16), &years), Place::Inside);
        // the first of September is a Tuesday: its week begins in August
        assert_eq!(nearest_week(d(2026, 8, 31), &years), Place::Inside);
        assert_eq!(
            nearest_week(d(2026, 8, 17), &years),
            Place::Outside {
                nearest: Some(d(2026, 8, 31))
            }
        );
        assert_eq!(
            nearest_week(d(2199, 1, 7), &years),
            Place::Outside {
                nearest: Some(d(2027, 8, 30))
            }
        );
        assert_eq!(
            nearest_week(d(2026, 11, 16), &[]),
            Place::Outside { nearest: None }
        );
    }

    proptest! {
        #[test]
        fn the_nearest_week_is_always_inside(offset in -5000i64..5000, from in 0i64..400, length in 1i64..499) {
            let zero = d(2026, 1, 1);
            let day = |n: i64| zero + chrono::Duration::days(n);
            let years = [(day(from), day(from + length))];
            if let Place::Outside { nearest } = nearest_week(monday_of(day(offset)), &years) {
                let nearest = nearest.unwrap();
                prop_assert_eq!(nearest.weekday().num_days_from_monday(), 0);
                prop_assert_eq!(nearest_week(nearest, &years), Place::Inside);
            }
        }
    }
}
