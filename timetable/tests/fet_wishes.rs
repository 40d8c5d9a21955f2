//! What is wished of a FET file's timetable beyond the file: few windows, the hardest days in the middle of the week.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use timetable::problem::{Solution, breaches, evaluate};
use timetable::schools::fet;

const DAYS: [&str; 5] = ["Понедельник", "Вторник", "Среда", "Четверг", "Пятница"];

/// One class with two lessons of each of two subjects: algebra (10 points, three units) and sports (2 points, one unit).
fn school(class: &str, more: &str) -> String {
    let days: String = DAYS.map(|d| format!("<Day><Name>{d}</Name></Day>")).concat();
    let lesson = |id: u32, subject: &str, teacher: &str| {
        format!(
            "<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject><Students>{class}</Students>\
             <Duration>1</Duration><Total_Duration>1</Total_Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id>\
             <Active>true</Active></Activity>"
        )
    };
    let lessons = [
        lesson(1, "Алгебра", "А"),
        lesson(2, "Алгебра", "А"),
        lesson(3, "Физкультура", "Б"),
        lesson(4, "Физкультура", "Б"),
    ]
    .concat();
    format!(
        "<fet version=\"6.8.5\"><Subjects_List><Subject><Name>Алгебра</Name></Subject><Subject><Name>Физкультура</Name></Subject></Subjects_List>\
         <Days_List><Number_of_Days>5</Number_of_Days>{days}</Days_List>\
         <Hours_List><Number_of_Hours>3</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour>\
         <Hour><Name>3</Name></Hour></Hours_List>\
         <Teachers_List><Teacher><Name>А</Name></Teacher><Teacher><Name>Б</Name></Teacher></Teachers_List>\
         <Students_List><Year><Name>параллель</Name><Group><Name>{class}</Name></Group></Year></Students_List>\
         <Activities_List>{lessons}</Activities_List>\
         <Time_Constraints_List>{more}</Time_Constraints_List></fet>"
    )
}

/// The soft cost with the four lessons at these days and hours.
fn soft(school: &fet::FetSchool, places: [(u32, u32); 4]) -> i64 {
    let mut solution = Solution::empty(&school.problem)
        .completed(&school.problem)
        .unwrap();
    for meet in &mut solution.meets {
        let (day, hour) = places[usize::try_from(meet.event).unwrap()];
        meet.time = Some(day * 3 + hour);
    }
    let cost = evaluate(&school.problem, &solution);
    assert_eq!(
        cost.hard,
        0,
        "{:?}",
        breaches(&school.problem, &solution).breaches
    );
    cost.soft
}

#[test]
fn no_day_but_tuesday_and_wednesday_is_harder_than_the_mean() {
    let mut school = fet::read(school("7Б", "").as_bytes()).unwrap();
    let before = school.problem.constraints.len();
    school.wish_hard_days_in_the_middle();
    assert_eq!(school.problem.constraints.len(), before + 1);
    // Eight units in five days: one a day.
    assert_eq!(
        soft(&school, [(1, 0), (2, 0), (0, 0), (4, 0)]),
        0,
        "algebra on Tuesday and Wednesday"
    );
    assert_eq!(
        soft(&school, [(0, 0), (2, 0), (1, 0), (4, 0)]),
        2,
        "three on Monday"
    );
    assert_eq!(
        soft(&school, [(0, 0), (4, 0), (0, 1), (4, 1)]),
        6,
        "four on Monday and on Friday"
    );
    assert_eq!(
        soft(&school, [(1, 0), (1, 1), (3, 0), (3, 1)]),
        1,
        "two on Thursday"
    );
}

#[test]
fn a_class_without_a_grade_has_no_points() {
    let mut school = fet::read(school("Alpha", "").as_bytes()).unwrap();
    let before = school.problem.constraints.len();
    school.wish_hard_days_in_the_middle();
    assert_eq!(school.problem.constraints.len(), before);
}

#[test]
fn windows_cost_one_each_and_are_wished_few_where_the_file_speaks_of_them() {
    let limit = "<ConstraintTeachersMaxGapsPerWeek><Weight_Percentage>100</Weight_Percentage><Max_Gaps>2</Max_Gaps>\
                 <Active>true</Active></ConstraintTeachersMaxGapsPerWeek>";
    let mut speaks = fet::read(school("7Б", limit).as_bytes()).unwrap();
    assert!(speaks.speaks_of_gaps());
    let asleep = limit.replace("<Active>true", "<Active>false");
    for silent in ["", &asleep] {
        assert!(
            !fet::read(school("7Б", silent).as_bytes())
                .unwrap()
                .speaks_of_gaps()
        );
    }
    speaks.wish_few_gaps();
    assert_eq!(soft(&speaks, [(0, 0), (0, 2), (0, 1), (1, 0)]), 1);
    assert_eq!(soft(&speaks, [(0, 0), (0, 1), (0, 2), (1, 0)]), 0);
}
