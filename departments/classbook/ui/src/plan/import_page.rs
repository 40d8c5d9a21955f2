//! `/journal/:load/plan/import`: choose a file, see what stands in which column and what the plan will be, correct it, say yes.

use base::{AppError, Lang, LoadId};
use classbook_core::plan::{Book, Column, Preview};
use kit::file::{TableField, Words};
use kit::table::{self, Sitting};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use super::api;
use super::import_outcome as outcome;
use crate::t;

/// The largest file, as the server has it: 5 MB.
const LARGEST: f64 = 5.0 * 1024.0 * 1024.0;

/// Where the person is with their file.
#[derive(Clone, Copy)]
pub(super) struct Work {
    pub lang: Lang,
    load: LoadId,
    revision: RwSignal<i32>,
    /// Rows that the plan has now.
    pub has: RwSignal<i64>,
    pub file: Sitting<Column, Preview>,
    pub append: RwSignal<bool>,
}

impl Work {
    fn new(book: &Book, lang: Lang) -> Self {
        Self {
            lang,
            load: book.load,
            revision: RwSignal::new(book.revision),
            has: RwSignal::new(i64::try_from(book.plan.rows.len()).unwrap_or(0)),
            file: Sitting::new(),
            append: RwSignal::new(false),
        }
    }

    /// Asks what the file would bring; a new file also has its columns recognised.
    fn ask(self, new_file: bool) {
        let Self { lang, file, load, .. } = self;
        let columns = (!new_file).then(|| file.columns.get_untracked());
        let found = move |told: &Preview| {
            let column = |(n, found): (usize, &classbook_core::plan::table::Found)| table::Found {
                header: match found.header.as_str() {
                    "" => t::plan_file_no_header(lang, n + 1),
                    header => header.to_owned(),
                },
                sample: found.sample.clone(),
                column: found.column,
            };
            told.columns.iter().enumerate().map(column).collect()
        };
        file.ask(new_file, api::preview(load, file.file(), columns), found);
    }

    /// Imports it.
    pub fn import(self) {
        let file = self.file;
        let columns = Some(file.columns.get_untracked());
        let (append, without_bad) = (self.append.get_untracked(), file.without_bad.get_untracked());
        let revision = self.revision.get_untracked();
        file.take_over(async move {
            let answer = api::import(self.load, revision, file.file(), columns, append, without_bad).await;
            // the plan is another one now, by this import or by somebody else's act
            if let Ok(book) = api::book(self.load).await {
                let _ = self.revision.try_set(book.revision);
                let _ = self.has.try_set(i64::try_from(book.plan.rows.len()).unwrap_or(0));
            }
            answer
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
    let file = work.file;
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
            {move || (!file.found.with(Vec::is_empty)).then(|| columns(work))}
            <div aria-live="polite">
                {move || file.is_reading().then(|| view! {
                    <section class="card"><kit::Working words=t::plan_file_reading(lang, file.name.get())/></section>
                })}
                {move || file.done.get().map(|done| outcome::done(&done, &back, lang))}
            </div>
            {move || file.told.get().map(|told| view! {
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
    let on = work.file.chosen(move || work.ask(true));
    view! { <section class="card stack"><TableField id="plan-file" words largest=LARGEST error=work.file.error on/></section> }
        .into_any()
}

/// What each column is.
fn columns(work: Work) -> AnyView {
    let lang = work.lang;
    let words = table::Words {
        id: "plan-columns",
        title: t::plan_file_columns(lang),
        note: t::plan_file_columns_note(lang),
        in_file: t::plan_file_in_file(lang),
        means: t::plan_file_means(lang),
    };
    let kinds: Vec<_> = Column::ALL
        .iter()
        .map(|c| (c.key(), c.title(lang).to_owned(), *c))
        .collect();
    let label = move |header: &str| t::plan_file_column_is(lang, header);
    let again = Callback::new(move |()| work.ask(false));
    view! { <section class="card stack">{table::columns(work.file, words, &kinds, label, again)}</section> }
        .into_any()
}
