//! A draft of school 10 that is composed: asked for, worked on, looked at.
#![allow(dead_code, reason = "each test file uses a part of it")]

use std::time::Duration;

use base::sql::Store;
use base::{AppError, RunId, VersionId};
use sqlx::PgPool;
use study_core::compose::sql::{Capacity, Clock, Followers, start, watch, work};
use study_core::compose::{Keep, Run, Wishes};
use study_core::timetable::BoardData;
use study_core::timetable::board::DraftSource;
use study_core::timetable::sql::{board, create_draft};

use super::school::{act, deputy, now};

pub const IN_FORCE: VersionId = VersionId(600);
/// Longer than any machine needs; a test that waits so long has failed.
pub const PATIENCE: Duration = Duration::from_secs(90);

pub async fn draft(store: &Store) -> VersionId {
    act(store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(IN_FORCE), "Черновик")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap()
}

pub async fn load(store: &Store, version: VersionId) -> BoardData {
    act(store, deputy(), async |ctx| board(ctx, version).await)
        .await
        .unwrap()
}

pub async fn ask(store: &Store, version: VersionId, keep: Keep, seconds: i16) -> Result<RunId, AppError> {
    act(store, deputy(), async |ctx| {
        start(ctx, version, &keep, &Wishes::default(), seconds, 1).await
    })
    .await
}

pub async fn look(store: &Store, version: VersionId) -> Run {
    act(store, deputy(), async |ctx| watch(ctx, version).await)
        .await
        .unwrap()
        .unwrap()
}

/// Works until a look at the search shows what is waited for.
pub async fn until(store: &Store, version: VersionId, enough: impl Fn(&Run) -> bool) -> Run {
    let seen = async {
        loop {
            let run = look(store, version).await;
            if enough(&run) {
                return run;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, seen).await.unwrap()
}

/// A worker, and how to end it.
pub struct Worker {
    ends: tokio::sync::oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Worker {
    pub fn spawn(store: &Store) -> Self {
        Self::heard(store, Followers::default())
    }

    pub fn heard(store: &Store, followers: Followers) -> Self {
        Self::with(store, followers, Capacity::of(1, None), now)
    }

    pub fn with(store: &Store, followers: Followers, capacity: Capacity, clock: Clock) -> Self {
        let (ends, ended) = tokio::sync::oneshot::channel::<()>();
        let store = store.clone();
        let task = tokio::spawn(async move {
            work(store, clock, followers, capacity, async move {
                let _ = ended.await;
            })
            .await;
        });
        Self { ends, task }
    }

    /// As a server that is stopped.
    pub async fn end(self) {
        let _ = self.ends.send(());
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}

pub async fn sql(pool: &PgPool, statement: &str) {
    sqlx::query(sqlx::AssertSqlSafe(statement.to_owned()))
        .execute(pool)
        .await
        .unwrap();
}

/// A school that cannot be finished: three lessons of mathematics, one hour at which their teacher is there. The search
/// never finds that nothing is left to improve.
pub async fn never_finished(pool: &PgPool) {
    sql(
        pool,
        "insert into unavailability (school_id, year_id, employee_id, day, slot)
         select 10, 5, 1200, d, s from generate_series(0, 4) d, generate_series(0, 6) s where (d, s) <> (0, 0)",
    )
    .await;
}
