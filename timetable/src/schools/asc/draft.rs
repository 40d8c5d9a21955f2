//! A file of aSc Timetables as a [`SchoolDraft`]: classes, subgroups, loads, cards, for the import of a school.
//!
//! Subgroups that no lesson names are left out (the program makes some for every class). What a draft has no word for is counted
//! in [`SchoolDraft::ignored`]: terms, cycles of more than two weeks, second rooms, lessons of single students, days of a lesson.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::cards::{Card, Cards, list};
use super::fault::{AscFault, AscReason, fault, short};
use super::people::{Table, is_whole, one};
use super::read::{decoded, lengths, tables, unknown_tables};
use super::week::Week;
use crate::draft::{
    DraftCard, DraftClass, DraftGroup, DraftLoad, DraftRoom, DraftTeacher, Ignored, SchoolDraft, grade_in,
};
use crate::ids::{ClassIx, GroupIx, RoomIx, SubjectIx, TeacherIx, TimeSet, Weeks, narrow};
use crate::markup::Element;
use crate::spec::{Audience, Placement};

/// Most cards of a file.
const MOST_CARDS: usize = 20_000;
/// Most rows of a table of people or things.
const MOST_ROWS: usize = 30_000;
/// Most subgroups of a class, and of all: each two of a class are held against one another.
const MOST_OF_CLASS: usize = 250;
const MOST_GROUPS: usize = 10_000;
/// Most rooms, teachers, classes and subgroups that cards name, all together.
const MOST_ENTRIES: usize = 1_000_000;

/// Whether a file is one of aSc Timetables, by its first element; in UTF-16 the letters have zeros between them.
#[must_use]
pub fn is_one(bytes: &[u8]) -> bool {
    crate::schools::first_element(bytes) == "timetable"
}

/// Reads a file, in the encoding that it declares.
///
/// # Errors
/// [`AscFault`] with line and reason.
pub fn import(bytes: &[u8]) -> Result<SchoolDraft, AscFault> {
    import_text(&decoded(bytes)?)
}

/// The same of a text, whatever encoding it once had.
///
/// # Errors
/// As [`import`].
pub fn import_text(text: &str) -> Result<SchoolDraft, AscFault> {
    let (root, week) = tables(text)?;
    let lengths = lengths(&root)?;
    let cards = Cards::of(&root, &week, &lengths)?;
    let mut maker = Maker::new(&root, &week)?;
    for lesson in root.list("lessons") {
        let id = lesson.attribute("id").unwrap_or_default();
        let own = cards.of.get(id).map_or(&[][..], Vec::as_slice);
        maker.lesson(lesson, own, lengths.get(id).copied().unwrap_or((1, None)))?;
    }
    for stray in &cards.strays {
        maker.ignore("card (no lesson or no place)", stray.line);
    }
    for unknown in unknown_tables(&root) {
        for _ in 0..unknown.count {
            maker.ignore(&unknown.kind, unknown.line);
        }
    }
    Ok(maker.finish())
}

/// Positions of a table's rows by their ids.
type Places<'a> = HashMap<&'a str, usize>;

fn places<'a>(table: &Table<'a>) -> Places<'a> {
    table
        .rows
        .iter()
        .enumerate()
        .map(|(at, (id, _))| (*id, at))
        .collect()
}

/// A table of no more rows than a school has.
fn table<'a>(root: &'a Element, name: &'static str) -> Result<Table<'a>, AscFault> {
    match root.list(name).get(MOST_ROWS) {
        Some(beyond) => {
            let found = narrow(root.list(name).len());
            let reason = AscReason::TooMany(name, found, narrow(MOST_ROWS));
            Err(fault(beyond, reason))
        }
        None => Table::of(root, name),
    }
}

struct Maker<'a> {
    week: &'a Week,
    out: SchoolDraft,
    subjects: Places<'a>,
    teachers: Places<'a>,
    rooms: Places<'a>,
    classes: Places<'a>,
    groups: Table<'a>,
    /// Subgroups that a lesson names.
    group_at: HashMap<&'a str, GroupIx>,
    /// Splits of each class by the tag of a division.
    splits: HashMap<(ClassIx, &'a str), u16>,
    /// Splits and subgroups of each class so far.
    of_class: HashMap<ClassIx, (u16, usize)>,
    loads: BTreeMap<(SubjectIx, Vec<TeacherIx>, Vec<Audience>), usize>,
    cards: usize,
    entries: usize,
    ignored: BTreeMap<String, Ignored>,
}

