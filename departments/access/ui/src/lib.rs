//! Access: the screens by which people enter, look after their account and choose as whom they act; and by which a school gives
//! its people accounts.
//!
//! Routes: `/sign-in`, `/password`, `/account`, `/accounts`, `/accounts/:group`. For the application's shell: [`positions::provide_me`],
//! [`positions::PositionSwitcher`], [`sessions::PersonMenu`], [`sessions::Preferences`].
//! Every form of entering also works as a plain form, without any script.

pub mod accounts;
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
    #![allow(clippy::pedantic, clippy::if_same_then_else)]
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

kit::pages!(accounts_pages {
    /// Accounts of the school's people.
    AccountsPage => accounts::list_page::draw,
    /// Those of a class or of the staff.
    AccountGroupPage => accounts::group_page::draw,
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
        view! { <Route path=path!("/accounts") view={Lazy::<AccountsPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
        view! { <Route path=path!("/accounts/:group") view={Lazy::<AccountGroupPage>::new()} ssr=SsrMode::Async/> }
            .into_inner(),
    )
        .into_any_nested_route()
}
