//! The HTML document around the application, drawn by the server alone.

#[cfg(feature = "ssr")]
use leptos::prelude::*;
#[cfg(feature = "ssr")]
use leptos_meta::{HashedStylesheet, MetaTags};

/// The content security policy of a page: scripts of ours and those that carry its nonce, nothing foreign at all.
#[cfg(feature = "ssr")]
fn set_policy() {
    let Some(nonce) = use_nonce() else { return };
    // cargo-leptos' reload socket, in `./parta dev` only
    let reload = if std::env::var_os("LEPTOS_WATCH").is_some() {
        " ws:"
    } else {
        ""
    };
    let policy = format!(
        "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; \
         connect-src 'self'{reload}; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(policy) = http::HeaderValue::from_str(&policy) {
        kit::server::shared::<kit::server::Policy>().say(policy);
    }
}

/// `<!DOCTYPE html>` and everything in it. `build` names the files of the site as they lie there: another name, and browsers
/// offer the new version.
#[cfg(feature = "ssr")]
pub fn document(options: LeptosOptions, build: std::sync::Arc<str>) -> impl IntoView {
    set_policy();
    let path = kit::server::page_path().unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    let family = path == "/diary" || path.starts_with("/diary/");
    // a family's page is read before it is clicked: a week needs no wasm at all, subjects when the phone is idle
    let hydrated = !family || path.ends_with("/subjects");
    let visit = kit::server::visit();
    let lang = visit.as_ref().map(|v| v.lang).unwrap_or_default();
    // what the browser may keep of whom (`public/boot.js`, `kit::storage`)
    let shared = visit.as_ref().is_some_and(|v| v.shared);
    let visitor = visit
        .as_ref()
        .and_then(|v| v.actor.as_ref())
        .map(|a| a.person.to_string());
    let theme = visit.and_then(|v| v.theme);
    view! {
        <!DOCTYPE html>
        <html lang=lang.code() data-theme=theme data-build=build.to_string() data-visitor=visitor data-shared=shared.then_some("")>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="format-detection" content="telephone=no"/>
                <HashedStylesheet options=options.clone() id="leptos"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <script src="/boot.js" defer nonce=use_nonce()></script>
                {family.then(|| view! { <script src="/diary.js" defer nonce=use_nonce()></script> })}
                <AutoReload options=options.clone()/>
                {hydrated.then(|| view! { <HydrationScripts options defer=family/> })}
                <MetaTags/>
            </head>
            <body>
                <crate::App/>
            </body>
        </html>
    }
}
