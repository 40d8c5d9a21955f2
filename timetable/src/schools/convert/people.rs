//! The resources of a problem as teachers, classes and rooms.

use super::grid::Grid;
use super::{Stays, Told};
use crate::draft::{DraftCard, DraftClass, DraftRoom, DraftTeacher, SchoolDraft, grade_in};
use crate::ids::{ClassIx, RoomIx, TeacherIx, Weeks, wide};
use crate::problem::{Meet, Problem, Rule};
use crate::spec::{Audience, Placement};

/// What a resource is in a school.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    Teacher(TeacherIx),
    Class(ClassIx),
    Room(RoomIx),
    /// It only counts: it may be in several places at once.
    Nobody,
}

pub(super) struct People {
    pub who: Vec<Who>,
    /// Rooms of each kind of resource that is one of rooms.
    rooms: Vec<Vec<RoomIx>>,
    /// For each event and role, the rooms that its requirements leave; and those that it would rather have.
    wanted: Vec<(u32, u32, Vec<RoomIx>, bool)>,
}

impl People {
    pub fn of(problem: &Problem, draft: &mut SchoolDraft) -> Self {
        let apart = clashing(problem);
        let mut rooms = vec![vec![]; problem.kinds.len()];
        let mut who = vec![];
        for (at, resource) in problem.resources.iter().enumerate() {
            let kind = problem.kinds.get(wide(resource.kind));
            let kind = kind
                .map(|k| format!("{} {}", k.id, k.name).to_lowercase())
                .unwrap_or_default();
            let name = resource.label.name.clone();
            who.push(if kind.contains("teacher") {
                draft.teachers.push(DraftTeacher {
                    name,
                    ..DraftTeacher::default()
                });
                Who::Teacher(TeacherIx::at(draft.teachers.len() - 1))
            } else if kind.contains("room") {
                draft.rooms.push(DraftRoom {
                    name,
                    ..DraftRoom::default()
                });
                let room = RoomIx::at(draft.rooms.len() - 1);
                if let Some(of) = rooms.get_mut(wide(resource.kind)) {
                    of.push(room);
                }
                Who::Room(room)
            } else if apart.get(at).copied().unwrap_or(false) {
                draft.classes.push(DraftClass {
                    grade: grade_in(&name),
                    name,
                    ..DraftClass::default()
                });
                Who::Class(ClassIx::at(draft.classes.len() - 1))
            } else {
                Who::Nobody
            });
        }
        let mut people = Self {
            who,
            rooms,
            wanted: vec![],
        };
        people.wanted = people.wishes(problem);
        people
    }

    pub fn of_resource(&self, resource: u32) -> Who {
        self.who.get(wide(resource)).copied().unwrap_or(Who::Nobody)
    }

    fn room(&self, resource: u32) -> Option<RoomIx> {
        match self.of_resource(resource) {
            Who::Room(room) => Some(room),
            _ => None,
        }
    }

    /// Whether a role of an event is for rooms.
    pub fn is_room_role(&self, problem: &Problem, event: u32, role: u32) -> bool {
        problem.seats_with(event, role).all(|seat| {
            problem
                .event(event)
                .seats
                .get(seat)
                .is_some_and(|s| self.is_room_kind(s.kind))
        })
    }

    fn is_room_kind(&self, kind: u32) -> bool {
        self.rooms.get(wide(kind)).is_some_and(|rooms| !rooms.is_empty())
    }

    fn wishes(&self, problem: &Problem) -> Vec<(u32, u32, Vec<RoomIx>, bool)> {
        let mut wanted = vec![];
        for constraint in &problem.constraints {
            let Rule::PreferResources(rule) = &constraint.rule else {
                continue;
            };
            let groups = rule
                .resource_groups
                .iter()
                .filter_map(|g| problem.resource_groups.get(wide(*g)));
            let named = groups.flat_map(|g| &g.resources).chain(&rule.resources);
            let rooms: Vec<RoomIx> = named.filter_map(|r| self.room(*r)).collect();
            for event in constraint.scope.all_events(problem) {
                if self.is_room_role(problem, event, rule.role) {
                    wanted.push((event, rule.role, rooms.clone(), constraint.required));
                }
            }
        }
        wanted
    }

