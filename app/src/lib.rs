//! The thin application that joins the departments: document, frame, routes. Stays small for ever: it is linked anew
//! on every edit. A new department is one line in [`App`].

mod document;
mod frame;

use access_ui::AccessRoutes;
use classbook_ui::ClassbookRoutes;
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::{FlatRoutes, Route, Router};
use leptos_router::{SsrMode, path};
use study_ui::StudyRoutes;

#[cfg(feature = "ssr")]
pub use document::document;
use frame::{Frame, Home, NotFound};

/// The timetable engine beside the page; see `study_ui::engine`.
pub use study_ui::engine;

/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// The application, drawn on the server and hydrated in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let lang = kit::provide_lang();
    access_ui::positions::provide_me();
    view! {
        <Title text=t::brand(lang) formatter=move |page: String| {
            if page == t::brand(lang) { page } else { format!("{page} · {}", t::brand(lang)) }
        }/>
        <Router>
            <Frame>
                <FlatRoutes fallback=NotFound>
                    <Route path=path!("/") view=Home ssr=SsrMode::Async/>
                    <AccessRoutes/>
                    <StudyRoutes/>
                    <ClassbookRoutes/>
                </FlatRoutes>
            </Frame>
        </Router>
    }
}
