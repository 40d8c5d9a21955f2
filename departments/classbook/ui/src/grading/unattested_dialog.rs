//! Who of a column is to get «н/а»: each is named with what was counted, before anything is given.

use leptos::html;
use leptos::prelude::*;

use super::desk::{Desk, Unattested};
use super::explain;
use crate::t;

/// The button over the sheet, where anybody in the active column is proposed «н/а».
pub fn button(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let many = Memo::new(move |_| i64::try_from(desk.unattested().len()).unwrap_or(i64::MAX));
    let shown = move || {
        let many = many.get();
        (many > 0).then(|| {
            view! {
                <button class="btn" type="button" popovertarget="tm-tools" popovertargetaction="hide" aria-haspopup="dialog"
                    on:click=move |_| desk.naming.set(true)>{t::totals_unattested(lang, many)}</button>
            }
        })
    };
    shown.into_any()
}

/// Names them and asks. What it names is what is given, though marks may come meanwhile.
#[component]
pub fn UnattestedDialog(
    /// The sheet.
    desk: Desk,
) -> impl IntoView {
    let lang = desk.lang;
    let dialog = NodeRef::<html::Dialog>::new();
    let named = RwSignal::new(Vec::<Unattested>::new());
    Effect::new(move || {
        let open = desk.naming.get();
        if let Some(dialog) = dialog.get() {
            if open && !dialog.open() {
                named.set(untrack(move || desk.unattested()));
                let _ = dialog.show_modal();
            } else if !open && dialog.open() {
                dialog.close();
            }
        }
    });
    let give = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.give_unattested(named.get_untracked());
    };
    let closed = move |_| {
        desk.naming.set(false);
        // the browser gives the focus back to a button that may have gone
        request_animation_frame(move || desk.focus());
    };
    let line = move |u: Unattested| {
        let counted = t::totals_unattested_counted(lang, u.count, u.minimum);
        view! { <li>{u.name}" "<small class="muted">{counted}</small></li> }
    };
    // by which act: that of the active column
    let act = move || {
        let column = desk.columns().into_iter().nth(desk.active.get().1)?;
        Some(desk.totals.with(|t| explain::act(&t.terms(&column), lang)))
    };
    view! {
        <dialog class="dialog" node_ref=dialog aria-labelledby="tm-unattested-title" on:close=closed>
            <form on:submit=give>
                <h2 class="dialog-title" id="tm-unattested-title">{t::totals_unattested_title(lang)}</h2>
                <p>{t::totals_unattested_hint(lang)}</p>
                <ul class="stack stack-s">{move || named.get().into_iter().map(line).collect_view()}</ul>
                <p class="small muted">{t::grading_act(lang)}": "{act}</p>
                <div class="dialog-actions">
                    <button class="btn" type="button" on:click=move |_| desk.naming.set(false)>{t::grading_cancel(lang)}</button>
                    <button class="btn btn-primary" type="submit">{move || t::totals_unattested_give(lang, i64::try_from(named.with(Vec::len)).unwrap_or(i64::MAX))}</button>
                </div>
            </form>
        </dialog>
    }
}
