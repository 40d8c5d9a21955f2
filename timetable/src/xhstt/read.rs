//! An archive's elements to problems.

use std::collections::HashMap;

use super::size::Spent;
use super::{Archive, Fault, MarkupFault, ReadError, UnknownConstraint, constraints, size, solutions};
use crate::ids::{narrow, wide};
use crate::markup::{self, Bounds, Element};
use crate::problem::{
    Event, EventGroup, Metadata, Named, Problem, Resource, ResourceGroup, Seat, Span, TimeGroup,
};

/// Bounds of an archive; the largest published ones have a few megabytes.
const BOUNDS: Bounds = Bounds {
    bytes: 256 * 1024 * 1024,
    depth: 24,
    elements: 8_000_000,
    text: 256 * 1024,
    exact: |_| false,
};

/// Reads an archive.
///
/// # Errors
/// [`ReadError`] with the line.
pub fn read(bytes: &[u8]) -> Result<Archive, ReadError> {
    let root = markup::read(bytes, BOUNDS)?;
    if root.name != "HighSchoolTimetableArchive" {
        return refuse(&root, Fault::NotAnArchive(root.name.clone()));
    }
    let mut archive = Archive {
        id: root.attribute("Id").unwrap_or_default().to_owned(),
        metadata: metadata(&root),
        ..Archive::default()
    };
    let mut names = vec![];
    let mut index = HashMap::new();
    let mut spent = Spent::default();
    for element in root.list("Instances").iter().filter(|e| e.name == "Instance") {
        let (problem, known) = instance(element, &mut spent)?;
        add(
            &mut index,
            element,
            "instance",
            &problem.id,
            archive.problems.len(),
        )?;
        let place = narrow(archive.problems.len());
        archive.unknown.extend(unknown(bytes, element, place));
        archive.problems.push(problem);
        names.push(known);
    }
    for element in root.list("SolutionGroups") {
        if element.name == "SolutionGroup" {
            let group = solutions::group(element, &archive.problems, (&names, &index), &mut spent)?;
            archive.groups.push(group);
        }
    }
    Ok(archive)
}

/// What of the markup of a file is broken, if it is that, with its line: [`Fault::Markup`] as data, for other languages.
#[must_use]
pub fn markup_fault(bytes: &[u8]) -> Option<(u32, MarkupFault)> {
    let broken = markup::read(bytes, BOUNDS).err()?;
    Some((broken.line, broken.fault))
}

pub(super) fn refuse<T>(at: &Element, fault: Fault) -> Result<T, ReadError> {
    Err(ReadError { line: at.line, fault })
}

/// Positions of things by identifier, one map for each sort.
#[derive(Default)]
pub(super) struct Names {
    pub times: HashMap<String, u32>,
    pub time_groups: HashMap<String, u32>,
    pub kinds: HashMap<String, u32>,
    pub resource_groups: HashMap<String, u32>,
    pub resources: HashMap<String, u32>,
    pub event_groups: HashMap<String, u32>,
    pub events: HashMap<String, u32>,
    pub roles: HashMap<String, u32>,
}

fn add(
    map: &mut HashMap<String, u32>,
    at: &Element,
    what: &'static str,
    id: &str,
    place: usize,
) -> Result<(), ReadError> {
    match map.insert(id.to_owned(), narrow(place)) {
        Some(_) => refuse(at, Fault::Twice(what, id.to_owned())),
        None => Ok(()),
    }
}

/// The thing that an element's `Reference` names.
pub(super) fn reference(
    map: &HashMap<String, u32>,
    what: &'static str,
    at: &Element,
) -> Result<u32, ReadError> {
    let Some(id) = at.attribute("Reference") else {
        return refuse(at, Fault::Missing(format!("the Reference of <{}>", at.name)));
    };
    match map.get(id) {
        Some(place) => Ok(*place),
        None => refuse(at, Fault::Unknown(what, id.to_owned())),
    }
}

/// What the elements of a list name.
pub(super) fn references(
    map: &HashMap<String, u32>,
    what: &'static str,
    at: &Element,
    list: &str,
) -> Result<Vec<u32>, ReadError> {
    at.list(list).iter().map(|e| reference(map, what, e)).collect()
}

/// The largest number that is read: far below what 32 bits hold, so that sums of them stay in bounds.
const MOST: u32 = 1_000_000_000;
const NUMBER: &str = "a whole number from 0 to 1000000000";

/// A number in the child of that name.
pub(super) fn number(at: &Element, name: &str) -> Result<Option<u32>, ReadError> {
    let Some(child) = at.child(name) else {
        return Ok(None);
    };
    match child.text.parse::<u32>() {
        Ok(n) if n <= MOST => Ok(Some(n)),
        _ => refuse(child, Fault::NotA(NUMBER, child.text.clone())),
    }
}

