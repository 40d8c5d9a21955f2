//! `timetable explain`.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::{Result, bail};
use timetable::problem::{Problem, Solution, breaches};
use timetable::search::explain::{collision, counts};
use timetable::search::{Ground, Plan, Search, Tuning};

use super::files::{self, File};
use super::words;

#[derive(clap::Args)]
pub struct Arguments {
    /// XHSTT archive, FET file or file of aSc Timetables, also compressed (.xz)
    input: PathBuf,
    /// Moves to try before something counts as impossible
    #[arg(long, default_value_t = 1_000_000)]
    work: u64,
    /// Broken requirements to look into
    #[arg(long, default_value_t = 3)]
    most: usize,
}

pub fn run(arguments: &Arguments) -> Result<()> {
    let mut text = String::new();
    match files::read(&arguments.input)? {
        File::Fet(school) => about(&school.problem, None, arguments, &mut text)?,
        File::Asc(school) => {
            let present = &school.present;
            let placed = present.meets.iter().any(|m| m.time.is_some());
            about(&school.problem, placed.then_some(present), arguments, &mut text)?;
        }
        File::Archive(archive) => {
            if archive.problems.is_empty() {
                bail!("{}: there is no instance in this file", arguments.input.display());
            }
            for (at, problem) in archive.problems.iter().enumerate() {
                let solutions = archive.groups.iter().flat_map(|g| &g.solutions);
                let mut own = solutions
                    .filter(|s| usize::try_from(s.problem) == Ok(at))
                    .peekable();
                if own.peek().is_none() {
                    about(problem, None, arguments, &mut text)?;
                }
                for solved in own {
                    about(problem, Some(&solved.solution), arguments, &mut text)?;
                }
            }
        }
    }
    files::say(&text)
}

/// What counting proves, then what is broken in a timetable (the given one, or the best of a short search) and what
/// collides there.
fn about(
    problem: &Problem,
    given: Option<&Solution>,
    arguments: &Arguments,
    text: &mut String,
) -> Result<()> {
    writeln!(text, "{}", problem.id)?;
    for finding in counts(problem) {
        writeln!(text, "\timpossible: {}", words::finding(problem, &finding))?;
    }
    let found;
    let solution = match given {
        Some(given) => given,
        None => {
            let ground = Ground::new(problem);
            let plan = Plan {
                seed: 1,
                lane: 0,
                work: arguments.work,
                tuning: Tuning::default(),
            };
            let mut search = Search::new(&ground.net, &ground.domains, plan);
            while search.cost().hard > 0 && search.run(4096) {}
            found = search.best();
            &found
        }
    };
    let report = breaches(problem, solution);
    writeln!(text, "\tcost {}", report.cost)?;
    let mut looked = 0;
    for breach in &report.breaches {
        let hard = problem.constraints[usize::try_from(breach.constraint)?].required;
        if given.is_none() && !hard {
            continue;
        }
        writeln!(text, "\t{}", words::breach(problem, breach))?;
        if hard && looked < arguments.most {
            looked += 1;
            match collision(problem, breach, arguments.work / 20) {
                Some(finding) => writeln!(text, "\t\t{}", words::finding(problem, &finding))?,
                None => writeln!(
                    text,
                    "\t\tnothing small collides around it; longer search may mend it"
                )?,
            }
        }
    }
    if report.cost.hard == 0 {
        writeln!(text, "\tevery requirement can be met")?;
    }
    Ok(())
}
