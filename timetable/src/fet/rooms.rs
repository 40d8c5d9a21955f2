//! What a FET file says about rooms.

use super::Constraint;
use super::draft::{MUST, Maker, unknown};
use super::error::FetError;
use crate::draft::{DraftClass, DraftLoad};
use crate::ids::{RoomIx, TeacherIx};
use crate::spec::Audience;
use std::collections::HashMap;

/// Most rooms that a teacher is at home in.
const MOST_HOME_ROOMS: usize = 40;

/// Rooms of a list, and what the list weighs, in thousandths of a percent.
pub(super) type Rooms = (Vec<RoomIx>, u32);

/// Keeps the first list of rooms for a thing. False when it has another one already: only one can be kept.
pub(super) fn keep<K: std::hash::Hash + Eq>(lists: &mut HashMap<K, Rooms>, key: K, rooms: &Rooms) -> bool {
    lists.entry(key).or_insert_with(|| rooms.clone()) == rooms
}

/// The home rooms that a load's teachers give its lessons, which name none themselves; and the constraints that are not met so: where two
/// teachers have different ones, or a class has its own.
fn of_teachers<'m, 'a>(
    homes: &'m HashMap<TeacherIx, (Rooms, &'a Constraint)>,
    load: &DraftLoad,
    classes: &[DraftClass],
) -> (Option<&'m Rooms>, Vec<(u32, &'a str)>) {
    let mut found = load.teachers.iter().filter_map(|teacher| homes.get(teacher));
    let class = |audience: &Audience| match audience {
        Audience::Class(class) => classes.get(class.ix()).and_then(|c| c.home_room),
        Audience::Group(_) => None,
    };
    let Some((rooms, _)) = found.clone().next() else {
        return (None, vec![]);
    };
    let alike = found.all(|(other, _)| other == rooms);
    if alike && load.audience.iter().all(|audience| class(audience).is_none()) {
        return (Some(rooms), vec![]);
    }
    let mine = load.teachers.iter().filter_map(|teacher| homes.get(teacher));
    (
        None,
        mine.map(|(_, said)| (said.line, said.kind.as_str())).collect(),
    )
}

impl<'a> Maker<'a> {
    /// The rooms that a teacher calls their own: those of their lessons that name no others.
    pub(super) fn teacher_rooms(
        &mut self,
        constraint: &'a Constraint,
        teacher: &str,
        names: &[String],
    ) -> Result<(), FetError> {
        let line = constraint.line;
        let found = self.teachers.get(teacher);
        let teacher = TeacherIx::at(*found.ok_or_else(|| unknown(line, "Teacher", teacher))?);
        let Some(rooms) = self.rooms(names, constraint)? else {
            return Ok(());
        };
        // a home of very many rooms is none
        if rooms.0.len() > MOST_HOME_ROOMS || self.home_of_teacher.contains_key(&teacher) {
            self.ignore(&constraint.kind, line);
        } else {
            self.home_of_teacher.insert(teacher, (rooms, constraint));
        }
        Ok(())
    }

