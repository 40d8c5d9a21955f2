//! A timetable that was composed on a device and brought to the server, and two versions compared.
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
use base::{AppError, CardId, RoomId, VersionId};
use composing::{IN_FORCE, load};
use school::{act, count, deputy, mother, store};
use sqlx::PgPool;
use study_core::compose::compare::Difference;
use study_core::compose::sql::{bring, compare, watch};
use study_core::compose::{Brought, Keep, Run, RunState, Wishes};
use study_core::timetable::{BoardData, Seat};

async fn draft(store: &Store) -> BoardData {
    load(store, composing::draft(store).await).await
}

async fn brings(
    store: &Store,
    version: VersionId,
    places: Vec<(CardId, Option<Seat>)>,
) -> Result<Run, AppError> {
    let brought = Brought {
        version,
        seconds: 10,
        spent_ms: 4321,
        places,
        op: None,
        keep: Keep::default(),
        wishes: Wishes::default(),
        stopped: false,
    };
    act(store, deputy(), async |ctx| bring(ctx, &brought).await).await
}

async fn differ(store: &Store, first: VersionId, second: VersionId) -> Vec<Difference> {
    act(store, deputy(), async |ctx| compare(ctx, first, second).await)
        .await
        .unwrap()
}

fn seats(data: &BoardData) -> Vec<(CardId, Option<Seat>)> {
    data.cards.iter().map(|c| (c.id, data.state_of(c).seat)).collect()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_a_device_found_is_another_draft(pool: PgPool) {
    let store = store(&pool).await;
    let source = draft(&store).await;
    let version = source.version.id;
    // the card of the tray, and one that moves to another day
    let tray = source.cards.iter().find(|c| c.place.is_none()).unwrap().id;
    let moved = source.cards.iter().find(|c| c.place.is_some()).unwrap();
    let from = source.state_of(moved).seat;
    let to = Some(Seat {
        day: 4,
        slot: 5,
        room: None,
    });
    let places = vec![
        (
            tray,
            Some(Seat {
                day: 4,
                slot: 4,
                room: None,
            }),
        ),
        (moved.id, to),
    ];
    let run = brings(&store, version, places).await.unwrap();
    assert_eq!(
        (run.state, run.moved, run.spent_ms),
        (RunState::Done, Some(2), 4321)
    );
    assert_eq!((run.before.unplaced, run.best.unwrap().unplaced), (1, 0));
    let result = run.result.unwrap();
    let made = load(&store, result).await;
    assert_eq!(made.version.title, run.title);
    assert!(made.may_edit, "a draft");
    assert_eq!(made.cards.iter().filter(|c| c.place.is_none()).count(), 0);
    assert_eq!(
        seats(&load(&store, version).await),
        seats(&source),
        "the source is as it was"
    );
    let told = act(&store, deputy(), async |ctx| watch(ctx, version).await)
        .await
        .unwrap();
    assert_eq!(told.unwrap(), run, "the page reads the same later");
    let audit = format!(
        "select count(*) from audit_event where actor_id = 1 and action = 'timetable.composed' and entity_key = '{result}'"
    );
    assert_eq!(count(&pool, &audit).await, 1);
    // and what differs is named, with the cards of the first
    let found = differ(&store, version, result).await;
    assert_eq!(found.len(), 2);
    assert!(found.contains(&Difference {
        card: moved.id,
        from,
        to
    }));
    assert!(found.iter().any(|d| d.card == tray && d.from.is_none()));
    assert_eq!(differ(&store, version, version).await, []);
    assert_eq!(differ(&store, result, version).await.len(), 2);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_does_not_fit_changes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let source = draft(&store).await;
    let version = source.version.id;
    let card = source.cards.iter().find(|c| c.place.is_some()).unwrap().id;
    let lock = format!("update card set locked = true where school_id = 10 and id = {card}");
    sqlx::query(sqlx::AssertSqlSafe(lock))
        .execute(&pool)
        .await
        .unwrap();
    let other = source.cards.iter().find(|c| c.id != card).unwrap().id;
    let there = |card, day, slot, room| vec![(card, Some(Seat { day, slot, room }))];
    for (what, places) in [
        ("a locked card", there(card, 3, 3, None)),
        ("a card of nowhere", there(CardId(999_999), 0, 0, None)),
        ("a day that there is not", there(other, 39, 0, None)),
        ("a negative slot", there(other, 0, -1, None)),
        ("a room of nowhere", there(other, 0, 0, Some(RoomId(999_999)))),
    ] {
        let refused = brings(&store, version, places).await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "{what}: {refused:?}"
        );
    }
    assert!(
        matches!(
            brings(&store, IN_FORCE, vec![]).await,
            Err(AppError::Invalid { .. })
        ),
        "no draft"
    );
    assert_eq!(
        brings(&store, VersionId(77_777), vec![]).await,
        Err(AppError::NotFound)
    );
    let family = act(&store, mother(), async |ctx| {
        bring(
            ctx,
            &Brought {
                version,
                seconds: 10,
                spent_ms: 1,
                places: vec![],
                op: None,
                keep: Keep::default(),
                wishes: Wishes::default(),
                stopped: false,
            },
        )
        .await
    });
    assert_eq!(family.await, Err(AppError::NotFound));
    let family = act(&store, mother(), async |ctx| {
        compare(ctx, version, IN_FORCE).await
    });
    assert_eq!(family.await, Err(AppError::NotFound));
    let strange = act(&store, deputy(), async |ctx| {
        compare(ctx, version, VersionId(77_777)).await
    });
    assert_eq!(strange.await, Err(AppError::NotFound));
    assert_eq!(count(&pool, "select count(*) from compose_run").await, 0);
    assert_eq!(
        count(
            &pool,
            "select count(*) from timetable_version where title like '%составлено%'"
        )
        .await,
        0
    );
    // a locked card that stays where it is may be named
    let stays = vec![(
        card,
        source
            .state_of(source.cards.iter().find(|c| c.id == card).unwrap())
            .seat,
    )];
    assert_eq!(brings(&store, version, stays).await.unwrap().moved, Some(0));
}
