//! Deadlines against a real PostgreSQL, as `parta_app`, with row-level security in force. Today is Wednesday, 18 November 2026.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

mod school;

use classbook_core::deadline::{Board, Debt, Kind, Mine, Term, Terms, sql as deadlines};
use classbook_core::grading::Stage;
use school::*;

async fn mine(store: &Store, actor: Actor) -> Result<Mine, AppError> {
    let mut ctx = open(store, actor).await;
    let out = deadlines::mine(&mut ctx).await;
    ctx.close(out).await
}

async fn board(store: &Store, actor: Actor) -> Result<Board, AppError> {
    let mut ctx = open(store, actor).await;
    let out = deadlines::board(&mut ctx).await;
    ctx.close(out).await
}

async fn lessons(
    store: &Store,
    actor: Actor,
    teacher: Option<i64>,
    class: Option<i64>,
) -> Result<Vec<Debt>, AppError> {
    let mut ctx = open(store, actor).await;
    let out = deadlines::lessons(&mut ctx, teacher.map(EmployeeId), class.map(ClassId), None, None).await;
    ctx.close(out).await
}

async fn set(
    store: &Store,
    actor: Actor,
    from: (u32, u32),
    terms: Terms,
    revision: i32,
) -> Result<(), AppError> {
    let valid_from = day(from.0, from.1);
    let mut ctx = open(store, actor).await;
    let out = deadlines::save(&mut ctx, Term { valid_from, terms }, revision).await;
    ctx.close(out).await
}

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// Lesson, what it owes, until when.
fn told(debts: &[Debt]) -> Vec<(i64, Kind, NaiveDate)> {
    debts
        .iter()
        .map(|d| (d.lesson.map_or(0, |l| l.0), d.kind, d.due))
        .collect()
}

