//! The search for a timetable as a job: asked for, done, stopped, handed on; and who may.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod composing;
mod school;

use base::rights::Actor;
use base::sql::Store;
use base::{AppError, ClassId, Lang, RunId, VersionId};
use composing::{IN_FORCE, PATIENCE, Worker, ask, draft, load, look, never_finished, sql, until};
use futures_util::StreamExt as _;
use school::{act, count, deputy, mother, now, staff, store};
use sqlx::PgPool;
use study_core::compose::sql::{Followers, Look, follow, start, stop, watch};
use study_core::compose::{Failure, Keep, Run, RunState, Wishes};
use study_core::timetable::BoardData;
use timetable::Level;

fn places(data: &BoardData) -> Vec<Option<(u16, u16)>> {
    data.cards
        .iter()
        .map(|c| c.place.map(|p| (p.day, p.slot)))
        .collect()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_draft_is_composed_into_another_one(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let source = load(&store, version).await;
    assert_eq!(source.board().unwrap().unplaced().len(), 1);
    let worker = Worker::spawn(&store);
    // one lesson is locked where it lies
    let locked = source.cards.iter().find(|c| c.place.is_some()).unwrap();
    sql(
        &pool,
        &format!(
            "update card set locked = true where school_id = 10 and id = {}",
            locked.id
        ),
    )
    .await;
    let run = ask(&store, version, Keep::default(), 2).await.unwrap();
    let done = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    assert_eq!((done.id, done.state), (run, RunState::Done));
    assert_eq!((done.before.unplaced, done.best.unwrap().unplaced), (1, 0));
    assert_eq!(done.movable, 4, "one of five is kept");
    let result = done.result.unwrap();
    assert_ne!(result, version);
    let made = load(&store, result).await;
    assert_eq!(made.version.title, done.title);
    assert!(made.may_edit, "a draft, never published by itself");
    let judge = made.board().unwrap();
    assert!(judge.unplaced().is_empty());
    assert!(judge.conflicts().iter().all(|p| p.level < Level::Clash));
    // a class and its subgroup are not taught at once, and bells ring: the judge has said it. What was locked lies as it lay.
    let (before, after) = (places(&source), places(&made));
    let n = source.cards.iter().position(|c| c.id == locked.id).unwrap();
    assert_eq!(before[n], after[n]);
    assert!(made.cards[n].locked);
    let differing = before.iter().zip(&after).filter(|(a, b)| a != b).count();
    assert_eq!(i32::try_from(differing).unwrap(), done.moved.unwrap());
    // the draft that was asked about is as it was
    assert_eq!(places(&load(&store, version).await), before);
    let audit = "select count(*) from audit_event where school_id = 10 and actor_id = 1 and action = ";
    assert_eq!(
        count(&pool, &format!("{audit} 'timetable.compose_asked'")).await,
        1
    );
    let told = format!("{audit} 'timetable.composed' and entity_key = '{result}'");
    assert_eq!(count(&pool, &told).await, 1);
    assert_eq!(
        count(
            &pool,
            "select count(*) from compose_run where question is not null or best is not null"
        )
        .await,
        0,
        "what is over is small"
    );
}

fn looker(store: &Store, actor: Actor, version: VersionId) -> Look {
    Look {
        store: store.clone(),
        actor,
        lang: Lang::Ru,
        version,
        since: now(),
    }
}

/// Each step is told when it is written, to the last one; whoever may not look hears that and nothing else; the end of the
/// server lets everybody go.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn whoever_looks_hears_of_every_step(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    never_finished(&pool).await;
    let followers = Followers::default();
    let none: Vec<_> = follow(&followers, looker(&store, deputy(), version))
        .collect()
        .await;
    assert_eq!(none, [Ok(None)], "nothing was asked for yet");
    let stranger: Vec<_> = follow(&followers, looker(&store, mother(), version))
        .collect()
        .await;
    assert_eq!(stranger, [Err(AppError::NotFound)]);
    let run = ask(&store, version, Keep::default(), 600).await.unwrap();
    let mut steps = Box::pin(follow(&followers, looker(&store, deputy(), version)));
    let step = async |steps: &mut std::pin::Pin<Box<_>>| {
        let next = futures_util::StreamExt::next(steps);
        tokio::time::timeout(PATIENCE, next).await.unwrap()
    };
    let first: Run = step(&mut steps).await.unwrap().unwrap().unwrap();
    assert_eq!(first.state, RunState::Waiting);
    let worker = Worker::heard(&store, followers.clone());
    let mut spent = 0;
    while spent < 1500 {
        let run: Run = step(&mut steps).await.unwrap().unwrap().unwrap();
        assert!(run.spent_ms >= spent, "in their order");
        assert!(run.state == RunState::Running || run.spent_ms == 0);
        spent = run.spent_ms;
    }
    act(&store, deputy(), async |ctx| stop(ctx, run).await)
        .await
        .unwrap();
    let mut last = None;
    while let Some(run) = step(&mut steps).await {
        last = run.unwrap();
    }
    assert_eq!(last.unwrap().state, RunState::Stopped, "and the stream is over");
    // a server that ends keeps nobody waiting
    ask(&store, version, Keep::default(), 600).await.unwrap();
    let mut steps = Box::pin(follow(&followers, looker(&store, deputy(), version)));
    step(&mut steps).await.unwrap().unwrap();
    worker.end().await;
    while let Some(run) = step(&mut steps).await {
        assert!(!run.unwrap().unwrap().state.is_over());
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_kept_stays(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let source = load(&store, version).await;
    let worker = Worker::spawn(&store);
    let keep = Keep {
        placed: true,
        ..Keep::default()
    };
    ask(&store, version, keep, 2).await.unwrap();
    let done = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    let made = load(&store, done.result.unwrap()).await;
    for (before, after) in places(&source).iter().zip(places(&made)) {
        assert!(before.is_none() || *before == after);
        assert!(after.is_some());
    }
    assert_eq!(done.moved, Some(1));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn stopping_keeps_the_best_so_far(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    never_finished(&pool).await;
    let worker = Worker::spawn(&store);
    let run = ask(&store, version, Keep::default(), 600).await.unwrap();
    let going = until(&store, version, |run| run.best.is_some()).await;
    assert_eq!(going.state, RunState::Running);
    act(&store, deputy(), async |ctx| stop(ctx, run).await)
        .await
        .unwrap();
    let over = until(&store, version, |run| run.state.is_over()).await;
    assert_eq!(over.state, RunState::Stopped);
    assert!(over.spent_ms < 600_000);
    let made = load(&store, over.result.unwrap()).await;
    let judge = made.board().unwrap();
    assert_eq!(judge.unplaced().len(), 2, "one hour, three lessons");
    assert!(judge.conflicts().iter().all(|p| p.level < Level::Clash));
    // once more changes nothing, and the draft may be composed again
    act(&store, deputy(), async |ctx| stop(ctx, run).await)
        .await
        .unwrap();
    assert_eq!(look(&store, version).await, over);
    let again = ask(&store, version, Keep::default(), 600).await.unwrap();
    assert_ne!(again, run);
    worker.end().await;
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_nobody_has_begun_is_stopped_at_once(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let run = ask(&store, version, Keep::default(), 60).await.unwrap();
    assert_eq!(look(&store, version).await.state, RunState::Waiting);
    act(&store, deputy(), async |ctx| stop(ctx, run).await)
        .await
        .unwrap();
    let over = look(&store, version).await;
    assert_eq!((over.state, over.result), (RunState::Stopped, None));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn another_process_goes_on_from_the_best_so_far(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    never_finished(&pool).await;
    let first = Worker::spawn(&store);
    let run = ask(&store, version, Keep::default(), 600).await.unwrap();
    until(&store, version, |run| run.best.is_some()).await;
    // the server is stopped in the middle, and hands it on
    first.end().await;
    let between = look(&store, version).await;
    assert_eq!((between.id, between.state), (run, RunState::Waiting));
    let cost = "select hard * 1000000 + soft from compose_run";
    let handed_on = count(&pool, cost).await;
    let best = between.best.unwrap();
    // … and the next one is killed: it writes nothing more, and its lease runs out
    sql(
        &pool,
        "update compose_run set state = 'running', attempts = attempts + 1, lease_until = now() - interval '1 second'",
    )
    .await;
    let second = Worker::spawn(&store);
    let spent = between.spent_ms;
    let going = until(&store, version, |run| {
        run.state == RunState::Running && run.spent_ms > spent
    })
    .await;
    assert!(going.best.unwrap().unplaced <= best.unplaced);
    assert!(
        count(&pool, cost).await <= handed_on,
        "never worse than what was found"
    );
    assert_eq!(count(&pool, "select attempts::bigint from compose_run").await, 2);
    act(&store, deputy(), async |ctx| stop(ctx, run).await)
        .await
        .unwrap();
    let over = until(&store, version, |run| run.state.is_over()).await;
    second.end().await;
    assert_eq!(over.state, RunState::Stopped);
    assert!(over.result.is_some());
    assert_eq!(count(&pool, "select count(*) from compose_run").await, 1);
}

/// Somebody stops it while it waits for its turn or is prepared: there is nothing yet, and nothing is made.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_search_that_is_stopped_before_it_began_makes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let versions = "select count(*) from timetable_version";
    let before = count(&pool, versions).await;
    ask(&store, version, Keep::default(), 60).await.unwrap();
    sql(&pool, "update compose_run set stop_asked = true").await;
    let worker = Worker::spawn(&store);
    let over = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    assert_eq!((over.state, over.result), (RunState::Stopped, None));
    assert_eq!(over.failure, None, "it is what was asked for");
    assert_eq!(count(&pool, versions).await, before);
}

/// A search that ends the process each time is given up.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_never_comes_to_an_end_is_given_up(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    ask(&store, version, Keep::default(), 60).await.unwrap();
    sql(
        &pool,
        "update compose_run set state = 'running', attempts = 5, lease_until = now() - interval '1 second'",
    )
    .await;
    let worker = Worker::spawn(&store);
    let over = until(&store, version, |run| run.state.is_over()).await;
    worker.end().await;
    assert_eq!((over.state, over.result), (RunState::Failed, None));
    assert_eq!(over.failure, Some(Failure::Interrupted));
}

/// The draft is deleted while it is searched: the search goes with it, and the worker does not.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_deleted_draft_takes_its_search_with_it(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    never_finished(&pool).await;
    let worker = Worker::spawn(&store);
    ask(&store, version, Keep::default(), 600).await.unwrap();
    until(&store, version, |run| run.best.is_some()).await;
    act(&store, deputy(), async |ctx| {
        study_core::timetable::sql::delete_draft(ctx, version).await
    })
    .await
    .unwrap();
    let other = draft(&store).await;
    let keep = Keep {
        placed: true,
        ..Keep::default()
    };
    ask(&store, other, keep, 1).await.unwrap();
    let done = until(&store, other, |run| run.state.is_over()).await;
    worker.end().await;
    assert!(done.result.is_some());
    assert_eq!(count(&pool, "select count(*) from compose_run").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_cannot_be_composed_is_refused_in_words(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let before = count(&pool, "select count(*) from audit_event").await;
    let invalid = |outcome: Result<RunId, AppError>| matches!(outcome, Err(AppError::Invalid { .. }));
    assert!(
        invalid(ask(&store, IN_FORCE, Keep::default(), 10).await),
        "no draft"
    );
    assert!(invalid(ask(&store, version, Keep::default(), 0).await));
    assert!(invalid(ask(&store, version, Keep::default(), 601).await));
    let all = Keep {
        classes: vec![ClassId(100), ClassId(101)],
        ..Keep::default()
    };
    sql(
        &pool,
        "update card set day = 1, slot = 0 where school_id = 10 and day is null",
    )
    .await;
    assert!(invalid(ask(&store, version, all, 10).await), "nothing may move");
    assert_eq!(count(&pool, "select count(*) from audit_event").await, before);
    ask(&store, version, Keep::default(), 10).await.unwrap();
    let second = ask(&store, version, Keep::default(), 10).await;
    assert!(matches!(second, Err(AppError::Conflict { .. })), "{second:?}");
    assert_eq!(count(&pool, "select count(*) from compose_run").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn strangers_find_nothing_and_teachers_may_not(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let run = ask(&store, version, Keep::default(), 10).await.unwrap();
    let keep = Keep::default();
    for (who, refusal) in [
        (staff(20, 4, "deputy"), AppError::NotFound),
        (staff(10, 2, "teacher"), AppError::Forbidden),
        (mother(), AppError::NotFound),
    ] {
        let started = act(&store, who.clone(), async |ctx| {
            start(ctx, version, &keep, &Wishes::default(), 10, 1).await
        })
        .await;
        let watched = act(&store, who.clone(), async |ctx| watch(ctx, version).await).await;
        let stopped = act(&store, who, async |ctx| stop(ctx, run).await).await;
        assert_eq!(started.unwrap_err(), refusal);
        assert_eq!(watched.unwrap_err(), refusal);
        assert_eq!(stopped.unwrap_err(), refusal);
    }
    assert_eq!(look(&store, version).await.state, RunState::Waiting);
    let other = act(&store, deputy(), async |ctx| watch(ctx, IN_FORCE).await).await;
    assert_eq!(other.unwrap(), None, "nobody has asked about it");
}
