//! The week of the first grade: five days, also in the file of a school of six.
#![cfg(feature = "sql")]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::large_futures,
    reason = "helpers of tests"
)]

mod importing;
mod school;

use base::Lang;
use base::sql::Store;
use importing::import;
use school::{deputy, now, store};
use sqlx::PgPool;
use study_core::timetable::sql::board;
use study_core::timetable::{regime, words};
use timetable::Board;

/// A first and an eighth grade in a week of six days; `at`: when the lessons of the first grade are, day and lesson.
fn school_of_six(at: &[(&str, u32)]) -> String {
    let days = ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб"];
    let day: String = days
        .iter()
        .map(|d| format!("<Day><Name>{d}</Name></Day>"))
        .collect();
    let mut activities = String::new();
    let mut locks = String::new();
    for id in 1..=7 {
        let class = if id == 7 { "8В" } else { "1А" };
        activities.push_str(&format!(
            "<Activity><Teacher>Веберова Инга</Teacher><Subject>Чтение</Subject><Students>{class}</Students><Duration>1</Duration>\
             <Total_Duration>1</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>"
        ));
    }
    for (id, (day, hour)) in (1..).zip(at) {
        locks.push_str(&format!(
            "<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>{id}</Activity_Id>\
             <Preferred_Day>{day}</Preferred_Day><Preferred_Hour>{hour}</Preferred_Hour><Permanently_Locked>true</Permanently_Locked>\
             <Active>true</Active></ConstraintActivityPreferredStartingTime>"
        ));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><fet version=\"6.8.5\"><Institution_Name>Школа</Institution_Name>\
         <Days_List><Number_of_Days>6</Number_of_Days>{day}</Days_List>\
         <Hours_List><Number_of_Hours>2</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour></Hours_List>\
         <Subjects_List><Subject><Name>Чтение</Name></Subject></Subjects_List>\
         <Teachers_List><Teacher><Name>Веберова Инга</Name></Teacher></Teachers_List>\
         <Students_List><Year><Name>1А</Name></Year><Year><Name>8В</Name></Year></Students_List>\
         <Activities_List>{activities}</Activities_List><Time_Constraints_List>{locks}</Time_Constraints_List>\
         <Space_Constraints_List></Space_Constraints_List></fet>"
    )
}

/// Days of the week and weekdays with bells, by grade.
async fn weeks(pool: &PgPool) -> Vec<(i16, i16, i64)> {
    sqlx::query_as(
        "select p.grade, p.week_days, (select count(distinct u.weekday) from bell_use u
            where u.school_id = p.school_id and u.year_id = p.year_id and u.grade = p.grade)
         from parallel p where p.school_id = 10 and p.grade in (1, 8) order by p.grade",
    )
    .fetch_all(pool)
    .await
    .unwrap()
}

/// Imports; what is said of the days of a class's week.
async fn told(store: &Store, file: &str) -> Vec<String> {
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = Box::pin(import(&mut ctx, file.as_bytes())).await;
    let done = ctx.close(outcome).await.unwrap();
    let mut ctx = store.begin(deputy(), now(), Lang::Ru).await.unwrap();
    let outcome = Box::pin(board(&mut ctx, done.version)).await;
    let data = ctx.close(outcome).await.unwrap();
    let laid = Board::new(data.spec()).unwrap();
    regime::remarks(&data, &laid)
        .into_iter()
        .filter(|r| matches!(r.fault, regime::Fault::Week { .. }))
        .map(|r| words::remark(Lang::Ru, &data, &r))
        .collect()
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_first_grade_learns_five_days_also_in_a_school_of_six(pool: PgPool) {
    let store = store(&pool).await;
    let five = [("Пн", 1), ("Вт", 1), ("Ср", 1), ("Чт", 1), ("Пт", 1), ("Пт", 2)];
    assert!(told(&store, &school_of_six(&five)).await.is_empty());
    assert_eq!(weeks(&pool).await, [(1, 5, 5), (8, 6, 6)]);
}

#[sqlx::test(
    migrations = "../../../migrations",
    fixtures(path = "../../../../base/fixtures", scripts("small"))
)]
async fn a_file_that_lays_a_first_grade_on_saturday_keeps_its_lesson_and_is_told_the_norm(pool: PgPool) {
    let store = store(&pool).await;
    let six = [("Пн", 1), ("Вт", 1), ("Ср", 1), ("Чт", 1), ("Пт", 1), ("Сб", 1)];
    let words = told(&store, &school_of_six(&six)).await;
    assert_eq!(
        words,
        ["1А учится 6 дней в неделю, а этим классам положено не больше 5"]
    );
    assert_eq!(weeks(&pool).await, [(1, 6, 6), (8, 6, 6)]);
}
