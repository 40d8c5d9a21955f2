//! `parta migrate`: brings the database to this version.

use crate::commands::database;
use crate::commands::terminal::say;
use crate::config::Config;

/// Options of `parta migrate`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {}

/// Migrates and says so.
pub async fn run(_: Args, config: Config) -> anyhow::Result<()> {
    database::with(&config, async |_| {
        say("The database is at this version.");
        Ok(())
    })
    .await
}
