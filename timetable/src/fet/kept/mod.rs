//! Constraints that a draft has no word for, kept as they stand and written back.
//!
//! [`keep`] takes out of a file what reading it lost, with what the names in it stand for ([`Meaning`]); whoever stores it puts numbers
//! that last in place of positions and, when the school is written, positions of that day back in ([`Meaning::turned`]). [`Written`]
//! ([`mod@back`]) is the rules with the names that the new file has: what speaks of something that is gone is left out and counted, for a
//! name that is nowhere makes FET refuse the whole file.
//!
//! A constraint is found again by its kind and line. Where a file has several on one line and only some of them are lost, none is kept:
//! one that is understood must not stand twice.

pub mod back;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::FetFile;
use super::draft::Maker;
use super::error::{FetError, shortened};
use super::marks::BROKEN;
use super::names::Sort;
use super::xml::{Node, Source, Step};
use crate::draft::Ignored;
use crate::ids::wide;
use crate::markup::Writer;
use crate::spec::Audience;

pub use back::{Back, Gone, Kept, Written};

/// Most bytes of all that is kept of a file, as text.
pub const MOST_BYTES: usize = 2_000_000;
/// Most bytes of text that is read back.
const MOST_TEXT_OF_ALL: usize = 1 << 22;
/// Most bytes of one name or figure in it.
const MOST_TEXT: usize = 2000;
/// Most levels inside a constraint.
const MOST_LEVELS: u32 = 4;
/// The lists of a file that constraints stand in.
const LISTS: [&str; 2] = ["Time_Constraints_List", "Space_Constraints_List"];
/// What is counted for constraints that are switched off, whatever they say.
const OFF: &str = "Constraint (not active)";
/// Kinds of which FET takes one about the same thing, and refuses or takes for a place what is said again.
const ONCE: [&str; 7] = [
    "ConstraintBasicCompulsoryTime",
    "ConstraintBasicCompulsorySpace",
    "ConstraintBreakTimes",
    "ConstraintBreak",
    "ConstraintActivityPreferredStartingTime",
    "ConstraintActivityPreferredTime",
    "ConstraintActivityPreferredRoom",
];

/// A constraint as it stands.
#[derive(Clone, Debug)]
pub struct Rule {
    /// It speaks of rooms: it stands in the second list.
    pub space: bool,
    /// Itself.
    node: Node,
}

impl Rule {
    /// Its element.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.node.name
    }

    /// It is in force.
    #[must_use]
    pub fn is_on(&self) -> bool {
        is_on(&self.node)
    }

    /// It is in force and weighs a hundred percent.
    #[must_use]
    pub fn is_must(&self) -> bool {
        let weight = self.node.child("Weight_Percentage").map(|n| n.text.trim());
        self.is_on() && weight.is_none_or(|w| w.parse::<f64>().is_ok_and(|w| w >= 100.0))
    }
}

fn is_on(node: &Node) -> bool {
    let off = |n: &Node| matches!(n.text.trim(), "false" | "no" | "0");
    node.text_of("Comments").trim() == BROKEN || !node.child("Active").is_some_and(off)
}

/// What a name of the file stands for: a position, or a number that lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// A day of the board.
    Day(i64),
    /// An hour of its day.
    Hour(i64),
    /// A subject.
    Subject(i64),
    /// A teacher.
    Teacher(i64),
    /// A building.
    Building(i64),
    /// A room.
    Room(i64),
    /// A class.
    Class(i64),
    /// A subgroup.
    Group(i64),
    /// An activity, by its number in the file.
    Activity(i64),
}

/// What the names that the rules mention stand for. A tag stands for its activities, a year of several classes for all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meaning(BTreeMap<Sort, BTreeMap<String, Vec<Thing>>>);

impl Meaning {
    /// The same with other numbers; what has none is gone.
    #[must_use]
    pub fn turned(&self, number: impl Fn(Thing) -> Option<Thing>) -> Self {
        let names = |names: &BTreeMap<String, Vec<Thing>>| {
            let things = |things: &Vec<Thing>| things.iter().filter_map(|t| number(*t)).collect();
            names
                .iter()
                .map(|(name, all)| (name.clone(), things(all)))
                .collect()
        };
        Self(self.0.iter().map(|(sort, all)| (*sort, names(all))).collect())
    }

