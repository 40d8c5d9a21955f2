//! A guardian's word that they have seen a week, and what a teacher learns of who has seen a mark. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use classbook_core::acknowledgement::{ClassWeeks, sql as acknowledgement};
use classbook_core::diary::{Week, Weeks, sql as diary};
use school::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// At a moment of this day, «09:30».
fn at(clock: &str) -> DateTime<Utc> {
    format!("2026-11-18T{clock}:00Z").parse().unwrap()
}

async fn sign(store: &Store, who: Actor, monday: &str, clock: &str) -> Result<(), AppError> {
    let mut ctx = store.begin(who, at(clock), Lang::Ru).await.unwrap();
    let out = acknowledgement::sign(&mut ctx, PupilId(1001), day(monday), at(clock)).await;
    ctx.close(out).await
}

async fn week(store: &Store, who: Actor, monday: &str) -> Week {
    let mut ctx = open(store, who).await;
    let out = diary::week(
        &mut ctx,
        &Weeks::default(),
        Some(PupilId(1001)),
        Some(day(monday)),
    )
    .await;
    ctx.close(out).await.unwrap()
}

async fn class_weeks(store: &Store, who: Actor) -> Result<ClassWeeks, AppError> {
    let mut ctx = open(store, who).await;
    let out = acknowledgement::class_weeks(&mut ctx, ClassId(100)).await;
    ctx.close(out).await
}

