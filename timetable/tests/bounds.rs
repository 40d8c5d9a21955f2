//! Small files that would fill the memory: two lists that are multiplied. Each is refused at the line where it becomes too much, and
//! without that line it is read and comes to no more than the bound.
#![cfg(all(feature = "schools", feature = "xhstt"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod many;

use many::{Fet, activity, cut_at, long_lessons, parallel, peak, several};
use timetable::SchoolDraft;
use timetable::draft::LimitedOf;
use timetable::fet::{self, FetReason};
use timetable::schools;

/// Most entries of a draft beside what its file lists one by one.
const MOST: usize = 1_000_000;

/// All that a draft holds.
fn weight(draft: &SchoolDraft) -> usize {
    let whom = |of: &LimitedOf| match of {
        LimitedOf::Teachers(all) => all.len(),
        LimitedOf::Classes(all) => all.len(),
    };
    let cards = |l: &timetable::draft::DraftLoad| l.cards.iter().map(|c| 1 + c.rooms.len()).sum::<usize>();
    // a break is one of each class
    let away = draft.breaks.len() * draft.classes.len();
    away + draft.teachers.iter().map(|t| 1 + t.away.len()).sum::<usize>()
        + draft.rooms.iter().map(|r| 1 + r.away.len()).sum::<usize>()
        + draft
            .classes
            .iter()
            .map(|c| 1 + c.away.len() + c.atoms.len())
            .sum::<usize>()
        + draft
            .groups
            .iter()
            .map(|g| 1 + g.away.len() + g.atoms.len())
            .sum::<usize>()
        + draft
            .loads
            .iter()
            .map(|l| l.teachers.len() + l.audience.len() + cards(l))
            .sum::<usize>()
        + draft.gaps.iter().map(|g| g.cards.len()).sum::<usize>()
        + draft.limits.iter().map(|l| whom(&l.of)).sum::<usize>()
}

/// The file is refused at a line that holds `element`; without that line and what follows it in the list it is read. What it
/// comes to then.
fn refused_then_read(file: &Fet, element: &str) -> usize {
    let text = file.text();
    let fault = fet::import(text.as_bytes()).expect_err(element);
    let FetReason::TooMuch { element: named, .. } = &fault.reason else {
        panic!("{element}: {fault}");
    };
    assert_eq!(named, element, "{fault}");
    let line = text
        .lines()
        .nth(usize::try_from(fault.line).unwrap() - 1)
        .unwrap();
    assert!(line.contains(&format!("<{element}>")), "{fault}: {line}");
    let before = cut_at(&text, fault.line);
    let draft = fet::import(before.as_bytes()).unwrap_or_else(|e| panic!("{element}: {e}"));
    weight(&draft)
}

/// Near the bound, and not beyond it by more than the file itself lists.
fn is_tight(weight: usize) {
    assert!((950_000..MOST + 50_000).contains(&weight), "{weight}");
}

fn limits(kind: &str, inside: &str, count: usize) -> Vec<String> {
    let one = format!("<Constraint{kind}>{inside}</Constraint{kind}>");
    vec![one; count]
}

#[test]
fn every_teacher_of_every_limit() {
    let mut file = Fet::small();
    file.teachers = several("Teacher", "t", 1_000);
    file.time = limits("TeachersMaxGapsPerWeek", "<Max_Gaps>1</Max_Gaps>", 1_100);
    is_tight(refused_then_read(&file, "ConstraintTeachersMaxGapsPerWeek"));
}

#[test]
fn every_class_of_every_limit() {
    let mut file = Fet::small();
    file.years = several("Year", "c", 1_000);
    file.time = limits(
        "StudentsMaxHoursDaily",
        "<Maximum_Hours_Daily>5</Maximum_Hours_Daily>",
        1_100,
    );
    is_tight(refused_then_read(&file, "ConstraintStudentsMaxHoursDaily"));
    let mut file = Fet::small();
    file.years = vec![parallel(1_000)];
    file.time = limits(
        "StudentsSetMaxGapsPerWeek",
        "<Students>p</Students><Max_Gaps>0</Max_Gaps>",
        1_100,
    );
    is_tight(refused_then_read(&file, "ConstraintStudentsSetMaxGapsPerWeek"));
}

