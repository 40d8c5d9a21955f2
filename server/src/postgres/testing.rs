//! Databases for tests: each test gets its own, copied from a template that is migrated once.
//!
//! `./parta test` starts a throw-away cluster and gives its address in `PARTA_TEST_DATABASE_URL`. Without that
//! variable the first test starts such a cluster in the folder of temporary files, where PostgreSQL's account may enter,
//! and leaves it running for the next ones.

use std::os::unix::fs::MetadataExt;
use std::time::Duration;

use anyhow::Context;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use uuid::Uuid;

use super::{Cluster, Durability, Options, folder};

/// A database that belongs to one test.
#[derive(Debug)]
pub struct TestDatabase {
    /// Connections as the owner of everything.
    pub pool: PgPool,
    /// How to connect to it otherwise.
    pub options: PgConnectOptions,
    name: String,
}

impl TestDatabase {
    /// Makes a migrated database.
    pub async fn create(migrator: &Migrator) -> anyhow::Result<Self> {
        Self::filled(migrator, &[]).await
    }

    /// Makes a migrated database in which these scripts have run; they too run once, in the template.
    pub async fn filled(migrator: &Migrator, scripts: &[&'static str]) -> anyhow::Result<Self> {
        let server = server().await?;
        let mut admin = server
            .clone()
            .database("postgres")
            .connect()
            .await
            .context("cannot reach the test cluster")?;
        let template = template(&server, &mut admin, migrator, scripts).await?;
        let name = format!("test_{}", Uuid::from_bytes(rand::random()).simple());
        // The copy fails while somebody else is connected to the template, and nobody ever is.
        sqlx::raw_sql(AssertSqlSafe(format!(
            "create database {name} template {template}"
        )))
        .execute(&mut admin)
        .await
        .context("cannot copy the template")?;
        admin.close().await?;
        let options = server.database(&name);
        let pool = PgPoolOptions::new()
            .max_connections(5)
            .connect_with(options.clone())
            .await?;
        Ok(Self { pool, options, name })
    }

    /// The address of this database.
    pub fn url(&self) -> String {
        let mut url = self.options.to_url_lossy();
        url.set_path(&self.name);
        url.to_string()
    }

    /// Removes it. A test that fails leaves its database for those who want to look.
    pub async fn remove(self) -> anyhow::Result<()> {
        self.pool.close().await;
        let mut admin = self.options.database("postgres").connect().await?;
        let name = self.name;
        sqlx::raw_sql(AssertSqlSafe(format!("drop database {name} with (force)")))
            .execute(&mut admin)
            .await?;
        Ok(admin.close().await?)
    }
}

/// The cluster of the tests.
async fn server() -> anyhow::Result<PgConnectOptions> {
    let url = match std::env::var("PARTA_TEST_DATABASE_URL") {
        Ok(url) => url,
        Err(_) => {
            let me = std::fs::metadata("/proc/self")?.uid();
            let cluster = Cluster::open(Options {
                data: std::env::temp_dir().join(format!("parta-test-postgres-{me}")),
                durability: Durability::ThrowAway,
                patience: Duration::from_secs(60),
            });
            cluster.await?.url()
        }
    };
    url.parse()
        .context("PARTA_TEST_DATABASE_URL is no address of PostgreSQL")
}

/// Makes the template if no test before has made it, and tells its name.
async fn template(
    server: &PgConnectOptions,
    admin: &mut PgConnection,
    migrator: &Migrator,
    scripts: &[&'static str],
) -> anyhow::Result<String> {
    let mut checksums: Vec<u8> = migrator
        .iter()
        .flat_map(|migration| migration.checksum.to_vec())
        .collect();
    checksums.extend(scripts.iter().flat_map(|script| script.bytes()));
    let name = format!("template_{:016x}", folder::hash(&checksums));
    // Tests run in many processes; one of them makes it. The lock ends with the session.
    sqlx::raw_sql("select pg_advisory_lock(7270727)")
        .execute(&mut *admin)
        .await?;
    let exists = format!("select from pg_database where datname = '{name}' and datistemplate");
    if sqlx::raw_sql(AssertSqlSafe(exists))
        .fetch_optional(&mut *admin)
        .await?
        .is_none()
    {
        let make = format!("drop database if exists {name}; ");
        sqlx::raw_sql(AssertSqlSafe(make)).execute(&mut *admin).await?;
        sqlx::raw_sql(AssertSqlSafe(format!("create database {name}")))
            .execute(&mut *admin)
            .await?;
        let mut fresh = server.clone().database(&name).connect().await?;
        migrator
            .run_direct(None, &mut fresh, false)
            .await
            .context("the migrations fail")?;
        for script in scripts {
            sqlx::raw_sql(*script)
                .execute(&mut fresh)
                .await
                .context("a script of the test fails")?;
        }
        fresh.close().await?;
        let finish = format!("alter database {name} is_template true");
        sqlx::raw_sql(AssertSqlSafe(finish)).execute(&mut *admin).await?;
    }
    sqlx::raw_sql("select pg_advisory_unlock(7270727)")
        .execute(&mut *admin)
        .await?;
    Ok(name)
}
