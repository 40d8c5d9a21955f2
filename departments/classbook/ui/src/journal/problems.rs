//! What was refused, is in conflict, or waited for a month: both values, who and when, and what to do. Nothing is decided without the person.

use base::Lang;
use classbook_core::journal::cell::{Change, Place};
use classbook_core::journal::grid::Grid;
use classbook_core::journal::sheet::State;
use classbook_core::journal::work_name;
use classbook_core::owed::{Owed, Wish};
use kit::date;
use leptos::html;
use leptos::prelude::*;

use super::beside::refetch;
use super::beside::show;
use super::desk::{DeskRef, Open, Problem, Signals, draw};
use crate::t;

/// The list of what did not get through.
#[component]
pub fn Problems(
    /// The desk.
    desk: DeskRef,
    /// Its signals.
    signals: Signals,
    /// The grid.
    grid: StoredValue<Grid>,
) -> impl IntoView {
    let lang = kit::lang();
    let dialog = NodeRef::<html::Dialog>::new();
    let open = Memo::new(move |_| signals.open.get() == Some(Open::Problems));
    let problems = Memo::new(move |_| {
        signals.changed.track();
        if open.get() {
            desk.run(|d| d.problems()).unwrap_or_default()
        } else {
            vec![]
        }
    });
    Effect::new(move || show(dialog, open.get()));
    let close = move || {
        signals.open.set(None);
        // the grid takes no focus under an open dialog
        show(dialog, false);
        desk.run(|d| d.focus());
    };
    Effect::new(move |was: Option<usize>| {
        let now = problems.with(Vec::len);
        if was.is_some_and(|w| w > 0) && now == 0 && open.get_untracked() {
            close();
        }
        now
    });
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="problems-title" on:close=move |_| if open.get_untracked() { close() }>
            <div class="sheet-head">
                <h2 id="problems-title">{t::journal_problems(lang)}</h2>
                <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| close()>
                    <kit::Icon name="cross"/>
                </button>
            </div>
            <div class="sheet-body">
                {move || problems.get().into_iter().map(|problem| view! { <Card problem desk grid lang/> }).collect_view()}
            </div>
        </dialog>
    }
}

#[component]
fn Card(problem: Problem, desk: DeskRef, grid: StoredValue<Grid>, lang: Lang) -> impl IntoView {
    let place = desk
        .run(|d| whereabouts(&problem, d.sheet().grid(), lang))
        .unwrap_or_default();
    let mine = wanted(&problem.change, lang);
    let (load, period) = grid.with_value(|g| (g.load, g.period));
    let words = why(&problem.state, lang);
    let (yes, no) = match &problem.state {
        State::Conflict(_) => (t::journal_keep_mine(lang), t::journal_take_theirs(lang)),
        State::Refused(_) | State::Waiting => (t::journal_again(lang), t::journal_discard(lang)),
        State::Old(_) => (t::journal_old_send(lang), t::journal_discard(lang)),
    };
    let (keep, drop_it) = (problem.clone(), problem);
    let keep = move |_| {
        desk.run(|d| d.keep_mine(&keep));
    };
    let give_up = move |_| {
        desk.run(|d| d.give_up(&drop_it));
        refetch(desk, load, period);
    };
    view! {
        <section class="card stack stack-s">
            <h3>{place}</h3>
            <p>{t::journal_you_wanted(lang, mine)}</p>
            <p>{words}</p>
            <div class="cluster">
                <button class="btn" type="button" on:click=keep>{yes}</button>
                <button class="btn btn-quiet" type="button" on:click=give_up>{no}</button>
            </div>
        </section>
    }
}

/// What stands in its way.
pub(super) fn why(state: &State, lang: Lang) -> String {
    match state {
        State::Conflict(now) => draw::other(now, lang),
        State::Refused(message) => message.clone(),
        State::Waiting => String::new(),
        State::Old(day) => t::journal_old_act(lang, date::day_month(*day, lang)),
    }
}

fn whereabouts(problem: &Problem, grid: &Grid, lang: Lang) -> String {
    let place = problem.change.place();
    let Some(lesson) = grid.lessons.iter().find(|l| l.id == place.lesson()) else {
        return t::journal_another_journal(lang).to_owned();
    };
    let day = date::day_month(lesson.date, lang);
    match place {
        Place::Mark { pupil, .. } | Place::Attendance { pupil, .. } => {
            let name = grid
                .pupils
                .iter()
                .find(|p| p.id == pupil)
                .map(|p| p.name.as_str())
                .unwrap_or_default();
            match work_of(place, grid) {
                Some(work) => format!("{name}, {day}, {work}"),
                None => format!("{name}, {day}"),
            }
        }
        Place::Lesson { .. } | Place::Individual { .. } => t::journal_lesson_of(lang, day),
    }
}

/// Which work of the lesson, where it is a mark's: a lesson may have several.
fn work_of(place: Place, grid: &Grid) -> Option<String> {
    let Place::Mark {
        assignment: Some(id), ..
    } = place
    else {
        return None;
    };
    let work = grid.assignments.iter().find(|a| a.id == id)?;
    let kind = grid.work_types.iter().find(|w| w.id == work.work_type)?;
    Some(work_name(&kind.title, work.title.as_deref()))
}

/// What the person wanted.
pub(super) fn wanted(change: &Change, lang: Lang) -> String {
    match change {
        Change::Mark {
            code, comment, owed, ..
        } => {
            let dot = match owed {
                Wish::Owed(dot) => Some(dot).filter(|d| d.is_open()).map(Owed::text),
                Wish::Kept | Wish::Gone => None,
            };
            let code = code
                .clone()
                .or(dot)
                .unwrap_or_else(|| t::journal_empty_cell(lang).to_owned());
            match comment.as_deref().filter(|c| !c.is_empty()) {
                Some(comment) => format!("{code}, «{comment}»"),
                None => code,
            }
        }
        Change::Attendance { code, .. } => code
            .clone()
            .unwrap_or_else(|| t::journal_empty_cell(lang).to_owned()),
        Change::Lesson { topic, homework, .. } => {
            let parts = [topic.clone(), homework.as_ref().map(|h| h.words(lang))];
            parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        Change::Individual { edit, .. } => format!("{}: {}", t::homework_individual(lang), edit.text),
    }
}
