//! A [`FetFile`] to a [`SchoolDraft`]: names resolved, levels decided, constraints put in their place.

use super::budget::Budget;
use super::error::{FetError, FetReason, shortened};
use super::rooms::{Rooms, keep};
use super::taken::Taken;
use super::{Constraint, FetFile, Named, Rule, Time, marks};
use crate::draft::{DraftCard, DraftGap, DraftLoad, DraftRoom, DraftTeacher, Ignored, SchoolDraft};
use crate::ids::{CardIx, ClassIx, RoomIx, SubjectIx, TeacherIx, TimeSet, Weeks, narrow, short};
use crate::spec::{Audience, Placement};
use std::collections::HashMap;

/// From this capacity on FET means "unlimited".
const UNLIMITED: u32 = 30_000;
/// A weight that means "must".
pub(super) const MUST: u32 = 100_000;

/// Makes a school of a file.
///
/// # Errors
/// [`FetError`] for a name that is not defined, or defined twice, an activity that does not fit into the day, or what would
/// come to more than a school has.
pub fn draft(file: &FetFile) -> Result<SchoolDraft, FetError> {
    super::names::check(file).map_err(|wrong| {
        let fault = if wrong.twice { duplicate } else { unknown };
        fault(wrong.line, wrong.element, wrong.name)
    })?;
    let mut maker = Maker::new(file);
    maker.students()?;
    maker.loads()?;
    for constraint in &file.constraints {
        maker.constraint(constraint)?;
    }
    maker.rooms_for_cards()?;
    maker.finish()
}

pub(super) type Names<'a> = HashMap<&'a str, usize>;

/// Pairs of activities and what keeps them apart, as [`Draft`] lists them: the pairs, the hours, the weight.
type Gap = (Vec<(usize, usize)>, u16, u32);

pub(super) struct Maker<'a> {
    pub(super) file: &'a FetFile,
    pub(super) out: SchoolDraft,
    pub(super) days: Names<'a>,
    pub(super) hours: Names<'a>,
    pub(super) subjects: Names<'a>,
    tags: Names<'a>,
    pub(super) teachers: Names<'a>,
    /// Real rooms by name; `None` = virtual.
    pub(super) rooms: HashMap<&'a str, Option<RoomIx>>,
    pub(super) sets: HashMap<&'a str, Vec<Audience>>,
    /// How many subgroups each class has.
    pub(super) groups_of: HashMap<ClassIx, usize>,
    /// Activity id to (load, card); `None` = not active.
    pub(super) cards: HashMap<u32, Option<(usize, usize)>>,
    /// Rooms of activities as the constraints tell them.
    pub(super) own_rooms: HashMap<u32, Rooms>,
    /// Where a finished timetable has an activity, and whether it is asked to be there.
    pub(super) placed_rooms: HashMap<u32, (RoomIx, bool)>,
    pub(super) subject_rooms: HashMap<&'a str, Rooms>,
    pub(super) tag_rooms: HashMap<&'a str, Rooms>,
    pub(super) both_rooms: HashMap<(&'a str, &'a str), Rooms>,
    /// Home rooms of teachers, and the constraint that says so.
    pub(super) home_of_teacher: HashMap<TeacherIx, (Rooms, &'a Constraint)>,
    /// Cards by (load, card) that a rule keeps apart, and how far.
    gaps: Vec<Gap>,
    /// Cards that belong together in time.
    pub(super) ties: Vec<super::ties::Pair<'a>>,
    pub(super) last: Vec<super::ties::Last<'a>>,
    /// Cards by (load, card) that keep to certain hours, and whether only their beginning is meant.
    pub(super) times: Vec<super::hours::Asked<'a>>,
    pub(super) bounds: Vec<super::bounds::Asked<'a>>,
    pub(super) roomings: Vec<super::rooming::Asked<'a>>,
    ignored: HashMap<String, Ignored>,
    pub(super) budget: Budget,
}

fn refuse(line: u32, reason: FetReason) -> FetError {
    FetError { line, reason }
}

pub(super) fn unknown(line: u32, element: &str, name: &str) -> FetError {
    refuse(
        line,
        FetReason::Unknown {
            element: element.to_owned(),
            name: shortened(name),
        },
    )
}

pub(super) fn duplicate(line: u32, element: &str, name: &str) -> FetError {
    refuse(
        line,
        FetReason::Duplicate {
            element: element.to_owned(),
            name: shortened(name),
        },
    )
}

fn index(list: &[Named]) -> Names<'_> {
    list.iter().map(|item| item.name.as_str()).zip(0..).collect()
}

fn names(list: &[Named]) -> Vec<String> {
    let mut taken = Taken::default();
    list.iter().map(|n| taken.name(&n.name)).collect()
}

