//! Broken, huge and hostile archives: refused with a line and a reason, never a crash.
#![cfg(feature = "xhstt")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use proptest::prelude::*;
use timetable::xhstt::{self, Fault};

fn refusal(text: &str) -> (u32, String) {
    let error = xhstt::read(text.as_bytes()).expect_err("must be refused");
    (error.line, error.fault.to_string())
}

fn instance(inside: &str) -> String {
    format!(
        "<HighSchoolTimetableArchive><Instances>\n<Instance Id=\"i\">\n{inside}</Instance></Instances></HighSchoolTimetableArchive>"
    )
}

const SCHOOL: &str = "<Times><TimeGroups><Day Id=\"d\"><Name>d</Name></Day></TimeGroups>\
    <Time Id=\"t\"><Name>t</Name><Day Reference=\"d\"/></Time></Times>\
    <Resources><ResourceTypes><ResourceType Id=\"k\"><Name>k</Name></ResourceType></ResourceTypes>\
    <Resource Id=\"r\"><Name>r</Name><ResourceType Reference=\"k\"/></Resource></Resources>\
    <Events><Event Id=\"e\"><Name>e</Name><Duration>1</Duration><Resources><Resource Reference=\"r\"/></Resources></Event></Events>";

#[test]
fn what_is_no_archive_is_named() {
    assert_eq!(
        refusal("<fet/>"),
        (1, "this is <fet>, not <HighSchoolTimetableArchive>".to_owned())
    );
    assert!(refusal("").1.contains("empty"));
    assert!(
        refusal("<HighSchoolTimetableArchive>\n<Instances>")
            .1
            .contains("ends inside <Instances>")
    );
    assert!(
        refusal("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>")
            .1
            .contains("document types")
    );
    assert!(refusal("<a>&bomb;</a>").1.contains("bomb"));
    assert!(xhstt::read(&[0xff, 0xfe, 0x00]).is_err());
}

#[test]
fn nesting_and_sizes_are_bounded() {
    let deep = "<a>".repeat(1000);
    assert!(refusal(&deep).1.contains("deeper than"));
    let times: String = (0..6000).map(|t| format!("<Time Id=\"{t}\"/>")).collect();
    assert!(
        refusal(&instance(&format!("<Times>{times}</Times>")))
            .1
            .contains("more times")
    );
    let long = SCHOOL.replace("<Duration>1<", "<Duration>999999999<");
    assert!(refusal(&instance(&long)).1.contains("times taken by events"));
    let not_a_number = SCHOOL.replace("<Duration>1<", "<Duration>99999999999999999999<");
    assert!(
        refusal(&instance(&not_a_number))
            .1
            .contains("is not a whole number from 0 to")
    );
    let negative = SCHOOL.replace("<Duration>1<", "<Duration>-1<");
    assert!(
        refusal(&instance(&negative))
            .1
            .contains("is not a whole number from 0 to")
    );
}

#[test]
fn references_and_identifiers_are_checked_with_their_line() {
    let unknown = SCHOOL.replace("Resource Reference=\"r\"", "Resource Reference=\"nobody\"");
    assert_eq!(
        refusal(&instance(&unknown)),
        (3, "there is no resource \"nobody\"".to_owned())
    );
    let twice = SCHOOL.replace("</Times>", "<Time Id=\"t\"/></Times>");
    assert_eq!(refusal(&instance(&twice)).1, "there are two: time \"t\"");
    let strange = format!(
        "{SCHOOL}<Constraints>\n<HappyTeachersConstraint Id=\"c\"><Required>true</Required>\
        <Weight>1</Weight><CostFunction>Linear</CostFunction></HappyTeachersConstraint></Constraints>"
    );
    // a kind that nobody knows is no fault: it is listed with its line and kept
    let archive = xhstt::read(instance(&strange).as_bytes()).unwrap();
    assert!(archive.problems[0].constraints.is_empty());
    let [unknown] = archive.unknown.as_slice() else {
        panic!("{:?}", archive.unknown)
    };
    assert_eq!((unknown.line, unknown.required, unknown.before), (4, true, 0));
    assert_eq!(unknown.kind, "HappyTeachersConstraint");
    assert!(
        unknown.xml.starts_with("<HappyTeachersConstraint ")
            && unknown.xml.ends_with("</HappyTeachersConstraint>")
    );
    // but one that is known has to be whole
    let bare = format!("{SCHOOL}<Constraints>\n<AssignTimeConstraint Id=\"c\"/></Constraints>");
    assert_eq!(refusal(&instance(&bare)), (4, "<Required> is missing".to_owned()));
}

