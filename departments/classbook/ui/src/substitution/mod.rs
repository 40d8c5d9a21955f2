//! Who stands in at which lesson.
//!
//! Route: `/substitutions` (a day, with an absent teacher or a class): lesson by lesson, who gives it. For whoever closes journals.

mod api;
pub(crate) mod day_page;
mod line;

use crate::pages::SubstitutionsPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The route of substitutions.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/substitutions") view={Lazy::<SubstitutionsPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
