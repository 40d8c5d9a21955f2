//! Each kind of XHSTT constraint on a school small enough to count by hand: facts in, cost out. The same timetable is
//! evaluated in full, by the incremental state, and after being written and read again.
#![cfg(feature = "xhstt")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the helpers of tests fail as tests do"
)]

use timetable::problem::{Cost, evaluate};
use timetable::search::{Net, State};
use timetable::xhstt;

/// Two days of four times; teachers Ann, Bob; class K; rooms R1, R2. Events: Math (3, Ann, K, a room to be chosen), Art (2, a
/// teacher and a room to be chosen, K), Gym (1, Bob), Chess (1, Ann, always at Tu4).
fn archive(constraint: &str, solution: &str) -> String {
    let mut times = String::new();
    for day in ["Mo", "Tu"] {
        for n in 1..=4 {
            let first = if n == 1 {
                "<TimeGroups><TimeGroup Reference=\"First\"/></TimeGroups>"
            } else {
                ""
            };
            times += &format!(
                "<Time Id=\"{day}{n}\"><Name>{day} {n}</Name><Day Reference=\"{day}\"/>{first}</Time>"
            );
        }
    }
    let fixed = |who: &str, role: &str| {
        format!("<Resource Reference=\"{who}\"><Role>{role}</Role><ResourceType Reference=\"x\"/></Resource>")
    };
    let open = |role: &str, load: &str| {
        format!("<Resource><Role>{role}</Role><ResourceType Reference=\"x\"/>{load}</Resource>")
    };
    let event = |id: &str, duration: u32, more: &str, seats: &str, groups: &str| {
        format!(
            "<Event Id=\"{id}\"><Name>{id}</Name><Duration>{duration}</Duration>{more}<Resources>{seats}</Resources>\
             <EventGroups>{groups}</EventGroups></Event>"
        )
    };
    let all = "<EventGroup Reference=\"All\"/>";
    let pair = "<EventGroup Reference=\"Pair\"/>";
    let math = fixed("Ann", "T") + &fixed("K", "C") + &open("Room", "");
    let art = open("T", "<Workload>3</Workload>") + &fixed("K", "C") + &open("Room", "");
    let events = event("Math", 3, "", &math, &format!("{all}{pair}"))
        + &event("Art", 2, "", &art, &format!("{all}{pair}"))
        + &event("Gym", 1, "", &fixed("Bob", "T"), all)
        + &event("Chess", 1, "<Time Reference=\"Tu4\"/>", &fixed("Ann", "T"), "");
    let resources: String = ["Ann", "Bob", "K", "R1", "R2"]
        .iter()
        .map(|r| {
            format!(
                "<Resource Id=\"{r}\"><Name>{r}</Name><ResourceType Reference=\"x\"/>\
                 <ResourceGroups><ResourceGroup Reference=\"Everybody\"/></ResourceGroups></Resource>"
            )
        })
        .collect();
    format!(
        "<HighSchoolTimetableArchive><Instances><Instance Id=\"Small\"><MetaData><Name>Small &amp; neat</Name></MetaData>\
         <Times><TimeGroups><Day Id=\"Mo\"><Name>Mo</Name></Day><Day Id=\"Tu\"><Name>Tu</Name></Day>\
         <TimeGroup Id=\"First\"><Name>First</Name></TimeGroup></TimeGroups>{times}</Times>\
         <Resources><ResourceTypes><ResourceType Id=\"x\"><Name>x</Name></ResourceType></ResourceTypes>\
         <ResourceGroups><ResourceGroup Id=\"Everybody\"><Name>Everybody</Name><ResourceType Reference=\"x\"/></ResourceGroup>\
         </ResourceGroups>{resources}</Resources>\
         <Events><EventGroups><EventGroup Id=\"All\"><Name>All</Name></EventGroup>\
         <EventGroup Id=\"Pair\"><Name>Pair</Name></EventGroup></EventGroups>{events}</Events>\
         <Constraints>{constraint}</Constraints></Instance></Instances>\
         <SolutionGroups><SolutionGroup Id=\"Ours\"><MetaData/><Solution Reference=\"Small\"><Events>{solution}</Events>\
         </Solution></SolutionGroup></SolutionGroups></HighSchoolTimetableArchive>"
    )
}

