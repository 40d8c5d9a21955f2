//! Searches of several schools on one server take turns; what is unmet is told while they go on; why one came to nothing is told, too.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod composing;
mod school;

use std::cell::Cell;
use std::sync::atomic::{AtomicI64, Ordering};

use base::sql::Store;
use base::{AppError, Lang, RunId, VersionId};
use chrono::{DateTime, Utc};
use composing::{Worker, ask, draft, load, look, never_finished, sql, until};
use school::{act, count, deputy, now, staff, store};
use sqlx::PgPool;
use study_core::compose::sql::{Capacity, Followers, start, stop, watch};
use study_core::compose::{Failure, Keep, Run, RunState, Wishes};
use study_core::timetable::board::DraftSource;
use study_core::timetable::sql::create_draft;

/// A clock that never says the same twice: whose turn it is depends on when others had theirs.
fn ticking() -> DateTime<Utc> {
    static SECONDS: AtomicI64 = AtomicI64::new(0);
    now() + chrono::Duration::seconds(SECONDS.fetch_add(1, Ordering::Relaxed))
}

async fn halt(store: &Store, run: RunId) {
    act(store, deputy(), async |ctx| stop(ctx, run).await)
        .await
        .unwrap();
}

/// The draft of another school, whose search never ends by itself either.
async fn elsewhere(pool: &PgPool, store: &Store) -> VersionId {
    sql(
        pool,
        "insert into unavailability (school_id, year_id, employee_id, day, slot)
         select 20, 6, 2100, d, s from generate_series(0, 4) d, generate_series(0, 6) s where (d, s) <> (0, 0)",
    )
    .await;
    act(store, staff(20, 4, "deputy"), async |ctx| {
        create_draft(ctx, DraftSource::Loads, "Другая школа")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap()
}

async fn there(store: &Store, version: VersionId) -> Run {
    let run = act(store, staff(20, 4, "deputy"), async |ctx| {
        watch(ctx, version).await
    })
    .await;
    run.unwrap().unwrap()
}

/// Who asks for much waits for itself: the other school's only search comes before the rest of it. Each sees its place.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn schools_take_turns(pool: PgPool) {
    let store = store(&pool).await;
    never_finished(&pool).await;
    let (a, b, c) = (draft(&store).await, draft(&store).await, draft(&store).await);
    let mut runs = vec![];
    for version in [a, b, c] {
        runs.push(ask(&store, version, Keep::default(), 600).await.unwrap());
    }
    let other = elsewhere(&pool, &store).await;
    let theirs = act(&store, staff(20, 4, "deputy"), async |ctx| {
        start(ctx, other, &Keep::default(), &Wishes::default(), 600, 1).await
    })
    .await
    .unwrap();
    assert_eq!(look(&store, b).await.ahead, None, "nobody has counted yet");
    let worker = Worker::with(&store, Followers::default(), Capacity::of(1, None), ticking);
    until(&store, a, |run| run.state == RunState::Running).await;
    until(&store, c, |run| run.ahead == Some(2)).await;
    assert_eq!(look(&store, b).await.ahead, Some(1));
    assert_eq!(there(&store, other).await.ahead, Some(0), "the next one");
    halt(&store, runs[0]).await;
    until(&store, c, |run| run.ahead == Some(1)).await;
    assert_eq!(there(&store, other).await.state, RunState::Running);
    assert_eq!(look(&store, b).await.state, RunState::Waiting);
    assert_eq!(there(&store, other).await.ahead, None, "its turn has come");
    // the server is started anew: what was begun goes on first
    worker.end().await;
    let again = Worker::with(&store, Followers::default(), Capacity::of(1, None), ticking);
    let running = async {
        while there(&store, other).await.state != RunState::Running {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(composing::PATIENCE, running).await.unwrap();
    assert_eq!(look(&store, b).await.state, RunState::Waiting);
    act(&store, staff(20, 4, "deputy"), async |ctx| {
        stop(ctx, theirs).await
    })
    .await
    .unwrap();
    until(&store, b, |run| run.state == RunState::Running).await;
    assert_eq!(look(&store, c).await.ahead, Some(0));
    again.end().await;
}

/// Who asks while the server is busy is told the place at once, not only when something becomes free.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_comes_while_the_server_is_busy_is_told_the_place(pool: PgPool) {
    let store = store(&pool).await;
    never_finished(&pool).await;
    let (a, b) = (draft(&store).await, draft(&store).await);
    ask(&store, a, Keep::default(), 600).await.unwrap();
    let worker = Worker::with(&store, Followers::default(), Capacity::of(1, None), ticking);
    until(&store, a, |run| {
        run.state == RunState::Running && run.best.is_some()
    })
    .await;
    ask(&store, b, Keep::default(), 600).await.unwrap();
    until(&store, b, |run| run.ahead == Some(0)).await;
    assert_eq!(look(&store, a).await.state, RunState::Running);
    worker.end().await;
}

/// A machine with cores for two does two at once, but not two of one school.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn several_at_once_but_not_of_one_school(pool: PgPool) {
    let store = store(&pool).await;
    never_finished(&pool).await;
    let (a, b) = (draft(&store).await, draft(&store).await);
    let first = ask(&store, a, Keep::default(), 600).await.unwrap();
    ask(&store, b, Keep::default(), 600).await.unwrap();
    let worker = Worker::with(&store, Followers::default(), Capacity::of(2, Some(2)), ticking);
    until(&store, b, |run| run.ahead.is_some()).await;
    let other = elsewhere(&pool, &store).await;
    act(&store, staff(20, 4, "deputy"), async |ctx| {
        start(ctx, other, &Keep::default(), &Wishes::default(), 600, 1).await
    })
    .await
    .unwrap();
    let running = async {
        while there(&store, other).await.best.is_none() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(composing::PATIENCE, running).await.unwrap();
    assert_eq!(look(&store, a).await.state, RunState::Running);
    assert_eq!(look(&store, b).await.state, RunState::Waiting);
    // the first one stops alone, and its place is taken
    halt(&store, first).await;
    until(&store, b, |run| run.state == RunState::Running).await;
    assert_eq!(there(&store, other).await.state, RunState::Running);
    assert_eq!(look(&store, a).await.state, RunState::Stopped);
    // both are handed on when the server ends
    worker.end().await;
    assert_eq!(look(&store, b).await.state, RunState::Waiting);
    assert_eq!(there(&store, other).await.state, RunState::Waiting);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_school_has_so_many_searches_open_and_no_more(pool: PgPool) {
    let store = store(&pool).await;
    for _ in 0..5 {
        let version = draft(&store).await;
        ask(&store, version, Keep::default(), 60).await.unwrap();
    }
    let sixth = draft(&store).await;
    let refused = ask(&store, sixth, Keep::default(), 60).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    assert_eq!(count(&pool, "select count(*) from compose_run").await, 5);
}

/// Where one more may be asked for and two ask at once, one of them gets it.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn two_who_ask_at_once_are_counted_one_after_the_other(pool: PgPool) {
    let store = store(&pool).await;
    for _ in 0..4 {
        let version = draft(&store).await;
        ask(&store, version, Keep::default(), 60).await.unwrap();
    }
    let (first, second) = (draft(&store).await, draft(&store).await);
    // the first has asked, and its transaction is still open
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let asked = start(&mut ctx, first, &Keep::default(), &Wishes::default(), 60, 1).await;
    assert!(asked.is_ok());
    // the second is not answered before the first is through
    let answered = Cell::new(false);
    let waits = async {
        let answer = ask(&store, second, Keep::default(), 60).await;
        answered.set(true);
        answer
    };
    let through = async {
        let locked = "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'";
        while count(&pool, locked).await == 0 {
            assert!(!answered.get(), "it was not counted");
            tokio::task::yield_now().await;
        }
        ctx.close(asked).await.unwrap();
    };
    let (refused, ()) = tokio::join!(waits, through);
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    assert_eq!(count(&pool, "select count(*) from compose_run").await, 5);
}

/// What is unmet comes with the best so far, is there for whoever loads the page anew, and holds no names.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_unmet_is_told_while_it_goes_on(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    never_finished(&pool).await;
    let worker = Worker::spawn(&store);
    let run = ask(&store, version, Keep::default(), 600).await.unwrap();
    let going = until(&store, version, |run| {
        run.best
            .is_some_and(|best| best.clashes == 0 && best.unplaced == 2)
    })
    .await;
    assert_eq!(going.state, RunState::Running);
    let unmet = going.unmet.clone().unwrap();
    let data = load(&store, version).await;
    assert_eq!(unmet.unplaced.len(), 2, "three lessons, one hour");
    for card in &unmet.unplaced {
        let card = data.card_ix(*card).unwrap();
        assert_eq!(data.subject_of(card).unwrap().name, "Математика");
    }
    assert_eq!(look(&store, version).await.unmet, Some(unmet.clone()));
    let named = "select count(*) from compose_run where unmet::text ~ '[а-яА-Я]'";
    assert_eq!(count(&pool, named).await, 0);
    halt(&store, run).await;
    let over = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    assert_eq!(over.unmet.unwrap().unplaced.len(), 2);
    // what a newer server has written is no reason to show nothing
    sql(
        &pool,
        r#"update compose_run set unmet = '{"unplaced": [], "broken": [{"sort": "new"}]}'"#,
    )
    .await;
    assert_eq!(look(&store, version).await.unmet, None);
}

/// Who lost the right in between gets no copy, and nobody else does; the audit has it.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn who_lost_the_right_gets_no_copy(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    never_finished(&pool).await;
    let worker = Worker::spawn(&store);
    let run = ask(&store, version, Keep::default(), 600).await.unwrap();
    until(&store, version, |run| run.best.is_some()).await;
    let versions = count(&pool, "select count(*) from timetable_version").await;
    sql(
        &pool,
        "update appointment set valid_to = '2026-11-20' where school_id = 10 and employee_id = 1100",
    )
    .await;
    halt(&store, run).await;
    let over = until(&store, version, |run| run.state.is_over()).await;
    assert_eq!((over.state, over.result), (RunState::Failed, None));
    assert_eq!(over.failure, Some(Failure::Refused));
    assert_eq!(
        count(&pool, "select count(*) from timetable_version").await,
        versions
    );
    let kept = "select count(*) from compose_run where withheld is not null or best is not null";
    assert_eq!(count(&pool, kept).await, 0, "what nobody may have is not kept");
    let audit = |action: &str| {
        format!(
            "select count(*) from audit_event where action = 'timetable.{action}' and entity_key = '{version}'"
        )
    };
    assert_eq!(count(&pool, &audit("compose_refused")).await, 1);
    assert_eq!(
        count(
            &pool,
            "select count(*) from audit_event where action = 'timetable.composed'"
        )
        .await,
        0
    );
    // another position with the right is as good as the first; a disabled account is not
    sql(
        &pool,
        "insert into appointment (school_id, employee_id, position_id, valid_from) values (10, 1100, 50, '2026-11-21')",
    )
    .await;
    let second = draft(&store).await;
    let run = ask(&store, second, Keep::default(), 600).await.unwrap();
    until(&store, second, |run| run.best.is_some()).await;
    halt(&store, run).await;
    let over = until(&store, second, |run| run.state.is_over()).await;
    assert_eq!((over.state, over.failure), (RunState::Stopped, None));
    assert!(over.result.is_some());
    worker.end().await;
}

