//! Ways between buildings and rooms that are near, as rules: what [`Board::judge`](crate::Board::judge) counts, at the same price.

use super::limits::price;
use super::problem::{COUNTER, Draft};
use crate::ids::{CardIx, ClassIx, TeacherIx, narrow, wide};
use crate::limits::Limit;
use crate::problem::rules::{limit_place_changes::LimitPlaceChanges, walk_in_time::WalkInTime};
use crate::problem::{Map, Named, Rule, Seat};
use crate::ways::Chart;

const BUILDINGS: u32 = 0;
const FLOORS: u32 = 1;

/// The rule that there is time for a way.
pub(super) const WALK: &str = "there is time for the way between buildings";
/// The wish that lessons in a row are near.
pub(super) const NEAR: &str = "lessons in a row are near";
/// The limit of changes of building.
pub(super) const MOVES: &str = "changes of building a day";

/// Adds the maps and all rules about them; nothing where nothing is asked about places.
pub(super) fn all(draft: &mut Draft<'_>) {
    let Some(charts) = draft.board.charts.as_ref() else {
        return;
    };
    let standing = standing(draft);
    for (name, chart) in [("buildings", &charts.buildings), ("floors", &charts.floors)] {
        let place = |of: &(Option<u16>, Option<u16>)| if name == "buildings" { of.0 } else { of.1 };
        let others = standing.iter().map(|(at, of)| (*at, place(of)));
        let map = map(draft, name, chart, others.collect());
        draft.problem.maps.push(map);
    }
    let site = &draft.board.spec.site;
    for (map, limit) in [(BUILDINGS, site.walk), (FLOORS, site.near)] {
        let Some(limit) = limit else { continue };
        let name = if map == BUILDINGS { WALK } else { NEAR };
        let rule = Rule::WalkInTime(WalkInTime {
            map,
            time_groups: draft.days(),
            gap: None,
        });
        let mut teachers: Vec<u32> = draft.teachers.iter().flatten().copied().collect();
        teachers.sort_unstable();
        teachers.dedup();
        draft.for_resources(name, price(limit, 1), teachers, rule.clone());
        for (kinds, pupils) in pupils(draft) {
            draft.for_resources(name, price(limit, kinds), pupils, rule.clone());
        }
    }
    for n in 0..draft.board.spec.teachers.len() {
        if let Some(limit) = draft.board.spec.teachers[TeacherIx::at(n).ix()].moves_per_day {
            let mut who = draft.teachers[n].to_vec();
            who.dedup();
            moves(draft, limit, 1, &who);
        }
    }
    for class in (0..draft.board.spec.classes.len()).map(ClassIx::at) {
        if let Some(limit) = draft.board.spec.classes[class.ix()].limits.moves_per_day {
            let (kinds, who) = of_class(draft, class);
            moves(draft, limit, kinds, &who);
        }
    }
}

fn moves(draft: &mut Draft<'_>, limit: Limit, parts: u32, who: &[u32]) {
    for day in draft.days() {
        let rule = LimitPlaceChanges {
            map: BUILDINGS,
            time_groups: vec![day],
            max: limit.value.into(),
        };
        draft.for_resources(
            MOVES,
            price(limit, parts),
            who.to_vec(),
            Rule::LimitPlaceChanges(rule),
        );
    }
}

/// The kinds of pupils of a class, and their resources.
fn of_class(draft: &Draft<'_>, class: ClassIx) -> (u32, Vec<u32>) {
    let all = draft.pupils.iter().zip(&draft.pupil_resources);
    let mine: Vec<&[u32; 2]> = all
        .filter(|(p, _)| p.classes.contains(&class))
        .map(|(_, pair)| pair)
        .collect();
    let mut who: Vec<u32> = mine.iter().copied().flatten().copied().collect();
    who.sort_unstable();
    who.dedup();
    (narrow(mine.len()), who)
}

/// All pupils, each once: with those of their first class, among whose kinds a price is shared.
fn pupils(draft: &Draft<'_>) -> Vec<(u32, Vec<u32>)> {
    let classes = (0..draft.board.spec.classes.len()).map(ClassIx::at);
    let of = |class: ClassIx| {
        let all = draft.pupils.iter().zip(&draft.pupil_resources);
        let mine = all.filter(|(p, _)| p.classes.first() == Some(&class));
        let mut who: Vec<u32> = mine.flat_map(|(_, pair)| pair.iter().copied()).collect();
        who.sort_unstable();
        who.dedup();
        (of_class(draft, class).0, who)
    };
    classes.map(of).collect()
}

/// Places in buildings and on floors, with the resource that stands for them.
type Standing = Vec<(u32, (Option<u16>, Option<u16>))>;

/// A kept card has no seat for a room, and one that is to be placed may get none: where it is all the same is said by what stands for
/// that place, on a seat after the room's.
fn standing(draft: &mut Draft<'_>) -> Standing {
    let board = draft.board;
    let mut made: Standing = vec![];
    let Some(charts) = board.charts.as_ref() else {
        return made;
    };
    for event in 0..draft.lessons.len() {
        let lesson = &draft.lessons[event];
        let room = board.placement(lesson.card).and_then(|at| at.room);
        let room = room.filter(|_| lesson.kept);
        let of = |chart: &Chart| board.place_of(lesson.card, room, chart);
        let place = (of(&charts.buildings), of(&charts.floors));
        if place == (None, None) {
            continue;
        }
        let at = match made.iter().find(|(_, of)| *of == place) {
            Some((at, _)) => *at,
            None => {
                let at = draft.resource(COUNTER, format!("place {}", made.len()));
                made.push((at, place));
                at
            }
        };
        draft.problem.events[event].seats.push(Seat {
            fixed: Some(at),
            role: None,
            kind: COUNTER,
            workload: None,
        });
    }
    made
}

fn map(draft: &Draft<'_>, name: &str, chart: &Chart, standing: Vec<(u32, Option<u16>)>) -> Map {
    let named = |id: String| Named { name: id.clone(), id };
    let mut place_of = vec![None; draft.problem.resources.len()];
    let rooms = (draft.first_room..).zip(&draft.rooms);
    let rooms = rooms.map(|(at, room)| (at, chart.place_of.get(room.ix()).copied().flatten()));
    for (at, place) in rooms.chain(standing) {
        place_of[wide(at)] = place.map(u32::from);
    }
    let mut clocks = chart.clocks.all.iter().map(|clock| {
        let bells = clock.iter().map(|(a, b)| (u32::from(*a), u32::from(*b)));
        bells.collect::<Vec<_>>()
    });
    let own = |card: CardIx| chart.clocks.of.get(card.ix()).copied().map_or(0, u32::from);
    let mut clock_of: Vec<u32> = draft.lessons.iter().map(|lesson| own(lesson.card)).collect();
    if clock_of.iter().all(|clock| *clock == 0) {
        clock_of.clear();
    }
    Map {
        label: named(name.to_owned()),
        places: (0..chart.places).map(|n| named(format!("{name} {n}"))).collect(),
        place_of,
        walk: chart.walk.iter().map(|m| u32::from(*m)).collect(),
        clock: clocks.next().unwrap_or_default(),
        clocks: clocks.collect(),
        clock_of,
    }
}
