//! Server functions. A list travels as base64: it may be a workbook. It is read between two transactions, after the first has
//! said that the person may.

use base::{AppError, ClassId};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use study_core::roll::{ClassPage, Classes, Column, Preview, Seat, Since};

/// The classes of the year.
#[server(name = ClassesOf, prefix = "/api", endpoint = "roll/classes", input = GetUrl)]
pub async fn classes() -> Result<Classes, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::roll::sql::classes(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// One class.
#[server(name = ClassOf, prefix = "/api", endpoint = "roll/class", input = GetUrl)]
pub async fn class(class: ClassId) -> Result<ClassPage, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::roll::sql::class(&mut ctx, class).await;
    kit::server::close(ctx, out).await
}

/// What a list would do; changes nothing. Without `columns` they are recognised.
#[server(name = PreviewRoll, prefix = "/api", endpoint = "roll/preview", input = Json)]
pub async fn preview(file: String, columns: Option<Vec<Column>>, since: Since) -> Result<Preview, AppError> {
    let table = table(&file).await?;
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::roll::sql::preview(&mut ctx, &table, columns, since).await;
    kit::server::close(ctx, out).await
}

/// Imports a list, all its good rows or nothing.
#[server(name = ImportRoll, prefix = "/api", endpoint = "roll/import", input = Json)]
pub async fn import(
    file: String,
    columns: Option<Vec<Column>>,
    since: Since,
    without_bad: bool,
) -> Result<Preview, AppError> {
    let table = table(&file).await?;
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::roll::sql::import(
        &mut ctx,
        &table,
        columns,
        since,
        without_bad,
    ))
    .await;
    kit::server::close(ctx, out).await
}

/// Gives pupils their subgroups of one split; says how many changed.
#[server(name = SaveSplit, prefix = "/api", endpoint = "roll/save_split", input = Json)]
pub async fn save_split(
    class: ClassId,
    split: String,
    seats: Vec<Seat>,
    since: Since,
) -> Result<u32, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::roll::sql::save_split(&mut ctx, class, &split, &seats, since).await;
    kit::server::close(ctx, out).await
}

/// The rows of a file, for whoever may import; no connection waits meanwhile.
#[cfg(feature = "ssr")]
async fn table(file: &str) -> Result<study_core::roll::rows::Table, AppError> {
    let ctx = kit::server::ctx().await?;
    let lang = ctx.lang();
    let may = study_core::roll::sql::must_edit(&ctx).map_err(Into::into);
    kit::server::close(ctx, may).await?;
    let read = async { study_core::roll::sql::read(lang, study_core::roll::sql::bytes(lang, file)?).await };
    kit::server::status(read.await)
}
