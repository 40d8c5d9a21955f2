//! `/deadlines`: what the reader owes; for a deputy the board, and the lessons behind each of its figures.

use base::{AppError, ClassId, EmployeeId, Lang, PeriodId};
use classbook_core::deadline::{Board, Debt, Kind, Late, Mine};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::{api, board, late, list};
use crate::t;

/// What the address asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub by_class: bool,
    pub teacher: Option<EmployeeId>,
    pub class: Option<ClassId>,
    pub kind: Option<Kind>,
    pub late: Option<bool>,
    /// Of what was written late: in which period, by whom, what.
    pub term: Option<PeriodId>,
    pub wrote: Option<EmployeeId>,
    pub what: Option<Kind>,
}

impl Asked {
    /// A figure was opened.
    fn lessons(self) -> bool {
        self.teacher.is_some() || self.class.is_some()
    }
}

/// Everything that the page shows.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
struct Shown {
    mine: Mine,
    board: Option<Board>,
    lessons: Option<Vec<Debt>>,
    /// What was written late: one's own, or of the school once it is asked for, as it is looked up in all that was ever written.
    late: Option<Late>,
}

async fn shown(asked: Asked) -> Result<Shown, AppError> {
    let mine = api::mine().await?;
    let late = match (mine.board, asked.term) {
        (true, None) => None,
        // the period of today
        (true, term) => Some(api::late(term.filter(|p| p.0 != 0), asked.wrote, asked.what).await?),
        // another's lessons are for the board
        (false, term) => Some(api::late(term, None, None).await?),
    };
    if !mine.board {
        return Ok(Shown {
            mine,
            board: None,
            lessons: None,
            late,
        });
    }
    let board = api::board().await?;
    let lessons = if asked.lessons() {
        Some(api::lessons(asked.teacher, asked.class, asked.kind, asked.late).await?)
    } else {
        None
    };
    Ok(Shown {
        mine,
        board: Some(board),
        lessons,
        late,
    })
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let query = use_query_map();
    let kind = |key: Option<String>| {
        Kind::ALL
            .into_iter()
            .find(|k| Some(board::key(*k)) == key.as_deref())
    };
    let asked = move || {
        query.with(|q| Asked {
            by_class: q.get("by").as_deref() == Some("class") || q.get("class").is_some(),
            teacher: q.get("teacher").and_then(|id| id.parse().ok()),
            class: q.get("class").and_then(|id| id.parse().ok()),
            kind: kind(q.get("kind")),
            late: q.get("late").map(|l| l == "1"),
            term: q.get("term").and_then(|id| id.parse().ok()),
            wrote: q.get("wrote").and_then(|id| id.parse().ok()),
            what: kind(q.get("what")),
        })
    };
    let data = Resource::new_blocking(asked, shown);
    let lang = kit::lang();
    view! {
        <Title text=t::deadline_title(lang)/>
        <Transition fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(shown) => page(&shown, asked(), move || data.refetch(), lang),
                    Err(error) => view! { <kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Transition>
    }
    .into_any()
}

fn page(shown: &Shown, asked: Asked, again: impl Fn() + Copy + Send + Sync + 'static, lang: Lang) -> AnyView {
    let mine = &shown.mine;
    let own = (!mine.debts.is_empty()).then(|| {
        view! {
            <section class="stack" aria-labelledby="deadline-mine">
                <h2 id="deadline-mine">{t::deadline_mine(lang)}</h2>
                {list::list(&mine.debts, mine.today, false, lang)}
            </section>
        }
    });
    let nothing = (mine.debts.is_empty() && !mine.board).then(|| {
        view! { <kit::Empty title=t::deadline_all_written(lang) icon="check" text=t::deadline_all_written_text(lang)/> }
    });
    view! {
        <div class="page stack">
            <nav class="crumbs" aria-label=t::plan_path(lang)><a href="/journal">{t::journal_journals(lang)}</a><span>{t::deadline_title(lang)}</span></nav>
            <div class="page-head"><h1>{t::deadline_title(lang)}</h1></div>
            <crate::journal::Unsent whose=mine.whose.clone()/>
            {nothing}
            {own}
            {shown.board.as_ref().map(|b| board::board(b, asked, shown.lessons.as_deref(), again, lang))}
            {match &shown.late {
                Some(found) => late::late(found, asked, mine.board, lang),
                None => Some(late::offer(lang)),
            }}
        </div>
    }
    .into_any()
}
