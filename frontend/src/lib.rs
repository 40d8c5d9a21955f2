//! The wasm entry: hydrates the application. Nothing else lives here.

use leptos::mount::hydrate_from_async;
use leptos::tachys::dom::body;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;

/// Called by the page once the wasm has arrived.
#[wasm_bindgen]
pub fn hydrate() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // boot.js listens and offers to reload: a page that died must say so
        if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new("parta:panic")) {
            let _ = window.dispatch_event(&event);
        }
    }));
    spawn_local(async {
        hydrate_from_async(body(), app::App).await.forget();
        // From now on the page answers to clicks and keys: whoever waits for that (the journeys, the benchmark) sees it.
        if let Some(root) = web_sys::window()
            .and_then(|w| w.document())
            .and_then(|d| d.document_element())
        {
            let _ = root.set_attribute("data-ready", "");
        }
    });
}

/// A question to the timetable engine and its answer, both as JSON. Called by `public/engine.js` in a worker, where nothing is
/// hydrated; its code is a chunk that no page fetches.
#[wasm_bindgen]
pub async fn engine(ask: String) -> String {
    app::engine(ask).await
}
