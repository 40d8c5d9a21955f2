//! By which scale results are given, and what marks of other scales count, against a real database.
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

#[path = "school/mod.rs"]
mod school;

use classbook_core::grading::sql::{save_totals, totals};
use classbook_core::grading::{Stage, Standing, TotalEdit, Totals};
use classbook_core::journal::sheet::{No, Sheet};
use classbook_core::scale::sql::{remove_scale, save_results, save_scale, scales};
use classbook_core::scale::{Counting, ItemTerms, ScaleTerms};
use school::*;

const FIRST: Stage = Stage::Period(PeriodId(1));
const SECOND: Stage = Stage::Period(PeriodId(2));

async fn put(pool: &PgPool, sql: &'static str) {
    use sqlx::Executor as _;
    pool.execute(sql).await.unwrap();
}

async fn look(store: &Store) -> Totals {
    let mut ctx = open(store, teacher()).await;
    let out = totals(&mut ctx, MATHS).await;
    ctx.close(out).await.unwrap()
}

async fn give_period(store: &Store, pupil: i64, code: &str, expected: i32) -> Outcome {
    let edit = TotalEdit {
        pupil: PupilId(pupil),
        stage: SECOND,
        code: Some(code.to_owned()),
        reason: None,
        expected,
    };
    let mut ctx = open(store, teacher()).await;
    let out = save_totals(&mut ctx, MATHS, vec![edit]).await;
    ctx.close(out).await.unwrap().remove(0)
}

async fn write(store: &Store, at: Option<(ScaleId, ScaleTerms)>, terms: ScaleTerms) -> ScaleId {
    let mut ctx = open(store, deputy()).await;
    let out = save_scale(&mut ctx, at, terms).await;
    ctx.close(out).await.unwrap()
}

async fn set(
    store: &Store,
    actor: Actor,
    subject: Option<i64>,
    scale: Option<ScaleId>,
) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let out = save_results(&mut ctx, subject.map(SubjectId), scale).await;
    ctx.close(out).await
}

/// «+» and «−», of which the school says nothing, or what they count as.
fn signs(said: bool) -> ScaleTerms {
    let item = |(code, title, five, standing): (&str, &str, i64, Standing)| ItemTerms {
        code: code.into(),
        value: None,
        title: title.into(),
        counting: said.then_some(Counting {
            standing,
            five: Some(Hundredths::whole(five)),
        }),
    };
    ScaleTerms {
        title: "Зачёт и незачёт".into(),
        items: vec![
            item(("+", "зачёт", 5, Standing::Five)),
            item(("−", "незачёт", 2, Standing::Two)),
        ],
    }
}

fn ten() -> ScaleTerms {
    let item = |n: i64| ItemTerms {
        code: n.to_string(),
        value: Some(Hundredths::whole(n)),
        title: n.to_string(),
        counting: None,
    };
    ScaleTerms {
        title: "Десять баллов".into(),
        items: (1..=10).rev().map(item).collect(),
    }
}

/// A work of a scale on the last day that was, after all others.
async fn work(store: &Store, scale: ScaleId) -> AssignmentId {
    let edit = AssignmentEdit {
        id: None,
        lesson: LessonId(701),
        work_type: WorkTypeId(1),
        title: None,
        weight: Hundredths::whole(1),
        expected: 0,
        scale: Some(scale),
        reason: None,
    };
    let mut ctx = open(store, teacher()).await;
    let out = sql::save_work(&mut ctx, Uuid::new_v4(), edit).await;
    ctx.close(out).await.unwrap()
}

async fn with_marks(pool: &PgPool) {
    put(
        pool,
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
             (10, 800, 1001, 1, '4', 2, '2026-11-16 12:00Z'), (10, 800, 1002, 1, '3', 2, '2026-11-16 12:00Z'),
             (10, 790, 1001, 1, '4', 2, '2026-10-19 12:00Z');
         insert into period_mark (school_id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at)
             select 10, l.year_id, l.subject_id, 1001, 'period', 1, 500, 1, '4', 2, '2026-10-24 12:00Z'
             from teaching_load l where l.school_id = 10 and l.id = 500",
    )
    .await;
}

