//! Rules of marking and what comes of them.
//!
//! Routes: `/journal/rules` and `/journal/periods` (the deputy director's; teachers read the rules), `/journal/:load/totals` (marks of periods and
//! years). How marks are counted is `classbook_core::grading`, the same code in browser and server; [`explain`] puts a figure into words.

pub(crate) mod api;
pub mod ask_change;
mod desk;
pub mod explain;
mod fallen;
mod figure_sheet;
mod interim_form;
mod pad;
pub mod period_mark;
pub(crate) mod periods_page;
mod periods_parts;
mod reason_dialog;
mod rule_form;
pub(crate) mod rules_page;
mod saving;
mod topic_form;
pub(crate) mod totals_page;
mod unattested_dialog;
mod unmarked;

pub use figure_sheet::behind;

use crate::pages::{PeriodsPage, RulesPage, TotalsPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of rules and totals.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/journal/rules") view={Lazy::<RulesPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/journal/periods") view={Lazy::<PeriodsPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/journal/:load/totals") view={Lazy::<TotalsPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
}
