//! The schedule of assessment works against the database: planned by the teacher, decided by the deputy, seen by families.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod school;

use classbook_core::assessment::sql;
use classbook_core::assessment::{Against, Desk, Edit as Plan, Remark, Schedule, State};
use classbook_core::diary::{Week, Weeks};
use school::*;

fn d(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

fn plan(date: NaiveDate) -> Plan {
    Plan {
        id: None,
        load: MATHS,
        date,
        kind: WorkTypeId(2),
        title: "Дроби".into(),
        minutes: 45,
        whole_class: true,
        expected: 0,
    }
}

async fn put(store: &Store, actor: Actor, plan: Plan) -> Result<AssessmentId, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::save(&mut ctx, plan).await;
    ctx.close(out).await
}

async fn decide(
    store: &Store,
    actor: Actor,
    id: AssessmentId,
    approve: bool,
    note: &str,
    expected: i32,
) -> Result<(), AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::decide(&mut ctx, id, approve, note, expected).await;
    ctx.close(out).await
}

async fn desk(store: &Store) -> Desk {
    let mut ctx = open(store, teacher()).await;
    let out = sql::desk(&mut ctx, MATHS).await;
    ctx.close(out).await.unwrap()
}

async fn schedule(store: &Store, actor: Actor) -> Result<Schedule, AppError> {
    let mut ctx = open(store, actor).await;
    let out = sql::schedule(&mut ctx, Some(7)).await;
    ctx.close(out).await
}

async fn week(store: &Store) -> Week {
    let mut ctx = open(store, mother()).await;
    let out = classbook_core::diary::sql::week(&mut ctx, &Weeks::default(), Some(PupilId(1001)), None).await;
    ctx.close(out).await.unwrap()
}

// maths of 7А lies on Mondays (first), Wednesdays (second) and Fridays (first), English on Mondays (second). The journal has lessons to
// the 20th; what comes after is the timetable's.
crate::db_test!(a_teacher_plans_and_is_told_what_stands_against_it, pool, {
    let store = store(&pool).await;
    let before = desk(&store).await;
    let days: Vec<NaiveDate> = before.known.places.iter().map(|p| p.date).take(6).collect();
    assert_eq!(
        days,
        [d(11, 18), d(11, 20), d(11, 23), d(11, 25), d(11, 27), d(11, 30)]
    );
    // beyond the quarter there are no lessons
    assert!(before.known.places.iter().all(|p| p.date <= d(12, 27)));
    // on a Monday the first lesson, and English is the last; on other days maths is alone
    let monday = before.known.places.iter().find(|p| p.date == d(11, 23)).unwrap();
    assert_eq!((monday.slot, monday.first, monday.last), (0, true, false));
    assert_eq!((before.known.week_hours, before.model.grade), (500, 7));

    let id = put(&store, teacher(), plan(d(11, 25))).await.unwrap();
    let seen = desk(&store).await;
    assert_eq!(seen.works.len(), 1);
    assert!(
        matches!(&*seen.works[0].remarks, [Remark::Edge { .. }]),
        "{:?}",
        seen.works[0].remarks
    );
    // another one ten days later is too near, and its clause is told
    let other = put(
        &store,
        teacher(),
        Plan {
            title: "Проценты".into(),
            ..plan(d(12, 4))
        },
    )
    .await
    .unwrap();
    let seen = desk(&store).await;
    let near = seen.works.iter().find(|w| w.id == other).unwrap();
    let Some(Remark::Near {
        days, need, basis, ..
    }) = near.remarks.first()
    else {
        panic!("{:?}", near.remarks)
    };
    assert_eq!((*days, *need), (9, 18));
    assert!(basis.clause.contains("СК-228/03"));
    // and that the letter was not laid beside it yet
    assert_eq!(
        (basis.since, basis.confirmed),
        (NaiveDate::from_ymd_opt(2021, 8, 6), false)
    );
    sqlx::query!("update norm set confirmed = true where kind = 'assessment_gap_days'")
        .execute(&pool)
        .await
        .unwrap();
    let seen = desk(&store).await;
    let near = seen.works.iter().find(|w| w.id == other).unwrap();
    assert!(near.remarks[0].basis().unwrap().confirmed);
    // short ones do not count
    put(
        &store,
        teacher(),
        Plan {
            minutes: 20,
            ..plan(d(12, 2))
        },
    )
    .await
    .unwrap();
    let seen = desk(&store).await;
    assert!(
        seen.works
            .iter()
            .find(|w| w.planned.minutes == 20)
            .unwrap()
            .remarks
            .is_empty()
    );

    // what is refused
    let counted = counts(&pool).await;
    for wrong in [
        plan(d(11, 24)),
        plan(d(11, 16)),
        plan(d(11, 25)),
        plan(d(12, 30)),
        Plan {
            title: " ".into(),
            ..plan(d(12, 9))
        },
        Plan {
            minutes: 0,
            ..plan(d(12, 9))
        },
        Plan {
            kind: WorkTypeId(3),
            ..plan(d(12, 9))
        },
    ] {
        assert!(
            matches!(
                put(&store, teacher(), wrong.clone()).await,
                Err(AppError::Invalid { .. })
            ),
            "{wrong:?}"
        );
    }
    for actor in [stranger(), mother()] {
        assert_eq!(put(&store, actor, plan(d(12, 9))).await, Err(AppError::NotFound));
    }
    let stale = Plan {
        id: Some(id),
        expected: 7,
        ..plan(d(12, 9))
    };
    assert!(matches!(
        put(&store, teacher(), stale).await,
        Err(AppError::Conflict { .. })
    ));
    assert_eq!(counts(&pool).await, counted);
});

