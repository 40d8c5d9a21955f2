//! What hangs on a lesson: topic, homework, works, who changed it.

use base::number::Hundredths;
use base::{AppError, LessonId};
use classbook_core::journal::cell::{Change, Homework, Place};
use classbook_core::journal::grid::{Assignment, AssignmentEdit, Grid, Lesson, WorkType};
use classbook_core::journal::work_name;
use classbook_core::plan::Offer;
use kit::date;
use kit::outbox::{Standing, new_id};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;

use super::api;
use super::beside::{Draft, Outcome, Unsaved, Way, refetch, takes_keys};
use super::cell_sheet::History;
use super::desk::{DeskRef, Signals};
use super::grid_page::opened_lesson;
use super::planned::Planned;
use crate::assessment::BesideColumn;
use crate::distance::OfLesson;
use crate::homework::{self, Beside, Fields, ForSome, More};
use crate::t;

/// The panel of a lesson.
#[component]
pub fn LessonSheet(
    /// The desk.
    desk: DeskRef,
    /// Its signals.
    signals: Signals,
    /// How the outbox stands.
    standing: RwSignal<Standing>,
    /// The grid, for what does not change.
    grid: StoredValue<Grid>,
) -> impl IntoView {
    let lang = kit::lang();
    let dialog = NodeRef::<html::Dialog>::new();
    let lesson = Memo::new(move |_| opened_lesson(signals.open.get()));
    let draft = Draft::new();
    let open = Signal::derive(move || lesson.get().is_some());
    let way = Way::new(dialog, open, draft, desk, signals);
    let find = move |id: LessonId| {
        draft.done();
        desk.run(|d| {
            d.stand_on(Place::Lesson { lesson: id });
            d.lesson_now(id)
        })
        .flatten()
    };
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="lesson-title" on:keydown=move |e| way.key(&e) on:cancel=move |e| way.cancel(&e) on:close=move |_| way.closed()>
            {move || lesson.get().and_then(find).map(|l| {
                let title = format!("{}, {}", date::day_month(l.date, lang), t::journal_lesson_number(lang, l.slot + 1));
                let (id, cancelled, locked) = (l.id, l.cancelled, l.locked);
                let (off, reason, may_cancel, substitute) = desk.run(|d| {
                    let grid = d.sheet().grid();
                    let off = grid.off.iter().find(|(lesson, _)| *lesson == id).map(|(_, title)| title.clone());
                    let reason = grid.cancelled.iter().find(|(lesson, _)| *lesson == id).map(|(_, why)| why.clone());
                    (off, reason, grid.may_cancel && !locked, grid.substitute(id).map(str::to_owned))
                }).unwrap_or_default();
                let done = Callback::new(move |()| {
                    let (load, period) = grid.with_value(|g| (g.load, g.period));
                    refetch(desk, load, period);
                    way.close();
                });
                let saved = move || {
                    signals.changed.track();
                    desk.run(|d| d.saved_in_sheet().wrapping_add(d.given_to_some())).unwrap_or_default()
                };
                let some = ForSome {
                    give: Callback::new(move |(change, expected)| { desk.run(|d| d.give_some(change, expected)); }),
                    unsent: Signal::derive(move || {
                        signals.changed.track();
                        desk.run(|d| d.unsent_to_some(id)).unwrap_or_default()
                    }),
                    may: grid.with_value(|g| g.writes_into(id)) && !locked && !cancelled,
                    pupils: StoredValue::new(grid.with_value(|g| {
                        let there = g.pupils.iter().filter(|p| p.on(l.date));
                        there.map(|p| (p.id, p.name.clone())).collect()
                    })),
                };
                let beside = Beside::new(id, saved, some);
                view! {
                    <div class="sheet-head">
                        <h2 id="lesson-title">{title}</h2>
                        <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| way.leave()>
                            <kit::Icon name="cross"/>
                        </button>
                    </div>
                    <div class="sheet-body">
                        {substitute.map(|name| view! { <p>{t::substitution_is(lang, name)}</p> })}
                        {off.clone().map(|title| view! { <p class="banner banner-info">{t::journal_is_off(lang, title)}</p> })}
                        {(cancelled && off.is_none()).then(|| view! { <p class="banner banner-warn">{classbook_core::t::journal_topic_cancelled(lang)}</p> })}
                        {(cancelled && off.is_none()).then(|| view! { <crate::cancellation::OfLesson lesson=id cancelled reason may=may_cancel done/> })}
                        <Topic lesson=l beside desk signals way draft standing grid/>
                        <More beside/>
                        <OfLesson lesson=id/>
                        {(!cancelled).then(|| view! { <crate::cancellation::OfLesson lesson=id cancelled reason=None may=may_cancel done/> })}
                        <Works lesson=id desk signals grid/>
                        {grid.with_value(|g| g.may_see_history).then(|| view! { <History places=vec![Place::Lesson { lesson: id }] desk signals/> })}
                    </div>
                }
            })}
        </dialog>
    }
}