#[test]
fn every_hour_away_of_every_class() {
    let mut file = Fet::small();
    (file.days, file.hours) = (10, 20);
    file.years = vec![parallel(1_000)];
    let times = |element: &str| -> String {
        (0..100)
            .map(|n| {
                format!(
                    "<{element}><Day>d{}</Day><Hour>h{}</Hour></{element}>",
                    n / 10,
                    n % 10
                )
            })
            .collect()
    };
    let away = "<Students>p</Students>".to_owned() + &times("Not_Available_Time");
    file.time = limits("StudentsSetNotAvailableTimes", &away, 12);
    refused_then_read(&file, "ConstraintStudentsSetNotAvailableTimes");
    file.time = limits("BreakTimes", &times("Break_Time"), 12);
    refused_then_read(&file, "ConstraintBreakTimes");
}

#[test]
fn every_class_of_every_activity() {
    let mut file = Fet::small();
    file.years = vec![parallel(1_000)];
    file.teachers = several("Teacher", "t", 1_100);
    let lesson = |n: usize| activity(n, &format!("<Teacher>t{n}</Teacher><Students>p</Students>"));
    file.activities = long_lessons(2_000, 900).chain((1..1_100).map(lesson)).collect();
    is_tight(refused_then_read(&file, "Activity"));
    // one activity that names its parallel again and again
    let again = "<Students>p</Students>".repeat(1_100);
    file.activities = long_lessons(2_000, 900)
        .chain([activity(1, "<Students>c0</Students>"), activity(2, &again)])
        .collect();
    refused_then_read(&file, "Activity");
}

#[test]
fn every_room_of_every_activity() {
    let mut file = Fet::small();
    file.rooms = several("Room", "r", 1_000);
    file.activities = (1..1_100)
        .map(|n| activity(n, "<Students>c0</Students>"))
        .collect();
    let rooms: String = (0..1_000)
        .map(|n| format!("<Preferred_Room>r{n}</Preferred_Room>"))
        .collect();
    file.space = limits(
        "SubjectPreferredRooms",
        &("<Subject>s0</Subject>".to_owned() + &rooms),
        1,
    );
    is_tight(refused_then_read(&file, "Activity"));
}

#[test]
fn every_subgroup_of_every_year() {
    let mut file = Fet::small();
    let whole = format!(
        "<Group><Name>c0</Name>{}</Group>",
        several("Subgroup", "g", 1_000).concat()
    );
    file.years = vec![format!("<Year><Name>y0</Name>{whole}</Year>")];
    let names_it = |n| format!("<Year><Name>y{n}</Name><Group><Name>c0</Name></Group></Year>");
    file.years.extend((1..1_100).map(names_it));
    file.activities.clear();
    refused_then_read(&file, "Group");
}

#[test]
fn every_two_subgroups_of_a_class() {
    let mut file = Fet::small();
    let mut year = vec!["<Year><Name>c0</Name><Comments>parta:class</Comments>".to_owned()];
    year.extend(several("Group", "g", 1_500));
    file.years = vec![year.join("\n") + "\n</Year>"];
    let text = file.text();
    let fault = fet::import(text.as_bytes()).unwrap_err();
    assert!(matches!(fault.reason, FetReason::TooMuch { .. }), "{fault}");
    let (lines, line) = (
        text.lines().collect::<Vec<_>>(),
        usize::try_from(fault.line).unwrap(),
    );
    assert!(lines[line - 1].starts_with("<Group>"), "{fault}");
    let end = lines.iter().position(|l| *l == "</Year>").unwrap();
    let draft = fet::import([&lines[..line - 1], &lines[end..]].concat().join("\n").as_bytes()).unwrap();
    assert!(
        (1_400..1_500).contains(&draft.groups.len()),
        "{}",
        draft.groups.len()
    );
    assert!(draft.disjoint().len() <= MOST);
}

