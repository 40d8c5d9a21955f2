//! «Темы»: what the lessons of a subject were about and will be, asked for when it is opened.

use base::{Lang, PeriodId, PupilId, SubjectId};
use classbook_core::diary::Topic;
use leptos::prelude::*;

use super::api;
use crate::t;

/// The closed list under a subject.
pub fn topics(pupil: PupilId, subject: SubjectId, period: PeriodId, lang: Lang) -> AnyView {
    let opened = RwSignal::new(false);
    view! {
        <details class="what-if">
            <summary on:click=move |_| opened.set(true)>{t::diary_topics(lang)}</summary>
            {move || opened.get().then(|| list(pupil, subject, period, lang))}
        </details>
    }
    .into_any()
}

fn list(pupil: PupilId, subject: SubjectId, period: PeriodId, lang: Lang) -> AnyView {
    let data = LocalResource::new(move || api::topics(pupil, subject, period));
    let rows = move || {
        Suspend::new(async move {
            match data.await {
                Ok(all) if all.is_empty() => {
                    view! { <p class="small muted">{t::diary_topics_none(lang)}</p> }.into_any()
                }
                Ok(all) => {
                    let rows = all.into_iter().map(|one| row(one, lang)).collect_view();
                    view! { <ol class="topics">{rows}</ol> }.into_any()
                }
                Err(error) => view! { <p class="small muted">{error.message(lang)}</p> }.into_any(),
            }
        })
    };
    view! { <Suspense fallback=|| view! { <div class="skeleton skeleton-line"></div> }>{rows}</Suspense> }
        .into_any()
}

fn row(one: Topic, lang: Lang) -> impl IntoView {
    let planned = one
        .planned
        .then(|| view! { " "<span class="badge">{t::diary_topic_planned(lang)}</span> });
    view! {
        <li><small class="muted">{kit::date::day_month(one.date, lang)}</small>" "{one.topic}{planned}</li>
    }
}
