//! Faults of locks, rooms, and lessons that belong together; see `faults.rs`.
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
use named::{at, days, every_day, named};
use timetable::problem::Subject;
use timetable::search::explain::{Requirement, Why};

#[test]
fn too_few_rooms_of_a_kind() {
    // 6 x (5 + 3 + 2) lessons in two rooms of 31 hours that are used.
    let mut school = School::new();
    for subject in ["История", "Литература", "География", "Биология", "ИЗО"]
    {
        school.rooms_of(subject, &["205", "206"]);
    }
    for room in ["205", "206"] {
        school.room_away(room, &every_day(&[5, 6]));
    }
    let found = named(&school);
    let conflict = found.first();
    let Why::Rooms {
        resources,
        needed,
        available,
    } = &conflict.why
    else {
        panic!("{conflict:?}");
    };
    let rooms: Vec<&str> = resources.iter().map(|r| found.who(*r)).collect();
    assert_eq!((rooms, *needed, *available), (vec!["205", "206"], 51, 50));
    assert_eq!(
        conflict.lack,
        54 + 6 - 50,
        "with Музыка, which may only be in 206"
    );
    assert!(found.holds(conflict, "subject preferred rooms", "Литература"));
    assert!(found.holds(conflict, "room not available times", "205"));
    assert!(found.holds(conflict, "room not available times", "206"));
}

#[test]
fn the_only_gym_is_closed_too_often() {
    let mut school = School::new();
    school.room_away("Спортзал", &days(&[1, 3, 4]));
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Times { resource, .. } if found.who(resource) == "Спортзал")
            || matches!(conflict.why, Why::Spread { .. }),
        "{conflict:?}"
    );
    assert!(
        found
            .all
            .iter()
            .any(|c| found.advises(c, "room not available times", "Спортзал")
                || found.holds(c, "room not available times", "Спортзал"))
    );
}

#[test]
fn part_timers_of_parallel_halves_without_a_common_hour() {
    let mut school = School::new();
    school.teacher_away("Байтов", &days(&[0, 1, 2]));
    school.teacher_away("Битов", &days(&[3, 4]));
    let found = named(&school);
    let conflict = found.first();
    assert!(matches!(conflict.why, Why::Nowhere { .. }), "{conflict:?}");
    assert!(found.holds(conflict, "teacher not available times", "Байтов"));
    assert!(found.holds(conflict, "teacher not available times", "Битов"));
    assert!(found.holds(conflict, "activities same starting time", "Информатика"));
    assert_eq!((found.rules(conflict), found.cards(conflict)), (3, 2));
    let best = conflict.loosen.first().unwrap();
    let Requirement::Point(best, Subject::Resource(_)) = best else {
        panic!("{best:?} is not an absence");
    };
    assert_eq!(
        found.problem.constraints[at(*best)].label.name,
        "teacher not available times",
        "an absence helps all classes, a link only one"
    );
}

#[test]
fn too_few_common_hours_of_parallel_halves() {
    // Six lessons of each pair, five hours at which both are there.
    let mut school = School::new();
    school.teacher_away("Байтов", &every_day(&[0, 1, 2]));
    school.teacher_away("Битов", &every_day(&[4, 5, 6]));
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(
            conflict.why,
            Why::Times {
                needed: 6,
                available: 5,
                ..
            }
        ),
        "{conflict:?}"
    );
    for teacher in ["Байтов", "Битов"] {
        assert!(
            found
                .all
                .iter()
                .any(|c| found.holds(c, "teacher not available times", teacher))
        );
    }
    assert!(found.holds(conflict, "activities same starting time", "Информатика"));
}

#[test]
fn two_locks_of_one_teacher_at_one_time() {
    let mut school = School::new();
    let (a, b) = (school.ids("История", "5А")[0], school.ids("История", "7Б")[1]);
    school.lock(a, 2, 1);
    school.lock(b, 2, 1);
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Clash { resource, time: 15, .. } if found.who(resource) == "Орлов"),
        "{conflict:?}"
    );
    assert_eq!(found.locks(conflict), [a.to_string(), b.to_string()]);
    assert_eq!(
        conflict.requirements.len(),
        3,
        "two locks, and that Орлов is one person"
    );
    assert!(matches!(conflict.loosen.first(), Some(Requirement::Lock(_))));
}

