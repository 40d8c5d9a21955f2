//! A FET file to a problem: times, resources, events.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::mode::{self, Mode};
use super::places::Places;
use super::{FetFault, FetSchool, space, time, virtual_rooms};
use crate::fet::names::is_name;
use crate::ids::{narrow, wide};
use crate::markup::{self, Bounds, Element};
use crate::problem::rules::{split_events::SplitEvents, *};
use crate::problem::{Event, Metadata, Named, Problem, Resource, Rule, Seat, Span, TimeGroup};
use crate::schools::{BOUNDS, Unknown};

/// Most times of a week, teachers (or rooms, or atoms of pupils), activities, and pairs of event and resource.
const MOST_TIMES: u32 = 1_000;
const MOST_PEOPLE: usize = 30_000;
const MOST_ACTIVITIES: u32 = 20_000;
const MOST_SEATS: u32 = 2_000_000;
const MOST_POINTS: u32 = 4_000_000;
/// Most pairs of resource and time, and most rooms that constraints name for activities.
const MOST_CELLS: usize = 20_000_000;
const MOST_CHOICES: u32 = 20_000_000;
/// Most activities looked at by filters of constraints.
const MOST_LOOKS: u32 = 500_000_000;

/// More than any count.
pub(super) const MANY: u32 = 1_000_000;

pub(super) const TEACHER: u32 = 0;
pub(super) const PUPILS: u32 = 1;
pub(super) const ROOM: u32 = 2;
pub(super) const APART: u32 = 3;

/// What is known while the constraints are read.
pub(super) struct Reading<'a> {
    pub problem: Problem,
    pub days: u32,
    pub hours: u32,
    pub day_of: HashMap<&'a str, u32>,
    pub hour_of: HashMap<&'a str, u32>,
    pub teachers: HashMap<&'a str, u32>,
    pub rooms: HashMap<&'a str, u32>,
    pub capacity: Vec<Option<u32>>,
    /// Building of each room, as the file says it.
    pub buildings: Vec<Option<&'a str>>,
    pub maps: BTreeMap<Places, u32>,
    pub virtual_rooms: BTreeMap<u32, virtual_rooms::Sets>,
    /// Real rooms that a constraint gives to an event in its virtual one.
    pub real_rooms: HashMap<u32, Vec<u32>>,
    pub virtual_of: BTreeMap<u32, u32>,
    /// What was not understood whole, with its line.
    pub told: Vec<(&'static str, u32)>,
    /// Atoms (resources) of each set of pupils.
    pub sets: HashMap<&'a str, Vec<u32>>,
    /// Pupils of each set, if the file says it.
    pub heads: HashMap<&'a str, u32>,
    pub event_of: HashMap<u32, u32>,
    pub ids: Vec<u32>,
    pub activities: Vec<&'a Element>,
    pub placed: Vec<bool>,
    /// Rooms that each event may have: from constraints about it, and from home rooms.
    pub wanted_rooms: BTreeMap<u32, space::Wanted>,
    pub home_rooms: BTreeMap<u32, space::Wanted>,
    pub windows: HashMap<Vec<u32>, u32>,
    /// Whether the file's days are mornings and afternoons in turn.
    pub halves: bool,
    /// It says "days" of whole ones.
    pub whole_days: bool,
    /// Days of a term, if the file has terms.
    pub days_of_term: Option<u32>,
    /// Times at which nothing runs.
    pub breaks: BTreeSet<u32>,
    /// Times at which somebody can never come.
    pub closed: HashMap<u32, BTreeSet<u32>>,
    /// What the rules apply to so far, and what was looked at to find it.
    pub size: usize,
    pub looked: usize,
    /// Rooms that activities may have, by what each constraint says.
    pub choices: usize,
}

impl Reading<'_> {
    /// Whether the rules may apply to so much more; if not, it is counted all the same, and the file will be refused.
    pub fn fits(&mut self, more: usize) -> bool {
        let fits = self.size.saturating_add(more) <= wide(MOST_POINTS);
        if !fits {
            self.size = self.size.saturating_add(more);
        }
        fits
    }

    /// The same of rooms that activities may have; what fits is counted.
    pub fn choose_among(&mut self, rooms: usize) -> bool {
        self.choices = self.choices.saturating_add(rooms);
        self.choices <= wide(MOST_CHOICES)
    }

    /// Whether more was counted than is held.
    pub fn is_over(&self) -> bool {
        self.size > wide(MOST_POINTS) || self.looked > wide(MOST_LOOKS) || self.choices > wide(MOST_CHOICES)
    }
}

