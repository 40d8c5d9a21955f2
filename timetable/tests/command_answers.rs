//! The command's answers about a finished timetable: repairs, advice about a card, what is broken; in both languages, with a status
//! that a script can tell apart.
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

/// The school's file with a timetable in it.
fn solved(folder: &Folder, school: &School) -> PathBuf {
    let fet = folder.file("school.fet", school.text().as_bytes());
    let place = folder.0.join("solved.fet");
    let to = place.to_str().unwrap();
    let done = timetable(&["solve", "-o", to, "--work", "600000", "--threads", "1"], &fet);
    assert!(done.status.success(), "{}", error(&done));
    place
}

/// No timetable keeps a teacher of five classes to one day.
fn hopeless() -> School {
    let mut school = School::new();
    school.time(
        "TeacherMaxDaysPerWeek",
        "<Teacher_Name>Иванова</Teacher_Name><Max_Days_Per_Week>1</Max_Days_Per_Week>",
    );
    school
}

#[test]
fn what_was_not_met_has_a_status_of_its_own_and_the_file_is_there() {
    let folder = Folder::new("status");
    let fet = folder.file("hopeless.fet", hopeless().text().as_bytes());
    let place = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let work = ["--work", "20000", "--threads", "1"];
    let asked = |more: &[&str], to: &str| {
        let arguments = [&["solve", "-o", to], more, &work].concat();
        timetable(&arguments, &fet)
    };
    let best = asked(&[], &place("best.fet"));
    assert_eq!(best.status.code(), Some(0), "the best of the time was asked for");
    let complete = asked(&["--until-complete"], &place("complete.fet"));
    assert_eq!(complete.status.code(), Some(3), "{}", error(&complete));
    assert!(Path::new(&place("complete.fet")).exists());
    let present = folder.0.join("best.fet");
    let repair = |more: &[&str]| {
        let to = place("mended.fet");
        let arguments = [&["repair", "-o", &to, "--ill", "Орлов:Пн"], more, &work].concat();
        timetable(&arguments, &present)
    };
    let mended = repair(&[]);
    assert_eq!(mended.status.code(), Some(3), "{}", error(&mended));
    let told = out(&mended);
    // never only that it is not met: it is proved, with what would help
    assert!(told.contains("not met: hard"), "{told}");
    assert!(told.contains("cannot be met: Иванова"), "{told}");
    assert!(told.contains("would help most to loosen"), "{told}");
    let told = out(&repair(&["--language", "ru"]));
    for words in [
        "не выполнено: обязательно",
        "невыполнимо: Иванова",
        "переставлено карточек:",
    ] {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    assert!(!told.contains("cards moved") && !told.contains("hard "), "{told}");
    let help = out(&timetable(&["--help"], Path::new("-h")));
    assert!(help.contains("Exit status"), "{help}");
}

#[test]
fn what_is_new_or_finds_no_place_is_said_so() {
    let folder = Folder::new("new");
    let school = School::new();
    let id = school.ids("Музыка", "5А")[0].to_string();
    let present = solved(&folder, &school);
    let to = folder.0.join("more.fet").to_str().unwrap().to_owned();
    let repair = |language: &str| {
        let load = format!("{id}=2");
        let arguments = [
            "repair",
            "-o",
            &to,
            "--load",
            &load,
            "--work",
            "60000",
            "--threads",
            "1",
            "--language",
            language,
        ];
        out(&timetable(&arguments, &present))
    };
    let told = repair("en");
    assert!(
        told.contains("is new at") || told.contains("has no place"),
        "{told}"
    );
    assert!(!told.contains("nobody") && !told.contains("nowhere"), "{told}");
    let told = repair("ru");
    assert!(
        told.contains("новая карточка") || told.contains("места не нашлось"),
        "{told}"
    );
}

#[test]
fn a_fixed_card_is_priced_as_if_it_were_loose_and_rules_are_named() {
    let folder = Folder::new("fixed");
    let mut school = School::new();
    let id = school.ids("История", "5А")[0];
    school.lock(id, 0, 2);
    let present = solved(&folder, &school);
    let event = id.to_string();
    let told = out(&timetable(&["suggest", "--event", &event], &present));
    assert!(told.contains("its time is fixed at"), "{told}");
    let cells = told.lines().filter(|l| l.contains("\thard ")).count();
    assert!(cells >= 30, "every cell has its price: {told}");
    assert!(told.contains("because of"), "{told}");
    // one line for each rule: nobody must read nine hundred letters
    let longest = told.lines().map(|l| l.chars().count()).max().unwrap();
    assert!(longest < 400, "{longest}");
    let told = out(&timetable(
        &["suggest", "--event", &event, "--language", "ru"],
        &present,
    ));
    for words in ["закреплено:", "обязательно", "мешают:"] {
        assert!(told.contains(words), "{words} is not in\n{told}");
    }
    for words in ["because", "hard", "LimitIdleTimes"] {
        assert!(!told.contains(words), "{words} is in\n{told}");
    }
}

#[test]
fn lessons_too_near_each_other_are_named_in_the_language_asked_for() {
    let folder = Folder::new("near");
    let mut school = School::new();
    let ids = school.ids("История", "5А");
    // two lessons of one subject on one day, against the rule that they are apart
    school.apart(&ids, 1);
    school.lock(ids[0], 0, 1);
    school.lock(ids[1], 0, 2);
    let present = solved(&folder, &school);
    let told = out(&timetable(
        &["evaluate", "--details", "--language", "ru"],
        &present,
    ));
    let line = told
        .lines()
        .find(|l| l.contains("не больше 1 в день"))
        .expect(&told);
    assert!(line.contains("История"), "{line}");
    assert!(line.contains("обязательно"), "{line}");
}

#[test]
fn an_archive_made_with_a_given_work_is_the_same_file_each_time() {
    let folder = Folder::new("same");
    let fet = folder.file("school.fet", School::new().text().as_bytes());
    let make = |name: &str| {
        let place = folder.0.join(name);
        let to = place.to_str().unwrap();
        let done = timetable(
            &[
                "solve",
                "-o",
                to,
                "--work",
                "30000",
                "--seed",
                "5",
                "--threads",
                "2",
            ],
            &fet,
        );
        assert!(done.status.success(), "{}", error(&done));
        std::fs::read_to_string(place).unwrap()
    };
    let first = make("a.xhstt");
    assert_eq!(first, make("b.xhstt"));
    assert!(
        !first.contains("<RunningTime>"),
        "how long it took is no part of it"
    );
}

#[test]
fn what_is_no_file_of_ours_is_called_so_and_utf_16_is_read() {
    let folder = Folder::new("sorts");
    let garbage = folder.file("garbage.fet", b"garbage");
    let empty = folder.file("empty.xml", b" \n");
    for (file, words) in [(&garbage, "there is no XML in it"), (&empty, "the file is empty")] {
        let said = timetable(&["evaluate"], file);
        assert_eq!(said.status.code(), Some(1));
        assert!(error(&said).contains(words), "{}", error(&said));
    }
    let text = School::new().text();
    for big in [false, true] {
        let mut bytes = if big { vec![0xfe, 0xff] } else { vec![0xff, 0xfe] };
        for unit in text.encode_utf16() {
            bytes.extend(if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            });
        }
        let file = folder.file("wide.fet", &bytes);
        let to = folder.0.join("out.fet").to_str().unwrap().to_owned();
        let said = timetable(&["convert", &to], &file);
        assert!(said.status.success(), "{}", error(&said));
        assert!(std::fs::read_to_string(&to).unwrap().contains("Литература"));
    }
    let fet = folder.file("school.fet", text.as_bytes());
    let bare = folder.0.join("out").to_str().unwrap().to_owned();
    let said = timetable(&["solve", "-o", &bare, "--work", "1000"], &fet);
    assert_eq!(said.status.code(), Some(1));
    assert!(error(&said).contains("told by the name"), "{}", error(&said));
    assert!(!Path::new(&bare).exists());
}
