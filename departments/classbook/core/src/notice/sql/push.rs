//! Telling devices: which have something to be told ([`wanted`], asked when notices are made), and the worker that tells them ([`send`]).
//!
//! A server takes devices in hand for two minutes, so none waits on a connection of the database while a service is slow; what it has not
//! finished when it dies, another one takes. A device may then be told twice, never not at all, and twice looks like once: a later word
//! replaces an earlier one.
#![expect(
    clippy::as_conversions,
    reason = "the checked queries tell an array of nullable columns by its type"
)]

use std::collections::BTreeMap;
use std::time::Duration;

use base::sql::{Store, Task, to_app};
use base::{AppError, Lang, SchoolId};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::stream::{self, StreamExt as _};
use sqlx::PgConnection;
use uuid::Uuid;

use super::work::Clock;
use crate::notice::push::{Pusher, Sent, Target};
use crate::notice::{Channel, Kind};

/// How long a device is in a server's hand.
const IN_HAND: TimeDelta = TimeDelta::minutes(2);
/// So many devices in one round.
const BATCH: i64 = 200;
/// So many services at once, and so many devices of one service.
const SERVICES: usize = 16;
const OF_ONE: usize = 8;
/// Between tries, in minutes; after the last one this news is given up, and a device that is refused is taken away.
const TRIES: [i64; 6] = [1, 5, 15, 60, 180, 360];
/// Between two looks for something to send.
const LOOK: Duration = Duration::from_secs(5);
/// So many looks between two sweeps: an hour.
const SWEEP: u32 = 720;
/// A device that nothing reached for so long is taken away.
const SILENT: TimeDelta = TimeDelta::days(60);

