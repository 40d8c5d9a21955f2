//! What was written after its term, against a real PostgreSQL, as `parta_app`. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use classbook_core::deadline::{Kind, Late, sql as deadlines};
use school::*;

async fn look(
    store: &Store,
    actor: Actor,
    period: Option<i64>,
    teacher: Option<i64>,
    kind: Option<Kind>,
) -> Result<Late, AppError> {
    let mut ctx = open(store, actor).await;
    let out = deadlines::late(&mut ctx, period.map(PeriodId), teacher.map(EmployeeId), kind).await;
    ctx.close(out).await
}

/// The teacher's own: lesson, what, due, written.
async fn told(store: &Store) -> Vec<(i64, Kind, String, String)> {
    let late = look(store, teacher(), None, None, None).await.unwrap();
    let line =
        |w: &classbook_core::deadline::Written| (w.lesson.0, w.kind, w.due.to_string(), w.at.to_string());
    late.lessons.iter().map(line).collect()
}

/// Writes at a moment, «11-16T06:00», by UTC; the school's clock is three hours ahead.
async fn write(store: &Store, actor: Actor, at: &str, edit: Edit) {
    let now = format!("2026-{at}:00Z").parse().unwrap();
    let batch = Batch {
        person: actor.person,
        school: actor.school,
        edits: vec![edit],
    };
    let mut ctx = store.begin(actor, now, Lang::Ru).await.unwrap();
    let out = sql::save_cells(&mut ctx, &batch).await;
    let answers = ctx.close(out).await.unwrap();
    assert!(matches!(answers[0].outcome, Outcome::Saved { .. }), "{answers:?}");
}

fn describe(lesson: i64, topic: Option<&str>, homework: Option<&str>, expected: i32) -> Edit {
    Edit {
        op_id: Uuid::new_v4(),
        change: Change::Lesson {
            lesson: LessonId(lesson),
            topic: topic.map(str::to_owned),
            homework: homework.map(|text| Homework {
                text: text.to_owned(),
                due_on: None,
                minutes: None,
                links: None,
            }),
            files_go: None,
        },
        expected,
    }
}

db_test!(what_comes_after_its_term_stays_known, pool, {
    let store = store(&pool).await;
    // of Monday: the topic on its day, the homework on Tuesday, the first mark on Wednesday
    write(
        &store,
        teacher(),
        "11-16T08:00",
        describe(700, Some("Дроби"), None, 1),
    )
    .await;
    write(
        &store,
        teacher(),
        "11-17T05:00",
        describe(700, Some("Дроби"), Some("№ 5"), 2),
    )
    .await;
    write(
        &store,
        teacher(),
        "11-18T05:00",
        mark(700, 800, 1001, Some("5"), 0),
    )
    .await;
    assert_eq!(
        told(&store).await,
        [
            (
                700,
                Kind::Homework,
                "2026-11-16".into(),
                "2026-11-17 08:00:00".into()
            ),
            (
                700,
                Kind::Marks,
                "2026-11-17".into(),
                "2026-11-18 08:00:00".into()
            ),
        ]
    );
    // a deputy sees the figure, and the lessons behind it
    let board = look(&store, deputy(), None, None, None).await.unwrap();
    assert_eq!(board.period, Some(PeriodId(2)));
    let figures: Vec<_> = board.figures.iter().map(|f| (f.teacher, f.counts)).collect();
    assert_eq!(figures, [(1200, [0, 1, 1])]);
    assert_eq!(board.figures[0].name, "Учителева А. И.");
    assert_eq!(board.lessons, [], "no figure is opened");
    let behind = look(&store, deputy(), None, Some(1200), Some(Kind::Marks))
        .await
        .unwrap();
    assert_eq!(behind.lessons.len(), 1);
    assert_eq!((behind.lessons[0].days(), behind.lessons[0].number), (1, 1));
    // another period has none; one of another school is none
    assert_eq!(
        look(&store, deputy(), Some(1), None, None).await.unwrap().figures,
        []
    );
    assert_eq!(
        look(&store, deputy(), Some(4), None, None).await,
        Err(AppError::NotFound)
    );
});

