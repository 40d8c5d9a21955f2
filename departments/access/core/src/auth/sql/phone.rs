//! The telephone number that one signs in with beside the login. Its owner says it, once more with the password. The number in a
//! school's list (`person.phone`, migration 0070) may be wrong or shared by two parents, and opens nothing.

use base::AppError;
use base::rights::Action;
use base::sql::{Ctx, Done, Task};

use super::asked::{forgive, key, knock, wrong};
use super::count;
use crate::auth::{limit, wished_phone};
use crate::sessions::sql::{Known, event, fault, own_account};
use crate::{Entrance, t};

/// My number, digits with the country code; `None`: I sign in by login only.
///
/// # Errors
/// The database's.
pub async fn phone(ctx: &mut Ctx) -> Done<Option<String>> {
    ctx.must(Action::View, &own_account(ctx))?;
    let account = ctx.actor().account.0;
    let phone = sqlx::query_scalar!("select phone from account where id = $1", account)
        .fetch_one(ctx.db())
        .await?;
    Ok(phone)
}

/// Makes a number mine to sign in with, or takes it away when nothing is typed. Asks for the password and writes it down in the
/// account's own journal, in one transaction with the change; the number itself stands in no journal.
///
/// # Errors
/// [`AppError::Invalid`] with the field «phone» (no number, or another account's) or «old» (not the password), [`AppError::SignIn`],
/// [`AppError::MustChangePassword`] for who has yet to choose a password, [`AppError::TooMany`], [`AppError::Unavailable`].
pub async fn set_phone(entrance: &Entrance, typed: &str, old: String) -> Result<(), AppError> {
    let known = entrance.known()?;
    let lang = entrance.lang;
    // whoever issued the password has read it: it must not tie a number to the account
    if known.facts.must_change_password {
        return Err(AppError::MustChangePassword);
    }
    let wished = wished_phone(typed).map_err(|_| AppError::invalid("phone", t::phone_wrong(lang)))?;
    let phc = knock(entrance, known, &old).await?;
    match entrance.door.hasher.verify(old, Some(phc.clone())).await {
        Ok(true) => {}
        Ok(false) => return Err(wrong(lang)),
        // an overload is no guess
        Err(error) => {
            forgive(entrance, known).await;
            return Err(error);
        }
    }
    tried(entrance, known, wished.is_some()).await?;
    let actor = known.facts.actor(known.active);
    let mut ctx = entrance.door.store.begin(actor, entrance.now, lang).await?;
    let done = write(&mut ctx, &phc, wished.as_deref(), &entrance.device).await;
    ctx.close(done).await
}

/// The password was right: its count is over. The number, if there is one, is counted instead, whatever comes of it: the answer
/// «another account's» must not make a list of who is here.
async fn tried(entrance: &Entrance, known: &Known, number: bool) -> Result<(), AppError> {
    let fault = fault(entrance.lang);
    let numbers = count::key(&["phone", &known.facts.account.0.to_string()]);
    let mut tx = entrance.door.store.task(Task::Session, None).await?;
    count::clear(&mut tx, &key(known)).await.map_err(&fault)?;
    let over = if number {
        count::attempt(&mut tx, &numbers, limit::NUMBERS, entrance.now)
            .await
            .map_err(&fault)?
    } else {
        None
    };
    tx.commit().await.map_err(&fault)?;
    match over {
        Some(over) => Err(AppError::TooMany {
            retry_after: over.wait,
        }),
        None => Ok(()),
    }
}

/// Writes the number, as long as the password is still the one that was asked for. What was so already leaves no event.
async fn write(ctx: &mut Ctx, phc: &str, wished: Option<&str>, device: &str) -> Done<()> {
    ctx.must(Action::Edit, &own_account(ctx))?;
    let (account, now, lang) = (ctx.actor().account.0, ctx.now(), ctx.lang());
    let before = sqlx::query!(
        r#"with before as (
             select id, phone from account where id = $1 and password_hash = $2 and disabled_at is null for update
           )
           update account a set phone = $3 from before b where a.id = b.id returning b.phone as "phone?""#,
        account,
        phc,
        wished,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or_else(|| wrong(lang))?
    .phone;
    if before.as_deref() == wished {
        return Ok(());
    }
    let kind = if wished.is_some() {
        "phone_set"
    } else {
        "phone_removed"
    };
    event(ctx.db(), (account, kind, None), Some(device), now).await?;
    Ok(())
}
