//! The mode of a file: what its days are, and what holds in it without a constraint.
//!
//! Found out by asking `fet-cl` 6.8.5 about files of a few activities, one fact each; the tests say the same.

use super::read::{PUPILS, Reading};
use crate::markup::Element;
use crate::problem::Rule;
use crate::problem::rules::{
    cluster_busy_times::ClusterBusyTimes, limit_busy_times::LimitBusyTimes, limit_whole_days::LimitWholeDays,
};

/// How a file is to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// Days are days.
    Official,
    /// Days are mornings and afternoons in turn.
    Halves,
    /// Days are blocks that run at the same hours.
    Blocks,
    /// Days belong to terms.
    Terms,
}

impl Mode {
    /// The mode that a file names; files of FET 5 name none, their version does: "5.45.0-morocco8" is of mornings and afternoons.
    pub fn of(root: &Element) -> Self {
        match root.text_of("Mode") {
            Some("Mornings_Afternoons") => return Self::Halves,
            Some("Block_Planning") => return Self::Blocks,
            Some("Terms") => return Self::Terms,
            Some(_) => return Self::Official,
            None => {}
        }
        let branch = branch(root);
        let name = branch.trim_end_matches(|c: char| c.is_ascii_digit());
        match name {
            "bp" => Self::Blocks,
            "ma" => Self::Halves,
            _ if says_whole_days(root) => Self::Halves,
            _ if branch.starts_with("mathmake") => Self::Terms,
            _ => Self::Official,
        }
    }
}

/// Which branch of FET 5 wrote the file: "morocco8"; nothing for the usual one, and for later files.
fn branch(root: &Element) -> &str {
    let version = root.attribute("version").unwrap_or_default();
    let (number, branch) = version.split_once('-').unwrap_or((version, ""));
    if number.starts_with("5.") { branch } else { "" }
}

/// Whether a file is of the branches from before halves were called days: what they said of days they meant of whole ones.
pub(super) fn says_whole_days(root: &Element) -> bool {
    let branch = branch(root);
    branch.starts_with("algeria") || branch.starts_with("morocco")
}

/// What FET calls today what such a file says of somebody's days; it renames these and no others.
pub(super) fn of_whole_days(said: &str) -> &str {
    match said {
        "MaxDaysPerWeek" => "MaxRealDaysPerWeek",
        "MinDaysPerWeek" => "MinRealDaysPerWeek",
        "MaxHoursDaily" => "MaxHoursDailyRealDays",
        "ActivityTagMaxHoursDaily" => "ActivityTagMaxHoursDailyRealDays",
        "MaxSpanPerDay" => "MaxSpanPerRealDay",
        same => same,
    }
}

/// How many days a term has; the branch that began with terms did not say it and had five.
pub(super) fn days_of_term(root: &Element, mode: Mode) -> Option<u32> {
    let said = root.text_of("Number_of_Days_Per_Term");
    let old = || (mode == Mode::Terms && !branch(root).is_empty()).then_some(5);
    said.and_then(|n| n.parse().ok()).or_else(old).filter(|n| *n > 0)
}

/// What a mode asks for by itself.
pub(super) fn basics(r: &mut Reading<'_>, root: &Element, mode: Mode) {
    match mode {
        Mode::Blocks => once_an_hour(r),
        Mode::Halves if r.halves => halves_of_teachers(r, root),
        _ => {}
    }
}

/// Blocks run at the same time: pupils are in one of them at an hour, whatever the day.
fn once_an_hour(r: &mut Reading<'_>) {
    let hours: Vec<u32> = (0..r.hours)
        .map(|hour| r.window((0..r.days).map(|day| day * r.hours + hour).collect()))
        .collect();
    let pupils = r.all_of(PUPILS);
    let rule = LimitBusyTimes {
        time_groups: hours,
        min: 0,
        max: 1,
    };
    r.add_for_resources(
        "pupils are in one block at an hour",
        None,
        pupils,
        Rule::LimitBusyTimes(rule),
    );
}

/// How often a teacher may be there both in the morning and in the afternoon of a day, in the words of FET.
const EXCEPTIONS: [&str; 6] = [
    "Exclusive",
    "One day exception",
    "Two days exception",
    "Three days exception",
    "Four days exception",
    "Five days exception",
];

/// The same in the lists of the Moroccan branch, from one day on.
const EXCEPTION_LISTS: [&str; 5] = [
    "Exception_Teachers_One_Day_List",
    "Exception_Teachers_Two_Days_List",
    "Exception_Teachers_Three_Days_List",
    "Exception_Teachers_Four_Days_List",
    "Exception_Teachers_Five_Days_List",
];

/// Teachers who are there in the morning or in the afternoon of a day, not in both, but for a few days.
fn halves_of_teachers(r: &mut Reading<'_>, root: &Element) {
    // the Moroccan branch knew no other way
    let all = branch(root).starts_with("morocco");
    let mut listed = std::collections::BTreeMap::new();
    for (list, days) in EXCEPTION_LISTS.iter().zip(1..) {
        for one in root.list(list) {
            listed.insert(one.text_of("Name").unwrap_or(&one.text), days);
        }
    }
    // by the number of days of both
    let mut exclusive = vec![];
    let mut excepted: [Vec<u32>; EXCEPTIONS.len()] = Default::default();
    for teacher in root.list("Teachers_List").iter().filter(|e| e.name == "Teacher") {
        let name = teacher.text_of("Name").unwrap_or(&teacher.text);
        let who = r.teachers.get(name).copied();
        let said = teacher
            .text_of("Mornings_Afternoons_Behavior")
            .unwrap_or_default();
        match (EXCEPTIONS.iter().position(|e| *e == said), said, listed.get(name)) {
            (Some(0), ..) => exclusive.extend(who),
            (Some(days), ..) => excepted[days].extend(who),
            (None, "", Some(days)) if all => excepted[*days].extend(who),
            (None, "", None) if all => exclusive.extend(who),
            (None, "" | "Unrestricted", _) => {}
            (None, ..) => r.told.push(("Mornings_Afternoons_Behavior", teacher.line)),
        }
    }
    let halves = r.day_groups();
    let days: Vec<(u32, u32)> = halves.chunks_exact(2).map(|day| (day[0], day[1])).collect();
    for (max, who) in (0..).zip(excepted) {
        let rule = LimitWholeDays {
            days: days.clone(),
            max,
        };
        r.add_for_resources(
            "days on which a teacher comes both in the morning and in the afternoon",
            None,
            who,
            Rule::LimitWholeDays(rule),
        );
    }
    for (first, second) in days {
        let rule = ClusterBusyTimes {
            time_groups: vec![first, second],
            min: 0,
            max: 1,
        };
        r.add_for_resources(
            "a teacher comes in the morning or in the afternoon",
            None,
            exclusive.clone(),
            Rule::ClusterBusyTimes(rule),
        );
    }
}
