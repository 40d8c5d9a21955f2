//! The timetable: the list of versions, and the board on which a draft is made.
//!
//! Who: the deputy director edits and publishes; teachers and families look at what is published. [`desk`] is the state of an open
//! board (what is held, what is undone), [`moving`] lays and saves moves; [`hand`] judges cells for it, [`advice`] finds a way where
//! there is none, [`standing`] says why a remark stands; [`saving`] sends moves; [`grid`], [`tray`], [`panel`], [`bar`], [`review`],
//! [`publish`] and [`conflict`] draw, [`print`] for the wall. Everything about rules is in `study-core` and `timetable`. A new view of the board (by building, say) is a variant of [`layout::View`].

pub(crate) mod advice;
pub(crate) mod api;
mod bar;
mod conflict;
mod desk;
mod drag;
pub(crate) mod editor_page;
mod grid;
mod hand;
mod keys;
mod layout;
mod moving;
mod panel;
mod print;
mod publish;
pub(crate) mod review;
mod saving;
mod standing;
mod tray;
pub(crate) mod versions_page;

pub use api::{BoardOf, ChangeLoad, CreateDraft, DeleteDraft, Publish, SaveMoves, VersionsOf};

/// May the person import a school? Asked with the list of versions; forbidden is the answer's status as well.
pub(crate) async fn may_import() -> Result<(), base::AppError> {
    if api::versions().await?.may_import {
        return Ok(());
    }
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(base::AppError::Forbidden));
    #[cfg(not(feature = "ssr"))]
    Err(base::AppError::Forbidden)
}
