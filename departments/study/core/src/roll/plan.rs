//! What of a list is new to the school. A pure comparison: rows and what is known go in, sets to write come out. A row that
//! contradicts what is known is told and brings nothing.

mod families;
mod subgroup;

use std::collections::{BTreeMap, HashMap, HashSet};

use base::{ClassId, Lang, PersonId, PupilId, SubgroupId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::fields::{class_key, name_key};
use super::rows::{Record, RowGuardian};
use super::{BadRow, ClassCount, Kin};
use crate::import::names::PersonName;
use crate::t;
use families::families;
use subgroup::subgroup;

/// Somebody with a card in the school.
#[derive(Clone, Debug)]
pub struct KnownPerson {
    /// Who.
    pub id: PersonId,
    /// Name.
    pub name: PersonName,
    /// Date of birth.
    pub born: Option<NaiveDate>,
    /// Numbers they can be reached by, digits with the country code.
    pub phones: Vec<String>,
    /// Their card as a pupil.
    pub pupil: Option<PupilId>,
    /// The class they are in, or will be in, from the day the list begins.
    pub class: Option<(ClassId, String)>,
    /// Subgroups they are in then.
    pub seats: Vec<SubgroupId>,
    /// Their guardians of today.
    pub guardians: Vec<PersonId>,
}

/// A class of the year.
#[derive(Clone, Debug)]
pub struct KnownClass {
    /// Which.
    pub id: ClassId,
    /// «7А».
    pub name: String,
    /// Its subgroups, by split and name.
    pub groups: Vec<KnownGroup>,
}

/// A subgroup.
#[derive(Clone, Debug)]
pub struct KnownGroup {
    /// Which.
    pub id: SubgroupId,
    /// Its name.
    pub name: String,
    /// The split it is a part of.
    pub split: String,
}

/// What the school knows.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Everyone with a card, by id.
    pub people: Vec<KnownPerson>,
    /// The classes of the year, in the school's order.
    pub classes: Vec<KnownClass>,
}

/// Somebody of the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Known to the school.
    Known(PersonId),
    /// The n-th of [`Plan::people`].
    New(usize),
}

/// A person to enter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPerson {
    /// Name.
    pub name: PersonName,
    /// Date of birth, of a pupil.
    pub born: Option<NaiveDate>,
    /// «f», «m».
    pub sex: Option<&'static str>,
    /// Telephone, of a guardian.
    pub phone: Option<String>,
    /// A pupil, or else a guardian.
    pub pupil: bool,
}

/// How many of what the good rows bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Pupils whom the school does not know.
    pub new_pupils: u32,
    /// Pupils who are there already.
    pub known_pupils: u32,
    /// Pupils, new or known, who enter their class by this list.
    pub enrolled: u32,
    /// Families in the list: children who share a guardian are one.
    pub families: u32,
    /// Guardians whom the school does not know.
    pub new_guardians: u32,
    /// Guardians who are there already.
    pub known_guardians: u32,
    /// Ties between a guardian and a child that are new.
    pub ties: u32,
    /// Places in subgroups that are new.
    pub seats: u32,
    /// Telephones and dates of birth that are new or other than before.
    pub facts: u32,
}

impl Counts {
    /// Would the import change anything?
    #[must_use]
    pub fn changes_anything(&self) -> bool {
        self.new_pupils + self.enrolled + self.new_guardians + self.ties + self.seats + self.facts > 0
    }
}

/// What to write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// New people.
    pub people: Vec<NewPerson>,
    /// Dates of birth that were not known.
    pub births: Vec<(PersonId, NaiveDate)>,
    /// Telephones that were not known or have changed.
    pub phones: Vec<(PersonId, String)>,
    /// Who gets a pupil's card.
    pub pupils: Vec<Who>,
    /// Who enters which class.
    pub enrolments: Vec<(Who, ClassId)>,
    /// Guardian, child, and what one is to the other.
    pub ties: Vec<(Who, Who, Kin)>,
    /// Who gets a place in which subgroup.
    pub seats: Vec<(Who, SubgroupId)>,
    /// How many.
    pub counts: Counts,
}

