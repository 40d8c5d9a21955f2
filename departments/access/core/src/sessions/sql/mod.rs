//! Questions and acts about sessions. What happens before anybody is known runs as `Task::Session`; what a person does
//! with their own devices runs in their own transaction.

mod find;
mod own;

use base::sql::{Failure, to_app};
use base::{AppError, Lang};
use chrono::{DateTime, TimeDelta, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Lifetime, Span, Token};
use crate::positions::{Active, Facts};

pub use find::{find, touch};
pub(crate) use own::own_account;
pub use own::{devices, end, forget_old, revoke, revoke_others, set_language, set_theme};

/// A session that lives, and whose it is.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its id.
    pub session: Uuid,
    /// How long it lives.
    pub span: Span,
    /// The person and what they may act as.
    pub facts: Facts,
    /// What they act as now.
    pub active: Option<Active>,
    /// The language they chose, if any.
    pub lang: Option<Lang>,
    /// The theme they chose, if any.
    pub theme: Option<String>,
}

impl Known {
    /// Signed in on somebody else's computer («чужой компьютер»).
    #[must_use]
    pub fn on_shared_device(&self) -> bool {
        self.span.idle == Lifetime::SHARED.idle
    }
}

/// A new session as the browser must be told of it.
#[derive(Debug)]
pub struct Opened {
    /// For the cookie.
    pub token: Token,
    /// The cookie's `Max-Age`; `None` on somebody else's computer.
    pub max_age: Option<i32>,
    /// The device's own cookie, when it is to be known again.
    pub device: Option<Token>,
    /// Nothing but changing the password is open.
    pub must_change_password: bool,
}

/// What a new session is made of.
pub(crate) struct New<'a> {
    pub account: i64,
    pub device: &'a str,
    pub lifetime: Lifetime,
    /// Shorter than the lifetime says, for an issued password.
    pub at_most: Option<i32>,
    pub active: Option<String>,
    pub now: DateTime<Utc>,
}

/// Writes a session and returns its token.
pub(crate) async fn open(
    db: &mut PgConnection,
    new: New<'_>,
    random: ([u8; 32], [u8; 16]),
) -> Result<Token, sqlx::Error> {
    let token = Token::new(random.0);
    let absolute = new
        .at_most
        .map_or(new.lifetime.absolute, |most| most.min(new.lifetime.absolute));
    sqlx::query!(
        "insert into session (id, token_hash, account_id, active_position, device, created_at, last_seen_at, expires_at, idle_seconds)
         values ($1, $2, $3, $4, $5, $6, $6, $7, $8)",
        Uuid::from_bytes(random.1),
        &token.hash(),
        new.account,
        new.active,
        new.device,
        new.now,
        new.now + TimeDelta::seconds(i64::from(absolute)),
        new.lifetime.idle,
    )
    .execute(db)
    .await?;
    Ok(token)
}

/// Writes an event of an account.
pub(crate) async fn event(
    db: &mut PgConnection,
    (account, kind, actor): (i64, &str, Option<i64>),
    device: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into account_event (account_id, at, kind, actor_id, device) values ($1, $2, $3, $4, $5)",
        account,
        now,
        kind,
        actor,
        device,
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A fault of the database in the server's own work.
pub(crate) fn fault(lang: Lang) -> impl Fn(sqlx::Error) -> AppError {
    move |e| to_app(Failure::Db(e), lang)
}
