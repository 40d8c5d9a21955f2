//! The calendar feed against a real database: who may make an address, what it opens, when it is dead.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use base::AppError;
use classbook_core::diary::Weeks;
use classbook_core::feed::sql as feed;
use classbook_core::feed::{AT_MOST, Made};
use icalendar::{Calendar, Component as _, Event, EventLike as _, EventStatus};
use school::*;

async fn made(store: &Store, who: Actor, pupil: i64, secret: u8) -> Result<Made, AppError> {
    let mut ctx = open(store, who).await;
    let out = feed::make(&mut ctx, PupilId(pupil), [secret; 32]).await;
    ctx.close(out).await
}

async fn asked(
    store: &Store,
    made: &Made,
    known: Option<&str>,
    now: DateTime<Utc>,
) -> Result<feed::Answer, AppError> {
    let token = made
        .path
        .strip_prefix("/feed/")
        .unwrap()
        .strip_suffix(".ics")
        .unwrap();
    feed::calendar(store, &Weeks::default(), token, known, now).await
}

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

/// What a mother needs to have an account: the fixture has none.
const ACCOUNTS: &str = "insert into account (person_id, login, password_hash, created_at, password_changed_at) values
    (31, 'mother', 'x', '2026-09-01Z', '2026-09-01Z'), (32, 'father', 'x', '2026-09-01Z', '2026-09-01Z'), (11, 'pupil', 'x', '2026-09-01Z', '2026-09-01Z')";

fn events(answer: &feed::Answer) -> Vec<Event> {
    let calendar: Calendar = answer.text.as_ref().unwrap().parse().unwrap();
    calendar.events().cloned().collect()
}

