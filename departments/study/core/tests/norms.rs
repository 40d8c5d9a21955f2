//! Which norms a version is judged by: of its kind of organisation, of its month; and what its bells do against them.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod asking;
mod school;

use asking::IN_FORCE;
use base::Lang;
use base::sql::Store;
use chrono::{DateTime, NaiveDate, Utc};
use school::{deputy, store};
use sqlx::PgPool;
use study_core::requirement::facts::Asked;
use study_core::timetable::regime::{Remark, remarks};
use study_core::timetable::sql::board;
use study_core::timetable::{BoardData, OrgKind, words};

fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// The board as the deputy director sees it at a moment.
async fn load_at(store: &Store, at: DateTime<Utc>) -> BoardData {
    let mut ctx = store.begin(deputy(), at, Lang::Ru).await.unwrap();
    let out = board(&mut ctx, IN_FORCE).await;
    ctx.close(out).await.unwrap()
}

async fn load(store: &Store) -> BoardData {
    load_at(store, day(11, 21).and_hms_opt(8, 0, 0).unwrap().and_utc()).await
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_college_has_the_norms_of_a_college(pool: PgPool) {
    let store = store(&pool).await;
    let week = |data: &BoardData| data.spec().classes[0].limits.per_week.map(|l| l.value);
    let school = load(&store).await;
    assert_eq!((school.org, week(&school)), (OrgKind::School, Some(32)));
    assert!(school.spec().classes[0].limits.per_day.is_some());
    // the same people and cards; its «7» is a course now, and course 2 is no second grade
    sqlx::query("update organisation set kind = 'college' where id = 10")
        .execute(&pool)
        .await
        .unwrap();
    let data = load(&store).await;
    assert_eq!(data.org, OrgKind::College);
    assert!(
        data.norms.iter().all(|n| n.clause.contains("СПО")),
        "{:?}",
        data.norms
    );
    let limits = data.spec().classes[0].limits;
    assert_eq!(
        (limits.per_day, limits.hard_lessons, limits.peak_days),
        (None, None, None)
    );
    assert!(
        data.loads.iter().all(|l| l.difficulty == 0),
        "no scale of difficulty of a school"
    );
    for course in 1..=4 {
        let mut class = data.classes[0].clone();
        class.grade = course;
        let found = study_core::timetable::norms::limits(&data.norms, Asked(&[]), &class).per_week;
        assert_eq!(found.map(|l| l.value), Some(36), "course {course}");
    }
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn the_steps_of_the_first_grade_hold_in_their_months(pool: PgPool) {
    let store = store(&pool).await;
    let on = async |month: u32| {
        let at = day(month, 15).and_hms_opt(9, 0, 0).unwrap().and_utc();
        let data = load_at(&store, at).await;
        let value = |kind: &str| {
            data.norms
                .iter()
                .find(|n| n.kind == kind && n.grade_from == 1)
                .unwrap()
                .value
        };
        [
            value("lessons_a_day"),
            value("lesson_minutes"),
            value("lessons_a_week"),
        ]
    };
    assert_eq!(on(9).await, [3, 35, 15]);
    assert_eq!(on(11).await, [4, 35, 21]);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn bells_and_shifts_against_the_norms_are_told_with_figures_and_clause(pool: PgPool) {
    let store = store(&pool).await;
    let told = async || -> Vec<(String, String)> {
        let data = load(&store).await;
        let judge = data.board().unwrap();
        let one = |r: &Remark| {
            let norm = words::norm_of_remark(&data, r).unwrap();
            (words::remark(Lang::Ru, &data, r), words::clause(Lang::Ru, norm))
        };
        remarks(&data, &judge).iter().map(one).collect()
    };
    assert!(
        told().await.is_empty(),
        "two lessons of 45 minutes, a break of ten"
    );
    for sql in [
        "update bell set starts_at = '07:50', ends_at = '08:40' where school_id = 10 and number = 1",
        "update bell set starts_at = '08:45' where school_id = 10 and number = 2",
        // nobody has a third lesson: its bell does not count
        "update bell set ends_at = '12:50' where school_id = 10 and number = 3",
        "insert into parallel (school_id, year_id, grade, period_system_id) values (10, 5, 9, 5)",
        "update class set shift = 2, grade = 9 where school_id = 10 and id = 101",
        // 7Б, now a ninth grade, has maths as well
        "insert into load_audience (school_id, load_id, class_id) values (10, 500, 101)",
    ] {
        sqlx::query(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&pool)
            .await
            .unwrap();
    }
    let lines = told().await;
    let find = |part: &str| lines.iter().find(|(words, _)| words.contains(part));
    let (_, clause) = find("7Б учится в 2-ю смену").expect("the shift");
    assert!(
        clause.contains("СП 2.4.3648-20, п. 3.4.15, с 01.03.2021"),
        "{clause}"
    );
    assert!(
        find("уроки начинаются в 7:50, раньше 8:00").is_some(),
        "{lines:?}"
    );
    assert!(
        find("1-й урок 50 мин, 2-й урок 85 мин — норма не больше 45").is_some(),
        "{lines:?}"
    );
    assert!(find("перемена после 1-го урока 5 мин").is_some(), "{lines:?}");
    assert_eq!(lines.len(), 4, "{lines:?}");
    // a card held over the early lesson hears of it too
    let data = load(&store).await;
    let english = data.board().unwrap().unplaced()[0];
    let verdict = data.board().unwrap().judge(english, 1, 0, None);
    let said: Vec<String> = verdict
        .reasons
        .iter()
        .map(|r| words::full(Lang::Ru, &data, r))
        .collect();
    assert!(said.iter().any(|s| s.contains("начинается в 7:50")), "{said:?}");
}