    fn of(&self, sort: Sort, name: &str) -> &[Thing] {
        let found = self.0.get(&sort).and_then(|names| names.get(name));
        found.map_or(&[], Vec::as_slice)
    }
}

/// What of a kind was lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Its element.
    pub kind: String,
    /// How many.
    pub count: u32,
    /// Of them, those that must be.
    pub must: u32,
    /// Of them, those that are not kept either: too long, or not to be told from others.
    pub dropped: u32,
    /// Line of the first in its file.
    pub line: u32,
}

/// What of a file is kept.
#[derive(Clone, Debug, Default)]
pub struct Keeping {
    /// The rules.
    pub rules: Vec<Rule>,
    /// What their names stand for, as positions in the draft.
    pub meaning: Meaning,
    /// What was lost, by kind, in the order of the file; of what is in force.
    pub told: Vec<Told>,
    /// What was not, though no draft says it: told only where the reader is asked not to take it into account.
    pub heeded: Vec<Told>,
}

/// What reading a file lost, out of the file itself. `heeded`: those among it that must be and are taken into account all the same, though no draft
/// says them; they are kept and not told.
///
/// # Errors
/// [`FetError`] of a file that is none; one that was read before is not.
pub fn keep(bytes: &[u8], file: &FetFile, lost: &[Ignored], heeded: &[Ignored]) -> Result<Keeping, FetError> {
    let all = constraints(bytes, lost)?;
    let (mut left, mut heeded) = (by_line(lost), by_line(heeded));
    for (rule, kind) in &all {
        *left.entry((kind.as_str(), rule.node.line)).or_default() -= 1;
        heeded
            .entry((kind.as_str(), rule.node.line))
            .and_modify(|n| *n -= 1);
    }
    let (mut rules, mut told, mut taken) = (vec![], BTreeMap::new(), BTreeMap::new());
    let mut room = MOST_BYTES;
    for (rule, kind) in &all {
        // fewer were lost than stand there
        let alone = left.get(&(kind.as_str(), rule.node.line)).is_none_or(|n| *n >= 0);
        let size = size(&rule.node);
        let kept = alone && size <= room && fits(&rule.node, 0) && !once(rule.kind());
        if kept {
            room -= size;
            rules.push(rule.clone());
        }
        // of several on one line it is not known which are meant
        let is_heeded = heeded.get(&(kind.as_str(), rule.node.line)) == Some(&0);
        if !rule.is_on() {
            continue;
        }
        let is_heeded = is_heeded && rule.is_must();
        let sort = if kept && is_heeded { &mut taken } else { &mut told };
        let of_kind = sort.entry(rule.kind().to_owned()).or_insert_with(|| Told {
            kind: rule.kind().to_owned(),
            count: 0,
            must: 0,
            dropped: 0,
            line: rule.node.line,
        });
        of_kind.count += 1;
        // what is taken into account and cannot be written back is no must that is left out
        of_kind.must += u32::from(rule.is_must() && (kept || !is_heeded));
        of_kind.dropped += u32::from(!kept);
    }
    let (told, heeded) = (in_order(told), in_order(taken));
    let meaning = meaning(file, &rules)?;
    Ok(Keeping {
        rules,
        meaning,
        told,
        heeded,
    })
}

fn in_order(kinds: BTreeMap<String, Told>) -> Vec<Told> {
    let mut all: Vec<Told> = kinds.into_values().collect();
    all.sort_by(|a, b| a.line.cmp(&b.line).then(a.kind.cmp(&b.kind)));
    all
}

