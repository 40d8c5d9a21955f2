//! Switching the position.

use base::AppError;
use base::sql::Task;

use super::Active;
use crate::Entrance;
use crate::sessions::sql::{fault, find};

/// Makes one of one's own positions (and children) the active one of this session.
///
/// # Errors
/// [`AppError::SignIn`] for nobody, [`AppError::NotFound`] for what is not one's own now.
pub async fn switch(entrance: &Entrance, wanted: Active) -> Result<(), AppError> {
    let token = entrance.token.as_ref().ok_or(AppError::SignIn)?;
    let store = &entrance.door.store;
    // asked anew: an appointment may have ended a second ago
    let known = find(store, token.hash(), entrance.now)
        .await?
        .ok_or(AppError::SignIn)?;
    if !known.facts.holds(wanted) {
        return Err(AppError::NotFound);
    }
    let fault = fault(entrance.lang);
    let mut tx = store.task(Task::Session, None).await?;
    sqlx::query!(
        "update session set active_position = $2 where id = $1 and revoked_at is null",
        known.session,
        wanted.to_string(),
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    tx.commit().await.map_err(&fault)?;
    entrance.door.sessions.forget(known.facts.account);
    Ok(())
}
