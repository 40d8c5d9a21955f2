//! The deputy's board: by teacher or by class; each figure opens the lessons behind it.

use base::Lang;
use classbook_core::deadline::{Board, Debt, Kind, Line};
use leptos::prelude::*;

use super::deadline_page::Asked;
use super::{list, rules};
use crate::t;

/// A kind in an address.
pub(super) fn key(kind: Kind) -> &'static str {
    match kind {
        Kind::Topic => "topic",
        Kind::Homework => "homework",
        Kind::Marks => "marks",
        Kind::Totals => "totals",
        Kind::Reasons => "reasons",
    }
}

/// Draws it.
pub(super) fn board(
    board: &Board,
    asked: Asked,
    lessons: Option<&[Debt]>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    lang: Lang,
) -> AnyView {
    let lines = if asked.by_class {
        &board.classes
    } else {
        &board.teachers
    };
    let current = |on: bool| on.then_some("page");
    let behind = lessons.map(|debts| {
        let who = lines
            .iter()
            .find(|l| Some(l.id) == asked.teacher.map(|t| t.0).or(asked.class.map(|c| c.0)))
            .map(|l| l.name.clone())
            .unwrap_or_default();
        let what = asked
            .kind
            .map(|k| format!(" · {}", k.title(lang)))
            .unwrap_or_default();
        let none = debts
            .is_empty()
            .then(|| view! { <p>{t::deadline_all_written(lang)}</p> });
        view! {
            <section class="stack" aria-labelledby="deadline-behind">
                <h2 id="deadline-behind">{who}{what}</h2>
                {none}
                {(!debts.is_empty()).then(|| list::list(debts, board.today, asked.teacher.is_none(), lang))}
            </section>
        }
    });
    let empty = lines.is_empty().then(|| {
        view! { <kit::Empty title=t::deadline_all_written(lang) icon="check" text=t::deadline_board_empty(lang)/> }
    });
    view! {
        <section class="stack">
            <h2 id="deadline-board">{t::deadline_board(lang)}</h2>
            <p class="muted small">{rules::sentence(&board.rule.term.terms, lang)}</p>
            <nav class="tabs" aria-label=t::deadline_board(lang)>
                <a href="/deadlines" aria-current=current(!asked.by_class)>{t::deadline_by_teacher(lang)}</a>
                <a href="/deadlines?by=class" aria-current=current(asked.by_class)>{t::deadline_by_class(lang)}</a>
            </nav>
            {empty}
            {(!lines.is_empty()).then(|| table(lines, asked.by_class, lang))}
            <p><a href="/deviations">{t::deviation_link(lang)}</a></p>
        </section>
        {behind}
        {rules::rules(board, again, lang)}
    }
    .into_any()
}

fn table(lines: &[Line], by_class: bool, lang: Lang) -> AnyView {
    let who = if by_class {
        t::deadline_class(lang)
    } else {
        t::deadline_teacher(lang)
    };
    let heads = Kind::ALL
        .into_iter()
        .map(|k| view! { <th scope="col" class="num">{k.title(lang)}</th> })
        .collect_view();
    let rows = lines.iter().map(|line| row(line, by_class, lang)).collect_view();
    view! {
        <div class="table-wrap" tabindex="0" role="region" aria-labelledby="deadline-board">
            <table class="table">
                <thead><tr><th scope="col">{who}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(line: &Line, by_class: bool, lang: Lang) -> AnyView {
    let of = if by_class { "class" } else { "teacher" };
    let id = line.id;
    let figure = |kind: Kind, n: i64, late: bool| {
        (n > 0).then(|| {
            let flag = if late { "1" } else { "0" };
            let href = format!("/deadlines?{of}={id}&kind={}&late={flag}", key(kind));
            let words = if late {
                t::deadline_late_short(lang, n)
            } else {
                t::deadline_open_short(lang, n)
            };
            let tone = if late { "bad" } else { "info" };
            view! { <a class="badge deadline-figure" data-tone=tone href=href>{words}</a>" " }
        })
    };
    let cells = line
        .counts
        .iter()
        .map(|(kind, c)| {
            let none = (c.late == 0 && c.open == 0).then(|| view! { <span class="muted">"0"</span> });
            view! { <td class="num">{figure(*kind, c.late, true)}{figure(*kind, c.open, false)}{none}</td> }
        })
        .collect_view();
    let all = format!("/deadlines?{of}={id}");
    view! { <tr><th scope="row"><a href=all>{line.name.clone()}</a></th>{cells}</tr> }.into_any()
}
