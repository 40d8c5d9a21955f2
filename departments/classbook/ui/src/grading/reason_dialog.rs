//! The question why a mark stands a whole mark from the proposed one.

use leptos::html;
use leptos::prelude::*;

use super::desk::{Ask, Desk};
use crate::t;

/// The least and the most characters of a reason.
const LENGTH: std::ops::RangeInclusive<usize> = 3..=500;

/// Asks for a reason; nothing is saved without one.
#[component]
pub fn ReasonDialog(
    /// The sheet.
    desk: Desk,
) -> impl IntoView {
    let lang = desk.lang;
    let dialog = NodeRef::<html::Dialog>::new();
    let text = RwSignal::new(String::new());
    let short = RwSignal::new(false);
    Effect::new(move || {
        let open = desk.asking.with(Option::is_some);
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                text.set(String::new());
                short.set(false);
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        }
    });
    let question = move || {
        desk.asking.get().map(|Ask { edit, proposed, few }| {
            let name = desk.totals.with(|t| {
                let pupil = t.pupils.iter().find(|p| p.id == edit.pupil);
                pupil.map(|p| p.name.clone()).unwrap_or_default()
            });
            let words = if few {
                t::totals_reason_few
            } else {
                t::totals_reason_text
            };
            words(lang, edit.code.unwrap_or_default(), name, proposed)
        })
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let reason = text.get_untracked().trim().to_owned();
        if LENGTH.contains(&reason.chars().count()) {
            desk.answer(reason);
        } else {
            short.set(true);
        }
    };
    let closed = move |_| {
        desk.asking.set(None);
        // the browser gives the focus back to the cell that was left
        request_animation_frame(move || desk.focus());
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="tm-reason-title" on:close=closed>
            <form on:submit=save>
                <h2 class="dialog-title" id="tm-reason-title">{t::totals_reason_title(lang)}</h2>
                <p>{question}</p>
                <div class="field">
                    <label for="tm-reason">{t::totals_reason(lang)}</label>
                    <textarea id="tm-reason" rows="3" maxlength="500" prop:value=text aria-describedby="tm-reason-hint tm-reason-err"
                        aria-invalid=move || short.get().to_string() on:input=move |e| text.set(event_target_value(&e))></textarea>
                    <p class="field-hint" id="tm-reason-hint">{t::totals_reason_hint(lang)}</p>
                    <p class="field-error" id="tm-reason-err">{move || short.get().then(|| t::totals_reason_short(lang))}</p>
                </div>
                <div class="dialog-actions">
                    <button class="btn" type="button" on:click=move |_| desk.asking.set(None)>{t::grading_cancel(lang)}</button>
                    <button class="btn btn-primary" type="submit">{t::totals_reason_save(lang)}</button>
                </div>
            </form>
        </dialog>
    }
}