db_test!(a_work_of_another_scale_changes_no_result, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let before = look(&store).await;
    let signs = write(&store, None, signs(false)).await;
    let added = work(&store, signs).await;
    let answer = save_one(&store, teacher(), mark(701, added.0, 1001, Some("+"), 0)).await;
    assert!(matches!(answer, Outcome::Saved { .. }), "{answer:?}");
    let after = look(&store).await;
    assert_eq!(after.scale, before.scale);
    for (column, stage) in before.columns.iter().zip([FIRST, SECOND]) {
        assert_eq!(column.stage, stage);
        assert_eq!(after.indicators(column), before.indicators(column));
        assert_eq!(after.suggest(0, column).code(), before.suggest(0, column).code());
    }
    let year = before.columns.iter().find(|c| c.stage == Stage::Year).unwrap();
    assert_eq!(
        after.suggest(0, year).code(),
        Some("4"),
        "the year is made of the quarter that stands"
    );
    // the grid says the same, types by the five, and the next lesson's work is of it
    let shown = grid(&store, teacher(), Some(2)).await.unwrap();
    assert_eq!(
        shown.scales.iter().map(|s| s.id).collect::<Vec<_>>(),
        [ScaleId(1), signs]
    );
    assert_eq!(shown.all_scales.first().map(|s| s.0), Some(ScaleId(1)));
    let sheet = Sheet::new(shown);
    assert_eq!(sheet.result(0).unwrap().1.code.as_deref(), Some("4"));
    assert!(matches!(
        give_period(&store, 1001, "4", 0).await,
        Outcome::Saved { .. }
    ));
    let free: i64 = sqlx::query_scalar!(
        "insert into lesson (school_id, id, load_id, held_on, slot) select 10, 9700, 500, held_on, 6 from lesson where school_id = 10 and id = 701 returning id",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    save_one(&store, teacher(), mark(free, 0, 1002, Some("5"), 0)).await;
    let scale: i64 =
        sqlx::query_scalar!("select scale_id from assignment where school_id = 10 and lesson_id = 9700")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(scale, 1);
});

db_test!(a_mark_counts_what_the_school_says_it_is, pool, {
    with_marks(&pool).await;
    let store = store(&pool).await;
    let id = write(&store, None, signs(false)).await;
    let added = work(&store, id).await;
    save_one(&store, teacher(), mark(701, added.0, 1001, Some("+"), 0)).await;
    let average = async || {
        let totals = look(&store).await;
        let second = totals.columns.iter().find(|c| c.stage == SECOND).unwrap();
        let sheet = Sheet::new(grid(&store, teacher(), Some(2)).await.unwrap());
        let both = (
            totals.suggest(0, second).average(),
            sheet.result(0).unwrap().1.average,
        );
        assert_eq!(both.0, both.1);
        both.0
    };
    assert_eq!(
        average().await,
        Some(Hundredths(400)),
        "nobody has said: it takes no part"
    );
    write(&store, Some((id, signs(false))), signs(true)).await;
    assert_eq!(average().await, Some(Hundredths(450)));
    // a nine of ten is a five among fives
    let tens = write(&store, None, ten()).await;
    let third = work(&store, tens).await;
    save_one(&store, teacher(), mark(701, third.0, 1001, Some("9"), 0)).await;
    assert_eq!(average().await, Some(Hundredths(467)));
    // the family reads the same figure, and what of the marks it is made of
    let mut ctx = open(&store, mother()).await;
    let out = classbook_core::diary::sql::subjects(&mut ctx, Some(PupilId(1001)), Some(PeriodId(2))).await;
    let page = ctx.close(out).await.unwrap();
    let maths = page.subjects.iter().find(|s| s.id == SubjectId(400)).unwrap();
    assert_eq!(maths.weighted, Some(Hundredths(467)));
    let marks: Vec<_> = maths
        .marks
        .iter()
        .map(|m| (m.mark.code.as_str(), m.mark.value, m.mark.standing))
        .collect();
    assert_eq!(
        marks,
        [
            ("4", Some(Hundredths::whole(4)), Standing::Four),
            ("+", Some(Hundredths::whole(5)), Standing::Five),
            ("9", Some(Hundredths::whole(5)), Standing::Five),
        ]
    );
    assert_eq!(maths.scale.len(), 8);
    let mut ctx = open(&store, deputy()).await;
    let out = scales(&mut ctx).await;
    let all = ctx.close(out).await.unwrap();
    assert_eq!(all.scales[1].terms, signs(true));
});