fn constraint(kind: &str, applies_to: &str, more: &str) -> String {
    weighted(kind, "true", 1, "Linear", applies_to, more)
}

fn weighted(kind: &str, required: &str, weight: u32, function: &str, applies_to: &str, more: &str) -> String {
    format!(
        "<{kind}Constraint Id=\"c\"><Name>c</Name><Required>{required}</Required><Weight>{weight}</Weight>\
         <CostFunction>{function}</CostFunction><AppliesTo>{applies_to}</AppliesTo>{more}</{kind}Constraint>"
    )
}

fn meet(event: &str, duration: u32, time: &str, seats: &[(&str, &str)]) -> String {
    let time = if time.is_empty() {
        String::new()
    } else {
        format!("<Time Reference=\"{time}\"/>")
    };
    let seats: String = seats
        .iter()
        .map(|(role, who)| format!("<Resource Reference=\"{who}\"><Role>{role}</Role></Resource>"))
        .collect();
    format!(
        "<Event Reference=\"{event}\"><Duration>{duration}</Duration>{time}<Resources>{seats}</Resources></Event>"
    )
}

const ALL: &str = "<EventGroups><EventGroup Reference=\"All\"/></EventGroups>";
const PAIR: &str = "<EventGroups><EventGroup Reference=\"Pair\"/></EventGroups>";
const EVERYBODY: &str = "<ResourceGroups><ResourceGroup Reference=\"Everybody\"/></ResourceGroups>";
const ANN: &str = "<Resources><Resource Reference=\"Ann\"/></Resources>";
const DAYS: &str = "<TimeGroups><TimeGroup Reference=\"Mo\"/><TimeGroup Reference=\"Tu\"/></TimeGroups>";

fn limits(min: u32, max: u32) -> String {
    format!("<Minimum>{min}</Minimum><Maximum>{max}</Maximum>")
}

/// The cost in three ways, which must agree.
fn cost(constraint: &str, solution: &[String]) -> Cost {
    let text = archive(constraint, &solution.concat());
    let read = xhstt::read(text.as_bytes()).expect("the archive is well-formed");
    let again = xhstt::read(xhstt::write(&read).as_bytes()).expect("what is written can be read");
    let (problem, solution) = (&read.problems[0], &read.groups[0].solutions[0].solution);
    let full = evaluate(problem, solution);
    let net = Net::new(problem);
    assert_eq!(State::of(&net, solution).cost(), full, "incremental against full");
    assert_eq!(again.problems, read.problems, "written and read");
    assert_eq!(
        evaluate(&again.problems[0], &again.groups[0].solutions[0].solution),
        full,
        "full again after writing and reading"
    );
    assert_eq!(again.groups[0].solutions[0].stated, Some(full));
    full
}

fn hard(constraint: &str, solution: &[String]) -> i64 {
    let cost = cost(constraint, solution);
    assert_eq!(cost.soft, 0);
    cost.hard
}

#[test]
fn assign_time_counts_what_has_no_time_or_is_missing() {
    let rule = constraint("AssignTime", ALL, "");
    // Math: two of three times placed, one missing; Art without a time; Gym placed.
    let meets = [
        meet("Math", 2, "Mo1", &[]),
        meet("Art", 2, "", &[]),
        meet("Gym", 1, "Tu1", &[]),
    ];
    assert_eq!(hard(&rule, &meets), 1 + 2);
    assert_eq!(hard(&rule, &[]), 3 + 2 + 1);
}

#[test]
fn assign_resource_counts_durations_of_empty_seats() {
    let rule = constraint("AssignResource", ALL, "<Role>Room</Role>");
    let meets = [
        meet("Math", 2, "Mo1", &[("Room", "R1")]),
        meet("Math", 1, "", &[]),
    ];
    // One time of Math, both of Art; Gym has no such seat.
    assert_eq!(hard(&rule, &meets), 1 + 2);
}

