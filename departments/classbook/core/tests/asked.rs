//! Questions that many statements ask (migration 0340): what they answer, and that they cost what the same words in the statement would.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use school::*;

/// What the planner says of a statement.
async fn plan(ctx: &mut Ctx, explain: String) -> String {
    use sqlx::Row as _;
    let lines = sqlx::raw_sql(sqlx::AssertSqlSafe(explain))
        .fetch_all(ctx.db())
        .await
        .unwrap();
    lines
        .iter()
        .map(|line| line.get::<String, _>(0))
        .collect::<Vec<_>>()
        .join("\n")
}

// A function that is called row by row would be seen as one; a planner that no longer puts it into the statement makes saving a mark slow.
crate::db_test!(the_planner_puts_each_question_into_the_statement, pool, {
    let store = store(&pool).await;
    let mut ctx = open(&store, teacher()).await;
    for asked in [
        "audience_of(l.school_id, l.load_id)",
        "teachers_of(l.school_id, l.load_id)",
        "taught_on(l.school_id, l.load_id, l.held_on)",
        "closed_on(l.school_id, l.load_id, l.held_on, 1200, now())",
        "reasons_closed(l.school_id, l.load_id, l.held_on, 1001, 1200, now())",
        "whose_load(l.school_id, l.load_id, 1200)",
        "leads_pupil(l.school_id, 1001, 1200, l.held_on, l.held_on)",
    ] {
        let explain =
            format!("explain select * from lesson l cross join lateral {asked} x where l.school_id = 10");
        let plan = plan(&mut ctx, explain).await;
        assert!(!plan.contains("Function Scan"), "{asked}:\n{plan}");
    }
    for asked in ["short_name", "full_name"] {
        let explain =
            format!("explain verbose select {asked}(last_name, first_name, middle_name) from person");
        let plan = plan(&mut ctx, explain).await;
        assert!(!plan.contains(asked), "{plan}");
    }
});

// The same words in SQL as in Rust, for who has all names and for who has one.
crate::db_test!(a_name_is_written_alike_in_both_languages, pool, {
    for (last, first, middle) in [
        ("Волкова", "Елена", Some("Андреевна")),
        ("Бритова", "Елена", None),
        ("Smith", base::name::NO_NAME, None),
    ] {
        let row = sqlx::query!(
            r#"select short_name($1, $2, $3) as "short!", full_name($1, $2, $3) as "full!""#,
            last,
            first,
            middle,
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(
            (row.short, row.full),
            (
                base::name::short(last, first, middle),
                base::name::full(last, first, middle)
            )
        );
    }
});