/// What one element takes in memory is far more than it takes in a file.
#[test]
fn elements_inside_one_item_are_bounded() {
    let mut file = Fet::small();
    file.activities[1] = activity(2, &"<a/>".repeat(510_000));
    let text = file.text();
    let fault = fet::import(text.as_bytes()).unwrap_err();
    assert!(matches!(fault.reason, FetReason::TooMany { .. }), "{fault}");
    assert!(
        text.lines()
            .nth(usize::try_from(fault.line).unwrap() - 1)
            .unwrap()
            .starts_with("<Activity>")
    );
    assert!(peak() < 400, "{} MB", peak());
    // a root with as many attributes: each held against each would not end
    let many: String = (0..300_000).map(|n| format!(" a{n}=\"\"")).collect();
    let draft = fet::import(text.replacen("<fet ", &format!("<fet{many} "), 1).as_bytes());
    assert!(draft.is_err());
}

#[test]
fn more_things_than_fet_itself_knows() {
    let mut file = Fet::small();
    file.teachers = several("Teacher", "t", 30_001);
    let text = file.text();
    let fault = fet::import(text.as_bytes()).unwrap_err();
    assert_eq!(fault.reason.code(), "too-many", "{fault}");
    let line = text
        .lines()
        .nth(usize::try_from(fault.line).unwrap() - 1)
        .unwrap();
    assert!(line.contains("<Name>t30000<"), "{line}");
    file.teachers.pop();
    assert_eq!(
        fet::import(file.text().as_bytes()).unwrap().teachers.len(),
        30_000
    );
}

/// Names that are equal but for the blanks around them are counted on, not from one each time.
#[test]
fn equal_names_are_told_apart() {
    let mut file = Fet::small();
    let blanks = |n: usize| -> String {
        let digits = (0..10).map(|d| [" ", "\t"][n >> d & 1]);
        digits.collect()
    };
    file.subjects = (0..1_000)
        .map(|n| format!("<Subject><Name>a{}</Name></Subject>", blanks(n)))
        .chain(several("Subject", "s", 1))
        .collect();
    let draft = fet::import(file.text().as_bytes()).unwrap();
    let mut names = draft.subjects.clone();
    assert_eq!((names[0].as_str(), names[999].as_str()), ("a", "a (1000)"));
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 1_001);
}

