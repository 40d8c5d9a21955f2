//! When what is due: pure rules over dates.

use base::Lang;
use chrono::{Datelike as _, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::t;

/// What a lesson owes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Тема.
    Topic,
    /// Домашнее задание.
    Homework,
    /// Отметки и пропуски: nothing at all is written of the lesson, or a work has no marks.
    Marks,
    /// Отметки за период, за год, за экзамен, итоговые: due on the last day, not by a lesson.
    Totals,
    /// Причины пропусков: what the class teacher sets, of a class and not of a lesson (`crate::attendance`).
    Reasons,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Topic,
        Self::Homework,
        Self::Marks,
        Self::Totals,
        Self::Reasons,
    ];

    /// For a person.
    #[must_use]
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Topic => t::deadline_topic(lang),
            Self::Homework => t::deadline_homework(lang),
            Self::Marks => t::deadline_marks(lang),
            Self::Totals => t::deadline_totals(lang),
            Self::Reasons => t::deadline_reasons(lang),
        }
    }
}

/// What a page of the version before does not say.
fn two() -> i16 {
    2
}

/// The terms of a school.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// Working days after the lesson until its topic is due; 0: the same day.
    pub topic_days: i16,
    /// The same of its homework.
    pub homework_days: i16,
    /// The same of marks and absences.
    pub marks_days: i16,
    /// Working days after an absence, or after the paper came, until its reason is due.
    #[serde(default = "two")]
    pub reason_days: i16,
    /// Every lesson from grade 2 on has a homework; else a lesson without one owes nothing.
    pub homework_each: bool,
    /// The number of the school's act.
    pub act: Option<String>,
}

impl Terms {
    /// Most days.
    pub const DAYS: i16 = 14;
    /// Most letters of an act.
    pub const ACT: usize = 200;

    /// Days of a kind.
    #[must_use]
    pub fn days(&self, kind: Kind) -> i16 {
        match kind {
            Kind::Topic => self.topic_days,
            Kind::Homework => self.homework_days,
            Kind::Marks => self.marks_days,
            Kind::Totals => 0,
            Kind::Reasons => self.reason_days,
        }
    }
}

impl Default for Terms {
    /// As JRN-5 has them: topic and homework the same day, marks and absences within one; reasons within two (SAH 3.3.5).
    fn default() -> Self {
        Self {
            topic_days: 0,
            homework_days: 0,
            marks_days: 1,
            reason_days: 2,
            homework_each: false,
            act: None,
        }
    }
}

/// Terms with their first day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// Of the lessons from this day on.
    pub valid_from: NaiveDate,
    /// The terms.
    pub terms: Terms,
}

/// The terms of a lesson's day: of the row that began last, or the usual ones.
#[must_use]
pub fn terms_on(rows: &[Term], day: NaiveDate) -> Terms {
    rows.iter()
        .filter(|r| r.valid_from <= day)
        .max_by_key(|r| r.valid_from)
        .map(|r| r.terms.clone())
        .unwrap_or_default()
}

/// The days off of a grade.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// Days of the week on which the grade learns, from Monday: 5 or 6.
    pub week_days: i16,
    /// Holidays, first and last day.
    pub holidays: Vec<(NaiveDate, NaiveDate)>,
}

impl Calendar {
    /// Is it a working day?
    #[must_use]
    pub fn works(&self, day: NaiveDate) -> bool {
        let weekday = i64::from(day.weekday().number_from_monday());
        weekday <= i64::from(self.week_days)
            && !self.holidays.iter().any(|(from, to)| *from <= day && day <= *to)
    }
}

/// How far a working day is looked for: the summer is shorter.
const LONGEST: u64 = 150;

/// The last day on which something of a lesson is in time: so many working days after it.
#[must_use]
pub fn due(lesson: NaiveDate, days: i16, calendar: &Calendar) -> NaiveDate {
    let mut left = days;
    let mut day = lesson;
    for n in 1..=LONGEST {
        if left <= 0 {
            break;
        }
        let Some(next) = lesson.checked_add_days(Days::new(n)) else {
            break;
        };
        if calendar.works(next) {
            left -= 1;
            day = next;
        }
    }
    day
}

/// What is not written of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Its day.
    pub date: NaiveDate,
    /// The lowest grade of its audience.
    pub grade: i16,
    /// It has no topic.
    pub no_topic: bool,
    /// It has no homework.
    pub no_homework: bool,
    /// It has neither a mark nor an absence nor a topic.
    pub untouched: bool,
    /// Works without any mark.
    pub empty_works: i64,
}