#[component]
fn Topic(
    lesson: Lesson,
    beside: Beside,
    desk: DeskRef,
    signals: Signals,
    way: Way,
    draft: Draft,
    standing: RwSignal<Standing>,
    grid: StoredValue<Grid>,
) -> impl IntoView {
    let lang = kit::lang();
    let may = grid.with_value(|g| g.writes_into(lesson.id)) && !lesson.locked && !lesson.cancelled;
    let topic = RwSignal::new(lesson.topic.clone().unwrap_or_default());
    let given = homework::Draft::new(lesson.homework.as_ref());
    let (id, had) = (lesson.id, RwSignal::new(lesson.homework.is_some()));
    let missing = RwSignal::new(false);
    let make = move |homework: Option<Homework>, files_go: Option<i64>| {
        missing.set(false);
        let stays =
            homework.as_ref().is_some_and(Homework::says) || (files_go.is_none() && beside.files() > 0);
        had.set(stays);
        let topic = Some(topic.get_untracked().trim().to_owned()).filter(|t| !t.is_empty());
        desk.run(|d| {
            d.make_beside(Change::Lesson {
                lesson: id,
                topic,
                homework,
                files_go,
            })
        });
        if !stays {
            // a day and minutes that are left of it are nobody's
            given.clear();
        }
        draft.done();
    };
    let write = move || {
        // the line that is no address is named beside it; saving it would only bring the server's refusal
        if !given.links_good() {
            return;
        }
        let homework = given.homework();
        // a day or minutes alone tell nobody what to do, unless they are left of what is being removed, or a file tells it
        let told = homework.as_ref().is_none_or(Homework::says) || had.get_untracked() || beside.files() > 0;
        if told {
            make(homework, None);
        } else {
            missing.set(true);
        }
    };
    // the files are neither lost with the last word nor left behind without being asked about
    let left = move || beside.files() > 0 && given.is_wordless();
    let remove = move |_| {
        make(None, Some(beside.files()));
    };
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        write();
    };
    let typed = move |_| draft.dirty.set(true);
    let touched = Callback::new(move |()| draft.dirty.set(true));
    let offer = may
        .then(|| grid.with_value(|g| g.plan.iter().find(|o| o.lesson == id).cloned()))
        .flatten();
    // one press: what the person has typed for home stays, what is empty is filled, and all of it is saved
    let take = move |offer: &Offer| {
        topic.set(offer.topic.clone());
        if given.text.get_untracked().trim().is_empty() {
            given.text.set(offer.homework.clone().unwrap_or_default());
            given
                .minutes
                .set(offer.minutes.map(|m| m.to_string()).unwrap_or_default());
        }
        write();
    };
    view! {
        <form class="stack" on:submit=save on:input=typed>
            {offer.map(|offer| planned(offer, topic, take))}
            <fieldset class="stack" disabled=!may>
                <legend class="visually-hidden">{t::journal_lesson(lang)}</legend>
                <div class="field">
                    <label for="lesson-topic">{t::journal_topic(lang)}</label>
                    <input id="lesson-topic" maxlength="1000" autofocus=takes_keys() prop:value=topic on:input=move |e| topic.set(event_target_value(&e))/>
                </div>
                <Fields draft=given beside name="lesson" label=t::journal_homework(lang) touched/>
                <div role="alert">{move || missing.get().then(|| view! { <p class="field-error">{classbook_core::t::homework_nothing_to_do(lang)}</p> })}</div>
                <Show when=move || may && left()>
                    <div class="cluster">
                        <span class="small muted">{t::homework_files_left(lang)}</span>
                        <button class="btn btn-small" type="button" on:click=remove>{move || t::homework_remove_with_files(lang, beside.files())}</button>
                    </div>
                </Show>
            </fieldset>
            {may.then(|| view! { <button class="btn btn-primary" type="submit">{t::journal_save(lang)}</button> })}
            <Unsaved draft way/>
            <Outcome desk signals standing/>
        </form>
    }
}

