//! What hangs on the end of a row: what the period comes to for a pupil, how it is counted, and the mark of the period.

use classbook_core::journal::grid::Grid;
use leptos::html;
use leptos::prelude::*;

use super::beside::{Draft, Way};
use super::cell_sheet::origin;
use super::desk::{DeskRef, Open, Signals};
use super::parts::period_name;
use crate::grading::period_mark::{PeriodMark, Saved};
use crate::t;

/// The panel: from the side on wide screens, from below on phones.
#[component]
pub fn ResultSheet(
    /// The desk.
    desk: DeskRef,
    /// Its signals.
    signals: Signals,
    /// The grid as it came: its load, period and names.
    grid: StoredValue<Grid>,
) -> impl IntoView {
    let lang = kit::lang();
    let dialog = NodeRef::<html::Dialog>::new();
    let row = Memo::new(move |_| match signals.open.get() {
        Some(Open::Result(row)) => Some(row),
        _ => None,
    });
    let open = Signal::derive(move || row.get().is_some());
    let way = Way::new(dialog, open, Draft::new(), desk, signals);
    let saved = Callback::new(move |saved: Saved| {
        let (code, reason) = (saved.code.clone(), saved.reason.clone());
        let row = desk
            .run(|d| d.give(saved.pupil, code, reason, saved.version))
            .flatten();
        // a mark that was typed in the grid and asked about: the keyboard goes on down, as after any other
        let typed = desk.run(|d| d.no_more_asked()) == Some(true);
        let name = desk.run(|d| {
            d.sheet()
                .grid()
                .pupils
                .iter()
                .find(|p| p.id == saved.pupil)
                .map(|p| p.name.clone())
        });
        let name = name.flatten().unwrap_or_default();
        signals.hint.set(match saved.code {
            Some(code) => t::journal_result_given(lang, code, name),
            None => t::journal_result_taken(lang, name),
        });
        let next = row.filter(|_| saved.next);
        let next = next.and_then(|row| desk.run(|d| d.sheet().next_without(row)).flatten());
        match next {
            Some(next) => {
                desk.run(|d| d.open_result(next));
            }
            None => {
                way.close();
                if let (true, Some(row)) = (typed, row) {
                    desk.run(|d| d.go_on_at_end(row));
                }
            }
        }
    });
    // left without an answer: the typed mark is forgotten
    Effect::new(move || {
        if !open.get() {
            desk.run(|d| d.no_more_asked());
        }
    });
    let body = move || {
        let row = row.get()?;
        // the desk knows who has come or gone since the page was drawn
        let (pupil, href) = desk
            .run(|d| {
                let grid = d.sheet().grid();
                Some((grid.pupils.get(row)?.clone(), origin(grid, row)))
            })
            .flatten()?;
        let (load, period) =
            grid.with_value(|g| (g.load, g.periods.iter().find(|p| Some(p.id) == g.period).cloned()));
        let period = period?;
        let title = format!("{}, {}", pupil.name, period_name(&period, lang));
        let typed = desk.run(|d| d.asked()).flatten();
        let waiting = desk.run(|d| d.outbox().with(|q| !q.ops().is_empty())) == Some(true);
        Some(view! {
            <div class="sheet-head">
                <h2 id="result-title">{title}</h2>
                <button class="btn btn-icon btn-quiet" type="button" aria-label=t::journal_close(lang) on:click=move |_| way.leave()>
                    <kit::Icon name="cross"/>
                </button>
            </div>
            <div class="sheet-body stack">
                {waiting.then(|| view! { <div class="banner banner-info"><p>{t::journal_result_waiting(lang)}</p></div> })}
                <PeriodMark load period=period.id pupil=pupil.id typed saved/>
                {href.map(|href| view! { <p><a href=href>{t::journal_result_all(lang)}</a></p> })}
            </div>
        })
    };
    view! {
        <dialog class="sheet" node_ref=dialog aria-labelledby="result-title" on:keydown=move |e| way.key(&e)
            on:cancel=move |e| way.cancel(&e) on:close=move |_| way.closed()>
            {body}
        </dialog>
    }
}
