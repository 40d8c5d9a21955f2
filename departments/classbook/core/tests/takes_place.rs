//! A day that is declared off after the timetable was laid out: everybody hears of it, and what was held stays. Against a real database.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod school;

use classbook_core::diary::{State, Subjects, Week, Weeks};
use classbook_core::feed::sql as feed;
use classbook_core::grading::periods::{HolidayId, HolidayTerms, Span, SystemId, SystemTerms};
use classbook_core::grading::sql::{remove_holiday, save_holiday, save_system};
use classbook_core::journal::grid::Journals;
use school::*;

const FRIDAY: &str = "2026-11-20";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn quarantine(from: &str, to: &str, grade: Option<i16>) -> HolidayTerms {
    HolidayTerms {
        title: "Карантин".into(),
        span: Span {
            from: day(from),
            to: day(to),
        },
        grade,
        system: None,
    }
}

async fn declare(store: &Store, terms: HolidayTerms) -> HolidayId {
    let mut ctx = open(store, deputy()).await;
    let out = save_holiday(&mut ctx, None, terms).await;
    ctx.close(out).await.unwrap()
}

async fn week(store: &Store) -> Week {
    let mut ctx = open(store, mother()).await;
    let out = classbook_core::diary::sql::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), None).await;
    ctx.close(out).await.unwrap()
}

async fn maths(store: &Store) -> (i64, i64) {
    let mut ctx = open(store, mother()).await;
    let out = classbook_core::diary::sql::subjects(&mut ctx, Some(PupilId(1001)), None).await;
    let found: Subjects = ctx.close(out).await.unwrap();
    let maths = found.subjects.iter().find(|s| s.name == "Математика").unwrap();
    (maths.held, maths.left)
}

async fn today(store: &Store) -> usize {
    let mut ctx = open(store, teacher()).await;
    let out = sql::journals(&mut ctx).await;
    let found: Journals = ctx.close(out).await.unwrap();
    found.journals.iter().map(|j| j.today.len()).sum()
}

async fn event(pool: &PgPool) -> String {
    sqlx::query_scalar!(
        r#"select coalesce(max(action), '') as "action!" from audit_event where entity = 'lesson'"#
    )
    .fetch_one(pool)
    .await
    .unwrap()
}

db_test!(a_day_off_declared_after_publishing_is_seen_by_everybody, pool, {
    let store = store(&pool).await;
    // the three lessons of the week lie in the journal: a past one, today's, Friday's
    assert_eq!(maths(&store).await, (1, 2));
    let lessons = async |date: &str| {
        let days = week(&store).await.days;
        let found = days.into_iter().find(|d| d.date == day(date)).unwrap();
        let numbers: Vec<i16> = found.lessons.iter().map(|l| l.number).collect();
        (numbers, found.holiday)
    };
    assert_eq!(lessons(FRIDAY).await, (vec![1], None));
    // for first-graders it is nobody's business here
    declare(&store, quarantine(FRIDAY, "2026-11-27", Some(1))).await;
    assert_eq!(lessons(FRIDAY).await, (vec![1], None));
    assert_eq!(maths(&store).await, (1, 2));
    assert_eq!(grid(&store, teacher(), None).await.unwrap().off, []);

    let id = declare(&store, quarantine(FRIDAY, "2026-11-27", None)).await;
    assert_eq!(lessons(FRIDAY).await, (vec![], Some("Карантин".to_owned())));
    assert_eq!(maths(&store).await, (1, 1), "neither held nor left");
    let sheet = grid(&store, teacher(), None).await.unwrap();
    assert_eq!(sheet.off, [(LessonId(702), "Карантин".to_owned())]);
    let out: Vec<bool> = sheet.lessons.iter().map(|l| l.cancelled).collect();
    assert_eq!(out, [false, false, true]);
    // nothing is cancelled that could be taken back
    let mut ctx = open(&store, deputy()).await;
    let taken = classbook_core::cancellation::sql::restore(&mut ctx, LessonId(702)).await;
    ctx.close(taken).await.unwrap();
    assert_eq!(event(&pool).await, "");

    // and back
    let mut ctx = open(&store, deputy()).await;
    let gone = remove_holiday(&mut ctx, id, quarantine(FRIDAY, "2026-11-27", None)).await;
    ctx.close(gone).await.unwrap();
    assert_eq!(lessons(FRIDAY).await, (vec![1], None));
    assert_eq!(maths(&store).await, (1, 2));
    assert_eq!(grid(&store, teacher(), None).await.unwrap().off, []);
});

