//! The roll in the database: lists are previewed and imported here, [`classes`] and [`class`] show who is where, [`save_split`]
//! forms subgroups.

mod classes;
mod known;
mod split;
mod write;

use base::rights::{Action, Kind, Resource};
use base::sql::{Ctx, Done};
use base::{AppError, Lang, YearId};
use base64::Engine as _;
use chrono::NaiveDate;

use super::plan::{Outcome, compare};
use super::rows::{Table, records};
use super::{Column, Expected, Found, LARGEST_FILE, LIST, MOST_TOLD, Preview, Since, columns, table};
use crate::readers::READERS;
use crate::t;
use crate::timetable::sql::year_now;

pub use classes::{class, classes};
pub use split::save_split;

/// May the actor load lists and form subgroups?
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub fn must_edit(ctx: &Ctx) -> Result<(), AppError> {
    ctx.must(Action::Edit, &Resource::of_school(Kind::People, ctx.school()))
}

/// Reads a file, away from the threads that serve; to be called without a transaction open, and only for those who may.
///
/// # Errors
/// [`AppError::Invalid`] with the field «file» for what is no list; [`AppError::Unavailable`] while others' files are read.
pub async fn read(lang: Lang, file: Vec<u8>) -> Result<Table, AppError> {
    read_table(lang, file, LIST).await
}

/// As [`read`], a table of another kind.
///
/// # Errors
/// As [`read`].
pub async fn read_table(lang: Lang, file: Vec<u8>, expected: Expected) -> Result<Table, AppError> {
    let read = READERS.read(move || table::read(lang, &file, expected)).await?;
    // a reader that gave up in the middle: the file's fault, whatever it was
    read.unwrap_or_else(|| Err(AppError::invalid("file", t::roll_file_broken_xlsx(lang))))
}

/// The bytes of a file as it travels: base64.
///
/// # Errors
/// As [`read`].
pub fn bytes(lang: Lang, file: &str) -> Result<Vec<u8>, AppError> {
    if file.len() > LARGEST_FILE.div_ceil(3) * 4 {
        return Err(AppError::invalid("file", t::roll_file_large(lang)));
    }
    base64::engine::general_purpose::STANDARD
        .decode(file)
        .map_err(|_| AppError::invalid("file", t::roll_file_not_text(lang)))
}

/// The year that a list goes into.
struct Year {
    id: YearId,
    starts_on: NaiveDate,
}

/// What came of reading a table against the school.
struct Compared {
    preview: Preview,
    outcome: Outcome,
    known: super::plan::Known,
}

/// What an import would do; changes nothing. `chosen` are the columns as a person corrected them, else they are recognised.
///
/// # Errors
/// Forbidden; [`AppError::Invalid`] for columns that contradict each other or the file, and for a school without a year.
pub async fn preview(
    ctx: &mut Ctx,
    table: &Table,
    chosen: Option<Vec<Column>>,
    since: Since,
) -> Done<Preview> {
    must_edit(ctx)?;
    let year = year(ctx).await?;
    Ok(compared(ctx, table, chosen, since, &year).await?.preview)
}

/// Imports a list into the present year, all its good rows or nothing; `without_bad` says that bad ones may be left out.
///
/// # Errors
/// As [`preview`]; [`AppError::Invalid`] for bad rows that nobody agreed to leave out, for a list without any good row, and for
/// a closed year.
pub async fn import(
    ctx: &mut Ctx,
    table: &Table,
    chosen: Option<Vec<Column>>,
    since: Since,
    without_bad: bool,
) -> Done<Preview> {
    must_edit(ctx)?;
    let lang = ctx.lang();
    let year = year(ctx).await?;
    lock(ctx, &year).await?;
    let Compared {
        preview,
        outcome,
        known,
    } = compared(ctx, table, chosen, since, &year).await?;
    let refused = |words: String| Err(AppError::invalid("file", words).into());
    if !preview.missing.is_empty() {
        return refused(t::roll_columns_missing(lang).to_owned());
    }
    if let (Some(first), false) = (preview.bad.first(), without_bad) {
        let n = i64::from(preview.bad_rows);
        return refused(t::roll_bad_rows(lang, n, &first.reason, first.row));
    }
    if preview.counts.new_pupils + preview.counts.known_pupils == 0 {
        return refused(t::roll_nobody(lang).to_owned());
    }
    write::write(ctx, outcome.plan, &known, preview.since).await?;
    Ok(preview)
}