/// Every list of things made long beside every list of references, known to multiply or not.
#[test]
fn any_two_lists_made_long() {
    const LONG: usize = 1_100;
    type Change = fn(&mut Fet);
    let things: [(&str, Change); 7] = [
        ("teachers", |f| f.teachers = several("Teacher", "t", LONG)),
        ("subjects", |f| f.subjects = several("Subject", "s", LONG)),
        ("rooms", |f| f.rooms = several("Room", "r", LONG)),
        ("years", |f| f.years.extend(several("Year", "y", LONG))),
        ("classes of a parallel", |f| f.years = vec![parallel(LONG)]),
        ("subgroups", |f| {
            let whole = format!(
                "<Group><Name>c0</Name>{}</Group>",
                several("Subgroup", "u", LONG).concat()
            );
            f.years = vec![format!("<Year><Name>p</Name>{whole}</Year>")];
        }),
        ("hours", |f| (f.days, f.hours) = (20, 55)),
    ];
    let who = "<Teacher>t0</Teacher><Students>p</Students><Subject>s0</Subject><Activity_Tag>g0</Activity_Tag>\
        <Activity_Id>1</Activity_Id><Room>r0</Room>";
    let figure = |kind: &str| match kind {
        _ if kind.contains("MaxDays") => "<Max_Days_Per_Week>3</Max_Days_Per_Week>",
        _ if kind.contains("MaxGaps") => "<Max_Gaps>1</Max_Gaps>",
        _ if kind.contains("Building") => "<Max_Building_Changes_Per_Day>1</Max_Building_Changes_Per_Day>",
        _ if kind.contains("MaxHoursDaily") => "<Maximum_Hours_Daily>4</Maximum_Hours_Daily>",
        _ if kind.contains("Continuously") => "<Maximum_Hours_Continuously>2</Maximum_Hours_Continuously>",
        _ if kind.contains("MinHours") => {
            "<Minimum_Hours_Daily>2</Minimum_Hours_Daily><Allow_Empty_Days>true</Allow_Empty_Days>"
        }
        _ if kind.contains("Early") => "<Max_Beginnings_At_Second_Hour>0</Max_Beginnings_At_Second_Hour>",
        _ => "<MinDays>1</MinDays>",
    };
    let mut kinds: Vec<String> = vec![];
    for whose in ["Teachers", "Teacher", "Students", "StudentsSet"] {
        for what in [
            "MaxDaysPerWeek",
            "MaxGapsPerWeek",
            "MaxGapsPerDay",
            "MaxBuildingChangesPerDay",
            "MaxHoursDaily",
            "MaxHoursContinuously",
            "MinHoursDaily",
            "EarlyMaxBeginningsAtSecondHour",
            "NotAvailableTimes",
        ] {
            kinds.push(format!("{whose}{what}"));
        }
    }
    kinds.extend(
        [
            "RoomNotAvailableTimes",
            "BreakTimes",
            "ActivityPreferredRooms",
            "SubjectPreferredRooms",
            "ActivityTagPreferredRooms",
            "SubjectActivityTagPreferredRooms",
            "StudentsSetHomeRooms",
            "MinDaysBetweenActivities",
            "SomethingElse",
        ]
        .map(str::to_owned),
    );
    let (mut read, mut refused) = (0, 0);
    for (what, make_long) in things {
        let mut file = Fet::small();
        make_long(&mut file);
        let rooms: String = (0..file.rooms.len())
            .map(|n| format!("<Preferred_Room>r{n}</Preferred_Room>"))
            .collect();
        let times = |element: &str| -> String {
            let cell =
                |d: usize, h: usize| format!("<{element}><Day>d{d}</Day><Hour>h{h}</Hour></{element}>");
            let all = (0..file.days).flat_map(|d| (0..file.hours).map(move |h| (d, h)));
            all.map(|(d, h)| cell(d, h)).collect()
        };
        let times = times("Not_Available_Time") + &times("Break_Time");
        let mut long: Vec<Fet> = vec![];
        for kind in &kinds {
            // what lists rooms or hours itself is long once, beside long lists of what it is for
            let once = kind.ends_with("Rooms") || kind.ends_with("Times");
            let inside = match kind {
                _ if kind.ends_with("Rooms") => who.to_owned() + &rooms,
                _ if kind.ends_with("Times") => who.to_owned() + &times,
                _ => who.to_owned() + figure(kind),
            };
            let mut file = file.clone();
            file.time = limits(kind, &inside, if once { 1 } else { LONG });
            let activities = if once { LONG } else { 3 };
            let lesson = |n| {
                let with = "<Teacher>t0</Teacher><Students>p</Students><Activity_Tag>g0</Activity_Tag>";
                activity(n, with)
            };
            let long_ones = long_lessons(2_000, if once { 900 } else { 3 });
            file.activities = (1..=activities).map(lesson).chain(long_ones).collect();
            long.push(file);
        }
        for file in long {
            let text = file.text();
            match fet::import(text.as_bytes()) {
                Ok(draft) => {
                    read += 1;
                    let elements = text.matches('<').count();
                    let weight = weight(&draft) + draft.disjoint().len();
                    assert!(
                        weight <= MOST + 5 * elements,
                        "{what} × {}: {weight}",
                        file.time[0]
                    );
                }
                Err(fault) => {
                    refused += 1;
                    assert!(
                        matches!(fault.reason, FetReason::TooMuch { .. }),
                        "{what}: {fault}"
                    );
                }
            }
        }
    }
    assert!(read > 100 && refused > 20, "{read} read, {refused} refused");
    assert!(peak() < 500, "{} MB", peak());
}

fn held(file: &Fet, words: &str) {
    let text = file.text();
    let fault = schools::fet::read(text.as_bytes()).expect_err(words);
    assert!(fault.words.contains(words), "{fault}");
    assert!(fault.line > 1, "{fault}");
    assert!(peak() < 500, "{} MB", peak());
}

/// The same file as a problem: every two of twelve thousand activities would be half a gigabyte before anybody counts.
#[test]
fn every_two_activities_of_a_constraint() {
    let mut file = Fet::small();
    file.activities = (1..=12_000).map(|n| activity(n, "")).collect();
    let ids: String = (1..=12_000)
        .map(|n| format!("<Activity_Id>{n}</Activity_Id>"))
        .collect();
    let weight = "<Weight_Percentage>100</Weight_Percentage>";
    file.time = limits(
        "MinGapsBetweenActivities",
        &format!("{weight}<MinGaps>1</MinGaps>{ids}"),
        1,
    );
    held(&file, "more than can be held");
    let all: String = (1..=2_000)
        .map(|n| format!("<Activity_Id>{n}</Activity_Id>"))
        .collect();
    file.time = limits(
        "MinGapsBetweenActivities",
        &format!("{weight}<MinGaps>1</MinGaps>{all}"),
        1,
    );
    schools::fet::read(file.text().as_bytes()).expect("two thousand are two million pairs");
}

