//! The command between files: what is converted, gone on from or repaired, what is told of it, and what is left where it cannot be.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;
mod terminal;

use std::path::Path;
use std::process::{Command, Output};

use fet_school::School;
use terminal::{Folder, error, out, timetable};

const ASC: &str = include_str!("small_asc.xml");

/// Converts, and gives what was told and what was written.
fn convert(folder: &Folder, from: &Path, to: &str) -> (Output, Option<String>) {
    let place = folder.0.join(to);
    let done = timetable(&["convert", place.to_str().unwrap()], from);
    (done, std::fs::read_to_string(place).ok())
}

#[test]
fn every_sort_of_file_becomes_every_other_and_what_is_left_out_is_told() {
    let folder = Folder::new("convert");
    let mut school = School::new();
    school.time(
        "TeacherMaxGapsPerWeek",
        "<Teacher_Name>Орлов</Teacher_Name><Max_Gaps>4</Max_Gaps>",
    );
    let fet = folder.file("school.fet", school.text().as_bytes());
    let asc = folder.file("school.xml", ASC.as_bytes());
    let (done, _) = convert(&folder, &asc, "from.xhstt");
    assert!(done.status.success(), "{}", error(&done));
    let archive = folder.0.join("from.xhstt");
    for (from, to, root, told) in [
        (
            &fet,
            "1.asc.xml",
            "<timetable ",
            "limits of days, hours and gaps (8): aSc has no such rule",
        ),
        (&fet, "2.xhstt.xml", "<HighSchoolTimetableArchive", ""),
        (&asc, "3.fet", "<fet ", "2 cards are not held every week"),
        (&asc, "4.xhstt", "<HighSchoolTimetableArchive", ""),
        (
            &archive,
            "5.fet",
            "<fet ",
            "left out: \"teachers have no gaps\" (LimitIdleTimes, wished)",
        ),
        (
            &archive,
            "6.asc.xml",
            "<timetable ",
            "left out: \"teachers have no gaps\"",
        ),
    ] {
        let (done, text) = convert(&folder, from, to);
        assert!(done.status.success(), "{to}: {}", error(&done));
        let text = text.unwrap();
        assert!(text.contains(root), "{to}: {text:.300}");
        assert!(error(&done).contains(told), "{to}: {}", error(&done));
        assert!(out(&done).is_empty());
        // what was written is read again
        let (again, archive) = convert(&folder, &folder.0.join(to), "again.xhstt");
        assert!(again.status.success(), "{to}: {}", error(&again));
        assert!(archive.unwrap().contains("<Event "), "{to}");
    }
    assert!(
        folder.names().iter().all(|name| !name.contains(".part")),
        "{:?}",
        folder.names()
    );
}

#[test]
fn a_conversion_that_cannot_be_leaves_nothing_and_says_why() {
    let folder = Folder::new("convert-not");
    let broken = folder.file("broken.fet", b"<fet version=\"6\"><Days_List>");
    let asc = folder.file(
        "school.xml",
        ASC.replace("teacherids=\"T1\"", "teacherids=\"T9\"").as_bytes(),
    );
    let fet = folder.file("school.fet", School::new().text().as_bytes());
    let before = folder.names();
    for (from, to, words) in [
        (&broken, "1.xhstt", "ends inside <Days_List>"),
        (&asc, "2.fet", "there is no teacher \"T9\""),
        (&fet, "3.txt", "what is to be written is told by the name"),
        (&fet, "no/such/folder/4.xhstt", "No such file"),
        (&folder.0.join("none.fet"), "5.xhstt", "No such file"),
    ] {
        let (done, text) = convert(&folder, from, to);
        assert_eq!(done.status.code(), Some(1), "{to}");
        assert!(error(&done).contains(words), "{to}: {}", error(&done));
        assert_eq!(text, None, "{to}");
    }
    assert_eq!(folder.names(), before);
}

/// The cost that `evaluate` tells: hard and soft.
fn cost(file: &Path) -> (u64, u64) {
    let said = timetable(&["evaluate"], file);
    assert!(said.status.success(), "{}", error(&said));
    let text = out(&said);
    let mut fields = text.lines().last().unwrap().split('\t').rev();
    let mut next = || fields.find_map(|f| f.trim().parse().ok()).unwrap();
    let soft = next();
    (next(), soft)
}