db_test!(
    a_given_mark_is_read_by_its_own_scale_when_results_change_theirs,
    pool,
    {
        with_marks(&pool).await;
        let store = store(&pool).await;
        let tens = write(&store, None, ten()).await;
        assert_eq!(
            set(&store, teacher(), None, Some(tens)).await,
            Err(AppError::Forbidden)
        );
        assert_eq!(
            set(&store, deputy(), None, Some(ScaleId(2))).await,
            Err(AppError::NotFound),
            "another school's"
        );
        assert_eq!(
            set(&store, deputy(), Some(99_999), Some(tens)).await,
            Err(AppError::NotFound)
        );
        set(&store, deputy(), None, Some(tens)).await.unwrap();
        let sheet = look(&store).await;
        let first = sheet.columns[0].clone();
        assert_eq!((sheet.scale.len(), sheet.best()), (10, Hundredths::whole(10)));
        assert_eq!(sheet.indicators(&first).four, 1, "the «4» of five stays a four");
        let year = sheet.columns.iter().find(|c| c.stage == Stage::Year).unwrap();
        assert_eq!(sheet.suggest(0, year).code(), Some("8"));
        // by the subject alone, and a scale of results is not taken away
        let subject = sheet.subject_id.0;
        set(&store, deputy(), None, None).await.unwrap();
        assert_eq!(look(&store).await.scale.len(), 8);
        set(&store, deputy(), Some(subject), Some(tens)).await.unwrap();
        assert_eq!(look(&store).await.scale.len(), 10);
        let mut ctx = open(&store, deputy()).await;
        let out = remove_scale(&mut ctx, tens, ten()).await;
        assert!(ctx.close(out).await.is_err());
        let told: i64 = sqlx::query_scalar!(
            r#"select count(*) as "n!" from audit_event where school_id = 10 and entity = 'results_scale'"#,
        )
        .fetch_one(&pool)
        .await
        .unwrap();
        assert_eq!(told, 3);
    }
);

db_test!(the_first_grade_gets_no_marks_in_the_grid_either, pool, {
    put(
        &pool,
        "insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 1, 5);
         update class set grade = 1 where school_id = 10 and id = 100",
    )
    .await;
    let store = store(&pool).await;
    let sheet = Sheet::new(grid(&store, teacher(), Some(2)).await.unwrap());
    let column = sheet
        .columns()
        .iter()
        .position(|c| c.assignment.is_some())
        .unwrap();
    assert_eq!(sheet.type_text(0, column, "5"), Err(No::FirstGrade));
    assert!(sheet.type_text(0, column, "зч").is_ok() && sheet.type_text(0, column, "н").is_ok());
    let refused = save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    assert!(
        matches!(&refused, Outcome::Refused { message } if message.contains("В 1 классе")),
        "{refused:?}"
    );
    assert!(matches!(
        save_one(&store, teacher(), mark(700, 800, 1001, Some("зч"), 0)).await,
        Outcome::Saved { .. }
    ));
    // a college's first course is no first grade
    put(&pool, "update organisation set kind = 'college' where id = 10").await;
    assert!(!grid(&store, teacher(), Some(2)).await.unwrap().markless);
    put(&pool, "update organisation set kind = 'school' where id = 10").await;
    put(
        &pool,
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at)
         values (10, 1, 1, '2026-11-01', true, 450, 350, 250, 50, true, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z')",
    )
    .await;
    assert!(matches!(
        save_one(&store, teacher(), mark(700, 800, 1002, Some("5"), 0)).await,
        Outcome::Saved { .. }
    ));
});

