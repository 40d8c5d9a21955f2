//! Sheets against a real PostgreSQL, as `parta_app`, with row-level security in force. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use base::PeriodId;
use classbook_core::sheet::{Ask, Choices, Format, Kind, Sheet, When, file, sql as sheets};
use paper::Cell;
use school::*;

async fn ask(
    store: &Store,
    actor: Actor,
    kind: Kind,
    id: i64,
    when: Option<When>,
) -> Result<Sheet, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sheets::sheet(&mut ctx, Ask { kind, id, when }).await;
    ctx.close(out).await
}

async fn choices(store: &Store, actor: Actor) -> Result<Choices, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sheets::choices(&mut ctx).await;
    ctx.close(out).await
}

fn guardian(person: i64, pupil: i64) -> Actor {
    Actor {
        role: Role::Guardian {
            pupils: vec![PupilId(pupil)],
        },
        grants: vec![],
        ..staff(person, 10, 0, "teacher")
    }
}

fn words(sheet: &Sheet, table: usize, row: usize) -> Vec<String> {
    let cells = &sheet.paper.tables[table].rows[row].cells;
    cells.iter().skip(1).map(|c: &Cell| c.words(Lang::Ru)).collect()
}

const FIRST: Option<When> = Some(When::Period(PeriodId(1)));
const SECOND: Option<When> = Some(When::Period(PeriodId(2)));

/// Marks of the first quarter: maths 5 and 3, English 4 of a subgroup; a history mark of a subject that 7А is not taught.
async fn given(pool: &PgPool) {
    let sql = "
        insert into subject (school_id, id, name, short_name) values (10, 402, 'История', 'Ист');
        insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at) values
            (10, 11, 5, 400, 1001, 'period', 1, 500, 1, '5', 2, '2026-10-24 12:00Z'),
            (10, 12, 5, 400, 1002, 'period', 1, 500, 1, '3', 2, '2026-10-24 12:00Z'),
            (10, 13, 5, 401, 1001, 'period', 1, 501, 1, '4', 3, '2026-10-24 12:00Z'),
            (10, 14, 5, 402, 1003, 'period', 1, 500, 1, 'н/а', 2, '2026-10-24 12:00Z'),
            (10, 15, 5, 400, 1003, 'period', 1, 500, 1, null, 2, '2026-10-24 12:00Z'),
            (10, 16, 5, 400, 1001, 'year', null, 500, 1, '5', 2, '2026-11-10 12:00Z');";
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

/// On Monday 1001 was ill in maths (her English of the day, 720, was missed too), 1002 late.
async fn absent(pool: &PgPool) {
    let sql = "
        insert into lesson (school_id, id, load_id, held_on, slot) values (10, 720, 501, '2026-11-16', 1), (10, 721, 501, '2026-11-17', 1);
        insert into lesson (school_id, id, load_id, held_on, slot, state) values (10, 722, 501, '2026-11-16', 2, 'cancelled');
        insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at) values
            (10, 700, 1001, 'б', 2, '2026-11-16 12:00Z'), (10, 720, 1001, 'б', 3, '2026-11-16 12:00Z'),
            (10, 722, 1001, 'б', 3, '2026-11-16 12:00Z'), (10, 700, 1002, 'о', 2, '2026-11-16 12:00Z');";
    sqlx::raw_sql(sql).execute(pool).await.unwrap();
}

db_test!(a_class_has_the_marks_of_a_period_and_of_the_year, pool, {
    given(&pool).await;
    let store = store(&pool).await;
    let sheet = ask(&store, teacher(), Kind::Marks, 100, FIRST).await.unwrap();
    let heads: Vec<&str> = sheet.paper.tables[0]
        .columns
        .iter()
        .map(|c| c.head.as_str())
        .collect();
    assert_eq!(heads[2..5], ["Английский язык", "История", "Математика"]);
    assert_eq!(words(&sheet, 0, 0)[..5], ["Абрамов Артём", "4", "", "5", "4,50"]);
    assert_eq!(words(&sheet, 0, 1)[..5], ["Белова Вера", "", "", "3", "3,00"]);
    assert_eq!(words(&sheet, 0, 2)[..5], ["Власов Глеб", "", "н/а", "", ""]);
    assert_eq!(sheet.paper.school, "Школа № 1");
    assert_eq!(sheet.paper.signs[0].name, "Учителева Анна Ивановна");
    let year = ask(&store, deputy(), Kind::Marks, 100, Some(When::Year))
        .await
        .unwrap();
    assert_eq!(words(&year, 0, 0)[1..3], ["", "5"]);
    // an exam and a final mark stand beside that of the year, and in no period
    let more = "insert into period_mark (school_id, id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at) values
            (10, 17, 5, 400, 1001, 'exam', null, 500, 1, '4', 2, '2026-11-11 12:00Z'), (10, 18, 5, 400, 1001, 'final', null, 500, 1, '5', 2, '2026-11-11 12:00Z')";
    sqlx::raw_sql(more).execute(&pool).await.unwrap();
    let year = ask(&store, deputy(), Kind::Marks, 100, Some(When::Year))
        .await
        .unwrap();
    assert_eq!(words(&year, 0, 0)[1..5], ["", "5", "4", "5"]);
    let first = ask(&store, deputy(), Kind::Marks, 100, FIRST).await.unwrap();
    assert_eq!(first.paper.tables, sheet.paper.tables);
    // nothing is said: the second quarter runs, nothing is given
    let now = ask(&store, deputy(), Kind::Marks, 100, None).await.unwrap();
    assert_eq!(now.when, When::Period(PeriodId(2)));
    assert_eq!(words(&now, 0, 0)[1..3], ["", ""]);
});