db_test!(a_topic_written_ahead_proves_nothing, pool, {
    let store = store(&pool).await;
    let describes = Change::Lesson {
        files_go: None,
        lesson: LessonId(702),
        topic: Some("Проценты".into()),
        homework: None,
    };
    let edit = Edit {
        op_id: Uuid::new_v4(),
        change: describes,
        expected: 1,
    };
    assert_eq!(
        save_one(&store, teacher(), edit).await,
        Outcome::Saved { version: 2 }
    );
    // a topic of Monday stood there before the day was declared off on Wednesday: that one was taught
    sqlx::raw_sql("update lesson set topic = 'Дроби', state = 'planned' where school_id = 10 and id = 700")
        .execute(&pool)
        .await
        .unwrap();
    let id = declare(&store, quarantine("2026-11-16", FRIDAY, None)).await;
    let sheet = grid(&store, teacher(), None).await.unwrap();
    let off: Vec<LessonId> = sheet.off.iter().map(|(lesson, _)| *lesson).collect();
    assert_eq!(off, [LessonId(701), LessonId(702)]);
    assert_eq!(maths(&store).await, (1, 0), "Monday was held, nothing is left");
    let days = week(&store).await.days;
    let held: Vec<NaiveDate> = days
        .iter()
        .flat_map(|d| d.lessons.iter().map(|_| d.date))
        .collect();
    assert_eq!(held, [day("2026-11-16")]);
    // the topic waits, and is there again
    let mut ctx = open(&store, deputy()).await;
    let gone = remove_holiday(&mut ctx, id, quarantine("2026-11-16", FRIDAY, None)).await;
    ctx.close(gone).await.unwrap();
    let days = week(&store).await.days;
    let friday = days.iter().find(|d| d.date == day(FRIDAY)).unwrap();
    assert_eq!(friday.lessons[0].topic.as_deref(), Some("Проценты"));
});

db_test!(today_off_takes_no_marks_and_is_no_lesson_of_today, pool, {
    let store = store(&pool).await;
    assert_eq!(today(&store).await, 1);
    declare(&store, quarantine("2026-11-18", "2026-11-18", Some(7))).await;
    assert_eq!(today(&store).await, 0);
    for edit in [attend(701, 1001, Some("н"), 0), mark(701, 0, 1001, Some("5"), 0)] {
        let words = refusal(&save_one(&store, teacher(), edit).await).to_owned();
        assert!(words.contains("приходится на каникулы"), "{words}");
    }
    assert_eq!(counts(&pool).await.1, 0);
});

db_test!(
    what_has_marks_or_absences_took_place_whatever_is_declared,
    pool,
    {
        let store = store(&pool).await;
        assert_eq!(
            save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 0)).await,
            Outcome::Saved { version: 1 }
        );
        assert_eq!(
            save_one(&store, teacher(), attend(701, 1002, Some("н"), 0)).await,
            Outcome::Saved { version: 1 }
        );
        declare(&store, quarantine("2026-11-16", "2026-11-22", None)).await;
        assert_eq!(
            grid(&store, teacher(), None).await.unwrap().off.len(),
            1,
            "Friday's alone"
        );
        let days = week(&store).await.days;
        let states: Vec<(NaiveDate, State, usize)> = days
            .iter()
            .flat_map(|d| d.lessons.iter().map(|l| (d.date, l.state, l.marks.len())))
            .collect();
        assert_eq!(
            states,
            [
                (day("2026-11-16"), State::Held, 1),
                (day("2026-11-18"), State::Held, 0)
            ]
        );
        // marks are still corrected
        assert_eq!(
            save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 1)).await,
            Outcome::Saved { version: 2 }
        );
    }
);

