//! The class journal: one's journals, and the grade grid of one of them.
//!
//! Routes: `/journal` (list, today's lessons first) and `/journal/:load` (`?period=`), for teachers, class teachers and deputies. The grid is
//! drawn by [`desk`] straight into the DOM, for a key must be on the screen within a frame; what it shows and how it counts is `classbook_core::journal`,
//! what waits for the network is `kit::outbox`, how the two go together [`lines`]. What hangs on a cell goes into [`cell_sheet`], on a lesson into [`lesson_sheet`].

mod api;
mod bar;
mod beside;
mod cell_sheet;
mod desk;
mod dot;
pub(crate) mod grid_page;
mod keys;
mod lesson_sheet;
pub mod lines;
pub(crate) mod list_page;
mod looked;
mod others;
mod parts;
mod planned;
mod problems;
mod result_sheet;

pub(crate) use parts::{Kept, Unsent};

use crate::pages::{GridPage, JournalsPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of the journal.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/journal") view={Lazy::<JournalsPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/journal/:load") view={Lazy::<GridPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
    )
}
