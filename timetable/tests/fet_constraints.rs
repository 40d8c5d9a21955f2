//! What each constraint of a FET file asks: a small school, a constraint, a timetable, and what it costs.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use timetable::problem::{Cost, Solution, breaches, evaluate};
use timetable::schools::fet;

/// Four days of five hours; activities 1 to 6 of one hour with teacher T (1, 2, 3), U (4, 5) or nobody (6), of classes K (1, 2, 4, 6)
/// and L (3, 5); 7 and 8 take two hours, of nobody. Activities 1 and 2 are parts of one; 1, 2 and 3 have tag X, 4 has Y, 7 has Z.
fn file(mode: &str, constraints: &str) -> String {
    let named = |list: &str, item: &str, names: &[&str]| -> String {
        let items = names.iter().map(|n| format!("<{item}><Name>{n}</Name></{item}>"));
        format!("<{list}>{}</{list}>", items.collect::<String>())
    };
    let activity = |id: u32, who: &str, duration: u32, group: u32| {
        format!(
            "<Activity>{who}<Subject>S{id}</Subject><Duration>{duration}</Duration><Id>{id}</Id>\
             <Activity_Group_Id>{group}</Activity_Group_Id><Active>true</Active></Activity>"
        )
    };
    let teacher = |t: &str, class: &str, tag: &str| {
        format!("<Teacher>{t}</Teacher><Students>{class}</Students><Activity_Tag>{tag}</Activity_Tag>")
    };
    let activities = [
        activity(1, &teacher("T", "K", "X"), 1, 1),
        activity(2, &teacher("T", "K", "X"), 1, 1),
        activity(3, &teacher("T", "L", "X"), 1, 0),
        activity(4, &teacher("U", "K", "Y"), 1, 0),
        activity(5, &teacher("U", "L", ""), 1, 0),
        activity(6, "<Students>K</Students>", 1, 0),
        activity(7, "<Activity_Tag>Z</Activity_Tag>", 2, 0),
        activity(8, "", 2, 0),
    ]
    .concat();
    format!(
        "<fet version=\"6.8.5\">{mode}{}{}{}{}{}{}<Activities_List>{activities}</Activities_List>\
         <Rooms_List><Room><Name>R</Name></Room><Room><Name>Q</Name></Room></Rooms_List>\
         <Time_Constraints_List>{constraints}</Time_Constraints_List>\
         <Space_Constraints_List></Space_Constraints_List></fet>",
        named("Days_List", "Day", &["Mo", "Tu", "We", "Th"]),
        named("Hours_List", "Hour", &["1", "2", "3", "4", "5"]),
        named("Teachers_List", "Teacher", &["T", "U"]),
        named("Students_List", "Year", &["K", "L"]),
        named(
            "Subjects_List",
            "Subject",
            &["S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8"]
        ),
        named("Activity_Tags_List", "Activity_Tag", &["X", "Y", "Z"]),
    )
}

fn constraint(name: &str, weight: &str, fields: &str) -> String {
    format!(
        "<Constraint{name}><Weight_Percentage>{weight}</Weight_Percentage>{fields}<Active>true</Active></Constraint{name}>"
    )
}

/// Everything that lies elsewhere than these tests look: activities on the last days, where nothing collides.
const ELSEWHERE: [(u32, u32); 8] = [(2, 0), (3, 0), (2, 1), (2, 2), (3, 1), (3, 2), (2, 3), (3, 3)];

/// The cost of a timetable in which some activities lie at (day, hour) and the others elsewhere.
fn cost_of(text: &str, places: &[(u32, (u32, u32))]) -> Cost {
    let school = fet::read(text.as_bytes()).expect("the file is read");
    assert_eq!(school.unknown, vec![], "all is understood");
    let mut solution = Solution::empty(&school.problem)
        .completed(&school.problem)
        .unwrap();
    for meet in &mut solution.meets {
        let other = ELSEWHERE[usize::try_from(meet.event).unwrap()];
        let placed = places.iter().find(|(id, _)| *id == meet.event + 1);
        let (day, hour) = placed.map_or(other, |(_, place)| *place);
        meet.time = Some(day * 5 + hour);
    }
    let cost = evaluate(&school.problem, &solution);
    let report = breaches(&school.problem, &solution);
    assert_eq!(report.cost, cost);
    cost
}

