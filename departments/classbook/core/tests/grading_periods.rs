//! Periods, holidays, closing and questions for a change, against a real database.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

#[path = "school/mod.rs"]
mod school;

use chrono::TimeDelta;
use classbook_core::grading::periods::*;
use classbook_core::grading::sql::*;
use classbook_core::grading::{Stage, TotalEdit};
use classbook_core::journal::sql::{grid as grid_of, journals};
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
        wider.clone(),
        None
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
        shifted.clone(),
        None
    )
    .unwrap();
    let now = at!(store, deputy(), 0, calendar).unwrap();
    assert_eq!(now.systems[0].terms(), shifted);
    assert_eq!(now.systems[0].parts[1].id, SECOND, "a period keeps its id");
    // somebody was faster; the closed first quarter would move; days overlap
    let late = at!(
        store,
        deputy(),
        0,
        save_system,
        Some((QUARTERS, seen)),
        wider,
        None
    );
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
            quarters(&spans),
            None
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
    let modules = at!(store, deputy(), 0, save_system, None, modules, None).unwrap();
    // the first quarter is closed: a change would open it
    let no = at!(store, deputy(), 0, assign_grade, 7, QUARTERS, modules, None).unwrap_err();
    assert!(words(&no).contains("закрытые периоды"), "{no:?}");
    at!(store, deputy(), 0, lock_period, FIRST, false, "Пересчёт".into()).unwrap();
    at!(store, deputy(), 0, assign_grade, 7, QUARTERS, modules, None).unwrap();
    let late = at!(store, deputy(), 0, assign_grade, 7, QUARTERS, modules, None);
    assert!(matches!(late, Err(AppError::Conflict { .. })));
    assert_eq!(grid(&store, teacher(), None).await.unwrap().periods.len(), 2);
    let foreign = at!(store, deputy(), 0, assign_grade, 7, modules, SystemId(6), None);
    assert_eq!(foreign, Err(AppError::NotFound));
    assert_eq!(
        at!(store, deputy(), 0, assign_grade, 3, modules, QUARTERS, None),
        Err(AppError::NotFound)
    );
});

