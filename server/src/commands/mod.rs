//! The command line: one file a command.
//!
//! To add one: a file with `Args` and `run`, a variant of `Command` with its help, an arm in `dispatch`.

pub mod account;
pub mod database;
pub mod demo;
pub mod import;
pub mod migrate;
pub mod organisation;
pub mod postgres;
mod pupils;
mod slips;
pub mod terminal;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{Config, Settings};
use crate::{observe, serve};
use terminal::complain;

/// Parta («Парта»): the information system of a school, a college, a region.
#[derive(Debug, Parser)]
#[command(name = "parta", version, about, after_help = EXAMPLES, max_term_width = 110)]
struct Line {
    #[command(subcommand)]
    command: Command,
    #[command(flatten, next_help_heading = "Settings (also from the environment or a file)")]
    settings: Settings,
}

const EXAMPLES: &str = "Examples:
  parta serve --demo                    try it: an invented region, logins printed, PostgreSQL started by itself
  parta serve --config /etc/parta.toml  run it for real
  parta organisation create --kind region --name 'Приморская область'
  parta organisation create --kind school --name 'Лицей № 3'
                                        your own region and school; each prints its number
  parta account create --school 2 --position director --name 'Иванова Мария Петровна'
                                        the first person, with a temporary password
  parta import fet school.fet --school 2
                                        take over a timetable made with FET
  parta import pupils list.csv --school 2
                                        and the pupils with their families
  parta account for --school 2 --class 7А --out slips.csv
                                        first passwords for a class and its parents
  DATABASE_URL=postgres://parta@db/parta parta migrate
                                        prepare a PostgreSQL of your own

`parta help COMMAND` tells more about one of them.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the application: migrates the database, listens, stops gracefully on SIGTERM or Ctrl-C
    Serve(serve::Args),
    /// Bring the database to this version and stop
    Migrate(migrate::Args),
    /// Load the demo region: invented schools with timetable, marks and logins
    Demo(demo::Args),
    /// Take data over from another program
    Import(import::Args),
    /// Add a region, a municipality, a school
    Organisation(organisation::Args),
    /// Create people who can sign in, or give them a new temporary password
    Account(account::Args),
    /// Look after the PostgreSQL that Parta starts by itself
    Postgres(postgres::Args),
}

/// Runs the command line of this process.
pub fn main() -> ExitCode {
    let line = Line::parse();
    let config = match line.settings.resolve() {
        Ok(config) => config,
        Err(error) => return fail(&error),
    };
    let filter = match line.command {
        Command::Serve(_) => observe::SERVER_FILTER,
        _ => observe::COMMAND_FILTER,
    };
    if let Err(error) = observe::logging(config.log, filter) {
        return fail(&error);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    // Boxed: a command's future is large, and lives once.
    match runtime.block_on(Box::pin(dispatch(line.command, config))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error),
    }
}

async fn dispatch(command: Command, config: Config) -> anyhow::Result<()> {
    match command {
        Command::Serve(args) => serve::run(args, config).await,
        Command::Migrate(args) => migrate::run(args, config).await,
        Command::Postgres(args) => postgres::run(args, config).await,
        Command::Demo(args) => database::with(&config, async |pool| demo::run(args, pool).await).await,
        Command::Organisation(args) => {
            database::with(&config, async |pool| organisation::run(args, pool).await).await
        }
        Command::Import(args) => {
            database::in_place(&config, async |pool| import::run(args, pool).await).await
        }
        Command::Account(args) => {
            database::in_place(&config, async |pool| account::run(args, pool).await).await
        }
    }
}

/// One line for the person at the terminal, the whole chain of causes in it.
fn fail(error: &anyhow::Error) -> ExitCode {
    complain(&format!("parta: {error:#}"));
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Line::command().debug_assert();
    }

    #[test]
    fn settings_may_stand_behind_the_command() {
        let line = Line::try_parse_from(["parta", "serve", "--demo", "--address", "127.0.0.1:1"]).unwrap();
        assert_eq!(line.settings.address, "127.0.0.1:1".parse().ok());
        assert!(matches!(line.command, Command::Serve(args) if args.demo));
    }
}
