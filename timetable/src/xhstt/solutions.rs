//! Solutions of an archive.

use std::collections::HashMap;

use super::read::{Names, metadata, number, reference, refuse};
use super::size::Spent;
use super::{Fault, ReadError, SolutionGroup, Solved};
use crate::ids::wide;
use crate::markup::Element;
use crate::problem::{Cost, Meet, Misfit, Problem, Solution};

pub(super) fn group(
    at: &Element,
    problems: &[Problem],
    (names, index): (&[Names], &HashMap<String, u32>),
    spent: &mut Spent,
) -> Result<SolutionGroup, ReadError> {
    let mut solutions = vec![];
    for element in at.all("Solution") {
        let problem = reference(index, "instance", element)?;
        solutions.push(solved(
            element,
            problem,
            &problems[wide(problem)],
            &names[wide(problem)],
            spent,
        )?);
    }
    Ok(SolutionGroup {
        id: at.attribute("Id").unwrap_or_default().to_owned(),
        metadata: metadata(at),
        publication: at
            .child("MetaData")
            .and_then(|m| m.text_of("Publication"))
            .unwrap_or_default()
            .to_owned(),
        solutions,
    })
}

fn solved(
    at: &Element,
    place: u32,
    problem: &Problem,
    names: &Names,
    spent: &mut Spent,
) -> Result<Solved, ReadError> {
    // an empty solution has each event in one piece
    let seats = problem.events.iter().map(|e| 1 + e.seats.len());
    spent.solved(1 + seats.sum::<usize>(), at)?;
    let mut meets = vec![];
    for element in at.list("Events") {
        meets.push(meet(element, problem, names, spent)?);
    }
    let solution = Solution { meets }.completed(problem).or_else(|misfit| {
        let (event, why) = match misfit {
            Misfit::NoSuchEvent(e) => (e, "is of no event"),
            Misfit::BadDuration(e) => (e, "takes no time, or ends after the last time"),
            Misfit::TooLong(e) => (e, "is longer than the event"),
            Misfit::BadSeat(e) => (e, "has somebody on a seat who cannot sit there"),
            Misfit::BadTime(e) => (e, "starts elsewhere than the event always does"),
        };
        let id = problem.events.get(wide(event)).map_or("", |e| &e.label.id);
        refuse(at, Fault::BadSolution(id.to_owned(), why))
    })?;
    let value = |name: &str| -> Option<i64> {
        let report = at.child("Report")?;
        report.text_of(name)?.parse().ok()
    };
    let stated = match (value("InfeasibilityValue"), value("ObjectiveValue")) {
        (Some(hard), Some(soft)) => Some(Cost { hard, soft }),
        _ => None,
    };
    let text = |name| at.text_of(name).unwrap_or_default().to_owned();
    Ok(Solved {
        problem: place,
        description: text("Description"),
        running_time: text("RunningTime"),
        stated,
        solution,
    })
}

fn meet(at: &Element, problem: &Problem, names: &Names, spent: &mut Spent) -> Result<Meet, ReadError> {
    let event = reference(&names.events, "event", at)?;
    let duration = number(at, "Duration")?.unwrap_or(problem.event(event).duration);
    spent.solved(1 + problem.event(event).seats.len(), at)?;
    let mut meet = Meet::bare(problem, event, duration);
    if let Some(time) = at.child("Time") {
        meet.time = Some(reference(&names.times, "time", time)?);
    }
    for element in at.list("Resources") {
        let resource = reference(&names.resources, "resource", element)?;
        let role = element.text_of("Role").unwrap_or_default();
        let role = names.roles.get(role).copied().unwrap_or(u32::MAX);
        let mut seats = problem.seats_with(event, role);
        let seat = seats.next();
        let Some(seat) = seat else {
            // Fixed resources without a role are sometimes listed again; that says nothing new.
            if problem
                .event(event)
                .seats
                .iter()
                .any(|s| s.fixed == Some(resource))
            {
                continue;
            }
            let id = problem.event(event).label.id.clone();
            return refuse(
                element,
                Fault::BadSolution(id, "names a role that the event does not have"),
            );
        };
        meet.resources[seat] = Some(resource);
    }
    Ok(meet)
}
