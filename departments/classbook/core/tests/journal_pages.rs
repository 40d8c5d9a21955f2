//! The journal against a real PostgreSQL, as `parta_app`, with row-level security in force.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use classbook_core::grading::Stage;
use classbook_core::grading::sql::behind;
use school::*;

db_test!(history_tells_who_when_and_what, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    save_one(&store, deputy(), mark(700, 800, 1001, Some("4"), 1)).await;
    let place = Place::Mark {
        lesson: LessonId(700),
        assignment: Some(AssignmentId(800)),
        pupil: PupilId(1001),
    };
    let ask = async |actor: Actor, place| {
        let mut ctx = open(&store, actor).await;
        let out = sql::history(&mut ctx, place).await;
        ctx.close(out).await
    };
    let past = ask(teacher(), place).await.unwrap();
    assert_eq!(past.len(), 2);
    assert_eq!(
        (
            past[0].by.as_str(),
            past[0].old.as_deref(),
            past[0].new.as_deref()
        ),
        ("Завучева Ольга Петровна", Some("5"), Some("4"))
    );
    assert_eq!(
        (past[1].old.as_deref(), past[1].new.as_deref()),
        (None, Some("5"))
    );
    assert_eq!(ask(stranger(), place).await.err(), Some(AppError::NotFound));
    let mut director = deputy();
    director.grants.retain(|g| g.kind != base::rights::Kind::Audit);
    assert_eq!(ask(director, place).await.err(), Some(AppError::Forbidden));
    // an address put together from two journals
    let mixed = Place::Mark {
        lesson: LessonId(701),
        assignment: Some(AssignmentId(800)),
        pupil: PupilId(1001),
    };
    assert_eq!(ask(teacher(), mixed).await.err(), Some(AppError::NotFound));
});

db_test!(topic_and_homework_have_a_version_too, pool, {
    let store = store(&pool).await;
    let day = |d| NaiveDate::from_ymd_opt(2026, 11, d);
    let lesson = |id: i64, topic: &str, homework: Option<(&str, Option<NaiveDate>)>, expected| Edit {
        op_id: Uuid::new_v4(),
        change: Change::Lesson {
            files_go: None,
            lesson: LessonId(id),
            topic: Some(topic.to_owned()),
            homework: homework.map(|(text, due_on)| Homework {
                text: text.to_owned(),
                due_on,
                minutes: Some(20),
                links: None,
            }),
        },
        expected,
    };
    let first = lesson(700, "Дроби", Some(("№ 5", day(18))), 1);
    assert_eq!(
        save_one(&store, teacher(), first.clone()).await,
        Outcome::Saved { version: 2 }
    );
    assert_eq!(
        save_one(&store, teacher(), first).await,
        Outcome::Duplicate { version: 2 }
    );
    match save_one(&store, deputy(), lesson(700, "Корни", None, 1)).await {
        Outcome::Conflict(now) => {
            assert_eq!(
                (now.value.as_deref(), now.comment.as_deref()),
                (Some("Дроби"), Some("№ 5"))
            );
            assert_eq!(now.by, "Учителева Анна Ивановна");
        }
        other => panic!("{other:?}"),
    }
    assert!(
        refusal(&save_one(&store, teacher(), lesson(701, "Дроби", Some(("№ 6", day(10))), 1)).await)
            .contains("раньше")
    );
    let after_year = NaiveDate::from_ymd_opt(2028, 1, 1);
    assert!(
        refusal(
            &save_one(
                &store,
                teacher(),
                lesson(701, "Дроби", Some(("№ 6", after_year)), 1)
            )
            .await
        )
        .contains("учебного года")
    );
    assert!(
        refusal(&save_one(&store, teacher(), lesson(690, "Дроби", None, 1)).await).contains("Период закрыт")
    );
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert_eq!(seen.lessons[0].homework.as_ref().unwrap().text, "№ 5");
    assert_eq!(
        save_one(&store, teacher(), lesson(700, "Дроби", None, 2)).await,
        Outcome::Saved { version: 3 }
    );
    assert_eq!(
        grid(&store, teacher(), None).await.unwrap().lessons[0].homework,
        None
    );
});