/// Hard cost under one constraint.
fn hard(name: &str, fields: &str, places: &[(u32, (u32, u32))]) -> i64 {
    cost_of(&file("", &constraint(name, "100", fields)), places).hard
}

/// Hard cost in a school whose days are mornings and afternoons in turn.
fn halved(name: &str, fields: &str, places: &[(u32, (u32, u32))]) -> i64 {
    let mode = "<Mode>Mornings_Afternoons</Mode>";
    cost_of(&file(mode, &constraint(name, "100", fields)), places).hard
}

fn ids(ids: &[u32]) -> String {
    ids.iter()
        .map(|id| format!("<Activity_Id>{id}</Activity_Id>"))
        .collect()
}

fn slots(of: &str, what: &str, slots: &[(&str, &str)]) -> String {
    let slot = |(d, h): &(&str, &str)| {
        format!("<{of}><{what}_Day>{d}</{what}_Day><{what}_Hour>{h}</{what}_Hour></{of}>")
    };
    slots.iter().map(slot).collect()
}

#[test]
fn starting_times_are_read_in_the_spelling_of_today() {
    let times = slots(
        "Preferred_Starting_Time",
        "Preferred_Starting",
        &[("Mo", "1"), ("Tu", "2")],
    );
    let fields = format!("<Activity_Id>1</Activity_Id>{times}");
    for (place, cost) in [((0, 0), 0), ((1, 1), 0), ((0, 1), 1)] {
        assert_eq!(
            hard("ActivityPreferredStartingTimes", &fields, &[(1, place)]),
            cost,
            "{place:?}"
        );
    }
    let filter = format!("<Teacher_Name>T</Teacher_Name><Students_Name>L</Students_Name>{times}");
    assert_eq!(
        hard("ActivitiesPreferredStartingTimes", &filter, &[(3, (0, 0))]),
        0
    );
    assert_eq!(hard("ActivitiesPreferredStartingTimes", &filter, &[]), 1);
}

#[test]
fn parts_of_a_divided_activity_are_counted_from_its_first() {
    let times = slots("Preferred_Starting_Time", "Preferred_Starting", &[("Mo", "1")]);
    let second = format!("<Component_Number>2</Component_Number><Teacher_Name>T</Teacher_Name>{times}");
    assert_eq!(
        hard("SubactivitiesPreferredStartingTimes", &second, &[(2, (0, 0))]),
        0
    );
    assert_eq!(
        hard("SubactivitiesPreferredStartingTimes", &second, &[(1, (0, 0))]),
        1
    );
    let slots = slots("Preferred_Time_Slot", "Preferred", &[("Mo", "1")]);
    let first = format!("<Component_Number>1</Component_Number><Subject_Name>S1</Subject_Name>{slots}");
    assert_eq!(hard("SubactivitiesPreferredTimeSlots", &first, &[]), 1);
}

#[test]
fn a_filter_by_a_class_means_its_groups_and_the_whole_class_of_a_group() {
    let years = "<Students_List><Year><Name>All</Name><Group><Name>K</Name></Group></Year><Year><Name>L</Name></Year></Students_List>";
    let times = slots("Preferred_Starting_Time", "Preferred_Starting", &[("Mo", "1")]);
    let cost = |students: &str, id: u32| {
        let fields =
            format!("<Students_Name>{students}</Students_Name><Subject_Name>S{id}</Subject_Name>{times}");
        let text = file(
            "",
            &constraint("ActivitiesPreferredStartingTimes", "100", &fields),
        );
        let (from, to) = (
            text.find("<Students_List>").unwrap(),
            text.find("</Students_List>").unwrap(),
        );
        let text = format!(
            "{}{years}{}",
            &text[..from],
            &text[to + "</Students_List>".len()..]
        );
        cost_of(&text, &[]).hard
    };
    assert_eq!(cost("K", 1), 1);
    assert_eq!(cost("All", 1), 1);
    assert_eq!(cost("L", 1), 0);
}

