//! A file of aSc Timetables to a problem.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::cards::{Card, Cards, Lengths, list};
use super::event::Origin;
use super::fault::{AscFault, AscReason, MarkupFault, fault, short};
use super::people::{People, ROOM, Table};
use super::week::Week;
use super::{AscSchool, rules};
use crate::ids::{narrow, wide};
use crate::markup::{self, Element};
use crate::problem::{Event, EventGroup, Meet, Metadata, Named, Problem, Seat, Solution, Span, TimeGroup};
use crate::schools::{BOUNDS, Unknown};

const MOST_TIMES: u32 = 1_000;
const MOST_EVENTS: usize = 20_000;
const MOST_SEATS: usize = 2_000_000;
/// Most rooms to choose from, of all seats for them.
const MOST_CHOICES: usize = 4_000_000;
/// Most periods of a card, cards of a lesson, and rooms of a card.
const LONGEST: u32 = 20;
const MOST_CARDS: u32 = 200;
const MOST_ROOMS: usize = 20;

/// Tables that are understood, or that say nothing about who is where.
const KNOWN: [&str; 18] = [
    "periods",
    "breaks",
    "bells",
    "days",
    "daysdefs",
    "weeksdefs",
    "termsdefs",
    "subjects",
    "teachers",
    "buildings",
    "classrooms",
    "grades",
    "classes",
    "groups",
    "students",
    "lessons",
    "cards",
    "globalsettings",
];

/// Reads a file, in the encoding that it declares.
///
/// # Errors
/// [`AscFault`] with line and reason.
pub fn read(bytes: &[u8]) -> Result<AscSchool, AscFault> {
    let (root, week) = tables(&decoded(bytes)?)?;
    let lengths = lengths(&root)?;
    let cards = Cards::of(&root, &week, &lengths)?;
    let mut unknown = unknown_tables(&root);
    let mut add = |kind: &str, count: usize, table: &str| {
        if count > 0 {
            unknown.push(Unknown {
                kind: kind.to_owned(),
                count: narrow(count),
                required: 0,
                line: root.child(table).map_or(1, |t| t.line),
            });
        }
    };
    add("card of no lesson or no place", cards.strays.len(), "cards");
    let mut reading = Reading::new(&root, &week)?;
    add(
        "group of a division too many, taken for its class",
        reading.people.beyond(),
        "groups",
    );
    reading.lessons(&root, &cards, &lengths)?;
    let Reading {
        problem,
        origins,
        placed,
        ..
    } = reading;
    let present = present(&problem, &origins, placed);
    let present = present
        .completed(&problem)
        .map_err(|_| fault(&root, AscReason::Misfit))?;
    Ok(AscSchool {
        problem,
        present,
        unknown,
        week,
        origins,
        strays: cards.strays,
        by_period: cards.by_period,
        root,
    })
}

/// The tables of a file, and its grid.
pub(super) fn tables(text: &str) -> Result<(Element, Week), AscFault> {
    let root = markup::read(text.as_bytes(), BOUNDS)?;
    if root.name != "timetable" {
        return Err(fault(&root, AscReason::NotAsc(short(&root.name))));
    }
    let week = Week::of(&root)?;
    if week.times() > MOST_TIMES {
        let reason = AscReason::TooMany("periods of a week", week.times(), MOST_TIMES);
        return Err(fault(&root, reason));
    }
    Ok((root, week))
}

/// The text in the encoding of its byte order mark or its declaration.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, AscFault> {
    let refused = |reason| AscFault { line: 1, reason };
    if bytes.len() > wide(BOUNDS.bytes) {
        return Err(refused(AscReason::Markup(MarkupFault::TooLarge(BOUNDS.bytes))));
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]);
    let declared = head.split_once("encoding=").and_then(|(_, rest)| {
        let quote = rest.chars().next()?;
        rest.get(1..)?.split(quote).next()
    });
    let label = declared.unwrap_or("utf-8");
    let Some(encoding) = encoding_rs::Encoding::for_label(label.as_bytes()) else {
        return Err(refused(AscReason::Encoding(short(label))));
    };
    let (text, used, broken) = encoding.decode(bytes);
    if broken {
        return Err(refused(AscReason::NotEncoded(used.name())));
    }
    Ok(text)
}

pub(super) fn unknown_tables(root: &Element) -> Vec<Unknown> {
    let mut found: BTreeMap<&str, Unknown> = BTreeMap::new();
    for table in &root.children {
        if !KNOWN.contains(&table.name.as_str()) && !table.children.is_empty() {
            let entry = found.entry(&table.name).or_insert_with(|| Unknown {
                kind: table.name.clone(),
                count: 0,
                required: 0,
                line: table.line,
            });
            entry.count += narrow(table.children.len());
        }
    }
    found.into_values().collect()
}

