//! What is asked of lessons that an imported file names together: a line each, in plain words, which opens into its form.

use leptos::prelude::*;
use study_core::requirement::{Kind, Requirement, Sheet, Target, words};

use super::desk::Desk;
use super::form::{dates, slot};
use crate::t;

/// From so many lines on a field looks for one.
const MANY: usize = 12;

/// A row of a kind for a list of lessons of this year, each once.
fn rows(sheet: &Sheet) -> Vec<(Kind, Target)> {
    let here = |row: &&Requirement| match row.terms.target {
        Target::Lessons(list) => sheet.lists.iter().any(|of| of.id == list),
        _ => false,
    };
    let mut all: Vec<(Kind, Target)> = sheet
        .rows
        .iter()
        .filter(here)
        .map(|row| (row.terms.kind, row.terms.target))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// «Кабинетов на все уроки — не больше: 1, Алгебра, 7А — Волкова — обязательно»; of several dates each.
fn said(desk: Desk, kind: Kind, target: Target) -> String {
    desk.sheet.with(|sheet| {
        let line = |row: Requirement| {
            let words = words::sentence(desk.lang, sheet, &row.terms);
            match dates(desk, &row.terms) {
                Some(dates) => format!("{words} · {dates}"),
                None => words,
            }
        };
        let lines: Vec<String> = sheet.rows_of(kind, target).into_iter().map(line).collect();
        lines.join("; ")
    })
}

/// Draws them; nothing where no file of the year names any.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let all = Memo::new(move |_| desk.sheet.with(rows));
    let wanted = RwSignal::new(String::new());
    let shown = Memo::new(move |_| {
        let wanted = wanted.get().trim().to_lowercase();
        let mut rows = all.get();
        if !wanted.is_empty() {
            rows.retain(|(kind, target)| said(desk, *kind, *target).to_lowercase().contains(&wanted));
        }
        rows
    });
    let find = move || {
        (all.with(Vec::len) > MANY).then(|| {
            view! {
                <div class="field rq-choose"><label for="rq-lists-find">{t::requirement_lists_find(lang)}</label>
                    <input class="input" type="search" id="rq-lists-find" prop:value=move || wanted.get()
                        on:input=move |event| wanted.set(event_target_value(&event))/></div>
            }
        })
    };
    let line = move |(kind, target): (Kind, Target)| {
        let open = RwSignal::new(false);
        view! {
            <li>
                <details on:toggle=move |_| open.set(true)>
                    <summary>{move || said(desk, kind, target)}</summary>
                    {move || open.get().then(|| slot(desk, kind, target, None))}
                </details>
            </li>
        }
    };
    let body = move || {
        if all.with(Vec::is_empty) {
            return None;
        }
        Some(view! {
            <section class="stack" aria-labelledby="rq-lists">
                <h2 id="rq-lists">{t::requirement_lists(lang)} " " <span class="count">{move || all.with(Vec::len)}</span></h2>
                <p class="muted">{t::requirement_lists_note(lang)}</p>
                {find}
                <ul class="list card card-flush"><For each=move || shown.get() key=|row| *row children=line/></ul>
                {move || shown.with(Vec::is_empty).then(|| view! { <p class="muted" role="status">{t::requirement_lists_none(lang)}</p> })}
            </section>
        })
    };
    view! { {body} }.into_any()
}
