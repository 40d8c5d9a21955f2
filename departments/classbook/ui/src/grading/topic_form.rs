//! What a coursework is about: in the sheet that opens from its cell. Its mark is typed in the table.

use base::PupilId;
use classbook_core::grading::totals::{Column, Given, Shut, Stage, Topic, Totals};
use leptos::prelude::*;

use super::api;
use super::saving::Saving;
use crate::t;

/// The topic, and for who may edit the way to change it.
#[component]
pub fn TopicForm(
    /// The sheet; what is saved is written into it.
    totals: RwSignal<Totals>,
    /// Whose.
    pupil: PupilId,
    /// Of which coursework.
    column: Column,
) -> impl IntoView {
    let lang = kit::lang();
    let stage = column.stage;
    let now = move |t: &Totals| t.topic(pupil, stage).map(str::to_owned);
    let (load, may_edit, first) = totals.with_untracked(|t| (t.load, t.may_edit, now(t)));
    let Some(period) = stage.term() else {
        return ().into_any();
    };
    if !may_edit || column.shut == Some(Shut::Locked) {
        let topic = first.unwrap_or_else(|| t::totals_topic_none(lang).to_owned());
        return view! { <p>{t::totals_topic(lang)}": "{topic}</p> }.into_any();
    }
    let saving = Saving::new(first);
    let (text, busy, error) = (saving.text, saving.busy, saving.error);
    let save = move |event: leptos::ev::SubmitEvent| {
        let seen = totals.with_untracked(now);
        let send = |topic| api::save_topic(load, pupil, period, (seen, topic));
        saving.send(&event, send, move |topic, version| {
            totals.try_update(|t| put(t, (pupil, stage), topic, version));
        });
    };
    view! {
        <form class="stack stack-s" on:submit=save novalidate>
            <div class="field">
                <label for="tm-topic">{t::totals_topic(lang)}</label>
                <textarea id="tm-topic" rows="2" maxlength="300" prop:value=text aria-describedby="tm-topic-hint tm-topic-err"
                    on:input=move |e| text.set(event_target_value(&e))></textarea>
                <p class="field-hint" id="tm-topic-hint">{t::totals_topic_hint(lang)}</p>
                <kit::FieldErrorText error=error field="topic" id="tm-topic-err"/>
            </div>
            <kit::ErrorBanner error=saving.other()/>
            <div class="cluster">
                <button class="btn" type="submit" aria-busy=move || busy.get().to_string()>{t::totals_topic_save(lang)}</button>
                {saving.said(t::totals_topic_saved(lang))}
            </div>
        </form>
    }
    .into_any()
}

/// Writes a saved topic into the sheet, with the version that its mark goes on from.
fn put(totals: &mut Totals, (pupil, stage): (PupilId, Stage), topic: Option<String>, version: i32) {
    totals.topics.retain(|t| (t.pupil, t.stage) != (pupil, stage));
    totals
        .topics
        .extend(topic.map(|topic| Topic { pupil, stage, topic }));
    let place = totals
        .given
        .iter_mut()
        .find(|g| (g.pupil, g.stage) == (pupil, stage));
    match place {
        Some(given) => given.version = version,
        None => totals.given.push(Given {
            pupil,
            stage,
            code: None,
            reason: None,
            version,
        }),
    }
}
