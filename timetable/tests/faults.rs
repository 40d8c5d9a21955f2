//! Faults put into a school's FET file that can be solved without them: each is named for what it is, with the requirement that was
//! put in, the people and lessons concerned, and nothing needless. Here what concerns the week; locks, links and rooms in
//! `faults_together.rs`.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod core_only;
mod fet_school;
mod named;

use fet_school::School;
use named::{STEPS, days, every_day, named, possible};
use timetable::schools::fet;
use timetable::search::explain::{Why, conflicts};
use timetable::search::{Ground, Plan, Search, Tuning};

#[test]
fn without_a_fault_nothing_is_found_and_the_school_is_solved() {
    let file = fet::read(School::new().text().as_bytes()).unwrap();
    let p = &file.problem;
    assert_eq!(p.events.len(), 6 * (23 + 2 * 5));
    assert_eq!(conflicts(p, 1, STEPS), vec![]);
    let ground = Ground::new(p);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 4_000_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.cost().hard > 0 && search.run(4096) {}
    assert_eq!(
        search.cost().hard,
        0,
        "the school must be solvable, or the faults prove nothing"
    );
}

#[test]
fn more_lessons_than_bells_for_a_class() {
    let mut school = School::new();
    for _ in 0..4 {
        school.lesson("Шашкин", "Шахматы", "5А", 1);
    }
    let found = named(&school);
    let conflict = found.first();
    let Why::Times {
        resource,
        needed,
        available,
    } = conflict.why
    else {
        panic!("{conflict:?}");
    };
    assert!(found.who(resource).starts_with("5А"));
    assert_eq!((needed, available, conflict.lack), (32, 31, 2));
    assert!(found.holds(conflict, "students set not available times", "5А"));
    assert!(found.advises(conflict, "students set not available times", "5А"));
    assert_eq!((found.rules(conflict), found.all.len()), (1, 1));
}

#[test]
fn a_teacher_with_more_hours_than_free_times() {
    let mut school = School::new();
    let mut away = days(&[2, 3, 4]);
    away.extend([(0, 0), (0, 6), (1, 0), (1, 6)]);
    school.teacher_away("Орлов", &away);
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Times { resource, needed: 11, available: 10 } if found.who(resource) == "Орлов"),
        "{conflict:?}"
    );
    assert_eq!(
        (found.rules(conflict), found.cards(conflict), conflict.lack),
        (1, 11, 2)
    );
    assert!(found.advises(conflict, "teacher not available times", "Орлов"));
    assert_eq!(found.all.len(), 1);
}

#[test]
fn a_subject_on_more_days_than_there_are() {
    for (more, apart) in [(1, 1), (0, 2)] {
        let mut school = School::new();
        for _ in 0..more {
            school.lesson("Иванова", "Русский", "5А", 1);
        }
        let ids = school.ids("Русский", "5А");
        school.apart(&ids, apart);
        let found = named(&school);
        let conflict = found.first();
        assert!(matches!(conflict.why, Why::Spread { .. }), "{conflict:?}");
        assert!(found.holds(conflict, "min days between activities", "Русский 5А"));
        assert_eq!(found.rules(conflict), 1);
        // six on five days, or four of them two days apart
        assert_eq!(found.cards(conflict), if more == 1 { 6 } else { 4 });
        assert!(found.advises(conflict, "min days between activities", "Русский 5А"));
    }
}

#[test]
fn spread_subjects_of_a_teacher_with_too_short_a_day() {
    // Three classes have mathematics on every day, so that a day of two hours is too short.
    let away = [(0, 0), (0, 1), (0, 2), (0, 5), (0, 6)];
    let mut school = School::new();
    school.teacher_away("Сидорова", &away[..4]);
    possible(&school);
    let mut school = School::new();
    school.teacher_away("Сидорова", &away);
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Times { resource, needed: 15, available: 14 } if found.who(resource) == "Сидорова"),
        "{conflict:?}"
    );
    assert_eq!((found.rules(conflict), found.cards(conflict)), (4, 15));
    assert!(found.holds(conflict, "min days between activities", "Математика 5Б"));
    assert!(found.holds(conflict, "teacher not available times", "Сидорова"));
    assert_eq!(found.all.len(), 1);
}

