//! The language of the page, known alike on both sides: the server takes it from the request, the browser from
//! `<html lang>`, so that hydration finds what it expects.

use base::Lang;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Puts the language into the context; called once, at the root of the application.
pub fn provide_lang() -> Lang {
    let lang = find();
    provide_context(lang);
    lang
}

/// The language of the page. Ask at the top of a component; event handlers keep the copy.
#[must_use]
pub fn lang() -> Lang {
    use_context::<Lang>().unwrap_or_else(find)
}

#[cfg(feature = "ssr")]
fn find() -> Lang {
    crate::server::visit().map(|v| v.lang).unwrap_or_default()
}

#[cfg(not(feature = "ssr"))]
fn find() -> Lang {
    web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.document_element())
        .and_then(|e| e.get_attribute("lang"))
        .and_then(|code| Lang::from_code(&code))
        .unwrap_or_default()
}

/// `/sign-in?return_to=…` with the path encoded.
#[must_use]
pub fn with_return_to(path: &str) -> String {
    let mut out = String::from("/sign-in?return_to=");
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                out.push(char::from(byte))
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// Where the browser is now: path and query; "/" on the server.
#[must_use]
pub fn today_path() -> String {
    #[cfg(feature = "ssr")]
    {
        crate::server::page_path().unwrap_or_else(|| "/".to_owned())
    }
    #[cfg(not(feature = "ssr"))]
    {
        web_sys::window()
            .map(|w| w.location())
            .and_then(|l| Some(format!("{}{}", l.pathname().ok()?, l.search().ok()?)))
            .unwrap_or_else(|| "/".to_owned())
    }
}

/// For a page that is a document, drawn by the server alone: whoever is led there by the router loads it.
#[must_use]
pub fn load_document() -> AnyView {
    let location = use_location();
    Effect::new(move || {
        let address = format!(
            "{}{}",
            location.pathname.get_untracked(),
            search(&location.search.get_untracked())
        );
        // after the router has written the address down: the document takes that entry's place in the history
        set_timeout(
            move || {
                if let Some(window) = web_sys::window() {
                    let _ = window.location().replace(&address);
                }
            },
            std::time::Duration::ZERO,
        );
    });
    view! { <crate::Busy/> }.into_any()
}

fn search(query: &str) -> String {
    if query.is_empty() || query.starts_with('?') {
        query.to_owned()
    } else {
        format!("?{query}")
    }
}

/// Has the server become newer than this page, so that it understands it no more? `public/boot.js` finds out.
#[must_use]
pub fn outdated() -> bool {
    if cfg!(feature = "ssr") {
        return false;
    }
    web_sys::window()
        .and_then(|w| w.document())
        .and_then(|d| d.document_element())
        .and_then(|e| e.get_attribute("data-outdated"))
        .is_some_and(|state| state == "deaf")
}
