//! What a period lacks before it is closed, and up to which day it has lessons. Against a real database. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod school;

use classbook_core::diary::sql::subjects;
use classbook_core::grading::periods::Unmarked;
use classbook_core::grading::sql::unmarked;
use school::*;

const RUNNING: PeriodId = PeriodId(2);

async fn told(store: &Store, who: Actor, period: PeriodId) -> Result<Vec<Unmarked>, AppError> {
    let mut ctx = open(store, who).await;
    let out = unmarked(&mut ctx, period).await;
    ctx.close(out).await
}

/// Missing and too few, of the only journal that has lessons in the period.
async fn lacks(store: &Store) -> Option<(i64, i64)> {
    let found = told(store, deputy(), RUNNING).await.unwrap();
    assert!(found.iter().all(|j| j.load == MATHS), "{found:?}");
    found.first().map(|j| (j.missing, j.few))
}

async fn run(pool: &PgPool, sql: &'static str) {
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

db_test!(what_a_period_lacks_is_told_by_journal, pool, {
    let store = store(&pool).await;
    let first = told(&store, deputy(), RUNNING).await.unwrap();
    let [journal] = first.as_slice() else {
        panic!("a journal without lessons in the period owes nothing: {first:?}");
    };
    assert_eq!(
        (journal.subject.as_str(), journal.audience.as_str(), journal.missing, journal.few),
        ("Математика", "7А", 3, 3)
    );
    assert!(!journal.teacher.is_empty());
    assert_eq!(Unmarked::all(&first), (3, 3));

    // three marks are asked for; one without a value and one of a work without weight are none of them
    run(
        &pool,
        "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values
            (10, 801, 700, 1, 1, 1), (10, 802, 701, 1, 1, 1), (10, 803, 701, 1, 1, 0), (10, 804, 701, 1, 1, 1);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
         select 10, w, 1001, 1, c, 2, '2026-11-18 08:00Z'
         from (values (800, '5'), (801, '4'), (803, '4'), (804, 'зч')) m (w, c)",
    )
    .await;
    assert_eq!(lacks(&store).await, Some((3, 3)));
    // a mark of the period before is none of this one
    run(
        &pool,
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
            (10, 790, 1001, 1, '5', 2, '2026-10-19 08:00Z')",
    )
    .await;
    assert_eq!(lacks(&store).await, Some((3, 3)));
    run(
        &pool,
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
            (10, 802, 1001, 1, '3', 2, '2026-11-18 08:00Z')",
    )
    .await;
    assert_eq!(lacks(&store).await, Some((3, 2)));

    // given by enough marks; not attested, which is an answer; and given by too few
    run(
        &pool,
        "insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at) values
            (10, 1, 5, 400, 1001, 'period', 2, 500, 1, '4', 2, '2026-11-18 08:00Z'),
            (10, 2, 5, 400, 1002, 'period', 2, 500, 1, 'н/а', 2, '2026-11-18 08:00Z'),
            (10, 3, 5, 400, 1003, 'period', 2, 500, 1, '3', 2, '2026-11-18 08:00Z')",
    )
    .await;
    assert_eq!(lacks(&store).await, Some((0, 1)));
    run(
        &pool,
        "update period_mark set code = null where school_id = 10 and id = 3",
    )
    .await;
    assert_eq!(lacks(&store).await, Some((1, 1)));
    // who is exempt at the end of the period lacks nothing; who is, and comes all the same, does
    run(
        &pool,
        "insert into exemption (school_id, id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, made_by, made_at) values
            (10, 1, 1003, 400, '2026-12-01', '2026-12-31', true, 'certificate', 1, '2026-11-18 08:00Z')",
    )
    .await;
    assert_eq!(lacks(&store).await, Some((1, 1)));
    run(&pool, "update exemption set attends = false where school_id = 10").await;
    assert_eq!(lacks(&store).await, None);

    for (who, no) in [(teacher(), AppError::Forbidden), (mother(), AppError::NotFound)] {
        assert_eq!(told(&store, who, RUNNING).await, Err(no));
    }
    assert_eq!(
        told(&store, deputy(), PeriodId(4)).await,
        Err(AppError::NotFound)
    );
});

db_test!(who_has_left_and_who_is_in_another_group_is_not_waited_for, pool, {
    let store = store(&pool).await;
    run(
        &pool,
        "update enrolment set ends_on = '2026-11-17' where school_id = 10 and pupil_id = 1003;
         insert into lesson (school_id, id, load_id, held_on, slot) values (10, 720, 501, '2026-11-16', 1)",
    )
    .await;
    let found = told(&store, deputy(), RUNNING).await.unwrap();
    let mut pupils: Vec<_> = found.iter().map(|j| (j.load.0, j.missing)).collect();
    pupils.sort_unstable();
    assert_eq!(pupils, [(500, 2), (501, 1)]);
});

/// The last day that has lessons, as the journal and the mother's page of subjects tell it.
async fn until(store: &Store, period: i64) -> [Option<String>; 2] {
    let page = grid(store, deputy(), Some(period)).await.unwrap();
    let mut ctx = open(store, mother()).await;
    let out = subjects(&mut ctx, Some(PupilId(1001)), Some(PeriodId(period))).await;
    let diary = ctx.close(out).await.unwrap();
    [page.laid_until, diary.laid_until].map(|day| day.map(|d| d.to_string()))
}

db_test!(a_period_says_up_to_which_day_it_has_lessons, pool, {
    let store = store(&pool).await;
    let (friday, none) = (Some("2026-11-20".to_owned()), [None, None]);
    assert_eq!(until(&store, 2).await, [friday.clone(), friday]);
    assert_eq!(until(&store, 1).await, none, "what is over needs no word");
    // the rest is holidays, of the whole school or of the system that the class goes by
    for of in ["null", "5"] {
        let holiday = format!(
            "insert into holiday (school_id, id, year_id, title, starts_on, ends_on, system_id) values
                (10, 90, 5, 'Каникулы', '2026-11-21', '2026-12-27', {of})"
        );
        sqlx::raw_sql(sqlx::AssertSqlSafe(holiday))
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(until(&store, 2).await, none, "{of}");
        run(&pool, "delete from holiday where school_id = 10 and id = 90").await;
    }
    // and after the last Friday of the period nobody comes
    run(
        &pool,
        "insert into lesson (school_id, id, load_id, held_on, slot) values (10, 721, 501, '2026-12-25', 1)",
    )
    .await;
    assert_eq!(until(&store, 2).await, none);
});
