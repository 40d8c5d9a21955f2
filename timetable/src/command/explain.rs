//! `timetable explain`.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Result;
use timetable::problem::breaches;

use super::{files, words};

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, also compressed (.xz)
    input: PathBuf,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let archive = files::archive(&arguments.input)?;
    let mut text = String::new();
    for solved in archive.groups.iter().flat_map(|g| &g.solutions) {
        let problem = &archive.problems[usize::try_from(solved.problem)?];
        let report = breaches(problem, &solved.solution);
        writeln!(text, "{}: {}", problem.id, report.cost)?;
        for breach in &report.breaches {
            writeln!(text, "\t{}", words::breach(problem, breach))?;
        }
    }
    files::say(&text)
}
