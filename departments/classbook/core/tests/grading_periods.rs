//! Periods, holidays, closing and questions for a change, against a real database.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

#[path = "school/mod.rs"]
mod school;

use chrono::TimeDelta;
use classbook_core::grading::periods::*;
use classbook_core::grading::sql::*;
use classbook_core::grading::{Stage, TotalEdit};
use school::*;

const FIRST: PeriodId = PeriodId(1);
const SECOND: PeriodId = PeriodId(2);
const QUARTERS: SystemId = SystemId(5);

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn span(from: &str, to: &str) -> Span {
    Span {
        from: day(from),
        to: day(to),
    }
}

fn quarters(spans: &[(&str, &str)]) -> SystemTerms {
    SystemTerms {
        kind: "quarter".into(),
        title: "Четверти".into(),
        spans: spans.iter().map(|(from, to)| span(from, to)).collect(),
    }
}

const NOW: [(&str, &str); 2] = [("2026-09-01", "2026-10-25"), ("2026-11-02", "2026-12-27")];

/// Does something in a transaction of its own, at a moment after [`now`].
macro_rules! at {
    ($store:expr, $who:expr, $hours:expr, $call:ident $(, $arg:expr)*) => {{
        let mut ctx = $store.begin($who, now() + TimeDelta::hours($hours), Lang::Ru).await.unwrap();
        let out = $call(&mut ctx $(, $arg)*).await;
        ctx.close(out).await
    }};
}

fn words(error: &AppError) -> String {
    error.message(Lang::Ru)
}

