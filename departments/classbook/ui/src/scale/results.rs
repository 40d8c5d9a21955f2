//! By which scale results are given: of the school, and of single subjects.

use base::{Lang, ScaleId, SubjectId};
use classbook_core::scale::{ResultsEdit, Scales};
use leptos::prelude::*;

use super::api;
use super::scales_page::Desk;
use crate::t;

/// The section of results.
pub(super) fn section(desk: Desk) -> AnyView {
    let lang = kit::lang();
    let may = desk.all.with_untracked(|a| a.may_edit);
    let school = move || {
        let all = desk.all.get();
        let own = all.results.school.or(all.scales.first().map(|s| s.id));
        if !may {
            let name = own.map(|id| name(&all, id)).unwrap_or_default();
            return view! { <p><b>{name}</b></p> }.into_any();
        }
        let set = move |e| {
            let scale = event_target_value(&e).parse().ok();
            desk.act(
                t::scale_saved(lang),
                api::save_results(ResultsEdit { subject: None, scale }),
                || (),
            );
        };
        view! {
            <label class="field"><span>{t::scale_results_school(lang)}</span>
                <select class="select" disabled=move || desk.busy.get() on:change=set>{options(&all, own)}</select></label>
        }
        .into_any()
    };
    view! {
        <section class="stack" aria-labelledby="sc-results">
            <h2 id="sc-results">{t::scale_results(lang)}</h2>
            <p class="muted small">{t::scale_results_note(lang)}</p>
            {school}
            {move || subjects(desk, may, lang)}
            {may.then(|| adding(desk, lang))}
        </section>
    }
    .into_any()
}

fn name(all: &Scales, id: ScaleId) -> String {
    let found = all.scales.iter().find(|s| s.id == id);
    found.map(|s| s.terms.title.clone()).unwrap_or_default()
}

fn options(all: &Scales, chosen: Option<ScaleId>) -> AnyView {
    let one = |s: &classbook_core::scale::ScaleLine| view! { <option value=s.id.to_string() selected=chosen == Some(s.id)>{s.terms.title.clone()}</option> };
    all.scales.iter().map(one).collect_view().into_any()
}

/// The subjects that have a scale of their own.
fn subjects(desk: Desk, may: bool, lang: Lang) -> AnyView {
    let all = desk.all.get();
    let line = |(subject, scale): &(SubjectId, ScaleId)| {
        let id = *subject;
        let title = all
            .subjects
            .iter()
            .find(|(s, _)| *s == id)
            .map(|(_, n)| n.clone())
            .unwrap_or_default();
        let label = t::scale_results_remove(lang, &title);
        let remove = move |_| {
            desk.act(
                t::scale_removed(lang),
                api::save_results(ResultsEdit {
                    subject: Some(id),
                    scale: None,
                }),
                || (),
            )
        };
        view! {
            <li class="cluster"><span>{title}": "<b>{name(&all, *scale)}</b></span>
                {may.then(|| view! { <button class="btn btn-icon btn-quiet" type="button" aria-label=label disabled=move || desk.busy.get() on:click=remove><kit::Icon name="cross"/></button> })}
            </li>
        }
    };
    let lines = all.results.subjects.iter().map(line).collect_view();
    view! { <ul class="stack stack-s sc-list">{lines}</ul> }.into_any()
}

/// A subject that is to have another scale than the school's.
fn adding(desk: Desk, lang: Lang) -> AnyView {
    let (subject, scale) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let subject_id = subject.get_untracked().parse::<SubjectId>().ok();
        let scale_id = scale.get_untracked().parse::<ScaleId>().ok();
        if let (Some(id), Some(to)) = (subject_id, scale_id) {
            let done = move || subject.set(String::new());
            desk.act(
                t::scale_saved(lang),
                api::save_results(ResultsEdit {
                    subject: Some(id),
                    scale: Some(to),
                }),
                done,
            );
        }
    };
    let all = desk.all.get_untracked();
    let names = all
        .subjects
        .iter()
        .map(|(id, name)| view! { <option value=id.to_string()>{name.clone()}</option> });
    let names = names.collect_view();
    let scales = move || desk.all.with(|all| options(all, None));
    view! {
        <form class="cluster" on:submit=save>
            <label class="field"><span>{t::scale_results_subject(lang)}</span>
                <select class="select" required prop:value=subject on:change=move |e| subject.set(event_target_value(&e))>
                    <option value="">{t::scale_results_choose(lang)}</option>{names}</select></label>
            <label class="field"><span>{t::scale_results_scale(lang)}</span>
                <select class="select" required prop:value=scale on:change=move |e| scale.set(event_target_value(&e))>
                    <option value="">{t::scale_results_choose(lang)}</option>{scales}</select></label>
            <button class="btn" type="submit" disabled=move || desk.busy.get()>{t::scale_results_add(lang)}</button>
        </form>
    }
    .into_any()
}
