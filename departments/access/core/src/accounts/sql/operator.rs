//! The operator's commands: the first person of a school, a lost login. They need no rights but those of who may run them, and
//! the schools concerned read of it in their own journals, where no person is named as the actor.

use base::rights;
use base::sql::{Store, Task};
use base::{AccountId, AppError, Lang, SchoolId};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgConnection;

use super::{Given, make, reset};
use crate::accounts::Issued;
use crate::auth::{Hasher, issued};
use crate::entrance::random;
use crate::sessions::sql::fault;

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
    let position = position(&mut tx, new.school, new.position, now)
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
    let appointment = sqlx::query_scalar!(
        "insert into appointment (school_id, employee_id, position_id, valid_from) values ($1, $2, $3, $4) returning id",
        new.school.0,
        employee,
        position,
        today,
    )
    .fetch_one(&mut *tx)
    .await
    .map_err(&fault)?;
    let (account, login) = make(&mut tx, person, new.name, new.login, &given)
        .await
        .map_err(&fault)?;
    sqlx::query!(
        "insert into audit_event (school_id, at, action, entity, entity_key, new)
         values ($1, $2, 'person.created', 'person', $3, $4),
                ($1, $2, 'appointment.created', 'appointment', $5, $6),
                ($1, $2, 'account.password_issued', 'account', $7, $8)",
        new.school.0,
        now,
        person.to_string(),
        json!({ "by": "operator" }),
        appointment.to_string(),
        json!({ "by": "operator", "person": person, "position": position, "valid_from": today }),
        account.to_string(),
        json!({ "by": "operator", "person": person }),
    )
    .execute(&mut *tx)
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

/// The organisation's position of that title or template; a template it has not copied yet is copied, with all its rights, and
/// the organisation reads of it in its own journal.
async fn position(
    db: &mut PgConnection,
    school: SchoolId,
    wanted: &str,
    now: DateTime<Utc>,
) -> Result<Option<i64>, sqlx::Error> {
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
    .execute(&mut *db)
    .await?;
    sqlx::query!(
        "insert into audit_event (school_id, at, action, entity, entity_key, new)
         values ($1, $2, 'position.created', 'position', $3, $4)",
        school.0,
        now,
        id.to_string(),
        json!({ "by": "operator", "template": template.key, "title": template.title, "grants": template.grants }),
    )
    .execute(db)
    .await?;
    Ok(Some(id))
}

/// A new temporary password for a login: the operator's command.
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
        "select id, login, person_id from account where login = $1",
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
    sqlx::query!(
        r#"select tell_schools_of($1, $2, 'account.password_issued', 'account', $3, $4, null)::text as "told?""#,
        account.person_id,
        now,
        account.id.to_string(),
        json!({ "by": "operator", "person": account.person_id }),
    )
    .fetch_one(&mut *tx)
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
