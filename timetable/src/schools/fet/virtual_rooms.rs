//! Virtual rooms: who has one, has a real room of each of its sets. An activity that must have a certain one gets a seat for each set.
//! One of several to choose from cannot be said that way: then the one that asks for the fewest rooms is taken, and told.

use std::collections::BTreeSet;

use super::read::{ROOM, Reading};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::Seat;

/// Real rooms of each set.
pub(super) type Sets = Vec<BTreeSet<u32>>;

/// Takes down which rooms are virtual. A virtual room without sets is an ordinary one.
pub(super) fn read(r: &mut Reading<'_>, root: &Element) {
    for room in root.list("Rooms_List").iter().filter(|e| e.name == "Room") {
        if room.text_of("Virtual") != Some("true") {
            continue;
        }
        let sets: Sets = room
            .all("Set_of_Real_Rooms")
            .map(|set| {
                let real = set.all("Real_Room").map(|e| e.text.as_str());
                real.filter_map(|name| r.rooms.get(name).copied()).collect()
            })
            .collect();
        let name = room.text_of("Name").unwrap_or_default();
        if let Some(at) = r.rooms.get(name)
            && !sets.is_empty()
        {
            r.virtual_rooms.insert(*at, sets);
        }
    }
}

/// The virtual room that an event has, if its rooms leave it no real one; and the rooms that remain otherwise. Tells in `r.told`
/// what could not be said whole.
pub(super) fn choose(r: &mut Reading<'_>, line: u32, rooms: &BTreeSet<u32>) -> (Option<u32>, BTreeSet<u32>) {
    let (virtuals, real): (BTreeSet<u32>, BTreeSet<u32>) =
        rooms.iter().partition(|at| r.virtual_rooms.contains_key(at));
    if virtuals.is_empty() {
        return (None, real);
    }
    if rooms.len() > 1 {
        r.told.push(("Room (virtual, one of several)", line));
    }
    if !real.is_empty() {
        return (None, real);
    }
    let ease = |at: &&u32| {
        let sets = &r.virtual_rooms[*at];
        let narrowest = sets.iter().map(BTreeSet::len).min().unwrap_or(0);
        (sets.len(), std::cmp::Reverse(narrowest))
    };
    (virtuals.iter().min_by_key(ease).copied(), real)
}

/// Adds a seat for each set of a virtual room to an event; gives the role of each with its rooms.
pub(super) fn seats(r: &mut Reading<'_>, event: u32, room: u32) -> Vec<(u32, BTreeSet<u32>)> {
    let sets = r.virtual_rooms[&room].clone();
    let given = r
        .real_rooms
        .get(&event)
        .filter(|g| g.len() == sets.len())
        .cloned();
    let mut seats = vec![];
    for (at, mut set) in sets.into_iter().enumerate() {
        if let Some(real) = given.as_ref().map(|g| g[at]) {
            set = BTreeSet::from([real]);
        }
        let role = narrow(at + 1);
        while r.problem.roles.len() <= wide(role) {
            r.problem.roles.push(format!("Room {}", r.problem.roles.len()));
        }
        r.problem.events[wide(event)].seats.push(Seat {
            fixed: None,
            role: Some(role),
            kind: ROOM,
            workload: None,
        });
        seats.push((role, set));
    }
    r.virtual_of.insert(event, room);
    seats
}
