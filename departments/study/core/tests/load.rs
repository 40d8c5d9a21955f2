//! A load has a lesson more or less: a card in the draft, the hours of the plan, the audit; and who may.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod composing;
mod school;

use base::{AppError, CardId, LoadId, VersionId};
use composing::{IN_FORCE, draft, load, sql};
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::repair::dispensable;
use study_core::timetable::sql::change_load;

const MATHS: LoadId = LoadId(500);

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_lesson_more_waits_in_the_tray_and_one_less_is_the_one_missed_least(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let hours = "select week_hours::bigint from teaching_load where school_id = 10 and id = 500";
    let change = async |remove| {
        act(&store, deputy(), async |ctx| {
            change_load(ctx, version, MATHS, remove).await
        })
        .await
    };
    let before = load(&store, version).await;
    let saved = change(None).await.unwrap();
    assert_eq!(saved.revision, before.version.revision + 1);
    let more = load(&store, version).await;
    assert_eq!(more.cards.len(), before.cards.len() + 1);
    assert_eq!(count(&pool, hours).await, 6);
    let card = dispensable(&more, &more.board().unwrap(), MATHS).unwrap();
    assert_eq!(more.cards[card.ix()].place, None, "the new one is missed least");
    change(Some(more.cards[card.ix()].id)).await.unwrap();
    let again = load(&store, version).await;
    assert_eq!(again.cards, before.cards);
    assert_eq!(count(&pool, hours).await, 5);
    // half an hour a week is half an hour
    sql(&pool, "update card set weeks = 'odd' where version_id = 600").await;
    let odd = draft(&store).await;
    let data = load(&store, odd).await;
    let maths = data
        .cards
        .iter()
        .find(|c| data.loads[usize::try_from(c.load).unwrap()].id == MATHS)
        .unwrap()
        .id;
    act(&store, deputy(), async |ctx| {
        change_load(ctx, odd, MATHS, Some(maths)).await
    })
    .await
    .unwrap();
    let tenths = "select (week_hours * 10)::bigint from teaching_load where school_id = 10 and id = 500";
    assert_eq!(count(&pool, tenths).await, 45);
    let audit = "select count(*) from audit_event where school_id = 10 and actor_id = 1 and action = 'timetable.load_changed'";
    assert_eq!(count(&pool, audit).await, 3);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_not_there_or_not_theirs_changes_nothing(pool: PgPool) {
    let store = store(&pool).await;
    let version = draft(&store).await;
    let cards = "select count(*) from card";
    let before = count(&pool, cards).await;
    let refused = async |who, version, load, remove| {
        act(&store, who, async |ctx| {
            change_load(ctx, version, load, remove).await
        })
        .await
        .unwrap_err()
    };
    let theirs = LoadId(510);
    assert!(matches!(
        refused(deputy(), version, theirs, None).await,
        AppError::NotFound
    ));
    assert!(matches!(
        refused(deputy(), VersionId(999), MATHS, None).await,
        AppError::NotFound
    ));
    // a card of the version in force, and one of another load
    for card in [CardId(1), CardId(4)] {
        assert!(matches!(
            refused(deputy(), version, MATHS, Some(card)).await,
            AppError::NotFound
        ));
    }
    assert!(matches!(
        refused(deputy(), IN_FORCE, MATHS, None).await,
        AppError::Invalid { .. }
    ));
    for who in [mother(), staff(10, 2, "teacher"), staff(20, 1, "deputy")] {
        let error = refused(who, version, MATHS, None).await;
        assert!(
            matches!(error, AppError::Forbidden | AppError::NotFound),
            "{error:?}"
        );
    }
    sql(
        &pool,
        "update teaching_load set week_hours = 200 where school_id = 10 and id = 500",
    )
    .await;
    assert!(matches!(
        refused(deputy(), version, MATHS, None).await,
        AppError::Invalid { .. }
    ));
    assert_eq!(count(&pool, cards).await, before);
}
