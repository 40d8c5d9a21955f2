//! A week that is painted: a click or tap paints one hour, a drag (mouse, pen, or sideways with a finger) many, the head of a
//! day or of a lesson the whole day or lesson; by keyboard arrows move, the space bar paints, with Shift the arrows paint.

use leptos::ev::{KeyboardEvent, MouseEvent, PointerEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use study_core::requirement::sheet::Lying;
use study_core::requirement::{Hours, Weight, Who, words};
use web_sys::{Element, HtmlElement};

use super::desk::{Desk, Subject};
use super::term;
use crate::t;

/// The sign of a weight: beside the colour, and in the legend.
fn sign(weight: Option<Weight>) -> &'static str {
    match weight {
        None | Some(Weight::Off) => "",
        Some(Weight::Maybe) => "·",
        Some(Weight::Rather) => "!",
        Some(Weight::Very) => "!!",
        Some(Weight::Must) => "✕",
    }
}

/// A stroke of the brush.
#[derive(Clone, Copy, Debug)]
struct Stroke {
    from: (i16, i16),
    /// What it paints, once it has left its first hour.
    paints: Option<Option<Weight>>,
}

/// The grid of one week.
#[derive(Clone, Copy)]
struct Board {
    desk: Desk,
    who: Who,
    days: i16,
    slots: i16,
    /// The one tab stop.
    active: RwSignal<(i16, i16)>,
    stroke: StoredValue<Option<Stroke>>,
    /// The click after a stroke is none.
    swallow: StoredValue<bool>,
}

fn place_of(element: &Element) -> Option<(i16, i16)> {
    let cell = element.closest("[data-hour]").ok().flatten()?;
    let (day, slot) = cell
        .get_attribute("data-hour")?
        .split_once('-')
        .map(|(d, s)| (d.to_owned(), s.to_owned()))?;
    Some((day.parse().ok()?, slot.parse().ok()?))
}

fn target_of(event: &web_sys::Event) -> Option<(i16, i16)> {
    place_of(&event.target()?.dyn_into::<Element>().ok()?)
}

impl Board {
    /// What the brush does to a place: where it is painted so already, it wipes.
    fn effect(self, (day, slot): (i16, i16)) -> Option<Weight> {
        let term = self.desk.term.get_untracked();
        let now = untrack(move || self.desk.hours(self.who).at(term, day, slot));
        self.desk.brush.get_untracked().filter(|w| Some(*w) != now)
    }

    fn dab(self, place: (i16, i16)) {
        self.desk.paint(self.who, &[place], self.effect(place));
    }

    fn down(self, event: &PointerEvent) {
        self.swallow.set_value(false);
        let start = target_of(event).filter(|_| event.button() == 0);
        self.stroke
            .set_value(start.map(|from| Stroke { from, paints: None }));
    }

    fn moved(self, event: &PointerEvent) {
        let Some(mut stroke) = self.stroke.get_value() else {
            return;
        };
        if event.buttons() == 0 {
            self.stroke.set_value(None);
            return;
        }
        // a finger keeps its events on the hour where it came down
        let under = web_sys::window().and_then(|w| w.document()).and_then(|d| {
            let at = |n: i32| n.to_string().parse::<f32>().unwrap_or(0.0);
            d.element_from_point(at(event.client_x()), at(event.client_y()))
        });
        let Some(place) = under.as_ref().and_then(place_of) else {
            return;
        };
        if stroke.paints.is_none() && place != stroke.from {
            let paints = self.effect(stroke.from);
            self.desk.paint(self.who, &[stroke.from], paints);
            stroke.paints = Some(paints);
            self.stroke.set_value(Some(stroke));
            self.swallow.set_value(true);
        }
        if let Some(paints) = stroke.paints {
            self.desk.paint(self.who, &[place], paints);
        }
    }

    fn ended(self) {
        self.stroke.set_value(None);
    }

    fn click(self, event: &MouseEvent) {
        if self.swallow.get_value() {
            self.swallow.set_value(false);
            return;
        }
        if let Some(place) = target_of(event) {
            self.go(place);
            self.dab(place);
        }
    }

    /// Moves the tab stop and the focus.
    fn go(self, place: (i16, i16)) {
        self.active.set(place);
        let found = web_sys::window().and_then(|w| w.document()).and_then(|d| {
            d.query_selector(&format!("[data-hour='{}-{}']", place.0, place.1))
                .ok()
                .flatten()
        });
        if let Some(cell) = found.as_ref().and_then(|c| c.dyn_ref::<HtmlElement>()) {
            let _ = cell.focus();
        }
    }