/// A name that people use: the long one, else the short one.
fn name_of(row: &Element) -> String {
    let said = |attribute| row.attribute(attribute).map(str::trim).filter(|t| !t.is_empty());
    said("name").or_else(|| said("short")).unwrap_or("—").to_owned()
}

/// «Иванова Анна Петровна»: family name first, where the file tells them apart.
fn teacher_name(row: &Element) -> String {
    let said = |attribute| row.attribute(attribute).map(str::trim).filter(|t| !t.is_empty());
    match (said("lastname"), said("firstname")) {
        (Some(last), Some(first)) => format!("{last} {first}"),
        _ => name_of(row),
    }
}

impl<'a> Maker<'a> {
    fn new(root: &'a Element, week: &'a Week) -> Result<Self, AscFault> {
        let subjects = table(root, "subjects")?;
        let teachers = table(root, "teachers")?;
        let rooms = table(root, "classrooms")?;
        let classes = table(root, "classes")?;
        let buildings = table(root, "buildings")?;
        let mut students: HashMap<&str, usize> = HashMap::new();
        for student in root.list("students") {
            if let Some(class) = student.attribute("classid") {
                *students.entry(class).or_default() += 1;
            }
        }
        let building_at = places(&buildings);
        let room_at = places(&rooms);
        let room = |row: &Element| {
            let seats = row
                .attribute("capacity")
                .and_then(|n| n.trim().parse::<u32>().ok());
            let building = row.attribute("buildingid").and_then(|id| building_at.get(id));
            DraftRoom {
                name: name_of(row),
                building: building.map(|at| narrow(*at)),
                capacity: seats.filter(|n| (1..30_000).contains(n)),
                ..DraftRoom::default()
            }
        };
        let class = |id: &str, row: &Element| {
            let name = name_of(row);
            let own = list(row, "classroomids");
            let home = match own.as_slice() {
                [one] => room_at.get(one.as_str()).map(|at| RoomIx::at(*at)),
                _ => None,
            };
            let told = row.attribute("grade").and_then(|n| n.trim().parse::<u8>().ok());
            let pupils = students.get(id).copied().unwrap_or(0);
            DraftClass {
                grade: told.filter(|n| (1..=12).contains(n)).or_else(|| grade_in(&name)),
                name,
                pupils: narrow(pupils),
                home_room: home,
                ..DraftClass::default()
            }
        };
        let mut out = SchoolDraft {
            name: root
                .attribute("displayname")
                .unwrap_or_default()
                .trim()
                .to_owned(),
            days: week.days.clone(),
            slots: week.periods.iter().map(|(_, name)| name.clone()).collect(),
            subjects: subjects.rows.iter().map(|(_, row)| name_of(row)).collect(),
            buildings: buildings.rows.iter().map(|(_, row)| name_of(row)).collect(),
            rooms: rooms.rows.iter().map(|(_, row)| room(row)).collect(),
            classes: classes.rows.iter().map(|(id, row)| class(id, row)).collect(),
            ..SchoolDraft::default()
        };
        out.teachers = teachers
            .rows
            .iter()
            .map(|(_, row)| DraftTeacher {
                name: teacher_name(row),
                away: TimeSet::new(),
            })
            .collect();
        let groups = Table::of(root, "groups")?;
        let class_at = places(&classes);
        // the whole of a class tells how many it has, where no students are listed
        for (_, group) in groups.rows.iter().filter(|(_, g)| is_whole(g)) {
            let class = group.attribute("classid").and_then(|id| class_at.get(id));
            let class = class.and_then(|at| out.classes.get_mut(*at));
            if let Some(class) = class.filter(|c| c.pupils == 0) {
                class.pupils = count_of(group);
            }
        }
        Ok(Self {
            week,
            out,
            subjects: places(&subjects),
            teachers: places(&teachers),
            rooms: room_at,
            classes: class_at,
            groups,
            group_at: HashMap::new(),
            splits: HashMap::new(),
            of_class: HashMap::new(),
            loads: BTreeMap::new(),
            cards: 0,
            entries: 0,
            ignored: BTreeMap::new(),
        })
    }

    fn ignore(&mut self, kind: &str, line: u32) {
        let entry = self.ignored.entry(kind.to_owned());
        entry.or_insert_with(|| Ignored::of(kind, line)).add(line);
    }

    fn finish(mut self) -> SchoolDraft {
        self.out.ignored = self.ignored.into_values().collect();
        self.out
            .ignored
            .sort_by(|a, b| a.line.cmp(&b.line).then(a.kind.cmp(&b.kind)));
        self.out.cut_into_atoms(&[]);
        self.out
    }