db_test!(who_is_exempt_is_proposed_so_in_the_grid_as_on_the_sheet, pool, {
    let store = store(&pool).await;
    put(
        &pool,
        "insert into exemption (school_id, pupil_id, subject_id, starts_on, ends_on, attends, document_kind, made_by, made_at)
         select 10, 1003, l.subject_id, '2026-11-10', '2027-05-31', false, 'certificate', 1, '2026-11-10 12:00Z'
         from teaching_load l where l.school_id = 10 and l.id = 500",
    )
    .await;
    let (totals, sheet) = (
        look(&store).await,
        Sheet::new(grid(&store, teacher(), Some(2)).await.unwrap()),
    );
    let second = totals.columns.iter().find(|c| c.stage == SECOND).unwrap();
    let row = |pupils: &[classbook_core::journal::grid::Pupil]| {
        pupils.iter().position(|p| p.id == PupilId(1003)).unwrap()
    };
    let made = sheet.result(row(&sheet.grid().pupils)).unwrap().1;
    assert_eq!(made.code.as_deref(), Some("осв"));
    assert_eq!(
        made.code.as_deref(),
        totals.suggest(row(&totals.pupils), second).code()
    );
});

db_test!(
    a_rewritten_mark_shows_both_in_the_grid_where_the_school_says_so,
    pool,
    {
        put(
        &pool,
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, replaced_code, changed_by, changed_at, version) values
             (10, 800, 1001, 1, '5', '3', 2, '2026-11-16 12:00Z', 2)",
    )
    .await;
        let store = store(&pool).await;
        assert_eq!(grid(&store, teacher(), Some(2)).await.unwrap().replaced, []);
        put(
        &pool,
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at)
         values (10, 5, 9, '2026-09-01', true, 450, 350, 250, 50, false, false, 'both', '1', '2026-08-30', 1, '2026-08-30 12:00Z')",
    )
    .await;
        let sheet = Sheet::new(grid(&store, teacher(), Some(2)).await.unwrap());
        let column = sheet
            .columns()
            .iter()
            .position(|c| c.assignment.is_some())
            .unwrap();
        let row = sheet
            .grid()
            .pupils
            .iter()
            .position(|p| p.id == PupilId(1001))
            .unwrap();
        let shown = sheet.shown(row, column);
        assert_eq!(
            (shown.mark.as_deref(), shown.replaced.as_deref()),
            (Some("5"), Some("3"))
        );
    }
);

db_test!(how_soon_a_mark_is_mended_is_the_school_s_to_say, pool, {
    let store = store(&pool).await;
    // given on Wednesday at noon, changed so many hours later
    let former = async |hours: i64| {
        put(&pool, "delete from mark").await;
        save_one(&store, teacher(), mark(700, 800, 1001, Some("3"), 0)).await;
        let mut ctx = store
            .begin(teacher(), now() + chrono::TimeDelta::hours(hours), Lang::Ru)
            .await
            .unwrap();
        let batch = Batch {
            person: PersonId(2),
            school: SchoolId(10),
            edits: vec![mark(700, 800, 1001, Some("5"), 1)],
        };
        let out = sql::save_cells(&mut ctx, &batch).await;
        let answers = ctx.close(out).await.unwrap();
        assert_eq!(answers[0].outcome, Outcome::Saved { version: 2 });
        sqlx::query_scalar!("select replaced_code from mark where assignment_id = 800")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    assert_eq!((former(12).await, former(13).await.as_deref()), (None, Some("3")));
    // the period of the lesson ends in December: a rule from November judges it, one of other grades does not
    put(
        &pool,
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, slip_hours)
         values (10, 5, 9, '2026-11-17', true, 450, 350, 250, 50, false, false, 'both', '1', '2026-08-30', 1, '2026-08-30 12:00Z', 2),
             (10, 10, 11, '2026-11-18', true, 450, 350, 250, 50, false, false, 'both', '2', '2026-08-30', 1, '2026-08-30 12:00Z', 0),
             (10, 5, 9, '2027-01-11', true, 450, 350, 250, 50, false, false, 'both', '3', '2026-08-30', 1, '2026-08-30 12:00Z', 100)",
    )
    .await;
    assert_eq!((former(2).await, former(3).await.as_deref()), (None, Some("3")));
    // every change
    put(
        &pool,
        "update grading_rule set slip_hours = 0 where act_number = '1'",
    )
    .await;
    assert_eq!(former(1).await.as_deref(), Some("3"));
});

