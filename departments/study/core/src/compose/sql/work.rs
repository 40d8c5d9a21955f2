//! The worker: one search at a time in a process. It takes the oldest one that nobody works on, holds it by a lease, and
//! writes about once a second how far it is. Whoever finds a lease that has run out goes on from the best that was written.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base::sql::{Heard, Store, Task as Errand};
use base::{AppError, Lang, PersonId, RunId, SchoolId, VersionId};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::types::Json;
use tokio::sync::Notify;

use super::finish::{End, Outcome};
use super::follow::Followers;
use super::search::{Shared, Task, Told, search};
use super::{Places, Question, finish};

/// Where the time comes from.
pub type Clock = fn() -> DateTime<Utc>;

/// The channel of the migration.
const CHANNEL: &str = "compose_changed";
/// Between two writings.
const BEAT: Duration = Duration::from_secs(1);
/// Between two looks for work, should nothing be heard.
const LOOK: Duration = Duration::from_secs(5);
/// So often a search is begun; one that ends the process each time is not tried for ever.
const ATTEMPTS: i16 = 5;

/// A search that is ours for the moment.
#[derive(Debug)]
pub(super) struct Taken {
    pub school: SchoolId,
    pub run: RunId,
    pub version: VersionId,
    pub asked_by: PersonId,
    pub title: String,
    /// Whoever takes it next has another one.
    pub attempt: i16,
    pub spent_ms: i32,
    pub moves: i64,
    seconds: i16,
    seed: i64,
    stop_asked: bool,
    best: Option<Places>,
}

/// The search that is being worked on, and the flag that ends it.
type Present = Arc<Mutex<Option<(String, Arc<Shared>)>>>;

fn set(present: &Present, to: Option<(String, Arc<Shared>)>) {
    *present.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = to;
}

/// Works until `ends`: spawn it once in a process. A search that is under way then is written down and handed on.
/// Whoever looks hears of every step through `followers`.
pub async fn work(store: Store, clock: Clock, followers: Followers, ends: impl Future<Output = ()>) {
    working(store, clock, &followers, ends).await;
    followers.end();
}

async fn working(store: Store, clock: Clock, followers: &Followers, ends: impl Future<Output = ()>) {
    let wake = Arc::new(Notify::new());
    let present = Present::default();
    let hear = {
        let (wake, present) = (Arc::clone(&wake), Arc::clone(&present));
        let heard = move |heard: Heard<'_>| {
            if let Heard::Said(words) = heard {
                let present = present.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                if let Some((key, shared)) = &*present
                    && words.strip_suffix(" stop") == Some(key.as_str())
                {
                    shared.stop.store(true, Ordering::Relaxed);
                }
                let school = words.split(' ').next().and_then(|n| n.parse().ok());
                school.into_iter().for_each(|n| followers.tell(SchoolId(n)));
                // the steps of a search that somebody works on are nobody's work
                if words.ends_with(" running") || words.ends_with(" done") {
                    return;
                }
            }
            wake.notify_one();
        };
        let store = store.clone();
        async move { store.hear(CHANNEL, heard).await }
    };
    tokio::pin!(ends, hear);
    loop {
        let taken = tokio::select! {
            () = &mut ends => return,
            () = &mut hear => continue,
            taken = take(&store, clock()) => taken,
        };
        match taken {
            Ok(Some(taken)) => {
                let shared = Arc::new(Shared::default());
                shared.stop.store(taken.stop_asked, Ordering::Relaxed);
                let key = format!("{} {}", taken.school, taken.run);
                set(&present, Some((key, Arc::clone(&shared))));
                let mut handed_on = false;
                let mut doing = std::pin::pin!(hold(&store, clock, taken, &shared));
                loop {
                    tokio::select! {
                        () = &mut doing => break,
                        () = &mut hear => {}
                        () = &mut ends, if !handed_on => {
                            handed_on = true;
                            shared.hand_on.store(true, Ordering::Relaxed);
                            shared.stop.store(true, Ordering::Relaxed);
                        }
                    }
                }
                set(&present, None);
                if handed_on {
                    return;
                }
            }
            Ok(None) => {
                tokio::select! {
                    () = &mut ends => return,
                    () = &mut hear => {}
                    () = wake.notified() => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "no search could be taken");
                tokio::select! {
                    () = &mut ends => return,
                    () = &mut hear => {}
                    () = tokio::time::sleep(LOOK) => {}
                }
            }
        }
    }
}