    /// Who holds and attends a piece of an event, and the piece as a card.
    pub fn card(
        &self,
        problem: &Problem,
        grid: &Grid,
        meet: &Meet,
        told: &mut Told,
    ) -> (Vec<TeacherIx>, Vec<Audience>, DraftCard) {
        let event = problem.event(meet.event);
        let (mut teachers, mut audience) = (vec![], vec![]);
        let mut rooms: Option<(Vec<RoomIx>, bool, Option<RoomIx>)> = None;
        for (seat, chosen) in event.seats.iter().zip(&meet.resources) {
            match chosen.map(|r| self.of_resource(r)) {
                Some(Who::Teacher(teacher)) => teachers.push(teacher),
                Some(Who::Class(class)) => audience.push(Audience::Class(class)),
                Some(Who::Nobody) => {}
                Some(Who::Room(_)) | None if self.is_room_kind(seat.kind) => {
                    let room = chosen.and_then(|r| self.room(r));
                    if rooms.is_some() {
                        told.note(Stays::SecondRoom);
                        continue;
                    }
                    let (may, must) = self.may(meet.event, seat.role, seat.kind, seat.fixed.and(room));
                    rooms = Some((may, must, room));
                }
                Some(Who::Room(_)) => {}
                None => {
                    let kind = problem.kinds.get(wide(seat.kind)).map_or("", |k| k.name.as_str());
                    told.note(Stays::Chosen(kind.to_owned()));
                }
            }
        }
        teachers.sort_unstable();
        teachers.dedup();
        audience.sort_unstable();
        audience.dedup();
        let (may, must, room) = rooms.unwrap_or_default();
        let placement = meet.time.and_then(|time| grid.place(time));
        let card = DraftCard {
            source_id: meet.event,
            duration: u16::try_from(meet.duration).unwrap_or(u16::MAX),
            weeks: Weeks::Every,
            off: false,
            rooms: may,
            rooms_must: must,
            rooms_weight: None,
            placement: placement.map(|(day, slot)| Placement { day, slot, room }),
            locked: event.time.is_some(),
        };
        (teachers, audience, card)
    }

    /// Rooms that a seat may have, and whether it must.
    fn may(&self, event: u32, role: Option<u32>, kind: u32, fixed: Option<RoomIx>) -> (Vec<RoomIx>, bool) {
        if let Some(room) = fixed {
            return (vec![room], true);
        }
        let of = |required: bool| {
            self.wanted
                .iter()
                .filter(move |(e, r, _, must)| *e == event && Some(*r) == role && *must == required)
                .map(|(_, _, rooms, _)| rooms)
        };
        let mut must: Option<Vec<RoomIx>> = None;
        for rooms in of(true) {
            let both = must.map_or_else(
                || rooms.clone(),
                |so_far| so_far.into_iter().filter(|room| rooms.contains(room)).collect(),
            );
            must = Some(both);
        }
        if let Some(rooms) = must.filter(|rooms| !rooms.is_empty()) {
            return (rooms, true);
        }
        match of(false).next() {
            Some(rooms) if !rooms.is_empty() => (rooms.clone(), false),
            _ => (self.rooms.get(wide(kind)).cloned().unwrap_or_default(), true),
        }
    }
}

/// Which resources are required to be in one place only.
fn clashing(problem: &Problem) -> Vec<bool> {
    let mut apart = vec![false; problem.resources.len()];
    for constraint in &problem.constraints {
        if constraint.required && matches!(constraint.rule, Rule::AvoidClashes(_)) {
            for resource in constraint.scope.all_resources(problem) {
                if let Some(at) = apart.get_mut(wide(resource)) {
                    *at = true;
                }
            }
        }
    }
    apart
}
