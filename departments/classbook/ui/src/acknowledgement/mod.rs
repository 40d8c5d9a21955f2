//! Acknowledgement of a week (подпись родителя): a guardian says in the diary that they have seen a week, by a plain form that works
//! without scripts (`diary::week_page` draws it); the class teacher sees who has.
//!
//! Route: `/acknowledgements/:class`.

mod api;
pub(crate) mod class_page;

pub use api::{AcknowledgementsOf, SignWeek};

use crate::pages::AcknowledgementsPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of acknowledgements.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/acknowledgements/:class") view={Lazy::<AcknowledgementsPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