async fn events(pool: &PgPool) -> i64 {
    sqlx::query_scalar!(r#"select count(*) as "n!" from audit_event where entity = 'week_acknowledgement'"#)
        .fetch_one(pool)
        .await
        .unwrap()
}

/// Gives a mark at a moment, for the work of Monday.
async fn give(store: &Store, code: &str, expected: i32, clock: &str) {
    let edit = mark(700, 800, 1001, Some(code), expected);
    let batch = Batch {
        person: teacher().person,
        school: teacher().school,
        edits: vec![edit],
    };
    let mut ctx = store.begin(teacher(), at(clock), Lang::Ru).await.unwrap();
    let out = sql::save_cells(&mut ctx, &batch).await;
    let answers = ctx.close(out).await.unwrap();
    assert!(matches!(answers[0].outcome, Outcome::Saved { .. }), "{answers:?}");
}

db_test!(a_week_is_acknowledged_once_and_a_changed_mark_says_so, pool, {
    let store = store(&pool).await;
    give(&store, "4", 0, "06:00").await;
    let before = week(&store, mother(), "2026-11-16").await;
    assert!(before.may_sign && before.signed.is_empty());
    sign(&store, mother(), "2026-11-16", "07:00").await.unwrap();
    sign(&store, mother(), "2026-11-16", "07:30").await.unwrap();
    let signed = week(&store, mother(), "2026-11-16").await.signed;
    assert_eq!(signed.len(), 1);
    assert_eq!(
        (signed[0].name.as_str(), signed[0].at, signed[0].changed),
        ("Абрамова М.", at("07:00"), false),
        "the first word stands"
    );
    assert_eq!(events(&pool).await, 1);
    // another week is another word
    assert!(week(&store, mother(), "2026-11-09").await.signed.is_empty());
    // the mark changes: the class teacher and the family read it
    give(&store, "3", 1, "08:00").await;
    assert!(week(&store, mother(), "2026-11-16").await.signed[0].changed);
    let seen = class_weeks(&store, teacher()).await.unwrap();
    assert_eq!(seen.weeks[..2], [day("2026-11-16"), day("2026-11-09")]);
    let of = &seen.pupils[0];
    assert_eq!((of.name.as_str(), of.signed.len()), ("Абрамов Артём", 1));
    assert!(of.signed[0].signed.changed && of.signed[0].monday == day("2026-11-16"));
    assert!(seen.pupils[1].signed.is_empty());
    // said anew
    sign(&store, mother(), "2026-11-16", "08:30").await.unwrap();
    let signed = week(&store, mother(), "2026-11-16").await.signed;
    assert_eq!((signed[0].at, signed[0].changed), (at("08:30"), false));
    assert_eq!(events(&pool).await, 2);
});

/// Notes an absence at a moment, on Monday.
async fn note(store: &Store, code: Option<&str>, expected: i32, clock: &str) {
    let batch = Batch {
        person: teacher().person,
        school: teacher().school,
        edits: vec![attend(700, 1001, code, expected)],
    };
    let mut ctx = store.begin(teacher(), at(clock), Lang::Ru).await.unwrap();
    let out = sql::save_cells(&mut ctx, &batch).await;
    let answers = ctx.close(out).await.unwrap();
    assert!(matches!(answers[0].outcome, Outcome::Saved { .. }), "{answers:?}");
}

db_test!(an_absence_after_the_word_says_so_and_it_is_said_anew, pool, {
    let store = store(&pool).await;
    let changed = async || {
        let family = week(&store, mother(), "2026-11-16").await.signed;
        let class = class_weeks(&store, teacher()).await.unwrap();
        assert_eq!(family[0].changed, class.pupils[0].signed[0].signed.changed);
        (family[0].at, family[0].changed)
    };
    sign(&store, mother(), "2026-11-16", "07:00").await.unwrap();
    assert_eq!(changed().await, (at("07:00"), false));
    note(&store, Some("н"), 0, "08:00").await;
    assert_eq!(changed().await, (at("07:00"), true));
    sign(&store, mother(), "2026-11-16", "08:30").await.unwrap();
    assert_eq!(changed().await, (at("08:30"), false));
    // taken back it is another change
    note(&store, None, 1, "09:00").await;
    assert_eq!(changed().await, (at("08:30"), true));
    sign(&store, mother(), "2026-11-16", "09:30").await.unwrap();
    assert_eq!(events(&pool).await, 3);
    // of a lesson that fell out nothing is shown
    note(&store, Some("н"), 2, "10:00").await;
    assert!(changed().await.1);
    sqlx::raw_sql("update lesson set state = 'cancelled' where id = 700")
        .execute(&pool)
        .await
        .unwrap();
    assert!(!changed().await.1);
});

db_test!(nobody_else_says_it_and_no_other_week, pool, {
    let store = store(&pool).await;
    let answer = |who: Actor| sign(&store, who, "2026-11-16", "07:00");
    assert_eq!(answer(pupil()).await, Err(AppError::Forbidden));
    assert_eq!(answer(teacher()).await, Err(AppError::Forbidden));
    assert_eq!(answer(stranger()).await, Err(AppError::NotFound));
    assert_eq!(answer(father()).await, Err(AppError::NotFound));
    for monday in ["2026-11-17", "2026-11-23", "2020-11-16", "2031-07-14"] {
        let said = sign(&store, mother(), monday, "07:00").await;
        assert!(
            matches!(said, Err(AppError::Invalid { .. })),
            "{monday}: {said:?}"
        );
    }
    assert_eq!(events(&pool).await, 0);
    // a pupil and the class teacher read it and say nothing
    sign(&store, mother(), "2026-11-16", "07:00").await.unwrap();
    for who in [pupil(), teacher()] {
        let seen = week(&store, who, "2026-11-16").await;
        assert!(!seen.may_sign);
        assert_eq!(seen.signed.len(), 1);
    }
    assert!(
        !week(&store, mother(), "2026-11-23").await.may_sign,
        "it has not begun"
    );
    assert_eq!(class_weeks(&store, stranger()).await, Err(AppError::NotFound));
    assert_eq!(class_weeks(&store, mother()).await, Err(AppError::NotFound));
    assert_eq!(class_weeks(&store, deputy()).await.unwrap().pupils.len(), 3);
    // and the database lets nobody sign for another
    let mut ctx = open(&store, father()).await;
    let forged = sqlx::raw_sql(
        "insert into week_acknowledgement (school_id, pupil_id, monday, person_id, at, shown_at)
         values (10, 1002, '2026-11-16', 31, now(), now())",
    )
    .execute(ctx.db())
    .await
    .unwrap_err();
    assert!(forged.to_string().contains("row-level security"), "{forged}");
});

db_test!(a_teacher_learns_who_has_seen_a_mark, pool, {
    let store = store(&pool).await;
    give(&store, "4", 0, "06:00").await;
    let looked = |who: Actor| {
        let store = store.clone();
        async move {
            let mut ctx = open(&store, who).await;
            let out = sql::looked(&mut ctx, AssignmentId(800), PupilId(1001)).await;
            ctx.close(out).await
        }
    };
    let look = |who: Actor, clock: &'static str| {
        let store = store.clone();
        async move {
            let mut ctx = store.begin(who, at(clock), Lang::Ru).await.unwrap();
            let out = diary::seen(&mut ctx, PupilId(1001), at(clock)).await;
            ctx.close(out).await.unwrap();
        }
    };
    assert_eq!(looked(teacher()).await.unwrap(), []);
    look(mother(), "05:00").await;
    let before = looked(teacher()).await.unwrap();
    assert_eq!(
        (before[0].name.as_str(), before[0].pupil, before[0].seen),
        ("Абрамова Мария", false, false)
    );
    look(pupil(), "06:10").await;
    look(mother(), "06:20").await;
    let after = looked(teacher()).await.unwrap();
    assert_eq!(
        after.iter().map(|l| (l.pupil, l.seen)).collect::<Vec<_>>(),
        [(false, true), (true, true)],
        "guardians first"
    );
    // the school's clock is three hours ahead; a look counts from a little before
    assert_eq!(after[0].at.to_string(), "2026-11-18 09:19:55");
    // the mark changes: what they saw was another one
    give(&store, "3", 1, "07:00").await;
    assert!(looked(teacher()).await.unwrap().iter().all(|l| !l.seen));
    // staff who look in leave no trace, and whose journal it is not is told nothing
    look(teacher(), "08:00").await;
    assert_eq!(looked(deputy()).await.unwrap().len(), 2);
    assert_eq!(looked(stranger()).await, Err(AppError::NotFound));
    assert_eq!(looked(mother()).await, Err(AppError::NotFound));
    // a mark that was taken back has been seen by nobody
    save_one(&store, teacher(), mark(700, 800, 1001, None, 2)).await;
    assert_eq!(looked(teacher()).await.unwrap(), []);
});