/// Two lists of what was lost as one.
#[must_use]
pub fn joined(one: Vec<Told>, other: Vec<Told>) -> Vec<Told> {
    let mut all: BTreeMap<String, Told> = BTreeMap::new();
    for told in one.into_iter().chain(other) {
        match all.get_mut(&told.kind) {
            Some(of_kind) => {
                of_kind.count = of_kind.count.saturating_add(told.count);
                of_kind.must = of_kind.must.saturating_add(told.must);
                of_kind.dropped = of_kind.dropped.saturating_add(told.dropped);
                of_kind.line = of_kind.line.min(told.line);
            }
            None => {
                all.insert(told.kind.clone(), told);
            }
        }
    }
    in_order(all)
}

/// How many there are of a kind on a line.
fn by_line(all: &[Ignored]) -> HashMap<(&str, u32), i64> {
    let mut counts: HashMap<(&str, u32), i64> = HashMap::new();
    for ignored in all {
        for line in &ignored.lines {
            *counts.entry((ignored.kind.as_str(), *line)).or_default() += 1;
        }
    }
    counts
}

fn once(kind: &str) -> bool {
    // of rooms the draft takes a part: with the rest beside it FET finds two homes of a class, or no room that all lists allow
    let rooms = kind.contains("PreferredRoom") || kind.starts_with("ConstraintStudentsSetHomeRoom");
    rooms || ONCE.contains(&kind) || kind.ends_with("NotAvailableTimes")
}

/// The lost constraints of a file with the kinds that they were told by.
fn constraints(bytes: &[u8], lost: &[Ignored]) -> Result<Vec<(Rule, String)>, FetError> {
    let mut kinds: HashMap<u32, Vec<&str>> = HashMap::new();
    for ignored in lost {
        for line in &ignored.lines {
            kinds.entry(*line).or_default().push(&ignored.kind);
        }
    }
    let mut found = vec![];
    let mut source = Source::new(bytes)?;
    let mut none = String::new();
    // the root
    source.step(&mut none)?;
    loop {
        none.clear();
        let name = match source.step(&mut none)? {
            Step::Start(name, _) => name,
            Step::End | Step::Eof => return Ok(found),
        };
        let Some(list) = LISTS.iter().position(|list| *list == name) else {
            source.skip()?;
            continue;
        };
        loop {
            none.clear();
            let Step::Start(item, _) = source.step(&mut none)? else {
                break;
            };
            let node = source.tree(item)?;
            let kind = if is_on(&node) {
                shortened(&node.name)
            } else {
                OFF.to_owned()
            };
            if kinds
                .get(&node.line)
                .is_some_and(|told| told.contains(&kind.as_str()))
            {
                let space = list == 1;
                found.push((Rule { space, node }, kind));
            }
        }
    }
}

/// How long it is as text, at most.
fn size(node: &Node) -> usize {
    let inside: usize = node.children.iter().map(size).sum();
    // signs that become entities
    let signs = node.text.bytes().filter(|b| b"<>&'\"".contains(b)).count();
    inside + 2 * node.name.len() + node.text.len() + 5 * signs + 16
}

/// Whether every name and text of it is one that a file of ours may carry.
fn fits(node: &Node, level: u32) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let named = node.name.starts_with(|c: char| c.is_ascii_alphabetic()) && node.name.chars().all(plain);
    let text = &node.text;
    let blank = node.children.is_empty() || text.trim().is_empty();
    let clean = text.len() <= MOST_TEXT && !text.trim().chars().any(char::is_control);
    let inside = level < MOST_LEVELS && node.children.iter().all(|n| fits(n, level + 1));
    named && node.name.len() <= 80 && blank && clean && inside
}

