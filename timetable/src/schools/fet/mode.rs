//! The mode of a file: what its days are, and what holds in it without a constraint.
//!
//! Found out by asking `fet-cl` 6.8.5 about files of a few activities, one fact each; the tests say the same.

use super::read::{PUPILS, Reading};
use crate::ids::wide;
use crate::markup::Element;
use crate::problem::Rule;
use crate::problem::rules::{cluster_busy_times::ClusterBusyTimes, limit_busy_times::LimitBusyTimes};

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
            _ if branch.starts_with("algeria") || branch.starts_with("morocco") => Self::Halves,
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

/// A teacher who is there in the morning or in the afternoon of a day, not in both.
fn halves_of_teachers(r: &mut Reading<'_>, root: &Element) {
    // the Moroccan branch knew no other way
    let all = branch(root).starts_with("morocco");
    let mut exclusive = vec![];
    for teacher in root.list("Teachers_List").iter().filter(|e| e.name == "Teacher") {
        let name = teacher.text_of("Name").unwrap_or(&teacher.text);
        match teacher.text_of("Mornings_Afternoons_Behavior") {
            None | Some("") if all => exclusive.extend(r.teachers.get(name)),
            None | Some("" | "Unrestricted") => {}
            Some("Exclusive") => exclusive.extend(r.teachers.get(name)),
            // some days of both are allowed: how many of them there are is no rule that we have
            Some(_) => r.told.push(("Mornings_Afternoons_Behavior", teacher.line)),
        }
    }
    for day in 0..r.days / 2 {
        let halves = r.day_groups().into_iter().skip(2 * wide(day)).take(2);
        let rule = ClusterBusyTimes {
            time_groups: halves.collect(),
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