db_test!(a_teacher_sees_what_is_due_until_it_is_written, pool, {
    let store = store(&pool).await;
    // 700 on Monday, 701 today; 702 is to come, 690 lies in a locked period
    let seen = mine(&store, teacher()).await.unwrap();
    assert_eq!(
        told(&seen.debts),
        [
            (700, Kind::Topic, day(11, 16)),
            (700, Kind::Marks, day(11, 17)),
            (701, Kind::Topic, day(11, 18)),
            (701, Kind::Marks, day(11, 19)),
        ]
    );
    assert_eq!(seen.debts.iter().filter(|d| d.late(seen.today)).count(), 2);
    assert!(!seen.board);
    assert!(
        mine(&store, stranger()).await.unwrap().debts.is_empty(),
        "hers are others"
    );
    // a topic: what is left is the work without a mark
    save_one(&store, teacher(), mark(700, 800, 1001, Some("5"), 0)).await;
    sqlx::query!(
        "update lesson set topic = 'Дроби', state = 'held' where school_id = 10 and id in (700, 701)"
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(told(&mine(&store, teacher()).await.unwrap().debts), []);
    // the mark is taken away: the work is empty again
    save_one(&store, teacher(), mark(700, 800, 1001, None, 1)).await;
    assert_eq!(
        told(&mine(&store, teacher()).await.unwrap().debts),
        [(700, Kind::Marks, day(11, 17))]
    );
});

// the week between two quarters is no working time, whether or not it was declared off
db_test!(terms_do_not_run_between_two_periods, pool, {
    sqlx::raw_sql(
        "update period set locked_at = null where school_id = 10;
         delete from holiday where school_id = 10;
         update lesson set held_on = '2026-10-24' where school_id = 10 and id = 690",
    )
    .execute(&pool)
    .await
    .unwrap();
    let store = store(&pool).await;
    let seen = mine(&store, teacher()).await.unwrap();
    let of_the_last_day: Vec<_> = told(&seen.debts).into_iter().filter(|d| d.0 == 690).collect();
    assert_eq!(
        of_the_last_day,
        [(690, Kind::Topic, day(10, 24)), (690, Kind::Marks, day(11, 2))]
    );
});

db_test!(an_absence_shows_that_a_lesson_was_kept, pool, {
    let store = store(&pool).await;
    sqlx::query!("delete from assignment where school_id = 10 and id = 800")
        .execute(&pool)
        .await
        .unwrap();
    save_one(&store, teacher(), attend(700, 1001, Some("н"), 0)).await;
    let of_700: Vec<_> = mine(&store, teacher())
        .await
        .unwrap()
        .debts
        .into_iter()
        .filter(|d| d.lesson == Some(LessonId(700)))
        .map(|d| d.kind)
        .collect();
    assert_eq!(of_700, [Kind::Topic]);
});

db_test!(what_does_not_take_place_owes_nothing, pool, {
    let store = store(&pool).await;
    sqlx::raw_sql(
        "update lesson set state = 'cancelled' where school_id = 10 and id = 700;
         insert into holiday (school_id, year_id, title, starts_on, ends_on) values (10, 5, 'Карантин', '2026-11-18', '2026-11-18')",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert!(mine(&store, teacher()).await.unwrap().debts.is_empty());
    // held all the same: the term is counted past the day off
    sqlx::query!("update lesson set state = 'held' where school_id = 10 and id = 701")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(
        told(&mine(&store, teacher()).await.unwrap().debts),
        [(701, Kind::Topic, day(11, 18)), (701, Kind::Marks, day(11, 19))]
    );
    // a day off of another grade is none here
    sqlx::query!("update holiday set grade = 1")
        .execute(&pool)
        .await
        .unwrap();
    sqlx::query!("update lesson set state = 'planned' where school_id = 10 and id = 700")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(mine(&store, teacher()).await.unwrap().debts.len(), 4);
});

db_test!(a_substitution_is_owed_by_who_gave_it, pool, {
    let store = store(&pool).await;
    sqlx::query!("update lesson set substitute_id = 1300 where school_id = 10 and id = 700")
        .execute(&pool)
        .await
        .unwrap();
    let ids = |mine: Mine| -> Vec<i64> { mine.debts.iter().map(|d| d.lesson.unwrap().0).collect() };
    assert_eq!(ids(mine(&store, stranger()).await.unwrap()), [700, 700]);
    assert_eq!(ids(mine(&store, teacher()).await.unwrap()), [701, 701]);
    // of a lesson without a name, and of one of a former teacher, who can write nothing any more, the load's
    sqlx::query!("update lesson set substitute_id = null, employee_id = case id when 700 then 1300 end where school_id = 10 and id in (700, 701)")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(mine(&store, teacher()).await.unwrap().debts.len(), 4);
    assert_eq!(mine(&store, stranger()).await.unwrap().debts, []);
    // two who teach it both owe it; on the board it stands once
    sqlx::query!("insert into load_teacher (school_id, load_id, employee_id) values (10, 500, 1300)")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(ids(mine(&store, teacher()).await.unwrap()).len(), 4);
    assert_eq!(ids(mine(&store, stranger()).await.unwrap()).len(), 4);
    let counted = |board: Board| -> i64 {
        let counts = board.teachers.into_iter().flat_map(|l| l.counts);
        counts.map(|(_, c)| c.late + c.open).sum()
    };
    assert_eq!(counted(board(&store, deputy()).await.unwrap()), 4);
});

db_test!(the_board_counts_and_each_figure_opens, pool, {
    let store = store(&pool).await;
    sqlx::query!("update lesson set substitute_id = 1300 where school_id = 10 and id = 701")
        .execute(&pool)
        .await
        .unwrap();
    let seen = board(&store, deputy()).await.unwrap();
    let lines: Vec<_> = seen
        .teachers
        .iter()
        .map(|l| {
            (
                l.id,
                l.name.as_str(),
                l.counts.iter().map(|(_, c)| (c.late, c.open)).collect::<Vec<_>>(),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            (
                1200,
                "Учителева А. И.",
                vec![(1, 0), (0, 0), (1, 0), (0, 0), (0, 0)]
            ),
            (1300, "Бритова Е.", vec![(0, 1), (0, 0), (0, 1), (0, 0), (0, 0)]),
        ]
    );
    let classes: Vec<_> = seen.classes.iter().map(|l| (l.id, l.name.as_str())).collect();
    assert_eq!(classes, [(100, "7А")]);
    for line in &seen.teachers {
        let behind = lessons(&store, deputy(), Some(line.id), None).await.unwrap();
        let counted: i64 = line.counts.iter().map(|(_, c)| c.late + c.open).sum();
        assert_eq!(i64::try_from(behind.len()).unwrap(), counted, "{}", line.name);
    }
    assert_eq!(lessons(&store, deputy(), None, Some(100)).await.unwrap().len(), 4);
    assert_eq!(lessons(&store, deputy(), None, Some(101)).await.unwrap(), []);
    assert_eq!(seen.rule.revision, 0, "nobody has set terms");
    // who does not see every journal sees no board, and a foreign class is not there
    assert_eq!(board(&store, teacher()).await.unwrap_err(), AppError::NotFound);
    assert_eq!(
        lessons(&store, teacher(), None, None).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        lessons(&store, deputy(), None, Some(200)).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        lessons(&store, deputy(), Some(2100), None).await.unwrap_err(),
        AppError::NotFound
    );
    let secretary = staff(1, 10, 1100, "secretary");
    assert_eq!(mine(&store, secretary).await.unwrap_err(), AppError::NotFound);
});

db_test!(the_schools_own_terms_hold_from_their_day_on, pool, {
    let store = store(&pool).await;
    let strict = Terms {
        topic_days: 2,
        marks_days: 3,
        homework_each: true,
        act: Some(" Приказ № 7 ".into()),
        ..Terms::default()
    };
    set(&store, deputy(), (11, 17), strict.clone(), 0).await.unwrap();
    let seen = mine(&store, teacher()).await.unwrap();
    assert_eq!(
        told(&seen.debts),
        [
            (700, Kind::Topic, day(11, 16)),
            (700, Kind::Marks, day(11, 17)),
            (701, Kind::Homework, day(11, 18)),
            (701, Kind::Topic, day(11, 20)),
            (701, Kind::Marks, day(11, 23)),
        ],
        "Monday's lesson by the terms before"
    );
    let told = board(&store, deputy()).await.unwrap();
    assert_eq!(
        (told.rule.revision, told.rule.term.terms.act.as_deref()),
        (1, Some("Приказ № 7"))
    );
    assert!(matches!(
        set(&store, deputy(), (11, 17), strict.clone(), 0).await,
        Err(AppError::Conflict { .. })
    ));
    set(
        &store,
        deputy(),
        (11, 17),
        Terms {
            topic_days: 1,
            ..strict.clone()
        },
        1,
    )
    .await
    .unwrap();
    for wrong in [
        Terms {
            topic_days: 15,
            ..strict.clone()
        },
        Terms {
            marks_days: -1,
            ..strict.clone()
        },
        Terms {
            act: Some("я".repeat(201)),
            ..strict.clone()
        },
    ] {
        assert!(matches!(
            set(&store, deputy(), (11, 17), wrong, 2).await,
            Err(AppError::Invalid { .. })
        ));
    }
    assert!(matches!(
        set(&store, deputy(), (8, 31), strict.clone(), 0).await,
        Err(AppError::Invalid { .. })
    ));
    assert_eq!(
        set(&store, teacher(), (11, 17), strict, 2).await.unwrap_err(),
        AppError::NotFound
    );
    let remove = async |revision| {
        let mut ctx = open(&store, deputy()).await;
        let out = deadlines::remove(&mut ctx, day(11, 17), revision).await;
        ctx.close(out).await
    };
    assert!(matches!(remove(1).await, Err(AppError::Conflict { .. })));
    remove(2).await.unwrap();
    assert_eq!(remove(2).await.unwrap_err(), AppError::NotFound);
    assert_eq!(mine(&store, teacher()).await.unwrap().debts.len(), 4);
    let acts =
        sqlx::query_scalar!("select action from audit_event where entity = 'deadline_rule' order by id")
            .fetch_all(&pool)
            .await
            .unwrap();
    assert_eq!(acts, ["deadline.saved", "deadline.saved", "deadline.removed"]);
});

db_test!(marks_of_a_period_are_due_on_its_last_day, pool, {
    let store = store(&pool).await;
    let totals = async |actor| -> Vec<Debt> {
        let debts = mine(&store, actor).await.unwrap().debts;
        debts.into_iter().filter(|d| d.kind == Kind::Totals).collect()
    };
    assert_eq!(totals(teacher()).await, [], "the quarter ends in December");
    sqlx::query!("update period set ends_on = '2026-11-25' where school_id = 10 and id = 2")
        .execute(&pool)
        .await
        .unwrap();
    let told: Vec<_> = totals(teacher())
        .await
        .iter()
        .map(|d| (d.load.map_or(0, |l| l.0), d.pupils, d.due))
        .collect();
    assert_eq!(told, [(500, 3, day(11, 25))]);
    assert_eq!(totals(stranger()).await, [], "English has had no lesson");
    let given = async |pupil: i64, code: Option<&str>| {
        sqlx::query!(
            "insert into period_mark (school_id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, changed_by, changed_at)
             values (10, 5, 400, $1, 'period', 2, 500, 1, $2, 2, '2026-11-18 09:00Z')",
            pupil,
            code,
        )
        .execute(&pool)
        .await
        .unwrap();
    };
    given(1001, Some("5")).await;
    given(1002, None).await;
    assert_eq!(
        totals(teacher()).await[0].pupils,
        2,
        "a mark that was taken back is none"
    );
    // a first grade owes marks only where the school gives it any
    sqlx::query!("insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 1, 5)")
        .execute(&pool)
        .await
        .unwrap();
    let grade = async |grade: i16| {
        sqlx::query!(
            "update class set grade = $1 where school_id = 10 and id = 100",
            grade
        )
        .execute(&pool)
        .await
        .unwrap();
    };
    grade(1).await;
    assert_eq!(totals(teacher()).await, []);
    sqlx::query!(
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at)
         values (10, 1, 1, '2026-09-01', true, 450, 350, 250, 50, true, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z')"
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(totals(teacher()).await[0].pupils, 2);
    grade(7).await;
    // one who has left before the last day needs none
    sqlx::query!("update enrolment set ends_on = '2026-11-20' where school_id = 10 and pupil_id = 1003")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(totals(teacher()).await[0].pupils, 1);
    sqlx::query!("update period set locked_at = '2026-11-18 08:00Z' where school_id = 10 and id = 2")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(totals(teacher()).await, [], "a closed period owes nothing");
});

/// The totals that are owed on a day: of which stage, by how many pupils, until when.
async fn totals_on(store: &Store, actor: Actor, on: NaiveDate) -> Vec<(Option<Stage>, i64, NaiveDate)> {
    let at = on.and_hms_opt(9, 0, 0).unwrap().and_utc();
    let mut ctx = store.begin(actor, at, Lang::Ru).await.unwrap();
    let out = deadlines::mine(&mut ctx).await;
    let debts = ctx.close(out).await.unwrap().debts;
    let totals = debts
        .into_iter()
        .filter(|d| d.kind == Kind::Totals && d.period.is_none());
    let mut told: Vec<_> = totals.map(|d| (d.stage, d.pupils, d.due)).collect();
    told.sort();
    told
}

async fn give_total(pool: &PgPool, pupil: i64, stage: &str, code: Option<&str>) {
    sqlx::query!(
        "insert into period_mark (school_id, year_id, subject_id, pupil_id, stage, load_id, scale_id, code, changed_by, changed_at)
         values (10, 5, 400, $1, $2, 500, 1, $3, 2, '2026-12-27 09:00Z')
         on conflict on constraint period_mark_place_key do update set code = excluded.code",
        pupil,
        stage,
        code,
    )
    .execute(pool)
    .await
    .unwrap();
}

db_test!(marks_of_the_year_are_due_from_its_last_day_on, pool, {
    let store = store(&pool).await;
    // the quarters of the fixture end on 27 December: as far as they know, that is the year
    let last = day(12, 27);
    let (year, end) = (Some(Stage::Year), Some(Stage::Final));
    assert_eq!(totals_on(&store, teacher(), day(12, 26)).await, []);
    assert_eq!(totals_on(&store, teacher(), last).await, [(year, 3, last)]);
    assert_eq!(totals_on(&store, teacher(), day(12, 30)).await, [(year, 3, last)]);
    assert_eq!(
        totals_on(&store, stranger(), last).await,
        [],
        "English has had no lesson"
    );
    // paid when given; taken back, owed again
    give_total(&pool, 1001, "year", Some("5")).await;
    give_total(&pool, 1002, "year", Some("4")).await;
    give_total(&pool, 1002, "year", None).await;
    assert_eq!(totals_on(&store, teacher(), last).await, [(year, 2, last)]);
    give_total(&pool, 1002, "year", Some("4")).await;
    give_total(&pool, 1003, "year", Some("осв")).await;
    assert_eq!(totals_on(&store, teacher(), last).await, []);
    // who has taken an exam is owed a final mark; others, of whom nobody has said that they take one, owe none
    give_total(&pool, 1001, "exam", Some("4")).await;
    assert_eq!(totals_on(&store, teacher(), last).await, [(end, 1, last)]);

    // the deputy's board counts it, and the figure opens
    let at = last.and_hms_opt(9, 0, 0).unwrap().and_utc();
    let mut ctx = store.begin(deputy(), at, Lang::Ru).await.unwrap();
    let out = deadlines::board(&mut ctx).await;
    let board = ctx.close(out).await.unwrap();
    let own = board.teachers.iter().find(|l| l.id == 1200).unwrap();
    let (_, counted) = own.counts.iter().find(|(kind, _)| *kind == Kind::Totals).unwrap();
    let mut ctx = store.begin(deputy(), at, Lang::Ru).await.unwrap();
    let out = deadlines::lessons(&mut ctx, Some(EmployeeId(1200)), None, Some(Kind::Totals), None).await;
    let behind = ctx.close(out).await.unwrap();
    assert_eq!(i64::try_from(behind.len()).unwrap(), counted.late + counted.open);
    let finals: Vec<_> = behind.iter().filter(|d| d.stage == end).collect();
    assert_eq!((finals.len(), finals[0].load), (1, Some(LoadId(500))));
    assert_eq!(finals[0].title(Lang::Ru), "Итоговые отметки");
    give_total(&pool, 1001, "final", Some("5")).await;
    assert_eq!(totals_on(&store, teacher(), last).await, []);
    give_total(&pool, 1001, "final", None).await;

    // a closed year owes nothing
    sqlx::query!(
        "update period_system set year_locked_at = '2026-12-27 08:00Z', year_locked_by = 1, year_lock_reason = 'Год сдан' where school_id = 10"
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(totals_on(&store, teacher(), last).await, []);
});

db_test!(
    half_years_of_quarters_are_due_where_the_school_gives_them,
    pool,
    {
        let store = store(&pool).await;
        let last = day(12, 27);
        let half = Some(Stage::HalfYear(classbook_core::grading::totals::Half::First));
        let halves = async |on| {
            let all = totals_on(&store, teacher(), on).await;
            all.into_iter().filter(|(s, ..)| *s == half).collect::<Vec<_>>()
        };
        assert_eq!(halves(last).await, [], "no rule says that they are given");
        // of the eleventh grade alone; then of the seventh
        let rule = async |grade: i16| {
            sqlx::query!(
            "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
                 first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, half_years)
             values (10, $1, $1, '2026-12-27', true, 450, 350, 250, 50, false, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z', true)",
            grade,
        )
        .execute(&pool)
        .await
        .unwrap();
        };
        rule(11).await;
        assert_eq!(halves(last).await, []);
        rule(7).await;
        assert_eq!(halves(day(12, 26)).await, []);
        assert_eq!(halves(last).await, [(half, 3, last)]);
        give_total(&pool, 1001, "half_1", Some("5")).await;
        assert_eq!(halves(last).await, [(half, 2, last)]);
        // closed with its later quarter; where half-years are the periods there is none beside them
        sqlx::query!("update period set locked_at = '2026-12-27 08:00Z' where school_id = 10 and id = 2")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(halves(last).await, []);
        sqlx::query!("update period set locked_at = null where school_id = 10 and id = 2")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(halves(last).await.len(), 1);
        sqlx::query!("update period_system set kind = 'module' where school_id = 10 and id = 5")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(halves(last).await, []);
    }
);

db_test!(
    interim_attestation_is_due_with_the_year_where_the_journal_has_one,
    pool,
    {
        let store = store(&pool).await;
        let (last, interim) = (day(12, 27), Some(Stage::Interim));
        let owed = async || {
            let all = totals_on(&store, teacher(), last).await;
            all.into_iter()
                .filter(|(s, ..)| *s == interim)
                .collect::<Vec<_>>()
        };
        sqlx::query!(
        "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
             first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at, interim)
         values (10, 7, 7, '2026-09-01', true, 450, 350, 250, 50, false, false, 'new', '1', '2026-08-30', 1, '2026-08-30 12:00Z', 'apart')"
    )
    .execute(&pool)
    .await
    .unwrap();
        assert_eq!(owed().await, [], "nobody has said in what form");
        sqlx::query!("update teaching_load set interim_form = 'зачёт' where school_id = 10 and id = 500")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(owed().await, [(interim, 3, last)]);
        give_total(&pool, 1001, "interim", Some("зч")).await;
        assert_eq!(owed().await, [(interim, 2, last)]);
        // in a college as well, which owes no marks of the year
        sqlx::query!("update organisation set kind = 'college' where id = 10")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(totals_on(&store, teacher(), last).await, [(interim, 2, last)]);
        sqlx::query!("update grading_rule set interim = 'none' where school_id = 10")
            .execute(&pool)
            .await
            .unwrap();
        assert_eq!(totals_on(&store, teacher(), last).await, []);
    }
);

db_test!(coursework_is_due_with_its_period_once_it_has_a_topic, pool, {
    let store = store(&pool).await;
    let last = day(12, 27);
    sqlx::raw_sql(
        "update organisation set kind = 'college' where id = 10;
         insert into period_mark (school_id, year_id, subject_id, pupil_id, stage, period_id, load_id, scale_id, code, topic, changed_by, changed_at)
         values (10, 5, 400, 1001, 'coursework', 2, 500, 1, null, 'Учёт основных средств', 2, '2026-11-18 09:00Z'),
            (10, 5, 400, 1002, 'coursework', 2, 500, 1, '5', 'Аренда', 2, '2026-11-18 09:00Z'),
            (10, 5, 400, 1003, 'coursework', 2, 500, 1, null, null, 2, '2026-11-18 09:00Z')",
    )
    .execute(&pool)
    .await
    .unwrap();
    let owed = async |actor: Actor, on: NaiveDate| {
        let mut ctx = store
            .begin(actor, on.and_hms_opt(9, 0, 0).unwrap().and_utc(), Lang::Ru)
            .await
            .unwrap();
        let out = deadlines::mine(&mut ctx).await;
        let debts = ctx.close(out).await.unwrap().debts;
        let works = debts
            .into_iter()
            .filter(|d| matches!(d.stage, Some(Stage::Coursework(_))));
        works
            .map(|d| (d.title(Lang::Ru), d.pupils, d.due))
            .collect::<Vec<_>>()
    };
    assert_eq!(owed(teacher(), day(12, 26)).await, []);
    assert_eq!(
        owed(teacher(), last).await,
        [("Отметки за курсовые работы", 1, last)]
    );
    assert_eq!(owed(stranger(), last).await, []);
    sqlx::query!("update period set locked_at = '2026-12-27 08:00Z' where school_id = 10 and id = 2")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(owed(teacher(), last).await, []);
});

db_test!(final_marks_are_owed_when_what_they_are_made_of_is_there, pool, {
    let store = store(&pool).await;
    sqlx::raw_sql(
        "insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 9, 5);
         update class set grade = 9 where school_id = 10 and id = 100;
         update enrolment set ends_on = '2026-12-20' where school_id = 10 and pupil_id = 1003",
    )
    .execute(&pool)
    .await
    .unwrap();
    let last = day(12, 27);
    let (year, end) = (Some(Stage::Year), Some(Stage::Final));
    assert_eq!(
        totals_on(&store, teacher(), last).await,
        [(year, 2, last)],
        "exams are in June"
    );
    give_total(&pool, 1001, "exam", Some("4")).await;
    assert_eq!(
        totals_on(&store, teacher(), last).await,
        [(year, 2, last), (end, 1, last)],
        "the other one has chosen another exam"
    );
    // after the eleventh the mark of the year is enough
    sqlx::raw_sql(
        "insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 11, 5);
         update class set grade = 11 where school_id = 10 and id = 100",
    )
    .execute(&pool)
    .await
    .unwrap();
    give_total(&pool, 1002, "year", Some("4")).await;
    assert_eq!(
        totals_on(&store, teacher(), last).await,
        [(year, 1, last), (end, 2, last)]
    );
    // a college sums up its semesters
    sqlx::query!("update organisation set kind = 'college' where id = 10")
        .execute(&pool)
        .await
        .unwrap();
    assert_eq!(totals_on(&store, teacher(), last).await, []);
});
