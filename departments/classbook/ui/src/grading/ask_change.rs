//! A teacher's question for a change in a closed period.

use base::{AppError, LoadId, PeriodId};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::t;

/// A line that opens into the question; what became of it is told in its place.
#[component]
pub fn AskChange(
    /// The journal.
    load: LoadId,
    /// The closed period.
    period: PeriodId,
) -> impl IntoView {
    let lang = kit::lang();
    let text = RwSignal::new(String::new());
    let (asked, busy, error) = (
        RwSignal::new(false),
        RwSignal::new(false),
        RwSignal::new(None::<AppError>),
    );
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let answer = api::ask_change(load, period, text.get_untracked()).await;
            busy.set(false);
            match answer {
                Ok(_) => asked.set(true),
                Err(e) => error.set(Some(e)),
            }
        });
    };
    let form = move || {
        (!asked.get()).then(|| {
            view! {
                <details class="pr-ask">
                    <summary>{t::periods_ask(lang)}</summary>
                    <form class="stack stack-s" on:submit=send>
                        <div class="field">
                            <label for="pr-ask-text">{t::periods_ask_text(lang)}</label>
                            <textarea id="pr-ask-text" rows="2" maxlength="500" prop:value=text aria-describedby="pr-ask-hint"
                                on:input=move |e| text.set(event_target_value(&e))></textarea>
                            <p class="field-hint" id="pr-ask-hint">{t::periods_ask_hint(lang)}</p>
                        </div>
                        <kit::ErrorBanner error=error/>
                        <div><button class="btn btn-primary" type="submit" aria-busy=move || busy.get().to_string()>{t::periods_ask_send(lang)}</button></div>
                    </form>
                </details>
            }
        })
    };
    view! {
        {form}
        <div role="status">{move || asked.get().then(|| view! { <div class="banner banner-ok"><p>{t::periods_ask_sent(lang)}</p></div> })}</div>
    }
}
