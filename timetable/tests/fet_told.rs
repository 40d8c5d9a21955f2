//! Nothing that a FET file asks is lost in silence: each constraint of Debian's samples changes the draft, or is told by its name; and so does its weight.
#![cfg(feature = "fet")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use timetable::{SchoolDraft, fet};

const FOLDER: &str = "/usr/share/doc/fet-data/examples";
/// So many constraints of a kind are tried in a file before the kind is said to have no effect there.
const TRIED: usize = 30;
/// FET itself takes these as a must only.
const ALWAYS_MUST: [&str; 5] = [
    "ConstraintTeacherNotAvailableTimes",
    "ConstraintStudentsSetNotAvailableTimes",
    "ConstraintRoomNotAvailableTimes",
    "ConstraintBreakTimes",
    "ConstraintBreak",
];

/// What is silent somewhere, as of 28 November 2026: the number of places may shrink only.
const KNOWN: [&str; 7] = [
    "PreferredRoom",
    "HomeRoom",
    "ConstraintBreakTimes, ",
    "HashiyanaPSY16T2a.fet",
    "weight of ConstraintStudentsSetMaxGapsPerWeek, ",
    "weight of ConstraintStudentsSetMinHoursDaily, ",
    // of subgroups that no activity names: told as left out, whatever it weighs
    "weight of ConstraintStudentsSetMinRestingHours, ",
];

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|e| e.path())
    {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "fet") {
            found.push(path);
        }
    }
}

/// A draft without lines, which a missing constraint does not change.
fn said(file: &fet::FetFile) -> Option<SchoolDraft> {
    fet::draft(file).ok()
}

/// Kinds of a file that could be left out, or of another weight, and nobody would notice.
fn silent(path: &Path) -> Vec<String> {
    let bytes = std::fs::read(path).unwrap();
    let Ok(mut file) = fet::read(&bytes) else {
        return vec![];
    };
    let Some(whole) = said(&file) else { return vec![] };
    let active: std::collections::HashSet<u32> = file
        .activities
        .iter()
        .filter(|a| a.active)
        .map(|a| a.id)
        .collect();
    // what is asked of activities that are switched off, or weighs nothing, asks nothing
    let asks = |c: &fet::Constraint| {
        c.weight > 0
            && match &c.rule {
                fet::Rule::Start { id, .. }
                | fet::Rule::Room { id, .. }
                | fet::Rule::ActivityRooms(id, _) => active.contains(id),
                fet::Rule::MinDays(ids, days, _) => {
                    *days > 0 && ids.iter().filter(|id| active.contains(id)).count() > 1
                }
                fet::Rule::Tied(_, ids) => ids.iter().filter(|id| active.contains(id)).count() > 1,
                fet::Rule::Hours(hours) => hours.of.id.is_none_or(|id| active.contains(&id)),
                fet::Rule::SubjectRooms(subject, _) => {
                    file.activities.iter().any(|a| a.active && a.subject == *subject)
                }
                // where all lessons of theirs name rooms themselves, it asks nothing
                fet::Rule::TeacherRooms(..) => false,
                _ => true,
            }
    };
    let mut of_kind: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, constraint) in file.constraints.iter().enumerate().filter(|(_, c)| asks(c)) {
        of_kind.entry(constraint.kind.clone()).or_default().push(at);
    }
    let mut silent = vec![];
    for (kind, all) in of_kind {
        let mut heard = false;
        let mut weighed = ALWAYS_MUST.contains(&kind.as_str());
        for at in all.into_iter().take(TRIED) {
            if !heard {
                let out = file.constraints.remove(at);
                heard = said(&file).as_ref() != Some(&whole);
                file.constraints.insert(at, out);
            }
            if !weighed {
                let weight = file.constraints[at].weight;
                file.constraints[at].weight = if weight < 100_000 { 100_000 } else { 40_000 };
                weighed = said(&file).as_ref() != Some(&whole);
                file.constraints[at].weight = weight;
            }
            if heard && weighed {
                break;
            }
        }
        if !heard {
            silent.push(format!("{kind}, {}", path.display()));
        }
        if !weighed {
            silent.push(format!("weight of {kind}, {}", path.display()));
        }
    }
    silent
}

#[test]
fn no_constraint_of_a_sample_is_lost_in_silence() {
    let mut samples = vec![];
    walk(Path::new(FOLDER), &mut samples);
    samples.sort();
    assert!(samples.len() > 200, "install the Debian package `fet-data`");
    let (even, odd): (Vec<_>, Vec<_>) = samples.iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let silent: Vec<String> = std::thread::scope(|scope| {
        let halves = [even, odd].map(|half| {
            scope.spawn(move || {
                half.into_iter()
                    .flat_map(|(_, path)| silent(path))
                    .collect::<Vec<_>>()
            })
        });
        halves.into_iter().flat_map(|half| half.join().unwrap()).collect()
    });
    // Not yet all. Where several lists of rooms hold for one lesson a draft takes the nearest, and says nothing of the others nor of their
    // weights; a break or an absence that another names already changes nothing, and two limits of one Tunisian file neither.
    let (known, others): (Vec<_>, Vec<_>) = silent
        .into_iter()
        .partition(|said| KNOWN.iter().any(|kind| said.contains(kind)));
    assert!(others.is_empty(), "{} silent: {others:#?}", others.len());
    assert!(known.len() <= 37, "{} silent: {known:#?}", known.len());
}
