//! A schedule that is changed, in its place: title, shift, lessons, and for whom it rings.

use leptos::html;
use leptos::prelude::*;
use study_core::bells::terms::SHIFTS;

use super::desk::Desk;
use super::{day, grid, schedule};
use crate::t;

/// Draws the form that is open.
pub(super) fn draw(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let of = desk.form.with_untracked(|f| f.as_ref().and_then(|f| f.of));
    let heading = match of {
        Some(_) => {
            untrack(move || desk.form.with(|f| f.as_ref().map(|f| f.seen.title.clone()))).unwrap_or_default()
        }
        None => t::bells_new(lang).to_owned(),
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.save(vec![]);
    };
    // the keyboard goes on from the button that has opened the form
    let first = NodeRef::<html::Input>::new();
    Effect::new(move || {
        if let Some(field) = first.get() {
            let _ = field.focus();
        }
    });
    view! {
        <section class="card stack" aria-labelledby="bells-form">
            <h2 id="bells-form">{heading}</h2>
            <kit::ErrorBanner error=desk.error/>
            {move || now(desk)}
            <form class="stack" novalidate on:submit=save>
                <div class="rq-form">
                    <label class="rq-field bl-title"><span class="small muted">{t::bells_name(lang)}</span>
                        <input class="input" maxlength="80" node_ref=first prop:value=move || desk.read(|t| t.title.clone()).unwrap_or_default()
                            on:input=move |event| desk.write(|t| t.title = event_target_value(&event))/></label>
                    <label class="rq-field"><span class="small muted">{t::bells_shift(lang)}</span>{shift(desk)}</label>
                </div>
                <h3>{t::bells_lessons(lang)}</h3>
                {day::draw(desk)}
                <h3>{t::bells_whom(lang)}</h3>
                <p class="muted small">{t::bells_whom_hint(lang)}</p>
                {grid::draw(desk)}
                <div class="cluster bl-foot">
                    <button class="btn btn-primary" type="submit" aria-busy=move || desk.busy.get().to_string() disabled=desk.busy>{t::bells_save(lang)}</button>
                    <button class="btn btn-quiet" type="button" disabled=desk.busy on:click=move |_| desk.give_up()>{t::bells_give_up(lang)}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn shift(desk: Desk) -> AnyView {
    let now = untrack(move || desk.read(|t| t.shift)).unwrap_or(1);
    let option = |n: i16| view! { <option value=n.to_string() selected=n == now>{t::bells_shift_of(desk.lang, n)}</option> };
    let choose = move |event| {
        if let Ok(shift) = event_target_value(&event).parse() {
            desk.write(|t| t.shift = shift);
        }
    };
    view! { <select class="select" on:change=choose>{SHIFTS.map(option).collect_view()}</select> }.into_any()
}

/// What somebody else has saved meanwhile.
fn now(desk: Desk) -> Option<AnyView> {
    let form = desk.form.get().filter(|f| f.stale)?;
    let body = desk.sheet.with(|s| schedule::body(desk.lang, s, &form.seen));
    let title = t::bells_now(desk.lang, &form.seen.title);
    Some(
        view! {
            <details class="stack" open>
                <summary>{title}</summary>
                {body}
                <p class="muted small">{t::bells_now_hint(desk.lang)}</p>
            </details>
        }
        .into_any(),
    )
}
