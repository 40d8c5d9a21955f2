//! Before a change takes bells away from lessons that are placed: which they are, and whether it is meant.

use leptos::html;
use leptos::prelude::*;
use study_core::bells::words;

use super::desk::{Asked, Desk};
use crate::t;

/// So many hours are told one by one.
const LISTED: usize = 30;

/// Draws the question; it opens when there is something to ask.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let node = NodeRef::<html::Dialog>::new();
    let stay = NodeRef::<html::Button>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        let is_asked = desk.asked.with(Option::is_some);
        if is_asked && !dialog.open() {
            let _ = dialog.show_modal();
            if let Some(button) = stay.get_untracked() {
                let _ = button.focus();
            }
        } else if !is_asked && dialog.open() {
            dialog.close();
        }
    });
    let go = move |_| {
        if let Some((lost, _)) = desk.asked.get_untracked() {
            desk.save(lost);
        }
    };
    view! {
        <dialog class="sheet" node_ref=node on:close=move |_| desk.asked.set(None) aria-labelledby="bells-asked" aria-describedby="bells-asked-text">
            <div class="sheet-head"><h2 id="bells-asked">{t::bells_asked(lang)}</h2></div>
            <div class="sheet-body stack">
                {move || desk.asked.get().map(|asked| lines(desk, &asked))}
                <p id="bells-asked-text">{t::bells_asked_text(lang)}</p>
                <div class="cluster">
                    <button class="btn btn-primary" type="button" node_ref=stay on:click=move |_| desk.asked.set(None)>{t::bells_asked_back(lang)}</button>
                    <button class="btn" type="button" on:click=go>{t::bells_asked_save(lang)}</button>
                </div>
            </div>
        </dialog>
    }
    .into_any()
}

fn lines(desk: Desk, (lost, titles): &Asked) -> AnyView {
    let lang = desk.lang;
    // one version needs no name
    let title = |id| {
        let found = titles.iter().find(|(of, _)| *of == id);
        found
            .filter(|_| titles.len() > 1)
            .map(|(_, title)| title.as_str())
    };
    let line = |one: &study_core::bells::Lost| {
        let words = words::lost(lang, one, title(one.version));
        view! { <li>{words}</li> }
    };
    let shown = lost.iter().take(LISTED).map(line).collect_view();
    let rest = lost.len().checked_sub(LISTED).filter(|n| *n > 0);
    view! {
        <ul class="tt-problems">{shown}</ul>
        {rest.map(|n| view! { <p class="muted small">{t::review_more(lang, i64::try_from(n).unwrap_or(0))}</p> })}
    }
    .into_any()
}
