//! What a mode of a FET file asks by itself: each fact was found by asking `fet-cl` 6.8.5 about a file of two activities.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use timetable::problem::{Solution, evaluate};
use timetable::schools::{Unknown, fet};

/// Four days of three hours; activities 1 and 2 of one hour, both with teacher T and class K. `head` stands behind the version.
fn file(version: &str, head: &str, behaviour: &str, constraints: &str) -> String {
    let named = |list: &str, item: &str, names: &[&str]| -> String {
        let items = names.iter().map(|n| format!("<{item}><Name>{n}</Name></{item}>"));
        format!("<{list}>{}</{list}>", items.collect::<String>())
    };
    let activity = |id: u32, who: &str| {
        format!(
            "<Activity>{who}<Subject>S</Subject><Duration>1</Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id>\
             <Active>true</Active></Activity>"
        )
    };
    let who = if behaviour == "pupils" {
        ["<Students>K</Students>"; 2]
    } else {
        ["<Teacher>T</Teacher>"; 2]
    };
    let behaviour = match behaviour {
        "" | "pupils" => String::new(),
        said => format!("<Mornings_Afternoons_Behavior>{said}</Mornings_Afternoons_Behavior>"),
    };
    format!(
        "<fet version=\"{version}\">{head}<Subjects_List><Subject><Name>S</Name></Subject></Subjects_List>{}{}<Teachers_List><Teacher><Name>T</Name>{behaviour}</Teacher></Teachers_List>{}\
         <Activities_List>{}{}</Activities_List><Time_Constraints_List>{constraints}</Time_Constraints_List></fet>",
        named("Days_List", "Day", &["1m", "1a", "2m", "2a"]),
        named("Hours_List", "Hour", &["1", "2", "3"]),
        named("Students_List", "Year", &["K"]),
        activity(1, who[0]),
        activity(2, who[1]),
    )
}

/// The hard cost with both activities at (day, hour), and what was not understood.
fn judged(text: &str, places: &[(u32, u32)]) -> (i64, Vec<Unknown>) {
    let school = fet::read(text.as_bytes()).expect("the file is read");
    let mut solution = Solution::empty(&school.problem)
        .completed(&school.problem)
        .unwrap();
    for (meet, (day, hour)) in solution.meets.iter_mut().zip(places) {
        meet.time = Some(day * 3 + hour);
    }
    (evaluate(&school.problem, &solution).hard, school.unknown)
}

fn hard(text: &str, places: [(u32, u32); 2]) -> i64 {
    let (hard, unknown) = judged(text, &places);
    assert_eq!(unknown, vec![], "all is understood");
    hard
}

const HALVES: &str = "<Mode>Mornings_Afternoons</Mode>";

#[test]
fn an_old_version_says_the_mode_that_the_file_does_not() {
    // a morning and an afternoon of one day for one who may come once: the Moroccan branch knew no other
    let both = [(0, 0), (1, 0)];
    for (version, wrong) in [
        ("5.37.5-morocco8", true),
        ("5.37.5-algeria3", false),
        ("5.37.5", false),
        ("6.8.5-morocco8", false),
    ] {
        assert_eq!(hard(&file(version, "", "", ""), both) > 0, wrong, "{version}");
    }
    assert!(hard(&file("5.30.0-ma7", "", "Exclusive", ""), both) > 0);
    // pupils in two blocks that run at the same hour
    assert!(hard(&file("5.37.5-bp", "", "pupils", ""), both) > 0);
    // what the file says itself goes before
    assert_eq!(
        hard(
            &file("5.37.5-morocco8", "<Mode>Official</Mode>", "Exclusive", ""),
            both
        ),
        0
    );
}

#[test]
fn blocks_run_at_one_hour_for_pupils_and_not_for_teachers() {
    let blocks = |who: &str, places| hard(&file("6.8.5", "<Mode>Block_Planning</Mode>", who, ""), places);
    assert!(blocks("pupils", [(0, 0), (1, 0)]) > 0);
    assert_eq!(blocks("pupils", [(0, 0), (1, 1)]), 0);
    assert_eq!(blocks("pupils", [(0, 0), (0, 1)]), 0);
    assert_eq!(blocks("", [(0, 0), (1, 0)]), 0);
}

#[test]
fn a_teacher_comes_in_one_half_of_a_day_if_it_is_said() {
    let said = |behaviour: &str, places| hard(&file("6.8.5", HALVES, behaviour, ""), places);
    assert!(said("Exclusive", [(0, 0), (1, 2)]) > 0);
    assert_eq!(said("Exclusive", [(0, 0), (2, 0)]), 0);
    assert_eq!(said("Exclusive", [(0, 0), (0, 2)]), 0);
    assert_eq!(said("Unrestricted", [(0, 0), (1, 2)]), 0);
    assert_eq!(said("One day exception", [(0, 0), (1, 2)]), 0);
    // a word that we do not know is told, with its line
    let (hard, unknown) = judged(
        &file("6.8.5", HALVES, "Two centuries exception", ""),
        &[(0, 0), (1, 2)],
    );
    assert_eq!((hard, unknown.len()), (0, 1));
    assert_eq!(
        (unknown[0].kind.as_str(), unknown[0].count),
        ("Mornings_Afternoons_Behavior", 1)
    );
}