impl<'a> Maker<'a> {
    pub(super) fn new(file: &'a FetFile) -> Self {
        let buildings = index(&file.buildings);
        let mut rooms = HashMap::new();
        let mut room_names = Taken::default();
        let mut out = SchoolDraft {
            name: file.institution.clone(),
            comments: file.comments.clone(),
            days: names(&file.days),
            slots: names(&file.hours),
            subjects: names(&file.subjects),
            buildings: names(&file.buildings),
            ..SchoolDraft::default()
        };
        for room in &file.rooms {
            let real = (!room.is_virtual).then(|| RoomIx::at(out.rooms.len()));
            rooms.insert(room.name.as_str(), real);
            let building = buildings.get(room.building.as_str());
            if real.is_some() {
                let (shared_by, kind) = marks::room(&room.comments).unwrap_or_default();
                out.rooms.push(DraftRoom {
                    shared_by,
                    kind: kind.map(str::to_owned),
                    name: room_names.name(&room.name),
                    building: building.copied().map(narrow),
                    capacity: Some(room.capacity).filter(|c| (1..UNLIMITED).contains(c)),
                    away: TimeSet::new(),
                });
            }
        }
        let teacher = |t: &Named| DraftTeacher {
            name: t.name.clone(),
            away: TimeSet::new(),
        };
        out.teachers = file.teachers.iter().map(teacher).collect();
        Self {
            file,
            out,
            days: index(&file.days),
            hours: index(&file.hours),
            subjects: index(&file.subjects),
            tags: index(&file.tags),
            teachers: index(&file.teachers),
            rooms,
            sets: HashMap::new(),
            groups_of: HashMap::new(),
            cards: HashMap::new(),
            own_rooms: HashMap::new(),
            placed_rooms: HashMap::new(),
            subject_rooms: HashMap::new(),
            tag_rooms: HashMap::new(),
            both_rooms: HashMap::new(),
            home_of_teacher: HashMap::new(),
            gaps: vec![],
            ties: vec![],
            last: vec![],
            times: vec![],
            bounds: vec![],
            roomings: vec![],
            ignored: file.ignored.iter().map(|i| (i.kind.clone(), i.clone())).collect(),
            budget: Budget::default(),
        }
    }

    fn loads(&mut self) -> Result<(), FetError> {
        let file = self.file;
        let mut known: HashMap<(SubjectIx, Vec<TeacherIx>, Vec<Audience>), usize> = HashMap::new();
        for activity in &file.activities {
            let (id, line) = (activity.id, activity.line);
            if self.cards.contains_key(&id) {
                return Err(duplicate(line, "Activity", &id.to_string()));
            }
            // what we have switched off ourselves, because FET knows no odd and even weeks, comes back
            if !activity.active && activity.weeks == Weeks::Every {
                self.cards.insert(id, None);
                self.ignore("Activity (not active)", line);
                continue;
            }
            if usize::from(activity.duration) > file.hours.len() {
                return Err(refuse(line, FetReason::PastDayEnd { activity: id }));
            }
            let subject = &activity.subject;
            let subject = self
                .subjects
                .get(subject.as_str())
                .ok_or_else(|| unknown(line, "Subject", subject))?;
            let mut teachers = vec![];
            for name in &activity.teachers {
                let t = self
                    .teachers
                    .get(name.as_str())
                    .ok_or_else(|| unknown(line, "Teacher", name))?;
                teachers.push(TeacherIx::at(*t));
            }
            let mut audience = vec![];
            for name in &activity.students {
                let set = self
                    .sets
                    .get(name.as_str())
                    .ok_or_else(|| unknown(line, "Students", name))?;
                self.budget.hold(set.len(), line, "Activity")?;
                audience.extend_from_slice(set);
            }
            if let Some(tag) = activity.tags.iter().find(|t| !self.tags.contains_key(t.as_str())) {
                return Err(unknown(line, "Activity_Tag", tag));
            }
            teachers.sort_unstable();
            teachers.dedup();
            audience.sort_unstable();
            audience.dedup();
            let subject = SubjectIx::at(*subject);
            let load = *known
                .entry((subject, teachers.clone(), audience.clone()))
                .or_insert(self.out.loads.len());
            if load == self.out.loads.len() {
                self.out.loads.push(DraftLoad {
                    subject,
                    teachers,
                    audience,
                    cards: vec![],
                });
            }
            let cards = &mut self.out.loads[load].cards;
            self.cards.insert(id, Some((load, cards.len())));
            let duration = activity.duration;
            cards.push(DraftCard {
                source_id: id,
                duration,
                weeks: activity.weeks,
                off: false,
                rooms: vec![],
                rooms_must: false,
                rooms_weight: None,
                placement: None,
                locked: false,
            });
        }
        Ok(())
    }