#[test]
fn a_lock_where_the_teacher_or_the_class_is_away() {
    for class in [false, true] {
        let mut school = School::new();
        let id = school.ids("История", "5А")[0];
        if class {
            school.class_away("5А", &[(3, 0)]);
        } else {
            school.teacher_away("Орлов", &[(3, 0)]);
        }
        school.lock(id, 3, 0);
        let found = named(&school);
        let conflict = found.first();
        let event = found
            .problem
            .events
            .iter()
            .position(|e| e.label.id == id.to_string());
        assert!(
            matches!(conflict.why, Why::Nowhere { event: e } if Some(at(e)) == event),
            "{conflict:?}"
        );
        assert_eq!(found.locks(conflict), [id.to_string()]);
        assert_eq!(conflict.requirements.len(), 2);
        let (name, who) = if class {
            ("students set", "5А")
        } else {
            ("teacher", "Орлов")
        };
        assert!(found.holds(conflict, &format!("{name} not available times"), who));
    }
}

#[test]
fn a_lesson_locked_at_two_times() {
    let mut school = School::new();
    let id = school.ids("История", "5А")[0];
    school.lock(id, 0, 1);
    school.lock(id, 1, 2);
    let found = named(&school);
    let conflict = found.first();
    assert!(matches!(conflict.why, Why::Nowhere { .. }));
    assert_eq!(found.locks(conflict), [id.to_string()]);
    assert!(found.holds(conflict, "activity preferred starting time", "История"));
    assert_eq!(conflict.requirements.len(), 2);
}

#[test]
fn no_room_is_large_enough_or_open() {
    let mut school = School::new();
    school.rooms_of("ИЗО", &["Каморка"]);
    let found = named(&school);
    let conflict = found.first();
    assert!(matches!(conflict.why, Why::NoRoom { .. }), "{conflict:?}");
    assert!(found.holds(conflict, "subject preferred room", "ИЗО"));
    assert!(found.holds(conflict, "a room large enough for 26", "ИЗО"));

    let mut school = School::new();
    school.room_away("Мастерская 1", &every_day(&[0, 1, 2, 3, 4, 5, 6]));
    school.room_away("Мастерская 2", &every_day(&[0, 2, 4, 6]));
    let found = named(&school);
    let conflict = found.first();
    assert!(matches!(conflict.why, Why::Nowhere { .. }), "{conflict:?}");
    for room in ["Мастерская 1", "Мастерская 2"] {
        assert!(found.holds(conflict, "room not available times", room));
    }
    assert!(found.holds(conflict, "subject preferred rooms", "Труд"));
}

#[test]
fn two_requirements_about_a_room_without_one_in_common() {
    let mut school = School::new();
    let id = school.ids("Музыка", "6А")[0];
    school.space(
        "ActivityPreferredRoom",
        &format!(
            "<Activity_Id>{id}</Activity_Id><Room>201</Room><Permanently_Locked>true</Permanently_Locked>"
        ),
    );
    let found = named(&school);
    let conflict = found.first();
    assert!(matches!(conflict.why, Why::NoRoom { .. }), "{conflict:?}");
    assert!(found.holds(conflict, "subject preferred room", "Музыка 6А"));
    assert!(found.holds(conflict, "activity preferred room", "Музыка 6А"));
    assert_eq!(found.all.len(), 1);
}

#[test]
fn linked_lessons_that_contradict() {
    // One teacher.
    let mut school = School::new();
    let (a, b) = (school.ids("История", "5А")[0], school.ids("История", "6А")[0]);
    school.at_once(&[a, b]);
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Together { resource: Some(r), .. } if found.who(r) == "Орлов"),
        "{conflict:?}"
    );
    assert!(found.advises(conflict, "activities same starting time", "История"));
    assert_eq!(found.cards(conflict), 2);

    // Locked apart.
    let mut school = School::new();
    let ids: Vec<u32> = ["5А 1", "5А 2"]
        .iter()
        .map(|half| school.ids("Английский", half)[0])
        .collect();
    school.lock(ids[0], 0, 1);
    school.lock(ids[1], 0, 2);
    let found = named(&school);
    let conflict = found.first();
    assert_eq!(found.locks(conflict).len(), 2);
    assert!(found.holds(conflict, "activities same starting time", "Английский"));
    assert_eq!(conflict.requirements.len(), 3);
}

