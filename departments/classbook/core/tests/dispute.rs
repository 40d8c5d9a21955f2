//! Questions about marks against a real database: who asks, who answers, by when, and what hostile use comes to.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use base::AppError;
use classbook_core::dispute::sql as dispute;
use classbook_core::dispute::{A_DAY, Disputes, OPEN, OfMark, State, Waiting};
use school::*;

const MARKS: &str =
    "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
    (10, 800, 1001, 1, '3', 2, '2026-11-16 12:00Z'), (10, 800, 1002, 1, '4', 2, '2026-11-16 12:00Z')";

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

async fn at(store: &Store, who: Actor, now: &str) -> Ctx {
    store.begin(who, now.parse().unwrap(), Lang::Ru).await.unwrap()
}

const WEDNESDAY: &str = "2026-11-18T09:00:00Z";

async fn ask(store: &Store, who: Actor, text: &str) -> Result<DisputeId, AppError> {
    let mut ctx = at(store, who, WEDNESDAY).await;
    let out = dispute::ask(&mut ctx, PupilId(1001), AssignmentId(800), text).await;
    ctx.close(out).await
}

async fn say(store: &Store, who: Actor, now: &str, id: DisputeId, text: &str) -> Result<(), AppError> {
    let mut ctx = at(store, who, now).await;
    let out = dispute::say(&mut ctx, id, text).await;
    ctx.close(out).await
}

async fn close(store: &Store, who: Actor, id: DisputeId) -> Result<(), AppError> {
    let mut ctx = at(store, who, WEDNESDAY).await;
    let out = dispute::close(&mut ctx, id).await;
    ctx.close(out).await
}

async fn of_mark(store: &Store, who: Actor) -> Result<OfMark, AppError> {
    let mut ctx = at(store, who, WEDNESDAY).await;
    let out = dispute::of_mark(&mut ctx, PupilId(1001), AssignmentId(800)).await;
    ctx.close(out).await
}

async fn list(store: &Store, who: Actor, now: &str) -> Disputes {
    let mut ctx = at(store, who, now).await;
    let out = dispute::disputes(&mut ctx).await;
    ctx.close(out).await.unwrap()
}

async fn waiting(store: &Store, who: Actor, now: &str) -> Waiting {
    let mut ctx = at(store, who, now).await;
    let out = dispute::waiting(&mut ctx).await;
    ctx.close(out).await.unwrap()
}

