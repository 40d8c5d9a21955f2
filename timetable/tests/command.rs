//! The command itself: what it says about broken, hostile and impossible files, and what it leaves behind when it is stopped.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use fet_school::School;

/// A folder of its own, gone when the test is over.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("parta-timetable-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let mut names: Vec<String> = entries
            .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn timetable(arguments: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_timetable"))
        .arg(arguments[0])
        .arg(file)
        .args(&arguments[1..])
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn error(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(vec![], lzma_rust2::XzOptions::with_preset(0)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

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
    assert!(status.success(), "{status} {said}");
    assert!(told.contains("cards moved"), "{told}");
    assert!(timetable(&["evaluate"], Path::new(&mended)).status.success());
    let (status, told, said) = interrupted(&["explain", "--search", "--work", "4000000000000"], &fet);
    assert!(status.success(), "{status} {said}");
    assert!(
        said.contains("interrupted") && told.contains("cost "),
        "{said} {told}"
    );
    assert!(
        folder.names().iter().all(|name| !name.contains(".part")),
        "{:?}",
        folder.names()
    );
}