#[test]
fn solutions_must_fit() {
    let with = |meet: &str| {
        let text = instance(SCHOOL).replace(
            "</HighSchoolTimetableArchive>",
            &format!(
                "<SolutionGroups><SolutionGroup Id=\"g\"><Solution Reference=\"i\"><Events>{meet}</Events></Solution>\
                 </SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"
            ),
        );
        xhstt::read(text.as_bytes())
    };
    assert!(with("<Event Reference=\"e\"><Time Reference=\"t\"/></Event>").is_ok());
    for bad in [
        "<Event Reference=\"e\"><Duration>2</Duration></Event>",
        "<Event Reference=\"e\"><Duration>0</Duration></Event>",
        "<Event Reference=\"e\"/><Event Reference=\"e\"/>",
    ] {
        let error = with(bad).expect_err(bad);
        assert!(matches!(error.fault, Fault::BadSolution(..)), "{bad}: {error}");
    }
    let error = with("<Event Reference=\"nothing\"/>").expect_err("no such event");
    assert!(matches!(error.fault, Fault::Unknown("event", _)), "{error}");
}

/// Found by damage at random: it can never have a time, and what was written for it was not read again.
#[test]
fn an_event_longer_than_the_week_is_written_and_read_again() {
    let fixed = SCHOOL.replace("<Duration>1<", "<Duration>9<").replace(
        "</Duration><Resources>",
        "</Duration><Time Reference=\"t\"/><Resources>",
    );
    let long = SCHOOL.replace("<Duration>1<", "<Duration>9<");
    for school in [long, fixed] {
        let solved = instance(&school).replace(
            "</HighSchoolTimetableArchive>",
            "<SolutionGroups><SolutionGroup Id=\"g\"><Solution Reference=\"i\"><Events/></Solution></SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>",
        );
        let archive = xhstt::read(solved.as_bytes()).expect("it is read");
        let again = xhstt::read(xhstt::write(&archive).as_bytes()).expect("what we write, we read");
        assert_eq!(
            again.groups[0].solutions[0].solution,
            archive.groups[0].solutions[0].solution
        );
    }
}

/// An instance of so many resources in a group «g», with these events, constraints and solutions, each on a line of its own.
fn grouped(resources: usize, events: &str, constraints: &str, solutions: &str) -> String {
    let all: String = (0..resources)
        .map(|n| {
            format!(
                "<Resource Id=\"r{n}\"><ResourceType Reference=\"k\"/><ResourceGroups><ResourceGroup Reference=\"g\"/>\
                </ResourceGroups></Resource>"
            )
        })
        .collect();
    let inside = format!(
        "<Times><Time Id=\"t\"/></Times><Resources><ResourceTypes><ResourceType Id=\"k\"/></ResourceTypes>\
        <ResourceGroups><ResourceGroup Id=\"g\"><ResourceType Reference=\"k\"/></ResourceGroup></ResourceGroups>{all}</Resources>\n\
        <Events><EventGroups><EventGroup Id=\"all\"/></EventGroups>\n{events}</Events>\n<Constraints>\n{constraints}</Constraints>\n"
    );
    instance(&inside).replace(
        "</HighSchoolTimetableArchive>",
        &format!(
            "\n<SolutionGroups><SolutionGroup Id=\"s\">\n{solutions}</SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"
        ),
    )
}

fn event(id: usize, inside: &str) -> String {
    format!(
        "<Event Id=\"e{id}\"><Duration>1</Duration>{inside}<EventGroups><EventGroup Reference=\"all\"/></EventGroups></Event>\n"
    )
}

fn line_at(text: &str, line: u32) -> &str {
    text.lines().nth(usize::try_from(line).unwrap() - 1).unwrap()
}