/// Reads a file.
///
/// # Errors
/// [`FetFault`] with line and reason.
pub fn read(bytes: &[u8]) -> Result<FetSchool, FetFault> {
    understand(tree(bytes)?)
}

/// The file as a tree, nothing understood yet.
pub(super) fn tree(bytes: &[u8]) -> Result<Element, FetFault> {
    // two names that differ by a blank are two to FET
    let bounds = Bounds {
        exact: is_name,
        ..BOUNDS
    };
    let root = markup::read(bytes, bounds)?;
    if root.name.eq_ignore_ascii_case("fet") {
        super::check::all(&root)?;
    }
    Ok(root)
}

/// Makes a problem of the tree.
pub(super) fn understand(root: Element) -> Result<FetSchool, FetFault> {
    if !root.name.eq_ignore_ascii_case("fet") {
        let name = &root.name;
        let (words, russian) = (
            format!("this is <{name}>, not a FET file"),
            format!("это <{name}>, а не файл FET"),
        );
        return Err(fault(&root, words, russian));
    }
    let mut reading = start(&root)?;
    let mut unknown: BTreeMap<String, Unknown> = BTreeMap::new();
    time::closings(&mut reading, root.list("Time_Constraints_List"))?;
    let mut said = vec![];
    for list in ["Time_Constraints_List", "Space_Constraints_List"] {
        for element in root.list(list) {
            if element.text_of("Active") == Some("false") {
                continue;
            }
            let first = reading.problem.constraints.len();
            let known = if list.starts_with("Time") {
                time::understand(&mut reading, element)
            } else {
                space::understand(&mut reading, element)
            };
            let last = reading.problem.constraints.len();
            if known && last > first {
                said.push((element.line, narrow(first)..narrow(last)));
            }
            if !known {
                let entry = unknown.entry(element.name.clone()).or_insert_with(|| Unknown {
                    kind: element.name.clone(),
                    count: 0,
                    required: 0,
                    line: element.line,
                });
                entry.count += 1;
                entry.required += u32::from(time::price(element) == Some(None));
            }
            if reading.is_over() {
                return Err(too_much(element));
            }
        }
    }
    space::seat_rooms(&mut reading)?;
    for (kind, line) in &reading.told {
        let entry = unknown.entry((*kind).to_owned()).or_insert_with(|| Unknown {
            kind: (*kind).to_owned(),
            count: 0,
            required: 0,
            line: *line,
        });
        entry.count += 1;
    }
    let room_seat = reading
        .problem
        .events
        .iter()
        .map(|e| {
            let seat = e.seats.iter().position(|s| s.kind == ROOM);
            seat.map(narrow)
        })
        .collect();
    let Reading {
        problem,
        ids,
        placed,
        hours,
        virtual_of,
        ..
    } = reading;
    Ok(FetSchool {
        problem,
        unknown: unknown.into_values().collect(),
        ids,
        placed,
        room_seat,
        virtual_of,
        hours,
        said,
        root,
    })
}

pub(super) fn fault(at: &Element, words: impl Into<String>, russian: impl Into<String>) -> FetFault {
    FetFault::at(at.line, words, russian)
}

pub(super) fn too_much(at: &Element) -> FetFault {
    let (words, russian) = (
        "the constraints apply to more than can be held",
        "ограничения касаются слишком многого",
    );
    fault(at, words, russian)
}

fn names<'a>(root: &'a Element, list: &str, item: &str) -> Vec<&'a str> {
    let items = root.list(list).iter().filter(|e| e.name == item);
    items.map(|e| e.text_of("Name").unwrap_or(&e.text)).collect()
}

pub(super) fn plain(id: String, name: &str) -> Named {
    Named {
        id,
        name: name.to_owned(),
    }
}