#[test]
fn prefer_times_looks_at_starts_and_ignores_what_has_none() {
    let rule = constraint(
        "PreferTimes",
        ALL,
        "<TimeGroups><TimeGroup Reference=\"First\"/></TimeGroups><Times><Time Reference=\"Mo3\"/></Times>",
    );
    let meets = [meet("Math", 3, "Mo2", &[]), meet("Gym", 1, "Mo3", &[])];
    assert_eq!(hard(&rule, &meets), 3);
    let only_doubles = constraint(
        "PreferTimes",
        ALL,
        "<TimeGroups><TimeGroup Reference=\"First\"/></TimeGroups><Duration>2</Duration>",
    );
    let meets = [
        meet("Math", 1, "Mo2", &[]),
        meet("Math", 2, "Tu2", &[]),
        meet("Art", 2, "Tu1", &[]),
    ];
    assert_eq!(hard(&only_doubles, &meets), 2);
}

#[test]
fn prefer_resources_ignores_empty_seats() {
    let rule = constraint(
        "PreferResources",
        ALL,
        "<Resources><Resource Reference=\"R1\"/></Resources><Role>Room</Role>",
    );
    assert_eq!(hard(&rule, &[]), 0);
    let meets = [
        meet("Math", 3, "", &[("Room", "R2")]),
        meet("Art", 2, "Mo1", &[("Room", "R1")]),
    ];
    assert_eq!(hard(&rule, &meets), 3);
}

#[test]
fn split_events_counts_bad_durations_and_amounts() {
    let rule = constraint(
        "SplitEvents",
        PAIR,
        "<MinimumDuration>2</MinimumDuration><MaximumDuration>2</MaximumDuration>\
         <MinimumAmount>2</MinimumAmount><MaximumAmount>2</MaximumAmount>",
    );
    // Math in three: three too short, one too many. Art whole: one too few.
    let math = || meet("Math", 1, "", &[]);
    assert_eq!(hard(&rule, &[math(), math(), math()]), (3 + 1) + 1);
    // Math whole: too long, one too few. Art in two: both too short.
    assert_eq!(hard(&rule, &[meet("Art", 1, "", &[])]), (1 + 1) + 2);
}

#[test]
fn distribute_split_events_counts_one_duration() {
    let more = format!("<Duration>1</Duration>{}", limits(1, 2));
    let rule = constraint("DistributeSplitEvents", PAIR, &more);
    let math = || meet("Math", 1, "", &[]);
    // Math: three singles, one too many; Art: none, one too few.
    assert_eq!(hard(&rule, &[math(), math(), math()]), 1 + 1);
}

#[test]
fn avoid_split_assignments_counts_different_resources_over_the_group() {
    let rule = constraint("AvoidSplitAssignments", PAIR, "<Role>Room</Role>");
    let meets = [
        meet("Math", 2, "", &[("Room", "R1")]),
        meet("Math", 1, "", &[]),
        meet("Art", 2, "", &[("Room", "R2")]),
    ];
    assert_eq!(hard(&rule, &meets), 1);
    let one = [
        meet("Math", 3, "", &[("Room", "R2")]),
        meet("Art", 2, "", &[("Room", "R2")]),
    ];
    assert_eq!(hard(&rule, &one), 0);
}

#[test]
fn spread_events_counts_starts_per_group_of_times() {
    let more = "<TimeGroups><TimeGroup Reference=\"Mo\"><Minimum>0</Minimum><Maximum>1</Maximum></TimeGroup>\
                <TimeGroup Reference=\"Tu\"><Minimum>1</Minimum><Maximum>9</Maximum></TimeGroup></TimeGroups>";
    let math = |t| meet("Math", 1, t, &[]);
    let meets = [math("Mo1"), math("Mo2"), math("Mo4"), meet("Gym", 1, "Tu1", &[])];
    let rule = weighted("SpreadEvents", "true", 1, "Quadratic", PAIR, more);
    // Monday two too many, Tuesday one too few (Gym is not in the group): squared after summing.
    assert_eq!(hard(&rule, &meets), 9);
    let rule = weighted("SpreadEvents", "true", 5, "Step", PAIR, more);
    assert_eq!(hard(&rule, &meets), 5);
}

