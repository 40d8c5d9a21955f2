//! `parta account`: people who can sign in.

use anyhow::bail;
use sqlx::PgPool;

/// Options of `parta account`.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = "Both print a password that is good for one sign-in and must be changed there.")]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Act {
    /// Create a person with a position, and print the login and a one-time password
    Create {
        /// Family name, given name, patronymic
        #[arg(long)]
        name: String,
        /// The number of the organisation
        #[arg(long, value_name = "NUMBER")]
        school: i64,
        /// What the person does there, for example `director`
        #[arg(long)]
        position: String,
    },
    /// Give a person a new one-time password and sign out all their devices
    Reset {
        /// The login
        login: String,
    },
}

/// Creates or resets.
pub async fn run(args: Args, _pool: &PgPool) -> anyhow::Result<()> {
    match args.act {
        Act::Create { .. } => bail!("creating accounts is not yet available"),
        Act::Reset { .. } => bail!("resetting passwords is not yet available"),
    }
}
