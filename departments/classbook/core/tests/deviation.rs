//! Marks that stand apart from what was proposed, against a real database.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

#[path = "school/mod.rs"]
mod school;

use base::EmployeeId;
use classbook_core::deviation::sql::deviations;
use classbook_core::deviation::{Deviations, Way};
use classbook_core::grading::sql::save_totals;
use classbook_core::grading::{Stage, TotalEdit};
use school::*;

const SECOND: Stage = Stage::Period(PeriodId(2));

async fn look(
    store: &Store,
    actor: Actor,
    teacher: Option<i64>,
    way: Option<Way>,
) -> Result<Deviations, AppError> {
    let mut ctx = open(store, actor).await;
    let out = deviations(&mut ctx, teacher.map(EmployeeId), way).await;
    ctx.close(out).await
}

async fn give(store: &Store, pupil: i64, code: &str, reason: Option<&str>, expected: i32) {
    let mut ctx = open(store, teacher()).await;
    let edit = TotalEdit {
        pupil: PupilId(pupil),
        stage: SECOND,
        code: Some(code.to_owned()),
        reason: reason.map(str::to_owned),
        expected,
    };
    let out = save_totals(&mut ctx, MATHS, vec![edit]).await;
    let outcome = ctx.close(out).await.unwrap().remove(0);
    assert!(matches!(outcome, Outcome::Saved { .. }), "{outcome:?}");
}

/// 1001 is proposed a 5 (three fives), 1002 a 4 (three fours).
async fn with_marks(pool: &PgPool) {
    use sqlx::Executor as _;
    pool.execute(
        "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight, title) values
             (10, 801, 700, 2, 1, 1, 'Дроби'), (10, 802, 701, 1, 1, 1, null);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
             select 10, a, p, 1, c, 2, '2026-11-16 12:00Z' from (values (800), (801), (802)) w (a), (values (1001, '5'), (1002, '4')) m (p, c)",
    )
    .await
    .unwrap();
}

db_test!(who_rounds_which_way_is_counted_and_each_figure_opens, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let nothing = look(&store, deputy(), None, None).await.unwrap();
    assert!(
        nothing.lines.is_empty() && nothing.behind.is_empty(),
        "{nothing:?}"
    );

    give(&store, 1001, "4", Some("Не сдал проект"), 0).await;
    give(&store, 1002, "4", None, 0).await;
    let all = look(&store, deputy(), None, None).await.unwrap();
    let [line] = all.lines.as_slice() else {
        panic!("{all:?}")
    };
    // the one that is as proposed counts among those given and stands apart from nothing
    assert_eq!((line.given, line.apart), (2, [0, 1, 0]));
    assert!(all.behind.is_empty(), "no figure is open");
    let who = line.teacher.map(|t| t.0);
    assert!(who.is_some());

    let down = look(&store, deputy(), who, Some(Way::Down)).await.unwrap();
    let [mark] = down.behind.as_slice() else {
        panic!("{down:?}")
    };
    assert_eq!(
        (mark.pupil, mark.stage, mark.way),
        (PupilId(1001), SECOND, Way::Down)
    );
    assert_eq!((mark.proposed.as_deref(), mark.code.as_str()), (Some("5"), "4"));
    assert_eq!(mark.reason.as_deref(), Some("Не сдал проект"));
    assert_eq!((mark.number, mark.class.as_str(), down.more), (2, "7А", false));
    assert!(
        look(&store, deputy(), who, Some(Way::Up))
            .await
            .unwrap()
            .behind
            .is_empty()
    );

    // the other way round, and back to what was proposed
    give(&store, 1002, "5", Some("Призёр олимпиады"), 1).await;
    let both = look(&store, deputy(), who, None).await.unwrap();
    assert_eq!(both.lines[0].apart, [1, 1, 0]);
    let ways: Vec<_> = both.behind.iter().map(|m| (m.pupil.0, m.way)).collect();
    assert!(
        ways.contains(&(1001, Way::Down)) && ways.contains(&(1002, Way::Up)),
        "{ways:?}"
    );
    give(&store, 1001, "5", None, 1).await;
    give(&store, 1002, "4", None, 2).await;
    assert!(look(&store, deputy(), None, None).await.unwrap().lines.is_empty());
});

db_test!(only_who_sees_every_journal_sees_them, pool, {
    let store = store(&pool).await;
    for nobody in [teacher(), mother(), stranger()] {
        let seen = look(&store, nobody, Some(1), None).await;
        assert_eq!(seen.unwrap_err(), AppError::NotFound);
    }
    assert_eq!(
        look(&store, deputy(), Some(987_654), None).await.unwrap_err(),
        AppError::NotFound
    );
    assert!(
        look(&store, deputy(), Some(0), None)
            .await
            .unwrap()
            .behind
            .is_empty()
    );
});
