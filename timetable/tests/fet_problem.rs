//! FET files as general problems: read, solved, written back, read again.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use proptest::prelude::*;
use timetable::problem::{Cost, Rule, evaluate};
use timetable::schools::fet;
use timetable::search::{Ground, Plan, Search, Tuning};

/// Two classes; the second is cut into halves that have English at once; a double of PE in the only gym.
const SCHOOL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<fet version="6.8.5">
<Institution_Name>Школа «Радуга» &amp; сад</Institution_Name>
<Days_List><Number_of_Days>2</Number_of_Days><Day><Name>Пн</Name></Day><Day><Name>Вт</Name></Day></Days_List>
<Hours_List><Number_of_Hours>4</Number_of_Hours><Hour><Name>1</Name></Hour><Hour><Name>2</Name></Hour><Hour><Name>3</Name></Hour><Hour><Name>4</Name></Hour></Hours_List>
<Subjects_List><Subject><Name>PE</Name></Subject><Subject><Name>English</Name></Subject><Subject><Name>Maths</Name></Subject></Subjects_List>
<Teachers_List><Teacher><Name>Ann</Name></Teacher><Teacher><Name>Bob</Name></Teacher></Teachers_List>
<Students_List>
<Year><Name>5A</Name><Number_of_Students>25</Number_of_Students></Year>
<Year><Name>5B</Name><Number_of_Students>24</Number_of_Students>
<Group><Name>5B one</Name><Number_of_Students>12</Number_of_Students></Group>
<Group><Name>5B two</Name><Number_of_Students>12</Number_of_Students></Group></Year>
</Students_List>
<Activities_List>
<Activity><Teacher>Ann</Teacher><Subject>English</Subject><Students>5B one</Students><Duration>1</Duration><Id>1</Id><Active>true</Active></Activity>
<Activity><Teacher>Bob</Teacher><Subject>English</Subject><Students>5B two</Students><Duration>1</Duration><Id>2</Id><Active>true</Active></Activity>
<Activity><Teacher>Ann</Teacher><Subject>Maths</Subject><Students>5A</Students><Duration>1</Duration><Id>3</Id><Active>true</Active></Activity>
<Activity><Teacher>Ann</Teacher><Subject>Maths</Subject><Students>5A</Students><Duration>1</Duration><Id>4</Id><Active>true</Active></Activity>
<Activity><Teacher>Bob</Teacher><Subject>PE</Subject><Students>5A</Students><Duration>2</Duration><Id>5</Id><Active>true</Active></Activity>
<Activity><Teacher>Ann</Teacher><Subject>PE</Subject><Students>5B</Students><Duration>2</Duration><Id>6</Id><Active>true</Active></Activity>
<Activity><Teacher>Nobody</Teacher><Subject>PE</Subject><Duration>1</Duration><Id>7</Id><Active>false</Active></Activity>
</Activities_List>
<Rooms_List><Room><Name>Gym</Name><Capacity>30</Capacity></Room><Room><Name>Cell</Name><Capacity>13</Capacity></Room><Room><Name>Hall</Name><Capacity>30</Capacity></Room></Rooms_List>
<Time_Constraints_List>
<ConstraintBasicCompulsoryTime><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsoryTime>
<ConstraintActivitiesSameStartingTime><Weight_Percentage>100</Weight_Percentage><Number_of_Activities>2</Number_of_Activities><Activity_Id>1</Activity_Id><Activity_Id>2</Activity_Id><Active>true</Active></ConstraintActivitiesSameStartingTime>
<ConstraintMinDaysBetweenActivities><Weight_Percentage>100</Weight_Percentage><Consecutive_If_Same_Day>true</Consecutive_If_Same_Day><Activity_Id>3</Activity_Id><Activity_Id>4</Activity_Id><MinDays>1</MinDays><Active>true</Active></ConstraintMinDaysBetweenActivities>
<ConstraintTeacherNotAvailableTimes><Weight_Percentage>100</Weight_Percentage><Teacher>Bob</Teacher><Not_Available_Time><Day>Пн</Day><Hour>1</Hour></Not_Available_Time><Active>true</Active></ConstraintTeacherNotAvailableTimes>
<ConstraintStudentsMaxGapsPerWeek><Weight_Percentage>100</Weight_Percentage><Max_Gaps>0</Max_Gaps><Active>true</Active></ConstraintStudentsMaxGapsPerWeek>
<ConstraintActivityPreferredStartingTime><Weight_Percentage>100</Weight_Percentage><Activity_Id>3</Activity_Id><Preferred_Day>Вт</Preferred_Day><Preferred_Hour>1</Preferred_Hour><Permanently_Locked>true</Permanently_Locked><Active>true</Active></ConstraintActivityPreferredStartingTime>
<ConstraintSomethingNobodyKnows><Weight_Percentage>50</Weight_Percentage><Secret>42</Secret><Active>true</Active></ConstraintSomethingNobodyKnows>
</Time_Constraints_List>
<Space_Constraints_List>
<ConstraintBasicCompulsorySpace><Weight_Percentage>100</Weight_Percentage><Active>true</Active></ConstraintBasicCompulsorySpace>
<ConstraintSubjectPreferredRoom><Weight_Percentage>100</Weight_Percentage><Subject>PE</Subject><Room>Gym</Room><Active>true</Active></ConstraintSubjectPreferredRoom>
<ConstraintSubjectPreferredRooms><Weight_Percentage>100</Weight_Percentage><Subject>Maths</Subject><Preferred_Room>Cell</Preferred_Room><Preferred_Room>Hall</Preferred_Room><Active>true</Active></ConstraintSubjectPreferredRooms>
</Space_Constraints_List>
</fet>"#;

