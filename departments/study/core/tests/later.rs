//! What begins while a version is in force: told with its day, and judged when a version that begins then is published.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod school;

use base::{AppError, EmployeeId, VersionId};
use chrono::NaiveDate;
use school::{act, count, deputy, mother, store};
use sqlx::PgPool;
use study_core::requirement::sql::{save, save_hours};
use study_core::requirement::{Hours, Kind, Target, Term, Terms, Weight, Who};
use study_core::timetable::board::DraftSource;
use study_core::timetable::later::later;
use study_core::timetable::moves::LATER;
use study_core::timetable::sql::{board, create_draft, publish};
use timetable::{Level, Reason};

const IN_FORCE: VersionId = VersionId(600);
const MATHS: EmployeeId = EmployeeId(1200);

fn december(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 12, day).unwrap()
}

/// The teacher of maths, who has the first lesson on Monday, cannot come then in the first half of December.
async fn away_in_december(store: &base::sql::Store) {
    let mut hours = Hours::default();
    let term = Term {
        from: Some(december(1)),
        to: Some(december(14)),
    };
    hours.set(term, 0, 0, Some(Weight::Must));
    act(store, deputy(), async |ctx| {
        save_hours(ctx, Who::Teacher(MATHS), &Hours::default(), &hours).await
    })
    .await
    .unwrap();
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_ban_that_begins_in_december_is_told_in_november(pool: PgPool) {
    let store = store(&pool).await;
    let load = async || {
        act(&store, deputy(), async |ctx| board(ctx, IN_FORCE).await)
            .await
            .unwrap()
    };
    assert_eq!(load().await.later_days(), [], "nothing begins");
    away_in_december(&store).await;
    let row = Terms {
        valid_from: Some(december(21)),
        ..Terms::new(Kind::TeacherDays, Target::Teacher(MATHS), Some(1))
    };
    act(&store, deputy(), async |ctx| save(ctx, None, row.clone()).await)
        .await
        .unwrap();
    let data = load().await;
    assert_eq!(data.later_days(), [december(1), december(15), december(21)]);
    let judge = data.board().unwrap();
    let today = judge.conflicts();
    assert!(
        today.iter().all(|p| p.level < Level::Clash),
        "today nobody is away: {today:?}"
    );
    let found = later(&data, &judge).days;
    assert_eq!(
        found.iter().map(|l| l.day).collect::<Vec<_>>(),
        [december(1), december(21)]
    );
    assert!(matches!(
        found[0].problems[..],
        [timetable::Problem {
            level: Level::Clash,
            reason: Reason::TeacherAway { slot: 0, .. },
            ..
        }]
    ));
    assert!(
        found[1]
            .problems
            .iter()
            .all(|p| matches!(p.reason, Reason::TeacherLimit { .. }))
    );
    // a family that looks at the published timetable learns nothing of it
    let seen = act(&store, mother(), async |ctx| board(ctx, IN_FORCE).await)
        .await
        .unwrap();
    assert_eq!(seen.dated, study_core::timetable::later::Dated::default());
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_version_is_published_by_the_day_on_which_it_begins(pool: PgPool) {
    let store = store(&pool).await;
    away_in_december(&store).await;
    let draft = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(IN_FORCE), "С декабря")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    let refused = act(&store, deputy(), async |ctx| {
        publish(ctx, draft, december(7), true).await
    })
    .await;
    let Err(AppError::Invalid { fields }) = refused else {
        panic!("{refused:?}")
    };
    assert!(
        fields.iter().all(|f| f.field == "clash"),
        "what clashes on the first day is agreed to by nobody: {fields:?}"
    );
    assert!(
        fields.iter().any(|f| f.message.contains("не работает")),
        "{fields:?}"
    );
    let published = "select count(*) from timetable_version where state = 'published'";
    assert_eq!(count(&pool, published).await, 1, "nothing was half-written");
    // after the ban it may begin
    act(&store, deputy(), async |ctx| {
        publish(ctx, draft, december(15), false).await
    })
    .await
    .unwrap();
    assert_eq!(count(&pool, published).await, 2);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_clash_that_begins_later_is_published_only_by_who_knows_of_it(pool: PgPool) {
    let store = store(&pool).await;
    away_in_december(&store).await;
    let draft = async |title: &str| {
        act(&store, deputy(), async |ctx| {
            create_draft(ctx, DraftSource::Copy(IN_FORCE), title)
                .await
                .map(|made| made.version)
        })
        .await
        .unwrap()
    };
    let november = NaiveDate::from_ymd_opt(2026, 11, 24).unwrap();
    let publish_from = async |version, day, anyway| {
        act(&store, deputy(), async |ctx| {
            publish(ctx, version, day, anyway).await
        })
        .await
    };
    let first = draft("С ноября").await;
    let refused = publish_from(first, november, false).await;
    let Err(AppError::Invalid { fields }) = refused else {
        panic!("{refused:?}")
    };
    assert!(fields.iter().all(|f| f.field == LATER), "{fields:?}");
    assert!(
        fields
            .iter()
            .any(|f| f.message.contains("01.12.2026") && f.message.contains("не работает")),
        "the day and the reason: {fields:?}"
    );
    let published = "select count(*) from timetable_version where state = 'published'";
    assert_eq!(count(&pool, published).await, 1, "nothing was half-written");
    // another one takes over before the ban begins: then it is none of this one's concern
    let next = draft("С декабря").await;
    act(&store, deputy(), async |ctx| {
        publish(ctx, next, december(15), false).await
    })
    .await
    .unwrap();
    let known = r#"select coalesce(sum((new ->> 'later_clashes')::integer), 0) from audit_event where action = 'timetable.published'"#;
    assert_eq!(count(&pool, known).await, 0);
    // it ends the day before, but the ban is within its days
    assert!(publish_from(first, november, false).await.is_err());
    publish_from(first, november, true).await.unwrap();
    assert_eq!(count(&pool, published).await, 3);
    assert_eq!(count(&pool, known).await, 1, "who published knew of one");
    let ends = "select count(*) from timetable_version where title = 'С ноября' and valid_to = '2026-12-14'";
    assert_eq!(count(&pool, ends).await, 1);
}
