//! Space constraints of a FET file: which rooms each activity may have.

use std::collections::BTreeSet;

use super::read::{ROOM, Reading};
use super::time::{room, room_away};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::rules::{assign_resource::AssignResource, prefer_resources::PreferResources};
use crate::problem::{Rule, Seat};

/// Takes up what the constraint says; false if it is not understood.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element) -> bool {
    let kind = at.name.strip_prefix("Constraint").unwrap_or(&at.name);
    let mut rooms = BTreeSet::new();
    for child in &at.children {
        if matches!(child.name.as_str(), "Room" | "Preferred_Room") {
            rooms.extend(room(r, &child.text));
        }
    }
    let text = |name: &str| at.text_of(name).unwrap_or_default();
    let (subject, tag) = (text("Subject"), text("Activity_Tag"));
    let has = |a: &Element, list: &str, wanted: &str| a.all(list).any(|e| e.text == wanted);
    let of = |wanted: &dyn Fn(&Element) -> bool| -> Vec<u32> {
        let all = (0..).zip(&r.activities);
        all.filter(|(_, a)| wanted(a)).map(|(e, _)| e).collect()
    };
    match kind {
        "BasicCompulsorySpace" => true,
        "RoomNotAvailableTimes" => {
            if let Some(room) = room(r, text("Room")) {
                room_away(r, at, room);
            }
            true
        }
        "SubjectPreferredRoom" | "SubjectPreferredRooms" => {
            let events = of(&|a| has(a, "Subject", subject));
            restrict(r, events, &rooms)
        }
        "SubjectActivityTagPreferredRoom" | "SubjectActivityTagPreferredRooms" => {
            let events = of(&|a| has(a, "Subject", subject) && has(a, "Activity_Tag", tag));
            restrict(r, events, &rooms)
        }
        "ActivityTagPreferredRoom" | "ActivityTagPreferredRooms" => {
            let events = of(&|a| has(a, "Activity_Tag", tag));
            restrict(r, events, &rooms)
        }
        "ActivityPreferredRoom" | "ActivityPreferredRooms" => {
            let id = text("Activity_Id");
            let events = of(&|a| a.text_of("Id") == Some(id));
            restrict(r, events, &rooms)
        }
        "StudentsSetHomeRoom" | "StudentsSetHomeRooms" => {
            let students = text("Students");
            let events = of(&|a| has(a, "Students", students));
            at_home(r, events, &rooms)
        }
        "TeacherHomeRoom" | "TeacherHomeRooms" => {
            let teacher = text("Teacher");
            let events = of(&|a| has(a, "Teacher", teacher));
            at_home(r, events, &rooms)
        }
        _ => false,
    }
}

/// Several constraints about an activity leave the rooms that all of them allow; a wish counts as one only as long as it
/// leaves any.
fn restrict(r: &mut Reading<'_>, events: Vec<u32>, rooms: &BTreeSet<u32>) -> bool {
    for event in events {
        let wanted = r.wanted_rooms.entry(event).or_insert_with(|| rooms.clone());
        let both: BTreeSet<u32> = wanted.intersection(rooms).copied().collect();
        if !both.is_empty() {
            *wanted = both;
        }
    }
    true
}

fn at_home(r: &mut Reading<'_>, events: Vec<u32>, rooms: &BTreeSet<u32>) -> bool {
    for event in events {
        r.home_rooms.entry(event).or_default().extend(rooms);
    }
    true
}

/// Gives each activity that needs a room a seat for it. Home rooms count where nothing else is said.
pub(super) fn seat_rooms(r: &mut Reading<'_>) {
    let mut wanted = std::mem::take(&mut r.home_rooms);
    wanted.append(&mut r.wanted_rooms);
    let first_room = r.problem.resources.iter().position(|x| x.kind == ROOM);
    for (event, rooms) in wanted {
        let activity = r.activities[wide(event)];
        let told = activity.text_of("Number_Of_Students");
        let sets = activity.all("Students");
        let summed = sets.filter_map(|s| r.heads.get(s.text.as_str())).sum();
        let heads: u32 = told.and_then(|n| n.parse().ok()).unwrap_or(summed);
        let capacity = |room: &u32| {
            let place = wide(*room) - first_room.unwrap_or(0);
            r.capacity.get(place).copied().flatten()
        };
        let fit: BTreeSet<u32> = rooms
            .iter()
            .copied()
            .filter(|room| capacity(room).is_none_or(|c: u32| c >= heads))
            .collect();
        let rooms = if fit.is_empty() { rooms } else { fit };
        if rooms.is_empty() {
            continue;
        }
        r.problem.events[wide(event)].seats.push(Seat {
            fixed: None,
            role: Some(0),
            kind: ROOM,
            workload: None,
        });
        let group = r.group_of_rooms(&rooms);
        let rule = PreferResources {
            resource_groups: vec![group],
            resources: vec![],
            role: 0,
        };
        r.add_for_events("a suitable room", None, vec![event], Rule::PreferResources(rule));
    }
    let all = (0..narrow(r.problem.events.len())).collect();
    r.add_for_events(
        "every activity that needs a room has one",
        None,
        all,
        Rule::AssignResource(AssignResource { role: 0 }),
    );
}
