//! What is filled in and not saved is asked about before the person goes: a link of ours is held and asks here, everything else
//! that ends the page (another address, closing the window, reloading) is asked about by the browser.
//!
//! «Back» is neither: the router takes it without a question, and the page cannot hold it. So there is one more entry of the same address
//! above the page's own while something is unsaved: «back» leads from it to the page itself, which then asks.

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::closure::Closure;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use wasm_bindgen::JsValue;
use web_sys::{Element, History, MouseEvent};

use base::Lang;

use crate::t;

/// A page on which something may be unsaved.
#[derive(Clone, Copy)]
pub(crate) struct Guarded {
    /// The page's own address: its parts are not left by going from one to another.
    pub here: &'static str,
    /// Something would be lost.
    pub unsaved: Signal<bool>,
    /// The person lets it go.
    pub give_up: Callback<()>,
    /// What the question is called, and what would be lost.
    pub title: &'static str,
    /// …
    pub text: &'static str,
}

/// Where the person wants to go.
#[derive(Clone, Debug, PartialEq)]
enum Way {
    /// To an address of ours.
    To(String),
    /// One step back.
    Back,
}

/// An entry of the browser's history, as it is marked in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    /// The page's own, with one of the same address above it.
    Below,
    /// The one above.
    Above,
}

impl Entry {
    fn mark(self) -> JsValue {
        match self {
            Self::Below => "parta.requirement.below",
            Self::Above => "parta.requirement.above",
        }
        .into()
    }

    /// Whether it is the present one.
    fn is_here(self, history: &History) -> bool {
        history.state().is_ok_and(|state| state == self.mark())
    }
}

fn history() -> Option<History> {
    web_sys::window().and_then(|w| w.history().ok())
}

/// Puts the one more entry above the page's own, unless it is there.
fn hold_back() {
    let Some(history) = history().filter(|history| !Entry::Above.is_here(history)) else {
        return;
    };
    let _ = history.replace_state(&Entry::Below.mark(), "");
    let _ = history.push_state(&Entry::Above.mark(), "");
}

/// Where a click on a link of ours leads, if it leaves the page in this window.
fn leads_away(event: &MouseEvent, here: &str) -> Option<String> {
    let plain = event.button() == 0
        && !event.ctrl_key()
        && !event.meta_key()
        && !event.shift_key()
        && !event.alt_key();
    if !plain || event.default_prevented() {
        return None;
    }
    let link = event
        .target()?
        .dyn_into::<Element>()
        .ok()?
        .closest("a[href]")
        .ok()
        .flatten()?;
    let href = link.get_attribute("href")?;
    // what the browser opens itself, it asks about itself
    let ours = href.starts_with('/')
        && !href.starts_with("//")
        && !link.has_attribute("target")
        && !link.has_attribute("download");
    let stays = href.split('?').next() == Some(here);
    (ours && !stays).then_some(href)
}

/// Listens, and draws the question.
pub(crate) fn guard(page: Guarded, lang: Lang) -> AnyView {
    let unsaved = page.unsaved;
    let to = RwSignal::new(None::<Way>);
    let node = NodeRef::<html::Dialog>::new();
    let stay = NodeRef::<html::Button>::new();
    // the question of «back» has been answered: the browser need not ask once more
    let going = StoredValue::new(false);
    let held = StoredValue::new(false);
    let ask = move |way: Way| {
        to.set(Some(way));
        if let Some(dialog) = node.get_untracked() {
            let _ = dialog.show_modal();
        }
        if let Some(button) = stay.get_untracked() {
            let _ = button.focus();
        }
    };
    Effect::new(move || {
        let closing = window_event_listener(ev::beforeunload, move |event| {
            if !going.get_value() && unsaved.get_untracked() {
                event.prevent_default();
                // what older browsers ask for
                event.set_return_value("unsaved");
            }
        });
        let call = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
            if !unsaved.get_untracked() {
                return;
            }
            if let Some(href) = leads_away(&event, page.here) {
                // the router listens further out and leaves alone what is taken
                event.prevent_default();
                ask(Way::To(href));
            }
        });
        let stepped = window_event_listener(ev::popstate, move |_| {
            going.set_value(false);
            let Some(history) = history().filter(|history| Entry::Below.is_here(history)) else {
                return;
            };
            if unsaved.get_untracked() {
                ask(Way::Back);
            } else {
                // saved since: one press goes where it would have gone
                let _ = history.back();
            }
        });
        let document = web_sys::window().and_then(|w| w.document());
        if let Some(document) = &document {
            let _ = document.add_event_listener_with_callback("click", call.as_ref().unchecked_ref());
        }
        let held = StoredValue::new_local(Some((document, call)));
        on_cleanup(move || {
            closing.remove();
            stepped.remove();
            if let Some((Some(document), call)) = held.try_update_value(Option::take).flatten() {
                let _ = document.remove_event_listener_with_callback("click", call.as_ref().unchecked_ref());
            }
        });
    });
    Effect::new(move || {
        if unsaved.get() && !held.get_value() {
            held.set_value(true);
            hold_back();
        }
    });
    let navigate = use_navigate();
    let leave = move |_| {
        let way = to.get_untracked();
        to.set(None);
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
        match way {
            Some(Way::To(href)) => {
                page.give_up.run(());
                navigate(&href, NavigateOptions::default());
            }
            // what is painted goes with the page; where the step leads to another part of it, it stays
            Some(Way::Back) => {
                going.set_value(true);
                let _ = history().map(|history| history.back());
            }
            None => {}
        }
    };
    // however the question is closed: whoever stays stands above the page's own entry again
    let closed = move |_| {
        if to.get_untracked() == Some(Way::Back) {
            let _ = history().map(|history| history.forward());
        }
        to.set(None);
    };
    let back = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog class="sheet" node_ref=node on:close=closed aria-labelledby="unsaved" aria-describedby="unsaved-text">
            <div class="sheet-head"><h2 id="unsaved">{page.title}</h2></div>
            <div class="sheet-body stack">
                <p id="unsaved-text">{page.text}</p>
                <div class="cluster">
                    <button class="btn btn-primary" type="button" node_ref=stay on:click=back>{t::requirement_unsaved_stay(lang)}</button>
                    <button class="btn btn-quiet" type="button" on:click=leave>{t::requirement_unsaved_leave(lang)}</button>
                </div>
            </div>
        </dialog>
    }
    .into_any()
}