/// The file with four activities of the teacher instead of two.
fn with_four(text: &str) -> String {
    let more = |id: u32| {
        format!(
            "<Activity><Teacher>T</Teacher><Subject>S</Subject><Duration>1</Duration><Id>{id}</Id>\
             <Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>"
        )
    };
    text.replace(
        "</Activities_List>",
        &format!("{}{}</Activities_List>", more(3), more(4)),
    )
}

#[test]
fn a_teacher_comes_in_both_halves_of_so_many_days() {
    let whole = |n| [(0, 0), (1, 2), (2, 0), (if n == 2 { 3 } else { 2 }, 1)];
    for (said, most) in [
        ("Exclusive", 0),
        ("One day exception", 1),
        ("Two days exception", 2),
        ("Unrestricted", 2),
    ] {
        let text = with_four(&file("6.8.5", HALVES, said, ""));
        for days in [1, 2] {
            let (hard, unknown) = judged(&text, &whole(days));
            assert_eq!(
                (hard, unknown),
                (i64::from((days - most).max(0)), vec![]),
                "{said}, {days}"
            );
        }
    }
    // the Moroccan branch lists them
    for (list, most) in [("One_Day", 1), ("Two_Days", 2)] {
        let list =
            format!("<Exception_Teachers_{list}_List><Teacher>T</Teacher></Exception_Teachers_{list}_List>");
        let text = with_four(&file("5.27.3-morocco30", &list, "", ""));
        for days in [1, 2] {
            let (hard, unknown) = judged(&text, &whole(days));
            assert_eq!(
                (hard, unknown),
                (i64::from((days - most).max(0)), vec![]),
                "{list}, {days}"
            );
        }
    }
}

#[test]
fn pupils_may_leave_out_half_a_day_and_not_a_whole_one() {
    let least = |hours: u32, empty: bool| {
        format!(
            "<ConstraintStudentsMinHoursDaily><Weight_Percentage>100</Weight_Percentage><Minimum_Hours_Daily>{hours}</Minimum_Hours_Daily>\
             <Allow_Empty_Days>{empty}</Allow_Empty_Days><Active>true</Active></ConstraintStudentsMinHoursDaily>"
        )
    };
    let said = |hours, empty, places| hard(&file("6.8.5", HALVES, "pupils", &least(hours, empty)), places);
    assert_eq!(
        said(1, false, [(0, 0), (2, 0)]),
        0,
        "no lessons in the afternoons"
    );
    assert_eq!(said(1, false, [(0, 0), (3, 0)]), 0, "nor in one of the mornings");
    assert!(said(1, false, [(0, 0), (1, 0)]) > 0, "the second day is empty");
    assert_eq!(said(1, true, [(0, 0), (1, 0)]), 0, "which may be allowed");
    assert!(
        said(2, true, [(0, 0), (1, 0)]) > 0,
        "one lesson in each half is too few"
    );
    assert_eq!(said(2, true, [(0, 0), (0, 2)]), 0);
}

#[test]
fn activities_of_a_day_follow_one_another_within_its_morning_or_its_afternoon() {
    let days = |weight: &str| {
        format!(
            "<ConstraintMinDaysBetweenActivities><Weight_Percentage>{weight}</Weight_Percentage>\
             <Consecutive_If_Same_Day>true</Consecutive_If_Same_Day><Activity_Id>1</Activity_Id><Activity_Id>2</Activity_Id>\
             <MinDays>1</MinDays><Active>true</Active></ConstraintMinDaysBetweenActivities>"
        )
    };
    for weight in ["95", "0"] {
        let text = file("6.8.5", HALVES, "Unrestricted", &days(weight));
        assert_eq!(hard(&text, [(0, 0), (0, 1)]), 0, "next to one another");
        assert!(hard(&text, [(0, 0), (0, 2)]) > 0, "with a gap");
        assert!(hard(&text, [(0, 2), (1, 0)]) > 0, "at noon");
        assert!(hard(&text, [(0, 0), (1, 2)]) > 0, "in the other half");
        assert_eq!(hard(&text, [(1, 2), (2, 0)]), 0, "on another day");
        let official = file("6.8.5", "", "", &days(weight));
        assert_eq!(hard(&official, [(0, 0), (1, 2)]), 0, "days are days");
    }
}

