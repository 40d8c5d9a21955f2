//! Which constraints of a file its own timetable breaks.

use std::collections::{BTreeMap, BTreeSet};

use super::{FetFault, read_placed};
use crate::problem::breaches;

/// Of the constraints that begin on these lines of a file with a timetable in it: those that the timetable breaks, and those of which
/// nobody here can say whether it does. FET could never complete a file with one of them in force. Where nothing has a time nothing
/// is broken.
///
/// # Errors
/// [`FetFault`] for a file that cannot be read.
pub fn unsure(text: &str, lines: &[u32]) -> Result<Vec<bool>, FetFault> {
    let (school, solution) = read_placed(text.as_bytes())?;
    if lines.is_empty() || solution.meets.iter().all(|meet| meet.time.is_none()) {
        return Ok(vec![false; lines.len()]);
    }
    let report = breaches(&school.problem, &solution);
    let broken: BTreeSet<u32> = report.breaches.iter().map(|b| b.constraint).collect();
    let mut said: BTreeMap<u32, Vec<bool>> = BTreeMap::new();
    for (line, rules) in &school.said {
        let of_line = said.entry(*line).or_default();
        of_line.extend(rules.clone().map(|rule| broken.contains(&rule)));
    }
    let is_sure = |line: &u32| said.get(line).is_some_and(|rules| !rules.contains(&true));
    Ok(lines.iter().map(|line| !is_sure(line)).collect())
}
