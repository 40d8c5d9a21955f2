//! Homework for some pupils of a lesson only.

use base::{AppError, PupilId};
use classbook_core::homework::{Individual, IndividualEdit};
use classbook_core::journal::cell::{Change, Homework};
use classbook_core::journal::sheet::State;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::api;
use super::fields::{Draft, Fields};
use super::files::{self, Files};
use super::more::Beside;
use crate::t;

/// All of them, what waits for the server, and a form for another.
#[component]
pub(super) fn Individuals(beside: Beside) -> impl IntoView {
    let lang = kit::lang();
    let some = beside.some;
    // without a network the page's own list of pupils is enough to give one
    let pupils = move || {
        let known = beside.desk.with(|d| d.as_ref().map(|d| d.pupils.clone()));
        StoredValue::new(known.unwrap_or_else(|| some.pupils.get_value()))
    };
    let may = Memo::new(move |_| beside.desk.with(|d| d.as_ref().map_or(some.may, |d| d.may_edit)));
    let given = move || {
        let pupils = pupils();
        beside.desk.get().map(|desk| {
            let may = desk.may_edit;
            let none = (desk.individual.is_empty() && !may).then(|| view! { <p class="muted small">{t::homework_individual_none(lang)}</p> });
            let cards = desk.individual.into_iter().map(|one| {
                let names = named(pupils, &one.pupils);
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
            view! { {none}{cards.collect_view()} }
        })
    };
    let unsent = move || {
        let pupils = pupils();
        let lines = some.unsent.get().into_iter().filter_map(|(change, state)| {
            let Change::Individual { edit, .. } = change else { return None };
            let words = match &state {
                State::Waiting => t::homework_individual_waiting(lang).to_owned(),
                State::Refused(message) => t::journal_cell_refused(lang, message),
                State::Old(day) => t::journal_old_act(lang, kit::date::day_month(*day, lang)),
                State::Conflict(now) => t::totals_conflict(lang, &now.by, now.value.clone().unwrap_or_default()),
            };
            let names = named(pupils, &edit.pupils);
            Some(view! { <li class="card stack stack-s"><p>{names}": "{edit.text}</p><p class="small muted">{words}</p></li> })
        });
        let lines = lines.collect::<Vec<_>>();
        (!lines.is_empty()).then(|| view! { <div role="status"><ul class="stack stack-s">{lines}</ul></div> })
    };
    // a form for each that is given: what was sent is not typed again
    let round = RwSignal::new(0u32);
    let another = move || {
        round.track();
        may.get().then(|| {
            let pupils = pupils();
            view! {
                <details class="card">
                    <summary>{t::homework_individual_add(lang)}</summary>
                    <Form beside pupils given=None done=Callback::new(move |()| round.update(|n| *n += 1))/>
                </details>
            }
        })
    };
    view! {
        <section class="stack stack-s" aria-labelledby="homework-individual">
            <h3 id="homework-individual">{t::homework_individual(lang)}</h3>
            {given}{unsent}{another}
        </section>
    }
}

/// «Абрамова Вера, Белов Олег».
fn named(pupils: StoredValue<Vec<(PupilId, String)>>, whom: &[PupilId]) -> String {
    pupils.with_value(|all| {
        let named = all.iter().filter(|(id, _)| whom.contains(id));
        named
            .map(|(_, name)| name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    })
}

#[component]
fn Form(
    beside: Beside,
    pupils: StoredValue<Vec<(PupilId, String)>>,
    given: Option<Individual>,
    /// It is on its way.
    #[prop(optional)]
    done: Option<Callback<()>>,
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
        let Some(homework) = draft.homework().filter(|h| !h.text.is_empty()) else {
            error.set(Some(AppError::invalid(
                "text",
                classbook_core::t::homework_text_missing(lang),
            )));
            return;
        };
        let pupils = chosen.get_untracked();
        if pupils.is_empty() {
            error.set(Some(AppError::invalid(
                "pupils",
                classbook_core::t::homework_pupils_missing(lang),
            )));
            return;
        }
        if !draft.links_good() {
            return;
        }
        error.set(None);
        let edit = IndividualEdit {
            id,
            lesson: beside.lesson,
            pupils,
            text: homework.text,
            due_on: homework.due_on,
            minutes: homework.minutes,
            links: homework.links.unwrap_or_default(),
            expected,
        };
        let draft = match id {
            Some(_) => None,
            None => kit::outbox::new_id().and_then(|id| id.parse().ok()),
        };
        beside
            .some
            .give
            .run((Change::Individual { draft, edit }, expected));
        if let Some(done) = done {
            done.run(());
        }
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