#[test]
fn an_old_file_of_terms_has_five_days_in_each() {
    let one_term = "<ConstraintActivitiesOccupyMaxTerms><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id>\
        <Activity_Id>2</Activity_Id><Max_Number_of_Occupied_Terms>1</Max_Number_of_Occupied_Terms><Active>true</Active>\
        </ConstraintActivitiesOccupyMaxTerms>";
    let text = file("5.42.2-mathmake", "", "", one_term);
    let days: String = (0..10).map(|d| format!("<Day><Name>d{d}</Name></Day>")).collect();
    let (head, tail) = text.split_once("<Days_List>").unwrap();
    let (_, tail) = tail.split_once("</Days_List>").unwrap();
    let text = format!("{head}<Days_List>{days}</Days_List>{tail}");
    assert_eq!(hard(&text, [(0, 0), (4, 0)]), 0, "of one term");
    assert!(hard(&text, [(4, 0), (5, 0)]) > 0, "of two");
}

/// A constraint of all teachers in halves of days.
fn of_teachers(kind: &str, more: &str) -> String {
    format!(
        "<ConstraintTeachers{kind}><Weight_Percentage>100</Weight_Percentage>{more}<Active>true</Active></ConstraintTeachers{kind}>"
    )
}

#[test]
fn teachers_rest_at_noon_and_have_no_windows_in_the_afternoon() {
    let rest = |hours: u32| {
        let more = format!("<Minimum_Resting_Hours>{hours}</Minimum_Resting_Hours>");
        file(
            "6.8.5",
            HALVES,
            "Unrestricted",
            &of_teachers("MinRestingHoursBetweenMorningAndAfternoon", &more),
        )
    };
    assert!(hard(&rest(1), [(0, 2), (1, 0)]) > 0);
    assert_eq!(hard(&rest(1), [(0, 1), (1, 0)]), 0);
    assert!(hard(&rest(2), [(0, 2), (1, 1)]) > 0);
    assert_eq!(hard(&rest(2), [(0, 1), (1, 1)]), 0);
    assert_eq!(hard(&rest(2), [(1, 2), (2, 0)]), 0, "the night is another matter");
    let gaps = file(
        "6.8.5",
        HALVES,
        "Unrestricted",
        &of_teachers("MaxZeroGapsPerAfternoon", ""),
    );
    assert!(hard(&gaps, [(1, 0), (1, 2)]) > 0);
    assert_eq!(hard(&gaps, [(0, 0), (0, 2)]), 0);
}

#[test]
fn of_four_halves_in_a_row_three_are_worked() {
    let kind = |excepted: bool| {
        let more = format!(
            "<Allow_Afternoon_Morning_Afternoon_Morning_Exception>{excepted}</Allow_Afternoon_Morning_Afternoon_Morning_Exception>"
        );
        let text = with_four(&file(
            "6.8.5",
            HALVES,
            "Unrestricted",
            &of_teachers("MaxThreeConsecutiveDays", &more),
        ));
        text.replace(
            "<Day><Name>2a</Name></Day>",
            "<Day><Name>2a</Name></Day><Day><Name>3m</Name></Day><Day><Name>3a</Name></Day>",
        )
    };
    let at = |excepted, halves: [u32; 4]| {
        let places = halves.map(|half| (half, 0));
        let (hard, unknown) = judged(&kind(excepted), &places);
        assert_eq!(unknown, vec![]);
        hard > 0
    };
    for excepted in [false, true] {
        assert!(at(excepted, [0, 1, 2, 3]), "from a morning on");
        assert_eq!(at(excepted, [1, 2, 3, 4]), !excepted, "from an afternoon on");
        assert!(!at(excepted, [0, 1, 2, 5]));
    }
}

#[test]
fn the_old_branches_mean_whole_days() {
    let most = "<ConstraintTeacherMaxDaysPerWeek><Weight_Percentage>100</Weight_Percentage><Teacher_Name>T</Teacher_Name>\
        <Max_Days_Per_Week>1</Max_Days_Per_Week><Active>true</Active></ConstraintTeacherMaxDaysPerWeek>\
        <ConstraintTeachersMaxHoursDaily><Weight_Percentage>100</Weight_Percentage><Maximum_Hours_Daily>1</Maximum_Hours_Daily>\
        <Active>true</Active></ConstraintTeachersMaxHoursDaily>";
    let (days, hours) = most.split_once("<ConstraintTeachersMax").unwrap();
    let hours = format!("<ConstraintTeachersMax{hours}");
    let old = |constraint: &str, places| hard(&file("5.27.3-algeria17", "", "", constraint), places);
    let new = |constraint: &str, places| hard(&file("6.8.5", HALVES, "Unrestricted", constraint), places);
    let (both, two) = ([(0, 0), (1, 0)], [(0, 0), (2, 0)]);
    assert_eq!(old(days, both), 0, "one day in two halves");
    assert!(new(days, both) > 0, "two days");
    assert!(old(days, two) > 0);
    assert!(old(&hours, both) > 0, "two hours in one day");
    assert_eq!(new(&hours, both), 0, "one in each");
    assert_eq!(old(&hours, two), 0);
}