#[test]
fn a_school_is_read_solved_written_and_read_again() {
    let school = fet::read(SCHOOL.as_bytes()).unwrap();
    let p = &school.problem;
    assert_eq!((p.times.len(), p.events.len()), (8, 6));
    // Two teachers, three rooms, and three sorts of pupils: 5A and the halves of 5B.
    assert_eq!(p.resources.len(), 2 + 3 + 3);
    assert_eq!(p.events[2].time, Some(4), "the lock");
    assert_eq!(school.unknown.len(), 1);
    assert_eq!(school.unknown[0].kind, "ConstraintSomethingNobodyKnows");
    // Twenty-five pupils do not fit into the cell, so only the hall is left for Maths.
    let rooms = p.constraints.iter().filter_map(|c| match &c.rule {
        Rule::PreferResources(r) if c.scope.events == [2, 3] => Some(r.good(p)),
        _ => None,
    });
    let hall = p.resources.iter().position(|r| r.label.name == "Hall").unwrap();
    assert_eq!(rooms.collect::<Vec<_>>(), [vec![u32::try_from(hall).unwrap()]]);

    let ground = Ground::new(p);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 50_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(1000) {}
    assert_eq!(search.cost(), Cost::default());
    let solution = search.best();
    let text = school.write(&solution);
    assert!(
        text.contains("<Secret>42</Secret>"),
        "what is not understood is kept"
    );
    assert!(text.contains("Школа «Радуга» &amp; сад"));

    let again = fet::read(text.as_bytes()).unwrap();
    for meet in &solution.meets {
        let event = again.problem.event(meet.event);
        assert_eq!(event.time, meet.time, "{}", event.label.name);
    }
    // With its own times and rooms fixed, the timetable is still without fault.
    let fixed = solution.completed(&again.problem).unwrap();
    assert_eq!(evaluate(&again.problem, &fixed), Cost::default());
}

fn solved(p: &timetable::problem::Problem) -> timetable::problem::Solution {
    let ground = Ground::new(p);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 50_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(1000) {}
    search.best().completed(p).unwrap()
}

