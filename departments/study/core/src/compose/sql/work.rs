//! The worker: searches whose turn it is ([`super::turn`]), several at once if the machine has cores for it. Each is held by a lease, and
//! about once a second it is written how far it is. Whoever finds a lease that has run out goes on from the best that was written.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::sql::{Heard, Store, Task as Errand};
use base::{AppError, Lang, SchoolId};
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use futures_util::future::OptionFuture;
use futures_util::stream::FuturesUnordered;
use serde_json::json;
use tokio::sync::Notify;

use super::finish::{End, Outcome};
use super::follow::Followers;
use super::search::{Shared, Task, Told, search};
use super::turn::{Capacity, Taken, take};
use super::{Question, finish};
use crate::compose::Failure;

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

/// A search by its school and number, and which attempt at it: after a long pause a process may take its own search again, and
/// then works on two attempts until the older one has seen that it is no longer its own.
type Attempt = (String, i16);

/// The searches that are being worked on, and the flags that end them.
#[derive(Clone, Default)]
struct Present(Arc<Mutex<HashMap<Attempt, Arc<Shared>>>>);

impl Present {
    fn with<T>(&self, what: impl FnOnce(&mut HashMap<Attempt, Arc<Shared>>) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Somebody wants a search to stop, whichever attempt it is.
    fn stop(&self, key: &str) {
        self.with(|all| {
            for (_, shared) in all.iter().filter(|((search, _), _)| search == key) {
                shared.stop.store(true, Ordering::Relaxed);
            }
        });
    }

    /// The process ends: what is under way is handed on.
    fn hand_on(&self) {
        self.with(|all| {
            for shared in all.values() {
                shared.hand_on.store(true, Ordering::Relaxed);
                shared.stop.store(true, Ordering::Relaxed);
            }
        });
    }
}

/// Works until `ends`: spawn it once in a process. Searches that are under way then are written down and handed on.
/// Whoever looks hears of every step through `followers`.
pub async fn work(
    store: Store,
    clock: Clock,
    followers: Followers,
    capacity: Capacity,
    ends: impl Future<Output = ()>,
) {
    working(store, clock, &followers, capacity, ends).await;
    followers.end();
}

async fn working(
    store: Store,
    clock: Clock,
    followers: &Followers,
    capacity: Capacity,
    ends: impl Future<Output = ()>,
) {
    let wake = Arc::new(Notify::new());
    let present = Present::default();
    let hear = {
        let (wake, present) = (Arc::clone(&wake), present.clone());
        let heard = move |heard: Heard<'_>| {
            if let Heard::Said(words) = heard {
                if let Some(key) = words.strip_suffix(" stop") {
                    present.stop(key);
                }
                let school = words.split(' ').next().and_then(|n| n.parse().ok());
                school.into_iter().for_each(|n| followers.tell(SchoolId(n)));
                // the steps of a search that somebody works on are nobody's work
                if words.ends_with(" running") {
                    return;
                }
            }
            wake.notify_one();
        };
        let store = store.clone();
        async move { store.hear(CHANNEL, heard).await }
    };
    tokio::pin!(ends, hear);
    let mut doing = FuturesUnordered::new();
    let (mut used, mut ending, mut look) = (0u32, false, true);
    let mut taking = None;
    loop {
        if ending && doing.is_empty() && taking.is_none() {
            return;
        }
        // with nothing free, too: whoever asks then is told the place in the line
        if look && !ending && taking.is_none() {
            look = false;
            taking = Some(Box::pin(take(&store, clock(), doing.len() < capacity.at_once)));
        }
        tokio::select! {
            () = &mut ends, if !ending => {
                ending = true;
                present.hand_on();
            }
            () = &mut hear => {}
            Some((key, threads)) = doing.next(), if !doing.is_empty() => {
                used = used.saturating_sub(threads);
                present.with(|all: &mut HashMap<Attempt, _>| all.remove::<Attempt>(&key));
                look = true;
            }
            // begun once, it is waited for: what has been taken must not be forgotten
            Some(taken) = OptionFuture::from(taking.as_mut()), if taking.is_some() => {
                taking = None;
                match taken {
                    Ok(Some((taken, others))) => {
                        look = true;
                        let shared = Arc::new(Shared::default());
                        shared.stop.store(taken.stop_asked || ending, Ordering::Relaxed);
                        shared.hand_on.store(ending, Ordering::Relaxed);
                        let key: Attempt = (format!("{} {}", taken.school, taken.run), taken.attempt);
                        present.with(|all| all.insert(key.clone(), Arc::clone(&shared)));
                        let threads = capacity.share(used, others);
                        used += threads;
                        let store = &store;
                        doing.push(async move {
                            hold(store, clock, taken, threads, &shared).await;
                            (key, threads)
                        });
                    }
                    Ok(None) => {}
                    Err(error) => tracing::warn!(%error, "no search could be taken"),
                }
            }
            () = wake.notified() => look = true,
            () = tokio::time::sleep(LOOK) => look = true,
        }
    }
}