fn start(root: &Element) -> Result<Reading<'_>, FetFault> {
    let days = names(root, "Days_List", "Day");
    let days = if days.is_empty() {
        names(root, "Days_List", "Name")
    } else {
        days
    };
    let hours = names(root, "Hours_List", "Hour");
    let hours = if hours.is_empty() {
        names(root, "Hours_List", "Name")
    } else {
        hours
    };
    if days.is_empty() || hours.is_empty() {
        return Err(fault(
            root,
            "there are no days or no hours",
            "нет дней или нет часов",
        ));
    }
    if days.len() * hours.len() > wide(MOST_TIMES) {
        let words = format!("the week has more than {MOST_TIMES} hours");
        return Err(fault(root, words, format!("в неделе больше {MOST_TIMES} часов")));
    }
    let mut problem = Problem {
        id: root.text_of("Institution_Name").unwrap_or("FET").to_owned(),
        metadata: Metadata {
            name: root.text_of("Institution_Name").unwrap_or_default().to_owned(),
            description: root.text_of("Comments").unwrap_or_default().to_owned(),
            ..Metadata::default()
        },
        kinds: ["Teacher", "Pupils", "Room", "Apart"]
            .iter()
            .map(|k| plain((*k).to_owned(), k))
            .collect(),
        roles: vec!["Room".to_owned()],
        ..Problem::default()
    };
    let width = narrow(hours.len());
    for (d, day) in (0..).zip(&days) {
        for (h, hour) in (0..).zip(&hours) {
            problem
                .times
                .push(plain(format!("{d}:{h}"), &format!("{day} {hour}")));
        }
        problem.time_groups.push(TimeGroup {
            label: plain(format!("day {d}"), day),
            span: Span::Day,
            times: (d * width..(d + 1) * width).collect(),
        });
    }
    let add = |problem: &mut Problem, kind: u32, name: &str| {
        let at = narrow(problem.resources.len());
        problem.resources.push(Resource {
            label: plain(format!("{kind}:{at}"), name),
            kind,
        });
        at
    };
    for (list, item) in [("Teachers_List", "Teacher"), ("Rooms_List", "Room")] {
        let mut items = root.list(list).iter().filter(|e| e.name == item);
        if let Some(beyond) = items.nth(MOST_PEOPLE) {
            let words = format!("there are more than {MOST_PEOPLE} of <{item}>");
            return Err(fault(beyond, words, format!("<{item}>: больше {MOST_PEOPLE}")));
        }
    }
    let mut teachers = HashMap::new();
    for teacher in root.list("Teachers_List").iter().filter(|e| e.name == "Teacher") {
        let name = teacher.text_of("Name").unwrap_or(&teacher.text);
        if teachers.insert(name, add(&mut problem, TEACHER, name)).is_some() {
            let words = format!("there are two teachers \"{name}\"");
            return Err(fault(teacher, words, format!("два учителя «{name}»")));
        }
    }
    let (mut rooms, mut capacity, mut buildings) = (HashMap::new(), vec![], vec![]);
    for room in root.list("Rooms_List").iter().filter(|e| e.name == "Room") {
        let name = room.text_of("Name").unwrap_or_default();
        if rooms.insert(name, add(&mut problem, ROOM, name)).is_some() {
            let words = format!("there are two rooms \"{name}\"");
            return Err(fault(room, words, format!("два кабинета «{name}»")));
        }
        capacity.push(room.text_of("Capacity").and_then(|c| c.parse().ok()));
        buildings.push(room.text_of("Building"));
    }
    let activities: Vec<&Element> = root
        .list("Activities_List")
        .iter()
        .filter(|a| a.name == "Activity" && a.text_of("Active") != Some("false"))
        .collect();
    if activities.len() > wide(MOST_ACTIVITIES) {
        let words = format!("there are more than {MOST_ACTIVITIES} activities");
        return Err(fault(root, words, format!("занятий больше {MOST_ACTIVITIES}")));
    }
    let mode = Mode::of(root);
    let mut reading = Reading {
        days: narrow(days.len()),
        hours: width,
        day_of: days.iter().copied().zip(0..).collect(),
        hour_of: hours.iter().copied().zip(0..).collect(),
        teachers,
        rooms,
        capacity,
        buildings,
        maps: BTreeMap::new(),
        virtual_rooms: BTreeMap::new(),
        real_rooms: HashMap::new(),
        virtual_of: BTreeMap::new(),
        told: vec![],
        sets: HashMap::new(),
        heads: HashMap::new(),
        event_of: HashMap::new(),
        ids: vec![],
        placed: vec![],
        wanted_rooms: BTreeMap::new(),
        home_rooms: BTreeMap::new(),
        windows: HashMap::new(),
        whole_days: mode == Mode::Halves && mode::says_whole_days(root),
        halves: mode == Mode::Halves && days.len().is_multiple_of(2),
        days_of_term: mode::days_of_term(root, mode),
        breaks: BTreeSet::new(),
        closed: HashMap::new(),
        size: 0,
        looked: 0,
        choices: 0,
        activities,
        problem,
    };
    super::pupils::pupils(root, &mut reading);
    let resources = reading.problem.resources.len();
    let times = reading.problem.times.len();
    if resources > 3 * MOST_PEOPLE || resources.saturating_mul(times) > MOST_CELLS {
        let words = "there are more teachers, rooms and groups of pupils than can be held";
        let russian = "учителей, кабинетов и групп учеников слишком много";
        return Err(fault(root, words, russian));
    }
    virtual_rooms::read(&mut reading, root);
    events(&mut reading)?;
    mode::basics(&mut reading, root, mode);
    Ok(reading)
}