/// Each reason has its code, and nothing half-written stays behind.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn why_it_came_to_nothing_is_told(pool: PgPool) {
    let store = store(&pool).await;
    let versions = "select count(*) from timetable_version";
    for (change, why) in [
        (
            "update compose_run set question = '{}' where state = 'waiting'",
            Failure::Unreadable,
        ),
        (
            "update compose_run set question = jsonb_set(question, '{spec,days}', '60000') where state = 'waiting'",
            Failure::TooLarge,
        ),
        (
            "update compose_run set state = 'running', attempts = 5, lease_until = now() - interval '1 second' where state = 'waiting'",
            Failure::Interrupted,
        ),
        (
            "delete from card where version_id in (select version_id from compose_run where state = 'waiting')",
            Failure::Changed,
        ),
    ] {
        let version = draft(&store).await;
        ask(&store, version, Keep::default(), 1).await.unwrap();
        sql(&pool, change).await;
        let before = count(&pool, versions).await;
        let worker = Worker::spawn(&store);
        let over = until(&store, version, |run| run.state.is_over()).await;
        worker.end().await;
        assert_eq!(
            (over.state, over.failure),
            (RunState::Failed, Some(why)),
            "{change}"
        );
        assert_eq!(over.result, None);
        assert_eq!(count(&pool, versions).await, before);
    }
    let small = "select count(*) from compose_run where question is not null or best is not null";
    assert_eq!(count(&pool, small).await, 0);
}
