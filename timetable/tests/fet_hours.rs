//! Hours that activities keep to: from a FET file, and back.
#![cfg(feature = "fet")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use timetable::draft::TimesOf;
use timetable::fet::{import, write};
use timetable::{CardIx, ClassIx, SchoolDraft, SubjectIx, TeacherIx};

/// A school of two days and three hours: 5А, 5Б and their halves; mathematics of Ада (two lessons each), art of Боб (5А: a double one and a single one).
fn file(constraints: &str) -> String {
    let activity = |id: u32,
                    group: u32,
                    teacher: &str,
                    subject: &str,
                    students: &str,
                    duration: u32,
                    tag: &str| {
        format!(
            "<Activity><Teacher>{teacher}</Teacher><Subject>{subject}</Subject>{tag}<Students>{students}</Students>\
             <Duration>{duration}</Duration><Total_Duration>{duration}</Total_Duration><Id>{id}</Id>\
             <Activity_Group_Id>{group}</Activity_Group_Id><Active>true</Active></Activity>"
        )
    };
    let tag = "<Activity_Tag>доска</Activity_Tag>";
    let activities = [
        activity(1, 1, "Ада", "Математика", "5А", 1, tag),
        activity(2, 1, "Ада", "Математика", "5А", 1, ""),
        activity(3, 3, "Ада", "Математика", "5Б", 1, ""),
        activity(4, 3, "Ада", "Математика", "5Б", 1, ""),
        activity(5, 5, "Боб", "Рисование", "5А", 2, ""),
        activity(6, 5, "Боб", "Рисование", "5А", 1, ""),
        activity(7, 0, "Боб", "Рисование", "5Б 1", 1, ""),
    ]
    .concat();
    let group = |name: &str| format!("<Group><Name>{name}</Name></Group>");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><fet version=\"6.8.5\"><Mode>Official</Mode><Institution_Name>Школа</Institution_Name>\
         <Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day></Days_List>\
         <Hours_List><Number_of_Hours>3</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour></Hours_List>\
         <Subjects_List><Subject><Name>Математика</Name></Subject><Subject><Name>Рисование</Name></Subject></Subjects_List>\
         <Activity_Tags_List><Activity_Tag><Name>доска</Name></Activity_Tag></Activity_Tags_List>\
         <Teachers_List><Teacher><Name>Ада</Name></Teacher><Teacher><Name>Боб</Name></Teacher></Teachers_List>\
         <Students_List><Year><Name>5А</Name></Year><Year><Name>5Б</Name>{}{}</Year></Students_List>\
         <Activities_List>{activities}</Activities_List><Buildings_List></Buildings_List><Rooms_List></Rooms_List>\
         <Time_Constraints_List>{constraints}</Time_Constraints_List><Space_Constraints_List></Space_Constraints_List></fet>",
        group("5Б 1"),
        group("5Б 2"),
    )
}

fn cells(kind: &str, cells: &[(&str, &str)]) -> String {
    let (cell, day, hour) = if kind == "TimeSlots" {
        ("Preferred_Time_Slot", "Preferred_Day", "Preferred_Hour")
    } else {
        (
            "Preferred_Starting_Time",
            "Preferred_Starting_Day",
            "Preferred_Starting_Hour",
        )
    };
    let one = |(d, h): &(&str, &str)| format!("<{cell}><{day}>{d}</{day}><{hour}>{h}</{hour}></{cell}>");
    let all: String = cells.iter().map(one).collect();
    format!("<Number_of_{cell}s>{}</Number_of_{cell}s>{all}", cells.len())
}

/// Activities that a filter leaves: teacher, students, subject, tag, duration.
fn filtered(
    kind: &str,
    weight: &str,
    [teacher, students, subject, tag, duration]: [&str; 5],
    good: &[(&str, &str)],
) -> String {
    let name = format!("ConstraintActivitiesPreferred{kind}");
    format!(
        "<{name}><Weight_Percentage>{weight}</Weight_Percentage><Teacher_Name>{teacher}</Teacher_Name><Students_Name>{students}</Students_Name>\
         <Subject_Name>{subject}</Subject_Name><Activity_Tag_Name>{tag}</Activity_Tag_Name><Duration>{duration}</Duration>{}\
         <Active>true</Active><Comments></Comments></{name}>",
        cells(kind, good)
    )
}

