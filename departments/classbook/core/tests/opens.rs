//! Every figure opens, against a real PostgreSQL: sheets, a year's mark, a work that weighs otherwise, what is new since the last visit.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use chrono::Duration;
use classbook_core::diary::{Weeks, sql as diary};
use classbook_core::grading::totals::Behind;
use classbook_core::grading::{Stage, sql as grading};
use classbook_core::notice::{Kind as Told, sql as notice};
use classbook_core::sheet::{Ask, At, Kind, Opened, When, sql as sheets};
use school::*;

async fn put(pool: &PgPool, statement: &'static str) {
    sqlx::raw_sql(statement).execute(pool).await.unwrap();
}

async fn opened(
    store: &Store,
    who: Actor,
    (kind, id): (Kind, i64),
    when: Option<When>,
    at: &str,
) -> Result<Opened, AppError> {
    let mut ctx = open(store, who).await;
    let out = sheets::opened(&mut ctx, Ask { kind, id, when }, &at.parse().unwrap()).await;
    ctx.close(out).await
}

fn lines(of: &Opened) -> Vec<(&str, &str, &str)> {
    let all = of.lines.iter();
    all.map(|l| (l.name.as_str(), l.says.as_str(), l.by.as_str()))
        .collect()
}

const FIRST: Option<When> = Some(When::Period(PeriodId(1)));
const SECOND: Option<When> = Some(When::Period(PeriodId(2)));
const ANNA: &str = "Учителева Анна Ивановна";

const GIVEN: &str = "
    insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at) values
        (10, 11, 5, 400, 1001, 'period', 1, 500, 1, '5', 2, '2026-10-24 12:00Z'),
        (10, 12, 5, 400, 1002, 'period', 1, 500, 1, '3', 2, '2026-10-24 12:00Z'),
        (10, 13, 5, 401, 1001, 'period', 1, 501, 1, '4', 3, '2026-10-24 12:00Z'),
        (10, 16, 5, 400, 1001, 'year', null, 500, 1, '5', 2, '2026-11-10 12:00Z')";

db_test!(a_share_opens_to_its_pupils_and_these_to_their_marks, pool, {
    put(&pool, GIVEN).await;
    let store = store(&pool).await;
    let class = (Kind::Marks, 100);
    let quality = opened(&store, teacher(), class, FIRST, "quality.s400")
        .await
        .unwrap();
    assert_eq!(quality.how[0], "(1 + 0) · 100 : 2 = 50,00");
    let rows = lines(&quality);
    assert_eq!(rows.len(), 3, "who has no mark is named, too");
    assert_eq!((rows[0].0, rows[0].1), ("Абрамов Артём", "5"));
    assert!(
        rows[0].2.starts_with(ANNA) && rows[0].2.ends_with("24.10.2026, 15:00"),
        "{rows:?}"
    );
    assert_eq!(rows[2].1, "без отметки");
    // of a count only those who make it
    let threes = opened(&store, deputy(), class, FIRST, "threes.s400")
        .await
        .unwrap();
    assert_eq!(
        lines(&threes).iter().map(|l| l.0).collect::<Vec<_>>(),
        ["Белова Вера"]
    );
    // the way on: a mark, with the line of the totals that it belongs to
    let at = quality.lines[0].at.clone().unwrap();
    assert_eq!(at, At::new("p1001", "s400"));
    let mark = opened(&store, teacher(), class, FIRST, &at.to_string())
        .await
        .unwrap();
    let of = mark.mark.unwrap();
    assert_eq!(of.stage, Stage::Period(PeriodId(1)));
    assert_eq!(of.totals.pupils.len(), 1);
    assert_eq!(of.totals.code(PupilId(1001), of.stage), Some("5"));
    let own = opened(&store, deputy(), class, FIRST, "p1001.average")
        .await
        .unwrap();
    assert_eq!(own.how, ["9 : 2 = 4,50"]);
    assert_eq!(lines(&own)[0].0, "Английский язык");
    let whole = opened(&store, deputy(), class, FIRST, "average.average")
        .await
        .unwrap();
    assert_eq!(whole.how, ["12 : 3 = 4,00"]);
    let group = opened(&store, deputy(), class, FIRST, "good.share")
        .await
        .unwrap();
    assert_eq!(group.how[0], "1 · 100 : 2 = 50,00");
    assert_eq!(group.lines[0].name, "Абрамов Артём");
    // not theirs to see, and no place of the sheet
    for (who, at) in [
        (stranger(), "quality.s400"),
        (mother(), "quality.s400"),
        (deputy(), "quality.s999"),
        (deputy(), "p9.s400"),
    ] {
        assert_eq!(
            opened(&store, who, class, FIRST, at).await,
            Err(AppError::NotFound),
            "{at}"
        );
    }
});

