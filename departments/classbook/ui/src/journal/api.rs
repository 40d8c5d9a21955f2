//! What the browser asks of the journal.

use base::{AppError, AssignmentId, LoadId, PeriodId};
use classbook_core::journal::cell::{Answer, Batch, Past, Place, Uuid};
use classbook_core::journal::grid::{AssignmentEdit, Grid, Journals};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The journals one may open.
#[server(name = JournalsOf, prefix = "/api", endpoint = "journal/list", input = GetUrl)]
pub async fn journals() -> Result<Journals, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::journals(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// One period of a journal; without a period today's.
#[server(name = GridOf, prefix = "/api", endpoint = "journal/grid", input = GetUrl)]
pub async fn grid(load: LoadId, period: Option<PeriodId>) -> Result<Grid, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::grid(&mut ctx, load, period).await;
    kit::server::close(ctx, out).await
}

/// Saves what was typed, each change by itself.
#[server(name = SaveCells, prefix = "/api", endpoint = "journal/save_cells", input = Json)]
pub async fn save_cells(batch: Batch) -> Result<Vec<Answer>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::save_cells(&mut ctx, batch).await;
    kit::server::close(ctx, out).await
}

/// Who changed a place, when, from what to what.
#[server(name = HistoryOf, prefix = "/api", endpoint = "journal/history", input = Json)]
pub async fn history(place: Place) -> Result<Vec<Past>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::history(&mut ctx, place).await;
    kit::server::close(ctx, out).await
}

/// Adds a work to a lesson or changes one.
#[server(name = SaveWork, prefix = "/api", endpoint = "journal/save_work", input = Json)]
pub async fn save_work(op_id: Uuid, edit: AssignmentEdit) -> Result<AssignmentId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::save_work(&mut ctx, op_id, edit).await;
    kit::server::close(ctx, out).await
}

/// Removes a work that holds no mark.
#[server(name = RemoveWork, prefix = "/api", endpoint = "journal/remove_work", input = Json)]
pub async fn remove_work(assignment: AssignmentId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::journal::sql::remove_work(&mut ctx, assignment).await;
    kit::server::close(ctx, out).await
}