db_test!(a_calendar_loses_what_falls_on_a_day_off, pool, {
    sqlx::raw_sql(
        "insert into account (person_id, login, password_hash, created_at, password_changed_at)
        values (31, 'mother', 'x', '2026-09-01Z', '2026-09-01Z')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let store = store(&pool).await;
    let mut ctx = open(&store, mother()).await;
    let made = feed::make(&mut ctx, PupilId(1001), [1; 32]).await;
    let made = ctx.close(made).await.unwrap();
    let token = made
        .path
        .strip_prefix("/feed/")
        .and_then(|p| p.strip_suffix(".ics"))
        .unwrap();
    let text = async || {
        let answer = feed::calendar(&store, &Weeks::default(), token, None, now())
            .await
            .unwrap();
        answer.text.unwrap()
    };
    // Friday, the first lesson: 8:30 in Moscow
    assert!(text().await.contains("DTSTART:20261120T053000Z"));
    declare(&store, quarantine(FRIDAY, FRIDAY, None)).await;
    let after = text().await;
    assert!(!after.contains("DTSTART:20261120"), "{after}");
    assert!(
        after.contains("DTSTART:20261118T062500Z"),
        "Wednesday is as it was"
    );
});

// a lesson of two classes takes place while one of them learns; and for the pupil whose class is off it does not
db_test!(a_lesson_of_two_grades_is_off_when_both_are, pool, {
    sqlx::raw_sql(
        "insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 8, 5);
        insert into class (school_id, id, year_id, grade, name) values (10, 108, 5, 8, '8А');
        insert into load_audience (school_id, load_id, class_id) values (10, 500, 108)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let store = store(&pool).await;
    declare(&store, quarantine(FRIDAY, FRIDAY, Some(7))).await;
    assert_eq!(grid(&store, teacher(), None).await.unwrap().off, []);
    assert_eq!(maths(&store).await, (1, 1), "7А has none left but today's");
    assert!(
        week(&store)
            .await
            .days
            .iter()
            .all(|d| d.date != day(FRIDAY) || d.lessons.is_empty())
    );
    declare(&store, quarantine(FRIDAY, FRIDAY, Some(8))).await;
    assert_eq!(grid(&store, teacher(), None).await.unwrap().off.len(), 1);
});

/// The quarters of the fixture, the second of them as long as is said.
fn quarters(until: &str) -> SystemTerms {
    let span = |from, to| Span {
        from: day(from),
        to: day(to),
    };
    SystemTerms {
        kind: "quarter".into(),
        title: "Четверти".into(),
        spans: vec![span("2026-09-01", "2026-10-25"), span("2026-11-02", until)],
    }
}

// a border is moved back over lessons that were laid out: families and teachers hear the same
db_test!(what_no_period_holds_any_more_does_not_take_place, pool, {
    // the day was taught already, and marks prove it; the topic of a day to come proves nothing
    sqlx::raw_sql(
        "update period set locked_at = null where school_id = 10;
         update lesson set topic = 'Проценты' where school_id = 10 and id = 702",
    )
    .execute(&pool)
    .await
    .unwrap();
    let store = store(&pool).await;
    assert_eq!(
        save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    let move_to = async |from: &str, to: &str| {
        let mut ctx = open(&store, deputy()).await;
        let at = Some((SystemId(5), quarters(from)));
        // one lesson is marked
        let out = save_system(&mut ctx, at, quarters(to), Some(1)).await;
        ctx.close(out).await.unwrap();
    };
    let held = async || {
        let days = week(&store).await.days;
        // not what the timetable alone has
        let laid = days.iter().flat_map(|d| {
            d.lessons
                .iter()
                .filter(|l| l.id.is_some())
                .map(|l| (d.date, l.state))
        });
        laid.collect::<Vec<_>>()
    };
    let planned = |on: &str| (day(on), State::Planned);
    let monday = day("2026-11-16");
    assert_eq!(held().await.len(), 3);
    assert_eq!(today(&store).await, 1);

    move_to("2026-12-27", "2026-11-15").await;
    assert_eq!(held().await, [(monday, State::Held)]);
    assert_eq!(today(&store).await, 0);
    let taken = save_one(&store, teacher(), attend(701, 1001, Some("н"), 0)).await;
    assert!(refusal(&taken).contains("приходится на каникулы"), "{taken:?}");
    let on = async |date: &str| {
        let date = day(date);
        sqlx::query_scalar!(r#"select lesson_on(10, 500, $1) as "on!""#, date)
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    assert_eq!(
        (on("2026-11-16").await, on("2026-11-20").await),
        ("there".into(), "off".into())
    );

    // forward again: everything is there, the topic too
    move_to("2026-11-15", "2026-12-27").await;
    assert_eq!(
        held().await,
        [
            (monday, State::Held),
            planned("2026-11-18"),
            planned("2026-11-20")
        ]
    );
});

db_test!(who_has_said_no_periods_goes_on_as_before, pool, {
    let store = store(&pool).await;
    sqlx::raw_sql("delete from period where school_id = 10")
        .execute(&pool)
        .await
        .unwrap();
    let days = week(&store).await.days;
    let laid = days.iter().flat_map(|d| &d.lessons).filter(|l| l.id.is_some());
    assert_eq!(laid.count(), 3);
    assert_eq!(today(&store).await, 1);
    let taken = save_one(&store, teacher(), attend(701, 1001, Some("н"), 0)).await;
    assert_eq!(taken, Outcome::Saved { version: 1 });
});
