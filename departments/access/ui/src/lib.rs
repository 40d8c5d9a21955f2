//! Access: the screens by which people enter, look after their account and choose as whom they act.
//!
//! Routes: `/sign-in`, `/password`, `/account`. For the application's shell: [`positions::provide_me`],
//! [`positions::PositionSwitcher`], [`sessions::PersonMenu`], [`sessions::Preferences`].
//! Every form here also works as a plain form, without any script.

pub mod auth;
#[cfg(feature = "ssr")]
mod door;
pub mod positions;
pub mod sessions;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute;
use leptos_router::components::Route;
use leptos_router::{Lazy, SsrMode, path};

/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

kit::pages!(access_pages {
    /// Signing in.
    SignInPage => auth::sign_in_page::draw,
    /// Changing the password.
    PasswordPage => auth::password_page::draw,
    /// One's own account.
    AccountPage => sessions::account_page::draw,
});

/// The routes of this department.
#[component(transparent)]
pub fn AccessRoutes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/sign-in") view={Lazy::<SignInPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/password") view={Lazy::<PasswordPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/account") view={Lazy::<AccountPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
    )
        .into_any_nested_route()
}
