//! What each kind of organisation opens with, and by which periods the classes of an imported timetable go.
#![cfg(feature = "sql")]
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "helpers of tests")]

mod importing;
mod school;

use base::Lang;
use importing::import;
use school::{act, now, staff, store};
use sqlx::PgPool;
use study_core::opening::sql::open_school;

async fn found(pool: &PgPool, id: i64, kind: &str) {
    sqlx::query("insert into organisation (id, parent_id, kind, name, short_name, path) values ($1, 2, $2, $3, $3, array[1, 2, $1])")
        .bind(id)
        .bind(kind)
        .bind(format!("Новая {id}"))
        .execute(pool)
        .await
        .unwrap();
    sqlx::query("insert into school_person (school_id, person_id) values ($1, 1)")
        .bind(id)
        .execute(pool)
        .await
        .unwrap();
}

/// The kinds of periods with their days, in order.
async fn periods(pool: &PgPool, school: i64) -> Vec<String> {
    sqlx::query_scalar(
        "select s.kind || coalesce(' ' || p.number || ' ' || p.starts_on || ' ' || p.ends_on, '') from period_system s
         left join period p on p.school_id = s.school_id and p.system_id = s.id where s.school_id = $1 order by s.id, p.number",
    )
    .bind(school)
    .fetch_all(pool)
    .await
    .unwrap()
}

async fn holidays(pool: &PgPool, school: i64) -> Vec<String> {
    sqlx::query_scalar("select title from holiday where school_id = $1 order by starts_on")
        .bind(school)
        .fetch_all(pool)
        .await
        .unwrap()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_college_opens_with_semesters_and_a_kindergarten_without_periods(pool: PgPool) {
    for (id, kind) in [(40, "college"), (41, "kindergarten"), (42, "school")] {
        found(&pool, id, kind).await;
    }
    let store = store(&pool).await;
    for id in [40, 41, 42] {
        act(&store, staff(id, 1, "director"), async |ctx| {
            open_school(ctx, 2026).await
        })
        .await
        .unwrap();
    }
    assert_eq!(
        periods(&pool, 40).await,
        [
            "semester 1 2026-09-01 2026-12-30",
            "semester 2 2027-01-11 2027-06-30"
        ]
    );
    assert_eq!(periods(&pool, 41).await, Vec::<String>::new());
    assert_eq!(
        periods(&pool, 42)
            .await
            .iter()
            .filter(|p| p.starts_with("quarter"))
            .count(),
        4
    );
    // a college learns through a school's autumn, and a kindergarten has no breaks at all
    let breaks = |all: Vec<String>| all.into_iter().filter(|t| t.contains("каникулы")).count();
    assert_eq!(breaks(holidays(&pool, 40).await), 1);
    assert_eq!(breaks(holidays(&pool, 41).await), 0);
    assert!(
        holidays(&pool, 41)
            .await
            .contains(&"Новогодние праздники".to_owned())
    );
    assert_eq!(breaks(holidays(&pool, 42).await), 4);
}

fn file(classes: &[&str]) -> String {
    let years: String = classes
        .iter()
        .map(|name| format!("<Year><Name>{name}</Name><Number_of_Students>25</Number_of_Students></Year>"))
        .collect();
    let lessons: String = (1..)
        .zip(classes)
        .map(|(n, name)| {
            format!(
                "<Activity><Teacher>Новый А.Б.</Teacher><Subject>Физика</Subject><Students>{name}</Students><Duration>1</Duration>\
                 <Total_Duration>1</Total_Duration><Id>{n}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>"
            )
        })
        .collect();
    let slots: String = (1..=5)
        .map(|n| format!("<Hour><Name>{n}</Name></Hour>"))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<fet version=\"6.0.0\"><Institution_Name>Новая</Institution_Name><Comments></Comments>\
         <Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day></Days_List>\
         <Hours_List><Number_of_Hours>5</Number_of_Hours>{slots}</Hours_List>\
         <Subjects_List><Subject><Name>Физика</Name></Subject></Subjects_List><Activity_Tags_List></Activity_Tags_List>\
         <Teachers_List><Teacher><Name>Новый А.Б.</Name></Teacher></Teachers_List><Students_List>{years}</Students_List>\
         <Activities_List>{lessons}</Activities_List><Buildings_List></Buildings_List><Rooms_List></Rooms_List>\
         <Time_Constraints_List></Time_Constraints_List><Space_Constraints_List></Space_Constraints_List></fet>"
    )
}

/// By which kind of periods each grade goes after the import of these classes.
async fn imported(pool: &PgPool, school: i64, classes: &[&str]) -> Vec<(i16, String)> {
    let store = store(pool).await;
    let mut ctx = store
        .begin(staff(school, 1, "deputy"), now(), Lang::Ru)
        .await
        .unwrap();
    let outcome = Box::pin(import(&mut ctx, file(classes).as_bytes())).await;
    ctx.close(outcome).await.unwrap();
    sqlx::query_as(
        "select p.grade, s.kind from parallel p join period_system s on s.school_id = p.school_id and s.id = p.period_system_id
         where p.school_id = $1 order by p.grade",
    )
    .bind(school)
    .fetch_all(pool)
    .await
    .unwrap()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn an_imported_class_goes_by_the_periods_of_its_organisation(pool: PgPool) {
    for (id, kind) in [
        (40, "college"),
        (41, "kindergarten"),
        (42, "school"),
        (43, "college"),
    ] {
        found(&pool, id, kind).await;
    }
    let by = |kind: &str, grades: &[i16]| -> Vec<(i16, String)> {
        grades.iter().map(|g| (*g, kind.to_owned())).collect()
    };
    // a new organisation is opened by its first file
    assert_eq!(
        imported(&pool, 40, &["1ПД-1", "4ПД-1"]).await,
        by("semester", &[1, 4])
    );
    assert_eq!(
        periods(&pool, 40).await.len(),
        2,
        "semesters of the opening, no quarters"
    );
    let mut school = by("quarter", &[9]);
    school.extend(by("half_year", &[10]));
    assert_eq!(imported(&pool, 42, &["9А", "10А"]).await, school);
    assert_eq!(imported(&pool, 41, &["Ромашка"]).await, by("year", &[0]));
    assert_eq!(
        periods(&pool, 41).await,
        ["year"],
        "the system that a class has to have, without periods"
    );
    // a college that cut its year into half-years itself
    sqlx::raw_sql(
        "insert into academic_year (id, school_id, title, starts_on, ends_on) values (4300, 43, '2026/27', '2026-09-01', '2027-08-31');
         insert into period_system (school_id, id, year_id, kind, title) values (43, 4301, 4300, 'quarter', 'Четверти'), (43, 4302, 4300, 'half_year', 'Полугодия')",
    )
    .execute(&pool)
    .await
    .unwrap();
    assert_eq!(imported(&pool, 43, &["2ПД-1"]).await, by("half_year", &[2]));
}
