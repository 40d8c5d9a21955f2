//! The schedule of assessment works: planned by a teacher for one journal, decided by a deputy for the school.
//!
//! Routes: `/assessments` (`?grade=`) for deputies, `/assessments/:load` for who teaches the journal. What stands against a day is counted
//! here by `classbook_core::assessment::rule` while one plans, as the server will count it.

mod api;
mod parts;
pub(crate) mod plan_page;
pub(crate) mod schedule_page;

pub(crate) use parts::BesideColumn;

use crate::pages::{AssessmentPlanPage, AssessmentsPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of assessment works.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/assessments") view={Lazy::<AssessmentsPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/assessments/:load") view={Lazy::<AssessmentPlanPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
    )
}
