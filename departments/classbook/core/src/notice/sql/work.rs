//! The worker: tells of what has come to rest, sends the letters of the day, sweeps what is old. What it has not done when the process ends, the next one does:
//! all it knows lies in the database.

use std::time::Duration;

use base::sql::{Store, Task, to_app};
use base::{AppError, Lang};
use chrono::{DateTime, Utc};

use super::digest;
use super::make::tell;
use crate::notice::KEPT_DAYS;
use crate::notice::mail::Mailer;

/// Where the time comes from.
pub type Clock = fn() -> DateTime<Utc>;

/// Between two looks for something to tell.
const LOOK: Duration = Duration::from_secs(10);
/// So many looks between two sweeps: an hour.
const SWEEP: u32 = 360;

/// Works until `ends`: spawn it once in a process.
pub async fn work(store: Store, mailer: Mailer, clock: Clock, ends: impl Future<Output = ()>) {
    tokio::pin!(ends);
    let mut looks = 0u32;
    loop {
        if looks.is_multiple_of(SWEEP)
            && let Err(error) = sweep(&store, clock()).await
        {
            tracing::warn!(%error, "old notices were not swept");
        }
        looks = looks.wrapping_add(1);
        // one transaction after the other, each whole: between them the process may end
        loop {
            match tell(&store, clock()).await {
                Ok(Some(made)) => tracing::debug!(made, "families were told"),
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "families were not told");
                    break;
                }
            }
        }
        if let Err(error) = digest::send(&store, &mailer, clock()).await {
            tracing::warn!(%error, "letters of the day were not sent");
        }
        tokio::select! {
            () = &mut ends => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Removes what is older than it is shown.
///
/// # Errors
/// The database's.
pub async fn sweep(store: &Store, now: DateTime<Utc>) -> Result<u64, AppError> {
    let fault = |error: sqlx::Error| to_app(error.into(), Lang::default());
    let mut tx = store.task(Task::Job, None).await?;
    let done = sqlx::query!(
        "delete from notice where at < $1",
        now - chrono::Duration::days(KEPT_DAYS)
    )
    .execute(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(done.rows_affected())
}
