//! Notices against a real database: what the journal's changes come to, who reads it, what each chose.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use base::sql::Task;
use chrono::Duration;
use classbook_core::dispute::sql as dispute;
use classbook_core::homework::IndividualEdit;
use classbook_core::notice::sql as notice;
use classbook_core::notice::{Channel, Choice, KEPT_DAYS, Kind, Notices};
use school::*;

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

/// The server's clock runs today, the events of the tests lie in November: the trigger is told that all of it is just done.
async fn fresh(pool: &PgPool) {
    put(
        pool,
        "drop trigger audit_event_keeps_for_notices on audit_event;
         create trigger audit_event_keeps_for_notices after insert on audit_event for each row
             when (new.entity in ('mark', 'attendance', 'lesson', 'dispute', 'period_mark', 'individual_homework')
                and new.action not in ('lesson.cancelled', 'lesson.restored')) execute function keep_for_notices()",
    )
    .await;
}

/// Everything that is at rest two minutes later.
async fn told(store: &Store) -> u64 {
    let mut all = 0;
    while let Some(made) = notice::tell(store, now() + Duration::minutes(2)).await.unwrap() {
        all += made;
    }
    all
}

async fn list(store: &Store, who: Actor) -> Notices {
    let mut ctx = open(store, who).await;
    let out = notice::notices(&mut ctx).await;
    ctx.close(out).await.unwrap()
}

async fn unread(store: &Store, who: Actor) -> i64 {
    let mut ctx = open(store, who).await;
    let out = notice::unread(&mut ctx).await;
    ctx.close(out).await.unwrap()
}

async fn choose(store: &Store, who: Actor, pupil: i64, kind: Kind, on: bool) -> Result<(), AppError> {
    let mut ctx = open(store, who).await;
    let out = notice::choose(&mut ctx, Some(PupilId(pupil)), kind, Channel::App, on).await;
    ctx.close(out).await
}

fn what(all: &Notices) -> Vec<(Kind, Option<&str>, Option<&str>)> {
    all.notices
        .iter()
        .map(|n| (n.kind, n.old.as_deref(), n.new.as_deref()))
        .collect()
}

async fn given(store: &Store, pupil: i64, code: Option<&str>, expected: i32) {
    let outcome = save_one(store, teacher(), mark(700, 800, pupil, code, expected)).await;
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
}

crate::db_test!(what_came_of_a_mark_is_told_once_it_is_at_rest, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    given(&store, 1001, Some("3"), 0).await;
    given(&store, 1001, Some("4"), 1).await;
    given(&store, 1002, Some("2"), 0).await;
    // typed a moment ago: nothing is said yet
    assert_eq!(
        notice::tell(&store, now() + Duration::seconds(59)).await.unwrap(),
        None
    );
    assert_eq!(told(&store).await, 2);
    let all = list(&store, mother()).await;
    assert_eq!(
        what(&all),
        [(Kind::MarkNew, None, Some("4"))],
        "the slip is told to nobody"
    );
    let one = &all.notices[0];
    assert_eq!(
        (one.child.as_str(), one.subject.as_deref()),
        ("Артём", Some("Математика"))
    );
    assert_eq!(
        (one.href(), one.unread),
        ("/diary/1001/2026-11-16".to_owned(), true)
    );
    assert_eq!(
        what(&list(&store, father()).await),
        [(Kind::MarkNew, None, Some("2"))]
    );

    given(&store, 1001, Some("5"), 2).await;
    // back to what it was within the minute: nothing happened
    given(&store, 1002, Some("3"), 1).await;
    given(&store, 1002, Some("2"), 2).await;
    assert_eq!(told(&store).await, 1);
    given(&store, 1001, None, 3).await;
    assert_eq!(told(&store).await, 1);
    assert_eq!(
        what(&list(&store, mother()).await),
        [
            (Kind::MarkRemoved, Some("5"), None),
            (Kind::MarkChanged, Some("4"), Some("5")),
            (Kind::MarkNew, None, Some("4"))
        ]
    );
    assert_eq!(list(&store, father()).await.notices.len(), 1);
    // told is told
    assert_eq!(
        notice::tell(&store, now() + Duration::hours(1)).await.unwrap(),
        None
    );
});

