//! The calendar-thematic plan (КТП) of a journal.
//!
//! Routes: `/journal/:load/plan` and `/journal/:load/plan/import`. What a change would do is counted here by `classbook_core::plan`, as the server will do it; nothing is
//! changed here before the server has said yes. The page's state is [`desk`]; the rows are [`lines`], each with its form ([`row_sheet`]);
//! what happens to a lesson is [`lesson_sheet`].

mod api;
mod copying;
mod desk;
mod import_outcome;
pub(crate) mod import_page;
mod lesson_sheet;
mod lines;
pub(crate) mod plan_page;
mod row_sheet;

use crate::pages::{PlanImportPage, PlanPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of plans.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/journal/:load/plan") view={Lazy::<PlanPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/journal/:load/plan/import") view={Lazy::<PlanImportPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
    )
}
