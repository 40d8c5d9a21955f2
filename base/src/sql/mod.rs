//! The transaction context. Only [`Ctx`] lends a connection, so no query runs without an actor, and every query runs
//! inside a transaction that carries the actor's scope for row-level security.
//!
//! The life of a request: [`Store::begin`] → rights ([`Ctx::must`]) and queries ([`Ctx::db`]) → [`Ctx::close`], which
//! commits on success, rolls back otherwise and turns a database's refusal into words for a person.

mod audit;
mod constraint;
mod hear;

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Postgres, Transaction};
use uuid::Uuid;

use crate::rights::{self, Action, Actor, Decision, Resource, Role};
use crate::{AppError, EmployeeId, Lang, PersonId, SchoolId};
pub use audit::Event;
pub use constraint::{Words, words_of};
pub use hear::Heard;

/// The database and what every transaction needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pool: PgPool,
}

/// Why a function of a core's `sql` gave up.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// For the person, as it is.
    #[error(transparent)]
    App(#[from] AppError),
    /// The database refused or failed; [`Ctx::close`] finds the words.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// What functions of a core's `sql` return.
pub type Done<T> = Result<T, Failure>;

/// The server's own work, done without an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Finding out who asks: sign-in, sessions, positions.
    Session,
    /// Background jobs.
    Job,
}

impl Store {
    /// A store over a pool whose connections act as `parta_app` (the server's pool sets the role on connecting).
    #[must_use]
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Opens a pool whose every connection acts as `parta_app`, which owns nothing and passes no wall.
    ///
    /// # Errors
    /// The database's, when not even the first connection is to be had.
    pub async fn connect(options: PgConnectOptions, connections: u32) -> Result<Self, sqlx::Error> {
        // our statements are few, large and always the same: planning them anew costs more than running them, and
        // compiling them for one run costs more still
        let options = options.options([("plan_cache_mode", "force_generic_plan"), ("jit", "off")]);
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(std::time::Duration::from_secs(5))
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute("set role parta_app").await.map(|_| ()) })
            })
            .connect_with(options)
            .await?;
        Ok(Self::new(pool))
    }

    /// The pool, for health checks and migrations only.
    #[must_use]
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Opens a transaction for an actor: scope and `begin` go in one round trip.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when no connection is to be had in time.
    pub async fn begin(&self, actor: Actor, now: DateTime<Utc>, lang: Lang) -> Result<Ctx, AppError> {
        if actor.must_change_password {
            return Err(AppError::MustChangePassword);
        }
        self.begin_any(actor, now, lang).await
    }

    /// As [`Store::begin`], also for someone who has yet to change an issued password: for the pages of the own account.
    ///
    /// # Errors
    /// As [`Store::begin`].
    pub async fn begin_any(&self, actor: Actor, now: DateTime<Utc>, lang: Lang) -> Result<Ctx, AppError> {
        let pupils = match actor.role.family() {
            // «0» is no pupil's id: a person without children sees no marks at all
            Some([]) => "0".to_owned(),
            Some(ids) => ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
            None => String::new(),
        };
        let tx = self
            .open(&actor.school.to_string(), &actor.person.to_string(), &pupils, "")
            .await?;
        Ok(Ctx { tx, actor, now, lang })
    }

    /// Opens a transaction for the server's own work.
    ///
    /// # Errors
    /// [`AppError::Unavailable`] when no connection is to be had in time.
    pub async fn task(
        &self,
        task: Task,
        school: Option<SchoolId>,
    ) -> Result<Transaction<'static, Postgres>, AppError> {
        let name = match task {
            Task::Session => "session",
            Task::Job => "job",
        };
        self.open(&school.map(|s| s.to_string()).unwrap_or_default(), "", "", name)
            .await
    }

    /// All four values are made of digits, commas and our own words, so the text is safe.
    async fn open(
        &self,
        school: &str,
        person: &str,
        pupils: &str,
        task: &str,
    ) -> Result<Transaction<'static, Postgres>, AppError> {
        let sql = format!(
            "begin; select set_config('app.school', '{school}', true), set_config('app.person', '{person}', true), \
             set_config('app.pupils', '{pupils}', true), set_config('app.task', '{task}', true)"
        );
        self.pool.begin_with(AssertSqlSafe(sql)).await.map_err(|e| {
            tracing::error!(error = %e, "no transaction");
            AppError::Unavailable
        })
    }
}

