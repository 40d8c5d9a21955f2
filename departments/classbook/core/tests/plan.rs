//! The lesson plan against a real PostgreSQL, as `parta_app`, with row-level security in force.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use classbook_core::plan::{self, Act, Book, Out, RowId, Terms, lay};
use school::*;

async fn book(store: &Store, actor: Actor) -> Result<Book, AppError> {
    let mut ctx = open(store, actor).await;
    let out = plan::sql::book(&mut ctx, MATHS).await;
    ctx.close(out).await
}

async fn change(store: &Store, actor: Actor, revision: i32, act: Act) -> Result<Book, AppError> {
    let mut ctx = open(store, actor).await;
    let out = plan::sql::change(&mut ctx, MATHS, revision, act).await;
    ctx.close(out).await
}

async fn undo(store: &Store, actor: Actor, revision: i32) -> Result<Book, AppError> {
    let mut ctx = open(store, actor).await;
    let out = plan::sql::undo(&mut ctx, MATHS, revision).await;
    ctx.close(out).await
}

async fn copy(store: &Store, actor: Actor, from: LoadId, to: LoadId, revision: i32) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let out = plan::sql::copy(&mut ctx, from, to, revision).await;
    ctx.close(out).await
}

fn rows(topics: &[&str]) -> Act {
    Act::Add {
        after: None,
        rows: topics.iter().map(|t| Terms::of(t)).collect(),
    }
}

/// Topic and days of each row.
fn told(book: &Book) -> Vec<(String, Vec<String>)> {
    let by_row = lay(&book.plan, &book.lessons).by_row();
    let days = |id| {
        let at: &Vec<usize> = &by_row[&id];
        at.iter()
            .map(|n| book.lessons[*n].date.format("%m-%d").to_string())
            .collect()
    };
    book.plan
        .rows
        .iter()
        .map(|r| (r.terms.topic.clone(), days(r.id)))
        .collect()
}

fn days(of: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    of.iter()
        .map(|(topic, day)| ((*topic).to_owned(), vec![(*day).to_owned()]))
        .collect()
}

