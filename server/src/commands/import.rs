//! `parta import`: takes data over from another program.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use base::rights::{Actor, Role, template};
use base::sql::Store;
use base::{AccountId, AppError, EmployeeId, Lang, PersonId};
use chrono::{DateTime, Utc};
use sqlx::PgPool;
use study_core::import::sql::{School, schools};
use study_core::import::{Counted, LARGEST_FILE, Preview};

use super::pupils;
use super::terminal::say;

/// Options of `parta import`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum From {
    /// Take over a school's timetable from FET: all of it, or nothing and the line that is wrong
    #[command(
        after_help = "Examples:\n  parta import fet school.fet --school 12 --dry-run\n  \
        parta import fet school.fet --school 'Школа 1'\n\n\
        What the school already has under the same name is used, the rest is created. The cards become a new draft of\n\
        the timetable; what is in force stays as it is."
    )]
    Fet {
        /// The file that FET has saved
        file: PathBuf,
        /// The school that gets it: its number or its short name
        #[arg(long, value_name = "SCHOOL")]
        school: String,
        /// Only tell what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Take over a school's timetable from aSc Timetables (its XML export): all of it, or nothing and the line that is wrong
    #[command(
        after_help = "Examples:\n  parta import asc school.xml --school 12 --dry-run\n\n\
        As from FET. The encoding is the one that the file declares."
    )]
    Asc {
        /// The XML file that aSc Timetables has exported
        file: PathBuf,
        /// The school that gets it: its number or its short name
        #[arg(long, value_name = "SCHOOL")]
        school: String,
        /// Only tell what would be done
        #[arg(long)]
        dry_run: bool,
    },
    /// Take over pupils and their families from a list (CSV or XLSX): all its good rows, or nothing
    #[command(
        after_help = "Examples:\n  parta import pupils list.csv --school 12 --dry-run\n  \
        parta import pupils list.xlsx --school 'Школа 1' --since today\n\n\
        Columns are recognised by their heads, in Russian or English: Фамилия, Имя, Отчество or ФИО; Дата рождения; Класс;\n\
        Подгруппа; Родитель, Телефон родителя, Родство; Мать, Отец, and their telephones. Who is in the school already is\n\
        recognised (pupils by name and date of birth, parents by name and telephone); a second import changes nothing."
    )]
    Pupils(pupils::Args),
}

/// Imports the file.
pub async fn run(args: Args, pool: &PgPool) -> anyhow::Result<()> {
    match args.from {
        From::Fet {
            file,
            school,
            dry_run,
        }
        | From::Asc {
            file,
            school,
            dry_run,
        } => timetable(pool, &file, &school, dry_run).await,
        From::Pupils(args) => pupils::run(args, pool).await,
    }
}

#[expect(clippy::disallowed_methods, reason = "a command's clock begins here")]
pub(super) fn clock() -> DateTime<Utc> {
    Utc::now()
}

/// A file, unless it is larger than any of its kind.
pub(super) async fn read(file: &Path, largest: usize) -> anyhow::Result<Vec<u8>> {
    let size = tokio::fs::metadata(file)
        .await
        .with_context(|| format!("cannot read {}", file.display()))?
        .len();
    if usize::try_from(size).map_or(true, |size| size > largest) {
        bail!(
            "{} is larger than {} MB, which no such file is",
            file.display(),
            largest / 1024 / 1024
        );
    }
    tokio::fs::read(file)
        .await
        .with_context(|| format!("cannot read {}", file.display()))
}

/// The administrator at the terminal is nobody in the school: the journal of changes then names no person. They act with the
/// rights of a position.
pub(super) fn at_the_terminal(school: &School, position: &str) -> Actor {
    Actor {
        person: PersonId(0),
        account: AccountId(0),
        school: school.id,
        role: Role::Staff {
            employee: EmployeeId(0),
        },
        grants: template(position).map(|t| t.grants.to_vec()).unwrap_or_default(),
        must_change_password: false,
        utc_offset: school.utc_offset,
    }
}

async fn timetable(pool: &PgPool, file: &Path, school: &str, dry_run: bool) -> anyhow::Result<()> {
    let bytes = read(file, LARGEST_FILE).await?;
    // not as the owner: the walls hold for commands as well
    let store = Store::connect((*pool.connect_options()).clone(), 1)
        .await
        .context("cannot connect to the database")?;
    let outcome = act(&store, file, bytes, school, dry_run).await;
    store.pool().close().await;
    outcome
}

async fn act(store: &Store, file: &Path, bytes: Vec<u8>, school: &str, dry_run: bool) -> anyhow::Result<()> {
    let school = find(store, school).await?;
    let actor = at_the_terminal(&school, "deputy");
    let name = school.name;
    let draft = study_core::import::sql::read(Lang::En, bytes)
        .await
        .map_err(|e| words(file, &e))?;
    let mut ctx = store.begin(actor, clock(), Lang::En).await?;
    if dry_run {
        let outcome = study_core::import::sql::preview(&mut ctx, &draft).await;
        let preview = ctx.close(outcome).await.map_err(|e| words(file, &e))?;
        say(&told(&preview, "would be"));
        say(&format!(
            "Nothing was written. Without --dry-run it goes to {name}."
        ));
        return Ok(());
    }
    let outcome = Box::pin(study_core::import::sql::import(&mut ctx, &draft)).await;
    let done = ctx.close(outcome).await.map_err(|e| words(file, &e))?;
    say(&told(&done.done, "were"));
    say(&format!(
        "Imported into {name}; open the draft at /timetable/{}.",
        done.version
    ));
    Ok(())
}

/// A school by its number or short name.
pub(super) async fn find(store: &Store, school: &str) -> anyhow::Result<School> {
    let mut found = schools(store, school)
        .await
        .map_err(|e| anyhow::anyhow!(e.message(Lang::En)))?;
    match (found.pop(), found.len()) {
        (Some(one), 0) => Ok(one),
        (None, _) => bail!("there is no school «{school}»: give its number or its short name"),
        (Some(last), _) => {
            found.push(last);
            let ids: Vec<String> = found.iter().map(|o| format!("{} ({})", o.id, o.name)).collect();
            bail!(
                "several organisations are called «{school}», give the number: {}",
                ids.join(", ")
            )
        }
    }
}

pub(super) fn words(file: &Path, error: &AppError) -> anyhow::Error {
    anyhow::anyhow!("{}: {}", file.display(), error.message(Lang::En))
}

fn told(preview: &Preview, verb: &str) -> String {
    let mut lines = vec![format!(
        "{}: {} cards, {} of them placed",
        if preview.name.is_empty() {
            "FET file"
        } else {
            &preview.name
        },
        preview.cards,
        preview.placed,
    )];
    for count in preview.counts.iter().filter(|c| c.total > 0) {
        let what = match count.what {
            Counted::Classes => "classes",
            Counted::Groups => "subgroups",
            Counted::Subjects => "subjects",
            Counted::Teachers => "teachers",
            Counted::Buildings => "buildings",
            Counted::Rooms => "rooms",
            Counted::Loads => "loads",
        };
        lines.push(format!(
            "  {:5} {what}, {} {verb} created",
            count.total,
            count.total - count.known
        ));
    }
    lines.extend(preview.warnings.iter().map(|w| format!("  note: {w}")));
    lines.join("\n")
}
