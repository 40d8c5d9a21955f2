//! Making accounts and issuing passwords: for one person here, for a whole group in [`many`], whose people [`groups`] lists;
//! from the command line in [`operator`].

mod groups;
mod many;
mod operator;

use base::rights::{self, Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AccountId, AppError, PersonId};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::{Issued, beyond, suggest};
use crate::auth::{Hasher, issued};
use crate::entrance::random;
use crate::sessions::sql::event;
use crate::t;

pub use groups::{class_called, classes, group, groups};
pub use many::{Due, due, give, passwords};
pub use operator::{NewPerson, create, reset_login};

/// Issues a one-time password to a person of one's school: makes the account if there is none, signs out all its
/// devices, writes it down twice (the account's own journal and the school's audit).
///
/// # Errors
/// [`AppError::NotFound`] for a person without a card in this school or for who may not even see accounts,
/// [`AppError::Forbidden`] for who may only see them, [`AppError::Invalid`], in words, for a person whose password another
/// organisation issues and for one who may more here than the issuer ([`super::beyond`]).
pub async fn issue_password(ctx: &mut Ctx, hasher: &Hasher, person: PersonId) -> Done<Issued> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Accounts, ctx.school()))?;
    let (school, today, now, lang) = (ctx.school(), ctx.today(), ctx.now(), ctx.lang());
    let (issuer, beyond) = (ctx.person(), Beyond::of(ctx));
    let row = sqlx::query!(
        r#"select p.last_name, p.first_name, p.middle_name, a.id as "account?", a.login as "login?",
             password_issued_elsewhere(p.id, $1, $3) as "elsewhere!",
             p.id <> $4 and holds_one_of(p.id, $1, $3, $5, $6, $7) as "above!"
           from school_person c join person p on p.id = c.person_id left join account a on a.person_id = p.id
           where c.school_id = $1 and c.person_id = $2"#,
        school.0,
        person.0,
        today,
        issuer.0,
        &beyond.kinds,
        &beyond.actions,
        &beyond.reaches,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if row.elsewhere {
        return Err(AppError::invalid("", t::issue_elsewhere(lang)).into());
    }
    if row.above {
        return Err(AppError::invalid("", t::issue_above(lang)).into());
    }
    let password = issued::text(&random()?);
    let phc = hasher.hash(password.clone(), random()?).await?;
    let given = Given {
        phc: &phc,
        now,
        issuer: Some(issuer.0),
    };
    let (account, login) = match (row.account, row.login) {
        (Some(account), Some(login)) => {
            reset(ctx.db(), account, &given).await?;
            (account, login)
        }
        _ => {
            let name = (
                row.last_name.as_str(),
                row.first_name.as_str(),
                row.middle_name.as_deref(),
            );
            make(ctx.db(), person.0, name, None, &given).await?
        }
    };
    let what = Event {
        action: "account.password_issued",
        entity: "account",
        key: account.to_string(),
        old: None,
        new: Some(json!({ "person": person.0 })),
        op: None,
    };
    ctx.audit(what).await?;
    Ok(Issued {
        account: AccountId(account),
        login,
        password,
        expires_at: now + issued::LIFETIME,
    })
}

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
