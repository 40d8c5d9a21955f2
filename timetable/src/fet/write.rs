//! A [`SchoolDraft`] as a FET file, of the form that FET 6.8 writes.
//!
//! Numbers of activities are those of the cards, from one. Names that FET would take for one are made different. What FET has
//! no word for stands in comments (see [`super::marks`]), so that [`super::import`] gives the same school again; FET keeps them.

use std::collections::HashSet;

use super::constraints::{self, Plain};
use super::kept::{Kept, Written};
use super::marks;
use crate::draft::{DraftCard, DraftLoad, SchoolDraft};
use crate::ids::{CardIx, ClassIx, narrow};
use crate::markup::Writer;
use crate::spec::Audience;

/// The version whose form is written.
const VERSION: &str = "6.8.5";
/// What FET writes for a room without a bound.
const UNBOUNDED: u32 = 30_000;
/// FET divides an activity into so many parts at most; a load with more has each by itself.
const MOST_PARTS: usize = 35;

/// The file.
#[must_use]
pub fn write(draft: &SchoolDraft) -> String {
    write_with(draft, &[])
}

/// The file with further time constraints.
#[must_use]
pub fn write_with(draft: &SchoolDraft, more: &[Plain]) -> String {
    written(draft, &Names::of(draft), more, &Written::default(), &mut [])
}

/// Constraints of another file, with the names that a file of this draft has.
#[must_use]
pub fn name_kept(draft: &SchoolDraft, kept: &Kept) -> Written {
    kept.named(&Names::of(draft))
}

/// The file with constraints that were kept of another one, and the line on which each of them begins.
#[must_use]
pub fn write_kept(draft: &SchoolDraft, kept: &Written) -> (String, Vec<u32>) {
    let mut starts = vec![0; kept.rules.len()];
    let text = written(draft, &Names::of(draft), &[], kept, &mut starts);
    let mut order: Vec<usize> = (0..starts.len()).collect();
    order.sort_by_key(|at| starts.get(*at));
    let (mut line, mut seen) = (1u32, 0);
    let mut lines = vec![0; starts.len()];
    for at in order {
        let start = starts.get(at).copied().unwrap_or(0);
        let between = text.as_bytes().get(seen..start).unwrap_or_default();
        line = line.saturating_add(narrow(between.iter().filter(|b| **b == b'\n').count()));
        seen = start;
        if let Some(of_rule) = lines.get_mut(at) {
            *of_rule = line;
        }
    }
    (text, lines)
}

fn written(
    draft: &SchoolDraft,
    names: &Names,
    more: &[Plain],
    kept: &Written,
    starts: &mut [usize],
) -> String {
    let mut w = Writer::new();
    w.open("fet", &[("version", VERSION)]);
    w.text("Mode", "Official");
    w.text("Institution_Name", &clean(&draft.name));
    w.text("Comments", &draft.comments);
    days_and_hours(&mut w, names);
    list(&mut w, "Subjects_List", "Subject", &names.subjects);
    let tags: Vec<String> = kept.tags.keys().cloned().collect();
    list(&mut w, "Activity_Tags_List", "Activity_Tag", &tags);
    teachers(&mut w, draft, names);
    students(&mut w, draft, names);
    activities(&mut w, draft, names, kept);
    list(&mut w, "Buildings_List", "Building", &names.buildings);
    rooms(&mut w, draft, names);
    constraints::times(&mut w, draft, names, (more, kept), starts);
    constraints::spaces(&mut w, draft, names, kept, starts);
    w.finish()
}

/// A text without line ends and other control characters, which no file of ours may carry into a name.
pub(super) fn clean(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.trim().to_owned()
}

/// Names that FET tells apart.
#[derive(Default)]
struct Unique(HashSet<String>);

impl Unique {
    fn name(&mut self, name: &str) -> String {
        let plain = clean(name);
        let plain = if plain.is_empty() { "—" } else { &plain };
        let mut unique = plain.to_owned();
        let mut n = 1;
        while !self.0.insert(unique.clone()) {
            n += 1;
            unique = format!("{plain} ({n})");
        }
        unique
    }

    fn all<'a>(names: impl Iterator<Item = &'a String>) -> Vec<String> {
        let mut unique = Self::default();
        names.map(|name| unique.name(name)).collect()
    }
}

/// The names in the file, in the draft's order.
pub(super) struct Names {
    pub days: Vec<String>,
    pub hours: Vec<String>,
    pub subjects: Vec<String>,
    pub teachers: Vec<String>,
    pub buildings: Vec<String>,
    pub rooms: Vec<String>,
    pub classes: Vec<String>,
    pub groups: Vec<String>,
    /// What keeps the names of students apart.
    students: Unique,
}

