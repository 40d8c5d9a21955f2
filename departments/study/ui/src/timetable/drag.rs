//! The pointer: a click picks and a click places; with a mouse or pen a card can also be dragged. A finger scrolls and
//! taps: nothing needs dragging.

use leptos::ev::{MouseEvent, PointerEvent};
use leptos::html;
use leptos::prelude::*;
use timetable::CardIx;
use web_sys::Element;

use super::desk::Desk;
use super::keys::{around, card_of, cell_of, focus, focus_best, target};

/// How far the pointer goes before it is a drag.
const SLACK: i32 = 6;

/// A card under a pressed pointer.
#[derive(Clone, Copy, Debug)]
struct Pressed {
    card: CardIx,
    x: i32,
    y: i32,
    dragging: bool,
}

/// The pointer over the board.
#[derive(Clone, Copy)]
pub struct Drag {
    desk: Desk,
    pressed: StoredValue<Option<Pressed>>,
    /// The click that a browser sends after a drag is none.
    swallow: StoredValue<bool>,
    /// Follows the pointer.
    pub ghost: NodeRef<html::Div>,
    /// What the ghost shows.
    pub shown: RwSignal<Option<CardIx>>,
}

impl Drag {
    /// For a board.
    pub fn new(desk: Desk) -> Self {
        Self {
            desk,
            pressed: StoredValue::new(None),
            swallow: StoredValue::new(false),
            ghost: NodeRef::new(),
            shown: RwSignal::new(None),
        }
    }

    /// Pressed.
    pub fn down(self, event: &PointerEvent) {
        self.swallow.set_value(false);
        if event.pointer_type() == "touch" || event.button() != 0 || !self.desk.may_edit() {
            return;
        }
        let card = target(event).and_then(|e| card_of(&e));
        self.pressed.set_value(card.map(|card| Pressed {
            card,
            x: event.client_x(),
            y: event.client_y(),
            dragging: false,
        }));
    }

    /// Moved.
    pub fn moved(self, event: &PointerEvent) {
        if self.desk.held_card.get_untracked().is_some()
            && let Some((_, at)) = target(event).and_then(|e| cell_of(&e))
        {
            self.desk.look_at(at);
        }
        let Some(mut pressed) = self.pressed.get_value() else {
            return;
        };
        let (x, y) = (event.client_x(), event.client_y());
        if !pressed.dragging {
            if (x - pressed.x).abs() + (y - pressed.y).abs() < SLACK {
                return;
            }
            self.desk.pick(pressed.card);
            if self.desk.held_card.get_untracked() != Some(pressed.card) {
                // locked
                self.pressed.set_value(None);
                return;
            }
            pressed.dragging = true;
            self.pressed.set_value(Some(pressed));
            self.shown.set(Some(pressed.card));
        }
        if let Some(ghost) = self.ghost.get_untracked() {
            let style = web_sys::HtmlElement::style(&ghost);
            let _ = style.set_property("--x", &format!("{}px", x + 10));
            let _ = style.set_property("--y", &format!("{}px", y + 10));
        }
    }

    /// Let go.
    pub fn up(self, event: &PointerEvent) {
        let Some(pressed) = self.pressed.get_value() else {
            return;
        };
        self.pressed.set_value(None);
        if !pressed.dragging {
            return;
        }
        self.shown.set(None);
        self.swallow.set_value(true);
        let under = web_sys::window().and_then(|w| w.document()).and_then(|d| {
            let at = |n: i32| n.to_string().parse::<f32>().unwrap_or(0.0);
            d.element_from_point(at(event.client_x()), at(event.client_y()))
        });
        match under {
            Some(under) => self.dropped(&under),
            None => self.desk.release(),
        }
    }

    fn dropped(self, under: &Element) {
        let desk = self.desk;
        if let Some((cell, at)) = cell_of(under) {
            let own = desk
                .ask(|b| at.cards(b))
                .into_iter()
                .any(|c| Some(c) == desk.held_card.get_untracked());
            if own {
                desk.release();
            } else if desk.place(at) {
                focus(&cell);
            }
        } else if around(under, ".tt-tray").is_some() {
            if let Some(card) = desk.held_card.get_untracked() {
                desk.unplace(card);
            }
        } else {
            desk.release();
        }
    }

    /// The pointer has gone: nothing is moved.
    pub fn cancel(self) {
        if self.pressed.get_value().is_some_and(|p| p.dragging) {
            self.shown.set(None);
            self.desk.release();
        }
        self.pressed.set_value(None);
    }

    /// A click or tap.
    pub fn click(self, event: &MouseEvent) {
        if self.swallow.get_value() {
            self.swallow.set_value(false);
            return;
        }
        let desk = self.desk;
        let Some(on) = target(event) else { return };
        // a press of Enter is a click without a pointer
        let by_key = event.detail() == 0;
        if let Some((cell, at)) = cell_of(&on) {
            let held = desk.held_card.get_untracked();
            let card = card_of(&on);
            match (held, card) {
                (Some(held), Some(card)) if held == card => desk.release(),
                (Some(_), _) => {
                    desk.place(at);
                }
                (None, Some(card)) => desk.pick(card),
                (None, None) => {
                    desk.selected.set(None);
                    desk.look_at(at);
                }
            }
            focus(&cell);
        } else if let Some(card) = around(&on, ".tt-tray").and_then(|_| card_of(&on)) {
            if desk.held_card.get_untracked() == Some(card) {
                desk.release();
            } else {
                desk.pick(card);
                if by_key {
                    focus_best(desk);
                }
            }
        } else if let Some(name) = around(&on, "[data-name]").and_then(|e| e.get_attribute("data-name")) {
            desk.note.set(Some(name));
        } else if around(&on, ".tt-tray").is_some() {
            // the held card goes into the tray
            if let Some(card) = desk.held_card.get_untracked() {
                desk.unplace(card);
            }
        }
    }
}

/// The card under the pointer.
#[component]
pub fn Ghost(drag: Drag) -> impl IntoView {
    let desk = drag.desk;
    view! {
        <div class="tt-ghost" aria-hidden="true" node_ref=drag.ghost hidden=move || drag.shown.get().is_none()>
            {move || drag.shown.get().map(|card| {
                let data = desk.data();
                view! {
                    <div class="tt-card" data-held="" data-hue=super::grid::hue(desk, card)>
                        <b>{data.subject_of(card).map(|s| s.name.clone())}</b><span>{data.audience_of(card)}</span>
                    </div>
                }
            })}
        </div>
    }
}