#[test]
fn a_timetable_in_a_file_is_a_solution_not_a_problem() {
    let school = fet::read(SCHOOL.as_bytes()).unwrap();
    let solution = solved(&school.problem);
    let (again, placed) = fet::read_placed(school.write(&solution).as_bytes()).unwrap();
    assert_eq!(
        again.problem, school.problem,
        "what FET placed is free, what is locked stays"
    );
    assert_eq!(placed.completed(&again.problem).unwrap(), solution);
    // A file without a timetable has an empty one, but for the lock.
    let (_, none) = fet::read_placed(SCHOOL.as_bytes()).unwrap();
    let timed: Vec<u32> = none
        .meets
        .iter()
        .filter(|m| m.time.is_some())
        .map(|m| m.event)
        .collect();
    assert_eq!(timed, [2]);
    // A room that only the placing names stays a room of the activity.
    let only = "<ConstraintActivityPreferredRoom><Weight_Percentage>100</Weight_Percentage><Activity_Id>1</Activity_Id><Room>Cell</Room><Permanently_Locked>false</Permanently_Locked><Active>true</Active></ConstraintActivityPreferredRoom></Space_Constraints_List>";
    let text = SCHOOL.replace("</Space_Constraints_List>", only);
    let (with, placed) = fet::read_placed(text.as_bytes()).unwrap();
    let seat = with
        .problem
        .event(0)
        .seats
        .iter()
        .position(|s| s.fixed.is_none())
        .unwrap();
    let room = placed.meets[0].resources[seat].unwrap();
    assert_eq!(
        with.problem.resources[usize::try_from(room).unwrap()].label.name,
        "Cell"
    );
}

