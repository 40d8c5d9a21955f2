//! Contents that no row names any more: uploads that were cut off, files taken away, homework that was removed.

use std::collections::HashSet;
use std::time::{Duration, SystemTime};

use base::sql::{Store, Task, to_app};
use base::{AppError, Lang, SchoolId};

use crate::homework::files::{Files, Hash};

/// What is younger may belong to an upload that is under way, or be named again in a moment.
pub const YOUNG: Duration = Duration::from_secs(24 * 3600);

/// Sweeps all schools of this place; how many contents went.
///
/// # Errors
/// The database's; what is wrong with the folder is logged and tried again next time.
pub async fn sweep(store: &Store, files: &Files, now: SystemTime) -> Result<u64, AppError> {
    let (Some(place), Some(before)) = (files.store(), now.checked_sub(YOUNG)) else {
        return Ok(0);
    };
    let mut removed = 0;
    for school in place.schools().map_err(|_| AppError::Unavailable)? {
        // what is named after this was put less than YOUNG ago
        let keep = named(store, school).await?;
        let place = std::sync::Arc::clone(&place);
        let done = tokio::task::spawn_blocking(move || place.sweep(school, &keep, before)).await;
        match done {
            Ok(Ok(n)) => removed += n,
            Ok(Err(error)) => tracing::warn!(kind = %error.kind(), "a folder of files was not swept"),
            Err(_) => tracing::warn!("a sweep of files broke off"),
        }
    }
    Ok(removed)
}

/// The contents that rows of a school name.
async fn named(store: &Store, school: SchoolId) -> Result<HashSet<Hash>, AppError> {
    let fault = |error: sqlx::Error| to_app(error.into(), Lang::default());
    let mut tx = store.task(Task::Job, Some(school)).await?;
    let rows = sqlx::query_scalar!(
        "select distinct sha256 from homework_file where school_id = $1",
        school.0
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(rows
        .into_iter()
        .filter_map(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok().map(Hash))
        .collect())
}
