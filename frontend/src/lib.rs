//! The wasm entry: hydrates the application. Nothing else lives here.

use wasm_bindgen::prelude::wasm_bindgen;

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
    leptos::mount::hydrate_lazy(app::App);
}