#[test]
fn gaps_are_not_counted_where_nobody_could_come() {
    let gaps = constraint(
        "TeacherMaxGapsPerWeek",
        "100",
        "<Teacher_Name>T</Teacher_Name><Max_Gaps>0</Max_Gaps>",
    );
    let places = [(1, (0, 0)), (2, (0, 2)), (3, (1, 0))];
    assert_eq!(cost_of(&file("", &gaps), &places).hard, 1);
    let slot = "<Day>Mo</Day><Hour>2</Hour>";
    for (kind, fields) in [
        ("BreakTimes", format!("<Break_Time>{slot}</Break_Time>")),
        (
            "TeacherNotAvailableTimes",
            format!("<Teacher>T</Teacher><Not_Available_Time>{slot}</Not_Available_Time>"),
        ),
    ] {
        // Whether it stands before or behind makes no difference.
        let closed = constraint(kind, "100", &fields);
        assert_eq!(
            cost_of(&file("", &format!("{gaps}{closed}")), &places).hard,
            0,
            "{kind}"
        );
        assert_eq!(
            cost_of(&file("", &format!("{closed}{gaps}")), &places).hard,
            0,
            "{kind}"
        );
    }
}

#[test]
fn a_break_is_kept_free_even_of_what_nobody_attends() {
    let fields = "<Break_Time><Day>Mo</Day><Hour>2</Hour></Break_Time>";
    assert_eq!(hard("BreakTimes", fields, &[(8, (0, 2))]), 0);
    assert!(hard("BreakTimes", fields, &[(8, (0, 0))]) > 0);
    assert!(hard("BreakTimes", fields, &[(1, (0, 1))]) > 0);
}

#[test]
fn an_early_start_is_that_of_the_first_hour_at_which_one_can_come() {
    let early = |most: u32| {
        let fields = format!(
            "<Students>L</Students><Max_Beginnings_At_Second_Hour>{most}</Max_Beginnings_At_Second_Hour>"
        );
        constraint("StudentsSetEarlyMaxBeginningsAtSecondHour", "100", &fields)
    };
    let cost = |most, places: &[(u32, (u32, u32))]| cost_of(&file("", &early(most)), places).hard;
    assert_eq!(
        cost(0, &[(3, (0, 0)), (5, (1, 0))]),
        0,
        "days without lessons do not matter"
    );
    assert_eq!(cost(0, &[(3, (0, 0)), (5, (1, 1))]), 1);
    assert_eq!(cost(1, &[(3, (0, 0)), (5, (1, 1))]), 0);
    assert_eq!(cost(1, &[(3, (0, 1)), (5, (1, 1))]), 1, "twice is once too often");
    assert_eq!(cost(4, &[(3, (0, 0)), (5, (1, 2))]), 1, "the third hour never");
    let away = constraint(
        "StudentsSetNotAvailableTimes",
        "100",
        "<Students>L</Students><Not_Available_Time><Day>Tu</Day><Hour>1</Hour></Not_Available_Time>",
    );
    let places = [(3, (0, 0)), (5, (1, 1))];
    assert_eq!(
        cost_of(&file("", &format!("{}{away}", early(0))), &places).hard,
        0
    );
}