/// What the plan has for the lesson, while the topic is another one.
fn planned(
    offer: Offer,
    topic: RwSignal<String>,
    take: impl Fn(&Offer) + Copy + Send + Sync + 'static,
) -> AnyView {
    let lang = kit::lang();
    let (hour, hours) = offer.hour;
    let words = if hours > 1 {
        t::plan_offer_hour(lang, hour, hours, &offer.topic)
    } else {
        offer.topic.clone()
    };
    let homework = offer.homework.clone().map(|text| t::plan_homework_is(lang, text));
    let planned = offer.topic.clone();
    let other = move || topic.with(|t| t.trim() != planned);
    let offer = StoredValue::new(offer);
    view! {
        <Show when=other>
            <section class="card stack stack-s" aria-labelledby="lesson-plan">
                <h3 id="lesson-plan">{t::plan_offer(lang)}</h3>
                <p>{words.clone()}</p>
                {homework.clone().map(|h| view! { <p class="muted small">{h}</p> })}
                <button class="btn" type="button" on:click=move |_| offer.with_value(take)>{t::plan_offer_take(lang)}</button>
            </section>
        </Show>
    }
    .into_any()
}

/// The works of the lesson: type, title, weight; added, changed, removed.
#[component]
fn Works(lesson: LessonId, desk: DeskRef, signals: Signals, grid: StoredValue<Grid>) -> impl IntoView {
    let lang = kit::lang();
    let error = RwSignal::new(None::<AppError>);
    let works = move || {
        signals.changed.track();
        desk.run(|d| {
            d.sheet()
                .grid()
                .assignments
                .iter()
                .filter(|a| a.lesson == lesson)
                .cloned()
                .collect::<Vec<_>>()
        })
        .unwrap_or_default()
    };
    let (may, types) = grid.with_value(|g| {
        let open = g
            .lessons
            .iter()
            .any(|l| l.id == lesson && !l.locked && !l.cancelled);
        (g.writes_into(lesson) && open, g.work_types.clone())
    });
    let types = StoredValue::new(types);
    let adding = NodeRef::<html::Details>::new();
    let told = RwSignal::new(String::new());
    // the form folds, so that a second press makes no second work, and the keyboard stays beside it
    let added = Callback::new(move |name: String| {
        told.set(t::journal_work_added(lang, name));
        if let Some(form) = adding.get_untracked() {
            let _ = form.remove_attribute("open");
            let summary = form
                .first_element_child()
                .and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok());
            if let Some(summary) = summary {
                let _ = summary.focus();
            }
        }
    });
    view! {
        <section class="stack">
            <h3>{t::journal_works(lang)}</h3>
            <kit::ErrorBanner error/>
            {may.then(|| view! { <Planned desk signals grid lesson/> })}
            {move || works().into_iter().map(|work| {
                let kind = types.with_value(|t| t.iter().find(|t| t.id == work.work_type).map(|t| t.title.clone())).unwrap_or_default();
                let name = work.title.clone().unwrap_or(kind);
                let weight = lang.decimal(&work.weight.to_string());
                view! {
                    <details class="card">
                        <summary>{name} " ×" {weight}</summary>
                        <Work lesson work=Some(work) desk grid types may error/>
                    </details>
                }
            }).collect_view()}
            {may.then(|| view! {
                <details class="card" node_ref=adding>
                    <summary>{t::journal_add_work(lang)}</summary>
                    <Work lesson work=None desk grid types may error added/>
                </details>
                <p class="small" role="status">{told}</p>
            })}
        </section>
    }
}

