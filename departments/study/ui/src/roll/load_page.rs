//! `/classes/import`: choose a list, see what is in which column and what it would do, correct it, say yes.

use std::sync::Arc;

use base::{AppError, Lang};
use kit::file::{Chosen, TableField, Words};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_meta::Title;
use study_core::roll::{Classes, Column, Found, LARGEST_FILE, Preview, Since, column_title, sample};

use super::api::{classes, import, preview};
use super::outcome;
use crate::t;

/// Where the person is with their file. Signals apart, so that choosing a column does not draw the columns anew under the
/// person's fingers.
#[derive(Clone, Copy)]
struct Work {
    lang: Lang,
    /// The file's name; drawn while it is read.
    name: RwSignal<String>,
    /// The file as it is sent.
    file: StoredValue<Arc<str>>,
    /// The columns of this file, as they were recognised; drawn once for a file.
    found: RwSignal<Vec<Found>>,
    /// What each column is taken for now.
    columns: RwSignal<Vec<Column>>,
    since: RwSignal<Since>,
    without_bad: RwSignal<bool>,
    /// What the server says of file and columns.
    told: RwSignal<Option<Preview>>,
    error: RwSignal<Option<AppError>>,
    /// The newest question; answers to older ones come too late.
    asked: RwSignal<u32>,
    busy: RwSignal<bool>,
    done: RwSignal<Option<Preview>>,
}

