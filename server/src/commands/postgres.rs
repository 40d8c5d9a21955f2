//! `parta postgres`: the embedded cluster by hand.

use std::time::Duration;

use anyhow::bail;

use crate::commands::terminal::say;
use crate::config::Config;
use crate::postgres::{Cluster, Durability, Options, running_url};

/// Options of `parta postgres`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  parta postgres start --data /tmp/try    start it and print its address\n  \
    psql \"$(parta postgres url)\"            look into the database of a running server\n  \
    pg_dump \"$(parta postgres url)\" -Fd -f backup"
)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Act {
    /// Make the cluster if needed, start it, print its address and leave it running
    Start {
        /// For tests: nothing outlives a crash
        #[arg(long)]
        throw_away: bool,
    },
    /// Stop it
    Stop,
    /// Print the address of the running cluster
    Url,
}

/// Starts, stops or finds the cluster.
pub async fn run(args: Args, config: Config) -> anyhow::Result<()> {
    match args.act {
        Act::Start { throw_away } => {
            let durability = if throw_away {
                Durability::ThrowAway
            } else {
                Durability::Safe
            };
            let patience = Duration::from_secs(60);
            let cluster = Cluster::open(Options {
                data: config.data,
                durability,
                patience,
            })
            .await?;
            say(&cluster.url());
        }
        Act::Stop => {
            if running_url(&config.data).is_some() {
                Cluster::open(Options::new(&config.data)).await?.stop().await?;
            }
        }
        Act::Url => match running_url(&config.data) {
            Some(url) => say(&url),
            None => bail!("no PostgreSQL runs in {}", config.data.display()),
        },
    }
    Ok(())
}
