//! What may be given and for what: scales of marks and types of work.
//!
//! Route: `/journal/scales`, for the deputy director; whoever sees a journal may read it. What a scale is and what is wrong with one is
//! `classbook_core::scale`. Another field of a type or a mark goes into its form: [`types`], [`items`].

mod api;
mod edit;
mod items;
mod letters;
mod results;
mod scale_list;
pub(crate) mod scales_page;
mod types;

use crate::pages::ScalesPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The route of scales and types.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/journal/scales") view={Lazy::<ScalesPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
