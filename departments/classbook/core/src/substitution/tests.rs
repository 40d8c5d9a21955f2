use super::*;
use proptest::prelude::*;

const MATHS: SubjectId = SubjectId(1);

fn person(id: i64, name: &str, subjects: &[i64]) -> Person {
    Person {
        employee: EmployeeId(id),
        name: name.into(),
        subjects: subjects.iter().copied().map(SubjectId).collect(),
    }
}

fn given(who: i64, lesson: i64, slot: i16) -> Given {
    Given {
        employee: EmployeeId(who),
        lesson: LessonId(lesson),
        slot,
        what: format!("7Б, {lesson}"),
    }
}

fn line(lesson: i64, slot: i16, own: &[i64]) -> Line {
    Line {
        lesson: LessonId(lesson),
        slot,
        subject: MATHS,
        title: "Математика".into(),
        audience: "7А".into(),
        teachers: String::new(),
        own: own.iter().copied().map(EmployeeId).collect(),
        substitute: None,
        reason: None,
        off: false,
        locked: false,
    }
}

fn day(teacher: Option<i64>, people: Vec<Person>, given: Vec<Given>) -> Day {
    Day {
        day: NaiveDate::default(),
        teacher: teacher.map(EmployeeId),
        class: None,
        classes: vec![],
        lessons: vec![],
        people,
        given,
    }
}

#[test]
fn who_is_free_and_teaches_the_subject_comes_first() {
    let people = vec![
        person(1, "Абрамова", &[2]),
        person(2, "Бритова", &[1]),
        person(3, "Ветрова", &[2]),
        person(4, "Громова", &[1]),
        person(5, "Дымова", &[1]),
    ];
    // the lesson 10 in the third slot is of 5; 2 gives another one then, 3 one before
    let day = day(
        None,
        people,
        vec![given(5, 10, 2), given(2, 11, 2), given(3, 12, 1)],
    );
    let found = day.candidates(&line(10, 2, &[5]));
    let names: Vec<_> = found.iter().map(|c| (c.person.name.as_str(), c.busy)).collect();
    assert_eq!(
        names,
        [
            ("Громова", None),
            ("Ветрова", None),
            ("Абрамова", None),
            ("Бритова", Some("7Б, 11"))
        ]
    );
    // of two who teach it one may give it alone, unless absent
    let two = line(10, 2, &[4, 5]);
    assert!(
        day.candidates(&two)
            .iter()
            .any(|c| c.person.employee == EmployeeId(4))
    );
    let absent = Day {
        teacher: Some(EmployeeId(4)),
        ..day.clone()
    };
    assert!(
        absent
            .candidates(&two)
            .iter()
            .all(|c| c.person.employee != EmployeeId(4))
    );
}

#[test]
fn two_lessons_of_one_act_clash_too() {
    let all = [given(1, 10, 2), given(1, 11, 2), given(1, 12, 3), given(2, 13, 2)];
    let found = |lessons: &[i64]| -> Vec<i64> {
        let lessons: Vec<_> = lessons.iter().copied().map(LessonId).collect();
        clashes(&all, &lessons).iter().map(|g| g.lesson.0).collect()
    };
    assert_eq!(found(&[10]), [11]);
    assert_eq!(found(&[10, 11]), [10, 11]);
    assert!(found(&[12]).is_empty());
    assert!(found(&[13]).is_empty());
}

proptest! {
    #[test]
    fn busy_is_told_of_exactly_those_who_would_clash(
        all in prop::collection::vec((1i64..6, 10i64..16, 0i16..3), 0..12),
        slot in 0i16..3,
    ) {
        // a lesson has one slot
        let all: Vec<Given> = all.into_iter().map(|(who, lesson, _)| given(who, lesson, i16::try_from(lesson % 3).unwrap())).collect();
        let people = (1..6).map(|id| person(id, "", &[])).collect();
        let day = day(None, people, all.clone());
        let lesson = line(99, slot, &[]);
        let found = day.candidates(&lesson);
        prop_assert_eq!(found.len(), 5);
        prop_assert!(found.is_sorted_by_key(|c| c.busy.is_some()));
        for c in found {
            let mut then = all.clone();
            then.push(given(c.person.employee.0, 99, slot));
            prop_assert_eq!(c.busy.is_some(), !clashes(&then, &[LessonId(99)]).is_empty());
        }
    }
}