db_test!(what_was_missed_opens_to_its_days, pool, {
    put(
        &pool,
        "insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at) values
            (10, 700, 1001, 'б', 2, '2026-11-16 12:00Z'), (10, 700, 1002, 'о', 2, '2026-11-16 12:00Z')",
    )
    .await;
    let store = store(&pool).await;
    let class = (Kind::Attendance, 100);
    let all = opened(&store, teacher(), class, SECOND, "all.missed")
        .await
        .unwrap();
    assert_eq!(lines(&all), [("Абрамов Артём", "1", "")]);
    let at = all.lines[0].at.clone().unwrap().to_string();
    let own = opened(&store, teacher(), class, SECOND, &at).await.unwrap();
    assert_eq!(lines(&own)[0].0, "16.11.2026");
    assert_eq!(lines(&own)[0].1, "пропущено 1 из 1");
    let late = opened(&store, teacher(), class, SECOND, "p1002.l-late")
        .await
        .unwrap();
    assert_eq!(late.lines.len(), 1);
    // the family opens the same on the report, and nothing of the class
    let report = opened(&store, mother(), (Kind::Report, 1001), SECOND, "missed.n0")
        .await
        .unwrap();
    assert_eq!(report.lines, own.lines);
    let other = opened(&store, father(), (Kind::Report, 1001), SECOND, "missed.n0").await;
    assert_eq!(other, Err(AppError::NotFound));
    let card = opened(&store, mother(), (Kind::Card, 1001), None, "share.n2")
        .await
        .unwrap();
    assert!(card.how[0].starts_with("1 · 100 : "), "{:?}", card.how);
});

db_test!(a_cell_of_the_journal_and_of_the_report_says_who_gave_it, pool, {
    let store = store(&pool).await;
    save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 0)).await;
    let page = (Kind::Journal, 500);
    let cell = opened(&store, teacher(), page, SECOND, "p1001.l700")
        .await
        .unwrap();
    let rows = lines(&cell);
    assert_eq!((rows[0].0, rows[0].1), ("Ответ на уроке", "4"));
    assert!(
        rows[0].2.starts_with("вес 1; ") && rows[0].2.contains(ANNA),
        "{rows:?}"
    );
    let average = opened(&store, teacher(), page, SECOND, "p1001.average")
        .await
        .unwrap();
    assert_eq!(average.mark.unwrap().stage, Stage::Period(PeriodId(2)));
    let report = (Kind::Report, 1001);
    let day = opened(&store, mother(), report, SECOND, "s400.d2026-11-16")
        .await
        .unwrap();
    assert!(day.lines[0].by.contains("Учителева"), "{day:?}");
    let average = opened(&store, mother(), report, SECOND, "s400.average")
        .await
        .unwrap();
    assert_eq!(average.how[0], "4 : 1 = 4,00");
    assert_eq!(average.lines.len(), 1);
});

async fn behind(store: &Store, stage: Stage) -> Behind {
    let mut ctx = open(store, teacher()).await;
    let out = grading::behind(&mut ctx, MATHS, PupilId(1001), stage).await;
    ctx.close(out).await.unwrap()
}

db_test!(a_years_mark_names_who_gave_its_quarters, pool, {
    put(&pool, GIVEN).await;
    let store = store(&pool).await;
    let year = behind(&store, Stage::Year).await;
    let quarter = year.givers.iter().find(|g| g.stage == Stage::Period(PeriodId(1)));
    assert_eq!(quarter.unwrap().by, ANNA);
    let mut ctx = open(&store, teacher()).await;
    let out = grading::column_givers(&mut ctx, MATHS, Stage::Period(PeriodId(1))).await;
    let all = ctx.close(out).await.unwrap();
    let mut pupils: Vec<i64> = all.iter().map(|g| g.pupil.0).collect();
    pupils.sort_unstable();
    assert_eq!(pupils, [1001, 1002]);
    let mut ctx = open(&store, stranger()).await;
    let out = grading::column_givers(&mut ctx, MATHS, Stage::Year).await;
    assert_eq!(ctx.close(out).await, Err(AppError::NotFound));
});

