//! What a browser kept of a person, wiped at sign-out even without a network: caches of the service worker, both
//! storages, databases. The server's `Clear-Site-Data` says the same once more.

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How many acts of typing wait in the outbox (`kit::outbox`) and would be lost: of one's own device, or of this tab.
pub fn unsent() -> u32 {
    let waiting = |storage: web_sys::Storage| {
        let keys = (0..storage.length().unwrap_or(0)).filter_map(|n| storage.key(n).ok().flatten());
        u32::try_from(keys.filter(|key| key.starts_with("parta.outbox.")).count()).unwrap_or(u32::MAX)
    };
    kit::storage().map_or(0, waiting)
}

/// Wipes; what cannot be wiped does not stop the sign-out.
pub async fn wipe() {
    let Some(window) = web_sys::window() else {
        return;
    };
    for storage in [window.local_storage(), window.session_storage()]
        .into_iter()
        .flatten()
        .flatten()
    {
        let _ = storage.clear();
    }
    if let Some(worker) = window.navigator().service_worker().controller() {
        let _ = worker.post_message(&JsValue::from_str("wipe"));
    }
    if let Ok(caches) = window.caches()
        && let Ok(names) = JsFuture::from(caches.keys()).await
    {
        for name in js_sys::Array::from(&names).iter().filter_map(|n| n.as_string()) {
            let _ = JsFuture::from(caches.delete(&name)).await;
        }
    }
    if let Ok(databases) = js_sys::Reflect::get(&window, &"indexedDB".into())
        && databases.is_object()
    {
        for name in database_names(&databases).await {
            let _ = call(&databases, "deleteDatabase", &[name.into()]);
        }
    }
}

/// `indexedDB.databases()`, which web-sys does not have.
async fn database_names(databases: &JsValue) -> Vec<String> {
    let Some(list) = call(databases, "databases", &[]).and_then(|p| p.dyn_into::<js_sys::Promise>().ok())
    else {
        return Vec::new();
    };
    let found = JsFuture::from(list).await.unwrap_or(JsValue::UNDEFINED);
    if !js_sys::Array::is_array(&found) {
        return Vec::new();
    }
    let name = |entry: JsValue| {
        js_sys::Reflect::get(&entry, &"name".into())
            .ok()
            .and_then(|n| n.as_string())
    };
    js_sys::Array::from(&found).iter().filter_map(name).collect()
}

/// Calls a method by its name; `None` when there is no such method or it throws.
fn call(on: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function = js_sys::Reflect::get(on, &method.into())
        .ok()?
        .dyn_into::<js_sys::Function>()
        .ok()?;
    function
        .apply(on, &arguments.iter().collect::<js_sys::Array>())
        .ok()
}
