//! Marks of periods and years against a real database: what is proposed, what is refused, who sees what.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

#[path = "school/mod.rs"]
mod school;

use classbook_core::grading::sql::{behind, line, save_interim_form, save_topic, save_totals, totals};
use classbook_core::grading::totals::{Behind, Half, Shut};
use classbook_core::grading::{Stage, TotalEdit, Totals};
use school::*;

const FIRST: Stage = Stage::Period(PeriodId(1));
const SECOND: Stage = Stage::Period(PeriodId(2));

fn edit(pupil: i64, stage: Stage, code: Option<&str>, expected: i32) -> TotalEdit {
    TotalEdit {
        pupil: PupilId(pupil),
        stage,
        code: code.map(str::to_owned),
        reason: None,
        expected,
    }
}

fn because(reason: &str, edit: TotalEdit) -> TotalEdit {
    TotalEdit {
        reason: Some(reason.to_owned()),
        ..edit
    }
}

async fn look(store: &Store, actor: Actor) -> Result<Totals, AppError> {
    let mut ctx = open(store, actor).await;
    let out = totals(&mut ctx, MATHS).await;
    ctx.close(out).await
}

async fn give(store: &Store, actor: Actor, edits: Vec<TotalEdit>) -> Result<Vec<Outcome>, AppError> {
    let mut ctx = open(store, actor).await;
    let out = save_totals(&mut ctx, MATHS, edits).await;
    ctx.close(out).await
}

async fn give_one(store: &Store, edit: TotalEdit) -> Outcome {
    give(store, teacher(), vec![edit]).await.unwrap().remove(0)
}

async fn origin(store: &Store, actor: Actor, pupil: i64, stage: Stage) -> Result<Behind, AppError> {
    let mut ctx = open(store, actor).await;
    let out = behind(&mut ctx, MATHS, PupilId(pupil), stage).await;
    ctx.close(out).await
}

async fn put(pool: &PgPool, sql: &'static str) {
    use sqlx::Executor as _;
    pool.execute(sql).await.unwrap();
}

/// Three works of the second quarter: 1001 has 5, 5, 4 (weight 3), 1002 a 3, 1003 nothing.
async fn with_marks(pool: &PgPool) {
    put(
        pool,
        "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight, title) values
             (10, 801, 700, 2, 1, 3, 'Дроби'), (10, 802, 701, 1, 1, 1, null);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
             (10, 800, 1001, 1, '5', 2, '2026-11-16 12:00Z'), (10, 801, 1001, 1, '4', 2, '2026-11-16 12:00Z'),
             (10, 802, 1001, 1, '5', 2, '2026-11-18 08:00Z'), (10, 800, 1002, 1, '3', 2, '2026-11-16 12:00Z'),
             (10, 790, 1001, 1, '2', 2, '2026-10-19 12:00Z')",
    )
    .await;
}

async fn events(pool: &PgPool) -> i64 {
    sqlx::query_scalar!(r#"select count(*) as "n!" from audit_event where entity = 'period_mark'"#)
        .fetch_one(pool)
        .await
        .unwrap()
}

db_test!(the_sheet_proposes_what_the_marks_say, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let sheet = look(&store, teacher()).await.unwrap();
    let stages: Vec<_> = sheet.columns.iter().map(|c| (c.stage, c.shut)).collect();
    assert_eq!(
        stages,
        [
            (FIRST, Some(Shut::Locked)),
            (SECOND, None),
            (Stage::Year, None),
            (Stage::Exam, None),
            (Stage::Final, None)
        ]
    );
    assert_eq!(
        (sheet.grade, sheet.week_hours, sheet.may_edit),
        (7, Hundredths(500), true)
    );
    let second = sheet.columns[1].clone();
    // (5 + 4·3 + 5) / 5 = 4,40 by the usual rule
    let first_pupil = sheet.suggest(0, &second);
    assert_eq!(
        (first_pupil.code(), first_pupil.average()),
        (Some("4"), Some(Hundredths(440)))
    );
    assert!(first_pupil.is_enough());
    assert_eq!(sheet.suggest(1, &second).code(), Some("3"));
    assert!(!sheet.suggest(1, &second).is_enough(), "one mark of three");
    assert_eq!(sheet.suggest(2, &second).code(), None);
    // the first quarter has its own mark, and is over: one is too few, and who has none is not attested either
    let over = |row| sheet.suggest(row, &sheet.columns[0]);
    assert_eq!((over(0).code(), over(0).by_marks()), (Some("н/а"), Some("2")));
    assert_eq!(
        (over(0).not_attested(), over(0).is_enough()),
        (Some((1, 3)), false)
    );
    assert_eq!((over(1).code(), over(1).by_marks()), (Some("н/а"), None));
    // a deputy reads it as well; whoever has nothing to do with the journal finds none
    assert!(look(&store, deputy()).await.is_ok());
    assert_eq!(look(&store, stranger()).await.unwrap_err(), AppError::NotFound);
});

