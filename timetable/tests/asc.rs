//! Files of aSc Timetables: read, solved, written back, read again; broken and hostile ones refused.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use proptest::prelude::*;
use timetable::problem::{Cost, Problem, Rule, Solution, evaluate};
use timetable::schools::asc::{self, AscSchool};
use timetable::search::{Ground, Plan, Search, Tuning};

/// Two classes; 7А in halves for English and in boys and girls for PE; a double of PE; computing every other week; a lesson of
/// both classes; a locked card; a table that nobody knows; a card of no lesson.
const SCHOOL: &str = include_str!("small_asc.xml");

fn school() -> AscSchool {
    asc::read(SCHOOL.as_bytes()).unwrap()
}

fn of_lesson(p: &Problem, lesson: &str) -> Vec<u32> {
    let own = (0..)
        .zip(&p.events)
        .filter(|(_, e)| e.label.id.starts_with(&format!("{lesson}:")));
    own.map(|(at, _)| at).collect()
}

/// Whether two lessons share somebody, so that they cannot be at one time.
fn meet(p: &Problem, a: &str, b: &str) -> bool {
    let (a, b) = (of_lesson(p, a)[0], of_lesson(p, b)[0]);
    let mut fixed = p.event(a).seats.iter().filter_map(|s| s.fixed);
    fixed.any(|who| p.event(b).seats.iter().any(|s| s.fixed == Some(who)))
}

#[test]
fn who_meets_whom() {
    let school = school();
    let p = &school.problem;
    assert_eq!((p.times.len(), p.events.len()), (12, 8));
    assert_eq!(p.times[0].name, "Понедельник нулевой");
    assert_eq!(p.times[4].name, "Вторник нулевой");
    assert_eq!(p.times[11].name, "day 3 3", "a day without a name");
    // Halves of one division are apart, of different ones they are not, and the class meets both.
    assert!(!meet(p, "L1", "L2"));
    assert!(meet(p, "L1", "L3") && meet(p, "L2", "L3"));
    assert!(meet(p, "L1", "L6") && meet(p, "L2", "L6") && meet(p, "L3", "L6"));
    // Every other week: the class is the same, but never at once.
    assert!(!meet(p, "L4", "L5"));
    assert!(meet(p, "L4", "L6") && meet(p, "L5", "L6"));
    // Vera has a lesson in even weeks and others always.
    assert!(meet(p, "L5", "L3"));
    assert_eq!(p.event(of_lesson(p, "L3")[0]).duration, 2);
    assert_eq!(of_lesson(p, "L3").len(), 1, "two periods a week in a card of two");
    assert_eq!(p.event(of_lesson(p, "L6")[0]).time, Some(7), "the lock");
    assert_eq!(
        p.event(of_lesson(p, "L1")[0]).label.name,
        "Английский 7А 1 группа"
    );
    assert_eq!(p.event(of_lesson(p, "L6")[0]).label.name, "Хор 7А 7Б");
}

#[test]
fn what_is_not_understood_is_listed_and_kept() {
    let school = school();
    let kinds: Vec<(&str, u32)> = school
        .unknown
        .iter()
        .map(|u| (u.kind.as_str(), u.count))
        .collect();
    assert_eq!(kinds, [("teachercards", 1), ("card of no lesson or no place", 1)]);
    let text = school.write(&school.present);
    for kept in [
        "secret &lt;42&gt;",
        "GONE",
        "#FF0000",
        "нулевой",
        "idprefix:X",
        "locked=\"1\"",
    ] {
        assert!(text.contains(kept), "{kept}");
    }
}

#[test]
fn a_timetable_goes_out_and_comes_back() {
    let school = school();
    let timed = |s: &Solution| s.meets.iter().filter(|m| m.time.is_some()).count();
    assert_eq!(
        timed(&school.present),
        6,
        "two cards of English lie beside the timetable"
    );
    let before = evaluate(&school.problem, &school.present);
    assert_eq!(before.hard, 2 + 2, "two cards without a time and without a room");
    let again = asc::read(school.write(&school.present).as_bytes()).unwrap();
    assert_eq!(again.problem, school.problem);
    assert_eq!(again.present, school.present);
    assert_eq!(again.unknown.len(), school.unknown.len());
}

#[test]
fn a_school_is_solved_written_and_read_again() {
    let school = school();
    let p = &school.problem;
    let ground = Ground::new(p);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 50_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(1000) {}
    assert_eq!(search.cost().hard, 0);
    let solution = search.best().completed(p).unwrap();
    let again = asc::read(school.write(&solution).as_bytes()).unwrap();
    let sorted = |s: &Solution| {
        let mut meets: Vec<String> = s.meets.iter().map(|m| format!("{m:?}")).collect();
        meets.sort();
        meets
    };
    assert_eq!(sorted(&again.present), sorted(&solution));
    assert_eq!(evaluate(&again.problem, &again.present), search.cost());
    // Computing stays on Monday, as its lesson says.
    for lesson in ["L4", "L5"] {
        let event = of_lesson(p, lesson)[0];
        let meet = solution.meets.iter().find(|m| m.event == event).unwrap();
        assert!(meet.time.unwrap() < 4);
    }
}

