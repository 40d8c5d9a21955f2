//! Rules of marking in the database: who adds them, what is refused, that nothing changes backwards unseen.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

#[path = "school/mod.rs"]
mod school;

use classbook_core::grading::sql::{add_rule, rules, withdraw_rule};
use classbook_core::grading::{Minimum, Rewritten, Rules, Terms, in_force};
use school::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn terms(from: &str) -> Terms {
    Terms {
        five_from: Hundredths(465),
        four_from: Hundredths(365),
        three_from: Hundredths(265),
        minimums: vec![
            Minimum {
                week_hours: Hundredths(250),
                marks: 5,
            },
            Minimum {
                week_hours: Hundredths(0),
                marks: 3,
            },
        ],
        class_average: true,
        rewritten: Rewritten::Both,
        act_number: " Положение № 12 ".into(),
        act_date: day("2026-08-30"),
        ..Terms::usual(day(from))
    }
}

async fn look(store: &Store, actor: Actor) -> Result<Rules, AppError> {
    let mut ctx = open(store, actor).await;
    let out = rules(&mut ctx).await;
    ctx.close(out).await
}

async fn add(
    store: &Store,
    actor: Actor,
    seen: Option<RuleId>,
    terms: Terms,
    reason: Option<&str>,
) -> Result<RuleId, AppError> {
    let mut ctx = open(store, actor).await;
    let out = add_rule(&mut ctx, Uuid::new_v4(), seen, terms, reason.map(str::to_owned)).await;
    ctx.close(out).await
}

async fn withdraw(store: &Store, actor: Actor, id: RuleId) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let out = withdraw_rule(&mut ctx, id).await;
    ctx.close(out).await
}

fn field(error: &AppError) -> &str {
    match error {
        AppError::Invalid { fields } => &fields[0].field,
        other => panic!("not invalid: {other:?}"),
    }
}

async fn events(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar!("select action from audit_event where entity = 'grading_rule' order by id")
        .fetch_all(pool)
        .await
        .unwrap()
}

db_test!(a_rule_is_added_read_and_withdrawn, pool, {
    let store = store(&pool).await;
    let none = look(&store, deputy()).await.unwrap();
    assert!(none.may_edit && none.rules.is_empty());
    assert_eq!(none.year_from, Some(day("2026-09-01")));
    let first = add(&store, deputy(), None, terms("2026-11-18"), None)
        .await
        .unwrap();
    let seen = look(&store, teacher()).await.unwrap();
    assert!(!seen.may_edit);
    let rule = &seen.rules[0];
    assert_eq!((rule.id, rule.by.as_str()), (first, "Завучева Ольга Петровна"));
    assert_eq!(
        rule.terms,
        terms("2026-11-18").tidy(),
        "spaces are gone, minimums by hours"
    );
    // a second one, which has not begun, is withdrawn; the one in force is not
    let second = add(&store, deputy(), Some(first), terms("2027-01-12"), None)
        .await
        .unwrap();
    let both = look(&store, deputy()).await.unwrap();
    let held = |on| in_force(&both.rules, 7, day(on)).map(|r| r.id);
    assert_eq!(
        (held("2026-12-27"), held("2027-03-20")),
        (Some(first), Some(second))
    );
    withdraw(&store, deputy(), second).await.unwrap();
    assert_eq!(withdraw(&store, deputy(), second).await, Err(AppError::NotFound));
    let refused = withdraw(&store, deputy(), first).await.unwrap_err();
    assert!(refused.message(Lang::Ru).contains("уже действует"), "{refused:?}");
    assert_eq!(
        events(&pool).await,
        [
            "grading_rule.added",
            "grading_rule.added",
            "grading_rule.withdrawn"
        ]
    );
});

