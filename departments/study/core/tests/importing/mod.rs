//! An import as the server function does it, and what it leaves.
#![allow(dead_code, reason = "each test file uses a part of it")]

use base::sql::{Ctx, Done};
use sqlx::PgPool;
use study_core::import::sql;
use study_core::import::{Imported, Preview};

/// As the server function does it.
pub async fn import(ctx: &mut Ctx, file: &[u8]) -> Done<Imported> {
    sql::must_edit(ctx)?;
    let draft = sql::read(ctx.lang(), file.to_vec()).await?;
    Box::pin(sql::import(ctx, &draft)).await
}

pub async fn preview(ctx: &mut Ctx, file: &[u8]) -> Done<Preview> {
    let draft = sql::read(ctx.lang(), file.to_vec()).await?;
    sql::preview(ctx, &draft).await
}

/// How many rows lie in each table that an import writes; what a refused import must not change.
pub async fn rows(pool: &PgPool, school: i64) -> Vec<i64> {
    let tables = [
        "subject",
        "room",
        "building",
        "class",
        "subgroup",
        "teaching_load",
        "card",
        "timetable_version",
        "employee",
        "academic_year",
        "unavailability",
        "audit_event",
        "bell_schedule",
    ];
    let mut counts = vec![];
    for table in tables {
        let sql = format!("select count(*) from {table} where school_id = {school}");
        counts.push(
            sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(sql))
                .fetch_one(pool)
                .await
                .unwrap(),
        );
    }
    counts
}
