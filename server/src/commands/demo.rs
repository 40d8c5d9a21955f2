//! `parta demo`: the invented region.

use anyhow::bail;
use sqlx::PgPool;

/// Options of `parta demo`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  parta demo                 the region of the README\n  \
    parta demo --schools 50    a municipality to measure with"
)]
pub struct Args {
    /// How many schools
    #[arg(long, default_value_t = 3, value_name = "N")]
    pub schools: u32,
    /// The same number gives the same region
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub seed: u64,
}

/// Loads the demo region into an empty database and prints the logins.
pub async fn run(args: Args, _pool: &PgPool) -> anyhow::Result<()> {
    bail!(
        "the demo region ({} schools, seed {}) is not yet available",
        args.schools,
        args.seed
    )
}

/// What `parta serve --demo` does before it listens: loads the region if the database is empty; returns the lines
/// with the logins to print below the address.
pub async fn prepare(_pool: &PgPool) -> anyhow::Result<Vec<String>> {
    Ok(vec!["The demo region is not yet available.".to_owned()])
}
