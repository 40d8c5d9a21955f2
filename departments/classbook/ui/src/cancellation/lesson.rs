//! Cancelling one lesson, in its sheet.

use base::{AppError, LessonId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::t;

/// Why the lesson does not take place; for whoever may, the way to cancel it or to take that back.
#[component]
pub(crate) fn OfLesson(
    /// Which lesson.
    lesson: LessonId,
    /// It does not take place.
    cancelled: bool,
    /// Why.
    reason: Option<String>,
    /// This person may cancel it and take that back.
    may: bool,
    /// Called when it is done.
    done: Callback<()>,
) -> impl IntoView {
    let lang = kit::lang();
    let why = RwSignal::new(String::new());
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let finish = move |answer: Result<(), AppError>| {
        busy.try_set(false);
        let good = answer.is_ok();
        error.try_set(answer.err());
        if good {
            done.run(());
        }
    };
    let cancel = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        busy.set(true);
        spawn_local(async move { finish(api::cancel(vec![lesson], why.get_untracked()).await) });
    };
    let restore = move |_| {
        busy.set(true);
        spawn_local(async move { finish(api::restore(lesson).await) });
    };
    let form = move || {
        view! {
            <details class="card">
                <summary>{t::cancellation_one(lang)}</summary>
                <form class="stack stack-s" on:submit=cancel>
                    <div class="field"><label for="cancel-why">{t::cancellation_reason(lang)}</label>
                        <input id="cancel-why" required minlength="3" maxlength="200" aria-describedby="cancel-hint" prop:value=why
                            on:input=move |e| why.set(event_target_value(&e))/>
                        <p class="field-hint" id="cancel-hint">{t::cancellation_hint(lang)}</p></div>
                    <kit::ErrorBanner error/>
                    <div><button class="btn" type="submit" disabled=busy>{t::cancellation_cancel(lang)}</button></div>
                </form>
            </details>
        }
    };
    let back = move || {
        view! {
            <kit::ErrorBanner error/>
            <div><button class="btn" type="button" disabled=busy on:click=restore>{t::cancellation_restore(lang)}</button></div>
        }
    };
    view! {
        {reason.map(|r| view! { <p>{t::cancellation_because(lang, r)}</p> })}
        {(may && cancelled).then(back)}
        {(may && !cancelled).then(form)}
    }
}
