//! Archives with more in them than one instance that is understood: nothing of it is lost, and nothing is counted that is not understood.
#![cfg(feature = "cli")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;
mod terminal;

use std::path::Path;

use fet_school::School;
use terminal::{Folder, error, out, timetable};
use timetable::xhstt;

/// Two kinds that nobody here knows, as the file has them: what is between their tags is nobody's to change.
const HAPPY: &str = "<HappyTeachersConstraint Id=\"happy\" Mood='bright'>\n  <Name>Радость &amp; покой</Name><Required>true</Required>\n\
    \t<!-- как просили --><Weight>7</Weight><Of Who=\"nobody we know\"/></HappyTeachersConstraint>";
const LOAD: &str = "<LimitWorkloadConstraint Id=\"load\"><Name>load</Name><Required>false</Required><Weight>1</Weight>\
    <CostFunction>Linear</CostFunction><AppliesTo><Resources><Resource Reference=\"T1\"/></Resources></AppliesTo>\
    <TimeGroups><TimeGroup Reference=\"d\"/></TimeGroups><Minimum>0</Minimum><Maximum>1</Maximum></LimitWorkloadConstraint>";

fn known(kind: &str, to: &str) -> String {
    format!(
        "<{kind}Constraint Id=\"{kind}\"><Name>{kind}</Name><Required>true</Required><Weight>1</Weight>\
         <CostFunction>Linear</CostFunction><AppliesTo>{to}</AppliesTo></{kind}Constraint>"
    )
}

const EVENTS: &str = "<Events><Event Reference=\"E1\"/><Event Reference=\"E2\"/></Events>";
const TEACHERS: &str = "<Resources><Resource Reference=\"T1\"/><Resource Reference=\"T2\"/></Resources>";

/// An instance of one day of four times, two teachers and two lessons of both.
fn instance(id: &str, constraints: &str) -> String {
    let times: String = (1..5)
        .map(|t| format!("<Time Id=\"t{t}\"><Name>{t}</Name><Day Reference=\"d\"/></Time>"))
        .collect();
    let teacher = |t: &str| {
        format!("<Resource Id=\"{t}\"><Name>{t}</Name><ResourceType Reference=\"Teacher\"/></Resource>")
    };
    let event = |e: &str| {
        format!(
            "<Event Id=\"{e}\"><Name>{e}</Name><Duration>1</Duration><Resources><Resource Reference=\"T1\"/>\
             <Resource Reference=\"T2\"/></Resources></Event>"
        )
    };
    format!(
        "<Instance Id=\"{id}\"><Times><TimeGroups><Day Id=\"d\"><Name>Пн</Name></Day></TimeGroups>{times}</Times>\
         <Resources><ResourceTypes><ResourceType Id=\"Teacher\"><Name>Teacher</Name></ResourceType></ResourceTypes>{}{}\
         </Resources><Events>{}{}</Events><Constraints>{constraints}</Constraints></Instance>",
        teacher("T1"),
        teacher("T2"),
        event("E1"),
        event("E2")
    )
}

/// A timetable in which both lessons are at one time, and a report that nobody here could have written.
fn solution(of: &str) -> String {
    let at =
        |e: &str| format!("<Event Reference=\"{e}\"><Duration>1</Duration><Time Reference=\"t3\"/></Event>");
    format!(
        "<Solution Reference=\"{of}\"><Events>{}{}</Events><Report><InfeasibilityValue>42</InfeasibilityValue>\
         <ObjectiveValue>5</ObjectiveValue></Report></Solution>",
        at("E1"),
        at("E2")
    )
}

/// The first instance has what nobody knows between what is known, the second one nothing strange.
fn archive() -> String {
    let (assign, clash) = (known("AssignTime", EVENTS), known("AvoidClashes", TEACHERS));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<HighSchoolTimetableArchive Id=\"both\"><Instances>{}{}</Instances>\
         <SolutionGroups><SolutionGroup Id=\"others\"><MetaData><Contributor>Кто-то</Contributor></MetaData>{}{}\
         </SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>",
        instance("strange", &format!("{assign}{HAPPY}{clash}{LOAD}")),
        instance("plain", &format!("{assign}{clash}")),
        solution("strange"),
        solution("plain")
    )
}

