//! FET's three levels of students to classes, subgroups and atoms; the rule is in the documentation of [`super`].

use super::budget::Budget;
use super::draft::Maker;
use super::error::{FetError, FetReason};
use super::taken::Taken;
use super::{Rule, StudentSet, marks};
use crate::draft::{DraftClass, DraftGroup, grade_in};
use crate::ids::{ClassIx, GroupIx, TimeSet, narrow, short, wide};
use crate::spec::Audience;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Most years, groups and subgroups of different names: FET knows no more than 30 000 subgroups.
const MAX_SETS: u32 = 60_000;

impl<'a> Maker<'a> {
    /// Decides the classes and subgroups; see the module's documentation.
    pub(super) fn students(&mut self) -> Result<(), FetError> {
        let file = self.file;
        let atoms = Atoms::new(&file.years, &mut self.budget)?;
        let mut hours: HashMap<&str, u64> = HashMap::new();
        let mut named: HashSet<&str> = HashSet::new();
        for activity in &file.activities {
            for students in &activity.students {
                *hours.entry(students).or_default() += u64::from(activity.duration);
                named.insert(students);
            }
        }
        for constraint in &file.constraints {
            if let Rule::StudentsAway(students, _) | Rule::HomeRooms(students, _) = &constraint.rule {
                named.insert(students);
            }
        }
        for year in &file.years {
            if marks::is_class(&year.comments) || atoms.year_is_class(year, &hours) {
                let class = self.class(year, None, &atoms);
                for group in &year.parts {
                    self.group(class, group, &atoms)?;
                    for subgroup in group.parts.iter().filter(|s| named.contains(s.name.as_str())) {
                        self.group(class, subgroup, &atoms)?;
                    }
                }
            } else {
                let mut all = vec![];
                for group in &year.parts {
                    if !self.sets.contains_key(group.name.as_str()) {
                        let class = self.class(group, Some(&year.name), &atoms);
                        for subgroup in group.parts.iter().filter(|s| named.contains(s.name.as_str())) {
                            self.group(class, subgroup, &atoms)?;
                        }
                    }
                    all.extend(self.sets.get(group.name.as_str()).into_iter().flatten().copied());
                }
                self.sets.insert(&year.name, all);
            }
        }
        self.splits();
        let mut classes = Taken::default();
        self.out
            .classes
            .iter_mut()
            .for_each(|c| c.name = classes.name(&c.name));
        // a file of ours says the names that subgroups have within their class
        let mut groups: HashMap<Option<ClassIx>, Taken> = HashMap::new();
        let ours = self.file.years.iter().any(|year| marks::is_class(&year.comments));
        for group in &mut self.out.groups {
            let taken = groups.entry(ours.then_some(group.class)).or_default();
            group.name = taken.name(&group.name);
        }
        Ok(())
    }

    fn class(&mut self, set: &'a StudentSet, parallel: Option<&str>, atoms: &Atoms<'a>) -> ClassIx {
        let class = ClassIx::at(self.out.classes.len());
        self.out.classes.push(DraftClass {
            name: set.name.clone(),
            parallel: parallel.map(str::to_owned),
            grade: grade_in(&set.name).or_else(|| parallel.and_then(grade_in)),
            pupils: set.students,
            atoms: atoms.of(&set.name),
            ..DraftClass::default()
        });
        self.sets.insert(&set.name, vec![Audience::Class(class)]);
        class
    }

    fn group(&mut self, class: ClassIx, set: &'a StudentSet, atoms: &Atoms<'a>) -> Result<(), FetError> {
        if self.sets.contains_key(set.name.as_str()) {
            return Ok(());
        }
        let own = atoms.of(&set.name);
        // each two subgroups of a class are held against one another, pupil by pupil
        let others = self.groups_of.entry(class).or_default();
        self.budget.hold(*others, set.line, "Group")?;
        self.budget
            .look(others.saturating_mul(own.len()), set.line, "Group")?;
        *others += 1;
        let group = GroupIx::at(self.out.groups.len());
        self.out.groups.push(DraftGroup {
            class,
            name: marks::group(&set.comments).unwrap_or(&set.name).to_owned(),
            pupils: set.students,
            split: 0,
            away: TimeSet::new(),
            atoms: own,
        });
        self.sets.insert(&set.name, vec![Audience::Group(group)]);
        Ok(())
    }

