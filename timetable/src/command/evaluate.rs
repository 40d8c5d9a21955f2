//! `timetable evaluate`.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Result, bail};
use timetable::problem::breaches;

use timetable::xhstt::Archive;

use super::conflicts::Words;
use super::files::{self, Fate, File};
use super::language::{Language, told};

/// A line per solution: instance, hard, soft, and whether the file states the same; last, how many constraints that is without, if any are
/// not understood. A school's file has one, its timetable.
pub fn run(file: &Path, details: bool, language: Language) -> Result<()> {
    let (read, present) = files::read_placed(file)?;
    read.tell_unknown(file, Fate::NotCounted);
    let problems = match &read {
        File::Archive(archive) => archive.problems.len(),
        _ => 1,
    };
    let uncounted: Vec<u32> = (0..problems).map(|at| read.uncounted(at).0).collect();
    let archive = match read {
        File::Archive(archive) => *archive,
        File::Fet(school) => unstated(files::archive_of(school.problem, present)?),
        File::Asc(school) => unstated(files::archive_of(school.problem, present)?),
    };
    let (mut text, mut seen) = (String::new(), 0);
    for group in &archive.groups {
        for solved in &group.solutions {
            let at = usize::try_from(solved.problem)?;
            let problem = &archive.problems[at];
            let report = breaches(problem, &solved.solution);
            let stated = match solved.stated {
                None => told("no cost stated", "цена не указана").to_owned(),
                Some(stated) if stated == report.cost => told("as stated", "как указано").to_owned(),
                Some(stated) => {
                    let word = told("stated", "указано");
                    format!("{word} {} {}", stated.hard, stated.soft)
                }
            };
            let without = match uncounted.get(at) {
                None | Some(0) => String::new(),
                Some(n) => told(
                    format!("\t{n} constraints not counted"),
                    format!("\tне учтено ограничений: {n}"),
                ),
            };
            let cost = report.cost;
            writeln!(
                text,
                "{}\t{}\t{}\t{stated}\t{}{without}",
                problem.id, cost.hard, cost.soft, group.id
            )?;
            if details {
                let words = Words { problem, language };
                for line in words.breaches(report.breaches.iter()) {
                    writeln!(text, "\t{line}")?;
                }
            }
            seen += 1;
        }
    }
    if seen == 0 {
        let words = told(
            "there is no solution in this file",
            "в этом файле нет ни одного решения",
        );
        bail!("{}: {words}", file.display());
    }
    files::say(&text)
}

/// A school's file states no cost.
fn unstated(mut archive: Archive) -> Archive {
    for solved in archive.groups.iter_mut().flat_map(|g| &mut g.solutions) {
        solved.stated = None;
    }
    archive
}
