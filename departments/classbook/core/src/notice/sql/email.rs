//! The address of the letter of the day: set, confirmed by the digits that were sent to it, given up.
//!
//! Nothing about a child goes to an address that its owner has not confirmed: one wrong letter, and a stranger would read of it daily.

use base::sql::{Ctx, Done};
use base::{AppError, Lang};
use chrono::{DateTime, Duration, Utc};
use sha2::{Digest as _, Sha256};

use super::own::told;
use crate::notice::Email;
use crate::notice::mail::{Mailer, is_address};
use crate::t;

/// How long the digits are good.
const GOOD: Duration = Duration::minutes(30);
/// So often wrong digits may be typed.
const TRIES: i16 = 5;
/// So many letters with digits a day.
const CODES: i16 = 5;

/// The address, as the settings show it.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here.
pub async fn email(ctx: &mut Ctx, mailer: &Mailer) -> Done<Email> {
    told(ctx)?;
    let (school, person) = (ctx.school(), ctx.person());
    let row = sqlx::query!(
        r#"select address, hour, confirmed_at, code_hash is not null as "asked!" from notice_email where school_id = $1 and person_id = $2"#,
        school.0,
        person.0,
    )
    .fetch_optional(ctx.db())
    .await?;
    Ok(Email {
        available: mailer.works(),
        confirmed: row.as_ref().is_some_and(|r| r.confirmed_at.is_some()),
        hour: row.as_ref().map_or(Email::HOUR, |r| r.hour),
        // an address that was given up lies there for the count of letters alone
        address: row
            .filter(|r| r.confirmed_at.is_some() || r.asked)
            .map(|r| r.address),
    })
}

/// What is to be sent after the transaction, so that no transaction waits for a mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct ToSend {
    /// To whom.
    pub address: String,
    subject: String,
    text: String,
}

impl std::fmt::Debug for ToSend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ToSend(…)")
    }
}

impl ToSend {
    /// Sends it.
    ///
    /// # Errors
    /// Those of [`Mailer::send`].
    pub async fn send(self, mailer: &Mailer) -> Result<(), AppError> {
        mailer.send(&self.address, &self.subject, self.text).await
    }
}

/// Sets an address and makes the digits for it of `random`; it is told nothing of a child until they come back. The same address
/// again, when confirmed, changes the hour alone and needs no letter.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here or where no letters are sent, [`AppError::Invalid`] for what is no
/// address or hour, [`AppError::TooMany`] for the sixth letter of a day.
pub async fn set(
    ctx: &mut Ctx,
    mailer: &Mailer,
    address: &str,
    hour: i16,
    random: [u8; 8],
) -> Done<Option<ToSend>> {
    told(ctx)?;
    if !mailer.works() {
        return Err(AppError::NotFound.into());
    }
    let (school, person, now, lang) = (ctx.school(), ctx.person(), ctx.now(), ctx.lang());
    let address = address.trim();
    if !is_address(address) {
        return Err(AppError::invalid("address", t::notice_address_wrong(lang)).into());
    }
    if !(0..=23).contains(&hour) {
        return Err(AppError::invalid("hour", t::notice_hour_wrong(lang)).into());
    }
    let same = sqlx::query!(
        "update notice_email set hour = $4, language = $5
         where school_id = $1 and person_id = $2 and address = $3 and confirmed_at is not null",
        school.0,
        person.0,
        address,
        hour,
        lang.code(),
    )
    .execute(ctx.db())
    .await?;
    if same.rows_affected() > 0 {
        return Ok(None);
    }
    let code = digits(random);
    let hashed = hash(&code, address);
    let since = now - Duration::days(1);
    // notices from before are not told by letter
    let set = sqlx::query!(
        "insert into notice_email (school_id, person_id, address, hour, language, code_hash, code_until, codes, codes_since, upto)
         values ($1, $2, $3, $4, $5, $6, $7, 1, $8, coalesce((select max(n.id) from notice n where n.school_id = $1), 0))
         on conflict (school_id, person_id) do update set
            address = excluded.address, hour = excluded.hour, language = excluded.language, code_hash = excluded.code_hash,
            code_until = excluded.code_until, code_tries = 0, confirmed_at = null, failures = 0, retry_at = null, upto = excluded.upto,
            codes = case when notice_email.codes_since > $9 then notice_email.codes + 1 else 1 end,
            codes_since = case when notice_email.codes_since > $9 then notice_email.codes_since else excluded.codes_since end
         where notice_email.codes_since is null or notice_email.codes_since <= $9 or notice_email.codes < $10",
        school.0,
        person.0,
        address,
        hour,
        lang.code(),
        hashed.as_slice(),
        now + GOOD,
        now,
        since,
        CODES,
    )
    .execute(ctx.db())
    .await?;
    if set.rows_affected() == 0 {
        return Err(AppError::TooMany { retry_after: 86_400 }.into());
    }
    Ok(Some(ToSend {
        address: address.to_owned(),
        subject: t::notice_code_subject(lang).to_owned(),
        text: t::notice_code_text(lang, &code),
    }))
}

/// Takes the digits that came with the letter.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here, [`AppError::Invalid`] for wrong or old digits, also after too many tries.
pub async fn confirm(ctx: &mut Ctx, code: &str) -> Done<bool> {
    told(ctx)?;
    let (school, person, now) = (ctx.school(), ctx.person(), ctx.now());
    let row = sqlx::query!(
        "select address, code_hash, code_until, code_tries from notice_email
         where school_id = $1 and person_id = $2 and confirmed_at is null for update",
        school.0,
        person.0,
    )
    .fetch_optional(ctx.db())
    .await?
    .ok_or(AppError::NotFound)?;
    let good = row.code_tries < TRIES
        && row.code_until.is_some_and(|until: DateTime<Utc>| now < until)
        && row.code_hash.as_deref() == Some(hash(code.trim(), &row.address).as_slice());
    // a wrong one is counted: so it is no error, which would take the count back
    sqlx::query!(
        "update notice_email set code_tries = code_tries + 1, confirmed_at = case when $3 then $4::timestamptz end,
            code_hash = case when $3 then null else code_hash end
         where school_id = $1 and person_id = $2",
        school.0,
        person.0,
        good,
        now,
    )
    .execute(ctx.db())
    .await?;
    Ok(good)
}

/// Gives the address up: no letter goes to it any more.
///
/// # Errors
/// [`AppError::NotFound`] for who is told nothing here.
pub async fn forget(ctx: &mut Ctx) -> Done<()> {
    told(ctx)?;
    let (school, person) = (ctx.school(), ctx.person());
    // the count of letters stays, or giving up and setting again would flood a mailbox
    sqlx::query!(
        "update notice_email set confirmed_at = null, code_hash = null, code_until = null where school_id = $1 and person_id = $2",
        school.0,
        person.0,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}

/// Six digits.
fn digits(random: [u8; 8]) -> String {
    format!("{:06}", u64::from_le_bytes(random) % 1_000_000)
}

fn hash(code: &str, address: &str) -> [u8; 32] {
    Sha256::digest(format!("{code} {address}")).into()
}

/// What digits are made of.
///
/// # Errors
/// [`AppError::Unavailable`] when the system has no randomness.
pub fn random() -> Result<[u8; 8], AppError> {
    access_core::random()
}

/// The words for a wrong code, for the server function.
#[must_use]
pub fn wrong_code(lang: Lang) -> AppError {
    AppError::invalid("code", t::notice_code_wrong(lang))
}
