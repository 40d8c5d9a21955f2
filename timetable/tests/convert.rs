//! One program's file as another's: what both have a word for is the same afterwards, the rest is told.
#![cfg(all(feature = "schools", feature = "xhstt"))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

mod fet_school;

use fet_school::School;
use timetable::draft::{Limited, LimitedOf};
use timetable::problem::{Problem, Rule, Solution, evaluate};
use timetable::schools::convert::{of_problem, switch_off};
use timetable::schools::{asc, fet};
use timetable::search::{Ground, Plan, Search, Tuning};
use timetable::{TeacherIx, Weeks, fet as drafts, xhstt};

fn solved(problem: &Problem) -> Solution {
    let ground = Ground::new(problem);
    let plan = Plan {
        seed: 1,
        lane: 0,
        work: 200_000,
        tuning: Tuning::default(),
    };
    let mut search = Search::new(&ground, plan);
    while search.cost().hard > 0 && search.run(4096) {}
    search.best().completed(problem).unwrap()
}

/// A FET file of a small school, as an archive and as a FET file again.
#[test]
fn a_fet_file_through_an_archive_is_the_same_problem_in_what_both_can_say() {
    let mut school = School::new();
    let orlov = "<Teacher_Name>Орлов</Teacher_Name>";
    school.time(
        "TeacherMaxDaysPerWeek",
        &format!("{orlov}<Max_Days_Per_Week>4</Max_Days_Per_Week>"),
    );
    school.time("TeacherMaxGapsPerWeek", &format!("{orlov}<Max_Gaps>2</Max_Gaps>"));
    school.time("TeacherMaxGapsPerDay", &format!("{orlov}<Max_Gaps>1</Max_Gaps>"));
    school.time(
        "TeacherMaxHoursDaily",
        &format!("{orlov}<Maximum_Hours_Daily>4</Maximum_Hours_Daily>"),
    );
    school.time(
        "TeacherMaxHoursContinuously",
        &format!("{orlov}<Maximum_Hours_Continuously>3</Maximum_Hours_Continuously>"),
    );
    let first = fet::read(school.text().as_bytes()).unwrap();
    assert!(first.unknown.is_empty(), "{:?}", first.unknown);
    let solution = solved(&first.problem);
    assert_eq!(evaluate(&first.problem, &solution).hard, 0);
    let archive = xhstt::Archive {
        problems: vec![first.problem.clone()],
        ..xhstt::Archive::default()
    };
    let problem = xhstt::read(xhstt::write(&archive).as_bytes())
        .unwrap()
        .problems
        .remove(0);
    let made = of_problem(&problem, Some(&solution)).unwrap();
    let orlov = made
        .draft
        .teachers
        .iter()
        .position(|t| t.name == "Орлов")
        .unwrap();
    let own = LimitedOf::Teachers(vec![TeacherIx::at(orlov)]);
    let mut limits: Vec<_> = made
        .draft
        .limits
        .iter()
        .filter(|l| l.of == own)
        .map(|l| (l.what, l.value, l.weight))
        .collect();
    limits.sort();
    assert_eq!(
        limits,
        [
            (Limited::DaysAWeek, 4, 100_000),
            (Limited::GapsAWeek, 2, 100_000),
            (Limited::GapsADay, 1, 100_000),
            (Limited::HoursADay, 4, 100_000),
            (Limited::HoursInARow, 3, 100_000)
        ]
    );
    let text = drafts::write_with(&made.draft, &made.plain);
    let (again, present) = fet::read_placed(text.as_bytes()).unwrap();
    assert!(again.unknown.is_empty(), "{:?}", again.unknown);
    assert_eq!(again.problem.events.len(), first.problem.events.len());
    assert_eq!(again.problem.times.len(), first.problem.times.len());
    let present = present.completed(&again.problem).unwrap();
    assert_eq!(
        evaluate(&again.problem, &present).hard,
        0,
        "the timetable came along and meets everything"
    );
    // where two were in each other's way, they still are
    let mut clash = solution.clone();
    for meet in &mut clash.meets {
        if problem.event(meet.event).time.is_none() {
            meet.time = Some(0);
        }
    }
    let made = of_problem(&problem, Some(&clash)).unwrap();
    let (bad, present) = fet::read_placed(drafts::write_with(&made.draft, &made.plain).as_bytes()).unwrap();
    let present = present.completed(&bad.problem).unwrap();
    assert!(evaluate(&bad.problem, &present).hard > 0);
}

