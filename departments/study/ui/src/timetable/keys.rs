//! The keyboard: arrows move over the cells with a spoken verdict, Enter picks and places, Esc returns, Delete puts into
//! the tray, L locks, Ctrl+Z and Ctrl+Y undo and redo. One tab stop for the grid, one for the tray.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use timetable::CardIx;
use web_sys::{Element, HtmlElement};

use super::desk::Desk;
use super::grid::cell_at;
use super::layout::CellAt;

/// The element an event came from.
pub fn target(event: &web_sys::Event) -> Option<Element> {
    event.target().and_then(|t| t.dyn_into::<Element>().ok())
}

/// The nearest element around one, itself included.
pub fn around(element: &Element, selector: &str) -> Option<Element> {
    element.closest(selector).ok().flatten()
}

/// The card that an element shows.
pub fn card_of(element: &Element) -> Option<CardIx> {
    around(element, "[data-card]")?
        .get_attribute("data-card")?
        .parse()
        .ok()
        .map(CardIx)
}

/// The cell that an element lies in.
pub fn cell_of(element: &Element) -> Option<(Element, CellAt)> {
    let cell = around(element, ".tt-cell")?;
    let at = cell_at(&cell.get_attribute("data-at")?)?;
    Some((cell, at))
}

/// Moves the one tab stop of a widget to an element and focuses it.
pub fn focus(element: &Element) {
    let widget = around(element, ".tt, .tt-tray");
    let stops = widget.and_then(|w| {
        w.query_selector_all(".tt-cell[tabindex='0'], .tt-tray > .tt-card[tabindex='0']")
            .ok()
    });
    if let Some(stops) = stops {
        for n in 0..stops.length() {
            if let Some(stop) = stops.item(n).and_then(|s| s.dyn_into::<Element>().ok()) {
                let _ = stop.set_attribute("tabindex", "-1");
            }
        }
    }
    let _ = element.set_attribute("tabindex", "0");
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

fn document() -> Option<web_sys::Document> {
    web_sys::window().and_then(|w| w.document())
}

/// The cell in a row and column of the view.
fn cell_in(row: i32, column: i32) -> Option<Element> {
    document()?
        .query_selector(&format!(".tt-cell[data-row='{row}'][data-column='{column}']"))
        .ok()
        .flatten()
}

/// Focuses the cell that a card lies in, or its card in the tray.
pub fn focus_card(card: CardIx) {
    let find = |selector: String| document()?.query_selector(&selector).ok().flatten();
    let cell = find(format!(".tt-cell:has([data-card='{}'])", card.0));
    if let Some(place) = cell.or_else(|| find(format!(".tt-tray > [data-card='{}']", card.0))) {
        focus(&place);
    }
}

/// Focuses the best seen place of the held card.
pub fn focus_best(desk: Desk) {
    let Some(held) = desk.held.get_untracked() else {
        return;
    };
    let seen = held.places.iter().find_map(|place| {
        let selector = format!(
            ".tt-cell[data-at^='{}-{}-']:not([data-verdict='none'])",
            place.at.day, place.at.slot
        );
        document()?.query_selector(&selector).ok().flatten()
    });
    let first = || {
        document()?
            .query_selector(".tt-cell[tabindex='0']")
            .ok()
            .flatten()
    };
    if let Some(cell) = seen.or_else(first) {
        focus(&cell);
    }
}

/// A key anywhere on the board.
pub fn on_key(desk: Desk, event: &KeyboardEvent) {
    let Some(from) = target(event) else { return };
    let key = event.key();
    if event.ctrl_key() || event.meta_key() {
        let done = match (key.to_lowercase().as_str(), event.shift_key()) {
            // by the key's place too, whatever language the keyboard writes
            ("z" | "я", false) => {
                desk.undo();
                true
            }
            ("y" | "н", _) | ("z" | "я", true) => {
                desk.redo();
                true
            }
            _ => false,
        };
        if done {
            event.prevent_default();
        }
        return;
    }
    if key == "Escape" && desk.held.get_untracked().is_some() {
        desk.release();
        event.prevent_default();
        return;
    }
    if event.alt_key() || around(&from, "dialog, select, input").is_some() {
        return;
    }
    let handled = if let Some((cell, at)) = cell_of(&from) {
        in_grid(desk, &cell, at, &from, &key)
    } else if around(&from, ".tt-tray").is_some() {
        in_tray(&from, &key)
    } else {
        false
    };
    if handled {
        event.prevent_default();
    }
}

fn number(cell: &Element, name: &str) -> i32 {
    cell.get_attribute(name).and_then(|n| n.parse().ok()).unwrap_or(0)
}

fn in_grid(desk: Desk, cell: &Element, at: CellAt, from: &Element, key: &str) -> bool {
    let (row, column) = (number(cell, "data-row"), number(cell, "data-column"));
    let to = match key {
        "ArrowUp" => cell_in(row - 1, column),
        "ArrowDown" => cell_in(row + 1, column),
        "ArrowLeft" => cell_in(row, column - 1),
        "ArrowRight" => cell_in(row, column + 1),
        "Home" => cell_in(row, 0),
        "End" => {
            let last = |row: &Element| row.query_selector(".tt-cell:last-of-type").ok().flatten();
            around(cell, ".tt-row").as_ref().and_then(last)
        }
        _ => return on_cell(desk, at, from, key),
    };
    if let Some((cell, at)) = to.as_ref().and_then(cell_of) {
        focus(&cell);
        desk.tell(at);
    }
    true
}

fn on_cell(desk: Desk, at: CellAt, from: &Element, key: &str) -> bool {
    let cards = desk.ask(|b| at.cards(b));
    let held = desk.held_card.get_untracked();
    let chosen = held.or_else(|| card_of(from)).or_else(|| cards.first().copied());
    match key {
        "Enter" | " " => match (held, chosen) {
            (Some(card), _) if cards.contains(&card) => desk.release(),
            (Some(_), _) => {
                desk.place(at);
            }
            (None, Some(card)) => desk.pick(card),
            (None, None) => desk.tell(at),
        },
        "Delete" | "Backspace" => {
            if let Some(card) = chosen {
                desk.unplace(card);
            }
        }
        "l" | "L" | "д" | "Д" => {
            if let Some(card) = chosen {
                desk.toggle_lock(card);
            }
        }
        digit if digit.len() == 1 => {
            let nth = digit.parse::<usize>().ok().and_then(|n| n.checked_sub(1));
            let Some(card) = nth.and_then(|n| cards.get(n)) else {
                return false;
            };
            desk.pick(*card);
        }
        _ => return false,
    }
    true
}

fn in_tray(from: &Element, key: &str) -> bool {
    let Some(card) = around(from, ".tt-tray > .tt-card") else {
        return false;
    };
    let to = match key {
        "ArrowDown" | "ArrowRight" => card.next_element_sibling(),
        "ArrowUp" | "ArrowLeft" => card.previous_element_sibling(),
        _ => return false,
    };
    if let Some(to) = to.filter(|e| e.class_list().contains("tt-card")) {
        focus(&to);
    }
    true
}
