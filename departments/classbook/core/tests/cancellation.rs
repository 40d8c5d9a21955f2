//! Lessons that do not take place, against the database: who says so, and what the journal, the sums, the diary and the deadlines make of it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod school;

use classbook_core::cancellation::{Day, sql as cancellation};
use classbook_core::diary::{State, Weeks};
use school::*;

fn d(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

async fn day(store: &Store, actor: Actor, class: Option<i64>, day: NaiveDate) -> Result<Day, AppError> {
    let mut ctx = open(store, actor).await;
    let out = cancellation::day(&mut ctx, class.map(ClassId), Some(day)).await;
    ctx.close(out).await
}

async fn cancel(store: &Store, actor: Actor, lessons: &[i64], reason: &str) -> Result<(), AppError> {
    let lessons: Vec<LessonId> = lessons.iter().copied().map(LessonId).collect();
    let mut ctx = open(store, actor).await;
    let out = cancellation::cancel(&mut ctx, &lessons, reason).await;
    ctx.close(out).await
}

async fn restore(store: &Store, actor: Actor, lesson: i64) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let out = cancellation::restore(&mut ctx, LessonId(lesson)).await;
    ctx.close(out).await
}

async fn put(pool: &PgPool, sql: &'static str) {
    use sqlx::Executor as _;
    pool.execute(sql).await.unwrap();
}

/// State, reason and version of a lesson.
async fn stands(pool: &PgPool, lesson: i64) -> (String, Option<String>, i32) {
    let row = sqlx::query!(
        "select state, cancel_reason, version from lesson where school_id = 10 and id = $1",
        lesson
    )
    .fetch_one(pool)
    .await
    .unwrap();
    (row.state, row.cancel_reason, row.version)
}

/// The lessons that 1001 missed in the fourth week of November, by the class teacher's sheet: counted and all.
async fn missed(store: &Store) -> (i64, i64) {
    use classbook_core::attendance::sql::sheet;
    let mut ctx = open(store, teacher()).await;
    let out = sheet(&mut ctx, ClassId(100), Some(d(1))).await;
    let seen = ctx.close(out).await.unwrap();
    let line = seen.lines.iter().find(|l| l.pupil == PupilId(1001)).unwrap();
    (line.tally.missed, line.tally.lessons)
}

async fn in_diary(store: &Store, lesson: i64) -> (State, bool) {
    let mut ctx = open(store, mother()).await;
    let out =
        classbook_core::diary::sql::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), Some(d(18))).await;
    let week = ctx.close(out).await.unwrap();
    let lessons = week.days.into_iter().flat_map(|day| day.lessons);
    let found = lessons
        .into_iter()
        .find(|l| l.id == Some(LessonId(lesson)))
        .unwrap();
    (found.state, found.absence.is_some())
}

crate::db_test!(a_deputy_cancels_and_takes_it_back_and_everything_follows, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), attend(701, 1001, Some("н"), 0)).await;
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    assert_eq!(missed(&store).await, (2, 3));
    assert_eq!(in_diary(&store, 701).await, (State::Planned, true));

    cancel(&store, deputy(), &[701], "  Авария отопления ")
        .await
        .unwrap();
    assert_eq!(
        stands(&pool, 701).await,
        ("cancelled".into(), Some("Авария отопления".into()), 2)
    );
    // the absence stays where it was written and is not counted
    assert_eq!(missed(&store).await, (1, 2));
    assert_eq!(in_diary(&store, 701).await, (State::Cancelled, false));
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert_eq!(seen.cancelled, [(LessonId(701), "Авария отопления".to_owned())]);
    assert!(!seen.may_cancel && grid(&store, deputy(), None).await.unwrap().may_cancel);
    assert_eq!(seen.attendance.len(), 2);
    assert!(seen.lessons.iter().any(|l| l.id == LessonId(701) && l.cancelled));
    // nothing more is written into it
    for edit in [
        attend(701, 1002, Some("н"), 0),
        attend(701, 1001, None, 1),
        mark(701, 0, 1001, Some("5"), 0),
    ] {
        let outcome = save_one(&store, teacher(), edit).await;
        assert!(refusal(&outcome).contains("отмен"), "{outcome:?}");
    }
    // again, with another reason; then the same once more
    let before = counts(&pool).await.0;
    cancel(&store, deputy(), &[701], "Карантин").await.unwrap();
    cancel(&store, deputy(), &[701], "Карантин").await.unwrap();
    assert_eq!(
        (stands(&pool, 701).await.2, counts(&pool).await.0),
        (3, before + 1)
    );

    restore(&store, deputy(), 701).await.unwrap();
    restore(&store, deputy(), 701).await.unwrap();
    assert_eq!(stands(&pool, 701).await, ("planned".into(), None, 4));
    assert_eq!(counts(&pool).await.0, before + 2);
    assert_eq!(missed(&store).await, (2, 3));
    assert_eq!(in_diary(&store, 701).await, (State::Planned, true));
    // whoever reads histories reads who, when and why
    let mut ctx = open(&store, deputy()).await;
    let out = sql::history(
        &mut ctx,
        Place::Lesson {
            lesson: LessonId(701),
        },
    )
    .await;
    let past = ctx.close(out).await.unwrap();
    let told: Vec<_> = past
        .iter()
        .map(|p| (p.old.as_deref(), p.new.as_deref(), p.comment.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("урок отменён"), None, None),
            (None, Some("урок отменён"), Some("Карантин")),
            (None, Some("урок отменён"), Some("Авария отопления")),
        ]
    );
});

