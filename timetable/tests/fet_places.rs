//! What a FET file says about buildings, changes of building and room, and virtual rooms: a small school, a constraint, a timetable with
//! rooms, and what it costs; and that files with buildings are understood and written back whole.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use std::path::Path;

use timetable::problem::{Solution, breaches, evaluate};
use timetable::schools::fet;

/// Two days of five hours. Activities 1 to 4 of an hour, of teacher T with class K (1, 2) or L (3, 4); 5 of teacher U with K. Each may
/// be in any of the rooms A1, A2 (building A), B1 (building B), N (no building).
fn file(constraints: &str, rooms: &str) -> String {
    let activity = |id: u32, teacher: &str, class: &str| {
        format!(
            "<Activity><Teacher>{teacher}</Teacher><Subject>S</Subject><Students>{class}</Students>\
             <Duration>1</Duration><Id>{id}</Id><Activity_Group_Id>0</Activity_Group_Id><Active>true</Active></Activity>"
        )
    };
    let activities = [
        (1, "T", "K"),
        (2, "T", "K"),
        (3, "T", "L"),
        (4, "T", "L"),
        (5, "U", "K"),
    ];
    let activities: String = activities.iter().map(|(id, t, k)| activity(*id, t, k)).collect();
    let named = |list: &str, item: &str, names: &[&str]| -> String {
        let items = names.iter().map(|n| format!("<{item}><Name>{n}</Name></{item}>"));
        format!("<{list}>{}</{list}>", items.collect::<String>())
    };
    let room = |(name, building): &(&str, &str)| {
        format!(
            "<Room><Name>{name}</Name><Building>{building}</Building><Capacity>30</Capacity><Virtual>false</Virtual></Room>"
        )
    };
    let all = [("A1", "A"), ("A2", "A"), ("B1", "B"), ("N", "")];
    let list: String = all.iter().map(room).collect();
    let any: String = all
        .iter()
        .map(|(n, _)| format!("<Preferred_Room>{n}</Preferred_Room>"))
        .collect();
    format!(
        "<fet version=\"6.8.5\">{}{}{}{}{}<Activities_List>{activities}</Activities_List>\
         {}<Rooms_List>{list}{rooms}</Rooms_List><Time_Constraints_List></Time_Constraints_List>\
         <Space_Constraints_List>{}{constraints}</Space_Constraints_List></fet>",
        named("Days_List", "Day", &["Mo", "Tu"]),
        named("Hours_List", "Hour", &["1", "2", "3", "4", "5"]),
        named("Subjects_List", "Subject", &["S"]),
        named("Teachers_List", "Teacher", &["T", "U"]),
        named("Students_List", "Year", &["K", "L"]),
        named("Buildings_List", "Building", &["A", "B"]),
        if rooms.is_empty() {
            constraint(
                "SubjectPreferredRooms",
                &format!("<Subject>S</Subject><Number_of_Preferred_Rooms>4</Number_of_Preferred_Rooms>{any}"),
            )
        } else {
            String::new()
        },
    )
}

fn constraint(name: &str, fields: &str) -> String {
    format!(
        "<Constraint{name}><Weight_Percentage>100</Weight_Percentage>{fields}<Active>true</Active></Constraint{name}>"
    )
}

/// The hard cost of activities at (day, hour, room); those not named lie nowhere, at five of cost for their times and rooms.
fn hard(constraints: &str, places: &[(u32, u32, &str)]) -> i64 {
    let school = fet::read(file(constraints, "").as_bytes()).expect("the file is read");
    assert_eq!(school.unknown, vec![], "all is understood");
    let problem = &school.problem;
    let mut solution = Solution::empty(problem).completed(problem).unwrap();
    let without = evaluate(problem, &solution).hard;
    for (meet, (day, hour, room)) in solution.meets.iter_mut().zip(places) {
        meet.time = Some(day * 5 + hour);
        let room = problem.resources.iter().position(|r| r.label.name == *room);
        *meet.resources.last_mut().unwrap() = room.map(|r| u32::try_from(r).unwrap());
    }
    let cost = evaluate(problem, &solution).hard;
    assert_eq!(breaches(problem, &solution).cost.hard, cost);
    let placed = i64::try_from(places.len()).unwrap();
    cost - (without - 2 * placed)
}