    fn lesson(
        &mut self,
        lesson: &'a Element,
        cards: &[Card],
        (length, told): (u32, Option<u32>),
    ) -> Result<(), AscFault> {
        let id = lesson.attribute("id").unwrap_or_default();
        if length > self.week.height() {
            return Err(fault(lesson, AscReason::PastDayEnd(short(id))));
        }
        if !list(lesson, "studentids").is_empty() {
            self.ignore("lesson (of single students)", lesson.line);
        }
        let key = (
            self.subject(lesson)?,
            self.teachers(lesson)?,
            self.audience(lesson)?,
        );
        let (subject, teachers, audience) = key.clone();
        let named = teachers.len() + audience.len();
        let next = self.out.loads.len();
        let at = *self.loads.entry(key).or_insert(next);
        if at == next {
            self.out.loads.push(DraftLoad {
                subject,
                teachers,
                audience,
                cards: vec![],
            });
        }
        let rooms = self.rooms_of(lesson)?;
        let days = self
            .week
            .days_of(lesson.attribute("daysdefid").unwrap_or_default());
        if days.len() < self.week.days.len() {
            self.ignore("lesson (days)", lesson.line);
        }
        let count = told.unwrap_or(1).max(narrow(cards.len()));
        self.cards = self.cards.saturating_add(crate::ids::wide(count));
        if self.cards > MOST_CARDS {
            let reason = AscReason::TooMany("cards", narrow(self.cards), narrow(MOST_CARDS));
            return Err(fault(lesson, reason));
        }
        let copies = crate::ids::wide(count).max(1);
        self.entries = self.entries.saturating_add(copies * (named + rooms.len()));
        if self.entries > MOST_ENTRIES {
            let reason = AscReason::TooMuch(short(id), narrow(MOST_ENTRIES));
            return Err(fault(lesson, reason));
        }
        let usual = self.usual_weeks(lesson);
        let before = narrow(self.cards).saturating_sub(count);
        for nth in 0..count {
            let card = cards.get(crate::ids::wide(nth));
            let mut made = self.card(lesson, card, length, &rooms, &usual);
            made.source_id = before + nth + 1;
            if let Some(load) = self.out.loads.get_mut(at) {
                load.cards.push(made);
            }
        }
        Ok(())
    }

    fn card(
        &mut self,
        lesson: &Element,
        card: Option<&Card>,
        length: u32,
        rooms: &[RoomIx],
        usual: &(String, String),
    ) -> DraftCard {
        let height = self.week.height().max(1);
        let (weeks, terms) = card.map_or((&usual.0, &usual.1), |c| (&c.weeks, &c.terms));
        let weeks = self.weeks(weeks, terms, lesson.line);
        let fits = |start: &u32| start % height + length <= height;
        let start = card.map(|c| c.start).filter(fits);
        if card.is_some() && start.is_none() {
            self.ignore("card (past the end of a day)", lesson.line);
        }
        let named = card.map_or(&[][..], |c| c.rooms.as_slice());
        if named.len() > 1 {
            self.ignore("card (second room)", lesson.line);
        }
        let room = named.first().and_then(|id| self.rooms.get(id.as_str()));
        let short = |n: u32| u16::try_from(n).unwrap_or(u16::MAX);
        let placement = start.map(|start| Placement {
            day: short(start / height),
            slot: short(start % height),
            room: room.map(|at| RoomIx::at(*at)),
        });
        DraftCard {
            source_id: 0,
            duration: short(length),
            weeks,
            off: false,
            rooms: rooms.to_vec(),
            rooms_must: !rooms.is_empty(),
            rooms_weight: None,
            locked: placement.is_some() && card.is_some_and(|c| c.locked),
            placement,
        }
    }

    /// Patterns of the lesson's weeks and terms.
    fn usual_weeks(&self, lesson: &Element) -> (String, String) {
        let of = |defs: &HashMap<String, String>, attribute: &str| {
            let id = lesson.attribute(attribute).unwrap_or_default();
            let pattern = defs.get(id).map_or("", String::as_str);
            pattern.split(',').next().unwrap_or_default().to_owned()
        };
        (
            of(&self.week.weeksdefs, "weeksdefid"),
            of(&self.week.termsdefs, "termsdefid"),
        )
    }