crate::db_test!(a_question_is_asked_answered_asked_on_and_settled, pool, {
    put(&pool, MARKS).await;
    let store = store(&pool).await;
    let before = of_mark(&store, mother()).await.unwrap();
    assert!(before.may_ask && before.disputes.is_empty());
    assert_eq!((before.days, before.code.as_deref()), (3, Some("3")));
    let id = ask(&store, mother(), "  Почему тройка?\nОшибка одна. ")
        .await
        .unwrap();

    let teachers = of_mark(&store, teacher()).await.unwrap();
    let one = &teachers.disputes[0];
    assert_eq!((one.state, one.code.as_str()), (State::Open, "3"));
    // asked on a Wednesday: Thursday, Friday, Monday
    assert_eq!(one.due_on.to_string(), "2026-11-23");
    assert_eq!(one.messages[0].text, "Почему тройка?\nОшибка одна.");
    assert_eq!(
        (one.messages[0].by.as_str(), one.messages[0].by_family),
        ("Абрамова М.", true)
    );
    assert!(one.may_say && !one.may_close && !teachers.may_ask);
    assert_eq!(
        waiting(&store, teacher(), WEDNESDAY).await,
        Waiting { open: 1, overdue: 0 }
    );
    assert_eq!(waiting(&store, deputy(), WEDNESDAY).await.open, 1);
    // who does not teach it is not asked
    assert_eq!(waiting(&store, stranger(), WEDNESDAY).await.open, 0);

    say(
        &store,
        teacher(),
        "2026-11-19T09:00:00Z",
        id,
        "Ошибка в знаке: пересдача в среду",
    )
    .await
    .unwrap();
    let answered = of_mark(&store, mother()).await.unwrap();
    assert_eq!(answered.disputes[0].state, State::Answered);
    assert!(!answered.disputes[0].messages[1].by_family);
    assert_eq!(waiting(&store, teacher(), WEDNESDAY).await.open, 0);

    // asking on begins a new term; asking on once more before the answer does not put it off
    say(&store, pupil(), "2026-11-24T09:00:00Z", id, "А можно в четверг?")
        .await
        .unwrap();
    say(&store, mother(), "2026-11-26T09:00:00Z", id, "И во сколько?")
        .await
        .unwrap();
    let on = of_mark(&store, deputy()).await.unwrap();
    assert_eq!(
        (on.disputes[0].state, on.disputes[0].due_on.to_string()),
        (State::Open, "2026-11-27".into())
    );
    assert!(on.disputes[0].may_close);

    close(&store, mother(), id).await.unwrap();
    let over = of_mark(&store, teacher()).await.unwrap();
    assert_eq!(over.disputes[0].state, State::Closed);
    assert!(!over.disputes[0].may_say);
    assert!(matches!(
        say(&store, teacher(), WEDNESDAY, id, "x").await,
        Err(AppError::Invalid { .. })
    ));
    // settled, another one may be asked
    assert!(of_mark(&store, mother()).await.unwrap().may_ask);
    ask(&store, mother(), "Ещё одно").await.unwrap();
    let actions = sqlx::query_scalar!(
        r#"select string_agg(action || ':' || actor_id, ' ' order by id) as "a!" from audit_event where entity = 'dispute'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(
        actions,
        "dispute.asked:31 dispute.answered:2 dispute.asked:11 dispute.asked:31 dispute.closed:31 dispute.asked:31"
    );
});

crate::db_test!(a_thread_is_seen_by_those_whom_it_concerns, pool, {
    put(&pool, MARKS).await;
    let store = store(&pool).await;
    let id = ask(&store, mother(), "Почему?").await.unwrap();
    for other in [father(), stranger()] {
        assert_eq!(of_mark(&store, other.clone()).await, Err(AppError::NotFound));
        assert_eq!(
            say(&store, other.clone(), WEDNESDAY, id, "x").await,
            Err(AppError::NotFound)
        );
        assert_eq!(close(&store, other.clone(), id).await, Err(AppError::NotFound));
        assert_eq!(ask(&store, other.clone(), "x").await, Err(AppError::NotFound));
        assert!(list(&store, other, WEDNESDAY).await.lines.is_empty());
    }
    for seeing in [mother(), pupil(), teacher(), deputy()] {
        assert_eq!(list(&store, seeing, WEDNESDAY).await.lines.len(), 1);
    }
    for staff in [teacher(), deputy()] {
        assert_eq!(ask(&store, staff, "x").await, Err(AppError::Forbidden));
    }
    assert_eq!(close(&store, teacher(), id).await, Err(AppError::Forbidden));
    // another school
    let elsewhere = self::staff(4, 20, 2100, "teacher");
    assert_eq!(of_mark(&store, elsewhere).await, Err(AppError::NotFound));
});

