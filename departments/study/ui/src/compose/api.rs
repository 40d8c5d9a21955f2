//! Server functions.

use base::{AppError, RunId, VersionId};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json};
use study_core::compose::{Keep, Run};

/// Asks for a search from a draft.
#[server(name = StartCompose, prefix = "/api", endpoint = "compose/start", input = Json)]
pub async fn start(version: VersionId, keep: Keep, seconds: i16, seed: i64) -> Result<RunId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::compose::sql::start(
        &mut ctx, version, &keep, seconds, seed,
    ))
    .await;
    kit::server::close(ctx, out).await
}

/// How far the last search for a version is.
#[server(name = WatchCompose, prefix = "/api", endpoint = "compose/watch", input = GetUrl)]
pub async fn watch(version: VersionId) -> Result<Option<Run>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::compose::sql::watch(&mut ctx, version).await;
    kit::server::close(ctx, out).await
}

/// Stops a search; the best so far is kept.
#[server(name = StopCompose, prefix = "/api", endpoint = "compose/stop", input = Json)]
pub async fn stop(run: RunId) -> Result<(), AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::compose::sql::stop(&mut ctx, run).await;
    kit::server::close(ctx, out).await
}
