//! A plan from a file: tried, and then imported as one act that can be taken back. What a column was taken for is remembered for the
//! person.

use std::collections::BTreeMap;

use base::rights::{Action, Kind};
use base::sql::{Ctx, Done};
use base::{AppError, Lang, LoadId};
use study_core::roll::Expected;
pub use study_core::roll::rows::Table;

use super::lessons;
use super::read::{head, plan, works};
use super::write::{act_on, begin};
use crate::journal::sql::facts::of_load;
use crate::plan::act::Act;
use crate::plan::columns::{Column, doubled, head_key, recognise, recognised};
use crate::plan::row::Plan;
use crate::plan::table::{Found, LONGEST_CELL, MOST_SHOWN, MOST_TOLD, Preview, Records, records};
use crate::t;

/// May the actor change this plan? Asked before the file is read.
///
/// # Errors
/// Not found, forbidden.
pub async fn must_edit(ctx: &mut Ctx, load: LoadId) -> Done<()> {
    let whose = of_load(ctx, load).await?;
    ctx.must(Action::Edit, &whose.resource(ctx, Kind::Journal))?;
    Ok(())
}

/// Reads a file, away from the threads that serve; to be called without a transaction open.
///
/// # Errors
/// [`AppError::Invalid`] with the field «file» for what is no table; [`AppError::Unavailable`] while others' files are read.
pub async fn read_file(lang: Lang, file: &str) -> Result<Table, AppError> {
    let bytes = study_core::roll::sql::bytes(lang, file)?;
    let expected = Expected {
        heads: recognised,
        longest_cell: LONGEST_CELL,
    };
    study_core::roll::sql::read_table(lang, bytes, expected).await
}

/// What an import would do; changes nothing. `chosen` are the columns as a person corrected them, else they are recognised.
///
/// # Errors
/// As [`must_edit`]; invalid for columns that contradict each other or the file.
pub async fn preview(
    ctx: &mut Ctx,
    load: LoadId,
    table: &Table,
    chosen: Option<Vec<Column>>,
) -> Done<Preview> {
    must_edit(ctx, load).await?;
    Ok(told(ctx, load, table, chosen).await?.0)
}

/// How a file comes into a plan.
#[derive(Clone, Copy, Debug)]
pub struct How {
    /// Behind what is there, not in its place.
    pub append: bool,
    /// Bad rows may be left out.
    pub without_bad: bool,
}

/// Imports a file into a plan, all its good rows or nothing.
///
/// # Errors
/// As [`super::change`]; invalid for bad rows that nobody agreed to leave out, and for a file without a good row.
pub async fn import(
    ctx: &mut Ctx,
    load: LoadId,
    revision: i32,
    table: &Table,
    chosen: Option<Vec<Column>>,
    how: How,
) -> Done<Preview> {
    let held = begin(ctx, load, revision).await?;
    let lang = ctx.lang();
    let (preview, records) = told(ctx, load, table, chosen).await?;
    let refused = |words: String| Err(AppError::invalid("file", words).into());
    if preview.no_topic {
        return refused(t::plan_file_no_topic(lang).to_owned());
    }
    if let (Some(first), false) = (preview.bad.first(), how.without_bad) {
        return refused(t::plan_file_bad(
            lang,
            i64::from(preview.bad_rows),
            &first.reason,
            first.row,
        ));
    }
    if records.rows.is_empty() {
        return refused(t::plan_file_nothing(lang).to_owned());
    }
    remember(ctx, &preview.columns).await?;
    let act = if how.append {
        let last = plan(ctx, load).await?.rows.last().map(|r| r.id);
        Act::Add {
            after: last,
            rows: records.rows,
        }
    } else {
        Act::Replace { rows: records.rows }
    };
    act_on(ctx, load, &held, act, "imported").await?;
    Ok(preview)
}