impl Names {
    fn of(draft: &SchoolDraft) -> Self {
        // FET has one list of names for years, groups and subgroups: classes first, so that theirs stay as they are
        let mut students = Unique::default();
        let classes: Vec<String> = draft.classes.iter().map(|c| students.name(&c.name)).collect();
        let group = |group: &crate::draft::DraftGroup| {
            let class = classes.get(group.class.ix()).map_or("", String::as_str);
            let own = clean(&group.name);
            if own.starts_with(class) {
                own
            } else {
                format!("{class} {own}")
            }
        };
        let groups: Vec<String> = draft.groups.iter().map(group).collect();
        let groups = groups.iter().map(|name| students.name(name)).collect();
        Self {
            days: Unique::all(draft.days.iter()),
            hours: Unique::all(draft.slots.iter()),
            subjects: Unique::all(draft.subjects.iter()),
            teachers: Unique::all(draft.teachers.iter().map(|t| &t.name)),
            buildings: Unique::all(draft.buildings.iter()),
            rooms: Unique::all(draft.rooms.iter().map(|r| &r.name)),
            classes,
            groups,
            students,
        }
    }

    pub fn audience(&self, audience: Audience) -> &str {
        let found = match audience {
            Audience::Class(class) => self.classes.get(class.ix()),
            Audience::Group(group) => self.groups.get(group.ix()),
        };
        found.map_or("", String::as_str)
    }
}

/// The number of a card in the file.
#[must_use]
pub fn id(card: CardIx) -> String {
    card.0.saturating_add(1).to_string()
}

fn named(w: &mut Writer, element: &str, name: &str, comment: &str) {
    w.open(element, &[]);
    w.text("Name", name);
    w.text("Comments", comment);
    w.close();
}

fn list(w: &mut Writer, list: &str, element: &str, names: &[String]) {
    w.open(list, &[]);
    for name in names {
        named(w, element, name, "");
    }
    w.close();
}

fn days_and_hours(w: &mut Writer, names: &Names) {
    for (list, number, element, names) in [
        ("Days_List", "Number_of_Days", "Day", &names.days),
        ("Hours_List", "Number_of_Hours", "Hour", &names.hours),
    ] {
        w.open(list, &[]);
        w.text(number, &names.len().to_string());
        for name in names {
            w.open(element, &[]);
            w.text("Name", name);
            w.close();
        }
        w.close();
    }
}

fn teachers(w: &mut Writer, draft: &SchoolDraft, names: &Names) {
    w.open("Teachers_List", &[]);
    for (at, name) in names.teachers.iter().enumerate() {
        let slots = draft
            .loads
            .iter()
            .filter(|load| load.teachers.iter().any(|t| t.ix() == at))
            .flat_map(|load| &load.cards)
            .map(|card| u32::from(card.duration))
            .sum::<u32>();
        w.open("Teacher", &[]);
        w.text("Name", name);
        w.text("Target_Number_of_Hours", &slots.to_string());
        w.open("Qualified_Subjects", &[]);
        w.close();
        w.text("Comments", "");
        w.close();
    }
    w.close();
}

fn students(w: &mut Writer, draft: &SchoolDraft, names: &Names) {
    let mut taken = Unique(names.students.0.clone());
    w.open("Students_List", &[]);
    for (at, (class, name)) in draft.classes.iter().zip(&names.classes).enumerate() {
        w.open("Year", &[]);
        w.text("Name", name);
        w.text("Number_of_Students", &class.pupils.to_string());
        w.text("Comments", marks::CLASS);
        w.text("Number_of_Categories", "0");
        w.text("Separator", " ");
        let groups: Vec<usize> = (0..draft.groups.len())
            .filter(|g| draft.groups.get(*g).is_some_and(|g| g.class == ClassIx::at(at)))
            .collect();
        let parts = Parts::of(draft, &groups, name, &mut taken);
        for g in groups {
            let (Some(group), Some(name)) = (draft.groups.get(g), names.groups.get(g)) else {
                continue;
            };
            w.open("Group", &[]);
            w.text("Name", name);
            w.text("Number_of_Students", &group.pupils.to_string());
            let comment = if *name == group.name {
                String::new()
            } else {
                format!("{}{}", marks::GROUP, clean(&group.name))
            };
            w.text("Comments", &comment);
            for atom in parts.of_group(&group.atoms) {
                w.open("Subgroup", &[]);
                w.text("Name", atom);
                w.text("Number_of_Students", "0");
                w.text("Comments", "");
                w.close();
            }
            w.close();
        }
        w.close();
    }
    w.close();
}

