//! The bar above the grid: which period and lesson, what else can be done, the keys, why a cell took nothing.

use base::PeriodId;
use classbook_core::journal::grid::Grid;
use leptos::prelude::*;

use super::desk::{Desk, DeskRef, Open, Signals};
use super::keys::Keys;
use super::parts::{Periods, Views};
use crate::t;

/// Choices, tools, and the word for the person.
#[component]
pub fn Bar(
    /// The desk.
    desk: DeskRef,
    /// The grid as it came.
    grid: StoredValue<Grid>,
    /// The signals of the desk.
    signals: Signals,
    /// The periods that are closed, as it is now.
    locks: Memo<Vec<PeriodId>>,
) -> impl IntoView {
    let lang = kit::lang();
    let lesson = move |_| {
        let lesson = desk.run(|d| d.active_lesson()).flatten();
        signals.open.set(lesson.map(Open::Lesson));
    };
    let cell = move |_| {
        let cell = desk.run(|d| d.active());
        signals.open.set(cell.map(Open::Cell));
    };
    let undo = move |_| {
        desk.run(Desk::take_back);
    };
    let redo = move |_| {
        desk.run(Desk::do_again);
    };
    let totals = grid.with_value(|g| format!("/journal/{}/totals", g.load));
    view! {
        <div class="grid-bar grid-one">
            <Periods grid locks/>
            <Views desk grid signals/>
            // on a phone the tools are behind this one, each with its word; else they stand in the row
            <button class="btn grid-more" type="button" popovertarget="grid-tools" title=t::journal_tools(lang) aria-label=t::journal_tools(lang)>"⋯"</button>
            <div class="grid-tools" id="grid-tools" popover="auto">
                <button class="btn" type="button" popovertarget="grid-tools" popovertargetaction="hide"
                    title=t::journal_lesson_more(lang) aria-label=t::journal_lesson_more(lang) on:click=lesson>
                    <kit::Icon name="journal"/><span>{t::journal_lesson(lang)}</span>
                </button>
                <button class="btn" type="button" popovertarget="grid-tools" popovertargetaction="hide"
                    title=t::journal_cell_more(lang) aria-label=t::journal_cell_more(lang) on:click=cell>
                    <kit::Icon name="comment"/><span>{t::journal_cell(lang)}</span>
                </button>
                <a class="btn" href=totals>{t::totals_title(lang)}</a>
                <a class="btn" href=grid.with_value(|g| format!("/journal/{}/plan", g.load)) title=t::plan_link_more(lang) aria-label=t::plan_link_more(lang)>
                    <kit::Icon name="diary"/><span>{t::plan_link(lang)}</span>
                </a>
                <a class="btn" href=grid.with_value(|g| format!("/assessments/{}", g.load)) title=t::assessment_title(lang) aria-label=t::assessment_short(lang)>
                    <kit::Icon name="check"/><span>{t::assessment_short(lang)}</span>
                </a>
            </div>
            <button class="btn btn-icon btn-quiet grid-undo" type="button" aria-label=t::journal_undo(lang) title=t::journal_undo(lang) on:click=undo>
                <kit::Icon name="undo"/>
            </button>
            <button class="btn btn-icon btn-quiet grid-undo" type="button" aria-label=t::journal_redo(lang) title=t::journal_redo(lang) on:click=redo>
                <kit::Icon name="redo"/>
            </button>
            <Keys/>
            <p class="grid-hint" role="status">{move || signals.hint.with(|h| (!h.is_empty()).then(|| h.clone()))}</p>
        </div>
    }
}
