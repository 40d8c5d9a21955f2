//! Making accounts and issuing passwords: for one person here, for a whole group in [`many`], whose people [`groups`] lists.

mod groups;
mod many;

use base::rights::{self, Action, Kind, Resource};
use base::sql::{Ctx, Done, Event, Store, Task};
use base::{AccountId, AppError, Lang, PersonId, SchoolId};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::{Issued, suggest};
use crate::auth::{Hasher, issued};
use crate::entrance::random;
use crate::sessions::sql::{event, fault};
use crate::t;

pub use groups::{class_called, classes, group, groups};
pub use many::{Due, due, give, passwords};

/// Issues a one-time password to a person of one's school: makes the account if there is none, signs out all its
/// devices, writes it down twice (the account's own journal and the school's audit).
///
/// # Errors
/// [`AppError::NotFound`] for a person without a card in this school or for who may not even see accounts,
/// [`AppError::Forbidden`] for who may only see them, [`AppError::Invalid`] for a person who issues passwords elsewhere.
pub async fn issue_password(ctx: &mut Ctx, hasher: &Hasher, person: PersonId) -> Done<Issued> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Accounts, ctx.school()))?;
    let (school, today, now, lang) = (ctx.school(), ctx.today(), ctx.now(), ctx.lang());
    let row = sqlx::query!(
        r#"select p.last_name, p.first_name, p.middle_name, a.id as "account?", a.login as "login?",
             issues_passwords_elsewhere(p.id, $1, $3) as "elsewhere!"
           from school_person c join person p on p.id = c.person_id left join account a on a.person_id = p.id
           where c.school_id = $1 and c.person_id = $2"#,
        school.0,
        person.0,
        today,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    if row.elsewhere {
        return Err(AppError::invalid("", t::issue_elsewhere(lang)).into());
    }
    let password = issued::text(&random()?);
    let phc = hasher.hash(password.clone(), random()?).await?;
    let issuer = ctx.person();
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

/// A person to make from the command line.
#[derive(Clone, Debug)]
pub struct NewPerson<'a> {
    /// The organisation.
    pub school: SchoolId,
    /// Family name, given name, patronymic.
    pub name: (&'a str, &'a str, Option<&'a str>),
    /// A template's key («director») or the title of one of the organisation's positions.
    pub position: &'a str,
    /// A login; `None`: made from the name.
    pub login: Option<&'a str>,
}

/// Makes a person with a staff card, an appointment from today and an account: the operator's command, which needs no
/// rights but those of who may run it.
///
/// # Errors
/// [`AppError::NotFound`] for an organisation or a position that does not exist, [`AppError::Invalid`] for a bad login.
pub async fn create(
    store: &Store,
    hasher: &Hasher,
    new: NewPerson<'_>,
    now: DateTime<Utc>,
) -> Result<Issued, AppError> {
    let lang = Lang::default();
    let password = issued::text(&random()?);
    let phc = hasher.hash(password.clone(), random()?).await?;
    let given = Given {
        phc: &phc,
        now,
        issuer: None,
    };
    let mut tx = store.task(Task::Session, Some(new.school)).await?;
    let fault = fault(lang);
    let today = sqlx::query_scalar!(
        r#"select ($2::timestamptz at time zone time_zone)::date as "today!" from organisation where id = $1"#,
        new.school.0,
        now,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(&fault)?
    .ok_or(AppError::NotFound)?;
    let position = position(&mut tx, new.school, new.position)
        .await
        .map_err(&fault)?
        .ok_or(AppError::NotFound)?;
    let (last, first, middle) = new.name;
    let person = sqlx::query_scalar!(
        "insert into person (last_name, first_name, middle_name) values ($1, $2, $3) returning id",
        last,
        first,
        middle,
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(&fault)?;
    sqlx::query!(
        "insert into school_person (school_id, person_id) values ($1, $2)",
        new.school.0,
        person
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    let employee = sqlx::query_scalar!(
        "insert into employee (school_id, person_id) values ($1, $2) returning id",
        new.school.0,
        person,
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(&fault)?;
    sqlx::query!(
        "insert into appointment (school_id, employee_id, position_id, valid_from) values ($1, $2, $3, $4)",
        new.school.0,
        employee,
        position,
        today,
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    let (account, login) = make(&mut tx, person, new.name, new.login, &given)
        .await
        .map_err(&fault)?;
    tx.commit().await.map_err(&fault)?;
    Ok(Issued {
        account: AccountId(account),
        login,
        password,
        expires_at: now + issued::LIFETIME,
    })
}

/// The organisation's position of that title or template; a template it has not copied yet is copied.
async fn position(db: &mut PgConnection, school: SchoolId, wanted: &str) -> Result<Option<i64>, sqlx::Error> {
    let found = sqlx::query_scalar!(
        "select id from position where school_id = $1 and (template = $2 or title = $2) order by id limit 1",
        school.0,
        wanted,
    )
    .fetch_optional(&mut *db)
    .await?;
    let (None, Some(template)) = (found, rights::template(wanted)) else {
        return Ok(found);
    };
    let id = sqlx::query_scalar!(
        "insert into position (school_id, template, title) values ($1, $2, $3) returning id",
        school.0,
        template.key,
        template.title,
    )
    .fetch_one(&mut *db)
    .await?;
    let column = |key: fn(&rights::Grant) -> &'static str| {
        template
            .grants
            .iter()
            .map(|g| key(g).to_owned())
            .collect::<Vec<_>>()
    };
    sqlx::query!(
        "insert into position_permission (school_id, position_id, resource, action, reach)
         select $1, $2, r, a, w from unnest($3::text[], $4::text[], $5::text[]) g (r, a, w)",
        school.0,
        id,
        &column(|g| g.kind.key()),
        &column(|g| g.action.key()),
        &column(|g| g.reach.key()),
    )
    .execute(db)
    .await?;
    Ok(Some(id))
}

/// A new one-time password for a login: the operator's command.
///
/// # Errors
/// [`AppError::NotFound`] for a login that does not exist.
pub async fn reset_login(
    store: &Store,
    hasher: &Hasher,
    login: &str,
    now: DateTime<Utc>,
) -> Result<Issued, AppError> {
    let fault = fault(Lang::default());
    let password = issued::text(&random()?);
    let phc = hasher.hash(password.clone(), random()?).await?;
    let mut tx = store.task(Task::Session, None).await?;
    let account = sqlx::query!(
        "select id, login from account where login = $1",
        login.trim().to_lowercase()
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(&fault)?
    .ok_or(AppError::NotFound)?;
    reset(
        &mut tx,
        account.id,
        &Given {
            phc: &phc,
            now,
            issuer: None,
        },
    )
    .await
    .map_err(&fault)?;
    tx.commit().await.map_err(&fault)?;
    Ok(Issued {
        account: AccountId(account.id),
        login: account.login,
        password,
        expires_at: now + issued::LIFETIME,
    })
}
