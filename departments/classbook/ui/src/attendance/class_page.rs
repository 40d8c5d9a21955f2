//! `/attendance/:class`: what is open, the setting of a reason, the month of the class, the reasons that were set.

use base::{AbsenceNoteId, AppError, ClassId, Lang, PupilId};
use chrono::NaiveDate;
use classbook_core::attendance::Sheet;
use classbook_core::sheet::At;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::api::{self, Outcome};
use super::{form, lists, month};
use crate::t;

/// What the address fills in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub pupil: Option<PupilId>,
    pub from: Option<NaiveDate>,
    pub until: Option<NaiveDate>,
    pub note: Option<AbsenceNoteId>,
    /// The figure of the month that is open.
    pub behind: Option<At>,
}

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub(super) struct Page {
    pub lang: Lang,
    pub wanted: Memo<Wanted>,
    /// What the last act has done.
    pub done: RwSignal<Option<Happened>>,
    pub error: RwSignal<Option<AppError>>,
    pub busy: RwSignal<bool>,
    /// Asks for the sheet anew.
    pub again: Callback<()>,
}

/// What an act has done, in words, and whether it can be taken back here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Happened {
    pub words: String,
    pub back: Option<Outcome>,
}

impl Page {
    /// Takes a reason back.
    pub fn take_back(self, id: base::AbsenceReasonId) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = api::withdraw(id).await;
            self.busy.set(false);
            match answer {
                Ok(out) => self.say(t::attendance_taken_back(self.lang, out.lessons), out.kept, None),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Sets a known reason for what was recorded since.
    pub fn apply(self, id: base::AbsenceReasonId) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        leptos::task::spawn_local(async move {
            let answer = api::apply(id).await;
            self.busy.set(false);
            match answer {
                Ok(out) => self.say(t::attendance_set_done(self.lang, out.lessons), out.kept, None),
                Err(error) => self.error.set(Some(error)),
            }
        });
    }

    /// Says what was done, and shows the sheet as it is now.
    pub fn say(self, mut words: String, kept: i64, back: Option<Outcome>) {
        if kept > 0 {
            words.push(' ');
            words.push_str(&t::attendance_kept(self.lang, kept));
        }
        self.error.set(None);
        self.done.set(Some(Happened { words, back }));
        self.again.run(());
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let lang = kit::lang();
    let (params, query) = (use_params_map(), use_query_map());
    // without the query's other parts: filling the form in asks nobody
    let address = Memo::new(move |_| {
        let class = params.read().get("class").and_then(|c| c.parse::<ClassId>().ok());
        (class, query.read().get("month").map(|m| first_of(&m)))
    });
    let data = Resource::new_blocking(
        move || address.get(),
        |(class, month)| async move {
            match (class, month) {
                (Some(class), None) => api::sheet(class, None).await,
                (Some(class), Some(Some(month))) => api::sheet(class, Some(month)).await,
                _ => crate::diary::mark_not_found(),
            }
        },
    );
    let wanted = Memo::new(move |_| {
        query.with(|q| {
            let date = |name: &str| q.get(name).and_then(|d| d.parse().ok());
            Wanted {
                pupil: q.get("pupil").and_then(|p| p.parse().ok()),
                from: date("from"),
                until: date("until"),
                note: q.get("note").and_then(|n| n.parse().ok()),
                behind: q.get("behind").and_then(|at| at.parse().ok()),
            }
        })
    });
    let page = Page {
        lang,
        wanted,
        done: RwSignal::new(None),
        error: RwSignal::new(None),
        busy: RwSignal::new(false),
        again: Callback::new(move |()| data.refetch()),
    };
    view! {
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(sheet) => drawn(page, sheet),
                    Err(error) => view! { <Title text=t::attendance_title(lang)/><kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

/// «2026-11» as its first day.
fn first_of(month: &str) -> Option<NaiveDate> {
    format!("{month}-01").parse().ok()
}

fn drawn(page: Page, sheet: Sheet) -> AnyView {
    let lang = page.lang;
    let title = t::attendance_of(lang, &sheet.name);
    let class = sheet.class;
    let teacher = if sheet.teacher.is_empty() {
        t::attendance_no_teacher(lang).to_owned()
    } else {
        t::attendance_teacher(lang, &sheet.teacher)
    };
    let done = move || {
        page.done.get().map(|happened| {
            let back = happened.back.map(|out| {
                let undo = move |_| page.take_back(out.id);
                view! { <button class="btn btn-small" type="button" on:click=undo>{t::attendance_take_back(lang)}</button> }
            });
            view! { <div class="banner banner-ok"><p>{happened.words}</p>{back}</div> }
        })
    };
    let error = page.error;
    view! {
        <Title text=title.clone()/>
        <div class="page page-wide stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><a href="/attendance">{t::attendance_title(lang)}</a><span>{sheet.name.clone()}</span></nav>
            <div class="page-head">
                <h1>{title}</h1>
                <p class="page-note">{teacher}</p>
                <div class="page-actions"><a class="btn" href=format!("/acknowledgements/{class}")>{t::acknowledgement_title(lang)}</a><a class="btn" href=format!("/exemptions/{class}")>{t::exemption_title(lang)}</a></div>
            </div>
            <div role="status">{done}</div>
            <kit::ErrorBanner error/>
            {lists::open(page, &sheet)}
            {sheet.may_edit.then(|| form::form(page, &sheet))}
            {month::month(page, &sheet)}
            {lists::acts(page, &sheet)}
        </div>
    }
    .into_any()
}

/// A span of days as people write it: one day is one day.
pub(super) fn days(from: NaiveDate, to: NaiveDate, lang: Lang) -> String {
    if from == to {
        kit::date::day_month(from, lang)
    } else {
        kit::date::span(from, to, lang)
    }
}
