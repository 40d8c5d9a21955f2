//! The academic year around a given day: periods, holidays, and the days on which lessons are generated.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// How many days after today lessons are already planned.
const PLANNED_AHEAD: u64 = 14;

/// A stretch of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

impl Span {
    /// Is the day in it?
    pub fn has(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

/// Holidays.
#[derive(Clone, Debug)]
pub struct Holiday {
    /// What they are called.
    pub title: &'static str,
    /// When.
    pub span: Span,
    /// Only for this grade.
    pub grade: Option<i16>,
}

/// One academic year.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// «2026/27».
    pub title: String,
    /// 1 September … 31 August.
    pub year: Span,
    /// The four quarters.
    pub quarters: Vec<Span>,
    /// The two half-years (semesters).
    pub halves: Vec<Span>,
    /// Everything without lessons.
    pub holidays: Vec<Holiday>,
    /// The day that the region is made for.
    pub today: NaiveDate,
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

fn before(date: NaiveDate) -> NaiveDate {
    date.pred_opt().unwrap_or(date)
}

fn after(date: NaiveDate, days: u64) -> NaiveDate {
    date.checked_add_days(Days::new(days)).unwrap_or(date)
}

/// The Saturday that a nine-day break begins with.
fn saturday_from(mut date: NaiveDate) -> NaiveDate {
    while date.weekday() != Weekday::Sat {
        date = after(date, 1);
    }
    date
}

impl Calendar {
    /// The year that `today` lies in.
    pub fn around(today: NaiveDate) -> Self {
        let year = if today.month() >= 9 {
            today.year()
        } else {
            today.year() - 1
        };
        let autumn = saturday_from(day(year, 10, 24));
        let spring = saturday_from(day(year + 1, 3, 24));
        let (start, end) = (day(year, 9, 1), day(year + 1, 5, 26));
        let (new_year, back) = (day(year, 12, 31), day(year + 1, 1, 12));
        let second = after(autumn, 9);
        let fourth = after(spring, 9);
        let span = |from, to| Span { from, to };
        let feast = |title, month, date| Holiday {
            title,
            span: span(
                day(year + i32::from(month < 9), month, date),
                day(year + i32::from(month < 9), month, date),
            ),
            grade: None,
        };
        let all = |title, from, to| Holiday {
            title,
            span: span(from, to),
            grade: None,
        };
        let february = after(saturday_from(day(year + 1, 2, 12)), 2);
        Self {
            title: format!("{year}/{:02}", (year + 1) % 100),
            year: span(start, day(year + 1, 8, 31)),
            quarters: vec![
                span(start, before(autumn)),
                span(second, before(new_year)),
                span(back, before(spring)),
                span(fourth, end),
            ],
            halves: vec![span(start, before(new_year)), span(back, end)],
            holidays: vec![
                all("Осенние каникулы", autumn, before(second)),
                feast("День народного единства", 11, 4),
                all("Зимние каникулы", new_year, before(back)),
                Holiday {
                    title: "Дополнительные каникулы первоклассников",
                    span: span(february, after(february, 6)),
                    grade: Some(1),
                },
                feast("День защитника Отечества", 2, 23),
                feast("Международный женский день", 3, 8),
                all("Весенние каникулы", spring, before(fourth)),
                feast("Праздник Весны и Труда", 5, 1),
                feast("День Победы", 5, 9),
                all("Летние каникулы", day(year + 1, 5, 27), day(year + 1, 8, 31)),
            ],
            today,
        }
    }

    /// The running quarter, or the last one that began.
    fn running(&self) -> Span {
        let begun = self.quarters.iter().rev().find(|q| q.from <= self.today);
        *begun.unwrap_or(&self.quarters[0])
    }

    /// The days with lessons for a grade: the first quarter, and the running one until two weeks from now.
    pub fn lesson_days(&self, grade: i16) -> Vec<NaiveDate> {
        let running = self.running();
        let horizon = after(self.today, PLANNED_AHEAD);
        let free = |d: NaiveDate| {
            self.holidays
                .iter()
                .any(|h| h.span.has(d) && h.grade.is_none_or(|g| g == grade))
        };
        self.year
            .from
            .iter_days()
            .take_while(|d| *d <= horizon && *d <= self.year.to)
            .filter(|d| d.weekday().number_from_monday() <= 5)
            .filter(|d| self.quarters[0].has(*d) || (*d >= running.from && *d <= self.quarters[3].to))
            .filter(|d| !free(*d))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_follow_each_other_and_holidays_lie_between() {
        for n in 0..1500 {
            let c = Calendar::around(after(day(2024, 1, 1), n));
            assert!(c.year.has(c.today));
            for pair in c.quarters.windows(2) {
                assert!(pair[0].to < pair[1].from);
            }
            let days = c.lesson_days(5);
            assert!(days.windows(2).all(|p| p[0] < p[1]));
            assert!(
                days.iter().all(|d| c.quarters.iter().any(|q| q.has(*d))),
                "{}",
                c.today
            );
        }
    }
}
