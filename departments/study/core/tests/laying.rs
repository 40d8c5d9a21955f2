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
use study_core::timetable::moves::Laid;
use study_core::timetable::sql::lay_out_lessons;

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
