//! A timetable that is put in force or taken back, told to those whose lessons lie otherwise, against a real database.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test stops where it fails, in its helpers too, and sets up what it needs by queries of its own"
)]

mod school;

use base::sql::Event;
use chrono::Duration;
use classbook_core::notice::{Kind, sql as notice};
use school::*;
use serde_json::{Value, json};

/// The server's clock runs today, the events of the tests lie in November: the trigger takes what is older than a day. Version 601 is a copy
/// of the one in force with maths on another hour of Monday.
async fn ready(pool: &PgPool) {
    sqlx::raw_sql(
        "drop trigger audit_event_keeps_timetables on audit_event;
         create trigger audit_event_keeps_timetables after insert on audit_event for each row
             when (new.entity = 'timetable_version' and new.action in ('timetable.published', 'timetable.withdrawn'))
             execute function keep_for_notices();
         insert into timetable_version (school_id, id, year_id, title, state, day_names, slot_names, changed_at) values
             (10, 601, 5, 'Со второй четверти', 'draft', '{Пн,Вт,Ср,Чт,Пт}', '{1,2,3,4,5,6,7}', '2026-11-10 12:00Z');
         insert into card (school_id, version_id, load_id, day, slot, room_id)
             select school_id, 601, load_id, day, case when load_id = 500 and day = 0 then 3 else slot end, room_id from card where version_id = 600",
    )
    .execute(pool)
    .await
    .unwrap();
}

async fn event(store: &Store, action: &'static str, new: Value) {
    let mut ctx = open(store, deputy()).await;
    let out = ctx
        .audit(Event {
            action,
            entity: "timetable_version",
            key: VersionId(601).to_string(),
            old: None,
            new: Some(new),
            op: None,
        })
        .await;
    ctx.close(out).await.unwrap();
}

async fn published(pool: &PgPool, store: &Store) {
    sqlx::raw_sql(
        "update timetable_version set valid_to = '2026-11-22' where id = 600;
         update timetable_version set state = 'published', valid_from = '2026-11-23' where id = 601",
    )
    .execute(pool)
    .await
    .unwrap();
    event(store, "timetable.published", json!({ "state": "published", "valid_from": "2026-11-23" })).await;
}

async fn withdrawn(pool: &PgPool, store: &Store) {
    sqlx::raw_sql(
        "update timetable_version set state = 'draft', valid_from = null where id = 601;
         update timetable_version set valid_to = null where id = 600",
    )
    .execute(pool)
    .await
    .unwrap();
    event(store, "timetable.withdrawn", json!({ "state": "draft", "from": "2026-11-23" })).await;
}

/// Everything that is at rest two minutes later.
async fn told(store: &Store) -> u64 {
    let mut all = 0;
    while let Some(made) = notice::tell(store, now() + Duration::minutes(2)).await.unwrap() {
        all += made;
    }
    all
}

/// In words and with the place each opens, the newest first.
async fn said(store: &Store, who: Actor) -> Vec<String> {
    let mut ctx = open(store, who).await;
    let out = notice::notices(&mut ctx).await;
    let all = ctx.close(out).await.unwrap().notices;
    assert!(all.iter().all(|one| one.kind == Kind::Timetable));
    let words = |one| classbook_core::notice::said(one, Lang::Ru);
    all.iter().map(|one| format!("{} {}", words(one), one.href())).collect()
}

crate::db_test!(a_new_timetable_is_told_once_to_those_whose_lessons_it_moves, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    published(&pool, &store).await;
    let pupils: i64 = sqlx::query_scalar("select count(distinct pupil_id) from taught_on(10, 500, '2026-11-23')")
        .fetch_one(&pool)
        .await
        .unwrap();
    assert!(pupils > 1);
    // all who learn maths, and who teaches it
    assert_eq!(told(&store).await, u64::try_from(pupils).unwrap() + 1);
    let new = "С 23.11 новое расписание: уроки уже в дневнике /diary/1001/2026-11-23";
    assert_eq!(said(&store, mother()).await, [new]);
    let own = "С 23.11 новое расписание: ваши уроки уже в журналах /journal";
    assert_eq!(said(&store, teacher()).await, [own]);
    // English lies where it lay
    assert!(said(&store, stranger()).await.is_empty());

    withdrawn(&pool, &store).await;
    assert_eq!(told(&store).await, u64::try_from(pupils).unwrap() + 1);
    let back = "Новое расписание с 23.11 отменено: уроки идут по-прежнему /diary/1001/2026-11-23";
    assert_eq!(said(&store, mother()).await, [back, new]);
    assert!(said(&store, stranger()).await.is_empty());
});

crate::db_test!(what_changes_nothing_or_is_taken_back_at_once_is_no_news, pool, {
    ready(&pool).await;
    let store = store(&pool).await;
    published(&pool, &store).await;
    withdrawn(&pool, &store).await;
    assert_eq!(told(&store).await, 0, "within the minute");
    sqlx::raw_sql("update card set slot = 0 where version_id = 601 and load_id = 500 and day = 0")
        .execute(&pool)
        .await
        .unwrap();
    published(&pool, &store).await;
    assert_eq!(told(&store).await, 0, "a copy as it was");
});
