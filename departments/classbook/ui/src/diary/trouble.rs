//! What is shown instead of a diary that is not there.

use leptos::prelude::*;

/// A page that is no page: the answer's status says so too.
pub fn mark_not_found<T>() -> Result<T, base::AppError> {
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(base::AppError::NotFound));
    #[cfg(not(feature = "ssr"))]
    Err(base::AppError::NotFound)
}

/// What went wrong. In the browser a cut network is answered by the copy that the service worker keeps: by loading anew.
pub fn failed(error: base::AppError) -> AnyView {
    if error == base::AppError::Network {
        Effect::new(|| {
            // without a worker a new load would only lose the page
            if let Some(window) =
                web_sys::window().filter(|w| w.navigator().service_worker().controller().is_some())
            {
                let _ = window.location().reload();
            }
        });
    }
    view! { <kit::LoadError error=error/> }.into_any()
}
