//! `/journal/:load/plan/import`: choose a file, see what stands in which column and what the plan will be, correct it, say yes.

use std::sync::Arc;

use base::{AppError, Lang, LoadId};
use classbook_core::plan::{Book, Column, Preview};
use kit::file::{Chosen, TableField, Words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api;
use super::import_outcome as outcome;
use crate::t;

/// The largest file, as the server has it: 5 MB.
const LARGEST: f64 = 5.0 * 1024.0 * 1024.0;

/// Where the person is with their file. Signals apart, so that choosing a column does not draw the columns anew under the
/// person's fingers.
#[derive(Clone, Copy)]
pub(super) struct Work {
    pub lang: Lang,
    load: LoadId,
    revision: RwSignal<i32>,
    /// Rows that the plan has now.
    pub has: RwSignal<i64>,
    /// The file's name; drawn while it is read.
    name: RwSignal<String>,
    file: StoredValue<Arc<str>>,
    /// The columns of this file, as they were recognised; drawn once for a file.
    found: RwSignal<Vec<classbook_core::plan::table::Found>>,
    columns: RwSignal<Vec<Column>>,
    pub append: RwSignal<bool>,
    pub without_bad: RwSignal<bool>,
    /// What the server says of file and columns.
    told: RwSignal<Option<Preview>>,
    error: RwSignal<Option<AppError>>,
    /// The newest question; answers to older ones come too late.
    asked: RwSignal<u32>,
    pub busy: RwSignal<bool>,
    done: RwSignal<Option<Preview>>,
}

impl Work {
    fn new(book: &Book, lang: Lang) -> Self {
        Self {
            lang,
            load: book.load,
            revision: RwSignal::new(book.revision),
            has: RwSignal::new(i64::try_from(book.plan.rows.len()).unwrap_or(0)),
            name: RwSignal::new(String::new()),
            file: StoredValue::new(Arc::from("")),
            found: RwSignal::new(vec![]),
            columns: RwSignal::new(vec![]),
            append: RwSignal::new(false),
            without_bad: RwSignal::new(false),
            told: RwSignal::new(None),
            error: RwSignal::new(None),
            asked: RwSignal::new(0),
            busy: RwSignal::new(false),
            done: RwSignal::new(None),
        }
    }

    fn forget(self) {
        self.found.set(vec![]);
        self.columns.set(vec![]);
        self.told.set(None);
        self.error.set(None);
        self.done.set(None);
        self.without_bad.set(false);
    }

    /// Asks what the file would bring; a new file also has its columns recognised.
    fn ask(self, new_file: bool) {
        let mine = self.asked.get_untracked() + 1;
        self.asked.set(mine);
        self.busy.set(true);
        let columns = (!new_file).then(|| self.columns.get_untracked());
        let file = self.file.get_value();
        spawn_local(async move {
            let answer = api::preview(self.load, file.to_string(), columns).await;
            if self.asked.get_untracked() != mine {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(told) => {
                    if new_file {
                        self.columns.set(told.columns.iter().map(|c| c.column).collect());
                        self.found.set(told.columns.clone());
                    }
                    self.error.set(None);
                    self.told.set(Some(told));
                }
                Err(error) => {
                    self.told.set(None);
                    self.error.set(Some(error));
                }
            }
        });
    }

    /// Imports it.
    pub fn import(self) {
        self.busy.set(true);
        let columns = Some(self.columns.get_untracked());
        let file = self.file.get_value();
        let (append, without_bad) = (self.append.get_untracked(), self.without_bad.get_untracked());
        spawn_local(async move {
            let revision = self.revision.get_untracked();
            let answer = api::import(
                self.load,
                revision,
                file.to_string(),
                columns,
                append,
                without_bad,
            )
            .await;
            // the plan is another one now, by this import or by somebody else's act
            if let Ok(book) = api::book(self.load).await {
                self.revision.set(book.revision);
                self.has.set(i64::try_from(book.plan.rows.len()).unwrap_or(0));
            }
            self.busy.set(false);
            match answer {
                Ok(done) => {
                    self.forget();
                    self.done.set(Some(done));
                }
                Err(error) => self.error.set(Some(error)),
            }
        });
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let params = use_params_map();
    let load = move || params.with(|p| p.get("load").and_then(|l| l.parse::<LoadId>().ok()));
    let data = Resource::new_blocking(load, |load| async move {
        match load {
            Some(load) => api::book(load).await,
            None => refused(AppError::NotFound),
        }
    });
    let lang = kit::lang();
    view! {
        <Title text=t::plan_file_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await.and_then(may) {
                    Ok(book) => page(&book, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// Who may not change the plan is told so, and it is the answer's status as well.
fn may(book: Book) -> Result<Book, AppError> {
    if book.may_edit {
        Ok(book)
    } else {
        refused(AppError::Forbidden)
    }
}

fn refused(error: AppError) -> Result<Book, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(error));
    #[cfg(not(feature = "ssr"))]
    Err(error)
}

fn page(book: &Book, lang: Lang) -> AnyView {
    let work = Work::new(book, lang);
    let name = format!("{}, {}", book.subject, book.audience);
    let plan = format!("/journal/{}/plan", book.load);
    let back = plan.clone();
    view! {
        <div class="page page-narrow stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)>
                <a href="/journal">{t::journal_journals(lang)}</a><a href=format!("/journal/{}", book.load)>{name}</a>
                <a href=plan>{t::plan_title(lang)}</a><span>{t::plan_file_title(lang)}</span>
            </nav>
            <div class="page-head"><h1>{t::plan_file_title(lang)}</h1></div>
            <p class="muted">{t::plan_file_note(lang)}</p>
            {choose(work)}
            {move || (!work.found.with(Vec::is_empty)).then(|| columns(work))}
            <div role="status" aria-live="polite" aria-busy=move || work.busy.get().to_string()>
                {move || (work.busy.get() && work.told.with(Option::is_none)).then(|| view! {
                    <section class="card stack"><p>{t::plan_file_reading(lang, work.name.get())}</p>
                        <progress class="progress" aria-label=t::plan_file_title(lang)></progress></section>
                })}
                {move || work.done.get().map(|done| outcome::done(&done, &back, lang))}
            </div>
            {move || work.told.get().map(|told| view! {
                <section class="card stack">
                    <h2 id="plan-outcome">{t::plan_file_outcome(lang)}</h2>
                    {outcome::told(&told, lang)}
                    {outcome::agree(work, &told)}
                </section>
            })}
        </div>
    }
    .into_any()
}

fn choose(work: Work) -> AnyView {
    let lang = work.lang;
    let words = Words {
        label: t::plan_file_choose(lang),
        hint: t::plan_file_hint(lang),
        too_large: t::plan_file_too_large(lang),
        unreadable: t::plan_file_unreadable(lang),
    };
    let on = Callback::new(move |chosen| match chosen {
        Chosen::Begun(name) => {
            work.forget();
            work.name.set(name);
            work.busy.set(true);
        }
        Chosen::Failed(error) => {
            work.busy.set(false);
            work.error.set(Some(error));
        }
        Chosen::Read(text) => {
            work.file.set_value(text.into());
            work.ask(true);
        }
    });
    view! { <section class="card stack"><TableField id="plan-file" words largest=LARGEST error=work.error on/></section> }
        .into_any()
}

/// Each column with its head, its first value and a choice of what it is.
fn columns(work: Work) -> AnyView {
    let lang = work.lang;
    let rows = work.found.get_untracked().into_iter().enumerate().map(|(n, found)| {
        let change = move |event: leptos::ev::Event| {
            if let Some(column) = Column::from_key(&event_target_value(&event)) {
                work.columns.update(|all| {
                    if let Some(place) = all.get_mut(n) {
                        *place = column;
                    }
                });
                work.ask(false);
            }
        };
        let options = Column::ALL.iter().map(|column| {
            view! { <option value=column.key() selected=*column == found.column>{column.title(lang)}</option> }
        });
        let header = if found.header.is_empty() {
            t::plan_file_no_header(lang, n + 1)
        } else {
            found.header.clone()
        };
        let label = t::plan_file_column_is(lang, &header);
        view! {
            <tr><th scope="row">{header}<br/><small class="muted">{found.sample}</small></th>
                <td><select class="select" aria-label=label on:change=change>{options.collect_view()}</select></td></tr>
        }
    });
    view! {
        <section class="card stack">
            <h2 id="plan-columns">{t::plan_file_columns(lang)}</h2>
            <p class="muted">{t::plan_file_columns_note(lang)}</p>
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby="plan-columns">
                <table class="table">
                    <thead><tr><th scope="col">{t::plan_file_in_file(lang)}</th><th scope="col">{t::plan_file_means(lang)}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