#[test]
fn a_lock_that_gave_way_is_written_at_its_new_place() {
    let school = fet::read(SCHOOL.as_bytes()).unwrap();
    let mut solution = solved(&school.problem);
    let meet = solution.meets.iter_mut().find(|m| m.event == 2).unwrap();
    assert_eq!(meet.time, Some(4));
    meet.time = Some(6);
    let text = school.write(&solution);
    assert_eq!(fet::read(text.as_bytes()).unwrap().problem.event(2).time, Some(6));
    let (_, placed) = fet::read_placed(text.as_bytes()).unwrap();
    assert_eq!(placed.meets[2].time, Some(6));
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    let refusal = |from: &str, to: &str| {
        let text = SCHOOL.replacen(from, to, 1);
        assert_ne!(text, SCHOOL);
        let fault = fet::read(text.as_bytes()).expect_err(to);
        (fault.line, fault.words)
    };
    let (line, words) = refusal("<Teacher>Ann</Teacher>", "<Teacher>Zoe</Teacher>");
    assert_eq!((line, words.as_str()), (15, "there is no teacher \"Zoe\""));
    assert!(refusal("<Students>5A<", "<Students>9Z<").1.contains("9Z"));
    assert!(refusal("<Duration>2<", "<Duration>5<").1.contains("does not fit"));
    assert!(refusal("<Id>2</Id>", "<Id>1</Id>").1.contains("two activities 1"));
    assert!(refusal("<fet version=\"6.8.5\">", "<xml>").1.contains("XML"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn damage_never_crashes(at in 0_usize..5000, with in prop::collection::vec(any::<u8>(), 0..12)) {
        let mut bytes = SCHOOL.as_bytes().to_vec();
        let at = at % bytes.len();
        let end = (at + with.len()).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(school) = fet::read(&bytes) {
            let ground = Ground::new(&school.problem);
            prop_assert!(ground.net.slots() > 0 || school.problem.events.is_empty());
            let _ = school.write(&Default::default());
        }
    }
}

/// A file with a room that is asked for by a locked place, solved and written: no activity's room stands twice.
#[test]
fn a_room_is_written_once() {
    let place = "<ConstraintActivityPreferredRoom><Weight_Percentage>100</Weight_Percentage><Activity_Id>3</Activity_Id><Room>Hall</Room>\
        <Permanently_Locked>true</Permanently_Locked><Active>true</Active></ConstraintActivityPreferredRoom>";
    let text = SCHOOL.replace(
        "</Space_Constraints_List>",
        &format!("{place}{place}</Space_Constraints_List>"),
    );
    let file = fet::read(text.as_bytes()).unwrap();
    let ground = Ground::new(&file.problem);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 50_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.run(1000) {}
    assert_eq!(search.cost().hard, 0);
    let solution = search.best();
    let rooms = |text: &str| {
        let parts = text.split("<ConstraintActivityPreferredRoom>").skip(1);
        let mut ids: Vec<String> = parts
            .map(|p| {
                p.split("<Activity_Id>")
                    .nth(1)
                    .unwrap()
                    .split('<')
                    .next()
                    .unwrap()
                    .to_owned()
            })
            .collect();
        ids.sort();
        ids
    };
    let written = file.write(&solution);
    assert_eq!(rooms(&written), ["3", "4", "5", "6"], "{written}");
    assert!(written.contains("<Permanently_Locked>true"), "the lock stays");
    let again = fet::read(written.as_bytes()).unwrap().write(&solution);
    assert_eq!(rooms(&again), ["3", "4", "5", "6"], "{again}");
    let (placed, present) = fet::read_placed(written.as_bytes()).unwrap();
    assert_eq!(rooms(&placed.write(&present)), ["3", "4", "5", "6"]);
}

#[test]
fn what_would_be_lost_in_silence_is_refused_with_its_line() {
    let cell = "<Not_Available_Time><Day>Пн</Day><Hour>1</Hour></Not_Available_Time>";
    let away = "<ConstraintTeacherNotAvailableTimes><Weight_Percentage>100</Weight_Percentage>";
    let weight = |w: &str| {
        let other = away.replace("100", w);
        SCHOOL.replacen(away, &other, 1)
    };
    for (file, words) in [
        (weight("abc"), "\"abc\" is no percentage"),
        (weight("-5"), "\"-5\" is no percentage"),
        (weight("100.5"), "\"100.5\" is no percentage"),
        (weight(""), "\"\" is no percentage"),
        (
            SCHOOL.replacen(cell, &cell.replace("Пн", "Octidi"), 1),
            "there is no day \"Octidi\"",
        ),
        (
            SCHOOL.replacen(cell, &cell.replace(">1<", ">99<"), 1),
            "there is no hour \"99\"",
        ),
        (
            SCHOOL.replacen(cell, &cell.replace("<Hour>1</Hour>", ""), 1),
            "has no day or no hour",
        ),
        (
            SCHOOL.replacen("<Room>Gym</Room>", "<Room>Pool</Room>", 1),
            "there is no room \"Pool\"",
        ),
        (
            SCHOOL.replacen("<Day><Name>Вт", "<Day><Name>Пн", 1),
            "there are two days \"Пн\"",
        ),
        (
            SCHOOL.replacen("<Hour><Name>2", "<Hour><Name>1", 1),
            "there are two hours \"1\"",
        ),
    ] {
        assert_ne!(file, SCHOOL, "{words}");
        let fault = fet::read(file.as_bytes()).expect_err(words);
        assert!(fault.words.contains(words), "{fault}");
        assert!(fault.line > 3, "{fault}");
        assert!(fet::read_placed(file.as_bytes()).is_err(), "{words}");
    }
    // a fraction keeps its part: 99.9 is a wish, a hundred a requirement, half a percent not nothing
    let said = |w: &str| {
        let file = fet::read(weight(w).as_bytes()).unwrap();
        let mut all = file.problem.constraints.iter();
        let of = all.find(|c| c.label.name == "teacher not available times");
        of.map(|c| (c.required, c.weight))
    };
    assert_eq!(said("100.000"), Some((true, 1)));
    assert_eq!(said("99.9"), Some((false, 10)));
    assert_eq!(said("0.5"), Some((false, 1)));
    assert_eq!(said("0"), None);
    // what is switched off says nothing
    let off = weight("abc").replacen(
        "</Not_Available_Time><Active>true",
        "</Not_Available_Time><Active>false",
        1,
    );
    assert!(fet::read(off.as_bytes()).is_ok());
}
