//! Exemptions from a subject (освобождения): the class teacher and whoever keeps cards of pupils enter them and take them back.
//!
//! Route: `/exemptions/:class`.

mod api;
pub(crate) mod list_page;

use crate::pages::ExemptionsPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of exemptions.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/exemptions/:class") view={Lazy::<ExemptionsPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
