//! Notes of a future absence against a real database: who tells, who reads the reason, who writes down the paper.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use classbook_core::absence::sql as absence;
use classbook_core::absence::{AT_MOST, Ahead, Notes};
use school::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn tell(
    store: &Store,
    who: Actor,
    from: &str,
    to: &str,
    reason: &str,
) -> Result<AbsenceNoteId, AppError> {
    let mut ctx = open(store, who).await;
    let out = absence::tell(&mut ctx, PupilId(1001), day(from), day(to), reason).await;
    ctx.close(out).await
}

async fn notes(store: &Store, who: Actor) -> Result<Notes, AppError> {
    let mut ctx = open(store, who).await;
    let out = absence::notes(&mut ctx, PupilId(1001)).await;
    ctx.close(out).await
}

async fn ahead(store: &Store, who: Actor) -> Result<Vec<Ahead>, AppError> {
    let mut ctx = open(store, who).await;
    let out = absence::ahead(&mut ctx).await;
    ctx.close(out).await
}

async fn withdraw(store: &Store, who: Actor, id: AbsenceNoteId) -> Result<(), AppError> {
    let mut ctx = open(store, who).await;
    let out = absence::withdraw(&mut ctx, id).await;
    ctx.close(out).await
}

async fn document(store: &Store, who: Actor, id: AbsenceNoteId) -> Result<(), AppError> {
    let mut ctx = open(store, who).await;
    let out = absence::document(&mut ctx, id).await;
    ctx.close(out).await
}

