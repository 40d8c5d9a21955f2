//! Study: the screens of the timetable and of the import.
//!
//! Routes: `/timetable` (versions), `/timetable/:version` (the board), `/import`.

pub mod import;
pub mod timetable;
/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::Route;
use leptos_router::{Lazy, SsrMode, path};

/// The routes of this department.
#[component(transparent)]
pub fn StudyRoutes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/timetable") view={Lazy::<timetable::VersionsPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/timetable/:version") view={Lazy::<timetable::EditorPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/import") view={Lazy::<import::ImportPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
        .into_any_nested_route()
}
