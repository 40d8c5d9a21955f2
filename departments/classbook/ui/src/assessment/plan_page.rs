//! `/assessments/:load`: the works of one journal, and a form for another with what stands against its day.

use base::{AppError, LoadId, WorkTypeId};
use chrono::NaiveDate;
use classbook_core::assessment::{Desk, Edit, Planned, Work, check, free};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::{api, parts};
use crate::t;

/// So many near days are offered.
const OFFERED: usize = 4;

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let params = use_params_map();
    let load = move || params.with(|p| p.get("load").and_then(|l| l.parse::<LoadId>().ok()));
    let data = Resource::new_blocking(load, |load| async move {
        match load {
            Some(load) => api::desk(load).await,
            None => not_found(),
        }
    });
    let lang = kit::lang();
    view! {
        <Title text=t::assessment_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(desk) => page(desk),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn not_found() -> Result<Desk, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::NotFound)
}

/// The form, and which work is in it.
#[derive(Clone, Copy)]
struct Form {
    desk: RwSignal<Desk>,
    /// The work that is changed; else a new one.
    work: RwSignal<Option<Work>>,
    date: RwSignal<String>,
    kind: RwSignal<WorkTypeId>,
    title: RwSignal<String>,
    minutes: RwSignal<String>,
    whole: RwSignal<bool>,
    error: RwSignal<Option<AppError>>,
    said: RwSignal<Option<&'static str>>,
    busy: RwSignal<bool>,
}