crate::db_test!(
    a_guardian_tells_and_the_class_teacher_reads_and_gets_the_paper,
    pool,
    {
        let store = store(&pool).await;
        let id = tell(
            &store,
            mother(),
            "2026-11-19",
            "2026-11-24",
            "  Операция на глазу ",
        )
        .await
        .unwrap();
        // the class teacher, who also teaches maths here
        let read = notes(&store, teacher()).await.unwrap();
        assert_eq!(
            (read.name.as_str(), read.may_document, read.may_tell, read.family),
            ("Артём Абрамов", true, false, false)
        );
        let note = &read.notes[0];
        assert_eq!(
            (note.reason.as_str(), note.by.as_str(), note.document_on),
            ("Операция на глазу", "Абрамова М.", None)
        );
        document(&store, teacher(), id).await.unwrap();
        assert_eq!(
            notes(&store, mother()).await.unwrap().notes[0].document_on,
            Some(day("2026-11-18"))
        );
        withdraw(&store, mother(), id).await.unwrap();
        assert!(notes(&store, teacher()).await.unwrap().notes.is_empty());
        assert_eq!(withdraw(&store, mother(), id).await, Err(AppError::NotFound));
        let kept = sqlx::query!(
        r#"select string_agg(action, ' ' order by id) as "actions!", string_agg(coalesce(old::text, '') || coalesce(new::text, ''), '') as "all!"
           from audit_event where entity = 'absence_note'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
        assert_eq!(kept.actions, "absence.told absence.documented absence.withdrawn");
        assert!(!kept.all.contains("Операция"), "{}", kept.all);
    }
);

crate::db_test!(who_teaches_the_child_is_told_and_not_why, pool, {
    let store = store(&pool).await;
    tell(&store, mother(), "2026-11-18", "2026-11-18", "Болит горло")
        .await
        .unwrap();
    tell(&store, mother(), "2026-12-10", "2026-12-12", "Соревнования")
        .await
        .unwrap();
    // teaches English to the subgroup of this child
    let english = ahead(&store, stranger()).await.unwrap();
    assert_eq!(english.len(), 1, "what begins in three weeks is told later");
    assert_eq!(
        (
            english[0].name.as_str(),
            english[0].class.as_str(),
            &english[0].reason
        ),
        ("Абрамов Артём", "7А", &None)
    );
    for knows in [teacher(), deputy()] {
        assert_eq!(
            ahead(&store, knows).await.unwrap()[0].reason.as_deref(),
            Some("Болит горло")
        );
    }
    // teaches neither the child nor the class
    assert!(
        ahead(&store, staff(4, 10, 1400, "teacher"))
            .await
            .unwrap()
            .is_empty()
    );
    assert!(
        ahead(&store, staff(4, 20, 2100, "teacher"))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(ahead(&store, mother()).await, Err(AppError::NotFound));
});

crate::db_test!(the_grid_says_that_a_family_has_told_and_not_why, pool, {
    let store = store(&pool).await;
    let grid = async |load: i64| {
        let mut ctx = open(&store, teacher()).await;
        let out = classbook_core::journal::sql::grid(&mut ctx, LoadId(load), None).await;
        ctx.close(out).await.unwrap()
    };
    let id = tell(&store, mother(), "2026-11-18", "2026-11-20", "Болит горло")
        .await
        .unwrap();
    // in every journal of the child: teachers of a subject write the absence, and lead no class
    for load in [500, 501] {
        let grid = grid(load).await;
        let hint = grid.hint(PupilId(1001), day("2026-11-19")).unwrap();
        assert_eq!((hint.told, hint.to), (true, day("2026-11-20")));
        assert_eq!(grid.hint(PupilId(1001), day("2026-11-21")), None);
        assert!(!serde_json::to_string(&grid).unwrap().contains("горло"));
    }
    // what the school has decided is said before what it was told
    sqlx::raw_sql(
        "insert into absence_reason (school_id, pupil_id, code, document_kind, starts_on, ends_on, made_by, made_at)
         values (10, 1001, 'б', 'none', '2026-11-19', '2026-11-19', 2, now())",
    )
    .execute(&pool)
    .await
    .unwrap();
    let both = grid(500).await;
    let said = |on: &str| {
        both.hint(PupilId(1001), day(on))
            .map(|h| (h.told, h.code.clone()))
    };
    assert_eq!(said("2026-11-19"), Some((false, "б".to_owned())));
    assert!(said("2026-11-18").unwrap().0);
    // taken back
    withdraw(&store, mother(), id).await.unwrap();
    assert_eq!(grid(500).await.hint(PupilId(1001), day("2026-11-18")), None);
});

crate::db_test!(nobody_else_tells_reads_or_takes_back, pool, {
    let store = store(&pool).await;
    let id = tell(
        &store,
        mother(),
        "2026-11-19",
        "2026-11-19",
        "Семейные обстоятельства",
    )
    .await
    .unwrap();
    // a pupil reads, and excuses nobody
    assert_eq!(notes(&store, pupil()).await.unwrap().notes.len(), 1);
    assert_eq!(
        tell(&store, pupil(), "2026-11-19", "2026-11-19", "Проспал").await,
        Err(AppError::Forbidden)
    );
    assert_eq!(withdraw(&store, pupil(), id).await, Err(AppError::Forbidden));
    assert_eq!(document(&store, pupil(), id).await, Err(AppError::Forbidden));
    assert_eq!(document(&store, mother(), id).await, Err(AppError::Forbidden));
    for staff in [teacher(), deputy()] {
        assert_eq!(
            tell(&store, staff.clone(), "2026-11-19", "2026-11-19", "x").await,
            Err(AppError::Forbidden)
        );
        assert_eq!(withdraw(&store, staff, id).await, Err(AppError::Forbidden));
    }
    for other in [father(), stranger(), staff(4, 20, 2100, "teacher")] {
        assert_eq!(notes(&store, other.clone()).await, Err(AppError::NotFound));
        assert_eq!(
            tell(&store, other.clone(), "2026-11-19", "2026-11-19", "x").await,
            Err(AppError::NotFound)
        );
        assert_eq!(withdraw(&store, other.clone(), id).await, Err(AppError::NotFound));
        assert_eq!(document(&store, other, id).await, Err(AppError::NotFound));
    }
});

crate::db_test!(a_note_lies_ahead_says_why_and_there_are_not_too_many, pool, {
    let store = store(&pool).await;
    let long = "ж".repeat(501);
    for (from, to, reason) in [
        ("2026-11-17", "2026-11-20", "x"),
        ("2026-11-20", "2026-11-19", "x"),
        ("2026-11-20", "2027-01-20", "x"),
        ("2027-06-20", "2027-06-20", "x"),
        ("2026-11-20", "2026-11-20", " \n"),
        ("2026-11-20", "2026-11-20", &long),
        ("2026-11-20", "2026-11-20", "а\0б"),
    ] {
        let refused = tell(&store, mother(), from, to, reason).await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "{from} {to}: {refused:?}"
        );
    }
    for _ in 0..AT_MOST {
        tell(&store, mother(), "2026-11-20", "2026-11-20", "x")
            .await
            .unwrap();
    }
    assert!(matches!(
        tell(&store, mother(), "2026-11-20", "2026-11-20", "x").await,
        Err(AppError::Invalid { .. })
    ));
});

crate::db_test!(a_note_for_days_without_lessons_says_so, pool, {
    let store = store(&pool).await;
    // 7А learns on Monday, Wednesday and Friday
    for (from, to, free) in [
        ("2026-11-21", "2026-11-22", true),
        ("2026-11-20", "2026-11-22", false),
        ("2026-11-22", "2026-11-23", false),
        ("2026-12-06", "2026-12-06", true),
        ("2026-11-22", "2026-11-29", false),
    ] {
        let id = tell(&store, mother(), from, to, "x").await.unwrap();
        let read = notes(&store, mother()).await.unwrap();
        let note = read.notes.iter().find(|n| n.id == id).unwrap();
        assert_eq!(note.free, free, "{from} {to}");
    }
});