/// That what is not understood stands in a text as it stood, and between the same neighbours.
fn assert_kept(text: &str) {
    for xml in [HAPPY, LOAD] {
        assert_eq!(text.matches(xml).count(), 1, "{xml} is not in\n{text}");
    }
    let at = |what: &str| text.find(what).unwrap();
    assert!(at("<AssignTimeConstraint") < at(HAPPY), "{text}");
    assert!(at(HAPPY) < at("<AvoidClashesConstraint"), "{text}");
    assert!(at("<AvoidClashesConstraint") < at(LOAD), "{text}");
    assert!(at(LOAD) < at("<Instance Id=\"plain\""), "{text}");
}

#[test]
fn what_is_not_understood_is_listed_kept_and_written_back_in_its_place() {
    let folder = Folder::new("strange");
    let file = folder.file("strange.xhstt", archive().as_bytes());
    let to = folder.0.join("again.xhstt");
    let done = timetable(&["convert", to.to_str().unwrap()], &file);
    assert!(done.status.success(), "{}", error(&done));
    for words in [
        "HappyTeachersConstraint (first in line 2, 1 times, 1 of them required) is kept, but has no effect",
        "LimitWorkloadConstraint with TimeGroups (first in line 4, 1 times) is kept, but has no effect",
    ] {
        assert!(error(&done).contains(words), "{words}: {}", error(&done));
    }
    let once = std::fs::read_to_string(&to).unwrap();
    assert_kept(&once);
    // and once more: what is kept does not change with each writing
    let twice = folder.0.join("twice.xhstt");
    let done = timetable(&["convert", twice.to_str().unwrap()], &to);
    assert!(done.status.success(), "{}", error(&done));
    assert_eq!(std::fs::read_to_string(&twice).unwrap(), once);
    // nobody here knows what the first one's timetable costs: it keeps what its author said; of the other it is known
    let read = xhstt::read(once.as_bytes()).unwrap();
    let stated: Vec<_> = read.groups[0]
        .solutions
        .iter()
        .map(|s| s.stated.unwrap())
        .collect();
    assert_eq!((stated[0].hard, stated[0].soft), (42, 5));
    assert_eq!((stated[1].hard, stated[1].soft), (2, 0));
    // with a byte order mark in front, too
    let marked = folder.file("marked.xhstt", format!("\u{feff}{}", archive()).as_bytes());
    let done = timetable(&["convert", to.to_str().unwrap()], &marked);
    assert!(done.status.success(), "{}", error(&done));
    assert_eq!(std::fs::read_to_string(&to).unwrap(), once);
}

#[test]
fn what_is_not_understood_is_not_counted_and_that_is_said() {
    let folder = Folder::new("uncounted");
    let file = folder.file("strange.xhstt", archive().as_bytes());
    let judged = timetable(&["evaluate"], &file);
    assert!(judged.status.success(), "{}", error(&judged));
    let told = out(&judged);
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(
        lines,
        [
            "strange\t2\t0\tstated 42 5\tothers\t2 constraints not counted",
            "plain\t2\t0\tstated 42 5\tothers",
        ]
    );
    let words = "HappyTeachersConstraint (first in line 2, 1 times, 1 of them required) is not understood: no figure here counts it";
    assert!(error(&judged).contains(words), "{}", error(&judged));
    let judged = timetable(&["evaluate", "--language", "ru"], &file);
    assert!(
        out(&judged).contains("указано 42 5\tothers\tне учтено ограничений: 2"),
        "{}",
        out(&judged)
    );
    assert!(
        error(&judged).contains("впервые в строке 2, раз: 1, из них обязательных: 1) не понято"),
        "{}",
        error(&judged)
    );
    let explained = timetable(&["explain"], &file);
    assert!(
        error(&explained).contains("no figure here counts it"),
        "{}",
        error(&explained)
    );
    // a FET file: the same words of its own
    let mut school = School::new();
    school.time("ThingsToCome", "<Secret>1</Secret>");
    let fet = folder.file("school.fet", school.text().as_bytes());
    let done = folder.0.join("done.fet");
    let solve = [
        "solve",
        "-o",
        done.to_str().unwrap(),
        "--work",
        "3000",
        "--threads",
        "1",
    ];
    let solved = timetable(&solve, &fet);
    assert!(solved.status.success(), "{}", error(&solved));
    assert!(
        error(&solved).contains("is kept, but has no effect"),
        "{}",
        error(&solved)
    );
    let judged = timetable(&["evaluate"], &done);
    assert!(
        out(&judged).contains("\t1 constraints not counted"),
        "{}",
        out(&judged)
    );
    assert!(
        !error(&judged).contains("is kept"),
        "nothing is written: {}",
        error(&judged)
    );
}