#[test]
fn activities_of_a_tag_are_limited_by_the_day_and_in_a_row() {
    let tag = |limit: &str| {
        format!("<Teacher_Name>T</Teacher_Name><Activity_Tag_Name>X</Activity_Tag_Name>{limit}")
    };
    let daily = tag("<Maximum_Hours_Daily>1</Maximum_Hours_Daily>");
    let run = tag("<Maximum_Hours_Continuously>1</Maximum_Hours_Continuously>");
    let (near, far) = ([(1, (0, 0)), (2, (0, 1))], [(1, (0, 0)), (2, (0, 2))]);
    for (name, fields, places, cost) in [
        ("TeacherActivityTagMaxHoursDaily", &daily, near, 1),
        (
            "TeacherActivityTagMaxHoursDaily",
            &daily,
            [(1, (0, 0)), (2, (1, 0))],
            0,
        ),
        ("TeacherActivityTagMaxHoursContinuously", &run, near, 1),
        ("TeacherActivityTagMaxHoursContinuously", &run, far, 0),
    ] {
        assert_eq!(hard(name, fields, &places), cost, "{name}");
    }
}

#[test]
fn what_ends_the_day_of_its_pupils_has_nothing_behind_it() {
    let fields = "<Activity_Id>1</Activity_Id>";
    assert_eq!(
        hard("ActivityEndsStudentsDay", fields, &[(1, (0, 4)), (4, (0, 3))]),
        0
    );
    assert_eq!(
        hard("ActivityEndsStudentsDay", fields, &[(1, (0, 0)), (4, (0, 3))]),
        4
    );
    assert_eq!(
        hard("ActivityEndsStudentsDay", fields, &[(1, (0, 0)), (5, (0, 3))]),
        0,
        "other pupils"
    );
    let filter = "<Subject_Name>S1</Subject_Name>";
    assert!(hard("ActivitiesEndStudentsDay", filter, &[(1, (0, 0)), (4, (0, 3))]) > 0);
}

#[test]
fn activities_follow_one_another() {
    let two = "<First_Activity_Id>1</First_Activity_Id><Second_Activity_Id>4</Second_Activity_Id>";
    let three = format!("{two}<Third_Activity_Id>6</Third_Activity_Id>");
    assert_eq!(
        hard("TwoActivitiesGrouped", two, &[(1, (0, 1)), (4, (0, 0))]),
        0,
        "in any order"
    );
    assert!(hard("TwoActivitiesGrouped", two, &[(1, (0, 0)), (4, (0, 2))]) > 0);
    assert!(
        hard("TwoActivitiesGrouped", two, &[(1, (0, 4)), (4, (1, 0))]) > 0,
        "on one day"
    );
    assert_eq!(
        hard(
            "ThreeActivitiesGrouped",
            &three,
            &[(1, (0, 1)), (4, (0, 0)), (6, (0, 2))]
        ),
        0
    );
    assert!(
        hard(
            "ThreeActivitiesGrouped",
            &three,
            &[(1, (0, 1)), (4, (0, 0)), (6, (0, 3))]
        ) > 0
    );
    assert_eq!(
        hard("TwoActivitiesConsecutive", two, &[(1, (0, 0)), (4, (0, 1))]),
        0
    );
    assert!(
        hard("TwoActivitiesConsecutive", two, &[(1, (0, 1)), (4, (0, 0))]) > 0,
        "in this order"
    );
    let pause = constraint(
        "BreakTimes",
        "100",
        "<Break_Time><Day>Mo</Day><Hour>2</Hour></Break_Time>",
    );
    for kind in ["TwoActivitiesConsecutive", "TwoActivitiesGrouped"] {
        let text = file("", &format!("{}{pause}", constraint(kind, "100", two)));
        assert_eq!(
            cost_of(&text, &[(1, (0, 0)), (4, (0, 2))]).hard,
            0,
            "{kind}: a break may lie between"
        );
    }
    assert!(hard("TwoActivitiesOrderedIfSameDay", two, &[(1, (0, 1)), (4, (0, 0))]) > 0);
    assert_eq!(
        hard("TwoActivitiesOrderedIfSameDay", two, &[(1, (1, 1)), (4, (0, 0))]),
        0
    );
}

