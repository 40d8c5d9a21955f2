//! What must hold and what is wished.

use super::people::{PUPILS, ROOM, TEACHER};
use super::week::Week;
use crate::ids::{narrow, wide};
use crate::problem::rules::*;
use crate::problem::{Constraint, CostFunction, Named, Problem, Rule, Scope};

/// Prices of the wishes.
const SPREAD: u32 = 4;
const PUPILS_GAP: u32 = 3;
const TEACHERS_GAP: u32 = 1;

fn push(problem: &mut Problem, name: &str, price: Option<u32>, scope: Scope, rule: Rule) {
    problem.constraints.push(Constraint {
        label: Named {
            id: format!("c{}", problem.constraints.len()),
            name: name.to_owned(),
        },
        required: price.is_none(),
        weight: price.unwrap_or(1),
        cost: CostFunction::Linear,
        scope,
        rule,
    });
}

fn events((first, count): (u32, u32)) -> Scope {
    Scope {
        events: (first..first + count).collect(),
        ..Scope::default()
    }
}

/// The rules about the cards of one lesson, which are the last group of events.
pub(super) fn about(problem: &mut Problem, week: &Week, range: (u32, u32), length: u32, days: &[usize]) {
    let fits =
        |t: &u32| t % week.height() + length <= week.height() && days.contains(&wide(t / week.height()));
    let times: Vec<u32> = (0..week.times()).filter(fits).collect();
    if times.len() < wide(week.times()) {
        let rule = prefer_times::PreferTimes {
            time_groups: vec![],
            times,
            duration: None,
        };
        push(
            problem,
            "on its days, and within a day",
            None,
            events(range),
            Rule::PreferTimes(rule),
        );
    }
    if length > 1 {
        let rule = split_events::SplitEvents {
            min_duration: length,
            max_duration: length,
            min_amount: 1,
            max_amount: 1,
        };
        push(
            problem,
            "a card is in one piece",
            None,
            events(range),
            Rule::SplitEvents(rule),
        );
    }
    if range.1 > 1 {
        let most = range.1.div_ceil(narrow(days.len()).max(1));
        let rule = spread_events::SpreadEvents {
            limits: days.iter().map(|d| (narrow(*d), 0, most)).collect(),
        };
        let scope = Scope {
            event_groups: vec![narrow(problem.event_groups.len()).saturating_sub(1)],
            ..Scope::default()
        };
        push(
            problem,
            "spread over the week",
            Some(SPREAD),
            scope,
            Rule::SpreadEvents(rule),
        );
    }
}

/// The rooms of the cards of one lesson.
pub(super) fn rooms(problem: &mut Problem, range: (u32, u32), role: u32, choices: &[u32]) {
    let good = prefer_resources::PreferResources {
        resource_groups: vec![],
        resources: choices.to_vec(),
        role,
    };
    push(
        problem,
        "a room of the lesson",
        None,
        events(range),
        Rule::PreferResources(good),
    );
    let some = assign_resource::AssignResource { role };
    push(
        problem,
        "every card has its rooms",
        None,
        events(range),
        Rule::AssignResource(some),
    );
}

/// The rules about everything.
pub(super) fn add(problem: &mut Problem, week: &Week) {
    let all = (0, narrow(problem.events.len()));
    push(
        problem,
        "every card has a time",
        None,
        events(all),
        Rule::AssignTime(assign_time::AssignTime),
    );
    let of = |problem: &Problem, kinds: &[u32]| {
        let resources = (0..).zip(&problem.resources);
        Scope {
            resources: resources
                .filter(|(_, r)| kinds.contains(&r.kind))
                .map(|(at, _)| at)
                .collect(),
            ..Scope::default()
        }
    };
    let everybody = of(problem, &[TEACHER, PUPILS, ROOM]);
    let rule = Rule::AvoidClashes(avoid_clashes::AvoidClashes);
    push(problem, "nobody is in two places", None, everybody, rule);
    for (name, price, kind) in [
        ("pupils have no gaps", PUPILS_GAP, PUPILS),
        ("teachers have no gaps", TEACHERS_GAP, TEACHER),
    ] {
        let rule = limit_idle_times::LimitIdleTimes {
            time_groups: (0..narrow(week.days.len())).collect(),
            min: 0,
            max: 0,
        };
        let scope = of(problem, &[kind]);
        push(problem, name, Some(price), scope, Rule::LimitIdleTimes(rule));
    }
}