crate::db_test!(
    absences_homework_and_answers_are_told_to_whom_they_concern,
    pool,
    {
        fresh(&pool).await;
        let store = store(&pool).await;
        save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
        assert_eq!(told(&store).await, 1);
        save_one(&store, teacher(), attend(700, 1001, Some("у"), 1)).await;
        let homework = Edit {
            op_id: Uuid::new_v4(),
            change: Change::Lesson {
                files_go: None,
                lesson: LessonId(700),
                topic: Some("Дроби".into()),
                homework: Some(Homework {
                    text: "№ 312".into(),
                    due_on: None,
                    minutes: None,
                    links: None,
                }),
            },
            expected: 1,
        };
        save_one(&store, teacher(), homework).await;
        // the absence again, and the homework for each of three pupils of 7А; 7Б is not taught it
        assert_eq!(told(&store).await, 4);
        given(&store, 1001, Some("3"), 0).await;
        told(&store).await;
        let mut ctx = open(&store, mother()).await;
        let out = dispute::ask(&mut ctx, PupilId(1001), AssignmentId(800), "Почему?").await;
        let id = ctx.close(out).await.unwrap();
        assert_eq!(
            told(&store).await,
            1,
            "the teacher: the family knows what it asked"
        );
        let mut ctx = open(&store, teacher()).await;
        let out = dispute::say(&mut ctx, id, "Потому").await;
        ctx.close(out).await.unwrap();
        assert_eq!(told(&store).await, 1);
        let all = list(&store, mother()).await;
        assert_eq!(
            what(&all),
            [
                (Kind::DisputeAnswered, None, None),
                (Kind::MarkNew, None, Some("3")),
                (Kind::Homework, None, Some("№ 312")),
                (
                    Kind::Absence,
                    Some("не был, причина неизвестна"),
                    Some("уважительная причина")
                ),
                (Kind::Absence, None, Some("не был, причина неизвестна")),
            ]
        );
        assert_eq!(all.notices[0].href(), "/disputes/1001/800");
        assert_eq!(
            what(&list(&store, father()).await),
            [(Kind::Homework, None, Some("№ 312"))]
        );
    }
);

crate::db_test!(an_answer_is_told_whoever_closes_the_thread_after_it, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    given(&store, 1001, Some("3"), 0).await;
    told(&store).await;
    let ask = async || {
        let mut ctx = open(&store, mother()).await;
        let out = dispute::ask(&mut ctx, PupilId(1001), AssignmentId(800), "Почему?").await;
        ctx.close(out).await.unwrap()
    };
    let say = async |who: Actor, id| {
        let mut ctx = open(&store, who).await;
        let out = dispute::say(&mut ctx, id, "Потому").await;
        ctx.close(out).await.unwrap();
    };
    let close = async |who: Actor, id| {
        let mut ctx = open(&store, who).await;
        let out = dispute::close(&mut ctx, id).await;
        ctx.close(out).await.unwrap();
    };
    // the deputy closes it before the minute is over: the family still has to read what was answered
    let id = ask().await;
    say(teacher(), id).await;
    close(deputy(), id).await;
    assert_eq!(told(&store).await, 1);
    // the family closes it itself, or asks on: it has read the answer
    let id = ask().await;
    say(teacher(), id).await;
    close(mother(), id).await;
    assert_eq!(told(&store).await, 0);
    let id = ask().await;
    say(teacher(), id).await;
    say(mother(), id).await;
    // the teacher is, that there is a question again
    assert_eq!(told(&store).await, 1);
    // closed without an answer: nothing was answered
    close(deputy(), id).await;
    assert_eq!(told(&store).await, 0);
});

crate::db_test!(a_mark_of_a_period_is_told_by_its_event, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    put(&pool, r#"insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new) values
        (10, '2026-11-18 09:00Z', 2, 'period_mark.set', 'period_mark', '1001:400:5:period:2', null, '{"code": "4"}'),
        (10, '2026-11-18 09:00Z', 2, 'period_mark.set', 'period_mark', 'nonsense', null, '{"code": "4"}'),
        (10, '2026-11-18 09:00Z', 2, 'mark.set', 'mark', '800', null, '{"code": "4"}'), (10, '2026-11-18 09:00Z', 2, 'lesson.x', 'lesson', 'a:b', null, '{}'),
        (10, '2026-11-18 09:00Z', 2, 'attendance.set', 'attendance', '99999999999999999999:1001', null, '{"code": "н"}')"#).await;
    assert_eq!(
        told(&store).await,
        1,
        "a key that is none is nothing to tell of, and no reason to stop"
    );
    let all = list(&store, mother()).await;
    assert_eq!(what(&all), [(Kind::PeriodMark, None, Some("4"))]);
    assert_eq!(all.notices[0].href(), "/diary/1001/subjects");
});

