//! `/exemptions/:class`: who is exempt from what, and the form to enter it.

use base::{AppError, ClassId, ExemptionId, Lang, PupilId, SubjectId};
use classbook_core::attendance::Document;
use classbook_core::exemption::{Exemption, Exemptions, NewExemption};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api;
use crate::attendance::paper::{PaperDraft, fields};
use crate::t;

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Page {
    lang: Lang,
    error: RwSignal<Option<AppError>>,
    done: RwSignal<Option<&'static str>>,
    busy: RwSignal<bool>,
    again: Callback<()>,
}

impl Page {
    /// What became of an act.
    fn close(self, answer: Result<(), AppError>, words: &'static str) {
        self.busy.set(false);
        match answer {
            Ok(()) => {
                self.error.set(None);
                self.done.set(Some(words));
                self.again.run(());
            }
            Err(error) => self.error.set(Some(error)),
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let params = use_params_map();
    let class = move || params.read().get("class").and_then(|c| c.parse::<ClassId>().ok());
    let data = Resource::new_blocking(class, |class| async move {
        match class {
            Some(class) => api::exemptions(class).await,
            None => crate::diary::mark_not_found(),
        }
    });
    let page = Page {
        lang,
        error: RwSignal::new(None),
        done: RwSignal::new(None),
        busy: RwSignal::new(false),
        again: Callback::new(move |()| data.refetch()),
    };
    view! {
        <Title text=t::exemption_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(all) => drawn(page, all),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn drawn(page: Page, all: Exemptions) -> AnyView {
    let lang = page.lang;
    let form = all.may_edit.then(|| form(page, &all));
    let (today, offset, may_edit) = (all.today, all.utc_offset, all.may_edit);
    let rows = all
        .list
        .iter()
        .map(|one| row(page, one, today, offset, may_edit))
        .collect_view();
    let list = if all.list.is_empty() {
        view! { <p class="muted">{t::exemption_none(lang)}</p> }.into_any()
    } else {
        view! { <ul class="list card card-flush">{rows}</ul> }.into_any()
    };
    let back = all.sees_attendance.then(|| {
        let href = format!("/attendance/{}", all.class);
        view! { <a href=href>{t::attendance_of(lang, &all.name)}</a> }
    });
    let (done, error) = (page.done, page.error);
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)>{back}<span>{t::exemption_title(lang)}</span></nav>
            <div class="page-head">
                <h1>{t::exemption_of(lang, &all.name)}</h1>
                <p class="page-note">{t::exemption_note(lang)}</p>
            </div>
            <div role="status">{move || done.get().map(|words| view! { <div class="banner banner-ok"><p>{words}</p></div> })}</div>
            <kit::ErrorBanner error/>
            {form}
            <section class="stack stack-s" aria-labelledby="exempt">
                <h2 id="exempt">{t::exemption_list(lang)}</h2>
                {list}
            </section>
        </div>
    }
    .into_any()
}

fn form(page: Page, all: &Exemptions) -> AnyView {
    let lang = page.lang;
    let pupil = RwSignal::new(None::<PupilId>);
    let subject = RwSignal::new(all.subjects.first().map(|(id, _)| *id));
    let from = RwSignal::new(all.today.to_string());
    let until = RwSignal::new(all.today.to_string());
    let attends = RwSignal::new(false);
    let paper = PaperDraft::new(Document::Certificate);
    let pupils = all
        .pupils
        .iter()
        .map(|(id, name)| {
            let id = *id;
            view! { <option value=id.to_string() prop:selected=move || pupil.get() == Some(id)>{name.clone()}</option> }
        })
        .collect_view();
    let subjects = all
        .subjects
        .iter()
        .map(|(id, name)| {
            let id = *id;
            view! { <option value=id.to_string() prop:selected=move || subject.get() == Some(id)>{name.clone()}</option> }
        })
        .collect_view();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let date = |text: RwSignal<String>| text.get_untracked().parse::<chrono::NaiveDate>().ok();
        let asked = pupil
            .get_untracked()
            .zip(subject.get_untracked())
            .zip(date(from).zip(date(until)));
        let Some(((pupil, subject), (starts_on, ends_on))) = asked else {
            page.error
                .set(Some(AppError::invalid("", t::exemption_incomplete(lang))));
            return;
        };
        if page.busy.get_untracked() {
            return;
        }
        page.busy.set(true);
        let new = NewExemption {
            pupil,
            subject,
            starts_on,
            ends_on,
            attends: attends.get_untracked(),
            paper: paper.read(),
        };
        spawn_local(async move {
            page.close(api::add(new).await.map(drop), t::exemption_done(lang));
        });
    };
    let date_field = |id: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <div class="field">
                <label for=id>{label}</label>
                <input id=id type="date" required prop:value=value on:input=move |e| value.set(event_target_value(&e))/>
            </div>
        }
    };
    view! {
        <section class="card stack" aria-labelledby="enter">
            <h2 id="enter">{t::exemption_enter(lang)}</h2>
            <form class="stack" on:submit=submit>
                <div class="field-row">
                    <div class="field">
                        <label for="exempt-pupil">{t::journal_pupil(lang)}</label>
                        <select id="exempt-pupil" class="select" required on:change=move |e| pupil.set(event_target_value(&e).parse().ok())>
                            <option value="" prop:selected=move || pupil.get().is_none()>{t::attendance_pupil_none(lang)}</option>
                            {pupils}
                        </select>
                    </div>
                    <div class="field">
                        <label for="exempt-subject">{t::exemption_subject(lang)}</label>
                        <select id="exempt-subject" class="select" required on:change=move |e| subject.set(event_target_value(&e).parse::<SubjectId>().ok())>{subjects}</select>
                    </div>
                    {date_field("exempt-from", t::absence_from(lang), from)}
                    {date_field("exempt-until", t::absence_until(lang), until)}
                </div>
                {fields(paper, "exempt", all.today, lang)}
                <label class="check">
                    <input type="checkbox" prop:checked=attends on:change=move |e| attends.set(event_target_checked(&e))/>
                    <span>{t::exemption_attends(lang)}</span>
                </label>
                <div><button class="btn btn-primary" type="submit" disabled=move || page.busy.get() aria-busy=move || page.busy.get().to_string()>{t::exemption_save(lang)}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn row(page: Page, one: &Exemption, today: chrono::NaiveDate, offset: i32, may_edit: bool) -> AnyView {
    let lang = page.lang;
    let span = kit::date::span(one.starts_on, one.ends_on, lang);
    let on = one.paper.on.map(|on| kit::date::full(on, lang));
    let paper = match on {
        Some(on) => t::attendance_dated(lang, on, one.paper.words(lang)),
        None => one.paper.words(lang),
    };
    let by = t::absence_by(lang, &one.by, kit::date::moment(one.at, offset, lang));
    let attends = one
        .attends
        .then(|| view! { " · "{t::exemption_attends_short(lang)} });
    let state = if one.withdrawn {
        Some((t::attendance_withdrawn(lang), None))
    } else if one.ends_on < today {
        Some((t::exemption_over(lang), None))
    } else if one.starts_on > today {
        Some((t::exemption_to_come(lang), Some("info")))
    } else {
        Some((t::exemption_now(lang), Some("ok")))
    };
    let state = state.map(|(words, tone)| view! { <span class="badge" data-tone=tone>{words}</span> });
    let id: ExemptionId = one.id;
    let undo = (may_edit && !one.withdrawn).then(|| {
        let label = format!("{}: {}, {}", t::attendance_take_back(lang), one.name, one.subject);
        let back = move |_| {
            if page.busy.get_untracked() {
                return;
            }
            page.busy.set(true);
            spawn_local(async move {
                page.close(api::withdraw(id).await, t::exemption_taken_back(lang));
            });
        };
        view! { <button class="btn btn-small" type="button" aria-label=label disabled=move || page.busy.get() on:click=back>{t::attendance_take_back(lang)}</button> }
    });
    view! {
        <li class="cluster">
            <span>
                <b>{one.name.clone()}</b>" · "{one.subject.clone()}<br/>
                {span}{attends}<br/>
                <small class="muted">{paper}" · "{by}</small>
            </span>
            <span class="spacer"></span>
            {state}{undo}
        </li>
    }
    .into_any()
}
