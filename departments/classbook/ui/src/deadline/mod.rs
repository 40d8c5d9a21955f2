//! Deadlines of the journal: what a teacher owes, and the deputy's board.
//!
//! Route: `/deadlines` (`?by=class`, `?teacher=`, `?class=`, `?kind=`, `?late=`, of what was written late `?term=`, `?wrote=`, `?what=`): the address says what is seen. The panel above one's journals is
//! [`panel`](fn@panel).

mod api;
mod board;
pub(crate) mod deadline_page;
mod late;
mod list;
mod panel;
mod rules;

use crate::pages::DeadlinesPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

pub(crate) use api::mine;
pub(crate) use panel::panel;

/// The routes of deadlines.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/deadlines") view={Lazy::<DeadlinesPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
