//! Problems and solutions to an archive.

use super::{Archive, SolutionGroup, Solved, UnknownConstraint};
use crate::ids::wide;
use crate::markup::Writer;
use crate::problem::{
    Constraint, Cost, CostFunction, Event, Meet, Metadata, Named, Problem, Rule, Span, breaches,
};

/// The archive as XML; each solution with a report of its cost. Of a problem with constraints that are not understood nobody here knows
/// what a solution costs: it keeps the report that its file had.
#[must_use]
pub fn write(archive: &Archive) -> String {
    let mut w = Writer::new();
    let root: &[(&str, &str)] = &[("Id", &archive.id)];
    w.open(
        "HighSchoolTimetableArchive",
        if archive.id.is_empty() { &[] } else { root },
    );
    if archive.metadata != Metadata::default() {
        metadata(&mut w, &archive.metadata, None);
    }
    w.open("Instances", &[]);
    for (at, problem) in archive.problems.iter().enumerate() {
        instance(&mut w, problem, &archive.unknown_of(at).collect::<Vec<_>>());
    }
    w.close();
    w.open("SolutionGroups", &[]);
    for group in &archive.groups {
        solutions(&mut w, group, archive);
    }
    w.finish()
}

fn metadata(w: &mut Writer, data: &Metadata, publication: Option<&str>) {
    w.open("MetaData", &[]);
    if publication.is_none() {
        w.text("Name", &data.name);
    }
    w.text("Contributor", &data.contributor);
    w.text("Date", &data.date);
    if publication.is_none() {
        w.text("Country", &data.country);
    }
    w.text("Description", &data.description);
    if let Some(publication) = publication.filter(|p| !p.is_empty()) {
        w.text("Publication", publication);
    }
    if !data.remarks.is_empty() {
        w.text("Remarks", &data.remarks);
    }
    w.close();
}

fn named(w: &mut Writer, element: &str, label: &Named) {
    w.open(element, &[("Id", &label.id)]);
    w.text("Name", &label.name);
}

fn refer(w: &mut Writer, element: &str, label: &Named) {
    w.empty(element, &[("Reference", &label.id)]);
}

/// A list of references, left out if it is empty.
fn list<'a>(w: &mut Writer, outer: &str, inner: &str, labels: impl IntoIterator<Item = &'a Named>) {
    let mut labels = labels.into_iter().peekable();
    if labels.peek().is_none() {
        return;
    }
    w.open(outer, &[]);
    for label in labels {
        refer(w, inner, label);
    }
    w.close();
}

fn instance(w: &mut Writer, problem: &Problem, unknown: &[&UnknownConstraint]) {
    w.open("Instance", &[("Id", &problem.id)]);
    metadata(w, &problem.metadata, None);
    times(w, problem);
    resources(w, problem);
    w.open("Events", &[]);
    w.open("EventGroups", &[]);
    for group in &problem.event_groups {
        named(
            w,
            if group.course { "Course" } else { "EventGroup" },
            &group.label,
        );
        w.close();
    }
    w.close();
    for (at, event) in (0..).zip(&problem.events) {
        write_event(w, problem, at, event);
    }
    w.close();
    w.open("Constraints", &[]);
    let mut unknown = unknown.iter().peekable();
    for (at, constraint) in (0..).zip(&problem.constraints) {
        while let Some(kept) = unknown.next_if(|u| u.before <= at) {
            w.verbatim(&kept.xml);
        }
        if constraint.rule.is_in_xhstt() {
            write_constraint(w, problem, constraint);
        }
    }
    for kept in unknown {
        w.verbatim(&kept.xml);
    }
    w.close();
    w.close();
}

fn times(w: &mut Writer, problem: &Problem) {
    w.open("Times", &[]);
    w.open("TimeGroups", &[]);
    for group in &problem.time_groups {
        named(w, span(group.span), &group.label);
        w.close();
    }
    w.close();
    for (at, time) in (0..).zip(&problem.times) {
        named(w, "Time", time);
        let of = |span: Span| {
            problem
                .time_groups
                .iter()
                .filter(move |g| g.span == span && g.times.binary_search(&at).is_ok())
        };
        // The format has room for one week and one day; a further one becomes an ordinary group.
        let mut plain: Vec<&Named> = of(Span::Plain).map(|g| &g.label).collect();
        for kind in [Span::Week, Span::Day] {
            for (nth, group) in of(kind).enumerate() {
                if nth == 0 {
                    refer(w, span(kind), &group.label);
                } else {
                    plain.push(&group.label);
                }
            }
        }
        list(w, "TimeGroups", "TimeGroup", plain);
        w.close();
    }
    w.close();
}

fn span(span: Span) -> &'static str {
    match span {
        Span::Plain => "TimeGroup",
        Span::Day => "Day",
        Span::Week => "Week",
    }
}