crate::db_test!(
    a_deputy_approves_or_returns_with_words_and_families_see_it,
    pool,
    {
        let store = store(&pool).await;
        let id = put(&store, teacher(), plan(d(11, 20))).await.unwrap();
        let later = put(
            &store,
            teacher(),
            Plan {
                title: "Проценты".into(),
                ..plan(d(12, 9))
            },
        )
        .await
        .unwrap();
        assert_eq!(
            decide(&store, teacher(), id, true, "", 1).await,
            Err(AppError::NotFound)
        );
        assert!(matches!(
            decide(&store, deputy(), id, false, " ", 1).await,
            Err(AppError::Invalid { .. })
        ));
        assert!(matches!(
            decide(&store, deputy(), id, true, "", 5).await,
            Err(AppError::Conflict { .. })
        ));
        decide(&store, deputy(), id, true, "", 1).await.unwrap();
        decide(
            &store,
            deputy(),
            later,
            false,
            "Перенесите: в этот день экскурсия",
            1,
        )
        .await
        .unwrap();

        let all = schedule(&store, deputy()).await.unwrap();
        assert!(all.may_decide);
        assert_eq!(
            all.works.iter().map(|w| (w.id, w.state)).collect::<Vec<_>>(),
            [(id, State::Approved), (later, State::Returned)]
        );
        assert_eq!(schedule(&store, teacher()).await, Err(AppError::NotFound));
        assert_eq!(schedule(&store, mother()).await, Err(AppError::NotFound));
        let mut ctx = open(&store, deputy()).await;
        let out = sql::public(&mut ctx).await;
        let table = ctx.close(out).await.unwrap();
        assert!(
            table.contains("20.11.2026;1;45") && !table.contains("Проценты"),
            "{table}"
        );

        // the family sees what stands, on its lesson and ahead; what was returned it does not
        let seen = week(&store).await;
        assert_eq!(
            seen.assessments
                .iter()
                .map(|a| (a.date, &*a.title))
                .collect::<Vec<_>>(),
            [(d(11, 20), "Дроби")]
        );
        let friday = seen.days.iter().find(|day| day.date == d(11, 20)).unwrap();
        assert_eq!(friday.lessons[0].assessments.len(), 1);
        let mut ctx = open(&store, mother()).await;
        let left = sqlx::query_scalar!(r#"select count(*) as "n!" from assessment"#)
            .fetch_one(ctx.db())
            .await
            .unwrap();
        assert_eq!(left, 1);
        drop(ctx);

        // mended by the teacher it waits again; then it may go
        let mended = Plan {
            id: Some(later),
            expected: 2,
            title: "Проценты".into(),
            ..plan(d(12, 11))
        };
        put(&store, teacher(), mended).await.unwrap();
        let works = schedule(&store, deputy()).await.unwrap().works;
        let work = works.iter().find(|w| w.id == later).unwrap();
        assert_eq!(
            (work.state, work.note.as_deref(), work.version),
            (State::Planned, None, 3)
        );
        assert_eq!(week(&store).await.assessments.len(), 2);
        let mut ctx = open(&store, teacher()).await;
        let out = sql::remove(&mut ctx, later).await;
        ctx.close(out).await.unwrap();
        assert_eq!(desk(&store).await.works.len(), 1);
        let events =
            sqlx::query_scalar!("select action from audit_event where entity = 'assessment' order by id");
        assert_eq!(
            events.fetch_all(&pool).await.unwrap(),
            [
                "assessment.planned",
                "assessment.planned",
                "assessment.approved",
                "assessment.returned",
                "assessment.changed",
                "assessment.removed"
            ]
        );
    }
);

async fn add(store: &Store, lesson: i64, kind: i64, title: &str) {
    let edit = classbook_core::journal::grid::AssignmentEdit {
        id: None,
        lesson: LessonId(lesson),
        work_type: WorkTypeId(kind),
        title: Some(title.into()),
        weight: base::number::Hundredths::whole(3),
        expected: 0,
        scale: None,
        reason: None,
    };
    let mut ctx = open(store, teacher()).await;
    let out = classbook_core::journal::sql::save_work(&mut ctx, Uuid::new_v4(), edit).await;
    ctx.close(out).await.unwrap();
}

async fn against(store: &Store, who: Actor, lesson: i64, kind: i64) -> Result<Against, AppError> {
    let mut ctx = open(store, who).await;
    let out = sql::against(&mut ctx, LessonId(lesson), WorkTypeId(kind), "Проценты").await;
    ctx.close(out).await
}

crate::db_test!(
    a_column_of_the_journal_goes_by_the_limits_of_the_schedule,
    pool,
    {
        let store = store(&pool).await;
        let silent = Against {
            planned: false,
            remarks: vec![],
        };
        // no kind of the school is an assessment: nothing is said, and nothing counts
        add(&store, 700, 2, "Дроби").await;
        assert_eq!(against(&store, teacher(), 701, 2).await.unwrap(), silent);
        sqlx::query!("update work_type set assessment = true where school_id = 10 and id = 2")
            .execute(&pool)
            .await
            .unwrap();
        // two days after a column of the same kind, and the answer on a lesson is none
        let found = against(&store, teacher(), 701, 2).await.unwrap();
        assert!(!found.planned);
        assert!(
            matches!(found.remarks.first(), Some(Remark::Near { days: 2, .. })),
            "{found:?}"
        );
        assert_eq!(against(&store, teacher(), 701, 1).await.unwrap(), silent);
        // the lesson of the column itself: a second mark of one work
        let own = against(&store, teacher(), 700, 2).await.unwrap();
        assert!(
            own.remarks
                .iter()
                .all(|r| !matches!(r, Remark::Near { .. } | Remark::SameDay { .. })),
            "{own:?}"
        );
        // who plans sees the column too, and it takes no day of the schedule
        let id = put(&store, teacher(), plan(d(11, 20))).await.unwrap();
        let seen = desk(&store).await;
        let work = seen.works.iter().find(|w| w.id == id).unwrap();
        assert!(
            matches!(work.remarks.first(), Some(Remark::Near { days: 4, .. })),
            "{:?}",
            work.remarks
        );
        let decided = schedule(&store, deputy()).await.unwrap();
        assert!(matches!(
            decided.works[0].remarks.first(),
            Some(Remark::Near { days: 4, .. })
        ));
        // its own column is what the plan said, and is counted once
        add(&store, 702, 2, "Дроби").await;
        let planned = against(&store, teacher(), 702, 2).await.unwrap();
        assert!(planned.planned);
        let again = desk(&store).await;
        let before = |d: &Desk| {
            d.known
                .others
                .iter()
                .filter(|o| o.date == self::d(11, 20))
                .count()
        };
        assert_eq!(before(&again), 1);
        put(
            &store,
            teacher(),
            Plan {
                title: "Ещё".into(),
                ..plan(d(11, 18))
            },
        )
        .await
        .unwrap();
        // who does not write the journal asks nothing
        assert_eq!(against(&store, stranger(), 701, 2).await, Err(AppError::NotFound));
    }
);

async fn plan_of(store: &Store, plan: Plan) -> AssessmentId {
    let mut ctx = open(store, stranger()).await;
    let out = sql::save(&mut ctx, plan).await;
    ctx.close(out).await.unwrap()
}

/// The two groups of 7А have English on Mondays, beside one another.
const SECOND_GROUP: &str =
    "insert into teaching_load (school_id, id, year_id, subject_id, week_hours) values (10, 502, 5, 401, 3);
    insert into load_teacher (school_id, load_id, employee_id) values (10, 502, 1300);
    insert into load_audience (school_id, load_id, class_id, subgroup_id) values (10, 502, 100, 151);
    insert into card (school_id, id, version_id, load_id, day, slot) values (10, 6, 600, 502, 0, 1)";

crate::db_test!(groups_of_a_class_do_not_stand_against_one_another, pool, {
    sqlx::raw_sql(SECOND_GROUP).execute(&pool).await.unwrap();
    let store = store(&pool).await;
    let of = |load, date, title: &str| Plan {
        load: LoadId(load),
        title: title.into(),
        ..plan(date)
    };
    let against = async |load: i64| -> Vec<(NaiveDate, Vec<Remark>)> {
        let mut ctx = open(&store, stranger()).await;
        let out = sql::desk(&mut ctx, LoadId(load)).await;
        let desk = ctx.close(out).await.unwrap();
        let works = desk.works.into_iter();
        works.map(|w| (w.planned.date, w.remarks)).collect()
    };
    // a week apart, each group its own: nothing is near
    plan_of(&store, of(501, d(11, 23), "Past Simple")).await;
    plan_of(&store, of(502, d(11, 30), "Past Simple")).await;
    assert_eq!(against(501).await, [(d(11, 23), vec![])]);
    assert_eq!(against(502).await, [(d(11, 30), vec![])]);
    // both on one day: the day is not taken by the other journal, they are one work of the class, and lie on its last lesson
    plan_of(&store, of(501, d(12, 21), "Test 4")).await;
    plan_of(&store, of(502, d(12, 21), "Контрольная 4")).await;
    for load in [501, 502] {
        let found = against(load).await;
        let (_, remarks) = found.iter().find(|(date, _)| *date == d(12, 21)).unwrap();
        assert!(
            matches!(&**remarks, [Remark::Edge { first: false, .. }]),
            "{load}: {remarks:?}"
        );
    }
    // the pupils of a group have maths, too
    put(&store, teacher(), plan(d(11, 23))).await.unwrap();
    let found = against(501).await;
    assert!(
        matches!(&*found[0].1, [Remark::SameDay { subject, .. }] if subject == "Математика"),
        "{found:?}"
    );
    assert_eq!(against(502).await[0].1, []);
});

crate::db_test!(a_deputy_is_told_of_first_and_last_lessons, pool, {
    let store = store(&pool).await;
    // a Wednesday on which maths is the class's only lesson, and a Monday on which it is the first of two
    for date in [d(11, 25), d(12, 21)] {
        put(&store, teacher(), plan(date)).await.unwrap();
    }
    let edges = |all: &Schedule| -> Vec<(NaiveDate, bool)> {
        let edge = |w: &classbook_core::assessment::Work| {
            let edge = w.remarks.iter().find_map(|r| match r {
                Remark::Edge { first, .. } => Some(*first),
                _ => None,
            });
            edge.map(|first| (w.planned.date, first))
        };
        all.works.iter().filter_map(edge).collect()
    };
    let all = schedule(&store, deputy()).await.unwrap();
    assert_eq!(edges(&all), [(d(11, 25), true), (d(12, 21), true)]);
    // as the teacher who plans is told
    let desk = desk(&store).await;
    let told: Vec<Vec<Remark>> = desk.works.into_iter().map(|w| w.remarks).collect();
    let shown: Vec<Vec<Remark>> = all.works.into_iter().map(|w| w.remarks).collect();
    assert_eq!(told, shown);
    // lessons before and after it that Monday: no edge any more
    sqlx::raw_sql(
        "update card set slot = 2 where id = 4;
         update card set slot = 1 where id = 1;
         insert into card (school_id, id, version_id, load_id, day, slot) values (10, 6, 600, 501, 0, 0)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let all = schedule(&store, deputy()).await.unwrap();
    assert_eq!(edges(&all), [(d(11, 25), true)]);
    // one hour a week that lies on nothing but edges: the exception of the letter holds here, too
    sqlx::raw_sql(
        "update teaching_load set week_hours = 1 where id = 500;
         update card set day = null, slot = null, room_id = null where id in (1, 3)",
    )
    .execute(&pool)
    .await
    .unwrap();
    let all = schedule(&store, deputy()).await.unwrap();
    assert_eq!(edges(&all), []);
});
