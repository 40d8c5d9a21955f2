//! Finding what a person named on the command line.

use anyhow::{Result, bail};
use timetable::problem::{Named, Problem, Span};

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// The only thing with that identifier, or else with that name.
fn find<'a>(sort: &str, text: &str, all: impl Iterator<Item = &'a Named> + Clone) -> Result<u32> {
    for field in [|n: &'a Named| n.id.as_str(), |n: &'a Named| n.name.as_str()] {
        let mut same = all.clone().enumerate().filter(|(_, n)| field(n) == text);
        match (same.next(), same.next()) {
            (Some((at, _)), None) => return Ok(number(at)),
            (Some((_, a)), Some((_, b))) => {
                bail!(
                    "there are several {sort}s \"{text}\"; say one by its id: {}, {}, …",
                    a.id,
                    b.id
                )
            }
            _ => {}
        }
    }
    let near = all.filter(|n| n.name.contains(text) || n.id.contains(text));
    let near: Vec<&str> = near.take(5).map(|n| n.name.as_str()).collect();
    if near.is_empty() {
        bail!("there is no {sort} \"{text}\"")
    }
    bail!("there is no {sort} \"{text}\"; similar ones: {}", near.join("; "))
}

/// An event by its identifier or its name.
pub fn event(problem: &Problem, text: &str) -> Result<u32> {
    find("event", text, problem.events.iter().map(|e| &e.label))
}

/// A time by its identifier or its name.
pub fn time(problem: &Problem, text: &str) -> Result<u32> {
    find("time", text, problem.times.iter())
}

fn resource(problem: &Problem, text: &str) -> Result<u32> {
    find("resource", text, problem.resources.iter().map(|r| &r.label))
}

/// `WHO` or `WHO:DAY`: a resource, and the times of that day, or all.
pub fn resource_and_times(problem: &Problem, text: &str) -> Result<(u32, Vec<u32>)> {
    let whole = resource(problem, text);
    if let (Err(_), Some((who, day))) = (&whole, text.rsplit_once(':')) {
        let days = || problem.time_groups.iter().filter(|g| g.span == Span::Day);
        let at = find("day", day, days().map(|g| &g.label))?;
        let day = days().nth(usize::try_from(at)?);
        let times = day.map(|d| d.times.clone()).unwrap_or_default();
        return Ok((resource(problem, who)?, times));
    }
    Ok((whole?, (0..problem.time_count()).collect()))
}

/// `EVENT@TIME`.
pub fn event_and_time(problem: &Problem, text: &str) -> Result<(u32, u32)> {
    match text.rsplit_once('@') {
        Some((of, at)) => Ok((event(problem, of)?, time(problem, at)?)),
        None => bail!("\"{text}\": EVENT@TIME is wanted"),
    }
}

/// `EVENT=TIMES`.
pub fn event_and_load(problem: &Problem, text: &str) -> Result<(u32, u32)> {
    let Some((of, load)) = text.rsplit_once('=') else {
        bail!("\"{text}\": EVENT=TIMES is wanted");
    };
    let Ok(load) = load.parse() else {
        bail!("\"{text}\": {load} is not a number");
    };
    Ok((event(problem, of)?, load))
}
