//! How far back a plan can be taken, and what has gone meanwhile.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use classbook_core::plan::{self, Act, Book, Terms};
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

fn rows(topics: &[&str]) -> Act {
    Act::Add {
        after: None,
        rows: topics.iter().map(|t| Terms::of(t)).collect(),
    }
}

db_test!(the_last_twenty_acts_are_kept, pool, {
    let store = store(&pool).await;
    for n in 0..25 {
        change(&store, teacher(), n, rows(&[&format!("Тема {n}")]))
            .await
            .unwrap();
    }
    let kept = sqlx::query_scalar!(r#"select count(*) as "n!" from lesson_plan_act"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(kept, 20);
    let mut revision = 25;
    while book(&store, teacher()).await.unwrap().undo.is_some() {
        undo(&store, teacher(), revision).await.unwrap();
        revision += 1;
    }
    assert_eq!(book(&store, teacher()).await.unwrap().plan.rows.len(), 5);
});

db_test!(what_has_gone_meanwhile_does_not_come_back_with_the_plan, pool, {
    let store = store(&pool).await;
    let terms = Terms {
        work: Some(WorkTypeId(2)),
        ..Terms::of("Контрольная")
    };
    change(
        &store,
        teacher(),
        0,
        Act::Add {
            after: None,
            rows: vec![terms],
        },
    )
    .await
    .unwrap();
    change(
        &store,
        teacher(),
        1,
        Act::FallOut {
            lesson: LessonId(702),
            tighten: false,
        },
    )
    .await
    .unwrap();
    change(
        &store,
        teacher(),
        2,
        Act::Replace {
            rows: vec![Terms::of("Иначе")],
        },
    )
    .await
    .unwrap();
    sqlx::raw_sql("delete from lesson where school_id = 10 and id = 702; delete from work_type where school_id = 10 and id = 2")
        .execute(&pool)
        .await
        .unwrap();
    let back = undo(&store, teacher(), 3).await.unwrap();
    assert_eq!(back.plan.rows[0].terms, Terms::of("Контрольная"));
    assert!(back.plan.skipped.is_empty());
});
