//! `/disputes`: what was asked, overdue first; for a deputy also the term.

use base::{AppError, Lang};
use classbook_core::dispute::{Disputes, Line, State};
use leptos::form::ActionForm;
use leptos::prelude::*;
use leptos_meta::Title;

use super::api::{SetDisputeDays, disputes};
use super::mark_page::period_words;
use super::parts::{badge, term};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy)]
struct Loaded {
    data: Resource<Result<Disputes, AppError>>,
    set: ServerAction<SetDisputeDays>,
}

impl Loaded {
    fn ask() -> Self {
        let set = ServerAction::<SetDisputeDays>::new();
        let version = set.version();
        Self {
            data: Resource::new_blocking(move || version.get(), |_| disputes()),
            set,
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    view! {
        <Title text=t::dispute_list_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match this.data.await {
                    Ok(all) => page(this, all, lang),
                    Err(error) => view! { <kit::LoadError error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(this: Loaded, all: Disputes, lang: Lang) -> AnyView {
    let family = all.family;
    let note = if family {
        t::dispute_list_note_family(lang).to_owned()
    } else {
        t::dispute_list_note_staff(lang, all.days)
    };
    let settings = all.may_set.then(|| settings(this, all.days, lang));
    let empty = all.lines.is_empty().then(|| {
        let text = if family {
            t::dispute_none_family(lang)
        } else {
            t::dispute_none_staff(lang)
        };
        view! { <kit::Empty title=t::dispute_none(lang) text=text icon="comment"/> }
    });
    let part = |title: &'static str, which: fn(&Line) -> bool| {
        let lines: Vec<_> = all.lines.iter().filter(|line| which(line)).cloned().collect();
        (!lines.is_empty()).then(|| section(title, lines, family, lang))
    };
    view! {
        <div class="page stack">
            <div class="page-head">
                <h1>{t::dispute_list_title(lang)}</h1>
                <p class="page-note">{note}</p>
            </div>
            {empty}
            {part(t::dispute_overdue(lang), |l| l.overdue)}
            {part(t::dispute_open(lang), |l| l.state == State::Open && !l.overdue)}
            {part(t::dispute_answered(lang), |l| l.state == State::Answered)}
            {part(t::dispute_closed(lang), |l| l.state == State::Closed)}
            {settings}
        </div>
    }
    .into_any()
}

fn section(title: &'static str, lines: Vec<Line>, family: bool, lang: Lang) -> AnyView {
    let rows = lines
        .into_iter()
        .map(|line| row(line, family, lang))
        .collect_view();
    view! {
        <section class="stack">
            <h2>{title}</h2>
            <ul class="list card card-flush">{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(line: Line, family: bool, lang: Lang) -> impl IntoView {
    let due = (line.state == State::Open).then(|| term(line.due_on, line.overdue, lang));
    let class = line.class.as_ref().map(|class| format!(", {class}"));
    let period = line
        .period
        .as_ref()
        .map(|of| format!(", {}", period_words(of, lang)));
    let href = line.href();
    let who = if family {
        line.teachers
    } else {
        format!("{}{}", line.name, class.unwrap_or_default())
    };
    view! {
        <li>
            <a class="list-link" href=href>
                <span class="mark">{line.code}</span>
                <span><b>{line.subject}{period}</b><br/><small class="muted">{who}</small></span>
                <span class="spacer"></span>
                <span class="muted small">{due}</span>
                {badge(line.state, line.overdue, lang)}
            </a>
        </li>
    }
}

fn settings(this: Loaded, days: i16, lang: Lang) -> AnyView {
    let error = Signal::derive(move || this.set.value().get().and_then(Result::err));
    let saved = move || matches!(this.set.value().get(), Some(Ok(())));
    view! {
        <section class="card"><div class="stack stack-s">
            <kit::ErrorBanner error/>
            <ActionForm action=this.set>
                <div class="cluster">
                    <div class="field">
                        <label for="days">{t::dispute_term(lang)}</label>
                        <input id="days" name="days" type="number" min="1" max="20" required value=days.to_string() inputmode="numeric"/>
                    </div>
                    <button class="btn" type="submit">{t::dispute_term_save(lang)}</button>
                </div>
            </ActionForm>
            {move || saved().then(|| view! { <p class="muted small" role="status">{t::dispute_term_saved(lang)}</p> })}
        </div></section>
    }
    .into_any()
}