crate::db_test!(a_program_reads_the_lessons_of_one_child, pool, {
    put(&pool, ACCOUNTS).await;
    put(&pool, "update lesson set state = 'cancelled' where id = 702;
        insert into homework (school_id, load_id, lesson_id, text) values (10, 500, 700, '№ 312; \"а\", б\nи №\u{a0}314');
        insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values (10, 800, 1001, 1, '5', 2, '2026-11-16 12:00Z')").await;
    let store = store(&pool).await;
    let address = made(&store, mother(), 1001, 1).await.unwrap();
    let answer = asked(&store, &address, None, now()).await.unwrap();
    let events = events(&answer);
    // the English of the mother's child's subgroup is there, and eight weeks of it
    let english = events
        .iter()
        .filter(|e| e.get_summary() == Some("Английский язык"))
        .count();
    assert_eq!(english, 8);
    let on = |date: &str| {
        let start = format!("DTSTART:{date}");
        events
            .iter()
            .find(|e| e.try_into_string().unwrap().contains(&start))
            .unwrap()
    };
    // bells of school 10, Moscow: 9:25 is 6:25 in Greenwich
    let wednesday = on("20261118T062500Z");
    assert_eq!(wednesday.get_summary(), Some("Математика"));
    assert!(
        wednesday
            .get_description()
            .unwrap()
            .contains("Задано: № 312; \"а\", б\nи №\u{a0}314")
    );
    let friday = on("20261120T053000Z");
    assert_eq!(friday.get_status(), Some(EventStatus::Cancelled));
    // no mark is ever in it
    assert!(!answer.text.unwrap().contains("отлично"));
    let seen = sqlx::query_scalar!(r#"select last_used_at as "at!" from calendar_feed"#)
        .fetch_one(&pool)
        .await
        .unwrap();
    assert_eq!(seen, now());
});

crate::db_test!(an_unchanged_calendar_is_not_sent_again, pool, {
    put(&pool, ACCOUNTS).await;
    let store = store(&pool).await;
    let address = made(&store, mother(), 1001, 1).await.unwrap();
    let first = asked(&store, &address, None, now()).await.unwrap();
    let later = now() + chrono::Duration::hours(1);
    let again = asked(&store, &address, None, later).await.unwrap();
    assert_eq!(first, again, "the same text, its stamps too");
    let known = asked(&store, &address, Some(&first.etag), later).await.unwrap();
    assert_eq!((known.text, &known.etag, known.since), (None, &first.etag, now()));
    put(&pool, "update lesson set state = 'cancelled' where id = 702").await;
    let changed = asked(&store, &address, Some(&first.etag), later).await.unwrap();
    assert_ne!(changed.etag, first.etag);
    assert_eq!(changed.since, later);
    // the one lesson is newer than what the program has, the others are what they were
    let events = events(&changed);
    let (newer, same): (Vec<&Event>, Vec<&Event>) = events.iter().partition(|e| e.get_sequence() == Some(1));
    assert_eq!(newer.len(), 1);
    assert_eq!(newer[0].get_status(), Some(EventStatus::Cancelled));
    assert_eq!(
        (newer[0].get_timestamp(), newer[0].get_last_modified()),
        (Some(later), Some(later))
    );
    assert!(!same.is_empty());
    assert!(
        same.iter()
            .all(|e| e.get_sequence() == Some(0) && e.get_timestamp() == Some(now()))
    );
    // another address of the same child tells of the same events
    let father = made(&store, mother(), 1001, 2).await.unwrap();
    let other = asked(&store, &father, None, later).await.unwrap();
    let uids = |all: &[Event]| -> Vec<String> {
        all.iter()
            .filter_map(|e| e.get_uid().map(str::to_owned))
            .collect()
    };
    assert_eq!(uids(&crate::events(&other)), uids(&events));
});

crate::db_test!(a_quarantine_is_in_the_calendar_without_its_link, pool, {
    put(&pool, ACCOUNTS).await;
    let store = store(&pool).await;
    let address = made(&store, mother(), 1001, 1).await.unwrap();
    let before = asked(&store, &address, None, now()).await.unwrap();
    assert!(
        events(&before)
            .iter()
            .all(|e| e.get_location() != Some("дистанционно, Сферум"))
    );
    put(&pool, "insert into lesson_format (school_id, load_id, lesson_id, format, platform, starts_at, link, changed_by, changed_at)
        values (10, 500, 702, 'distance', 'Сферум', '12:00', 'https://sferum.ru/?call_link=one', 2, '2026-11-16 12:00Z')").await;
    let hour = chrono::Duration::hours(1);
    let moved = asked(&store, &address, None, now() + hour).await.unwrap();
    let text = moved.text.clone().unwrap();
    assert!(!text.contains("sferum.ru"), "{text}");
    let newer = |answer: &feed::Answer| -> Vec<Event> {
        let mut all = events(answer);
        all.retain(|e| e.get_sequence() != Some(0));
        all
    };
    let lesson = newer(&moved);
    assert_eq!(lesson.len(), 1);
    assert_eq!(lesson[0].get_location(), Some("дистанционно, Сферум"));
    // noon in Moscow
    assert!(
        lesson[0]
            .try_into_string()
            .unwrap()
            .contains("DTSTART:20261120T090000Z")
    );
    // another link is nothing that the calendar tells
    put(
        &pool,
        "update lesson_format set link = 'https://sferum.ru/?call_link=two' where lesson_id = 702",
    )
    .await;
    let same = asked(&store, &address, Some(&moved.etag), now() + hour + hour)
        .await
        .unwrap();
    assert_eq!(
        (same.etag, same.since, same.text),
        (moved.etag, now() + hour, None)
    );
});

crate::db_test!(an_address_is_dead_when_it_should_be, pool, {
    put(&pool, ACCOUNTS).await;
    let store = store(&pool).await;
    let address = made(&store, mother(), 1001, 1).await.unwrap();
    let dead = async |statement: &'static str, back: &'static str| {
        put(&pool, statement).await;
        assert_eq!(
            asked(&store, &address, None, now()).await,
            Err(AppError::NotFound),
            "{statement}"
        );
        put(&pool, back).await;
        assert!(asked(&store, &address, None, now()).await.is_ok(), "{back}");
    };
    dead(
        "update guardianship set valid_to = '2026-11-17' where guardian_id = 31 and ward_id = 11",
        "update guardianship set valid_to = null where guardian_id = 31 and ward_id = 11",
    )
    .await;
    dead(
        "update account set disabled_at = '2026-11-17Z' where person_id = 31",
        "update account set disabled_at = null where person_id = 31",
    )
    .await;
    // revoked by the one who made it, and by nobody else
    let pupil = family(11, Role::Pupil { pupil: PupilId(1001) });
    for other in [father(), pupil, teacher(), deputy()] {
        let mut ctx = open(&store, other).await;
        let out = feed::revoke(&mut ctx, address.id).await;
        assert_eq!(ctx.close(out).await, Err(AppError::NotFound));
    }
    assert!(asked(&store, &address, None, now()).await.is_ok());
    let mut ctx = open(&store, mother()).await;
    let out = feed::revoke(&mut ctx, address.id).await;
    ctx.close(out).await.unwrap();
    assert_eq!(
        asked(&store, &address, None, now()).await,
        Err(AppError::NotFound)
    );
    let events = sqlx::query_scalar!(
        r#"select string_agg(action, ' ' order by id) as "a!" from audit_event where entity = 'feed'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(events, "feed.made feed.revoked");
    // what is no address at all
    for token in ["", "x", &"0".repeat(64), &"ff".repeat(33), "../etc"] {
        let none = feed::calendar(&store, &Weeks::default(), token, None, now()).await;
        assert_eq!(none, Err(AppError::NotFound), "{token}");
    }
});

crate::db_test!(only_a_family_makes_addresses_and_not_without_end, pool, {
    put(&pool, ACCOUNTS).await;
    let store = store(&pool).await;
    for other in [father(), teacher(), deputy()] {
        assert_eq!(
            made(&store, other, 1001, 1).await.unwrap_err(),
            AppError::NotFound
        );
    }
    let pupil = family(11, Role::Pupil { pupil: PupilId(1001) });
    let own = made(&store, pupil.clone(), 1001, 200).await.unwrap();
    assert!(asked(&store, &own, None, now()).await.is_ok());
    for n in 0..AT_MOST {
        made(&store, mother(), 1001, u8::try_from(n).unwrap())
            .await
            .unwrap();
    }
    let one_more = made(&store, mother(), 1001, 99).await.unwrap_err();
    assert!(matches!(one_more, AppError::Invalid { .. }), "{one_more:?}");
    let list = async |who: Actor| {
        let mut ctx = open(&store, who).await;
        let out = feed::feeds(&mut ctx, PupilId(1001)).await;
        ctx.close(out).await.unwrap().feeds
    };
    assert_eq!(list(mother()).await.len(), 10);
    // each sees one's own
    let of_pupil = list(pupil).await;
    assert_eq!(of_pupil.iter().map(|f| f.id).collect::<Vec<_>>(), [own.id]);
    assert_eq!(of_pupil[0].last_used_at, Some(now()));
});

crate::db_test!(a_program_that_asks_without_end_is_told_to_wait, pool, {
    put(&pool, ACCOUNTS).await;
    let store = store(&pool).await;
    let address = made(&store, mother(), 1001, 1).await.unwrap();
    for _ in 0..feed::fetch::USES {
        asked(&store, &address, None, now()).await.unwrap();
    }
    assert_eq!(
        asked(&store, &address, None, now()).await,
        Err(AppError::TooMany { retry_after: 600 })
    );
    let later = now() + feed::fetch::WINDOW;
    assert!(asked(&store, &address, None, later).await.is_ok());
});

crate::db_test!(homework_for_some_is_in_their_calendar_and_in_no_other, pool, {
    put(&pool, ACCOUNTS).await;
    // due on the day of lesson 701, and on a day without maths
    put(
        &pool,
        "insert into individual_homework (school_id, id, load_id, lesson_id, due_on, text, changed_by, changed_at) values
            (10, 1, 500, 700, '2026-11-18', 'Повторить дроби', 2, '2026-11-16 12:00Z'), (10, 2, 500, 700, '2026-11-19', 'Доклад', 2, '2026-11-16 12:00Z');
         insert into individual_homework_pupil (school_id, homework_id, pupil_id) values (10, 1, 1001), (10, 2, 1001)",
    )
    .await;
    let store = store(&pool).await;
    let hers = made(&store, mother(), 1001, 1).await.unwrap();
    let answer = asked(&store, &hers, None, now()).await.unwrap();
    let described = |text: &str| {
        let all = events(&answer);
        let found = all
            .iter()
            .filter(|e| e.get_description().is_some_and(|d| d.contains(text)));
        found.count()
    };
    assert_eq!((described("Повторить дроби"), described("Доклад")), (1, 1));
    let plain = answer.text.as_ref().unwrap().replace("\r\n ", "");
    assert!(plain.contains("-individual-2@parta"), "its own name: {plain}");
    // another child of the class knows nothing of it
    let his = made(&store, father(), 1002, 2).await.unwrap();
    let other = asked(&store, &his, None, now()).await.unwrap().text.unwrap();
    assert!(other.contains("BEGIN:VEVENT") && !other.contains("Повторить") && !other.contains("Доклад"));
    // taken away, it is gone
    put(&pool, "delete from individual_homework_pupil where homework_id = 2; delete from individual_homework where id = 2").await;
    let later = asked(&store, &hers, Some(&answer.etag), now()).await.unwrap();
    assert!(!later.text.unwrap().contains("Доклад"));
});