/// The same, where it must be there.
pub(super) fn needed(at: &Element, name: &str) -> Result<u32, ReadError> {
    match number(at, name)? {
        Some(n) => Ok(n),
        None => refuse(at, Fault::Missing(format!("<{name}> of <{}>", at.name))),
    }
}

fn label(at: &Element) -> Result<Named, ReadError> {
    let Some(id) = at.attribute("Id") else {
        return refuse(at, Fault::Missing(format!("the Id of <{}>", at.name)));
    };
    Ok(Named {
        id: id.to_owned(),
        name: at.text_of("Name").unwrap_or(id).to_owned(),
    })
}

pub(super) fn metadata(at: &Element) -> Metadata {
    let Some(data) = at.child("MetaData") else {
        return Metadata::default();
    };
    let text = |name| data.text_of(name).unwrap_or_default().to_owned();
    Metadata {
        name: text("Name"),
        contributor: text("Contributor"),
        date: text("Date"),
        country: text("Country"),
        description: text("Description"),
        remarks: text("Remarks"),
    }
}

fn instance(at: &Element, spent: &mut Spent) -> Result<(Problem, Names), ReadError> {
    let Some(id) = at.attribute("Id") else {
        return refuse(at, Fault::Missing("the Id of <Instance>".to_owned()));
    };
    let mut problem = Problem {
        id: id.to_owned(),
        metadata: metadata(at),
        ..Problem::default()
    };
    let mut names = Names::default();
    times(at, &mut problem, &mut names)?;
    resources(at, &mut problem, &mut names)?;
    events(at, &mut problem, &mut names, spent)?;
    size::check(at, &problem)?;
    for element in at.list("Constraints") {
        if constraints::unknown(element).is_some() {
            continue;
        }
        let constraint = constraints::read(element, &names)?;
        problem.constraints.push(constraint);
    }
    size::check_constraints(at, &problem)?;
    Ok((problem, names))
}

/// The constraints of an instance that are not understood, as they stand.
fn unknown(bytes: &[u8], at: &Element, problem: u32) -> Vec<UnknownConstraint> {
    let mut found: Vec<UnknownConstraint> = vec![];
    for (nth, element) in at.list("Constraints").iter().enumerate() {
        let Some(kind) = constraints::unknown(element) else {
            continue;
        };
        let before = narrow(nth - found.len());
        let id = element.attribute("Id").unwrap_or_default();
        found.push(UnknownConstraint {
            problem,
            before,
            name: element.text_of("Name").unwrap_or(id).to_owned(),
            kind,
            required: element.text_of("Required") == Some("true"),
            line: element.line,
            xml: markup::source(bytes, element).unwrap_or_default().to_owned(),
        });
    }
    found
}

fn times(at: &Element, problem: &mut Problem, names: &mut Names) -> Result<(), ReadError> {
    let list = at.list("Times");
    for group in list
        .iter()
        .filter(|e| e.name == "TimeGroups")
        .flat_map(|e| &e.children)
    {
        let label = label(group)?;
        add(
            &mut names.time_groups,
            group,
            "time group",
            &label.id,
            problem.time_groups.len(),
        )?;
        let span = match group.name.as_str() {
            "Day" => Span::Day,
            "Week" => Span::Week,
            _ => Span::Plain,
        };
        problem.time_groups.push(TimeGroup {
            label,
            span,
            times: vec![],
        });
    }
    for time in list.iter().filter(|e| e.name == "Time") {
        let label = label(time)?;
        let place = narrow(problem.times.len());
        add(&mut names.times, time, "time", &label.id, problem.times.len())?;
        problem.times.push(label);
        let grouped = time.children.iter().flat_map(|child| match child.name.as_str() {
            "Day" | "Week" => std::slice::from_ref(child),
            "TimeGroups" => child.children.as_slice(),
            _ => &[],
        });
        for group in grouped {
            let group = reference(&names.time_groups, "time group", group)?;
            problem.time_groups[wide(group)].times.push(place);
        }
    }
    for group in &mut problem.time_groups {
        group.times.dedup();
    }
    Ok(())
}