#[test]
fn a_search_from_the_present_timetable_is_never_worse_and_starts_there() {
    let folder = Folder::new("present");
    let fet = folder.file("school.fet", School::new().text().as_bytes());
    let asc = folder.file("school.xml", ASC.as_bytes());
    for (from, names) in [
        (&fet, ["a.fet", "b.fet", "c.fet"]),
        (&fet, ["a.xhstt", "b.xhstt", "c.xhstt"]),
        (&asc, ["a.asc.xml", "b.asc.xml", "c.asc.xml"]),
    ] {
        let place = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
        let first = timetable(
            &[
                "solve",
                "-o",
                &place(names[0]),
                "--work",
                "20000",
                "--threads",
                "1",
            ],
            from,
        );
        assert!(first.status.success(), "{}", error(&first));
        let present = folder.0.join(names[0]);
        // no move at all: what comes out is what was there
        let same = timetable(
            &[
                "solve",
                "-o",
                &place(names[1]),
                "--from-present",
                "--work",
                "0",
                "--threads",
                "1",
            ],
            &present,
        );
        assert!(same.status.success(), "{}", error(&same));
        assert!(error(&same).contains("from hard"), "{}", error(&same));
        assert_eq!(cost(&folder.0.join(names[1])), cost(&present), "{}", names[1]);
        let better = timetable(
            &[
                "solve",
                "-o",
                &place(names[2]),
                "--from-present",
                "--work",
                "20000",
                "--threads",
                "2",
            ],
            &present,
        );
        assert!(better.status.success(), "{}", error(&better));
        assert!(cost(&folder.0.join(names[2])) <= cost(&present), "{}", names[2]);
    }
    // without a timetable there is nothing to start from
    let refused = timetable(&["solve", "-o", "/dev/null", "--from-present"], &fet);
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        error(&refused).contains("no timetable in this file to start from"),
        "{}",
        error(&refused)
    );
}

#[test]
fn a_repair_says_the_changed_fact_in_its_result_and_leaves_nothing_if_it_cannot() {
    let folder = Folder::new("repair");
    let fet = folder.file("school.fet", School::new().text().as_bytes());
    let place = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let solved = timetable(
        &[
            "solve",
            "-o",
            &place("solved.fet"),
            "--work",
            "100000",
            "--threads",
            "1",
        ],
        &fet,
    );
    assert!(solved.status.success(), "{}", error(&solved));
    let present = folder.0.join("solved.fet");
    for (option, what, says) in [
        ("--ill", "Орлов:Пн", "<Teacher>Орлов</Teacher>"),
        ("--close", "201:Вт", "<Room>201</Room>"),
    ] {
        let mended = timetable(
            &[
                "repair",
                "-o",
                &place("mended.fet"),
                "--work",
                "20000",
                option,
                what,
            ],
            &present,
        );
        assert!(mended.status.success(), "{}", error(&mended));
        assert!(out(&mended).contains("cards moved"), "{}", out(&mended));
        let text = std::fs::read_to_string(place("mended.fet")).unwrap();
        let before = std::fs::read_to_string(&present).unwrap();
        let count = |text: &str| text.matches("changed by timetable repair").count();
        assert_eq!((count(&text), count(&before)), (1, 0), "{option}");
        let said = text.split("changed by timetable repair").next().unwrap();
        let said = said.rsplit("<Constraint").next().unwrap();
        assert!(
            said.contains(says) && said.contains("NotAvailableTimes"),
            "{said}"
        );
        // the fact holds: the mended timetable is judged by it
        let judged = timetable(&["evaluate", "--details"], Path::new(&place("mended.fet")));
        assert!(judged.status.success(), "{}", error(&judged));
    }
    let before = folder.names();
    for (arguments, words) in [
        (vec!["repair", "-o", "none.fet"], "nothing has changed"),
        (
            vec!["repair", "-o", "none.fet", "--ill", "Никто"],
            "there is no resource",
        ),
        (
            vec!["repair", "-o", "none.fet", "--load", "x"],
            "EVENT=TIMES is wanted",
        ),
    ] {
        let target = place("none.fet");
        let arguments: Vec<&str> = arguments
            .iter()
            .map(|a| if *a == "none.fet" { target.as_str() } else { *a })
            .collect();
        let refused = timetable(&arguments, &present);
        assert_eq!(refused.status.code(), Some(1), "{arguments:?}");
        assert!(error(&refused).contains(words), "{}", error(&refused));
    }
    assert_eq!(folder.names(), before, "nothing is half-written");
}

