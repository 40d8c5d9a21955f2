//! The rows of a plan, each with its lessons, and between them the lessons that carry nothing of it.

use std::collections::BTreeMap;

use base::Lang;
use classbook_core::plan::{Act, Book, Fact, Out, PlanLesson, Row, RowId, lay};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

use super::desk::{Desk, Open, focus, id_of};
use crate::t;

/// A line of the list.
enum Line<'a> {
    /// A new section.
    Section(&'a str),
    /// A row, the numbers of its first and last hour, and its lessons.
    Row(&'a Row, i64, Vec<&'a PlanLesson>),
    /// A lesson that carries nothing.
    Gap(&'a PlanLesson),
    /// Lessons after the end of the plan.
    Spare(i64),
}

/// Draws the list.
pub fn list(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let lines = desk.book.with(|b| {
        let all = lines(b);
        let now = now(&all, b.today);
        all.into_iter()
            .map(|line| draw(desk, b, line, now))
            .collect_view()
    });
    view! {
        <p class="visually-hidden" id="plan-keys">{if desk.may_edit() { t::plan_keys(lang) } else { "" }}</p>
        <ol class="list card card-flush plan" aria-label=t::plan_title(lang) aria-describedby="plan-keys" on:keydown=move |e| on_key(desk, &e)>
            {lines}
        </ol>
    }
    .into_any()
}

/// So many rows are seen anyhow.
const SEEN: usize = 6;

/// The row whose turn it is: the first with a lesson that has not passed, where it lies further down than is seen.
fn now(lines: &[Line<'_>], today: chrono::NaiveDate) -> Option<RowId> {
    let to_come = |line: &Line<'_>| match line {
        Line::Row(row, _, lessons) if lessons.iter().any(|l| l.date >= today) => Some(row.id),
        _ => None,
    };
    let (at, id) = lines
        .iter()
        .enumerate()
        .find_map(|(n, line)| Some((n, to_come(line)?)))?;
    (at > SEEN).then_some(id)
}

/// Shows the row whose turn it is.
pub fn show_now() {
    let row = document().query_selector(".plan > [data-now]").ok().flatten();
    if let Some(row) = row {
        row.scroll_into_view_with_bool(true);
    }
}

fn lines(book: &Book) -> Vec<Line<'_>> {
    let laid = lay(&book.plan, &book.lessons);
    let mut of_row: BTreeMap<RowId, Vec<usize>> = laid.by_row();
    let gap = |n: usize| {
        let empty = laid.seats.get(n).is_some_and(Option::is_none);
        let lesson = book.lessons.get(n)?;
        let passed = lesson.out.is_some() || lesson.id.is_some_and(|id| book.plan.skipped.contains(&id));
        (empty && passed).then_some(Line::Gap(lesson))
    };
    let (mut lines, mut section, mut told, mut hour) = (vec![], None, 0usize, 1i64);
    for row in &book.plan.rows {
        let at = of_row.remove(&row.id).unwrap_or_default();
        if let Some(first) = at.first().copied() {
            lines.extend((told..first).filter_map(gap));
            told = told.max(first);
        }
        if row.terms.section.as_deref() != section {
            section = row.terms.section.as_deref();
            lines.extend(section.map(Line::Section));
        }
        let lessons = at.iter().filter_map(|n| book.lessons.get(*n)).collect();
        lines.push(Line::Row(row, hour, lessons));
        hour += i64::from(row.terms.hours);
    }
    lines.extend((told..book.lessons.len()).filter_map(gap));
    if laid.spare > 0 {
        lines.push(Line::Spare(laid.spare));
    }
    lines
}

fn draw(desk: Desk, book: &Book, line: Line<'_>, now: Option<RowId>) -> AnyView {
    let lang = desk.lang;
    match line {
        Line::Section(name) => view! { <li class="plan-section"><h2>{name.to_owned()}</h2></li> }.into_any(),
        Line::Row(row, hour, lessons) => draw_row(desk, book, row, hour, &lessons, now == Some(row.id)),
        Line::Gap(lesson) => {
            let why = match lesson.out {
                Some(Out::Cancelled) => t::plan_gap_cancelled(lang),
                Some(Out::Holiday) => t::plan_gap_holiday(lang),
                None => t::plan_gap_skipped(lang),
            };
            let topic = lesson.topic.clone().map(|topic| view! { <span>{topic}</span> });
            let what = view! { <span class="muted">{why}</span> {topic} };
            view! { <li class="plan-gap"><span class="plan-days">{day(desk, lesson, None)}</span><span class="plan-text">{what}</span></li> }.into_any()
        }
        Line::Spare(n) => {
            view! { <li class="plan-gap"><span class="muted">{t::plan_spare(lang, n)}</span></li> }.into_any()
        }
    }
}

