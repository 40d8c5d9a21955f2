//! The databases of tests are migrated, fresh and apart from each other.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use server::commands::database::MIGRATIONS;
use server::postgres::testing::TestDatabase;

#[tokio::test]
async fn two_tests_do_not_see_each_other() {
    let (one, two) = tokio::join!(
        TestDatabase::create(&MIGRATIONS),
        TestDatabase::create(&MIGRATIONS)
    );
    let (one, two) = (one.unwrap(), two.unwrap());
    sqlx::raw_sql("create table mine ()")
        .execute(&one.pool)
        .await
        .unwrap();
    assert!(
        sqlx::raw_sql("select from mine")
            .fetch_all(&two.pool)
            .await
            .is_err()
    );
    // Migrated already: nothing is left to do, and the checksums agree.
    MIGRATIONS.run(&two.pool).await.unwrap();
    assert!(one.url().contains("test_"), "{}", one.url());
    let again = sqlx::PgPool::connect(&one.url()).await.unwrap();
    assert_eq!(
        sqlx::raw_sql("select from mine")
            .fetch_all(&again)
            .await
            .unwrap()
            .len(),
        0
    );
    again.close().await;
    one.remove().await.unwrap();
    two.remove().await.unwrap();
}
