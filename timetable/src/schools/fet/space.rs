//! Space constraints of a FET file: which rooms each activity may have. Where only wishes speak of an activity's room, it has one of
//! the wished rooms or none.

use std::collections::{BTreeMap, BTreeSet};

use super::read::{ROOM, Reading, too_much};
use super::time::{Said, price, readable, room, room_away};
use super::{FetFault, places, virtual_rooms};
use crate::ids::wide;
use crate::markup::Element;
use crate::problem::rules::{
    assign_resource::AssignResource, avoid_split_assignments::AvoidSplitAssignments,
    prefer_resources::PreferResources,
};
use crate::problem::{Rule, Seat};

/// A set of rooms, and what says so.
type Among = (String, BTreeSet<u32>);

/// Rooms that an event may have, by what its constraints say.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// What all requirements together leave.
    required: Option<BTreeSet<u32>>,
    names: BTreeSet<String>,
    /// Requirements that leave no room beside the others.
    apart: Vec<Among>,
    /// Wishes with their prices.
    wishes: Vec<(u32, Among)>,
}

/// Takes up what the constraint says; false if it is not understood.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element) -> bool {
    let kind = at.name.strip_prefix("Constraint").unwrap_or(&at.name);
    let Some(price) = price(at) else { return true };
    r.looked_at(r.activities.len());
    let said = Said {
        name: readable(kind),
        price,
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
    // A home is for what nobody else takes part in.
    let only = |a: &Element, list: &str, wanted: &str| has(a, list, wanted) && a.all(list).count() == 1;
    let of = |wanted: &dyn Fn(&Element) -> bool| -> Vec<u32> {
        let all = (0..).zip(&r.activities);
        all.filter(|(_, a)| wanted(a)).map(|(e, _)| e).collect()
    };
    match kind {
        "BasicCompulsorySpace" => {}
        "RoomNotAvailableTimes" => {
            if let Some(room) = room(r, text("Room")) {
                if r.virtual_rooms.contains_key(&room) {
                    return false;
                }
                room_away(r, at, room, price);
            }
        }
        "SubjectPreferredRoom" | "SubjectPreferredRooms" => {
            let events = of(&|a| has(a, "Subject", subject));
            restrict(r, events, &rooms, &said);
        }
        "SubjectActivityTagPreferredRoom" | "SubjectActivityTagPreferredRooms" => {
            let events = of(&|a| has(a, "Subject", subject) && has(a, "Activity_Tag", tag));
            restrict(r, events, &rooms, &said);
        }
        "ActivityTagPreferredRoom" | "ActivityTagPreferredRooms" => {
            let events = of(&|a| has(a, "Activity_Tag", tag));
            restrict(r, events, &rooms, &said);
        }
        "ActivityPreferredRoom" | "ActivityPreferredRooms" => {
            let id = text("Activity_Id");
            let events = of(&|a| a.text_of("Id") == Some(id));
            let real = at.all("Real_Room").filter_map(|e| room(r, &e.text));
            let real: Vec<u32> = real.collect();
            if !real.is_empty() && price.is_none() {
                r.real_rooms.extend(events.iter().map(|e| (*e, real.clone())));
            }
            restrict(r, events, &rooms, &said);
        }
        "StudentsSetHomeRoom" | "StudentsSetHomeRooms" => {
            let students = text("Students");
            let events = of(&|a| only(a, "Students", students));
            at_home(r, events, &rooms, &said);
        }
        "TeacherHomeRoom" | "TeacherHomeRooms" => {
            let teacher = text("Teacher");
            let events = of(&|a| only(a, "Teacher", teacher));
            at_home(r, events, &rooms, &said);
        }
        "ActivitiesOccupyMaxDifferentRooms" => {
            let most = text("Max_Number_of_Different_Rooms").parse::<u32>();
            let Some(max) = most.ok().filter(|n| *n > 0) else {
                return false;
            };
            let rule = Rule::AvoidSplitAssignments(AvoidSplitAssignments {
                role: 0,
                max,
                map: None,
            });
            r.add_for_group(&said.name, said.price, named_events(r, at), rule);
        }
        "ActivitiesSameRoomIfConsecutive" => {
            let events: Vec<u32> = named_events(r, at).into_iter().collect();
            return places::same_room(r, &said, &events);
        }
        _ => return places::understand(r, at, kind, &said).is_some(),
    }
    true
}

/// The activities that a constraint names, each once.
fn named_events(r: &Reading<'_>, at: &Element) -> BTreeSet<u32> {
    let ids = at.all("Activity_Id").filter_map(|id| id.text.parse().ok());
    ids.filter_map(|id: u32| r.event_of.get(&id).copied()).collect()
}

/// Several requirements about an activity leave the rooms that all of them allow. Those that leave none stay side by side: they
/// collide, and are to be named.
fn restrict(r: &mut Reading<'_>, events: Vec<u32>, rooms: &BTreeSet<u32>, said: &Said) {
    if !r.choose_among(events.len() * (1 + rooms.len())) {
        return;
    }
    for event in events {
        let wanted = r.wanted_rooms.entry(event).or_default();
        if let Some(price) = said.price {
            wanted.wishes.push((price, (said.name.clone(), rooms.clone())));
            continue;
        }
        let both = match &wanted.required {
            None => rooms.clone(),
            Some(so_far) => so_far.intersection(rooms).copied().collect(),
        };
        if both.is_empty() && wanted.required.is_some() {
            wanted.apart.push((said.name.clone(), rooms.clone()));
        } else {
            wanted.required = Some(both);
            wanted.names.insert(said.name.clone());
        }
    }
}