fn draw_row(desk: Desk, book: &Book, row: &Row, hour: i64, lessons: &[&PlanLesson], now: bool) -> AnyView {
    let lang = desk.lang;
    let (id, terms) = (row.id, &row.terms);
    let last = hour + i64::from(terms.hours) - 1;
    let number = if last > hour {
        format!("{hour}–{last}")
    } else {
        hour.to_string()
    };
    let topic = terms.topic.clone();
    let head = if book.may_edit {
        view! {
            <button class="plan-topic" type="button" id=id_of(id) data-row=id.to_string() on:click=move |_| desk.show(Open::Row(id))>{topic}</button>
        }
        .into_any()
    } else {
        view! { <b>{topic}</b> }.into_any()
    };
    let work = terms
        .work
        .and_then(|w| book.works.iter().find(|k| k.id == w))
        .map(|w| view! { <span class="badge" data-tone="accent">{w.title.clone()}</span> });
    let homework = terms.homework.clone().map(|text| {
        let minutes = terms
            .minutes
            .map(|m| format!(" · {}", t::plan_minutes(lang, m)))
            .unwrap_or_default();
        view! { <p class="muted small">{t::plan_homework_is(lang, text)}{minutes}</p> }
    });
    let days = lessons
        .iter()
        .map(|l| day(desk, l, Some(Fact::of(&terms.topic, l, book.today))))
        .collect_view();
    let missing = i64::from(terms.hours) - i64::try_from(lessons.len()).unwrap_or(0);
    let written: Vec<AnyView> = lessons
        .iter()
        .filter(|l| Fact::of(&terms.topic, l, book.today) == Fact::Other)
        .map(|l| {
            let words = t::plan_written(
                lang,
                kit::date::day_month_short(l.date, lang),
                l.topic.clone().unwrap_or_default(),
            );
            view! { <p class="small plan-written">{words}</p> }.into_any()
        })
        .collect();
    view! {
        <li class="plan-row" data-now=now.then_some("")>
            <span class="plan-no nums muted">{number}</span>
            <div class="plan-text">{head}" "{work}{homework}{written}</div>
            <span class="plan-days">
                {days}
                {(missing > 0).then(|| view! { <span class="badge" data-tone="bad">{t::plan_no_room(lang, missing)}</span> })}
            </span>
        </li>
    }
    .into_any()
}

/// A lesson's day; a press tells what can be done about it.
fn day(desk: Desk, lesson: &PlanLesson, fact: Option<Fact>) -> AnyView {
    let lang = desk.lang;
    let date = kit::date::day_month_short(lesson.date, lang);
    let (key, words) = fact_words(lang, lesson, fact);
    let words = format!(", {words}");
    match lesson.id {
        Some(id) if desk.may_edit() => view! {
            <button class="plan-day" type="button" data-fact=key on:click=move |_| desk.show(Open::Lesson(id))>
                {date}<span class="visually-hidden">{words}</span>
            </button>
        }
        .into_any(),
        _ => view! { <span class="plan-day" data-fact=key>{date}<span class="visually-hidden">{words}</span></span> }.into_any(),
    }
}

fn fact_words(lang: Lang, lesson: &PlanLesson, fact: Option<Fact>) -> (&'static str, &'static str) {
    match fact {
        _ if lesson.id.is_none() => ("expected", t::plan_fact_expected(lang)),
        None => ("none", t::plan_fact_none(lang)),
        Some(Fact::Ahead) => ("ahead", t::plan_fact_ahead(lang)),
        Some(Fact::Missing) => ("missing", t::plan_fact_missing(lang)),
        Some(Fact::AsPlanned) => ("same", t::plan_fact_same(lang)),
        Some(Fact::Other) => ("other", t::plan_fact_other(lang)),
    }
}

/// The keys of the list: on to the next row, move, add, remove, take back.
fn on_key(desk: Desk, event: &KeyboardEvent) {
    use leptos::wasm_bindgen::JsCast as _;
    if !desk.book.with_untracked(|b| b.may_edit) {
        return;
    }
    if (event.ctrl_key() || event.meta_key()) && event.code() == "KeyZ" && !event.shift_key() {
        event.prevent_default();
        if desk.book.with_untracked(|b| b.undo.is_some()) {
            desk.undo();
        }
        return;
    }
    let row = event
        .target()
        .and_then(|t| t.dyn_into::<web_sys::Element>().ok())
        .and_then(|e| e.get_attribute("data-row"))
        .and_then(|r| r.parse().ok())
        .map(RowId);
    let Some(row) = row else {
        return;
    };
    let down = event.key() == "ArrowDown";
    match event.key().as_str() {
        "ArrowUp" | "ArrowDown" if event.alt_key() => desk.step(row, down),
        "ArrowUp" | "ArrowDown" => {
            let next = desk.book.with_untracked(|b| {
                let at = b.plan.place(row)?;
                let to = if down {
                    at.checked_add(1)
                } else {
                    at.checked_sub(1)
                };
                b.plan.rows.get(to?).map(|r| r.id)
            });
            if let Some(next) = next {
                focus(next);
            }
        }
        "Insert" => desk.show(Open::New(Some(row))),
        "Delete" => desk.remove(row),
        "+" => split(desk, row),
        _ => return,
    }
    event.prevent_default();
}

/// One lesson of a row becomes a row of its own.
fn split(desk: Desk, row: RowId) {
    desk.act(Act::Split { row, hours: 1 }, move || focus(row));
}
