//! What was written after its term: for a deputy a table by teacher whose figures open the lessons behind them, for a teacher a quiet list of
//! their own.

use base::Lang;
use classbook_core::deadline::late::KINDS;
use classbook_core::deadline::{Figures, Kind, Late, Span, Written};
use leptos::prelude::*;

use super::board::key;
use super::deadline_page::Asked;
use crate::t;

fn name(span: &Span, lang: Lang) -> String {
    let number = span.number;
    match span.kind.as_str() {
        "quarter" => t::journal_period_quarter(lang, number),
        "trimester" => t::journal_period_trimester(lang, number),
        "half_year" => t::journal_period_half_year(lang, number),
        "semester" => t::journal_period_semester(lang, number),
        "module" => t::journal_period_module(lang, number),
        _ => t::journal_period_year(lang).to_owned(),
    }
}

/// For a deputy who has not asked for it: to look through all that was written takes a moment.
pub(super) fn offer(lang: Lang) -> AnyView {
    view! {
        <section class="stack" aria-labelledby="deadline-late">
            <h2 id="deadline-late">{t::deadline_late_title(lang)}</h2>
            <p class="muted small">{t::deadline_late_note(lang)}</p>
            <p><a class="btn" href="/deadlines?term=0#deadline-late">{t::deadline_late_show(lang)}</a></p>
        </section>
    }
    .into_any()
}

/// Draws it; nothing where the year has no period yet.
pub(super) fn late(late: &Late, asked: Asked, board: bool, lang: Lang) -> Option<AnyView> {
    let period = late.period?;
    let body = if board {
        table(late, asked, lang)
    } else if late.lessons.is_empty() {
        return None;
    } else {
        let many = i64::try_from(late.lessons.len()).unwrap_or(i64::MAX);
        view! {
            <details class="deadline-late" open=asked.term.is_some()>
                <summary>{t::deadline_late_own(lang, many)}</summary>
                {list(&late.lessons, lang)}
            </details>
        }
        .into_any()
    };
    let links = late.periods.iter().map(|p| {
        let current = (p.id == period).then_some("page");
        let days = format!(
            "{} – {}",
            kit::date::day_month(p.starts_on, lang),
            kit::date::day_month(p.ends_on, lang)
        );
        view! { <a href=format!("/deadlines?term={}#deadline-late", p.id) aria-current=current title=days>{name(p, lang)}</a> }
    });
    let links = (late.periods.len() > 1).then(|| {
        view! { <nav class="segmented" aria-labelledby="deadline-late">{links.collect_view()}</nav> }
    });
    let note = if board {
        t::deadline_late_note(lang)
    } else {
        t::deadline_late_own_note(lang)
    };
    Some(
        view! {
            <section class="stack" aria-labelledby="deadline-late">
                <h2 id="deadline-late">{t::deadline_late_title(lang)}</h2>
                <p class="muted small">{note}</p>
                {links}
                {body}
            </section>
        }
        .into_any(),
    )
}

fn table(late: &Late, asked: Asked, lang: Lang) -> AnyView {
    if late.figures.is_empty() {
        return view! { <p>{t::deadline_late_none(lang)}</p> }.into_any();
    }
    let term = late.period.map(|p| p.to_string()).unwrap_or_default();
    let heads = KINDS
        .into_iter()
        .map(|k| view! { <th scope="col" class="num">{k.title(lang)}</th> })
        .collect_view();
    let rows = late.figures.iter().map(|f| row(f, &term, lang)).collect_view();
    let behind = asked.wrote.map(|teacher| {
        let who = late.figures.iter().find(|f| f.teacher == teacher.0);
        let who = who.map(|f| f.name.clone()).unwrap_or_default();
        let what = asked.what.map(|k: Kind| format!(" · {}", k.title(lang)));
        view! {
            <section class="stack" aria-labelledby="deadline-late-behind">
                <h3 id="deadline-late-behind">{who}{what}</h3>
                {list(&late.lessons, lang)}
            </section>
        }
    });
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-label=t::deadline_late_table(lang)>
            <table class="table">
                <thead><tr><th scope="col">{t::deadline_teacher(lang)}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {behind}
    }
    .into_any()
}

fn row(of: &Figures, term: &str, lang: Lang) -> AnyView {
    let all = format!("/deadlines?term={term}&wrote={}", of.teacher);
    let cell = |(kind, n): (Kind, i64)| {
        let figure = if n > 0 {
            let href = format!("{all}&what={}#deadline-late-behind", key(kind));
            let label = t::deadline_late_figure(lang, n, kind.title(lang));
            view! { <a class="deadline-late-figure" href=href aria-label=label>{n}</a> }.into_any()
        } else {
            view! { <span class="muted">"0"</span> }.into_any()
        };
        view! { <td class="num">{figure}</td> }
    };
    let cells = KINDS.into_iter().zip(of.counts).map(cell).collect_view();
    let href = format!("{all}#deadline-late-behind");
    let name = if of.name.is_empty() {
        "—".to_owned()
    } else {
        of.name.clone()
    };
    view! { <tr><th scope="row"><a href=href>{name}</a></th>{cells}</tr> }.into_any()
}

/// The lessons, each a way into its journal, with when it was due and when it was written.
fn list(all: &[Written], lang: Lang) -> AnyView {
    let line = |w: &Written| {
        let period = w.period.map(|p| format!("period={p}&")).unwrap_or_default();
        let href = format!("/journal/{}?{period}lesson={}", w.load, w.lesson);
        let lesson = format!(
            "{}, {}",
            kit::date::day_month(w.date, lang),
            t::journal_lesson_number(lang, w.number)
        );
        let at = format!(
            "{}, {}",
            kit::date::day_month(w.at.date(), lang),
            kit::date::clock(w.at.time())
        );
        let when = t::deadline_late_when(lang, at, kit::date::day_month(w.due, lang));
        view! {
            <li>
                <a class="list-link deadline-late-row" href=href>
                    <span class="deadline-what"><b>{w.audience.clone()}", "{w.subject.clone()}</b><small class="muted">{lesson}</small><small>{when}</small></span>
                    <span class="spacer"></span>
                    <span>{w.kind.title(lang)}</span>
                    <span class="badge" data-tone="info">{t::deadline_late_days(lang, w.days())}</span>
                </a>
            </li>
        }
    };
    view! { <ul class="list card card-flush">{all.iter().map(line).collect_view()}</ul> }.into_any()
}