/// What the names in the rules stand for in the draft of the file.
fn meaning(file: &FetFile, rules: &[Rule]) -> Result<Meaning, FetError> {
    let mut maker = Maker::new(file);
    maker.students()?;
    let at = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let place = |list: &[super::Named], name: &str| list.iter().position(|x| x.name == name).map(at);
    let mut of: BTreeMap<Sort, BTreeMap<String, Vec<Thing>>> = BTreeMap::new();
    let mut look = |sort: Sort, name: &str| {
        let names = of.entry(sort).or_default();
        if name.is_empty() || names.contains_key(name) {
            return;
        }
        let one = |thing: Option<Thing>| thing.into_iter().collect::<Vec<_>>();
        let things = match sort {
            Sort::Day => one(maker.days.get(name).map(|n| Thing::Day(at(*n)))),
            Sort::Hour => one(maker.hours.get(name).map(|n| Thing::Hour(at(*n)))),
            Sort::Subject => one(maker.subjects.get(name).map(|n| Thing::Subject(at(*n)))),
            Sort::Teacher => one(maker.teachers.get(name).map(|n| Thing::Teacher(at(*n)))),
            Sort::Building => one(place(&file.buildings, name).map(Thing::Building)),
            Sort::Room => one(maker
                .rooms
                .get(name)
                .copied()
                .flatten()
                .map(|room| Thing::Room(room.0.into()))),
            Sort::Students => {
                let set = |set: &Audience| match set {
                    Audience::Class(class) => Thing::Class(class.0.into()),
                    Audience::Group(group) => Thing::Group(group.0.into()),
                };
                let sets = maker.sets.get(name).map_or(&[][..], Vec::as_slice);
                sets.iter().map(set).collect()
            }
            Sort::Tag => {
                let has = |a: &&super::Activity| a.tags.iter().any(|tag| tag == name);
                let activities = file.activities.iter().filter(has);
                activities.map(|a| Thing::Activity(a.id.into())).collect()
            }
        };
        names.insert(name.to_owned(), things);
    };
    for rule in rules {
        mentioned(&rule.node, &mut look);
    }
    Ok(Meaning(of))
}

fn mentioned(node: &Node, look: &mut impl FnMut(Sort, &str)) {
    for child in &node.children {
        if let Some(sort) = sort_of(&child.name) {
            look(sort, &child.text);
        }
        mentioned(child, look);
    }
}

/// What the text of an element names.
fn sort_of(element: &str) -> Option<Sort> {
    Sort::referred_by(element).or(match element {
        "Day" | "Preferred_Day" | "Preferred_Starting_Day" | "Selected_Day" => Some(Sort::Day),
        "Hour"
        | "Preferred_Hour"
        | "Preferred_Starting_Hour"
        | "Selected_Hour"
        | "Interval_Start_Hour"
        | "Interval_End_Hour" => Some(Sort::Hour),
        "Building" | "Building_Name" => Some(Sort::Building),
        "First_Activity_Tag" | "Second_Activity_Tag" => Some(Sort::Tag),
        _ => None,
    })
}

/// The rules as text, to be stored.
#[must_use]
pub fn to_text(rules: &[Rule]) -> String {
    let mut w = Writer::new();
    w.open("kept", &[]);
    for (list, space) in LISTS.into_iter().zip([false, true]) {
        w.open(list, &[]);
        for rule in rules.iter().filter(|rule| rule.space == space) {
            put(&mut w, &rule.node);
        }
        w.close();
    }
    w.finish()
}

fn put(w: &mut Writer, node: &Node) {
    if node.children.is_empty() {
        w.text(&node.name, &node.text);
        return;
    }
    w.open(&node.name, &[]);
    for child in &node.children {
        put(w, child);
    }
    w.close();
}

/// Rules that were stored as text.
///
/// # Errors
/// [`FetError`] if it is none of ours.
pub fn from_text(text: &str) -> Result<Vec<Rule>, FetError> {
    if text.len() > MOST_TEXT_OF_ALL {
        let limit = crate::ids::narrow(MOST_TEXT_OF_ALL);
        let reason = super::FetReason::TooLarge { limit };
        return Err(FetError { line: 1, reason });
    }
    let mut source = Source::new(text.as_bytes())?;
    let mut none = String::new();
    let root = match source.step(&mut none)? {
        Step::Start(name, _) => source.tree(name)?,
        Step::End | Step::Eof => Node::default(),
    };
    let mut rules = vec![];
    for list in root.children {
        let space = list.name == LISTS[1];
        let fitting = list.children.into_iter().filter(|node| fits(node, 0));
        rules.extend(fitting.map(|node| Rule { space, node }));
    }
    rules.truncate(wide(200_000));
    Ok(rules)
}

#[cfg(test)]
mod tests;
