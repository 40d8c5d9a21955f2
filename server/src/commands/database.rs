//! The database that a command works on.

use std::time::Duration;

use anyhow::Context;
use sqlx::ConnectOptions as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::config::Config;
use crate::postgres::{Cluster, Options, login, running_url};

/// All migrations, built into the executable.
pub static MIGRATIONS: Migrator = sqlx::migrate!("../migrations");

/// A database, and the cluster behind it if it is ours to stop.
#[derive(Debug)]
pub struct Database {
    /// How to connect.
    pub url: String,
    /// Our own cluster, `None` when the administrator gave a `DATABASE_URL`.
    pub cluster: Option<Cluster>,
}

impl Database {
    /// Takes the administrator's database, or opens our own cluster.
    pub async fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.database_url {
            Some(url) => Ok(Self {
                url: url.clone(),
                cluster: None,
            }),
            None => {
                let cluster = Cluster::open(Options::new(&config.data)).await?;
                Ok(Self {
                    url: cluster.url(),
                    cluster: Some(cluster),
                })
            }
        }
    }

    /// Connects as the owner of the schema.
    pub async fn connect(&self, connections: u32) -> anyhow::Result<PgPool> {
        let options: PgConnectOptions = self.url.parse().context("the address of the database")?;
        PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            // a migration of many statements is slow by nature: its text is no news for the person at the terminal
            .connect_with(options.disable_statement_logging())
            .await
            .context("cannot connect to the database")
    }

    /// How the server itself connects, once the database is migrated: in our own cluster with a login that owns nothing,
    /// else as the administrator says (`chosen`), else as the owner. The second value: must the login be harmless?
    pub async fn serving(
        &self,
        owner: &PgPool,
        chosen: Option<&str>,
    ) -> anyhow::Result<(PgConnectOptions, bool)> {
        let own: PgConnectOptions = self.url.parse().context("the address of the database")?;
        match (chosen, &self.cluster) {
            (Some(url), _) => Ok((url.parse().context("the address to serve with")?, true)),
            (None, Some(_)) => {
                login::ensure(owner).await?;
                Ok((own.username(login::SERVER), true))
            }
            (None, None) => {
                tracing::warn!(
                    "the server logs in as the owner of the tables and only then becomes parta_app: \
                     give it a login of its own with PARTA_SERVE_DATABASE_URL"
                );
                Ok((own, false))
            }
        }
    }

    /// Stops the cluster if it is ours.
    pub async fn close(self) -> anyhow::Result<()> {
        match self.cluster {
            Some(cluster) => cluster.stop().await,
            None => Ok(()),
        }
    }
}

/// Brings a database to this version.
pub async fn migrate(pool: &PgPool) -> anyhow::Result<()> {
    MIGRATIONS
        .run(pool)
        .await
        .context("cannot bring the database to this version")
}

/// As [`with`], for a command that needs what is there already: a folder without a database is the wrong folder, and no new one
/// is made in it.
pub async fn in_place(
    config: &Config,
    work: impl AsyncFnOnce(&PgPool) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    if config.database_url.is_none() && !config.data.join("postgres").join("PG_VERSION").exists() {
        anyhow::bail!(
            "there is no database in {}: say where it is with --data (`./parta run` keeps it in ./data) or DATABASE_URL",
            config.data.display()
        );
    }
    with(config, work).await
}

/// Runs a command on the migrated database: the administrator's, the one that a running server has opened, or our
/// own, which is then stopped again.
pub async fn with(
    config: &Config,
    work: impl AsyncFnOnce(&PgPool) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let served = running_url(&config.data).filter(|_| config.database_url.is_none());
    let database = match served {
        Some(url) => Database { url, cluster: None },
        None => Database::open(config).await?,
    };
    let outcome = on(&database, work).await;
    let closed = database.close().await;
    outcome.and(closed)
}

async fn on(
    database: &Database,
    work: impl AsyncFnOnce(&PgPool) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let pool = database.connect(4).await?;
    migrate(&pool).await?;
    let outcome = work(&pool).await;
    pool.close().await;
    outcome
}