db_test!(what_was_missed_is_counted_by_lessons_and_days, pool, {
    absent(&pool).await;
    let store = store(&pool).await;
    let sheet = ask(&store, teacher(), Kind::Attendance, 100, SECOND)
        .await
        .unwrap();
    let row = |n| words(&sheet, 0, n);
    // held: 700 and 701 of maths for all, 720 and 721 of English for the first; 702 is to come, 722 is cancelled
    // then ill, excused, unexcused, unknown, all lessons; the same of whole days; by the act, weeks, months; late; share.
    // The week is not over, so it is no missed week yet.
    assert_eq!(
        row(0)[1..],
        [
            "4", "2", "", "", "", "2", "1", "", "", "", "1", "", "", "1", "", "50,00"
        ]
    );
    assert_eq!(
        row(1)[1..],
        [
            "2", "", "", "", "", "", "", "", "", "", "", "", "", "", "1", "0,00"
        ]
    );
    assert_eq!(row(2)[1], "2");
    let november = ask(
        &store,
        deputy(),
        Kind::Attendance,
        100,
        Some(When::Month(PeriodId(2), 2026, 11)),
    )
    .await;
    assert_eq!(words(&november.unwrap(), 0, 0)[1..], row(0)[1..]);
    let first = ask(&store, deputy(), Kind::Attendance, 100, FIRST).await.unwrap();
    assert_eq!(words(&first, 0, 0)[1..6], ["1", "", "", "", ""]);
});

db_test!(
    a_pupil_has_a_report_and_a_card_for_the_family_and_the_school,
    pool,
    {
        given(&pool).await;
        absent(&pool).await;
        let store = store(&pool).await;
        for actor in [guardian(31, 1001), teacher(), deputy()] {
            let family = actor.role.family().is_some();
            let report = ask(&store, actor.clone(), Kind::Report, 1001, SECOND)
                .await
                .unwrap();
            assert_eq!((report.family, report.pupils.is_empty()), (family, family));
            let table = &report.paper.tables[0];
            let heads: Vec<&str> = table.columns.iter().map(|c| c.head.as_str()).collect();
            assert_eq!(heads[2], "16.11");
            assert_eq!(words(&report, 0, 0)[..2], ["Английский язык", "б"]);
            assert_eq!(words(&report, 1, 1), ["2"]);
            let card = ask(&store, actor, Kind::Card, 1001, None).await.unwrap();
            assert_eq!(card.when, When::Year);
            assert_eq!(words(&card, 0, 0), ["Английский язык", "4", "", "", "", ""]);
            assert_eq!(words(&card, 0, 1), ["Математика", "5", "", "5", "", ""]);
        }
    }
);

db_test!(a_page_of_the_journal_says_what_the_journal_says, pool, {
    absent(&pool).await;
    let store = store(&pool).await;
    let sheet = ask(&store, teacher(), Kind::Journal, 500, SECOND).await.unwrap();
    let heads: Vec<&str> = sheet.paper.tables[0]
        .columns
        .iter()
        .map(|c| c.head.as_str())
        .collect();
    assert_eq!(
        heads[2..],
        ["16.11", "18.11", "Средневзвешенный балл", "За период"]
    );
    assert_eq!(words(&sheet, 0, 0)[..2], ["Абрамов Артём", "б"]);
    assert_eq!(sheet.paper.tables[1].rows.len(), 2);
});