fn resources(w: &mut Writer, problem: &Problem) {
    w.open("Resources", &[]);
    w.open("ResourceTypes", &[]);
    for kind in &problem.kinds {
        named(w, "ResourceType", kind);
        w.close();
    }
    w.close();
    w.open("ResourceGroups", &[]);
    for group in &problem.resource_groups {
        named(w, "ResourceGroup", &group.label);
        refer(w, "ResourceType", &problem.kinds[wide(group.kind)]);
        w.close();
    }
    w.close();
    for (at, resource) in (0..).zip(&problem.resources) {
        named(w, "Resource", &resource.label);
        refer(w, "ResourceType", &problem.kinds[wide(resource.kind)]);
        let groups = problem.resource_groups.iter();
        let groups = groups.filter(|g| g.resources.binary_search(&at).is_ok());
        list(w, "ResourceGroups", "ResourceGroup", groups.map(|g| &g.label));
        w.close();
    }
    w.close();
}

fn write_event(w: &mut Writer, problem: &Problem, at: u32, event: &Event) {
    match &event.color {
        Some(color) => w.open("Event", &[("Id", &event.label.id), ("Color", color)]),
        None => w.open("Event", &[("Id", &event.label.id)]),
    }
    w.text("Name", &event.label.name);
    w.text("Duration", &event.duration.to_string());
    if let Some(load) = event.workload {
        w.text("Workload", &load.to_string());
    }
    if let Some(course) = event.course {
        refer(w, "Course", &problem.event_groups[wide(course)].label);
    }
    if let Some(time) = event.time {
        refer(w, "Time", &problem.times[wide(time)]);
    }
    let grouped: usize = event
        .whole_groups
        .iter()
        .map(|g| problem.resource_groups[wide(*g)].resources.len())
        .sum();
    let own = event.seats.len().saturating_sub(grouped);
    w.open("Resources", &[]);
    for seat in &event.seats[..own] {
        match seat.fixed {
            Some(fixed) => {
                let id = &problem.resources[wide(fixed)].label.id;
                w.open("Resource", &[("Reference", id)]);
            }
            None => w.open("Resource", &[]),
        }
        if let Some(role) = seat.role {
            w.text("Role", &problem.roles[wide(role)]);
        }
        refer(w, "ResourceType", &problem.kinds[wide(seat.kind)]);
        if let Some(load) = seat.workload {
            w.text("Workload", &load.to_string());
        }
        w.close();
    }
    w.close();
    let groups = event.whole_groups.iter();
    let groups = groups.map(|g| &problem.resource_groups[wide(*g)].label);
    list(w, "ResourceGroups", "ResourceGroup", groups);
    let groups = (0..).zip(&problem.event_groups);
    let groups = groups.filter(|(g, of)| event.course != Some(*g) && of.events.binary_search(&at).is_ok());
    list(w, "EventGroups", "EventGroup", groups.map(|(_, g)| &g.label));
    w.close();
}

fn write_constraint(w: &mut Writer, problem: &Problem, constraint: &Constraint) {
    let element = format!("{}Constraint", constraint.rule.kind());
    named(w, &element, &constraint.label);
    w.text("Required", if constraint.required { "true" } else { "false" });
    w.text("Weight", &constraint.weight.to_string());
    w.text(
        "CostFunction",
        match constraint.cost {
            CostFunction::Linear => "Linear",
            CostFunction::Quadratic => "Quadratic",
            CostFunction::Step => "Step",
        },
    );
    w.open("AppliesTo", &[]);
    let scope = &constraint.scope;
    let groups = scope.event_groups.iter();
    list(
        w,
        "EventGroups",
        "EventGroup",
        groups.map(|g| &problem.event_groups[wide(*g)].label),
    );
    let events = scope.events.iter();
    list(w, "Events", "Event", events.map(|e| &problem.event(*e).label));
    resource_lists(w, problem, &scope.resource_groups, &scope.resources);
    if let Rule::OrderEvents(rule) = &constraint.rule {
        w.open("EventPairs", &[]);
        for pair in &rule.pairs {
            w.open("EventPair", &[]);
            refer(w, "FirstEvent", &problem.event(pair.first).label);
            refer(w, "SecondEvent", &problem.event(pair.second).label);
            w.text("MinSeparation", &pair.min.to_string());
            w.text("MaxSeparation", &pair.max.to_string());
            w.close();
        }
        w.close();
    }
    w.close();
    parameters(w, problem, &constraint.rule);
    w.close();
}

fn resource_lists(w: &mut Writer, problem: &Problem, groups: &[u32], single: &[u32]) {
    let groups = groups.iter();
    list(
        w,
        "ResourceGroups",
        "ResourceGroup",
        groups.map(|g| &problem.resource_groups[wide(*g)].label),
    );
    let single = single.iter();
    list(
        w,
        "Resources",
        "Resource",
        single.map(|r| &problem.resources[wide(*r)].label),
    );
}

fn time_lists(w: &mut Writer, problem: &Problem, groups: &[u32], single: &[u32]) {
    let groups = groups.iter();
    list(
        w,
        "TimeGroups",
        "TimeGroup",
        groups.map(|g| &problem.time_groups[wide(*g)].label),
    );
    let single = single.iter();
    list(w, "Times", "Time", single.map(|t| &problem.times[wide(*t)]));
}

