//! The browser's locks: a board holds one as long as its page lives, also through a crash of which nobody is told. Not in
//! `web-sys` yet, so they are called by name. Only a page by https (or on this very machine) has them.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A lock; it ends with the page, or when this is dropped.
pub struct Held(Function);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.call0(&JsValue::NULL);
    }
}

fn manager() -> Option<Object> {
    let found = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    found.dyn_into().ok()
}

fn method(manager: &Object, name: &str) -> Option<Function> {
    Reflect::get(manager, &name.into()).ok()?.dyn_into().ok()
}

/// Takes the lock of that name; `None` where the browser knows none.
pub fn hold(name: &str) -> Option<Held> {
    let manager = manager()?;
    let request = method(&manager, "request")?;
    let mut end = None;
    // the lock lasts as long as the promise that its taker gives
    let lasting = Promise::new(&mut |resolve, _| end = Some(resolve));
    let taker = Closure::once_into_js(move |_lock: JsValue| lasting);
    request.call2(&manager, &name.into(), &taker).ok()?;
    end.map(Held)
}

/// The names of all locks that are held now, in any tab; `None` where the browser does not tell.
pub async fn held() -> Option<Vec<String>> {
    let manager = manager()?;
    let asked = method(&manager, "query")?.call0(&manager).ok()?;
    let told = JsFuture::from(asked.dyn_into::<Promise>().ok()?).await.ok()?;
    let held = Reflect::get(&told, &"held".into()).ok()?;
    let name = |lock: JsValue| Reflect::get(&lock, &"name".into()).ok()?.as_string();
    Some(Array::from(&held).iter().filter_map(name).collect())
}