const THERE: [(u32, u32, &str); 4] = [(0, 0, "A1"), (0, 1, "B1"), (0, 3, "A2"), (1, 0, "B1")];

#[test]
fn changes_of_building_are_counted_day_by_day() {
    for (most, cost) in [(0, 2), (1, 1), (2, 0)] {
        let fields = format!("<Max_Building_Changes_Per_Day>{most}</Max_Building_Changes_Per_Day>");
        assert_eq!(
            hard(&constraint("TeachersMaxBuildingChangesPerDay", &fields), &THERE),
            cost,
            "{most}"
        );
        let one = format!("<Teacher>T</Teacher>{fields}");
        assert_eq!(
            hard(&constraint("TeacherMaxBuildingChangesPerDay", &one), &THERE),
            cost
        );
        let other = format!("<Teacher>U</Teacher>{fields}");
        assert_eq!(
            hard(&constraint("TeacherMaxBuildingChangesPerDay", &other), &THERE),
            0
        );
    }
    // K has 1 and 2, in A and then in B; L has 3 and 4 on different days
    let none = "<Max_Building_Changes_Per_Day>0</Max_Building_Changes_Per_Day>";
    assert_eq!(
        hard(&constraint("StudentsMaxBuildingChangesPerDay", none), &THERE),
        1
    );
    let of = |class: &str| {
        constraint(
            "StudentsSetMaxBuildingChangesPerDay",
            &format!("<Students>{class}</Students>{none}"),
        )
    };
    assert_eq!((hard(&of("K"), &THERE), hard(&of("L"), &THERE)), (1, 0));
}

#[test]
fn changes_of_the_week_are_those_of_its_days_together() {
    let both = [(0, 0, "A1"), (0, 1, "B1"), (1, 0, "A1"), (1, 3, "B1")];
    for (most, cost) in [(0, 2), (1, 1), (2, 0)] {
        let fields = format!("<Max_Building_Changes_Per_Week>{most}</Max_Building_Changes_Per_Week>");
        assert_eq!(
            hard(&constraint("TeachersMaxBuildingChangesPerWeek", &fields), &both),
            cost
        );
    }
}

#[test]
fn between_two_buildings_there_are_free_hours() {
    let gaps = |n: u32| {
        constraint(
            "TeachersMinGapsBetweenBuildingChanges",
            &format!("<Min_Gaps_Between_Building_Changes>{n}</Min_Gaps_Between_Building_Changes>"),
        )
    };
    // A1 → B1 at once, B1 → A2 with an hour between
    assert_eq!(
        (
            hard(&gaps(0), &THERE),
            hard(&gaps(1), &THERE),
            hard(&gaps(2), &THERE)
        ),
        (0, 1, 2)
    );
    let without_building = [(0, 0, "A1"), (0, 1, "N"), (0, 2, "B1"), (0, 4, "A1")];
    assert_eq!(hard(&gaps(1), &without_building), 0, "nowhere is as good as free");
    assert_eq!(hard(&gaps(2), &without_building), 2);
    let of_class = constraint(
        "StudentsSetMinGapsBetweenBuildingChanges",
        "<Students>K</Students><Min_Gaps_Between_Building_Changes>1</Min_Gaps_Between_Building_Changes>",
    );
    assert_eq!(hard(&of_class, &THERE), 1);
}

