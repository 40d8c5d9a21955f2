//! Passwords for many people of a group. Three steps, so that no transaction is open while passwords are hashed: [`due`] asks who
//! of the chosen gets one, [`passwords`] hashes, one at a time behind the same semaphore as every sign-in, and [`give`] asks
//! again and writes.
#![expect(
    clippy::as_conversions,
    reason = "in `query!` it says that an array holds nulls; nothing is converted"
)]

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done, Event};
use base::{AppError, PersonId};
use serde_json::json;

use super::{group, tell_others};
use crate::accounts::{AS_MANY_AT_ONCE, Group, Slip, suggest};
use crate::auth::{Hasher, issued};
use crate::entrance::random;
use crate::t;

/// Somebody who gets a password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Who.
    pub person: PersonId,
}

/// Who of the chosen people of a group gets a password: those without one and those whose issued one was never used. Whoever
/// works with a password of their own is left out, whatever was asked, and so is whose password is not this issuer's to give ([`super::due_one`] asks about one person).
///
/// # Errors
/// [`AppError::NotFound`] for who may not see accounts and for a class of another school, [`AppError::Forbidden`] for who may
/// only see them, [`AppError::Invalid`] for more than [`AS_MANY_AT_ONCE`].
pub async fn due(ctx: &mut Ctx, of: Group, chosen: &[PersonId]) -> Done<Vec<Due>> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::Accounts, ctx.school()))?;
    if chosen.len() > AS_MANY_AT_ONCE {
        return Err(AppError::invalid("people", t::issue_too_many(ctx.lang())).into());
    }
    let page = group(ctx, of).await?;
    let wanted = page
        .people
        .into_iter()
        .filter(|h| h.state.may_be_chosen() && chosen.contains(&h.person));
    let mut due: Vec<Due> = Vec::new();
    for holder in wanted {
        let one = Due {
            person: holder.person,
        };
        if !due.contains(&one) {
            due.push(one);
        }
    }
    Ok(due)
}

/// A password of each, in clear and hashed.
#[derive(Clone)]
pub struct Given {
    pub(super) person: PersonId,
    pub(super) password: String,
    pub(super) phc: String,
}

impl std::fmt::Debug for Given {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Given")
            .field("person", &self.person)
            .finish_non_exhaustive()
    }
}

/// Random passwords, hashed one after another: a group never takes more than one core from those who sign in.
///
/// # Errors
/// [`AppError::Unavailable`] when no core came free in time.
pub async fn passwords(hasher: &Hasher, due: &[Due]) -> Result<Vec<Given>, AppError> {
    let mut given = Vec::with_capacity(due.len());
    for one in due {
        given.push(password(hasher, one).await?);
    }
    Ok(given)
}

/// A random password for one, hashed. To be called while no transaction is open: it may wait seconds for a free core.
///
/// # Errors
/// As [`passwords`].
pub async fn password(hasher: &Hasher, due: &Due) -> Result<Given, AppError> {
    let password = issued::text(&random()?);
    let phc = hasher.hash(password.clone(), random()?).await?;
    Ok(Given {
        person: due.person,
        password,
        phc,
    })
}

