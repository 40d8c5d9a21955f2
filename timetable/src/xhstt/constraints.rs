//! Constraints of an archive.

use super::read::{Names, needed, number, reference, references, refuse};
use super::{Fault, ReadError};
use crate::markup::Element;
use crate::problem::rules::*;
use crate::problem::{Constraint, CostFunction, Named, Rule, Scope};

/// The kind of a constraint that is not known, if it is not: a timetable's cost cannot count it.
pub(super) fn unknown(at: &Element) -> Option<String> {
    let kind = at.name.strip_suffix("Constraint").unwrap_or(&at.name);
    match kind {
        "LimitWorkload" if at.child("TimeGroups").is_some() => Some(format!("{} with TimeGroups", at.name)),
        _ if KINDS.contains(&kind) => None,
        _ => Some(at.name.clone()),
    }
}

/// The kinds that are known.
const KINDS: [&str; 16] = [
    "AssignTime",
    "AssignResource",
    "PreferTimes",
    "PreferResources",
    "SplitEvents",
    "DistributeSplitEvents",
    "AvoidSplitAssignments",
    "SpreadEvents",
    "LinkEvents",
    "OrderEvents",
    "AvoidClashes",
    "AvoidUnavailableTimes",
    "LimitIdleTimes",
    "ClusterBusyTimes",
    "LimitBusyTimes",
    "LimitWorkload",
];

/// One constraint of a known kind.
pub(super) fn read(at: &Element, names: &Names) -> Result<Constraint, ReadError> {
    let id = at.attribute("Id").unwrap_or_default();
    let required = match at.text_of("Required") {
        Some("true") => true,
        Some("false") => false,
        Some(other) => return refuse(at, Fault::NotA("true or false", other.to_owned())),
        None => return refuse(at, Fault::Missing("<Required>".to_owned())),
    };
    let cost = match at.text_of("CostFunction") {
        Some("Linear") => CostFunction::Linear,
        Some("Quadratic") => CostFunction::Quadratic,
        Some("Step") => CostFunction::Step,
        Some(other) => return refuse(at, Fault::NotA("a cost function", other.to_owned())),
        None => return refuse(at, Fault::Missing("<CostFunction>".to_owned())),
    };
    Ok(Constraint {
        label: Named {
            id: id.to_owned(),
            name: at.text_of("Name").unwrap_or(id).to_owned(),
        },
        required,
        weight: needed(at, "Weight")?,
        cost,
        scope: scope(at, names)?,
        rule: rule(at, names)?,
    })
}

fn scope(at: &Element, names: &Names) -> Result<Scope, ReadError> {
    let Some(to) = at.child("AppliesTo") else {
        return Ok(Scope::default());
    };
    Ok(Scope {
        event_groups: references(&names.event_groups, "event group", to, "EventGroups")?,
        events: references(&names.events, "event", to, "Events")?,
        resource_groups: references(&names.resource_groups, "resource group", to, "ResourceGroups")?,
        resources: references(&names.resources, "resource", to, "Resources")?,
    })
}

