//! Questions about marks (вопросы об отметках): a guardian or pupil asks from the mark in the diary or from a result; the teacher answers
//! on the same page or beside the mark in the journal; a deputy sees what is overdue and sets the term.
//!
//! Routes: `/disputes` (a list, for each who sees some), `/disputes/:pupil/:assignment` (the threads of one mark),
//! `/disputes/:pupil/period/:mark` (those of a mark of a period, a year).

mod api;
pub(crate) mod list_page;
pub(crate) mod mark_page;
mod parts;

pub use api::{
    AskAbout, AskAboutPeriod, CloseDispute, DisputesOf, DisputesOfMark, DisputesOfPeriod, SayIn,
    SetDisputeDays, WaitingOf,
};
pub use parts::{BesideMark, WaitingBanner};

use crate::pages::{DisputesPage, MarkPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of questions.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/disputes") view={Lazy::<DisputesPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/disputes/:pupil/:assignment") view={Lazy::<MarkPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/disputes/:pupil/period/:mark") view={Lazy::<MarkPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
    )
}
