//! The journal against a real PostgreSQL, as `parta_app`, with row-level security in force.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use school::*;

db_test!(a_mark_is_saved_with_version_and_event, pool, {
    let store = store(&pool).await;
    let edit = mark(700, 800, 1001, Some("5"), 0);
    let op = edit.op_id;
    assert_eq!(
        save_one(&store, teacher(), edit).await,
        Outcome::Saved { version: 1 }
    );
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 1)).await,
        Outcome::Saved { version: 2 }
    );
    let row = sqlx::query!(
        "select code, version, changed_by from mark where assignment_id = 800 and pupil_id = 1001"
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(
        (row.code.as_deref(), row.version, row.changed_by),
        (Some("4"), 2, 2)
    );
    let events = sqlx::query!(
        r#"select action, actor_id, entity_key, op_id, old ->> 'code' as old, new ->> 'code' as new
           from audit_event where entity = 'mark' order by id"#
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(events.len(), 2, "an event for every change");
    assert_eq!((events[0].op_id, events[0].actor_id), (Some(op), Some(2)));
    assert_eq!(
        (events[1].old.as_deref(), events[1].new.as_deref()),
        (Some("5"), Some("4"))
    );
    assert_eq!(events[1].entity_key, "800:1001");
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert_eq!(seen.marks.len(), 1);
    assert_eq!(seen.marks[0].2.as_deref(), Some("4"));
});

db_test!(a_mark_is_cleared_and_keeps_counting, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, None, 1)).await,
        Outcome::Saved { version: 2 }
    );
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("3"), 2)).await,
        Outcome::Saved { version: 3 }
    );
    // the same again changes nothing and leaves no event
    let before = counts(&pool).await;
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("3"), 3)).await,
        Outcome::Saved { version: 3 }
    );
    assert_eq!(counts(&pool).await, before);
});