/// The server's clock runs today, the events of the tests lie in November.
const JUST_DONE: &str = "
    drop trigger audit_event_keeps_works on audit_event;
    create trigger audit_event_keeps_works after insert on audit_event for each row
        when (new.entity = 'assignment' and new.action = 'assignment.changed' and new.old ->> 'weight' is distinct from new.new ->> 'weight')
        execute function keep_for_notices()";

async fn weigh(store: &Store, weight: i64, kind: i64, expected: i32) {
    let edit = AssignmentEdit {
        id: Some(AssignmentId(800)),
        lesson: LessonId(700),
        work_type: WorkTypeId(kind),
        title: None,
        weight: Hundredths::whole(weight),
        expected,
        scale: None,
        reason: None,
    };
    let mut ctx = open(store, teacher()).await;
    let out = sql::save_work(&mut ctx, Uuid::new_v4(), edit).await;
    ctx.close(out).await.unwrap();
}

async fn told(store: &Store) -> u64 {
    let mut all = 0;
    while let Some(made) = notice::tell(store, now() + Duration::minutes(2)).await.unwrap() {
        all += made;
    }
    all
}

db_test!(a_work_that_weighs_otherwise_is_seen_and_told, pool, {
    put(&pool, JUST_DONE).await;
    // another mark of the mother's child; the other two have the same in both works or one alone
    put(
        &pool,
        "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values (10, 801, 701, 1, 1, 1);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
            (10, 800, 1001, 1, '2', 2, '2026-11-16 12:00Z'), (10, 801, 1001, 1, '5', 2, '2026-11-18 08:00Z'),
            (10, 800, 1002, 1, '4', 2, '2026-11-16 12:00Z'), (10, 801, 1002, 1, '4', 2, '2026-11-18 08:00Z'),
            (10, 800, 1003, 1, '3', 2, '2026-11-16 12:00Z')",
    )
    .await;
    let store = store(&pool).await;
    weigh(&store, 3, 2, 1).await;
    assert_eq!(told(&store).await, 1, "only whose average is another one");
    let mut ctx = open(&store, mother()).await;
    let out = notice::notices(&mut ctx).await;
    let all = ctx.close(out).await.unwrap();
    let one = &all.notices[0];
    assert_eq!(
        (one.kind, one.old.as_deref(), one.new.as_deref()),
        (Told::WorkChanged, Some("1"), Some("3"))
    );
    // there and back within the minute: nothing has happened
    weigh(&store, 1, 2, 2).await;
    weigh(&store, 3, 2, 3).await;
    assert_eq!(told(&store).await, 0);

    // in the lesson's own history, the latest first, with type and weight
    let mut ctx = open(&store, deputy()).await;
    let out = sql::history(
        &mut ctx,
        Place::Lesson {
            lesson: LessonId(700),
        },
    )
    .await;
    let past = ctx.close(out).await.unwrap();
    let said: Vec<_> = past
        .iter()
        .map(|p| {
            (
                p.old.as_deref().unwrap(),
                p.new.as_deref().unwrap(),
                p.by.as_str(),
            )
        })
        .collect();
    assert_eq!(said.len(), 3);
    assert!(said.contains(&("вес 3", "1", ANNA)), "{said:?}");
    assert!(
        said.contains(&("Ответ на уроке, вес 1", "Контрольная работа, вес 3", ANNA)),
        "{said:?}"
    );
    // and behind the mark that it is in
    let behind = behind(&store, Stage::Period(PeriodId(2))).await;
    assert_eq!(behind.works.len(), 3);
});

/// Changes work 800 or 801 of lesson 700.
async fn change(
    store: &Store,
    (id, title): (i64, Option<&str>),
    (weight, kind): (i64, i64),
    expected: i32,
    reason: Option<&str>,
) -> Result<(), AppError> {
    let edit = AssignmentEdit {
        id: Some(AssignmentId(id)),
        lesson: LessonId(700),
        work_type: WorkTypeId(kind),
        title: title.map(str::to_owned),
        weight: Hundredths::whole(weight),
        expected,
        scale: None,
        reason: reason.map(str::to_owned),
    };
    let mut ctx = open(store, teacher()).await;
    let out = sql::save_work(&mut ctx, Uuid::new_v4(), edit).await;
    ctx.close(out).await.map(drop)
}

fn asked(outcome: &Result<(), AppError>) -> &str {
    match outcome {
        Err(AppError::Invalid { fields }) if fields[0].field == "reason" => &fields[0].message,
        other => panic!("nobody asked why: {other:?}"),
    }
}

