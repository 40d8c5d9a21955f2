//! What the browser asks of plans. Every change says on which revision it was made; on top of somebody's newer one it is refused.

use base::{AppError, LoadId};
use classbook_core::plan::{Act, Book, Column, Preview};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};

/// The plan of a journal with its lessons.
#[server(name = PlanOf, prefix = "/api", endpoint = "plan/book", input = GetUrl)]
pub async fn book(load: LoadId) -> Result<Book, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::plan::sql::book(&mut ctx, load).await;
    kit::server::close(ctx, out).await
}

/// Does one act on a plan.
#[server(name = ChangePlan, prefix = "/api", endpoint = "plan/change", input = Json)]
pub async fn change(load: LoadId, revision: i32, act: Act) -> Result<Book, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::plan::sql::change(&mut ctx, load, revision, act).await;
    kit::server::close(ctx, out).await
}

/// Takes the last act back.
#[server(name = UndoPlan, prefix = "/api", endpoint = "plan/undo", input = Json)]
pub async fn undo(load: LoadId, revision: i32) -> Result<Book, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::plan::sql::undo(&mut ctx, load, revision).await;
    kit::server::close(ctx, out).await
}

/// Copies a plan to another journal of the subject; `revision` is that of the other.
#[server(name = CopyPlan, prefix = "/api", endpoint = "plan/copy", input = Json)]
pub async fn copy(from: LoadId, to: LoadId, revision: i32) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::plan::sql::copy(&mut ctx, from, to, revision).await;
    kit::server::close(ctx, out).await
}

/// What a file would bring; changes nothing. Without `columns` they are recognised. The file travels as base64: it may be a workbook.
#[server(name = PreviewPlan, prefix = "/api", endpoint = "plan/preview", input = Json)]
pub async fn preview(load: LoadId, file: String, columns: Option<Vec<Column>>) -> Result<Preview, AppError> {
    let table = table(load, &file).await?;
    let mut ctx = kit::server::ctx().await?;
    let out = classbook_core::plan::sql::preview(&mut ctx, load, &table, columns).await;
    kit::server::close(ctx, out).await
}

/// Imports a file, all its good rows or nothing: in place of the plan, or behind it.
#[server(name = ImportPlan, prefix = "/api", endpoint = "plan/import", input = Json)]
pub async fn import(
    load: LoadId,
    revision: i32,
    file: String,
    columns: Option<Vec<Column>>,
    append: bool,
    without_bad: bool,
) -> Result<Preview, AppError> {
    let table = table(load, &file).await?;
    let mut ctx = kit::server::ctx().await?;
    let how = classbook_core::plan::sql::How { append, without_bad };
    let out = classbook_core::plan::sql::import(&mut ctx, load, revision, &table, columns, how).await;
    kit::server::close(ctx, out).await
}

/// The rows of a file, for whoever may change the plan; no connection waits while it is read.
#[cfg(feature = "ssr")]
async fn table(load: LoadId, file: &str) -> Result<classbook_core::plan::sql::Table, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let lang = ctx.lang();
    let may = classbook_core::plan::sql::must_edit(&mut ctx, load).await;
    kit::server::close(ctx, may).await?;
    kit::server::status(classbook_core::plan::sql::read_file(lang, file).await)
}