    /// What the constraints say about rooms, most particular first; and the rooms of placed cards.
    pub(super) fn rooms_for_cards(&mut self) -> Result<(), FetError> {
        let mut crowd = vec![];
        // constraints about home rooms of teachers that some lesson of theirs cannot have
        let mut foreign = std::collections::BTreeMap::new();
        for activity in &self.file.activities {
            let Some(Some(place)) = self.cards.get(&activity.id) else {
                continue;
            };
            let card = &self.out.loads[place.0].cards[place.1];
            let own = self.own_rooms.get(&activity.id).cloned();
            let placed = self.placed_rooms.get(&activity.id).copied();
            let own = own.or_else(|| {
                placed
                    .filter(|p| p.1 || card.placement.is_none())
                    .map(|(room, _)| (vec![room], MUST))
            });
            let subject = activity.subject.as_str();
            let both = || {
                activity
                    .tags
                    .iter()
                    .find_map(|t| self.both_rooms.get(&(subject, t.as_str())))
            };
            let of_subject = || self.subject_rooms.get(subject);
            let of_tag = || activity.tags.iter().find_map(|t| self.tag_rooms.get(t.as_str()));
            // a list of rooms for a subject becomes one for each of its cards
            let shared = || both().or_else(of_subject).or_else(of_tag);
            // FET asks for all lists at once, a card has one: the most particular
            {
                let tags = || activity.tags.iter().map(String::as_str);
                let both = tags().filter_map(|tag| self.both_rooms.get(&(subject, tag)));
                let of_tags = tags().filter_map(|tag| self.tag_rooms.get(tag));
                let mut lists = own.iter().chain(both).chain(of_subject()).chain(of_tags);
                let chosen = lists.next();
                let others = lists.filter(|other| Some(*other) != chosen);
                crowd.extend(others.map(|(_, weight)| (activity.line, *weight >= MUST)));
            }
            let taught = own.is_none() && shared().is_none();
            let wish = match own {
                Some(own) => Some(own),
                None if taught => {
                    let load = &self.out.loads[place.0];
                    let (rooms, at_odds) = of_teachers(&self.home_of_teacher, load, &self.out.classes);
                    foreign.extend(at_odds);
                    let entries = rooms.map_or(0, |(rooms, _)| rooms.len());
                    self.budget.hold(entries, activity.line, "Activity")?;
                    rooms.cloned()
                }
                None => {
                    let shared = shared();
                    let entries = shared.map_or(0, |(rooms, _)| rooms.len());
                    self.budget.hold(entries, activity.line, "Activity")?;
                    shared.cloned()
                }
            };
            let (rooms, weight) = wish.unwrap_or_default();
            let card = &mut self.out.loads[place.0].cards[place.1];
            card.rooms_must = weight >= MUST;
            card.rooms_weight = (!rooms.is_empty()).then_some(weight);
            card.rooms = rooms;
            if let Some(at) = &mut card.placement {
                at.room = placed.map(|(room, _)| room);
            }
        }
        for (line, must) in crowd {
            let what = if must {
                "Activity (several lists of rooms, 100 %)"
            } else {
                "Activity (several lists of rooms)"
            };
            self.ignore(what, line);
        }
        foreign
            .into_iter()
            .for_each(|(line, kind)| self.ignore(kind, line));
        Ok(())
    }

    /// The room that a class calls its own: it has one, others are told, and that it must be used.
    pub(super) fn home_rooms(
        &mut self,
        constraint: &Constraint,
        students: &str,
        names: &[String],
    ) -> Result<(), FetError> {
        let line = constraint.line;
        let mut rooms = vec![];
        for name in names {
            rooms.extend(self.room(name, line)?);
        }
        let sets = self
            .sets
            .get(students)
            .ok_or_else(|| unknown(line, "Students", students))?;
        let mut kept = false;
        if let ([Audience::Class(c)], Some(room)) = (&sets[..], rooms.first()) {
            let home = &mut self.out.classes[c.ix()].home_room;
            kept = rooms.len() == 1 && home.is_none_or(|known| known == *room);
            home.get_or_insert(*room);
        }
        if !kept {
            self.ignore(&constraint.kind, line);
        }
        if constraint.weight >= MUST {
            self.ignore("StudentsSetHomeRoom (100 %)", line);
        }
        Ok(())
    }

    pub(super) fn room(&self, name: &str, line: u32) -> Result<Option<RoomIx>, FetError> {
        self.rooms
            .get(name)
            .copied()
            .ok_or_else(|| unknown(line, "Room", name))
    }

    /// The real rooms of a list, and whether they are a must; none (counted as not understood) with a virtual room.
    pub(super) fn rooms(
        &mut self,
        names: &[String],
        constraint: &Constraint,
    ) -> Result<Option<Rooms>, FetError> {
        let mut rooms = vec![];
        let mut is_virtual = false;
        for name in names {
            let room = self.room(name, constraint.line)?;
            is_virtual |= room.is_none();
            rooms.extend(room);
        }
        if is_virtual {
            self.ignore(&constraint.kind, constraint.line);
            return Ok(None);
        }
        Ok((!rooms.is_empty()).then_some((rooms, constraint.weight)))
    }
}