/// What the subgroups of a class share, as FET's lowest level; nothing where they share nothing.
struct Parts(Vec<(u32, String)>);

impl Parts {
    fn of(draft: &SchoolDraft, groups: &[usize], class: &str, taken: &mut Unique) -> Self {
        let mut seen = HashSet::new();
        let mut shared = false;
        let mut atoms = vec![];
        for group in groups.iter().filter_map(|g| draft.groups.get(*g)) {
            for atom in &group.atoms {
                if seen.insert(*atom) {
                    atoms.push(*atom);
                } else {
                    shared = true;
                }
            }
        }
        if !shared {
            return Self(vec![]);
        }
        let named = (1..).zip(atoms);
        Self(
            named
                .map(|(n, atom): (u32, u32)| (atom, taken.name(&format!("{class} / {n}"))))
                .collect(),
        )
    }

    fn of_group<'a>(&'a self, atoms: &'a [u32]) -> impl Iterator<Item = &'a str> {
        let own = self.0.iter().filter(|(atom, _)| atoms.contains(atom));
        own.map(|(_, name)| name.as_str())
    }
}

fn activities(w: &mut Writer, draft: &SchoolDraft, names: &Names, kept: &Written) {
    w.open("Activities_List", &[]);
    let mut next = 0;
    for load in &draft.loads {
        let first = next;
        let divided = load.cards.len() > 1 && load.cards.len() <= MOST_PARTS;
        let total: u32 = load.cards.iter().map(|card| u32::from(card.duration)).sum();
        for card in &load.cards {
            let at = CardIx(next);
            next = next.saturating_add(1);
            w.open("Activity", &[]);
            for teacher in load.teachers.iter().filter_map(|t| names.teachers.get(t.ix())) {
                w.text("Teacher", teacher);
            }
            let subject = names.subjects.get(load.subject.ix());
            w.text("Subject", subject.map_or("", String::as_str));
            for (tag, _) in kept.tags.iter().filter(|(_, cards)| cards.contains(&at)) {
                w.text("Activity_Tag", tag);
            }
            for audience in &load.audience {
                w.text("Students", names.audience(*audience));
            }
            let duration = u32::from(card.duration);
            w.text("Duration", &duration.to_string());
            w.text(
                "Total_Duration",
                &if divided { total } else { duration }.to_string(),
            );
            w.text("Id", &id(at));
            let group = if divided {
                id(CardIx(first))
            } else {
                "0".to_owned()
            };
            w.text("Activity_Group_Id", &group);
            if let Some(seats) = crowded(draft, load, card) {
                w.text("Number_Of_Students", &seats.to_string());
            }
            w.text("Active", if card.off { "false" } else { "true" });
            w.text("Comments", marks::of_weeks(card.weeks));
            w.close();
        }
    }
    w.close();
}

/// The seats of a card's room, where fewer than its pupils: FET refuses what a school does every day, so such a lesson is written
/// for as many as find a seat.
#[must_use]
pub fn crowded(draft: &SchoolDraft, load: &DraftLoad, card: &DraftCard) -> Option<u32> {
    let seats = |room: &crate::ids::RoomIx| {
        draft
            .rooms
            .get(room.ix())
            .map(|r| r.capacity.unwrap_or(UNBOUNDED))
    };
    let placed = card.placement.and_then(|at| at.room);
    let most = match &placed {
        Some(room) => seats(room),
        None if card.rooms_must => card.rooms.iter().filter_map(seats).max(),
        None => None,
    }?;
    let pupils = load.audience.iter().map(|audience| match audience {
        Audience::Class(class) => draft.classes.get(class.ix()).map_or(0, |c| c.pupils),
        Audience::Group(group) => draft.groups.get(group.ix()).map_or(0, |g| g.pupils),
    });
    let pupils = pupils.fold(0u32, u32::saturating_add);
    (pupils > most).then_some(most)
}

fn rooms(w: &mut Writer, draft: &SchoolDraft, names: &Names) {
    w.open("Rooms_List", &[]);
    for (room, name) in draft.rooms.iter().zip(&names.rooms) {
        w.open("Room", &[]);
        w.text("Name", name);
        let building = room
            .building
            .and_then(|b| names.buildings.get(crate::ids::wide(b)));
        w.text("Building", building.map_or("", String::as_str));
        let seats = room.capacity.unwrap_or(UNBOUNDED).min(UNBOUNDED);
        w.text("Capacity", &seats.to_string());
        w.text("Virtual", "false");
        w.text("Comments", &marks::of_room(room));
        w.close();
    }
    w.close();
}
