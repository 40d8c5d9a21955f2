//! Buildings of a FET file, and what it says about changes of building and room.
//!
//! Who has an activity without a room, or in a room without a building, is nowhere in particular then: to FET it is as if they were
//! free. Changes are counted day by day.

use super::read::{MANY, ROOM, Reading, plain};
use super::time::{Said, who};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::rules::{limit_place_changes::LimitPlaceChanges, walk_in_time::WalkInTime};
use crate::problem::{Map, Rule};

/// What somebody changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Places {
    /// The building.
    Buildings,
    /// The room.
    Rooms,
    /// The room; breaks take no time.
    RoomsAcrossBreaks,
}

/// Adds what a constraint says about changes of building or room; nothing if it is not about that.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element, kind: &str, said: &Said) -> Option<()> {
    let whose = ["StudentsSet", "Students", "Teachers", "Teacher"];
    let what = whose.iter().find_map(|w| kind.strip_prefix(w))?;
    let (places, word) = if what.contains("Building") {
        (Places::Buildings, "Building")
    } else {
        (Places::Rooms, "Room")
    };
    let number = |name: &str| {
        let text = at.text_of(&format!("{name}_{word}_Changes"))?;
        text.parse::<u32>().ok().map(|n| n.min(MANY))
    };
    let most = |span: &str| {
        let text = at.text_of(&format!("Max_{word}_Changes_Per_{span}"))?;
        text.parse::<u32>().ok().map(|n| n.min(MANY))
    };
    let who = who(r, at, kind)?;
    let days = r.day_groups();
    let rest = what.replace(word, "");
    match rest.as_str() {
        "MaxChangesPerDay" => {
            let most = most("Day")?;
            days.iter()
                .for_each(|day| few(r, said, &who, places, (vec![*day], most)));
        }
        "MaxChangesPerRealDay" => {
            let most = most("Day").or_else(|| most("Real_Day"))?;
            let days = r.real_days();
            days.iter()
                .for_each(|day| few(r, said, &who, places, (vec![*day], most)));
        }
        "MaxChangesPerWeek" => few(r, said, &who, places, (days, most("Week")?)),
        "MinGapsBetweenChanges" => {
            let map = map(r, places);
            let rule = WalkInTime {
                map,
                time_groups: days,
                gap: Some(number("Min_Gaps_Between")?),
            };
            r.add_for_resources(&said.name, said.price, who, Rule::WalkInTime(rule));
        }
        _ => return None,
    }
    Some(())
}

fn few(r: &mut Reading<'_>, said: &Said, who: &[u32], places: Places, (time_groups, max): (Vec<u32>, u32)) {
    let rule = LimitPlaceChanges {
        map: map(r, places),
        time_groups,
        max,
    };
    r.add_for_resources(
        &said.name,
        said.price,
        who.to_vec(),
        Rule::LimitPlaceChanges(rule),
    );
}

/// Activities that follow each other at once are in the same room. Where they cannot overlap, one counter follows them all;
/// otherwise one follows each two.
pub(super) fn same_room(r: &mut Reading<'_>, said: &Said, events: &[u32]) -> bool {
    /// Most activities of a set of which each two are followed.
    const MOST_APART: usize = 60;
    let fixed = |e: &u32| r.problem.event(*e).seats.iter().filter_map(|s| s.fixed);
    let Some(first) = events.first() else { return true };
    let common = fixed(first).any(|who| events.iter().all(|e| fixed(e).any(|w| w == who)));
    let sets: Vec<Vec<u32>> = if common {
        vec![events.to_vec()]
    } else if events.len() > MOST_APART {
        return false;
    } else {
        let later = |at: usize| events.iter().skip(at + 1);
        let pairs = (0..)
            .zip(events)
            .flat_map(|(at, one)| later(at).map(|other| vec![*one, *other]));
        pairs.collect()
    };
    let map = map(r, Places::RoomsAcrossBreaks);
    let counters = sets.iter().map(|set| r.counter(&said.name, set)).collect();
    let rule = WalkInTime {
        map,
        time_groups: r.day_groups(),
        gap: Some(1),
    };
    r.add_for_resources(&said.name, said.price, counters, Rule::WalkInTime(rule));
    true
}

/// The map of such places, made when it is first asked for.
fn map(r: &mut Reading<'_>, places: Places) -> u32 {
    if let Some(at) = r.maps.get(&places) {
        return *at;
    }
    let name = match places {
        Places::Buildings => "buildings",
        Places::Rooms => "rooms",
        Places::RoomsAcrossBreaks => "rooms, breaks not counted",
    };
    let at = narrow(r.problem.maps.len());
    let mut map = Map {
        label: plain(format!("map{at}"), name),
        ..Map::default()
    };
    let first = r
        .problem
        .resources
        .iter()
        .position(|x| x.kind == ROOM)
        .unwrap_or(0);
    for (offset, building) in r.buildings.iter().enumerate() {
        let room = narrow(first + offset);
        let name = match places {
            Places::Buildings => building.filter(|b| !b.is_empty()),
            // names of rooms are all different
            _ => Some(r.problem.resources[wide(room)].label.name.as_str()),
        };
        if let Some(name) = name {
            map.put(room, name);
        }
    }
    if places == Places::RoomsAcrossBreaks {
        let mut now = 0;
        for time in 0..r.problem.time_count() {
            let ends = now + u32::from(!r.breaks.contains(&time));
            map.clock.push((now, ends));
            now = ends;
        }
    }
    r.problem.maps.push(map);
    r.maps.insert(places, at);
    at
}