fn resources(at: &Element, problem: &mut Problem, names: &mut Names) -> Result<(), ReadError> {
    let list = at.list("Resources");
    let of = |name: &'static str| list.iter().filter(move |e| e.name == name);
    for kind in of("ResourceTypes").flat_map(|e| &e.children) {
        let label = label(kind)?;
        add(
            &mut names.kinds,
            kind,
            "resource type",
            &label.id,
            problem.kinds.len(),
        )?;
        problem.kinds.push(label);
    }
    for group in of("ResourceGroups").flat_map(|e| &e.children) {
        let label = label(group)?;
        add(
            &mut names.resource_groups,
            group,
            "resource group",
            &label.id,
            problem.resource_groups.len(),
        )?;
        let kind = kind_of(group, names)?;
        problem.resource_groups.push(ResourceGroup {
            label,
            kind,
            resources: vec![],
        });
    }
    for resource in of("Resource") {
        let label = label(resource)?;
        let place = narrow(problem.resources.len());
        add(
            &mut names.resources,
            resource,
            "resource",
            &label.id,
            problem.resources.len(),
        )?;
        let kind = kind_of(resource, names)?;
        problem.resources.push(Resource { label, kind });
        for group in references(
            &names.resource_groups,
            "resource group",
            resource,
            "ResourceGroups",
        )? {
            problem.resource_groups[wide(group)].resources.push(place);
        }
    }
    for group in &mut problem.resource_groups {
        group.resources.dedup();
    }
    Ok(())
}

fn kind_of(at: &Element, names: &Names) -> Result<u32, ReadError> {
    match at.child("ResourceType") {
        Some(kind) => reference(&names.kinds, "resource type", kind),
        None => refuse(at, Fault::Missing(format!("the ResourceType of <{}>", at.name))),
    }
}

fn events(
    at: &Element,
    problem: &mut Problem,
    names: &mut Names,
    spent: &mut Spent,
) -> Result<(), ReadError> {
    let list = at.list("Events");
    for group in list
        .iter()
        .filter(|e| e.name == "EventGroups")
        .flat_map(|e| &e.children)
    {
        let label = label(group)?;
        add(
            &mut names.event_groups,
            group,
            "event group",
            &label.id,
            problem.event_groups.len(),
        )?;
        problem.event_groups.push(EventGroup {
            label,
            course: group.name == "Course",
            events: vec![],
        });
    }
    for element in list.iter().filter(|e| e.name == "Event") {
        let place = narrow(problem.events.len());
        let event = event(element, problem, names, spent)?;
        add(
            &mut names.events,
            element,
            "event",
            &event.label.id,
            problem.events.len(),
        )?;
        let mut groups = references(&names.event_groups, "event group", element, "EventGroups")?;
        groups.extend(event.course);
        problem.events.push(event);
        for group in groups {
            let events = &mut problem.event_groups[wide(group)].events;
            if events.last() != Some(&place) {
                events.push(place);
            }
        }
    }
    Ok(())
}

fn event(
    at: &Element,
    problem: &mut Problem,
    names: &mut Names,
    spent: &mut Spent,
) -> Result<Event, ReadError> {
    let mut seats = vec![];
    for seat in at.list("Resources") {
        let fixed = match seat.attribute("Reference") {
            Some(_) => Some(reference(&names.resources, "resource", seat)?),
            None => None,
        };
        let kind = match (seat.child("ResourceType"), fixed) {
            (Some(kind), _) => reference(&names.kinds, "resource type", kind)?,
            (None, Some(fixed)) => problem.resources[wide(fixed)].kind,
            (None, None) => return refuse(seat, Fault::Missing("<ResourceType>".to_owned())),
        };
        let role = seat.text_of("Role").map(|r| role(r, problem, names));
        if role.is_none() && fixed.is_none() {
            return refuse(seat, Fault::Missing("<Role>".to_owned()));
        }
        spent.seats(1, seat)?;
        seats.push(Seat {
            fixed,
            role,
            kind,
            workload: number(seat, "Workload")?,
        });
    }
    let whole_groups = references(&names.resource_groups, "resource group", at, "ResourceGroups")?;
    for group in &whole_groups {
        let group = &problem.resource_groups[wide(*group)];
        spent.seats(group.resources.len(), at)?;
        seats.extend(group.resources.iter().map(|r| Seat {
            fixed: Some(*r),
            role: None,
            kind: group.kind,
            workload: None,
        }));
    }
    let time = at.child("Time").map(|t| reference(&names.times, "time", t));
    let course = at
        .child("Course")
        .map(|c| reference(&names.event_groups, "course", c));
    Ok(Event {
        label: label(at)?,
        color: at.attribute("Color").map(str::to_owned),
        duration: needed(at, "Duration")?,
        workload: number(at, "Workload")?,
        time: time.transpose()?,
        course: course.transpose()?,
        seats,
        whole_groups,
    })
}

fn role(name: &str, problem: &mut Problem, names: &mut Names) -> u32 {
    if let Some(role) = names.roles.get(name) {
        return *role;
    }
    let role = narrow(problem.roles.len());
    problem.roles.push(name.to_owned());
    names.roles.insert(name.to_owned(), role);
    role
}
