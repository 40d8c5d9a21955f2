//! The login that the server works with. It owns nothing and may become nobody but `parta_app`, so that a statement
//! that somebody smuggles in gains nothing by `reset role`: what it falls back to can do even less.

use anyhow::{Context, bail};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Executor as _, Row as _};

/// The login role of our own cluster. It has no password: the cluster's socket lies in a folder that only its account
/// can enter.
pub const SERVER: &str = "parta_server";

/// Makes the login of our own cluster. `owner`: connections as the owner, to a migrated database (`parta_app` is there).
pub async fn ensure(owner: &PgPool) -> anyhow::Result<()> {
    // roles belong to the whole cluster, and two databases of it may be opened at once
    let make = format!(
        "do $$
         begin
             perform pg_advisory_xact_lock(7270728);
             if not exists (select from pg_roles where rolname = '{SERVER}') then
                 create role {SERVER} login noinherit nosuperuser nobypassrls nocreatedb nocreaterole;
             end if;
             grant parta_app to {SERVER};
         end
         $$"
    );
    owner
        .execute(AssertSqlSafe(make))
        .await
        .context("cannot make the server's login")?;
    Ok(())
}

/// What the login behind these connections could become by itself: the owner of a table, or a role that passes walls or
/// makes roles. `None`: nothing of the kind.
pub async fn powers(pool: &PgPool) -> anyhow::Result<Option<String>> {
    let row = pool
        .fetch_optional(
            "select r.rolname::text from pg_roles r
             where pg_has_role(session_user, r.oid, 'member')
               and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or exists (
                    select from pg_class c where c.relowner = r.oid and c.relnamespace = 'public'::regnamespace))
             order by 1 limit 1",
        )
        .await
        .context("cannot learn what the server's login may do")?;
    Ok(row.map(|row| row.get(0)))
}

/// Refuses a login that could do more than serve.
pub async fn check(pool: &PgPool) -> anyhow::Result<()> {
    match powers(pool).await? {
        None => Ok(()),
        Some(role) => bail!(
            "the login to serve with can act as `{role}`, which owns tables or passes their walls: make one that cannot \
             (create role parta_server login noinherit password '…'; grant parta_app to parta_server)"
        ),
    }
}