crate::db_test!(each_reads_for_oneself_and_is_told_what_one_chose, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    given(&store, 1001, Some("3"), 0).await;
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    told(&store).await;
    let pupil = family(11, Role::Pupil { pupil: PupilId(1001) });
    assert_eq!(
        (
            unread(&store, mother()).await,
            unread(&store, pupil.clone()).await
        ),
        (2, 2)
    );
    let latest = list(&store, mother()).await.notices[0].id;
    let seen = async |who: Actor, upto: NoticeId| {
        let mut ctx = open(&store, who).await;
        let out = notice::seen(&mut ctx, upto).await;
        ctx.close(out).await
    };
    seen(mother(), latest).await.unwrap();
    assert_eq!(
        (
            unread(&store, mother()).await,
            unread(&store, pupil.clone()).await
        ),
        (0, 2)
    );
    // what has been read stays read, and nobody reads what is yet to come
    seen(mother(), NoticeId(0)).await.unwrap();
    seen(mother(), NoticeId(i64::MAX)).await.unwrap();
    assert_eq!(unread(&store, mother()).await, 0);
    given(&store, 1001, Some("4"), 1).await;
    told(&store).await;
    assert_eq!(unread(&store, mother()).await, 1);

    choose(&store, mother(), 1001, Kind::MarkChanged, false)
        .await
        .unwrap();
    assert_eq!(unread(&store, mother()).await, 0);
    assert_eq!(list(&store, mother()).await.notices.len(), 2);
    assert_eq!(
        list(&store, pupil).await.notices.len(),
        3,
        "the pupil chose nothing"
    );
    let mut ctx = open(&store, mother()).await;
    let out = notice::choices(&mut ctx).await;
    let choices = ctx.close(out).await.unwrap();
    assert_eq!((choices.len(), choices[0].name.as_str()), (1, "Артём"));
    for choice in &choices[0].choices {
        let expected = Choice::default_of(choice.kind).with(Channel::App, choice.kind != Kind::MarkChanged);
        assert_eq!(*choice, expected);
    }
    assert_eq!(
        choose(&store, mother(), 1002, Kind::MarkNew, false).await,
        Err(AppError::NotFound)
    );
    // staff are told nothing of children
    for other in [teacher(), deputy()] {
        assert!(list(&store, other.clone()).await.notices.is_empty());
        assert_eq!(
            choose(&store, other.clone(), 1001, Kind::MarkNew, true).await,
            Err(AppError::NotFound)
        );
    }
    let nobody = staff(40, 10, 1500, "administrator");
    assert_eq!(seen(nobody, latest).await, Err(AppError::NotFound));
});

