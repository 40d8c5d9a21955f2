//! What is asked of all teachers, all classes and some grades at once, and the shape of the week: from a row in the database to the
//! judge's verdict and the price that «Составить» counts; who may write it, and what is refused.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod school;

use asking::{MATHS, events, load, maths, page, priced, put};
use base::{AppError, ClassId, SubjectId};
use school::{act, count, deputy, mother, staff, store};
use sqlx::PgPool;
use study_core::requirement::sql::{remove, save};
use study_core::requirement::{Kind, Target, Terms, Weight};
use study_core::timetable::board::BoardData;
use study_core::timetable::words;
use timetable::{Level, LimitKind, Limits, Reason};

const ALGEBRA: SubjectId = SubjectId(400);

fn terms(kind: Kind, target: Target, value: Option<i32>, weight: Weight) -> Terms {
    Terms {
        weight,
        ..Terms::new(kind, target, value)
    }
}

async fn limits(store: &base::sql::Store) -> [Limits; 2] {
    let spec = load(store).await.spec();
    [spec.classes[0].limits, spec.classes[1].limits]
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn one_row_is_for_all_teachers_and_ones_own_goes_before_it(pool: PgPool) {
    let store = store(&pool).await;
    let before = load(&store).await;
    let (hard, _) = priced(&before);
    assert!(before.spec().teachers.iter().all(|t| t.per_day.is_none()));
    let all = terms(Kind::TeacherLessons, Target::School, Some(1), Weight::Must);
    let row = put(&store, all).await.unwrap();
    let data = load(&store).await;
    let spec = data.spec();
    assert!(!spec.teachers.is_empty());
    assert!(
        spec.teachers
            .iter()
            .all(|t| t.per_day.is_some_and(|l| l.value == 1 && l.hard))
    );
    // the lesson of Monday on Wednesday, where the teacher has one: forbidden, and said by name
    let verdict = maths(&data, 2, 0);
    assert_eq!(verdict.level, Level::Clash, "{verdict:?}");
    assert_eq!(
        priced(&data).0,
        hard,
        "nobody has two lessons on a day as it lies"
    );
    // one's own is milder, and counts
    let own = terms(
        Kind::TeacherLessons,
        Target::Teacher(MATHS),
        Some(3),
        Weight::Rather,
    );
    put(&store, own).await.unwrap();
    let data = load(&store).await;
    assert!(maths(&data, 2, 0).level < Level::Clash);
    let others = data.spec().teachers;
    let mine = data.teachers.iter().position(|t| t.id == MATHS).unwrap();
    for (n, spec) in others.iter().enumerate() {
        let wanted = if n == mine { (3, false) } else { (1, true) };
        assert_eq!(spec.per_day.map(|l| (l.value, l.hard)), Some(wanted));
    }
    assert_eq!(events(&pool, "requirement.saved").await, 2);
    // the page has it as a row of the school, and removing it is an event
    let rows = page(&store).await.rows_of(Kind::TeacherLessons, Target::School);
    assert_eq!(rows.len(), 1);
    act(&store, deputy(), async |ctx| remove(ctx, row.id, 0).await)
        .await
        .unwrap();
    assert_eq!(events(&pool, "requirement.removed").await, 1);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn no_windows_for_pupils_is_one_must_and_grades_and_a_class_go_before_it(pool: PgPool) {
    let store = store(&pool).await;
    let wish = terms(Kind::ClassWindow, Target::School, None, Weight::Must);
    put(&store, wish).await.unwrap();
    for limits in limits(&store).await {
        assert_eq!(limits.windows_per_day.map(|l| (l.value, l.hard)), Some((0, true)));
    }
    // maths lies second on Wednesday: a fifth lesson would leave two windows
    let data = load(&store).await;
    let verdict = maths(&data, 2, 4);
    assert_eq!(verdict.level, Level::Clash, "{verdict:?}");
    let most = |target, value, weight| terms(Kind::ClassWindows, target, Some(value), weight);
    put(&store, most(Target::School, 3, Weight::Very)).await.unwrap();
    put(&store, most(Target::Grades(5, 9), 2, Weight::Rather))
        .await
        .unwrap();
    put(&store, most(Target::Class(ClassId(100)), 1, Weight::Must))
        .await
        .unwrap();
    let [first, second] = limits(&store).await.map(|l| l.windows_per_day.unwrap());
    assert_eq!((first.value, first.hard), (1, true), "its own");
    assert_eq!(
        (second.value, second.hard, second.penalty),
        (2, false, 12),
        "that of its grade"
    );
    // two rows about the same grades at one time are two answers to one question
    let twice = put(&store, most(Target::Grades(7, 7), 0, Weight::Rather)).await;
    assert!(matches!(twice, Err(AppError::Invalid { .. })), "{twice:?}");
    // what is asked of all never makes the law milder
    put(
        &store,
        terms(Kind::ClassLessons, Target::School, Some(12), Weight::Must),
    )
    .await
    .unwrap();
    let [law, _] = limits(&store).await.map(|l| l.per_day.unwrap().value);
    assert!(law < 12);
    put(
        &store,
        terms(Kind::PointsADay, Target::Grades(7, 7), Some(30), Weight::Rather),
    )
    .await
    .unwrap();
    let [points, _] = limits(&store).await.map(|l| l.points_per_day.unwrap());
    assert_eq!((points.value, points.penalty, points.hard), (30, 6, false));
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_rules_of_the_week_are_the_schools_to_switch_on_and_off(pool: PgPool) {
    let store = store(&pool).await;
    let norm = |kind, value, weight| terms(kind, Target::Grades(5, 11), value, weight);
    let [before, _] = limits(&store).await;
    let hard = before.hard_lessons.unwrap();
    assert_eq!((hard.from, hard.to), (2, 4));
    assert!(before.peak_days.is_some());
    assert_eq!(
        (before.light_days, before.edge_days, before.homework_per_day),
        (None, None, None),
        "known at second hand: nobody is asked until a school says so"
    );
    // the lessons of hard subjects as the school sees them, with what is the school's own said
    let from = put(&store, norm(Kind::HardLessonFrom, Some(1), Weight::Rather))
        .await
        .unwrap();
    put(&store, norm(Kind::HardLessonTo, Some(5), Weight::Rather))
        .await
        .unwrap();
    let [now, _] = limits(&store).await;
    let hard = now.hard_lessons.unwrap();
    assert_eq!((hard.from, hard.to), (1, 5));
    act(&store, deputy(), async |ctx| remove(ctx, from.id, 0).await)
        .await
        .unwrap();
    // off
    put(&store, norm(Kind::HardLessons, None, Weight::Off))
        .await
        .unwrap();
    put(&store, norm(Kind::PeakDays, None, Weight::Off))
        .await
        .unwrap();
    let [off, _] = limits(&store).await;
    assert_eq!((off.hard_lessons, off.peak_days), (None, None));
    let (_, quiet) = priced(&load(&store).await);
    // on
    put(&store, norm(Kind::LightDay, None, Weight::Rather))
        .await
        .unwrap();
    put(&store, norm(Kind::EdgeDays, None, Weight::Very))
        .await
        .unwrap();
    let [on, _] = limits(&store).await;
    assert_eq!(
        on.light_days.map(|d| (d.days, d.penalty)),
        Some((0b1100, 2)),
        "Wednesday or Thursday"
    );
    assert_eq!(
        on.edge_days.map(|d| (d.days, d.penalty)),
        Some((0b1_0001, 3)),
        "a week of five days"
    );
    // 7А has English on Monday only, ten points a lesson, of twenty a week: four are an average day
    let data = load(&store).await;
    let told: Vec<_> = data
        .board()
        .unwrap()
        .conflicts()
        .into_iter()
        .filter_map(|p| match p.reason {
            Reason::Limit {
                kind: LimitKind::EdgeDay,
                found,
                limit,
                norm,
                ..
            } => Some((p.day, found, limit, norm)),
            _ => None,
        })
        .collect();
    assert_eq!(told.len(), 1, "{told:?}");
    let (day, found, average, norm) = told[0];
    assert_eq!((day, found, average), (Some(0), 10, 4));
    let clause = &data.norms[usize::try_from(norm.0).unwrap()].clause;
    assert!(clause.starts_with("СП 2.4.3648-20, п. 3.4.16"), "{clause}");
    assert_eq!(priced(&data).1 - quiet, i64::from(found - average) * 3);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn homework_does_not_come_together_where_a_school_marks_its_subjects(pool: PgPool) {
    let store = store(&pool).await;
    let one = terms(Kind::HomeworkADay, Target::Grades(1, 11), Some(1), Weight::Rather);
    put(&store, one).await.unwrap();
    assert!(load(&store).await.spec().cards.iter().all(|c| !c.homework));
    let mark = Terms::new(Kind::MuchHomework, Target::Subject(ALGEBRA), None);
    put(&store, mark).await.unwrap();
    let data = load(&store).await;
    let marked = data.spec().cards.iter().filter(|c| c.homework).count();
    assert_eq!(marked, 3, "the lessons of maths and no others");
    let verdict = maths(&data, 2, 0);
    let broken = verdict.reasons.iter().find(|r| {
        matches!(
            r,
            Reason::Limit {
                kind: LimitKind::HomeworkPerDay,
                found: 2,
                limit: 1,
                hard: false,
                ..
            }
        )
    });
    let said = words::full(base::Lang::Ru, &data, broken.unwrap());
    assert!(said.contains("уроков с большой домашней подготовкой"), "{said}");
    // the figure is the school's, and so it is said
    let lighter = maths(&data, 1, 0);
    assert!(
        !lighter.reasons.iter().any(|r| matches!(
            r,
            Reason::Limit {
                kind: LimitKind::HomeworkPerDay,
                ..
            }
        )),
        "{lighter:?}"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_is_extracurricular_is_no_lesson_of_the_norms(pool: PgPool) {
    let store = store(&pool).await;
    let before = load(&store).await;
    assert!(before.spec().cards.iter().all(|c| !c.beside));
    let mark = Terms::new(Kind::Extracurricular, Target::Subject(ALGEBRA), None);
    put(&store, mark).await.unwrap();
    let data = load(&store).await;
    assert_eq!(
        data.spec().cards.iter().filter(|c| c.beside).count(),
        3,
        "the lessons of maths and no others"
    );
    let lessons = |data: &BoardData| {
        let days = data.board().unwrap().class_days(timetable::ClassIx(0));
        days.iter().map(|d| d.lessons).sum::<u16>()
    };
    assert!(
        lessons(&data) < lessons(&before),
        "the week is shorter by what lies of them"
    );
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn what_cannot_be_asked_of_all_is_refused_and_nobody_else_may_ask(pool: PgPool) {
    let store = store(&pool).await;
    let wrong = [
        terms(Kind::TeacherFreeDay, Target::School, Some(1), Weight::Very),
        terms(Kind::TeacherLessons, Target::Grades(5, 9), Some(5), Weight::Very),
        terms(Kind::ClassMoves, Target::School, Some(1), Weight::Very),
        terms(Kind::ClassWindows, Target::Grades(0, 4), Some(1), Weight::Very),
        terms(Kind::ClassWindows, Target::Grades(9, 5), Some(1), Weight::Very),
        terms(Kind::PointsADay, Target::School, Some(5), Weight::Very),
        terms(Kind::LightDay, Target::Grades(5, 9), None, Weight::Must),
        terms(Kind::HardLessonTo, Target::Grades(5, 9), None, Weight::Rather),
    ];
    for terms in wrong {
        let refused = put(&store, terms.clone()).await;
        assert!(
            matches!(refused, Err(AppError::Invalid { .. })),
            "{terms:?} {refused:?}"
        );
    }
    // the database itself keeps the rule
    let wrong = [
        "insert into requirement (school_id, kind, value, weight, changed_by, changed_at)
         values (10, 'teacher_free_day', 1, 'very', 1, now())",
        "insert into requirement (school_id, kind, class_id, value, weight, changed_by, changed_at)
         values (10, 'teacher_lessons_a_day', 100, 1, 'very', 1, now())",
        "insert into requirement (school_id, kind, class_id, grade_from, grade_to, value, weight, changed_by, changed_at)
         values (10, 'class_windows_a_day', 100, 5, 9, 1, 'very', 1, now())",
    ];
    for sql in wrong {
        assert!(sqlx::query(sql).execute(&pool).await.is_err(), "{sql}");
    }
    let good = "insert into requirement (school_id, kind, value, weight, changed_by, changed_at)
        values (10, 'teacher_lessons_a_day', 1, 'very', 1, now())";
    sqlx::query(good).execute(&pool).await.unwrap();
    sqlx::query("delete from requirement where school_id = 10")
        .execute(&pool)
        .await
        .unwrap();
    let all = terms(Kind::TeacherLessons, Target::School, Some(5), Weight::Very);
    let tries = async |actor| {
        act(&store, actor, async |ctx| save(ctx, None, all.clone()).await)
            .await
            .err()
    };
    assert_eq!(tries(staff(10, 2, "teacher")).await, Some(AppError::Forbidden));
    assert_eq!(tries(mother()).await, Some(AppError::NotFound));
    assert_eq!(
        count(&pool, "select count(*) from requirement where school_id = 10").await,
        0
    );
    // what another school asks of all its teachers is none of this one's
    act(&store, staff(20, 4, "deputy"), async |ctx| {
        save(ctx, None, all.clone()).await
    })
    .await
    .unwrap();
    assert!(load(&store).await.requirements.is_empty());
}