#[test]
fn a_double_that_is_two_elements_stays_two_elements() {
    let card = "<card lessonid=\"L3\" classroomids=\"R3\" period=\"2\" weeks=\"11\" days=\"100\"/>";
    let second = card.replace("period=\"2\"", "period=\"3\"");
    let text = SCHOOL.replace(card, &format!("{second}{card}"));
    let school = asc::read(text.as_bytes()).unwrap();
    assert_eq!(school.problem, self::school().problem);
    assert_eq!(school.present, self::school().present);
    let written = school.write(&school.present);
    assert_eq!(written.matches("lessonid=\"L3\"").count(), 2);
    assert_eq!(asc::read(written.as_bytes()).unwrap().present, school.present);
}

#[test]
fn a_card_on_several_days_is_several_cards() {
    let text = SCHOOL.replace(
        "period=\"1\" weeks=\"11\" days=\"100\"/>",
        "period=\"1\" weeks=\"11\" days=\"110\"/>",
    );
    let school = asc::read(text.as_bytes()).unwrap();
    let english = of_lesson(&school.problem, "L1");
    assert_eq!(english.len(), 2);
    let times: Vec<_> = english
        .iter()
        .map(|e| school.present.meets[usize::try_from(*e).unwrap()].time)
        .collect();
    assert_eq!(times, [Some(1), Some(5)]);
    // The other lesson of English was moved to Tuesday as well, and meets nobody there.
    assert_eq!(evaluate(&school.problem, &school.present).hard, 0);
}

#[test]
fn students_with_lessons_of_their_own() {
    let text = SCHOOL
        .replace(
            "<lessons ",
            "<students columns=\"id\"><student id=\"P1\" name=\"Пётр\" classid=\"C1\"/><student id=\"P2\" name=\"Павел\" classid=\"C2\"/></students><lessons ",
        )
        .replace(
            "</lessons>",
            "<lesson id=\"L7\" subjectid=\"S4\" classids=\"C1,C2\" studentids=\"P1\" teacherids=\"T2\" periodspercard=\"1\" periodsperweek=\"1\"/></lessons>",
        );
    let p = asc::read(text.as_bytes()).unwrap().problem;
    assert!(meet(&p, "L7", "L6"), "with his class");
    assert!(meet(&p, "L7", "L4"), "the teacher");
    assert!(!meet(&p, "L7", "L5"), "another class and another teacher");
    assert!(meet(&p, "L7", "L3"), "nobody says who is in the group");
}

#[test]
fn old_encodings_and_old_days_are_read() {
    let text = SCHOOL.replace("encoding=\"UTF-8\"", "encoding=\"windows-1251\"");
    let bytes: Vec<u8> = text
        .chars()
        .map(|c| match u32::from(c) {
            n @ 0..=127 => u8::try_from(n).unwrap(),
            n @ 0x410..=0x44f => u8::try_from(n - 0x410 + 0xc0).unwrap(),
            0x451 => 0xb8,
            n => panic!("{n:x} is not in the sample"),
        })
        .collect();
    let old = asc::read(&bytes).unwrap();
    assert_eq!(old.problem, school().problem);
    let by_number = SCHOOL
        .replace("days=\"100\"/>\n", "day=\"0\"/>\n")
        .replace("days=\"010\" locked", "day=\"1\" locked");
    assert_ne!(by_number, SCHOOL);
    assert_eq!(asc::read(by_number.as_bytes()).unwrap().present, school().present);
    let unknown = SCHOOL.replace("encoding=\"UTF-8\"", "encoding=\"klingon\"");
    assert!(refusal(&unknown).1.contains("klingon"));
    let broken = [SCHOOL.as_bytes(), &[0xff, 0xc3]].concat();
    assert!(asc::read(&broken).unwrap_err().to_string().contains("encoding"));
}

