//! A problem with its timetable out of a file, and another timetable back into it.

use std::path::Path;

use anyhow::{Context, Result, bail};
use timetable::problem::{Problem, Solution, evaluate};
use timetable::schools::fet::FetSchool;
use timetable::xhstt::{self, Archive, SolutionGroup, Solved};

use super::files::{self, File};

/// A problem with its timetable.
pub struct Given {
    /// The problem.
    pub problem: Problem,
    /// The timetable, completed.
    pub present: Solution,
    school: Option<Box<FetSchool>>,
}

impl Given {
    /// Reads a file; of an archive the instance that is named (or the first) with the best of its solutions.
    pub fn read(path: &Path, instance: Option<&str>) -> Result<Self> {
        let named = || path.display().to_string();
        let (problem, present, school) = match files::read_placed(path)? {
            (File::Fet(school), present) => (school.problem.clone(), present, Some(school)),
            (File::Archive(archive), _) => {
                let at = archive.problems.iter().position(|p| instance.is_none_or(|id| p.id == id));
                let at = at.with_context(|| format!("{}: there is no such instance", named()))?;
                let problem = archive.problems[at].clone();
                let own = archive.groups.iter().flat_map(|g| &g.solutions);
                let own = own.filter(|s| usize::try_from(s.problem) == Ok(at));
                let best = own.min_by_key(|s| evaluate(&problem, &s.solution));
                let best = best.map(|s| s.solution.clone());
                (problem, best, None)
            }
        };
        let Some(present) = present.filter(|p| p.meets.iter().any(|m| m.time.is_some())) else {
            bail!("{}: there is no timetable in this file; `timetable solve` makes one", named());
        };
        let present = present
            .completed(&problem)
            .map_err(|m| anyhow::anyhow!("{}: the timetable does not fit the problem: {m:?}", named()))?;
        Ok(Self {
            problem,
            present,
            school,
        })
    }

    /// Writes the file with another timetable; `problem` is what the problem has become.
    pub fn store(&self, path: &Path, problem: &Problem, solution: &Solution) -> Result<()> {
        let fet = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("fet"));
        let text = match (&self.school, fet) {
            (Some(_), true) if problem.events.len() != self.problem.events.len() => {
                bail!("a FET file cannot take up new lessons here; add them in FET, or write an XHSTT archive")
            }
            (Some(school), true) => school.write(solution),
            (None, true) => bail!("an XHSTT archive cannot be written as a FET file"),
            (_, false) => xhstt::write(&Archive {
                problems: vec![problem.clone()],
                groups: vec![SolutionGroup {
                    id: "Parta".to_owned(),
                    solutions: vec![Solved {
                        problem: 0,
                        description: String::new(),
                        running_time: String::new(),
                        stated: Some(evaluate(problem, solution)),
                        solution: solution.clone(),
                    }],
                    ..SolutionGroup::default()
                }],
                ..Archive::default()
            }),
        };
        files::store(path, &text)
    }
}
