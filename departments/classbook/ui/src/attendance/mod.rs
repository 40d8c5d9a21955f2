//! Attendance (посещаемость): the class teacher sets reasons of absences for spans of days and sees what the absences of a month come
//! to; a deputy sees every class and sets what counts as a missed day, week and month.
//!
//! Routes: `/attendance` (the classes; whoever leads one class alone goes on to it by a link), `/attendance/:class` (`?month=2026-11`,
//! `?pupil=`, `?from=`, `?until=`, `?note=`: the address fills the form in).

mod api;
pub use api::ask_reasons;
pub(crate) mod class_page;
pub(crate) mod classes_page;
mod form;
mod lists;
mod month;
pub(crate) mod paper;
mod rule_form;

use crate::pages::{AttendanceClassesPage, AttendancePage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// A month as the address names it: «2026-11». Written out, since the browser's build of chrono does not format.
fn month_key(month: chrono::NaiveDate) -> String {
    use chrono::Datelike as _;

    format!("{}-{:02}", month.year(), month.month())
}

/// The routes of attendance.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/attendance") view={Lazy::<AttendanceClassesPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/attendance/:class") view={Lazy::<AttendancePage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
}
