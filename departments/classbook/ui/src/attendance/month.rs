//! The month of a class: pupils × days, and what the month comes to.

use base::Lang;
use chrono::{Datelike as _, Months, NaiveDate};
use classbook_core::attendance::{DayOf, Line, Reason, Sheet};
use leptos::prelude::*;

use super::class_page::Page;
use super::rule_form::sentence;
use crate::t;

/// The table with its turning of months, and the notions by which it counts.
pub(super) fn month(page: Page, sheet: &Sheet) -> AnyView {
    let lang = page.lang;
    let body = if sheet.lines.is_empty() || sheet.days.is_empty() {
        view! { <kit::Empty title=t::attendance_no_days(lang) text=t::attendance_no_days_text(lang)/> }
            .into_any()
    } else {
        table(sheet, lang)
    };
    view! {
        <section class="stack stack-s">
            <h2 id="month">{t::attendance_month(lang)}</h2>
            {turn(sheet, lang)}
            {body}
            <p class="muted small">{sentence(&sheet.notions, lang)}" "{t::attendance_full_day(lang)}</p>
        </section>
    }
    .into_any()
}

fn turn(sheet: &Sheet, lang: Lang) -> AnyView {
    let class = sheet.class;
    let month = sheet.month;
    let last = month
        .checked_add_months(Months::new(1))
        .and_then(|next| next.pred_opt())
        .unwrap_or(month);
    let first_of = |day: NaiveDate| day.with_day(1).unwrap_or(day);
    let to = |other: Option<NaiveDate>| {
        let (from, until) = (first_of(sheet.year.0), first_of(sheet.year.1));
        other
            .filter(|m| from <= *m && *m <= until)
            .map(|m| format!("/attendance/{class}?month={}", super::month_key(m)))
    };
    let step = |href: Option<String>, rel: &'static str, label: &'static str, icon: &'static str| {
        href.map(|href| {
            view! { <a class="btn btn-icon" rel=rel href=href aria-label=label><kit::Icon name=icon/></a> }
        })
    };
    let before = to(month.checked_sub_months(Months::new(1)));
    let after = to(month.checked_add_months(Months::new(1)));
    let title = format!("{} {}", kit::date::span(month, last, lang), month.year());
    view! {
        <nav class="week-nav" aria-label=t::attendance_turn(lang)>
            {step(before, "prev", t::attendance_previous(lang), "previous")}
            <b>{title}</b>
            {step(after, "next", t::attendance_next(lang), "next")}
        </nav>
    }
    .into_any()
}

fn table(sheet: &Sheet, lang: Lang) -> AnyView {
    let heads = sheet
        .days
        .iter()
        .map(|day| {
            let words = format!(
                "{}, {}",
                kit::date::day_month(*day, lang),
                kit::date::weekday(*day, lang)
            );
            view! {
                <th scope="col" class="att-day"><span aria-hidden="true">{day.day()}<small>{kit::date::weekday_short(*day, lang)}</small></span><span class="visually-hidden">{words}</span></th>
            }
        })
        .collect_view();
    let sums = [
        t::attendance_sum_missed(lang),
        t::attendance_sum_ill(lang),
        t::attendance_sum_excused(lang),
        t::attendance_sum_unexcused(lang),
        t::attendance_sum_unknown(lang),
        t::attendance_sum_late(lang),
        t::attendance_sum_full(lang),
        t::attendance_sum_days(lang),
        t::attendance_sum_weeks(lang),
        t::attendance_sum_share(lang),
    ];
    let sums = sums
        .into_iter()
        .map(|name| view! { <th scope="col" class="num">{name}</th> })
        .collect_view();
    let rows = sheet
        .lines
        .iter()
        .map(|line| row(sheet, line, lang))
        .collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-labelledby="month">
            <table class="table att">
                <thead><tr><th scope="col">{t::journal_pupil(lang)}</th>{heads}{sums}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(sheet: &Sheet, line: &Line, lang: Lang) -> AnyView {
    let cells = sheet
        .days
        .iter()
        .map(|day| {
            let of = line.days.iter().find(|d| d.date == *day);
            view! { <td class="att-day">{of.map(|d| cell(sheet, line, d, lang))}</td> }
        })
        .collect_view();
    let sum = line.tally;
    let figure = |n: i64| if n == 0 { String::new() } else { n.to_string() };
    let figures = [
        sum.missed,
        sum.ill,
        sum.excused,
        sum.unexcused,
        sum.unknown,
        sum.late,
        sum.full_days,
        sum.days,
        sum.weeks,
    ]
    .into_iter()
    .map(|n| view! { <td class="num">{figure(n)}</td> })
    .collect_view();
    let share = sum.share.filter(|_| sum.missed > 0).map(|s| {
        let words = format!("{} %", lang.decimal(&s.fixed()));
        let often = sum.systematic.then(|| {
            view! { <span class="badge" data-tone="warn">{t::attendance_systematic(lang)}</span> }
        });
        view! { {words}{often} }
    });
    let gone = line
        .gone
        .then(|| view! { <small class="muted">{t::attendance_gone(lang)}</small> });
    view! {
        <tr><th scope="row">{line.name.clone()}{gone}</th>{cells}{figures}<td class="num">{share}</td></tr>
    }
    .into_any()
}

/// The letter of most of the day's absences; how many lessons, where it was not all of them. A way into the form.
fn cell(sheet: &Sheet, line: &Line, day: &DayOf, lang: Lang) -> AnyView {
    let reason = day.reason().unwrap_or(Reason::Late);
    let letter = sheet
        .codes
        .iter()
        .find(|c| c.reason == reason)
        .map_or("·", |c| c.code.as_str())
        .to_owned();
    let missed = day.missed();
    let part = (missed > 0 && !day.is_full()).then(|| view! { <sub>{missed}</sub> });
    let words = if missed == 0 {
        t::attendance_day_late(lang, kit::date::day_month(day.date, lang), &line.name)
    } else {
        t::attendance_day(
            lang,
            kit::date::day_month(day.date, lang),
            day.lessons,
            missed,
            &line.name,
            reason.title(lang),
        )
    };
    let seen =
        view! { <span aria-hidden="true">{letter}{part}</span><span class="visually-hidden">{words}</span> };
    let kind = reason.key();
    if missed == 0 || !sheet.may_edit {
        return view! { <span class="att-cell" data-reason=kind>{seen}</span> }.into_any();
    }
    let href = format!(
        "/attendance/{}?month={}&pupil={}&from={}&until={}#reason",
        sheet.class,
        super::month_key(sheet.month),
        line.pupil,
        day.date,
        day.date
    );
    view! { <a class="att-cell" data-reason=kind href=href>{seen}</a> }.into_any()
}