db_test!(who_may_see_which_sheet, pool, {
    let store = store(&pool).await;
    let other_school = || staff(4, 20, 2100, "teacher");
    let sees = |actor: Actor, kind, id| {
        let store = store.clone();
        async move {
            match ask(&store, actor, kind, id, None).await {
                Ok(_) => true,
                Err(AppError::NotFound) => false,
                Err(e) => panic!("{e:?}"),
            }
        }
    };
    // class 100 is led by the teacher, 101 by nobody; load 501 is another's; pupil 1004 is of 7Б
    for (kind, id, by_teacher, by_other, by_mother) in [
        (Kind::Marks, 100, true, false, false),
        (Kind::Marks, 101, false, false, false),
        (Kind::Attendance, 100, true, false, false),
        (Kind::Journal, 500, true, false, false),
        (Kind::Journal, 501, true, true, false),
        (Kind::Report, 1001, true, false, true),
        (Kind::Card, 1001, true, false, true),
        (Kind::Report, 1002, true, false, false),
        (Kind::Card, 1004, false, false, false),
    ] {
        assert!(sees(deputy(), kind, id).await, "deputy {kind:?} {id}");
        assert_eq!(
            sees(teacher(), kind, id).await,
            by_teacher,
            "teacher {kind:?} {id}"
        );
        assert_eq!(sees(stranger(), kind, id).await, by_other, "other {kind:?} {id}");
        assert_eq!(
            sees(guardian(31, 1001), kind, id).await,
            by_mother,
            "mother {kind:?} {id}"
        );
        assert!(
            !sees(other_school(), kind, id).await,
            "another school {kind:?} {id}"
        );
        let administrator = staff(40, 10, 1500, "administrator");
        assert!(
            !sees(administrator, kind, id).await,
            "administrator {kind:?} {id}"
        );
    }
    for nothing in [0, -1, i64::MAX] {
        for kind in Kind::ALL {
            assert!(!sees(deputy(), kind, nothing).await, "{kind:?} {nothing}");
        }
    }
    // a period of another school, a month outside: the period that runs, and the sheet says so
    for when in [When::Period(PeriodId(3)), When::Month(PeriodId(2), 2026, 9)] {
        for (kind, id) in [(Kind::Attendance, 100), (Kind::Journal, 500)] {
            let asked = ask(&store, deputy(), kind, id, Some(when)).await.unwrap();
            assert_eq!(asked.when, When::Period(PeriodId(2)));
        }
    }
});

db_test!(one_chooses_among_what_one_may_see, pool, {
    let store = store(&pool).await;
    let names = |c: Choices| -> (Vec<String>, Vec<i64>) {
        (
            c.classes.into_iter().map(|c| c.name).collect(),
            c.journals.into_iter().map(|j| j.id.0).collect(),
        )
    };
    assert_eq!(names(choices(&store, deputy()).await.unwrap()).0, ["7А", "7Б"]);
    assert_eq!(
        names(choices(&store, teacher()).await.unwrap()),
        (vec!["7А".to_owned()], vec![500, 501])
    );
    assert_eq!(
        names(choices(&store, stranger()).await.unwrap()),
        (vec![], vec![501])
    );
    assert_eq!(
        choices(&store, guardian(31, 1001)).await.unwrap_err(),
        AppError::NotFound
    );
});

db_test!(who_took_a_file_is_written_down, pool, {
    given(&pool).await;
    let store = store(&pool).await;
    let taken = |actor: Actor, format, when| {
        let store = store.clone();
        async move {
            let mut ctx = open(&store, actor).await;
            let ask = Ask {
                kind: Kind::Marks,
                id: 100,
                when,
            };
            let out = sheets::taken(&mut ctx, ask, format).await;
            ctx.close(out).await
        }
    };
    assert_eq!(
        taken(stranger(), Format::Pdf, FIRST).await.unwrap_err(),
        AppError::NotFound
    );
    // no file of another time than the one that was asked for
    let foreign = Some(When::Period(PeriodId(3)));
    assert_eq!(
        taken(teacher(), Format::Pdf, foreign).await.unwrap_err(),
        AppError::NotFound
    );
    let sheet = taken(teacher(), Format::Xlsx, FIRST).await.unwrap();
    let events = sqlx::query_scalar!(
        r#"select concat_ws(' ', actor_id, entity, entity_key, new ->> 'sheet', new ->> 'format', new ->> 'when') as "event!"
           from audit_event where action = 'sheet.exported'"#
    );
    assert_eq!(
        events.fetch_all(&pool).await.unwrap(),
        ["2 class 100 marks xlsx 1"]
    );
    let xlsx = file::make(sheet.paper.clone(), Format::Xlsx).await.unwrap();
    assert!(xlsx.bytes.starts_with(b"PK"));
    assert_eq!(
        xlsx.name,
        "Сводная ведомость успеваемости 7А 1 четверть, 01.09.2026 – 25.10.2026 2026-27.xlsx"
    );
    let pdf = file::make(sheet.paper, Format::Pdf).await;
    assert_eq!(
        pdf.map(|f| f.bytes.starts_with(b"%PDF")).ok(),
        file::PDF.then_some(true)
    );
});
