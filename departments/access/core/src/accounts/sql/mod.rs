//! Making accounts and issuing passwords: for one person in [`one`], for a whole group in [`many`], whose people [`groups`] lists;
//! from the command line in [`operator`].

mod groups;
mod many;
mod one;
mod operator;

use base::rights;
use base::sql::{Ctx, Done};
use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use super::{beyond, suggest};
use crate::auth::issued;
use crate::sessions::sql::event;

pub use groups::{class_called, classes, group, groups};
pub use many::{Due, due, give, password, passwords};
pub use one::{due_one, give_one};
pub use operator::{NewPerson, create, reset_login};

/// The rights an issuer lacks, column by column, as `holds_one_of` asks for them.
struct Beyond {
    kinds: Vec<String>,
    actions: Vec<String>,
    reaches: Vec<String>,
}

impl Beyond {
    fn of(ctx: &Ctx) -> Self {
        let lacking = beyond(&ctx.actor().grants);
        let column =
            |key: fn(&rights::Grant) -> &'static str| lacking.iter().map(|g| key(g).to_owned()).collect();
        Self {
            kinds: column(|g| g.kind.key()),
            actions: column(|g| g.action.key()),
            reaches: column(|g| g.reach.key()),
        }
    }
}

/// A password being given: its hash, the moment, by whom (`None`: the operator's command).
struct Given<'a> {
    phc: &'a str,
    now: DateTime<Utc>,
    issuer: Option<i64>,
}

/// A new password for an account: the old one dies, so do all sessions.
async fn reset(db: &mut PgConnection, account: i64, given: &Given<'_>) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "update account set password_hash = $2, must_change_password = true, issued_password_expires_at = $3,
           password_changed_at = $4 where id = $1",
        account,
        given.phc,
        given.now + issued::LIFETIME,
        given.now,
    )
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "update session set revoked_at = $2 where account_id = $1 and revoked_at is null",
        account,
        given.now
    )
    .execute(&mut *db)
    .await?;
    event(db, (account, "password_issued", given.issuer), None, given.now).await
}

/// A new account with the first free login made from the name, or the wished one.
async fn make(
    db: &mut PgConnection,
    person: i64,
    (last, first, middle): (&str, &str, Option<&str>),
    wished: Option<&str>,
    given: &Given<'_>,
) -> Result<(i64, String), sqlx::Error> {
    // one statement tries the candidates: another's account is not visible here, but its login is taken all the same
    let candidates: Vec<String> = match wished {
        Some(login) => vec![login.to_lowercase()],
        None => (0..50).map(|n| suggest(last, first, middle, n)).collect(),
    };
    let free = sqlx::query_scalar!(r#"select first_free_login($1) as "login?""#, &candidates)
        .fetch_one(&mut *db)
        .await?;
    let login = free.or_else(|| candidates.first().cloned()).unwrap_or_default();
    let account = sqlx::query_scalar!(
        "insert into account (person_id, login, password_hash, must_change_password, issued_password_expires_at,
           created_at, password_changed_at)
         values ($1, $2, $3, true, $4, $5, $5) returning id",
        person,
        login,
        given.phc,
        given.now + issued::LIFETIME,
        given.now,
    )
    .fetch_one(&mut *db)
    .await?;
    event(db, (account, "password_issued", given.issuer), None, given.now).await?;
    Ok((account, login))
}

/// Passwords were given for these accounts and people, in this order: the other organisations of which the accounts open
/// anything read of it, each in its own journal of changes, and no person of this one is named to them.
async fn tell_others(ctx: &mut Ctx, accounts: &[i64], people: &[i64]) -> Done<()> {
    let (school, now) = (ctx.school(), ctx.now());
    sqlx::query_scalar!(
        r#"select count(tell_schools_of(u.person, $3, 'account.password_issued', 'account', u.account::text,
             jsonb_build_object('by', 'organisation', 'organisation', $4::bigint, 'person', u.person), $4)::text) as "told!"
           from unnest($1::bigint[], $2::bigint[]) u (account, person)"#,
        accounts,
        people,
        now,
        school.0,
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(())
}