db_test!(only_the_deputy_sets_rules, pool, {
    let store = store(&pool).await;
    let rule = add(&store, deputy(), None, terms("2026-12-01"), None)
        .await
        .unwrap();
    let family = Actor {
        role: Role::Guardian {
            pupils: vec![PupilId(1001)],
        },
        grants: vec![],
        ..staff(31, 10, 0, "teacher")
    };
    for (who, wanted) in [
        (teacher(), AppError::Forbidden),
        (family, AppError::NotFound),
        (staff(40, 10, 1500, "administrator"), AppError::NotFound),
        (staff(4, 20, 2100, "deputy"), AppError::NotFound),
    ] {
        assert_eq!(
            add(&store, who.clone(), Some(rule), terms("2027-01-12"), None).await,
            Err(wanted.clone())
        );
        assert_eq!(withdraw(&store, who, rule).await, Err(wanted));
    }
    assert_eq!(events(&pool).await.len(), 1);
});

db_test!(nothing_changes_backwards_unseen, pool, {
    let store = store(&pool).await;
    // the second quarter runs and is open: a past day needs a reason
    let e = add(&store, deputy(), None, terms("2026-11-02"), None)
        .await
        .unwrap_err();
    assert_eq!(field(&e), "reason");
    // the first one is closed: no reason reaches it
    let e = add(&store, deputy(), None, terms("2026-09-01"), Some("Забыли внести"))
        .await
        .unwrap_err();
    assert_eq!(field(&e), "valid_from");
    assert!(e.message(Lang::Ru).contains("25.10.2026"), "{e:?}");
    // grades without a closed period are free to begin earlier
    let tenth = Terms {
        grade_from: 10,
        grade_to: 11,
        ..terms("2026-09-01")
    };
    let tenth = add(&store, deputy(), None, tenth, Some("Забыли внести"))
        .await
        .unwrap();
    let id = add(
        &store,
        deputy(),
        Some(tenth),
        terms("2026-11-02"),
        Some("  Приказ пришёл позже  "),
    )
    .await
    .unwrap();
    let kept = look(&store, deputy()).await.unwrap();
    let rule = kept.rules.iter().find(|r| r.id == id).unwrap();
    assert_eq!(rule.reason.as_deref(), Some("Приказ пришёл позже"));
    let logged = sqlx::query_scalar!(
        r#"select new ->> 'reason' as "reason" from audit_event where entity = 'grading_rule' and entity_key = $1"#,
        id.to_string()
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(logged.as_deref(), Some("Приказ пришёл позже"));
});

db_test!(what_is_wrong_is_said_and_changes_nothing, pool, {
    let store = store(&pool).await;
    let first = add(&store, deputy(), None, terms("2026-11-18"), None)
        .await
        .unwrap();
    let wrong = |change: fn(&mut Terms)| {
        let mut terms = terms("2027-01-12");
        change(&mut terms);
        terms
    };
    for (terms, wanted) in [
        (wrong(|t| t.grade_to = 40), "grades"),
        (wrong(|t| t.five_from = Hundredths(i64::MAX)), "thresholds"),
        (wrong(|t| t.minimums = vec![t.minimums[0]; 9]), "minimums"),
        (wrong(|t| t.act_number = String::new()), "act"),
        (wrong(|t| t.valid_from = NaiveDate::MAX), "valid_from"),
        // the same day, the same grades
        (terms("2026-11-18"), "valid_from"),
    ] {
        let e = add(&store, deputy(), Some(first), terms, None).await.unwrap_err();
        assert_eq!(field(&e), wanted);
    }
    // somebody added a rule meanwhile; a rule of nobody's
    let stale = add(&store, deputy(), None, terms("2027-01-12"), None).await;
    assert!(matches!(stale, Err(AppError::Conflict { .. })), "{stale:?}");
    let foreign = add(&store, deputy(), Some(RuleId(77)), terms("2027-01-12"), None).await;
    assert_eq!(foreign, Err(AppError::NotFound));
    assert_eq!(events(&pool).await.len(), 1);
});

db_test!(a_repeated_send_adds_one_rule, pool, {
    let store = store(&pool).await;
    let op = Uuid::new_v4();
    let mut made = vec![];
    for _ in 0..2 {
        let mut ctx = open(&store, deputy()).await;
        let out = add_rule(&mut ctx, op, None, terms("2026-11-18"), None).await;
        made.push(ctx.close(out).await.unwrap());
    }
    assert_eq!(made[0], made[1]);
    assert_eq!(events(&pool).await.len(), 1);
});
