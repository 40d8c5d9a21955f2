//! What the command prints is what its file holds, whatever fact was changed, and a search that is stopped leaves no empty timetable behind.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;
mod terminal;

use std::path::{Path, PathBuf};

use fet_school::School;
use terminal::{Folder, error, out, timetable};

/// Hard and soft cost, as `evaluate` tells them.
fn cost(file: &Path) -> (u64, u64) {
    let said = timetable(&["evaluate"], file);
    assert!(said.status.success(), "{}", error(&said));
    figures(&out(&said))
}

/// Hard and soft cost of a line with tabs.
fn figures(line: &str) -> (u64, u64) {
    let fields: Vec<&str> = line.lines().last().unwrap().split('\t').collect();
    (fields[1].parse().unwrap(), fields[2].parse().unwrap())
}

fn solved(folder: &Folder, school: &School) -> PathBuf {
    let file = folder.file("school.fet", school.text().as_bytes());
    let to = folder.0.join("solved.fet");
    let arguments = [
        "solve",
        "-o",
        to.to_str().unwrap(),
        "--work",
        "100000",
        "--threads",
        "1",
    ];
    let said = timetable(&arguments, &file);
    assert!(said.status.success(), "{}", error(&said));
    assert_eq!(cost(&to).0, 0, "{}", out(&said));
    to
}

#[test]
fn what_a_repair_prints_is_what_its_file_costs_for_each_fact() {
    let folder = Folder::new("kept");
    let mut school = School::new();
    school.time(
        "TeacherMaxGapsPerWeek",
        "<Teacher_Name>Орлов</Teacher_Name><Max_Gaps>4</Max_Gaps>",
    );
    let present = solved(&folder, &school);
    let single = school.ids("История", "5А")[0].to_string();
    let double = school.ids("Труд", "6А 1")[0].to_string();
    let lessons = school.lessons.len();
    let more = format!("{single}=3");
    let odd = format!("{double}=5");
    let less = format!("{double}=1");
    let blocked = format!("{single}@Пн 1");
    for (option, what, activities) in [
        ("--ill", "Орлов:Пн", lessons),
        ("--close", "201:Вт", lessons),
        ("--close", "Спортзал:Ср", lessons),
        ("--block", blocked.as_str(), lessons),
        ("--another", single.as_str(), lessons + 1),
        ("--load", more.as_str(), lessons + 2),
        // of two hours: one of two and one of one are more
        ("--load", odd.as_str(), lessons + 2),
        ("--load", less.as_str(), lessons),
    ] {
        let to = folder.0.join("mended.fet");
        let arguments = [
            "repair",
            "-o",
            to.to_str().unwrap(),
            "--work",
            "20000",
            "--threads",
            "1",
            option,
            what,
        ];
        let said = timetable(&arguments, &present);
        assert!(
            matches!(said.status.code(), Some(0 | 3)),
            "{option} {what}: {}",
            error(&said)
        );
        let (hard, soft) = cost(&to);
        let last = out(&said);
        let last = last.lines().last().unwrap();
        assert!(
            last.contains(&format!("({hard}, {soft})")),
            "{option} {what}: {last}, but the file costs {hard} {soft}"
        );
        let text = std::fs::read_to_string(&to).unwrap();
        assert_eq!(text.matches("<Activity>").count(), activities, "{option} {what}");
        // no activity starts twice
        let mut placed: Vec<&str> = text
            .split("<ConstraintActivityPreferredStartingTime>")
            .skip(1)
            .map(|c| c.split("</Activity_Id>").next().unwrap())
            .collect();
        placed.sort_unstable();
        let all = placed.len();
        placed.dedup();
        assert_eq!(placed.len(), all, "{option} {what}");
        std::fs::remove_file(&to).unwrap();
    }
    let names = folder.names();
    let to = folder.0.join("none.fet");
    for (what, words) in [
        (format!("{single}=1"), "takes 1 times already"),
        (format!("{single}=0"), "can take from 1 to 35 times, not 0"),
        (format!("{single}=99"), "can take from 1 to 35 times, not 99"),
    ] {
        let said = timetable(&["repair", "-o", to.to_str().unwrap(), "--load", &what], &present);
        assert_eq!(said.status.code(), Some(1), "{what}");
        assert!(error(&said).contains(words), "{what}: {}", error(&said));
    }
    assert_eq!(folder.names(), names, "nothing is half-written");
}

