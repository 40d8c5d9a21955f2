//! The format of one lesson, in its sheet.

use base::{AppError, LessonId};
use classbook_core::distance::{Format, Meeting, OfLesson as Found};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::line::words;
use crate::t;

/// What it is, and a form to set it.
#[component]
pub(crate) fn OfLesson(
    /// Of which lesson.
    lesson: LessonId,
) -> impl IntoView {
    let lang = kit::lang();
    let found = RwSignal::new(None::<Found>);
    let load = move || {
        spawn_local(async move {
            // without a network there is nothing to show or to change
            if let Ok(f) = api::lesson(lesson).await {
                found.try_set(Some(f));
            }
        });
    };
    Effect::new(move |_| load());
    view! {
        <section class="stack stack-s" aria-labelledby="lesson-format">
            <h3 id="lesson-format">{t::distance_title(lang)}</h3>
            {move || found.get().map(|f| {
                let now = f.own.as_ref().or(f.class.as_ref());
                let format = now.map_or(Format::InPerson, |m| m.format);
                let by_class = (f.own.is_none() && f.class.is_some()).then(|| t::distance_by_class(lang));
                let line = now.and_then(|m| super::line(m, "", lang));
                view! {
                    {line.or_else(|| Some(view! { <p>{words(format, lang)}</p> }.into_any()))}
                    {by_class.map(|w| view! { <p class="small muted">{w}</p> })}
                    {f.may_edit.then(|| view! { <details class="card"><summary>{t::distance_change(lang)}</summary><Form lesson found=f.clone() done=Callback::new(move |()| load())/></details> })}
                }
            })}
        </section>
    }
}

#[component]
fn Form(lesson: LessonId, found: Found, done: Callback<()>) -> impl IntoView {
    let lang = kit::lang();
    let own = found.own.clone();
    let now = found.own.or(found.class);
    let format = RwSignal::new(now.as_ref().map_or(Format::InPerson, |m| m.format));
    let platform = RwSignal::new(now.as_ref().and_then(|m| m.platform.clone()).unwrap_or_default());
    let at = RwSignal::new(
        now.as_ref()
            .and_then(|m| m.starts_at)
            .map(kit::date::clock)
            .unwrap_or_default(),
    );
    let link = RwSignal::new(now.and_then(|m| m.link).unwrap_or_default());
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let set = move |meeting: Option<Meeting>| {
        busy.set(true);
        spawn_local(async move {
            let answer = api::set_lesson(lesson, meeting).await;
            busy.try_set(false);
            let good = answer.is_ok();
            error.try_set(answer.err());
            if good {
                done.run(());
            }
        });
    };
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let text = |s: RwSignal<String>| Some(s.get_untracked().trim().to_owned()).filter(|t| !t.is_empty());
        let starts_at = text(at).and_then(|t| {
            let padded = if t.len() == 5 { format!("{t}:00") } else { t };
            padded.parse().ok()
        });
        set(Some(Meeting {
            format: format.get_untracked(),
            platform: text(platform),
            starts_at,
            link: text(link),
        }));
    };
    let options = Format::ALL.into_iter().map(|f| {
        view! { <option value=f.key() selected=move || format.get() == f>{words(f, lang)}</option> }
    });
    view! {
        <form class="stack stack-s" on:submit=save>
            <div class="field"><label for="format-how">{t::distance_format(lang)}</label>
                <select id="format-how" class="select" on:change={move |e| if let Some(f) = Format::from_key(&event_target_value(&e)) { format.set(f) }}>{options.collect_view()}</select></div>
            <div class="field-row">
                <div class="field"><label for="format-where">{t::distance_platform(lang)}</label>
                    <input id="format-where" maxlength="80" prop:value=platform on:input=move |e| platform.set(event_target_value(&e))/></div>
                <div class="field"><label for="format-when">{t::distance_at(lang)}</label>
                    <input id="format-when" type="time" prop:value=at on:input=move |e| at.set(event_target_value(&e))/></div>
            </div>
            <div class="field"><label for="format-link">{t::distance_link(lang)}</label>
                <input id="format-link" type="url" inputmode="url" placeholder="https://" maxlength="1000" prop:value=link on:input=move |e| link.set(event_target_value(&e))/></div>
            <kit::ErrorBanner error/>
            <div class="cluster">
                <button class="btn" type="submit" disabled=busy>{t::distance_save(lang)}</button>
                {own.map(|_| view! { <button class="btn btn-quiet" type="button" disabled=busy on:click=move |_| set(None)>{t::distance_as_class(lang)}</button> })}
            </div>
        </form>
    }
}