db_test!(holidays_stand_apart_from_periods, pool, {
    let store = store(&pool).await;
    let autumn = HolidayTerms {
        title: "Осенние".into(),
        span: span("2026-10-26", "2026-11-01"),
        grade: None,
        system: None,
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
    // the reason of a closing is read when the period is open again, the latest act first
    let acts: Vec<_> = at!(store, deputy(), 0, calendar)
        .unwrap()
        .lockings
        .into_iter()
        .map(|l| (l.closed, l.number, l.reason, l.by.is_empty()))
        .collect();
    let act = |closed, reason: &str| (closed, Some(2), reason.to_owned(), false);
    assert_eq!(
        acts,
        [act(false, "Ошибка в ведомости"), act(true, "Отметки сданы")]
    );
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

/// What the teacher reads of the last question, in the journal and in the totals: both the same.
async fn told(store: &Store, hours: i64) -> Vec<Asked> {
    let grid = at!(store, teacher(), hours, grid_of, MATHS, None).unwrap();
    assert_eq!(
        at!(store, teacher(), hours, totals, MATHS).unwrap().asked,
        grid.asked
    );
    grid.asked
}

db_test!(
    a_teacher_reads_how_a_question_stands_and_the_deputy_that_one_waits,
    pool,
    {
        let store = store(&pool).await;
        let waits = async |who: Actor| at!(store, who, 0, journals).unwrap().asked;
        let ask = async |hours: i64| {
            at!(
                store,
                teacher(),
                hours,
                ask_change,
                MATHS,
                FIRST,
                "Пропущена контрольная".into()
            )
            .unwrap()
        };
        assert_eq!(told(&store, 0).await, []);
        assert_eq!(waits(deputy()).await, 0);
        let id = ask(0).await;
        let first = told(&store, 0).await.remove(0);
        assert_eq!(
            (first.period, first.text.as_str(), first.answer, first.open),
            (FIRST, "Пропущена контрольная", None, false)
        );
        assert_eq!(
            (waits(deputy()).await, waits(teacher()).await),
            (1, 0),
            "who answers is told"
        );
        // refused, with words
        at!(
            store,
            deputy(),
            1,
            answer_change,
            id,
            None,
            Some("Сдавали в октябре".into())
        )
        .unwrap();
        let refused = told(&store, 1).await.remove(0);
        let answer = refused.answer.unwrap();
        assert_eq!(
            (
                answer.until,
                answer.note.as_deref(),
                answer.by.as_str(),
                refused.open
            ),
            (None, Some("Сдавали в октябре"), "Завучева Ольга Петровна", false)
        );
        assert_eq!(waits(deputy()).await, 0);
        // asked again and allowed: until when, by the school's clock; the last one is told
        let again = ask(2).await;
        at!(store, deputy(), 3, answer_change, again, Some(4), None).unwrap();
        let allowed = told(&store, 4).await;
        assert_eq!(allowed.len(), 1);
        let until = allowed[0].answer.as_ref().unwrap().until.unwrap();
        assert_eq!(
            (until.to_string().as_str(), allowed[0].open),
            ("2026-11-18 19:00:00", true)
        );
        assert!(!told(&store, 8).await[0].open, "its time is over");
        // whose it is not is told nothing
        assert_eq!(at!(store, deputy(), 4, grid_of, MATHS, None).unwrap().asked, []);
    }
);

db_test!(marks_of_the_year_are_closed_and_opened_with_a_reason, pool, {
    let store = store(&pool).await;
    let give = |stage, code: &str, expected| {
        vec![TotalEdit {
            pupil: PupilId(1001),
            stage,
            code: Some(code.into()),
            reason: Some("По итогам года".into()),
            expected,
        }]
    };
    let saved = [Outcome::Saved { version: 1 }];
    for stage in [Stage::Year, Stage::Exam] {
        assert_eq!(
            at!(store, teacher(), 0, save_totals, MATHS, give(stage, "4", 0)).unwrap(),
            saved
        );
    }
    for who in [teacher(), stranger()] {
        let no = at!(store, who, 0, lock_year, QUARTERS, true, "Год сдан".into());
        assert_eq!(no, Err(AppError::Forbidden));
    }
    assert_eq!(
        at!(
            store,
            deputy(),
            0,
            lock_year,
            SystemId(6),
            true,
            "Год сдан".into()
        ),
        Err(AppError::NotFound),
        "of another school"
    );
    let short = at!(store, deputy(), 0, lock_year, QUARTERS, true, "-".into()).unwrap_err();
    assert!(words(&short).contains("от 3 до 500"));
    at!(store, deputy(), 0, lock_year, QUARTERS, true, "Год сдан".into()).unwrap();
    let again = at!(store, deputy(), 0, lock_year, QUARTERS, true, "Ещё раз".into());
    assert!(matches!(again, Err(AppError::Conflict { .. })));
    // the year, the exam, the final mark: nothing more; the running period is open
    for (stage, code, expected) in [
        (Stage::Year, "5", 1),
        (Stage::Exam, "5", 1),
        (Stage::Final, "4", 0),
    ] {
        let no = at!(
            store,
            teacher(),
            1,
            save_totals,
            MATHS,
            give(stage, code, expected)
        )
        .unwrap();
        assert!(refusal(&no[0]).contains("Период закрыт"), "{stage:?} {no:?}");
    }
    assert_eq!(
        at!(
            store,
            teacher(),
            1,
            save_totals,
            MATHS,
            give(Stage::Period(SECOND), "4", 0)
        )
        .unwrap(),
        saved
    );
    let sheet = at!(store, teacher(), 1, totals, MATHS).unwrap();
    let shut: Vec<bool> = sheet.columns.iter().map(|c| c.shut.is_some()).collect();
    assert_eq!(
        shut,
        [true, false, true, true, true],
        "the first quarter was closed before"
    );
    let page = at!(store, deputy(), 1, calendar).unwrap();
    assert_eq!(page.systems[0].year_reason.as_deref(), Some("Год сдан"));
    assert_eq!(
        page.systems[0].year_locked.unwrap().to_string(),
        "2026-11-18 12:00:00"
    );
    // opened, for a reason
    at!(
        store,
        deputy(),
        2,
        lock_year,
        QUARTERS,
        false,
        "Ошибка в 7А".into()
    )
    .unwrap();
    assert_eq!(
        at!(store, deputy(), 2, calendar).unwrap().systems[0].year_locked,
        None
    );
    assert_eq!(
        at!(store, teacher(), 2, save_totals, MATHS, give(Stage::Year, "5", 1)).unwrap(),
        [Outcome::Saved { version: 2 }]
    );
    assert_eq!(
        events(&pool).await,
        ["period_system.year_locked", "period_system.year_unlocked"]
    );
    let reasons = sqlx::query_scalar!(
        r#"select string_agg(new ->> 'reason', ', ' order by id) as "reasons!" from audit_event where entity = 'period_system'"#
    );
    assert_eq!(reasons.fetch_one(&pool).await.unwrap(), "Год сдан, Ошибка в 7А");
    // not while the last period is to come
    sqlx::query!("update period set starts_on = '2026-11-30' where school_id = 10 and id = 2")
        .execute(&pool)
        .await
        .unwrap();
    let early = at!(store, deputy(), 3, lock_year, QUARTERS, true, "Год сдан".into()).unwrap_err();
    assert!(
        words(&early).contains("Последний период ещё не начался"),
        "{early:?}"
    );
});