db_test!(the_average_of_a_class_counts_marks_as_its_pupils_do, pool, {
    put(
        &pool,
        "insert into person (id, last_name, first_name) values (61, 'Дымов', 'Егор'), (62, 'Ежова', 'Зоя');
         insert into school_person (school_id, person_id) values (10, 61), (10, 62);
         insert into pupil (school_id, id, person_id) values (10, 1061, 61), (10, 1062, 62);
         insert into enrolment (school_id, id, pupil_id, class_id, starts_on) values
             (10, 61, 1061, 100, '2026-09-01'), (10, 62, 1062, 100, '2026-09-01');
         insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at)
         values (10, 5, 9, '2026-09-01', true, 450, 350, 250, 50, false, true, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z');
         insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at)
             select 10, 800, p, 1, '4', 2, '2026-11-16 12:00Z' from unnest(array[1001, 1002, 1003, 1061, 1062]) p",
    )
    .await;
    let store = store(&pool).await;
    let of_class = async || {
        let mut ctx = open(&store, mother()).await;
        let out =
            classbook_core::diary::sql::subjects(&mut ctx, Some(PupilId(1001)), Some(PeriodId(2))).await;
        let page = ctx.close(out).await.unwrap();
        let found = page.subjects.iter().find(|s| s.id == SubjectId(400)).unwrap();
        (found.class_average, found.class_pupils)
    };
    assert_eq!(of_class().await, (Some(Hundredths(400)), Some(5)));
    let id = write(&store, None, signs(true)).await;
    let added = work(&store, id).await;
    save_one(&store, teacher(), mark(701, added.0, 1002, Some("+"), 0)).await;
    // one of five has 4,50 now
    assert_eq!(of_class().await, (Some(Hundredths(410)), Some(5)));
    // whose mark of the other scale is the only one stands behind the average as anybody does, and makes the five
    put(&pool, "delete from mark where school_id = 10 and pupil_id = 1062").await;
    assert_eq!(of_class().await, (None, None));
    save_one(&store, teacher(), mark(701, added.0, 1062, Some("+"), 0)).await;
    assert_eq!(of_class().await, (Some(Hundredths(430)), Some(5)));
    // and whether weights count is no question of whether the average is shown
    put(&pool, "update grading_rule set weighted = false").await;
    assert_eq!(of_class().await.1, Some(5));
});

/// What stands at the place of one mark, step by step: so many hours after the first one each.
async fn typed(
    pool: &PgPool,
    store: &Store,
    steps: &[(i64, Option<&str>)],
) -> (Option<String>, Option<String>) {
    put(pool, "delete from mark").await;
    for (expected, (hours, code)) in (0..).zip(steps) {
        touch(store, *hours, mark(700, 800, 1001, *code, expected)).await;
    }
    let row = sqlx::query!("select code, replaced_code from mark where assignment_id = 800")
        .fetch_one(pool)
        .await
        .unwrap();
    (row.code, row.replaced_code)
}

async fn touch(store: &Store, hours: i64, edit: Edit) {
    let at = now() + chrono::TimeDelta::hours(hours);
    let mut ctx = store.begin(teacher(), at, Lang::Ru).await.unwrap();
    let version = edit.expected + 1;
    let batch = Batch {
        person: PersonId(2),
        school: SchoolId(10),
        edits: vec![edit],
    };
    let out = sql::save_cells(&mut ctx, &batch).await;
    let answers = ctx.close(out).await.unwrap();
    assert_eq!(answers[0].outcome, Outcome::Saved { version });
}

