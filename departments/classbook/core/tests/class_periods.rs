//! Two classes of one parallel by different systems of periods: 7А in quarters, 7Б in trimesters. Grid, totals, lock, attendance, deadlines,
//! diary: each follows its own. Against a real database. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod school;

use classbook_core::attendance::sql as attendance;
use classbook_core::deadline::{Kind, sql as deadlines};
use classbook_core::diary::Weeks;
use classbook_core::grading::Stage;
use classbook_core::grading::periods::{Calendar, HolidayTerms, Span, SystemId, SystemTerms};
use classbook_core::grading::sql::{
    assign_class, assign_grade, calendar, lock_period, remove_holiday, save_holiday, save_system, totals,
};
use school::*;

/// Maths of 7Б.
const OTHER: LoadId = LoadId(502);
const QUARTERS: SystemId = SystemId(5);
const A: ClassId = ClassId(100);
const B: ClassId = ClassId(101);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span {
        from: day(from),
        to: day(to),
    }
}

/// Does something in a transaction of its own.
macro_rules! act {
    ($store:expr, $who:expr, $call:path $(, $arg:expr)*) => {{
        let mut ctx = open($store, $who).await;
        let out = $call(&mut ctx $(, $arg)*).await;
        ctx.close(out).await
    }};
}

/// 7Б is taught maths on the days of 7А; nothing is closed, and the school has trimesters beside its quarters.
async fn two_classes(pool: &PgPool, store: &Store) -> SystemId {
    for statement in [
        "update period set locked_at = null where school_id = 10",
        "insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 502, 5, 400, 5)",
        "insert into load_teacher (school_id, load_id, employee_id) values (10, 502, 1200)",
        "insert into load_audience (school_id, load_id, class_id) values (10, 502, 101)",
        "insert into lesson (school_id, id, load_id, held_on, slot, employee_id) values
            (10, 720, 502, '2026-11-16', 2, 1200), (10, 721, 502, '2026-11-18', 2, 1200), (10, 722, 502, '2026-11-20', 2, 1200)",
        "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values (10, 820, 720, 1, 1, 1)",
    ] {
        sqlx::raw_sql(statement).execute(pool).await.unwrap();
    }
    let trimesters = SystemTerms {
        kind: "trimester".into(),
        title: "Триместры".into(),
        spans: vec![span("2026-09-01", "2026-11-19"), span("2026-11-20", "2027-02-21")],
    };
    act!(store, deputy(), save_system, None, trimesters, None).unwrap()
}

async fn kinds(store: &Store, load: LoadId) -> Vec<(String, i16)> {
    let grid = act!(store, teacher(), sql::grid, load, None).unwrap();
    grid.periods.into_iter().map(|p| (p.kind, p.number)).collect()
}

async fn page(store: &Store) -> Calendar {
    act!(store, deputy(), calendar).unwrap()
}

fn told(error: &AppError) -> String {
    error.message(Lang::Ru)
}

db_test!(each_class_of_a_parallel_follows_its_own_periods, pool, {
    let store = store(&pool).await;
    let trimesters = two_classes(&pool, &store).await;
    let quarters = [("quarter".to_owned(), 1), ("quarter".to_owned(), 2)];
    // without a system of its own a class goes by its grade's
    assert_eq!(kinds(&store, OTHER).await, quarters);
    act!(&store, deputy(), assign_class, B, None, Some(trimesters), None).unwrap();

    // grid and totals
    assert_eq!(kinds(&store, MATHS).await, quarters);
    assert_eq!(
        kinds(&store, OTHER).await,
        [("trimester".to_owned(), 1), ("trimester".to_owned(), 2)]
    );
    let of_periods = async |load| {
        let found = act!(&store, teacher(), totals, load).unwrap().columns.into_iter();
        let stages = found.map(|c| c.stage).filter(|s| matches!(s, Stage::Period(_)));
        stages.collect::<Vec<_>>()
    };
    let (one, other) = (of_periods(MATHS).await, of_periods(OTHER).await);
    assert_eq!((one.len(), other.len()), (2, 2));
    assert!(one.iter().all(|stage| !other.contains(stage)));
    let seen = page(&store).await;
    let own: Vec<_> = seen.classes.iter().map(|c| (c.id, c.own)).collect();
    assert_eq!(own, [(A, None), (B, Some(trimesters))]);

    // the pages of families
    let pupil = family(14, Role::Pupil { pupil: PupilId(1004) });
    let periods = async |who: Actor, pupil| {
        let found = act!(
            &store,
            who,
            classbook_core::diary::sql::subjects,
            Some(PupilId(pupil)),
            None
        )
        .unwrap();
        found.periods.into_iter().map(|p| p.kind).collect::<Vec<_>>()
    };
    assert_eq!(periods(pupil.clone(), 1004).await, ["trimester", "trimester"]);
    assert_eq!(periods(mother(), 1001).await, ["quarter", "quarter"]);

    // the lock of the one is none of the other's
    let first = seen.systems.iter().find(|s| s.id == trimesters).unwrap().parts[0].id;
    act!(&store, deputy(), lock_period, first, true, "Триместр сдан".into()).unwrap();
    let shut = save_one(&store, teacher(), mark(720, 820, 1004, Some("4"), 0)).await;
    assert!(matches!(shut, Outcome::Refused { .. }), "{shut:?}");
    let fine = save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 0)).await;
    assert_eq!(fine, Outcome::Saved { version: 1 });
    // what is closed owes nothing; the other class owes as before
    let mine = act!(&store, teacher(), deadlines::mine).unwrap();
    let owe: Vec<i64> = mine
        .debts
        .iter()
        .filter(|d| d.kind == Kind::Topic)
        .filter_map(|d| d.lesson)
        .map(|l| l.0)
        .collect();
    assert_eq!(owe, [690, 700, 701]);
    // the end of the trimester is near, the quarter's is not: but it is closed
    assert!(
        mine.debts
            .iter()
            .all(|d| d.kind != Kind::Totals || d.period != Some(first))
    );
    act!(&store, deputy(), lock_period, first, false, "Пересчёт".into()).unwrap();
    let mine = act!(&store, teacher(), deadlines::mine).unwrap();
    let totals: Vec<_> = mine
        .debts
        .iter()
        .filter(|d| d.kind == Kind::Totals && d.period == Some(first))
        .map(|d| (d.load, d.classes.clone(), d.due))
        .collect();
    assert_eq!(totals, [(Some(OTHER), vec![B], day("2026-11-19"))]);
});