    fn weeks(&mut self, weeks: &str, terms: &str, line: u32) -> Weeks {
        let always = self.week.always();
        if self.week.terms > 1 && self.week.parts("", terms) != always {
            self.ignore("termsdef", line);
        }
        let parts = self.week.parts(weeks, "");
        if parts == always {
            return Weeks::Every;
        }
        if self.week.weeks != 2 {
            self.ignore("weeksdef", line);
            return Weeks::Every;
        }
        if parts == self.week.parts("10", "") {
            Weeks::Odd
        } else {
            Weeks::Even
        }
    }

    fn subject(&self, lesson: &Element) -> Result<SubjectIx, AscFault> {
        let id = lesson.attribute("subjectid").unwrap_or_default();
        let at = self.subjects.get(id);
        at.map(|at| SubjectIx::at(*at))
            .ok_or_else(|| fault(lesson, AscReason::Missing("subject", short(id))))
    }

    fn teachers(&self, lesson: &Element) -> Result<Vec<TeacherIx>, AscFault> {
        let ids = list(lesson, "teacherids")
            .into_iter()
            .chain(one(lesson, "teacherid"));
        let mut found = BTreeSet::new();
        for id in ids {
            let at = self.teachers.get(id.as_str());
            let at = at.ok_or_else(|| fault(lesson, AscReason::Missing("teacher", short(&id))))?;
            found.insert(TeacherIx::at(*at));
        }
        Ok(found.into_iter().collect())
    }

    fn rooms_of(&self, lesson: &Element) -> Result<Vec<RoomIx>, AscFault> {
        let (mut found, mut seen) = (vec![], BTreeSet::new());
        for id in list(lesson, "classroomids") {
            let at = self.rooms.get(id.as_str());
            let at = at.ok_or_else(|| fault(lesson, AscReason::Missing("classroom", short(&id))))?;
            let room = RoomIx::at(*at);
            if seen.insert(room) {
                found.push(room);
            }
        }
        Ok(found)
    }

    /// Subgroups, and classes of which no subgroup is named.
    fn audience(&mut self, lesson: &Element) -> Result<Vec<Audience>, AscFault> {
        let mut found = BTreeSet::new();
        let mut grouped = BTreeSet::new();
        for id in list(lesson, "groupids") {
            let missing = || fault(lesson, AscReason::Missing("group", short(&id)));
            let (key, group) = self.groups.entry(&id).ok_or_else(missing)?;
            let of = group.attribute("classid").unwrap_or_default();
            let class = self.class(lesson, of)?;
            grouped.insert(class);
            if is_whole(group) {
                found.insert(Audience::Class(class));
            } else {
                found.insert(Audience::Group(self.group(key, group, class)?));
            }
        }
        for id in list(lesson, "classids").into_iter().chain(one(lesson, "classid")) {
            let class = self.class(lesson, &id)?;
            if !grouped.contains(&class) {
                found.insert(Audience::Class(class));
            }
        }
        Ok(found.into_iter().collect())
    }

    fn class(&self, lesson: &Element, id: &str) -> Result<ClassIx, AscFault> {
        let at = self.classes.get(id);
        at.map(|at| ClassIx::at(*at))
            .ok_or_else(|| fault(lesson, AscReason::Missing("class", short(id))))
    }

    fn group(&mut self, id: &'a str, row: &'a Element, class: ClassIx) -> Result<GroupIx, AscFault> {
        if let Some(known) = self.group_at.get(id) {
            return Ok(*known);
        }
        let tag = row.attribute("divisiontag").unwrap_or(id);
        let (splits, members) = self.of_class.entry(class).or_default();
        *members += 1;
        for (found, most, what) in [
            (*members, MOST_OF_CLASS, "groups of a class"),
            (self.out.groups.len() + 1, MOST_GROUPS, "groups"),
        ] {
            if found > most {
                let reason = AscReason::TooMany(what, narrow(found), narrow(most));
                return Err(fault(row, reason));
            }
        }
        let split = *self.splits.entry((class, tag)).or_insert_with(|| {
            *splits += 1;
            *splits - 1
        });
        let at = GroupIx::at(self.out.groups.len());
        self.out.groups.push(DraftGroup {
            class,
            name: name_of(row),
            pupils: count_of(row),
            split,
            away: TimeSet::new(),
            atoms: vec![],
        });
        self.group_at.insert(id, at);
        Ok(at)
    }
}

/// How many a group has, where it is told.
fn count_of(group: &Element) -> u32 {
    let told = group
        .attribute("studentcount")
        .and_then(|n| n.trim().parse::<u32>().ok());
    told.filter(|n| *n <= 100_000)
        .unwrap_or_else(|| narrow(list(group, "studentids").len()))
}