fn at_home(r: &mut Reading<'_>, events: Vec<u32>, rooms: &BTreeSet<u32>, said: &Said) {
    if !r.choose_among(events.len() * (1 + rooms.len())) {
        return;
    }
    for event in events {
        let wanted = r.home_rooms.entry(event).or_default();
        match said.price {
            Some(price) => wanted.wishes.push((price, (said.name.clone(), rooms.clone()))),
            None => {
                wanted.required.get_or_insert_default().extend(rooms);
                wanted.names.insert(said.name.clone());
            }
        }
    }
}

/// Gives each activity that needs a room a seat for it. Home rooms count where nothing else is said.
///
/// # Errors
/// With the line of the activity whose rooms are more than can be held.
pub(super) fn seat_rooms(r: &mut Reading<'_>) -> Result<(), FetFault> {
    let mut wanted = std::mem::take(&mut r.home_rooms);
    wanted.append(&mut r.wanted_rooms);
    let mut said: BTreeMap<(Option<u32>, u32, Among), Vec<u32>> = BTreeMap::new();
    let mut needed: BTreeMap<(Option<u32>, u32), Vec<u32>> = BTreeMap::new();
    for (event, mut wanted) in wanted {
        wanted.wishes.retain(|(_, (_, rooms))| !rooms.is_empty());
        let price = match &wanted.required {
            Some(rooms) if rooms.is_empty() => continue,
            Some(_) => None,
            None => match wanted.wishes.iter().map(|(price, _)| *price).max() {
                Some(price) => Some(price),
                None => continue,
            },
        };
        let names = wanted.names.iter().cloned().collect::<Vec<String>>();
        let base = match wanted.required {
            Some(rooms) => (names.join(" + "), rooms),
            None => {
                let all = wanted
                    .wishes
                    .iter()
                    .flat_map(|(_, (_, rooms))| rooms.iter().copied());
                ("a wished room or none".to_owned(), all.collect())
            }
        };
        let activity = r.activities[wide(event)];
        let line = activity.line;
        let (chosen, real) = virtual_rooms::choose(r, line, &base.1);
        if let Some(room) = chosen {
            let sets = &r.virtual_rooms[&room];
            let (seats, rooms) = (sets.len(), sets.iter().map(BTreeSet::len).sum());
            r.size += seats;
            if !r.choose_among(rooms) || r.is_over() {
                return Err(too_much(activity));
            }
            for (role, set) in virtual_rooms::seats(r, event, room) {
                needed.entry((price, role)).or_default().push(event);
                let name = format!("{}, a real room of each set", base.0);
                said.entry((price, role, (name, set))).or_default().push(event);
            }
            continue;
        }
        let base = (base.0, real);
        for (_, (_, rooms)) in &mut wanted.wishes {
            rooms.retain(|room| !r.virtual_rooms.contains_key(room));
        }
        r.problem.events[wide(event)].seats.push(Seat {
            fixed: None,
            role: Some(0),
            kind: ROOM,
            workload: None,
        });
        needed.entry((price, 0)).or_default().push(event);
        let mut sets = large_enough(r, event, base);
        // what is too small for the pupils stands beside every room that is large enough
        let beside = sets.iter().skip(1).map(|(_, rooms)| rooms.len()).sum();
        if !r.choose_among(beside) {
            return Err(too_much(activity));
        }
        sets.extend(wanted.apart);
        for set in sets {
            said.entry((None, 0, set)).or_default().push(event);
        }
        for (price, wish) in wanted.wishes {
            said.entry((Some(price), 0, wish)).or_default().push(event);
        }
    }
    for ((price, role, (name, rooms)), events) in said {
        let rule = PreferResources {
            resource_groups: vec![r.group_of_rooms(&rooms)],
            resources: vec![],
            role,
        };
        r.add_for_events(&name, price, events, Rule::PreferResources(rule));
    }
    for ((price, role), events) in needed {
        let rule = Rule::AssignResource(AssignResource { role });
        r.add_for_events("every activity that needs a room has one", price, events, rule);
    }
    match r.activities.last() {
        Some(last) if r.is_over() => Err(too_much(last)),
        _ => Ok(()),
    }
}

/// Those of the rooms that hold the event's pupils. If none does, both stay, and collide.
fn large_enough(r: &Reading<'_>, event: u32, (mut name, rooms): Among) -> Vec<Among> {
    let first_room = r.problem.resources.iter().position(|x| x.kind == ROOM);
    let activity = r.activities[wide(event)];
    let told = activity.text_of("Number_Of_Students");
    let sets = activity.all("Students");
    let summed = sets.filter_map(|s| r.heads.get(s.text.as_str())).sum();
    let heads: u32 = told.and_then(|n| n.parse().ok()).unwrap_or(summed);
    let holds = |room: &u32| {
        let capacity = r.capacity.get(wide(*room) - first_room.unwrap_or(0));
        capacity.copied().flatten().is_none_or(|c: u32| c >= heads)
    };
    let fit: BTreeSet<u32> = rooms.iter().copied().filter(holds).collect();
    if fit.is_empty() {
        let large = r.all_of(ROOM).into_iter().filter(holds).collect();
        return vec![(name, rooms), (format!("a room large enough for {heads}"), large)];
    }
    if fit.len() < rooms.len() {
        name.push_str(&format!(", large enough for {heads}"));
    }
    vec![(name, fit)]
}
