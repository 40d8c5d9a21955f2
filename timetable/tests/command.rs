//! The command itself: what it says about broken, hostile and impossible files, and what it leaves behind when it is stopped.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;
mod terminal;

use std::path::Path;
use std::process::Command;

use fet_school::School;
use terminal::{Folder, error, out, timetable, xz};

#[test]
fn a_contradiction_is_named_with_what_would_help_in_both_languages() {
    let folder = Folder::new("explain");
    let mut school = School::new();
    school.time(
        "TeacherMaxDaysPerWeek",
        "<Teacher_Name>Сидорова</Teacher_Name><Max_Days_Per_Week>4</Max_Days_Per_Week>",
    );
    let file = folder.file("school.fet", school.text().as_bytes());
    let said = timetable(&["explain"], &file);
    assert!(said.status.success(), "{}", error(&said));
    let text = out(&said);
    for wanted in [
        "impossible: Сидорова may be busy on 4 days",
        "lessons (5): Математика",
        "would help most to loosen: Сидорова: busy days (of 5): at most 4 [teacher max days per week]",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in\n{text}");
    }
    let said = timetable(&["explain", "--language", "ru"], &file);
    let text = out(&said);
    for wanted in [
        "Сидорова: за 4 дн. уроки не разместить",
        "уроки (5): Математика",
        "больше всего поможет уступить здесь: Сидорова: занятые дни (из 5): не больше 4",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in\n{text}");
    }
}

#[test]
fn a_finished_timetable_is_judged_and_not_taken_for_locks() {
    let folder = Folder::new("finished");
    let mut school = School::new();
    school.time(
        "TeacherMaxGapsPerWeek",
        "<Teacher_Name>Орлов</Teacher_Name><Max_Gaps>4</Max_Gaps>",
    );
    let file = folder.file("school.fet", school.text().as_bytes());
    let finished = folder.0.join("finished.fet");
    let place = finished.to_str().unwrap();
    let solved = timetable(
        &["solve", "-o", place, "--work", "600000", "--threads", "1"],
        &file,
    );
    assert!(solved.status.success(), "{}", error(&solved));
    assert!(out(&solved).contains("\t0\t"), "{}", out(&solved));
    let said = out(&timetable(&["explain"], &finished));
    assert!(said.contains("every requirement can be met"), "{said}");
}

#[test]
fn compressed_files_that_are_broken_or_too_large_are_refused() {
    let folder = Folder::new("xz");
    let good = xz(School::new().text().as_bytes());
    let file = folder.file("school.fet.xz", &good);
    let plain = folder.file("school.fet", School::new().text().as_bytes());
    let (packed, plain) = (timetable(&["explain"], &file), timetable(&["explain"], &plain));
    assert_eq!(out(&packed), out(&plain), "what is packed is read as it is");
    assert_eq!(packed.status.code(), plain.status.code());
    let refused = |name: &str, bytes: &[u8]| {
        let said = timetable(&["explain"], &folder.file(name, bytes));
        assert_eq!(said.status.code(), Some(1), "{name}: {}", out(&said));
        let words = error(&said);
        assert!(
            words.starts_with("timetable: ") && words.contains(name),
            "{words}"
        );
        assert_eq!(out(&said), "");
        words
    };
    for place in (0..good.len()).step_by(good.len() / 24) {
        let mut bad = good.clone();
        bad[place] ^= 0x55;
        refused("flipped.fet.xz", &bad);
        refused("short.fet.xz", &good[..place]);
    }
    // A dictionary of 4 GiB is asked for in the header, whose checksum is right.
    let header = usize::from(good[12]) * 4 + 4;
    let mut greedy = good.clone();
    let block = &mut greedy[12..12 + header];
    let at = block.windows(2).position(|w| w == [0x21, 0x01]).unwrap() + 2;
    block[at] = 40;
    let sum = crc32(&block[..header - 4]);
    block[header - 4..].copy_from_slice(&sum.to_le_bytes());
    assert!(
        refused("greedy.fet.xz", &greedy)
            .to_lowercase()
            .contains("memory")
    );
    // A bomb: some hundred kilobytes that become too many bytes.
    let zeros = xz(&vec![b' '; 32 * 1024 * 1024]);
    let bomb = zeros.repeat(9);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    assert!(refused("bomb.fet.xz", &bomb).contains("larger than"));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |sum: u32, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |s, _| {
            if s & 1 == 1 { s >> 1 ^ 0xEDB8_8320 } else { s >> 1 }
        })
    })
}

#[test]
fn what_cannot_be_is_said_and_nothing_is_written_for_a_broken_file() {
    let folder = Folder::new("broken");
    let text = School::new().text();
    let cut = folder.file("cut.fet", &text.as_bytes()[..text.len() / 2]);
    let place = folder.0.join("out.fet");
    let said = timetable(&["solve", "-o", place.to_str().unwrap(), "--work", "1000"], &cut);
    assert_eq!(said.status.code(), Some(1));
    assert!(error(&said).contains("line "), "{}", error(&said));
    assert_eq!(folder.names(), ["cut.fet"]);

    let mut school = School::new();
    let (a, b) = (school.ids("История", "5А")[0], school.ids("История", "7Б")[1]);
    school.lock(a, 2, 1);
    school.lock(b, 2, 1);
    let file = folder.file("locks.fet", school.text().as_bytes());
    let said = timetable(
        &["solve", "-o", place.to_str().unwrap(), "--work", "20000"],
        &file,
    );
    assert!(said.status.success(), "the best that there is, is still written");
    let words = error(&said);
    assert!(
        words.contains("cannot be met: Орлов is needed at Ср 2 by two lessons"),
        "{words}"
    );
    assert!(words.contains("timetable explain"), "{words}");
}