fn limits(w: &mut Writer, min: u32, max: u32) {
    w.text("Minimum", &min.to_string());
    w.text("Maximum", &max.to_string());
}

fn parameters(w: &mut Writer, problem: &Problem, rule: &Rule) {
    let role = |w: &mut Writer, role: u32| {
        w.text("Role", problem.roles.get(wide(role)).map_or("-", |r| r));
    };
    match rule {
        Rule::AssignTime(_) | Rule::LinkEvents(_) | Rule::OrderEvents(_) | Rule::AvoidClashes(_) => {}
        Rule::AssignResource(r) => role(w, r.role),
        Rule::AvoidSplitAssignments(r) => role(w, r.role),
        Rule::PreferTimes(r) => {
            time_lists(w, problem, &r.time_groups, &r.times);
            if let Some(duration) = r.duration {
                w.text("Duration", &duration.to_string());
            }
        }
        Rule::PreferResources(r) => {
            resource_lists(w, problem, &r.resource_groups, &r.resources);
            role(w, r.role);
        }
        Rule::SplitEvents(r) => {
            w.text("MinimumDuration", &r.min_duration.to_string());
            w.text("MaximumDuration", &r.max_duration.to_string());
            w.text("MinimumAmount", &r.min_amount.to_string());
            w.text("MaximumAmount", &r.max_amount.to_string());
        }
        Rule::DistributeSplitEvents(r) => {
            w.text("Duration", &r.duration.to_string());
            limits(w, r.min, r.max);
        }
        Rule::SpreadEvents(r) => {
            w.open("TimeGroups", &[]);
            for (group, min, max) in &r.limits {
                let id = &problem.time_groups[wide(*group)].label.id;
                w.open("TimeGroup", &[("Reference", id)]);
                limits(w, *min, *max);
                w.close();
            }
            w.close();
        }
        Rule::AvoidUnavailableTimes(r) => time_lists(w, problem, &r.time_groups, &r.times),
        Rule::LimitIdleTimes(r) => {
            time_lists(w, problem, &r.time_groups, &[]);
            limits(w, r.min, r.max);
        }
        Rule::ClusterBusyTimes(r) => {
            time_lists(w, problem, &r.time_groups, &[]);
            limits(w, r.min, r.max);
        }
        Rule::LimitBusyTimes(r) => {
            time_lists(w, problem, &r.time_groups, &[]);
            limits(w, r.min, r.max);
        }
        Rule::LimitWorkload(r) => limits(w, r.min, r.max),
        // Not of XHSTT, and never written.
        Rule::RelateEvents(_)
        | Rule::LimitRunning(_)
        | Rule::LimitLateStarts(_)
        | Rule::LimitTogether(_)
        | Rule::StartEarly(_)
        | Rule::LimitWholeDays(_)
        | Rule::LimitPlaceChanges(_)
        | Rule::WalkInTime(_) => {}
    }
}

fn solutions(w: &mut Writer, group: &SolutionGroup, archive: &Archive) {
    w.open("SolutionGroup", &[("Id", &group.id)]);
    metadata(w, &group.metadata, Some(&group.publication));
    for solved in &group.solutions {
        let at = wide(solved.problem);
        if let Some(problem) = archive.problems.get(at) {
            let cost = match archive.unknown_of(at).next() {
                None => Some(breaches(problem, &solved.solution).cost),
                Some(_) => solved.stated,
            };
            solution(w, problem, solved, cost);
        }
    }
    w.close();
}

fn solution(w: &mut Writer, problem: &Problem, solved: &Solved, cost: Option<Cost>) {
    w.open("Solution", &[("Reference", &problem.id)]);
    if !solved.description.is_empty() {
        w.text("Description", &solved.description);
    }
    if !solved.running_time.is_empty() {
        w.text("RunningTime", &solved.running_time);
    }
    w.open("Events", &[]);
    for meet in &solved.solution.meets {
        write_meet(w, problem, meet);
    }
    w.close();
    if let Some(cost) = cost {
        w.open("Report", &[]);
        w.text("InfeasibilityValue", &cost.hard.to_string());
        w.text("ObjectiveValue", &cost.soft.to_string());
        w.close();
    }
    w.close();
}

fn write_meet(w: &mut Writer, problem: &Problem, meet: &Meet) {
    let event = problem.event(meet.event);
    w.open("Event", &[("Reference", &event.label.id)]);
    w.text("Duration", &meet.duration.to_string());
    if let Some(time) = meet.time {
        refer(w, "Time", &problem.times[wide(time)]);
    }
    w.open("Resources", &[]);
    for (seat, who) in event.seats.iter().zip(&meet.resources) {
        if let (None, Some(role), Some(who)) = (seat.fixed, seat.role, who) {
            let id = &problem.resources[wide(*who)].label.id;
            w.open("Resource", &[("Reference", id)]);
            w.text("Role", &problem.roles[wide(role)]);
            w.close();
        }
    }
    w.close();
    w.close();
}