fn one(name: &str, weight: &str, id: u32, fields: &str) -> String {
    format!(
        "<Constraint{name}><Weight_Percentage>{weight}</Weight_Percentage><Activity_Id>{id}</Activity_Id>{fields}\
         <Active>true</Active><Comments></Comments></Constraint{name}>"
    )
}

fn read(constraints: &str) -> SchoolDraft {
    import(file(constraints).as_bytes()).unwrap()
}

/// Whose, the good hours, whether only beginnings are meant, the weight.
type Said = (TimesOf, Vec<(u16, u16)>, bool, u32);

fn said(draft: &SchoolDraft) -> Vec<Said> {
    let row = |t: &timetable::draft::DraftTimes| (t.of.clone(), t.good.iter().collect(), t.starts, t.weight);
    draft.times.iter().map(row).collect()
}

fn cards(ids: &[u32]) -> TimesOf {
    TimesOf::Cards(ids.iter().map(|id| CardIx(id - 1)).collect())
}

#[test]
fn a_filter_names_a_teacher_a_class_a_subject_or_certain_lessons() {
    let first = [("Пн", "1"), ("Вт", "1")];
    let good = vec![(0, 0), (1, 0)];
    for (filter, of) in [
        (["Ада", "", "", "", ""], TimesOf::Teacher(TeacherIx(0))),
        (["", "5А", "", "", ""], TimesOf::Class(ClassIx(0))),
        (["", "", "Математика", "", ""], TimesOf::Subject(SubjectIx(0))),
        (["", "", "", "доска", ""], cards(&[1])),
        (["", "", "Рисование", "", "2"], cards(&[5])),
        (["Ада", "5А", "", "", ""], cards(&[1, 2])),
        // a half is of its class, and the class of its half
        (["", "5Б 1", "", "", ""], cards(&[3, 4, 7])),
        (["Боб", "5Б", "", "", ""], cards(&[7])),
    ] {
        let draft = read(&filtered("TimeSlots", "100", filter, &first));
        assert_eq!(said(&draft), [(of, good.clone(), false, 100_000)], "{filter:?}");
    }
    let everything = read(&filtered("TimeSlots", "40", ["", "", "", "", ""], &first));
    let classes = [ClassIx(0), ClassIx(1)].map(|c| (TimesOf::Class(c), good.clone(), false, 40_000));
    assert_eq!(said(&everything), classes);
    // nobody has such a lesson, and what weighs nothing asks nothing
    assert_eq!(
        said(&read(&filtered(
            "TimeSlots",
            "100",
            ["Боб", "", "Математика", "", ""],
            &first
        ))),
        []
    );
    assert_eq!(
        said(&read(&filtered(
            "TimeSlots",
            "0",
            ["Ада", "", "", "", ""],
            &first
        ))),
        []
    );
}

#[test]
fn beginnings_are_told_from_hours_where_lessons_are_long() {
    let first = [("Пн", "1"), ("Пн", "2")];
    let of_maths = read(&filtered("StartingTimes", "100", ["Ада", "", "", "", ""], &first));
    assert_eq!(
        said(&of_maths),
        [(
            TimesOf::Teacher(TeacherIx(0)),
            vec![(0, 0), (0, 1)],
            false,
            100_000
        )],
        "a lesson of one hour begins where it lies"
    );
    let of_art = read(&filtered("StartingTimes", "100", ["Боб", "", "", "", ""], &first));
    assert_eq!(
        said(&of_art),
        [(cards(&[5, 6, 7]), vec![(0, 0), (0, 1)], true, 100_000)]
    );
}

