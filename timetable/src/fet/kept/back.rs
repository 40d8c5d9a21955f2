//! Kept constraints with the names of another file than they came from.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{LISTS, Meaning, Rule, Thing, sort_of};
use crate::fet::marks::BROKEN;
use crate::fet::names::Sort;
use crate::fet::write::{Names, id};
use crate::fet::xml::Node;
use crate::ids::CardIx;
use crate::markup::Writer;
use crate::spec::Audience;

/// What is kept, seen from the draft that is to be written.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// The rules.
    pub rules: Vec<Rule>,
    /// What their names stand for: positions in that draft.
    pub meaning: Meaning,
    /// The cards of activities of the file that they came from.
    pub cards: HashMap<u32, CardIx>,
}

/// Why a rule cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gone {
    /// Somebody or something that it speaks of is no longer there.
    Missing,
    /// It says something that nobody here can vouch for, or belongs to another mode of the program.
    Unknown,
}

/// A rule with the names of the new file.
#[derive(Clone, Debug)]
pub struct Back {
    space: bool,
    node: Node,
    /// It is in force.
    on: bool,
}

/// The rules that can be written, and how many cannot.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// Those that can.
    pub rules: Vec<Back>,
    /// Tags that they name, with their cards.
    pub(in crate::fet) tags: BTreeMap<String, BTreeSet<CardIx>>,
    /// The others, by kind and reason.
    pub gone: BTreeMap<(String, Gone), u32>,
}

impl Written {
    /// How many of them are in force.
    #[must_use]
    pub fn on(&self) -> usize {
        self.rules.iter().filter(|rule| rule.on).count()
    }

    /// Takes rules out of force, by their position.
    pub fn switch_off(&mut self, which: &[bool]) {
        for (rule, off) in self.rules.iter_mut().zip(which) {
            rule.on &= !off;
        }
    }

    /// The rules of one list; the byte where each begins, if that is asked for.
    pub(in crate::fet) fn put(&self, w: &mut Writer, list: &str, starts: &mut [usize]) {
        for (at, rule) in self.rules.iter().enumerate() {
            if rule.space != (list == LISTS[1]) {
                continue;
            }
            if let Some(start) = starts.get_mut(at) {
                *start = w.written();
            }
            w.open(&rule.node.name, &[]);
            let own = |n: &&Node| !matches!(n.name.as_str(), "Active" | "Comments");
            for child in rule.node.children.iter().filter(own) {
                super::put(w, child);
            }
            w.text("Active", if rule.on { "true" } else { "false" });
            // what was in force and is not only because of the places says so, and comes back
            let was = super::is_on(&rule.node);
            let comment = if was && !rule.on {
                BROKEN
            } else {
                rule.node.text_of("Comments").trim()
            };
            let stale = comment == BROKEN && rule.on;
            w.text("Comments", if stale { "" } else { comment });
            w.close();
        }
    }
}

impl Kept {
    /// The rules with the names of a file.
    pub(in crate::fet) fn named(&self, names: &Names) -> Written {
        let mut out = Written::default();
        let mut said: BTreeSet<String> = BTreeSet::new();
        for rule in &self.rules {
            match self.rule(rule, names, &mut out.tags) {
                Ok(nodes) => {
                    for node in nodes {
                        // FET takes no constraint twice
                        if said.insert(format!("{node:?}")) {
                            let on = rule.is_on();
                            let space = rule.space;
                            out.rules.push(Back { space, node, on });
                        }
                    }
                }
                Err(why) => *out.gone.entry((rule.kind().to_owned(), why)).or_default() += 1,
            }
        }
        out
    }

