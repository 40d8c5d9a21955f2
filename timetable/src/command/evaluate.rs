//! `timetable evaluate`.

use std::fmt::Write;
use std::path::Path;

use anyhow::{Result, bail};
use timetable::problem::breaches;

use timetable::xhstt::Archive;

use super::conflicts::{Language, Words};
use super::files::{self, File};

/// A line per solution: instance, hard, soft, and whether the file states the same. A school's file has one, its timetable.
pub fn run(file: &Path, details: bool, language: Language) -> Result<()> {
    let archive = match files::read_placed(file)? {
        (File::Archive(archive), _) => *archive,
        (File::Fet(school), present) => unstated(files::archive_of(school.problem, present)?),
        (File::Asc(school), present) => unstated(files::archive_of(school.problem, present)?),
    };
    let (mut text, mut seen) = (String::new(), 0);
    for group in &archive.groups {
        for solved in &group.solutions {
            let at = usize::try_from(solved.problem)?;
            let problem = &archive.problems[at];
            let report = breaches(problem, &solved.solution);
            let stated = match solved.stated {
                None => "no cost stated".to_owned(),
                Some(stated) if stated == report.cost => "as stated".to_owned(),
                Some(stated) => format!("stated {} {}", stated.hard, stated.soft),
            };
            let cost = report.cost;
            writeln!(
                text,
                "{}\t{}\t{}\t{stated}\t{}",
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
        bail!("{}: there is no solution in this file", file.display());
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
