//! Every sample of Debian's package `fet-data` becomes a draft or is refused with line and reason.
#![cfg(feature = "fet")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

use std::path::{Path, PathBuf};
use timetable::{Level, Reason, SchoolDraft, fet};

const FOLDER: &str = "/usr/share/doc/fet-data/examples";

fn samples() -> Vec<PathBuf> {
    let mut found = vec![];
    walk(Path::new(FOLDER), &mut found);
    found.sort();
    assert!(
        found.len() > 200,
        "{} samples in {FOLDER}: install the Debian package `fet-data`",
        found.len()
    );
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for path in entries.flatten().map(|e| e.path()) {
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|e| e == "fet") {
            found.push(path);
        }
    }
}

/// Figures of some samples.
#[derive(Default)]
struct Tally {
    drafts: usize,
    complete: usize,
    /// With lessons that belong together in time.
    tied: usize,
}

fn look_at(path: &Path, tally: &mut Tally) {
    let bytes = std::fs::read(path).unwrap();
    let file = match fet::read(&bytes).and_then(|file| fet::draft(&file).map(|draft| (file, draft))) {
        Ok((file, draft)) => {
            tally.drafts += 1;
            (file, draft)
        }
        Err(e) => {
            assert!(e.line > 1, "{}: {e}", path.display());
            let bounds = ["too-large", "too-deep", "text-too-long", "too-many", "too-much"];
            let code = e.reason.code();
            assert!(
                !bounds.contains(&code),
                "a real school is within the bounds: {}: {e}",
                path.display()
            );
            println!("refused {}: {e} [{}]", path.display(), e.reason.code());
            return;
        }
    };
    let (file, draft) = file;
    let clashes = people_clashes(&draft);
    assert_eq!(
        clashes.is_empty(),
        fet_clashes(&file) == 0,
        "{}: {:?}",
        path.display(),
        clashes.first()
    );
    tally.tied += usize::from(!draft.ties.is_empty());
    let (all, placed) = draft.card_counts();
    if all > 0 && all == placed {
        tally.complete += 1;
        assert!(clashes.is_empty(), "{}: {:?}", path.display(), clashes.first());
    }
}

/// Every sample; and what it places has a clash of teachers or students by our judge exactly if it has one by FET's rule.
#[test]
fn every_sample_is_a_draft_or_refused_with_its_line_and_judged_as_by_fet() {
    let samples = samples();
    let (even, odd): (Vec<_>, Vec<_>) = samples.iter().enumerate().partition(|(n, _)| n % 2 == 0);
    let tallies = std::thread::scope(|scope| {
        let halves = [even, odd].map(|half| {
            scope.spawn(move || {
                let mut tally = Tally::default();
                half.into_iter().for_each(|(_, path)| look_at(path, &mut tally));
                tally
            })
        });
        halves.map(|half| half.join().unwrap())
    });
    let drafts: usize = tallies.iter().map(|t| t.drafts).sum();
    let complete: usize = tallies.iter().map(|t| t.complete).sum();
    let tied: usize = tallies.iter().map(|t| t.tied).sum();
    println!(
        "{drafts} of {} samples import, {complete} of them with a complete timetable, {tied} with lessons that belong together",
        samples.len()
    );
    assert!(
        drafts * 100 >= samples.len() * 95,
        "only {drafts} of {} import",
        samples.len()
    );
    assert!(
        complete >= 20,
        "only {complete} complete timetables among the samples"
    );
    assert!(
        tied >= 70,
        "only {tied} with lessons that belong together in time"
    );
}

/// Who has lessons when, straight from the file: FET's own rule, without our board.
fn fet_clashes(file: &fet::FetFile) -> usize {
    use std::collections::{HashMap, HashSet};
    let mut sets: HashMap<&str, HashSet<&str>> = HashMap::new();
    for year in &file.years {
        for group in &year.parts {
            let of_group: Vec<&str> = group.parts.iter().map(|s| s.name.as_str()).collect();
            let of_group = if of_group.is_empty() {
                vec![group.name.as_str()]
            } else {
                of_group
            };
            for atom in of_group {
                for set in [year.name.as_str(), &group.name, atom] {
                    sets.entry(set).or_default().insert(atom);
                }
            }
        }
        sets.entry(&year.name)
            .or_insert_with(|| [year.name.as_str()].into());
    }
    let mut at = HashMap::new();
    for c in &file.constraints {
        if let fet::Rule::Start { id, at: time, .. } = &c.rule {
            let day = file.days.iter().position(|d| d.name == time.day).unwrap();
            let hour = file.hours.iter().position(|d| d.name == time.hour).unwrap();
            at.entry(*id).or_insert((day, hour));
        }
    }
    let mut clashes = 0;
    let mut busy: HashSet<(String, usize, usize)> = HashSet::new();
    for a in file.activities.iter().filter(|a| a.active) {
        let Some((day, hour)) = at.get(&a.id) else {
            continue;
        };
        let students: HashSet<&str> = a
            .students
            .iter()
            .flat_map(|s| &sets[s.as_str()])
            .copied()
            .collect();
        let teachers: HashSet<&str> = a.teachers.iter().map(String::as_str).collect();
        for h in *hour..hour + usize::from(a.duration) {
            let who = students
                .iter()
                .map(|s| format!("s:{s}"))
                .chain(teachers.iter().map(|t| format!("t:{t}")));
            clashes += who.filter(|w| !busy.insert((w.clone(), *day, h))).count();
        }
    }
    clashes
}

fn people_clashes(draft: &SchoolDraft) -> Vec<Reason> {
    let board = draft.board().unwrap();
    let problems = board
        .conflicts()
        .into_iter()
        .filter(|p| p.level == Level::Clash)
        .map(|p| p.reason);
    problems
        .filter(|r| matches!(r, Reason::TeacherBusy { .. } | Reason::AudienceBusy { .. }))
        .collect()
}

/// Students conflict in our board exactly as in FET, whatever the levels became.
#[test]
fn atoms_are_those_of_fet() {
    let path = Path::new(FOLDER).join("FET-5-official/Hungary/VMG-Budapest");
    let mut found = vec![];
    walk(&path, &mut found);
    if found.is_empty() {
        found = samples().into_iter().step_by(20).collect();
    }
    for path in found {
        let Ok(draft) = fet::import(&std::fs::read(&path).unwrap()) else {
            continue;
        };
        let board = draft.board().unwrap();
        for (a, load, _) in draft.card_list().step_by(37) {
            for (b, other, _) in draft.card_list().step_by(23) {
                let atoms = |l: &timetable::draft::DraftLoad| -> Vec<u32> {
                    let of = |x: &timetable::Audience| match x {
                        timetable::Audience::Class(c) => draft.classes[c.ix()].atoms.clone(),
                        timetable::Audience::Group(g) => draft.groups[g.ix()].atoms.clone(),
                    };
                    l.audience.iter().flat_map(of).collect()
                };
                let pupils = atoms(load).iter().any(|x| atoms(other).contains(x));
                let teachers = load.teachers.iter().any(|t| other.teachers.contains(t));
                assert_eq!(
                    board.compete(a, b),
                    a != b && (pupils || teachers),
                    "{}",
                    path.display()
                );
            }
        }
    }
}
