//! Signing in. Unknown login and wrong password are one answer, in the same words, status and time.

use base::AppError;
use base::sql::Task;
use chrono::{DateTime, Utc};

use super::count::{self, Over};
use crate::auth::{Identifier, hash, issued, limit, password};
use crate::entrance::random;
use crate::sessions::sql::{New, Opened, event, fault, open};
use crate::sessions::{Lifetime, Token};
use crate::{Entrance, t};

/// What the database knows of the account that is meant.
struct Found {
    id: i64,
    password_hash: String,
    disabled: bool,
    must_change_password: bool,
    issued_password_expires_at: Option<DateTime<Utc>>,
    known_device: bool,
    staff: bool,
    last_position: Option<String>,
}

/// Signs in with a login or phone number and a password.
///
/// # Errors
/// [`AppError::Invalid`] (field «login», «password», «account» when disabled, «issued» when expired, or, for a pair
/// that does not match, the whole form),
/// [`AppError::TooMany`], [`AppError::Unavailable`].
pub async fn sign_in(
    entrance: &Entrance,
    login: &str,
    typed: String,
    shared_device: bool,
) -> Result<Opened, AppError> {
    let lang = entrance.lang;
    let id = Identifier::parse(login).ok_or_else(|| AppError::invalid("login", t::sign_in_empty(lang)))?;
    if typed.is_empty() {
        return Err(AppError::invalid("password", t::sign_in_password_empty(lang)));
    }
    if typed.len() > password::MAX_BYTES {
        return Err(AppError::invalid("", t::sign_in_wrong(lang)));
    }
    let (found, keys) = knock(entrance, &id).await?;
    let outcome = judge(entrance, found, &keys, typed, shared_device).await;
    if matches!(outcome, Err(AppError::Unavailable | AppError::Fault { .. })) {
        forgive(entrance, &keys).await;
    }
    outcome
}

/// From a counted attempt to a session.
async fn judge(
    entrance: &Entrance,
    found: Option<Found>,
    keys: &Keys,
    typed: String,
    shared_device: bool,
) -> Result<Opened, AppError> {
    let (lang, now) = (entrance.lang, entrance.now);
    let wrong = || AppError::invalid("", t::sign_in_wrong(lang));
    let phc = found.as_ref().map(|f| f.password_hash.clone());
    let matches = entrance.door.hasher.verify(typed.clone(), phc).await?;
    let Some(found) = found.filter(|_| matches) else {
        return Err(wrong());
    };
    // only who knows the password hears more
    if found.disabled {
        return Err(AppError::invalid("account", t::sign_in_disabled(lang)));
    }
    if found.must_change_password && !issued::alive(found.issued_password_expires_at, now) {
        return Err(AppError::invalid("issued", t::sign_in_issued_expired(lang)));
    }
    let better = match hash::outdated(&found.password_hash) {
        true => Some(entrance.door.hasher.hash(typed, random()?).await?),
        false => None,
    };
    enter(entrance, &found, keys, better, shared_device)
        .await?
        .ok_or_else(wrong)
}

/// Takes the counted attempt back: what we could not judge is no failure of the person's.
async fn forgive(entrance: &Entrance, keys: &Keys) {
    let work = async {
        let fault = fault(entrance.lang);
        let mut tx = entrance.door.store.task(Task::Session, None).await?;
        for key in std::iter::once(&keys.place).chain(&keys.account) {
            count::take_back(&mut tx, key).await.map_err(&fault)?;
        }
        tx.commit().await.map_err(&fault)
    };
    if let Err(error) = work.await {
        tracing::warn!(%error, "an attempt that was not judged stays counted");
    }
}

/// The keys under which this attempt is counted.
struct Keys {
    place: [u8; 32],
    /// `None` from a known device.
    account: Option<[u8; 32]>,
}

