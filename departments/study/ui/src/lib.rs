//! Study: the screens of the timetable, of the import, and of classes with their pupils.
//!
//! Routes: `/timetable` (versions), `/timetable/requirements`, `/timetable/bells`, `/timetable/compare`, `/timetable/:version` (the board), `/timetable/:version/export`, `/import`, `/classes`, `/classes/import` (a list of
//! pupils), `/classes/:class`.

pub mod bells;
pub mod building;
pub mod compose;
mod engine;
pub mod export;
pub mod import;
mod leaving;
mod repair;
pub mod requirement;
pub mod roll;
pub mod timetable;
pub use engine::engine;

/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic, clippy::if_same_then_else)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::Route;
use leptos_router::{Lazy, SsrMode, path};

kit::pages!(study_pages {
    /// The versions of the timetable.
    VersionsPage => timetable::versions_page::draw,
    /// The board of one of them.
    EditorPage => timetable::editor_page::draw,
    /// Two of them, side by side.
    ComparePage => compose::compare_page::draw,
    /// Import from another program.
    ImportPage => import::import_page::draw,
    /// Export to another program.
    ExportPage => export::export_page::draw,
    /// Requirements and wishes.
    RequirementPage => requirement::sheet_page::draw,
    /// When lessons begin and end.
    BellsPage => bells::bells_page::draw,
});

kit::pages!(roll_pages {
    /// The classes.
    ClassesPage => roll::list_page::draw,
    /// A list of pupils from a file.
    LoadPage => roll::load_page::draw,
    /// One class.
    ClassPage => roll::class_page::draw,
});

/// The routes of this department.
#[component(transparent)]
pub fn StudyRoutes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/classes") view={Lazy::<ClassesPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/classes/import") view={Lazy::<LoadPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/classes/:class") view={Lazy::<ClassPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/timetable") view={Lazy::<VersionsPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/timetable/requirements") view={Lazy::<RequirementPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/timetable/bells") view={Lazy::<BellsPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/timetable/compare") view={Lazy::<ComparePage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/timetable/:version") view={Lazy::<EditorPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/timetable/:version/export") view={Lazy::<ExportPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/import") view={Lazy::<ImportPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
        .into_any_nested_route()
}