#[test]
fn gaps_that_wanted_times_force() {
    let mut school = School::new();
    school.time(
        "TeacherMaxGapsPerWeek",
        "<Teacher_Name>Орлов</Teacher_Name><Max_Gaps>0</Max_Gaps>",
    );
    school.none_starts("Орлов", "", &every_day(&[2, 4]));
    // Two, one and two hours in a row: ten of twelve lessons.
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Gaps { resource, allowed: 0 } if found.who(resource) == "Орлов"),
        "{conflict:?}"
    );
    assert!(found.holds(conflict, "teacher max gaps per week", "Орлов"));
    assert!(conflict.requirements.len() > 11, "{conflict:?}");
}

#[test]
fn who_is_away_in_the_middle_of_a_day_has_no_gap_there() {
    // So it is in FET: hours at which somebody cannot come are no gaps.
    let mut school = School::new();
    school.time(
        "TeacherMaxGapsPerWeek",
        "<Teacher_Name>Орлов</Teacher_Name><Max_Gaps>0</Max_Gaps>",
    );
    school.teacher_away("Орлов", &every_day(&[2, 4]));
    named::possible(&school);
}

#[test]
fn locks_that_force_a_gap() {
    let mut school = School::new();
    let ids = school.ids("Русский", "7А");
    let ids = [ids[0], school.ids("Литература", "7А")[0]];
    school.lock(ids[0], 1, 0);
    school.lock(ids[1], 1, 2);
    school.none_starts("", "7А", &[(1, 1)]);
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Gaps { allowed: 0, .. }),
        "{conflict:?}"
    );
    assert_eq!(found.locks(conflict).len(), 2);
    assert!(found.holds(conflict, "students max gaps per week", "7А"));
}

#[test]
fn an_order_that_goes_in_a_circle() {
    let mut school = School::new();
    let (a, b) = (school.ids("История", "5А")[0], school.ids("ИЗО", "5А")[0]);
    for (first, second) in [(a, b), (b, a)] {
        let body = format!(
            "<First_Activity_Id>{first}</First_Activity_Id><Second_Activity_Id>{second}</Second_Activity_Id>"
        );
        school.time("TwoActivitiesOrdered", &body);
    }
    let found = named(&school);
    let conflict = found.first();
    assert!(found.holds(conflict, "two activities ordered", ""));
    assert_eq!(
        (
            found.rules(conflict),
            found.cards(conflict),
            conflict.requirements.len()
        ),
        (2, 2, 4)
    );
}

/// Several faults at once are several conflicts, each with its own.
#[test]
fn faults_are_told_apart() {
    let mut school = School::new();
    school.time(
        "TeacherMaxHoursDaily",
        "<Teacher_Name>Быстров</Teacher_Name><Maximum_Hours_Daily>3</Maximum_Hours_Daily>",
    );
    school.rooms_of("ИЗО", &["Каморка"]);
    let id = school.ids("История", "5А")[0];
    school.teacher_away("Орлов", &[(3, 0)]);
    school.lock(id, 3, 0);
    let found = named(&school);
    let any = |name: &str, about: &str| found.all.iter().filter(|c| found.holds(c, name, about)).count();
    assert_eq!(any("teacher max hours daily", "Быстров"), 1);
    assert_eq!(any("teacher not available times", "Орлов"), 1);
    assert_eq!(any("subject preferred room", "ИЗО"), 1, "one for all six classes");
    assert_eq!(
        found
            .all
            .iter()
            .find(|c| matches!(c.why, Why::NoRoom { .. }))
            .unwrap()
            .lack,
        6
    );
    assert_eq!(found.all.len(), 3);
}