fn rule(at: &Element, names: &Names) -> Result<Rule, ReadError> {
    let kind = at.name.strip_suffix("Constraint").unwrap_or(&at.name);
    let time_groups = || references(&names.time_groups, "time group", at, "TimeGroups");
    let times = || references(&names.times, "time", at, "Times");
    Ok(match kind {
        "AssignTime" => Rule::AssignTime(assign_time::AssignTime),
        "AssignResource" => Rule::AssignResource(assign_resource::AssignResource {
            role: role(at, names)?,
        }),
        "PreferTimes" => Rule::PreferTimes(prefer_times::PreferTimes {
            time_groups: time_groups()?,
            times: times()?,
            duration: number(at, "Duration")?,
        }),
        "PreferResources" => Rule::PreferResources(prefer_resources::PreferResources {
            resource_groups: references(&names.resource_groups, "resource group", at, "ResourceGroups")?,
            resources: references(&names.resources, "resource", at, "Resources")?,
            role: role(at, names)?,
        }),
        "SplitEvents" => Rule::SplitEvents(split_events::SplitEvents {
            min_duration: needed(at, "MinimumDuration")?,
            max_duration: needed(at, "MaximumDuration")?,
            min_amount: needed(at, "MinimumAmount")?,
            max_amount: needed(at, "MaximumAmount")?,
        }),
        "DistributeSplitEvents" => {
            Rule::DistributeSplitEvents(distribute_split_events::DistributeSplitEvents {
                duration: needed(at, "Duration")?,
                min: needed(at, "Minimum")?,
                max: needed(at, "Maximum")?,
            })
        }
        "AvoidSplitAssignments" => {
            Rule::AvoidSplitAssignments(avoid_split_assignments::AvoidSplitAssignments {
                role: role(at, names)?,
                max: 1,
                map: None,
            })
        }
        "SpreadEvents" => {
            let mut limits = vec![];
            for group in at.list("TimeGroups") {
                limits.push((
                    reference(&names.time_groups, "time group", group)?,
                    needed(group, "Minimum")?,
                    needed(group, "Maximum")?,
                ));
            }
            Rule::SpreadEvents(spread_events::SpreadEvents { limits })
        }
        "LinkEvents" => Rule::LinkEvents(link_events::LinkEvents),
        "OrderEvents" => Rule::OrderEvents(order_events::OrderEvents {
            pairs: pairs(at, names)?,
            choice: None,
        }),
        "AvoidClashes" => Rule::AvoidClashes(avoid_clashes::AvoidClashes),
        "AvoidUnavailableTimes" => {
            Rule::AvoidUnavailableTimes(avoid_unavailable_times::AvoidUnavailableTimes {
                time_groups: time_groups()?,
                times: times()?,
            })
        }
        "LimitIdleTimes" => Rule::LimitIdleTimes(limit_idle_times::LimitIdleTimes {
            time_groups: time_groups()?,
            min: needed(at, "Minimum")?,
            max: needed(at, "Maximum")?,
        }),
        "ClusterBusyTimes" => Rule::ClusterBusyTimes(cluster_busy_times::ClusterBusyTimes {
            time_groups: time_groups()?,
            min: needed(at, "Minimum")?,
            max: needed(at, "Maximum")?,
        }),
        "LimitBusyTimes" => Rule::LimitBusyTimes(limit_busy_times::LimitBusyTimes {
            time_groups: time_groups()?,
            min: needed(at, "Minimum")?,
            max: needed(at, "Maximum")?,
        }),
        "LimitWorkload" => Rule::LimitWorkload(limit_workload::LimitWorkload {
            min: needed(at, "Minimum")?,
            max: needed(at, "Maximum")?,
        }),
        _ => return refuse(at, Fault::UnknownConstraint(at.name.clone())),
    })
}

/// The role of a constraint. One that no event has is no mistake: the constraint then has no points.
fn role(at: &Element, names: &Names) -> Result<u32, ReadError> {
    match at.text_of("Role") {
        Some(role) => Ok(names.roles.get(role).copied().unwrap_or(u32::MAX)),
        None => refuse(at, Fault::Missing("<Role>".to_owned())),
    }
}

fn pairs(at: &Element, names: &Names) -> Result<Vec<order_events::Pair>, ReadError> {
    let mut pairs = vec![];
    for pair in at.child("AppliesTo").map_or(&[][..], |a| a.list("EventPairs")) {
        let event = |name: &str| match pair.child(name) {
            Some(event) => reference(&names.events, "event", event),
            None => refuse(pair, Fault::Missing(format!("<{name}>"))),
        };
        pairs.push(order_events::Pair {
            first: event("FirstEvent")?,
            second: event("SecondEvent")?,
            min: number(pair, "MinSeparation")?.unwrap_or(0),
            max: number(pair, "MaxSeparation")?.unwrap_or(1_000_000),
        });
    }
    Ok(pairs)
}
