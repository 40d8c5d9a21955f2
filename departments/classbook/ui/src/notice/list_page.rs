//! `/notices`: what I am told. Opening the list reads it; what was new stays marked until the next visit.

use base::{AppError, Lang};
use classbook_core::notice::{Notice, Notices, said};
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{notices, seen};
use crate::t;

/// Draws the page. The data are asked for in here, so that they lie in the chunk of the page.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let data = Resource::new_blocking(|| (), |()| notices());
    // in the browser alone: what was drawn has been seen
    Effect::new(move || {
        let latest = data.with(|all| {
            let all = all.as_ref()?.as_ref().ok()?;
            all.notices.iter().filter(|n| n.unread).map(|n| n.id).max()
        });
        if let Some(latest) = latest {
            leptos::task::spawn_local(async move {
                // not heard: it is new again next time
                let _ = seen(latest).await;
            });
        }
    });
    view! {
        <Title text=t::notice_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(all) => page(all, lang),
                    Err(error) => error_page(error),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn error_page(error: AppError) -> AnyView {
    view! { <kit::LoadError error/> }.into_any()
}

fn page(all: Notices, lang: Lang) -> AnyView {
    let (several, offset) = (all.several, all.utc_offset);
    let list = if all.notices.is_empty() {
        let text = match all.own {
            true => t::notice_none_own(lang),
            false => t::notice_none_text(lang),
        };
        view! { <kit::Empty title=t::notice_none(lang) text icon="bell"/> }.into_any()
    } else {
        let rows = all
            .notices
            .into_iter()
            .map(|one| row(one, several, offset, lang))
            .collect_view();
        view! { <ul class="list card card-flush">{rows}</ul> }.into_any()
    };
    view! {
        <div class="page page-narrow stack">
            <div class="page-head">
                <h1>{t::notice_title(lang)}</h1>
                <div class="page-actions"><a class="btn" href="/notices/settings">{t::notice_settings(lang)}</a></div>
            </div>
            {list}
        </div>
    }
    .into_any()
}

fn row(one: Notice, several: bool, offset: i32, lang: Lang) -> impl IntoView {
    let mut notes = Vec::new();
    notes.extend(several.then(|| one.child.clone()));
    notes.extend(one.subject.clone());
    // several days are said in the words
    notes.extend(
        one.date
            .filter(|_| one.until.is_none())
            .map(|date| t::notice_lesson_of(lang, kit::date::day_month(date, lang))),
    );
    notes.push(kit::date::moment(one.at, offset, lang));
    let href = one.href();
    // a family's diary is a document
    let rel = href.starts_with("/diary").then_some("external");
    let badge = one
        .unread
        .then(|| view! { <span class="badge" data-tone="accent">{t::notice_new(lang)}</span> });
    view! {
        <li>
            <a class="list-link" href=href rel=rel>
                <span><b>{said(&one, lang)}</b><br/><small class="muted">{notes.join(" · ")}</small></span>
                <span class="spacer"></span>
                {badge}
            </a>
        </li>
    }
}