async fn told(
    ctx: &mut Ctx,
    load: LoadId,
    table: &Table,
    chosen: Option<Vec<Column>>,
) -> Done<(Preview, Records)> {
    let lang = ctx.lang();
    let columns = match chosen {
        Some(chosen) => corrected(lang, table, chosen)?,
        None => recognise(&table.headers, &remembered(ctx).await?),
    };
    let no_topic = !columns.contains(&Column::Topic);
    let works = works(ctx).await?;
    let mut read = if no_topic {
        Records::default()
    } else {
        records(lang, &table.rows, &columns, &works)
    };
    if read.rows.len() > Plan::ROWS {
        return Err(AppError::invalid("file", t::plan_too_many(lang)).into());
    }
    let head = head(ctx, load).await?;
    let lessons = lessons::lessons(ctx, load, &head).await?;
    let bad_rows = u32::try_from(read.bad.len()).unwrap_or(u32::MAX);
    read.bad.truncate(MOST_TOLD);
    let preview = Preview {
        columns: found(table, &columns),
        no_topic,
        rows: read.rows.iter().take(MOST_SHOWN).cloned().collect(),
        hours: read.rows.iter().map(|r| i64::from(r.hours)).sum(),
        lessons: i64::try_from(lessons.iter().filter(|l| l.out.is_none()).count()).unwrap_or(i64::MAX),
        unknown_works: read.unknown_works.iter().take(MOST_TOLD).cloned().collect(),
        bad: read.bad.clone(),
        bad_rows,
    };
    Ok((preview, read))
}

/// The columns as a person says they are.
fn corrected(lang: Lang, table: &Table, chosen: Vec<Column>) -> Result<Vec<Column>, AppError> {
    if chosen.len() != table.headers.len() {
        return Err(AppError::invalid("columns", t::plan_file_other(lang)));
    }
    match doubled(&chosen) {
        Some(column) => Err(AppError::invalid(
            "columns",
            t::plan_file_twice(lang, column.title(lang)),
        )),
        None => Ok(chosen),
    }
}

fn found(table: &Table, columns: &[Column]) -> Vec<Found> {
    // as many letters as a head is compared by
    let short = |text: &str| {
        let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
        words.chars().take(200).collect::<String>()
    };
    table
        .headers
        .iter()
        .zip(columns)
        .enumerate()
        .map(|(n, (header, column))| Found {
            header: short(header),
            sample: table
                .rows
                .iter()
                .filter_map(|(_, cells)| cells.get(n))
                .map(|c| short(c))
                .find(|c| !c.is_empty())
                .unwrap_or_default(),
            column: *column,
        })
        .collect()
}

/// What this person took heads for.
async fn remembered(ctx: &mut Ctx) -> Done<BTreeMap<String, Column>> {
    let (school, person) = (ctx.school(), ctx.person());
    let rows = sqlx::query!(
        "select head, meaning from lesson_plan_column where school_id = $1 and person_id = $2",
        school.0,
        person.0,
    )
    .fetch_all(ctx.db())
    .await?;
    Ok(rows
        .into_iter()
        .filter_map(|r| Some((r.head, Column::from_key(&r.meaning)?)))
        .collect())
}

async fn remember(ctx: &mut Ctx, columns: &[Found]) -> Done<()> {
    let (school, person) = (ctx.school(), ctx.person());
    // of two columns of one head the one that is something
    let mut meaning: BTreeMap<String, Column> = BTreeMap::new();
    for found in columns {
        let key = head_key(&found.header);
        if !key.is_empty() {
            let held = meaning.entry(key).or_insert(found.column);
            *held = (*held).max(found.column);
        }
    }
    let (heads, meanings): (Vec<String>, Vec<String>) = meaning
        .into_iter()
        .map(|(head, column)| (head, column.key().to_owned()))
        .unzip();
    sqlx::query!(
        "insert into lesson_plan_column (school_id, person_id, head, meaning)
         select $1, $2, c.head, c.meaning from unnest($3::text[], $4::text[]) c (head, meaning)
         on conflict (school_id, person_id, head) do update set meaning = excluded.meaning",
        school.0,
        person.0,
        &heads,
        &meanings,
    )
    .execute(ctx.db())
    .await?;
    Ok(())
}
