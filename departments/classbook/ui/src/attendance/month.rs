//! The month of a class: pupils × days, and what the month comes to. Each figure opens to the days behind it (`?behind=`).

use base::Lang;
use chrono::{Datelike as _, Months, NaiveDate};
use classbook_core::attendance::{DayOf, Line, Reason, Sheet};
use classbook_core::sheet::At;
use classbook_core::sheet::missed_opened::What;
use leptos::prelude::*;

use super::class_page::Page;
use super::rule_form::sentence;
use crate::sheet::opened;
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
    let since = sheet
        .notions
        .since
        .map(|day| format!(" {}", t::attendance_since(lang, kit::date::full(day, lang))));
    view! {
        <section class="stack stack-s">
            <h2 id="month">{t::attendance_month(lang)}</h2>
            {turn(sheet, lang)}
            {behind(page, sheet)}
            {body}
            <p class="muted small">{sentence(&sheet.notions, lang)}{since}" "{t::attendance_full_day(lang)}</p>
        </section>
    }
    .into_any()
}

/// The address of the month.
fn address(sheet: &Sheet) -> String {
    format!(
        "/attendance/{}?month={}",
        sheet.class,
        super::month_key(sheet.month)
    )
}

fn cell_id(at: &At) -> String {
    format!("c-{at}")
}

/// What lies behind the figure that the address names: its days, how they count, by which act.
fn behind(page: Page, sheet: &Sheet) -> Option<AnyView> {
    let lang = page.lang;
    let at = page.wanted.with_untracked(|w| w.behind.clone())?;
    let line = sheet.lines.iter().find(|l| format!("p{}", l.pupil) == at.row)?;
    let what = What::from_key(&at.column)?;
    // only days on which something was recorded are here: of a week and of a share, those that were missed
    let shown = match what {
        What::Weeks | What::Months | What::Held => What::Missed,
        what => what,
    };
    let last = sheet
        .month
        .checked_add_months(Months::new(1))
        .and_then(|next| next.pred_opt());
    let days = shown.days(
        &line.days,
        (sheet.month, last.unwrap_or(sheet.month)),
        &sheet.notions,
        lang,
    );
    let mut how = what.how((line.tally.missed, line.tally.lessons), &sheet.notions, lang);
    if line.tally.systematic && what == What::Share {
        how.extend(What::Months.how((0, 0), &sheet.notions, lang).into_iter().take(2));
    }
    let title = format!("{}: {}", line.name, what.name(&sheet.notions, lang));
    let back = format!("{}#{}", address(sheet), cell_id(&at));
    Some(opened::frame(
        &title,
        &how,
        opened::table(&days, |_| None, lang),
        back,
        lang,
    ))
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
    let open = |what: What, words: String| {
        let at = At::new(format!("p{}", line.pupil), what.key());
        let (id, href) = (
            cell_id(&at),
            format!("{}&behind={at}#{}", address(sheet), opened::ID),
        );
        view! { <a class="paper-figure" id=id href=href rel="external">{words}</a> }
    };
    let figures = [
        (What::Missed, sum.missed),
        (What::Lessons(Reason::Ill), sum.ill),
        (What::Lessons(Reason::Excused), sum.excused),
        (What::Lessons(Reason::Unexcused), sum.unexcused),
        (What::Lessons(Reason::Unknown), sum.unknown),
        (What::Lessons(Reason::Late), sum.late),
        (What::FullDays, sum.full_days),
        (What::ActDays, sum.days),
        (What::Weeks, sum.weeks),
    ]
    .into_iter()
    .map(|(what, n)| view! { <td class="num">{(n != 0).then(|| open(what, n.to_string()))}</td> })
    .collect_view();
    let share = sum.share.filter(|_| sum.missed > 0).map(|s| {
        let words = open(What::Share, format!("{} %", lang.decimal(&s.fixed())));
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

/// The code that stands for most of the day's absences; how many lessons, where it was not all of them. A way into the form.
fn cell(sheet: &Sheet, line: &Line, day: &DayOf, lang: Lang) -> AnyView {
    let reason = day.reason().unwrap_or(Reason::Late);
    let code = line.code(day.date, &sheet.codes);
    let letter = code.map_or("·", |c| c.code.as_str()).to_owned();
    let title = code.map_or(reason.title(lang), |c| c.title.as_str());
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
            title,
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
