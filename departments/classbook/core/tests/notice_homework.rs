//! What a family is told of a homework that has changed: in words what, once for words and files that belong together, and of one that is withdrawn
//! while it is still to be done.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use chrono::Duration;
use classbook_core::diary::Weeks;
use classbook_core::homework::files::Hash;
use classbook_core::homework::sql::{self as homework, Arrived};
use classbook_core::homework::{Attached, FileKind, IndividualEdit};
use classbook_core::notice::said;
use classbook_core::notice::sql as notice;
use school::*;

/// The server's clock runs today, the events of the tests lie in November: the triggers are told that all of it is just done.
async fn fresh(pool: &PgPool) {
    sqlx::raw_sql(
        "drop trigger audit_event_keeps_for_notices on audit_event;
         create trigger audit_event_keeps_for_notices after insert on audit_event for each row
             when (new.entity in ('lesson', 'individual_homework')) execute function keep_for_notices();
         drop trigger audit_event_keeps_homework_files on audit_event;
         create trigger audit_event_keeps_homework_files after insert on audit_event for each row
             when (new.entity = 'homework_file') execute function keep_homework_files_for_notices()",
    )
    .execute(pool)
    .await
    .unwrap();
}

/// What is at rest after so many seconds.
async fn told_after(store: &Store, seconds: i64) -> u64 {
    let mut all = 0;
    while let Some(made) = notice::tell(store, now() + Duration::seconds(seconds))
        .await
        .unwrap()
    {
        all += made;
    }
    all
}

async fn told(store: &Store) -> u64 {
    told_after(store, 120).await
}

/// What the mother of 1001 was told last.
async fn last(store: &Store) -> String {
    let mut ctx = open(store, mother()).await;
    let out = notice::notices(&mut ctx).await;
    let all = ctx.close(out).await.unwrap();
    said(&all.notices[0], Lang::Ru)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The homework of lesson 700, by its text, its day and its addresses.
fn given(text: &str, due: &str, links: &[&str], minutes: i16, expected: i32) -> Edit {
    Edit {
        op_id: Uuid::new_v4(),
        change: Change::Lesson {
            lesson: LessonId(700),
            topic: Some("Дроби".into()),
            homework: Some(Homework {
                text: text.into(),
                due_on: Some(day(due)),
                minutes: Some(minutes),
                links: Some(links.iter().map(|l| (*l).to_owned()).collect()),
            }),
            files_go: None,
        },
        expected,
    }
}

fn withdrawn(files: Option<i64>, expected: i32) -> Edit {
    Edit {
        op_id: Uuid::new_v4(),
        change: Change::Lesson {
            lesson: LessonId(700),
            topic: Some("Дроби".into()),
            homework: None,
            files_go: files,
        },
        expected,
    }
}

async fn put(store: &Store, edit: Edit) {
    let outcome = save_one(store, teacher(), edit).await;
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
}

async fn attach(store: &Store, individual: Option<IndividualHomeworkId>, name: &str) -> Attached {
    let file = Arrived {
        name: name.into(),
        kind: FileKind::Text,
        bytes: 7,
        hash: Hash::of(name.as_bytes()),
    };
    let mut ctx = open(store, teacher()).await;
    let out = homework::attach(&mut ctx, LessonId(700), individual, file).await;
    ctx.close(out).await.unwrap()
}

async fn remove(store: &Store, file: &Attached) {
    let mut ctx = open(store, teacher()).await;
    let out = homework::remove_file(&mut ctx, file.id).await;
    ctx.close(out).await.unwrap();
}

/// The homework that the diary flags as changed.
async fn flagged(store: &Store) -> usize {
    let mut ctx = open(store, mother()).await;
    let out = classbook_core::diary::sql::week(
        &mut ctx,
        &Weeks::default(),
        Some(PupilId(1001)),
        Some(day("2026-11-18")),
    )
    .await;
    ctx.close(out).await.unwrap().changes.homework.len()
}

crate::db_test!(what_has_changed_of_a_homework_is_told, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    put(&store, given("№ 5", "2026-11-18", &[], 20, 1)).await;
    assert_eq!(told(&store).await, 3, "the whole class");
    assert_eq!(last(&store).await, "Задано: № 5");
    assert_eq!(flagged(&store).await, 1);
    put(&store, given("№ 5", "2026-11-20", &[], 20, 2)).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задание «№ 5»: срок теперь 20.11");
    put(
        &store,
        given("№ 5", "2026-11-20", &["https://resh.edu.ru/1"], 20, 3),
    )
    .await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задание «№ 5»: изменились ссылки");
    // how long it takes is no news; nor is what was put right within the minute
    put(
        &store,
        given("№ 5", "2026-11-20", &["https://resh.edu.ru/1"], 30, 4),
    )
    .await;
    put(
        &store,
        given("№ 55", "2026-11-20", &["https://resh.edu.ru/1"], 30, 5),
    )
    .await;
    put(
        &store,
        given("№ 5", "2026-11-20", &["https://resh.edu.ru/1"], 30, 6),
    )
    .await;
    assert_eq!(told(&store).await, 0);

    // a file that stays is told of, one that came by mistake is not
    let card = attach(&store, None, "карточка.txt").await;
    let wrong = attach(&store, None, "не то.txt").await;
    remove(&store, &wrong).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задание «№ 5»: добавлен файл «карточка.txt»");
    remove(&store, &card).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задание «№ 5»: убран файл «карточка.txt»");
    // words and a file of one minute are one story
    put(
        &store,
        given("№ 6", "2026-11-20", &["https://resh.edu.ru/1"], 30, 7),
    )
    .await;
    attach(&store, None, "карточка.txt").await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        last(&store).await,
        "Задание изменено: № 6; добавлен файл «карточка.txt»"
    );
    // withdrawn before its day has passed
    put(&store, withdrawn(Some(1), 8)).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задание отменено: № 6");
    // a file alone is a homework as well, and words that follow at once are its words
    let only = attach(&store, None, "карточка.txt").await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задано: в файле");
    remove(&store, &only).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задание отменено: в файле");
    attach(&store, None, "карточка.txt").await;
    put(&store, given("№ 7", "2026-11-17", &[], 30, 9)).await;
    assert_eq!(told(&store).await, 3);
    assert_eq!(last(&store).await, "Задано: № 7");
    // what was due yesterday is withdrawn for nobody; what came and went at once was never there
    put(&store, withdrawn(Some(1), 10)).await;
    assert_eq!(told(&store).await, 0);
    put(&store, given("№ 8", "2026-11-20", &[], 30, 11)).await;
    put(&store, withdrawn(None, 12)).await;
    assert_eq!(told(&store).await, 0);
});

