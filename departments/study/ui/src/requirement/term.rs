//! From when to when hours are closed: always, or for a time that ends by itself. Each term is a week of its own.

use chrono::NaiveDate;
use leptos::prelude::*;
use study_core::requirement::{Hours, Term, words};

use super::desk::Desk;
use crate::t;

/// Draws the choice: the terms of which something is said, and a new one. Who may only read looks through what there is.
pub(super) fn choice(desk: Desk, hours: Memo<Hours>) -> AnyView {
    let lang = desk.lang;
    let today = desk.sheet.with_untracked(|s| s.today);
    let terms = Memo::new(move |_| {
        let mut terms = hours.with(Hours::terms);
        terms.extend([Term::ALWAYS, desk.term.get()]);
        terms.sort_unstable();
        terms.dedup();
        terms
    });
    let one = move |of: Term| {
        let over = of.to.is_some_and(|to| to < today);
        let title = words::term(lang, of).unwrap_or_else(|| t::requirement_term_always(lang).to_owned());
        let title = if over {
            format!("{title} ({})", t::requirement_term_over(lang))
        } else {
            title
        };
        view! {
            <button class="btn btn-small" type="button" aria-pressed=move || (desk.term.get() == of).to_string()
                on:click=move |_| desk.term.set(of)>{title}</button>
        }
    };
    let edits = desk.may_edit();
    let alone = move || !edits && terms.with(|all| all.len() < 2);
    view! {
        <div class="rq-terms" role="group" aria-label=t::requirement_term(lang) hidden=alone>
            <span class="small muted" aria-hidden="true">{t::requirement_term(lang)}</span>
            <For each=move || terms.get() key=|of| *of let:of>{one(of)}</For>
            {edits.then(|| other(desk))}
        </div>
    }
    .into_any()
}

/// A term of one's own.
fn other(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let (from, to) = (RwSignal::new(None::<NaiveDate>), RwSignal::new(None::<NaiveDate>));
    let chosen = move || Term {
        from: from.get(),
        to: to.get(),
    };
    let usable = move || {
        let term = chosen();
        term != Term::ALWAYS && term.is_ordered()
    };
    let node = NodeRef::<leptos::html::Details>::new();
    let set = move |_| {
        desk.term.set(untrack(chosen));
        if let Some(details) = node.get_untracked() {
            details.set_open(false);
        }
    };
    let field = |label: &'static str, signal: RwSignal<Option<NaiveDate>>| {
        view! {
            <label class="rq-field"><span class="small muted">{label}</span>
                <input class="input" type="date"
                    on:change=move |event| signal.set(event_target_value(&event).parse().ok())/></label>
        }
    };
    view! {
        <details class="rq-term" node_ref=node>
            <summary class="small">{t::requirement_term_other(lang)}</summary>
            <p class="small muted">{t::requirement_term_hint(lang)}</p>
            <div class="cluster">
                {field(t::requirement_valid_from(lang), from)}
                {field(t::requirement_valid_to(lang), to)}
                <button class="btn btn-small btn-primary" type="button" disabled=move || !usable() on:click=set>{t::requirement_term_set(lang)}</button>
            </div>
            <p class="small" hidden=move || usable() || chosen() == Term::ALWAYS>{t::requirement_term_wrong(lang)}</p>
        </details>
    }
    .into_any()
}
