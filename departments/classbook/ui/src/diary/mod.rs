//! The diary (дневник), phone first: for a pupil, a guardian, and a class teacher who looks in.
//!
//! Routes: `/diary` (own or first child's, this week), `/diary/:pupil/subjects`, `/diary/:pupil`, `/diary/:pupil/:monday`.
//! A week is a document without wasm (docs/decisions/0006), brought to life by `public/diary.js`; links lead from document to document (`rel="external"`),
//! so `public/sw.js` keeps every page for the time without a network. To show one more thing of a lesson: `week_page/lesson.rs`; of a mark: [`mark`].

mod api;
mod freshness;
mod head;
mod mark;
#[cfg(feature = "ssr")]
mod more;
pub(crate) mod subjects_page;
mod topics;
mod trouble;
#[cfg_attr(not(feature = "ssr"), path = "document.rs")]
pub(crate) mod week_page;
mod what_if;
use crate::pages::{SubjectsPage, WeekPage};
pub use api::{Seen, SubjectsOf, TopicsOf, WeekOf};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};
pub(crate) use subjects_page::stage_name;
pub(crate) use trouble::mark_not_found;

/// The routes of the diary.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/diary/:pupil/subjects") view={Lazy::<SubjectsPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        // not `:pupil?/:monday?`: the server's router would be told of «/diary/{pupil}» and of «/diary/{monday}»
        view! { <Route path=path!("/diary") view={Lazy::<WeekPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/diary/:pupil") view={Lazy::<WeekPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/diary/:pupil/:monday") view={Lazy::<WeekPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
}
