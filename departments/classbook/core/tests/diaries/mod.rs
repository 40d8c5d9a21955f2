//! The families of the small fixture, and how they look into a diary.
#![allow(dead_code, unused_imports, reason = "each test file uses a part of it")]

pub use base::rights::{Actor, Grant, Role, template};
pub use base::sql::{Ctx, Done, Store};
pub use base::{AccountId, AppError, EmployeeId, Lang, PeriodId, PersonId, PupilId, SchoolId, SubjectId};
pub use chrono::{DateTime, NaiveDate, Utc};
pub use classbook_core::diary::{Place, State, Week, Weeks, sql};
pub use sqlx::PgPool;

pub const MOTHER: i64 = 31;
pub const FATHER: i64 = 32;

pub const NOON: &str = "2026-11-18T09:00:00Z";

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn actor(person: i64, school: i64, role: Role, position: Option<&str>) -> Actor {
    let grants: Vec<Grant> = position
        .map(|p| template(p).unwrap().grants.to_vec())
        .unwrap_or_default();
    Actor {
        person: PersonId(person),
        account: AccountId(person),
        school: SchoolId(school),
        role,
        grants,
        must_change_password: false,
        utc_offset: 3 * 3600,
    }
}

pub fn mother() -> Actor {
    actor(
        MOTHER,
        10,
        Role::Guardian {
            pupils: vec![PupilId(1001)],
        },
        None,
    )
}

pub fn father() -> Actor {
    actor(
        FATHER,
        10,
        Role::Guardian {
            pupils: vec![PupilId(1002)],
        },
        None,
    )
}

pub fn teacher(person: i64, school: i64, employee: i64) -> Actor {
    actor(
        person,
        school,
        Role::Staff {
            employee: EmployeeId(employee),
        },
        Some("teacher"),
    )
}

pub async fn store(pool: &PgPool) -> Store {
    Store::connect((*pool.connect_options()).clone(), 2)
        .await
        .unwrap()
}

/// Runs one question as somebody at a moment.
pub async fn ask<T>(
    pool: &PgPool,
    who: Actor,
    now: &str,
    act: impl AsyncFnOnce(&mut Ctx) -> Done<T>,
) -> Result<T, AppError> {
    let mut ctx = store(pool).await.begin(who, at(now), Lang::Ru).await.unwrap();
    let out = act(&mut ctx).await;
    ctx.close(out).await
}

pub async fn week_of(pool: &PgPool, who: Actor, now: &str, pupil: i64, date: &str) -> Result<Week, AppError> {
    ask(pool, who, now, async |ctx| {
        sql::week(ctx, &Weeks::default(), Some(PupilId(pupil)), Some(day(date))).await
    })
    .await
}

/// As the owner of the database, past every wall.
pub async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}