pub(super) fn fault(error: sqlx::Error) -> AppError {
    base::sql::to_app(error.into(), Lang::En)
}

/// Works on a search until it is over, somebody stops it, or another process has taken it.
async fn hold(store: &Store, clock: Clock, mut taken: Taken, threads: u32, shared: &Arc<Shared>) {
    let earlier = taken.best.clone();
    let outcome = match question(store, &taken).await {
        Ok(Some(question)) => {
            let ids = (question.cards.clone(), question.rooms.clone());
            let end = if taken.attempt <= ATTEMPTS {
                searched(store, &mut taken, question, threads, shared).await
            } else {
                Some(End::Failed(Failure::Interrupted))
            };
            end.map(|end| (end, earlier, ids))
        }
        // places without the question are nobody's
        Ok(None) => Some((End::Failed(Failure::Unreadable), None, Default::default())),
        Err(error) => {
            tracing::warn!(%error, "a search was not read");
            None
        }
    };
    let Some((end, earlier, (cards, rooms))) = outcome else {
        return;
    };
    let told = shared.now();
    let outcome = Outcome {
        end,
        told,
        earlier,
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
async fn searched(
    store: &Store,
    taken: &mut Taken,
    question: Question,
    threads: u32,
    shared: &Arc<Shared>,
) -> Option<End> {
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
    let mut searching = tokio::task::spawn_blocking(move || search(&task, threads, &worker));
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
        Ok(Ok(())) if handed_on => {
            if let Err(error) = write(store, taken, &shared.now(), true).await {
                tracing::warn!(%error, "a search was not handed on");
            }
            None
        }
        Ok(Ok(())) if stopped || shared.stop.load(Ordering::Relaxed) => Some(End::Stopped),
        Ok(Ok(())) => Some(End::Done),
        Ok(Err(failure)) => Some(End::Failed(failure)),
        Err(_) => Some(End::Failed(Failure::Fault)),
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
            state = case when $11 then 'waiting' else state end, attempts = attempts - case when $11 then 1 else 0 end,
            unmet = coalesce($12, unmet), change = coalesce($13, change)
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
        best.map(|b| json!(b.unmet)),
        best.map(|b| json!(b.change)),
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(fault)?;
    tx.commit().await.map_err(fault)?;
    Ok(stop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flag(shared: &Arc<Shared>) -> bool {
        shared.stop.load(Ordering::Relaxed)
    }

    /// A process that was paused for longer than its lease takes its own search again: the end of the older attempt must not take
    /// the newer one's flag away.
    #[test]
    fn an_older_attempt_that_ends_leaves_the_newer_one_its_flag() {
        let present = Present::default();
        let (older, newer, other) = (Arc::default(), Arc::default(), Arc::default());
        let key = |n: i16| ("10 7".to_owned(), n);
        present.with(|all| all.insert(key(1), Arc::clone(&older)));
        present.with(|all| all.insert(key(2), Arc::clone(&newer)));
        present.with(|all| all.insert(("10 77".to_owned(), 1), Arc::clone(&other)));
        present.with(|all| all.remove(&key(1)));
        present.stop("10 7");
        assert_eq!((flag(&older), flag(&newer), flag(&other)), (false, true, false));
        present.hand_on();
        assert!(newer.hand_on.load(Ordering::Relaxed) && flag(&other));
    }
}