/// "Kept" is said only where it is so.
#[test]
fn what_the_other_format_has_no_place_for_is_told_as_lost() {
    let folder = Folder::new("lost");
    let mut school = School::new();
    school.time("ThingsToCome", "<Secret>1</Secret>");
    let fet = folder.file("school.fet", school.text().as_bytes());
    let place = |name: &str| folder.0.join(name).to_str().unwrap().to_owned();
    let asked = |more: &[&str], to: &str| {
        let arguments = [more, &["-o", to, "--work", "3000", "--threads", "1"]].concat();
        let said = timetable(&arguments, &fet);
        assert!(said.status.success(), "{}", error(&said));
        (error(&said), std::fs::read_to_string(to).unwrap())
    };
    let (told, text) = asked(&["solve"], &place("a.fet"));
    assert!(
        told.contains("ConstraintThingsToCome") && told.contains("is kept"),
        "{told}"
    );
    assert!(text.contains("<Secret>1</Secret>"));
    let (told, text) = asked(&["solve"], &place("a.xhstt"));
    let lost = "is not understood and left out: an XHSTT archive has no place for it";
    assert!(
        told.contains("ConstraintThingsToCome") && told.contains(lost),
        "{told}"
    );
    assert!(!told.contains("is kept") && !text.contains("Secret"), "{told}");
    let (told, _) = asked(&["solve", "--language", "ru"], &place("b.xhstt"));
    assert!(
        told.contains("не понято и пропадает: для него нет места в архиве XHSTT"),
        "{told}"
    );
    for (to, words) in [
        ("c.fet", "is kept, but has no effect"),
        ("c.xhstt", lost),
        ("c.asc.xml", "left out: ConstraintThingsToCome (1 times"),
    ] {
        let said = timetable(&["convert", &place(to)], &fet);
        assert!(said.status.success(), "{to}: {}", error(&said));
        let told = error(&said);
        let about: Vec<&str> = told.lines().filter(|l| l.contains("ThingsToCome")).collect();
        assert!(about.len() == 1 && about[0].contains(words), "{to}: {about:?}");
    }
    // of an archive a school's file takes what it has words for
    let archive = folder.file("strange.xhstt", archive().as_bytes());
    let said = timetable(&["convert", &place("d.fet"), "--instance", "strange"], &archive);
    assert!(said.status.success(), "{}", error(&said));
    let told = error(&said);
    assert!(
        told.contains(
            "left out: \"Радость & покой\" (HappyTeachersConstraint, required): it is not understood"
        ),
        "{told}"
    );
    assert!(!told.contains("is kept"), "{told}");
    // what is said of one instance is no secret where it means nothing
    let said = timetable(&["convert", &place("e.xhstt"), "--instance", "strange"], &archive);
    assert_eq!(said.status.code(), Some(1));
    assert!(error(&said).contains("--instance"), "{}", error(&said));
}

/// The groups and whose timetables are in them.
fn groups(file: &Path) -> Vec<(String, Vec<String>)> {
    let archive = xhstt::read(&std::fs::read(file).unwrap()).unwrap();
    let of = |group: &xhstt::SolutionGroup| {
        let solutions = group.solutions.iter();
        let ids = solutions.map(|s| archive.problems[usize::try_from(s.problem).unwrap()].id.clone());
        (group.id.clone(), ids.collect())
    };
    archive.groups.iter().map(of).collect()
}

