//! Lessons are laid out by the periods and days off of each class: one of a parallel may go by a system of its own.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "helpers of tests; statements that no application makes"
)]

mod school;

use chrono::NaiveDate;
use school::{act, deputy, store};
use sqlx::PgPool;
use study_core::timetable::sql::lay_out_lessons;

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_class_in_trimesters_learns_while_its_parallel_has_holidays(pool: PgPool) {
    let store = store(&pool).await;
    // 7Б: maths on Wednesdays, in trimesters, which have a day off of their own on 11 November
    sqlx::raw_sql(
        "insert into period_system (school_id, id, year_id, kind, title) values (10, 9, 5, 'trimester', 'Триместры');
         insert into period (school_id, system_id, number, starts_on, ends_on) values
            (10, 9, 1, '2026-09-01', '2026-11-12'), (10, 9, 2, '2026-11-19', '2027-02-21');
         update class set period_system_id = 9 where school_id = 10 and id = 101;
         insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 502, 5, 400, 1);
         insert into load_audience (school_id, load_id, class_id) values (10, 502, 101);
         insert into card (school_id, id, version_id, load_id, day, slot) values (10, 6, 600, 502, 2, 2);
         insert into holiday (school_id, year_id, title, starts_on, ends_on, system_id) values
            (10, 5, 'Между модулями', '2026-11-11', '2026-11-11', 9)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day).unwrap();
    act(&store, deputy(), async |ctx| {
        lay_out_lessons(ctx, day(10, 26), day(11, 29)).await
    })
    .await
    .unwrap();
    let of = async |load: i64| {
        sqlx::query_scalar!(
            "select held_on from lesson where school_id = 10 and load_id = $1 and extract(isodow from held_on) = 3
                and held_on between '2026-10-26' and '2026-11-29' order by held_on",
            load,
        )
        .fetch_all(&pool)
        .await
        .unwrap()
    };
    // the quarters' holidays are over on 2 November; between the trimesters, from the 13th to the 18th, nobody of them learns
    assert_eq!(of(502).await, [day(10, 28), day(11, 4), day(11, 25)]);
    assert_eq!(of(500).await, [day(11, 4), day(11, 11), day(11, 18), day(11, 25)]);

    // a system of another year, or of another school, is none
    for wrong in ["6", "999"] {
        let statement =
            format!("update class set period_system_id = {wrong} where school_id = 10 and id = 101");
        assert!(
            sqlx::raw_sql(sqlx::AssertSqlSafe(statement))
                .execute(&pool)
                .await
                .is_err()
        );
    }
}
