//! Lessons at a distance: a section in the sheet of a lesson ([`OfLesson`]), a page for classes and days, a line in the diary ([`line`]).
//!
//! Route: `/distance`, for who closes and opens journals.

mod api;
mod lesson;
mod line;
pub(crate) mod spans_page;

use crate::pages::DistancePage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

pub(crate) use lesson::OfLesson;
pub(crate) use line::line;

/// The route.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/distance") view={Lazy::<DistancePage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
