//! Planned works and the journal's columns: offered on their lesson, compared with what came of them, not told as ahead where the lesson is
//! gone. Against a real database. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod school;

use classbook_core::assessment::{Fact, sql as assessments};
use classbook_core::diary::Weeks;
use classbook_core::journal::planned::Source;
use school::*;

async fn plan(pool: &PgPool, date: &str, state: &str) -> i64 {
    sqlx::query_scalar!(
        "insert into assessment (school_id, load_id, held_on, slot, work_type_id, title, minutes, whole_class, state, planned_by, planned_at)
         values (10, 500, $1::text::date, 0, 2, 'Дроби', 45, true, $2, 2, '2026-09-01') returning id",
        date,
        state,
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

/// What became of the works of grade 7, by day.
async fn facts(store: &Store) -> Vec<Option<Fact>> {
    let mut ctx = open(store, deputy()).await;
    let out = assessments::schedule(&mut ctx, Some(7)).await;
    let all = ctx.close(out).await.unwrap();
    all.works.into_iter().map(|w| w.fact).collect()
}

async fn ahead(store: &Store) -> Vec<NaiveDate> {
    let mut ctx = open(store, mother()).await;
    let out = classbook_core::diary::sql::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), None).await;
    let week = ctx.close(out).await.unwrap();
    week.assessments.into_iter().map(|a| a.date).collect()
}

async fn take(store: &Store, actor: Actor, edit: AssignmentEdit, op: Uuid) -> Result<AssignmentId, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::save_work(&mut ctx, op, edit).await;
    ctx.close(out).await
}

async fn run(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

db_test!(an_approved_work_is_offered_and_becomes_a_column_once, pool, {
    let store = store(&pool).await;
    // on Monday, today, and one that nobody has approved
    plan(&pool, "2026-11-16", "approved").await;
    plan(&pool, "2026-11-18", "approved").await;
    plan(&pool, "2026-11-20", "planned").await;
    let seen = grid(&store, teacher(), None).await.unwrap();
    let works = seen.planned_works();
    let offered: Vec<_> = works
        .iter()
        .map(|w| (w.lesson.0, w.source, w.is_due(seen.today)))
        .collect();
    assert_eq!(
        offered,
        [(700, Source::Schedule, true), (701, Source::Schedule, true)]
    );
    assert_eq!(
        facts(&store).await,
        [Some(Fact::Missing), Some(Fact::Ahead), Some(Fact::Ahead)]
    );

    // one press, and a second one of the same act
    let (column, op) = (works[1].column(), Uuid::new_v4());
    let made = take(&store, teacher(), column.clone(), op).await.unwrap();
    assert_eq!(take(&store, teacher(), column.clone(), op).await, Ok(made));
    assert_eq!(
        take(&store, stranger(), column, Uuid::new_v4()).await,
        Err(AppError::NotFound)
    );
    let seen = grid(&store, teacher(), None).await.unwrap();
    let own = seen.assignments.iter().find(|a| a.id == made).unwrap();
    assert_eq!(
        (own.lesson, own.work_type, own.title.as_deref(), own.weight),
        (LessonId(701), WorkTypeId(2), Some("Дроби"), Hundredths::whole(3))
    );
    let left: Vec<i64> = seen.planned_works().iter().map(|w| w.lesson.0).collect();
    assert_eq!(left, [700]);
    assert_eq!(
        facts(&store).await,
        [Some(Fact::Missing), Some(Fact::Column), Some(Fact::Ahead)]
    );
});

db_test!(a_work_without_its_lesson_is_said_and_is_not_ahead, pool, {
    let store = store(&pool).await;
    // Friday lies in the journal; the next Wednesday in the timetable alone; the next Thursday has no lesson at all
    plan(&pool, "2026-11-20", "approved").await;
    plan(&pool, "2026-11-25", "planned").await;
    plan(&pool, "2026-11-26", "approved").await;
    let day = |d: &str| d.parse::<NaiveDate>().unwrap();
    assert_eq!(
        facts(&store).await,
        [Some(Fact::Ahead), Some(Fact::Ahead), Some(Fact::NoLesson)]
    );
    assert_eq!(ahead(&store).await, [day("2026-11-20"), day("2026-11-25")]);

    run(
        &pool,
        "update lesson set state = 'cancelled' where school_id = 10 and id = 702",
    )
    .await;
    assert_eq!(facts(&store).await[0], Some(Fact::Off));
    assert_eq!(ahead(&store).await, [day("2026-11-25")]);
    assert_eq!(grid(&store, teacher(), None).await.unwrap().scheduled, []);
    // the teacher is told, too, once
    let mut ctx = open(&store, teacher()).await;
    let out = assessments::desk(&mut ctx, MATHS).await;
    let desk = ctx.close(out).await.unwrap();
    assert_eq!(desk.works[0].fact, Some(Fact::Off));
    assert!(
        !desk.works[0]
            .remarks
            .contains(&classbook_core::assessment::Remark::NoLesson)
    );

    // a day off, and a timetable without the card
    run(&pool, "update lesson set state = 'planned' where school_id = 10 and id = 702;
        insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Карантин', '2026-11-20', '2026-11-21')").await;
    assert_eq!(facts(&store).await[0], Some(Fact::Off));
    run(
        &pool,
        "delete from holiday where school_id = 10; update card set day = 3 where school_id = 10 and id = 2",
    )
    .await;
    assert_eq!(
        facts(&store).await,
        [Some(Fact::Ahead), Some(Fact::NoLesson), Some(Fact::Ahead)]
    );
    assert_eq!(ahead(&store).await, [day("2026-11-20"), day("2026-11-26")]);
});

db_test!(
    the_kind_of_work_of_the_plan_is_offered_on_the_last_lesson_of_its_row,
    pool,
    {
        let store = store(&pool).await;
        run(&pool, "insert into lesson_plan (school_id, load_id, revision, last_row, changed_by, changed_at) values (10, 500, 1, 2, 2, '2026-09-01');
        insert into lesson_plan_row (school_id, load_id, number, position, topic, hours, work_type_id) values
            (10, 500, 1, 1, 'Дроби', 2, null), (10, 500, 2, 2, 'Проверим себя', 2, 2)").await;
        let seen = grid(&store, teacher(), None).await.unwrap();
        // the lessons of the year: 19 October, 16, 18, 20 November
        let works: Vec<_> = seen
            .planned_works()
            .into_iter()
            .map(|w| (w.lesson.0, w.source, w.title))
            .collect();
        assert_eq!(works, [(702, Source::Plan, "Проверим себя".to_owned())]);
    }
);
