//! `/classes/import`: choose a list, see what is in which column and what it would do, correct it, say yes.

use base::{AppError, Lang};
use kit::file::{TableField, Words};
use kit::table::{self, Sitting};
use leptos::prelude::*;
use leptos_meta::Title;
use study_core::roll::{Classes, Column, LARGEST_FILE, Preview, Since, column_title, sample};

use super::api::{classes, import, preview};
use super::outcome;
use crate::t;

/// Where the person is with their list.
#[derive(Clone, Copy)]
struct Work {
    lang: Lang,
    list: Sitting<Column, Preview>,
    since: RwSignal<Since>,
}

impl Work {
    fn new(lang: Lang) -> Self {
        Self {
            lang,
            list: Sitting::new(),
            since: RwSignal::new(Since::Year),
        }
    }

    /// Asks what the list would do; a new file also has its columns recognised.
    fn ask(self, new_file: bool) {
        let Self { lang, list, since } = self;
        let columns = (!new_file).then(|| list.columns.get_untracked());
        let (file, since) = (list.file(), since.get_untracked());
        let found = move |told: &Preview| {
            let column = |(n, found): (usize, &study_core::roll::Found)| table::Found {
                header: match found.header.as_str() {
                    "" => t::roll_no_header(lang, n + 1),
                    header => header.to_owned(),
                },
                sample: found.sample.clone(),
                column: found.column,
            };
            told.columns.iter().enumerate().map(column).collect()
        };
        list.ask(new_file, preview(file, columns, since), found);
    }

    fn import(self) {
        let (list, since) = (self.list, self.since.get_untracked());
        let columns = Some(list.columns.get_untracked());
        list.take_over(import(
            list.file(),
            columns,
            since,
            list.without_bad.get_untracked(),
        ));
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
    let list = work.list;
    view! {
        <div class="page page-narrow stack">
            {head}
            <p class="muted">{t::roll_load_note(lang)}</p>
            {choose(work, &sample(lang, &names))}
            {move || (!list.found.with(Vec::is_empty)).then(|| columns(work))}
            <div aria-live="polite">
                {move || list.is_reading().then(|| view! {
                    <section class="card"><kit::Working words=t::import_reading(lang, list.name.get())/></section>
                })}
                {move || list.done.get().map(|done| outcome::done(&done, lang))}
            </div>
            {move || list.told.get().map(|told| view! {
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
    let on = work.list.chosen(move || work.ask(true));
    view! {
        <section class="card stack">
            <TableField id="roll-file" words largest=largest() error=work.list.error on/>
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

/// What each column is, and from when the pupils are there.
fn columns(work: Work) -> AnyView {
    let lang = work.lang;
    let words = table::Words {
        id: "roll-columns",
        title: t::roll_columns(lang),
        note: t::roll_columns_note(lang),
        in_file: t::roll_in_file(lang),
        means: t::roll_means(lang),
    };
    let kinds: Vec<_> = Column::ALL
        .iter()
        .map(|c| (c.key(), column_title(*c, lang).to_owned(), *c))
        .collect();
    let label = move |header: &str| t::roll_column_is(lang, header);
    let again = Callback::new(move |()| work.ask(false));
    view! {
        <section class="card stack">
            {table::columns(work.list, words, &kinds, label, again)}
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
    let Work { lang, list, .. } = work;
    let (bad, whole) = (told.bad_rows, told.missing.is_empty());
    let changes = told.counts.changes_anything();
    let ready = move || whole && changes && !list.busy.get() && (bad == 0 || list.without_bad.get());
    view! {
        {(whole && changes && bad > 0).then(|| view! {
            <label class="check"><input type="checkbox" prop:checked=list.without_bad
                on:change=move |event| list.without_bad.set(event_target_checked(&event))/>
                <span>{t::roll_without_bad(lang, i64::from(bad))}</span></label>
        })}
        {(whole && !changes && told.rows > bad).then(|| view! { <div class="banner banner-ok"><p>{t::roll_nothing_new(lang)}</p></div> })}
        <p class="muted small">{t::roll_rule(lang)}</p>
        <button class="btn btn-primary" type="button" disabled=move || !ready() aria-busy=move || list.busy.get().to_string()
            on:click=move |_| work.import()>{t::roll_confirm(lang)}</button>
    }
    .into_any()
}