db_test!(a_comment_comes_stays_and_goes, pool, {
    let store = store(&pool).await;
    let with = |comment: Option<&str>, code: &str, expected| {
        let mut edit = mark(700, 800, 1001, Some(code), expected);
        if let Change::Mark { comment: c, .. } = &mut edit.change {
            *c = comment.map(str::to_owned);
        }
        edit
    };
    let comment = async || {
        sqlx::query_scalar!("select comment from mark where assignment_id = 800")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    save_one(&store, teacher(), with(Some("Молодец"), "5", 0)).await;
    assert_eq!(comment().await.as_deref(), Some("Молодец"));
    save_one(&store, teacher(), with(None, "4", 1)).await;
    assert_eq!(comment().await.as_deref(), Some("Молодец"));
    save_one(&store, teacher(), with(Some(""), "4", 2)).await;
    assert_eq!(comment().await, None);
    let long = "я".repeat(1001);
    assert!(refusal(&save_one(&store, teacher(), with(Some(&long), "4", 3)).await).contains("1000"));
});

db_test!(an_answer_tells_the_comment_and_none_is_lost, pool, {
    let store = store(&pool).await;
    let said = |mut edit: Edit, text: &str| {
        if let Change::Mark { comment, .. } = &mut edit.change {
            *comment = Some(text.to_owned());
        }
        edit
    };
    let told = async |edit: Edit| {
        let answers = save(&store, teacher(), vec![edit]).await.unwrap();
        (answers[0].outcome.clone(), answers[0].comment.clone())
    };
    let saved = |version| Outcome::Saved { version };
    let praise = said(mark(700, 800, 1001, Some("5"), 0), "Молодец");
    assert_eq!(told(praise).await, (saved(1), Some("Молодец".to_owned())));
    // who has not seen it learns of it, whether the mark stood there already or is another one
    for (code, version) in [("5", 1), ("4", 2)] {
        let edit = mark(700, 800, 1001, Some(code), 1);
        assert_eq!(told(edit).await, (saved(version), Some("Молодец".to_owned())));
    }
    assert_eq!(
        told(said(mark(700, 800, 1001, Some("4"), 2), "")).await,
        (saved(3), None)
    );
    // a comment alone makes a lesson's first work as a mark does
    let answers = save(
        &store,
        teacher(),
        vec![said(mark(701, 0, 1001, None, 0), "Спросить")],
    )
    .await
    .unwrap();
    assert_eq!(answers[0].outcome, saved(1));
    assert!(answers[0].assignment.is_some());
});

db_test!(a_conflict_names_the_other_person_and_their_value, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    let before = counts(&pool).await;
    match save_one(&store, deputy(), mark(700, 800, 1001, Some("2"), 0)).await {
        Outcome::Conflict(now) => {
            assert_eq!((now.value.as_deref(), now.version), (Some("5"), 1));
            assert_eq!(now.by, "Учителева Анна Ивановна");
            assert_eq!(now.at.to_string(), "2026-11-18 12:00:00", "by the school's clock");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(counts(&pool).await, before, "nothing was changed");
    // who wanted the same has no conflict
    assert_eq!(
        save_one(&store, deputy(), mark(700, 800, 1001, Some("5"), 0)).await,
        Outcome::Saved { version: 1 }
    );
});

db_test!(a_repeated_send_returns_the_first_outcome, pool, {
    let store = store(&pool).await;
    let edit = mark(700, 800, 1001, Some("5"), 0);
    save_one(&store, teacher(), edit.clone()).await;
    save_one(&store, teacher(), mark(700, 800, 1001, Some("3"), 1)).await;
    let before = counts(&pool).await;
    assert_eq!(
        save_one(&store, teacher(), edit.clone()).await,
        Outcome::Duplicate { version: 1 }
    );
    assert_eq!(counts(&pool).await, before);
    // the same id for another cell is no repetition
    let mut other = mark(700, 800, 1002, Some("5"), 0);
    other.op_id = edit.op_id;
    refusal(&save_one(&store, teacher(), other).await);
    let code = attend(700, 1001, Some("н"), 0);
    save_one(&store, teacher(), code.clone()).await;
    assert_eq!(
        save_one(&store, teacher(), code).await,
        Outcome::Duplicate { version: 1 }
    );
});

db_test!(two_at_once_write_one_and_tell_the_other, pool, {
    let store = store(&pool).await;
    let (a, b) = tokio::join!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 0)),
        save_one(&store, deputy(), mark(700, 800, 1001, Some("2"), 0)),
    );
    let saved = [&a, &b]
        .iter()
        .filter(|o| matches!(o, Outcome::Saved { version: 1 }))
        .count();
    let told = [&a, &b]
        .iter()
        .filter(|o| matches!(o, Outcome::Conflict(_)))
        .count();
    assert_eq!((saved, told), (1, 1), "{a:?} {b:?}");
    assert_eq!(counts(&pool).await, (1, 1));
});

db_test!(two_who_give_the_first_mark_of_a_lesson_make_one_work, pool, {
    let store = store(&pool).await;
    let (a, b) = tokio::join!(
        save(&store, teacher(), vec![mark(701, 0, 1001, Some("5"), 0)]),
        save(&store, deputy(), vec![mark(701, 0, 1002, Some("4"), 0)]),
    );
    let (a, b) = (a.unwrap().remove(0), b.unwrap().remove(0));
    assert_eq!(a.assignment, b.assignment);
    assert!(a.assignment.is_some());
    let works = sqlx::query!("select work_type_id, scale_id from assignment where lesson_id = 701")
        .fetch_all(&pool)
        .await
        .unwrap();
    assert_eq!(works.len(), 1);
    assert_eq!(
        (works[0].work_type_id, works[0].scale_id),
        (1, 1),
        "«Ответ на уроке» on the scale in use"
    );
});

