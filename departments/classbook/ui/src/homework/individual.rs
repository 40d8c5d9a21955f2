//! Homework for some pupils of a lesson only.

use base::{AppError, PupilId};
use classbook_core::homework::{Individual, IndividualEdit};
use classbook_core::journal::cell::Homework;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::fields::{Draft, Fields};
use super::files::{self, Files};
use super::more::Beside;
use crate::t;

/// All of them, and a form for another.
#[component]
pub(super) fn Individuals(beside: Beside) -> impl IntoView {
    let lang = kit::lang();
    view! {
        <section class="stack stack-s" aria-labelledby="homework-individual">
            <h3 id="homework-individual">{t::homework_individual(lang)}</h3>
            {move || beside.desk.get().map(|desk| {
                let may = desk.may_edit;
                let none = (desk.individual.is_empty() && !may).then(|| view! { <p class="muted small">{t::homework_individual_none(lang)}</p> });
                let pupils = StoredValue::new(desk.pupils);
                let cards = desk.individual.into_iter().map(|one| {
                    let names = pupils.with_value(|all| {
                        let named = all.iter().filter(|(id, _)| one.pupils.contains(id));
                        named.map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
                    });
                    let shown = one.text.clone();
                    view! {
                        <details class="card">
                            <summary>{names}": "{shown}</summary>
                            {if may {
                                view! { <Form beside pupils given=Some(one.clone())/><Files beside individual=Some(one.id) files=one.files may/> }.into_any()
                            } else {
                                files::list(&one.links, &one.files, lang).into_any()
                            }}
                        </details>
                    }
                });
                view! {
                    {none}{cards.collect_view()}
                    {may.then(|| view! {
                        <details class="card">
                            <summary>{t::homework_individual_add(lang)}</summary>
                            <Form beside pupils given=None/>
                        </details>
                    })}
                }
            })}
        </section>
    }
}

#[component]
fn Form(
    beside: Beside,
    pupils: StoredValue<Vec<(PupilId, String)>>,
    given: Option<Individual>,
) -> impl IntoView {
    let lang = kit::lang();
    let draft = Draft::new(
        given
            .as_ref()
            .map(|g| Homework {
                text: g.text.clone(),
                due_on: g.due_on,
                minutes: g.minutes,
                links: Some(g.links.clone()),
            })
            .as_ref(),
    );
    let chosen = RwSignal::new(given.as_ref().map(|g| g.pupils.clone()).unwrap_or_default());
    let error = RwSignal::new(None::<AppError>);
    let busy = RwSignal::new(false);
    let (id, expected) = (
        given.as_ref().map(|g| g.id),
        given.as_ref().map_or(0, |g| g.version),
    );
    let finish = move |outcome: Result<(), AppError>| {
        busy.try_set(false);
        error.try_set(outcome.clone().err());
        if outcome.is_ok() {
            beside.load();
        }
    };
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        // the form around it is another one
        e.stop_propagation();
        let Some(homework) = draft.homework() else {
            error.set(Some(AppError::invalid(
                "text",
                classbook_core::t::homework_text_missing(lang),
            )));
            return;
        };
        let edit = IndividualEdit {
            id,
            lesson: beside.lesson,
            pupils: chosen.get_untracked(),
            text: homework.text,
            due_on: homework.due_on,
            minutes: homework.minutes,
            links: homework.links.unwrap_or_default(),
            expected,
        };
        busy.set(true);
        spawn_local(async move { finish(api::save_individual(edit).await.map(drop)) });
    };
    let remove = move |_| {
        if let Some(id) = id {
            busy.set(true);
            spawn_local(async move { finish(api::remove_individual(id).await) });
        }
    };
    let boxes = pupils.with_value(|all| {
        all.iter()
            .map(|(pupil, name)| {
                let pupil = *pupil;
                let toggle = move |_| {
                    chosen.update(|c| match c.iter().position(|p| *p == pupil) {
                        Some(at) => {
                            c.remove(at);
                        }
                        None => c.push(pupil),
                    });
                };
                view! { <label class="check"><input type="checkbox" prop:checked=move || chosen.with(|c| c.contains(&pupil)) on:change=toggle/> <span>{name.clone()}</span></label> }
            })
            .collect_view()
    });
    let name = format!("individual-{}", id.map_or(0, |i| i.0));
    view! {
        <form class="stack stack-s" on:submit=save>
            <fieldset class="hw-pupils"><legend>{t::homework_for_whom(lang)}</legend>{boxes}</fieldset>
            <Fields draft beside name label=t::homework_individual_text(lang)/>
            <kit::ErrorBanner error/>
            <div class="cluster">
                <button class="btn" type="submit" disabled=busy>{if id.is_some() { t::journal_save(lang) } else { t::journal_add(lang) }}</button>
                {id.map(|_| view! { <button class="btn btn-quiet" type="button" disabled=busy on:click=remove>{t::homework_individual_remove(lang)}</button> })}
            </div>
        </form>
    }
}
