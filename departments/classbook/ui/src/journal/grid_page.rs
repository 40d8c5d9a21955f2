//! `/journal/:load`: the grade grid of one load in one period.

use base::{AppError, Lang, LessonId, LoadId, PeriodId};
use classbook_core::grading::periods::Asked;
use classbook_core::journal::grid::Grid;
use kit::grid::Spot;
use kit::outbox::Standing;
use leptos::html;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use wasm_bindgen::JsCast as _;
use web_sys::{ClipboardEvent, Element, HtmlElement, KeyboardEvent, PointerEvent};

use super::api;
use super::bar::Bar;
use super::beside::refetch;
use super::cell_sheet::CellSheet;
use super::desk::dom::Sizes;
use super::desk::{Desk, DeskRef, Heard, Open, Signals, listen, open_outbox};
use super::lesson_sheet::LessonSheet;
use super::parts::{Kept, Others, Outside, Pad, Periods, SaveStatus, SaveTrouble, keep_up};
use super::planned::Planned;
use super::problems::Problems;
use super::result_sheet::ResultSheet;
use crate::grading::ask_change::{About, AskChange};
use crate::t;

/// A copy of the page that is younger than this, in milliseconds, is young enough for a cut network.
const FRESH: f64 = 60.0 * 1000.0;

/// What the page asks for. Made while drawing, so that it lies in the chunk of the page.
#[derive(Clone, Copy, Debug)]
struct Loaded {
    data: Resource<Result<Grid, AppError>>,
}

impl Loaded {
    fn ask() -> Self {
        let (params, query) = (use_params_map(), use_query_map());
        let address = move || {
            let load = params.read().get("load").and_then(|l| l.parse::<LoadId>().ok());
            let period = query.read().get("period").map(|p| p.parse::<PeriodId>());
            (
                load,
                period.clone().and_then(Result::ok),
                matches!(period, Some(Err(_))),
            )
        };
        let data = Resource::new_blocking(address, |(load, period, wrong)| async move {
            match load {
                Some(load) if !wrong => api::grid(load, period).await,
                _ => not_found(),
            }
        });
        Self { data }
    }
}

/// Draws the page.
pub(crate) fn draw() -> AnyView {
    let this = Loaded::ask();
    let lang = kit::lang();
    let data = this.data;
    view! {
        <Suspense fallback=move || view! { <kit::Busy/> }>
            {move || Suspend::new(async move {
                match data.await {
                    Ok(grid) => view! { <Journal grid=grid/> }.into_any(),
                    // a journal that was kept opens without a network, too
                    Err(AppError::Network) if kit::may_be_kept() => kit::load_document(),
                    Err(error) => view! { <Title text=t::journal_journals(lang)/><kit::LoadError error=error/> }.into_any(),
                }
            })}
        </Suspense>
    }
    .into_any()
}

fn not_found() -> Result<Grid, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::NotFound)
}

