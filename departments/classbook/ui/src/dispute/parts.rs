//! Parts that the journal draws too: what waits, and the threads beside a mark.

use base::{AppError, AssignmentId, Lang, PupilId};
use chrono::NaiveDate;
use classbook_core::dispute::{About, Dispute, Message, OfMark, State, TEXT};
use leptos::form::ActionForm;
use leptos::html;
use leptos::prelude::*;

use super::api::{SayIn, of_mark, waiting};
use crate::t;

/// How a thread stands, as a badge: a word, and a tone beside it.
pub fn badge(state: State, overdue: bool, lang: Lang) -> impl IntoView {
    let (tone, word) = match (state, overdue) {
        (State::Open, true) => ("bad", t::dispute_state_overdue(lang)),
        (State::Open, false) => ("warn", t::dispute_state_open(lang)),
        (State::Answered, _) => ("ok", t::dispute_state_answered(lang)),
        (State::Closed, _) => ("", t::dispute_state_closed(lang)),
    };
    view! { <span class="badge" data-tone=(!tone.is_empty()).then_some(tone)>{word}</span> }
}

/// «ответить до 20 ноября».
pub fn term(due: NaiveDate, overdue: bool, lang: Lang) -> String {
    let date = kit::date::day_month(due, lang);
    if overdue {
        t::dispute_was_due(lang, date)
    } else {
        t::dispute_due(lang, date)
    }
}

/// What was said, from the first to the last.
pub fn messages(all: Vec<Message>, offset: i32, lang: Lang) -> AnyView {
    let items = all
        .into_iter()
        .map(|m| {
            let side = if m.by_family {
                t::dispute_family(lang)
            } else {
                t::dispute_school(lang)
            };
            view! {
                <li class="message" data-side=if m.by_family { "family" } else { "school" }>
                    <p class="message-head"><b>{m.by}</b>" "<small class="muted">{side}", "{kit::date::moment(m.at, offset, lang)}</small></p>
                    <p class="message-text">{m.text}</p>
                </li>
            }
        })
        .collect_view();
    view! { <ol class="messages" aria-label=t::dispute_thread(lang)>{items}</ol> }.into_any()
}

/// The field of a message and its button.
pub fn field(
    id: String,
    label: &'static str,
    pending: Signal<bool>,
    lang: Lang,
    node: NodeRef<html::Textarea>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <textarea id=id node_ref=node name="text" rows="4" required maxlength=TEXT.to_string()></textarea>
        </div>
        <button class="btn btn-primary" type="submit" disabled=pending>
            {move || if pending.get() { t::dispute_sending(lang) } else { t::dispute_send(lang) }}
        </button>
    }
}

/// How many questions wait for my answer, above a list of journals; nothing while none does.
#[component]
pub fn WaitingBanner() -> impl IntoView {
    let lang = kit::lang();
    let data = Resource::new_blocking(|| (), |()| waiting());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let waiting = data.await.ok().filter(|w| w.open > 0)?;
                let tone = if waiting.overdue > 0 { "banner banner-warn" } else { "banner banner-info" };
                let overdue = (waiting.overdue > 0).then(|| format!("; {}", t::dispute_waiting_overdue(lang, waiting.overdue)));
                Some(view! {
                    <div class=tone role="status">
                        <p><b>{t::dispute_waiting(lang, waiting.open)}</b>{overdue}</p>
                        <a class="btn btn-small" href="/disputes">{t::dispute_waiting_open(lang)}</a>
                    </div>
                })
            })}
        </Suspense>
    }
}

/// The threads of a mark in its sheet in the journal, with the answer; nothing where nobody asked.
#[component]
pub fn BesideMark(
    /// Whose mark.
    pupil: PupilId,
    /// What for.
    assignment: AssignmentId,
) -> impl IntoView {
    let lang = kit::lang();
    let say = ServerAction::<SayIn>::new();
    let said = say.version();
    let data = LocalResource::new(move || {
        said.track();
        of_mark(pupil, assignment)
    });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                // no mark yet, no network: the sheet stays what it is
                let of: OfMark = data.await.ok().filter(|of| !of.disputes.is_empty())?;
                let (today, offset) = (of.today, of.utc_offset);
                let href = About::Work(assignment).href(of.pupil);
                let latest = of.disputes.into_iter().next()?;
                Some(view! {
                    <section class="stack stack-s" aria-labelledby="cell-dispute">
                        <h3 id="cell-dispute">{t::dispute_in_sheet(lang)}</h3>
                        {thread(latest, today, offset, lang)(say, t::dispute_answer(lang))}
                        <p><a href=href>{t::dispute_in_sheet_open(lang)}</a></p>
                    </section>
                })
            })}
        </Suspense>
    }
}

/// A thread, and under it the field to write in, where the actor may.
pub fn thread(
    one: Dispute,
    today: NaiveDate,
    offset: i32,
    lang: Lang,
) -> impl FnOnce(ServerAction<SayIn>, &'static str) -> AnyView {
    move |say, label| {
        let overdue = one.state == State::Open && one.due_on < today;
        let error = Signal::derive(move || -> Option<AppError> { say.value().get().and_then(Result::err) });
        let pending = say.pending();
        let due = (one.state == State::Open).then(|| term(one.due_on, overdue, lang));
        let id = one.id;
        let written = NodeRef::<html::Textarea>::new();
        // what is sent stands in the thread; left in the field as well it would be sent twice
        Effect::new(move || {
            if say.value().with(|v| matches!(v, Some(Ok(_))))
                && let Some(field) = written.get_untracked()
            {
                field.set_value("");
            }
        });
        let form = one.may_say.then(|| {
            view! {
                <kit::ErrorBanner error/>
                <ActionForm action=say>
                    <input type="hidden" name="dispute" value=id.to_string()/>
                    <div class="stack stack-s">{field(format!("say-{id}"), label, pending.into(), lang, written)}</div>
                </ActionForm>
            }
        });
        view! {
            <p class="cluster">{badge(one.state, overdue, lang)}<span class="muted small">{due}</span></p>
            {messages(one.messages, offset, lang)}
            {form}
        }
        .into_any()
    }
}