crate::db_test!(a_lesson_that_was_described_is_held_again, pool, {
    let store = store(&pool).await;
    put(
        &pool,
        "update lesson set topic = 'Дроби', state = 'held' where school_id = 10 and id in (701, 702)",
    )
    .await;
    cancel(&store, deputy(), &[702, 701, 702], "Мороз").await.unwrap();
    restore(&store, deputy(), 701).await.unwrap();
    restore(&store, deputy(), 702).await.unwrap();
    // the day of 702 is still to come
    assert_eq!(stands(&pool, 701).await.0, "held");
    assert_eq!(stands(&pool, 702).await.0, "planned");
});

crate::db_test!(all_of_them_or_none_and_only_what_did_not_take_place, pool, {
    let store = store(&pool).await;
    let counted = counts(&pool).await;
    for (lessons, reason) in [
        (vec![], "Мороз"),
        (vec![701], "  а "),
        (vec![701], ""),
        // the first quarter is closed
        (vec![701, 690], "Мороз"),
    ] {
        let refused = cancel(&store, deputy(), &lessons, reason).await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "{lessons:?} {reason:?}"
        );
    }
    let long = "м".repeat(201);
    assert!(cancel(&store, deputy(), &[701], &long).await.is_err());
    for lessons in [vec![701, 710], vec![701, 9999]] {
        assert_eq!(
            cancel(&store, deputy(), &lessons, "Мороз").await,
            Err(AppError::NotFound)
        );
    }
    assert_eq!(restore(&store, deputy(), 710).await, Err(AppError::NotFound));
    assert!(restore(&store, deputy(), 690).await.is_err());
    assert_eq!(counts(&pool).await, counted);
    assert_eq!(stands(&pool, 701).await, ("planned".into(), None, 1));
    // where a mark stands, the lesson took place; a mark that was taken back is none
    save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    let refused = cancel(&store, deputy(), &[701, 700], "Мороз").await.unwrap_err();
    assert!(refused.message(Lang::Ru).contains("отметки (1"), "{refused:?}");
    assert!(day(&store, deputy(), Some(100), d(16)).await.unwrap().lessons[0].has_marks);
    save_one(&store, teacher(), mark(700, 800, 1001, None, 1)).await;
    cancel(&store, deputy(), &[701, 700], "Мороз").await.unwrap();
});

crate::db_test!(only_who_closes_journals_cancels, pool, {
    let store = store(&pool).await;
    let counted = counts(&pool).await;
    for actor in [teacher(), stranger(), mother()] {
        assert!(day(&store, actor.clone(), Some(100), d(16)).await.is_err());
        assert!(cancel(&store, actor.clone(), &[701], "Мороз").await.is_err());
        assert!(restore(&store, actor, 701).await.is_err());
    }
    let elsewhere = staff(7, 20, 2100, "deputy");
    assert_eq!(
        cancel(&store, elsewhere.clone(), &[701], "Мороз").await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        day(&store, elsewhere, Some(100), d(16)).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(counts(&pool).await, counted);
});

crate::db_test!(a_day_of_a_class_says_what_falls_out, pool, {
    let store = store(&pool).await;
    cancel(&store, deputy(), &[700], "Мороз").await.unwrap();
    let seen = day(&store, deputy(), Some(100), d(16)).await.unwrap();
    assert_eq!(seen.class, Some(ClassId(100)));
    let line = &seen.lessons[0];
    assert_eq!(
        (
            line.lesson,
            line.cancelled,
            line.reason.as_deref(),
            line.has_marks
        ),
        (LessonId(700), true, Some("Мороз"), false)
    );
    assert_eq!(
        (line.subject.as_str(), line.audience.as_str()),
        ("Математика", "7А")
    );
    // without a class the first one; a day without lessons has none; another year has other classes
    assert!(day(&store, deputy(), None, d(16)).await.unwrap().class.is_some());
    assert!(
        day(&store, deputy(), Some(100), d(22))
            .await
            .unwrap()
            .lessons
            .is_empty()
    );
    let far = NaiveDate::from_ymd_opt(2031, 1, 1).unwrap();
    assert_eq!(
        day(&store, deputy(), Some(100), far).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(day(&store, deputy(), None, far).await.unwrap().class, None);
});
