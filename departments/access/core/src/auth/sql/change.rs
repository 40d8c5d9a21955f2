//! Changing one's own password, of free will or because it was issued.

use base::AppError;
use base::sql::Task;

use super::asked::{forgive, key, knock, wrong};
use super::count;
use crate::Entrance;
use crate::auth::password;
use crate::entrance::random;
use crate::sessions::Lifetime;
use crate::sessions::sql::{Known, New, Opened, event, fault, open};

/// Changes the password: asks for the old one, gives this device a new token and, if wished or if the old password was
/// an issued one, signs all other devices out.
///
/// # Errors
/// [`AppError::Invalid`] with the field «old» or «new», [`AppError::SignIn`], [`AppError::TooMany`].
pub async fn change_password(
    entrance: &Entrance,
    old: String,
    new: String,
    others_too: bool,
) -> Result<Opened, AppError> {
    let known = entrance.known()?;
    let phc = knock(entrance, known, &old).await?;
    let outcome = judge(entrance, known, phc, old, new, others_too).await;
    // only a wrong old password is a guess: a new one that is too weak, or an overload, is none
    let guess =
        matches!(&outcome, Err(AppError::Invalid { fields }) if fields.iter().any(|f| f.field == "old"));
    if outcome.is_err() && !guess {
        forgive(entrance, known).await;
    }
    outcome
}

/// From a counted attempt to a new password and a new token.
async fn judge(
    entrance: &Entrance,
    known: &Known,
    phc: String,
    old: String,
    new: String,
    others_too: bool,
) -> Result<Opened, AppError> {
    let (lang, now) = (entrance.lang, entrance.now);
    let wrong = || wrong(lang);
    let same = old == new;
    if !entrance.door.hasher.verify(old, Some(phc.clone())).await? {
        return Err(wrong());
    }
    if same {
        return Err(password::Weakness::Same.error(lang));
    }
    let schools: Vec<&str> = known.facts.school_names();
    let (last, first, middle) = &known.facts.name;
    let mut context = vec![
        known.facts.login.as_str(),
        last,
        first,
        middle.as_deref().unwrap_or_default(),
    ];
    context.extend(schools);
    password::check(&new, &context).map_err(|weakness| weakness.error(lang))?;
    let hash = entrance.door.hasher.hash(new, random()?).await?;

    let fault = fault(lang);
    let account = known.facts.account.0;
    let mut tx = entrance.door.store.task(Task::Session, None).await?;
    let changed = sqlx::query!(
        "update account set password_hash = $3, must_change_password = false, issued_password_expires_at = null,
           password_changed_at = $4
         where id = $1 and password_hash = $2 and disabled_at is null",
        account,
        phc,
        hash,
        now,
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    if changed.rows_affected() == 0 {
        return Err(wrong());
    }
    // the token of this device is replaced; the others die if wished
    let all = others_too || known.facts.must_change_password;
    sqlx::query!(
        "update session set revoked_at = $3 where account_id = $1 and (id = $2 or $4) and revoked_at is null",
        account,
        known.session,
        now,
        all,
    )
    .execute(&mut *tx)
    .await
    .map_err(&fault)?;
    let shared_device = known.on_shared_device();
    let lifetime = Lifetime::of(known.facts.is_staff(), shared_device);
    let new = New {
        account,
        device: &entrance.device,
        lifetime,
        at_most: None,
        active: known.active.map(|a| a.to_string()),
        now,
    };
    let token = open(&mut tx, new, (random()?, random()?)).await.map_err(&fault)?;
    event(
        &mut tx,
        (account, "password_changed", None),
        Some(&entrance.device),
        now,
    )
    .await
    .map_err(&fault)?;
    count::clear(&mut tx, &key(known)).await.map_err(&fault)?;
    tx.commit().await.map_err(&fault)?;
    entrance.door.sessions.forget(known.facts.account);
    Ok(Opened {
        token,
        max_age: (!shared_device).then_some(lifetime.absolute),
        device: None,
        must_change_password: false,
    })
}
