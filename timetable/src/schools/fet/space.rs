//! Space constraints of a FET file: which rooms each activity may have.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{ROOM, Reading};
use super::time::{price, readable, room, room_away};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::rules::{assign_resource::AssignResource, prefer_resources::PreferResources};
use crate::problem::{Rule, Seat};

/// Rooms that an event may have, by what its constraints say together.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    rooms: BTreeSet<u32>,
    /// Whether a requirement says so, not only wishes.
    required: bool,
    names: BTreeSet<String>,
    /// Requirements that leave no room beside the others.
    apart: Vec<(String, BTreeSet<u32>)>,
}

/// Takes up what the constraint says; false if it is not understood.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element) -> bool {
    let kind = at.name.strip_prefix("Constraint").unwrap_or(&at.name);
    let Some(price) = price(at) else { return true };
    r.looked_at(r.activities.len());
    let said = Said {
        name: readable(kind),
        required: price.is_none(),
    };
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
            restrict(r, events, &rooms, &said)
        }
        "SubjectActivityTagPreferredRoom" | "SubjectActivityTagPreferredRooms" => {
            let events = of(&|a| has(a, "Subject", subject) && has(a, "Activity_Tag", tag));
            restrict(r, events, &rooms, &said)
        }
        "ActivityTagPreferredRoom" | "ActivityTagPreferredRooms" => {
            let events = of(&|a| has(a, "Activity_Tag", tag));
            restrict(r, events, &rooms, &said)
        }
        "ActivityPreferredRoom" | "ActivityPreferredRooms" => {
            let id = text("Activity_Id");
            let events = of(&|a| a.text_of("Id") == Some(id));
            restrict(r, events, &rooms, &said)
        }
        "StudentsSetHomeRoom" | "StudentsSetHomeRooms" => {
            let students = text("Students");
            let events = of(&|a| has(a, "Students", students));
            at_home(r, events, &rooms, &said)
        }
        "TeacherHomeRoom" | "TeacherHomeRooms" => {
            let teacher = text("Teacher");
            let events = of(&|a| has(a, "Teacher", teacher));
            at_home(r, events, &rooms, &said)
        }
        _ => false,
    }
}

/// What a constraint is called, and whether it is a requirement.
struct Said {
    name: String,
    required: bool,
}

/// Several constraints about an activity leave the rooms that all of them allow; a wish counts as one only as long as it
/// leaves any. Requirements that leave none stay side by side: they collide, and are to be named.
fn restrict(r: &mut Reading<'_>, events: Vec<u32>, rooms: &BTreeSet<u32>, said: &Said) -> bool {
    for event in events {
        let wanted = r.wanted_rooms.entry(event).or_default();
        let first = wanted.names.is_empty();
        let both: BTreeSet<u32> = wanted.rooms.intersection(rooms).copied().collect();
        if first || both.is_empty() && said.required && !wanted.required {
            wanted.rooms.clone_from(rooms);
        } else if !both.is_empty() {
            wanted.rooms = both;
        } else if said.required {
            wanted.apart.push((said.name.clone(), rooms.clone()));
            continue;
        } else {
            continue;
        }
        wanted.required |= said.required;
        wanted.names.insert(said.name.clone());
    }
    true
}

fn at_home(r: &mut Reading<'_>, events: Vec<u32>, rooms: &BTreeSet<u32>, said: &Said) -> bool {
    for event in events {
        let wanted = r.home_rooms.entry(event).or_default();
        wanted.rooms.extend(rooms);
        wanted.names.insert(said.name.clone());
    }
    true
}

/// Gives each activity that needs a room a seat for it. Home rooms count where nothing else is said.
pub(super) fn seat_rooms(r: &mut Reading<'_>) {
    let mut wanted = std::mem::take(&mut r.home_rooms);
    wanted.append(&mut r.wanted_rooms);
    let first_room = r.problem.resources.iter().position(|x| x.kind == ROOM);
    let mut said: BTreeMap<(String, BTreeSet<u32>), Vec<u32>> = BTreeMap::new();
    for (event, wanted) in wanted {
        let activity = r.activities[wide(event)];
        let told = activity.text_of("Number_Of_Students");
        let sets = activity.all("Students");
        let summed = sets.filter_map(|s| r.heads.get(s.text.as_str())).sum();
        let heads: u32 = told.and_then(|n| n.parse().ok()).unwrap_or(summed);
        let Wanted {
            rooms, names, apart, ..
        } = wanted;
        if rooms.is_empty() {
            continue;
        }
        let holds = |room: &u32| {
            let capacity = r.capacity.get(wide(*room) - first_room.unwrap_or(0));
            capacity.copied().flatten().is_none_or(|c: u32| c >= heads)
        };
        let fit: BTreeSet<u32> = rooms.iter().copied().filter(holds).collect();
        let large: Option<BTreeSet<u32>> = fit
            .is_empty()
            .then(|| r.all_of(ROOM).into_iter().filter(holds).collect());
        let mut name = names.into_iter().collect::<Vec<String>>().join(" + ");
        if large.is_none() && fit.len() < rooms.len() {
            name.push_str(&format!(", large enough for {heads}"));
        }
        r.problem.events[wide(event)].seats.push(Seat {
            fixed: None,
            role: Some(0),
            kind: ROOM,
            workload: None,
        });
        let mut sets = vec![(name, if fit.is_empty() { rooms } else { fit })];
        // Nothing that is named is large enough: both stay, and collide.
        sets.extend(large.map(|large| (format!("a room large enough for {heads}"), large)));
        sets.extend(apart);
        for set in sets {
            said.entry(set).or_default().push(event);
        }
    }
    for ((name, rooms), events) in said {
        let rule = PreferResources {
            resource_groups: vec![r.group_of_rooms(&rooms)],
            resources: vec![],
            role: 0,
        };
        r.add_for_events(&name, None, events, Rule::PreferResources(rule));
    }
    let all = (0..narrow(r.problem.events.len())).collect();
    r.add_for_events(
        "every activity that needs a room has one",
        None,
        all,
        Rule::AssignResource(AssignResource { role: 0 }),
    );
}
