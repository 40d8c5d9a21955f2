//! Finding what a person named on the command line.

use anyhow::{Result, bail};
use timetable::problem::{Named, Problem, Span};

use super::language::told;

fn number(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

/// What sorts of things there are.
#[derive(Clone, Copy)]
enum Sort {
    Event,
    Time,
    Resource,
    Day,
}

impl Sort {
    /// One of them, and several ones.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Event => told(("event", "events"), ("события", "событий")),
            Self::Time => told(("time", "times"), ("времени", "времён")),
            Self::Resource => told(
                ("resource", "resources"),
                ("учителя, класса или кабинета", "учителей, классов или кабинетов"),
            ),
            Self::Day => told(("day", "days"), ("дня", "дней")),
        }
    }
}

/// The only thing with that identifier, or else with that name.
fn find<'a>(sort: Sort, text: &str, all: impl Iterator<Item = &'a Named> + Clone) -> Result<u32> {
    let (one, many) = sort.words();
    if text.trim().is_empty() {
        bail!(told(
            format!("the name of the {one} is missing"),
            format!("не указано название {one}"),
        ));
    }
    for field in [|n: &'a Named| n.id.as_str(), |n: &'a Named| n.name.as_str()] {
        let mut same = all.clone().enumerate().filter(|(_, n)| field(n) == text);
        match (same.next(), same.next()) {
            (Some((at, _)), None) => return Ok(number(at)),
            (Some((_, a)), Some((_, b))) => {
                let (a, b) = (&a.id, &b.id);
                bail!(told(
                    format!("there are several {many} \"{text}\"; say one by its id: {a}, {b}, …"),
                    format!("таких {many} («{text}») несколько; назовите одно по id: {a}, {b}, …"),
                ))
            }
            _ => {}
        }
    }
    let near = all.filter(|n| n.name.contains(text) || n.id.contains(text));
    let near: Vec<&str> = near.take(5).map(|n| n.name.as_str()).collect();
    let none = told(
        format!("there is no {one} \"{text}\""),
        format!("нет такого {one}: «{text}»"),
    );
    if near.is_empty() {
        bail!(none)
    }
    let similar = told("similar ones", "похожие");
    bail!("{none}; {similar}: {}", near.join("; "))
}

/// An event by its identifier or its name.
pub fn event(problem: &Problem, text: &str) -> Result<u32> {
    find(Sort::Event, text, problem.events.iter().map(|e| &e.label))
}

/// A time by its identifier or its name.
pub fn time(problem: &Problem, text: &str) -> Result<u32> {
    find(Sort::Time, text, problem.times.iter())
}

fn resource(problem: &Problem, text: &str) -> Result<u32> {
    find(Sort::Resource, text, problem.resources.iter().map(|r| &r.label))
}

/// `WHO` or `WHO:DAY`: a resource, and the times of that day, or all.
pub fn resource_and_times(problem: &Problem, text: &str) -> Result<(u32, Vec<u32>)> {
    let whole = resource(problem, text);
    if let (Err(_), Some((who, day))) = (&whole, text.rsplit_once(':')) {
        let days = || problem.time_groups.iter().filter(|g| g.span == Span::Day);
        let at = find(Sort::Day, day, days().map(|g| &g.label))?;
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
        None => bail!("\"{text}\": {}", told("EVENT@TIME is wanted", "нужно EVENT@TIME")),
    }
}

/// `EVENT=TIMES`.
pub fn event_and_load(problem: &Problem, text: &str) -> Result<(u32, u32)> {
    let Some((of, load)) = text.rsplit_once('=') else {
        bail!(
            "\"{text}\": {}",
            told("EVENT=TIMES is wanted", "нужно EVENT=TIMES")
        );
    };
    let Ok(load) = load.parse::<u32>() else {
        let most = problem.time_count();
        bail!(told(
            format!("\"{text}\": \"{load}\" is no whole number from 1 to {most}"),
            format!("«{text}»: «{load}» — не целое число от 1 до {most}"),
        ));
    };
    Ok((event(problem, of)?, load))
}