/// The page of a grid: bar, grid, pad, panels. The grid itself is drawn by the desk once the page is in the browser.
#[component]
fn Journal(grid: Grid) -> impl IntoView {
    let lang = kit::lang();
    let desk = DeskRef::default();
    let signals = Signals {
        hint: RwSignal::new(String::new()),
        open: RwSignal::new(None),
        changed: RwSignal::new(0),
        lesson: RwSignal::new(None),
        column: RwSignal::new(classbook_core::journal::sheet::Sheet::new(grid.clone()).current_column()),
    };
    let standing = RwSignal::new(Standing::default());
    let others = RwSignal::new(vec![]);
    let stored = RwSignal::new(None);
    let whose = grid.whose();
    let root = NodeRef::<html::Div>::new();
    let touch = RwSignal::new(false);
    let title = format!("{}, {}", grid.subject, grid.audience);
    let no_lessons = grid.lessons.is_empty();
    let empty = no_lessons || grid.pupils.is_empty();
    // who stands in writes into some of its lessons
    let (may_edit, stands_in) = (grid.writes(), !grid.may_edit && grid.writes());
    let teaches = grid.may_edit;
    let grid = StoredValue::new(grid);
    let asked = as_it_is(desk, signals, grid, asked_here);
    let closed = as_it_is(desk, signals, grid, closed_here);
    let laid = as_it_is(desk, signals, grid, |g| g.laid_until);
    let locks = as_it_is(desk, signals, grid, |g| {
        let locked = g.periods.iter().filter(|p| p.locked);
        locked.map(|p| p.id).collect::<Vec<_>>()
    });
    let ask = move || {
        let closed = closed.get().filter(|_| teaches);
        closed.map(|(load, period)| view! { <AskChange about=About::Journal(load) period asked/> })
    };
    let query = use_query_map();
    let opened = StoredValue::new(None);
    let label = title.clone();
    Effect::new(move || {
        if let Some(element) = root.get() {
            sit_down(desk, grid, signals, standing, touch, element.into(), lang);
            // the first key goes into the lesson of the moment, as in a spreadsheet; whoever is somewhere on the page already stays there,
            // and a finger needs no focus
            if may_edit && !touch.get_untracked() {
                once_shown(root, move || {
                    if nobody_has_focus() {
                        desk.run(|d| d.focus());
                    }
                });
            }
            let (load, period) = grid.with_value(|g| (g.load, g.period));
            listen(desk, load, period, Heard { others, stored });
            kit::when_stored(move |at| stored.set(Some(at)));
            if may_edit && period_is_todays(grid) {
                kit::keep_pages(&[format!("/journal/{load}")], FRESH);
            }
        }
    });
    if may_edit && period_is_todays(grid) {
        keep_up(grid.with_value(|g| g.load), signals, standing);
    }
    // the way from a list of lessons leads to the lesson itself; the address may come after the page
    Effect::new(move || {
        let asked = query.with(|q| q.get("lesson").and_then(|l| l.parse::<LessonId>().ok()));
        if root.get().is_none() || asked == opened.get_value() {
            return;
        }
        opened.set_value(asked);
        let there = |id: &LessonId| grid.with_value(|g| g.lessons.iter().any(|l| l.id == *id));
        if let Some(lesson) = asked.filter(there) {
            once_shown(root, move || {
                let _ = signals.open.try_set(Some(Open::Lesson(lesson)));
            });
        }
    });
    let pad = move || may_edit && (touch.get() || signals.lesson.get().is_some());
    view! {
        <Title text=title.clone()/>
        <div class="page page-wide page-fill" data-person=whose>
            <div class="page-head">
                <h1>{title}</h1><Outside grid/>
                {(!may_edit).then(|| view! { <p class="page-note">{t::journal_read_only(lang)}</p> })}
                {stands_in.then(|| view! { <p class="page-note">{t::journal_stands_in_note(lang)}</p> })}
                // where the grid ends before its period does, it says why
                {move || laid.get().map(|day| view! { <p class="page-note grid-until">{t::journal_laid_until(lang, kit::date::day_month(day, lang))}</p> })}
                <div class="page-actions"><Others others/>{may_edit.then(|| view! { <SaveStatus standing signals/> })}</div>
            </div>
            {if empty {
                let (title, text) = if no_lessons {
                    (t::journal_no_lessons(lang), t::journal_no_lessons_text(lang))
                } else {
                    (t::journal_no_pupils(lang), t::journal_no_pupils_text(lang))
                };
                view! { <Periods grid/><kit::Empty title text/> }.into_any()
            } else {
                view! {
                    <Bar desk grid signals locks/>
                    <Kept stored said=t::journal_kept/>
                    <SaveTrouble standing desk kept=Signal::derive(move || stored.get().is_some())/>
                    {ask}
                    <Planned desk signals grid/>
                    <GridBox desk root label lines=grid.with_value(|g| g.pupils.len())/>
                    <Show when=pad><Pad desk signals grid/></Show>
                    <CellSheet desk signals standing/>
                    <ResultSheet desk signals grid/>
                    <LessonSheet desk signals standing grid/>
                    <Problems desk signals grid/>
                }.into_any()
            }}
        </div>
    }
}

/// The last question about the period that is shown.
fn asked_here(grid: &Grid) -> Option<Asked> {
    grid.asked.iter().find(|a| Some(a.period) == grid.period).cloned()
}

/// The journal and its period, where that is closed, or open by an answer.
fn closed_here(grid: &Grid) -> Option<(LoadId, PeriodId)> {
    let open_by_answer = asked_here(grid).is_some_and(|a| a.open);
    let mut here = grid.periods.iter().filter(|p| Some(p.id) == grid.period);
    let closed = here.find(|p| p.locked || open_by_answer)?;
    Some((grid.load, closed.id))
}