crate::db_test!(words_wait_for_their_file_and_a_file_for_its_words, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    put(&store, given("№ 5", "2026-11-20", &[], 20, 1)).await;
    // half a minute before the words come to rest
    sqlx::raw_sql("update notice_pending set at = at - interval '30 seconds'")
        .execute(&pool)
        .await
        .unwrap();
    attach(&store, None, "карточка.txt").await;
    assert_eq!(told_after(&store, 45).await, 0, "neither of them is at rest");
    assert_eq!(told(&store).await, 3, "one notice for each of three");
    assert_eq!(last(&store).await, "Задано: № 5");
    let file = attach(&store, None, "ещё.txt").await;
    sqlx::raw_sql("update notice_pending set at = at - interval '30 seconds'")
        .execute(&pool)
        .await
        .unwrap();
    put(&store, given("№ 6", "2026-11-20", &[], 20, 2)).await;
    assert_eq!(told_after(&store, 45).await, 0);
    assert_eq!(told(&store).await, 3);
    assert_eq!(
        last(&store).await,
        "Задание изменено: № 6; добавлен файл «ещё.txt»"
    );
    remove(&store, &file).await;
});

crate::db_test!(what_has_changed_of_a_homework_for_some_is_told_to_them, pool, {
    fresh(&pool).await;
    let store = store(&pool).await;
    let give = async |id, due: &str, expected| {
        let edit = IndividualEdit {
            id,
            lesson: LessonId(700),
            pupils: vec![PupilId(1001)],
            text: "Повторить".into(),
            due_on: Some(day(due)),
            minutes: None,
            links: vec![],
            expected,
        };
        let mut ctx = open(&store, teacher()).await;
        let out = homework::save_individual(&mut ctx, edit).await;
        ctx.close(out).await.unwrap()
    };
    let id = give(None, "2026-11-18", 0).await;
    assert_eq!(told(&store).await, 1);
    give(Some(id), "2026-11-20", 1).await;
    attach(&store, Some(id), "карточка.txt").await;
    assert_eq!(told(&store).await, 1, "nobody else, and once");
    assert_eq!(
        last(&store).await,
        "Задание «Повторить»: срок теперь 20.11; добавлен файл «карточка.txt»"
    );
    let mut ctx = open(&store, teacher()).await;
    let out = homework::remove_individual(&mut ctx, id).await;
    ctx.close(out).await.unwrap();
    assert_eq!(told(&store).await, 1);
    assert_eq!(last(&store).await, "Задание отменено: Повторить");
});