/// Gives the passwords: makes missing accounts, resets those whose issued password was never used (and signs their devices out),
/// writes each down in the account's own journal, in the school's audit and in that of every other school of which the account opens
/// anything. Who chose a password meanwhile keeps it.
///
/// # Errors
/// As [`due`].
pub async fn give(ctx: &mut Ctx, of: Group, given: Vec<Given>) -> Done<Vec<Slip>> {
    let people: Vec<PersonId> = given.iter().map(|g| g.person).collect();
    let still = due(ctx, of, &people).await?;
    let given: Vec<Given> = given
        .into_iter()
        .filter(|g| still.iter().any(|d| d.person == g.person))
        .collect();
    let (school, now) = (ctx.school(), ctx.now());
    let issuer = Some(ctx.person().0).filter(|id| *id > 0);
    let expires_at = now + issued::LIFETIME;
    let ids: Vec<i64> = given.iter().map(|g| g.person.0).collect();
    let known = sqlx::query!(
        r#"select p.id, p.last_name, p.first_name, p.middle_name, a.id as "account?", a.login as "login?"
           from unnest($2::bigint[]) with ordinality u (id, n)
           join school_person c on c.school_id = $1 and c.person_id = u.id
           join person p on p.id = u.id left join account a on a.person_id = p.id order by u.n"#,
        school.0,
        &ids,
    )
    .fetch_all(ctx.db())
    .await?;
    let hash_of = |person: i64| given.iter().find(|g| g.person.0 == person);
    let bases: Vec<String> = known
        .iter()
        .filter(|k| k.account.is_none())
        .map(|k| suggest(&k.last_name, &k.first_name, k.middle_name.as_deref(), 0))
        .collect();
    let mut free = sqlx::query_scalar!(
        r#"select login as "login!" from free_logins($1) order by n"#,
        &bases
    )
    .fetch_all(ctx.db())
    .await?
    .into_iter();

    let mut slips = Vec::new();
    let mut rows = Rows::default();
    for row in known {
        let Some(one) = hash_of(row.id) else { continue };
        let Some(called) = row.login.or_else(|| free.next()) else {
            return Err(AppError::invalid("login", t::issue_no_login(ctx.lang())).into());
        };
        rows.person.push(row.id);
        rows.account.push(row.account);
        rows.login.push(called.clone());
        rows.phc.push(one.phc.clone());
        slips.push(Slip {
            person: PersonId(row.id),
            name: base::name::full(&row.last_name, &row.first_name, row.middle_name.as_deref()),
            login: called,
            password: one.password.clone(),
            expires_at,
        });
    }
    let mut touched = make(ctx, &rows).await?;
    touched.extend(reset(ctx, &rows).await?);
    slips.retain(|s| touched.iter().any(|(_, person)| *person == s.person.0));
    let accounts: Vec<i64> = touched.iter().map(|(account, _)| *account).collect();
    sqlx::query!(
        "insert into account_event (account_id, at, kind, actor_id)
         select a, $2, 'password_issued', $3 from unnest($1::bigint[]) a",
        &accounts,
        now,
        issuer,
    )
    .execute(ctx.db())
    .await?;
    let events: Vec<Event<'_>> = touched
        .iter()
        .map(|(account, person)| Event {
            action: "account.password_issued",
            entity: "account",
            key: account.to_string(),
            old: None,
            new: Some(json!({ "person": person })),
            op: None,
        })
        .collect();
    ctx.audit_all(&events).await?;
    let people: Vec<i64> = touched.iter().map(|(_, person)| *person).collect();
    tell_others(ctx, &accounts, &people).await?;
    Ok(slips)
}

/// What is written, column by column.
#[derive(Default)]
struct Rows {
    person: Vec<i64>,
    account: Vec<Option<i64>>,
    login: Vec<String>,
    phc: Vec<String>,
}

/// Makes the missing accounts; account and person of each.
async fn make(ctx: &mut Ctx, of: &Rows) -> Done<Vec<(i64, i64)>> {
    let now = ctx.now();
    let rows = sqlx::query!(
        "insert into account (person_id, login, password_hash, must_change_password, issued_password_expires_at,
            created_at, password_changed_at)
         select g.person, g.login, g.phc, true, $5, $6, $6
         from unnest($1::bigint[], $2::bigint[], $3::text[], $4::text[]) g (person, account, login, phc)
         where g.account is null returning id, person_id",
        &of.person,
        &of.account as &[Option<i64>],
        &of.login,
        &of.phc,
        now + issued::LIFETIME,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.person_id)).collect())
}

/// New passwords in the place of unused ones; account and person of each. The condition is said again where it is written:
/// whoever chose a password of their own this very moment keeps it.
async fn reset(ctx: &mut Ctx, of: &Rows) -> Done<Vec<(i64, i64)>> {
    let now = ctx.now();
    let rows = sqlx::query!(
        "with reset as (
            update account a set password_hash = g.phc, must_change_password = true, issued_password_expires_at = $3,
                password_changed_at = $4
            from unnest($1::bigint[], $2::text[]) g (account, phc)
            where a.id = g.account and a.must_change_password and a.disabled_at is null returning a.id, a.person_id
         ), over as (
            update session s set revoked_at = $4 from reset r where s.account_id = r.id and s.revoked_at is null
         )
         select id, person_id from reset",
        &of.account as &[Option<i64>],
        &of.phc,
        now + issued::LIFETIME,
        now,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.person_id)).collect())
}
