//! `parta demo`: the invented region.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use sqlx::PgPool;

use super::terminal::say;
use crate::demo::{self, Demo, State};

/// Options of `parta demo`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Examples:\n  parta demo                 the region of the README\n  \
    parta demo --schools 50    a municipality to measure with\n  \
    parta demo --today 2026-11-18   always the same rows"
)]
pub struct Args {
    /// How many schools, beside a kindergarten and a college
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=5000))]
    pub schools: u32,
    /// The same number gives the same region
    #[arg(long, default_value_t = 1, value_name = "NUMBER")]
    pub seed: u64,
    /// The day up to which lessons are held, instead of the real one
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<NaiveDate>,
}

/// Loads the demo region into an empty database and prints the logins.
pub async fn run(args: Args, pool: &PgPool) -> anyhow::Result<()> {
    let (now, today) = clock();
    let demo = Demo {
        schools: args.schools,
        seed: args.seed,
        today: args.today.unwrap_or(today),
        now,
    };
    demo::load(pool, demo)
        .await?
        .lines()
        .iter()
        .for_each(|line| say(line));
    Ok(())
}

/// What `parta serve --demo` does before it listens: loads the region if the database is empty; returns the lines
/// with the logins to print below the address.
pub async fn prepare(pool: &PgPool) -> anyhow::Result<Vec<String>> {
    let (now, today) = clock();
    let demo = Demo {
        schools: 3,
        seed: 1,
        today,
        now,
    };
    Ok(match demo::state(pool).await? {
        State::Empty | State::Begun => demo::load(pool, demo).await?.lines(),
        State::Complete => demo::login_lines(),
        State::Foreign => vec!["This database holds other data: no demo region was loaded.".to_owned()],
    })
}

/// Now, and the date in the region.
#[expect(
    clippy::disallowed_methods,
    reason = "a command has no `Ctx`; everything below takes the time as a parameter"
)]
fn clock() -> (DateTime<Utc>, NaiveDate) {
    let now = Utc::now();
    let moscow = FixedOffset::east_opt(3 * 3600)
        .map_or(now.date_naive(), |zone| now.with_timezone(&zone).date_naive());
    (now, moscow)
}
