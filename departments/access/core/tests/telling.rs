//! A password opens doors of schools that had no part in issuing it: they read of it, and nobody else does.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests")]

mod support;

use access_core::accounts::Group;
use access_core::accounts::sql::{due, give, passwords};
use base::ClassId;
use base::rights::template;
use serde_json::{Value, json};
use support::*;

/// Who did it and what is said, of each password issued that a school's journal of changes tells of.
async fn told(pool: &PgPool, school: i64) -> Vec<(Option<i64>, Value)> {
    sqlx::query_as(
        "select actor_id, new from audit_event where school_id = $1 and action = 'account.password_issued' order by id",
    )
    .bind(school)
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn set(pool: &PgPool, statements: &'static str) {
    sqlx::raw_sql(statements).execute(pool).await.unwrap();
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_other_school_of_a_family_reads_of_a_password(pool: PgPool) {
    let door = door(&pool).await;
    let admin = actor_of(&door, "admin").await;
    // the mother has a child in either school; the father's is here
    reissue(&door, &admin, 31).await.unwrap();
    reissue(&door, &admin, 32).await.unwrap();
    let here = told(&pool, 10).await;
    assert_eq!(
        here,
        [
            (Some(40), json!({ "person": 31 })),
            (Some(40), json!({ "person": 32 }))
        ]
    );
    // no person of this school is named there
    let from_outside = |person: i64| {
        (
            None::<i64>,
            json!({ "by": "organisation", "organisation": 10, "person": person }),
        )
    };
    assert_eq!(told(&pool, 20).await, [from_outside(31)]);
    // what was refused is told nobody
    assert!(reissue(&door, &admin, 40).await.is_err());
    assert_eq!((told(&pool, 10).await.len(), told(&pool, 20).await.len()), (2, 1));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn slips_are_told_to_the_other_school_as_well(pool: PgPool) {
    let door = door(&pool).await;
    let admin = actor_of(&door, "admin").await;
    // her slip was never used; the pupil beside her has no account yet, and learns here only
    set(
        &pool,
        "update account set must_change_password = true, issued_password_expires_at = '2026-12-01' where person_id = 31",
    )
    .await;
    let class = Group::Class(ClassId(100));
    let mut ctx = door.store.begin(admin.clone(), start(), Lang::Ru).await.unwrap();
    let found = due(&mut ctx, class, &[PersonId(31), PersonId(13)]).await;
    let found = ctx.close(found).await.unwrap();
    let given = passwords(&door.hasher, &found).await.unwrap();
    let mut ctx = door.store.begin(admin, start(), Lang::Ru).await.unwrap();
    let slips = Box::pin(give(&mut ctx, class, given)).await;
    assert_eq!(ctx.close(slips).await.unwrap().len(), 2);
    assert_eq!(told(&pool, 10).await.len(), 2);
    let there = told(&pool, 20).await;
    assert_eq!(
        there,
        [(
            None::<i64>,
            json!({ "by": "organisation", "organisation": 10, "person": 31 })
        )]
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn former_schools_hear_nothing(pool: PgPool) {
    let door = door(&pool).await;
    let counts = async || [told(&pool, 10).await.len(), told(&pool, 20).await.len()];
    let reset = async |login: &str| {
        reset_login(&door.store, &door.hasher, login, start())
            .await
            .unwrap();
    };
    // a teacher of both schools, then of one
    reset("dvoe").await;
    assert_eq!(counts().await, [1, 1]);
    set(
        &pool,
        "update appointment set valid_to = '2026-11-19' where school_id = 20 and id = 6",
    )
    .await;
    reset("dvoe").await;
    assert_eq!(counts().await, [2, 1]);
    // one that is yet to begin counts
    set(
        &pool,
        "insert into appointment (school_id, employee_id, position_id, valid_from) values (20, 2100, 60, '2026-12-01')",
    )
    .await;
    reset("dvoe").await;
    assert_eq!(counts().await, [3, 2]);

    // a pupil who left opens the diary for four months more (as `sessions::sql::find` has it), then nothing
    for (left, expected) in [("2026-07-24", [4, 2]), ("2026-07-23", [4, 2])] {
        sqlx::query("update enrolment set starts_on = '2026-01-01', ends_on = $1::date where school_id = 10 and pupil_id = 1001")
            .bind(left)
            .execute(&pool)
            .await
            .unwrap();
        reset("artem").await;
        assert_eq!(counts().await, expected, "left {left}");
        let opens = with(&door, &enter_as_owner(&pool, &door, "artem").await, 1).await;
        let keys = opens.known().unwrap().facts.keys();
        assert_eq!(keys.is_empty(), left == "2026-07-23", "the same rule: {keys:?}");
    }
    // so has a mother whose child left; and a guardian of former days
    reset("mama").await;
    assert_eq!(
        counts().await,
        [4, 3],
        "of her two children one is still at school"
    );
    set(
        &pool,
        "update guardianship set valid_to = '2026-11-19' where guardian_id = 31",
    )
    .await;
    reset("mama").await;
    assert_eq!(counts().await, [4, 3]);
}

/// Signs in with the common password, as if it had been chosen after the reset.
async fn enter_as_owner(pool: &PgPool, door: &Door, login: &str) -> Opened {
    sqlx::query("update account set password_hash = $1, must_change_password = false where login = $2")
        .bind(hash_now(PASSWORD, &[3; 16]).unwrap())
        .bind(login)
        .execute(pool)
        .await
        .unwrap();
    enter(door, login).await
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn between_the_asking_and_the_writing_a_right_may_go(pool: PgPool) {
    let door = door(&pool).await;
    let admin = actor_of(&door, "admin").await;
    let mut ctx = door.store.begin(admin.clone(), start(), Lang::Ru).await.unwrap();
    let found = due_one(&mut ctx, PersonId(32)).await;
    let found = ctx.close(found).await.unwrap();
    // the connection is back while the password is hashed
    let given = password(&door.hasher, &found).await.unwrap();
    let mut fewer = admin;
    fewer.grants = template("teacher").unwrap().grants.to_vec();
    let mut ctx = door.store.begin(fewer, start(), Lang::Ru).await.unwrap();
    let late = give_one(&mut ctx, given).await;
    assert!(ctx.close(late).await.is_err());
    assert!(try_password(&door, "papa", PASSWORD, 1).await.is_ok());
    assert!(told(&pool, 10).await.is_empty());
}
