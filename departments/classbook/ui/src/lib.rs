//! Classbook: the screens.

pub mod diary;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute as _;
use leptos_router::components::Route;
use leptos_router::{Lazy, LazyRoute, SsrMode, lazy_route, path};

/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// The routes of this department.
#[component(transparent)]
pub fn ClassbookRoutes() -> impl MatchNestedRoutes + Clone {
    (
        diary::routes(),
        view! { <Route path=path!("/journal") view={Lazy::<FirstPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
        .into_any_nested_route()
}

/// A first page.
#[derive(Debug)]
pub struct FirstPage;

#[lazy_route]
impl LazyRoute for FirstPage {
    fn data() -> Self {
        Self
    }
    fn view(_this: Self) -> AnyView {
        view! { <div class="page"><h1>"Classbook"</h1></div> }.into_any()
    }
}