/// One request's transaction, with the actor whose scope it carries.
#[derive(Debug)]
pub struct Ctx {
    tx: Transaction<'static, Postgres>,
    actor: Actor,
    now: DateTime<Utc>,
    lang: Lang,
}

impl Ctx {
    /// The connection.
    pub fn db(&mut self) -> &mut PgConnection {
        &mut self.tx
    }

    /// Who asks.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The person who asks.
    #[must_use]
    pub fn person(&self) -> PersonId {
        self.actor.person
    }

    /// The open segment.
    #[must_use]
    pub fn school(&self) -> SchoolId {
        self.actor.school
    }

    /// The staff card of the actor, if they act as staff.
    #[must_use]
    pub fn employee(&self) -> Option<EmployeeId> {
        match self.actor.role {
            Role::Staff { employee } => Some(employee),
            _ => None,
        }
    }

    /// The moment of the request.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The school's date at that moment.
    #[must_use]
    pub fn today(&self) -> NaiveDate {
        FixedOffset::east_opt(self.actor.utc_offset).map_or_else(
            || self.now.date_naive(),
            |offset| self.now.with_timezone(&offset).date_naive(),
        )
    }

    /// The language of the person.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Asks the policy.
    #[must_use]
    pub fn may(&self, action: Action, resource: &Resource) -> bool {
        rights::decide(&self.actor, action, resource) == Decision::Allow
    }

    /// Asks the policy and stops unless it allows.
    ///
    /// # Errors
    /// [`AppError::Forbidden`] or [`AppError::NotFound`].
    pub fn must(&self, action: Action, resource: &Resource) -> Result<(), AppError> {
        match rights::decide(&self.actor, action, resource) {
            Decision::Allow => Ok(()),
            Decision::Forbid => Err(AppError::Forbidden),
            Decision::Hide => Err(AppError::NotFound),
        }
    }

    /// Ends the transaction: commits what succeeded, rolls back what failed, and finds the words for a refusal.
    ///
    /// # Errors
    /// The failure, as a person reads it.
    pub async fn close<T>(self, outcome: Done<T>) -> Result<T, AppError> {
        let lang = self.lang;
        match outcome {
            Ok(value) => match self.tx.commit().await {
                Ok(()) => Ok(value),
                Err(e) => Err(to_app(Failure::Db(e), lang)),
            },
            Err(failure) => {
                // dropping rolls back as well; asking for it returns the connection clean and at once
                if let Err(e) = self.tx.rollback().await {
                    tracing::warn!(error = %e, "rollback");
                }
                Err(to_app(failure, lang))
            }
        }
    }
}

/// Turns a failure into what a person reads; logs it once where it is a fault.
#[must_use]
pub fn to_app(failure: Failure, lang: Lang) -> AppError {
    match failure {
        Failure::App(e) => e,
        Failure::Db(sqlx::Error::RowNotFound) => AppError::NotFound,
        Failure::Db(sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_)) => AppError::Unavailable,
        Failure::Db(sqlx::Error::Database(e)) => constraint::to_app(e.as_ref(), lang).unwrap_or_else(|| {
            // code and table only: the message may hold a person's data
            let ticket = ticket();
            tracing::error!(%ticket, code = e.code().as_deref().unwrap_or(""), table = e.table().unwrap_or(""), "database fault");
            AppError::Fault { ticket }
        }),
        Failure::Db(e) => {
            let ticket = ticket();
            tracing::error!(%ticket, kind = kind_of(&e), "database fault");
            AppError::Fault { ticket }
        }
    }
}

fn kind_of(e: &sqlx::Error) -> &'static str {
    match e {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => "decode",
        sqlx::Error::Encode(_) => "encode",
        sqlx::Error::Protocol(_) => "protocol",
        _ => "other",
    }
}

/// A number to tell support: random enough to find one line in the log.
fn ticket() -> String {
    let id = Uuid::new_v4().simple().to_string();
    id.get(..8).unwrap_or("").to_uppercase()
}
