//! Substitutions against the database: who says so, what whoever stands in may, and what the timetable, the deadlines, the diary and the
//! notices make of it. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod school;

use chrono::Duration;
use classbook_core::diary::Weeks;
use classbook_core::notice::sql as notice;
use classbook_core::substitution::{Act, Ask, Day, Wish, sql as substitution};
use school::*;

fn d(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

async fn day(store: &Store, actor: Actor, ask: Ask) -> Result<Day, AppError> {
    let mut ctx = open(store, actor).await;
    let out = substitution::day(&mut ctx, ask).await;
    ctx.close(out).await
}

fn wish(lesson: i64, to: Option<i64>, was: Option<i64>) -> Wish {
    Wish {
        lesson: LessonId(lesson),
        to: to.map(EmployeeId),
        was: was.map(EmployeeId),
    }
}

async fn give(
    store: &Store,
    actor: Actor,
    wishes: &[Wish],
    reason: &str,
    even_so: bool,
) -> Result<(), AppError> {
    let act = Act {
        wishes: wishes.to_vec(),
        reason: reason.into(),
        even_so,
    };
    let mut ctx = open(store, actor).await;
    let out = substitution::give(&mut ctx, &act).await;
    ctx.close(out).await
}

/// 1300 stands in at a lesson.
async fn stands_in(store: &Store, lesson: i64) {
    give(
        store,
        deputy(),
        &[wish(lesson, Some(1300), None)],
        "Болезнь",
        false,
    )
    .await
    .unwrap();
}

fn topic(lesson: i64, words: &str, expected: i32) -> Edit {
    let change = Change::Lesson {
        files_go: None,
        lesson: LessonId(lesson),
        topic: Some(words.into()),
        homework: None,
    };
    Edit {
        op_id: Uuid::new_v4(),
        change,
        expected,
    }
}

/// Who stands in, why, and the version of the lesson.
async fn stands(pool: &PgPool, lesson: i64) -> (Option<i64>, Option<String>, i32) {
    let row = sqlx::query!(
        "select substitute_id, substitute_reason, version from lesson where school_id = 10 and id = $1",
        lesson
    )
    .fetch_one(pool)
    .await
    .unwrap();
    (row.substitute_id, row.substitute_reason, row.version)
}

async fn debts(store: &Store, actor: Actor) -> Vec<i64> {
    let mut ctx = open(store, actor).await;
    let out = classbook_core::deadline::sql::mine(&mut ctx).await;
    let mine = ctx.close(out).await.unwrap();
    mine.debts.iter().filter_map(|d| d.lesson.map(|l| l.0)).collect()
}

/// The lessons of today among the journals: which, whether the actor stands in, who does.
async fn of_today(store: &Store, actor: Actor) -> Vec<(i64, bool, Option<String>)> {
    let mut ctx = open(store, actor).await;
    let out = sql::journals(&mut ctx).await;
    let journals = ctx.close(out).await.unwrap().journals;
    let today = journals.into_iter().flat_map(|j| j.today);
    today.map(|l| (l.lesson.0, l.stands_in, l.substitute)).collect()
}

crate::db_test!(whoever_stands_in_writes_that_lesson_and_no_other, pool, {
    let store = store(&pool).await;
    assert_eq!(
        grid(&store, stranger(), None).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        save(&store, stranger(), vec![mark(701, 0, 1001, Some("5"), 0)]).await,
        Err(AppError::NotFound)
    );
    // who gave a lesson by an earlier timetable gives it no more
    put(
        &pool,
        "update lesson set employee_id = 1300 where school_id = 10 and id = 700",
    )
    .await;
    assert!(grid(&store, stranger(), None).await.is_err());

    stands_in(&store, 701).await;
    assert_eq!(stands(&pool, 701).await, (Some(1300), Some("Болезнь".into()), 1));
    let saved = |outcome: Outcome| assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
    saved(save_one(&store, stranger(), mark(701, 0, 1001, Some("5"), 0)).await);
    saved(save_one(&store, stranger(), attend(701, 1002, Some("н"), 0)).await);
    saved(save_one(&store, stranger(), topic(701, "Дроби", 1)).await);
    // the next lesson, and the one before, in any way
    for edit in [
        mark(700, 800, 1001, Some("2"), 0),
        mark(700, 0, 1001, Some("2"), 0),
        attend(700, 1001, Some("н"), 0),
        topic(702, "Чужая", 1),
        // a work of another lesson under the name of one's own
        mark(701, 800, 1001, Some("2"), 0),
    ] {
        let refused = save(&store, stranger(), vec![edit.clone()]).await;
        assert_eq!(refused, Err(AppError::NotFound), "{edit:?}");
    }
    // the journal is there to be read
    let seen = grid(&store, stranger(), None).await.unwrap();
    assert!(!seen.may_edit && !seen.may_see_history && seen.writes());
    assert_eq!(seen.stands_in, [LessonId(701)]);
    assert_eq!(seen.substitutes, [(LessonId(701), "Бритова Е.".to_owned())]);
    assert!(seen.writes_into(LessonId(701)) && !seen.writes_into(LessonId(700)));
    let mut ctx = open(&store, stranger()).await;
    let out = classbook_core::plan::sql::book(&mut ctx, MATHS).await;
    assert!(!ctx.close(out).await.unwrap().may_edit);
    // whose journal it is goes on as before, and sees who stands in
    saved(save_one(&store, teacher(), mark(701, 0, 1003, Some("4"), 0)).await);
    let seen = grid(&store, teacher(), None).await.unwrap();
    assert!(seen.may_edit && seen.stands_in.is_empty() && seen.substitutes.len() == 1);
    let who = || Some("Бритова Е.".to_owned());
    assert_eq!(of_today(&store, stranger()).await, [(701, true, who())]);
    assert_eq!(of_today(&store, teacher()).await, [(701, false, who())]);

    // taken back: nothing is lost, and nothing is open any more
    give(&store, deputy(), &[wish(701, None, Some(1300))], "", false)
        .await
        .unwrap();
    assert_eq!(stands(&pool, 701).await.0, None);
    assert!(grid(&store, stranger(), None).await.is_err());
    assert!(
        save(&store, stranger(), vec![attend(701, 1002, None, 1)])
            .await
            .is_err()
    );
    assert_eq!(counts(&pool).await.1, 2);
    assert!(of_today(&store, stranger()).await.is_empty());
    // who reads histories reads who, when and why
    let mut ctx = open(&store, deputy()).await;
    let place = Place::Lesson {
        lesson: LessonId(701),
    };
    let out = sql::history(&mut ctx, place).await;
    let past = ctx.close(out).await.unwrap();
    let told: Vec<_> = past
        .iter()
        .filter(|p| {
            p.by.starts_with("Завучева") || p.comment.as_deref() == Some("Болезнь") || p.old.is_some()
        })
        .map(|p| (p.old.as_deref(), p.new.as_deref(), p.comment.as_deref()))
        .collect();
    assert!(
        told.contains(&(None, Some("замена: Бритова Е."), Some("Болезнь"))),
        "{told:?}"
    );
    assert!(
        told.contains(&(Some("замена: Бритова Е."), None, None)),
        "{told:?}"
    );
});

crate::db_test!(only_who_closes_journals_gives_lessons_away, pool, {
    let store = store(&pool).await;
    let counted = counts(&pool).await;
    let ask = Ask {
        day: Some(d(18)),
        teacher: Some(EmployeeId(1200)),
        class: None,
    };
    let one = [wish(701, Some(1300), None)];
    for actor in [teacher(), stranger(), mother()] {
        assert!(day(&store, actor.clone(), ask).await.is_err());
        assert!(give(&store, actor, &one, "", false).await.is_err());
    }
    let elsewhere = staff(7, 20, 2100, "deputy");
    assert_eq!(
        give(&store, elsewhere.clone(), &one, "", false).await,
        Err(AppError::NotFound)
    );
    assert_eq!(day(&store, elsewhere, ask).await.unwrap_err(), AppError::NotFound);
    // nobody of another school, nobody who writes in no journal, nobody who has left
    for who in [2100, 1500, 99_999] {
        assert_eq!(
            give(&store, deputy(), &[wish(701, Some(who), None)], "", false).await,
            Err(AppError::NotFound),
            "{who}"
        );
    }
    put(
        &pool,
        "update appointment set valid_to = '2026-11-17' where school_id = 10 and employee_id = 1300",
    )
    .await;
    assert_eq!(
        give(&store, deputy(), &one, "", false).await,
        Err(AppError::NotFound)
    );
    assert_eq!(counts(&pool).await, counted);
});

crate::db_test!(all_of_it_or_nothing, pool, {
    let store = store(&pool).await;
    put(
        &pool,
        "update lesson set state = 'cancelled', cancel_reason = 'Мороз' where school_id = 10 and id = 702;
         insert into lesson (school_id, id, load_id, held_on, slot) values (10, 750, 501, '2026-11-20', 1)",
    )
    .await;
    let counted = counts(&pool).await;
    let ok = wish(701, Some(1300), None);
    let long = "м".repeat(201);
    for (wishes, reason) in [
        (vec![], ""),
        (vec![ok, ok], ""),
        (vec![ok], "а"),
        (vec![ok], long.as_str()),
        // cancelled; of another day; of a closed period; given by this person anyway
        (vec![wish(702, Some(1300), None)], ""),
        (vec![ok, wish(700, Some(1300), None)], ""),
        (vec![wish(690, Some(1300), None)], ""),
        (vec![wish(701, Some(1200), None)], ""),
        (vec![wish(750, Some(1100), None), wish(702, Some(1100), None)], ""),
    ] {
        let refused = give(&store, deputy(), &wishes, reason, true).await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "{wishes:?} {reason:?} {refused:?}"
        );
    }
    assert_eq!(
        give(&store, deputy(), &[ok, wish(9999, Some(1300), None)], "", true).await,
        Err(AppError::NotFound)
    );
    assert_eq!(
        give(&store, deputy(), &[ok, wish(710, Some(1300), None)], "", true).await,
        Err(AppError::NotFound)
    );
    assert_eq!(counts(&pool).await, counted);
    assert_eq!(stands(&pool, 701).await, (None, None, 1));
    // somebody was faster
    stands_in(&store, 701).await;
    let late = give(&store, deputy(), &[wish(701, Some(1400), None)], "", false).await;
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");
    // the same again is nothing; without a word the reason stays, with another person it goes
    let counted = counts(&pool).await.0;
    give(&store, deputy(), &[wish(701, Some(1300), Some(1300))], "", false)
        .await
        .unwrap();
    assert_eq!(
        (stands(&pool, 701).await.1, counts(&pool).await.0),
        (Some("Болезнь".into()), counted)
    );
    give(&store, deputy(), &[wish(701, Some(1400), Some(1300))], "", false)
        .await
        .unwrap();
    assert_eq!(
        (stands(&pool, 701).await, counts(&pool).await.0),
        ((Some(1400), None, 1), counted + 1)
    );
    // a lesson that is given away and then cancelled keeps it for when it takes place again
    put(
        &pool,
        "update lesson set state = 'cancelled' where school_id = 10 and id = 701",
    )
    .await;
    let refused = save(
        &store,
        staff(4, 10, 1400, "teacher"),
        vec![attend(701, 1001, Some("н"), 0)],
    )
    .await;
    assert!(refusal(&refused.unwrap()[0].outcome).contains("отмен"));
    give(&store, deputy(), &[wish(701, None, Some(1400))], "", false)
        .await
        .unwrap();
});

