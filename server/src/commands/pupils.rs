//! `parta import pupils`: a list of pupils and families.

use std::path::PathBuf;

use anyhow::Context as _;
use base::Lang;
use base::sql::Store;
use sqlx::PgPool;
use study_core::roll::sql::{import, preview, read};
use study_core::roll::{LARGEST_FILE, Preview, Since, column_title};

use super::import::{at_the_terminal, clock, find, words};
use super::terminal::say;

/// Options of `parta import pupils`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    /// The list: CSV (UTF-8 or Windows-1251; semicolons, commas or tabs) or XLSX
    file: PathBuf,
    /// The school that gets it: its number or its short name
    #[arg(long, value_name = "SCHOOL")]
    school: String,
    /// From when the pupils are in their classes
    #[arg(long, value_enum, default_value_t = From::Year)]
    since: From,
    /// Only tell what would be done
    #[arg(long)]
    dry_run: bool,
    /// Leave out the rows that are wrong; without this, one wrong row and nothing is imported
    #[arg(long)]
    without_bad: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum From {
    /// The first day of the academic year
    Year,
    /// Today
    Today,
}

/// Imports the list.
pub async fn run(args: Args, pool: &PgPool) -> anyhow::Result<()> {
    let bytes = super::import::read(&args.file, LARGEST_FILE).await?;
    // not as the owner: the walls hold for commands as well
    let store = Store::connect((*pool.connect_options()).clone(), 1)
        .await
        .context("cannot connect to the database")?;
    let outcome = Box::pin(act(&args, &store, bytes)).await;
    store.pool().close().await;
    outcome
}

async fn act(args: &Args, store: &Store, bytes: Vec<u8>) -> anyhow::Result<()> {
    let school = find(store, &args.school).await?;
    let lang = Lang::En;
    let table = read(lang, bytes).await.map_err(|e| words(&args.file, &e))?;
    let since = match args.since {
        From::Year => Since::Year,
        From::Today => Since::Today,
    };
    let mut ctx = store
        .begin(at_the_terminal(&school, "secretary"), clock(), lang)
        .await?;
    if args.dry_run {
        let outcome = preview(&mut ctx, &table, None, since).await;
        let told = ctx.close(outcome).await.map_err(|e| words(&args.file, &e))?;
        say(&lines(&told));
        say(&format!(
            "Nothing was written. Without --dry-run it goes to {}.",
            school.name
        ));
        return Ok(());
    }
    let outcome = import(&mut ctx, &table, None, since, args.without_bad).await;
    let done = ctx.close(outcome).await.map_err(|e| words(&args.file, &e))?;
    say(&lines(&done));
    say(&format!(
        "Imported into {}. Passwords: parta account for --school {} --class NAME --out FILE",
        school.name, school.id
    ));
    Ok(())
}

fn lines(told: &Preview) -> String {
    let lang = Lang::En;
    let mut lines: Vec<String> = told
        .columns
        .iter()
        .map(|c| format!("  «{}»: {}", c.header, column_title(c.column, lang)))
        .collect();
    if !told.missing.is_empty() {
        let names: Vec<&str> = told.missing.iter().map(|c| column_title(*c, lang)).collect();
        lines.push(format!("missing columns: {}", names.join(", ")));
        return lines.join("\n");
    }
    let n = &told.counts;
    lines.push(format!(
        "{} rows: {} new pupils, {} known, {} families, {} new guardians, {} known; {} enter a class from {}, {} places in subgroups",
        told.rows,
        n.new_pupils,
        n.known_pupils,
        n.families,
        n.new_guardians,
        n.known_guardians,
        n.enrolled,
        told.since,
        n.seats,
    ));
    lines.extend(
        told.unmatched
            .iter()
            .map(|c| format!("  no class «{}» ({} rows)", c.name, c.rows)),
    );
    lines.extend(told.bad.iter().map(|b| format!("  row {}: {}", b.row, b.reason)));
    if told.bad_rows > 0 {
        lines.push(format!("{} rows are wrong", told.bad_rows));
    }
    lines.join("\n")
}
