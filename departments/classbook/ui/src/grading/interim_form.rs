//! In what form the interim attestation of a journal is: said over the sheet of totals, where the rules have the column.

use classbook_core::grading::totals::{Stage, Totals};
use leptos::prelude::*;

use super::saving::Saving;
use super::{api, explain};
use crate::t;

/// The form, and for who may edit the way to change it.
#[component]
pub fn InterimForm(
    /// The sheet; what is saved is written into it, as the year's proposal waits for marks only where there is a form.
    totals: RwSignal<Totals>,
) -> impl IntoView {
    let lang = kit::lang();
    let (load, may_edit, shown) = totals.with_untracked(|t| {
        let column = t.columns.iter().find(|c| c.stage == Stage::Interim);
        let shown = column.map(|c| (c.shut.is_none(), t.terms(c).interim));
        (t.load, t.may_edit, shown)
    });
    let Some((open, interim)) = shown else {
        return ().into_any();
    };
    let says = explain::interim(interim, lang);
    if !may_edit || !open {
        let form = move || {
            let form = totals.with(|t| t.interim_form.clone());
            form.unwrap_or_else(|| t::totals_interim_no_form(lang).to_owned())
        };
        return view! { <p class="small muted">{t::totals_interim(lang)}": "{form}". "{says}"."</p> }
            .into_any();
    }
    let first = totals.with_untracked(|t| t.interim_form.clone());
    let saving = Saving::new(first);
    let (text, busy, error) = (saving.text, saving.busy, saving.error);
    let save = move |event: leptos::ev::SubmitEvent| {
        let seen = totals.with_untracked(|t| t.interim_form.clone());
        let send = |form| api::save_interim_form(load, seen, form);
        saving.send(&event, send, move |form, ()| {
            totals.try_update(|t| t.interim_form = form);
        });
    };
    view! {
        <form class="stack stack-s" on:submit=save novalidate>
            <div class="field">
                <label for="tm-interim">{t::totals_interim_form(lang)}</label>
                <div class="cluster">
                    <input class="input" id="tm-interim" maxlength="60" autocomplete="off" list="tm-interim-forms" prop:value=text
                        aria-describedby="tm-interim-hint tm-interim-err" on:input=move |e| text.set(event_target_value(&e))/>
                    <datalist id="tm-interim-forms">
                        {t::totals_interim_forms(lang).split(", ").map(|form| view! { <option value=form.to_owned()></option> }).collect_view()}
                    </datalist>
                    <button class="btn btn-small" type="submit" aria-busy=move || busy.get().to_string()>{t::totals_interim_save(lang)}</button>
                </div>
                <p class="field-hint" id="tm-interim-hint">{t::totals_interim_hint(lang)}" "{says}"."</p>
                <kit::FieldErrorText error=error field="form" id="tm-interim-err"/>
            </div>
            <kit::ErrorBanner error=saving.other()/>
            {saving.said(t::totals_interim_saved(lang))}
        </form>
    }
    .into_any()
}