db_test!(clearing_a_mark_first_hides_no_rewriting, pool, {
    let store = store(&pool).await;
    let both = |now: &str, before: &str| (Some(now.to_owned()), Some(before.to_owned()));
    let alone = |now: &str| (Some(now.to_owned()), None);
    let (three, four, five) = (Some("3"), Some("4"), Some("5"));
    let run = async |steps: &[(i64, Option<&str>)]| typed(&pool, &store, steps).await;
    for slip in [12, 0] {
        sqlx::query!("delete from grading_rule")
            .execute(&pool)
            .await
            .unwrap();
        sqlx::query!(
            "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
                 first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, slip_hours)
             values (10, 5, 9, '2026-09-01', true, 450, 350, 250, 50, false, false, 'both', '1', '2026-08-30', 1, '2026-08-30 12:00Z', $1)",
            slip
        )
        .execute(&pool)
        .await
        .unwrap();
        // two keys a week later, one after the other or on two days
        assert_eq!(run(&[(0, three), (168, None), (168, five)]).await, both("5", "3"));
        assert_eq!(run(&[(0, three), (168, None), (200, five)]).await, both("5", "3"));
        // taken away for good, and given back as it was: nothing was rewritten, and it is as old as it was
        assert_eq!(run(&[(0, three), (168, None), (169, three)]).await, alone("3"));
        assert_eq!(
            run(&[(0, three), (168, None), (169, three), (169, five)]).await,
            both("5", "3")
        );
    }
    sqlx::query!("update grading_rule set slip_hours = 12")
        .execute(&pool)
        .await
        .unwrap();
    // a slip that was taken away, as one to the wrong pupil, has never been there
    assert_eq!(run(&[(0, three), (1, None), (168, five)]).await, alone("5"));
    assert_eq!(run(&[(0, three), (1, five)]).await, alone("5"));
    // a rewriting that was the slip; the mark before it is no younger for it
    assert_eq!(run(&[(0, three), (168, five), (169, three)]).await, alone("3"));
    assert_eq!(
        run(&[(0, three), (168, five), (169, three), (170, four)]).await,
        both("4", "3")
    );
    // and the rewriting before it stands again
    assert_eq!(
        run(&[(0, three), (168, four), (336, five), (337, four)]).await,
        both("4", "3")
    );
    assert_eq!(
        run(&[(0, three), (168, five), (169, None), (170, four)]).await,
        both("4", "3")
    );
});

db_test!(the_hours_of_a_slip_run_from_the_mark, pool, {
    let store = store(&pool).await;
    let remark = |text: &str, expected| {
        let mut edit = mark(700, 800, 1001, Some("3"), expected);
        if let Change::Mark { comment, .. } = &mut edit.change {
            *comment = Some(text.into());
        }
        edit
    };
    let replaced = async || {
        sqlx::query_scalar!("select replaced_code from mark where assignment_id = 800")
            .fetch_one(&pool)
            .await
            .unwrap()
    };
    // on Wednesday a mark, three days later a comment, an hour after it another mark
    touch(&store, 0, mark(700, 800, 1001, Some("3"), 0)).await;
    touch(&store, 72, remark("Вычисления", 1)).await;
    touch(&store, 73, mark(700, 800, 1001, Some("5"), 2)).await;
    assert_eq!(replaced().await.as_deref(), Some("3"));
    // one of before, of which nobody has written down when it was given: its row was not touched since
    put(&pool, "update mark set code = '4', version = 3").await;
    put(
        &pool,
        "alter table mark disable trigger user; update mark set given_at = null, replaced_code = null; alter table mark enable trigger user",
    )
    .await;
    touch(&store, 100, {
        let mut edit = remark("Переписано", 3);
        if let Change::Mark { code, .. } = &mut edit.change {
            *code = Some("4".into());
        }
        edit
    })
    .await;
    touch(&store, 101, mark(700, 800, 1001, Some("5"), 4)).await;
    assert_eq!(replaced().await.as_deref(), Some("4"));
});
