//! The published archives, if their folder is there: every stated cost, the table of best costs, and moves at random.
//!
//! The folder is not part of the project. It is looked for in `PARTA_XHSTT`, else beside the workspace.
#![cfg(feature = "xhstt")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stderr,
    reason = "the helpers of tests fail as tests do"
)]

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use timetable::problem::{Cost, evaluate};
use timetable::search::{Ground, Mover, Random, State};
use timetable::xhstt::{self, Archive};

/// Costs printed in the archives that are not the costs of the timetables beside them: instance, beginning of the group's
/// name, printed, true.
const STALE: &[(&str, &str, Cost, Cost)] = &[
    ("AU-BG-98", "GOAL team Mon Feb  1", soft(340), soft(334)),
    (
        "BrazilInstance7_XHSTT-v2014",
        "Demirovic, Musliu",
        soft(1038),
        soft(57),
    ),
];

/// Instances whose best known timetable is not in their archive, with the best that is.
const ELSEWHERE: &[(&str, Cost)] = &[
    ("ArtificialAll11", Cost { hard: 32, soft: 0 }),
    ("ArtificialAll15", Cost { hard: 197, soft: 0 }),
];

const fn soft(soft: i64) -> Cost {
    Cost { hard: 0, soft }
}

fn folder() -> Option<PathBuf> {
    let folder = match std::env::var_os("PARTA_XHSTT") {
        Some(folder) => PathBuf::from(folder),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/xhstt"),
    };
    if folder.is_dir() {
        return Some(folder);
    }
    assert!(
        std::env::var_os("PARTA_XHSTT").is_none(),
        "PARTA_XHSTT names {}, which is not there",
        folder.display()
    );
    eprintln!(
        "!!! NOT TESTED: the XHSTT archives are not at {}",
        folder.display()
    );
    eprintln!("!!! set PARTA_XHSTT to their folder");
    None
}

fn read(file: &Path) -> Archive {
    let bytes = fs::read(file).unwrap();
    let mut text = vec![];
    lzma_rust2::XzReader::new(&bytes[..], true)
        .read_to_end(&mut text)
        .unwrap();
    xhstt::read(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()))
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|f| f.unwrap().path()).collect();
    files.sort();
    files
}

/// Best (hard, soft) of each instance, from the table of the folder's README.
fn best_known(folder: &Path) -> BTreeMap<String, Cost> {
    let readme = fs::read_to_string(folder.join("README.md")).unwrap();
    let rows = readme.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let (hard, soft) = cells.get(8)?.split_once(',')?;
        let cost = Cost {
            hard: hard.parse().ok()?,
            soft: soft.parse().ok()?,
        };
        Some((cells[1].to_owned(), cost))
    });
    rows.collect()
}

#[test]
fn every_stated_cost_comes_out() {
    let Some(folder) = folder() else { return };
    let best = best_known(&folder);
    let (mut stated, mut stale, mut solutions) = (0, 0, 0);
    let mut wrong = vec![];
    for file in files(&folder.join("solved")) {
        let archive = read(&file);
        let mut lowest = None;
        for group in &archive.groups {
            for solved in &group.solutions {
                let problem = &archive.problems[usize::try_from(solved.problem).unwrap()];
                let cost = evaluate(problem, &solved.solution);
                solutions += 1;
                lowest = Some(lowest.map_or(cost, |l: Cost| l.min(cost)));
                let known = STALE
                    .iter()
                    .find(|s| s.0 == problem.id && group.id.starts_with(s.1));
                match (known, solved.stated) {
                    (Some((_, _, printed, right)), found) => {
                        stale += 1;
                        assert_eq!((found, cost), (Some(*printed), *right), "{}", group.id);
                    }
                    (None, Some(printed)) => {
                        stated += 1;
                        if printed != cost {
                            wrong.push(format!("{} {}: {cost}, stated {printed}", problem.id, group.id));
                        }
                    }
                    (None, None) => {}
                }
            }
        }
        let name = file.file_name().unwrap().to_str().unwrap();
        let name = name.strip_suffix(".xml.xz").unwrap();
        let elsewhere = ELSEWHERE.iter().find(|e| e.0 == name);
        let expected = elsewhere.map_or(best[name], |e| e.1);
        if lowest != Some(expected) {
            wrong.push(format!("{name}: lowest {lowest:?}, known {expected}"));
        }
    }
    eprintln!("{solutions} solutions, {stated} with a true stated cost, {stale} stale");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(stale, STALE.len());
    assert!(stated > 0 && solutions >= 94);
}

#[test]
fn what_is_written_reads_the_same() {
    let Some(folder) = folder() else { return };
    for file in files(&folder.join("solved")) {
        let archive = read(&file);
        let again = xhstt::read(xhstt::write(&archive).as_bytes()).unwrap();
        assert!(again.problems == archive.problems, "{}", file.display());
        for (a, b) in archive.groups.iter().zip(&again.groups) {
            for (a, b) in a.solutions.iter().zip(&b.solutions) {
                let problem = &archive.problems[usize::try_from(a.problem).unwrap()];
                assert_eq!(
                    b.stated,
                    Some(evaluate(problem, &a.solution)),
                    "{}",
                    file.display()
                );
                assert_eq!(b.solution.meets.len(), a.solution.meets.len());
            }
        }
    }
}

#[test]
fn incremental_is_full_on_real_schools() {
    let Some(folder) = folder() else { return };
    for file in files(&folder.join("solved")) {
        let archive = read(&file);
        let problem = &archive.problems[0];
        let ground = Ground::new(problem);
        let mut random = Random::new(7);
        let mut state = State::of(&ground.net, &archive.groups[0].solutions[0].solution);
        let mut mover = Mover::new(&ground.net, &ground.domains);
        for round in 0..12 {
            assert_eq!(
                state.cost(),
                evaluate(problem, &state.solution()),
                "{} after {round} rounds",
                file.display()
            );
            for _ in 0..300 {
                let (mark, before) = (state.mark(), state.cost());
                let moved = mover.propose(&mut state, &mut random, 160);
                if !moved || random.permille(500) {
                    state.undo(mark);
                    assert_eq!(state.cost(), before, "{}: taken back", file.display());
                } else {
                    state.settle();
                }
            }
            assert!(state.fits(problem), "{}", file.display());
        }
    }
}

#[test]
fn what_has_a_valid_timetable_is_not_called_impossible() {
    let Some(folder) = folder() else { return };
    let best = best_known(&folder);
    let mut looked_at = 0;
    for file in files(&folder.join("instances")) {
        let name = file.file_name().unwrap().to_str().unwrap();
        let name = name.strip_suffix(".xml.xz").unwrap();
        if best[name].hard > 0 {
            continue;
        }
        for problem in &read(&file).problems {
            let found = timetable::search::explain::conflicts(problem, 1, 20_000_000);
            assert!(found.is_empty(), "{name}: {found:?}");
            looked_at += 1;
        }
    }
    assert!(looked_at >= 27, "{looked_at}");
}
