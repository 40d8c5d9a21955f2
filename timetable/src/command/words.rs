//! Breaches, moves and places as English sentences, with names.

use timetable::problem::{Breach, Meet, Named, Problem, Rule, Solution, Subject};
use timetable::search::Move;
use timetable::search::suggest::{Cell, Reason};

fn wide(at: u32) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn list<'a>(names: impl Iterator<Item = &'a Named>) -> String {
    let mut names: Vec<&str> = names.map(|n| n.name.as_str()).collect();
    let more = names.len().saturating_sub(6);
    names.truncate(6);
    let mut text = names.join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}

fn subject(problem: &Problem, rule: &Rule, subject: Subject) -> String {
    match subject {
        Subject::Event(e) => problem.event(e).label.name.clone(),
        Subject::Seat(e, seat) => {
            let event = problem.event(e);
            let role = event.seats.get(wide(seat)).and_then(|s| s.role);
            let role = role.map_or("", |r| problem.roles[wide(r)].as_str());
            format!("{} ({role})", event.label.name)
        }
        Subject::Group(g) => problem.event_groups[wide(g)].label.name.clone(),
        Subject::Resource(r) => problem.resources[wide(r)].label.name.clone(),
        Subject::Pair(p) => match rule {
            Rule::OrderEvents(rule) => {
                let pair = &rule.pairs[wide(p)];
                let name = |e| &problem.event(e).label.name;
                format!("{} before {}", name(pair.first), name(pair.second))
            }
            Rule::RelateEvents(rule) => {
                let (first, second) = rule.pairs[wide(p)];
                let name = |e| &problem.event(e).label.name;
                format!("{} and {}", name(first), name(second))
            }
            Rule::LimitTogether(rule) => {
                let set = rule.sets[wide(p)].iter();
                list(set.map(|r| &problem.resources[wide(*r)].label))
            }
            _ => String::new(),
        },
    }
}

/// One breach: what it costs, which constraint, who or what, and why.
pub fn breach(problem: &Problem, breach: &Breach) -> String {
    let constraint = &problem.constraints[wide(breach.constraint)];
    let sort = if constraint.required { "hard" } else { "soft" };
    let who = subject(problem, &constraint.rule, breach.subject);
    let notes = &breach.notes;
    let times = list(notes.times.iter().map(|t| &problem.times[wide(*t)]));
    let events = list(notes.events.iter().map(|e| &problem.event(*e).label));
    let people = list(notes.resources.iter().map(|r| &problem.resources[wide(*r)].label));
    let by = breach.deviation;
    let counts: Vec<String> = notes
        .counts
        .iter()
        .map(|(found, least, most)| {
            if least == most {
                format!("{found} instead of {least}")
            } else if found < least {
                format!("{found}, at least {least} wanted")
            } else {
                format!("{found}, at most {most} wanted")
            }
        })
        .collect();
    let counts = counts.join("; ");
    let why = match &constraint.rule {
        Rule::AssignTime(_) => format!("{by} of its times have no place"),
        Rule::AssignResource(_) => format!("nobody sits there for {by} of its times"),
        Rule::PreferTimes(_) => format!("starts at {times}, which is not among the good times"),
        Rule::PreferResources(_) => format!("{people} is not among the good ones"),
        Rule::SplitEvents(_) if counts.is_empty() => {
            format!("{by} of its meets are too short or too long")
        }
        Rule::SplitEvents(_) => format!("meets: {counts}"),
        Rule::DistributeSplitEvents(rule) => {
            format!("meets of duration {}: {counts}", rule.duration)
        }
        Rule::AvoidSplitAssignments(_) => format!("shared out among {people}"),
        Rule::SpreadEvents(_) => format!("starts: {counts} ({times})"),
        Rule::LinkEvents(_) => format!("{events} do not run together at {times}"),
        Rule::OrderEvents(_) => format!("times between: {counts}"),
        Rule::AvoidClashes(_) => format!("in two places at {times}: {events}"),
        Rule::AvoidUnavailableTimes(_) => format!("not available at {times}: {events}"),
        Rule::LimitIdleTimes(_) => format!("idle times: {counts} ({times})"),
        Rule::ClusterBusyTimes(_) => format!("busy groups of times: {counts}"),
        Rule::LimitBusyTimes(_) => format!("busy times: {counts} ({times})"),
        Rule::LimitWorkload(_) => format!("workload: {counts}"),
        Rule::RelateEvents(_) => format!("not so: they start at {times}"),
        Rule::LimitRunning(_) => format!("at once: {counts} ({times})"),
        Rule::LimitLateStarts(_) => format!("free times before the first: {counts} ({times})"),
        Rule::LimitTogether(_) => format!("together: {counts} ({times}; {events})"),
        Rule::StartEarly(_) => format!("days that begin late: {times}"),
        Rule::LimitWholeDays(_) => format!("days with morning and afternoon: {counts} ({times})"),
        Rule::LimitPlaceChanges(_) => format!("changes of place: {counts} ({times}; {events})"),
        Rule::WalkInTime(_) => format!("no time for the way between {times}: {events}"),
    };
    let (cost, name) = (breach.cost, &constraint.label.name);
    format!("{sort} {cost}\t{}\t{name}\t{who}: {why}", constraint.rule.kind())
}