#[test]
fn a_wish_for_days_between_may_fail_but_then_they_follow_one_another() {
    let fields = |consecutive: bool| {
        format!(
            "<Consecutive_If_Same_Day>{consecutive}</Consecutive_If_Same_Day>{}<MinDays>1</MinDays>",
            ids(&[1, 2])
        )
    };
    let cost = |weight: &str, consecutive: bool, places: &[(u32, (u32, u32))]| {
        let text = file(
            "",
            &constraint("MinDaysBetweenActivities", weight, &fields(consecutive)),
        );
        let cost = cost_of(&text, places);
        (cost.hard, cost.soft > 0)
    };
    let (near, far) = ([(1, (0, 0)), (2, (0, 1))], [(1, (0, 0)), (2, (0, 3))]);
    assert_eq!(cost("100", true, &near), (1, false));
    assert_eq!(cost("95", true, &near), (0, true));
    assert_eq!(cost("95", true, &far), (2, true));
    assert_eq!(cost("95", false, &far), (0, true));
    assert_eq!(
        cost("0", true, &far),
        (2, false),
        "however little the wish weighs"
    );
    assert_eq!(cost("95", true, &[]), (0, false));
}

#[test]
fn however_little_distance_is_wished_no_three_lie_on_a_day() {
    let fields = format!("{}<MinDays>1</MinDays>", ids(&[1, 2, 4]));
    let cost = |weight: &str, places: &[(u32, (u32, u32))]| {
        cost_of(
            &file("", &constraint("MinDaysBetweenActivities", weight, &fields)),
            places,
        )
        .hard
    };
    let (two, three) = (
        [(1, (0, 0)), (2, (0, 2)), (4, (1, 0))],
        [(1, (0, 0)), (2, (0, 2)), (4, (0, 4))],
    );
    for weight in ["0", "50"] {
        assert_eq!(cost(weight, &two), 0);
        assert_eq!(cost(weight, &three), 1);
    }
}

#[test]
fn activities_lie_to_one_another_by_day_and_hour() {
    let lie = |name: &str, more: &str, places: &[(u32, (u32, u32))]| {
        hard(name, &format!("{}{more}", ids(&[1, 4])), places)
    };
    assert_eq!(
        lie("ActivitiesSameStartingDay", "", &[(1, (0, 0)), (4, (0, 3))]),
        0
    );
    assert_eq!(
        lie("ActivitiesSameStartingDay", "", &[(1, (0, 0)), (4, (2, 3))]),
        2
    );
    assert_eq!(
        lie("ActivitiesSameStartingHour", "", &[(1, (0, 3)), (4, (1, 3))]),
        0
    );
    assert_eq!(
        lie("ActivitiesSameStartingHour", "", &[(1, (0, 3)), (4, (1, 2))]),
        1
    );
    let most = "<MaxDays>1</MaxDays>";
    assert_eq!(
        lie("MaxDaysBetweenActivities", most, &[(1, (0, 0)), (4, (1, 4))]),
        0
    );
    assert_eq!(
        lie("MaxDaysBetweenActivities", most, &[(1, (0, 0)), (4, (3, 4))]),
        2
    );
    let least = "<MinGaps>2</MinGaps>";
    assert_eq!(
        lie("MinGapsBetweenActivities", least, &[(1, (0, 0)), (4, (0, 3))]),
        0
    );
    assert_eq!(
        lie("MinGapsBetweenActivities", least, &[(1, (0, 3)), (4, (0, 1))]),
        1
    );
    assert_eq!(
        lie("MinGapsBetweenActivities", least, &[(1, (0, 4)), (4, (1, 0))]),
        0
    );
}

#[test]
fn activities_of_different_lengths_may_start_together() {
    let fields = ids(&[1, 8]);
    assert_eq!(
        hard("ActivitiesSameStartingTime", &fields, &[(1, (0, 0)), (8, (0, 0))]),
        0
    );
    assert_eq!(
        hard("ActivitiesSameStartingTime", &fields, &[(1, (0, 1)), (8, (0, 0))]),
        1
    );
}

