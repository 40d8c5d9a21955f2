//! What a class has in common is remembered, until the database says that it changed.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod diaries;

use diaries::*;

async fn remembered(pool: &PgPool, weeks: &Weeks, who: Actor) -> Week {
    ask(pool, who, NOON, async |ctx| {
        sql::week(ctx, weeks, Some(PupilId(1001)), Some(day("2026-11-18"))).await
    })
    .await
    .unwrap()
}

async fn hearing(pool: &PgPool) -> (Weeks, tokio::task::JoinHandle<()>) {
    let weeks = Weeks::default();
    let ears = tokio::spawn(weeks.clone().listen(store(pool).await));
    while !weeks.hearing() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    (weeks, ears)
}

fn topic(week: &Week) -> Option<&str> {
    week.days[0].lessons[0].topic.as_deref()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_week_is_remembered_until_the_database_says_that_it_changed(pool: PgPool) {
    let (weeks, ears) = hearing(&pool).await;
    assert_eq!(topic(&remembered(&pool, &weeks, mother()).await), None);
    // a change that nobody tells is not seen: so the memory it is that answers
    put(
        &pool,
        "alter table lesson disable trigger lesson_tells_diary;
        update lesson set topic = 'Тайком' where id = 700;
        alter table lesson enable trigger lesson_tells_diary;",
    )
    .await;
    assert_eq!(topic(&remembered(&pool, &weeks, mother()).await), None);
    // marks are the pupil's own: asked for each time
    put(
        &pool,
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
        values (10, 800, 1001, 1, '4', 2, '2026-11-16 12:00Z')",
    )
    .await;
    let week = remembered(&pool, &weeks, mother()).await;
    assert_eq!(week.days[0].lessons[0].marks[0].code, "4");
    assert_eq!(topic(&week), None);
    // another school's change is none of this one's
    put(
        &pool,
        "begin; select set_config('app.school', '20', true); update homework set text = text; commit",
    )
    .await;
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(topic(&remembered(&pool, &weeks, mother()).await), None);
    // each of these is told, by a school or by nobody in particular
    for (change, told) in [
        ("update lesson set topic = 'Дроби' where id = 700", "Дроби"),
        (
            "begin; select set_config('app.school', '10', true); update lesson set topic = 'Проценты' where id = 700; commit",
            "Проценты",
        ),
    ] {
        put(&pool, change).await;
        let mut tries = 0;
        while topic(&remembered(&pool, &weeks, mother()).await) != Some(told) {
            tries += 1;
            assert!(tries < 400, "{change} was not heard");
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    }
    // without ears nothing is remembered
    ears.abort();
    let deaf = Weeks::default();
    put(&pool, "update lesson set topic = 'Степени' where id = 700").await;
    assert_eq!(topic(&remembered(&pool, &deaf, mother()).await), Some("Степени"));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_remembered_of_one_is_shown_to_nobody_else(pool: PgPool) {
    let (weeks, ears) = hearing(&pool).await;
    put(
        &pool,
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
        values (10, 800, 1001, 1, '5', 2, '2026-11-16 12:00Z')",
    )
    .await;
    let week = remembered(&pool, &weeks, mother()).await;
    assert_eq!(week.days[0].lessons[0].marks.len(), 1);
    let foreign = async |who, pupil| {
        ask(&pool, who, NOON, async |ctx| {
            sql::week(ctx, &weeks, Some(PupilId(pupil)), Some(day("2026-11-18"))).await
        })
        .await
    };
    assert_eq!(foreign(father(), 1001).await.unwrap_err(), AppError::NotFound);
    let other = foreign(father(), 1002).await.unwrap();
    assert_eq!(
        (other.child.pupil, other.days[0].lessons[0].marks.len()),
        (PupilId(1002), 0)
    );
    assert_eq!(other.children.len(), 1);
    // a teacher of the class who looks in leaves nothing behind that a family would be shown, and the other way round
    let leads = foreign(teacher(2, 10, 1200), 1001).await.unwrap();
    assert_eq!(leads.child.pupil, PupilId(1001));
    assert!(!leads.family && leads.children.is_empty() && leads.news.is_empty());
    assert!(remembered(&pool, &weeks, mother()).await.family);
    ears.abort();
}

/// Every table that a remembered answer is read from tells its changes.
#[sqlx::test(migrations = "../../../migrations")]
async fn every_table_behind_the_memory_tells_its_changes(pool: PgPool) {
    // the bits of pg_trigger.tgtype: 4 insert, 8 delete, 16 update
    let telling = sqlx::query!(
        r#"select c.relname::text as "name!", bit_or(t.tgtype & 28)::int4 as "acts!" from pg_trigger t
           join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid
           where p.proname like 'tell_diary%' and t.tgenabled = 'O' group by c.relname"#
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let tables = sqlx::query_scalar!(
        r#"select relname::text as "name!" from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"#
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let sources = [
        include_str!("../src/diary/sql/own.rs"),
        include_str!("../src/diary/sql/frame.rs"),
    ];
    let mut read = std::collections::BTreeSet::new();
    for words in sources.map(|s| s.split_whitespace().collect::<Vec<_>>()) {
        for pair in words.windows(2) {
            if matches!(pair[0], "from" | "join") && tables.iter().any(|t| t == pair[1]) {
                read.insert(pair[1].to_owned());
            }
        }
    }
    assert!(read.len() > 15, "{read:?}");
    for table in read {
        // a person who has come or gone is seen by the pupil, the employee or the guardian beside them
        let wanted = if table == "person" { 16 } else { 4 | 8 | 16 };
        let told = telling.iter().find(|t| t.name == table).map_or(0, |t| t.acts);
        assert_eq!(
            told & wanted,
            wanted,
            "{table} is remembered and does not tell its changes: migration 0100"
        );
    }
}
