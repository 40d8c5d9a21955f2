//! Dates in words, from data and language alone: never from the clock, or the browser would draw other words than the server.

use base::Lang;
use chrono::{DateTime, Datelike as _, Days, FixedOffset, NaiveDate, NaiveTime, Timelike as _, Utc};

const MONTHS_RU: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const SHORT_RU: [&str; 12] = [
    "янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
];
const SHORT_EN: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];
const DAYS_RU: [&str; 7] = [
    "понедельник",
    "вторник",
    "среда",
    "четверг",
    "пятница",
    "суббота",
    "воскресенье",
];
const DAYS_EN: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];
const DAYS_SHORT_RU: [&str; 7] = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"];
const DAYS_SHORT_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

fn pick(list: &'static [&'static str], index: u32) -> &'static str {
    usize::try_from(index)
        .ok()
        .and_then(|i| list.get(i))
        .copied()
        .unwrap_or("")
}

/// «понедельник».
#[must_use]
pub fn weekday(date: NaiveDate, lang: Lang) -> &'static str {
    weekday_of(date.weekday().num_days_from_monday(), lang)
}

/// The name of a weekday, 0 = Monday.
#[must_use]
pub fn weekday_of(from_monday: u32, lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => pick(&DAYS_RU, from_monday),
        Lang::En => pick(&DAYS_EN, from_monday),
    }
}

/// «пн».
#[must_use]
pub fn weekday_short(date: NaiveDate, lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => pick(&DAYS_SHORT_RU, date.weekday().num_days_from_monday()),
        Lang::En => pick(&DAYS_SHORT_EN, date.weekday().num_days_from_monday()),
    }
}

/// «21 ноября».
#[must_use]
pub fn day_month(date: NaiveDate, lang: Lang) -> String {
    let month = match lang {
        Lang::Ru => pick(&MONTHS_RU, date.month0()),
        Lang::En => pick(&MONTHS_EN, date.month0()),
    };
    format!("{} {month}", date.day())
}

/// «21 ноя».
#[must_use]
pub fn day_month_short(date: NaiveDate, lang: Lang) -> String {
    format!("{} {}", date.day(), month_short(date, lang))
}

/// «ноя».
#[must_use]
pub fn month_short(date: NaiveDate, lang: Lang) -> &'static str {
    match lang {
        Lang::Ru => pick(&SHORT_RU, date.month0()),
        Lang::En => pick(&SHORT_EN, date.month0()),
    }
}

/// «21 ноября 2026».
#[must_use]
pub fn full(date: NaiveDate, lang: Lang) -> String {
    format!("{} {}", day_month(date, lang), date.year())
}

/// «16–22 ноября» or «30 ноября – 6 декабря».
#[must_use]
pub fn span(from: NaiveDate, to: NaiveDate, lang: Lang) -> String {
    if from.month() == to.month() && from.year() == to.year() {
        format!("{}–{}", from.day(), day_month(to, lang))
    } else {
        format!("{} – {}", day_month(from, lang), day_month(to, lang))
    }
}

/// «08:30».
#[must_use]
pub fn clock(time: NaiveTime) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// A moment at a place with this offset from UTC in seconds: its date and time there.
#[must_use]
pub fn local(moment: DateTime<Utc>, offset: i32) -> (NaiveDate, NaiveTime) {
    let there = FixedOffset::east_opt(offset)
        .map_or_else(|| moment.naive_utc(), |o| moment.with_timezone(&o).naive_local());
    (there.date(), there.time())
}

/// «21 ноября, 14:05».
#[must_use]
pub fn moment(at: DateTime<Utc>, offset: i32, lang: Lang) -> String {
    let (date, time) = local(at, offset);
    format!("{}, {}", day_month(date, lang), clock(time))
}

/// The Monday of a date's week.
#[must_use]
pub fn monday(date: NaiveDate) -> NaiveDate {
    date.checked_sub_days(Days::new(u64::from(date.weekday().num_days_from_monday())))
        .unwrap_or(date)
}

/// Some days later (or, negative, earlier); the date itself at the ends of time.
#[must_use]
pub fn plus_days(date: NaiveDate, days: i64) -> NaiveDate {
    let by = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(by)
    } else {
        date.checked_add_days(by)
    }
    .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(y: i32, m: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, day).unwrap()
    }

    #[test]
    fn dates_in_two_languages() {
        let date = d(2026, 11, 21);
        assert_eq!(weekday(date, Lang::Ru), "суббота");
        assert_eq!(full(date, Lang::Ru), "21 ноября 2026");
        assert_eq!(day_month_short(date, Lang::En), "21 Nov");
        assert_eq!(monday(date), d(2026, 11, 16));
        assert_eq!(
            span(d(2026, 11, 30), d(2026, 12, 6), Lang::Ru),
            "30 ноября – 6 декабря"
        );
        assert_eq!(span(d(2026, 11, 16), d(2026, 11, 22), Lang::En), "16–22 November");
    }

    #[test]
    fn a_moment_is_told_by_the_schools_clock() {
        let at = DateTime::from_timestamp(1_795_000_000, 0).unwrap();
        assert_ne!(local(at, 0).1, local(at, 3 * 3600).1);
        assert_eq!(
            moment(at, 3 * 3600, Lang::Ru).len(),
            moment(at, 0, Lang::Ru).len()
        );
    }
}
