//! Both readers of FET files know the same names: a file is refused by both, at the same line, or by none.
#![cfg(feature = "schools")]
#![allow(clippy::unwrap_used, clippy::expect_used)]

use timetable::problem::Solution;
use timetable::{fet, schools};

const SMALL: &str = include_str!("small.fet");

/// Where each of the two refuses the text.
fn refused(text: &str) -> [Option<u32>; 2] {
    let one = fet::import(text.as_bytes()).err().map(|e| e.line);
    let other = schools::fet::read(text.as_bytes()).err().map(|e| e.line);
    [one, other]
}

/// The file with something else in it, once, and the line where it is.
fn with(from: &str, to: &str) -> (String, u32) {
    let at = SMALL.find(from).unwrap_or_else(|| panic!("{from}"));
    let line = SMALL[..at].matches('\n').count() + 1;
    (SMALL.replacen(from, to, 1), u32::try_from(line).unwrap())
}

#[test]
fn a_name_that_is_twice_is_refused_by_both_where_it_is_again() {
    assert_eq!(refused(SMALL), [None, None]);
    for (again, as_before) in [
        ("<Day><Name>Вт</Name></Day>", "<Day><Name>Пн</Name></Day>"),
        ("<Hour><Name>6</Name></Hour>", "<Hour><Name>1</Name></Hour>"),
        (
            "<Subject><Name>Математика</Name></Subject>",
            "<Subject><Name>Математика</Name></Subject><Subject><Name>Русский</Name></Subject>",
        ),
        (
            "<Activity_Tags_List/>",
            "<Activity_Tags_List><Activity_Tag><Name>а</Name></Activity_Tag><Activity_Tag><Name>а</Name></Activity_Tag></Activity_Tags_List>",
        ),
        (
            "<Teacher><Name>Смит</Name></Teacher>",
            "<Teacher><Name>Смит</Name></Teacher><Teacher><Name>Иванова</Name></Teacher>",
        ),
        (
            "<Building><Name>Главный</Name></Building>",
            "<Building><Name>Главный</Name></Building><Building><Name>Главный</Name></Building>",
        ),
        ("<Room><Name>102</Name>", "<Room><Name>101</Name>"),
        // the same half twice in a class; a class that is a parallel, too
        ("<Subgroup><Name>5А 2</Name>", "<Subgroup><Name>5А 1</Name>"),
        ("<Group><Name>6А м</Name>", "<Group><Name>5 параллель</Name>"),
    ] {
        let (text, line) = with(again, as_before);
        assert_eq!(refused(&text), [Some(line), Some(line)], "{as_before}");
    }
}

#[test]
fn a_name_that_is_nowhere_is_refused_by_both_where_it_is_named() {
    let activity =
        u32::try_from(SMALL[..SMALL.find("<Activity>").unwrap()].matches('\n').count() + 1).unwrap();
    for (there, nowhere) in [
        (
            "<Teacher>Иванова</Teacher>\n <Subject>",
            "<Teacher>Иванов</Teacher>\n <Subject>",
        ),
        ("<Subject>Русский</Subject>", "<Subject>Руский</Subject>"),
        ("<Students>5А</Students>", "<Students>5В</Students>"),
        (
            "<Students>5А</Students>",
            "<Students>5А</Students><Activity_Tag>нет такой</Activity_Tag>",
        ),
    ] {
        let (text, _) = with(there, nowhere);
        assert_eq!(refused(&text), [Some(activity), Some(activity)], "{nowhere}");
    }
    let more = |constraint: &str| {
        with(
            "<ConstraintTeachersMaxGapsPerWeek>",
            &format!("{constraint}<ConstraintTeachersMaxGapsPerWeek>"),
        )
    };
    for (text, line) in [
        with("<Building>Главный</Building>", "<Building>Флигель</Building>"),
        with(" <Room>101</Room>", " <Room>103</Room>"),
        with(
            " <Teacher>Иванова</Teacher>\n <Number_of_Not",
            " <Teacher>Иванов</Teacher>\n <Number_of_Not",
        ),
        // also in what nobody understands, and of a set that nothing else names
        more("<ConstraintOfTomorrow><Teacher>Никто</Teacher></ConstraintOfTomorrow>"),
        more("<ConstraintOfTomorrow><Subject_Name>Ничто</Subject_Name></ConstraintOfTomorrow>"),
        more(
            "<ConstraintStudentsSetMaxHoursDaily><Maximum_Hours_Daily>5</Maximum_Hours_Daily><Students>7Я</Students></ConstraintStudentsSetMaxHoursDaily>",
        ),
    ] {
        assert_eq!(refused(&text), [Some(line), Some(line)]);
    }
    // what is not in force says nothing, and no name is none
    for quiet in [
        "<ConstraintOfTomorrow><Teacher>Никто</Teacher><Active>false</Active></ConstraintOfTomorrow>",
        "<ConstraintOfTomorrow><Teacher></Teacher></ConstraintOfTomorrow>",
    ] {
        assert_eq!(refused(&more(quiet).0), [None, None], "{quiet}");
    }
}

/// FET compares names as they are written. Two that differ by a blank are two, and whoever names one of them means that one.
#[test]
fn names_that_differ_by_a_blank_are_two_to_both() {
    let two = SMALL
        .replacen(
            "<Teacher><Name>Смит</Name></Teacher>",
            "<Teacher><Name>Смит</Name></Teacher><Teacher><Name>Смит </Name></Teacher>",
            1,
        )
        .replacen("<Teacher>Смит</Teacher>", "<Teacher>Смит </Teacher>", 1);
    assert_eq!(refused(&two), [None, None]);
    let draft = fet::import(two.as_bytes()).unwrap();
    let read = schools::fet::read(two.as_bytes()).unwrap();
    let busy = |nth: usize| {
        read.problem
            .events
            .iter()
            .filter(|e| {
                e.seats
                    .iter()
                    .any(|s| s.fixed == Some(u32::try_from(nth).unwrap()))
            })
            .count()
    };
    for nth in 0..draft.teachers.len() {
        let lessons = draft
            .card_list()
            .filter(|(_, load, _)| load.teachers.iter().any(|t| t.0 == u32::try_from(nth).unwrap()));
        assert_eq!(lessons.count(), busy(nth), "{}", draft.teachers[nth].name);
    }
    assert_eq!([busy(2), busy(3)], [0, 1]);
    // and a name with a blank that nobody has is nobody
    let (text, line) = with(
        " <Teacher>Иванова</Teacher>\n <Number_of_Not",
        " <Teacher>Иванова </Teacher>\n <Number_of_Not",
    );
    assert_eq!(refused(&text), [Some(line), Some(line)]);
    // what is written back says the same
    let again = schools::fet::read(read.write(&Solution::empty(&read.problem)).as_bytes());
    assert!(again.is_ok(), "{again:?}");
}