    /// Gives each subgroup the first split of its class in which it shares pupils with nobody.
    fn splits(&mut self) {
        let mut taken: HashMap<ClassIx, Vec<BTreeSet<u32>>> = HashMap::new();
        for group in &mut self.out.groups {
            let splits = taken.entry(group.class).or_default();
            let free = splits
                .iter()
                .position(|s| group.atoms.iter().all(|a| !s.contains(a)));
            let split = free.unwrap_or(splits.len());
            if split == splits.len() {
                splits.push(BTreeSet::new());
            }
            splits[split].extend(&group.atoms);
            group.split = short(split);
        }
    }
}

/// The atoms of all years, groups and subgroups: FET's subgroups, or the lowest level that there is.
struct Atoms<'a> {
    sets: HashMap<&'a str, BTreeSet<u32>>,
}

impl<'a> Atoms<'a> {
    fn new(years: &'a [StudentSet], budget: &mut Budget) -> Result<Self, FetError> {
        let mut seen: HashSet<&str> = HashSet::new();
        let mut count = |set: &'a StudentSet| {
            seen.insert(&set.name);
            if seen.len() <= wide(MAX_SETS) {
                return Ok(());
            }
            let (element, limit) = ("Students".to_owned(), MAX_SETS);
            let reason = FetReason::TooMany { element, limit };
            Err(FetError {
                line: set.line,
                reason,
            })
        };
        let mut lowest: HashMap<&'a str, u32> = HashMap::new();
        let mut sets: HashMap<&'a str, BTreeSet<u32>> = HashMap::new();
        for year in years {
            count(year)?;
            for group in &year.parts {
                count(group)?;
                for subgroup in &group.parts {
                    count(subgroup)?;
                    let next = narrow(lowest.len());
                    let atom = *lowest.entry(&subgroup.name).or_insert(next);
                    sets.entry(&group.name).or_default().insert(atom);
                    sets.entry(&subgroup.name).or_default().insert(atom);
                }
            }
        }
        // A group may be written with subgroups in one year and without in another: only now it is known to have none.
        for year in years {
            for group in &year.parts {
                let next = narrow(lowest.len());
                let of_group = sets.entry(&group.name).or_default();
                if of_group.is_empty() {
                    of_group.insert(*lowest.entry(&group.name).or_insert(next));
                }
                // the subgroups of a group stand in the file once, the group may stand in every year
                budget.hold(of_group.len(), group.line, "Group")?;
                let all = of_group.clone();
                sets.entry(&year.name).or_default().extend(all);
            }
            if year.parts.is_empty() {
                let next = narrow(lowest.len());
                let atom = *lowest.entry(&year.name).or_insert(next);
                sets.entry(&year.name).or_default().insert(atom);
            }
        }
        Ok(Self { sets })
    }

    fn of(&self, name: &str) -> Vec<u32> {
        self.sets.get(name).into_iter().flatten().copied().collect()
    }

    fn year_is_class(&self, year: &StudentSet, hours: &HashMap<&str, u64>) -> bool {
        let of = |name: &str| hours.get(name).copied().unwrap_or(0);
        let mut seen = BTreeSet::new();
        let mut counted = HashSet::new();
        let mut below = 0;
        for group in &year.parts {
            if !self.of(&group.name).into_iter().all(|atom| seen.insert(atom)) {
                return true;
            }
            let parts = group.parts.iter().filter(|s| counted.insert(s.name.as_str()));
            below += of(&group.name) + parts.map(|s| of(&s.name)).sum::<u64>();
        }
        let own = of(&year.name);
        year.parts.is_empty() || (own > 0 && own * 5 >= own + below)
    }
}
