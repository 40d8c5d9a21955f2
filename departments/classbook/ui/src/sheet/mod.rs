//! Sheets that schools print: a class's marks and attendance, a page of a journal, a pupil's report and табель.
//!
//! Routes: `/sheets` (`?kind=`, `?id=`, `?when=`) for staff, linked from «Журналы»; `/sheets/:pupil` (`?kind=report|card`, `?when=`) for a family,
//! linked from «Предметы», and for who may look into the diary. A figure opens (`?at=`, [`opened`]). [`draw`](mod@draw) shows what `paper` writes as XLSX and PDF. Links and
//! forms only: the pages work before the script does.

mod api;
mod draw;
pub mod opened;
mod parts;
pub(crate) mod pupil_page;
pub(crate) mod sheets_page;

pub use api::{SheetBehind, SheetCards, SheetChoices, SheetFile, SheetOf};

use crate::pages::{PupilSheetPage, SheetsPage};
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of sheets.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    (
        view! { <Route path=path!("/sheets") view={Lazy::<SheetsPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
        view! { <Route path=path!("/sheets/:pupil") view={Lazy::<PupilSheetPage>::new()} ssr=SsrMode::Async/> }.into_inner(),
    )
}