/// Something of the grid as the desk has it now, which the stream keeps up to date; before there is a desk, as it came.
fn as_it_is<T: Clone + PartialEq + Send + Sync + 'static>(
    desk: DeskRef,
    signals: Signals,
    grid: StoredValue<Grid>,
    of: fn(&Grid) -> T,
) -> Memo<T> {
    Memo::new(move |_| {
        signals.changed.track();
        let now = desk.run(|d| of(d.sheet().grid()));
        now.unwrap_or_else(|| grid.with_value(of))
    })
}

/// The place of the grid. Empty lines stand here until the desk draws: of the same height, so that nothing jumps.
#[component]
fn GridBox(desk: DeskRef, root: NodeRef<html::Div>, label: String, lines: usize) -> impl IntoView {
    let lang = kit::lang();
    // the end of a row opens to what lies behind it
    let click = move |event: web_sys::MouseEvent| match average_of(&event) {
        Some(row) => {
            desk.run(|d| d.open_end(row));
        }
        None => on_head(desk, &event),
    };
    let lines = (0..lines.min(40) + 2)
        .map(|_| view! { <div class="grid-row"><div class="grid-name"><span class="skeleton skeleton-line"></span></div></div> })
        .collect_view();
    view! {
        <p class="visually-hidden" id="grid-help">{t::journal_keys(lang)}</p>
        <div class="grid" node_ref=root aria-label=label aria-describedby="grid-help" aria-busy="true"
            on:keydown=move |e| on_key(desk, &e)
            on:input=move |_| { desk.run(Desk::typed_in_place); }
            on:pointerdown=move |e| on_point(desk, &e)
            on:pointermove=move |e| on_drag(desk, &e)
            on:dblclick=move |e| on_double(desk, &e)
            on:click=click
            on:scroll=move |_| { desk.run(Desk::scrolled); }
            on:copy=move |e| on_copy(desk, &e, false)
            on:cut=move |e| on_copy(desk, &e, true)
            on:paste=move |e| on_paste(desk, &e)>
            {lines}
        </div>
    }
}

fn sit_down(
    desk: DeskRef,
    grid: StoredValue<Grid>,
    signals: Signals,
    standing: RwSignal<Standing>,
    touch: RwSignal<bool>,
    root: HtmlElement,
    lang: Lang,
) {
    let (person, school, load, period) = grid.with_value(|g| (g.person, g.school, g.load, g.period));
    let outbox = open_outbox(desk, person, school, standing);
    let watched: Element = root.clone().into();
    let Some(new) = Desk::new(grid.get_value(), outbox, signals, root, lang) else {
        return;
    };
    desk.set(new);
    let matches = |query: &str| {
        window()
            .match_media(query)
            .ok()
            .flatten()
            .is_some_and(|m| m.matches())
    };
    touch.set(matches("(pointer: coarse)"));
    if matches("(width < 48rem)") {
        // a phone begins with the lesson of the moment
        desk.run(|d| {
            let lesson = d.active_lesson();
            d.show_lesson(lesson);
        });
    }
    // held by the arena: disconnected with the page
    let _ = StoredValue::new_local(Sizes::watch(&watched, move || {
        // in the next frame: what is drawn here changes the size of what is watched
        request_animation_frame(move || {
            desk.run(Desk::resized);
        });
    }));
    let looked = window_event_listener_untyped("visibilitychange", move |_| {
        if document().visibility_state() == web_sys::VisibilityState::Visible {
            refetch(desk, load, period);
            desk.run(Desk::send_results_again);
        }
    });
    let online = window_event_listener_untyped("online", move |_| {
        desk.run(Desk::send_results_again);
    });
    // marks of the period lie in no queue of the device
    let leaves = window_event_listener_untyped("beforeunload", move |event| {
        if desk.run(|d| d.sheet().has_unsaved_results()) == Some(true) {
            event.prevent_default();
        }
    });
    on_cleanup(move || {
        looked.remove();
        online.remove();
        leaves.remove();
    });
}

/// Is the keyboard nowhere on the page yet?
fn nobody_has_focus() -> bool {
    let active = document().active_element();
    active.is_none_or(|e| e.tag_name().eq_ignore_ascii_case("body"))
}

/// Does something once the grid is in the document: the router builds a page before it shows it, and a dialog that is nowhere
/// yet cannot open.
fn once_shown(root: NodeRef<html::Div>, act: impl FnOnce() + 'static) {
    request_animation_frame(move || match root.try_get_untracked().flatten() {
        Some(grid) if grid.is_connected() => act(),
        Some(_) => once_shown(root, act),
        // the page has gone
        None => {}
    });
}