async fn events(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar!(
        "select action from audit_event
         where entity in ('period', 'period_system', 'parallel', 'holiday', 'period_request') order by id",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

db_test!(borders_move_and_a_closed_period_stays, pool, {
    let store = store(&pool).await;
    let seen = quarters(&NOW);
    let page = at!(store, deputy(), 0, calendar).unwrap();
    assert_eq!(page.systems[0].terms(), seen);
    assert_eq!(page.systems[0].grades, [7]);
    // the second quarter begins earlier, a third one comes
    let wider = quarters(&[NOW[0], ("2026-10-31", "2026-12-20"), ("2027-01-11", "2027-03-21")]);
    at!(
        store,
        deputy(),
        0,
        save_system,
        Some((QUARTERS, seen.clone())),
        wider.clone()
    )
    .unwrap();
    // what touches for a moment while all move
    let shifted = quarters(&[NOW[0], ("2026-10-26", "2027-01-12"), ("2027-01-13", "2027-03-21")]);
    at!(
        store,
        deputy(),
        0,
        save_system,
        Some((QUARTERS, wider.clone())),
        shifted.clone()
    )
    .unwrap();
    let now = at!(store, deputy(), 0, calendar).unwrap();
    assert_eq!(now.systems[0].terms(), shifted);
    assert_eq!(now.systems[0].parts[1].id, SECOND, "a period keeps its id");
    // somebody was faster; the closed first quarter would move; days overlap
    let late = at!(store, deputy(), 0, save_system, Some((QUARTERS, seen)), wider);
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");
    for (spans, wanted) in [
        (
            vec![("2026-09-01", "2026-10-24"), ("2026-10-26", "2027-01-12")],
            "Закрытый период",
        ),
        (vec![("2026-10-26", "2027-01-12")], "Закрытый период"),
        (vec![NOW[0], ("2026-10-25", "2027-01-12")], "не пересекаться"),
        (vec![NOW[0], ("2026-10-26", "2028-01-12")], "за учебный год"),
        (vec![], "от 1 до 12"),
    ] {
        let refused = at!(
            store,
            deputy(),
            0,
            save_system,
            Some((QUARTERS, shifted.clone())),
            quarters(&spans)
        )
        .unwrap_err();
        assert!(words(&refused).contains(wanted), "{spans:?}: {refused:?}");
    }
    assert_eq!(
        at!(store, deputy(), 0, calendar).unwrap().systems[0].terms(),
        shifted
    );
    assert_eq!(
        events(&pool).await,
        ["period_system.saved", "period_system.saved"]
    );
});

db_test!(a_grade_gets_another_system_while_nothing_is_lost, pool, {
    let store = store(&pool).await;
    let modules = SystemTerms {
        kind: "module".into(),
        title: "Модули".into(),
        spans: vec![span("2026-09-01", "2026-10-11"), span("2026-10-12", "2026-11-22")],
    };
    let modules = at!(store, deputy(), 0, save_system, None, modules).unwrap();
    // the first quarter is closed: a change would open it
    let no = at!(store, deputy(), 0, assign_grade, 7, QUARTERS, modules).unwrap_err();
    assert!(words(&no).contains("закрытые периоды"), "{no:?}");
    at!(store, deputy(), 0, lock_period, FIRST, false, "Пересчёт".into()).unwrap();
    at!(store, deputy(), 0, assign_grade, 7, QUARTERS, modules).unwrap();
    let late = at!(store, deputy(), 0, assign_grade, 7, QUARTERS, modules);
    assert!(matches!(late, Err(AppError::Conflict { .. })));
    assert_eq!(grid(&store, teacher(), None).await.unwrap().periods.len(), 2);
    let foreign = at!(store, deputy(), 0, assign_grade, 7, modules, SystemId(6));
    assert_eq!(foreign, Err(AppError::NotFound));
    assert_eq!(
        at!(store, deputy(), 0, assign_grade, 3, modules, QUARTERS),
        Err(AppError::NotFound)
    );
});

db_test!(holidays_stand_apart_from_periods, pool, {
    let store = store(&pool).await;
    let autumn = HolidayTerms {
        title: "Осенние".into(),
        span: span("2026-10-26", "2026-11-01"),
        grade: None,
    };
    let id = at!(store, deputy(), 0, save_holiday, None, autumn.clone()).unwrap();
    let longer = HolidayTerms {
        grade: Some(1),
        ..autumn.clone()
    };
    at!(
        store,
        deputy(),
        0,
        save_holiday,
        Some((id, autumn.clone())),
        longer.clone()
    )
    .unwrap();
    let late = at!(store, deputy(), 0, remove_holiday, id, autumn.clone());
    assert!(matches!(late, Err(AppError::Conflict { .. })));
    let outside = HolidayTerms {
        span: span("2026-08-26", "2026-09-01"),
        ..autumn
    };
    let no = at!(store, deputy(), 0, save_holiday, None, outside).unwrap_err();
    assert!(words(&no).contains("за учебный год"));
    at!(store, deputy(), 0, remove_holiday, id, longer).unwrap();
    assert!(at!(store, deputy(), 0, calendar).unwrap().holidays.is_empty());
    assert_eq!(
        events(&pool).await,
        ["holiday.saved", "holiday.saved", "holiday.removed"]
    );
});

db_test!(closing_keeps_its_reason_and_refuses_changes, pool, {
    let store = store(&pool).await;
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("4"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    let short = at!(store, deputy(), 0, lock_period, SECOND, true, " ".into()).unwrap_err();
    assert!(words(&short).contains("от 3 до 500"));
    at!(
        store,
        deputy(),
        0,
        lock_period,
        SECOND,
        true,
        "Отметки сданы".into()
    )
    .unwrap();
    let again = at!(store, deputy(), 0, lock_period, SECOND, true, "Ещё раз".into());
    assert!(matches!(again, Err(AppError::Conflict { .. })));
    let shut = save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 1)).await;
    assert!(refusal(&shut).contains("Период закрыт"), "{shut:?}");
    let part = &at!(store, deputy(), 0, calendar).unwrap().systems[0].parts[1];
    assert_eq!(part.reason.as_deref(), Some("Отметки сданы"));
    at!(
        store,
        deputy(),
        0,
        lock_period,
        SECOND,
        false,
        "Ошибка в ведомости".into()
    )
    .unwrap();
    assert_eq!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 1)).await,
        Outcome::Saved { version: 2 }
    );
    assert_eq!(events(&pool).await, ["period.locked", "period.unlocked"]);
    for who in [teacher(), stranger()] {
        assert_eq!(
            at!(store, who, 0, lock_period, SECOND, true, "Закрою сама".into()),
            Err(AppError::Forbidden)
        );
    }
});