db_test!(a_line_is_the_sheet_without_the_others, pool, {
    async fn one(store: &Store, actor: Actor, pupil: i64) -> Result<Totals, AppError> {
        let mut ctx = open(store, actor).await;
        let out = line(&mut ctx, MATHS, PupilId(pupil)).await;
        ctx.close(out).await
    }
    with_marks(&pool).await;
    let store = store(&pool).await;
    give_one(&store, edit(1002, SECOND, Some("3"), 0)).await;
    let sheet = look(&store, teacher()).await.unwrap();
    for pupil in [1001, 1002] {
        let line = one(&store, teacher(), pupil).await.unwrap();
        let row = sheet.pupils.iter().position(|p| p.id == PupilId(pupil)).unwrap();
        assert_eq!(line.pupils, [sheet.pupils[row].clone()]);
        assert_eq!(line.columns, sheet.columns);
        for column in &sheet.columns {
            assert_eq!(line.suggest(0, column), sheet.suggest(row, column));
            let of = |t: &Totals| t.given(PupilId(pupil), column.stage).cloned();
            assert_eq!(of(&line), of(&sheet));
        }
        assert!(line.given.iter().all(|g| g.pupil == PupilId(pupil)));
    }
    // read by who sees the journal; of another class, and for whoever has nothing to do with it, there is none
    assert!(!one(&store, deputy(), 1001).await.unwrap().pupils.is_empty());
    assert_eq!(
        one(&store, teacher(), 9999).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        one(&store, stranger(), 1001).await.unwrap_err(),
        AppError::NotFound
    );
});

