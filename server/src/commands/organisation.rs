//! `parta organisation`: the region, its municipalities, its schools.

use anyhow::{Context as _, bail};
use chrono::{DateTime, Utc};
use serde_json::json;
use sqlx::PgPool;

use super::terminal::say;

/// Options of `parta organisation`.
#[derive(Debug, Clone, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Clone, clap::Subcommand)]
enum Act {
    /// Add a region, a municipality, a school, a college, a kindergarten; prints its number
    #[command(after_help = "Examples:\n  \
        parta organisation create --kind region --name 'Приморская область'\n  \
        parta organisation create --kind school --name 'Лицей № 3' --short 'Лицей 3'\n\n\
        The first one is the region. What is created without --under lies directly under the region, if there is only one.")]
    Create {
        /// What it is
        #[arg(long, value_enum)]
        kind: Kind,
        /// Its full name
        #[arg(long)]
        name: String,
        /// Its short name, at most 60 characters [default: the full name]
        #[arg(long)]
        short: Option<String>,
        /// The number of the organisation above it [default: the region]
        #[arg(long, value_name = "NUMBER")]
        under: Option<i64>,
        /// Its clock, as IANA names it
        #[arg(long, value_name = "ZONE", default_value = "Europe/Moscow")]
        time_zone: String,
    },
    /// List all: number, kind, name
    List,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    Region,
    Municipality,
    Kindergarten,
    School,
    College,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Municipality => "municipality",
            Self::Kindergarten => "kindergarten",
            Self::School => "school",
            Self::College => "college",
        }
    }
}

/// Creates or lists.
pub async fn run(args: Args, pool: &PgPool) -> anyhow::Result<()> {
    match args.act {
        Act::Create {
            kind,
            name,
            short,
            under,
            time_zone,
        } => {
            let new = New {
                kind,
                name: name.trim(),
                short: short.as_deref().unwrap_or(&name).trim(),
                under,
                time_zone: &time_zone,
            };
            let id = create(pool, &new, super::import::clock()).await?;
            say(&format!("organisation {id}: {} ({})", new.name, kind.key()));
            if !matches!(kind, Kind::Region | Kind::Municipality) {
                say(&format!(
                    "its first person: parta account create --school {id} --position director --name 'Family Given Patronymic'"
                ));
            }
            Ok(())
        }
        Act::List => list(pool).await,
    }
}

struct New<'a> {
    kind: Kind,
    name: &'a str,
    short: &'a str,
    under: Option<i64>,
    time_zone: &'a str,
}

async fn create(pool: &PgPool, new: &New<'_>, now: DateTime<Utc>) -> anyhow::Result<i64> {
    let (name, short) = (new.name.chars().count(), new.short.chars().count());
    if !(1..=300).contains(&name) {
        bail!("--name: from 1 to 300 characters");
    }
    if !(1..=60).contains(&short) {
        bail!("--short: from 1 to 60 characters; the full name is too long to stand for it");
    }
    let above = above(pool, new).await?;
    let mut tx = pool.begin().await?;
    let id = sqlx::query_scalar!(
        r#"select greatest(nextval(pg_get_serial_sequence('organisation', 'id')), (select max(id) + 1 from organisation)) as "id!""#
    )
    .fetch_one(&mut *tx)
    .await?;
    // inside the walls: a branch grows in its own name
    sqlx::query!(
        "select set_config('app.school', $1, true) as school, set_config('app.task', 'session', true) as task",
        id.to_string(),
    )
    .fetch_one(&mut *tx)
    .await?;
    let zone = sqlx::query_scalar!(
        r#"select exists (select from pg_timezone_names where name = $1) as "known!""#,
        new.time_zone
    )
    .fetch_one(&mut *tx)
    .await?;
    if !zone {
        bail!(
            "--time-zone: «{}» is none; for example Europe/Moscow, Asia/Vladivostok",
            new.time_zone
        );
    }
    let written = sqlx::query!(
        "insert into organisation (id, parent_id, kind, name, short_name, time_zone, path)
         values ($1::bigint, $2, $3, $4, $5, $6, coalesce((select path from organisation where id = $2), '{}'::bigint[]) || $1::bigint)",
        id,
        above,
        new.kind.key(),
        new.name,
        new.short,
        new.time_zone,
    )
    .execute(&mut *tx)
    .await;
    if let Err(sqlx::Error::Database(e)) = &written
        && e.constraint() == Some("organisation_name_key")
    {
        bail!(
            "there is an organisation «{}» already; see: parta organisation list",
            new.name
        );
    }
    written.context("cannot write the organisation")?;
    sqlx::query!(
        "insert into audit_event (school_id, at, action, entity, entity_key, new)
         values ($1, $2, 'organisation.created', 'organisation', $3, $4)",
        id,
        now,
        id.to_string(),
        json!({ "by": "operator", "kind": new.kind.key(), "name": new.name, "under": above }),
    )
    .execute(&mut *tx)
    .await?;
    tx.commit().await?;
    Ok(id)
}

/// The organisation above a new one.
async fn above(pool: &PgPool, new: &New<'_>) -> anyhow::Result<Option<i64>> {
    if let Some(under) = new.under {
        let kind = sqlx::query_scalar!("select kind from organisation where id = $1", under)
            .fetch_optional(pool)
            .await?;
        return match kind.as_deref() {
            Some("region" | "municipality") => Ok(Some(under)),
            Some(_) => bail!("--under {under}: only a region or a municipality has organisations under it"),
            None => bail!("--under {under}: there is no such organisation; see: parta organisation list"),
        };
    }
    if new.kind == Kind::Region {
        return Ok(None);
    }
    let regions = sqlx::query_scalar!("select id from organisation where kind = 'region' order by id")
        .fetch_all(pool)
        .await?;
    match regions.as_slice() {
        [one] => Ok(Some(*one)),
        [] => bail!("there is no region yet: parta organisation create --kind region --name '…'"),
        _ => bail!("there are several regions: --under NUMBER says which; see: parta organisation list"),
    }
}

async fn list(pool: &PgPool) -> anyhow::Result<()> {
    let rows = sqlx::query!(
        "select id, kind, name, cardinality(path) as \"depth!\" from organisation order by path"
    )
    .fetch_all(pool)
    .await?;
    for row in rows {
        let depth = usize::try_from(row.depth).unwrap_or(1).saturating_sub(1);
        say(&format!(
            "{:6}  {:13} {}{}",
            row.id,
            row.kind,
            "  ".repeat(depth),
            row.name
        ));
    }
    Ok(())
}
