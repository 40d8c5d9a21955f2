//! Classbook: the screens.

pub mod absence;
pub mod acknowledgement;
pub mod assessment;
pub mod attendance;
pub mod cancellation;
pub mod deadline;
pub mod deviation;
pub mod diary;
pub mod dispute;
pub mod distance;
pub mod exemption;
pub mod feed;
pub mod grading;
mod homework;
pub mod journal;
pub mod notice;
pub mod owed;
mod pages;
pub mod plan;
pub mod scale;
pub mod sheet;
pub mod substitution;

use leptos::prelude::*;
use leptos_router::any_nested_route::IntoAnyNestedRoute as _;

/// Texts of this crate, by language.
pub mod t {
    #![allow(clippy::pedantic, clippy::if_same_then_else)]
    include!(concat!(env!("OUT_DIR"), "/texts.rs"));
}

/// The routes of this department.
#[component(transparent)]
pub fn ClassbookRoutes() -> impl MatchNestedRoutes + Clone {
    (
        absence::routes(),
        assessment::routes(),
        (deadline::routes(), deviation::routes()),
        diary::routes(),
        dispute::routes(),
        distance::routes(),
        acknowledgement::routes(),
        // a tuple holds sixteen
        (
            attendance::routes(),
            cancellation::routes(),
            substitution::routes(),
        ),
        exemption::routes(),
        feed::routes(),
        grading::routes(),
        // before the journal: its `:load` would take the word for a number
        scale::routes(),
        journal::routes(),
        (notice::routes(), owed::routes()),
        plan::routes(),
        sheet::routes(),
    )
        .into_any_nested_route()
}
