//! `/timetable/bells`: all bell schedules of the school.

use base::{AppError, BellsId, Lang};
use leptos::prelude::*;
use leptos_meta::Title;
use study_core::bells::{Sheet, words};

use super::desk::{Desk, bare};
use super::{api, asking, form, schedule};
use crate::leaving::{Guarded, guard};
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let data: Resource<Result<Sheet, AppError>> = Resource::new_blocking(|| (), |()| api::sheet());
    let lang = kit::lang();
    view! {
        <Title text=t::bells_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(sheet) => page(sheet, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn page(sheet: Sheet, lang: Lang) -> AnyView {
    let year = sheet.year.clone();
    let desk = Desk::new(sheet, lang);
    let may_edit = desk.may_edit();
    let add = move || {
        (may_edit && year.is_some()).then(|| {
            view! {
                <button class="btn" type="button" disabled=move || desk.form.with(Option::is_some) || desk.busy.get() on:click=move |_| desk.begin()>
                    <kit::Icon name="plus"/>{t::bells_new(lang)}</button>
            }
        })
    };
    // what is typed draws neither anew
    let new = Memo::new(move |_| desk.is_open(None));
    let shut = Memo::new(move |_| desk.form.with(Option::is_none));
    let none = move || {
        let empty = desk.sheet.with(|s| s.schedules.is_empty()) && !new.get();
        let text = match (may_edit, desk.sheet.with(|s| s.year.is_some())) {
            (true, true) => t::bells_empty_text(lang),
            (true, false) => t::bells_no_year_text(lang),
            (false, _) => t::bells_empty_read(lang),
        };
        empty.then(|| view! { <kit::Empty title=t::bells_empty(lang) text=text/> })
    };
    let ids = move || {
        desk.sheet
            .with(|s| s.schedules.iter().map(|s| s.id).collect::<Vec<_>>())
    };
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::requirement_path(lang)><a href="/timetable">{t::versions_title(lang)}</a><span>{t::bells_title(lang)}</span></nav>
            <div class="page-head"><h1>{t::bells_title(lang)}</h1><div class="page-actions">{add()}</div></div>
            <p class="muted">{if may_edit { t::bells_note(lang) } else { t::bells_note_read(lang) }}</p>
            {without(desk)}
            {none}
            {move || shut.get().then(|| view! { <kit::ErrorBanner error=desk.error/> })}
            {move || new.get().then(|| form::draw(desk))}
            <For each=ids key=|id| *id let:id>{one(desk, id)}</For>
            {may_edit.then(|| view! { {asking::draw(desk)} {guard(guarded(desk), lang)} })}
            <div class="toasts" role="status" aria-live="polite">
                {move || desk.said.get().map(|said| view! { <div class="toast" data-tone="ok">{said}</div> })}
            </div>
        </div>
    }
    .into_any()
}

/// A schedule: read, or its form.
fn one(desk: Desk, id: BellsId) -> AnyView {
    let is_open = Memo::new(move |_| desk.is_open(Some(id)));
    (move || {
        if is_open.get() {
            form::draw(desk)
        } else {
            schedule::draw(desk, id)
        }
    })
    .into_any()
}

/// Grades that have no bells.
fn without(desk: Desk) -> AnyView {
    let lang = desk.lang;
    (move || {
        let list = desk.sheet.with(|s| {
            let list = bare(s);
            let some = !s.schedules.is_empty() && !list.is_empty();
            some.then(|| words::grades(lang, s.org, &list))
        });
        list.map(|who| view! { <div class="banner banner-info"><p>{t::bells_bare(lang, who)}</p></div> })
    })
    .into_any()
}

/// What is filled in would be lost.
fn guarded(desk: Desk) -> Guarded {
    Guarded {
        here: "/timetable/bells",
        unsaved: Signal::derive(move || desk.has_unsaved()),
        give_up: Callback::new(move |()| desk.give_up()),
        title: t::bells_unsaved_title(desk.lang),
        text: t::bells_unsaved_text(desk.lang),
    }
}