/// Takes the oldest search that nobody works on.
async fn take(store: &Store, now: DateTime<Utc>) -> Result<Option<Taken>, AppError> {
    let mut tx = store.task(Errand::Job, None).await?;
    let row = sqlx::query!(
        r#"update compose_run r set state = 'running', attempts = r.attempts + 1, started_at = coalesce(r.started_at, $1),
            lease_until = now() + interval '10 seconds'
         from (select school_id, id from compose_run
            where state in ('waiting', 'running') and coalesce(lease_until, '-infinity') < now()
            order by asked_at, id limit 1 for update skip locked) next
         where r.school_id = next.school_id and r.id = next.id
         returning r.school_id, r.id, r.version_id, r.asked_by, r.title, r.attempts, r.spent_ms, r.moves, r.seconds, r.seed,
            r.stop_asked, r.best as "best: Json<Places>""#,
        now,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(row.map(|r| Taken {
        school: SchoolId(r.school_id),
        run: RunId(r.id),
        version: VersionId(r.version_id),
        asked_by: PersonId(r.asked_by),
        title: r.title,
        attempt: r.attempts,
        spent_ms: r.spent_ms,
        moves: r.moves,
        seconds: r.seconds,
        seed: r.seed,
        stop_asked: r.stop_asked,
        best: r.best.map(|b| b.0),
    }))
}

fn fault(error: sqlx::Error) -> AppError {
    base::sql::to_app(error.into(), Lang::En)
}

/// Works on a search until it is over, somebody stops it, or another process has taken it.
async fn hold(store: &Store, clock: Clock, mut taken: Taken, shared: &Arc<Shared>) {
    let outcome = match question(store, &taken).await {
        Ok(Some(question)) if taken.attempt <= ATTEMPTS => {
            let cards = (question.cards.clone(), question.rooms.clone());
            let end = searched(store, &mut taken, question, shared).await;
            end.map(|end| (end, cards))
        }
        Ok(Some(_)) => Some((End::Failed("attempts"), Default::default())),
        Ok(None) => Some((End::Failed("question"), Default::default())),
        Err(error) => {
            tracing::warn!(%error, "a search was not read");
            None
        }
    };
    let Some((end, (cards, rooms))) = outcome else {
        return;
    };
    let told = shared.now();
    let outcome = Outcome {
        end,
        told,
        cards,
        rooms,
    };
    if let Err(error) = Box::pin(finish::finish(store, clock(), &taken, outcome)).await {
        // the lease runs out, and whoever takes it next finds the best that was written last
        tracing::warn!(%error, "a search was not finished");
    }
}

async fn question(store: &Store, taken: &Taken) -> Result<Option<Question>, AppError> {
    let mut tx = store.task(Errand::Job, Some(taken.school)).await?;
    let row = sqlx::query_scalar!(
        "select question from compose_run where school_id = $1 and id = $2",
        taken.school.0,
        taken.run.0,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    // an older server may have written what this one does not understand
    Ok(row
        .flatten()
        .and_then(|question| serde_json::from_value(question).ok()))
}

/// Runs the search and writes how far it is. `None`: it is not ours any more.
async fn searched(store: &Store, taken: &mut Taken, question: Question, shared: &Arc<Shared>) -> Option<End> {
    let before = Duration::from_millis(u64::try_from(taken.spent_ms).unwrap_or(0));
    let whole = Duration::from_secs(u64::try_from(taken.seconds).unwrap_or(1));
    // each attempt goes another way
    let seed = u64::try_from(taken.seed).unwrap_or(0);
    let task = Task {
        question,
        seed: seed.wrapping_add(u64::try_from(taken.attempt).unwrap_or(0) << 32),
        left: whole.saturating_sub(before),
        best: taken.best.take(),
    };
    let worker = Arc::clone(shared);
    let mut searching = tokio::task::spawn_blocking(move || search(&task, &worker));
    let mut beat = tokio::time::interval(BEAT);
    beat.tick().await;
    let mut stopped = taken.stop_asked;
    let mut written = None;
    let understood = loop {
        tokio::select! {
            done = &mut searching => break done,
            _ = beat.tick() => {
                let mut told = shared.now();
                let cost = told.best.as_ref().map(|best| best.cost);
                if cost == written {
                    // the places are many, and they are there already
                    told.best = None;
                }
                match write(store, taken, &told, false).await {
                    Ok(Some(stop)) => {
                        written = cost;
                        if stop {
                            stopped = true;
                            shared.stop.store(true, Ordering::Relaxed);
                        }
                    }
                    Ok(None) => {
                        // another has taken it, or its version is gone
                        shared.stop.store(true, Ordering::Relaxed);
                        let _ = searching.await;
                        return None;
                    }
                    Err(error) => tracing::warn!(%error, "how far a search is was not written"),
                }
            }
        }
    };
    let handed_on = shared.hand_on.load(Ordering::Relaxed);
    match understood {
        Ok(true) if handed_on => {
            if let Err(error) = write(store, taken, &shared.now(), true).await {
                tracing::warn!(%error, "a search was not handed on");
            }
            None
        }
        Ok(true) if stopped || shared.stop.load(Ordering::Relaxed) => Some(End::Stopped),
        Ok(true) => Some(End::Done),
        Ok(false) => Some(End::Failed("question")),
        Err(_) => Some(End::Failed("panic")),
    }
}

/// Writes how far it is and renews the lease, or gives it back. Whether a stop is asked for; `None`: it is not ours.
async fn write(store: &Store, taken: &Taken, told: &Told, hand_on: bool) -> Result<Option<bool>, AppError> {
    let spent = i32::try_from(told.spent.as_millis()).unwrap_or(i32::MAX);
    let moves = i64::try_from(told.moves).unwrap_or(i64::MAX);
    let best = told.best.as_ref();
    let mut tx = store.task(Errand::Job, Some(taken.school)).await?;
    let stop = sqlx::query_scalar!(
        "update compose_run set spent_ms = $4, moves = $5, hard = coalesce($6, hard), soft = coalesce($7, soft),
            figures = coalesce($8, figures), best = coalesce($9, best), moved = coalesce($10, moved),
            lease_until = case when $11 then null else now() + interval '10 seconds' end,
            state = case when $11 then 'waiting' else state end, attempts = attempts - case when $11 then 1 else 0 end
         where school_id = $1 and id = $2 and attempts = $3 and state = 'running' returning stop_asked",
        taken.school.0,
        taken.run.0,
        taken.attempt,
        taken.spent_ms.saturating_add(spent),
        taken.moves.saturating_add(moves),
        best.map(|b| b.cost.hard),
        best.map(|b| b.cost.soft),
        best.map(|b| json!(b.figures)),
        best.map(|b| json!(b.places)),
        best.and_then(|b| i32::try_from(b.moved).ok()),
        hand_on,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(stop)
}