/// The outcome of a comparison.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What to write.
    pub plan: Plan,
    /// Rows that bring nothing.
    pub bad: Vec<BadRow>,
    /// Rows of each class that the school has.
    pub classes: Vec<ClassCount>,
    /// Rows of each class that it does not have.
    pub unmatched: Vec<ClassCount>,
}

/// Compares.
#[must_use]
pub fn compare(lang: Lang, records: &[Record], known: &Known) -> Outcome {
    let mut work = Work::new(lang, known);
    for record in records {
        if let Err(reason) = work.take(record) {
            work.bad.push(BadRow {
                row: record.row,
                reason,
            });
        }
    }
    work.finish()
}

struct Work<'a> {
    lang: Lang,
    known: &'a Known,
    by_name: HashMap<String, Vec<usize>>,
    by_id: HashMap<PersonId, usize>,
    by_class: HashMap<String, Vec<usize>>,
    plan: Plan,
    bad: Vec<BadRow>,
    /// Rows of the n-th class.
    rows: Vec<u32>,
    unmatched: BTreeMap<String, (String, u32)>,
    /// Guardians of this list with a number, found again by name and number.
    listed: HashMap<(String, String), Who>,
    guardians: HashSet<Who>,
    /// Numbers that the list has for guardians who are known.
    numbers: BTreeMap<PersonId, Vec<String>>,
    /// Of each row with a family, its guardians.
    families: Vec<Vec<Who>>,
}