#[test]
fn a_search_adds_its_timetable_to_the_archive_and_takes_nothing_out() {
    let folder = Folder::new("added");
    let file = folder.file("both.xhstt", archive().as_bytes());
    let place = |name: &str| folder.0.join(name);
    let solve = |from: &Path, to: &Path, instance: &str| {
        let said = timetable(
            &[
                "solve",
                "-o",
                to.to_str().unwrap(),
                "--instance",
                instance,
                "--work",
                "2000",
                "--threads",
                "1",
            ],
            from,
        );
        assert!(said.status.success(), "{}", error(&said));
        (out(&said), error(&said))
    };
    let pair = |group: &str, of: &[&str]| (group.to_owned(), of.iter().map(|s| (*s).to_owned()).collect());
    let (told, said) = solve(&file, &place("one.xhstt"), "plain");
    assert_eq!(told, "plain\t0\t0\n");
    assert!(said.contains("is kept"), "{said}");
    assert_eq!(
        groups(&place("one.xhstt")),
        [pair("others", &["strange", "plain"]), pair("Parta", &["plain"])]
    );
    let text = std::fs::read_to_string(place("one.xhstt")).unwrap();
    assert_kept(&text);
    assert!(text.contains("Id=\"both\"") && text.contains("Кто-то"), "{text}");
    // the other instance of what has come out
    let (told, _) = solve(&place("one.xhstt"), &place("two.xhstt"), "strange");
    assert_eq!(told, "strange\t0\t0\t1 requirements not understood\n");
    assert_eq!(
        groups(&place("two.xhstt")),
        [
            pair("others", &["strange", "plain"]),
            pair("Parta", &["plain", "strange"])
        ]
    );
    // what nobody here can know is not claimed
    let text = std::fs::read_to_string(place("two.xhstt")).unwrap();
    let ours = text.rsplit("<Solution Reference=\"strange\">").next().unwrap();
    assert!(!ours.contains("<Report>"), "{ours}");
    assert!(
        ours.contains("2 constraints of the instance, which were not understood"),
        "{ours}"
    );
    // once more: one of ours that is no better gives way, and that is said
    let (_, said) = solve(&place("two.xhstt"), &place("three.xhstt"), "plain");
    assert!(
        said.contains("takes the place of 1 timetables of the group Parta"),
        "{said}"
    );
    assert_eq!(
        groups(&place("three.xhstt")),
        [
            pair("others", &["strange", "plain"]),
            pair("Parta", &["strange", "plain"])
        ]
    );
    let judged = out(&timetable(&["evaluate"], &place("three.xhstt")));
    assert!(judged.contains("plain\t0\t0\tas stated\tParta\n"), "{judged}");
}

#[test]
fn a_repair_keeps_the_other_instances_and_says_which_timetables_go() {
    let folder = Folder::new("repaired");
    let file = folder.file("both.xhstt", archive().as_bytes());
    let to = folder.0.join("mended.xhstt");
    let said = timetable(
        &[
            "repair",
            "-o",
            to.to_str().unwrap(),
            "--instance",
            "plain",
            "--block",
            "E1@3",
            "--work",
            "2000",
            "--threads",
            "1",
        ],
        &file,
    );
    assert!(said.status.success(), "{}{}", error(&said), out(&said));
    assert!(
        error(&said).contains("plain: 1 timetables are left out: they are of the instance as it was"),
        "{}",
        error(&said)
    );
    assert_eq!(
        groups(&to),
        [
            ("others".to_owned(), vec!["strange".to_owned()]),
            ("Parta".to_owned(), vec!["plain".to_owned()])
        ]
    );
    assert_kept(&std::fs::read_to_string(&to).unwrap());
    // a name that asks for another sort of file is refused before anything is searched
    let none = folder.0.join("none.fet");
    let said = timetable(
        &["repair", "-o", none.to_str().unwrap(), "--block", "E1@3"],
        &file,
    );
    assert_eq!(said.status.code(), Some(1));
    assert!(!error(&said).contains("searching"), "{}", error(&said));
}