#[test]
fn every_room_of_every_activity_as_a_problem() {
    let mut file = Fet::small();
    file.rooms = several("Room", "r", 5_000);
    file.activities = (1..=5_000).map(|n| activity(n, "")).collect();
    let rooms = |count| -> String {
        (0..count)
            .map(|n| format!("<Preferred_Room>r{n}</Preferred_Room>"))
            .collect()
    };
    let wish = |count| {
        let inside = format!(
            "<Weight_Percentage>90</Weight_Percentage><Subject>s0</Subject>{}",
            rooms(count)
        );
        limits("SubjectPreferredRooms", &inside, 1)
    };
    file.space = wish(5_000);
    held(&file, "more than can be held");
    file.space = wish(500);
    schools::fet::read(file.text().as_bytes()).expect("two and a half million are read");
    // seats in the sets of a virtual room
    let real: String = (0..3).map(|n| format!("<Real_Room>r{n}</Real_Room>")).collect();
    let sets = format!("<Set_of_Real_Rooms>{real}</Set_of_Real_Rooms>").repeat(1_000);
    file.rooms = several("Room", "r", 3);
    file.rooms.push(format!(
        "<Room><Name>v</Name><Virtual>true</Virtual>{sets}</Room>"
    ));
    let inside =
        "<Weight_Percentage>100</Weight_Percentage><Subject>s0</Subject><Preferred_Room>v</Preferred_Room>";
    file.space = limits("SubjectPreferredRooms", inside, 1);
    held(&file, "more than can be held");
    file.space.clear();
    file.rooms = several("Room", "r", 30_001);
    held(&file, "more than 30000 of <Room>");
}

/// A file of aSc: so many of each, and lessons.
fn asc_file(
    groups: &[String],
    rooms: usize,
    teachers: usize,
    lessons: &[String],
    cards: &[String],
) -> String {
    let rows = |item: &str, count: usize| -> String {
        (0..count)
            .map(|n| format!("<{item} id=\"{item}{n}\" name=\"{n}\"/>\n"))
            .collect()
    };
    let lines = |rows: &[String]| rows.iter().map(|l| l.clone() + "\n").collect::<String>();
    format!(
        "<timetable>\n<periods><period period=\"1\"/></periods>\n<daysdefs><daysdef id=\"d\" days=\"11111\"/></daysdefs>\n\
        <subjects><subject id=\"s\" name=\"s\"/></subjects>\n<teachers>\n{}</teachers>\n<classrooms>\n{}</classrooms>\n\
        <classes>\n{}</classes>\n<groups>\n{}</groups>\n<lessons>\n{}</lessons>\n<cards>\n{}</cards>\n</timetable>\n",
        rows("teacher", teachers),
        rows("classroom", rooms),
        rows("class", 50),
        lines(groups),
        lines(lessons),
        lines(cards),
    )
}

/// The line that a refusal names.
fn asc_refused(text: &str, words: &str) -> String {
    let fault = schools::asc::import_text(text).expect_err(words);
    assert!(fault.reason.to_string().contains(words), "{fault}");
    assert!(peak() < 500, "{} MB", peak());
    let line = usize::try_from(fault.line).unwrap();
    text.lines().nth(line - 1).unwrap().to_owned()
}

fn ids(letter: &str, all: std::ops::Range<usize>) -> String {
    all.map(|n| format!("{letter}{n}")).collect::<Vec<_>>().join(",")
}