/// A number that may have a fraction ("2.0", "0.5", "1,5"), in hundredths.
fn hundredths(element: &Element, attribute: &str) -> Result<Option<u32>, AscFault> {
    let Some(text) = element
        .attribute(attribute)
        .map(str::trim)
        .filter(|t| !t.is_empty())
    else {
        return Ok(None);
    };
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let part: String = part.chars().chain("00".chars()).take(2).collect();
    let number = whole.parse::<u32>().ok().zip(part.parse::<u32>().ok());
    let number = number.and_then(|(w, p)| w.checked_mul(100)?.checked_add(p));
    number
        .map(Some)
        .ok_or_else(|| fault(element, AscReason::NotANumber(attribute.to_owned(), short(text))))
}

pub(super) fn lengths(root: &Element) -> Result<Lengths, AscFault> {
    let mut lengths = Lengths::new();
    for (id, lesson) in &Table::of(root, "lessons")?.rows {
        let length = hundredths(lesson, "periodspercard")?
            .map_or(1, |n| n / 100)
            .max(1);
        let told = hundredths(lesson, "periodsperweek")?.map(|n| n.div_ceil(length * 100));
        if length > LONGEST || told.is_some_and(|n| n > MOST_CARDS) {
            return Err(fault(lesson, AscReason::TooLong(short(id))));
        }
        lengths.insert((*id).to_owned(), (length, told));
    }
    Ok(lengths)
}

/// The problem in the making.
struct Reading<'a> {
    problem: Problem,
    people: People<'a>,
    subjects: Table<'a>,
    week: &'a Week,
    origins: Vec<Origin>,
    placed: Vec<Option<Card>>,
    seats: usize,
    choices: usize,
}

impl<'a> Reading<'a> {
    fn new(root: &'a Element, week: &'a Week) -> Result<Self, AscFault> {
        let name = root.attribute("displayname").unwrap_or_default();
        let plain = |id: String, name: &str| Named {
            id,
            name: name.to_owned(),
        };
        let mut problem = Problem {
            id: if name.is_empty() { "aSc" } else { name }.to_owned(),
            metadata: Metadata {
                name: name.to_owned(),
                ..Metadata::default()
            },
            kinds: ["Teacher", "Pupils", "Room"]
                .map(|k| plain(k.to_owned(), k))
                .to_vec(),
            ..Problem::default()
        };
        for (d, day) in (0..).zip(&week.days) {
            for (key, name) in &week.periods {
                problem
                    .times
                    .push(plain(format!("{d}:{key}"), &format!("{day} {name}")));
            }
            problem.time_groups.push(TimeGroup {
                label: plain(format!("day {d}"), day),
                span: Span::Day,
                times: (d * week.height()..(d + 1) * week.height()).collect(),
            });
        }
        Ok(Self {
            problem,
            people: People::of(root)?,
            subjects: Table::of(root, "subjects")?,
            week,
            origins: vec![],
            placed: vec![],
            seats: 0,
            choices: 0,
        })
    }

    fn lessons(&mut self, root: &Element, cards: &Cards, lengths: &Lengths) -> Result<(), AscFault> {
        // Who is only there in some weeks must be known before the first resource is made.
        let (week, none) = (self.week, vec![]);
        for lesson in root.list("lessons") {
            let id = lesson.attribute("id").unwrap_or_default();
            let own = cards.of.get(id).unwrap_or(&none);
            let always = own
                .iter()
                .all(|c| week.parts(&c.weeks, &c.terms) == week.always());
            let (weeks, terms) = self.patterns(lesson);
            let rest = own.is_empty() && week.parts(&weeks, &terms) != week.always();
            if !always || rest {
                for (sort, id, _) in self.people.of_lesson(lesson)? {
                    self.people.note_partly(sort, &id);
                }
            }
        }
        for lesson in root.list("lessons") {
            let id = lesson.attribute("id").unwrap_or_default();
            let own = cards.of.get(id).unwrap_or(&none);
            let (length, told) = lengths.get(id).copied().unwrap_or((1, None));
            self.lesson(lesson, id, own, (length, told))?;
        }
        rules::add(&mut self.problem, self.week);
        Ok(())
    }

    fn patterns(&self, lesson: &Element) -> (String, String) {
        let of = |defs: &std::collections::HashMap<String, String>, attribute: &str| {
            let id = lesson.attribute(attribute).unwrap_or_default();
            let pattern = defs.get(id).map_or("", String::as_str);
            pattern.split(',').next().unwrap_or_default().to_owned()
        };
        (
            of(&self.week.weeksdefs, "weeksdefid"),
            of(&self.week.termsdefs, "termsdefid"),
        )
    }