db_test!(a_teacher_is_let_into_a_closed_period_for_a_while, pool, {
    let store = store(&pool).await;
    let total = |code: &str, expected| {
        let edit = TotalEdit {
            pupil: PupilId(1001),
            stage: Stage::Period(FIRST),
            code: Some(code.into()),
            reason: Some("Переписана контрольная".into()),
            expected,
        };
        vec![edit]
    };
    let old = || mark(690, 790, 1001, Some("4"), 0);
    assert!(refusal(&save_one(&store, teacher(), old()).await).contains("Период закрыт"));
    // the open second quarter needs no question; a stranger has none to ask
    let open_one = at!(store, teacher(), 0, ask_change, MATHS, SECOND, "Зачем-то".into()).unwrap_err();
    assert!(words(&open_one).contains("открыт"));
    assert_eq!(
        at!(store, stranger(), 0, ask_change, MATHS, FIRST, "Хочу".into()),
        Err(AppError::NotFound)
    );
    let id = at!(
        store,
        teacher(),
        0,
        ask_change,
        MATHS,
        FIRST,
        "Пропущена контрольная".into()
    )
    .unwrap();
    let twice = at!(
        store,
        teacher(),
        0,
        ask_change,
        MATHS,
        FIRST,
        "Пропущена контрольная".into()
    )
    .unwrap_err();
    assert!(words(&twice).contains("уже спросили"));
    let asked = &at!(store, deputy(), 0, calendar).unwrap().requests[0];
    assert_eq!(
        (asked.id, asked.journal.as_str(), asked.by.as_str()),
        (id, "Математика, 7А", "Учителева Анна Ивановна")
    );
    // the teacher does not answer; a refusal needs words; hours have bounds
    assert_eq!(
        at!(store, teacher(), 0, answer_change, id, Some(24), None),
        Err(AppError::Forbidden)
    );
    assert!(at!(store, deputy(), 0, answer_change, id, None, None).is_err());
    assert!(at!(store, deputy(), 0, answer_change, id, Some(999), None).is_err());
    at!(
        store,
        deputy(),
        0,
        answer_change,
        id,
        Some(24),
        Some("Только контрольная".into())
    )
    .unwrap();
    let answered = at!(
        store,
        deputy(),
        0,
        answer_change,
        id,
        None,
        Some("Передумала".into())
    );
    assert!(matches!(answered, Err(AppError::Conflict { .. })));
    // in the journal, in the totals, in the works; not for others, and not the day after tomorrow
    assert_eq!(
        save_one(&store, teacher(), old()).await,
        Outcome::Saved { version: 1 }
    );
    assert!(!grid(&store, teacher(), Some(1)).await.unwrap().lessons[0].locked);
    assert!(grid(&store, deputy(), Some(1)).await.unwrap().lessons[0].locked);
    assert!(
        refusal(&save_one(&store, deputy(), mark(690, 790, 1002, Some("4"), 0)).await)
            .contains("Период закрыт")
    );
    assert_eq!(
        at!(store, teacher(), 1, save_totals, MATHS, total("5", 0)).unwrap(),
        [Outcome::Saved { version: 1 }]
    );
    let late = at!(store, teacher(), 25, save_totals, MATHS, total("3", 1)).unwrap();
    assert!(refusal(&late[0]).contains("Период закрыт"), "{late:?}");
    assert_eq!(
        events(&pool).await,
        ["period_request.asked", "period_request.allowed"]
    );
});
