//! What a journal refuses, and what two people do at once: nothing is lost, nothing refused leaves a trace.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use school::*;

async fn begin_save(store: &Store, edit: Edit) -> (Ctx, Result<Vec<Answer>, base::sql::Failure>) {
    let actor = teacher();
    let batch = Batch {
        person: actor.person,
        school: actor.school,
        edits: vec![edit],
    };
    let mut ctx = open(store, actor).await;
    let out = sql::save_cells(&mut ctx, &batch).await;
    (ctx, out)
}

async fn remove(store: Store, actor: Actor, id: i64) -> Result<(), AppError> {
    let mut ctx = open(&store, actor).await;
    let out = sql::remove_work(&mut ctx, AssignmentId(id)).await;
    ctx.close(out).await.map(drop)
}

/// Waits until somebody in this database waits for a lock.
async fn somebody_waits(pool: &PgPool) {
    loop {
        let waiting = sqlx::query_scalar!(
            r#"select count(*) as "n!" from pg_stat_activity
               where datname = current_database() and wait_event_type = 'Lock'"#
        )
        .fetch_one(pool)
        .await
        .unwrap();
        if waiting > 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn code_of(pool: &PgPool, assignment: i64, pupil: i64) -> Option<String> {
    sqlx::query_scalar!(
        "select code from mark where assignment_id = $1 and pupil_id = $2",
        assignment,
        pupil
    )
    .fetch_optional(pool)
    .await
    .unwrap()
    .flatten()
}

db_test!(a_work_is_not_removed_under_a_mark_that_is_being_saved, pool, {
    let store = store(&pool).await;
    // a cleared mark: its row is there, so the removal has something to sweep
    save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 0)).await;
    save_one(&store, teacher(), mark(700, 800, 1001, None, 1)).await;
    let (ctx, saved) = begin_save(&store, mark(700, 800, 1001, Some("5"), 2)).await;
    let removal = tokio::spawn(remove(store.clone(), deputy(), 800));
    somebody_waits(&pool).await;
    let answers = ctx.close(saved).await.unwrap();
    assert_eq!(answers[0].outcome, Outcome::Saved { version: 3 });
    match removal.await.unwrap() {
        Err(AppError::Invalid { fields }) => {
            assert!(fields[0].message.contains("есть отметки"), "{fields:?}")
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(code_of(&pool, 800, 1001).await.as_deref(), Some("5"));
});

db_test!(a_mark_for_a_work_that_is_being_removed_is_told_so, pool, {
    let store = store(&pool).await;
    let mut ctx = open(&store, deputy()).await;
    let removed = sql::remove_work(&mut ctx, AssignmentId(800)).await;
    let saver = store.clone();
    let saving =
        tokio::spawn(async move { save_one(&saver, teacher(), mark(700, 800, 1001, Some("5"), 0)).await });
    somebody_waits(&pool).await;
    ctx.close(removed).await.unwrap();
    let outcome = saving.await.unwrap();
    assert!(refusal(&outcome).contains("удалили"), "{outcome:?}");
    // and so is one that comes later, in a batch as well; to whoever may not know, the work never was
    let late = mark(700, 800, 1002, Some("4"), 0);
    let answers = save(
        &store,
        teacher(),
        vec![late.clone(), mark(701, 0, 1001, Some("4"), 0)],
    )
    .await
    .unwrap();
    assert!(refusal(&answers[0].outcome).contains("удалили"), "{answers:?}");
    assert_eq!(answers[1].outcome, Outcome::Saved { version: 1 });
    assert_eq!(
        save(&store, stranger(), vec![late]).await,
        Err(AppError::NotFound)
    );
});

db_test!(a_refused_first_mark_leaves_no_event, pool, {
    let store = store(&pool).await;
    sqlx::query!(
        "insert into lesson (school_id, id, load_id, held_on, slot) values (10, 691, 500, '2026-10-20', 1)"
    )
    .execute(&pool)
    .await
    .unwrap();
    let works = async || {
        sqlx::query_scalar!(r#"select count(*) as "n!" from assignment where lesson_id in (691, 701)"#)
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    let locked = save_one(&store, teacher(), mark(691, 0, 1001, Some("5"), 0)).await;
    assert!(refusal(&locked).contains("Период закрыт"), "{locked:?}");
    for (pupil, code) in [(1001, "7"), (1004, "5")] {
        refusal(&save_one(&store, teacher(), mark(701, 0, pupil, Some(code), 0)).await);
    }
    assert_eq!(counts(&pool).await, (0, 0));
    assert_eq!(works().await, 0);
    // between others of a batch the same, and they are kept
    let answers = save(
        &store,
        teacher(),
        vec![
            mark(700, 800, 1001, Some("5"), 0),
            mark(691, 0, 1001, Some("5"), 0),
            mark(701, 0, 1002, Some("7"), 0),
            attend(700, 1002, Some("н"), 0),
        ],
    )
    .await
    .unwrap();
    let kept: Vec<_> = answers
        .iter()
        .map(|a| matches!(a.outcome, Outcome::Saved { .. }))
        .collect();
    assert_eq!(kept, [true, false, false, true], "{answers:?}");
    assert_eq!(
        counts(&pool).await.0,
        2,
        "one event for each of the two that were saved"
    );
    assert_eq!(works().await, 0);
});

fn describe(lesson: i64, topic: Option<&str>, homework: Option<&str>, expected: i32) -> Edit {
    Edit {
        op_id: Uuid::new_v4(),
        change: Change::Lesson {
            files_go: None,
            lesson: LessonId(lesson),
            topic: topic.map(str::to_owned),
            homework: homework.map(|text| Homework {
                text: text.to_owned(),
                due_on: None,
                minutes: None,
                links: None,
            }),
        },
        expected,
    }
}

db_test!(a_cancelled_lesson_takes_no_topic_and_no_homework, pool, {
    let store = store(&pool).await;
    sqlx::query!("update lesson set state = 'cancelled' where school_id = 10 and id = 701")
        .execute(&pool)
        .await
        .unwrap();
    for (topic, homework) in [(Some("Дроби"), None), (None, Some("№ 5"))] {
        let outcome = save_one(&store, teacher(), describe(701, topic, homework, 1)).await;
        assert!(refusal(&outcome).starts_with("Урок отменён"), "{outcome:?}");
    }
    assert_eq!(counts(&pool).await.0, 0);
    let seen = grid(&store, teacher(), None).await.unwrap();
    let lesson = seen.lessons.iter().find(|l| l.id == LessonId(701)).unwrap();
    assert_eq!(
        (lesson.topic.as_deref(), &lesson.homework, lesson.version),
        (None, &None, 1)
    );
});

db_test!(before_its_day_a_lesson_is_planned_not_marked, pool, {
    let store = store(&pool).await;
    // it is the 18th; lesson 702 is on the 20th
    sqlx::query!(
        "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values (10, 802, 702, 2, 1, 3)"
    )
    .execute(&pool)
    .await
    .unwrap();
    let mut comment = mark(702, 802, 1001, None, 0);
    if let Change::Mark { comment: c, .. } = &mut comment.change {
        *c = Some("Молодец".to_owned());
    }
    for edit in [
        mark(702, 802, 1001, Some("5"), 0),
        mark(702, 0, 1001, Some("5"), 0),
        attend(702, 1001, Some("н"), 0),
        comment,
    ] {
        let outcome = save_one(&store, teacher(), edit).await;
        assert!(refusal(&outcome).contains("ещё не прошёл"), "{outcome:?}");
    }
    assert_eq!(counts(&pool).await, (0, 0));
    // planning stays open
    assert_eq!(
        save_one(&store, teacher(), describe(702, Some("Корни"), Some("№ 7"), 1)).await,
        Outcome::Saved { version: 2 }
    );
    let work = AssignmentEdit {
        id: None,
        lesson: LessonId(702),
        work_type: WorkTypeId(2),
        title: Some("Срез".into()),
        weight: Hundredths(300),
        expected: 0,
        scale: None,
        reason: None,
    };
    let mut ctx = open(&store, teacher()).await;
    let added = sql::save_work(&mut ctx, Uuid::new_v4(), work).await;
    assert!(ctx.close(added).await.is_ok());
    // what an older version let in may be taken away
    sqlx::query!(
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
         values (10, 802, 1002, 1, '5', 2, '2026-11-17 12:00Z')"
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(
        save_one(&store, teacher(), mark(702, 802, 1002, None, 1)).await,
        Outcome::Saved { version: 2 }
    );
});

db_test!(the_day_of_a_lesson_begins_by_the_schools_clock, pool, {
    let store = store(&pool).await;
    let at = async |moment: &str| {
        let now = DateTime::parse_from_rfc3339(moment).unwrap().to_utc();
        let actor = teacher();
        let batch = Batch {
            person: actor.person,
            school: actor.school,
            edits: vec![attend(702, 1001, Some("н"), 0)],
        };
        let mut ctx = store.begin(actor, now, Lang::Ru).await.unwrap();
        let out = sql::save_cells(&mut ctx, &batch).await;
        ctx.close(out).await.unwrap().remove(0).outcome
    };
    // a minute before and after midnight of the 20th in Moscow; in Greenwich both are the 19th
    refusal(&at("2026-11-19T20:59:00Z").await);
    assert_eq!(at("2026-11-19T21:01:00Z").await, Outcome::Saved { version: 1 });
});
