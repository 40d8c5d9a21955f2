//! `parta import`: takes data over from another program.

use std::path::PathBuf;

use anyhow::bail;
use sqlx::PgPool;

/// Options of `parta import`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum From {
    /// Take over a school's timetable from FET: all of it, or nothing and the line that is wrong
    #[command(after_help = "Example:\n  parta import fet school.fet --school 1")]
    Fet {
        /// The file that FET has saved
        file: PathBuf,
        /// The number of the school that gets it
        #[arg(long, value_name = "NUMBER")]
        school: i64,
    },
}

/// Imports the file.
pub async fn run(args: Args, _pool: &PgPool) -> anyhow::Result<()> {
    match args.from {
        From::Fet { file, school } => {
            bail!(
                "taking {} over into school {school} is not yet available",
                file.display()
            )
        }
    }
}