/// Finds the account and counts the attempt, before anything is hashed.
async fn knock(entrance: &Entrance, id: &Identifier) -> Result<(Option<Found>, Keys), AppError> {
    let fault = fault(entrance.lang);
    let now = entrance.now;
    let device = entrance.place.device.as_ref().map(Token::hash);
    let mut tx = entrance.door.store.task(Task::Session, None).await?;
    let found = sqlx::query_as!(
        Found,
        r#"select a.id, a.password_hash, a.disabled_at is not null as "disabled!", a.must_change_password,
             a.issued_password_expires_at,
             exists (select from known_device d where d.token_hash = $3 and d.account_id = a.id) as "known_device!",
             exists (select from employee e join appointment t on t.school_id = e.school_id and t.employee_id = e.id
                     where e.person_id = a.person_id and $4::timestamptz::date <= coalesce(t.valid_to, 'infinity')) as "staff!",
             (select s.active_position from session s where s.account_id = a.id
              order by s.last_seen_at desc limit 1) as last_position
           from account a where a.login = $1 or a.phone = $2
           order by (a.login = $1) desc limit 1"#,
        id.login,
        id.phone,
        device.as_ref().map(<[u8; 32]>::as_slice),
        now,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(&fault)?;
    let whose = found
        .as_ref()
        .map_or_else(|| format!("typed {}", id.key()), |f| format!("account {}", f.id));
    let known_device = found.as_ref().is_some_and(|f| f.known_device);
    let place = count::place(&entrance.place, known_device);
    let keys = Keys {
        place: count::key(&["sign in", &whose, &place]),
        account: (!known_device).then(|| count::key(&["sign in", &whose])),
    };
    let mut over = count::attempt(&mut tx, &keys.place, limit::ACCOUNT_AND_PLACE, now)
        .await
        .map_err(&fault)?;
    // knocking on from one place does not use up what other places have
    if let (None, Some(account)) = (over, &keys.account) {
        over = count::attempt(&mut tx, account, limit::ACCOUNT, now)
            .await
            .map_err(&fault)?;
    }
    if let (Some(Over { first: true, .. }), Some(found)) = (over, &found) {
        event(&mut tx, (found.id, "limited", None), Some(&entrance.device), now)
            .await
            .map_err(&fault)?;
    }
    tx.commit().await.map_err(&fault)?;
    match over {
        Some(Over { wait, .. }) => Err(AppError::TooMany { retry_after: wait }),
        None => Ok((found, keys)),
    }
}

/// Writes the session. `None` when the account changed while the password was being checked.
async fn enter(
    entrance: &Entrance,
    found: &Found,
    keys: &Keys,
    better_hash: Option<String>,
    shared_device: bool,
) -> Result<Option<Opened>, AppError> {
    let fault = fault(entrance.lang);
    let now = entrance.now;
    let device = match (&entrance.place.device, shared_device) {
        (_, true) => None,
        (Some(known), false) if found.known_device => Some(known.clone()),
        (_, false) => Some(Token::new(random()?)),
    };
    let mut tx = entrance.door.store.task(Task::Session, None).await?;
    let same = sqlx::query!(
        "select id from account where id = $1 and password_hash = $2 and disabled_at is null for update",
        found.id,
        found.password_hash,
    )
    .fetch_optional(&mut *tx)
    .await
    .map_err(&fault)?;
    if same.is_none() {
        return Ok(None);
    }
    if let Some(hash) = better_hash {
        sqlx::query!(
            "update account set password_hash = $2 where id = $1",
            found.id,
            hash
        )
        .execute(&mut *tx)
        .await
        .map_err(&fault)?;
    }
    count::clear(&mut tx, &keys.place).await.map_err(&fault)?;
    if let Some(account) = &keys.account {
        count::take_back(&mut tx, account).await.map_err(&fault)?;
    }
    if let Some(old) = &entrance.token {
        sqlx::query!(
            "update session set revoked_at = $2 where token_hash = $1 and revoked_at is null",
            &old.hash(),
            now
        )
        .execute(&mut *tx)
        .await
        .map_err(&fault)?;
    }
    let lifetime = Lifetime::of(found.staff, shared_device);
    let new = New {
        account: found.id,
        device: &entrance.device,
        lifetime,
        at_most: found.must_change_password.then_some(Lifetime::SHARED.absolute),
        active: found.last_position.clone(),
        now,
    };
    let token = open(&mut tx, new, (random()?, random()?)).await.map_err(&fault)?;
    if let Some(device) = &device {
        sqlx::query!(
            "insert into known_device (token_hash, account_id, seen_at) values ($1, $2, $3)
             on conflict (token_hash, account_id) do update set seen_at = $3",
            &device.hash(),
            found.id,
            now,
        )
        .execute(&mut *tx)
        .await
        .map_err(&fault)?;
    }
    event(
        &mut tx,
        (found.id, "signed_in", None),
        Some(&entrance.device),
        now,
    )
    .await
    .map_err(&fault)?;
    tx.commit().await.map_err(&fault)?;
    Ok(Some(Opened {
        token,
        max_age: (!shared_device).then_some(lifetime.absolute),
        device,
        must_change_password: found.must_change_password,
    }))
}