crate::db_test!(the_deputy_sees_what_is_overdue_and_sets_the_term, pool, {
    put(&pool, MARKS).await;
    let store = store(&pool).await;
    let set = async |who: Actor, days: i16| {
        let mut ctx = at(&store, who, WEDNESDAY).await;
        let out = dispute::set_days(&mut ctx, days).await;
        ctx.close(out).await
    };
    assert_eq!(set(teacher(), 5).await, Err(AppError::NotFound));
    assert_eq!(set(mother(), 5).await, Err(AppError::NotFound));
    for wrong in [0, 21, -1, i16::MAX] {
        assert!(
            matches!(set(deputy(), wrong).await, Err(AppError::Invalid { .. })),
            "{wrong}"
        );
    }
    set(deputy(), 1).await.unwrap();
    put(&pool, "insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Праздник', '2026-11-19', '2026-11-20')").await;
    ask(&store, mother(), "Почему?").await.unwrap();
    // Thursday and Friday are off: one school day is Monday
    let due = list(&store, deputy(), "2026-11-23T20:00:00Z").await;
    assert_eq!((due.days, due.may_set), (1, true));
    assert_eq!(
        (due.lines[0].due_on.to_string(), due.lines[0].overdue),
        ("2026-11-23".into(), false)
    );
    // by the clock of the school the next day has begun
    let late = "2026-11-23T21:30:00Z";
    let overdue = list(&store, deputy(), late).await;
    assert!(overdue.lines[0].overdue);
    assert_eq!(overdue.lines[0].teachers, "Учителева А. И.");
    assert_eq!(
        waiting(&store, deputy(), late).await,
        Waiting { open: 1, overdue: 1 }
    );
    assert!(!list(&store, teacher(), late).await.may_set);
});

