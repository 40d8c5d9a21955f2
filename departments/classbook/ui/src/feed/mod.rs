//! The calendar feed (календарная подписка): a guardian or pupil makes and revokes secret addresses for a calendar program.
//!
//! Route: `/calendar/:pupil`. What a program gets is served by `server/src/serve/feed.rs` at `/feed/….ics`.

mod api;
pub(crate) mod feed_page;

use crate::pages::FeedPage;
pub use api::{FeedsOf, MakeFeed, RevokeFeed};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of the feed.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/calendar/:pupil") view={Lazy::<FeedPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
