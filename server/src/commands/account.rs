//! `parta account`: people who can sign in.

use access_core::accounts::Issued;
use access_core::accounts::sql::{NewPerson, create, reset_login};
use access_core::auth::Hasher;
use anyhow::{Context, bail};
use base::sql::Store;
use base::{AppError, Lang};
use chrono::{DateTime, Utc};
use sqlx::PgPool;

use super::slips;
use super::terminal::say;

/// Options of `parta account`.
#[derive(Debug, Clone, clap::Args)]
#[command(
    after_help = "Passwords made here open nothing but the form that changes them, and are dead once changed or after two weeks."
)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Act {
    #[command(flatten)]
    One(One),
    /// Make accounts for a class with its parents, or for the staff: everyone who has no password yet, as a table of slips
    For(slips::Args),
}

#[derive(Debug, Clone, clap::Subcommand)]
enum One {
    /// Create a person with a position, and print the login and a temporary password
    Create {
        /// Family name, given name, patronymic
        #[arg(long)]
        name: String,
        /// The organisation: its number or its short name
        #[arg(long, value_name = "SCHOOL")]
        school: String,
        /// What the person does there: director, deputy, teacher, secretary, administrator, operator, or the title of
        /// one of the organisation's own positions
        #[arg(long)]
        position: String,
        /// A login of one's choice [default: made from the name]
        #[arg(long)]
        login: Option<String>,
    },
    /// Give a person a new temporary password and sign out all their devices
    Reset {
        /// The login
        #[arg(long)]
        login: String,
    },
}

/// Creates or resets.
pub async fn run(args: Args, pool: &PgPool) -> anyhow::Result<()> {
    // not as the owner: the walls hold for commands as well
    let store = Store::connect((*pool.connect_options()).clone(), 1)
        .await
        .context("cannot connect to the database")?;
    #[expect(clippy::disallowed_methods, reason = "a command's clock begins here")]
    let now = Utc::now();
    let issued = match args.act {
        Act::For(args) => {
            let outcome = Box::pin(slips::run(args, &store, now)).await;
            store.pool().close().await;
            return outcome;
        }
        Act::One(one) => act(one, &store, now).await,
    };
    store.pool().close().await;
    let issued = issued?;
    say(&format!("login:    {}", issued.login));
    say(&format!("password: {}", issued.password));
    say(&format!(
        "good until {} UTC or until it is changed, which the first sign-in asks for",
        issued.expires_at.format("%Y-%m-%d %H:%M")
    ));
    Ok(())
}

async fn act(act: One, store: &Store, now: DateTime<Utc>) -> anyhow::Result<Issued> {
    let hasher = Hasher::new().map_err(told)?;
    match act {
        One::Create {
            name,
            school,
            position,
            login,
        } => {
            let names: Vec<&str> = name.split_whitespace().collect();
            let (last, first, middle) = match names.as_slice() {
                [last, first] => (*last, *first, None),
                [last, first, middle] => (*last, *first, Some(*middle)),
                _ => bail!(
                    "--name: family name, given name and, if there is one, patronymic: 'Иванова Мария Петровна'"
                ),
            };
            let new = NewPerson {
                school: super::import::find(store, &school).await?.id,
                name: (last, first, middle),
                position: &position,
                login: login.as_deref(),
            };
            match create(store, &hasher, new, now).await {
                Err(AppError::NotFound) => {
                    bail!("there is no position «{position}» in organisation {school}")
                }
                other => other.map_err(told),
            }
        }
        One::Reset { login } => match reset_login(store, &hasher, &login, now).await {
            Err(AppError::NotFound) => bail!("nobody has the login «{login}»"),
            other => other.map_err(told),
        },
    }
}

fn told(error: AppError) -> anyhow::Error {
    anyhow::anyhow!(error.message(Lang::En))
}