    fn constraint(&mut self, constraint: &'a Constraint) -> Result<(), FetError> {
        let line = constraint.line;
        let is_must = constraint.weight >= MUST;
        match &constraint.rule {
            Rule::TeacherAway(name, times) => {
                let t = *self
                    .teachers
                    .get(name.as_str())
                    .ok_or_else(|| unknown(line, "Teacher", name))?;
                let times = self.times(times, line)?;
                self.out.teachers[t].away.union(&times);
            }
            Rule::StudentsAway(name, times) => {
                let times = self.times(times, line)?;
                let sets = self
                    .sets
                    .get(name.as_str())
                    .ok_or_else(|| unknown(line, "Students", name))?;
                self.budget
                    .hold(times.len() * sets.len(), line, &constraint.kind)?;
                for set in sets {
                    match set {
                        Audience::Class(c) => self.out.classes[c.ix()].away.union(&times),
                        Audience::Group(g) => self.out.groups[g.ix()].away.union(&times),
                    }
                }
            }
            Rule::RoomAway(name, times) => {
                let room = self.room(name, line)?;
                let times = self.times(times, line)?;
                if let Some(room) = room {
                    self.out.rooms[room.ix()].away.union(&times);
                }
            }
            Rule::Break(times) => {
                let times = self.times(times, line)?;
                // nobody has lessons then: for each class by itself, where the draft is taken over
                let entries = times.len() * self.out.classes.len();
                self.budget.hold(entries, line, &constraint.kind)?;
                self.out.breaks.union(&times);
            }
            Rule::Start { id, at, locked } => {
                let card = self.card(*id, line)?;
                let (day, slot) = self.time(at, line)?;
                let Some((load, at_card)) = card else {
                    return Ok(());
                };
                let card = &mut self.out.loads[load].cards[at_card];
                let place = Placement {
                    day,
                    slot,
                    room: None,
                };
                if usize::from(slot + card.duration) > self.file.hours.len() {
                    return Err(refuse(line, FetReason::PastDayEnd { activity: *id }));
                }
                if !is_must && constraint.weight > 0 {
                    // a place that is only wished is an hour to keep to
                    let mut good = TimeSet::new();
                    good.insert(day, slot);
                    let starts = card.duration > 1;
                    self.times.push((vec![(load, at_card)], constraint, good, starts));
                } else if card.placement.is_some_and(|p| p != place) {
                    self.ignore(&constraint.kind, line);
                } else if is_must {
                    card.placement = Some(place);
                    card.locked |= *locked;
                }
            }
            Rule::Room {
                id,
                room,
                real,
                locked,
            } => {
                self.card(*id, line)?;
                let mut rooms = vec![self.room(room, line)?];
                for name in real {
                    rooms.push(self.room(name, line)?);
                }
                match rooms.into_iter().flatten().next() {
                    Some(room) if is_must => {
                        let held = *self.placed_rooms.entry(*id).or_insert((room, *locked));
                        if held.0 != room {
                            self.ignore(&constraint.kind, line);
                        }
                    }
                    Some(room) => {
                        let rooms = (vec![room], constraint.weight);
                        if !keep(&mut self.own_rooms, *id, &rooms) {
                            self.ignore(&constraint.kind, line);
                        }
                    }
                    None => self.ignore(&constraint.kind, line),
                }
            }
            Rule::ActivityRooms(id, names) => {
                self.card(*id, line)?;
                let rooms = self.rooms(names, constraint)?;
                if rooms.as_ref().is_some_and(|r| !keep(&mut self.own_rooms, *id, r)) {
                    self.ignore(&constraint.kind, line);
                }
            }
            Rule::SubjectRooms(subject, names) => {
                self.subjects
                    .get(subject.as_str())
                    .ok_or_else(|| unknown(line, "Subject", subject))?;
                let rooms = self.rooms(names, constraint)?;
                if rooms
                    .as_ref()
                    .is_some_and(|r| !keep(&mut self.subject_rooms, subject.as_str(), r))
                {
                    self.ignore(&constraint.kind, line);
                }
            }
            Rule::TagRooms(tag, names) => {
                self.tags
                    .get(tag.as_str())
                    .ok_or_else(|| unknown(line, "Activity_Tag", tag))?;
                let rooms = self.rooms(names, constraint)?;
                if rooms
                    .as_ref()
                    .is_some_and(|r| !keep(&mut self.tag_rooms, tag.as_str(), r))
                {
                    self.ignore(&constraint.kind, line);
                }
            }
            Rule::SubjectTagRooms(subject, tag, names) => {
                self.subjects
                    .get(subject.as_str())
                    .ok_or_else(|| unknown(line, "Subject", subject))?;
                self.tags
                    .get(tag.as_str())
                    .ok_or_else(|| unknown(line, "Activity_Tag", tag))?;
                let rooms = self.rooms(names, constraint)?;
                let key = (subject.as_str(), tag.as_str());
                if rooms
                    .as_ref()
                    .is_some_and(|r| !keep(&mut self.both_rooms, key, r))
                {
                    self.ignore(&constraint.kind, line);
                }
            }
            Rule::TeacherRooms(teacher, names) => self.teacher_rooms(constraint, teacher, names)?,
            Rule::HomeRooms(students, names) => self.home_rooms(constraint, students, names)?,
            Rule::Limit(whose, what, value) => self.limit(constraint, whose, *what, *value)?,
            Rule::Tied(tie, ids) => self.tied(constraint, *tie, ids)?,
            Rule::EndsDay(of) => self.ends_day(constraint, of)?,
            Rule::Hours(hours) => self.hours(constraint, hours)?,
            Rule::Bound(bound) => self.bound(constraint, bound)?,
            Rule::Rooming(what, ids) => self.rooming(constraint, *what, ids)?,
            Rule::MinDays(ids, days, in_a_row) => {
                let mut cards = vec![];
                for id in ids {
                    cards.extend(self.card(*id, line)?);
                }
                cards.sort_unstable();
                cards.dedup();
                if cards.len() > 1 && *days > 0 {
                    self.gaps.push((cards, *days, constraint.weight));
                    // on one day they would follow one another: no requirement says so; where they never share a day it asks nothing
                    if *in_a_row && !is_must {
                        self.ignore(
                            "ConstraintMinDaysBetweenActivities (Consecutive_If_Same_Day)",
                            line,
                        );
                    }
                }
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Result<SchoolDraft, FetError> {
        self.between();
        let virtual_rooms = self.file.rooms.iter().filter(|r| r.is_virtual);
        for line in virtual_rooms.map(|r| r.line).collect::<Vec<_>>() {
            self.ignore("Room (virtual)", line);
        }
        super::told::beside(self.file, |kind, line| self.ignore(kind, line));
        let mut ignored: Vec<Ignored> = self.ignored.into_values().collect();
        ignored.sort_by(|a, b| a.line.cmp(&b.line).then(a.kind.cmp(&b.kind)));
        self.out.ignored = ignored;
        Ok(self.out)
    }

    /// The rules about cards and other cards, in the order of the draft's cards.
    fn between(&mut self) {
        let mut first = Vec::with_capacity(self.out.loads.len());
        let mut count = 0;
        for load in &self.out.loads {
            first.push(count);
            count += load.cards.len();
        }
        let gap = |(cards, days, weight): &(Vec<(usize, usize)>, u16, u32)| DraftGap {
            cards: cards
                .iter()
                .filter_map(|(load, card)| Some(CardIx::at(first.get(*load)? + card)))
                .collect(),
            days: *days,
            weight: Some(*weight),
        };
        self.out.gaps = self.gaps.iter().map(gap).collect();
        self.out.ties = super::ties::of_draft(&self.ties, &first);
        self.out.last = super::ties::last_of_draft(&self.last, &first);
        self.out.times = self.times_of_draft(&first);
        self.out.bounds = super::bounds::of_draft(&self.bounds, &first);
        self.out.roomings = super::rooming::of_draft(&self.roomings, &first);
    }

    pub(super) fn ignore(&mut self, kind: &str, line: u32) {
        let entry = self.ignored.entry(kind.to_owned());
        entry.or_insert_with(|| Ignored::of(kind, line)).add(line);
    }

    pub(super) fn card(&self, id: u32, line: u32) -> Result<Option<(usize, usize)>, FetError> {
        self.cards
            .get(&id)
            .copied()
            .ok_or_else(|| unknown(line, "Activity_Id", &id.to_string()))
    }

    fn time(&self, time: &Time, line: u32) -> Result<(u16, u16), FetError> {
        let day = self
            .days
            .get(time.day.as_str())
            .ok_or_else(|| unknown(line, "Day", &time.day))?;
        let hour = self
            .hours
            .get(time.hour.as_str())
            .ok_or_else(|| unknown(line, "Hour", &time.hour))?;
        Ok((short(*day), short(*hour)))
    }

    pub(super) fn times(&self, times: &[Time], line: u32) -> Result<TimeSet, FetError> {
        let mut set = TimeSet::new();
        for time in times {
            let (day, slot) = self.time(time, line)?;
            set.insert(day, slot);
        }
        Ok(set)
    }
}
