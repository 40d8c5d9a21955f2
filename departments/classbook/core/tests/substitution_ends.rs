//! The ends of substitutions: for how long who stood in reads the journal, who of the past can be named, and what of it stays on a device.
//! Today is Wednesday, 18 November 2026. Against a real database.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use base::rights::{Action, Kind, Reach};
use chrono::{Datelike as _, Days};
use classbook_core::substitution::{Act, Ask, READ_AFTER, Wish, sql as substitution};
use school::*;

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

/// What somebody reads who stood in, so many days after today.
async fn opens(store: &Store, days: i64) -> bool {
    let at = now() + chrono::TimeDelta::days(days);
    let mut ctx = store.begin(stranger(), at, Lang::Ru).await.unwrap();
    let out = sql::grid(&mut ctx, MATHS, None).await;
    let grid = ctx.close(out).await;
    assert!(matches!(grid, Ok(_) | Err(AppError::NotFound)), "{grid:?}");
    // the list of journals says the same
    let mut ctx = store.begin(stranger(), at, Lang::Ru).await.unwrap();
    let out = sql::journals(&mut ctx).await;
    let journals = ctx.close(out).await.unwrap().journals;
    assert_eq!(journals.iter().any(|j| j.load == MATHS), grid.is_ok());
    grid.is_ok()
}

db_test!(who_stood_in_reads_the_journal_for_a_term, pool, {
    let store = store(&pool).await;
    let term = i64::from(READ_AFTER);
    assert!(!opens(&store, 0).await);
    // of Wednesday, written up; of the lessons to come one reads before
    put(
        &pool,
        "delete from assignment where school_id = 10 and lesson_id in (700, 701);
         update lesson set substitute_id = 1300, topic = 'Дроби', state = 'held' where school_id = 10 and id = 701",
    )
    .await;
    assert!(opens(&store, -1).await && opens(&store, 0).await);
    assert!(opens(&store, term).await);
    assert!(!opens(&store, term + 1).await);
    // Friday's counts from Friday
    put(
        &pool,
        "update lesson set substitute_id = 1300, topic = 'Дроби', state = 'held' where school_id = 10 and id = 702",
    )
    .await;
    assert!(opens(&store, term + 2).await);
    assert!(!opens(&store, term + 3).await);

    // while something of it is owed, and can be written
    let owed = [
        (
            "update lesson set topic = null where school_id = 10 and id = 701",
            "update lesson set topic = 'Дроби' where school_id = 10 and id = 701",
        ),
        (
            "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values (10, 801, 701, 1, 1, 1)",
            "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
             values (10, 801, 1001, 1, '4', 3, '2026-11-18 12:00Z')",
        ),
        (
            "insert into deadline_rule (school_id, valid_from, topic_days, homework_days, marks_days, reason_days, homework_each, changed_by, changed_at)
             values (10, '2026-11-17', 0, 0, 1, 2, true, 1, '2026-11-17 12:00Z')",
            "insert into homework (school_id, load_id, lesson_id, text) values (10, 500, 701, '§ 7'), (10, 500, 702, '§ 8')",
        ),
    ];
    for (statement, paid) in owed {
        put(&pool, statement).await;
        assert!(opens(&store, term + 3).await, "{statement}");
        put(&pool, paid).await;
        assert!(!opens(&store, term + 3).await, "{paid}");
    }
    // somebody else's debt in the same journal is none of it
    put(
        &pool,
        "update lesson set topic = null where school_id = 10 and id = 700",
    )
    .await;
    assert!(!opens(&store, term + 3).await);
    // what cannot be written any more is not waited for: closed, or not held at all
    put(
        &pool,
        "update lesson set topic = null where school_id = 10 and id = 701",
    )
    .await;
    assert!(opens(&store, term + 3).await);
    put(
        &pool,
        "update period set locked_at = '2026-12-01 12:00Z' where school_id = 10 and id = 2",
    )
    .await;
    assert!(!opens(&store, term + 3).await);
    put(
        &pool,
        "update period set locked_at = null where school_id = 10 and id = 2;
         update lesson set state = 'cancelled', cancel_reason = 'Мороз' where school_id = 10 and id = 701",
    )
    .await;
    assert!(!opens(&store, term + 3).await);
});

db_test!(who_has_left_stood_in_all_the_same, pool, {
    let store = store(&pool).await;
    let give = async |lesson: i64, to: i64| {
        let act = Act {
            wishes: vec![Wish {
                lesson: LessonId(lesson),
                to: Some(EmployeeId(to)),
                was: None,
            }],
            reason: "Болезнь".into(),
            even_so: true,
        };
        let mut ctx = open(&store, deputy()).await;
        let out = substitution::give(&mut ctx, &act).await;
        ctx.close(out).await
    };
    let named = async |on: NaiveDate| {
        let ask = Ask {
            day: Some(on),
            ..Ask::default()
        };
        let mut ctx = open(&store, deputy()).await;
        let out = substitution::day(&mut ctx, ask).await;
        let people = ctx.close(out).await.unwrap().people;
        people.iter().any(|p| p.employee == EmployeeId(1300))
    };
    let debts = async |actor: Actor| {
        let mut ctx = open(&store, actor).await;
        let out = classbook_core::deadline::sql::mine(&mut ctx).await;
        let mine = ctx.close(out).await.unwrap().debts;
        mine.iter()
            .filter_map(|d| d.lesson.map(|l| l.0))
            .collect::<Vec<_>>()
    };
    // she left on Tuesday: Monday's lesson was hers, today's cannot be
    put(
        &pool,
        "update appointment set valid_to = '2026-11-17' where school_id = 10 and employee_id = 1300",
    )
    .await;
    let monday = now().date_naive() - Days::new(2);
    assert_eq!(monday.day(), 16);
    assert!(named(monday).await && !named(now().date_naive()).await);
    assert_eq!(give(701, 1300).await, Err(AppError::NotFound));
    give(700, 1300).await.unwrap();
    // what is not written there is owed by who can write it
    assert_eq!(debts(teacher()).await, [700, 700, 701, 701]);
    // whoever came on Tuesday may be named for Monday, too: they write it up
    put(
        &pool,
        "update lesson set substitute_id = null, substitute_reason = null where school_id = 10 and id = 700;
         update appointment set valid_from = '2026-11-17', valid_to = null where school_id = 10 and employee_id = 1300",
    )
    .await;
    assert!(named(monday).await);
    give(700, 1300).await.unwrap();
    assert_eq!(debts(teacher()).await, [701, 701]);
    assert_eq!(debts(stranger()).await, [700, 700]);
});

db_test!(the_plan_of_a_substitution_stays_on_the_device, pool, {
    let store = store(&pool).await;
    let whose = async |actor: Actor| {
        let mut ctx = open(&store, actor).await;
        let out = classbook_core::plan::sql::book(&mut ctx, MATHS).await;
        ctx.close(out).await.map(|book| (book.may_edit, book.whose))
    };
    assert_eq!(whose(stranger()).await, Err(AppError::NotFound));
    put(
        &pool,
        "update lesson set substitute_id = 1300 where school_id = 10 and id = 701",
    )
    .await;
    assert_eq!(whose(stranger()).await, Ok((false, Some("3@10".to_owned()))));
    assert_eq!(whose(teacher()).await, Ok((true, Some("2@10".to_owned()))));
    // who only looks on keeps nothing
    let looking = Actor {
        grants: vec![Grant {
            kind: Kind::Journal,
            action: Action::View,
            reach: Reach::School,
        }],
        ..staff(40, 10, 1500, "administrator")
    };
    assert_eq!(whose(looking).await, Ok((false, None)));
});
