//! Rules of marking and what comes of them.
//!
//! Routes: `/journal/rules` (the school's rules; the deputy director adds them, teachers read them), `/journal/:load/totals` (marks of
//! periods and years; who keeps the journal gives them). How marks are counted is `classbook_core::grading`, the same code in browser
//! and server; [`explain`] puts a figure into words.

mod api;
mod desk;
pub mod explain;
mod figure_sheet;
mod reason_dialog;
mod rule_form;
mod rules_page;
mod totals_page;

use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

kit::pages!(grading_pages {
    /// The school's rules of marking.
    RulesPage => rules_page::draw,
    /// Marks of periods and of the year.
    TotalsPage => totals_page::draw,
});

/// The routes of rules and totals.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/journal/rules") view={Lazy::<RulesPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/journal/:load/totals") view={Lazy::<TotalsPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
}