/// A new lesson: an activity of the file, in the rules that the one it is like stands in, at a place of its own.
#[test]
fn one_more_lesson_becomes_an_activity_with_the_rules_of_the_one_it_is_like() {
    let folder = Folder::new("another");
    let school = School::new();
    let history: Vec<String> = school
        .lessons
        .iter()
        .filter(|l| l.subject == "История" && l.students == "5А")
        .map(|l| l.id.to_string())
        .collect();
    let fet = folder.file("school.fet", school.text().as_bytes());
    let place = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let solved = timetable(
        &[
            "solve",
            "-o",
            &place("solved.fet"),
            "--work",
            "100000",
            "--threads",
            "1",
        ],
        &fet,
    );
    assert!(solved.status.success(), "{}", error(&solved));
    let present = folder.0.join("solved.fet");
    assert_eq!(cost(&present).0, 0, "{}", out(&solved));
    let asked = |to: &str, language: &str| {
        let to = place(to);
        let arguments = [
            "repair",
            "-o",
            &to,
            "--work",
            "60000",
            "--language",
            language,
            "--another",
            &history[0],
        ];
        timetable(&arguments, &present)
    };
    let mended = asked("mended.fet", "en");
    assert_eq!(
        mended.status.code(),
        Some(0),
        "{}{}",
        error(&mended),
        out(&mended)
    );
    assert!(out(&mended).contains(" is new at "), "{}", out(&mended));
    let said = asked("again.fet", "ru");
    assert!(out(&said).contains("новая карточка"), "{}", out(&said));
    let [before, after] =
        ["solved.fet", "mended.fet"].map(|name| std::fs::read_to_string(place(name)).unwrap());
    let activities = |text: &str| text.matches("<Activity>").count();
    assert_eq!(activities(&after), activities(&before) + 1);
    let new = (school.lessons.iter().map(|l| l.id).max().unwrap() + 1).to_string();
    let made = after
        .split("<Activity>")
        .find(|a| a.contains(&format!("<Id>{new}</Id>")))
        .unwrap();
    for field in [
        "<Subject>История</Subject>",
        "<Students>5А</Students>",
        "<Teacher>Орлов</Teacher>",
    ] {
        assert!(made.contains(field), "{made}");
    }
    // days between lessons: of three now
    let apart = after.split("<ConstraintMinDaysBetweenActivities>");
    let apart = apart.filter(|c| c.contains(&format!("<Activity_Id>{}</Activity_Id>", history[0])));
    let apart = apart
        .map(|c| c.split("</ConstraintMinDays").next().unwrap())
        .next()
        .unwrap();
    assert!(
        apart.contains(&format!("<Activity_Id>{new}</Activity_Id>")),
        "{apart}"
    );
    assert!(apart.contains("<Number_of_Activities>3<"), "{apart}");
    // and the whole is a file with a timetable that meets everything
    assert_eq!(cost(Path::new(&place("mended.fet"))).0, 0);
    // an archive takes it, a file of aSc Timetables does not, and is not even begun
    let archive = asked("mended.xhstt", "en");
    assert_eq!(archive.status.code(), Some(0), "{}", error(&archive));
    let asc = folder.file("school.xml", ASC.as_bytes());
    let names = folder.names();
    let refused = timetable(
        &["repair", "-o", &place("none.asc.xml"), "--another", "L1:0"],
        &asc,
    );
    assert_eq!(refused.status.code(), Some(1));
    assert!(
        error(&refused).contains("cannot take up new lessons"),
        "{}",
        error(&refused)
    );
    assert_eq!(folder.names(), names, "nothing is half-written");
}

/// Interrupts a command once it has said on standard error that it searches; gives its status and what it said on both ways.
fn interrupted(arguments: &[&str], file: &Path) -> (std::process::ExitStatus, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_timetable"))
        .arg(arguments[0])
        .arg(file)
        .args(&arguments[1..])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("searching") {
        let read = std::io::BufRead::read_line(&mut lines, &mut said).unwrap();
        assert!(read > 0, "it ended before it searched: {said}");
    }
    let told = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(told.success());
    std::io::Read::read_to_string(&mut lines, &mut said).unwrap();
    let done = child.wait_with_output().unwrap();
    (done.status, String::from_utf8(done.stdout).unwrap(), said)
}

#[cfg(unix)]
#[test]
fn a_repair_and_an_explanation_that_are_interrupted_give_what_they_have() {
    let folder = Folder::new("interrupt");
    let mut school = School::new();
    // nothing can meet this, so a search for it goes on as long as it may
    school.time(
        "TeacherMaxDaysPerWeek",
        "<Teacher_Name>Иванова</Teacher_Name><Max_Days_Per_Week>1</Max_Days_Per_Week>",
    );
    let fet = folder.file("school.fet", school.text().as_bytes());
    let place = folder.0.join("solved.fet").to_str().unwrap().to_owned();
    let solved = timetable(
        &["solve", "-o", &place, "--work", "20000", "--threads", "1"],
        &fet,
    );
    assert!(solved.status.success(), "{}", error(&solved));
    let mended = folder.0.join("mended.fet").to_str().unwrap().to_owned();
    let (status, told, said) = interrupted(
        &[
            "repair",
            "-o",
            &mended,
            "--work",
            "4000000000000",
            "--ill",
            "Орлов:Пн",
        ],
        Path::new(&place),
    );
    assert_eq!(status.code(), Some(3), "the limit stays broken: {status} {said}");
    assert!(told.contains("cards moved"), "{told}");
    assert!(timetable(&["evaluate"], Path::new(&mended)).status.success());
    let (status, told, said) = interrupted(&["explain", "--search", "--work", "4000000000000"], &fet);
    assert_eq!(status.code(), Some(3), "{status} {said}");
    assert!(
        // before there was a timetable, or with the best so far
        said.contains("interrupted")
            && told.contains("impossible: ")
            && (told.contains("cost ") || said.contains("before there was a timetable")),
        "{said} {told}"
    );
    assert!(
        folder.names().iter().all(|name| !name.contains(".part")),
        "{:?}",
        folder.names()
    );
}
