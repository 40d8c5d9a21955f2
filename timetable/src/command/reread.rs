//! What was made for a file is read again before it is written: a timetable that the file does not hold as it was found is none.

use anyhow::{Context, Result, bail};
use timetable::problem::{Cost, evaluate};
use timetable::schools::{asc, fet};
use timetable::xhstt::{self, Archive};

use super::files::{Format, OWN_GROUP, misfit};
use super::language::told;

/// The cost that anybody finds who evaluates this text.
///
/// # Errors
/// Where it is not read, or where its timetable costs more than the one that was found: with `exact` at all, else in what is required (a
/// file may count a changed fact and an old one as one).
pub fn cost(text: &str, format: Format, found: Cost, exact: bool) -> Result<Cost> {
    let read = read(text, format).context(told(
        "what was to be written is not read again; nothing is written",
        "то, что нужно было записать, не читается обратно; ничего не записано",
    ))?;
    let Some(cost) = read else { return Ok(found) };
    let worse = match exact {
        true => cost > found,
        false => cost.hard > found.hard,
    };
    if worse {
        bail!(told(
            format!(
                "the timetable costs {found}, but the file would say one that costs {cost}; nothing is written"
            ),
            format!(
                "расписание стоит {found}, а в файле оказалось бы такое, что стоит {cost}; ничего не записано"
            ),
        ));
    }
    Ok(cost)
}

fn read(text: &str, format: Format) -> Result<Option<Cost>> {
    let bytes = text.as_bytes();
    let (problem, solution) = match format {
        Format::Fet => {
            let (school, solution) = fet::read_placed(bytes)?;
            (school.problem, solution)
        }
        Format::Asc => {
            let school = asc::read(bytes)?;
            (school.problem, school.present)
        }
        // rules that XHSTT cannot say have been told, and what is written is held against itself
        Format::Archive => return Ok(None),
    };
    let solution = solution.completed(&problem).map_err(misfit)?;
    Ok(Some(evaluate(&problem, &solution)))
}

/// Reads an archive again that is to be written: all of it must be there, and our timetables must cost what they cost.
///
/// # Errors
/// Where it is not so.
pub fn archive(text: &str, made: &Archive) -> Result<()> {
    let nothing = told("nothing is written", "ничего не записано");
    let read = xhstt::read(text.as_bytes()).with_context(|| {
        let words = told(
            "what was to be written is not read again",
            "то, что нужно было записать, не читается обратно",
        );
        format!("{words}; {nothing}")
    })?;
    let counts = |of: &Archive| -> (usize, usize, Vec<usize>) {
        let solutions = of.groups.iter().map(|g| g.solutions.len());
        (of.problems.len(), of.unknown.len(), solutions.collect())
    };
    if counts(&read) != counts(made) {
        let words = told(
            "not all of the archive would be in what is written",
            "в записанное попал бы не весь архив",
        );
        bail!("{words}; {nothing}");
    }
    let own = |of: &Archive| -> Vec<Cost> {
        let own = of.groups.iter().filter(|g| g.id == OWN_GROUP);
        let costs = own.flat_map(|g| &g.solutions).filter_map(|solved| {
            let problem = of.problems.get(usize::try_from(solved.problem).ok()?)?;
            Some(evaluate(problem, &solved.solution))
        });
        costs.collect()
    };
    if let Some((was, is)) = own(made).into_iter().zip(own(&read)).find(|(was, is)| was != is) {
        bail!(told(
            format!("a timetable costs {was}, and {is} once it is read; {nothing}"),
            format!("расписание стоит {was}, а прочитанное обратно — {is}; {nothing}"),
        ));
    }
    Ok(())
}