fn refusal(text: &str) -> (u32, String) {
    let fault = asc::read(text.as_bytes()).expect_err("must be refused");
    (fault.line, fault.reason.to_string())
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let with = |from: &str, to: &str| {
        let text = SCHOOL.replacen(from, to, 1);
        assert_ne!(text, SCHOOL);
        refusal(&text)
    };
    assert_eq!(
        with("teacherids=\"T1\"", "teacherids=\"T9\""),
        (20, "there is no teacher \"T9\"".to_owned())
    );
    assert_eq!(
        with("classids=\"C1\"", "classids=\"C9\"").1,
        "there is no class \"C9\""
    );
    assert_eq!(
        with("groupids=\"G1\"", "groupids=\"G9\"").1,
        "there is no group \"G9\""
    );
    assert_eq!(
        with("classroomids=\"R1,R2\"", "classroomids=\"R1,R9\"").1,
        "there is no classroom \"R9\""
    );
    assert_eq!(
        with("<teacher id=\"T2\"", "<teacher id=\"T1\"").1,
        "there are two <teacher> \"T1\""
    );
    assert_eq!(with("<lesson id=\"L2\"", "<lesson id=\"L1\"").0, 21);
    assert!(
        with("periodspercard=\"2\"", "periodspercard=\"9\"")
            .1
            .contains("does not fit")
    );
    assert!(
        with("periodspercard=\"2\"", "periodspercard=\"4000000\"")
            .1
            .contains("L3")
    );
    assert!(
        with("periodsperweek=\"2.0\"", "periodsperweek=\"many\"")
            .1
            .contains("many is not a number")
    );
    assert!(
        with("periodsperweek=\"2.0\"", "periodsperweek=\"90000\"")
            .1
            .contains("L1")
    );
    assert!(
        with("period=\"0\" starttime", "period=\"1\" starttime")
            .1
            .contains("two <period> \"1\"")
    );
    assert!(
        with("days=\"100,010,001\"", &format!("days=\"{}\"", "1".repeat(900)))
            .1
            .contains("900 days")
    );
    assert!(
        with("weeks=\"11\" name", &format!("weeks=\"{}\" name", "1".repeat(90)))
            .1
            .contains("90 weeks")
    );
    assert!(with("<timetable ", "<table ").1.contains("XML"));
    assert!(refusal("<fet/>").1.contains("not a file of aSc"));
    assert!(
        refusal("<!DOCTYPE a [<!ENTITY b \"c\">]><timetable/>")
            .1
            .contains("document types")
    );
    assert!(refusal("<timetable>&bomb;</timetable>").1.contains("bomb"));
    assert!(refusal(&"<timetable>".repeat(500)).1.contains("deeper than"));
    assert!(
        refusal("<timetable><periods/></timetable>")
            .1
            .contains("no periods")
    );
    assert!(
        refusal("<timetable><periods><period period=\"1\"/></periods></timetable>")
            .1
            .contains("no days")
    );
    assert!(refusal("").1.contains("empty"));
}

#[test]
fn too_many_divisions_are_taken_for_the_class() {
    let groups: String = (0..9)
        .flat_map(|d| {
            (0..2).map(move |g| {
                format!("<group id=\"X{d}{g}\" name=\"x\" classid=\"C2\" divisiontag=\"{d}\"/>")
            })
        })
        .collect();
    let lessons: String = (0..9)
        .map(|d| format!("<lesson id=\"M{d}\" classids=\"C2\" groupids=\"X{d}0\" periodsperweek=\"1\"/>"))
        .collect();
    let text = SCHOOL
        .replace("</groups>", &format!("{groups}</groups>"))
        .replace("</lessons>", &format!("{lessons}</lessons>"));
    let school = asc::read(text.as_bytes()).unwrap();
    let p = &school.problem;
    assert!((0..9).all(|a| (0..9).all(|b| meet(p, &format!("M{a}"), &format!("M{b}")))));
    let beyond = school
        .unknown
        .iter()
        .find(|u| u.kind.contains("division"))
        .unwrap();
    assert_eq!(beyond.count, 6, "three divisions of two groups");
    assert!(
        p.constraints
            .iter()
            .any(|c| matches!(c.rule, Rule::AvoidClashes(_)))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damage_never_crashes(at in 0_usize..8000, with in prop::collection::vec(any::<u8>(), 0..12)) {
        let mut bytes = SCHOOL.as_bytes().to_vec();
        let at = at % bytes.len();
        let end = (at + with.len()).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(school) = asc::read(&bytes) {
            // What was read can be written, and what was written can be read.
            let again = asc::read(school.write(&school.present).as_bytes());
            prop_assert!(again.is_ok(), "{:?}", again.err());
        }
    }

    #[test]
    fn numbers_at_random_never_crash(text in "[0-9.,]{0,12}", days in "[01,]{0,20}", period in "[0-9]{0,3}") {
        let text = SCHOOL
            .replacen("periodsperweek=\"2.0\"", &format!("periodsperweek=\"{text}\""), 1)
            .replacen("days=\"010\"", &format!("days=\"{days}\""), 1)
            .replacen("period=\"2\" weeks", &format!("period=\"{period}\" weeks"), 1);
        if let Ok(school) = asc::read(text.as_bytes()) {
            prop_assert!(evaluate(&school.problem, &school.present) >= Cost::default());
        }
    }
}