crate::db_test!(who_is_busy_is_told_so_and_asked_again, pool, {
    let store = store(&pool).await;
    put(
        &pool,
        "insert into lesson (school_id, id, load_id, held_on, slot, employee_id) values (10, 750, 501, '2026-11-18', 1, 1300)",
    )
    .await;
    let of = |teacher: Option<i64>, class: Option<i64>| Ask {
        day: Some(d(18)),
        teacher: teacher.map(EmployeeId),
        class: class.map(ClassId),
    };
    let seen = day(&store, deputy(), of(Some(1200), None)).await.unwrap();
    let [line] = &seen.lessons[..] else {
        panic!("{:?}", seen.lessons);
    };
    assert_eq!(
        (line.lesson, line.audience.as_str(), line.off, line.locked),
        (LessonId(701), "7А", false, false)
    );
    let found: Vec<_> = seen
        .candidates(line)
        .into_iter()
        .map(|c| (c.person.employee.0, c.busy))
        .collect();
    // the administrator writes in no journal, the absent one is not asked
    assert_eq!(found.len(), 3);
    assert_eq!(found[2], (1300, Some("7А (Англ 1), Английский язык")));

    let wishes = [wish(701, Some(1300), None)];
    let refused = give(&store, deputy(), &wishes, "", false).await.unwrap_err();
    let AppError::Invalid { fields } = &refused else {
        panic!("{refused:?}");
    };
    assert_eq!(fields[0].field, "busy");
    assert!(
        fields[0]
            .message
            .contains("Бритова Е. — 2-й урок, 7А (Англ 1), Английский язык"),
        "{}",
        fields[0].message
    );
    assert_eq!(stands(&pool, 701).await.0, None);
    give(&store, deputy(), &wishes, "", true).await.unwrap();
    assert_eq!(stands(&pool, 701).await.0, Some(1300));
    // of neither teacher nor class: what is given away that day; of who stands in, both
    assert_eq!(
        day(&store, deputy(), of(None, None)).await.unwrap().lessons.len(),
        1
    );
    assert_eq!(
        day(&store, deputy(), of(Some(1300), None))
            .await
            .unwrap()
            .lessons
            .len(),
        2
    );
    assert_eq!(
        day(&store, deputy(), of(None, Some(100)))
            .await
            .unwrap()
            .lessons
            .len(),
        2
    );
    assert_eq!(
        day(&store, deputy(), of(Some(1100), Some(101)))
            .await
            .unwrap()
            .lessons,
        []
    );
    for ask in [of(Some(2100), None), of(None, Some(200))] {
        assert_eq!(day(&store, deputy(), ask).await.unwrap_err(), AppError::NotFound);
    }
});

