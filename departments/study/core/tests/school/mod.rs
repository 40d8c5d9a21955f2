//! School 10 of `base/fixtures/small.sql` for tests of the database: its people, its day, one act in one transaction.
#![allow(dead_code, reason = "each test file uses a part of it")]

use base::rights::{Actor, Role, template};
use base::sql::{Ctx, Done, Store};
use base::{AccountId, AppError, EmployeeId, Lang, PersonId, PupilId, SchoolId};
use chrono::{DateTime, Utc};
use sqlx::PgPool;

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_248_000, 0).unwrap() // Saturday 2026-11-21
}

pub fn staff(school: i64, person: i64, position: &str) -> Actor {
    Actor {
        person: PersonId(person),
        account: AccountId(1),
        school: SchoolId(school),
        role: Role::Staff {
            employee: EmployeeId(1),
        },
        grants: template(position).unwrap().grants.to_vec(),
        must_change_password: false,
        utc_offset: 3 * 3600,
    }
}

pub fn deputy() -> Actor {
    staff(10, 1, "deputy")
}

pub fn mother() -> Actor {
    Actor {
        role: Role::Guardian {
            pupils: vec![PupilId(1001)],
        },
        grants: vec![],
        ..staff(10, 31, "teacher")
    }
}

pub async fn store(pool: &PgPool) -> Store {
    Store::connect((*pool.connect_options()).clone(), 5)
        .await
        .unwrap()
}

/// Runs one act of one person in one transaction.
pub async fn act<T>(
    store: &Store,
    who: Actor,
    act: impl AsyncFnOnce(&mut Ctx) -> Done<T>,
) -> Result<T, AppError> {
    let mut ctx = store.begin(who, now(), Lang::Ru).await?;
    let outcome = act(&mut ctx).await;
    ctx.close(outcome).await
}

pub async fn count(pool: &PgPool, sql: &str) -> i64 {
    sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql.to_owned()))
        .fetch_one(pool)
        .await
        .unwrap()
}