#[test]
fn selected_hours_hold_so_many_activities() {
    let chosen = slots(
        "Selected_Time_Slot",
        "Selected",
        &[("Mo", "1"), ("Mo", "2"), ("Tu", "1")],
    );
    let all = ids(&[1, 3, 4, 5]);
    let field = |name: &str, n: u32| format!("{all}{chosen}<{name}>{n}</{name}>");
    let most = field("Max_Number_of_Occupied_Time_Slots", 1);
    let name = "ActivitiesOccupyMaxTimeSlotsFromSelection";
    assert_eq!(hard(name, &most, &[(1, (0, 0)), (5, (0, 0))]), 0);
    assert_eq!(hard(name, &most, &[(1, (0, 0)), (5, (0, 1))]), 1);
    let least = field("Min_Number_of_Occupied_Time_Slots", 2);
    let name = "ActivitiesOccupyMinTimeSlotsFromSelection";
    assert_eq!(hard(name, &least, &[(1, (0, 0)), (5, (0, 1))]), 0);
    assert_eq!(hard(name, &least, &[]), 2);
    let most = field("Max_Number_of_Simultaneous_Activities", 1);
    let name = "ActivitiesMaxSimultaneousInSelectedTimeSlots";
    assert_eq!(hard(name, &most, &[(1, (0, 0)), (5, (0, 1))]), 0);
    assert_eq!(hard(name, &most, &[(1, (0, 0)), (5, (0, 0))]), 1);
    let least = field("Min_Number_of_Simultaneous_Activities", 2);
    let name = "ActivitiesMinSimultaneousInSelectedTimeSlots";
    let or_none = format!("{least}<Allow_Empty_Slots>true</Allow_Empty_Slots>");
    assert_eq!(hard(name, &or_none, &[(1, (0, 0))]), 1);
    assert_eq!(hard(name, &or_none, &[(1, (0, 0)), (5, (0, 0))]), 0);
    assert_eq!(
        hard(name, &least, &[(1, (0, 0)), (5, (0, 0))]),
        4,
        "two hours stay empty"
    );
    let most = field("Max_Total_Number_of_Activities", 1);
    assert_eq!(
        hard(
            "MaxTotalActivitiesFromSetInSelectedTimeSlots",
            &most,
            &[(1, (0, 0)), (5, (1, 0))]
        ),
        1
    );
}

#[test]
fn long_activities_run_at_several_hours() {
    let chosen = slots("Selected_Time_Slot", "Selected", &[("Mo", "2")]);
    let fields = format!(
        "{}{chosen}<Max_Number_of_Simultaneous_Activities>1</Max_Number_of_Simultaneous_Activities>",
        ids(&[7, 8])
    );
    let name = "ActivitiesMaxSimultaneousInSelectedTimeSlots";
    assert_eq!(hard(name, &fields, &[(7, (0, 0)), (8, (0, 1))]), 1);
    assert_eq!(hard(name, &fields, &[(7, (0, 0)), (8, (0, 2))]), 0);
}

#[test]
fn tags_are_kept_apart() {
    let fields = "<Activity_Tag>X</Activity_Tag><Activity_Tag>Y</Activity_Tag><Activity_Tag>Z</Activity_Tag>";
    let name = "ActivityTagsNotOverlapping";
    assert_eq!(hard(name, fields, &[(3, (0, 0)), (4, (0, 1))]), 0);
    assert_eq!(hard(name, fields, &[(3, (0, 0)), (4, (0, 0))]), 1);
    assert_eq!(hard(name, fields, &[(3, (0, 1)), (7, (0, 0))]), 1);
}

