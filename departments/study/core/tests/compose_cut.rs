//! A search that was cut off keeps what it had found; one process with two attempts at the same search lets go of both.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod composing;
mod school;

use base::VersionId;
use base::sql::Store;
use composing::{Worker, ask, draft, load, look, never_finished, sql, until};
use school::{count, now, store};
use sqlx::PgPool;
use study_core::compose::sql::{Capacity, Followers};
use study_core::compose::{Failure, Keep, Run, RunState};
use timetable::Level;

/// A search whose server was stopped in the middle; then it was killed, again and again, as often as is tried.
async fn killed(pool: &PgPool, store: &Store) -> (VersionId, Run) {
    let version = draft(store).await;
    never_finished(pool).await;
    let worker = Worker::spawn(store);
    ask(store, version, Keep::default(), 600).await.unwrap();
    until(store, version, |run| {
        run.best
            .is_some_and(|best| best.clashes == 0 && best.unplaced == 2)
    })
    .await;
    worker.end().await;
    sql(
        pool,
        "update compose_run set state = 'running', attempts = 5, lease_until = now() - interval '1 second'",
    )
    .await;
    (version, look(store, version).await)
}

/// Given up after five attempts: the best that was written is a draft, as after a stop, and why it ended stands beside it.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_search_that_is_given_up_keeps_its_best(pool: PgPool) {
    let store = store(&pool).await;
    let (version, before) = killed(&pool, &store).await;
    let worker = Worker::spawn(&store);
    let over = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    assert_eq!(
        (over.state, over.failure),
        (RunState::Stopped, Some(Failure::Interrupted))
    );
    assert_eq!((over.best, over.moved), (before.best, before.moved));
    assert_eq!(over.unmet, before.unmet);
    let result = over.result.unwrap();
    let made = load(&store, result).await;
    let judge = made.board().unwrap();
    assert_eq!(judge.unplaced().len(), 2, "three lessons, one hour");
    assert!(judge.conflicts().iter().all(|p| p.level < Level::Clash));
    let told = format!(
        "select count(*) from audit_event where actor_id = 1 and action = 'timetable.composed' and entity_key = '{result}'
            and new ->> 'failure' = 'attempts' and (new -> 'figures' ->> 'unplaced')::integer = 2"
    );
    assert_eq!(count(&pool, &told).await, 1);
    let small = "select count(*) from compose_run where question is not null or best is not null";
    assert_eq!(count(&pool, small).await, 0);
}

/// Who lost the right meanwhile gets no copy of it either.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_search_that_is_given_up_asks_for_the_right_again(pool: PgPool) {
    let store = store(&pool).await;
    let (version, before) = killed(&pool, &store).await;
    let versions = count(&pool, "select count(*) from timetable_version").await;
    sql(
        &pool,
        "update appointment set valid_to = '2026-11-20' where school_id = 10 and employee_id = 1100",
    )
    .await;
    let worker = Worker::spawn(&store);
    let over = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    assert_eq!(
        (over.state, over.failure),
        (RunState::Failed, Some(Failure::Refused))
    );
    assert_eq!((over.result, over.best), (None, before.best));
    assert_eq!(
        count(&pool, "select count(*) from timetable_version").await,
        versions
    );
}

/// The process was paused for longer than its lease, and takes its own search again. When the older attempt has let go, the newer
/// one still hears that the server ends.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_search_that_was_taken_twice_by_one_process_hears_its_end(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    never_finished(&pool).await;
    let worker = Worker::with(&store, Followers::default(), Capacity::of(2, Some(2)), now);
    ask(&store, version, Keep::default(), 600).await.unwrap();
    until(&store, version, |run| run.best.is_some()).await;
    // the lease has run out, and whatever happens makes the process look for work
    let attempts = "select attempts::bigint from compose_run";
    sql(
        &pool,
        "update compose_run set state = 'waiting', lease_until = now() - interval '1 second'",
    )
    .await;
    let taken = async {
        while count(&pool, attempts).await < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(composing::PATIENCE, taken).await.unwrap();
    // more than a beat later the older attempt has seen it
    let spent = look(&store, version).await.spent_ms;
    until(&store, version, |run| run.spent_ms > spent + 2500).await;
    worker.end().await;
    let handed_on = look(&store, version).await;
    assert_eq!(handed_on.state, RunState::Waiting);
}