#[test]
fn link_events_counts_times_where_some_run_but_not_all() {
    let rule = constraint("LinkEvents", PAIR, "");
    let meets = [meet("Math", 3, "Mo1", &[]), meet("Art", 2, "Mo2", &[])];
    assert_eq!(hard(&rule, &meets), 1);
    let apart = [meet("Math", 3, "Mo1", &[]), meet("Art", 2, "Tu2", &[])];
    assert_eq!(hard(&rule, &apart), 5);
}

#[test]
fn order_events_counts_times_between() {
    let rule = |min: u32, max: u32| {
        let pair = format!(
            "<EventPairs><EventPair><FirstEvent Reference=\"Math\"/><SecondEvent Reference=\"Art\"/>\
             <MinSeparation>{min}</MinSeparation><MaxSeparation>{max}</MaxSeparation></EventPair></EventPairs>"
        );
        constraint("OrderEvents", &pair, "")
    };
    let meets = [meet("Math", 3, "Mo1", &[]), meet("Art", 2, "Tu2", &[])];
    // Math ends after Mo3; Mo4 and Tu1 lie between.
    assert_eq!(hard(&rule(2, 2), &meets), 0);
    assert_eq!(hard(&rule(3, 9), &meets), 1);
    assert_eq!(hard(&rule(0, 0), &meets), 2);
    let wrong_way = [meet("Math", 3, "Tu1", &[]), meet("Art", 2, "Mo1", &[])];
    // Math's end is at place 7, Art's start at 0.
    assert_eq!(hard(&rule(0, 9), &wrong_way), 7);
    assert_eq!(hard(&rule(0, 9), &[meet("Math", 3, "Tu1", &[])]), 0);
}

#[test]
fn avoid_clashes_counts_seats_beyond_the_first() {
    let rule = constraint("AvoidClashes", EVERYBODY, "");
    // Ann: Math at Tu2-Tu4 against Chess at Tu4. K: Math against Art at Tu2, Tu3. Ann again: Art at Tu2, Tu3.
    let meets = [
        meet("Math", 3, "Tu2", &[]),
        meet("Art", 2, "Tu2", &[("T", "Ann")]),
    ];
    assert_eq!(hard(&rule, &meets), 1 + 2 + 2);
    let twice = format!("{EVERYBODY}{ANN}");
    let rule = weighted("AvoidClashes", "false", 2, "Quadratic", &twice, "");
    // Ann three, K two, Ann once more three; squared.
    assert_eq!(
        cost(&rule, &meets),
        Cost {
            hard: 0,
            soft: 2 * (9 + 4 + 9)
        }
    );
}

#[test]
fn avoid_unavailable_times_counts_times_not_seats() {
    let rule = constraint(
        "AvoidUnavailableTimes",
        ANN,
        "<TimeGroups><TimeGroup Reference=\"First\"/></TimeGroups><Times><Time Reference=\"Tu4\"/></Times>",
    );
    let meets = [
        meet("Math", 3, "Mo1", &[]),
        meet("Art", 2, "Mo1", &[("T", "Ann")]),
    ];
    // Mo1 (although twice) and Chess at Tu4.
    assert_eq!(hard(&rule, &meets), 2);
}

#[test]
fn limit_idle_times_sums_groups_before_comparing() {
    let more = format!("{DAYS}{}", limits(0, 1));
    let rule = constraint("LimitIdleTimes", ANN, &more);
    let math = |t| meet("Math", 1, t, &[]);
    // Monday 1 and 4: two gaps; Tuesday 2 and 4: one; together three, two too many.
    assert_eq!(hard(&rule, &[math("Mo1"), math("Mo4"), math("Tu2")]), 2);
    assert_eq!(hard(&rule, &[math("Tu1"), math("Tu2"), math("Tu3")]), 0);
}