async fn acts(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar!("select action from audit_event where entity = 'plan' order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

db_test!(a_plan_lies_on_lessons_and_is_offered_to_the_journal, pool, {
    let store = store(&pool).await;
    let empty = book(&store, teacher()).await.unwrap();
    assert!(empty.plan.rows.is_empty() && empty.may_edit && empty.revision == 0 && empty.undo.is_none());
    let mut act = rows(&["Дроби", "Проценты", "Итог", "Ещё"]);
    if let Act::Add { rows, .. } = &mut act {
        rows[1].homework = Some("§ 7".into());
        rows[1].work = Some(WorkTypeId(2));
    }
    let made = change(&store, teacher(), 0, act).await.unwrap();
    assert_eq!(made.revision, 1);
    // three lessons and then those to be expected: Monday, Wednesday, Friday until the quarter ends
    assert_eq!(
        told(&made),
        days(&[
            ("Дроби", "10-19"),
            ("Проценты", "11-16"),
            ("Итог", "11-18"),
            ("Ещё", "11-20")
        ])
    );
    let expected: Vec<_> = made
        .lessons
        .iter()
        .filter(|l| l.id.is_none())
        .map(|l| l.date.to_string())
        .collect();
    assert_eq!(expected.len(), 15, "{expected:?}");
    assert_eq!(
        (expected[0].as_str(), expected[14].as_str()),
        ("2026-11-23", "2026-12-25")
    );
    let seen = grid(&store, teacher(), None).await.unwrap();
    let offers: Vec<_> = seen
        .plan
        .iter()
        .map(|o| (o.lesson.0, o.topic.as_str(), o.homework.as_deref()))
        .collect();
    assert_eq!(
        offers,
        [
            (700, "Проценты", Some("§ 7")),
            (701, "Итог", None),
            (702, "Ещё", None)
        ],
        "of the period that is shown"
    );
    assert_eq!(acts(&pool).await, ["plan.added"]);
});

db_test!(the_plan_goes_past_holidays_and_cancelled_lessons, pool, {
    let store = store(&pool).await;
    change(&store, teacher(), 0, rows(&["А", "Б", "В"]))
        .await
        .unwrap();
    sqlx::query!("update lesson set state = 'cancelled' where school_id = 10 and id = 700")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query!("insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Карантин', '2026-11-18', '2026-11-18'), (10, 5, 'Ещё', '2026-11-23', '2026-11-24')")
        .execute(&pool)
        .await
        .unwrap();
    let seen = book(&store, teacher()).await.unwrap();
    assert_eq!(
        told(&seen),
        days(&[("А", "10-19"), ("Б", "11-20"), ("В", "11-25")])
    );
    let out: Vec<_> = seen.lessons.iter().map(|l| l.out).take(4).collect();
    assert_eq!(out, [None, Some(Out::Cancelled), Some(Out::Holiday), None]);
    // a day off of another grade is none here, and a lesson that was held all the same is one
    sqlx::query!("update holiday set grade = 1 where title = 'Ещё'")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query!("update lesson set state = 'held' where school_id = 10 and id = 701")
        .execute(&pool)
        .await
        .unwrap();
    let seen = book(&store, teacher()).await.unwrap();
    assert_eq!(
        told(&seen),
        days(&[("А", "10-19"), ("Б", "11-18"), ("В", "11-20")])
    );
});

db_test!(a_shift_is_one_act_and_is_taken_back, pool, {
    let store = store(&pool).await;
    let made = change(&store, teacher(), 0, rows(&["А", "Б", "В"]))
        .await
        .unwrap();
    let fall = Act::FallOut {
        lesson: LessonId(700),
        tighten: false,
    };
    let shifted = change(&store, teacher(), 1, fall).await.unwrap();
    assert_eq!(
        told(&shifted),
        days(&[("А", "10-19"), ("Б", "11-18"), ("В", "11-20")])
    );
    let last = shifted.undo.clone().unwrap();
    assert_eq!(
        (last.kind.as_str(), last.by.as_str()),
        ("shifted", "Учителева А. И.")
    );
    // the offer for the lesson that fell out is gone, too
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert!(seen.plan.iter().all(|o| o.lesson != LessonId(700)));
    let tight = Act::FallOut {
        lesson: LessonId(701),
        tighten: true,
    };
    let tight = change(&store, deputy(), 2, tight).await.unwrap();
    assert_eq!(tight.plan.rows.len(), 2, "Б и В в одном уроке");
    let back = undo(&store, teacher(), 3).await.unwrap();
    assert_eq!((back.plan.clone(), back.revision), (shifted.plan.clone(), 4));
    let back = undo(&store, teacher(), 4).await.unwrap();
    assert_eq!(back.plan, made.plan);
    let back = undo(&store, teacher(), 5).await.unwrap();
    assert!(back.plan.rows.is_empty() && back.undo.is_none());
    assert_eq!(back.plan.last_row, 3, "a number is never given twice");
    let nothing = undo(&store, teacher(), 6).await.unwrap_err();
    assert!(matches!(nothing, AppError::Invalid { .. }), "{nothing:?}");
    assert_eq!(
        acts(&pool).await,
        [
            "plan.added",
            "plan.shifted",
            "plan.tightened",
            "plan.undone",
            "plan.undone",
            "plan.undone"
        ]
    );
});

db_test!(rows_are_changed_moved_split_and_removed, pool, {
    let store = store(&pool).await;
    change(&store, teacher(), 0, rows(&["А", "Б", "В"]))
        .await
        .unwrap();
    let terms = Terms {
        hours: 3,
        section: Some(" Глава 1 ".into()),
        ..Terms::of("Бб")
    };
    change(&store, teacher(), 1, Act::Set { row: RowId(2), terms })
        .await
        .unwrap();
    change(
        &store,
        teacher(),
        2,
        Act::Split {
            row: RowId(2),
            hours: 1,
        },
    )
    .await
    .unwrap();
    change(
        &store,
        teacher(),
        3,
        Act::Move {
            row: RowId(3),
            after: None,
        },
    )
    .await
    .unwrap();
    let seen = change(&store, teacher(), 4, Act::Remove { row: RowId(1) })
        .await
        .unwrap();
    let rows: Vec<_> = seen
        .plan
        .rows
        .iter()
        .map(|r| {
            (
                r.id.0,
                r.terms.topic.as_str(),
                r.terms.hours,
                r.terms.section.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            (3, "В", 1, None),
            (2, "Бб", 1, Some("Глава 1")),
            (4, "Бб", 2, Some("Глава 1"))
        ]
    );
    // what changes nothing is no act
    let same = change(
        &store,
        teacher(),
        5,
        Act::Move {
            row: RowId(3),
            after: None,
        },
    )
    .await
    .unwrap();
    assert_eq!(same.revision, 5);
    let event =
        sqlx::query!(r#"select old as "old!", new as "new!" from audit_event where action = 'plan.changed'"#)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(event.old["rows"][0]["terms"]["topic"], "Б");
    assert_eq!(event.new["rows"][0]["terms"]["hours"], 3);
});

db_test!(who_is_late_is_told_and_nothing_changes, pool, {
    let store = store(&pool).await;
    change(&store, teacher(), 0, rows(&["А"])).await.unwrap();
    let before = acts(&pool).await;
    match change(&store, deputy(), 0, rows(&["Другое"])).await.unwrap_err() {
        AppError::Conflict { message } => assert!(message.contains("Учителева А. И."), "{message}"),
        other => panic!("{other:?}"),
    }
    let (a, b) = tokio::join!(
        change(&store, teacher(), 1, rows(&["Раз"])),
        change(&store, deputy(), 1, rows(&["Два"]))
    );
    assert!(a.is_ok() != b.is_ok(), "one of two at once");
    assert_eq!(acts(&pool).await.len(), before.len() + 1);
    assert_eq!(book(&store, teacher()).await.unwrap().plan.rows.len(), 2);
});

db_test!(what_cannot_be_is_refused_in_words_and_writes_nothing, pool, {
    let store = store(&pool).await;
    change(&store, teacher(), 0, rows(&["А"])).await.unwrap();
    let of = Terms::of;
    let wrong = [
        Act::Set {
            row: RowId(9),
            terms: of("x"),
        },
        Act::Set {
            row: RowId(1),
            terms: of("  "),
        },
        Act::Set {
            row: RowId(1),
            terms: Terms { hours: 0, ..of("x") },
        },
        Act::Set {
            row: RowId(1),
            terms: Terms {
                work: Some(WorkTypeId(3)),
                ..of("чужой вид работы")
            },
        },
        Act::Set {
            row: RowId(1),
            terms: of("с нулём \0"),
        },
        Act::Split {
            row: RowId(1),
            hours: 1,
        },
        Act::FallOut {
            lesson: LessonId(710),
            tighten: true,
        },
        Act::TakeIn {
            lesson: LessonId(700),
        },
        Act::Replace {
            rows: vec![of("x"); 601],
        },
    ];
    for act in wrong {
        let kind = format!("{act:?}");
        let refused = change(&store, teacher(), 1, act).await.unwrap_err();
        assert!(matches!(refused, AppError::Invalid { .. }), "{kind}: {refused:?}");
        assert!(!refused.message(Lang::Ru).is_empty());
    }
    let seen = book(&store, teacher()).await.unwrap();
    assert_eq!((seen.revision, seen.plan.rows.len()), (1, 1));
    assert_eq!(acts(&pool).await.len(), 1);
    sqlx::query!("update academic_year set closed_at = '2026-11-01Z' where school_id = 10")
        .execute(&pool)
        .await
        .unwrap();
    let refused = change(&store, teacher(), 1, rows(&["Б"])).await.unwrap_err();
    assert!(refused.message(Lang::Ru).contains("закрыт"), "{refused:?}");
    assert!(!book(&store, teacher()).await.unwrap().may_edit);
});

db_test!(
    who_may_see_a_journal_sees_its_plan_and_who_may_not_does_not,
    pool,
    {
        let store = store(&pool).await;
        change(&store, teacher(), 0, rows(&["А"])).await.unwrap();
        assert_eq!(book(&store, stranger()).await.unwrap_err(), AppError::NotFound);
        assert_eq!(
            change(&store, stranger(), 1, rows(&["Б"])).await.unwrap_err(),
            AppError::NotFound
        );
        assert_eq!(undo(&store, stranger(), 1).await.unwrap_err(), AppError::NotFound);
        let director = staff(1, 10, 1100, "director");
        assert!(
            !book(&store, director.clone()).await.unwrap().may_edit,
            "a director looks on"
        );
        assert_eq!(
            change(&store, director, 1, rows(&["Б"])).await.unwrap_err(),
            AppError::Forbidden
        );
        // another school's load is not there, whatever one's rights
        let other = staff(4, 20, 2100, "deputy");
        assert_eq!(book(&store, other).await.unwrap_err(), AppError::NotFound);
        assert_eq!(acts(&pool).await.len(), 1);
    }
);

db_test!(a_plan_is_copied_to_a_parallel_class_and_had_back, pool, {
    let store = store(&pool).await;
    sqlx::raw_sql(
        "insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 502, 5, 400, 5);
         insert into load_teacher (school_id, load_id, employee_id) values (10, 502, 1400);
         insert into load_audience (school_id, load_id, class_id) values (10, 502, 101)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let (other, english) = (LoadId(502), LoadId(501));
    let made = change(&store, deputy(), 0, rows(&["А", "Б"])).await.unwrap();
    let parallels: Vec<_> = made
        .parallels
        .iter()
        .map(|p| (p.load.0, p.audience.as_str(), p.rows, p.revision))
        .collect();
    assert_eq!(parallels, [(502, "7Б", 0, 0)]);
    assert!(
        book(&store, teacher()).await.unwrap().parallels.is_empty(),
        "7Б is not hers"
    );
    assert_eq!(
        copy(&store, teacher(), MATHS, other, 0).await.unwrap_err(),
        AppError::NotFound
    );
    let refused = copy(&store, deputy(), MATHS, english, 0).await.unwrap_err();
    assert!(matches!(refused, AppError::Invalid { .. }), "{refused:?}");
    let refused = copy(&store, deputy(), other, MATHS, 1).await.unwrap_err();
    assert!(refused.message(Lang::Ru).contains("нечего"), "{refused:?}");
    copy(&store, deputy(), MATHS, other, 0).await.unwrap();
    assert!(matches!(
        copy(&store, deputy(), MATHS, other, 0).await,
        Err(AppError::Conflict { .. })
    ));
    let seen = book(&store, deputy()).await.unwrap();
    assert_eq!((seen.parallels[0].rows, seen.parallels[0].revision), (2, 1));
    let mut ctx = open(&store, deputy()).await;
    let out = plan::sql::undo(&mut ctx, other, 1).await;
    assert!(ctx.close(out).await.unwrap().plan.rows.is_empty());
    assert_eq!(acts(&pool).await, ["plan.added", "plan.copied", "plan.undone"]);
});