#[test]
fn hours_of_every_day_are_counted_from_none_where_a_day_could_be_left_out() {
    let fields = |empty: bool| {
        format!(
            "<Students>L</Students><Minimum_Hours_Daily>2</Minimum_Hours_Daily><Allow_Empty_Days>{empty}</Allow_Empty_Days>"
        )
    };
    let cost =
        |empty: bool, places: &[(u32, (u32, u32))]| hard("StudentsSetMinHoursDaily", &fields(empty), places);
    let (both, one_each) = ([(3, (0, 0)), (5, (0, 1))], [(3, (0, 0)), (5, (1, 1))]);
    assert_eq!(cost(true, &both), 0);
    assert_eq!(cost(true, &one_each), 2);
    // Four days want two hours each, and there are two hours in all.
    assert_eq!(cost(false, &both), 6);
    assert_eq!(cost(false, &one_each), 6);
}

#[test]
fn people_are_limited_by_spans_rests_and_parts_of_the_day() {
    let t = |more: &str| format!("<Teacher>T</Teacher><Teacher_Name>T</Teacher_Name>{more}");
    let span = t("<Max_Span>3</Max_Span>");
    assert_eq!(
        hard("TeacherMaxSpanPerDay", &span, &[(1, (0, 0)), (2, (0, 2))]),
        0
    );
    assert_eq!(
        hard("TeacherMaxSpanPerDay", &span, &[(1, (0, 0)), (2, (0, 3))]),
        1
    );
    let rest = t("<Minimum_Resting_Hours>3</Minimum_Resting_Hours><Circular>false</Circular>");
    assert_eq!(
        hard(
            "TeacherMinRestingHours",
            &rest,
            &[(1, (0, 4)), (2, (1, 3)), (3, (3, 4))]
        ),
        0
    );
    assert_eq!(
        hard(
            "TeacherMinRestingHours",
            &rest,
            &[(1, (0, 4)), (2, (1, 2)), (3, (3, 4))]
        ),
        1
    );
    assert_eq!(
        hard(
            "TeacherMinRestingHours",
            &rest,
            &[(1, (0, 3)), (2, (1, 2)), (3, (3, 4))]
        ),
        0
    );
    let late = t(
        "<Interval_Start_Hour>4</Interval_Start_Hour><Interval_End_Hour></Interval_End_Hour><Max_Days_Per_Week>1</Max_Days_Per_Week>",
    );
    assert_eq!(
        hard(
            "TeacherIntervalMaxDaysPerWeek",
            &late,
            &[(1, (0, 3)), (2, (0, 4))]
        ),
        0
    );
    assert_eq!(
        hard(
            "TeacherIntervalMaxDaysPerWeek",
            &late,
            &[(1, (0, 3)), (2, (1, 4))]
        ),
        1
    );
}

#[test]
fn mornings_and_afternoons_make_a_day() {
    let t = |more: &str| format!("<Teacher_Name>T</Teacher_Name>{more}");
    let (noon, days) = (
        [(1, (0, 0)), (2, (1, 0)), (3, (0, 1))],
        [(1, (0, 0)), (2, (2, 0)), (3, (0, 1))],
    );
    let most = t("<Max_Days_Per_Week>1</Max_Days_Per_Week>");
    assert_eq!(halved("TeacherMaxRealDaysPerWeek", &most, &noon), 0);
    assert_eq!(halved("TeacherMaxRealDaysPerWeek", &most, &days), 1);
    let none = t("<Max_Afternoons_Per_Week>0</Max_Afternoons_Per_Week>");
    assert_eq!(halved("TeacherMaxAfternoonsPerWeek", &none, &noon), 1);
    assert_eq!(halved("TeacherMaxAfternoonsPerWeek", &none, &days), 0);
    let hours = t("<Maximum_Hours_Daily>2</Maximum_Hours_Daily>");
    assert_eq!(halved("TeacherMaxHoursDailyRealDays", &hours, &noon), 1);
    assert_eq!(halved("TeacherMaxHoursDaily", &hours, &noon), 0);
}