#[test]
fn changes_of_room_are_counted_like_those_of_building() {
    let most = "<Max_Room_Changes_Per_Day>1</Max_Room_Changes_Per_Day>";
    assert_eq!(hard(&constraint("TeachersMaxRoomChangesPerDay", most), &THERE), 1);
    let week = "<Max_Room_Changes_Per_Week>0</Max_Room_Changes_Per_Week>";
    assert_eq!(
        hard(&constraint("StudentsMaxRoomChangesPerWeek", week), &THERE),
        1
    );
    let gap = "<Students>K</Students><Min_Gaps_Between_Room_Changes>1</Min_Gaps_Between_Room_Changes>";
    let near = [(0, 0, "A1"), (0, 1, "A2")];
    assert_eq!(
        hard(&constraint("StudentsSetMinGapsBetweenRoomChanges", gap), &near),
        1
    );
    assert_eq!(
        hard(
            &constraint("StudentsSetMinGapsBetweenRoomChanges", gap),
            &[(0, 0, "A1"), (0, 1, "A1")]
        ),
        0
    );
}

#[test]
fn activities_that_follow_at_once_share_a_room() {
    let of = |ids: &[u32]| {
        let ids: String = ids
            .iter()
            .map(|id| format!("<Activity_Id>{id}</Activity_Id>"))
            .collect();
        constraint("ActivitiesSameRoomIfConsecutive", &ids)
    };
    assert_eq!(hard(&of(&[1, 2, 3]), &THERE), 1, "1 and 2 follow, 3 does not");
    assert_eq!(hard(&of(&[1, 3]), &THERE), 0);
    // 5 has nobody in common with 3 and 4: each two are looked at
    let apart = [
        (0, 0, "A1"),
        (0, 3, "A1"),
        (0, 1, "A2"),
        (0, 4, "A1"),
        (0, 2, "B1"),
    ];
    assert_eq!(hard(&of(&[3, 4, 5]), &apart), 1, "3 then 5");
    assert_eq!(hard(&of(&[1, 3, 5]), &apart), 2, "1 then 3, 3 then 5");
}

#[test]
fn activities_have_so_many_different_rooms_at_most() {
    let of = |most: u32| {
        let ids = "<Activity_Id>1</Activity_Id><Activity_Id>2</Activity_Id><Activity_Id>3</Activity_Id>";
        let most = format!("<Max_Number_of_Different_Rooms>{most}</Max_Number_of_Different_Rooms>");
        constraint("ActivitiesOccupyMaxDifferentRooms", &format!("{ids}{most}"))
    };
    assert_eq!(
        (hard(&of(1), &THERE), hard(&of(2), &THERE), hard(&of(3), &THERE)),
        (2, 1, 0)
    );
}

const VIRTUAL: &str = "<Room><Name>V</Name><Building></Building><Capacity>100</Capacity><Virtual>true</Virtual>\
    <Number_of_Sets_of_Real_Rooms>2</Number_of_Sets_of_Real_Rooms>\
    <Set_of_Real_Rooms><Number_of_Real_Rooms>2</Number_of_Real_Rooms><Real_Room>A1</Real_Room><Real_Room>A2</Real_Room></Set_of_Real_Rooms>\
    <Set_of_Real_Rooms><Number_of_Real_Rooms>2</Number_of_Real_Rooms><Real_Room>A2</Real_Room><Real_Room>B1</Real_Room></Set_of_Real_Rooms></Room>";

fn in_rooms(id: u32, rooms: &[&str]) -> String {
    let rooms: String = rooms
        .iter()
        .map(|r| format!("<Preferred_Room>{r}</Preferred_Room>"))
        .collect();
    constraint(
        "ActivityPreferredRooms",
        &format!("<Activity_Id>{id}</Activity_Id>{rooms}"),
    )
}

