//! `/acknowledgements/:class`: pupils × the last weeks, who has acknowledged which.

use base::{ClassId, Lang};
use chrono::NaiveDate;
use classbook_core::acknowledgement::{ClassWeeks, PupilWeeks};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api;
use crate::t;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let params = use_params_map();
    let class = move || params.read().get("class").and_then(|c| c.parse::<ClassId>().ok());
    let data = Resource::new_blocking(class, |class| async move {
        match class {
            Some(class) => api::class_weeks(class).await,
            None => crate::diary::mark_not_found(),
        }
    });
    view! {
        <Title text=t::acknowledgement_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(all) => page(&all, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn week(monday: NaiveDate, lang: Lang) -> String {
    kit::date::span(monday, kit::date::plus_days(monday, 6), lang)
}

fn page(all: &ClassWeeks, lang: Lang) -> AnyView {
    let heads = all
        .weeks
        .iter()
        .map(|monday| view! { <th scope="col">{week(*monday, lang)}</th> })
        .collect_view();
    let rows = all
        .pupils
        .iter()
        .map(|pupil| row(all, pupil, lang))
        .collect_view();
    let empty = all.weeks.is_empty() || all.pupils.is_empty();
    let body = if empty {
        view! { <kit::Empty title=t::acknowledgement_none(lang) text=t::acknowledgement_none_text(lang)/> }
            .into_any()
    } else {
        view! {
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby="weeks">
                <table class="table att">
                    <thead><tr><th scope="col">{t::journal_pupil(lang)}</th>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    let back = format!("/attendance/{}", all.class);
    view! {
        <div class="page page-wide stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)><a href=back>{t::attendance_of(lang, &all.name)}</a><span>{t::acknowledgement_title(lang)}</span></nav>
            <div class="page-head">
                <h1 id="weeks">{t::acknowledgement_of(lang, &all.name)}</h1>
                <p class="page-note">{t::acknowledgement_note(lang)}</p>
            </div>
            {body}
        </div>
    }
    .into_any()
}

fn row(all: &ClassWeeks, pupil: &PupilWeeks, lang: Lang) -> AnyView {
    let cells = all
        .weeks
        .iter()
        .map(|monday| {
            let signed = pupil
                .signed
                .iter()
                .filter(|w| w.monday == *monday)
                .map(|w| {
                    let when = kit::date::moment(w.signed.at, all.utc_offset, lang);
                    let changed = w.signed.changed.then(|| {
                        view! { <br/><span class="badge" data-tone="warn">{t::acknowledgement_changed(lang)}</span> }
                    });
                    view! { <p class="small">{w.signed.name.clone()}<br/><span class="muted">{when}</span>{changed}</p> }
                })
                .collect_view();
            let none = !pupil.signed.iter().any(|w| w.monday == *monday);
            let none = none.then(|| {
                view! { <span class="muted" aria-hidden="true">"—"</span><span class="visually-hidden">{t::acknowledgement_not_yet(lang)}</span> }
            });
            view! { <td>{signed}{none}</td> }
        })
        .collect_view();
    view! { <tr><th scope="row">{pupil.name.clone()}</th>{cells}</tr> }.into_any()
}