/// An interrupt keeps the best so far; a kill leaves the old file as it was.
#[cfg(unix)]
#[test]
fn stopped_in_the_middle() {
    let folder = Folder::new("stopped");
    let file = folder.file("school.fet", School::new().text().as_bytes());
    let place = folder.file("out.fet", b"old");
    for (signal, keeps) in [("-KILL", false), ("-INT", true)] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_timetable"))
            .args(["solve", "-o"])
            .arg(&place)
            .args(["--work", "4000000000000", "--threads", "1"])
            .arg(&file)
            .stderr(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        // Its first line says that a timetable has been constructed.
        let mut lines = std::io::BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains("hard") {
            line.clear();
            let read = std::io::BufRead::read_line(&mut lines, &mut line).unwrap();
            assert!(read > 0, "it ended before it found anything");
        }
        let sent = Command::new("kill")
            .args([signal, &child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
        std::io::Read::read_to_end(&mut lines, &mut vec![]).unwrap();
        let status = child.wait().unwrap();
        let now = std::fs::read_to_string(&place).unwrap();
        if keeps {
            assert!(status.success(), "{status}");
            assert!(now.contains("ConstraintActivityPreferredStartingTime"));
        } else {
            assert_eq!(now, "old");
        }
        assert_eq!(
            folder.names(),
            ["out.fet", "school.fet"],
            "nothing half-written stays"
        );
    }
}

#[test]
fn a_place_that_cannot_be_written_is_told_before_the_search() {
    let folder = Folder::new("place");
    let file = folder.file("school.fet", School::new().text().as_bytes());
    let nowhere = folder.0.join("no/such/out.fet");
    for (place, why) in [
        (nowhere.as_path(), "out.fet"),
        (folder.0.as_path(), "folder"),
        (Path::new("/"), "not a name"),
    ] {
        let said = timetable(&["solve", "-o", place.to_str().unwrap(), "--work", "1000"], &file);
        assert_eq!(said.status.code(), Some(1), "{}", error(&said));
        assert!(error(&said).contains(why), "{}", error(&said));
        assert!(
            !error(&said).contains("hard"),
            "nothing was searched: {}",
            error(&said)
        );
    }
    let place = folder.0.join("out.pdf");
    let said = timetable(&["convert", place.to_str().unwrap()], &file);
    assert_eq!(said.status.code(), Some(1));
    assert!(error(&said).contains(".fet, .xml or .xhstt"), "{}", error(&said));
    let said = timetable(
        &["solve", "-o", "out.fet", "--seconds", "18446744073709551615"],
        &file,
    );
    assert_eq!(said.status.code(), Some(2), "{}", error(&said));
    assert_eq!(folder.names(), ["school.fet"]);
}

/// A name that leads elsewhere still does after it was written; a neighbour's file stays.
#[cfg(unix)]
#[test]
fn links_and_neighbours_survive() {
    let folder = Folder::new("links");
    let file = folder.file("school.fet", School::new().text().as_bytes());
    let real = folder.file("real.xhstt", b"old");
    folder.file("link.xhstt.part", b"mine");
    let link = folder.0.join("link.xhstt");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let said = timetable(&["convert", link.to_str().unwrap()], &file);
    assert!(said.status.success(), "{}", error(&said));
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(
        std::fs::read_to_string(&real)
            .unwrap()
            .contains("HighSchoolTimetableArchive")
    );
    assert_eq!(
        std::fs::read_to_string(folder.0.join("link.xhstt.part")).unwrap(),
        "mine"
    );
    let said = timetable(&["explain"], &link);
    assert!(
        said.status.success() && out(&said).contains("every requirement can be met"),
        "{}",
        error(&said)
    );
    // A device is written into, not replaced.
    let said = timetable(&["convert", "/dev/null"], &file);
    assert!(said.status.success(), "{}", error(&said));
    assert!(!std::fs::metadata("/dev/null").unwrap().is_file());
    // So is a pipe behind a name.
    let said = timetable(&["convert", "/dev/stdout"], &file);
    assert!(said.status.success(), "{}", error(&said));
    assert!(out(&said).contains("HighSchoolTimetableArchive"));
    assert_eq!(
        folder.names(),
        ["link.xhstt", "link.xhstt.part", "real.xhstt", "school.fet"]
    );
}

#[test]
fn a_complete_timetable_says_what_it_leaves_out_of_account() {
    let folder = Folder::new("complete");
    let mut school = School::new();
    school.time("ThingsToCome", "<Secret>1</Secret>");
    let file = folder.file("school.fet", school.text().as_bytes());
    let done = folder.0.join("done.fet");
    let output = done.to_str().unwrap();
    let solve = [
        "solve",
        "-o",
        output,
        "--until-complete",
        "--seconds",
        "30",
        "--threads",
        "1",
    ];
    let said = timetable(&solve, &file);
    assert!(said.status.success(), "{}", error(&said));
    assert!(
        error(&said).contains("ConstraintThingsToCome") && error(&said).contains("1 of them required"),
        "{}",
        error(&said)
    );
    let told = out(&said);
    let cells: Vec<&str> = told.trim().split('\t').collect();
    assert_eq!((cells[1], cells[3]), ("0", "1 requirements not understood"));
    // The wishes, which were not looked for, are priced all the same.
    let judged = out(&timetable(&["evaluate"], &done));
    let again: Vec<&str> = judged.trim().split('\t').collect();
    assert_eq!(again[1], "0");
    assert!(cells[2].parse::<u32>().is_ok() && again[2].parse::<u32>().is_ok());
}