    /// A rule about a year becomes one about each of its classes, where it is a rule about students.
    fn rule(
        &self,
        rule: &Rule,
        names: &Names,
        tags: &mut BTreeMap<String, BTreeSet<CardIx>>,
    ) -> Result<Vec<Node>, Gone> {
        let kind = rule.kind();
        let other_mode = [
            "Afternoon",
            "Morning",
            "HalfDay",
            "RealDay",
            "ZeroGaps",
            "Term",
            "ThreeConsecutiveDays",
        ];
        if other_mode.iter().any(|word| kind.contains(word)) {
            return Err(Gone::Unknown);
        }
        let students = |n: &&Node| sort_of(&n.name) == Some(Sort::Students) && !n.text.is_empty();
        let named = rule.node.children.iter().find(students);
        let sets = named.map_or(&[][..], |n| self.meaning.of(Sort::Students, &n.text));
        let mut found = BTreeMap::new();
        let each: Vec<Option<Thing>> = if sets.len() > 1 {
            if !kind.starts_with("ConstraintStudentsSet") {
                return Err(Gone::Missing);
            }
            sets.iter().copied().map(Some).collect()
        } else {
            vec![None]
        };
        let nodes: Result<Vec<Node>, Gone> = each
            .into_iter()
            .map(|set| self.node(&rule.node, names, set, &mut found))
            .collect();
        let nodes = nodes?;
        tags.extend(found);
        Ok(nodes)
    }

    fn node(
        &self,
        node: &Node,
        names: &Names,
        set: Option<Thing>,
        tags: &mut BTreeMap<String, BTreeSet<CardIx>>,
    ) -> Result<Node, Gone> {
        let mut out = Node {
            name: node.name.clone(),
            // lines of the old file tell nothing, and equal rules are to be equal
            ..Node::default()
        };
        for child in &node.children {
            out.children.push(if child.children.is_empty() {
                let text = self.text(child, names, set, tags)?;
                Node {
                    name: child.name.clone(),
                    text,
                    ..Node::default()
                }
            } else {
                self.node(child, names, set, tags)?
            });
        }
        Ok(out)
    }

    /// The text of a leaf: a name as it is now, a number of an activity, or what means the same everywhere.
    fn text(
        &self,
        leaf: &Node,
        names: &Names,
        set: Option<Thing>,
        tags: &mut BTreeMap<String, BTreeSet<CardIx>>,
    ) -> Result<String, Gone> {
        let text = leaf.text.as_str();
        if text.trim().is_empty() || leaf.name == "Comments" {
            return Ok(text.trim().to_owned());
        }
        if leaf.name.contains("Activity_Id") {
            let number = text.trim().parse::<u32>().ok();
            let card = number.and_then(|n| self.cards.get(&n));
            return card.map(|card| id(*card)).ok_or(Gone::Missing);
        }
        let Some(sort) = sort_of(&leaf.name) else {
            let figure = text.trim().parse::<f64>().is_ok();
            let truth = matches!(text.trim(), "true" | "false" | "yes" | "no");
            return if figure || truth {
                Ok(text.trim().to_owned())
            } else {
                Err(Gone::Unknown)
            };
        };
        let things = self.meaning.of(sort, text);
        if sort == Sort::Tag {
            let card = |thing: &Thing| match thing {
                Thing::Activity(n) => self.cards.get(&u32::try_from(*n).ok()?).copied(),
                _ => None,
            };
            let cards: BTreeSet<CardIx> = things.iter().filter_map(card).collect();
            let name = crate::fet::write::clean(text);
            if cards.is_empty() || name.is_empty() {
                return Err(Gone::Missing);
            }
            tags.insert(name.clone(), cards);
            return Ok(name);
        }
        let thing = match (set.filter(|_| sort == Sort::Students), things) {
            (Some(set), _) => set,
            (None, [one]) => *one,
            _ => return Err(Gone::Missing),
        };
        name_of(thing, names).ok_or(Gone::Missing)
    }
}

fn name_of(thing: Thing, names: &Names) -> Option<String> {
    let get = |list: &[String], n: i64| list.get(usize::try_from(n).ok()?).cloned();
    let set = |audience: Audience| Some(names.audience(audience).to_owned()).filter(|n| !n.is_empty());
    match thing {
        Thing::Day(n) => get(&names.days, n),
        Thing::Hour(n) => get(&names.hours, n),
        Thing::Subject(n) => get(&names.subjects, n),
        Thing::Teacher(n) => get(&names.teachers, n),
        Thing::Building(n) => get(&names.buildings, n),
        Thing::Room(n) => get(&names.rooms, n),
        Thing::Class(n) => set(Audience::Class(crate::ids::ClassIx(u32::try_from(n).ok()?))),
        Thing::Group(n) => set(Audience::Group(crate::ids::GroupIx(u32::try_from(n).ok()?))),
        Thing::Activity(_) => None,
    }
}
