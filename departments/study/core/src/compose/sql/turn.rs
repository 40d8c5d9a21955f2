//! Whose turn it is: searches of many schools share a server.
//!
//! A search that was begun and handed on goes on first. Then schools take turns: of those that wait, the school that was served longest
//! ago, or never; at most so many of one school at once. So a school that asks for much waits for itself, not others for it.

use base::sql::{Store, Task as Errand};
use base::{AppError, Lang, PersonId, RunId, SchoolId, VersionId};
use chrono::{DateTime, Utc};
use sqlx::types::Json;

use super::Places;
use super::work::fault;

/// Searches of one school at once.
const PER_SCHOOL: i64 = 1;
/// One taking at a time, over all servers: else two of them could take two searches of one school.
const LOCK: i64 = 0x7061_7274_6163_6f6d;

/// What searches may use of this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capacity {
    /// Searches at once.
    pub at_once: usize,
    /// Threads of all of them together.
    pub threads: u32,
}

impl Capacity {
    /// All cores but one, which is left to those who ask the server; several searches at once where there are enough.
    #[must_use]
    pub fn of_machine(at_once: Option<usize>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::of(cores.saturating_sub(1), at_once)
    }

    /// So many cores; of searches at once half as many, at most four, unless it is said.
    #[must_use]
    pub fn of(cores: usize, at_once: Option<usize>) -> Self {
        let cores = cores.max(1);
        Self {
            at_once: at_once
                .unwrap_or(cores / 2)
                .clamp(1, at_once.map_or(4, |_| cores)),
            threads: u32::try_from(cores).unwrap_or(u32::MAX),
        }
    }

    /// Threads of a search that begins while others use `used`: all that are free, or its share where somebody waits.
    #[must_use]
    pub(super) fn share(self, used: u32, others_wait: bool) -> u32 {
        let free = self.threads.saturating_sub(used).max(1);
        let part = self.threads / u32::try_from(self.at_once).unwrap_or(1).max(1);
        if others_wait { free.min(part.max(1)) } else { free }
    }
}

/// A search that is ours for the moment.
#[derive(Debug)]
pub(super) struct Taken {
    pub school: SchoolId,
    pub run: RunId,
    pub version: VersionId,
    pub asked_by: PersonId,
    pub lang: Lang,
    pub title: String,
    /// Whoever takes it next has another one.
    pub attempt: i16,
    pub spent_ms: i32,
    pub moves: i64,
    pub seconds: i16,
    pub seed: i64,
    pub stop_asked: bool,
    pub best: Option<Places>,
}

/// Takes the search whose turn it is, of those that nobody works on, if anything is `free`, and counts the others. Beside it, whether
/// others wait.
pub(super) async fn take(
    store: &Store,
    now: DateTime<Utc>,
    free: bool,
) -> Result<Option<(Taken, bool)>, AppError> {
    let mut tx = store.task(Errand::Job, None).await?;
    sqlx::query_scalar!(r#"select pg_advisory_xact_lock($1)::text as "done!""#, LOCK)
        .fetch_one(&mut *tx)
        .await
        .map_err(fault)?;
    if !free {
        line_up(&mut tx, None).await?;
        tx.commit().await.map_err(fault)?;
        return Ok(None);
    }
    let row = sqlx::query!(
        r#"update compose_run r set state = 'running', attempts = r.attempts + 1, started_at = coalesce(r.started_at, $1),
            lease_until = now() + interval '10 seconds', ahead = null
         from (select w.school_id, w.id from compose_run w
            where w.state in ('waiting', 'running') and coalesce(w.lease_until, '-infinity') < now()
              and $2 > (select count(*) from compose_run o
                where o.school_id = w.school_id and o.state = 'running' and o.lease_until >= now())
            order by w.started_at is null,
              (select max(o.started_at) from compose_run o where o.school_id = w.school_id and o.id <> w.id) nulls first,
              w.asked_at, w.id
            limit 1 for update of w skip locked) next
         where r.school_id = next.school_id and r.id = next.id
         returning r.school_id, r.id, r.version_id, r.asked_by, r.lang, r.title, r.attempts, r.spent_ms, r.moves, r.seconds, r.seed,
            r.stop_asked, r.best as "best: Json<Places>""#,
        now,
        PER_SCHOOL,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    // one's own other searches may not run beside it, so they are no reason to share
    let wait = line_up(&mut tx, row.as_ref().map(|r| SchoolId(r.school_id))).await?;
    tx.commit().await.map_err(fault)?;
    let taken = row.map(|r| Taken {
        school: SchoolId(r.school_id),
        run: RunId(r.id),
        version: VersionId(r.version_id),
        asked_by: PersonId(r.asked_by),
        lang: Lang::from_code(&r.lang).unwrap_or_default(),
        title: r.title,
        attempt: r.attempts,
        spent_ms: r.spent_ms,
        moves: r.moves,
        seconds: r.seconds,
        seed: r.seed,
        stop_asked: r.stop_asked,
        best: r.best.map(|b| b.0),
    });
    Ok(taken.map(|taken| (taken, wait > 0)))
}

/// Writes for each search that waits how many come before it, where that has changed. How many wait, beside those of a school.
async fn line_up(tx: &mut sqlx::PgConnection, beside: Option<SchoolId>) -> Result<i64, AppError> {
    sqlx::query_scalar!(
        r#"with waiting as (
            select w.school_id, w.id, w.asked_at, w.started_at is null as fresh,
                row_number() over (partition by w.school_id order by w.started_at is null, w.asked_at, w.id)
                    + (select count(*) from compose_run o
                        where o.school_id = w.school_id and o.state = 'running' and o.lease_until >= now()) as turn,
                (select max(o.started_at) from compose_run o where o.school_id = w.school_id and o.id <> w.id) as served
            from compose_run w where w.state = 'waiting'),
         line as (
            select school_id, id,
                (row_number() over (order by fresh, turn, served nulls first, asked_at, id) - 1)::int as place
            from waiting),
         told as (
            update compose_run r set ahead = line.place from line
            where r.school_id = line.school_id and r.id = line.id and r.ahead is distinct from line.place)
         select count(*) as "count!" from waiting where school_id is distinct from $1"#,
        beside.map(|school| school.0),
    )
    .fetch_one(tx)
    .await
    .map_err(fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_has_all_that_is_free_unless_others_wait() {
        let one = Capacity::of(1, None);
        assert_eq!((one.at_once, one.share(0, false), one.share(1, true)), (1, 1, 1));
        let many = Capacity::of(8, None);
        assert_eq!(many.at_once, 4);
        assert_eq!((many.share(0, false), many.share(0, true)), (8, 2));
        assert_eq!((many.share(6, false), many.share(8, false)), (2, 1));
        // what is said is held to, as far as there are cores
        assert_eq!(Capacity::of(8, Some(1)).share(0, true), 8);
        assert_eq!(Capacity::of(2, Some(9)).at_once, 2);
        assert_eq!(Capacity::of(0, Some(0)).at_once, 1);
    }
}
