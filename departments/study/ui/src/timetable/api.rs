//! Server functions.

use base::{AppError, CardId, LoadId, VersionId};
use chrono::NaiveDate;
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use study_core::timetable::board::{DraftSource, Drafted};
use study_core::timetable::moves::{Known, Move, Published, Saved, Withdrawal};
use study_core::timetable::{BoardData, Versions};
use uuid::Uuid;

/// The versions of the current year.
#[server(name = VersionsOf, prefix = "/api", endpoint = "timetable/versions", input = GetUrl)]
pub async fn versions() -> Result<Versions, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::versions(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// One version with everything the judge needs.
#[server(name = BoardOf, prefix = "/api", endpoint = "timetable/board", input = GetUrl)]
pub async fn board(version: VersionId) -> Result<BoardData, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::timetable::sql::board(&mut ctx, version)).await;
    kit::server::close(ctx, out).await
}

/// A new draft.
#[server(prefix = "/api", endpoint = "timetable/create_draft", input = Json)]
pub async fn create_draft(source: DraftSource, title: String) -> Result<Drafted, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::create_draft(&mut ctx, source, &title).await;
    kit::server::close(ctx, out).await
}

/// A draft is called otherwise; `seen`: what it was called.
#[server(prefix = "/api", endpoint = "timetable/rename_draft", input = Json)]
pub async fn rename_draft(version: VersionId, seen: String, title: String) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::rename_draft(&mut ctx, version, &seen, &title).await;
    kit::server::close(ctx, out).await
}

/// A draft goes away.
#[server(prefix = "/api", endpoint = "timetable/delete_draft", input = Json)]
pub async fn delete_draft(version: VersionId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::delete_draft(&mut ctx, version).await;
    kit::server::close(ctx, out).await
}

/// Moves on a draft; refused if somebody else has saved since `base_revision`.
#[server(prefix = "/api", endpoint = "timetable/save_moves", input = Json)]
pub async fn save_moves(
    version: VersionId,
    base_revision: i32,
    moves: Vec<Move>,
    op: Uuid,
) -> Result<Saved, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::save_moves(&mut ctx, version, base_revision, &moves, op).await;
    kit::server::close(ctx, out).await
}

/// Puts a draft in force; `anyway`: also where clashes begin later that one knows of.
#[server(prefix = "/api", endpoint = "timetable/publish", input = Json)]
pub async fn publish(
    version: VersionId,
    valid_from: NaiveDate,
    #[server(default)] anyway: bool,
) -> Result<Published, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::publish(&mut ctx, version, valid_from, anyway);
    let out = Box::pin(out).await;
    kit::server::close(ctx, out).await
}

/// What withdrawing a published version from a day on would come to. A `POST`: it is carried out and taken back.
#[server(name = WithdrawalOf, prefix = "/api", endpoint = "timetable/withdrawal", input = Json)]
pub async fn withdrawal(version: VersionId, from: NaiveDate) -> Result<Withdrawal, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::timetable::sql::withdrawal(&mut ctx, version, from)).await;
    kit::server::close(ctx, out).await
}

/// Withdraws it; `known`: what the person knows will happen to lessons.
#[server(prefix = "/api", endpoint = "timetable/withdraw", input = Json)]
pub async fn withdraw(
    version: VersionId,
    from: NaiveDate,
    reason: String,
    known: Known,
) -> Result<Withdrawal, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::withdraw(&mut ctx, version, from, &reason, known);
    let out = Box::pin(out).await;
    kit::server::close(ctx, out).await
}

/// A load has a lesson a week more, or one less: this card goes.
#[server(prefix = "/api", endpoint = "timetable/change_load", input = Json)]
pub async fn change_load(
    version: VersionId,
    load: LoadId,
    remove: Option<CardId>,
) -> Result<Saved, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::timetable::sql::change_load(&mut ctx, version, load, remove).await;
    kit::server::close(ctx, out).await
}

/// May the person import a school? Asked with the list of versions; forbidden is the answer's status as well.
pub(crate) async fn may_import() -> Result<(), AppError> {
    if versions().await?.may_import {
        return Ok(());
    }
    #[cfg(feature = "ssr")]
    return kit::server::status(Err(AppError::Forbidden));
    #[cfg(not(feature = "ssr"))]
    Err(AppError::Forbidden)
}
