//! Faults put into a school's FET file that can be solved without them: each is named for what it is, with the requirement that was
//! put in, the people and lessons concerned, and nothing needless.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod core_only;
mod fet_school;

use fet_school::{CLASSES, School};
use timetable::problem::{Problem, Subject};
use timetable::schools::fet;
use timetable::search::explain::{Conflict, Requirement, Why, conflicts};
use timetable::search::{Ground, Plan, Search, Tuning};

/// Steps of reasoning for a whole file: what the command allows.
const STEPS: u64 = 20_000_000;

fn at(n: u32) -> usize {
    usize::try_from(n).unwrap()
}

/// What was found in a file with a fault.
struct Named {
    problem: Problem,
    all: Vec<Conflict>,
}

fn named(school: &School) -> Named {
    let text = school.text();
    let file = fet::read(text.as_bytes()).unwrap();
    assert_eq!(file.unknown, vec![]);
    let problem = file.problem;
    let all = conflicts(&problem, 5, STEPS);
    for conflict in &all {
        core_only::assert_minimal(&problem, conflict);
    }
    assert!(!all.is_empty(), "nothing was found");
    Named { problem, all }
}

impl Named {
    fn first(&self) -> &Conflict {
        &self.all[0]
    }

    fn who(&self, resource: u32) -> &str {
        &self.problem.resources[at(resource)].label.name
    }

    /// Whether a conflict holds a constraint of this name about this resource, or event, or group with that event.
    fn holds(&self, conflict: &Conflict, constraint: &str, about: &str) -> bool {
        conflict.requirements.iter().any(|r| {
            let Requirement::Point(c, subject) = r else {
                return false;
            };
            let event = |e: &u32| self.problem.event(*e).label.name.contains(about);
            self.problem.constraints[at(*c)]
                .label
                .name
                .starts_with(constraint)
                && match subject {
                    Subject::Resource(r) => self.who(*r).contains(about),
                    Subject::Event(e) | Subject::Seat(e, _) => event(e),
                    Subject::Group(g) => self.problem.event_groups[at(*g)].events.iter().any(event),
                    Subject::Pair(_) => about.is_empty(),
                }
        })
    }

    fn locks(&self, conflict: &Conflict) -> Vec<&str> {
        let locks = conflict.requirements.iter().filter_map(|r| match r {
            Requirement::Lock(e) => Some(self.problem.event(*e).label.id.as_str()),
            Requirement::Point(..) => None,
        });
        locks.collect()
    }

    /// Requirements that are neither lessons nor nature.
    fn rules(&self, conflict: &Conflict) -> usize {
        let rules = conflict.requirements.iter();
        rules
            .filter(|r| !r.is_nature(&self.problem) && r.card(&self.problem).is_none())
            .count()
    }

    fn cards(&self, conflict: &Conflict) -> usize {
        conflict
            .requirements
            .iter()
            .filter(|r| r.card(&self.problem).is_some())
            .count()
    }

    /// The requirement that is said to help most is of this name and about this resource or event.
    fn advises(&self, conflict: &Conflict, constraint: &str, about: &str) -> bool {
        let Some(best) = conflict.loosen.first() else {
            return false;
        };
        let alone = Conflict {
            requirements: vec![*best],
            ..conflict.clone()
        };
        self.holds(&alone, constraint, about)
    }
}

fn every_day(hours: &[u32]) -> Vec<(u32, u32)> {
    (0..5)
        .flat_map(|day| hours.iter().map(move |h| (day, *h)))
        .collect()
}

fn days(days: &[u32]) -> Vec<(u32, u32)> {
    days.iter()
        .flat_map(|day| (0..7).map(move |h| (*day, h)))
        .collect()
}

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
    let mut search = Search::new(&ground.net, &ground.domains, plan);
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
    assert!(found.advises(conflict, "teacher not available times", "Сидорова"));
    assert_eq!((found.rules(conflict), found.cards(conflict)), (2, 5));
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
fn gaps_that_absences_force() {
    let mut school = School::new();
    school.time(
        "TeacherMaxGapsPerWeek",
        "<Teacher_Name>Орлов</Teacher_Name><Max_Gaps>0</Max_Gaps>",
    );
    school.teacher_away("Орлов", &every_day(&[2, 4]));
    // Two, one and two hours between absences: ten of twelve lessons.
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Gaps { resource, allowed: 0 } if found.who(resource) == "Орлов"),
        "{conflict:?}"
    );
    assert!(found.holds(conflict, "teacher max gaps per week", "Орлов"));
    assert!(found.holds(conflict, "teacher not available times", "Орлов"));
    assert_eq!((found.rules(conflict), found.cards(conflict)), (2, 11));
}

#[test]
fn locks_that_force_a_gap() {
    let mut school = School::new();
    let ids = school.ids("Русский", "7А");
    let ids = [ids[0], school.ids("Литература", "7А")[0]];
    school.lock(ids[0], 1, 0);
    school.lock(ids[1], 1, 2);
    school.class_away("7А", &[(1, 1)]);
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(conflict.why, Why::Gaps { allowed: 0, .. }),
        "{conflict:?}"
    );
    assert_eq!(found.locks(conflict).len(), 2);
    assert!(found.holds(conflict, "students set not available times", "7А"));
    assert!(found.holds(conflict, "students max gaps per week", "7А"));
    assert_eq!(conflict.requirements.len(), 4);
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
fn a_day_must_begin_with_the_first_lesson_and_cannot() {
    let mut school = School::new();
    school.time(
        "StudentsEarlyMaxBeginningsAtSecondHour",
        "<Max_Beginnings_At_Second_Hour>0</Max_Beginnings_At_Second_Hour>",
    );
    school.class_away("6А", &[(2, 0)]);
    let found = named(&school);
    let conflict = found.first();
    assert!(
        matches!(
            conflict.why,
            Why::TooLittle {
                needed: 5,
                available: 4,
                ..
            }
        ),
        "{conflict:?}"
    );
    assert!(found.holds(conflict, "students early max beginnings", "6А"));
    assert!(found.holds(conflict, "students set not available times", "6А"));
    assert_eq!(conflict.requirements.len(), 2);
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
    assert_eq!(CLASSES.len(), 6);
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