async fn compared(
    ctx: &mut Ctx,
    table: &Table,
    chosen: Option<Vec<Column>>,
    since: Since,
    year: &Year,
) -> Done<Compared> {
    let (lang, today) = (ctx.lang(), ctx.today());
    let columns = match chosen {
        Some(chosen) => corrected(lang, table, chosen)?,
        None => columns::recognise(&table.headers),
    };
    let since = match since {
        Since::Year => year.starts_on,
        Since::Today => today.max(year.starts_on),
    };
    let missing = columns::missing(&columns);
    let known = known::known(ctx, year.id, since).await?;
    let (mut outcome, mut bad) = (Outcome::default(), vec![]);
    if missing.is_empty() {
        let good;
        (good, bad) = records(lang, table, &columns, today);
        outcome = compare(lang, &good, &known);
        bad.append(&mut outcome.bad);
        bad.sort_by_key(|b| b.row);
    }
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let bad_rows = size(bad.len());
    bad.truncate(MOST_TOLD);
    let preview = Preview {
        columns: found(table, &columns),
        missing,
        rows: size(table.rows.len()),
        counts: outcome.plan.counts,
        classes: outcome.classes.clone(),
        unmatched: outcome.unmatched.clone(),
        bad,
        bad_rows,
        since,
    };
    Ok(Compared {
        preview,
        outcome,
        known,
    })
}

/// The columns as a person says they are.
fn corrected(lang: Lang, table: &Table, chosen: Vec<Column>) -> Result<Vec<Column>, AppError> {
    if chosen.len() != table.headers.len() {
        return Err(AppError::invalid("columns", t::roll_columns_other(lang)));
    }
    match columns::doubled(&chosen) {
        Some(column) => Err(AppError::invalid(
            "columns",
            t::roll_columns_twice(lang, super::column_title(column, lang)),
        )),
        None => Ok(chosen),
    }
}

fn found(table: &Table, columns: &[Column]) -> Vec<Found> {
    let heads = table.headers.iter().zip(columns).enumerate();
    heads
        .map(|(n, (header, column))| {
            let below = || table.rows.iter().filter_map(|(_, cells)| cells.get(n));
            Found {
                header: super::fields::clean(header),
                sample: below()
                    .map(|c| super::fields::clean(c))
                    .find(|c| !c.is_empty())
                    .unwrap_or_default(),
                column: *column,
            }
        })
        .collect()
}

async fn year(ctx: &mut Ctx) -> Done<Year> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let Some((id, _)) = year_now(ctx).await? else {
        return Err(AppError::invalid("file", t::roll_no_year(lang)).into());
    };
    let starts_on = sqlx::query_scalar!(
        "select starts_on from academic_year where school_id = $1 and id = $2",
        school.0,
        id.0
    )
    .fetch_one(ctx.db())
    .await?;
    Ok(Year { id, starts_on })
}

/// One list at a time: two at once would enter the same people twice. Refuses a closed year.
async fn lock(ctx: &mut Ctx, year: &Year) -> Done<()> {
    let (school, lang) = (ctx.school(), ctx.lang());
    let closed = sqlx::query_scalar!(
        "select closed_at from academic_year where school_id = $1 and id = $2 for no key update",
        school.0,
        year.id.0,
    )
    .fetch_one(ctx.db())
    .await?;
    match closed {
        None => Ok(()),
        Some(_) => Err(AppError::invalid("file", t::import_year_closed(lang)).into()),
    }
}