#[test]
fn cluster_busy_times_counts_groups() {
    let more = format!("{DAYS}{}", limits(0, 1));
    let rule = constraint("ClusterBusyTimes", ANN, &more);
    assert_eq!(hard(&rule, &[meet("Math", 3, "Mo1", &[])]), 1);
    assert_eq!(hard(&rule, &[meet("Math", 3, "Tu1", &[])]), 0);
    let more = format!("{DAYS}{}", limits(2, 2));
    let rule = constraint("ClusterBusyTimes", EVERYBODY, &more);
    // Ann both days; Bob, K and the rooms none.
    assert_eq!(hard(&rule, &[meet("Math", 3, "", &[])]), 1 + 4 * 2);
}

#[test]
fn limit_busy_times_ignores_idle_groups() {
    let more = format!("{DAYS}{}", limits(2, 2));
    let rule = constraint("LimitBusyTimes", EVERYBODY, &more);
    // Ann: Monday three, Tuesday one (Chess). K: Monday three. Bob and the rooms are nowhere busy.
    assert_eq!(hard(&rule, &[meet("Math", 3, "Mo1", &[])]), 1 + 1 + 1);
}

#[test]
fn limit_workload_rounds_shares_up() {
    let rule = |min, max| constraint("LimitWorkload", ANN, &limits(min, max));
    // Math 3, Chess 1, and one of Art's two times with workload 3: 5.5 in all.
    let meets = [meet("Math", 3, "", &[]), meet("Art", 1, "", &[("T", "Ann")])];
    assert_eq!(hard(&rule(0, 5), &meets), 1);
    assert_eq!(hard(&rule(0, 6), &meets), 0);
    assert_eq!(hard(&rule(7, 9), &meets), 2);
}

#[test]
fn a_fixed_time_applies_without_being_said() {
    let rule = constraint(
        "AssignTime",
        "<Events><Event Reference=\"Chess\"/><Event Reference=\"Gym\"/></Events>",
        "",
    );
    assert_eq!(hard(&rule, &[]), 1);
}