#[test]
fn terms_are_runs_of_days() {
    let mode = "<Mode>Terms</Mode><Number_of_Terms>2</Number_of_Terms><Number_of_Days_Per_Term>2</Number_of_Days_Per_Term>";
    let cost = |name: &str, fields: &str, places: &[(u32, (u32, u32))]| {
        let fields = format!("{}{fields}", ids(&[1, 2]));
        cost_of(&file(mode, &constraint(name, "100", &fields)), places).hard
    };
    let one = "<Max_Number_of_Occupied_Terms>1</Max_Number_of_Occupied_Terms>";
    assert_eq!(
        cost("ActivitiesOccupyMaxTerms", one, &[(1, (0, 0)), (2, (1, 0))]),
        0
    );
    assert_eq!(
        cost("ActivitiesOccupyMaxTerms", one, &[(1, (0, 0)), (2, (2, 0))]),
        1
    );
    let few = "<Max_Number_of_Activities_in_A_Term>1</Max_Number_of_Activities_in_A_Term>";
    assert_eq!(cost("ActivitiesMaxInATerm", few, &[(1, (0, 0)), (2, (1, 0))]), 1);
    assert_eq!(cost("ActivitiesMaxInATerm", few, &[(1, (0, 0)), (2, (2, 0))]), 0);
}

#[test]
fn a_wished_room_may_be_none_and_a_required_one_may_not() {
    let room = |weight: &str| {
        let fields = "<Activity_Id>1</Activity_Id><Room>R</Room>";
        let list = constraint("ActivityPreferredRoom", weight, fields);
        file("", "").replace(
            "<Space_Constraints_List>",
            &format!("<Space_Constraints_List>{list}"),
        )
    };
    let with = |text: &str, name: Option<&str>| {
        let school = fet::read(text.as_bytes()).unwrap();
        let p = &school.problem;
        let mut solution = Solution::empty(p).completed(p).unwrap();
        for meet in &mut solution.meets {
            let (day, hour) = ELSEWHERE[usize::try_from(meet.event).unwrap()];
            meet.time = Some(day * 5 + hour);
        }
        let seat = p.event(0).seats.iter().position(|s| s.fixed.is_none()).unwrap();
        let found = |name| p.resources.iter().position(|r| r.label.name == name).unwrap();
        solution.meets[0].resources[seat] = name.map(|n| u32::try_from(found(n)).unwrap());
        let cost = evaluate(p, &solution);
        (cost.hard > 0, cost.soft > 0)
    };
    assert_eq!(with(&room("100"), Some("R")), (false, false));
    assert_eq!(with(&room("100"), Some("Q")), (true, false));
    assert_eq!(with(&room("100"), None), (true, false));
    assert_eq!(with(&room("90"), Some("R")), (false, false));
    assert_eq!(with(&room("90"), None), (false, true));
    assert!(with(&room("90"), Some("Q")).0);
}

#[test]
fn requirements_that_are_not_understood_are_told_apart_from_wishes() {
    let all = ["100", "100", "50"].map(|weight| constraint("ThingsToCome", weight, "<Secret>1</Secret>"));
    let school = fet::read(file("", &all.concat()).as_bytes()).unwrap();
    let unknown = school.unknown.first().unwrap();
    assert_eq!((unknown.count, unknown.required), (3, 2));
}

#[test]
fn a_room_that_is_locked_for_good_is_where_the_activity_is() {
    let lock = constraint(
        "ActivityPreferredRoom",
        "100",
        "<Activity_Id>1</Activity_Id><Room>Q</Room><Permanently_Locked>true</Permanently_Locked>",
    );
    let text = file("", "").replace(
        "<Space_Constraints_List>",
        &format!("<Space_Constraints_List>{lock}"),
    );
    let (school, placed) = fet::read_placed(text.as_bytes()).unwrap();
    let p = &school.problem;
    let seat = p.event(0).seats.iter().position(|s| s.fixed.is_none()).unwrap();
    let room = placed.meets[0].resources[seat].unwrap();
    assert_eq!(p.resources[usize::try_from(room).unwrap()].label.name, "Q");
}