crate::db_test!(what_is_old_is_neither_told_nor_kept, pool, {
    let store = store(&pool).await;
    // an import of last year's marks: the trigger as it is
    put(
        &pool,
        r#"insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new) values
        (10, now() - interval '2 days', 2, 'mark.set', 'mark', '800:1001', null, '{"code": "4"}')"#,
    )
    .await;
    let waiting = async || {
        sqlx::query_scalar!(r#"select count(*) as "n!" from notice_pending"#)
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    assert_eq!(waiting().await, 0);
    put(&pool, r#"insert into audit_event (school_id, at, actor_id, action, entity, entity_key, old, new) values
        (10, now(), 2, 'mark.set', 'mark', '800:1001', null, '{"code": "4"}'), (10, now(), 2, 'room.saved', 'room', '1', null, null)"#).await;
    assert_eq!(waiting().await, 1);
    fresh(&pool).await;
    given(&store, 1002, Some("3"), 0).await;
    told(&store).await;
    let kept = now() + Duration::days(KEPT_DAYS);
    assert_eq!(
        notice::work::sweep(&store, kept - Duration::hours(1))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        notice::work::sweep(&store, kept + Duration::hours(1))
            .await
            .unwrap(),
        1
    );
});

crate::db_test!(a_server_that_dies_tells_later_and_two_do_not_tell_twice, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    given(&store, 1001, Some("3"), 0).await;
    // another server holds the entry and dies
    let mut tx = store.task(Task::Job, Some(SchoolId(10))).await.unwrap();
    sqlx::raw_sql("select * from notice_pending for update")
        .execute(&mut *tx)
        .await
        .unwrap();
    assert_eq!(
        notice::tell(&store, now() + Duration::minutes(2)).await.unwrap(),
        None
    );
    assert!(list(&store, mother()).await.notices.is_empty());
    tx.rollback().await.unwrap();
    let later = now() + Duration::minutes(2);
    let (one, two) = tokio::join!(notice::tell(&store, later), notice::tell(&store, later));
    let made: u64 = [one, two].into_iter().filter_map(|r| r.unwrap()).sum();
    assert_eq!(made, 1);
    assert_eq!(list(&store, mother()).await.notices.len(), 1);
});

async fn give_some(
    store: &Store,
    id: Option<IndividualHomeworkId>,
    pupils: &[i64],
    text: &str,
    expected: i32,
) -> IndividualHomeworkId {
    let edit = IndividualEdit {
        id,
        lesson: LessonId(700),
        pupils: pupils.iter().map(|p| PupilId(*p)).collect(),
        text: text.into(),
        due_on: None,
        minutes: None,
        links: vec![],
        expected,
    };
    let mut ctx = open(store, teacher()).await;
    let out = classbook_core::homework::sql::save_individual(&mut ctx, edit).await;
    ctx.close(out).await.unwrap()
}

crate::db_test!(
    homework_for_some_is_told_to_their_families_and_to_nobody_else,
    pool,
    {
        fresh(&pool).await;
        let store = store(&pool).await;
        let id = give_some(&store, None, &[1001], "Повторить дроби", 0).await;
        assert_eq!(told(&store).await, 1);
        assert_eq!(
            what(&list(&store, mother()).await),
            [(Kind::Homework, None, Some("Повторить дроби"))]
        );
        assert!(list(&store, father()).await.notices.is_empty());
        // one more pupil: new for them, nothing for who has it already
        give_some(&store, Some(id), &[1001, 1002], "Повторить дроби", 1).await;
        assert_eq!(told(&store).await, 1);
        assert_eq!(
            what(&list(&store, father()).await),
            [(Kind::Homework, None, Some("Повторить дроби"))]
        );
        // another text: old and new
        give_some(&store, Some(id), &[1001, 1002], "Повторить доли", 2).await;
        assert_eq!(told(&store).await, 2);
        assert_eq!(
            what(&list(&store, mother()).await)[0],
            (Kind::Homework, Some("Повторить дроби"), Some("Повторить доли"))
        );
        // whoever was taken off need not do it any more, as everybody when it is taken away: it was due today
        give_some(&store, Some(id), &[1002], "Повторить доли", 3).await;
        assert_eq!(told(&store).await, 1);
        assert_eq!(
            what(&list(&store, mother()).await)[0],
            (Kind::Homework, Some("Повторить доли"), None)
        );
        let mut ctx = open(&store, teacher()).await;
        let out = classbook_core::homework::sql::remove_individual(&mut ctx, id).await;
        ctx.close(out).await.unwrap();
        assert_eq!(told(&store).await, 1);
        assert_eq!(
            what(&list(&store, father()).await)[0],
            (Kind::Homework, Some("Повторить доли"), None)
        );
        // given and taken back at once: nobody hears of it
        let id = give_some(&store, None, &[1001], "Не то", 0).await;
        let mut ctx = open(&store, teacher()).await;
        let out = classbook_core::homework::sql::remove_individual(&mut ctx, id).await;
        ctx.close(out).await.unwrap();
        assert_eq!(told(&store).await, 0);
    }
);

crate::db_test!(a_lesson_that_falls_out_swallows_no_homework, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    let homework = Edit {
        op_id: Uuid::new_v4(),
        change: Change::Lesson {
            files_go: None,
            lesson: LessonId(700),
            topic: None,
            homework: Some(Homework {
                text: "№ 312".into(),
                due_on: None,
                minutes: None,
                links: None,
            }),
        },
        expected: 1,
    };
    save_one(&store, teacher(), homework).await;
    let mut ctx = open(&store, deputy()).await;
    let out = classbook_core::cancellation::sql::cancel(&mut ctx, &[LessonId(700)], "Мороз").await;
    ctx.close(out).await.unwrap();
    assert_eq!(told(&store).await, 3, "the whole class");
});
