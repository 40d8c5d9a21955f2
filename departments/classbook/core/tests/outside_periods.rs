//! A border that would take lessons with marks out of every period: told before, written only when it is meant, and the marks stay in reach.
//! Against a real database. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

mod school;

use classbook_core::deadline::{Kind, sql as deadlines};
use classbook_core::grading::periods::{Assignment, Fallen, Span, SystemId, SystemTerms};
use classbook_core::grading::sql::{
    assign_class, assign_grade, assignment_falls_out, calendar, falls_out, save_system,
};
use classbook_core::journal::grid::OUTSIDE;
use school::*;

const QUARTERS: SystemId = SystemId(5);

fn span(from: &str, to: &str) -> Span {
    Span {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    }
}

/// The quarters of the fixture, the second of them as long as is said.
fn quarters(until: &str) -> SystemTerms {
    SystemTerms {
        kind: "quarter".into(),
        title: "Четверти".into(),
        spans: vec![span("2026-09-01", "2026-10-25"), span("2026-11-02", until)],
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

async fn move_to(
    store: &Store,
    (from, to): (&str, &str),
    accepted: Option<i64>,
) -> Result<SystemId, AppError> {
    let at = Some((QUARTERS, quarters(from)));
    act!(store, deputy(), save_system, at, quarters(to), accepted)
}

async fn fallen(store: &Store, until: &str) -> Vec<Fallen> {
    act!(store, deputy(), falls_out, QUARTERS, &quarters(until)).unwrap()
}

async fn topics_owed(store: &Store) -> Vec<i64> {
    let mine = act!(store, teacher(), deadlines::mine).unwrap();
    let topics = mine.debts.iter().filter(|d| d.kind == Kind::Topic);
    topics.filter_map(|d| d.lesson).map(|l| l.0).collect()
}

db_test!(marks_behind_a_border_are_told_before_it_moves, pool, {
    let store = store(&pool).await;
    let until = ("2026-12-27", "2026-11-15");
    // nothing is written in the lessons behind the border: nobody is asked
    assert_eq!(fallen(&store, until.1).await, []);
    for edit in [
        mark(700, 800, 1001, Some("4"), 0),
        attend(700, 1002, Some("н"), 0),
    ] {
        let saved = save_one(&store, teacher(), edit).await;
        assert_eq!(saved, Outcome::Saved { version: 1 });
    }
    let told = Fallen {
        subject: "Математика".into(),
        audience: "7А".into(),
        lessons: 1,
        marks: 1,
        absences: 1,
        from: "2026-11-16".parse().unwrap(),
        to: "2026-11-16".parse().unwrap(),
    };
    assert_eq!(fallen(&store, until.1).await, std::slice::from_ref(&told));
    assert_eq!(fallen(&store, "2026-11-16").await, [], "its last day holds it");

    // without a word, or with another number, nothing is written
    let before = act!(&store, deputy(), calendar).unwrap();
    let events = counts(&pool).await;
    for accepted in [None, Some(0), Some(2)] {
        let no = move_to(&store, until, accepted).await.unwrap_err();
        let words = no.message(Lang::Ru);
        assert!(
            words.contains("окажется 1 урок") && words.contains("16.11.2026"),
            "{words}"
        );
    }
    assert_eq!(act!(&store, deputy(), calendar).unwrap(), before);
    assert_eq!(counts(&pool).await, events);
    assert_eq!(topics_owed(&store).await, [700, 701]);

    // said so: it is done, and the audit has what was accepted
    move_to(&store, until, Some(1)).await.unwrap();
    let kept = sqlx::query_scalar!(
        r#"select new -> 'outside' as "outside!" from audit_event where action = 'period_system.saved'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(serde_json::from_value::<Vec<Fallen>>(kept).unwrap(), [told]);
    assert_eq!(
        topics_owed(&store).await,
        Vec::<i64>::new(),
        "nobody can pay what no period holds"
    );

    // the marks are in reach, and may be mended; the lessons that nobody gave are not there
    let page = grid(&store, teacher(), None).await.unwrap();
    assert_eq!((page.outside, page.period), (1, Some(PeriodId(2))));
    let page = grid(&store, teacher(), Some(OUTSIDE.0)).await.unwrap();
    assert_eq!((page.outside, page.period), (1, Some(OUTSIDE)));
    let lessons: Vec<i64> = page.lessons.iter().map(|l| l.id.0).collect();
    assert_eq!((lessons, page.assignments.len()), (vec![700], 1));
    assert_eq!((page.marks.len(), page.attendance.len()), (1, 1));
    assert!(page.results.is_none());
    let mended = save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 1)).await;
    assert_eq!(mended, Outcome::Saved { version: 2 });

    // back again: the lesson counts as before
    move_to(&store, (until.1, until.0), None).await.unwrap();
    assert_eq!(grid(&store, teacher(), None).await.unwrap().outside, 0);
    let empty = grid(&store, teacher(), Some(OUTSIDE.0)).await.unwrap();
    assert!(empty.lessons.is_empty());
});

// one load of 7А and 7Б: what the other class's system holds is on a page of the journal
db_test!(a_day_that_another_class_learns_on_does_not_fall_out, pool, {
    let store = store(&pool).await;
    sqlx::raw_sql(
        "update period set locked_at = null where school_id = 10;
         insert into load_audience (school_id, load_id, class_id) values (10, 500, 101);
         update lesson set topic = 'Дроби' where school_id = 10 and id in (700, 702)",
    )
    .execute(&pool)
    .await
    .unwrap();
    // a topic of a day to come proves nothing
    let one = fallen(&store, "2026-11-15").await;
    assert_eq!(one.iter().map(|f| f.lessons).collect::<Vec<_>>(), [1]);
    let trimesters = SystemTerms {
        kind: "trimester".into(),
        title: "Триместры".into(),
        spans: vec![span("2026-09-01", "2026-11-19")],
    };
    let trimesters = act!(&store, deputy(), save_system, None, trimesters, None).unwrap();
    act!(
        &store,
        deputy(),
        assign_class,
        ClassId(101),
        None,
        Some(trimesters),
        None
    )
    .unwrap();
    assert_eq!(fallen(&store, "2026-11-15").await, []);
    let whose = act!(&store, teacher(), falls_out, QUARTERS, &quarters("2026-11-15"));
    assert!(matches!(whose, Err(AppError::Forbidden)));
});

// another system for a class or its grade takes lessons along as a border does, and is asked about as a border is
db_test!(another_system_is_asked_about_as_a_border_is, pool, {
    let store = store(&pool).await;
    sqlx::raw_sql("update period set locked_at = null where school_id = 10")
        .execute(&pool)
        .await
        .unwrap();
    let trimesters = SystemTerms {
        kind: "trimester".into(),
        title: "Триместры".into(),
        spans: vec![span("2026-09-01", "2026-11-15"), span("2026-11-17", "2027-02-21")],
    };
    let trimesters = act!(&store, deputy(), save_system, None, trimesters, None).unwrap();
    let (class, of_grade) = (
        Assignment::Class(ClassId(100), Some(trimesters)),
        Assignment::Grade(7, trimesters),
    );
    let told = async |wish| act!(&store, deputy(), assignment_falls_out, wish).unwrap();
    assert_eq!(told(class).await, [], "nothing is written on the 16th yet");
    let saved = save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 0)).await;
    assert_eq!(saved, Outcome::Saved { version: 1 });
    let lost = Fallen {
        subject: "Математика".into(),
        audience: "7А".into(),
        lessons: 1,
        marks: 1,
        absences: 0,
        from: "2026-11-16".parse().unwrap(),
        to: "2026-11-16".parse().unwrap(),
    };
    for wish in [class, of_grade] {
        assert_eq!(told(wish).await, std::slice::from_ref(&lost), "{wish:?}");
    }
    // what it has already moves nothing; whose business it is not is told nothing
    assert_eq!(told(Assignment::Class(ClassId(100), None)).await, []);
    assert_eq!(told(Assignment::Grade(7, QUARTERS)).await, []);
    let whose = act!(&store, teacher(), assignment_falls_out, class);
    assert!(matches!(whose, Err(AppError::Forbidden)));
    let foreign = Assignment::Class(ClassId(100), Some(SystemId(6)));
    let foreign = act!(&store, deputy(), assignment_falls_out, foreign);
    assert!(matches!(foreign, Err(AppError::NotFound)));

    // without the number, or with another one, nothing is written
    let before = act!(&store, deputy(), calendar).unwrap();
    let events = counts(&pool).await;
    for accepted in [None, Some(0), Some(2)] {
        let no = [
            act!(
                &store,
                deputy(),
                assign_class,
                ClassId(100),
                None,
                Some(trimesters),
                accepted
            ),
            act!(&store, deputy(), assign_grade, 7, QUARTERS, trimesters, accepted),
        ];
        for no in no {
            let words = no.unwrap_err().message(Lang::Ru);
            assert!(words.contains("окажется 1 урок"), "{words}");
        }
    }
    assert_eq!(act!(&store, deputy(), calendar).unwrap(), before);
    assert_eq!(counts(&pool).await, events);

    // a grade takes no lesson along of a class that keeps a system of its own
    act!(
        &store,
        deputy(),
        assign_class,
        ClassId(100),
        None,
        Some(QUARTERS),
        None
    )
    .unwrap();
    assert_eq!(told(of_grade).await, []);
    act!(
        &store,
        deputy(),
        assign_class,
        ClassId(100),
        Some(QUARTERS),
        None,
        None
    )
    .unwrap();

    // said so, it is done, and the audit has what was accepted; the marks are in reach
    act!(&store, deputy(), assign_grade, 7, QUARTERS, trimesters, Some(1)).unwrap();
    let kept = sqlx::query_scalar!(
        r#"select new -> 'outside' as "outside!" from audit_event where action = 'parallel.system_saved'"#
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(serde_json::from_value::<Vec<Fallen>>(kept).unwrap(), [lost]);
    let page = grid(&store, teacher(), Some(OUTSIDE.0)).await.unwrap();
    assert_eq!((page.outside, page.marks.len()), (1, 1));
});