fn size(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl<'a> Work<'a> {
    fn new(lang: Lang, known: &'a Known) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, person) in known.people.iter().enumerate() {
            by_name.entry(name_key(&person.name)).or_default().push(n);
        }
        let mut by_class: HashMap<String, Vec<usize>> = HashMap::new();
        for (n, class) in known.classes.iter().enumerate() {
            by_class.entry(class_key(&class.name)).or_default().push(n);
        }
        Self {
            lang,
            known,
            by_name,
            by_id: known.people.iter().enumerate().map(|(n, p)| (p.id, n)).collect(),
            by_class,
            plan: Plan::default(),
            bad: vec![],
            rows: vec![0; known.classes.len()],
            unmatched: BTreeMap::new(),
            listed: HashMap::new(),
            guardians: HashSet::new(),
            numbers: BTreeMap::new(),
            families: vec![],
        }
    }

    fn named(&self, key: &str) -> impl Iterator<Item = &'a KnownPerson> + use<'a> {
        let known = self.known;
        let places = self.by_name.get(key).cloned().unwrap_or_default();
        places.into_iter().filter_map(move |n| known.people.get(n))
    }

    fn person(&self, id: PersonId) -> Option<&'a KnownPerson> {
        self.by_id.get(&id).and_then(|n| self.known.people.get(*n))
    }

    /// One row: first everything that may be wrong, then the plan.
    fn take(&mut self, record: &Record) -> Result<(), String> {
        let at = self.class(&record.class)?;
        let class = self.known.classes.get(at).ok_or_else(String::new)?;
        let pupil = self.pupil(record, class);
        if let Some((id, name)) = pupil.and_then(|p| p.class.as_ref())
            && *id != class.id
        {
            return Err(t::roll_bad_other_class(self.lang, name));
        }
        let seats = self.seats(record, class, pupil)?;
        let guardians: Vec<(Option<Who>, &RowGuardian)> = record
            .guardians
            .iter()
            .map(|g| (self.guardian(g, pupil), g))
            .collect();
        if pupil.is_some_and(|p| guardians.iter().any(|(w, _)| *w == Some(Who::Known(p.id)))) {
            return Err(t::roll_bad_oneself(self.lang).to_owned());
        }
        if let Some(rows) = self.rows.get_mut(at) {
            *rows += 1;
        }
        let who = self.put_pupil(record, class, pupil);
        self.plan.seats.extend(seats.into_iter().map(|s| (who, s)));
        let mut family = vec![];
        for (found, guardian) in guardians {
            family.push(self.put_guardian(found, guardian, who, pupil));
        }
        if !family.is_empty() {
            self.families.push(family);
        }
        Ok(())
    }

    fn class(&mut self, written: &str) -> Result<usize, String> {
        let key = class_key(written);
        let found = self.by_class.get(&key).map(Vec::as_slice).unwrap_or_default();
        let exact = |n: &&usize| self.known.classes.get(**n).is_some_and(|c| c.name == written);
        match (found, found.iter().find(exact)) {
            ([one], _) | (_, Some(one)) => Ok(*one),
            ([], None) => {
                let (_, rows) = self
                    .unmatched
                    .entry(key)
                    .or_insert_with(|| (written.to_owned(), 0));
                *rows += 1;
                Err(t::roll_bad_class(self.lang, written))
            }
            _ => Err(t::roll_bad_class_unclear(self.lang, written)),
        }
    }

    /// The same name and date of birth; else the same name in the same class, where no date is known.
    fn pupil(&self, record: &Record, class: &KnownClass) -> Option<&'a KnownPerson> {
        let key = name_key(&record.name);
        let here = |p: &&KnownPerson| p.class.as_ref().is_some_and(|(id, _)| *id == class.id);
        let same = || self.named(&key).filter(|p| p.born == Some(record.born));
        same()
            .find(|p| p.pupil.is_some())
            .or_else(|| same().next())
            .or_else(|| self.named(&key).find(|p| p.born.is_none() && here(p)))
    }

    /// Places in subgroups that the pupil does not have yet.
    fn seats(
        &self,
        record: &Record,
        class: &KnownClass,
        pupil: Option<&KnownPerson>,
    ) -> Result<Vec<SubgroupId>, String> {
        let mut wanted: Vec<&KnownGroup> = vec![];
        for (header, written) in &record.subgroups {
            let group = subgroup(class, header, written).ok_or_else(|| self.no_subgroup(class, written))?;
            match wanted.iter().find(|w| w.split == group.split) {
                Some(same) if same.id == group.id => {}
                Some(_) => return Err(t::roll_bad_split(self.lang, written)),
                None => wanted.push(group),
            }
        }
        let has = pupil.map(|p| p.seats.as_slice()).unwrap_or_default();
        for group in &wanted {
            let other = class
                .groups
                .iter()
                .find(|g| g.split == group.split && g.id != group.id && has.contains(&g.id));
            if let Some(other) = other {
                return Err(t::roll_bad_other_group(self.lang, &other.name));
            }
        }
        Ok(wanted
            .into_iter()
            .map(|g| g.id)
            .filter(|id| !has.contains(id))
            .collect())
    }

    fn no_subgroup(&self, class: &KnownClass, written: &str) -> String {
        let names: Vec<&str> = class.groups.iter().take(12).map(|g| g.name.as_str()).collect();
        if names.is_empty() {
            t::roll_bad_no_groups(self.lang, &class.name)
        } else {
            t::roll_bad_group(self.lang, &class.name, names.join(", "), written)
        }
    }

    /// By name and number; else by name among the guardians of this child.
    fn guardian(&self, guardian: &RowGuardian, pupil: Option<&KnownPerson>) -> Option<Who> {
        let key = name_key(&guardian.name);
        if let Some(phone) = &guardian.phone {
            let known = self
                .named(&key)
                .find(|p| p.phones.contains(phone))
                .map(|p| Who::Known(p.id));
            let listed = || self.listed.get(&(key.clone(), phone.clone())).copied();
            if let Some(found) = known.or_else(listed) {
                return Some(found);
            }
        }
        let own = pupil.map(|p| p.guardians.as_slice()).unwrap_or_default();
        own.iter()
            .filter_map(|id| self.person(*id))
            .find(|p| name_key(&p.name) == key)
            .map(|p| Who::Known(p.id))
    }

    fn put_pupil(&mut self, record: &Record, class: &KnownClass, pupil: Option<&KnownPerson>) -> Who {
        let counts = &mut self.plan.counts;
        let Some(known) = pupil else {
            counts.new_pupils += 1;
            let who = Who::New(self.plan.people.len());
            self.plan.people.push(NewPerson {
                name: record.name.clone(),
                born: Some(record.born),
                sex: record.sex,
                phone: None,
                pupil: true,
            });
            self.plan.pupils.push(who);
            self.plan.enrolments.push((who, class.id));
            return who;
        };
        let who = Who::Known(known.id);
        if known.pupil.is_some() {
            counts.known_pupils += 1;
        } else {
            counts.new_pupils += 1;
            self.plan.pupils.push(who);
        }
        if known.class.is_none() {
            self.plan.enrolments.push((who, class.id));
        }
        if known.born.is_none() {
            self.plan.births.push((known.id, record.born));
        }
        who
    }

    fn put_guardian(
        &mut self,
        found: Option<Who>,
        guardian: &RowGuardian,
        ward: Who,
        pupil: Option<&KnownPerson>,
    ) -> Who {
        // the row's first guardian may be the same person as its second: looked up again, it is there by now
        let found = found.or_else(|| self.guardian(guardian, pupil));
        let who = found.unwrap_or_else(|| {
            let who = Who::New(self.plan.people.len());
            self.plan.people.push(NewPerson {
                name: guardian.name.clone(),
                born: None,
                sex: match guardian.kin {
                    Kin::Mother => Some("f"),
                    Kin::Father => Some("m"),
                    _ => None,
                },
                phone: guardian.phone.clone(),
                pupil: false,
            });
            who
        });
        if let Some(phone) = &guardian.phone {
            self.listed.insert((name_key(&guardian.name), phone.clone()), who);
        }
        if self.guardians.insert(who) {
            match who {
                Who::New(_) => self.plan.counts.new_guardians += 1,
                Who::Known(_) => self.plan.counts.known_guardians += 1,
            }
        }
        if let (Who::Known(id), Some(phone)) = (who, &guardian.phone) {
            self.numbers.entry(id).or_default().push(phone.clone());
        }
        let tied = match who {
            Who::Known(id) => pupil.is_some_and(|p| p.guardians.contains(&id)),
            Who::New(_) => false,
        };
        let planned = self
            .plan
            .ties
            .iter()
            .rev()
            .take(8)
            .any(|(g, w, _)| *g == who && *w == ward);
        if !tied && !planned {
            self.plan.ties.push((who, ward, guardian.kin));
        }
        who
    }

    /// A number is new when none that the list has for this person is known: a list that has two of them, one known, changes
    /// nothing, today and the next time.
    fn phones(&self) -> Vec<(PersonId, String)> {
        let new = |id: &PersonId, listed: &Vec<String>| {
            let known = self.person(*id).map(|p| p.phones.as_slice()).unwrap_or_default();
            let other = !listed.iter().any(|n| known.contains(n));
            listed.first().filter(|_| other).map(|n| (*id, n.clone()))
        };
        self.numbers
            .iter()
            .filter_map(|(id, listed)| new(id, listed))
            .collect()
    }

    fn finish(mut self) -> Outcome {
        self.plan.phones = self.phones();
        let plan = &mut self.plan;
        plan.counts.enrolled = size(plan.enrolments.len());
        plan.counts.ties = size(plan.ties.len());
        plan.counts.seats = size(plan.seats.len());
        plan.counts.facts = size(plan.phones.len() + plan.births.len());
        plan.counts.families = size(families(&self.families));
        let classes = self.known.classes.iter().zip(&self.rows);
        Outcome {
            classes: classes
                .filter(|(_, rows)| **rows > 0)
                .map(|(class, rows)| ClassCount {
                    name: class.name.clone(),
                    rows: *rows,
                })
                .collect(),
            unmatched: self
                .unmatched
                .into_values()
                .map(|(name, rows)| ClassCount { name, rows })
                .collect(),
            plan: self.plan,
            bad: self.bad,
        }
    }
}

#[cfg(test)]
mod tests;
