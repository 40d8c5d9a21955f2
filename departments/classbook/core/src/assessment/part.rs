//! Works of a part of a class. The law speaks of works that the whole class writes at once: a work of a group of it is none, and becomes one where
//! the other groups of its split write on the same day. What holds for a pupil holds in a group, too: not two works on one day.

use std::collections::{BTreeMap, BTreeSet};

use base::{ClassId, SubgroupId};
use serde::{Deserialize, Serialize};

use super::rule::Planned;

/// A part of a class: one group of a split.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The class.
    pub class: ClassId,
    /// The group.
    pub group: SubgroupId,
    /// Groups of one split share no pupil; of those of different ones nothing is known.
    pub split: String,
    /// So many groups the split has.
    pub groups: i32,
}

impl Planned {
    fn parts_of(&self, class: ClassId) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |p| p.class == class)
    }

    pub(super) fn is_of(&self, class: ClassId) -> bool {
        self.classes.iter().any(|(c, _)| *c == class)
    }
}

/// May a pupil of the class have both works? Groups of one split have none in common.
pub(super) fn meet(a: &Planned, b: &Planned, class: ClassId) -> bool {
    if !a.is_of(class) || !b.is_of(class) {
        return false;
    }
    let mut parts = a.parts_of(class).peekable();
    if parts.peek().is_none() || b.parts_of(class).next().is_none() {
        return true;
    }
    parts.any(|one| {
        b.parts_of(class)
            .any(|other| one.group == other.group || one.split != other.split)
    })
}

/// Groups of one class that have no pupil in common, on one day: not two works of the class, but at most parts of one.
pub(super) fn beside(a: &Planned, b: &Planned) -> bool {
    let mut shared = a.classes.iter().filter(|(class, _)| b.is_of(*class)).peekable();
    a.date == b.date && shared.peek().is_some() && shared.all(|(class, _)| !meet(a, b, *class))
}

/// Does a whole class write at once, with this work and the others of its subject on its day?
pub(super) fn whole<'a>(work: &'a Planned, others: impl Iterator<Item = &'a Planned> + Clone) -> bool {
    work.classes.iter().any(|(class, _)| {
        let mut parts = work.parts_of(*class).peekable();
        parts.peek().is_none() || parts.any(|part| part.groups > 1 && covered(part, work, others.clone()))
    })
}

/// All groups of the part's split write that day.
fn covered<'a>(part: &Part, work: &'a Planned, others: impl Iterator<Item = &'a Planned>) -> bool {
    let beside = others.filter(|o| o.subject == work.subject && o.date == work.date);
    let groups: BTreeSet<SubgroupId> = beside
        .chain([work])
        .flat_map(|w| w.parts_of(part.class))
        .filter(|p| p.split == part.split)
        .map(|p| p.group)
        .collect();
    i32::try_from(groups.len()).is_ok_and(|n| n >= part.groups)
}

/// What the works of one day come to for whoever of the class has most of them: those of the class, and of each split one group's.
pub(super) fn most<'a>(
    works: impl Iterator<Item = &'a Planned>,
    class: ClassId,
    measure: impl Fn(&Planned) -> i64,
) -> i64 {
    let mut all = 0i64;
    let mut splits: BTreeMap<&str, BTreeMap<SubgroupId, i64>> = BTreeMap::new();
    for work in works.filter(|w| w.is_of(class)) {
        let mut parts = work.parts_of(class).peekable();
        if parts.peek().is_none() {
            all = all.saturating_add(measure(work));
        }
        for part in parts {
            let sum = splits
                .entry(&part.split)
                .or_default()
                .entry(part.group)
                .or_default();
            *sum = sum.saturating_add(measure(work));
        }
    }
    let groups = splits.values().filter_map(|split| split.values().max());
    groups.fold(all, |sum, group| sum.saturating_add(*group))
}

/// The parts as the rules need them: a class that is there with all groups of a split is there as a whole.
#[must_use]
pub fn settled(mut parts: Vec<Part>) -> Vec<Part> {
    let mut groups: BTreeMap<(ClassId, &str), BTreeSet<SubgroupId>> = BTreeMap::new();
    for part in &parts {
        let there = groups.entry((part.class, &part.split)).or_default();
        there.insert(part.group);
    }
    let all = |part: &Part| {
        let there = groups
            .get(&(part.class, part.split.as_str()))
            .map_or(0, BTreeSet::len);
        part.groups > 1 && i32::try_from(there).is_ok_and(|n| n >= part.groups)
    };
    let whole: BTreeSet<ClassId> = parts.iter().filter(|p| all(p)).map(|p| p.class).collect();
    parts.retain(|part| !whole.contains(&part.class));
    parts
}
