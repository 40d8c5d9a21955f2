//! Where a browser keeps what belongs to a person: `localStorage` on one's own device; on somebody else's computer
//! `sessionStorage`, which dies with the tab (docs/decisions/0005).

use web_sys::Storage;

/// Was this page opened by a session of «чужой компьютер»? The document says so (`<html data-shared>`); `false` on the
/// server, where nothing is kept.
#[must_use]
pub fn shared_device() -> bool {
    if cfg!(feature = "ssr") {
        return false;
    }
    web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.document_element())
        .is_some_and(|e| e.has_attribute("data-shared"))
}

fn of(shared: bool) -> Option<Storage> {
    let window = web_sys::window()?;
    if shared {
        window.session_storage().ok().flatten()
    } else {
        window.local_storage().ok().flatten()
    }
}

/// The storage to use; `None` where the browser forbids it.
#[must_use]
pub fn storage() -> Option<Storage> {
    of(shared_device())
}

/// Where it is remembered that the browser was asked.
const ASKED: &str = "parta.asked-to-keep";

/// Asks the browser not to clear what this site stores here when room is short or nobody has come for some days: once, and only when there is
/// work of one's own to lose. What it answers changes nothing: nothing else can be done. On somebody else's computer nothing is to stay.
pub fn ask_to_keep() {
    let Some(storage) = storage().filter(|_| !shared_device()) else {
        return;
    };
    if matches!(storage.get_item(ASKED), Ok(None)) && storage.set_item(ASKED, "1").is_ok() {
        // the page's script asks: of all browsers' manners it is the shortest (public/boot.js)
        if let (Some(window), Ok(event)) = (web_sys::window(), web_sys::Event::new("parta:keep")) {
            let _ = window.dispatch_event(&event);
        }
    }
}

/// What an earlier session left in the other storage under these names: moved here, so that whoever signs in again in
/// another manner finds what they typed.
pub fn bring_over(prefix: &str) {
    let shared = shared_device();
    let (Some(from), Some(to)) = (of(!shared), of(shared)) else {
        return;
    };
    for (key, value) in entries(&from, prefix) {
        if to.set_item(&key, &value).is_ok() {
            let _ = from.remove_item(&key);
        }
    }
}

/// All entries whose names begin so.
#[must_use]
pub fn entries(storage: &Storage, prefix: &str) -> Vec<(String, String)> {
    let keys = storage.length().unwrap_or(0);
    (0..keys)
        .filter_map(|i| storage.key(i).ok().flatten())
        .filter(|key| key.starts_with(prefix))
        .filter_map(|key| {
            let value = storage.get_item(&key).ok().flatten()?;
            Some((key, value))
        })
        .collect()
}