db_test!(works_are_added_changed_and_removed, pool, {
    let store = store(&pool).await;
    let edit = |id: Option<i64>, work_type, weight, expected| AssignmentEdit {
        id: id.map(AssignmentId),
        lesson: LessonId(701),
        work_type: WorkTypeId(work_type),
        title: Some("Тест".into()),
        weight: Hundredths(weight),
        expected,
        scale: None,
        reason: None,
    };
    let run = async |actor: Actor, op, edit| {
        let mut ctx = open(&store, actor).await;
        let out = sql::save_work(&mut ctx, op, edit).await;
        ctx.close(out).await
    };
    let remove = async |actor: Actor, id| {
        let mut ctx = open(&store, actor).await;
        let out = sql::remove_work(&mut ctx, id).await;
        ctx.close(out).await
    };
    let op = Uuid::new_v4();
    let id = run(teacher(), op, edit(None, 2, 250, 0)).await.unwrap();
    assert_eq!(
        run(teacher(), op, edit(None, 2, 250, 0)).await,
        Ok(id),
        "a second press adds nothing"
    );
    let seen = grid(&store, teacher(), None).await.unwrap();
    let added = seen.assignments.iter().find(|a| a.id == id).unwrap();
    assert_eq!((added.weight, added.work_type), (Hundredths(250), WorkTypeId(2)));
    assert_eq!(
        run(teacher(), Uuid::new_v4(), edit(Some(id.0), 1, 0, 1)).await,
        Ok(id)
    );
    assert!(matches!(
        run(teacher(), Uuid::new_v4(), edit(Some(id.0), 1, 100, 1)).await,
        Err(AppError::Conflict { .. })
    ));
    assert!(matches!(
        run(teacher(), Uuid::new_v4(), edit(None, 1, 10_001, 0)).await,
        Err(AppError::Invalid { .. })
    ));
    assert_eq!(
        run(teacher(), Uuid::new_v4(), edit(None, 3, 100, 0)).await,
        Err(AppError::NotFound),
        "a type of another school"
    );
    assert_eq!(
        run(stranger(), Uuid::new_v4(), edit(None, 1, 100, 0)).await,
        Err(AppError::NotFound)
    );
    save_one(&store, teacher(), mark(701, id.0, 1001, Some("5"), 0)).await;
    assert!(matches!(
        remove(teacher(), id).await,
        Err(AppError::Invalid { .. })
    ));
    save_one(&store, teacher(), mark(701, id.0, 1001, None, 1)).await;
    assert_eq!(remove(stranger(), id).await, Err(AppError::NotFound));
    assert_eq!(remove(teacher(), id).await.map(drop), Ok(()));
    assert_eq!(remove(teacher(), id).await, Err(AppError::NotFound));

    // the lesson's history tells of the work that is no more
    let mut ctx = open(&store, teacher()).await;
    let place = Place::Lesson {
        lesson: LessonId(701),
    };
    let out = sql::history(&mut ctx, place).await;
    let past = ctx.close(out).await.unwrap();
    let said: Vec<_> = past.iter().filter_map(|p| p.new.as_deref()).collect();
    assert_eq!(
        said,
        [
            "удалена работа: Ответ на уроке: Тест, вес 0; отметок в ней было и стёрто: 1",
            "Ответ на уроке: Тест, вес 0",
            "добавлена работа: Контрольная работа: Тест, вес 2,5",
        ]
    );
    assert_eq!(past[1].old.as_deref(), Some("Контрольная работа: Тест, вес 2,5"));
    assert!(past.iter().all(|p| p.by == "Учителева Анна Ивановна"));
    // and so does what lies behind the figure that its mark was in
    let mut ctx = open(&store, teacher()).await;
    let stage = Stage::Period(PeriodId(2));
    let out = behind(&mut ctx, MATHS, PupilId(1001), stage).await;
    let works = ctx.close(out).await.unwrap().works;
    assert_eq!(works.len(), 2, "changed and removed: {works:?}");
    let mut ctx = open(&store, teacher()).await;
    let out = behind(&mut ctx, MATHS, PupilId(1002), stage).await;
    assert_eq!(
        ctx.close(out).await.unwrap().works,
        [],
        "no mark of this pupil was in it"
    );
});

