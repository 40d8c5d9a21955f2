//! Server functions. Every change says what the person saw; on top of somebody's newer one it is refused.

use base::{AppError, BellsId};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use study_core::bells::{Answer, Lost, Sheet, Taken, Terms};

/// Everything that the page shows.
#[server(name = BellsOf, prefix = "/api", endpoint = "bells/sheet", input = GetUrl)]
pub async fn sheet() -> Result<Sheet, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::bells::sql::sheet(&mut ctx).await;
    kit::server::close(ctx, out).await
}

/// A schedule: a new one, or in place of what was seen. `others`: what it takes from other schedules; `known`: the lessons that lose
/// their bell.
#[server(name = SaveBells, prefix = "/api", endpoint = "bells/save", input = Json)]
pub async fn save(
    at: Option<(BellsId, Terms)>,
    terms: Terms,
    others: Vec<Taken>,
    known: Vec<Lost>,
) -> Result<Answer, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::bells::sql::save(&mut ctx, at, terms, &others, &known).await;
    kit::server::close(ctx, out).await
}

/// A schedule that rings for nobody goes away, if it still is what was seen.
#[server(name = RemoveBells, prefix = "/api", endpoint = "bells/remove", input = Json)]
pub async fn remove(id: BellsId, seen: Terms) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::bells::sql::remove(&mut ctx, id, seen).await;
    kit::server::close(ctx, out).await
}
