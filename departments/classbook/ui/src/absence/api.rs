//! What the browser asks of notes of absence.

use base::{AbsenceNoteId, AppError, PupilId};
use chrono::NaiveDate;
#[cfg(feature = "ssr")]
use classbook_core::absence::sql;
use classbook_core::absence::{Ahead, Notes};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The notes of a child.
#[server(name = AbsenceNotesOf, prefix = "/api", endpoint = "absence/list", input = GetUrl)]
pub async fn absence_notes(pupil: PupilId) -> Result<Notes, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::notes(&mut ctx, pupil).await;
    kit::server::close(ctx, out).await
}

/// Tells of an absence.
#[server(prefix = "/api", endpoint = "absence/tell")]
pub async fn tell_absence(
    pupil: PupilId,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    reason: String,
) -> Result<AbsenceNoteId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::tell(&mut ctx, pupil, starts_on, ends_on, &reason).await;
    kit::server::close(ctx, out).await
}

/// Takes a note back.
#[server(prefix = "/api", endpoint = "absence/withdraw")]
pub async fn withdraw_absence(note: AbsenceNoteId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::withdraw(&mut ctx, note).await;
    kit::server::close(ctx, out).await
}

/// The paper came.
#[server(prefix = "/api", endpoint = "absence/document")]
pub async fn document_absence(note: AbsenceNoteId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::document(&mut ctx, note).await;
    kit::server::close(ctx, out).await
}

/// Who will not come today and in the next days, of those whom I teach or lead.
#[server(name = AbsencesAhead, prefix = "/api", endpoint = "absence/ahead", input = GetUrl)]
pub async fn absences_ahead() -> Result<Vec<Ahead>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = sql::ahead(&mut ctx).await;
    kit::server::close(ctx, out).await
}
