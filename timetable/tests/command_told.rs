//! What `timetable solve` and `explain` say on the way and at the end: whose cost it is, what is unmet, in the language that was asked for.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;
mod terminal;

use fet_school::School;
use terminal::{Folder, error, out, timetable};

/// Words of the other language that must not stand among what is told in Russian.
const ENGLISH: [&str; 17] = [
    "hard ",
    "soft ",
    "round ",
    "moves a second",
    "after ",
    " s\n",
    "cost ",
    "impossible",
    "every requirement",
    "threads",
    "not met",
    "says why",
    "cannot",
    "searching",
    "interrupted",
    "added wishes",
    "not understood",
];

fn gaps() -> School {
    let mut school = School::new();
    school.time(
        "TeacherMaxGapsPerWeek",
        "<Teacher_Name>Орлов</Teacher_Name><Max_Gaps>4</Max_Gaps>",
    );
    school
}

#[test]
fn the_cost_of_the_file_is_what_anybody_finds_and_added_wishes_stand_apart() {
    let folder = Folder::new("added");
    let file = folder.file("school.fet", gaps().text().as_bytes());
    let done = folder.0.join("done.fet");
    let to = done.to_str().unwrap();
    let solve = |more: &[&str]| {
        let arguments = [
            &["solve", "-o", to, "--work", "3000,3000", "--threads", "1"],
            more,
        ]
        .concat();
        let said = timetable(&arguments, &file);
        assert!(said.status.success(), "{}", error(&said));
        let judged = out(&timetable(&["evaluate"], &done));
        let figures = |text: &str| -> Vec<String> {
            let line = text.lines().next().unwrap().split('\t').skip(1).take(2);
            line.map(str::to_owned).collect()
        };
        assert_eq!(figures(&out(&said)), figures(&judged), "{} {judged}", out(&said));
        out(&said)
    };
    assert!(solve(&[]).contains("\tadded wishes: "));
    assert!(solve(&["--language", "ru"]).contains("\tдобавленные пожелания: "));
    assert!(!solve(&["--as-given"]).contains("added"));
}

/// A teacher of five classes on one day: what is broken is named in the end, in words.
#[test]
fn what_a_search_leaves_unmet_is_named() {
    let folder = Folder::new("unmet");
    let mut school = gaps();
    school.time(
        "TeacherMaxDaysPerWeek",
        "<Teacher_Name>Иванова</Teacher_Name><Max_Days_Per_Week>1</Max_Days_Per_Week>",
    );
    let file = folder.file("school.fet", school.text().as_bytes());
    let done = folder.0.join("done.fet");
    let to = done.to_str().unwrap();
    let solve = |more: &[&str]| {
        let arguments = [&["solve", "-o", to, "--threads", "1"], more].concat();
        let said = timetable(&arguments, &file);
        assert!(said.status.success(), "{}", error(&said));
        error(&said) + &out(&said)
    };
    let told = solve(&["--work", "20000"]);
    assert!(told.contains("not met: hard"), "{told}");
    let told = solve(&["--work", "20000", "--language", "ru"]);
    assert!(told.contains("не выполнено: обязательно"), "{told}");
    assert!(
        told.contains("обязательное ") && told.contains("потоков: 1"),
        "{told}"
    );
    let timed = solve(&["--seconds", "1", "--language", "ru"]);
    assert!(timed.contains("ходов в секунду"), "{timed}");
    let explained = timetable(&["explain", "--language", "ru"], &file);
    let explained = error(&explained) + &out(&explained);
    assert!(explained.contains("невыполнимо: Иванова"), "{explained}");
    let possible = folder.file("possible.fet", School::new().text().as_bytes());
    let fine = timetable(&["explain", "--language", "ru"], &possible);
    let fine = error(&fine) + &out(&fine);
    assert!(
        fine.contains("ищем расписание") && fine.contains("все требования выполнимы"),
        "{fine}"
    );
    for (what, text) in [
        ("solve", &told),
        ("by the clock", &timed),
        ("explain", &explained),
        ("explain with search", &fine),
    ] {
        for word in ENGLISH {
            assert!(!text.contains(word), "{what}: {word:?} is in\n{text}");
        }
    }
}