/// A reference of a few bytes that stands for two thousand seats.
#[test]
fn seats_of_whole_groups_are_counted_while_they_are_read() {
    let whole = "<ResourceGroups><ResourceGroup Reference=\"g\"/></ResourceGroups>";
    let events = |count| -> String { (0..count).map(|n| event(n, whole)).collect() };
    let many = grouped(2_000, &events(1_100), "", "");
    let (line, words) = refusal(&many);
    assert!(words.contains("seats in events"), "{words}");
    assert!(line_at(&many, line).contains("\"e1000\""), "{line}");
    let archive = xhstt::read(grouped(2_000, &events(1_000), "", "").as_bytes()).expect("two million");
    let seats: usize = archive.problems[0].events.iter().map(|e| e.seats.len()).sum();
    assert_eq!(seats, 2_000_000);
    // in one event, or in several problems of an archive, it is the same
    let again = "<ResourceGroup Reference=\"g\"/>".repeat(1_100);
    let one = event(0, &format!("<ResourceGroups>{again}</ResourceGroups>"));
    assert!(
        refusal(&grouped(2_000, &one, "", ""))
            .1
            .contains("seats in events")
    );
    let half = grouped(2_000, &events(600), "", "");
    let from = half.find("<Instance ").unwrap();
    let to = half.find("</Instances>").unwrap();
    let second = half[from..to].replacen("Id=\"i\"", "Id=\"j\"", 1);
    let two = format!("{}\n{second}{}", &half[..to], &half[to..]);
    assert!(refusal(&two).1.contains("seats in events"));
}

/// Constraints about a role apply to each seat, not to each event.
#[test]
fn points_at_seats_are_counted() {
    let seat = "<Resource><Role>R</Role><ResourceType Reference=\"k\"/></Resource>".repeat(100);
    let seats = format!("<Resources>{seat}</Resources>");
    let events: String = (0..100).map(|n| event(n, &seats)).collect();
    let constraint = |kind: &str, n: usize, more: &str| {
        format!(
            "<{kind}Constraint Id=\"c{n}\"><Required>false</Required><Weight>1</Weight><CostFunction>Linear</CostFunction>\
            <AppliesTo><EventGroups><EventGroup Reference=\"all\"/></EventGroups></AppliesTo><Role>R</Role>{more}</{kind}Constraint>\n"
        )
    };
    let assign = |count| -> String { (0..count).map(|n| constraint("AssignResource", n, "")).collect() };
    let many = grouped(1, &events, &assign(210), "");
    let (line, words) = refusal(&many);
    assert!(words.contains("points of application"), "{words}");
    assert!(line_at(&many, line).contains("\"c200\""), "{line}");
    xhstt::read(grouped(1, &events, &assign(200), "").as_bytes()).expect("two million points");
    let good = "<ResourceGroups><ResourceGroup Reference=\"g\"/></ResourceGroups>";
    let prefer = |count| -> String {
        (0..count)
            .map(|n| constraint("PreferResources", n, good))
            .collect()
    };
    let many = grouped(6_400, &events, &prefer(70), "");
    let (line, words) = refusal(&many);
    assert!(words.contains("counters"), "{words}");
    assert!(line_at(&many, line).contains("\"c60\""), "{line}");
    xhstt::read(grouped(6_400, &events, &prefer(60), "").as_bytes()).expect("as many as are counted");
}

/// An empty solution is a few bytes, and all events of its problem.
#[test]
fn solutions_are_counted_before_they_are_completed() {
    let whole = event(
        0,
        "<ResourceGroups><ResourceGroup Reference=\"g\"/></ResourceGroups>",
    );
    // two thousand seats, their event, and the solution
    let (each, most) = (2_002, 4_000_000);
    let solutions = |count| "<Solution Reference=\"i\"/>\n".repeat(count);
    let text = grouped(2_000, &whole, "", &solutions(most / each + 5));
    let (line, words) = refusal(&text);
    assert!(words.contains("solutions"), "{words}");
    assert!(line_at(&text, line).starts_with("<Solution "), "{line}");
    let text = grouped(2_000, &whole, "", &solutions(most / each));
    let archive = xhstt::read(text.as_bytes()).expect("so many are read");
    assert_eq!(archive.groups[0].solutions.len(), most / each);
    // a meet that is listed again and again
    let meets = "<Event Reference=\"e0\"/>".repeat(2_100);
    let one = format!("<Solution Reference=\"i\"><Events>{meets}</Events></Solution>\n");
    let (_, words) = refusal(&grouped(2_000, &whole, "", &one));
    assert!(words.contains("meets and seats of solutions"), "{words}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn damage_is_refused_or_read_but_never_crashes(at in 0_usize..2000, with in prop::collection::vec(any::<u8>(), 0..8)) {
        let mut bytes = instance(SCHOOL).into_bytes();
        let at = at % bytes.len();
        let end = (at + with.len()).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(archive) = xhstt::read(&bytes) {
            let _ = xhstt::write(&archive);
        }
    }

    #[test]
    fn any_markup_is_refused_or_read(text in "(<[A-Za-z]{1,12}( Id=\"[a-z]?\")?>|</[A-Za-z]{1,12}>|[0-9a-z&;]{0,5}){0,40}") {
        let _ = xhstt::read(text.as_bytes());
    }
}
