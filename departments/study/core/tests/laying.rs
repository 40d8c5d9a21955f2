//! Publishing while teachers write into the lessons that it lays out anew.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of tests; statements that no application makes"
)]

mod school;

use base::AppError;
use base::sql::Store;
use chrono::NaiveDate;
use school::{act, count, deputy, store};
use sqlx::PgPool;
use study_core::timetable::board::DraftSource;
use study_core::timetable::moves::Laid;
use study_core::timetable::moves::{Beside, Why};
use study_core::timetable::sql::{create_draft, lay_out_lessons, publish};

async fn lay(store: Store) -> Result<Laid, AppError> {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    act(&store, deputy(), async |ctx| {
        lay_out_lessons(ctx, day(11, 16), day(12, 6)).await
    })
    .await
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_lesson_into_which_a_teacher_is_writing_is_not_taken_away(pool: PgPool) {
    let store = store(&pool).await;
    // two lessons that no card has any more
    sqlx::query("insert into lesson (school_id, load_id, held_on, slot) values (10, 500, '2026-12-03', 2), (10, 500, '2026-12-03', 1)")
        .execute(&pool)
        .await
        .unwrap();
    // a topic into the one, homework into the other, both not committed yet
    let mut teacher = pool.begin().await.unwrap();
    for sql in [
        "update lesson set topic = 'Тема учителя', version = version + 1 where school_id = 10 and held_on = '2026-12-03' and slot = 2",
        "insert into homework (school_id, load_id, lesson_id, text)
         select 10, 500, id, '§ 7' from lesson where school_id = 10 and held_on = '2026-12-03' and slot = 1",
    ] {
        sqlx::query(sql).execute(&mut *teacher).await.unwrap();
    }
    let laying = tokio::spawn(lay(store));
    while count(
        &pool,
        "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    )
    .await
        == 0
    {
        tokio::task::yield_now().await;
    }
    teacher.commit().await.unwrap();
    let laid = laying.await.unwrap().unwrap();
    assert_eq!(laid.removed, 0, "{laid:?}");
    let kept = "select count(*) from lesson l left join homework h on h.school_id = l.school_id and h.lesson_id = l.id
                where l.held_on = '2026-12-03' and (l.topic = 'Тема учителя' or h.text = '§ 7')";
    assert_eq!(count(&pool, kept).await, 2);
}

/// Mathematics of 7А goes to other times; on one day somebody stands in, into another something is written, a third has both.
#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_stays_beside_a_new_timetable_is_told_to_who_publishes(pool: PgPool) {
    let store = store(&pool).await;
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    lay(store.clone()).await.unwrap();
    for sql in [
        // Monday and Wednesday of the next week; Friday keeps its time
        "update lesson set substitute_id = 1300 where school_id = 10 and load_id = 500 and held_on in ('2026-11-23', '2026-11-25', '2026-11-27')",
        "insert into homework (school_id, load_id, lesson_id, text)
         select 10, 500, id, '§ 7' from lesson where school_id = 10 and load_id = 500 and held_on in ('2026-11-25', '2026-11-30')",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    let version = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(base::VersionId(600)), "")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    for sql in [
        // Monday's first lesson is the third now, Wednesday's second the first
        "update card set slot = 2 where school_id = 10 and version_id <> 600 and load_id = 500 and day = 0",
        "update card set slot = 0 where school_id = 10 and version_id <> 600 and load_id = 500 and day = 2",
    ] {
        sqlx::query(sql).execute(&pool).await.unwrap();
    }
    let done = act(&store, deputy(), async |ctx| {
        publish(ctx, version, day(11, 23), false).await
    })
    .await
    .unwrap();
    let told: Vec<_> = done
        .beside
        .iter()
        .map(|b: &Beside| (b.date, b.was, b.number, b.why, b.also))
        .collect();
    assert_eq!(
        told,
        [
            // first what the class has twice
            (day(11, 25), None, 2, Why::Substitute, Some(1)),
            (day(11, 30), None, 1, Why::Written, Some(3)),
            (day(11, 23), Some(1), 3, Why::Substitute, None),
        ]
    );
    assert_eq!(done.beside_count, 3);
    let first = &done.beside[0];
    assert_eq!(
        (first.audience.as_str(), first.subject.as_str()),
        ("7А", "Математика")
    );
    let laid: Vec<(NaiveDate, i16, Option<i64>)> = sqlx::query_as(
        "select held_on, slot, substitute_id from lesson where load_id = 500 and held_on between '2026-11-23' and '2026-12-02' order by 1, 2",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(
        laid,
        [
            (day(11, 23), 2, Some(1300)),
            (day(11, 25), 0, None),
            (day(11, 25), 1, Some(1300)),
            (day(11, 27), 0, Some(1300)),
            (day(11, 30), 0, None),
            (day(11, 30), 2, None),
            (day(12, 2), 0, None),
        ]
    );
    // a lesson that was cancelled is no double
    sqlx::query("update lesson set state = 'cancelled', cancel_reason = 'Урок стоит и по расписанию' where load_id = 500 and held_on = '2026-11-30' and slot = 0")
        .execute(&pool)
        .await
        .unwrap();
    let next = act(&store, deputy(), async |ctx| {
        create_draft(ctx, DraftSource::Copy(version), "")
            .await
            .map(|made| made.version)
    })
    .await
    .unwrap();
    let again = act(&store, deputy(), async |ctx| {
        publish(ctx, next, day(11, 23), false).await
    })
    .await
    .unwrap();
    let left: Vec<_> = again.beside.iter().map(|b| b.date).collect();
    assert_eq!(left, [day(11, 25)]);
}
