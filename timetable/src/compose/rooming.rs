//! Rooms that lessons take together, as rules: what [`Board::judge`](crate::Board::judge) counts, at the same price.
//!
//! A card that stays has no seat for a room, and a room that holds several cards at once is several resources. So where there is either, what
//! is counted are places on a map on which each room is one.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{COUNTER, Draft, ROOM_ROLE};
use crate::ids::{CardIx, RoomIx, narrow, wide};
use crate::problem::rules::{avoid_split_assignments::AvoidSplitAssignments, walk_in_time::WalkInTime};
use crate::problem::{Map, Named, Rule, Seat};
use crate::rooming::{Rooming, RoomingSpec};

/// The rules' name; the position of the rule stands behind.
const ROOMING: &str = "rooms taken together: ";

/// Pairs of lessons of one rule that are looked at one by one. What of a longer list the search leaves is found when it is laid on the board.
const MOST_PAIRS: usize = 5_000;

/// Which rule of the board one of this name states.
pub(super) fn position(name: &str) -> Option<u32> {
    name.strip_prefix(ROOMING)?.parse().ok()
}

/// Adds them all; nothing where nothing is asked.
pub(super) fn all(draft: &mut Draft<'_>) {
    let board = draft.board;
    let asked = board.spec.roomings.iter().enumerate();
    let asked: Vec<(usize, &RoomingSpec)> = asked.filter(|(_, of)| of.counts()).collect();
    if asked.is_empty() {
        return;
    }
    let map = narrow(draft.problem.maps.len());
    let standing = standing(draft);
    let shared = board.spec.rooms.iter().any(|room| room.shared_by > 1);
    let by_place = shared || !standing.is_empty();
    for (n, of) in asked {
        if draft.watch.is_over_at(n) {
            return;
        }
        let events = of.cards.iter().filter_map(|card| draft.event_of[card.ix()]);
        let events: Vec<u32> = events.collect();
        if events.len() < 2 {
            continue;
        }
        let name = format!("{ROOMING}{n}");
        let price = (!of.hard).then(|| of.penalty.into());
        match of.what {
            Rooming::AtMost(most) => {
                let group = draft.group(events);
                let rule = AvoidSplitAssignments {
                    role: ROOM_ROLE,
                    max: most.into(),
                    map: by_place.then_some(map),
                };
                draft.for_groups(&name, price, vec![group], Rule::AvoidSplitAssignments(rule));
            }
            Rooming::InARow => {
                let sets = followed(draft, &of.cards);
                let mut counters = vec![];
                for (at, set) in sets.into_iter().enumerate() {
                    counters.push(counter(draft, format!("rooming {n}.{at}"), &set));
                }
                let rule = WalkInTime {
                    map,
                    time_groups: draft.days(),
                    gap: Some(1),
                };
                draft.for_resources(&name, price, counters, Rule::WalkInTime(rule));
            }
        }
    }
    let places = places(draft, &standing);
    draft.problem.maps.push(places);
}

/// Cards of which each two that follow at once are to be seen by one who goes from one to the next: all of them where somebody is in all and is
/// never in two at once, else each two by themselves.
fn followed(draft: &Draft<'_>, cards: &[CardIx]) -> Vec<Vec<CardIx>> {
    let board = draft.board;
    let spec = |card: &CardIx| &board.spec.cards[card.ix()];
    let Some(first) = cards.first() else { return vec![] };
    // of lessons of odd and of even weeks nobody goes from the one to the other
    let together = cards.iter().all(|card| spec(card).weeks == spec(first).weeks);
    let by_all =
        |teacher: &crate::ids::TeacherIx| cards.iter().all(|card| spec(card).teachers.contains(teacher));
    let of_all = |atom: &u32| {
        let has = |card: &CardIx| board.card_atoms[card.ix()].binary_search(atom).is_ok();
        cards.iter().all(has)
    };
    let common = spec(first).teachers.iter().any(by_all) || board.card_atoms[first.ix()].iter().any(of_all);
    if together && common {
        return vec![cards.to_vec()];
    }
    let later = |at: usize| cards.iter().skip(at + 1);
    let pairs = cards
        .iter()
        .enumerate()
        .flat_map(|(at, one)| later(at).map(move |other| (*one, *other)));
    let pairs = pairs.filter(|(one, other)| spec(one).weeks.meets(spec(other).weeks));
    pairs
        .take(MOST_PAIRS)
        .map(|(one, other)| vec![one, other])
        .collect()
}

/// A resource that sits in each of the cards.
fn counter(draft: &mut Draft<'_>, id: String, cards: &[CardIx]) -> u32 {
    let counter = draft.resource(COUNTER, id);
    for card in cards {
        if let Some(event) = draft.event_of[card.ix()] {
            seat(draft, event, counter, None);
        }
    }
    counter
}

fn seat(draft: &mut Draft<'_>, event: u32, who: u32, role: Option<u32>) {
    draft.problem.events[wide(event)].seats.push(Seat {
        fixed: Some(who),
        role,
        kind: COUNTER,
        workload: None,
    });
}

/// What stands for the room of a card that stays, on a seat of its own: by room.
fn standing(draft: &mut Draft<'_>) -> BTreeMap<RoomIx, u32> {
    let board = draft.board;
    let counts = board.spec.roomings.iter().filter(|of| of.counts());
    let cards: BTreeSet<CardIx> = counts.flat_map(|of| of.cards.iter().copied()).collect();
    let mut standing = BTreeMap::new();
    for card in cards {
        let (Some(room), Some(event)) = (
            board.placement(card).and_then(|at| at.room),
            draft.event_of[card.ix()],
        ) else {
            continue;
        };
        let who = *standing
            .entry(room)
            .or_insert_with(|| draft.resource(COUNTER, format!("in room {}", room.0)));
        seat(draft, event, who, Some(ROOM_ROLE));
    }
    standing
}

/// The map on which each room is a place, whatever stands for it. Hours at which nobody has lessons take no time.
fn places(draft: &Draft<'_>, standing: &BTreeMap<RoomIx, u32>) -> Map {
    let named = |id: String| Named { name: id.clone(), id };
    let board = draft.board;
    let mut place_of = vec![None; draft.problem.resources.len()];
    for (at, room) in (draft.first_room..).zip(&draft.rooms) {
        place_of[wide(at)] = Some(room.0);
    }
    for (room, at) in standing {
        place_of[wide(*at)] = Some(room.0);
    }
    let (mut clock, mut now) = (vec![], 0);
    for day in 0..board.days() {
        let breaks = board.breaks.get(usize::from(day)).copied().unwrap_or(0);
        for slot in 0..board.slots() {
            let ends = now + u32::from(breaks & crate::ids::span(slot, 1) == 0);
            clock.push((now, ends));
            now = ends;
        }
    }
    let rooms = 0..board.spec.rooms.len();
    Map {
        label: named("rooms".to_owned()),
        places: rooms.map(|n| named(format!("room {n}"))).collect(),
        place_of,
        clock,
        ..Map::default()
    }
}
