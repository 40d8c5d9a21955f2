//! Words that several sheets use.

use base::Lang;
use chrono::{Datelike as _, NaiveDate, NaiveDateTime, Timelike as _};
use paper::{Fact, Sign};

use crate::t;

/// «1 четверть».
pub(super) fn period(kind: &str, number: i16, lang: Lang) -> String {
    match kind {
        "quarter" => t::sheet_quarter(lang, number),
        "trimester" => t::sheet_trimester(lang, number),
        "half_year" => t::sheet_half_year(lang, number),
        "semester" => t::sheet_semester(lang, number),
        "module" => t::sheet_module(lang, number),
        _ => year(lang),
    }
}

/// «учебный год».
pub(super) fn year(lang: Lang) -> String {
    t::sheet_year(lang).to_owned()
}

/// «сентябрь», by its number.
pub(super) fn month(number: u32, lang: Lang) -> &'static str {
    match number {
        1 => t::sheet_month_1(lang),
        2 => t::sheet_month_2(lang),
        3 => t::sheet_month_3(lang),
        4 => t::sheet_month_4(lang),
        5 => t::sheet_month_5(lang),
        6 => t::sheet_month_6(lang),
        7 => t::sheet_month_7(lang),
        8 => t::sheet_month_8(lang),
        9 => t::sheet_month_9(lang),
        10 => t::sheet_month_10(lang),
        11 => t::sheet_month_11(lang),
        _ => t::sheet_month_12(lang),
    }
}

/// «26.11.2026».
pub(super) fn date(day: NaiveDate) -> String {
    // written out: the browser's build of chrono does not format
    format!("{:02}.{:02}.{}", day.day(), day.month(), day.year())
}

/// «26.11».
pub(super) fn short_date(day: NaiveDate) -> String {
    format!("{:02}.{:02}", day.day(), day.month())
}

pub(super) fn fact(name: &str, value: impl Into<String>) -> Fact {
    Fact {
        name: name.to_owned(),
        value: value.into(),
    }
}

pub(super) fn sign(role: &str, name: impl Into<String>) -> Sign {
    Sign {
        role: role.to_owned(),
        name: name.into(),
    }
}

/// «1 четверть, 01.09.2026 – 25.10.2026».
pub(super) fn span(name: &str, (from, to): (NaiveDate, NaiveDate)) -> String {
    format!("{name}, {} – {}", date(from), date(to))
}

/// «Учителева Анна Ивановна, 24.10.2026, 10:12».
pub(super) fn who(by: &str, at: NaiveDateTime) -> String {
    format!("{by}, {}, {:02}:{:02}", date(at.date()), at.hour(), at.minute())
}