fn events(reading: &mut Reading<'_>) -> Result<(), FetFault> {
    let mut seats_in_all = 0;
    for at in 0..reading.activities.len() {
        let activity = reading.activities[at];
        let number = |name: &str| activity.text_of(name).and_then(|t| t.parse::<u32>().ok());
        let (Some(id), Some(duration)) = (number("Id"), number("Duration")) else {
            let russian = "у занятия нет Id или Duration";
            return Err(fault(activity, "an activity has no Id or no Duration", russian));
        };
        if duration == 0 || duration > reading.hours {
            let words = format!("activity {id} does not fit into a day");
            return Err(fault(activity, words, format!("занятие {id} длиннее дня")));
        }
        let mut who: BTreeSet<u32> = BTreeSet::new();
        for teacher in activity.all("Teacher") {
            match reading.teachers.get(teacher.text.as_str()) {
                Some(t) => who.insert(*t),
                None => {
                    let name = &teacher.text;
                    let words = format!("there is no teacher \"{name}\"");
                    return Err(fault(teacher, words, format!("нет учителя «{name}»")));
                }
            };
        }
        for students in activity.all("Students") {
            match reading.sets.get(students.text.as_str()) {
                Some(atoms) => {
                    reading.looked += atoms.len();
                    who.extend(atoms);
                }
                None => {
                    let name = &students.text;
                    let words = format!("there are no students \"{name}\"");
                    return Err(fault(students, words, format!("нет учеников «{name}»")));
                }
            };
        }
        seats_in_all += who.len();
        if seats_in_all > wide(MOST_SEATS) || reading.is_over() {
            let words = "activities have more participants than are read";
            return Err(fault(activity, words, "у занятий слишком много участников"));
        }
        let place = narrow(reading.problem.events.len());
        if reading.event_of.insert(id, place).is_some() {
            let words = format!("there are two activities {id}");
            return Err(fault(activity, words, format!("два занятия с номером {id}")));
        }
        let subject = activity.text_of("Subject").unwrap_or_default();
        let students: Vec<&str> = activity.all("Students").map(|s| s.text.as_str()).collect();
        let seats = who.into_iter().map(|w| Seat {
            fixed: Some(w),
            role: None,
            kind: reading.problem.resources[wide(w)].kind,
            workload: None,
        });
        let seats = seats.collect();
        reading.problem.events.push(Event {
            label: plain(
                format!("{id}"),
                &format!("{subject} {} [{id}]", students.join(", ")),
            ),
            color: None,
            duration,
            workload: None,
            time: None,
            course: None,
            seats,
            whole_groups: vec![],
        });
        reading.ids.push(id);
        reading.placed.push(false);
    }
    basics(reading);
    Ok(())
}

/// What holds in every FET file: each activity has a time, in one piece, within a day.
fn basics(reading: &mut Reading<'_>) {
    let all: Vec<u32> = (0..narrow(reading.problem.events.len())).collect();
    let long: Vec<u32> = all
        .iter()
        .copied()
        .filter(|e| reading.problem.event(*e).duration > 1)
        .collect();
    reading.add_for_events(
        "every activity has a time",
        None,
        all,
        Rule::AssignTime(assign_time::AssignTime),
    );
    reading.add_for_events(
        "an activity is in one piece",
        None,
        long.clone(),
        Rule::SplitEvents(SplitEvents {
            min_duration: 1,
            max_duration: MANY,
            min_amount: 1,
            max_amount: 1,
        }),
    );
    for duration in 2..=reading.hours {
        let such: Vec<u32> = long
            .iter()
            .copied()
            .filter(|e| reading.problem.event(*e).duration == duration)
            .collect();
        let fits = (0..reading.problem.time_count())
            .filter(|t| t % reading.hours + duration <= reading.hours)
            .collect();
        reading.prefer("an activity ends on the day it starts", None, such, fits);
    }
    let everybody: Vec<u32> = (0..narrow(reading.problem.resources.len())).collect();
    reading.add_for_resources(
        "nobody is in two places",
        None,
        everybody,
        Rule::AvoidClashes(avoid_clashes::AvoidClashes),
    );
}
