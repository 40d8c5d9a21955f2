//! A teacher's question for a change in a closed period, and what was answered.

use base::{AppError, Lang, LoadId, PeriodId, PupilId};
use classbook_core::grading::periods::Asked;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use crate::t;

/// What a question is about.
#[derive(Clone, Copy, Debug)]
pub enum About {
    /// A journal.
    Journal(LoadId),
    /// The reasons of absences of the class that a pupil is in and the person leads.
    Reasons(PupilId),
}

/// How the last question stands: it waits, the journal is open until, or no, with the deputy's words. Nothing where nobody asked.
fn standing(asked: &Asked, about: About, lang: Lang) -> AnyView {
    let when = |at: chrono::NaiveDateTime| {
        let (day, time) = (kit::date::day_month(at.date(), lang), kit::date::clock(at.time()));
        format!("{day}, {time}")
    };
    let (tone, words, note) = match &asked.answer {
        None => (
            "banner banner-info",
            t::periods_ask_waits(lang, when(asked.at)),
            Some(asked.text.clone()),
        ),
        Some(a) => {
            let (tone, words) = match a.until {
                Some(until) => match (asked.open, about) {
                    (true, About::Journal(_)) => ("banner banner-ok", t::periods_ask_open(lang, when(until))),
                    (true, About::Reasons(_)) => {
                        ("banner banner-ok", t::attendance_ask_open(lang, when(until)))
                    }
                    (false, About::Journal(_)) => {
                        ("banner banner-info", t::periods_ask_was_open(lang, when(until)))
                    }
                    (false, About::Reasons(_)) => (
                        "banner banner-info",
                        t::attendance_ask_was_open(lang, when(until)),
                    ),
                },
                None => ("banner banner-warn", t::periods_ask_refused(lang, &a.by)),
            };
            (tone, words, a.note.clone())
        }
    };
    view! { <div class=tone><p>{words}{note.map(|n| format!(" «{n}»"))}</p></div> }.into_any()
}

/// A line that opens into the question, and above it how the last one stands; while one waits or lets in, no other is asked.
#[component]
pub fn AskChange(
    /// What is to be changed.
    about: About,
    /// The closed period, or the one that an answer has opened.
    period: PeriodId,
    /// The last question about it. Where the page hears of the answer while it is open, this changes.
    #[prop(into)]
    asked: Signal<Option<Asked>>,
) -> impl IntoView {
    let lang = kit::lang();
    let before = asked;
    let shown = move || before.with(|b| b.as_ref().map(|a| standing(a, about, lang)));
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
            let words = text.get_untracked();
            let answer = match about {
                About::Journal(load) => api::ask_change(load, period, words).await,
                About::Reasons(pupil) => crate::attendance::ask_reasons(pupil, period, words).await,
            };
            busy.set(false);
            match answer {
                Ok(_) => asked.set(true),
                Err(e) => error.set(Some(e)),
            }
        });
    };
    let settled =
        Memo::new(move |_| before.with(|b| b.as_ref().is_none_or(|a| a.answer.is_some() && !a.open)));
    // what the server says of the question takes the place of the word that it was sent
    Effect::watch(move || before.get(), move |_, _, _| asked.set(false), false);
    let hint = match about {
        About::Journal(_) => t::periods_ask_hint(lang),
        About::Reasons(_) => t::attendance_ask_hint(lang),
    };
    // of several closed periods each has its own
    let (field, described) = (format!("pr-ask-text-{period}"), format!("pr-ask-hint-{period}"));
    let form = move || {
        let (field, described) = (field.clone(), described.clone());
        (settled.get() && !asked.get()).then(|| {
            view! {
                <details class="pr-ask">
                    <summary>{t::periods_ask(lang)}</summary>
                    <form class="stack stack-s" on:submit=send>
                        <div class="field">
                            <label for=field.clone()>{t::periods_ask_text(lang)}</label>
                            <textarea id=field rows="2" maxlength="500" prop:value=text aria-describedby=described.clone()
                                on:input=move |e| text.set(event_target_value(&e))></textarea>
                            <p class="field-hint" id=described>{hint}</p>
                        </div>
                        <kit::ErrorBanner error=error/>
                        <div><button class="btn btn-primary" type="submit" aria-busy=move || busy.get().to_string()>{t::periods_ask_send(lang)}</button></div>
                    </form>
                </details>
            }
        })
    };
    view! {
        <div class="pr-said" role="status">
            {shown}
            {move || asked.get().then(|| view! { <div class="banner banner-ok"><p>{t::periods_ask_sent(lang)}</p></div> })}
        </div>
        {form}
    }
}
