//! What a device has found is brought twice, because the answer was lost; and it is brought while the server searches, too.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod composing;
mod school;

use base::sql::Store;
use base::{AppError, VersionId};
use composing::{ask, draft, load, look, sql};
use school::{act, count, deputy, store};
use sqlx::PgPool;
use study_core::compose::sql::{bring, stop};
use study_core::compose::{Brought, Keep, Run, RunState, Wishes};
use study_core::timetable::Seat;
use uuid::Uuid;

const DRAFTS: &str = "select count(*) from timetable_version where title like '%составлено%'";
const ASKED: &str = "select count(*) from audit_event where action = 'timetable.composed'";

/// The card of the tray, at a place of the last day.
async fn found(store: &Store, version: VersionId, op: Option<u128>, slot: i16) -> Brought {
    let data = load(store, version).await;
    let tray = data.cards.iter().find(|c| c.place.is_none()).unwrap().id;
    let seat = Seat {
        day: 4,
        slot,
        room: None,
    };
    Brought {
        version,
        seconds: 10,
        spent_ms: 4321,
        places: vec![(tray, Some(seat))],
        op: op.map(Uuid::from_u128),
        keep: Keep::default(),
        wishes: Wishes::default(),
        stopped: false,
    }
}

async fn brings(store: &Store, brought: &Brought) -> Result<Run, AppError> {
    act(store, deputy(), async |ctx| bring(ctx, brought).await).await
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn brought_twice_it_counts_once(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let one = found(&store, version, Some(1), 4).await;
    let first = brings(&store, &one).await.unwrap();
    assert_eq!(brings(&store, &one).await.unwrap(), first, "the first outcome");
    assert_eq!((count(&pool, DRAFTS).await, count(&pool, ASKED).await), (1, 1));
    // also where the draft has been changed in between, or is none any more
    let cleared = format!(
        "update card set day = null, slot = null, room_id = null where school_id = 10 and version_id = {version}"
    );
    sql(&pool, &cleared).await;
    assert_eq!(brings(&store, &one).await.unwrap(), first);
    // at once from two windows: one waits for the other
    let two = found(&store, version, Some(2), 5).await;
    let (a, b) = tokio::join!(brings(&store, &two), brings(&store, &two));
    assert_eq!(a.unwrap(), b.unwrap());
    assert_eq!((count(&pool, DRAFTS).await, count(&pool, ASKED).await), (2, 2));
    // another timetable is another draft; what an older page kept has no id and is one each time
    let none = found(&store, version, None, 3).await;
    brings(&store, &none).await.unwrap();
    brings(&store, &none).await.unwrap();
    assert_eq!(count(&pool, DRAFTS).await, 4);
    // whose draft was deleted since is told so, and gets no second one
    sql(
        &pool,
        &format!(
            "delete from timetable_version where id = {}",
            first.result.unwrap()
        ),
    )
    .await;
    let gone = brings(&store, &one).await.unwrap();
    assert_eq!((gone.id, gone.result), (first.id, None));
    assert_eq!(count(&pool, DRAFTS).await, 3);
}

/// The same id for another draft is no key to somebody else's outcome.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_id_belongs_to_one_draft(pool: PgPool) {
    let store = store(&pool).await;
    let (version, other) = (draft(&store).await, draft(&store).await);
    let one = found(&store, version, Some(1), 4).await;
    brings(&store, &one).await.unwrap();
    let elsewhere = found(&store, other, Some(1), 4).await;
    let refused = brings(&store, &elsewhere).await;
    assert!(matches!(refused, Err(AppError::Invalid { .. })), "{refused:?}");
    assert_eq!(count(&pool, DRAFTS).await, 1);
}

/// What is brought while the server searches is kept, and the search stays in sight: whoever looks can stop it.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_brought_does_not_hide_a_search_that_goes_on(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let run = ask(&store, version, Keep::default(), 600).await.unwrap();
    let one = found(&store, version, Some(1), 4).await;
    let brought = brings(&store, &one).await.unwrap();
    assert_eq!((brought.state, count(&pool, DRAFTS).await), (RunState::Done, 1));
    let seen = look(&store, version).await;
    assert_eq!((seen.id, seen.state), (run, RunState::Waiting));
    act(&store, deputy(), async |ctx| stop(ctx, seen.id).await)
        .await
        .unwrap();
    // none goes on any more: the last one is told
    assert_eq!(look(&store, version).await.id, brought.id);
}
