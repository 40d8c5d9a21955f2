//! Asking for one's own password before an act that whoever found a screen unlocked, or stole a session, must not do. Such a
//! session is no place to guess the password either: attempts are counted per account, over all acts that ask.

use base::sql::Task;
use base::{AppError, Lang};

use super::count;
use crate::auth::{limit, password};
use crate::sessions::sql::{Known, fault};
use crate::{Entrance, t};

/// It is not the password.
pub(super) fn wrong(lang: Lang) -> AppError {
    AppError::invalid("old", t::password_old_wrong(lang))
}

/// Under which attempts are counted.
pub(super) fn key(known: &Known) -> [u8; 32] {
    count::key(&["change", &known.facts.account.0.to_string()])
}

/// Counts the attempt and reads the hash, before anything is hashed. What can be no password is refused uncounted.
pub(super) async fn knock(entrance: &Entrance, known: &Known, typed: &str) -> Result<String, AppError> {
    if typed.is_empty() || typed.len() > password::MAX_BYTES {
        return Err(wrong(entrance.lang));
    }
    let fault = fault(entrance.lang);
    let account = known.facts.account.0;
    let mut tx = entrance.door.store.task(Task::Session, None).await?;
    let over = count::attempt(&mut tx, &key(known), limit::ACCOUNT_AND_PLACE, entrance.now)
        .await
        .map_err(&fault)?;
    let phc = sqlx::query_scalar!("select password_hash from account where id = $1", account)
        .fetch_one(&mut *tx)
        .await
        .map_err(&fault)?;
    tx.commit().await.map_err(&fault)?;
    match over {
        Some(over) => Err(AppError::TooMany {
            retry_after: over.wait,
        }),
        None => Ok(phc),
    }
}

/// Takes the counted attempt back: it was no guess.
pub(super) async fn forgive(entrance: &Entrance, known: &Known) {
    let work = async {
        let fault = fault(entrance.lang);
        let mut tx = entrance.door.store.task(Task::Session, None).await?;
        count::take_back(&mut tx, &key(known)).await.map_err(&fault)?;
        tx.commit().await.map_err(&fault)
    };
    if let Err(error) = work.await {
        tracing::warn!(%error, "an attempt that was no guess stays counted");
    }
}