impl Work {
    fn new(lang: Lang) -> Self {
        Self {
            lang,
            name: RwSignal::new(String::new()),
            file: StoredValue::new(Arc::from("")),
            found: RwSignal::new(vec![]),
            columns: RwSignal::new(vec![]),
            since: RwSignal::new(Since::Year),
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

    /// Asks what the list would do; a new file also has its columns recognised.
    fn ask(self, new_file: bool) {
        let mine = self.asked.get_untracked() + 1;
        self.asked.set(mine);
        self.busy.set(true);
        let columns = (!new_file).then(|| self.columns.get_untracked());
        let (file, since) = (self.file.get_value(), self.since.get_untracked());
        spawn_local(async move {
            let answer = preview(file.to_string(), columns, since).await;
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

    fn import(self) {
        self.busy.set(true);
        let columns = Some(self.columns.get_untracked());
        let (file, since) = (self.file.get_value(), self.since.get_untracked());
        let without_bad = self.without_bad.get_untracked();
        spawn_local(async move {
            let answer = import(file.to_string(), columns, since, without_bad).await;
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
    let data = Resource::new_blocking(|| (), |()| classes());
    let lang = kit::lang();
    view! {
        <Title text=t::roll_load_title(lang)/>
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await.and_then(may) {
                    Ok(list) => page(&list, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

/// Who may not load lists is told so, and it is the answer's status as well.
fn may(list: Classes) -> Result<Classes, AppError> {
    if list.may_edit {
        return Ok(list);
    }
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::Forbidden));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::Forbidden)
}

fn page(list: &Classes, lang: Lang) -> AnyView {
    let names: Vec<String> = list.rows.iter().map(|r| r.name.clone()).collect();
    let head = view! {
        <nav class="crumbs" aria-label=t::roll_path(lang)><a href="/classes">{t::roll_title(lang)}</a><span>{t::roll_load_title(lang)}</span></nav>
        <div class="page-head"><h1>{t::roll_load_title(lang)}</h1></div>
    };
    if names.is_empty() {
        return view! {
            <div class="page page-narrow stack">{head}
                <kit::Empty title=t::roll_empty(lang) icon="class" text=t::roll_empty_text(lang)/></div>
        }
        .into_any();
    }
    let work = Work::new(lang);
    view! {
        <div class="page page-narrow stack">
            {head}
            <p class="muted">{t::roll_load_note(lang)}</p>
            {choose(work, &sample(lang, &names))}
            {move || (!work.found.with(Vec::is_empty)).then(|| columns(work))}
            <div role="status" aria-live="polite" aria-busy=move || work.busy.get().to_string()>
                {move || (work.busy.get() && work.told.with(Option::is_none)).then(|| view! {
                    <section class="card stack"><p>{t::import_reading(lang, work.name.get())}</p>
                        <progress class="progress" aria-label=t::roll_load_title(lang)></progress></section>
                })}
                {move || work.done.get().map(|done| outcome::done(&done, lang))}
            </div>
            {move || work.told.get().map(|told| view! {
                <section class="card stack" aria-labelledby="roll-outcome">
                    <h2 id="roll-outcome">{t::roll_outcome(lang)}</h2>
                    {outcome::told(&told, lang)}
                    {agree(work, &told)}
                </section>
            })}
        </div>
    }
    .into_any()
}

fn choose(work: Work, sample: &str) -> AnyView {
    let lang = work.lang;
    let words = Words {
        label: t::roll_choose(lang),
        hint: t::roll_hint(lang),
        too_large: t::roll_too_large(lang),
        unreadable: t::import_unreadable(lang),
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
    view! {
        <section class="card stack">
            <TableField id="roll-file" words largest=largest() error=work.error on/>
            <p><a class="btn btn-small" download=t::roll_sample_name(lang) href=data_address(sample)><kit::Icon name="import"/>{t::roll_sample(lang)}</a></p>
        </section>
    }
    .into_any()
}

fn largest() -> f64 {
    LARGEST_FILE.to_string().parse().unwrap_or(f64::MAX)
}

/// A text as an address to download it from: it was made on this page and needs no server.
fn data_address(text: &str) -> String {
    let mut address = String::from("data:text/csv;charset=utf-8,");
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => address.push(char::from(byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
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
        let options = Column::ALL.iter().map(|column| view! {
            <option value=column.key() selected=*column == found.column>{column_title(*column, lang)}</option>
        });
        let header = if found.header.is_empty() { t::roll_no_header(lang, n + 1) } else { found.header.clone() };
        let label = t::roll_column_is(lang, &header);
        view! {
            <tr><th scope="row">{header}<br/><small class="muted">{found.sample}</small></th>
                <td><select class="select" aria-label=label on:change=change>{options.collect_view()}</select></td></tr>
        }
    });
    view! {
        <section class="card stack">
            <h2 id="roll-columns">{t::roll_columns(lang)}</h2>
            <p class="muted">{t::roll_columns_note(lang)}</p>
            <div class="table-wrap" tabindex="0" role="region" aria-labelledby="roll-columns">
                <table class="table">
                    <thead><tr><th scope="col">{t::roll_in_file(lang)}</th><th scope="col">{t::roll_means(lang)}</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <div class="field">
                <label for="roll-since">{t::roll_since(lang)}</label>
                <select class="select" id="roll-since" on:change=move |event| {
                    work.since.set(if event_target_value(&event) == "today" { Since::Today } else { Since::Year });
                    work.ask(false);
                }>
                    <option value="year" selected=work.since.get_untracked() == Since::Year>{t::roll_since_year(lang)}</option>
                    <option value="today" selected=work.since.get_untracked() == Since::Today>{t::roll_since_today(lang)}</option>
                </select>
                <p class="field-hint">{t::roll_since_hint(lang)}</p>
            </div>
        </section>
    }
    .into_any()
}

/// The way to yes: with bad rows only for who agrees to leave them out.
fn agree(work: Work, told: &Preview) -> AnyView {
    let lang = work.lang;
    let (bad, whole) = (told.bad_rows, told.missing.is_empty());
    let changes = told.counts.changes_anything();
    let ready = move || whole && changes && !work.busy.get() && (bad == 0 || work.without_bad.get());
    view! {
        {(whole && changes && bad > 0).then(|| view! {
            <label class="check"><input type="checkbox" prop:checked=work.without_bad
                on:change=move |event| work.without_bad.set(event_target_checked(&event))/>
                <span>{t::roll_without_bad(lang, i64::from(bad))}</span></label>
        })}
        {(whole && !changes && told.rows > bad).then(|| view! { <div class="banner banner-ok"><p>{t::roll_nothing_new(lang)}</p></div> })}
        <p class="muted small">{t::roll_rule(lang)}</p>
        <button class="btn btn-primary" type="button" disabled=move || !ready() aria-busy=move || work.busy.get().to_string()
            on:click=move |_| work.import()>{t::roll_confirm(lang)}</button>
    }
    .into_any()
}