db_test!(days_off_of_a_system_are_those_of_its_classes, pool, {
    let store = store(&pool).await;
    let trimesters = two_classes(&pool, &store).await;
    act!(&store, deputy(), assign_class, B, None, Some(trimesters), None).unwrap();
    let terms = HolidayTerms {
        title: "Между триместрами".into(),
        span: span("2026-11-16", "2026-11-22"),
        grade: None,
        system: Some(trimesters),
    };
    let both = HolidayTerms {
        grade: Some(7),
        ..terms.clone()
    };
    let no = act!(&store, deputy(), save_holiday, None, both).unwrap_err();
    assert!(told(&no).contains("одной системы"), "{no:?}");
    let foreign = HolidayTerms {
        system: Some(SystemId(6)),
        ..terms.clone()
    };
    assert_eq!(
        act!(&store, deputy(), save_holiday, None, foreign),
        Err(AppError::NotFound)
    );
    act!(&store, deputy(), save_holiday, None, terms).unwrap();

    // the grid
    let off = async |load| act!(&store, teacher(), sql::grid, load, None).unwrap().off;
    assert_eq!(off(MATHS).await, []);
    let named: Vec<i64> = off(OTHER)
        .await
        .into_iter()
        .map(|(l, title)| {
            assert_eq!(title, "Между триместрами");
            l.0
        })
        .collect();
    assert_eq!(named, [720, 721], "of the trimester that is shown");
    // attendance
    let days = async |class| {
        act!(&store, deputy(), attendance::sheet, class, None)
            .unwrap()
            .days
    };
    assert_eq!(days(A).await, [day("2026-11-16"), day("2026-11-18")]);
    assert_eq!(days(B).await, []);
    // deadlines
    let mine = act!(&store, teacher(), deadlines::mine).unwrap();
    let owe: Vec<i64> = mine
        .debts
        .iter()
        .filter(|d| d.kind == Kind::Topic)
        .filter_map(|d| d.lesson)
        .map(|l| l.0)
        .collect();
    assert_eq!(owe, [690, 700, 701]);
    // the diary
    let lessons = async |who: Actor, pupil| {
        let week = act!(
            &store,
            who,
            classbook_core::diary::sql::week,
            &Weeks::default(),
            Some(PupilId(pupil)),
            None
        )
        .unwrap();
        let days = week
            .days
            .into_iter()
            .filter(|d| !d.lessons.is_empty() && d.date <= day("2026-11-22"));
        days.count()
    };
    let pupil = family(14, Role::Pupil { pupil: PupilId(1004) });
    assert_eq!(lessons(pupil, 1004).await, 0);
    assert_eq!(lessons(mother(), 1001).await, 3);

    // as its grade again: the lessons are there
    act!(&store, deputy(), assign_class, B, Some(trimesters), None, None).unwrap();
    assert_eq!(off(OTHER).await, []);
    assert_eq!(days(B).await, [day("2026-11-16"), day("2026-11-18")]);
});

