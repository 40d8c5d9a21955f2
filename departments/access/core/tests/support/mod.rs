//! A door over a test's database, and people who enter by it.
#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

pub use std::net::{IpAddr, Ipv4Addr};
pub use std::sync::Arc;

pub use access_core::accounts::Issued;
pub use access_core::accounts::sql::{NewPerson, create, due_one, give_one, password, reset_login};
pub use access_core::auth::sql::{change_password, phone, set_phone, sign_in};
pub use access_core::auth::{Hasher, hash_now, limit};
pub use access_core::positions::{Active, PositionKey, sql::switch};
pub use access_core::sessions::sql::{self as sessions, Opened};
pub use access_core::sessions::{Lifetime, Token};
pub use access_core::{Door, Entrance, Place};
pub use base::rights::{Action, Actor, Kind, Role};
pub use base::sql::{Failure, Store};
pub use base::{AppError, AppointmentId, EmployeeId, Lang, PersonId, PupilId, SchoolId};
pub use chrono::{DateTime, TimeDelta, Utc};
pub use sqlx::PgPool;

pub const PASSWORD: &str = "корова в луже 7";

pub fn start() -> DateTime<Utc> {
    "2026-11-20T05:00:00Z".parse().unwrap()
}

/// A door over a test's database, as `parta_app`; accounts of some of the fixture's persons, one password for all.
pub async fn door(pool: &PgPool) -> Door {
    let phc = hash_now(PASSWORD, &[3; 16]).unwrap();
    sqlx::query!(
        "insert into account (id, person_id, login, phone, password_hash, created_at, password_changed_at)
         select i, i, l, case l when 'uchitel' then '79161234567' end, $1, $2, $2 from unnest($3::bigint[], $4::text[]) a (i, l)",
        phc,
        start(),
        &[1_i64, 2, 4, 11, 31, 32, 40],
        &["zavuch", "uchitel", "dvoe", "artem", "mama", "papa", "admin"].map(str::to_owned),
    )
    .execute(pool)
    .await
    .unwrap();
    let store = Store::connect((*pool.connect_options()).clone(), 4)
        .await
        .unwrap();
    Door::new(store).unwrap()
}

pub fn nobody(door: &Door, minutes: i64) -> Entrance {
    Entrance {
        door: door.clone(),
        place: Place {
            address: Some(IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1))),
            device: None,
        },
        device: "Chrome, Android".to_owned(),
        token: None,
        who: None,
        now: start() + TimeDelta::minutes(minutes),
        lang: Lang::Ru,
    }
}

/// The same device later, with its cookies.
pub async fn with(door: &Door, opened: &Opened, minutes: i64) -> Entrance {
    let mut entrance = nobody(door, minutes);
    entrance.who = door
        .sessions
        .find(opened.token.hash(), entrance.now)
        .await
        .unwrap();
    entrance.token = Some(opened.token.clone());
    entrance.place.device = opened.device.clone();
    entrance
}

pub async fn enter(door: &Door, login: &str) -> Opened {
    sign_in(&nobody(door, 0), login, PASSWORD.to_owned(), false)
        .await
        .unwrap()
}

pub async fn try_password(
    door: &Door,
    login: &str,
    password: &str,
    minutes: i64,
) -> Result<Opened, AppError> {
    sign_in(&nobody(door, minutes), login, password.to_owned(), false).await
}

/// A new password for one person, in the three steps of the server function.
pub async fn reissue(door: &Door, actor: &Actor, person: i64) -> Result<Issued, AppError> {
    let mut ctx = door.store.begin(actor.clone(), start(), Lang::Ru).await?;
    let found = Box::pin(due_one(&mut ctx, PersonId(person))).await;
    let found = ctx.close(found).await?;
    let given = password(&door.hasher, &found).await?;
    let mut ctx = door.store.begin(actor.clone(), start(), Lang::Ru).await?;
    let issued = Box::pin(give_one(&mut ctx, given)).await;
    ctx.close(issued).await
}

/// As whom somebody acts after signing in.
pub async fn actor_of(door: &Door, login: &str) -> Actor {
    let opened = enter(door, login).await;
    let entrance = with(door, &opened, 0).await;
    let known = entrance.known().unwrap();
    known.facts.actor(known.active)
}

pub fn message(error: &AppError) -> String {
    error.message(Lang::Ru)
}