const ARCHIVE: &str = r#"<HighSchoolTimetableArchive><Instances><Instance Id="I"><MetaData><Name>I</Name><Contributor>c</Contributor><Date>d</Date><Country>c</Country><Description>d</Description></MetaData>
<Times><TimeGroups><Day Id="D1"><Name>Mon</Name></Day><Day Id="D2"><Name>Tue</Name></Day></TimeGroups>
<Time Id="T1"><Name>T1</Name><Day Reference="D1"/></Time><Time Id="T2"><Name>T2</Name><Day Reference="D1"/></Time><Time Id="T3"><Name>T3</Name><Day Reference="D1"/></Time>
<Time Id="T4"><Name>T4</Name><Day Reference="D2"/></Time><Time Id="T5"><Name>T5</Name><Day Reference="D2"/></Time></Times>
<Resources><ResourceTypes><ResourceType Id="Teacher"><Name>Teacher</Name></ResourceType><ResourceType Id="Class"><Name>Class</Name></ResourceType><ResourceType Id="Room"><Name>Room</Name></ResourceType></ResourceTypes>
<ResourceGroups><ResourceGroup Id="GT"><Name>GT</Name><ResourceType Reference="Teacher"/></ResourceGroup></ResourceGroups>
<Resource Id="A"><Name>Anna</Name><ResourceType Reference="Teacher"/></Resource><Resource Id="K"><Name>7A</Name><ResourceType Reference="Class"/></Resource><Resource Id="L"><Name>7B</Name><ResourceType Reference="Class"/></Resource>
<Resource Id="R"><Name>12</Name><ResourceType Reference="Room"/></Resource><Resource Id="Q"><Name>14</Name><ResourceType Reference="Room"/></Resource></Resources>
<Events><EventGroups><EventGroup Id="G"><Name>G</Name></EventGroup></EventGroups>
<Event Id="E1"><Name>Algebra</Name><Duration>3</Duration><Resources><Resource Reference="A"><Role>t</Role><ResourceType Reference="Teacher"/></Resource><Resource Reference="K"><Role>c</Role><ResourceType Reference="Class"/></Resource><Resource><Role>room</Role><ResourceType Reference="Room"/></Resource></Resources></Event>
<Event Id="E2"><Name>Art</Name><Duration>1</Duration><Resources><Resource Reference="L"><Role>c</Role><ResourceType Reference="Class"/></Resource></Resources><EventGroups><EventGroup Reference="G"/></EventGroups></Event>
<Event Id="E3"><Name>Music</Name><Duration>1</Duration><Resources><Resource Reference="K"><Role>c</Role><ResourceType Reference="Class"/></Resource></Resources><EventGroups><EventGroup Reference="G"/></EventGroups></Event>
</Events><Constraints>CONSTRAINTS</Constraints></Instance></Instances><SolutionGroups/></HighSchoolTimetableArchive>"#;

fn instance(constraints: &str) -> Problem {
    let text = ARCHIVE.replace("CONSTRAINTS", constraints);
    xhstt::read(text.as_bytes())
        .unwrap_or_else(|e| panic!("{e}"))
        .problems
        .remove(0)
}

fn constraint(kind: &str, required: bool, applies: &str, rest: &str) -> String {
    format!(
        "<{kind}Constraint Id=\"{kind}\"><Name>{kind}</Name><Required>{required}</Required><Weight>1</Weight><CostFunction>Linear</CostFunction>\
         <AppliesTo>{applies}</AppliesTo>{rest}</{kind}Constraint>"
    )
}

const CLASH: &str = "<Resources><Resource Reference=\"A\"/><Resource Reference=\"K\"/><Resource Reference=\"L\"/><Resource Reference=\"R\"/><Resource Reference=\"Q\"/></Resources>";
const ANNA: &str = "<Resources><Resource Reference=\"A\"/></Resources>";

