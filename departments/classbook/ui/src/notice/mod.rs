//! Notices (уведомления): what happened for a child, for guardians and pupils.
//!
//! Routes: `/notices` (the list; opening it reads it), `/notices/settings` (what each wants to be told of each child, and where).

mod api;
mod email;
pub(crate) mod list_page;
mod push;
pub(crate) mod settings_page;
mod words;

pub use api::{
    ChoicesOf, Choose, ConfirmEmail, DevicesOf, EmailOf, ForgetEmail, NewsOf, NoticesOf, NoticesSeen,
    SetEmail, SetQuiet, ShowOn, Subscribe, UnreadOf, Unsubscribe,
};

use crate::pages::{NoticesPage, SettingsPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of notices.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/notices") view={Lazy::<NoticesPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/notices/settings") view={Lazy::<SettingsPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
    )
}
