//! Into the database: one transaction an institution, two institutions at a time.
//!
//! The owner of the tables may be a superuser (the cluster that Parta starts by itself): then rows are copied straight
//! into the tables, and their foreign keys are not looked up one by one, for the generator's tests have had every row
//! looked at. An ordinary owner may not COPY under forced row-level security: the rows go through a temporary table,
//! and everything is checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anyhow::{Context, bail};
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use tokio::task::{JoinSet, spawn_blocking};

use super::region::{LAST, Layouts, ROOT, Region};
use super::rows::{Batch, Rows};
use super::{Demo, Report, cast};

/// Institutions loaded at the same time.
const WORKERS: usize = 2;

/// How rows are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// COPY into the tables; unique, check and exclusion constraints hold, foreign keys and triggers are trusted.
    Trusted,
    /// Through temporary tables, everything checked.
    Checked,
    /// The same, and each table is analysed on the way. The checks of foreign keys keep their plans: made for empty
    /// tables, they would read a whole school's assignments for every mark.
    Learning,
}

/// What is in the database before loading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// No organisation.
    Empty,
    /// A demo region that was interrupted.
    Begun,
    /// A complete demo region.
    Complete,
    /// Something else.
    Foreign,
}

/// Looks what is there.
pub async fn state(pool: &PgPool) -> anyhow::Result<State> {
    let found = sqlx::query!(
        r#"select count(*) as "all!", count(*) filter (where id = $1) as "root!",
            count(*) filter (where id = $2 and kind = 'operator') as "last!",
            count(*) filter (where name like '%(вымышленная)') as "invented!" from organisation"#,
        ROOT,
        LAST,
    )
    .fetch_one(pool)
    .await
    .context("cannot look for organisations")?;
    Ok(match (found.all, found.root * found.invented, found.last) {
        (0, ..) => State::Empty,
        (_, 0, _) => State::Foreign,
        (_, _, 0) => State::Begun,
        _ => State::Complete,
    })
}

/// Loads the region into an empty database; goes on where an earlier attempt was interrupted.
///
/// # Errors
/// The database holds something else, or refuses.
pub async fn load(pool: &PgPool, demo: Demo) -> anyhow::Result<Report> {
    let how = if is_superuser(pool).await? {
        How::Trusted
    } else {
        How::Checked
    };
    load_as(pool, demo, how).await
}

/// [`load`], in a way of one's choice.
pub async fn load_as(pool: &PgPool, demo: Demo, how: How) -> anyhow::Result<Report> {
    let began = Instant::now();
    match state(pool).await? {
        State::Empty | State::Begun => {}
        State::Complete => bail!("the demo region is already in this database"),
        State::Foreign => {
            bail!("this database is not empty: the demo region goes into a database of its own")
        }
    }
    let region = Arc::new(Region::new(demo));
    let layouts = {
        let region = region.clone();
        Arc::new(
            spawn_blocking(move || region.solve())
                .await
                .context("the timetable's thread failed")??,
        )
    };
    let learning = if how == How::Checked { How::Learning } else { how };
    let mut report = Report {
        schools: region.seats.len(),
        rows: BTreeMap::new(),
        seconds: 0.0,
        logins: super::logins(),
    };
    let mut there: BTreeSet<i64> = sqlx::query_scalar!("select id from organisation")
        .fetch_all(pool)
        .await?
        .into_iter()
        .collect();
    if !there.contains(&ROOT) {
        report.add(write(pool, ROOT, learning, region.ground()).await?);
    }
    there.remove(&ROOT);
    // The first one alone: the others find the statistics that it leaves.
    report.add(work(pool, learning, &region, &layouts, &AtomicUsize::new(0), 1, &there).await?);
    let next = Arc::new(AtomicUsize::new(1));
    let there = Arc::new(there);
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        let (pool, region, layouts) = (pool.clone(), region.clone(), layouts.clone());
        let (next, there) = (next.clone(), there.clone());
        workers.spawn(async move { work(&pool, how, &region, &layouts, &next, usize::MAX, &there).await });
    }
    while let Some(done) = workers.join_next().await {
        report.add(done.context("a loading task failed")??);
    }
    report.add(write(pool, ROOT, how, region.roof()).await?);
    advance_sequences(pool, region.next_id()).await?;
    analyse(pool).await?;
    report.seconds = began.elapsed().as_secs_f64();
    Ok(report)
}

type Counts = BTreeMap<&'static str, u64>;