/// Is it the period that the address without one opens?
fn period_is_todays(grid: StoredValue<Grid>) -> bool {
    grid.with_value(|g| {
        let running = g.periods.iter().rev().find(|p| p.starts_on <= g.today);
        g.period == running.or(g.periods.first()).map(|p| p.id)
    })
}

fn on_key(desk: DeskRef, event: &KeyboardEvent) {
    if desk.run(|d| d.key(event)) == Some(true) {
        event.prevent_default();
        event.stop_propagation();
    }
}

/// The cell under an event, by its ARIA coordinates.
fn spot_of(event: &web_sys::Event) -> Option<Spot> {
    let cell = event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest(".grid-body .grid-cell")
        .ok()??;
    let number = |e: &Element, name: &str| e.get_attribute(name)?.parse::<usize>().ok();
    let row = number(&cell.parent_element()?, "aria-rowindex")?.checked_sub(3)?;
    Some(Spot {
        row,
        column: number(&cell, "aria-colindex")?.checked_sub(2)?,
    })
}

fn on_point(desk: DeskRef, event: &PointerEvent) {
    let Some(spot) = spot_of(event) else { return };
    if desk.run(|d| d.is_editing() && d.active() == spot) == Some(true) {
        return;
    }
    // a finger may be about to scroll: it points with its click
    if event.pointer_type() == "mouse" && event.button() == 0 {
        event.prevent_default();
        desk.run(|d| d.point(spot, event.shift_key()));
    }
}

fn on_drag(desk: DeskRef, event: &PointerEvent) {
    if event.pointer_type() == "mouse"
        && event.buttons() == 1
        && let Some(spot) = spot_of(event)
    {
        desk.run(|d| {
            if !d.is_editing() && d.active() != spot {
                d.point(spot, true);
            }
        });
    }
}

fn on_double(desk: DeskRef, event: &web_sys::MouseEvent) {
    if spot_of(event).is_some() {
        desk.run(Desk::edit_active);
    }
}

/// The row of a clicked average: a pinned one, or, on a phone, that of the row itself.
fn average_of(event: &web_sys::Event) -> Option<usize> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    if let Some(cell) = target.closest(".grid-body .grid-avg").ok()? {
        let row = cell.parent_element()?.get_attribute("aria-rowindex")?;
        return row.parse::<usize>().ok()?.checked_sub(3);
    }
    let mut line = target.closest(".grid-ends > .grid-end").ok()??;
    let mut row = 0;
    while let Some(above) = line.previous_element_sibling() {
        row += 1;
        line = above;
    }
    Some(row)
}

/// A click on a lesson's head opens the lesson; a tap on a cell makes it the active one.
fn on_head(desk: DeskRef, event: &web_sys::MouseEvent) {
    if let Some(spot) = spot_of(event) {
        desk.run(|d| {
            if (d.active() != spot || d.is_at_end()) && !event.shift_key() {
                d.point(spot, false);
            }
        });
        return;
    }
    let head = event
        .target()
        .and_then(|t| t.dyn_into::<Element>().ok())
        .and_then(|e| e.closest(".grid-head .grid-cell").ok().flatten());
    let column = head
        .and_then(|h| h.get_attribute("aria-colindex"))
        .and_then(|c| c.parse::<usize>().ok());
    if let Some(column) = column.and_then(|c| c.checked_sub(2)) {
        desk.run(|d| d.open_column(column));
    }
}

fn on_copy(desk: DeskRef, event: &ClipboardEvent, cut: bool) {
    let Some(data) = event.clipboard_data() else {
        return;
    };
    let done = desk.run(|d| {
        if d.is_editing() {
            return false;
        }
        let ok = data.set_data("text/plain", &d.copied()).is_ok();
        if ok && cut {
            d.cut();
        }
        ok
    });
    if done == Some(true) {
        event.prevent_default();
    }
}

fn on_paste(desk: DeskRef, event: &ClipboardEvent) {
    let text = event
        .clipboard_data()
        .and_then(|d| d.get_data("text/plain").ok())
        .unwrap_or_default();
    let done = desk.run(|d| {
        if d.is_editing() || text.is_empty() {
            return false;
        }
        d.pasted(&text);
        true
    });
    if done == Some(true) {
        event.prevent_default();
    }
}

/// The lesson a panel is about, when it is open.
#[must_use]
pub fn opened_lesson(open: Option<Open>) -> Option<LessonId> {
    match open {
        Some(Open::Lesson(lesson)) => Some(lesson),
        _ => None,
    }
}