#[test]
fn too_few_lessons_a_day() {
    let mut school = School::new();
    school.time(
        "TeacherMaxHoursDaily",
        "<Teacher_Name>Быстров</Teacher_Name><Maximum_Hours_Daily>3</Maximum_Hours_Daily>",
    );
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Times { resource, needed: 16, available: 15 } if found.who(resource) == "Быстров"),
        "{conflict:?}"
    );
    assert_eq!((conflict.lack, found.rules(conflict)), (3, 1));
    assert!(found.advises(conflict, "teacher max hours daily", "Быстров"));

    let mut school = School::new();
    school.time(
        "StudentsSetMaxHoursDaily",
        "<Students>6Б</Students><Maximum_Hours_Daily>5</Maximum_Hours_Daily>",
    );
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Times { available: 25, .. }),
        "{conflict:?}"
    );
    assert!(found.advises(conflict, "students set max hours daily", "6Б"));
    assert_eq!(found.all.len(), 1, "both halves of a class are one class");
}

#[test]
fn a_double_lesson_without_two_bells_in_a_row() {
    let mut school = School::new();
    school.teacher_away("Швец", &every_day(&[1, 3, 5]));
    let found = named(&school);
    let conflict = found.first();
    assert!(matches!(conflict.why, Why::Nowhere { .. }), "{conflict:?}");
    assert!(found.holds(conflict, "an activity is in one piece", "Труд"));
    assert!(found.holds(conflict, "teacher not available times", "Швец"));
    assert!(found.advises(conflict, "teacher not available times", "Швец"));
    assert!(
        found.cards(conflict) == 1 && conflict.requirements.len() <= 4,
        "{conflict:?}"
    );
}

#[test]
fn free_days_of_a_teacher_leave_too_few_for_a_subject() {
    // By a limit on days, and by absence.
    let mut school = School::new();
    school.time(
        "TeacherMaxDaysPerWeek",
        "<Teacher_Name>Сидорова</Teacher_Name><Max_Days_Per_Week>4</Max_Days_Per_Week>",
    );
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Days { resource, allowed: 4 } if found.who(resource) == "Сидорова"),
        "{conflict:?}"
    );
    assert!(found.holds(conflict, "min days between activities", "Математика"));
    assert!(
        found.advises(conflict, "teacher max days per week", "Сидорова"),
        "it helps three classes at once"
    );
    assert_eq!((found.rules(conflict), found.cards(conflict)), (2, 5));

    let mut school = School::new();
    school.teacher_away("Сидорова", &days(&[2]));
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(
            conflict.why,
            Why::Spread {
                needed: 5,
                available: 4,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert_eq!((found.rules(conflict), found.cards(conflict)), (2, 5));
}

#[test]
fn too_few_lessons_for_the_least_of_a_day() {
    let mut school = School::new();
    school.time(
        "StudentsSetMinHoursDaily",
        "<Students>7Б</Students><Minimum_Hours_Daily>6</Minimum_Hours_Daily><Allow_Empty_Days>false</Allow_Empty_Days>",
    );
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(
            conflict.why,
            Why::TooLittle {
                needed: 30,
                available: 29,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert!(found.holds(conflict, "students set min hours daily", "7Б"));
}

#[test]
fn who_cannot_come_at_first_begins_with_the_second_lesson() {
    // So it is in FET: a day begins at the first hour at which somebody can come.
    let mut school = School::new();
    school.time(
        "StudentsEarlyMaxBeginningsAtSecondHour",
        "<Max_Beginnings_At_Second_Hour>0</Max_Beginnings_At_Second_Hour>",
    );
    school.class_away("6А", &[(2, 0)]);
    named::possible(&school);
}

#[test]
fn lessons_wanted_at_too_few_times() {
    let mut school = School::new();
    let cells = (0..5).flat_map(|d| {
        (1..=2).map(move |h| {
            let day = fet_school::DAYS[d];
            format!("<Preferred_Starting_Time><Preferred_Starting_Day>{day}</Preferred_Starting_Day><Preferred_Day>{day}</Preferred_Day><Preferred_Hour>{h}</Preferred_Hour></Preferred_Starting_Time>")
        })
    });
    let body = format!(
        "<Teacher_Name></Teacher_Name><Students_Name></Students_Name><Subject_Name>Математика</Subject_Name><Activity_Tag_Name></Activity_Tag_Name><Duration></Duration>{}",
        cells.collect::<String>()
    );
    school.time("ActivitiesPreferredStartingTimes", &body);
    let found = named(&school);
    let conflict = found.first();
    // Fifteen lessons of a teacher in ten places; the eleventh is one too many.
    let Why::Times {
        resource,
        needed: 11,
        available: 10,
    } = conflict.why
    else {
        panic!("{conflict:?}");
    };
    assert!(["Сидорова", "Кузнецова"].contains(&found.who(resource)));
    assert!(found.holds(conflict, "activities preferred starting times", "Математика"));
}