    /// Adds the cards of a lesson as events, and the rules about them.
    fn lesson(
        &mut self,
        lesson: &Element,
        id: &str,
        cards: &[Card],
        (length, told): (u32, Option<u32>),
    ) -> Result<(), AscFault> {
        let week = self.week;
        let who = self.people.of_lesson(lesson)?;
        if length > week.height() {
            return Err(fault(lesson, AscReason::PastDayEnd(short(id))));
        }
        let count = told.unwrap_or(1).max(narrow(cards.len()));
        let named: BTreeSet<String> = list(lesson, "classroomids").into_iter().collect();
        let placed = cards.iter().flat_map(|c| c.rooms.iter().cloned());
        let allowed: BTreeSet<String> = named.into_iter().chain(placed).collect();
        let wanted = cards.iter().map(|c| c.rooms.len()).max().unwrap_or(0);
        let rooms = if allowed.is_empty() {
            0
        } else {
            wanted.clamp(1, MOST_ROOMS)
        };
        let mut choices = vec![];
        for room in &allowed {
            if self.people.rooms.row(room).is_none() {
                return Err(fault(lesson, AscReason::Missing("classroom", short(room))));
            }
            let key = (ROOM, room.clone(), 0);
            choices.extend(
                self.people
                    .resources(&mut self.problem, &key, week.always(), week),
            );
        }
        choices.sort_unstable();
        self.choices = self.choices.saturating_add(rooms * choices.len());
        if self.choices > MOST_CHOICES {
            return Err(fault(lesson, AscReason::TooMuch(short(id), narrow(MOST_CHOICES))));
        }
        let first = narrow(self.problem.events.len());
        let label = self.label(lesson, id);
        let default = self.patterns(lesson);
        for at in 0..count {
            let card = cards.get(wide(at));
            let (weeks, terms) = card.map_or(default.clone(), |c| (c.weeks.clone(), c.terms.clone()));
            let parts = week.parts(&weeks, &terms);
            let mut taken = BTreeSet::new();
            for person in &who {
                taken.extend(self.people.resources(&mut self.problem, person, parts, week));
            }
            let fixed = taken.len();
            let mut seats: Vec<Seat> = vec![];
            for who in taken {
                seats.push(Seat {
                    fixed: Some(who),
                    role: None,
                    kind: self.problem.resources[wide(who)].kind,
                    workload: None,
                });
            }
            for role in 0..rooms {
                seats.push(Seat {
                    fixed: None,
                    role: Some(self.role(role)),
                    kind: ROOM,
                    workload: None,
                });
            }
            self.seats += seats.len();
            if self.problem.events.len() >= MOST_EVENTS || self.seats > MOST_SEATS {
                return Err(fault(
                    lesson,
                    AscReason::TooMany("cards", narrow(self.problem.events.len()), narrow(MOST_EVENTS)),
                ));
            }
            let fits = |start: u32| start % week.height() + length <= week.height();
            let card = card.filter(|c| fits(c.start));
            self.problem.events.push(Event {
                label: Named {
                    id: format!("{id}:{at}"),
                    name: label.clone(),
                },
                color: None,
                duration: length,
                workload: None,
                time: card.filter(|c| c.locked).map(|c| c.start),
                course: None,
                seats,
                whole_groups: vec![],
            });
            self.origins.push(Origin {
                lesson: id.to_owned(),
                weeks,
                terms,
                rooms: (fixed, rooms),
                locked: card.is_some_and(|c| c.locked),
            });
            self.placed.push(card.cloned());
        }
        self.problem.event_groups.push(EventGroup {
            label: Named {
                id: id.to_owned(),
                name: label,
            },
            course: true,
            events: (first..first + count).collect(),
        });
        let days = week.days_of(lesson.attribute("daysdefid").unwrap_or_default());
        rules::about(&mut self.problem, week, (first, count), length, &days);
        for role in 0..rooms {
            let role = self.role(role);
            rules::rooms(&mut self.problem, (first, count), role, &choices);
        }
        Ok(())
    }

    fn role(&mut self, at: usize) -> u32 {
        while self.problem.roles.len() <= at {
            let name = format!("Room {}", self.problem.roles.len() + 1);
            self.problem.roles.push(name);
        }
        narrow(at)
    }

    /// The subject with the classes and groups.
    fn label(&self, lesson: &Element, id: &str) -> String {
        let subject = self
            .subjects
            .name(lesson.attribute("subjectid").unwrap_or_default());
        let mut words = vec![if subject.is_empty() { id } else { subject }.to_owned()];
        for class in list(lesson, "classids") {
            words.push(self.people.classes.name(&class).to_owned());
        }
        for group in list(lesson, "groupids") {
            let row = self.people.groups.row(&group);
            if !matches!(row.and_then(|g| g.attribute("entireclass")), Some("1" | "true")) {
                words.push(self.people.groups.name(&group).to_owned());
            }
        }
        words.join(" ")
    }
}

/// Where the file's cards are.
fn present(problem: &Problem, origins: &[Origin], placed: Vec<Option<Card>>) -> Solution {
    let rooms = (0..).zip(&problem.resources).filter(|(_, r)| r.kind == ROOM);
    let rooms: BTreeMap<&str, u32> = rooms.map(|(at, r)| (r.label.id.as_str(), at)).collect();
    let mut solution = Solution::default();
    for ((event, origin), card) in (0..).zip(origins).zip(placed) {
        let mut meet = Meet::bare(problem, event, problem.event(event).duration);
        if let Some(card) = card {
            meet.time = Some(card.start);
            let seats = meet
                .resources
                .iter_mut()
                .skip(origin.rooms.0)
                .take(origin.rooms.1);
            for (seat, room) in seats.zip(&card.rooms) {
                *seat = rooms.get(format!("{ROOM}:{room}:0:0").as_str()).copied();
            }
        }
        solution.meets.push(meet);
    }
    solution
}
