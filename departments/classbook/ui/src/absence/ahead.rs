//! Who will not come, above a list of journals.

use base::Lang;
use classbook_core::absence::Ahead;
use leptos::prelude::*;

use super::api::absences_ahead;
use crate::t;

/// The section; nothing while nobody has told.
#[component]
pub fn AheadSection() -> impl IntoView {
    let lang = kit::lang();
    let data = Resource::new_blocking(|| (), |()| absences_ahead());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let ahead = data.await.ok().filter(|ahead| !ahead.is_empty())?;
                let rows = ahead.into_iter().map(|one| row(one, lang)).collect_view();
                Some(view! {
                    <section class="stack">
                        <h2>{t::absence_ahead(lang)}</h2>
                        <ul class="list card card-flush">{rows}</ul>
                    </section>
                })
            })}
        </Suspense>
    }
}

fn row(one: Ahead, lang: Lang) -> impl IntoView {
    let span = kit::date::span(one.starts_on, one.ends_on, lang);
    let span = if one.starts_on == one.ends_on {
        kit::date::day_month(one.starts_on, lang)
    } else {
        span
    };
    // the class teacher and the deputies read why, and may open the child's notes
    let (name, class) = (one.name, one.class);
    let who = view! { <b>{name}</b>" "<small class="muted">{class}</small> };
    match one.reason {
        Some(reason) => view! {
            <li><a class="list-link" href=format!("/absences/{}", one.pupil)>
                <span>{who}<br/><small class="muted">{reason}</small></span>
                <span class="spacer"></span><span class="muted small nowrap">{span}</span>
            </a></li>
        }
        .into_any(),
        None => view! {
            <li class="cluster"><span>{who}</span><span class="spacer"></span><span class="muted small nowrap">{span}</span></li>
        }
        .into_any(),
    }
}