impl Form {
    fn new(desk: Desk) -> Self {
        let model = desk.model.clone();
        Self {
            desk: RwSignal::new(desk),
            work: RwSignal::new(None),
            date: RwSignal::new(model.date.to_string()),
            kind: RwSignal::new(model.kind),
            title: RwSignal::new(String::new()),
            minutes: RwSignal::new(model.minutes.to_string()),
            whole: RwSignal::new(true),
            error: RwSignal::new(None),
            said: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Lays a work into the form; without one it is empty again.
    fn fill(self, work: Option<Work>) {
        let planned = work.as_ref().map_or_else(
            || self.desk.with_untracked(|d| d.model.clone()),
            |w| w.planned.clone(),
        );
        self.date.set(planned.date.to_string());
        self.kind.set(planned.kind);
        self.title.set(planned.title);
        self.minutes.set(planned.minutes.to_string());
        self.whole.set(planned.whole_class);
        self.error.set(None);
        self.work.set(work);
    }

    /// As it would be planned.
    fn planned(self) -> Option<Planned> {
        let date: NaiveDate = self.date.get().parse().ok()?;
        let minutes = self.minutes.get().trim().parse().ok()?;
        self.desk.with(|desk| {
            let place = desk.known.places.iter().find(|p| p.date == date);
            Some(Planned {
                id: self.work.with(|w| w.as_ref().map(|w| w.id)),
                date,
                slot: place.map_or(desk.model.slot, |p| p.slot),
                kind: self.kind.get(),
                title: self.title.get(),
                minutes,
                whole_class: self.whole.get(),
                ..desk.model.clone()
            })
        })
    }

    async fn reload(self) {
        let load = self.desk.with_untracked(|d| d.load);
        if let Ok(desk) = api::desk(load).await {
            self.desk.try_set(desk);
        }
    }

    fn save(self) {
        let lang = kit::lang();
        let (Ok(date), Ok(minutes)) = (
            self.date.get_untracked().parse(),
            self.minutes.get_untracked().trim().parse(),
        ) else {
            self.error.set(Some(AppError::invalid(
                "minutes",
                classbook_core::t::assessment_minutes_wrong(lang),
            )));
            return;
        };
        let work = self.work.get_untracked();
        let edit = Edit {
            id: work.as_ref().map(|w| w.id),
            load: self.desk.with_untracked(|d| d.load),
            date,
            kind: self.kind.get_untracked(),
            title: self.title.get_untracked(),
            minutes,
            whole_class: self.whole.get_untracked(),
            expected: work.map_or(0, |w| w.version),
        };
        self.busy.set(true);
        self.said.set(None);
        spawn_local(async move {
            let answer = api::save(edit).await;
            let done = answer.is_ok();
            self.reload().await;
            self.busy.try_set(false);
            self.error.try_set(answer.err());
            if done {
                self.fill(None);
                self.said.try_set(Some(t::assessment_saved(lang)));
            }
        });
    }

    fn remove(self, work: &Work) {
        let (id, lang) = (work.id, kit::lang());
        self.said.set(None);
        spawn_local(async move {
            let answer = api::remove(id).await;
            let done = answer.is_ok();
            self.reload().await;
            self.error.try_set(answer.err());
            if done {
                self.fill(None);
                self.said.try_set(Some(t::assessment_removed(lang)));
            }
        });
    }
}

fn page(desk: Desk) -> AnyView {
    let lang = kit::lang();
    let (load, title, may) = (desk.load, desk.title.clone(), desk.may_plan);
    let form = Form::new(desk);
    let works = move || {
        let works = form.desk.with(|d| d.works.clone());
        if works.is_empty() {
            return view! { <p class="muted">{t::assessment_none(lang)}</p> }.into_any();
        }
        let cards = works.into_iter().map(|work| card(form, work, may)).collect_view();
        view! { <ul class="stack">{cards}</ul> }.into_any()
    };
    view! {
        <div class="page page-narrow stack">
            <nav class="crumbs" aria-label=t::assessment_path(lang)>
                <a href="/journal">{t::journal_journals(lang)}</a><a href=format!("/journal/{load}")>{title.clone()}</a><span>{t::assessment_title(lang)}</span>
            </nav>
            <div class="page-head"><h1>{t::assessment_of(lang, title)}</h1></div>
            <p class="muted">{t::assessment_note_text(lang)}</p>
            {may.then(|| form_view(form))}
            <div role="status">{move || form.said.get().map(|s| view! { <div class="banner banner-ok"><p>{s}</p></div> })}</div>
            <section class="stack" aria-labelledby="assessment-works"><h2 id="assessment-works">{t::assessment_works(lang)}</h2>{works}</section>
        </div>
    }
    .into_any()
}

fn form_view(form: Form) -> AnyView {
    let lang = kit::lang();
    let places = form.desk.with_untracked(|d| d.known.places.clone());
    let kinds = form.desk.with_untracked(|d| d.kinds.clone());
    let mut days: Vec<(NaiveDate, i16)> = places.iter().map(|p| (p.date, p.slot)).collect();
    days.dedup_by_key(|d| d.0);
    let days = days.into_iter().map(|(date, slot)| {
        let value = date.to_string();
        let words = format!(
            "{}, {}",
            parts::day(date, lang),
            t::journal_lesson_number(lang, slot + 1)
        );
        let own = value.clone();
        view! { <option value=value selected=move || form.date.with(|d| *d == own)>{words}</option> }
    });
    let kinds = kinds.into_iter().map(|(id, title)| {
        view! { <option value=id.to_string() selected=move || form.kind.get() == id>{title}</option> }
    });
    let against = move || {
        let planned = form.planned()?;
        let (remarks, near) = form
            .desk
            .with(|d| (check(&planned, &d.known), free(&planned, &d.known, OFFERED)));
        if remarks.is_empty() {
            return Some(
                view! { <p class="norm" data-tone="ok"><b>{t::assessment_nothing_against(lang)}</b></p> }
                    .into_any(),
            );
        }
        let chips = near.into_iter().map(|place| {
            let value = place.date.to_string();
            view! { <button class="chip" type="button" on:click=move |_| form.date.set(value.clone())>{parts::day(place.date, lang)}</button> }
        }).collect::<Vec<_>>();
        let offered = if chips.is_empty() {
            view! { <p class="small muted">{t::assessment_no_free(lang)}</p> }.into_any()
        } else {
            view! { <div class="cluster" role="group" aria-label=t::assessment_free(lang)><span class="small muted">{t::assessment_free(lang)}</span>{chips}</div> }.into_any()
        };
        Some(view! { <div class="stack stack-s">{parts::remarks(&remarks, lang)}{offered}<p class="small muted">{t::assessment_may_be_saved(lang)}</p></div> }.into_any())
    };
    let submit = move |e: web_sys::SubmitEvent| {
        e.prevent_default();
        form.save();
    };
    let group = form.desk.with_untracked(|d| !d.model.parts.is_empty());
    let whole = if group {
        t::assessment_whole_group(lang)
    } else {
        t::assessment_whole(lang)
    };
    let heading = move || {
        if form.work.with(Option::is_some) {
            t::assessment_change(lang)
        } else {
            t::assessment_add(lang)
        }
    };
    view! {
        <form class="card stack" on:submit=submit aria-labelledby="assessment-form">
            <h2 id="assessment-form">{heading}</h2>
            <div class="field"><label for="assessment-what">{t::assessment_what(lang)}</label>
                <input id="assessment-what" required maxlength="200" prop:value=form.title on:input=move |e| form.title.set(event_target_value(&e))/></div>
            <div class="field-row">
                <div class="field"><label for="assessment-kind">{t::assessment_kind(lang)}</label>
                    <select id="assessment-kind" class="select" on:change={move |e| if let Ok(kind) = event_target_value(&e).parse() { form.kind.set(kind) }}>{kinds.collect_view()}</select></div>
                <div class="field"><label for="assessment-minutes">{t::assessment_minutes(lang)}</label>
                    <input id="assessment-minutes" type="number" min="1" max="360" inputmode="numeric" required prop:value=form.minutes on:input=move |e| form.minutes.set(event_target_value(&e))/></div>
            </div>
            <div class="field"><label for="assessment-day">{t::assessment_day(lang)}</label>
                <select id="assessment-day" class="select" aria-describedby="assessment-against" prop:value=form.date on:change=move |e| form.date.set(event_target_value(&e))>{days.collect_view()}</select></div>
            <label class="check"><input type="checkbox" prop:checked=form.whole on:change=move |e| form.whole.set(event_target_checked(&e))/> <span>{whole}</span></label>
            {group.then(|| view! { <p class="small muted">{t::assessment_of_group(lang)}</p> })}
            <div id="assessment-against" role="status" aria-live="polite">{against}</div>
            <kit::ErrorBanner error=form.error/>
            <div class="cluster">
                <button class="btn btn-primary" type="submit" disabled=form.busy>{t::assessment_save(lang)}</button>
                {move || form.work.with(Option::is_some).then(|| view! { <button class="btn btn-quiet" type="button" on:click=move |_| form.fill(None)>{t::assessment_cancel(lang)}</button> })}
            </div>
        </form>
    }
    .into_any()
}

fn card(form: Form, work: Work, may: bool) -> AnyView {
    let lang = kit::lang();
    let planned = work.planned.clone();
    let past = form.desk.with_untracked(|d| planned.date < d.today);
    let about = t::assessment_about(lang, &work.kind, i64::from(planned.minutes));
    let label = format!("{}, {}", parts::day(planned.date, lang), planned.title);
    let (change, remove) = (work.clone(), work.clone());
    let buttons = (may && !past).then(|| view! {
        <div class="cluster">
            <button class="btn btn-small" type="button" aria-label=t::assessment_change_label(lang, &label) on:click=move |_| form.fill(Some(change.clone()))>{t::assessment_change(lang)}</button>
            <button class="btn btn-small btn-quiet" type="button" aria-label=t::assessment_remove_label(lang, &label) on:click=move |_| form.remove(&remove)>{t::assessment_remove(lang)}</button>
        </div>
    });
    let fact = parts::fact(&work, lang);
    view! {
        <li class="card stack stack-s">
            <div class="card-head"><h3>{parts::day(planned.date, lang)}": "{planned.title}</h3>{parts::badge(work.state, lang)}</div>
            <p class="small muted">{about}</p>
            {work.note.map(|note| view! { <p><b>{t::assessment_deputy_says(lang)}</b>" "{note}</p> })}
            {fact}
            {parts::remarks(&work.remarks, lang)}
            {buttons}
        </li>
    }
    .into_any()
}
