//! Notes of a future absence (предупреждения об отсутствии): a guardian tells, the class teacher reads and writes down when the paper
//! came; whoever teaches the child sees above the list of journals that the family has told.
//!
//! Route: `/absences/:pupil`.

mod ahead;
mod api;
pub(crate) mod notes_page;

pub use ahead::AheadSection;
pub use api::{AbsenceNotesOf, AbsencesAhead, DocumentAbsence, TellAbsence, WithdrawAbsence};

use crate::pages::NotesPage;
use leptos::prelude::*;
use leptos_router::components::Route;
use leptos_router::{Lazy, MatchNestedRoutes, SsrMode, path};

/// The routes of notes of absence.
pub fn routes() -> impl MatchNestedRoutes + Clone {
    view! { <Route path=path!("/absences/:pupil") view={Lazy::<NotesPage>::new()} ssr=SsrMode::Async/> }
        .into_inner()
}