db_test!(a_weight_under_marks_that_were_given_asks_why, pool, {
    put(
        &pool,
        "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values (10, 801, 700, 1, 1, 1);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
            (10, 800, 1001, 1, '2', 2, '2026-11-16 12:00Z'), (10, 800, 1002, 1, '4', 2, '2026-11-16 12:00Z'),
            (10, 801, 1003, 1, '4', 2, '2026-11-16 12:00Z');
         insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at) values
            (10, 21, 5, 400, 1001, 'period', 2, 500, 1, '2', 2, '2026-11-17 12:00Z'),
            (10, 22, 5, 400, 1002, 'period', 2, 500, 1, null, 2, '2026-11-17 12:00Z'),
            (10, 23, 5, 400, 1003, 'period', 1, 500, 1, '4', 2, '2026-10-24 12:00Z')",
    )
    .await;
    let store = store(&pool).await;
    // one pupil's mark of the period rests on it: weight and type ask why, the title does not
    for (weight, kind) in [(3, 1), (1, 2)] {
        let no = change(&store, (800, None), (weight, kind), 1, None).await;
        assert!(asked(&no).contains(": 1"), "{no:?}");
    }
    asked(&change(&store, (800, None), (3, 1), 1, Some(" ок ")).await);
    assert_eq!(
        change(&store, (800, Some("Дроби")), (1, 1), 1, None).await,
        Ok(())
    );
    // nobody's mark of this period rests on the other work
    assert_eq!(change(&store, (801, None), (2, 1), 1, None).await, Ok(()));
    assert_eq!(
        change(
            &store,
            (800, Some("Дроби")),
            (3, 1),
            2,
            Some("Решение методобъединения")
        )
        .await,
        Ok(())
    );

    // the history of the lesson tells it, and what lies behind the mark of the period
    let lesson = LessonId(700);
    let mut ctx = open(&store, deputy()).await;
    let out = sql::history(&mut ctx, Place::Lesson { lesson }).await;
    let past = ctx.close(out).await.unwrap();
    let told = Some("Ответ на уроке: Дроби — Решение методобъединения");
    assert!(
        past.iter()
            .any(|p| p.comment.as_deref() == told && p.new.as_deref() == Some("3")),
        "{past:?}"
    );
    let behind = behind(&store, Stage::Period(PeriodId(2))).await;
    assert!(behind.works.iter().any(|p| p.comment.as_deref() == told));
});

db_test!(what_has_changed_since_the_last_visit_is_told_and_flagged, pool, {
    put(
        &pool,
        "insert into diary_visit (school_id, pupil_id, person_id, seen_at) values (10, 1001, 31, '2026-11-18 06:00Z');
         insert into homework (school_id, id, load_id, lesson_id, text) values (10, 90, 500, 700, '№ 5');
         insert into notice (school_id, pupil_id, kind, at, subject_id, lesson_id, old, new) values
            (10, 1001, 'homework', '2026-11-18 07:00Z', 400, 700, null, '№ 5'),
            (10, 1001, 'absence', '2026-11-18 07:10Z', 400, 701, null, 'опоздал'),
            (10, 1001, 'mark_removed', '2026-11-18 07:20Z', 400, 700, '2', null),
            (10, 1001, 'mark_new', '2026-11-18 07:20Z', 400, 700, null, '5'),
            (10, 1001, 'absence', '2026-11-17 07:00Z', 400, 700, null, 'болел'),
            (10, 1002, 'absence', '2026-11-18 07:10Z', 400, 701, null, 'болел');
         update timetable_version set published_at = '2026-11-18 07:00Z' where school_id = 10 and state = 'published'",
    )
    .await;
    let store = store(&pool).await;
    let week = async |who: Actor| {
        let mut ctx = open(&store, who).await;
        let out = diary::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), None).await;
        ctx.close(out).await.unwrap()
    };
    let changes = week(mother()).await.changes;
    let kinds: Vec<Told> = changes.told.iter().map(|n| n.kind).collect();
    assert_eq!(kinds, [Told::MarkRemoved, Told::Absence, Told::Homework]);
    assert_eq!(changes.homework, [90]);
    assert_eq!(changes.lessons, [LessonId(700), LessonId(701)]);
    assert!(changes.timetable.is_some());
    // staff leave no visit: nothing is new for them
    assert!(week(deputy()).await.changes.is_empty());
});
