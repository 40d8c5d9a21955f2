//! `/timetable/requirements`: requirements and wishes. `?part=` names a part, `?of=` whom it begins with.

use base::{AppError, Lang};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use study_core::requirement::{Sheet, Weight, words};

use super::api;
use super::desk::Desk;
use super::parts::Part;
use crate::leaving::{Guarded, guard};
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data: Resource<Result<Sheet, AppError>> = Resource::new_blocking(|| (), |()| api::sheet());
    let lang = kit::lang();
    let query = use_query_map();
    let part = Memo::new(move |_| {
        let asked = query.read().get("part");
        let known = Part::ALL.into_iter().find(|p| Some(p.key()) == asked.as_deref());
        known.unwrap_or(Part::Teachers)
    });
    let of = Memo::new(move |_| query.read().get("of"));
    view! {
        <Title text=t::requirement_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(sheet) => page(sheet, part, of, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn page(sheet: Sheet, part: Memo<Part>, of: Memo<Option<String>>, lang: Lang) -> AnyView {
    let year = sheet.year.clone();
    let desk = Desk::new(sheet, lang);
    let tabs = Part::ALL.into_iter().map(|p| {
        let current = move || (part.get() == p).then_some("page");
        view! { <a href=format!("/timetable/requirements?part={}", p.key()) aria-current=current>{p.title(lang)}</a> }
    });
    let head = view! {
        <nav class="crumbs" aria-label=t::requirement_path(lang)><a href="/timetable">{t::versions_title(lang)}</a><span>{t::requirement_title(lang)}</span></nav>
        <div class="page-head"><h1>{t::requirement_title(lang)}</h1></div>
        <p class="muted">{if desk.may_edit() { t::requirement_note(lang) } else { t::requirement_note_read(lang) }}</p>
    };
    if year.is_none() {
        return view! {
            <div class="page stack">{head}<kit::Empty title=t::requirement_no_year(lang) text=t::requirement_no_year_text(lang)/></div>
        }
        .into_any();
    }
    view! {
        <div class="page stack">
            {head}
            {meanings(lang)}
            <nav class="tabs" aria-label=t::requirement_parts(lang)>{tabs.collect_view()}</nav>
            {move || part.get().draw(desk, of.get_untracked().as_deref())}
            {desk.may_edit().then(|| guard(guarded(desk), lang))}
            <div class="toasts" role="status" aria-live="polite">
                {move || desk.said.get().map(|said| view! { <div class="toast" data-tone="ok">{said}</div> })}
            </div>
        </div>
    }
    .into_any()
}

/// What is painted or filled in would be lost.
fn guarded(desk: Desk) -> Guarded {
    Guarded {
        here: "/timetable/requirements",
        unsaved: Signal::derive(move || desk.has_unsaved()),
        give_up: Callback::new(move |()| desk.give_up_all()),
        title: t::requirement_unsaved_title(desk.lang),
        text: t::requirement_unsaved_text(desk.lang),
    }
}

/// What each word means, in one sentence.
fn meanings(lang: Lang) -> AnyView {
    let line = |weight: Weight| {
        view! { <dt>{words::weight(lang, weight)}</dt><dd>{words::meaning(lang, weight)}</dd> }
    };
    view! {
        <details class="card" open>
            <summary><b>{t::requirement_weights(lang)}</b></summary>
            <dl class="facts rq-meanings">{Weight::ALL.map(line).into_iter().collect_view()}</dl>
        </details>
    }
    .into_any()
}