/// However short the time, a first timetable is made, and what is printed of it is what the file costs.
#[test]
fn no_second_at_all_is_enough_for_a_first_timetable() {
    let folder = Folder::new("no-second");
    let school = School::new();
    let file = folder.file("school.fet", school.text().as_bytes());
    let to = folder.0.join("out.fet");
    let solve = ["solve", "-o", to.to_str().unwrap(), "--seconds", "0"];
    let said = timetable(&solve, &file);
    assert!(said.status.success(), "{}", error(&said));
    let text = std::fs::read_to_string(&to).unwrap();
    let placed = text.matches("<ConstraintActivityPreferredStartingTime>").count();
    assert!(placed * 10 > school.lessons.len() * 9, "{placed}");
    assert_eq!(figures(&out(&said)), cost(&to));
    // and from a file that places everything, rooms too
    let present = solved(&folder, &school);
    let said = timetable(&solve, &present);
    assert!(said.status.success(), "{}", error(&said));
    assert_eq!(figures(&out(&said)), cost(&to));
}

/// An interrupt at any moment leaves the old file, or a whole timetable; never an empty one.
#[cfg(unix)]
#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "a process of its own is left alone for a moment, nobody's worker waits"
)]
fn stopped_before_there_is_a_timetable_it_writes_nothing() {
    let folder = Folder::new("at-once");
    let file = folder.file("school.fet", School::new().text().as_bytes());
    let to = folder.0.join("out.fet");
    let mut stopped = 0;
    for after in (0..100).step_by(4) {
        std::fs::write(&to, "old").unwrap();
        let child = std::process::Command::new(env!("CARGO_BIN_EXE_timetable"))
            .arg("solve")
            .arg(&file)
            .args(["--threads", "2", "--seconds", "20", "-o"])
            .arg(&to)
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(after));
        let sent = std::process::Command::new("kill")
            .args(["-INT", &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        let done = child.wait_with_output().unwrap();
        let now = std::fs::read_to_string(&to).unwrap();
        match done.status.code() {
            Some(0) => assert!(
                now.contains("<ConstraintActivityPreferredStartingTime>"),
                "{after} ms"
            ),
            // before it listened at all
            None => assert_eq!(now, "old", "{after} ms"),
            Some(code) => {
                stopped += 1;
                assert_eq!((code, now.as_str()), (130, "old"), "{after} ms: {}", error(&done));
                assert!(
                    error(&done).contains("stopped before there was a timetable"),
                    "{}",
                    error(&done)
                );
            }
        }
    }
    eprintln!("{stopped} of them while it was building");
}

/// The first thing that is said of a search from a timetable is what that costs: an interrupt then, while nothing is prepared yet, gives
/// that timetable, or a better one.
#[cfg(unix)]
#[test]
fn a_search_from_the_present_that_is_interrupted_at_once_has_the_present() {
    let folder = Folder::new("from-present-at-once");
    let present = solved(&folder, &School::new());
    let to = folder.0.join("out.fet");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_timetable"))
        .arg("solve")
        .arg(&present)
        .args(["--from-present", "--work", "4000000000000", "-o"])
        .arg(&to)
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("from hard") {
        let read = std::io::BufRead::read_line(&mut lines, &mut said).unwrap();
        assert!(read > 0, "it ended before it began: {said}");
    }
    let sent = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(sent.success());
    std::io::Read::read_to_string(&mut lines, &mut said).unwrap();
    let done = child.wait_with_output().unwrap();
    assert!(done.status.success(), "{said}");
    assert!(cost(&to) <= cost(&present));
}