db_test!(a_class_keeps_its_system_while_something_would_be_lost, pool, {
    let store = store(&pool).await;
    let trimesters = two_classes(&pool, &store).await;
    for (who, wanted) in [(teacher(), AppError::Forbidden), (mother(), AppError::NotFound)] {
        assert_eq!(
            act!(&store, who, assign_class, B, None, Some(trimesters), None),
            Err(wanted)
        );
    }
    for (class, system) in [(ClassId(200), trimesters), (B, SystemId(6))] {
        assert_eq!(
            act!(&store, deputy(), assign_class, class, None, Some(system), None),
            Err(AppError::NotFound)
        );
    }
    // a closed quarter holds its grade, and a class that has learnt in it
    sqlx::query!("update period set locked_at = '2026-10-26 12:00Z' where school_id = 10 and id = 1")
        .execute(&pool)
        .await
        .unwrap();
    let no = act!(&store, deputy(), assign_grade, 7, QUARTERS, trimesters, None).unwrap_err();
    assert!(told(&no).contains("закрытые периоды"), "{no:?}");
    // one that was made afterwards it does not, nor one of which nothing was written there
    act!(&store, deputy(), assign_class, B, None, Some(trimesters), None).unwrap();
    act!(&store, deputy(), assign_class, B, Some(trimesters), None, None).unwrap();
    sqlx::raw_sql(
        "insert into lesson (school_id, id, load_id, held_on, slot, employee_id, topic) values (10, 719, 502, '2026-10-19', 2, 1200, 'Дроби')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let no = act!(&store, deputy(), assign_class, B, None, Some(trimesters), None).unwrap_err();
    assert!(told(&no).contains("закрытые периоды"), "{no:?}");
    // what it has already it may take for its own
    act!(&store, deputy(), assign_class, B, None, Some(QUARTERS), None).unwrap();
    let late = act!(&store, deputy(), assign_class, B, None, Some(trimesters), None);
    assert!(matches!(late, Err(AppError::Conflict { .. })));
    sqlx::query!("update period set locked_at = null where school_id = 10")
        .execute(&pool)
        .await
        .unwrap();
    // the grade moves, the class that has its own stays
    act!(&store, deputy(), assign_grade, 7, QUARTERS, trimesters, None).unwrap();
    assert_eq!(kinds(&store, MATHS).await[0].0, "trimester");
    assert_eq!(kinds(&store, OTHER).await[0].0, "quarter");
    let events =
        sqlx::query_scalar!("select entity_key from audit_event where action = 'class.system_saved'")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(
        events,
        ["101", "101", "101"],
        "there, back, and what it has already"
    );
});

/// The lessons of which a topic is owed.
async fn topics_owed(store: &Store) -> Vec<i64> {
    let mine = act!(store, teacher(), deadlines::mine).unwrap();
    let topics = mine.debts.iter().filter(|d| d.kind == Kind::Topic);
    topics.filter_map(|d| d.lesson).map(|l| l.0).collect()
}

// one load of 7А and 7Б, which go by two systems: whichever of them is closed or off, the board asks both, as the journal does
db_test!(a_load_of_two_systems_owes_as_its_journal_takes_it, pool, {
    let store = store(&pool).await;
    let trimesters = two_classes(&pool, &store).await;
    sqlx::raw_sql(
        "delete from assignment where school_id = 10 and lesson_id in (720, 721, 722);
         delete from lesson where school_id = 10 and load_id = 502;
         insert into load_audience (school_id, load_id, class_id) values (10, 500, 101)",
    )
    .execute(&pool)
    .await
    .unwrap();
    for (own, grades) in [(B, QUARTERS), (A, QUARTERS)] {
        act!(&store, deputy(), assign_class, own, None, Some(trimesters), None).unwrap();
        assert_eq!(topics_owed(&store).await, [690, 700, 701]);
        for system in [trimesters, grades] {
            // the period of one of them is closed: the journal takes nothing, so nothing is owed
            let seen = page(&store).await;
            let parts = &seen.systems.iter().find(|s| s.id == system).unwrap().parts;
            let closed = parts
                .iter()
                .rfind(|p| p.span.from <= day("2026-11-18"))
                .unwrap()
                .id;
            act!(&store, deputy(), lock_period, closed, true, "Сдано".into()).unwrap();
            let shut = save_one(&store, teacher(), mark(701, 0, 1001, Some("4"), 0)).await;
            assert!(matches!(shut, Outcome::Refused { .. }), "{shut:?}");
            let left: &[i64] = if system == trimesters { &[] } else { &[690] };
            assert_eq!(topics_owed(&store).await, left);
            act!(&store, deputy(), lock_period, closed, false, "Обратно".into()).unwrap();

            // the day is off for one of them: the lesson takes place, and owes
            let off = |system| HolidayTerms {
                title: "Выезд".into(),
                span: span("2026-11-18", "2026-11-18"),
                grade: None,
                system: Some(system),
            };
            let first = act!(&store, deputy(), save_holiday, None, off(system)).unwrap();
            assert_eq!(topics_owed(&store).await, [690, 700, 701]);
            // for both: it does not
            let other = if system == trimesters { grades } else { trimesters };
            let second = act!(&store, deputy(), save_holiday, None, off(other)).unwrap();
            assert_eq!(topics_owed(&store).await, [690, 700]);
            for (id, system) in [(first, system), (second, other)] {
                act!(&store, deputy(), remove_holiday, id, off(system)).unwrap();
            }
        }
        act!(&store, deputy(), assign_class, own, Some(trimesters), None, None).unwrap();
    }
});
