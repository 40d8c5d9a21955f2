//! An event that may come in pieces may come in long ones: how often it begins a day says little of how many hours it takes.
#![cfg(feature = "xhstt")]
#![allow(clippy::unwrap_used, reason = "the helpers of tests fail as tests do")]

use timetable::problem::evaluate;
use timetable::search::explain::conflicts;
use timetable::xhstt;

/// Math, three hours of Ann's, at most one start a day; two days of three times.
fn archive(most: u32, pieces: &str) -> String {
    let days = ["Mo", "Tu"];
    let each = |text: &dyn Fn(&str) -> String| days.map(text).concat();
    let time = |day: &str, n: u32| {
        format!("<Time Id=\"{day}{n}\"><Name>{day}{n}</Name><Day Reference=\"{day}\"/></Time>")
    };
    let rule = |kind: &str, id: &str, to: &str, more: &str| {
        format!(
            "<{kind}Constraint Id=\"{id}\"><Name>{id}</Name><Required>true</Required><Weight>1</Weight>\
             <CostFunction>Linear</CostFunction><AppliesTo>{to}</AppliesTo>{more}</{kind}Constraint>"
        )
    };
    let group = "<EventGroups><EventGroup Reference=\"M\"/></EventGroups>";
    let limit = each(&|day| {
        format!("<TimeGroup Reference=\"{day}\"><Minimum>0</Minimum><Maximum>{most}</Maximum></TimeGroup>")
    });
    let rules = rule("AssignTime", "a", group, "")
        + &rule(
            "SpreadEvents",
            "s",
            group,
            &format!("<TimeGroups>{limit}</TimeGroups>"),
        )
        + &rule(
            "AvoidClashes",
            "c",
            "<Resources><Resource Reference=\"Ann\"/></Resources>",
            "",
        );
    format!(
        "<HighSchoolTimetableArchive><Instances><Instance Id=\"I\"><MetaData><Name>I</Name></MetaData>\
         <Times><TimeGroups>{}</TimeGroups>{}</Times>\
         <Resources><ResourceTypes><ResourceType Id=\"t\"><Name>t</Name></ResourceType></ResourceTypes>\
         <Resource Id=\"Ann\"><Name>Ann</Name><ResourceType Reference=\"t\"/></Resource></Resources>\
         <Events><EventGroups><EventGroup Id=\"M\"><Name>M</Name></EventGroup></EventGroups>\
         <Event Id=\"Math\"><Name>Math</Name><Duration>3</Duration><Resources><Resource Reference=\"Ann\"/></Resources>\
         <EventGroups><EventGroup Reference=\"M\"/></EventGroups></Event></Events>\
         <Constraints>{rules}</Constraints></Instance></Instances>\
         <SolutionGroups><SolutionGroup Id=\"G\"><MetaData/><Solution Reference=\"I\"><Events>{pieces}</Events></Solution>\
         </SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>",
        each(&|day| format!("<Day Id=\"{day}\"><Name>{day}</Name></Day>")),
        each(&|day| (1..=3).map(|n| time(day, n)).collect()),
    )
}

fn piece(duration: u32, time: &str) -> String {
    format!("<Event Reference=\"Math\"><Duration>{duration}</Duration><Time Reference=\"{time}\"/></Event>")
}

#[test]
fn three_hours_on_two_days_with_one_start_each_are_possible() {
    let archive = xhstt::read(archive(1, &(piece(2, "Mo1") + &piece(1, "Tu1"))).as_bytes()).unwrap();
    let problem = &archive.problems[0];
    assert_eq!(
        evaluate(problem, &archive.groups[0].solutions[0].solution).hard,
        0
    );
    assert_eq!(conflicts(problem, 3, 1_000_000), vec![]);
}

#[test]
fn three_hours_without_a_start_are_not() {
    let archive = xhstt::read(archive(0, "").as_bytes()).unwrap();
    assert!(!conflicts(&archive.problems[0], 3, 1_000_000).is_empty());
}