db_test!(a_correction_is_no_late_writing, pool, {
    let store = store(&pool).await;
    // all in time: Monday's evening, and the mark on Tuesday
    write(
        &store,
        teacher(),
        "11-16T17:00",
        describe(700, Some("Дроби"), Some("№ 5"), 1),
    )
    .await;
    write(
        &store,
        teacher(),
        "11-17T17:00",
        mark(700, 800, 1001, Some("5"), 0),
    )
    .await;
    write(&store, teacher(), "11-17T17:00", attend(700, 1002, Some("н"), 0)).await;
    assert_eq!(told(&store).await, []);
    // mended on Wednesday: topic, homework, mark and absence, and a second pupil's mark for the same work
    write(
        &store,
        teacher(),
        "11-18T05:00",
        describe(700, Some("Дроби, часть 1"), Some("№ 6"), 2),
    )
    .await;
    write(
        &store,
        teacher(),
        "11-18T05:00",
        mark(700, 800, 1001, Some("4"), 1),
    )
    .await;
    write(
        &store,
        teacher(),
        "11-18T05:00",
        mark(700, 800, 1003, Some("4"), 0),
    )
    .await;
    write(&store, teacher(), "11-18T05:00", attend(700, 1002, Some("б"), 1)).await;
    assert_eq!(told(&store).await, []);
    // an absence that nobody had written is late, a reason by a paper of the class teacher's hand is another's
    write(&store, deputy(), "11-18T06:00", attend(700, 1003, Some("б"), 0)).await;
    assert_eq!(told(&store).await, []);
    write(&store, teacher(), "11-18T06:00", attend(700, 1001, Some("н"), 0)).await;
    assert_eq!(
        told(&store).await,
        [(
            700,
            Kind::Marks,
            "2026-11-17".into(),
            "2026-11-18 09:00:00".into()
        )]
    );
    // corrected afterwards it is as late as it was
    write(&store, teacher(), "11-18T08:00", attend(700, 1001, Some("б"), 1)).await;
    assert_eq!(told(&store).await[0].3, "2026-11-18 09:00:00");
});

db_test!(terms_days_off_and_substitutions_count_as_on_the_board, pool, {
    let store = store(&pool).await;
    write(
        &store,
        teacher(),
        "11-17T05:00",
        describe(700, Some("Дроби"), None, 1),
    )
    .await;
    write(
        &store,
        teacher(),
        "11-18T05:00",
        mark(700, 800, 1001, Some("5"), 0),
    )
    .await;
    assert_eq!(told(&store).await.len(), 2);
    // Tuesday is declared off: the mark has until Wednesday, the topic of the day itself has not
    sqlx::raw_sql(
        "insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Карантин', '2026-11-17', '2026-11-17')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let left: Vec<_> = told(&store).await.into_iter().map(|w| w.1).collect();
    assert_eq!(left, [Kind::Topic]);
    // terms of the school's own
    sqlx::raw_sql(
        "insert into deadline_rule (school_id, valid_from, topic_days, homework_days, marks_days, reason_days, homework_each, act, revision, changed_by, changed_at)
         values (10, '2026-09-01', 1, 1, 1, 2, false, null, 1, 1, '2026-09-01 12:00Z')",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(told(&store).await, []);
    sqlx::raw_sql("delete from deadline_rule where school_id = 10")
        .execute(&pool)
        .await
        .unwrap();
    // who stood in wrote it
    sqlx::raw_sql("update lesson set substitute_id = 1300 where school_id = 10 and id = 700")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(told(&store).await, []);
    let board = look(&store, deputy(), None, None, None).await.unwrap();
    assert_eq!(
        board.figures.iter().map(|f| f.teacher).collect::<Vec<_>>(),
        [1300]
    );
    // a cancelled lesson owed nothing
    sqlx::raw_sql("update lesson set state = 'cancelled' where school_id = 10 and id = 700")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(
        look(&store, deputy(), None, None, None).await.unwrap().figures,
        []
    );
});

db_test!(others_are_for_who_sees_the_board, pool, {
    let store = store(&pool).await;
    write(
        &store,
        teacher(),
        "11-17T05:00",
        describe(700, Some("Дроби"), None, 1),
    )
    .await;
    let own = look(&store, teacher(), None, Some(1200), None).await.unwrap();
    assert_eq!((own.figures.len(), own.lessons.len()), (0, 1));
    assert_eq!(
        look(&store, teacher(), None, Some(1300), None).await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        look(&store, mother(), None, None, None).await,
        Err(AppError::NotFound)
    );
    let foreign = look(&store, stranger(), None, None, None).await.unwrap();
    assert_eq!(foreign.lessons, []);
});