fn time_name(problem: &Problem, time: Option<u32>) -> &str {
    let found = time.and_then(|t| problem.times.get(wide(t)));
    found.map_or("nowhere", |t| t.name.as_str())
}

fn person_name(problem: &Problem, who: Option<u32>) -> &str {
    let found = who.and_then(|r| problem.resources.get(wide(r)));
    found.map_or("nobody", |r| r.label.name.as_str())
}

/// A card at its place.
pub fn card(problem: &Problem, meet: &Meet) -> String {
    let event = problem.event(meet.event);
    let chosen = event.seats.iter().zip(&meet.resources);
    let chosen = chosen.filter(|(seat, _)| seat.fixed.is_none());
    let mut text = format!("{} at {}", event.label.name, time_name(problem, meet.time));
    for (_, who) in chosen {
        text.push_str(&format!(", {}", person_name(problem, *who)));
    }
    text
}

/// A card's move.
pub fn moved(problem: &Problem, way: &Move) -> String {
    let name = &problem.event(way.event).label.name;
    let (from, to) = (time_name(problem, way.from), time_name(problem, way.to));
    let mut text = if way.from == way.to {
        format!("{name} stays at {to}")
    } else {
        format!("{name} goes from {from} to {to}")
    };
    for seat in &way.seats {
        let (from, to) = (person_name(problem, seat.from), person_name(problem, seat.to));
        text.push_str(&format!(", with {to} instead of {from}"));
    }
    text
}

/// A place for a card: what it costs more than now, who would sit there, and why it costs.
pub fn cell(problem: &Problem, solution: &Solution, cell: &Cell, here: bool, barred: bool) -> String {
    let mut text = format!(
        "\t{}\thard {:+}\tsoft {:+}",
        time_name(problem, Some(cell.start)),
        cell.delta.hard,
        cell.delta.soft
    );
    let seats: Vec<&str> = cell.seats.iter().map(|s| person_name(problem, s.who)).collect();
    text.push_str(&format!("\t{}", seats.join(", ")));
    for (wanted, word) in [(here, "(now)"), (barred, "(blocked)")] {
        if wanted {
            text.push_str(&format!("\t{word}"));
        }
    }
    for why in &cell.reasons {
        text.push_str(&format!("\t{}", reason(problem, solution, why)));
    }
    text
}

fn reason(problem: &Problem, solution: &Solution, why: &Reason) -> String {
    let constraint = &problem.constraints[wide(why.constraint)];
    let sort = if why.hard { "hard" } else { "soft" };
    let who = subject(problem, &constraint.rule, why.subject);
    let cards = why.meets.iter().map(|m| &solution.meets[wide(*m)]);
    let cards = list(cards.map(|m| &problem.event(m.event).label));
    let name = &constraint.label.name;
    let kind = constraint.rule.kind();
    if cards.is_empty() {
        format!("{sort} {}: {kind} \"{name}\" of {who}", why.price)
    } else {
        format!(
            "{sort} {}: {kind} \"{name}\" of {who}, because of {cards}",
            why.price
        )
    }
}
