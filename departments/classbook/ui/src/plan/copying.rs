//! The plan to other classes of the grade: each by itself, so that one that somebody is changing keeps none of the others waiting.

use std::collections::BTreeSet;

use base::{AppError, LoadId};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::desk::{Desk, Open};
use super::row_sheet::show;
use crate::t;

/// The sheet.
#[component]
pub fn CopySheet(
    /// The page.
    desk: Desk,
) -> impl IntoView {
    let lang = desk.lang;
    let dialog = NodeRef::<html::Dialog>::new();
    let open = Memo::new(move |_| desk.open.get() == Some(Open::Copy));
    Effect::new(move || show(dialog, open.get()));
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="plan-copy-title" on:close=move |_| if open.get_untracked() { desk.close(None); }>
            <div class="sheet-head">
                <h2 id="plan-copy-title">{t::plan_copy_title(lang)}</h2>
                <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| desk.close(None)><kit::Icon name="cross"/></button>
            </div>
            <div class="sheet-body">{move || open.get().then(|| body(desk))}</div>
        </dialog>
    }
}

fn body(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let chosen = RwSignal::new(BTreeSet::<LoadId>::new());
    let done = RwSignal::new(Vec::<(String, Result<(), AppError>)>::new());
    let busy = RwSignal::new(false);
    let parallels = desk.book.with_untracked(|b| b.parallels.clone());
    let rows = parallels
        .iter()
        .map(|p| {
            let load = p.load;
            let there = if p.rows > 0 { t::plan_copy_over(lang, p.rows) } else { t::plan_copy_empty(lang).to_owned() };
            let choose = move |e: web_sys::Event| {
                let on = event_target_checked(&e);
                chosen.update(|c| {
                    if on {
                        c.insert(load);
                    } else {
                        c.remove(&load);
                    }
                });
            };
            view! {
                <li><label class="check"><input type="checkbox" prop:checked=move || chosen.with(|c| c.contains(&load)) on:change=choose/>
                    <span><b>{p.audience.clone()}</b>" "<small class="muted">{there}</small></span></label></li>
            }
        })
        .collect_view();
    let copy = move |_| {
        let wanted = chosen.get_untracked();
        let targets: Vec<_> = desk.book.with_untracked(|b| {
            let all = b.parallels.iter().filter(|p| wanted.contains(&p.load));
            all.cloned().collect()
        });
        let from = desk.book.with_untracked(|b| b.load);
        busy.set(true);
        done.set(vec![]);
        spawn_local(async move {
            for target in targets {
                let answer = api::copy(from, target.load, target.revision).await;
                done.update(|d| d.push((target.audience, answer)));
            }
            // rows and revisions of the others are new
            if let Ok(book) = api::book(from).await {
                desk.book.set(book);
            }
            chosen.set(BTreeSet::new());
            busy.set(false);
        });
    };
    let outcome = move || {
        done.get()
            .into_iter()
            .map(|(audience, answer)| match answer {
                Ok(()) => {
                    view! { <p class="banner banner-ok">{t::plan_copied(lang, audience)}</p> }.into_any()
                }
                Err(error) => {
                    view! { <p class="banner banner-error">{audience}": "{error.message(lang)}</p> }
                        .into_any()
                }
            })
            .collect_view()
    };
    view! {
        <div class="stack">
            <p class="muted">{t::plan_copy_note(lang)}</p>
            <ul class="stack stack-s plan-preview">{rows}</ul>
            <div role="status" class="stack stack-s">{outcome}</div>
            <button class="btn btn-primary" type="button" aria-busy=move || busy.get().to_string()
                disabled=move || busy.get() || chosen.with(BTreeSet::is_empty) on:click=copy>{t::plan_copy_do(lang)}</button>
        </div>
    }
    .into_any()
}
