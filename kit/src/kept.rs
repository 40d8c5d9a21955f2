//! Pages that the service worker keeps for a day without a network (`public/sw.js`): which to keep, and when a page that is
//! seen is such a copy.

use leptos::prelude::*;
use wasm_bindgen::JsValue;

/// The worker that answers for this page; none on the server, in a browser without one, and before it has taken the page over.
fn worker() -> Option<web_sys::ServiceWorker> {
    if cfg!(feature = "ssr") {
        return None;
    }
    let container = js_sys::Reflect::get(
        web_sys::window()?.navigator().as_ref(),
        &JsValue::from_str("serviceWorker"),
    );
    // a browser without workers, or one that forbids them here, has no such thing
    if !container.ok()?.is_object() {
        return None;
    }
    web_sys::window()?.navigator().service_worker().controller()
}

/// Asks for these pages to be kept; those of which a copy of the last `fresh` milliseconds is there are not fetched. Of a
/// session on somebody else's computer nothing is kept.
pub fn keep_pages(pages: &[String], fresh: f64) {
    let Some(worker) = worker().filter(|_| !crate::shared_device()) else {
        return;
    };
    let list = js_sys::Array::new();
    for page in pages {
        list.push(&JsValue::from_str(page));
    }
    let lang = crate::lang().code();
    let message = js_sys::Object::new();
    for (name, value) in [
        ("type", JsValue::from_str("take")),
        ("pages", list.into()),
        ("lang", JsValue::from_str(lang)),
        ("fresh", JsValue::from_f64(fresh)),
    ] {
        let _ = js_sys::Reflect::set(&message, &JsValue::from_str(name), &value);
    }
    let _ = worker.post_message(&message);
}

/// Can the network's place be taken by a kept copy? Then whoever could not fetch a page's data loads its document.
#[must_use]
pub fn may_be_kept() -> bool {
    worker().is_some()
}

/// Calls `heard` when it is learned that what is seen is a kept copy, with the moment it was stored: milliseconds of the
/// device's clock. For effects of a component: it listens until that goes.
pub fn when_stored(heard: impl Fn(f64) + 'static) {
    let ask = move || {
        let stored = document()
            .document_element()
            .and_then(|r| r.get_attribute("data-stored"));
        if let Some(at) = stored.and_then(|at| at.parse().ok()) {
            heard(at);
        }
    };
    ask();
    let shown = window_event_listener_untyped("parta:shown", move |_| ask());
    on_cleanup(move || shown.remove());
}
