//! What is painted and not saved is asked about before the person goes: a link of ours is held and asks here, everything else
//! that ends the page (another address, closing the window, reloading) is asked about by the browser.

use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::closure::Closure;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::{Element, MouseEvent};

use super::desk::Desk;
use crate::t;

/// The page's own address: its parts are not left by going from one to another.
const HERE: &str = "/timetable/requirements";

/// Where a click on a link of ours leads, if it leaves the page in this window.
fn leads_away(event: &MouseEvent) -> Option<String> {
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
    let stays = href == HERE || href.starts_with("/timetable/requirements?");
    (ours && !stays).then_some(href)
}

/// Listens, and draws the question.
pub(super) fn guard(desk: Desk) -> AnyView {
    let lang = desk.lang;
    let to = RwSignal::new(None::<String>);
    let node = NodeRef::<html::Dialog>::new();
    let stay = NodeRef::<html::Button>::new();
    let ask = move |href: String| {
        to.set(Some(href));
        if let Some(dialog) = node.get_untracked() {
            let _ = dialog.show_modal();
        }
        if let Some(button) = stay.get_untracked() {
            let _ = button.focus();
        }
    };
    Effect::new(move || {
        let closing = window_event_listener(ev::beforeunload, move |event| {
            if untrack(move || desk.has_unsaved()) {
                event.prevent_default();
                // what older browsers ask for
                event.set_return_value("unsaved");
            }
        });
        let call = Closure::<dyn Fn(MouseEvent)>::new(move |event: MouseEvent| {
            if !untrack(move || desk.has_unsaved()) {
                return;
            }
            if let Some(href) = leads_away(&event) {
                // the router listens further out and leaves alone what is taken
                event.prevent_default();
                ask(href);
            }
        });
        let document = web_sys::window().and_then(|w| w.document());
        if let Some(document) = &document {
            let _ = document.add_event_listener_with_callback("click", call.as_ref().unchecked_ref());
        }
        let held = StoredValue::new_local(Some((document, call)));
        on_cleanup(move || {
            closing.remove();
            if let Some((Some(document), call)) = held.try_update_value(Option::take).flatten() {
                let _ = document.remove_event_listener_with_callback("click", call.as_ref().unchecked_ref());
            }
        });
    });
    let navigate = use_navigate();
    let leave = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
        if let Some(href) = to.get_untracked() {
            desk.give_up_all();
            navigate(&href, NavigateOptions::default());
        }
    };
    let back = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog class="sheet" node_ref=node aria-labelledby="rq-unsaved" aria-describedby="rq-unsaved-text">
            <div class="sheet-head"><h2 id="rq-unsaved">{t::requirement_unsaved_title(lang)}</h2></div>
            <div class="sheet-body stack">
                <p id="rq-unsaved-text">{t::requirement_unsaved_text(lang)}</p>
                <div class="cluster">
                    <button class="btn btn-primary" type="button" node_ref=stay on:click=back>{t::requirement_unsaved_stay(lang)}</button>
                    <button class="btn btn-quiet" type="button" on:click=leave>{t::requirement_unsaved_leave(lang)}</button>
                </div>
            </div>
        </dialog>
    }
    .into_any()
}