// what was removed before its name was kept is named by what was said of it last
db_test!(a_work_removed_long_ago_is_named_by_its_last_event, pool, {
    sqlx::raw_sql(
        r#"insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new) values
            (10, '2026-11-16 09:00Z', 2, 'assignment.added', 'assignment', '899', null,
                '{"lesson": 700, "work_type": 2, "title": "Дроби", "weight": "3", "version": 1}'),
            (10, '2026-11-16 09:05Z', 2, 'assignment.removed', 'assignment', '899', '{"lesson": 700}', null),
            (10, '2026-11-16 09:06Z', 2, 'assignment.removed', 'assignment', '898', '{"lesson": 701}', null)"#,
    )
    .execute(&pool)
    .await
    .unwrap();
    let store = store(&pool).await;
    let mut ctx = open(&store, deputy()).await;
    let lesson = LessonId(700);
    let out = sql::history(&mut ctx, Place::Lesson { lesson }).await;
    let past = ctx.close(out).await.unwrap();
    let said: Vec<_> = past.iter().filter_map(|p| p.new.as_deref()).collect();
    assert_eq!(
        said,
        [
            "удалена работа: Контрольная работа: Дроби, вес 3",
            "добавлена работа: Контрольная работа: Дроби, вес 3"
        ]
    );
});

db_test!(a_period_shows_its_pupils_lessons_and_lock, pool, {
    let store = store(&pool).await;
    sqlx::query!("update enrolment set ends_on = '2026-11-10' where school_id = 10 and pupil_id = 1003")
        .execute(&pool)
        .await
        .unwrap();
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert_eq!(seen.period, Some(PeriodId(2)), "today's");
    assert!(seen.may_edit && seen.may_see_history);
    let pupils: Vec<_> = seen.pupils.iter().map(|p| (p.name.as_str(), p.gone)).collect();
    assert_eq!(
        pupils,
        [
            ("Абрамов Артём", false),
            ("Белова Вера", false),
            ("Власов Глеб", true)
        ]
    );
    assert_eq!(
        seen.lessons.iter().map(|l| l.id.0).collect::<Vec<_>>(),
        [700, 701, 702]
    );
    assert_eq!(seen.scales[0].items.len(), 8);
    assert_eq!(seen.codes.len(), 4);
    let first = grid(&store, teacher(), Some(1)).await.unwrap();
    assert!(first.lessons.iter().all(|l| l.locked));
    assert_eq!(first.lessons.len(), 1);
});

db_test!(my_journals_are_mine_and_those_of_my_class, pool, {
    let store = store(&pool).await;
    let ask = async |actor: Actor| {
        let mut ctx = open(&store, actor).await;
        let out = sql::journals(&mut ctx).await;
        ctx.close(out).await
    };
    let of = |j: &classbook_core::journal::grid::Journals| {
        j.journals.iter().map(|j| (j.load.0, j.own)).collect::<Vec<_>>()
    };
    let mine = ask(teacher()).await.unwrap();
    assert_eq!(of(&mine), [(500, true), (501, false)]);
    assert_eq!(mine.journals[0].teachers, "Учителева А. И.");
    assert_eq!(mine.journals[1].audience, "7А (Англ 1)");
    let today = &mine.journals[0].today[0];
    assert_eq!(
        (
            today.lesson,
            today.number,
            today.starts_at.unwrap().to_string().as_str()
        ),
        (LessonId(701), 2, "09:25:00")
    );
    // the next day on which one gives a lesson oneself, with its lessons: for a browser that keeps them
    assert_eq!(mine.next_day, Some("2026-11-20".parse().unwrap()));
    let next: Vec<LessonId> = mine
        .journals
        .iter()
        .flat_map(|j| &j.next)
        .map(|l| l.lesson)
        .collect();
    assert_eq!(next, [LessonId(702)]);
    assert_eq!(ask(stranger()).await.unwrap().next_day, None);
    // a day earlier there is a lesson to stand in at, another one falls out
    sqlx::raw_sql(
        "insert into lesson (school_id, id, load_id, held_on, slot) values (10, 740, 501, '2026-11-19', 1), (10, 741, 500, '2026-11-19', 2);
         update lesson set substitute_id = 1200 where school_id = 10 and id = 740;
         update lesson set state = 'cancelled' where school_id = 10 and id = 741",
    )
    .execute(&pool)
    .await
    .unwrap();
    let instead = ask(teacher()).await.unwrap();
    assert_eq!(instead.next_day, Some("2026-11-19".parse().unwrap()));
    let next: Vec<(LessonId, bool)> = instead
        .journals
        .iter()
        .flat_map(|j| &j.next)
        .map(|l| (l.lesson, l.stands_in))
        .collect();
    assert_eq!(next, [(LessonId(740), true)]);
    assert_eq!(of(&ask(stranger()).await.unwrap()), [(501, true)]);
    assert_eq!(of(&ask(deputy()).await.unwrap()).len(), 2);
    assert_eq!(
        ask(staff(40, 10, 1500, "secretary")).await.err(),
        Some(AppError::NotFound)
    );
});