#[test]
fn subgroups_of_an_asc_class() {
    // without a tag of a division, each subgroup is a division by itself
    let group =
        |class: usize, n: usize| format!("<group id=\"g{n}\" classid=\"class{class}\" name=\"{n}\"/>");
    let groups: Vec<String> = (0..300).map(|n| group(0, n)).collect();
    let lesson = |count| {
        vec![format!(
            "<lesson id=\"l\" subjectid=\"s\" groupids=\"{}\"/>",
            ids("g", 0..count)
        )]
    };
    let file = |count| asc_file(&groups, 0, 0, &lesson(count), &[]);
    let line = asc_refused(&file(300), "groups of a class");
    assert!(line.contains("\"g250\""), "{line}");
    let draft = schools::asc::import_text(&file(250)).expect("250 are read");
    assert_eq!(
        (draft.groups.len(), draft.classes[0].atoms.len()),
        (250, 1),
        "one pupil may be in all"
    );
    // two of each division: each two of different ones meet, an atom for each pair
    let halves: Vec<String> = (0..250)
        .map(|n| group(0, n).replacen("name", &format!("divisiontag=\"{}\" name", n / 2), 1))
        .collect();
    let draft = schools::asc::import_text(&asc_file(&halves, 0, 0, &lesson(250), &[])).expect("250 are read");
    assert_eq!(draft.classes[0].atoms.len(), 250 + 250 * 249 / 2 - 125);
    let all: Vec<String> = (0..10_100).map(|n| group(n / 240, n)).collect();
    let each = |n: usize| {
        format!(
            "<lesson id=\"l{n}\" subjectid=\"s\" groupids=\"{}\"/>",
            ids("g", n * 100..(n + 1) * 100)
        )
    };
    let lessons: Vec<String> = (0..101).map(each).collect();
    let line = asc_refused(&asc_file(&all, 0, 0, &lessons, &[]), "10001 groups");
    assert!(line.contains("\"g10000\""), "{line}");
}

#[test]
fn rooms_and_cards_of_asc_lessons() {
    let lesson = |n: usize| {
        format!(
            "<lesson id=\"l{n}\" subjectid=\"s\" classids=\"class0\" periodsperweek=\"200\" classroomids=\"{}\"/>",
            ids("classroom", 0..999)
        )
    };
    let lessons = |count: usize| -> Vec<String> { (0..count).map(lesson).collect() };
    let line = asc_refused(
        &asc_file(&[], 1_000, 0, &lessons(6), &[]),
        "comes to more than 1000000",
    );
    assert!(line.contains("\"l5\""), "{line}");
    let draft = schools::asc::import_text(&asc_file(&[], 1_000, 0, &lessons(5), &[])).expect("five are read");
    let numbers: Vec<u32> = draft.card_list().map(|(_, _, c)| c.source_id).collect();
    assert_eq!(numbers, (1..=1_000).collect::<Vec<u32>>());
    assert!(weight(&draft) <= MOST + 10_000);
    // a card is one of each of its days, with all its rooms each time
    let card = |rooms| {
        format!(
            "<card lessonid=\"l0\" period=\"1\" days=\"11111\" classroomids=\"{}\"/>",
            ids("classroom", 0..rooms)
        )
    };
    let with = |rooms| asc_file(&[], 1_000, 0, &lessons(1), &[card(20), card(rooms)]);
    assert!(asc_refused(&with(21), "rooms of a card").starts_with("<card"));
    schools::asc::import_text(&with(20)).expect("twenty rooms are read");
}

#[test]
fn long_tables_and_long_elements_of_asc() {
    let line = asc_refused(&asc_file(&[], 0, 30_001, &[], &[]), "30001 teachers");
    assert!(line.contains("\"teacher30000\""), "{line}");
    let periods: String = (2..1_500)
        .map(|n| format!("<period period=\"{n}\"/>\n"))
        .collect();
    let file = asc_file(&[], 0, 0, &[], &[]);
    let long = file.replacen("<periods>", &format!("<periods>\n{periods}"), 1);
    assert!(asc_refused(&long, "periods of a week").contains("\"1002\""));
    let attributes = |count| -> String { (0..count).map(|n| format!(" a{n}=\"\"")).collect() };
    let with = |count| file.replacen("<subjects>", &format!("<subjects{}>", attributes(count)), 1);
    assert!(asc_refused(&with(300_000), "more than 64 attributes").starts_with("<subjects"));
    schools::asc::import_text(&with(64)).expect("64 are read");
}