/// One worker: takes the next institution until none is left before `end`.
async fn work(
    pool: &PgPool,
    how: How,
    region: &Arc<Region>,
    layouts: &Arc<Layouts>,
    next: &AtomicUsize,
    end: usize,
    there: &BTreeSet<i64>,
) -> anyhow::Result<Counts> {
    let mut counts = Counts::new();
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        let Some((seat, shape)) = region.seats.get(place).filter(|_| place < end).cloned() else {
            break;
        };
        if there.contains(&seat.id) {
            continue;
        }
        let id = seat.id;
        let (region, layouts) = (region.clone(), layouts.clone());
        let made = spawn_blocking(move || {
            layouts
                .get(&shape)
                .map(|layout| region.institution(&seat, layout))
        });
        let rows = made
            .await
            .context("a generating thread failed")?
            .context("a shape has no week")?;
        for (table, rows) in write(pool, id, how, rows).await? {
            *counts.entry(table).or_default() += rows;
        }
    }
    Ok(counts)
}

/// One transaction in the segment of a school.
pub async fn write(pool: &PgPool, school: i64, how: How, rows: Rows) -> anyhow::Result<Counts> {
    let mut tx = pool.begin().await?;
    sqlx::query!(
        "select set_config('app.school', $1, true) as school, set_config('app.task', 'session', true) as task,
            set_config('synchronous_commit', 'off', true) as commit",
        school.to_string()
    )
    .fetch_one(&mut *tx)
    .await?;
    if how == How::Trusted {
        sqlx::query!("select set_config('session_replication_role', 'replica', true)")
            .fetch_one(&mut *tx)
            .await?;
    }
    let mut counts = Counts::new();
    for batch in rows.batches.into_iter().filter(|b| b.rows > 0) {
        counts.insert(batch.table, batch.rows);
        let table = batch.table;
        copy(&mut tx, batch, how)
            .await
            .with_context(|| format!("cannot load {table} of organisation {school}"))?;
        if how == How::Learning {
            sqlx::raw_sql(AssertSqlSafe(format!("analyze {table}")))
                .execute(&mut *tx)
                .await?;
        }
    }
    tx.commit().await?;
    Ok(counts)
}

async fn copy(db: &mut PgConnection, batch: Batch, how: How) -> Result<(), sqlx::Error> {
    let Batch {
        table, columns, text, ..
    } = batch;
    let direct = how == How::Trusted;
    let into = if direct {
        table.to_owned()
    } else {
        format!("incoming_{table}")
    };
    if !direct {
        let shape =
            format!("create temporary table {into} on commit drop as select {columns} from {table} limit 0");
        sqlx::raw_sql(AssertSqlSafe(shape)).execute(&mut *db).await?;
    }
    let mut sink = db
        .copy_in_raw(&format!("copy {into} ({columns}) from stdin"))
        .await?;
    // in pieces: one message of the protocol is not to be tens of megabytes
    for piece in text.as_bytes().chunks(1 << 18) {
        sink.send(piece).await?;
    }
    sink.finish().await?;
    if !direct {
        let moved = format!("insert into {table} ({columns}) select {columns} from {into}");
        sqlx::raw_sql(AssertSqlSafe(moved)).execute(&mut *db).await?;
    }
    Ok(())
}

/// Row-level security and the rules of replication do not hold a superuser.
async fn is_superuser(pool: &PgPool) -> anyhow::Result<bool> {
    let answer =
        sqlx::query_scalar!(r#"select rolsuper as "yes!" from pg_roles where rolname = current_user"#);
    Ok(answer.fetch_one(pool).await?)
}

/// Ids given by the generator must not collide with those that the database gives later.
async fn advance_sequences(pool: &PgPool, next: i64) -> anyhow::Result<()> {
    sqlx::query!(
        "select setval(pg_get_serial_sequence(quote_ident(table_name), column_name), $1)
         from information_schema.columns where table_schema = 'public' and is_identity = 'YES'",
        next
    )
    .fetch_all(pool)
    .await
    .context("cannot advance the sequences")?;
    Ok(())
}

/// The planner should know what has come.
async fn analyse(pool: &PgPool) -> anyhow::Result<()> {
    sqlx::query!("analyze")
        .execute(pool)
        .await
        .context("cannot analyse the tables")?;
    Ok(())
}

/// Does an account still have one of the public demo passwords? A server for real people must not start with them.
pub async fn is_present(pool: &PgPool) -> anyhow::Result<bool> {
    let mut tx = pool.begin().await?;
    sqlx::query!("select set_config('app.task', 'session', true)")
        .fetch_one(&mut *tx)
        .await?;
    let found = sqlx::query_scalar!(
        r#"select exists (select from account where password_hash in ($1, $2)) as "found!""#,
        cast::PASSWORD_HASH,
        cast::ISSUED_HASH,
    )
    .fetch_one(&mut *tx)
    .await?;
    tx.rollback().await?;
    Ok(found)
}
