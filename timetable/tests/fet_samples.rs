//! Every sample of Debian's package `fet-data` as a general problem: opened or refused with line and reason, what is not understood is
//! listed, kept and written back, and what we write is the same problem again.
#![cfg(feature = "schools")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "the helpers of tests fail as tests do"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use timetable::problem::Solution;
use timetable::schools::fet;

const FOLDER: &str = "/usr/share/doc/fet-data/examples";

fn samples() -> Vec<PathBuf> {
    let mut found = vec![];
    let mut folders = vec![PathBuf::from(FOLDER)];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(folder) else {
            continue;
        };
        for path in entries.flatten().map(|e| e.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "fet") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(
        found.len() > 200,
        "{} samples in {FOLDER}: install the Debian package `fet-data`",
        found.len()
    );
    found
}

/// How often each constraint stands in a file, active or not.
fn tally(text: &str) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for tag in text.split('<').skip(1) {
        let name = tag.split(['>', ' ', '/']).next().unwrap_or_default();
        if name.starts_with("Constraint") {
            *counts.entry(name.to_owned()).or_default() += 1;
        }
    }
    counts
}

fn look_at(path: &Path, unknown: &Mutex<BTreeMap<String, u32>>) -> bool {
    let bytes = std::fs::read(path).unwrap();
    let file = match fet::read(&bytes) {
        Ok(file) => file,
        Err(fault) => {
            println!("refused {}: {fault}", path.display());
            assert!(fault.line >= 1 && !fault.words.is_empty());
            return false;
        }
    };
    for kind in &file.unknown {
        assert!(kind.line > 1 && kind.count > 0, "{}: {kind:?}", path.display());
        *unknown.lock().unwrap().entry(kind.kind.clone()).or_default() += 1;
    }
    let empty = Solution::default();
    let written = file.write(&empty);
    assert_eq!(
        tally(&written),
        tally(&String::from_utf8_lossy(&bytes)),
        "{}: a constraint was lost or added",
        path.display()
    );
    let again = fet::read(written.as_bytes()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    assert_eq!(again.problem, file.problem, "{}", path.display());
    let kinds = |f: &fet::FetSchool| {
        f.unknown
            .iter()
            .map(|u| (u.kind.clone(), u.count))
            .collect::<Vec<_>>()
    };
    assert_eq!(kinds(&again), kinds(&file), "{}", path.display());
    true
}

#[test]
fn every_sample_opens_and_is_written_back_whole() {
    let samples = samples();
    let unknown = Mutex::new(BTreeMap::new());
    let opened: usize = samples.iter().filter(|path| look_at(path, &unknown)).count();
    println!("{opened} of {} samples open", samples.len());
    let mut unknown: Vec<(u32, String)> = unknown
        .into_inner()
        .unwrap()
        .into_iter()
        .map(|(k, n)| (n, k))
        .collect();
    unknown.sort_unstable();
    for (files, kind) in unknown.iter().rev() {
        println!("{files:4} files: {kind}");
    }
    assert!(
        opened * 100 >= samples.len() * 99,
        "only {opened} of {} open",
        samples.len()
    );
}