db_test!(a_mark_is_given_changed_and_taken_back, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    assert_eq!(
        give_one(&store, edit(1001, SECOND, Some("4"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    // a repeated send changes nothing
    assert_eq!(
        give_one(&store, edit(1001, SECOND, Some("4"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    assert_eq!(events(&pool).await, 1);
    // 4 is the nearest to 4,40 and a whole mark from 5: a reason is asked for and kept
    let asked = give_one(&store, edit(1001, SECOND, Some("5"), 1)).await;
    assert!(refusal(&asked).contains("(4)"), "{asked:?}");
    let short = give_one(&store, because("да", edit(1001, SECOND, Some("5"), 1))).await;
    assert!(refusal(&short).contains("от 3 до 500"), "{short:?}");
    let given = give_one(
        &store,
        because("Победа на олимпиаде", edit(1001, SECOND, Some("5"), 1)),
    )
    .await;
    assert_eq!(given, Outcome::Saved { version: 2 });
    let sheet = look(&store, teacher()).await.unwrap();
    let mark = sheet.given(PupilId(1001), SECOND).unwrap();
    assert_eq!(
        (mark.code.as_deref(), mark.reason.as_deref(), mark.version),
        (Some("5"), Some("Победа на олимпиаде"), 2)
    );
    assert_eq!(
        give_one(&store, edit(1001, SECOND, None, 2)).await,
        Outcome::Saved { version: 3 }
    );
    let history = origin(&store, deputy(), 1001, SECOND).await.unwrap().history;
    let told: Vec<_> = history
        .iter()
        .map(|p| (p.old.as_deref(), p.new.as_deref(), p.comment.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (Some("5"), None, None),
            (Some("4"), Some("5"), Some("Победа на олимпиаде")),
            (None, Some("4"), None)
        ]
    );
});

db_test!(too_few_marks_are_no_attestation_when_the_period_ends, pool, {
    with_marks(&pool).await;
    put(&pool, "update period set locked_at = null where school_id = 10").await;
    let store = store(&pool).await;
    // as proposed: no reason is asked for, and what was proposed is kept
    assert_eq!(
        give_one(&store, edit(1002, FIRST, Some("н/а"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    // a mark instead is judged by what the one mark, a «2», comes to
    let asked = give_one(&store, edit(1001, FIRST, Some("4"), 0)).await;
    assert!(refusal(&asked).contains("(2)"), "{asked:?}");
    assert_eq!(
        give_one(&store, edit(1001, FIRST, Some("2"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    // nothing to judge by: any mark, without a reason, as ever
    assert_eq!(
        give_one(&store, edit(1003, FIRST, Some("3"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    let proposed: Vec<Option<String>> = sqlx::query_scalar!(
        "select proposed from period_mark where school_id = 10 and period_id = 1 order by pupil_id"
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(proposed, vec![Some("н/а".to_owned()); 3]);
});

db_test!(what_cannot_be_given_is_told_and_changes_nothing, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let refused = give(
        &store,
        teacher(),
        vec![
            edit(1001, FIRST, Some("3"), 0),
            edit(1001, SECOND, Some("7"), 0),
            edit(1004, SECOND, Some("4"), 0),
            edit(2001, SECOND, Some("4"), 0),
            edit(1001, Stage::Period(PeriodId(4)), Some("4"), 0),
        ],
    )
    .await
    .unwrap();
    let words: Vec<_> = refused.iter().map(refusal).collect();
    assert!(words[0].contains("Период закрыт"), "{words:?}");
    assert!(
        words[1].contains("«7»") && words[1].contains("5, 4, 3, 2"),
        "{words:?}"
    );
    assert!(words[2..].iter().all(|w| w.contains("не числился")), "{words:?}");
    assert_eq!(
        give(&store, stranger(), vec![edit(1001, SECOND, Some("4"), 0)]).await,
        Err(AppError::NotFound)
    );
    let many = vec![edit(1001, SECOND, Some("4"), 0); 401];
    assert_eq!(give(&store, teacher(), many).await, Err(AppError::TooLarge));
    assert_eq!(events(&pool).await, 0);
});

db_test!(two_teachers_at_one_mark_lose_nothing, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    assert_eq!(
        give_one(&store, edit(1002, SECOND, Some("3"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    // the deputy's page still shows an empty place; another mark of the batch is saved
    let both = give(
        &store,
        deputy(),
        vec![
            edit(1002, SECOND, Some("н/а"), 0),
            edit(1001, SECOND, Some("4"), 0),
        ],
    )
    .await
    .unwrap();
    let Outcome::Conflict(now) = &both[0] else {
        panic!("{both:?}")
    };
    assert_eq!((now.value.as_deref(), now.version), (Some("3"), 1));
    assert_eq!(now.by, "Учителева Анна Ивановна");
    assert_eq!(both[1], Outcome::Saved { version: 1 });
    assert_eq!(events(&pool).await, 2);
});

db_test!(a_year_is_proposed_from_its_quarters, pool, {
    with_marks(&pool).await;
    put(&pool, "update period set locked_at = null where school_id = 10").await;
    let store = store(&pool).await;
    let out = give(
        &store,
        teacher(),
        vec![
            because("Переаттестован", edit(1001, FIRST, Some("5"), 0)),
            edit(1001, SECOND, Some("4"), 0),
            // of the quarters in this very batch: (5 + 4) / 2 = 4,50
            edit(1001, Stage::Year, Some("5"), 0),
            because("Экзамен сдан хуже", edit(1001, Stage::Exam, Some("3"), 0)),
            edit(1001, Stage::Final, Some("4"), 0),
            // nobody marked this pupil: nothing is proposed, nothing asked
            edit(1003, SECOND, Some("осв"), 0),
        ],
    )
    .await
    .unwrap();
    assert!(out.iter().all(|o| *o == Outcome::Saved { version: 1 }), "{out:?}");
    let sheet = look(&store, teacher()).await.unwrap();
    let year = sheet.suggest(0, &sheet.columns[2]);
    assert_eq!(
        (year.code(), year.average(), year.is_enough()),
        (Some("5"), Some(Hundredths(450)), true)
    );
    let figures = sheet.indicators(&sheet.columns[1]);
    assert_eq!((figures.n(), figures.exempt, figures.outside), (1, 1, 1));
    // a reason is kept only where it is asked for
    let exam = sheet.given(PupilId(1001), Stage::Exam).unwrap();
    assert_eq!(exam.reason, None);
});

/// A rule of the seventh grade from the first of September, with these settings beside what is usual.
async fn rule(pool: &PgPool, half_years: bool, interim: &str) {
    sqlx::query!(
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, half_years, interim)
         values (10, 7, 7, '2026-09-01', true, 450, 350, 250, 50, false, false, 'new', '12', '2026-08-30', 1, '2026-08-30 12:00Z', $1, $2)",
        half_years,
        interim,
    )
    .execute(pool)
    .await
    .unwrap();
}

db_test!(
    a_half_year_is_given_over_its_quarters_where_the_rules_say_so,
    pool,
    {
        with_marks(&pool).await;
        put(&pool, "update period set locked_at = null where school_id = 10").await;
        let store = store(&pool).await;
        let half = Stage::HalfYear(Half::First);
        let refused = give_one(&store, edit(1001, half, Some("4"), 0)).await;
        assert!(
            refusal(&refused).contains("не числился"),
            "no such column: {refused:?}"
        );
        rule(&pool, true, "none").await;
        let sheet = look(&store, teacher()).await.unwrap();
        let stages: Vec<_> = sheet.columns.iter().map(|c| c.stage).collect();
        assert_eq!(
            stages,
            [FIRST, SECOND, half, Stage::Year, Stage::Exam, Stage::Final]
        );
        let out = give(
            &store,
            teacher(),
            vec![
                edit(1001, FIRST, Some("2"), 0),
                edit(1001, SECOND, Some("4"), 0),
                // (2 + 4) / 2 = 3: five is two marks away
                edit(1001, half, Some("5"), 0),
            ],
        )
        .await
        .unwrap();
        assert!(refusal(&out[2]).contains("(3)"), "{out:?}");
        let given = give_one(
            &store,
            because("Решение педсовета", edit(1001, half, Some("4"), 0)),
        )
        .await;
        assert_eq!(given, Outcome::Saved { version: 1 });
        let sheet = look(&store, teacher()).await.unwrap();
        let given = sheet.given(PupilId(1001), half).unwrap();
        assert_eq!(
            (given.code.as_deref(), given.reason.as_deref()),
            (Some("4"), Some("Решение педсовета"))
        );
        // the event, what lies behind, and who gave the quarters
        let key = sqlx::query_scalar!(
            "select entity_key from audit_event where entity = 'period_mark' order by id desc limit 1"
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(key, "1001:400:5:half_1");
        let found = origin(&store, deputy(), 1001, half).await.unwrap();
        assert_eq!((found.history.len(), found.rows.len()), (1, 0));
        assert!(found.givers.iter().any(|g| g.stage == FIRST));
        // closed with the second quarter
        put(
            &pool,
            "update period set locked_at = '2026-11-18 08:00Z' where school_id = 10 and id = 2",
        )
        .await;
        let late = give_one(&store, edit(1002, half, Some("4"), 0)).await;
        assert!(refusal(&late).contains("Период закрыт"), "{late:?}");
    }
);

async fn form(store: &Store, actor: Actor, seen: Option<&str>, to: Option<&str>) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let (seen, to) = (seen.map(str::to_owned), to.map(str::to_owned));
    let out = save_interim_form(&mut ctx, MATHS, seen, to).await;
    ctx.close(out).await
}

db_test!(
    interim_attestation_is_one_more_period_where_the_rules_say_so,
    pool,
    {
        with_marks(&pool).await;
        put(&pool, "update period set locked_at = null where school_id = 10").await;
        rule(&pool, false, "period").await;
        let store = store(&pool).await;
        form(&store, teacher(), None, Some(" зачёт ")).await.unwrap();
        // a repeated send, a page that saw nothing of it, a word too short, who has nothing to do with the journal
        form(&store, teacher(), None, Some("зачёт")).await.unwrap();
        let late = form(&store, deputy(), None, Some("проект")).await.unwrap_err();
        assert!(matches!(late, AppError::Conflict { .. }), "{late:?}");
        let short = form(&store, teacher(), Some("зачёт"), Some("з"))
            .await
            .unwrap_err();
        assert!(matches!(short, AppError::Invalid { .. }), "{short:?}");
        assert_eq!(
            form(&store, stranger(), Some("зачёт"), None).await.unwrap_err(),
            AppError::NotFound
        );
        let told = sqlx::query_scalar!(
            r#"select concat_ws(' ', entity_key, old ->> 'interim_form', new ->> 'interim_form') as "told!"
           from audit_event where action = 'teaching_load.interim_form'"#
        )
        .fetch_all(&pool)
        .await
        .unwrap();
        assert_eq!(told, ["500 зачёт"]);
        let given = give(
            &store,
            teacher(),
            vec![
                edit(1001, FIRST, Some("2"), 0),
                edit(1001, SECOND, Some("4"), 0),
                edit(1001, Stage::Interim, Some("5"), 0),
            ],
        )
        .await
        .unwrap();
        assert!(
            given.iter().all(|o| *o == Outcome::Saved { version: 1 }),
            "{given:?}"
        );
        let sheet = look(&store, teacher()).await.unwrap();
        let at = |stage| sheet.columns.iter().find(|c| c.stage == stage).unwrap();
        assert_eq!(sheet.interim_form.as_deref(), Some("зачёт"));
        // (2 + 4 + 5) / 3 = 3,67; those of another pupil wait
        let year = sheet.suggest(0, at(Stage::Year));
        assert_eq!((year.code(), year.average()), (Some("4"), Some(Hundredths(367))));
        let behind_year = origin(&store, teacher(), 1001, Stage::Year).await.unwrap();
        assert!(behind_year.givers.iter().any(|g| g.stage == Stage::Interim));
        // closed with the year, its form as well
        put(
        &pool,
        "update period_system set year_locked_at = '2026-11-18 08:00Z', year_locked_by = 1, year_lock_reason = 'Год сдан' where school_id = 10",
    )
    .await;
        let refused = give_one(&store, edit(1002, Stage::Interim, Some("4"), 0)).await;
        assert!(refusal(&refused).contains("закрыт"), "{refused:?}");
        let refused = form(&store, teacher(), Some("зачёт"), None).await.unwrap_err();
        assert!(matches!(refused, AppError::Invalid { .. }), "{refused:?}");
    }
);

async fn topic(
    store: &Store,
    actor: Actor,
    pupil: i64,
    said: (Option<&str>, Option<&str>),
) -> Result<i32, AppError> {
    let mut ctx = open(store, actor).await;
    let said = (said.0.map(str::to_owned), said.1.map(str::to_owned));
    let out = save_topic(&mut ctx, MATHS, PupilId(pupil), PeriodId(2), said).await;
    ctx.close(out).await
}

db_test!(coursework_has_a_topic_and_a_mark_in_a_college, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let work = Stage::Coursework(PeriodId(2));
    let first = Some("Учёт основных средств");
    let in_school = topic(&store, teacher(), 1001, (None, first)).await;
    assert!(
        matches!(in_school, Err(AppError::Invalid { .. })),
        "{in_school:?}"
    );
    put(&pool, "update organisation set kind = 'college' where id = 10").await;
    let early = give_one(&store, edit(1001, work, Some("4"), 0)).await;
    assert!(refusal(&early).contains("тему"), "{early:?}");
    assert_eq!(topic(&store, teacher(), 1001, (None, first)).await, Ok(1));
    // a repeated send; a page that saw none; one who has nothing to do with the journal; another pupil
    assert_eq!(topic(&store, teacher(), 1001, (None, first)).await, Ok(1));
    let late = topic(&store, deputy(), 1001, (None, Some("Другая тема"))).await;
    assert!(matches!(late, Err(AppError::Conflict { .. })), "{late:?}");
    assert_eq!(
        topic(&store, stranger(), 1001, (None, first)).await,
        Err(AppError::NotFound)
    );
    assert!(topic(&store, teacher(), 2001, (None, first)).await.is_err());
    // the mark goes on from that version; the topic stays, and is not taken away from under it
    assert_eq!(
        give_one(&store, edit(1001, work, Some("4"), 1)).await,
        Outcome::Saved { version: 2 }
    );
    let sheet = look(&store, teacher()).await.unwrap();
    assert_eq!(
        (sheet.topic(PupilId(1001), work), sheet.code(PupilId(1001), work)),
        (first, Some("4"))
    );
    let stages: Vec<_> = sheet.columns.iter().map(|c| c.stage).take(4).collect();
    assert_eq!(stages, [FIRST, Stage::Coursework(PeriodId(1)), SECOND, work]);
    assert!(topic(&store, teacher(), 1001, (first, None)).await.is_err());
    // the mark of the period is another one
    assert_eq!(sheet.code(PupilId(1001), SECOND), None);
    let told = sqlx::query_scalar!(
        r#"select entity_key || ' ' || action as "told!" from audit_event where entity in ('coursework', 'period_mark') order by id"#
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    assert_eq!(
        told,
        [
            "1001:400:5:coursework:2 coursework.topic",
            "1001:400:5:coursework:2 period_mark.set"
        ]
    );
    let history = origin(&store, deputy(), 1001, work).await.unwrap().history;
    assert_eq!(history.len(), 1, "of the mark alone");
    put(
        &pool,
        "update period set locked_at = '2026-11-18 08:00Z' where school_id = 10 and id = 2",
    )
    .await;
    let closed = topic(&store, teacher(), 1002, (None, first)).await;
    assert!(matches!(closed, Err(AppError::Invalid { .. })), "{closed:?}");
});

db_test!(behind_a_figure_lie_its_marks, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let found = origin(&store, teacher(), 1001, SECOND).await.unwrap();
    let rows: Vec<_> = found
        .rows
        .iter()
        .map(|r| (r.work.as_str(), r.code.as_str(), r.weight.0, r.by.as_str()))
        .collect();
    assert_eq!(
        rows,
        [
            ("Ответ на уроке", "5", 100, "Учителева Анна Ивановна"),
            ("Контрольная работа: Дроби", "4", 300, "Учителева Анна Ивановна"),
            ("Ответ на уроке", "5", 100, "Учителева Анна Ивановна")
        ]
    );
    assert_eq!(
        origin(&store, teacher(), 1004, SECOND).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        origin(&store, stranger(), 1001, SECOND).await.unwrap_err(),
        AppError::NotFound
    );
    let foreign = origin(&store, teacher(), 1001, Stage::Period(PeriodId(3))).await;
    assert_eq!(foreign.unwrap_err(), AppError::NotFound);
});

db_test!(who_has_changed_subgroup_brings_marks_along, pool, {
    put(
        &pool,
        "insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 502, 5, 401, 3);
         insert into load_teacher (school_id, load_id, employee_id) values (10, 502, 1300);
         insert into load_audience (school_id, load_id, class_id, subgroup_id) values (10, 502, 100, 151);
         update subgroup_member set ends_on = '2026-11-15' where pupil_id = 1001;
         insert into subgroup_member (school_id, subgroup_id, pupil_id, starts_on) values (10, 151, 1001, '2026-11-16');
         insert into lesson (school_id, id, load_id, held_on, slot) values (10, 720, 501, '2026-11-09', 1);
         insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight) values (10, 820, 720, 1, 1, 1);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
             (10, 820, 1001, 1, '5', 3, '2026-11-09 12:00Z')",
    )
    .await;
    let store = store(&pool).await;
    let mut ctx = open(&store, stranger()).await;
    let out = totals(&mut ctx, LoadId(502)).await;
    let sheet = ctx.close(out).await.unwrap();
    let row = sheet.pupils.iter().position(|p| p.id == PupilId(1001)).unwrap();
    let second = sheet.columns.iter().find(|c| c.stage == SECOND).unwrap();
    assert_eq!(sheet.suggest(row, second).code(), Some("5"));
});

db_test!(the_first_grade_gets_no_marks_unless_the_school_says_so, pool, {
    put(
        &pool,
        "insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 1, 5);
         update class set grade = 1 where school_id = 10 and id = 100",
    )
    .await;
    let store = store(&pool).await;
    let no = give_one(&store, edit(1001, SECOND, Some("5"), 0)).await;
    assert!(refusal(&no).contains("В 1 классе"), "{no:?}");
    assert_eq!(
        give_one(&store, edit(1001, SECOND, Some("зч"), 0)).await,
        Outcome::Saved { version: 1 }
    );
    put(
        &pool,
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at)
         values (10, 1, 1, '2026-11-01', true, 450, 350, 250, 50, true, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z')",
    )
    .await;
    assert_eq!(
        give_one(&store, edit(1001, SECOND, Some("5"), 1)).await,
        Outcome::Saved { version: 2 }
    );
});

db_test!(the_grade_grid_says_what_the_sheet_of_totals_says, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let given = give_one(&store, because("Пересдача", edit(1002, SECOND, Some("4"), 0))).await;
    assert!(matches!(given, Outcome::Saved { .. }), "{given:?}");
    // the same subject in another journal of the class, as for who has come from another subgroup
    put(
        &pool,
        "insert into teaching_load (school_id, id, year_id, subject_id, week_hours)
             select school_id, 9500, year_id, subject_id, week_hours from teaching_load where school_id = 10 and id = 500;
         insert into load_audience (school_id, id, load_id, class_id)
             select school_id, 9501, 9500, class_id from load_audience where school_id = 10 and load_id = 500;
         insert into lesson (school_id, id, load_id, held_on, slot)
             select school_id, 9700, 9500, held_on, 6 from lesson where school_id = 10 and id = 700;
         insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight)
             values (10, 9800, 9700, 1, 1, 2);
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
             values (10, 9800, 1001, 1, '2', 2, '2026-11-16 12:00Z')",
    )
    .await;
    let sheet = look(&store, teacher()).await.unwrap();
    let second = sheet.columns[1].clone();
    let mut ctx = open(&store, teacher()).await;
    let out = sql::grid(&mut ctx, MATHS, Some(PeriodId(2))).await;
    let grid = classbook_core::journal::sheet::Sheet::new(ctx.close(out).await.unwrap());
    assert_eq!(grid.grid().results.as_ref().unwrap().elsewhere.len(), 1);
    for (row, pupil) in grid.grid().pupils.iter().enumerate() {
        let there = sheet.pupils.iter().position(|p| p.id == pupil.id).unwrap();
        let (given, made) = grid.result(row).unwrap();
        let suggestion = sheet.suggest(there, &second);
        assert_eq!(
            (made.code.as_deref(), made.average),
            (suggestion.code(), suggestion.average()),
            "{}",
            pupil.name
        );
        assert_eq!(given, sheet.code(pupil.id, SECOND), "{}", pupil.name);
    }
    // (5 + 4·3 + 5 + 2·2) / 7
    assert_eq!(grid.result(0).unwrap().1.average, Some(Hundredths(371)));
});
