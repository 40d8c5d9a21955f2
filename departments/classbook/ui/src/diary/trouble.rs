//! What is shown instead of a diary that is not there.

use base::AppError;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::t;

/// A page that is no page: the answer's status says so too.
pub fn mark_not_found<T>() -> Result<T, AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::NotFound)
}

/// What went wrong. In the browser a cut network is answered by the copy that the service worker keeps, by loading anew; a
/// page that it does not keep says so, and there is a way back.
pub fn failed(error: AppError) -> AnyView {
    if error == AppError::Network {
        away()
    } else {
        view! { <kit::LoadError error=error/> }.into_any()
    }
}

/// Is this very page among the copies of the service worker?
async fn is_kept() -> bool {
    let Some(window) = web_sys::window() else {
        return false;
    };
    // without a worker a new load would only lose the page
    if window.navigator().service_worker().controller().is_none() {
        return false;
    }
    match window.caches() {
        Ok(caches) => JsFuture::from(caches.match_with_str(&kit::today_path()))
            .await
            .is_ok_and(|found| !found.is_undefined()),
        Err(_) => false,
    }
}

/// There is no network, and perhaps no copy.
fn away() -> AnyView {
    let lang = kit::lang();
    // on somebody else's computer nothing is kept
    let shared = kit::shared_device();
    let lost = RwSignal::new(false);
    Effect::new(move || {
        let back = window_event_listener_untyped("online", |_| {
            let _ = window().location().reload();
        });
        on_cleanup(move || back.remove());
        spawn_local(async move {
            if is_kept().await {
                let _ = window().location().reload();
            } else {
                lost.set(true);
            }
        });
    });
    let back = |_| {
        if let Ok(history) = window().history() {
            let _ = history.back();
        }
    };
    view! {
        <Show when=move || lost.get() fallback=|| view! { <kit::Busy/> }>
            <div class="page page-narrow">
                <h1 class="visually-hidden">{t::diary_title(lang)}</h1>
                <section class="error-state" role="alert">
                    <kit::Icon name="warning"/>
                    <h2>{t::diary_away_title(lang)}</h2>
                    <p>{if shared { t::diary_away_shared(lang) } else { t::diary_away_text(lang) }}</p>
                    <div class="cluster">
                        <button class="btn btn-primary" type="button" on:click=back>{t::diary_away_back(lang)}</button>
                        {(!shared).then(|| view! { <a class="btn" href="/diary" rel="external">{t::diary_away_kept(lang)}</a> })}
                    </div>
                </section>
            </div>
        </Show>
    }
    .into_any()
}
