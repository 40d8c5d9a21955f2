//! The diary against a real database: what a week holds, who sees it, what is new.
#![cfg(feature = "sql")]
#![expect(
    clippy::unwrap_used,
    reason = "a test stops where it fails, in its helpers too"
)]

mod diaries;

use diaries::*;

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_week_holds_lessons_marks_absences_and_homework(pool: PgPool) {
    put(&pool, "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, comment, changed_by, changed_at) values
            (10, 800, 1001, 1, '5', 'Молодец', 2, '2026-11-16 12:00Z'), (10, 800, 1002, 1, '2', null, 2, '2026-11-16 12:00Z');
        insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at) values (10, 701, 1001, 'о', 2, '2026-11-18 07:00Z');
        insert into homework (school_id, load_id, lesson_id, text, minutes) values (10, 500, 700, '№ 312', 20);
        insert into homework (school_id, load_id, lesson_id, text, due_on) values (10, 500, 690, 'Проект', '2026-11-19');
        update lesson set topic = 'Дроби', state = 'held' where id = 700; update lesson set state = 'cancelled' where id = 702;").await;
    let week = week_of(&pool, mother(), NOON, 1001, "2026-11-18").await.unwrap();
    assert_eq!(
        (week.monday, week.today, week.place),
        (day("2026-11-16"), day("2026-11-18"), Place::Inside)
    );
    assert_eq!(
        (week.child.first_name.as_str(), week.child.class.as_deref()),
        ("Артём", Some("7А"))
    );
    assert_eq!(week.children.len(), 1);
    assert_eq!(week.days.len(), 5);
    let monday = &week.days[0].lessons;
    // the second lesson stands in the timetable only: English of the pupil's subgroup
    assert_eq!(
        monday
            .iter()
            .map(|l| (l.number, l.subject.as_str(), l.id.is_some()))
            .collect::<Vec<_>>(),
        [(1, "Математика", true), (2, "Английский язык", false)]
    );
    let maths = &monday[0];
    assert_eq!(
        (maths.topic.as_deref(), maths.state, maths.room.as_deref()),
        (Some("Дроби"), State::Held, Some("12"))
    );
    assert_eq!(
        (maths.teacher.as_deref(), maths.starts_at.unwrap().to_string()),
        (Some("Учителева А. И."), "08:30:00".to_owned())
    );
    assert_eq!(maths.marks.len(), 1);
    let mark = &maths.marks[0];
    assert_eq!(
        (
            mark.code.as_str(),
            mark.words.as_str(),
            mark.weight.0,
            mark.work.as_str()
        ),
        ("5", "отлично", 100, "Ответ на уроке")
    );
    assert_eq!(
        (mark.comment.as_deref(), mark.by.as_deref(), mark.changed_at),
        (
            Some("Молодец"),
            Some("Учителева А. И."),
            at("2026-11-16T12:00:00Z")
        )
    );
    let wednesday = &week.days[2].lessons[0];
    assert_eq!(
        wednesday.absence.as_ref().map(|a| (a.code.as_str(), a.absent)),
        Some(("о", false))
    );
    assert_eq!(
        wednesday
            .homework
            .iter()
            .map(|h| h.text.as_str())
            .collect::<Vec<_>>(),
        ["№ 312"]
    );
    assert_eq!(
        week.days[3]
            .homework
            .iter()
            .map(|h| (h.text.as_str(), h.subject.as_str()))
            .collect::<Vec<_>>(),
        [("Проект", "Математика")]
    );
    assert_eq!(week.days[4].lessons[0].state, State::Cancelled);
    // another child of the class has another subgroup, other marks
    let other = week_of(&pool, father(), NOON, 1002, "2026-11-16").await.unwrap();
    assert_eq!(other.days[0].lessons.len(), 1);
    assert_eq!(other.days[0].lessons[0].marks[0].code, "2");
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn without_a_pupil_it_is_ones_own_and_without_a_date_today(pool: PgPool) {
    let of = async |who| {
        ask(&pool, who, NOON, async |ctx| {
            sql::week(ctx, &Weeks::default(), None, None).await
        })
        .await
    };
    let week = of(mother()).await.unwrap();
    assert_eq!(
        (week.child.pupil, week.monday),
        (PupilId(1001), day("2026-11-16"))
    );
    assert_eq!(
        of(actor(12, 10, Role::Pupil { pupil: PupilId(1002) }, None))
            .await
            .unwrap()
            .child
            .pupil,
        PupilId(1002)
    );
    assert_eq!(of(teacher(2, 10, 1200)).await.unwrap_err(), AppError::NotFound);
    // half past midnight at the school is still yesterday in Greenwich
    let late = ask(&pool, mother(), "2026-11-22T21:30:00Z", async |ctx| {
        sql::week(ctx, &Weeks::default(), None, None).await
    })
    .await
    .unwrap();
    assert_eq!((late.today, late.monday), (day("2026-11-23"), day("2026-11-23")));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn towards_the_weekend_the_next_school_day_comes_along(pool: PgPool) {
    let week = week_of(&pool, mother(), "2026-11-20T15:00:00Z", 1001, "2026-11-20")
        .await
        .unwrap();
    assert_eq!(
        week.ahead.map(|d| (d.date, d.lessons.len())),
        Some((day("2026-11-23"), 2))
    );
    let week = week_of(&pool, mother(), NOON, 1001, "2026-11-20").await.unwrap();
    assert_eq!(week.ahead, None);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_diary_is_for_the_family_the_class_teacher_and_the_deputy(pool: PgPool) {
    let see = async |who, pupil| {
        let week = week_of(&pool, who, NOON, pupil, "2026-11-16").await;
        week.map(|w| w.child.pupil.0)
    };
    assert_eq!(see(mother(), 1001).await, Ok(1001));
    // another child of the class, a child of another school, nobody's child: the same answer
    for foreign in [1002, 2001, 999_999, -1, i64::MAX] {
        assert_eq!(see(mother(), foreign).await, Err(AppError::NotFound), "{foreign}");
    }
    // the class teacher sees the own class and no other
    assert_eq!(see(teacher(2, 10, 1200), 1001).await, Ok(1001));
    assert_eq!(see(teacher(2, 10, 1200), 1004).await, Err(AppError::NotFound));
    assert_eq!(see(teacher(3, 10, 1300), 1001).await, Err(AppError::NotFound));
    // the deputy sees the school, and no other school
    let deputy = || {
        actor(
            1,
            10,
            Role::Staff {
                employee: EmployeeId(1100),
            },
            Some("deputy"),
        )
    };
    assert_eq!(see(deputy(), 1004).await, Ok(1004));
    assert_eq!(see(deputy(), 2001).await, Err(AppError::NotFound));
    assert_eq!(see(teacher(4, 20, 2100), 1001).await, Err(AppError::NotFound));
    assert_eq!(
        see(actor(40, 10, Role::Person, None), 1001).await,
        Err(AppError::NotFound)
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_former_class_teacher_sees_nothing(pool: PgPool) {
    put(&pool, "update enrolment set ends_on = '2026-11-10' where pupil_id = 1001;
        insert into enrolment (school_id, pupil_id, class_id, starts_on) values (10, 1001, 101, '2026-11-11')").await;
    let old = week_of(&pool, teacher(2, 10, 1200), NOON, 1001, "2026-11-02").await;
    assert_eq!(old.unwrap_err(), AppError::NotFound);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_date_outside_the_year_shows_the_way_back(pool: PgPool) {
    let place = async |date| {
        week_of(&pool, mother(), NOON, 1001, date)
            .await
            .map(|w| (w.place, w.days.len()))
    };
    assert_eq!(
        place("2025-03-05").await,
        Ok((
            Place::Outside {
                nearest: Some(day("2026-08-31"))
            },
            0
        ))
    );
    assert_eq!(
        place("2031-01-01").await,
        Ok((
            Place::Outside {
                nearest: Some(day("2027-08-30"))
            },
            0
        ))
    );
    assert_eq!(
        place("9999-12-30").await,
        Ok((
            Place::Outside {
                nearest: Some(day("2027-08-30"))
            },
            0
        ))
    );
    assert_eq!(place("+262142-12-31").await.map(|p| p.1).unwrap_or(0), 0);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn new_is_what_came_since_the_last_visit_and_reloading_does_not_clear_it(pool: PgPool) {
    put(
        &pool,
        "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
        (10, 790, 1001, 1, '3', 2, '2026-10-19 12:00Z'), (10, 800, 1001, 1, '5', 2, '2026-11-16 12:00Z')",
    )
    .await;
    let news = async |now: &str| {
        let week = week_of(&pool, mother(), now, 1001, "2026-11-16").await.unwrap();
        let marked: Vec<bool> = week.days[0].lessons[0].marks.iter().map(|m| m.new).collect();
        (
            week.news.iter().map(|n| n.mark.code.clone()).collect::<Vec<_>>(),
            marked,
        )
    };
    let seen = async |now: &str, shown: &str| {
        ask(&pool, mother(), now, async |ctx| {
            sql::seen(ctx, PupilId(1001), at(shown)).await
        })
        .await
    };
    // the first time: of the last days, not of the whole autumn
    assert_eq!(news(NOON).await, (vec!["5".into()], vec![true]));
    seen("2026-11-18T09:00:02Z", NOON).await.unwrap();
    assert_eq!(news("2026-11-18T09:01:00Z").await, (vec!["5".into()], vec![true]));
    seen("2026-11-18T09:20:00Z", "2026-11-18T09:20:00Z")
        .await
        .unwrap();
    assert_eq!(news("2026-11-18T09:40:00Z").await.1, [true]);
    // the next visit: nothing new
    assert_eq!(news("2026-11-18T18:00:00Z").await, (vec![], vec![false]));
    seen("2026-11-18T18:00:01Z", "2026-11-18T18:00:00Z")
        .await
        .unwrap();
    // a mark that came between looking and telling is still new at the next visit
    put(&pool, "update mark set code = '4', version = 2, changed_at = '2026-11-18 18:00:01Z' where assignment_id = 800 and pupil_id = 1001").await;
    let week = week_of(&pool, mother(), "2026-11-19T06:00:00Z", 1001, "2026-11-16")
        .await
        .unwrap();
    assert_eq!(
        (
            week.news.len(),
            week.news[0].mark.corrected,
            week.news[0].subject.as_str()
        ),
        (1, true, "Математика")
    );
    // the father of another child cannot say he has seen this one
    let stranger = ask(&pool, father(), NOON, async |ctx| {
        sql::seen(ctx, PupilId(1001), at(NOON)).await
    })
    .await;
    assert_eq!(stranger, Err(AppError::NotFound));
    // a clock in the future does not hide marks to come
    seen("2026-11-19T06:00:01Z", "2030-01-01T00:00:00Z")
        .await
        .unwrap();
    put(&pool, "update mark set code = '5', version = 3, changed_at = '2026-11-19 10:00Z' where assignment_id = 800 and pupil_id = 1001").await;
    assert_eq!(news("2026-11-19T12:00:00Z").await.0, ["5"]);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_teachers_look_is_no_visit(pool: PgPool) {
    let now = NOON;
    ask(&pool, teacher(2, 10, 1200), now, async |ctx| {
        sql::seen(ctx, PupilId(1001), at(now)).await
    })
    .await
    .unwrap();
    let foreign = ask(&pool, teacher(2, 10, 1200), now, async |ctx| {
        sql::seen(ctx, PupilId(1004), at(now)).await
    })
    .await;
    assert_eq!(foreign, Err(AppError::NotFound));
    let visits: i64 = sqlx::query_scalar!("select count(*) from diary_visit")
        .fetch_one(&pool)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(visits, 0);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_walls_hold_even_where_a_query_forgets_them(pool: PgPool) {
    put(&pool, "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
            (10, 800, 1001, 1, '5', 2, '2026-11-16 12:00Z'), (10, 800, 1002, 1, '2', 2, '2026-11-16 12:00Z'), (20, 810, 2001, 2, '4', 4, '2026-11-16 12:00Z');
        insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at) values
            (10, 700, 1002, 'н', 2, '2026-11-16 12:00Z'), (20, 710, 2001, 'н', 4, '2026-11-16 12:00Z')").await;
    let counts = async |who| {
        ask(&pool, who, NOON, async |ctx| {
            // no where-clause at all
            let marks = sqlx::query!("select pupil_id from mark order by 1")
                .fetch_all(ctx.db())
                .await?;
            let absences = sqlx::query!("select pupil_id from attendance")
                .fetch_all(ctx.db())
                .await?;
            Ok((
                marks.iter().map(|m| m.pupil_id).collect::<Vec<_>>(),
                absences.len(),
            ))
        })
        .await
        .unwrap()
    };
    assert_eq!(counts(mother()).await, (vec![1001], 0));
    assert_eq!(counts(father()).await, (vec![1002], 1));
    assert_eq!(counts(actor(12, 10, Role::Person, None)).await, (vec![], 0));
    assert_eq!(counts(teacher(2, 10, 1200)).await, (vec![1001, 1002], 1));
    // and a family changes nothing, whatever a query says
    let touched = ask(&pool, mother(), NOON, async |ctx| {
        let done = sqlx::query!("update mark set code = '5'")
            .execute(ctx.db())
            .await?;
        Ok(done.rows_affected())
    })
    .await
    .unwrap();
    assert_eq!(touched, 0);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn subjects_have_averages_and_what_is_owed(pool: PgPool) {
    put(&pool, "insert into assignment (school_id, id, lesson_id, work_type_id, scale_id, weight, title) values
            (10, 801, 700, 2, 1, 3, 'Дроби'), (10, 802, 701, 2, 1, 3, null), (10, 803, 702, 2, 1, 3, null);
        insert into mark (school_id, assignment_id, pupil_id, scale_id, code, changed_by, changed_at) values
            (10, 800, 1001, 1, '5', 2, '2026-11-16 12:00Z'), (10, 801, 1001, 1, '4', 2, '2026-11-16 12:00Z'),
            (10, 790, 1001, 1, '2', 2, '2026-10-19 12:00Z'), (10, 801, 1002, 1, '2', 2, '2026-10-19 12:00Z');
        insert into mark (school_id, assignment_id, pupil_id, scale_id, owed, changed_by, changed_at) values (10, 802, 1001, 1, true, 2, '2026-11-18 12:00Z');
        insert into attendance (school_id, lesson_id, pupil_id, code, changed_by, changed_at) values (10, 701, 1001, 'б', 2, '2026-11-18 07:00Z');").await;
    let of = async |who, pupil, period| {
        ask(&pool, who, "2026-11-19T09:00:00Z", async |ctx| {
            sql::subjects(ctx, Some(PupilId(pupil)), period).await
        })
        .await
    };
    let now = of(mother(), 1001, None).await.unwrap();
    assert_eq!((now.period, now.periods.len()), (Some(PeriodId(2)), 2));
    assert_eq!(
        now.subjects.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(),
        ["Английский язык", "Математика"]
    );
    let maths = &now.subjects[1];
    assert_eq!(
        (maths.plain.unwrap().0, maths.weighted.unwrap().0, maths.missed),
        (450, 425, 1)
    );
    // of the works without a mark that is owed whose teacher has said so: the pupil was ill
    assert_eq!(
        maths
            .owed
            .iter()
            .map(|o| (o.date, o.absence.as_deref()))
            .collect::<Vec<_>>(),
        [(day("2026-11-18"), Some("болел"))]
    );
    assert_eq!(now.subjects[0].plain, None);
    // on the 19th: two lessons over, one to come; one mark of weight 1, one of weight 3
    assert_eq!((maths.held, maths.left), (2, 1));
    let shares: Vec<_> = maths
        .marks
        .iter()
        .map(|m| maths.share(&m.mark, &now.terms).map(|s| s.0))
        .collect();
    assert_eq!(shares, [Some(25), Some(75)]);
    let before = of(mother(), 1001, Some(PeriodId(1))).await.unwrap();
    assert_eq!(before.subjects[1].weighted.unwrap().0, 200);
    assert_eq!(of(mother(), 1002, None).await.unwrap_err(), AppError::NotFound);
    assert_eq!(
        of(mother(), 1001, Some(PeriodId(3))).await.unwrap_err(),
        AppError::NotFound
    );
    assert_eq!(
        of(teacher(3, 10, 1300), 1001, None).await.unwrap_err(),
        AppError::NotFound
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn topics_are_those_written_down_and_those_planned(pool: PgPool) {
    put(&pool, "update lesson set topic = 'Дроби' where id = 700;
        insert into lesson_plan (school_id, load_id, revision, last_row, changed_by, changed_at) values (10, 500, 1, 4, 2, '2026-11-10 12:00Z');
        insert into lesson_plan_row (school_id, load_id, number, position, topic, hours) values
            (10, 500, 1, 0, 'Числа', 1), (10, 500, 2, 1, 'Дроби по плану', 1), (10, 500, 3, 2, 'Сложение', 1), (10, 500, 4, 3, 'Вычитание', 1)").await;
    let of = async |who, pupil, subject, period| {
        ask(&pool, who, "2026-11-19T09:00:00Z", async |ctx| {
            sql::topics(ctx, PupilId(pupil), SubjectId(subject), PeriodId(period)).await
        })
        .await
        .map(|all| {
            all.into_iter()
                .map(|t| (t.date, t.topic, t.planned))
                .collect::<Vec<_>>()
        })
    };
    // of the 18th nothing was written down, and it is over; the 20th is planned
    assert_eq!(
        of(mother(), 1001, 400, 2).await.unwrap(),
        [
            (day("2026-11-16"), "Дроби".to_owned(), false),
            (day("2026-11-20"), "Вычитание".to_owned(), true)
        ]
    );
    assert_eq!(of(mother(), 1001, 9999, 2).await.unwrap(), []);
    assert_eq!(
        of(mother(), 1001, 400, 3).await.unwrap_err(),
        AppError::NotFound,
        "another school's period"
    );
    assert_eq!(of(father(), 1001, 400, 2).await.unwrap_err(), AppError::NotFound);
    assert_eq!(
        of(teacher(3, 10, 1300), 1001, 400, 2).await.unwrap_err(),
        AppError::NotFound
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_rewritten_mark_shows_both_in_the_week_where_the_school_says_so(pool: PgPool) {
    put(&pool, "insert into mark (school_id, assignment_id, pupil_id, scale_id, code, replaced_code, changed_by, changed_at, version) values
        (10, 800, 1001, 1, '5', '3', 2, '2026-11-16 12:00Z', 2)").await;
    let shown = async || {
        let week = ask(&pool, mother(), NOON, async |ctx| {
            sql::week(
                ctx,
                &Weeks::default(),
                Some(PupilId(1001)),
                Some(day("2026-11-18")),
            )
            .await
        })
        .await
        .unwrap();
        week.days[0].lessons[0].marks[0].replaced.clone()
    };
    assert_eq!(shown().await, None, "the usual rule shows the new one alone");
    put(&pool, "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
            first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at) values
        (10, 5, 9, '2026-09-01', true, 450, 350, 250, 50, false, false, 'both', '12', '2026-08-30', 1, '2026-08-30Z'),
        (10, 10, 11, '2026-10-01', true, 450, 350, 250, 50, false, false, 'new', '13', '2026-08-30', 1, '2026-08-30Z')").await;
    assert_eq!(shown().await.as_deref(), Some("3"));
    put(&pool, "insert into grading_rule (school_id, grade_from, grade_to, valid_from, weighted, five_from, four_from, three_from, year_up,
            first_grade, class_average, rewritten, act_number, act_date, changed_by, changed_at) values
        (10, 5, 9, '2026-11-10', true, 450, 350, 250, 50, false, false, 'new', '14', '2026-11-01', 1, '2026-11-01Z')").await;
    assert_eq!(shown().await, None, "a later rule");
}

// ── what servers remember ──