#[test]
fn single_activities_have_hours_days_and_places_they_would_like() {
    let hours = one(
        "ActivityPreferredTimeSlots",
        "95",
        1,
        &cells("TimeSlots", &[("Вт", "3")]),
    );
    let starts = one(
        "ActivityPreferredStartingTimes",
        "100",
        5,
        &cells("StartingTimes", &[("Вт", "1")]),
    );
    let place = |day: &str, hour: &str| {
        format!(
            "<Preferred_Day>{day}</Preferred_Day><Preferred_Hour>{hour}</Preferred_Hour><Permanently_Locked>false</Permanently_Locked>"
        )
    };
    let wished = one("ActivityPreferredStartingTime", "80", 2, &place("Пн", "2"));
    let day = one("ActivityPreferredStartingTime", "100", 3, &place("Вт", ""));
    let old = one(
        "ActivityPreferredDay",
        "100",
        4,
        "<Preferred_Day>Пн</Preferred_Day>",
    );
    let fixed = one("ActivityPreferredStartingTime", "100", 7, &place("Пн", "1"));
    let draft = read(&[hours, starts, wished, day, old, fixed].concat());
    let all_of = |day: u16| (0..3).map(|slot| (day, slot)).collect::<Vec<_>>();
    assert_eq!(
        said(&draft),
        [
            (cards(&[1]), vec![(1, 2)], false, 95_000),
            (cards(&[5]), vec![(1, 0)], true, 100_000),
            (cards(&[2]), vec![(0, 1)], false, 80_000),
            (cards(&[3]), all_of(1), false, 100_000),
            (cards(&[4]), all_of(0), false, 100_000),
        ]
    );
    let places: Vec<bool> = draft.card_list().map(|(_, _, c)| c.placement.is_some()).collect();
    assert_eq!(places, [false, false, false, false, false, false, true]);
    let told: Vec<&str> = draft.ignored.iter().map(|i| i.kind.as_str()).collect();
    assert_eq!(told, ["Activity_Tag"], "the tag itself");
}

#[test]
fn parts_of_a_divided_activity_are_counted_from_its_first() {
    let text = filtered("TimeSlots", "100", ["", "", "Математика", "", ""], &[("Пн", "1")]);
    let text = text.replace("Activities", "Subactivities").replace(
        "<Teacher_Name>",
        "<Component_Number>2</Component_Number><Teacher_Name>",
    );
    assert_eq!(
        said(&read(&text)),
        [(cards(&[2, 4]), vec![(0, 0)], false, 100_000)]
    );
}

#[test]
fn what_is_wrong_is_refused_and_what_says_no_hour_is_told() {
    let stray = filtered("TimeSlots", "100", ["Ада", "", "", "", ""], &[("Ср", "1")]);
    assert!(import(file(&stray).as_bytes()).is_err());
    let stray = one(
        "ActivityPreferredTimeSlots",
        "100",
        99,
        &cells("TimeSlots", &[("Пн", "1")]),
    );
    assert!(import(file(&stray).as_bytes()).is_err());
    let none = read(&filtered("TimeSlots", "100", ["Ада", "", "", "", ""], &[]));
    assert!(none.times.is_empty());
    assert!(
        none.ignored
            .iter()
            .any(|i| i.kind == "ConstraintActivitiesPreferredTimeSlots")
    );
}

/// Written and read again they are the same.
#[test]
fn hours_come_back() {
    let first = [("Пн", "1"), ("Вт", "1"), ("Вт", "2")];
    let constraints = [
        filtered("TimeSlots", "100", ["Ада", "", "", "", ""], &first),
        filtered("TimeSlots", "60", ["", "", "Рисование", "", ""], &first),
        filtered("TimeSlots", "33.3", ["", "5А", "", "", ""], &first),
        one(
            "ActivityPreferredStartingTimes",
            "100",
            5,
            &cells("StartingTimes", &first),
        ),
    ];
    let draft = read(&constraints.concat());
    assert_eq!(draft.times.len(), 4);
    let again = import(write(&draft).as_bytes()).unwrap();
    assert_eq!(said(&again), said(&draft));
}