crate::db_test!(hostile_use_comes_to_an_end, pool, {
    put(&pool, MARKS).await;
    let store = store(&pool).await;
    let long = "ж".repeat(2001);
    for text in ["", "  \n ", &long, "а\0б"] {
        assert!(
            matches!(ask(&store, mother(), text).await, Err(AppError::Invalid { .. })),
            "{text:?}"
        );
    }
    // a mark that is not there
    put(
        &pool,
        "update mark set code = null where assignment_id = 800 and pupil_id = 1001",
    )
    .await;
    assert!(matches!(
        ask(&store, mother(), "Почему?").await,
        Err(AppError::Invalid { .. })
    ));
    put(
        &pool,
        "update mark set code = '3' where assignment_id = 800 and pupil_id = 1001",
    )
    .await;
    let id = ask(&store, mother(), "Почему?").await.unwrap();
    assert!(
        matches!(
            ask(&store, pupil(), "Почему?").await,
            Err(AppError::Invalid { .. })
        ),
        "one thread at a time"
    );
    for _ in 1..A_DAY {
        say(&store, mother(), WEDNESDAY, id, "Ау!").await.unwrap();
    }
    let refused = say(&store, mother(), "2026-11-18T10:00:00Z", id, "Ау!").await;
    assert_eq!(
        refused,
        Err(AppError::TooMany {
            retry_after: 23 * 3600
        })
    );
    say(&store, mother(), "2026-11-19T09:00:01Z", id, "Ау!")
        .await
        .unwrap();
    // the other one of the family is not silenced by it
    say(&store, pupil(), WEDNESDAY, id, "Мама, хватит").await.unwrap();

    // and no more than a few at once about a child
    put(&pool, "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) select 10, 8000 + n, 700, 1, 1, 1 from generate_series(1, 5) n;
        insert into dispute (school_id, assignment_id, pupil_id, code, asked_by, asked_at, due_on) select 10, 8000 + n, 1001, '3', 31, '2026-11-18Z', '2026-11-23' from generate_series(2, 5) n;
        insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values (10, 8001, 1001, 1, '3', 2, '2026-11-16 12:00Z')").await;
    assert_eq!(OPEN, 5);
    let mut ctx = at(&store, pupil(), WEDNESDAY).await;
    let out = dispute::ask(&mut ctx, PupilId(1001), AssignmentId(8001), "И эта").await;
    assert!(matches!(ctx.close(out).await, Err(AppError::Invalid { .. })));
});

const OF_PERIODS: &str =
    "insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at) values
    (10, 1, 5, 400, 1001, 'period', 1, 500, 1, '4', 2, '2026-10-24 12:00Z'), (10, 2, 5, 400, 1001, 'year', null, 500, 1, null, 2, '2026-10-24 12:00Z')";

async fn ask_period(store: &Store, who: Actor, mark: i64) -> Result<DisputeId, AppError> {
    let mut ctx = at(store, who, WEDNESDAY).await;
    let out = dispute::ask(&mut ctx, PupilId(1001), PeriodMarkId(mark), "Почему не пять?").await;
    ctx.close(out).await
}

async fn of_period(store: &Store, who: Actor) -> Result<OfMark, AppError> {
    let mut ctx = at(store, who, WEDNESDAY).await;
    let out = dispute::of_mark(&mut ctx, PupilId(1001), PeriodMarkId(1)).await;
    ctx.close(out).await
}

crate::db_test!(a_mark_of_a_period_is_asked_about_as_any_other, pool, {
    put(&pool, MARKS).await;
    put(&pool, OF_PERIODS).await;
    let store = store(&pool).await;
    let of = of_period(&store, mother()).await.unwrap();
    assert!(of.may_ask && of.date.is_none() && of.assignment.is_none());
    let period = of.period.unwrap();
    assert_eq!(
        (period.stage.as_str(), period.kind.as_deref(), period.number),
        ("period", Some("quarter"), Some(1))
    );
    assert_eq!(
        (of.subject.as_str(), of.code.as_deref()),
        ("Математика", Some("4"))
    );
    // who may not
    for (who, refused) in [
        (father(), AppError::NotFound),
        (stranger(), AppError::NotFound),
        (teacher(), AppError::Forbidden),
        (deputy(), AppError::Forbidden),
    ] {
        assert_eq!(ask_period(&store, who, 1).await, Err(refused));
    }
    // a mark that is not there, and one that was not given
    assert_eq!(ask_period(&store, mother(), 3).await, Err(AppError::NotFound));
    assert!(matches!(
        ask_period(&store, mother(), 2).await,
        Err(AppError::Invalid { .. })
    ));
    let id = ask_period(&store, mother(), 1).await.unwrap();
    assert!(matches!(
        ask_period(&store, pupil(), 1).await,
        Err(AppError::Invalid { .. })
    ));
    // beside it one about a work: neither hides the other, and both count
    ask(&store, mother(), "А это?").await.unwrap();
    assert_eq!(of_period(&store, mother()).await.unwrap().disputes.len(), 1);
    assert_eq!(of_mark(&store, mother()).await.unwrap().disputes.len(), 1);
    let waits = waiting(&store, teacher(), WEDNESDAY).await;
    assert_eq!((waits.open, waits.overdue), (2, 0));
    assert_eq!(waiting(&store, stranger(), WEDNESDAY).await.open, 0);
    // the term is the same: three school days
    let of = of_period(&store, teacher()).await.unwrap();
    assert_eq!(of.disputes[0].due_on, "2026-11-23".parse::<NaiveDate>().unwrap());
    assert!(of.disputes[0].may_say && !of.disputes[0].may_close);
    let lines = list(&store, teacher(), WEDNESDAY).await.lines;
    let line = lines.iter().find(|l| l.period.is_some()).unwrap();
    assert_eq!(
        (line.href().as_str(), line.code.as_str(), line.subject.as_str()),
        ("/disputes/1001/period/1", "4", "Математика")
    );
    assert_eq!(lines.len(), 2);
    assert!(list(&store, stranger(), WEDNESDAY).await.lines.is_empty());
    assert!(list(&store, father(), WEDNESDAY).await.lines.is_empty());
    assert_eq!(list(&store, mother(), WEDNESDAY).await.lines.len(), 2);
    // answered and closed as any other
    say(&store, teacher(), WEDNESDAY, id, "Средний балл 4,4")
        .await
        .unwrap();
    assert_eq!(
        of_period(&store, mother()).await.unwrap().disputes[0].state,
        State::Answered
    );
    assert_eq!(
        say(&store, stranger(), WEDNESDAY, id, "x").await,
        Err(AppError::NotFound)
    );
    close(&store, mother(), id).await.unwrap();
    assert!(of_period(&store, mother()).await.unwrap().may_ask);
    let kept = sqlx::query_scalar!(
        r#"select string_agg(distinct new ->> 'period_mark', ' ') as "of!" from audit_event where entity = 'dispute' and entity_key = $1"#,
        id.to_string()
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(kept, "1");
});
