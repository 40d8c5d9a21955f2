//! The types of work: each with its letter, its usual weight and its place.

use base::{AppError, Lang, WorkTypeId};
use classbook_core::scale::{TypeLine, TypeTerms};
use leptos::prelude::*;

use super::api;
use super::edit::{self, Open};
use super::scales_page::{Desk, figure};
use crate::t;

/// The section of types.
pub(super) fn section(desk: Desk) -> AnyView {
    let lang = kit::lang();
    let may = desk.all.with_untracked(|a| a.may_edit);
    let open = RwSignal::new(None::<Option<WorkTypeId>>);
    let list = move || {
        let lines = desk.all.with(|a| a.types.clone());
        let last = lines.len().saturating_sub(1);
        let items = lines.iter().cloned().enumerate().map(|(at, line)| {
            let ids: Vec<WorkTypeId> = lines.iter().map(|l| l.id).collect();
            let moves = may.then(|| arrows(desk, &line, at, last, ids, lang));
            view! { <li class="card stack stack-s">{shown(&line, at == 0, lang)}{moves}{may.then(|| edit::edit(line, desk, open, lang))}</li> }
        });
        items.collect_view().into_any()
    };
    let words = edit::Words {
        id: "sc-types",
        title: t::scale_types(lang),
        add: t::scale_type_add(lang),
    };
    edit::section::<TypeLine>(desk, open, words, list, lang)
}

fn shown(line: &TypeLine, first: bool, lang: Lang) -> AnyView {
    let weight = if line.terms.weight.0 == 0 {
        t::scale_type_not_counted(lang).to_owned()
    } else {
        t::scale_type_weight(lang, lang.decimal(&line.terms.weight.to_string()))
    };
    let assessment = line
        .terms
        .assessment
        .then(|| format!(", {}", t::scale_type_is_assessment(lang)));
    let used = if line.used {
        t::scale_type_used(lang)
    } else {
        t::scale_type_unused(lang)
    };
    view! {
        <div class="card-head">
            <h3><span class="badge">{line.terms.code.clone()}</span>" "{line.terms.title.clone()}</h3>
            {first.then(|| view! { <span class="badge" data-tone="info">{t::scale_type_default(lang)}</span> })}
        </div>
        <p class="small muted">{weight}{assessment}", "{used}</p>
    }
    .into_any()
}

fn arrows(desk: Desk, line: &TypeLine, at: usize, last: usize, ids: Vec<WorkTypeId>, lang: Lang) -> AnyView {
    let ids = StoredValue::new(ids);
    let swap = move |with: usize| {
        let seen = ids.get_value();
        let mut order = seen.clone();
        if at < order.len() && with < order.len() {
            order.swap(at, with);
            desk.act(t::scale_saved(lang), api::order_types(seen, order), || ());
        }
    };
    let title = line.terms.title.clone();
    view! {
        <div class="cluster">
            <button class="btn btn-icon btn-quiet" type="button" disabled=move || at == 0 || desk.busy.get() aria-label=t::scale_type_up(lang, &title)
                on:click=move |_| swap(at.saturating_sub(1))><kit::Icon name="up"/></button>
            <button class="btn btn-icon btn-quiet" type="button" disabled=move || at == last || desk.busy.get() aria-label=t::scale_type_down(lang, &title)
                on:click=move |_| swap(at + 1)><kit::Icon name="down"/></button>
        </div>
    }
    .into_any()
}

impl edit::Line for TypeLine {
    type Id = WorkTypeId;

    fn id(&self) -> WorkTypeId {
        self.id
    }

    fn title(&self) -> &str {
        &self.terms.title
    }

    fn is_used(&self) -> bool {
        self.used
    }

    fn remove(self, desk: Desk, lang: Lang) {
        desk.act(
            t::scale_removed(lang),
            api::remove_type(self.id, self.terms),
            || (),
        );
    }

    fn form(line: Option<Self>, desk: Desk, open: Open<WorkTypeId>, lang: Lang) -> AnyView {
        form(desk, open, line, lang)
    }
}

fn form(desk: Desk, open: Open<WorkTypeId>, line: Option<TypeLine>, lang: Lang) -> AnyView {
    let first = line.as_ref().map(|l| l.terms.clone());
    let start = first.clone().unwrap_or(TypeTerms {
        weight: base::number::Hundredths::whole(1),
        ..TypeTerms::default()
    });
    let (code, title) = (RwSignal::new(start.code), RwSignal::new(start.title));
    let weight = RwSignal::new(lang.decimal(&start.weight.to_string()));
    let assessment = RwSignal::new(start.assessment);
    let at = line.map(|l| (l.id, l.terms));
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let read = figure(&weight.get(), lang)
            .and_then(|w| w.ok_or_else(|| AppError::invalid("weight", t::journal_weight_wrong(lang))));
        let weight = match read {
            Ok(weight) => weight,
            Err(error) => return desk.error.set(Some(error)),
        };
        let terms = TypeTerms {
            code: code.get(),
            title: title.get(),
            weight,
            assessment: assessment.get(),
        };
        let at = at.clone();
        let act = async move { api::save_type(at, terms).await.map(drop) };
        desk.act(t::scale_saved(lang), act, move || open.set(None));
    };
    view! {
        <form class="stack stack-s" on:submit=save>
            <fieldset class="stack stack-s" disabled=move || desk.busy.get()>
                <legend class="visually-hidden">{t::scale_types(lang)}</legend>
                <label class="field"><span>{t::scale_type_code(lang)}</span>
                    <input class="input sc-short" maxlength="4" required prop:value=code on:input=move |e| code.set(event_target_value(&e))/></label>
                <label class="field"><span>{t::scale_type_title(lang)}</span>
                    <input class="input" maxlength="80" required prop:value=title on:input=move |e| title.set(event_target_value(&e))/></label>
                <label class="field"><span>{t::scale_type_usual(lang)}</span>
                    <input class="input sc-short" inputmode="decimal" maxlength="6" required prop:value=weight on:input=move |e| weight.set(event_target_value(&e))/>
                    <span class="field-hint">{t::scale_type_usual_hint(lang)}</span></label>
                <label class="check"><input type="checkbox" autocomplete="off" prop:checked=assessment on:change=move |e| assessment.set(event_target_checked(&e))/>
                    <span>{t::scale_type_assessment(lang)}</span></label>
                {edit::buttons(open, lang)}
            </fieldset>
        </form>
    }
    .into_any()
}
