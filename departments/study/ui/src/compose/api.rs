//! Server functions.

use base::{AppError, RunId, VersionId};
use leptos::prelude::*;
use leptos::server_fn::codec::{GetUrl, Json, StreamingText, TextStream};
use study_core::compose::compare::Difference;
use study_core::compose::{Brought, Compared, Keep, Run, Wishes};
use study_core::import::keeping::LeftOut;

/// Asks for a search from a draft.
#[server(name = StartCompose, prefix = "/api", endpoint = "compose/start", input = Json)]
pub async fn start(
    version: VersionId,
    keep: Keep,
    #[server(default)] wishes: Wishes,
    seconds: i16,
    seed: i64,
) -> Result<RunId, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::compose::sql::start(
        &mut ctx, version, &keep, &wishes, seconds, seed,
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

/// The last search for a version as it goes on: a line of JSON (a [`Run`] or `null`) at once and whenever it has changed,
/// until it is over. It ends after a minute, too: whoever still wants to know asks again.
#[server(name = FollowCompose, prefix = "/api", endpoint = "compose/follow", input = GetUrl, output = StreamingText)]
pub async fn follow(version: VersionId) -> Result<TextStream<AppError>, AppError> {
    use futures_util::StreamExt as _;
    use study_core::compose::sql::{Followers, Look};

    let mut ctx = kit::server::ctx().await?;
    // who may not look is told so by the status, before anything is streamed
    let out = study_core::compose::sql::watch(&mut ctx, version).await;
    kit::server::close(ctx, out).await?;
    let visit = kit::server::visit().ok_or(AppError::Unavailable)?;
    let look = Look {
        actor: visit.actor.ok_or(AppError::SignIn)?,
        store: visit.store,
        lang: visit.lang,
        version,
        since: visit.now,
    };
    let lines = study_core::compose::sql::follow(&kit::server::shared::<Followers>(), look);
    Ok(TextStream::new(lines.map(|run| {
        let line = serde_json::to_string(&run?).map_err(|_| AppError::Unavailable)?;
        Ok(format!("{line}\n"))
    })))
}

/// The lessons of a version that lie elsewhere in another one.
#[server(name = CompareVersions, prefix = "/api", endpoint = "compose/compare", input = GetUrl)]
pub async fn compare(first: VersionId, second: VersionId) -> Result<Vec<Difference>, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::compose::sql::compare(&mut ctx, first, second).await;
    kit::server::close(ctx, out).await
}

/// Two versions side by side, or what can be compared.
#[server(name = WeighVersions, prefix = "/api", endpoint = "compose/weigh", input = GetUrl)]
pub async fn weigh(first: Option<VersionId>, second: Option<VersionId>) -> Result<Compared, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::compose::sql::weigh(&mut ctx, first, second)).await;
    kit::server::close(ctx, out).await
}

/// Keeps a timetable that was composed on the person's device, as another draft.
#[server(name = BringComposed, prefix = "/api", endpoint = "compose/bring", input = Json)]
pub async fn bring(brought: Brought) -> Result<Run, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = Box::pin(study_core::compose::sql::bring(&mut ctx, &brought)).await;
    kit::server::close(ctx, out).await
}

/// What of the file that a version came from is not taken into account.
#[server(name = LeftOutOfFile, prefix = "/api", endpoint = "compose/left_out", input = GetUrl)]
pub async fn left_out(version: VersionId) -> Result<LeftOut, AppError> {
    let mut ctx = kit::server::ctx().await?;
    let out = study_core::import::sql::kept(&mut ctx, version).await;
    kit::server::close(ctx, out).await
}