    /// Arrows move for everybody; who may paint, paints.
    fn key(self, event: &KeyboardEvent) {
        let Some((day, slot)) = target_of(event) else {
            return;
        };
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let edits = self.desk.may_edit();
        let to = match event.key().as_str() {
            "ArrowLeft" => (day - 1, slot),
            "ArrowRight" => (day + 1, slot),
            "ArrowUp" => (day, slot - 1),
            "ArrowDown" => (day, slot + 1),
            "Home" => (0, slot),
            "End" => (self.days - 1, slot),
            "Enter" | " " if edits => {
                self.dab((day, slot));
                event.prevent_default();
                return;
            }
            "Delete" | "Backspace" if edits => {
                self.desk.paint(self.who, &[(day, slot)], None);
                event.prevent_default();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if !(0..self.days).contains(&to.0) || !(0..self.slots).contains(&to.1) {
            return;
        }
        if event.shift_key() && edits {
            // as a stroke that began here
            let paints = self.desk.brush.get_untracked();
            self.desk.paint(self.who, &[(day, slot), to], paints);
        }
        self.go(to);
    }

    /// A whole day or lesson: painted, or wiped where it is painted so already.
    fn whole(self, places: &[(i16, i16)]) {
        let brush = self.desk.brush.get_untracked();
        let all = untrack(move || self.desk.hours(self.who));
        let term = self.desk.term.get_untracked();
        let painted = places.iter().all(|(d, s)| all.at(term, *d, *s) == brush);
        self.desk.paint(self.who, places, brush.filter(|_| !painted));
    }
}

/// Draws somebody's week, with brush and buttons for those who may paint.
pub(super) fn week(desk: Desk, who: Who, name: &str) -> AnyView {
    let lang = desk.lang;
    let (days, slots) = desk.sheet.with_untracked(|s| (s.days.clone(), s.slots.clone()));
    let count = |n: usize| i16::try_from(n).unwrap_or(i16::MAX);
    let board = Board {
        desk,
        who,
        days: count(days.len()),
        slots: count(slots.len()),
        active: RwSignal::new((0, 0)),
        stroke: StoredValue::new(None),
        swallow: StoredValue::new(false),
    };
    let hours = Memo::new(move |_| desk.hours(who));
    let edits = desk.may_edit();
    let summary = move || {
        let words = hours.with(|h| desk.sheet.with(|s| words::hours(lang, s, h)));
        if words.is_empty() {
            t::requirement_hours_free(lang).to_owned()
        } else {
            words
        }
    };
    let lessons = matches!(who, Who::Subject(_) | Who::Load(_));
    let title = if lessons {
        t::requirement_hours_of_subject(lang, name)
    } else {
        t::requirement_hours_of(lang, name)
    };
    view! {
        <section class="card stack" aria-labelledby="rq-hours">
            <h2 id="rq-hours">{title}</h2>
            {lessons.then(|| view! { <p class="muted small">{t::requirement_hours_hint(lang)}</p> })}
            {edits.then(|| brush(desk, who))}
            {term::choice(desk, hours)}
            {grid(board, hours, &days, &slots, name)}
            <p class="small" aria-live="polite">{summary}</p>
            {move || struck(desk, who)}
            {edits.then(|| buttons(desk, who))}
        </section>
    }
    .into_any()
}

/// Lessons in force on hours that are closed by now: nothing moves them by itself, and who has closed the hours shall know of them.
fn struck(desk: Desk, who: Who) -> Option<AnyView> {
    let lang = desk.lang;
    desk.sheet.with(|sheet| {
        let struck = sheet.struck.as_ref()?;
        let (_, lessons) = struck.lessons.iter().find(|(of, _)| *of == who)?;
        let name = |list: &[String], n: i16| {
            let at = usize::try_from(n).ok();
            at.and_then(|at| list.get(at)).cloned().unwrap_or_default()
        };
        let line = |l: &Lying| {
            let (day, slot) = (name(&sheet.days, l.day), name(&sheet.slots, l.slot));
            let place = t::requirement_struck_at(lang, day, slot);
            view! { <li>{place}": "{l.subject.clone()}", "{l.audience.clone()}</li> }
        };
        let count = i64::try_from(lessons.len()).unwrap_or(i64::MAX);
        let lines = lessons.iter().map(line).collect_view();
        Some(
            view! {
                <div class="banner banner-warn" role="status"><div class="stack stack-s">
                    <p>{t::requirement_struck(lang, count, &struck.title)}</p>
                    <ul class="small">{lines}</ul>
                    <p class="small">{t::requirement_struck_hint(lang)}" "
                        <a href="/timetable">{t::requirement_struck_go(lang)}</a></p>
                </div></div>
            }
            .into_any(),
        )
    })
}

fn brush(desk: Desk, who: Who) -> AnyView {
    let lang = desk.lang;
    let choices = std::iter::once(None).chain(who.weights().iter().copied().map(Some));
    let one = |weight: Option<Weight>| {
        let title = match (weight, who) {
            (None, _) => t::requirement_brush_free(lang),
            (Some(_), Who::Room(_)) => t::requirement_brush_closed(lang),
            (Some(Weight::Must), _) => t::requirement_brush_must(lang),
            (Some(weight), _) => words::weight(lang, weight),
        };
        view! {
            <label class="rq-brush">
                <input type="radio" name="rq-brush" prop:checked=move || desk.brush.get() == weight
                    on:change=move |_| desk.brush.set(weight)/>
                <span class="rq-swatch" data-weight=weight.map(Weight::key) aria-hidden="true">{sign(weight)}</span>
                <span>{title}</span>
            </label>
        }
    };
    view! {
        <fieldset class="rq-brushes">
            <legend class="small muted">{t::requirement_brush(lang)}</legend>
            {choices.map(one).collect_view()}
        </fieldset>
    }
    .into_any()
}

fn grid(board: Board, hours: Memo<Hours>, days: &[String], slots: &[String], name: &str) -> AnyView {
    let lang = board.desk.lang;
    let edits = board.desk.may_edit();
    let head = |title: &str, places: Vec<(i16, i16)>| {
        let title = title.to_owned();
        if !edits {
            return view! { {title} }.into_any();
        }
        let label = t::requirement_paint_all(lang, &title);
        view! { <button class="rq-head" type="button" aria-label=label on:click=move |_| board.whole(&places)>{title}</button> }
            .into_any()
    };
    let columns = (0..).zip(days).map(|(day, title)| {
        let places = (0..board.slots).map(|slot| (day, slot)).collect();
        view! { <th scope="col" role="columnheader">{head(title, places)}</th> }
    });
    let rows = (0..).zip(slots).map(|(slot, title)| {
        let places = (0..board.days).map(|day| (day, slot)).collect();
        let cells = (0..).zip(days).map(|(day, name)| cell(board, hours, (day, slot), name, title));
        view! { <tr role="row"><th scope="row" role="rowheader">{head(title, places)}</th>{cells.collect_view()}</tr> }
    });
    view! {
        <div class="table-wrap">
            <table class="rq-week" role="grid" aria-label=t::requirement_week_of(lang, name) aria-readonly=(!edits).to_string()
                on:pointerdown=move |e| if edits { board.down(&e) }
                on:pointermove=move |e| board.moved(&e)
                on:pointerup=move |_| board.ended()
                on:pointercancel=move |_| board.ended()
                on:click=move |e| if edits { board.click(&e) }
                on:keydown=move |e| board.key(&e)>
                <thead><tr role="row"><th scope="col" role="columnheader"><span class="visually-hidden">{t::requirement_lesson(lang)}</span></th>{columns.collect_view()}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn cell(board: Board, hours: Memo<Hours>, place: (i16, i16), day: &str, slot: &str) -> AnyView {
    let lang = board.desk.lang;
    let term = board.desk.term;
    let weight = Memo::new(move |_| hours.with(|h| h.at(term.get(), place.0, place.1)));
    let (day, slot) = (day.to_owned(), slot.to_owned());
    let label = move || {
        let state = match weight.get() {
            None => t::requirement_brush_free(lang),
            Some(weight) => words::weight(lang, weight),
        };
        match weight.get() {
            None => t::requirement_cell_free(lang, &day, &slot, state),
            Some(_) => t::requirement_cell(lang, &day, &slot, state),
        }
    };
    view! {
        <td role="gridcell" class="rq-hour" data-hour=format!("{}-{}", place.0, place.1)
            data-weight=move || weight.get().map(Weight::key)
            tabindex=move || if board.active.get() == place { "0" } else { "-1" }
            aria-label=label><span aria-hidden="true">{move || sign(weight.get())}</span></td>
    }
    .into_any()
}

fn buttons(desk: Desk, who: Who) -> AnyView {
    let lang = desk.lang;
    let painted = move || desk.is_painted(who);
    let aside = move || desk.aside.with(|a| a.contains_key(&who));
    view! {
        <kit::ErrorBanner error=desk.error_of(Subject::Hours(who))/>
        {move || aside().then(|| view! {
            <div class="banner banner-info"><p>{t::requirement_mine_kept(lang)}</p>
                <button class="btn btn-small" type="button" on:click=move |_| desk.take_up(who)>{t::requirement_mine_again(lang)}</button></div>
        })}
        <div class="cluster rq-foot">
            <button class="btn btn-primary" type="button" disabled=move || !painted() || desk.busy.get()
                aria-busy=move || desk.busy.get().to_string() on:click=move |_| desk.save_hours(who)>{t::requirement_save_hours(lang)}</button>
            <button class="btn btn-quiet" type="button" hidden=move || !painted() on:click=move |_| desk.give_up(who)>{t::requirement_give_up(lang)}</button>
            <span class="badge" data-tone="warn" hidden=move || !painted()>{t::requirement_not_saved(lang)}</span>
        </div>
    }
    .into_any()
}
