//! Owed works («точка»): what the pupils of one's journals and class still have to hand in.
//!
//! Route: `/owed` (`?class=`), for teachers, class teachers and deputies. The dot itself is set in the grid ([`crate::journal`]); a family's
//! list is [`works`](fn@works), in the diary.

mod api;
pub(crate) mod owed_page;
mod works;

use crate::pages::OwedPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

pub(crate) use works::{badge, note, works};

/// The route of what is owed.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/owed") view={Lazy::<OwedPage>::new()} ssr=SsrMode::Async/> }.into_inner()
}
