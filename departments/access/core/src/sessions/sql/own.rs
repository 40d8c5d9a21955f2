//! One's own devices: list, revoke, sign out; and the sweeping of what is over.

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Store, Task};
use base::{AppError, Lang};
use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{event, fault};
use crate::Entrance;
use crate::auth::limit;
use crate::sessions::Device;

/// The own account of who asks.
pub(crate) fn own_account(ctx: &Ctx) -> Resource {
    Resource {
        kind: Kind::Account,
        school: ctx.school(),
        own: true,
        own_class: false,
    }
}

/// My devices that are signed in, the latest first. `current` is the session that asks.
///
/// # Errors
/// The database's.
pub async fn devices(ctx: &mut Ctx, current: Option<Uuid>) -> Done<Vec<Device>> {
    ctx.must(Action::View, &own_account(ctx))?;
    let (account, now) = (ctx.actor().account.0, ctx.now());
    let rows = sqlx::query!(
        "select id, device, created_at, last_seen_at from session
         where account_id = $1 and revoked_at is null and expires_at > $2
           and last_seen_at + make_interval(secs => idle_seconds) > $2
         order by last_seen_at desc limit 100",
        account,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| Device {
            current: current == Some(r.id),
            id: r.id,
            name: r.device,
            since: r.created_at,
            last_seen: r.last_seen_at,
        })
        .collect())
}

/// Ends one of my sessions.
///
/// # Errors
/// [`AppError::NotFound`] for anybody else's.
pub async fn revoke(ctx: &mut Ctx, session: Uuid) -> Done<()> {
    ctx.must(Action::Edit, &own_account(ctx))?;
    let (account, now) = (ctx.actor().account.0, ctx.now());
    let device = sqlx::query_scalar!(
        "update session set revoked_at = $3 where id = $1 and account_id = $2 and revoked_at is null returning device",
        session,
        account,
        now,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    event(ctx.db(), (account, "session_revoked", None), Some(&device), now).await?;
    Ok(())
}

/// Ends all my sessions but this one; says how many.
///
/// # Errors
/// The database's.
pub async fn revoke_others(ctx: &mut Ctx, current: Uuid) -> Done<i64> {
    ctx.must(Action::Edit, &own_account(ctx))?;
    let (account, now) = (ctx.actor().account.0, ctx.now());
    let ended = sqlx::query!(
        "update session set revoked_at = $3 where account_id = $1 and id <> $2 and revoked_at is null and expires_at > $3",
        account,
        current,
        now,
    )
    .execute(ctx.db())
    .await?
    .rows_affected();
    event(ctx.db(), (account, "session_revoked", None), None, now).await?;
    Ok(i64::try_from(ended).unwrap_or(i64::MAX))
}

/// Remembers my language.
///
/// # Errors
/// The database's.
pub async fn set_language(ctx: &mut Ctx, lang: Lang) -> Done<()> {
    ctx.must(Action::Edit, &own_account(ctx))?;
    let account = ctx.actor().account.0;
    sqlx::query!(
        "update account set language = $2 where id = $1",
        account,
        lang.code()
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// Remembers my theme; `None`: the system's.
///
/// # Errors
/// The database's, for a theme that does not exist.
pub async fn set_theme(ctx: &mut Ctx, theme: Option<&str>) -> Done<()> {
    ctx.must(Action::Edit, &own_account(ctx))?;
    let account = ctx.actor().account.0;
    sqlx::query!("update account set theme = $2 where id = $1", account, theme)
        .execute(ctx.db())
        .await?;
    Ok(())
}

/// Signs this device out. For nobody it does nothing.
///
/// # Errors
/// [`AppError::Unavailable`] when the database does not answer.
pub async fn end(entrance: &Entrance) -> Result<(), AppError> {
    let Some(token) = &entrance.token else {
        return Ok(());
    };
    let fault = fault(entrance.lang);
    let now = entrance.now;
    let mut tx = entrance.door.store.task(Task::Session, None).await?;
    let ended = sqlx::query!(
        "update session set revoked_at = $2 where token_hash = $1 and revoked_at is null returning account_id, device",
        &token.hash(),
        now,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(&fault)?;
    if let Some(row) = &ended {
        event(
            &mut tx,
            (row.account_id, "signed_out", None),
            Some(&row.device),
            now,
        )
        .await
        .map_err(&fault)?;
    }
    tx.commit().await.map_err(&fault)?;
    if let Some(row) = ended {
        entrance.door.sessions.forget(base::AccountId(row.account_id));
    }
    Ok(())
}

/// Sweeps what is over: sessions a month after their end, counts after their window, devices unseen for a year.
/// To be run now and then, an hour is often enough.
///
/// # Errors
/// [`AppError::Unavailable`] when the database does not answer.
pub async fn forget_old(store: &Store, now: DateTime<Utc>) -> Result<(), AppError> {
    let fault = fault(Lang::default());
    let mut tx = store.task(Task::Session, None).await?;
    let month_ago = now - TimeDelta::days(30);
    sqlx::query!(
        "delete from session where expires_at < $1 or revoked_at < $1",
        month_ago
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    let window = now
        - TimeDelta::seconds(i64::from(
            limit::ACCOUNT
                .window
                .max(limit::ACCOUNT_AND_PLACE.window)
                .max(limit::NUMBERS.window),
        ));
    sqlx::query!("delete from sign_in_limit where window_starts_at < $1", window)
        .execute(&mut *tx)
        .await
        .map_err(&fault)?;
    sqlx::query!(
        "delete from known_device where seen_at < $1",
        now - TimeDelta::days(365)
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    tx.commit().await.map_err(&fault)
}
