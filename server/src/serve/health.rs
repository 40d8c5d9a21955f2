//! `/health`: the process lives. `/ready`: it can serve, so the database answers and no stop is under way.

use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::routing::get;
use http::StatusCode;
use sqlx::Connection;

use super::AppState;

/// How long the database may need to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Both routes.
pub fn routes(state: AppState) -> Router {
    Router::new()
        .route("/health", get(async || "alive\n"))
        .route("/ready", get(ready))
        .with_state(state)
}

async fn ready(State(state): State<AppState>) -> (StatusCode, &'static str) {
    if state.lifecycle.soft().is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n");
    }
    let answer = async { state.pool.acquire().await?.ping().await };
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(Ok(())) => (StatusCode::OK, "ready\n"),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n"),
    }
}
