//! `parta account for`: first passwords for a class with its parents, or for the staff, as a table to print slips from.

use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use access_core::accounts::sql::{class_called, classes, due, give, group, passwords};
use access_core::accounts::{AS_MANY_AT_ONCE, Group, Slip, csv};
use access_core::auth::Hasher;
use anyhow::{Context as _, bail};
use base::rights::{Actor, template};
use base::sql::{Ctx, Store};
use base::{AppError, Lang, PersonId};
use chrono::{DateTime, Utc};
use study_core::import::sql::School;

use super::import::{at_the_terminal, find};
use super::terminal::say;

/// Options of `parta account for`.
#[derive(Debug, Clone, clap::Args)]
#[group(id = "whom", required = true, multiple = true, args = ["class", "staff", "all"])]
pub struct Args {
    /// The school: its number or its short name
    #[arg(long, value_name = "SCHOOL")]
    school: String,
    /// A class: its pupils and their parents
    #[arg(long, value_name = "NAME")]
    class: Option<String>,
    /// The staff
    #[arg(long)]
    staff: bool,
    /// The staff and all classes
    #[arg(long, conflicts_with_all = ["class", "staff"])]
    all: bool,
    /// The file that gets the slips; it must not exist, and only you may read it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Issues passwords to everyone of the groups who has none, or whose issued one has died.
pub async fn run(args: Args, store: &Store, now: DateTime<Utc>) -> anyhow::Result<()> {
    let school = find(store, &args.school).await?;
    let groups = groups(&args, store, &school, now).await?;
    // before any password is made: what cannot be written down must not be issued
    let file = create(&args.out)?;
    let hasher = Hasher::new().map_err(|e| told(&e))?;
    let mut slips = Vec::new();
    let mut outcome = Ok(());
    for (of, name) in groups {
        outcome = one_group((store, &school, now), &hasher, (of, &name), &mut slips).await;
        say(&format!("{name}: {} passwords so far", slips.len()));
        if outcome.is_err() {
            break;
        }
    }
    // also what was issued before something went wrong
    write(file, &csv(Lang::Ru, &slips, school.utc_offset))
        .with_context(|| format!("cannot write {}", args.out.display()))?;
    outcome?;
    say(&format!(
        "{} slips in {}; print them and delete the file",
        slips.len(),
        args.out.display()
    ));
    Ok(())
}

async fn begin(store: &Store, school: &School, now: DateTime<Utc>) -> anyhow::Result<Ctx> {
    Ok(store.begin(terminal(school), now, Lang::En).await?)
}

async fn groups(
    args: &Args,
    store: &Store,
    school: &School,
    now: DateTime<Utc>,
) -> anyhow::Result<Vec<(Group, String)>> {
    let mut groups = Vec::new();
    if args.staff || args.all {
        groups.push((Group::Staff, "staff".to_owned()));
    }
    let mut ctx = begin(store, school, now).await?;
    if let Some(name) = &args.class {
        let found = class_called(&mut ctx, name).await;
        match ctx.close(found).await {
            Ok(id) => groups.push((Group::Class(id), name.clone())),
            Err(AppError::NotFound) => bail!("there is no class «{name}» in {} this year", school.name),
            Err(other) => return Err(told(&other)),
        }
    } else if args.all {
        let found = classes(&mut ctx).await;
        let found = ctx.close(found).await.map_err(|e| told(&e))?;
        groups.extend(found.into_iter().map(|(id, name)| (Group::Class(id), name)));
    }
    Ok(groups)
}

/// Those of one group, a dozen at a time, each dozen a transaction of its own.
async fn one_group(
    (store, school, now): (&Store, &School, DateTime<Utc>),
    hasher: &Hasher,
    (of, name): (Group, &str),
    slips: &mut Vec<(String, Slip)>,
) -> anyhow::Result<()> {
    let mut ctx = begin(store, school, now).await?;
    let page = group(&mut ctx, of).await;
    let page = ctx.close(page).await.map_err(|e| told(&e))?;
    let wanted = page.people.iter().filter(|h| h.state.is_due());
    let people: Vec<PersonId> = wanted.map(|h| h.person).collect();
    for part in people.chunks(AS_MANY_AT_ONCE) {
        let mut ctx = begin(store, school, now).await?;
        let found = due(&mut ctx, of, part).await;
        let found = ctx.close(found).await.map_err(|e| told(&e))?;
        let given = passwords(hasher, &found).await.map_err(|e| told(&e))?;
        let mut ctx = begin(store, school, now).await?;
        let done = give(&mut ctx, of, given).await;
        let done = ctx.close(done).await.map_err(|e| told(&e))?;
        slips.extend(done.into_iter().map(|slip| (name.to_owned(), slip)));
    }
    Ok(())
}

/// A new file that nobody else may read.
fn create(path: &Path) -> anyhow::Result<std::fs::File> {
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("cannot create {} (it must not exist yet)", path.display()))
}

fn write(mut file: std::fs::File, text: &str) -> std::io::Result<()> {
    use std::io::Write as _;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn told(error: &AppError) -> anyhow::Error {
    anyhow::anyhow!(error.message(Lang::En))
}

/// Who sits at the server's terminal issues to everyone: also to a director, whose password nobody in the school may issue, and
/// in the region's own office.
fn terminal(school: &School) -> Actor {
    let mut actor = at_the_terminal(school, "director");
    actor
        .grants
        .extend(template("operator").map(|t| t.grants).unwrap_or_default());
    actor
}