#[test]
fn an_archive_becomes_a_school_and_what_it_cannot_say_is_told() {
    let text = [
        constraint("AvoidClashes", true, CLASH, ""),
        constraint(
            "SplitEvents",
            true,
            "<Events><Event Reference=\"E1\"/></Events>",
            "<MinimumDuration>1</MinimumDuration><MaximumDuration>2</MaximumDuration><MinimumAmount>2</MinimumAmount><MaximumAmount>3</MaximumAmount>",
        ),
        constraint(
            "PreferResources",
            true,
            "<Events><Event Reference=\"E1\"/></Events>",
            "<Resources><Resource Reference=\"Q\"/></Resources><Role>room</Role>",
        ),
        constraint(
            "AvoidUnavailableTimes",
            true,
            ANNA,
            "<Times><Time Reference=\"T4\"/></Times>",
        ),
        constraint("LinkEvents", true, "<EventGroups><EventGroup Reference=\"G\"/></EventGroups>", ""),
        constraint("LimitWorkload", false, ANNA, "<Minimum>0</Minimum><Maximum>2</Maximum>"),
        constraint(
            "LimitIdleTimes",
            false,
            ANNA,
            "<TimeGroups><TimeGroup Reference=\"D1\"/><TimeGroup Reference=\"D2\"/></TimeGroups><Minimum>0</Minimum><Maximum>0</Maximum>",
        ),
    ]
    .concat();
    let problem = instance(&text);
    let made = of_problem(&problem, None).unwrap();
    let draft = &made.draft;
    assert_eq!((draft.days.len(), draft.slots.len()), (2, 3));
    assert!(
        draft.breaks.contains(1, 2) && draft.breaks.len() == 1,
        "the shorter day"
    );
    assert_eq!(
        (draft.teachers.len(), draft.classes.len(), draft.rooms.len()),
        (1, 2, 2)
    );
    let lengths: Vec<u16> = draft.loads[0].cards.iter().map(|c| c.duration).collect();
    assert_eq!(lengths, [2, 1], "as few pieces as the rules allow");
    assert!(
        draft.loads[0]
            .cards
            .iter()
            .all(|c| c.rooms_must && draft.rooms[c.rooms[0].ix()].name == "14")
    );
    assert!(draft.teachers[0].away.contains(1, 0) && draft.teachers[0].away.len() == 1);
    assert_eq!(made.plain[0].kind, "ConstraintActivitiesSameStartingTime");
    for word in ["LimitWorkload", "LimitIdleTimes", "as few pieces"] {
        assert!(
            made.left.iter().any(|l| l.to_string().contains(word)),
            "{word}: {:?}",
            made.left
        );
    }
    assert_eq!(made.left.len(), 3, "{:?}", made.left);
    let school = fet::read(drafts::write_with(draft, &made.plain).as_bytes()).unwrap();
    assert!(school.unknown.is_empty(), "{:?}", school.unknown);
    let linked = school
        .problem
        .constraints
        .iter()
        .any(|c| matches!(c.rule, Rule::LinkEvents(_)));
    assert!(linked && school.problem.events.len() == 4);
    assert_eq!(evaluate(&school.problem, &solved(&school.problem)).hard, 0);
}

#[test]
fn what_is_no_week_of_a_school_is_refused_with_the_reason() {
    let mut problem = instance("");
    problem.time_groups[1].times = vec![3];
    assert_eq!(
        of_problem(&problem, None).unwrap_err(),
        "there are times of no day"
    );
    problem.time_groups[0].times = vec![0, 2];
    assert!(
        of_problem(&problem, None)
            .unwrap_err()
            .contains("\"Mon\" do not follow one another")
    );
}

#[test]
fn lessons_that_alternate_are_switched_off_for_fet_and_come_back() {
    let mut draft = asc::import(include_bytes!("small_asc.xml")).unwrap();
    assert_eq!(switch_off(&mut draft), Ok((2, 1)));
    let off: Vec<Weeks> = draft
        .card_list()
        .filter(|(_, _, c)| c.off)
        .map(|(_, _, c)| c.weeks)
        .collect();
    assert_eq!(off, [Weeks::Even]);
    let again = drafts::import(drafts::write(&draft).as_bytes()).unwrap();
    let lying = |draft: &timetable::SchoolDraft| -> Vec<_> {
        draft
            .card_list()
            .map(|(_, _, c)| (c.weeks, c.placement, c.locked, c.duration))
            .collect()
    };
    assert_eq!(lying(&again), lying(&draft));
    // a FET file as one of aSc, and back
    let text = asc::write(&again);
    assert_eq!(
        asc::import(text.as_bytes()).unwrap().card_counts(),
        draft.card_counts()
    );
}