/// Each of the sixteen kinds once, with a deviation counted by hand, under each cost function and as requirement and wish. So the
/// evaluator is checked on a machine without the published archives, too.
#[test]
fn every_kind_under_every_cost_function() {
    let math = "<Events><Event Reference=\"Math\"/></Events>".to_owned();
    let single = |time| meet("Math", 1, time, &[]);
    let room = |name: &str, n, seat| meet(name, n, "", &[("Room", seat)]);
    let order = "<EventPairs><EventPair><FirstEvent Reference=\"Gym\"/><SecondEvent Reference=\"Chess\"/>\
                 <MinSeparation>3</MinSeparation><MaxSeparation>9</MaxSeparation></EventPair></EventPairs>";
    let spread = "<TimeGroups><TimeGroup Reference=\"Mo\"><Minimum>0</Minimum><Maximum>1</Maximum></TimeGroup></TimeGroups>";
    let monday = "<TimeGroups><TimeGroup Reference=\"Mo\"/></TimeGroups>";
    let early = "<Times><Time Reference=\"Mo1\"/><Time Reference=\"Mo2\"/></Times>";
    type Row<'t> = (&'t str, String, String, Vec<String>, i64, &'t str);
    let rows: [Row<'_>; 16] = [
        (
            "AssignTime",
            math.clone(),
            String::new(),
            vec![],
            3,
            "three times of Math are nowhere",
        ),
        (
            "AssignResource",
            math.clone(),
            "<Role>Room</Role>".into(),
            vec![meet("Math", 3, "Mo1", &[])],
            3,
            "no room for three times",
        ),
        (
            "PreferTimes",
            math.clone(),
            "<Times><Time Reference=\"Mo1\"/></Times>".into(),
            vec![single("Tu1"), meet("Math", 2, "Tu2", &[])],
            3,
            "a single and a double start elsewhere",
        ),
        (
            "PreferResources",
            math.clone(),
            "<Resources><Resource Reference=\"R1\"/></Resources><Role>Room</Role>".into(),
            vec![room("Math", 3, "R2")],
            3,
            "three times in the other room",
        ),
        (
            "SplitEvents",
            math.clone(),
            "<MinimumDuration>2</MinimumDuration><MaximumDuration>3</MaximumDuration>\
             <MinimumAmount>1</MinimumAmount><MaximumAmount>1</MaximumAmount>"
                .into(),
            vec![single(""), single(""), single("")],
            5,
            "three are too short, two too many",
        ),
        (
            "DistributeSplitEvents",
            math.clone(),
            format!("<Duration>1</Duration>{}", limits(0, 1)),
            vec![single(""), single(""), single("")],
            2,
            "three singles, one may be",
        ),
        (
            "AvoidSplitAssignments",
            PAIR.into(),
            "<Role>Room</Role>".into(),
            vec![
                room("Math", 1, "R1"),
                room("Math", 2, "R2"),
                room("Art", 2, "Bob"),
            ],
            2,
            "three different ones instead of one",
        ),
        (
            "SpreadEvents",
            PAIR.into(),
            spread.into(),
            vec![single("Mo1"), single("Mo2"), single("Mo4")],
            2,
            "three starts on Monday, one may be",
        ),
        (
            "LinkEvents",
            PAIR.into(),
            String::new(),
            vec![meet("Math", 3, "Mo1", &[]), meet("Art", 2, "Tu2", &[])],
            5,
            "five times at which one runs alone",
        ),
        (
            "OrderEvents",
            order.into(),
            String::new(),
            vec![meet("Gym", 1, "Tu2", &[])],
            2,
            "only Tu3 lies between Gym and Chess, three times should",
        ),
        (
            "AvoidClashes",
            ANN.into(),
            String::new(),
            vec![
                meet("Math", 3, "Tu2", &[]),
                meet("Art", 2, "Tu3", &[("T", "Ann")]),
            ],
            3,
            "Ann: twice at Tu3, three times at Tu4",
        ),
        (
            "AvoidUnavailableTimes",
            ANN.into(),
            early.into(),
            vec![meet("Math", 3, "Mo1", &[])],
            2,
            "Mo1 and Mo2",
        ),
        (
            "LimitIdleTimes",
            ANN.into(),
            format!("{DAYS}{}", limits(0, 0)),
            vec![single("Mo1"), single("Mo4")],
            2,
            "Mo2 and Mo3 are free between",
        ),
        (
            "ClusterBusyTimes",
            ANN.into(),
            format!("{DAYS}{}", limits(0, 0)),
            vec![single("Mo1")],
            2,
            "two days, none may be",
        ),
        (
            "LimitBusyTimes",
            ANN.into(),
            format!("{monday}{}", limits(0, 1)),
            vec![meet("Math", 3, "Mo1", &[])],
            2,
            "three times on Monday, one may be",
        ),
        (
            "LimitWorkload",
            ANN.into(),
            limits(0, 2),
            vec![],
            2,
            "three of Math and one of Chess, two may be",
        ),
    ];
    for (kind, applies_to, more, meets, deviation, why) in rows {
        for (function, priced) in [
            ("Linear", deviation),
            ("Quadratic", deviation * deviation),
            ("Step", 1),
        ] {
            let required = weighted(kind, "true", 7, function, &applies_to, &more);
            assert_eq!(hard(&required, &meets), 7 * priced, "{kind}, {function}: {why}");
            let wished = weighted(kind, "false", 7, function, &applies_to, &more);
            let found = cost(&wished, &meets);
            let expected = Cost {
                hard: 0,
                soft: 7 * priced,
            };
            assert_eq!(found, expected, "{kind}, {function}, wished: {why}");
        }
    }
}
