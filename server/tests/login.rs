//! The login that the server works with: whatever a smuggled-in statement says, it does not become the owner.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use base::sql::Store;
use server::commands::database::MIGRATIONS;
use server::postgres::login;
use server::postgres::testing::TestDatabase;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

async fn refused(connection: &mut PgConnection, statement: &str) -> bool {
    connection
        .execute(AssertSqlSafe(statement.to_owned()))
        .await
        .is_err()
}

#[tokio::test]
async fn no_way_leads_from_the_pool_to_the_owner() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    login::ensure(&database.pool).await.unwrap();
    // twice does no harm
    login::ensure(&database.pool).await.unwrap();
    let owner: String = database
        .pool
        .fetch_one(
            "select tableowner::text from pg_tables where schemaname = 'public' and tablename = 'mark'",
        )
        .await
        .unwrap()
        .get(0);
    let store = Store::connect(database.options.clone().username(login::SERVER), 1)
        .await
        .unwrap();
    login::check(store.pool()).await.unwrap();
    let mut connection = store.pool().acquire().await.unwrap();
    let now: String = connection
        .fetch_one("select current_user::text")
        .await
        .unwrap()
        .get(0);
    assert_eq!(now, "parta_app", "it serves as the application");

    let ways = [
        "reset role".to_owned(),
        "set role none".to_owned(),
        "reset session authorization".to_owned(),
        "reset all".to_owned(),
        "discard all".to_owned(),
        format!("set role {owner}"),
        format!("set session authorization {owner}"),
        format!("grant {owner} to current_user"),
        format!("alter role {} superuser", login::SERVER),
        format!("alter role {} bypassrls", login::SERVER),
    ];
    for way in &ways {
        // some of them succeed, and lead to the login itself
        let _ = connection.execute(AssertSqlSafe(way.clone())).await;
        let row = connection
            .fetch_one("select current_user::text, session_user::text, pg_has_role(session_user, 'parta_app', 'member')")
            .await
            .unwrap();
        let (user, session): (String, String) = (row.get(0), row.get(1));
        assert!(
            ["parta_app", login::SERVER].contains(&user.as_str()) && session == login::SERVER,
            "{way}: {user}, {session}"
        );
        for deed in [
            "alter table mark disable row level security",
            "alter table mark no force row level security",
            "drop policy school_wall on mark",
            "drop table mark",
            "create table public.mine (id int)",
            "create role another superuser",
            "copy (select 1) to program 'true'",
            "set session_replication_role = replica",
        ] {
            assert!(refused(&mut connection, deed).await, "{way}; {deed}");
        }
        // the login alone reads nothing at all
        if user == login::SERVER {
            assert!(refused(&mut connection, "select from mark").await, "{way}");
        }
        connection.execute("set role parta_app").await.unwrap();
    }
    drop(connection);
    store.pool().close().await;
    database.remove().await.unwrap();
}

#[tokio::test]
async fn a_login_that_could_become_the_owner_is_not_served_with() {
    let database = TestDatabase::create(&MIGRATIONS).await.unwrap();
    // as it was before: logged in as the owner, acting as the application
    let store = Store::connect(database.options.clone(), 1).await.unwrap();
    let found = login::powers(store.pool()).await.unwrap();
    assert!(found.is_some());
    let refused = login::check(store.pool()).await.unwrap_err();
    assert!(refused.to_string().contains("grant parta_app"), "{refused}");
    store.pool().close().await;
    database.remove().await.unwrap();
}
