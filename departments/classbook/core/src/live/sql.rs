//! The one thing that is said to the database.

use base::sql::Store;

/// Says a line to all processes over the same database. Outside any transaction of a person: docs/decisions/0019.
pub(super) async fn say(store: &Store, line: &str) -> Result<(), sqlx::Error> {
    sqlx::query_scalar!(r#"select pg_notify('classbook_live', $1)::text as "void""#, line)
        .fetch_one(store.pool())
        .await?;
    Ok(())
}