/// Sends until `ends`: spawn it once in a process. Where nothing is pushed it returns at once.
pub async fn work(store: Store, pusher: Pusher, clock: Clock, ends: impl Future<Output = ()>) {
    if !pusher.works() {
        return;
    }
    tokio::pin!(ends);
    let mut looks = 0u32;
    loop {
        if looks.is_multiple_of(SWEEP)
            && let Err(error) = sweep(&store, clock()).await
        {
            tracing::warn!(%error, "devices that are no more were not swept");
        }
        looks = looks.wrapping_add(1);
        match send(&store, &pusher, clock()).await {
            Ok(told) if told > 0 => tracing::debug!(told, "devices were told"),
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "devices were not told"),
        }
        tokio::select! {
            () = &mut ends => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

/// Notes at the devices of a school that there is something to tell: notices after `since` that their owners want by push. In the
/// transaction that made the notices. Devices whose sessions were ended are taken away first.
pub(super) async fn wanted(
    db: &mut PgConnection,
    school: SchoolId,
    since: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "delete from push_device d using session s
         where d.school_id = $1 and s.id = d.session_id and s.revoked_at is not null",
        school.0,
    )
    .execute(&mut *db)
    .await?;
    let by_default = Kind::by_default_in(Channel::Push);
    sqlx::query!(
        "update push_device d set news = w.latest
         from (
            select v.id, max(n.id) as latest
            from notice n
            join organisation o on o.id = $1
            left join pupil p on p.school_id = $1 and p.id = n.pupil_id
            join lateral (
                select coalesce(n.person_id, p.person_id) as person
                union
                select g.guardian_id from guardianship g
                where g.ward_id = p.person_id
                  and ($3 at time zone o.time_zone)::date between g.valid_from and coalesce(g.valid_to, 'infinity')) f on true
            join push_device v on v.school_id = $1 and v.person_id = f.person
            left join notice_choice c on c.school_id = $1 and c.person_id = f.person and c.pupil_id is not distinct from n.pupil_id
                and c.kind = n.kind
            where n.school_id = $1 and n.id > $2 and coalesce(c.by_push, n.kind = any ($4::text[]))
              and exists (select from account a where a.person_id = f.person and a.disabled_at is null)
            group by v.id) w
         where d.school_id = $1 and d.id = w.id and d.news < w.latest",
        school.0,
        since,
        now,
        &by_default,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A device in hand.
struct Held {
    school: i64,
    id: Uuid,
    target: Option<Target>,
    news: i64,
    failures: i16,
}

/// Tells devices that have something to be told. How many were.
///
/// # Errors
/// The database's. A device that was not reached is no error.
pub async fn send(store: &Store, pusher: &Pusher, now: DateTime<Utc>) -> Result<u32, AppError> {
    let mut services: BTreeMap<String, Vec<Held>> = BTreeMap::new();
    for held in take(store, pusher, now).await? {
        let origin = held.target.as_ref().map(|t| t.origin().to_owned());
        services.entry(origin.unwrap_or_default()).or_default().push(held);
    }
    // one slow service holds up nobody but itself: after its first silence it is left alone for a minute (`Pusher::send`)
    let told: Vec<Vec<(Held, Sent)>> = stream::iter(services.into_values())
        .map(|devices| {
            stream::iter(devices)
                .map(|held| async {
                    let sent = match &held.target {
                        Some(target) => pusher.send(target, message(held.id).as_bytes(), now).await,
                        // taken once and not now: by a server that is configured otherwise, or by stricter rules
                        None => Sent::Refused,
                    };
                    (held, sent)
                })
                .buffer_unordered(OF_ONE)
                .collect()
        })
        .buffer_unordered(SERVICES)
        .collect()
        .await;
    write_down(store, told.into_iter().flatten(), now).await
}

/// All that goes through a push service: the number of the device, encrypted for it.
fn message(device: Uuid) -> String {
    serde_json::json!({ "device": device }).to_string()
}

/// Takes devices in hand whose owners sleep not.
async fn take(store: &Store, pusher: &Pusher, now: DateTime<Utc>) -> Result<Vec<Held>, AppError> {
    let mut tx = store.task(Task::Job, None).await?;
    let rows = sqlx::query!(
        "with due as (
            select d.school_id, d.id from push_device d
            join organisation o on o.id = d.school_id
            left join push_quiet q on q.school_id = d.school_id and q.person_id = d.person_id
            cross join lateral (
                select extract(hour from $1 at time zone o.time_zone) as hour, coalesce(q.from_hour, 22) as a, coalesce(q.to_hour, 7) as b) h
            where d.news > d.upto and (d.retry_at is null or d.retry_at <= $1) and (d.expires_at is null or d.expires_at > $1)
              and not case when h.a <= h.b then h.hour >= h.a and h.hour < h.b else h.hour >= h.a or h.hour < h.b end
            order by d.retry_at nulls first limit $3 for update of d skip locked)
         update push_device d set retry_at = $2 from due
         where d.school_id = due.school_id and d.id = due.id
         returning d.school_id, d.id, d.endpoint, d.p256dh, d.auth, d.news, d.failures",
        now,
        now + IN_HAND,
        BATCH,
    )
    .fetch_all(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(rows
        .into_iter()
        .map(|r| Held {
            school: r.school_id,
            id: r.id,
            target: pusher
                .endpoint(&r.endpoint)
                .and_then(|endpoint| Target::new(endpoint, &r.p256dh, &r.auth)),
            news: r.news,
            failures: r.failures,
        })
        .collect())
}

/// What is to be written of devices: as columns.
#[derive(Default)]
struct Columns {
    schools: Vec<i64>,
    ids: Vec<Uuid>,
    upto: Vec<Option<i64>>,
    failures: Vec<i16>,
    retry: Vec<Option<DateTime<Utc>>>,
    told: Vec<bool>,
}

impl Columns {
    fn add(&mut self, held: &Held, sent: Sent, now: DateTime<Utc>) {
        let next = usize::try_from(held.failures)
            .ok()
            .and_then(|n| TRIES.get(n))
            .map(|minutes| now + TimeDelta::minutes(*minutes));
        let (upto, failures, retry) = match (sent, next) {
            (Sent::Later(wait), _) => (None, held.failures, Some(now + wait)),
            (Sent::Failed | Sent::Refused, Some(next)) => (None, held.failures + 1, Some(next)),
            // this news is given up, the next is tried; that it is silent is remembered
            (Sent::Failed, None) => (Some(held.news), 1, None),
            _ => (Some(held.news), 0, None),
        };
        self.schools.push(held.school);
        self.ids.push(held.id);
        self.upto.push(upto);
        self.failures.push(failures);
        self.retry.push(retry);
        self.told.push(sent == Sent::Taken);
    }
}

async fn write_down(
    store: &Store,
    told: impl Iterator<Item = (Held, Sent)>,
    now: DateTime<Utc>,
) -> Result<u32, AppError> {
    let mut columns = Columns::default();
    let (mut gone_schools, mut gone) = (Vec::new(), Vec::new());
    let mut reached = 0;
    for (held, sent) in told {
        let tries = usize::try_from(held.failures).unwrap_or_default();
        if sent == Sent::Gone || (sent == Sent::Refused && tries >= TRIES.len()) {
            gone_schools.push(held.school);
            gone.push(held.id);
        } else {
            reached += u32::from(sent == Sent::Taken);
            columns.add(&held, sent, now);
        }
    }
    if gone.is_empty() && columns.ids.is_empty() {
        return Ok(0);
    }
    let mut tx = store.task(Task::Job, None).await?;
    sqlx::query!(
        "delete from push_device d using unnest($1::bigint[], $2::uuid[]) g (school, id)
         where d.school_id = g.school and d.id = g.id",
        &gone_schools,
        &gone,
    )
    .execute(&mut *tx)
    .await
    .map_err(fault)?;
    sqlx::query!(
        "update push_device d set upto = greatest(d.upto, coalesce(s.upto, d.upto)), failures = s.failures, retry_at = s.retry,
            told_at = case when s.told then $7 else d.told_at end
         from unnest($1::bigint[], $2::uuid[], $3::bigint[], $4::smallint[], $5::timestamptz[], $6::boolean[])
            s (school, id, upto, failures, retry, told)
         where d.school_id = s.school and d.id = s.id",
        &columns.schools,
        &columns.ids,
        &columns.upto as &[Option<i64>],
        &columns.failures,
        &columns.retry as &[Option<DateTime<Utc>>],
        &columns.told,
        now,
    )
    .execute(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(reached)
}

/// Takes away devices whose address has ended, and those that nothing reached for two months.
///
/// # Errors
/// The database's.
pub async fn sweep(store: &Store, now: DateTime<Utc>) -> Result<u64, AppError> {
    let mut tx = store.task(Task::Job, None).await?;
    let done = sqlx::query!(
        "delete from push_device where expires_at <= $1 or (failures > 0 and coalesce(told_at, made_at) < $2)",
        now,
        now - SILENT,
    )
    .execute(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(done.rows_affected())
}

fn fault(error: sqlx::Error) -> AppError {
    to_app(error.into(), Lang::default())
}
