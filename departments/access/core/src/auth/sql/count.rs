//! Counting attempts in the database.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use sqlx::PgConnection;

use crate::Place;
use crate::auth::limit::{Count, Limit};

/// The key of a count: a hash, so that the table is no list of logins and addresses.
pub(super) fn key(parts: &[&str]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    hash.finalize().into()
}

/// Where an attempt comes from: the known device, else the address (of IPv6 the network that one household has).
pub(super) fn place(place: &Place, known_device: bool) -> String {
    match (&place.device, place.address) {
        (Some(device), _) if known_device => format!("device {}", device.text()),
        (_, Some(IpAddr::V6(v6))) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("address {a:x}:{b:x}:{c:x}:{d:x}")
        }
        (_, Some(v4)) => format!("address {v4}"),
        (_, None) => "nowhere".to_owned(),
    }
}

/// An attempt too many.
#[derive(Clone, Copy, Debug)]
pub(super) struct Over {
    /// Seconds to wait.
    pub wait: u32,
    /// The first one of its window.
    pub first: bool,
}

/// Counts an attempt; see [`Limit::count`] for the rule.
pub(super) async fn attempt(
    db: &mut PgConnection,
    key: &[u8; 32],
    limit: Limit,
    now: DateTime<Utc>,
) -> Result<Option<Over>, sqlx::Error> {
    let count = sqlx::query_as!(
        Count,
        r#"insert into sign_in_limit as l (key, failures, window_starts_at) values ($1, 1, $2)
           on conflict (key) do update set
             failures = case when $2 < l.window_starts_at + make_interval(secs => $3::int)
                        then least(l.failures, 1000000) + 1 else 1 end,
             window_starts_at = case when $2 < l.window_starts_at + make_interval(secs => $3::int)
                                then l.window_starts_at else $2 end
           returning failures, window_starts_at as since"#,
        key,
        now,
        limit.window,
    )
    .fetch_one(db)
    .await?;
    let first = limit.just_passed(count);
    Ok(limit.wait(count, now).map(|wait| Over { wait, first }))
}

/// Forgets a count.
pub(super) async fn clear(db: &mut PgConnection, key: &[u8; 32]) -> Result<(), sqlx::Error> {
    sqlx::query!("delete from sign_in_limit where key = $1", key)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes one attempt back: it was no failure.
pub(super) async fn take_back(db: &mut PgConnection, key: &[u8; 32]) -> Result<(), sqlx::Error> {
    let gone = sqlx::query!("delete from sign_in_limit where key = $1 and failures <= 1", key)
        .execute(&mut *db)
        .await?;
    if gone.rows_affected() == 0 {
        sqlx::query!(
            "update sign_in_limit set failures = failures - 1 where key = $1",
            key
        )
        .execute(db)
        .await?;
    }
    Ok(())
}