db_test!(a_refused_first_mark_leaves_no_work_behind, pool, {
    let store = store(&pool).await;
    refusal(&save_one(&store, teacher(), mark(701, 0, 1001, Some("7"), 0)).await);
    assert_eq!(
        save_one(&store, teacher(), mark(701, 0, 1001, None, 0)).await,
        Outcome::Saved { version: 0 }
    );
    let works = sqlx::query_scalar!(r#"select count(*) as "n!" from assignment where lesson_id = 701"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(works, 0);
});

db_test!(
    what_breaks_a_rule_is_refused_in_words_and_changes_nothing,
    pool,
    {
        let store = store(&pool).await;
        sqlx::query!("update lesson set state = 'cancelled' where school_id = 10 and id = 702")
            .execute(&pool)
            .await
            .unwrap();
        let before = counts(&pool).await;
        let no_mark = save_one(&store, teacher(), mark(700, 800, 1001, Some("7"), 0)).await;
        assert!(
            refusal(&no_mark).contains("«7»") && refusal(&no_mark).contains("5, 4, 3, 2, зч"),
            "{no_mark:?}"
        );
        let no_code = save_one(&store, teacher(), attend(700, 1001, Some("ж"), 0)).await;
        assert!(refusal(&no_code).contains("н, б, у, о"), "{no_code:?}");
        let locked = save_one(&store, teacher(), mark(690, 790, 1001, Some("5"), 0)).await;
        assert!(refusal(&locked).contains("Период закрыт"));
        assert!(
            refusal(&save_one(&store, teacher(), attend(690, 1001, Some("н"), 0)).await)
                .contains("Период закрыт")
        );
        let other_class = save_one(&store, teacher(), mark(700, 800, 1004, Some("5"), 0)).await;
        assert!(refusal(&other_class).contains("не числился"));
        assert!(
            refusal(&save_one(&store, teacher(), attend(700, 2001, Some("н"), 0)).await)
                .contains("не числился")
        );
        assert!(
            refusal(&save_one(&store, teacher(), attend(702, 1001, Some("н"), 0)).await).contains("отменён")
        );
        assert_eq!(counts(&pool).await, before);
    }
);

db_test!(a_pupil_of_the_other_subgroup_gets_no_mark, pool, {
    let store = store(&pool).await;
    sqlx::query!(
        "insert into lesson (school_id, id, load_id, held_on, slot) values (10, 720, 501, '2026-11-16', 1)"
    )
    .execute(&pool)
    .await
    .unwrap();
    assert!(
        refusal(&save_one(&store, stranger(), attend(720, 1002, Some("н"), 0)).await).contains("подгруппе")
    );
    assert_eq!(
        save_one(&store, stranger(), attend(720, 1001, Some("н"), 0)).await,
        Outcome::Saved { version: 1 }
    );
});

db_test!(foreign_ids_do_not_exist, pool, {
    let store = store(&pool).await;
    let before = counts(&pool).await;
    for edit in [
        mark(710, 810, 2001, Some("5"), 0),  // another school's
        mark(701, 800, 1001, Some("5"), 0),  // an assignment of another lesson
        mark(9999, 800, 1001, Some("5"), 0), // no lesson
        attend(710, 2001, Some("н"), 0),
        mark(710, 0, 2001, Some("5"), 0),
    ] {
        assert_eq!(
            save(&store, deputy(), vec![edit.clone()]).await,
            Err(AppError::NotFound),
            "{edit:?}"
        );
    }
    let mut ctx = open(&store, teacher()).await;
    let out = sql::grid(&mut ctx, LoadId(510), None).await;
    assert_eq!(ctx.close(out).await, Err(AppError::NotFound));
    assert_eq!(
        grid(&store, teacher(), Some(4)).await.err(),
        Some(AppError::NotFound),
        "another school's period"
    );
    assert_eq!(counts(&pool).await, before);
});

db_test!(
    a_journal_one_does_not_teach_does_not_exist_and_a_view_does_not_write,
    pool,
    {
        let store = store(&pool).await;
        assert_eq!(
            save(&store, stranger(), vec![mark(700, 800, 1001, Some("5"), 0)]).await,
            Err(AppError::NotFound)
        );
        assert_eq!(
            grid(&store, stranger(), None).await.err(),
            Some(AppError::NotFound)
        );
        // the class teacher sees English of her class and writes nothing there
        let lesson = "insert into lesson (school_id, id, load_id, held_on, slot) values (10, 720, 501, '2026-11-16', 1)";
        sqlx::raw_sql(lesson).execute(&pool).await.unwrap();
        assert_eq!(
            save(&store, teacher(), vec![attend(720, 1001, Some("н"), 0)]).await,
            Err(AppError::Forbidden)
        );
        let mut director = deputy();
        director.grants = template("director").unwrap().grants.to_vec();
        assert_eq!(
            save(&store, director.clone(), vec![mark(700, 800, 1001, Some("5"), 0)]).await,
            Err(AppError::Forbidden)
        );
        let seen = grid(&store, director, None).await.unwrap();
        assert!(!seen.may_edit);
        let nobody = staff(40, 10, 1500, "secretary");
        assert_eq!(save(&store, nobody, vec![]).await, Err(AppError::NotFound));
        assert_eq!(counts(&pool).await, (0, 0));
    }
);

db_test!(a_batch_saves_what_it_can_and_tells_of_each, pool, {
    let store = store(&pool).await;
    let edits = vec![
        mark(700, 800, 1001, Some("5"), 0),
        mark(700, 800, 1002, Some("7"), 0),
        mark(710, 810, 2001, Some("5"), 0),
        attend(700, 1003, Some("н"), 0),
        mark(701, 0, 1001, Some("4"), 0),
        mark(701, 0, 1002, Some("3"), 0),
    ];
    let answers = save(&store, teacher(), edits.clone()).await.unwrap();
    assert_eq!(
        answers.iter().map(|a| a.op_id).collect::<Vec<_>>(),
        edits.iter().map(|e| e.op_id).collect::<Vec<_>>()
    );
    let saved: Vec<bool> = answers
        .iter()
        .map(|a| matches!(a.outcome, Outcome::Saved { .. }))
        .collect();
    assert_eq!(saved, [true, false, false, true, true, true]);
    assert_eq!(counts(&pool).await.1, 3);
    assert_eq!(answers[4].assignment, answers[5].assignment);
    let many = vec![edits[0].clone(); Batch::MOST + 1];
    assert_eq!(save(&store, teacher(), many).await, Err(AppError::TooLarge));
});

db_test!(nobody_saves_in_the_name_of_another, pool, {
    let store = store(&pool).await;
    let batch = |person, school| Batch {
        person: PersonId(person),
        school: SchoolId(school),
        edits: vec![mark(700, 800, 1001, Some("5"), 0)],
    };
    let mut ctx = open(&store, deputy()).await;
    let out = sql::save_cells(&mut ctx, &batch(2, 10)).await;
    assert_eq!(ctx.close(out).await, Err(AppError::SignIn));
    let mut ctx = open(&store, deputy()).await;
    let out = sql::save_cells(&mut ctx, &batch(1, 20)).await;
    assert!(matches!(ctx.close(out).await, Err(AppError::Conflict { .. })));
    assert_eq!(counts(&pool).await, (0, 0));
});

db_test!(a_family_sees_and_writes_no_journal_even_past_the_policy, pool, {
    let store = store(&pool).await;
    let mut mother = staff(31, 10, 0, "teacher");
    mother.role = Role::Guardian {
        pupils: vec![PupilId(1001)],
    };
    mother.grants.clear();
    assert_eq!(
        save(&store, mother.clone(), vec![mark(700, 800, 1001, Some("5"), 0)]).await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        grid(&store, mother.clone(), None).await.err(),
        Some(AppError::NotFound)
    );
    // were the policy to fail, the walls of the database hold
    use base::rights::{Action::*, Kind::*, Reach::*};
    mother.grants = vec![
        Grant {
            kind: Journal,
            action: View,
            reach: School,
        },
        Grant {
            kind: Journal,
            action: Edit,
            reach: School,
        },
    ];
    assert!(
        save(&store, mother.clone(), vec![mark(700, 800, 1001, Some("5"), 0)])
            .await
            .is_err()
    );
    assert!(
        save(&store, mother, vec![attend(700, 1001, Some("н"), 0)])
            .await
            .is_err()
    );
    assert_eq!(counts(&pool).await, (0, 0));
});