/// What a lesson owes by its terms, each with the last day on which it is in time.
#[must_use]
pub fn debts(gap: &Gap, terms: &Terms, calendar: &Calendar) -> Vec<(Kind, NaiveDate)> {
    let owes = |kind: Kind| match kind {
        Kind::Topic => gap.no_topic,
        Kind::Homework => gap.no_homework && terms.homework_each && gap.grade >= 2,
        Kind::Marks => gap.untouched || gap.empty_works > 0,
        Kind::Totals | Kind::Reasons => false,
    };
    Kind::ALL
        .into_iter()
        .filter(|kind| owes(*kind))
        .map(|kind| (kind, due(gap.date, terms.days(kind), calendar)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).unwrap()
    }

    fn five() -> Calendar {
        Calendar {
            week_days: 5,
            holidays: vec![(day(10, 24), day(11, 1)), (day(11, 4), day(11, 4))],
        }
    }

    #[test]
    fn a_day_off_is_no_working_day() {
        // Wednesday → Thursday, Friday → Monday, before the holidays → after them, round a feast
        let cases = [
            ((11, 18), (11, 19)),
            ((11, 20), (11, 23)),
            ((10, 23), (11, 2)),
            ((11, 3), (11, 5)),
        ];
        for ((m, d), (due_m, due_d)) in cases {
            assert_eq!(due(day(m, d), 1, &five()), day(due_m, due_d), "{m}-{d}");
            assert_eq!(due(day(m, d), 0, &five()), day(m, d), "the same day");
        }
        let six = Calendar {
            week_days: 6,
            ..five()
        };
        assert_eq!(due(day(11, 20), 1, &six), day(11, 21), "Saturday is a school day");
        assert_eq!(due(day(11, 20), 2, &six), day(11, 23));
        // a school that never works: the lesson's own day, and no endless search
        assert_eq!(due(day(11, 20), 3, &Calendar::default()), day(11, 20));
    }

    #[test]
    fn terms_hold_from_their_day_on() {
        let row = |from, marks_days| Term {
            valid_from: from,
            terms: Terms {
                marks_days,
                ..Terms::default()
            },
        };
        let rows = [row(day(11, 1), 3), row(day(9, 1), 2)];
        assert_eq!(terms_on(&rows, day(8, 31)).marks_days, 1, "the usual ones");
        assert_eq!(terms_on(&rows, day(10, 31)).marks_days, 2);
        assert_eq!(terms_on(&rows, day(11, 1)).marks_days, 3);
    }

    #[test]
    fn a_lesson_owes_what_is_not_written() {
        let gap = Gap {
            date: day(11, 18),
            grade: 7,
            no_topic: true,
            no_homework: true,
            untouched: true,
            empty_works: 0,
        };
        let usual = Terms::default();
        assert_eq!(
            debts(&gap, &usual, &five()),
            [(Kind::Topic, day(11, 18)), (Kind::Marks, day(11, 19))]
        );
        let each = Terms {
            homework_each: true,
            ..usual.clone()
        };
        assert_eq!(debts(&gap, &each, &five()).len(), 3);
        let first = Gap { grade: 1, ..gap };
        assert_eq!(
            debts(&first, &each, &five()).len(),
            2,
            "nothing is set for home in the first grade"
        );
        let work = Gap {
            no_topic: false,
            untouched: false,
            empty_works: 1,
            ..gap
        };
        assert_eq!(debts(&work, &usual, &five()), [(Kind::Marks, day(11, 19))]);
        let kept = Gap {
            empty_works: 0,
            ..work
        };
        assert_eq!(debts(&kept, &usual, &five()), []);
    }

    proptest! {
        /// Exactly so many working days lie after the lesson up to the term, and the term is one of them.
        #[test]
        fn a_term_counts_working_days(start in 0u64..300, days in 0i16..15, week_days in 5i16..8, off in proptest::collection::vec((0u64..300, 0u64..12), 0..6)) {
            let base = day(1, 1);
            let holidays = off.iter().map(|(from, long)| (base + Days::new(*from), base + Days::new(from + long))).collect();
            let month = Calendar { week_days, holidays };
            let lesson = base + Days::new(start);
            let until = due(lesson, days, &month);
            let between = lesson.iter_days().skip(1).take_while(|d| *d <= until).filter(|d| month.works(*d)).count();
            prop_assert_eq!(i64::try_from(between).unwrap(), i64::from(days));
            prop_assert!(days == 0 || month.works(until));
            prop_assert!(due(lesson, days, &month) <= due(lesson, days + 1, &month));
        }
    }
}
