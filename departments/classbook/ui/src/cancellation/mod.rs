//! Lessons that do not take place.
//!
//! Route: `/cancellations` (a class and a day: which lessons fall out, and why). [`OfLesson`] stands in the sheet of one lesson.

mod api;
pub(crate) mod day_page;
mod lesson;

pub(crate) use lesson::OfLesson;

use crate::pages::CancellationsPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The route of cancelled lessons.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/cancellations") view={Lazy::<CancellationsPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
