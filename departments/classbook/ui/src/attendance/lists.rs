//! What is open, and what was set.

use base::Lang;
use classbook_core::attendance::{Act, Open, Sheet};
use leptos::prelude::*;

use super::class_page::{Page, days};
use crate::t;

/// Absences whose reason is open, the oldest term first; each with its ways on.
pub(super) fn open(page: Page, sheet: &Sheet) -> AnyView {
    let lang = page.lang;
    let rows = sheet
        .open
        .iter()
        .map(|one| open_row(page, sheet, one))
        .collect_view();
    let body = if sheet.open.is_empty() {
        view! { <p class="muted">{t::attendance_all_known(lang)}</p> }.into_any()
    } else {
        view! { <ul class="list card card-flush">{rows}</ul> }.into_any()
    };
    view! {
        <section class="stack stack-s" aria-labelledby="open">
            <h2 id="open">{t::attendance_open(lang)}</h2>
            <p class="muted small">{t::attendance_open_note(lang, i64::from(sheet.reason_days))}</p>
            {body}
        </section>
    }
    .into_any()
}

fn term(one: &Open, today: chrono::NaiveDate, lang: Lang) -> AnyView {
    let (tone, words) = if one.due < today {
        let late = today.signed_duration_since(one.due).num_days();
        ("bad", t::deadline_late(lang, late))
    } else if one.due == today {
        ("warn", t::deadline_today(lang).to_owned())
    } else {
        ("info", t::attendance_left(lang, one.left))
    };
    view! { <span class="badge" data-tone=tone>{words}</span> }.into_any()
}

fn open_row(page: Page, sheet: &Sheet, one: &Open) -> AnyView {
    let lang = page.lang;
    let span = days(one.from, one.to, lang);
    let class = sheet.class;
    let month = super::month_key(sheet.month);
    let fill = |more: String| {
        format!(
            "/attendance/{class}?month={month}&pupil={}&from={}&until={}{more}#reason",
            one.pupil, one.from, one.to
        )
    };
    let label = |what: &str| format!("{what}: {}, {span}", one.name);
    let set = sheet.may_edit.then(|| {
        let words = t::attendance_choose(lang);
        view! { <a class="btn btn-small" href=fill(String::new()) aria-label=label(words)>{words}</a> }
    });
    let told = one.told.as_ref().map(|told| {
        let said = t::attendance_told(lang, &told.reason, days(told.starts_on, told.ends_on, lang));
        let way = sheet.may_edit.then(|| {
            let words = t::attendance_by_note(lang);
            let href = fill(format!("&note={}", told.note));
            view! { <a class="btn btn-small" href=href aria-label=label(words)>{words}</a> }
        });
        (view! { <br/><small class="muted">{said}</small> }, way)
    });
    let (said, by_note) = told.map_or((None, None), |(said, way)| (Some(said), Some(way)));
    let known = one.known.filter(|_| sheet.may_edit).map(|id| {
        let words = t::attendance_by_known(lang);
        view! { <button class="btn btn-small" type="button" aria-label=label(words) disabled=move || page.busy.get() on:click=move |_| page.apply(id)>{words}</button> }
    });
    view! {
        <li class="cluster">
            <span><b>{one.name.clone()}</b>" "{span.clone()}" · "{t::attendance_lessons(lang, one.lessons)}{said}</span>
            <span class="spacer"></span>
            {term(one, sheet.today, lang)}
            {known}{by_note}{set}
        </li>
    }
    .into_any()
}

/// The reasons that were set for days of the month.
pub(super) fn acts(page: Page, sheet: &Sheet) -> Option<AnyView> {
    if sheet.acts.is_empty() {
        return None;
    }
    let lang = page.lang;
    let (offset, may_edit) = (sheet.utc_offset, sheet.may_edit);
    let rows = sheet
        .acts
        .iter()
        .map(|act| act_row(page, act, offset, may_edit))
        .collect_view();
    Some(
        view! {
            <section class="stack stack-s" aria-labelledby="acts">
                <h2 id="acts">{t::attendance_acts(lang)}</h2>
                <ul class="list card card-flush">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn act_row(page: Page, act: &Act, offset: i32, may_edit: bool) -> AnyView {
    let lang = page.lang;
    let span = days(act.starts_on, act.ends_on, lang);
    let on = act.paper.on.map(|on| kit::date::full(on, lang));
    let paper = match on {
        Some(on) => t::attendance_dated(lang, on, act.paper.words(lang)),
        None => act.paper.words(lang),
    };
    let by = t::absence_by(lang, &act.by, kit::date::moment(act.at, offset, lang));
    let id = act.id;
    let undo = (may_edit && !act.withdrawn).then(|| {
        let label = format!("{}: {}, {span}", t::attendance_take_back(lang), act.name);
        view! { <button class="btn btn-small" type="button" aria-label=label disabled=move || page.busy.get() on:click=move |_| page.take_back(id)>{t::attendance_take_back(lang)}</button> }
    });
    let gone = act
        .withdrawn
        .then(|| view! { <span class="badge">{t::attendance_withdrawn(lang)}</span> });
    view! {
        <li class="cluster">
            <span>
                <b>{act.name.clone()}</b>" "{span.clone()}": "{act.title.clone()}" · "{t::attendance_lessons(lang, act.lessons)}<br/>
                <small class="muted">{paper}" · "{by}</small>
            </span>
            <span class="spacer"></span>
            {gone}{undo}
        </li>
    }
    .into_any()
}