#[component]
fn Work(
    lesson: LessonId,
    work: Option<Assignment>,
    desk: DeskRef,
    grid: StoredValue<Grid>,
    types: StoredValue<Vec<WorkType>>,
    may: bool,
    error: RwSignal<Option<AppError>>,
    #[prop(optional)] added: Option<Callback<String>>,
) -> impl IntoView {
    let lang = kit::lang();
    let (load, period) = grid.with_value(|g| (g.load, g.period));
    let first = types.with_value(|t| t.first().map(|t| (t.id, t.weight)));
    let (kind, weight) = work
        .as_ref()
        .map(|w| (w.work_type, w.weight))
        .or(first)
        .unwrap_or((base::WorkTypeId(0), Hundredths(100)));
    let kind = RwSignal::new(kind);
    let weight = RwSignal::new(lang.decimal(&weight.to_string()));
    let title = RwSignal::new(work.as_ref().and_then(|w| w.title.clone()).unwrap_or_default());
    let (id, version) = (
        work.as_ref().map(|w| w.id),
        work.as_ref().map_or(0, |w| w.version),
    );
    let scales = grid.with_value(|g| g.all_scales.clone());
    // where the school has one scale there is nothing to choose
    let has = work.as_ref().map(|w| w.scale).or(scales.first().map(|s| s.0));
    let scale = RwSignal::new(has.filter(|_| scales.len() > 1));
    let choose_scale = (scales.len() > 1).then(|| {
        let options = scales.into_iter().map(|(id, name)| {
            view! { <option value=id.to_string() selected=move || scale.get() == Some(id)>{name}</option> }
        });
        view! {
            <label class="field"><span>{t::journal_scale(lang)}</span>
                <select class="select" on:change=move |e| scale.set(event_target_value(&e).parse().ok())>{options.collect_view()}</select></label>
        }
    });
    // as it was when the field was left: not asked with each letter
    let about = RwSignal::new(title.get_untracked());
    let is_assessment = move |id| types.with_value(|t| t.iter().any(|t| t.id == id && t.assessment));
    let was = id.map(|_| kind.get_untracked());
    // a column that stands as what it is has been added: what is said of it is said in the schedule
    let assessment =
        Signal::derive(move || Some(kind.get()).filter(|k| may && Some(*k) != was && is_assessment(*k)));
    let busy = RwSignal::new(false);
    // the server asks why, where marks of the period rest on the work; it is not asked before
    let (asks, reason) = (RwSignal::new(false), RwSignal::new(String::new()));
    let finish = move |outcome: Result<(), AppError>| {
        busy.set(false);
        if let Err(AppError::Invalid { fields }) = &outcome {
            asks.update(|a| *a |= fields.iter().any(|f| f.field == "reason"));
        }
        error.set(outcome.clone().err());
        if outcome.is_ok() {
            refetch(desk, load, period);
            if let Some(added) = added {
                let kind = types.with_value(|t| {
                    let of = t.iter().find(|t| t.id == kind.get_untracked());
                    of.map(|t| t.title.clone())
                });
                added.run(work_name(&kind.unwrap_or_default(), Some(&title.get_untracked())));
                title.set(String::new());
            }
        }
    };
    let save = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        let (Some(op), Some(weight)) = (
            new_id().and_then(|i| i.parse().ok()),
            Hundredths::parse(weight.get().trim()),
        ) else {
            error.set(Some(AppError::invalid("weight", t::journal_weight_wrong(lang))));
            return;
        };
        let edit = AssignmentEdit {
            id,
            lesson,
            work_type: kind.get(),
            title: Some(title.get()),
            weight,
            expected: version,
            scale: scale.get(),
            reason: asks.get().then(|| reason.get()),
        };
        busy.set(true);
        spawn_local(async move { finish(api::save_work(op, edit).await.map(drop)) });
    };
    let remove = move |_| {
        if let Some(id) = id {
            busy.set(true);
            spawn_local(async move { finish(api::remove_work(id).await) });
        }
    };
    let choose = move |e: web_sys::Event| {
        if let Ok(id) = event_target_value(&e).parse() {
            kind.set(id);
            let usual = types.with_value(|t| t.iter().find(|t| t.id == id).map(|t| t.weight));
            weight.set(usual.map(|w| lang.decimal(&w.to_string())).unwrap_or_default());
        }
    };
    let options = types.with_value(|t| {
        t.iter().map(|t| {
            let id = t.id;
            view! { <option value=id.to_string() selected=move || kind.get() == id>{format!("{} — {}", t.code, t.title)}</option> }
        }).collect_view()
    });
    view! {
        <form class="stack stack-s" on:submit=save>
            <fieldset class="stack stack-s" disabled=move || !may || busy.get()>
                <legend class="visually-hidden">{t::journal_work(lang)}</legend>
                <label class="field"><span>{t::journal_work_type(lang)}</span><select class="select" on:change=choose>{options}</select></label>
                <label class="field"><span>{t::journal_work_title(lang)}</span>
                    <input class="input" maxlength="300" prop:value=title on:input=move |e| title.set(event_target_value(&e))
                        on:change=move |e| about.set(event_target_value(&e))/></label>
                <BesideColumn load lesson kind=assessment title=about/>
                <label class="field"><span>{t::journal_weight(lang)}</span>
                    <input class="input" inputmode="decimal" maxlength="6" prop:value=weight on:input=move |e| weight.set(event_target_value(&e))/></label>
                {choose_scale}
                {move || asks.get().then(|| view! {
                    <label class="field"><span>{t::journal_weight_reason(lang)}</span>
                        <textarea rows="2" maxlength="500" prop:value=reason on:input=move |e| reason.set(event_target_value(&e))></textarea></label>
                })}
                {id.filter(|_| may).map(|id| view! {
                    <p><button class="btn btn-small" type="button" on:click=move |_| { desk.run(|d| d.owe_the_rest(id)); }>{t::owed_the_rest(lang)}</button></p>
                })}
                {may.then(|| view! {
                    <div class="cluster">
                        <button class="btn" type="submit">{if id.is_some() { t::journal_save(lang) } else { t::journal_add(lang) }}</button>
                        {id.map(|_| view! { <button class="btn btn-quiet" type="button" on:click=remove>{t::journal_remove(lang)}</button> })}
                    </div>
                })}
            </fieldset>
        </form>
    }
}
