//! What was made for a file is read again before it is written: a timetable that the file does not hold as it was found is none.

use anyhow::{Context, Result, bail};
use timetable::problem::{Cost, evaluate};
use timetable::schools::{asc, fet};
use timetable::xhstt;

use super::files::{Format, OWN_GROUP};

/// The cost that anybody finds who evaluates this text.
///
/// # Errors
/// Where it is not read, or where its timetable costs more than the one that was found: with `exact` at all, else in what is required (a
/// file may count a changed fact and an old one as one).
pub fn cost(text: &str, format: Format, found: Cost, exact: bool) -> Result<Cost> {
    let read = read(text, format).context("what was to be written is not read again; nothing is written")?;
    let Some(cost) = read else { return Ok(found) };
    let worse = match exact {
        true => cost > found,
        false => cost.hard > found.hard,
    };
    if worse {
        bail!(
            "the timetable costs {found}, but the file would say one that costs {cost}; nothing is written"
        );
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
        Format::Archive => {
            // rules that XHSTT cannot say have been told: what is written states its own cost
            let archive = xhstt::read(bytes)?;
            let own = archive.groups.iter().filter(|g| g.id == OWN_GROUP);
            for solved in own.flat_map(|g| &g.solutions) {
                let problem = &archive.problems[usize::try_from(solved.problem)?];
                let cost = evaluate(problem, &solved.solution);
                if let Some(stated) = solved.stated
                    && stated != cost
                {
                    bail!(
                        "the timetable of {} costs {stated}, and {cost} once it is read",
                        problem.id
                    );
                }
            }
            return Ok(None);
        }
    };
    let solution = solution
        .completed(&problem)
        .map_err(|m| anyhow::anyhow!("the timetable does not fit the problem: {m:?}"))?;
    Ok(Some(evaluate(&problem, &solution)))
}