crate::db_test!(a_new_timetable_leaves_it_alone, pool, {
    let store = store(&pool).await;
    stands_in(&store, 702).await;
    // neither lesson has its card any more
    put(
        &pool,
        "update card set day = null, slot = null, room_id = null where school_id = 10 and id in (2, 3)",
    )
    .await;
    let mut ctx = open(&store, deputy()).await;
    let out = study_core::timetable::sql::lay_out_lessons(&mut ctx, d(16), d(20)).await;
    ctx.close(out).await.unwrap();
    assert_eq!(stands(&pool, 702).await.0, Some(1300));
    let left =
        sqlx::query_scalar!(r#"select count(*) as "n!" from lesson where school_id = 10 and id = 701"#)
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(left, 0);
});

crate::db_test!(what_is_not_written_is_owed_by_who_stood_in, pool, {
    let store = store(&pool).await;
    assert_eq!(debts(&store, teacher()).await, [700, 700, 701, 701]);
    stands_in(&store, 700).await;
    assert_eq!(debts(&store, teacher()).await, [701, 701]);
    assert_eq!(debts(&store, stranger()).await, [700, 700]);
    save_one(&store, stranger(), topic(700, "Дроби", 1)).await;
    // the work without a mark is left
    assert_eq!(debts(&store, stranger()).await.len(), 1);
    give(&store, deputy(), &[wish(700, None, Some(1300))], "", false)
        .await
        .unwrap();
    assert!(debts(&store, stranger()).await.is_empty());
});

crate::db_test!(the_family_sees_it_and_who_stands_in_is_told, pool, {
    // what the family is told is in `notice_schedule.rs`; three pupils have the lesson
    let store = store(&pool).await;
    put(
        &pool,
        "drop trigger audit_event_keeps_substitutions on audit_event;
         create trigger audit_event_keeps_substitutions after insert on audit_event for each row
             when (new.entity = 'lesson' and new.action in ('lesson.substituted', 'lesson.substitution_ended')) execute function keep_for_notices();",
    )
    .await;
    let in_diary = async || {
        let mut ctx = open(&store, mother()).await;
        let out =
            classbook_core::diary::sql::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), Some(d(18)))
                .await;
        let week = ctx.close(out).await.unwrap();
        let mut lessons = week.days.into_iter().flat_map(|day| day.lessons);
        let found = lessons.find(|l| l.id == Some(LessonId(702))).unwrap();
        (found.substitute, found.teacher)
    };
    let told = async || {
        let mut all = 0;
        while let Some(made) = notice::tell(&store, now() + Duration::minutes(2)).await.unwrap() {
            all += made;
        }
        all
    };
    let said = async |who: Actor| {
        let mut ctx = open(&store, who).await;
        let out = notice::notices(&mut ctx).await;
        let all = ctx.close(out).await.unwrap().notices;
        let said = |n: &classbook_core::notice::Notice| {
            let subject = n.subject.clone().unwrap_or_default();
            format!(
                "{subject}: {} {}",
                classbook_core::notice::said(n, Lang::Ru),
                n.href()
            )
        };
        all.iter().map(said).collect::<Vec<_>>()
    };
    assert_eq!(in_diary().await, (false, Some("Учителева А. И.".into())));
    stands_in(&store, 702).await;
    assert_eq!(in_diary().await, (true, Some("Бритова Е.".into())));
    assert_eq!(told().await, 3 + 1);
    assert_eq!(
        said(stranger()).await,
        ["Математика, 7А: Вам замена: 1-й урок /journal/500?lesson=702"]
    );
    for nobody in [teacher(), deputy()] {
        assert!(said(nobody).await.is_empty());
    }
    // to another one: the one need not, the other is to
    give(&store, deputy(), &[wish(702, Some(1400), Some(1300))], "", false)
        .await
        .unwrap();
    assert_eq!(told().await, 3 + 2);
    assert_eq!(
        said(stranger()).await[0],
        "Математика, 7А: Замена отменена: 1-й урок вести не нужно /journal"
    );
    assert_eq!(said(staff(4, 10, 1400, "teacher")).await.len(), 1);
    // to and fro within the minute is nothing, and of a day that is over nobody is told
    give(&store, deputy(), &[wish(702, None, Some(1400))], "", false)
        .await
        .unwrap();
    give(&store, deputy(), &[wish(702, Some(1400), None)], "", false)
        .await
        .unwrap();
    stands_in(&store, 700).await;
    assert_eq!(told().await, 0);
});
