//! `/owed`: what is not handed in, each line a way into its journal.

use base::{AppError, ClassId, Lang};
use classbook_core::owed::{Debts, Line};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api, badge, note};
use crate::t;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    data: Resource<Result<Debts, AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        let query = use_query_map();
        // what is no number is no class
        let class = move || {
            let asked = query.with(|q| q.get("class")).filter(|c| !c.is_empty());
            asked.map(|c| c.parse().unwrap_or(ClassId(0)))
        };
        Self {
            data: Resource::new_blocking(class, api::debts),
        }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let data = this.data;
    view! {
        <Title text=t::owed_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(debts) => page(&debts, lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(debts: &Debts, lang: Lang) -> AnyView {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let late = debts.overdue();
    let figures = (!debts.lines.is_empty()).then(|| {
        let past = (late > 0).then(
            || view! { " " <span class="badge" data-tone="bad">{t::owed_overdue(lang, count(late))}</span> },
        );
        view! { <p>{t::owed_all(lang, count(debts.lines.len()))}{past}</p> }
    });
    let list = if debts.lines.is_empty() {
        view! { <kit::Empty title=t::owed_none(lang) text=t::owed_none_text(lang) icon="check"/> }.into_any()
    } else {
        let rows = debts
            .lines
            .iter()
            .map(|line| row(line, debts, lang))
            .collect_view();
        view! { <ul class="list card card-flush">{rows}</ul> }.into_any()
    };
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::owed_title(lang)}</span></nav>
            <div class="page-head"><h1>{t::owed_title(lang)}</h1></div>
            <p class="muted">{if debts.whole { t::owed_title_note_whole(lang) } else { t::owed_title_note(lang) }}</p>
            {classes(debts, lang)}
            {figures}
            {list}
            {debts.more.then(|| view! { <p class="muted">{t::owed_more(lang, count(debts.lines.len()))}</p> })}
        </div>
    }
    .into_any()
}

/// Links, so that the address says what is seen.
fn classes(debts: &Debts, lang: Lang) -> Option<AnyView> {
    if debts.classes.len() < 2 && debts.class.is_none() {
        return None;
    }
    let current = |is: bool| is.then_some("page");
    let links = debts.classes.iter().map(|(id, name)| {
        view! { <a href=format!("/owed?class={id}") aria-current=current(debts.class == Some(*id))>{name.clone()}</a> }
    });
    Some(
        view! {
            <nav class="cluster owed-classes" aria-label=t::owed_class(lang)>
                <a href="/owed" aria-current=current(debts.class.is_none())>{t::owed_all_classes(lang)}</a>
                {links.collect_view()}
            </nav>
        }
        .into_any(),
    )
}

fn row(line: &Line, debts: &Debts, lang: Lang) -> AnyView {
    let what = t::owed_line(lang, &line.work.subject, line.work.name());
    view! {
        <li>
            <a class="list-link deadline-row" href=line.href()>
                <span class="deadline-what"><b>{line.name.clone()}", "{line.class.clone()}</b><span>{what}</span>
                    <small class="muted">{note(&line.work, lang)}</small></span>
                <span class="spacer"></span>
                {badge(&line.work, debts.today, lang)}
            </a>
        </li>
    }
    .into_any()
}
