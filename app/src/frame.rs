//! The frame around every page.

use leptos::prelude::*;

use crate::t;

/// Head, navigation and the page.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let lang = kit::lang();
    view! {
        <a class="skip" href="#main">{t::skip(lang)}</a>
        <div class="shell">
            <header class="shell-head">
                <a class="brand" href="/"><img class="brand-mark" src="/logo.svg" alt="" width="28" height="28"/><span class="brand-name">{t::brand(lang)}</span></a>
            </header>
            <main class="shell-main" id="main">{children()}</main>
        </div>
    }
}

/// Where a person lands: the first page of their position.
#[component]
pub fn Home() -> impl IntoView {
    view! { <div class="page"><h1>"Парта"</h1></div> }
}

/// No such page.
#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(options) = use_context::<leptos_axum::ResponseOptions>() {
        options.set_status(http::StatusCode::NOT_FOUND);
    }
    let lang = kit::lang();
    view! {
        <div class="page page-narrow">
            <h1 class="visually-hidden">{t::not_found(lang)}</h1>
            <kit::ErrorState error=base::AppError::NotFound/>
        </div>
    }
}