#[test]
fn a_virtual_room_takes_a_real_one_of_each_set() {
    let constraints = [in_rooms(1, &["V"]), in_rooms(5, &["A2"])].concat();
    let text = file(&constraints, VIRTUAL);
    let school = fet::read(text.as_bytes()).unwrap();
    assert_eq!(school.unknown, vec![]);
    let problem = &school.problem;
    let room = |name: &str| {
        let at = problem.resources.iter().position(|r| r.label.name == name);
        Some(u32::try_from(at.unwrap()).unwrap())
    };
    let cost = |first: [&str; 2]| {
        let mut solution = Solution::empty(problem).completed(problem).unwrap();
        for (meet, time) in solution.meets.iter_mut().zip([0, 1, 2, 3, 0]) {
            meet.time = Some(time);
        }
        let seats = solution.meets[0].resources.len();
        solution.meets[0].resources[seats - 2] = room(first[0]);
        solution.meets[0].resources[seats - 1] = room(first[1]);
        // the other lesson of K at the same time is the teacher U's: a clash of K, always one
        *solution.meets[4].resources.last_mut().unwrap() = room("A2");
        (evaluate(problem, &solution).hard - 1, school.write(&solution))
    };
    assert_eq!(cost(["A1", "B1"]).0, 0);
    assert_eq!(cost(["A2", "B1"]).0, 1, "A2 is taken");
    assert_eq!(cost(["A2", "A2"]).0, 2, "one room is not two, and is taken");
    assert_eq!(cost(["A1", "A1"]).0, 2, "A1 is not of the second set");
    let written = cost(["A1", "B1"]).1;
    let told = "<Room>V</Room><Number_of_Real_Rooms>2</Number_of_Real_Rooms><Real_Room>A1</Real_Room><Real_Room>B1</Real_Room>";
    let bare: String = written.split_whitespace().collect();
    assert!(bare.contains(&told.replace(' ', "")), "{written}");
    let (again, solution) = fet::read_placed(written.as_bytes()).unwrap();
    assert_eq!(evaluate(&again.problem, &solution).hard, 1, "the same timetable");
    let locked = fet::read(written.as_bytes()).unwrap();
    let first = &locked.problem.events[0].seats;
    assert_eq!(first.len(), school.problem.events[0].seats.len());
}

#[test]
fn a_virtual_room_among_others_is_told_and_not_taken_for_a_room() {
    let school = fet::read(file(&in_rooms(1, &["V", "N"]), VIRTUAL).as_bytes()).unwrap();
    let told: Vec<(&str, u32)> = school
        .unknown
        .iter()
        .map(|u| (u.kind.as_str(), u.count))
        .collect();
    assert_eq!(told, [("Room (virtual, one of several)", 1)]);
    let seats = &school.problem.events[0].seats;
    assert_eq!(
        seats.iter().filter(|s| s.fixed.is_none()).count(),
        1,
        "the room N"
    );
    // hours at which a virtual room is closed are not understood, and said so
    let times = "<Not_Available_Time><Day>Mo</Day><Hour>1</Hour></Not_Available_Time>";
    let closed = constraint("RoomNotAvailableTimes", &format!("<Room>V</Room>{times}"));
    let school = fet::read(file(&closed, VIRTUAL).as_bytes()).unwrap();
    assert_eq!((school.unknown.len(), school.unknown[0].required), (1, 1));
}

/// Debian's samples that say something about buildings or changes of room: all of that is understood.
#[test]
fn nothing_about_buildings_and_rooms_is_unknown_in_the_samples() {
    let mut folders = vec![Path::new("/usr/share/doc/fet-data/examples").to_path_buf()];
    let (mut about, mut virtuals) = (0, 0);
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().flatten().map(|e| e.path()) {
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            if path.extension().is_none_or(|e| e != "fet") {
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let asked = [
                "BuildingChanges",
                "RoomChanges",
                "SameRoomIfConsecutive",
                "<Virtual>true",
            ];
            if !asked.iter().any(|word| text.contains(word)) {
                continue;
            }
            let Ok(school) = fet::read(&bytes) else { continue };
            let words = ["Building", "RoomChanges", "SameRoom", "DifferentRooms"];
            for unknown in &school.unknown {
                let ours = words.iter().any(|w| unknown.kind.contains(w));
                assert!(!ours, "{}: {unknown:?}", path.display());
            }
            about += usize::from(text.contains("BuildingChanges") || text.contains("RoomChanges"));
            virtuals += usize::from(text.contains("<Virtual>true"));
        }
    }
    assert!(
        about >= 30 && virtuals >= 9,
        "{about} with changes, {virtuals} with virtual rooms"
    );
}
