//! Marks of periods and years that stand apart from what was proposed, over the whole school.
//!
//! Route: `/deviations` (`?teacher=`, `?way=`): the address says which figure is open. For deputy directors; the reason itself is asked for where the mark is given
//! ([`crate::grading`]).

mod api;
pub(crate) mod list_page;

use crate::pages::DeviationsPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The route.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/deviations") view={Lazy::<DeviationsPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
