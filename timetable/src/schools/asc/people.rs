//! Teachers, classes with their groups, students and rooms as resources.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::cards::list;
use super::fault::{AscFault, AscReason, fault, short};
use super::week::{Parts, Week};
use crate::markup::Element;
use crate::problem::{Named, Problem, Resource};

pub(super) const TEACHER: u32 = 0;
pub(super) const PUPILS: u32 = 1;
pub(super) const ROOM: u32 = 2;

/// Most atoms of a class; divisions beyond that are taken for the whole class.
const MOST_ATOMS: usize = 64;

/// Names of a table by identifier, in the order of the file.
#[derive(Default)]
pub(super) struct Table<'a> {
    pub rows: Vec<(&'a str, &'a Element)>,
    index: HashMap<&'a str, usize>,
}

impl<'a> Table<'a> {
    pub fn of(root: &'a Element, name: &str) -> Result<Self, AscFault> {
        let mut table = Self::default();
        for row in root.list(name) {
            let Some(id) = row.attribute("id") else {
                return Err(fault(row, AscReason::NoId(row.name.clone())));
            };
            if table.index.insert(id, table.rows.len()).is_some() {
                return Err(fault(row, AscReason::Twice(row.name.clone(), short(id))));
            }
            table.rows.push((id, row));
        }
        Ok(table)
    }

    pub fn row(&self, id: &str) -> Option<&'a Element> {
        self.index.get(id).and_then(|at| self.rows.get(*at)).map(|r| r.1)
    }

    /// The same with the id as the file has it.
    pub fn entry(&self, id: &str) -> Option<(&'a str, &'a Element)> {
        self.index.get(id).and_then(|at| self.rows.get(*at)).copied()
    }

    /// What people call a row.
    pub fn name(&self, id: &str) -> &'a str {
        let row = self.row(id);
        let said = row.and_then(|r| r.attribute("name").or_else(|| r.attribute("short")));
        said.unwrap_or_default()
    }
}

/// A class cut into atoms.
struct Class<'a> {
    /// For each atom, the group of each division.
    atoms: Vec<Vec<&'a str>>,
    /// Divisions that were too many.
    beyond: HashSet<&'a str>,
}

/// Who can be in one place only.
pub(super) struct People<'a> {
    pub teachers: Table<'a>,
    pub classes: Table<'a>,
    pub groups: Table<'a>,
    pub rooms: Table<'a>,
    students: Table<'a>,
    cut: HashMap<&'a str, Class<'a>>,
    /// Students with lessons of their own.
    alone: BTreeSet<String>,
    /// Resources made so far: sort, identifier, atom, part.
    made: HashMap<(u32, String, usize, usize), u32>,
    /// Who has lessons that are not always held.
    partly: HashSet<(u32, String)>,
}

impl<'a> People<'a> {
    pub fn of(root: &'a Element) -> Result<Self, AscFault> {
        let groups = Table::of(root, "groups")?;
        let lessons = root.list("lessons");
        let students = Table::of(root, "students")?;
        let known = |list: Vec<String>, table: &Table<'a>| -> Vec<String> {
            list.into_iter().filter(|id| table.row(id).is_some()).collect()
        };
        let used = lessons.iter().flat_map(|l| known(list(l, "groupids"), &groups));
        let used: BTreeSet<String> = used.collect();
        let mut divisions: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
        for (id, group) in &groups.rows {
            if !is_whole(group) {
                let class = group.attribute("classid").unwrap_or_default();
                let tag = group.attribute("divisiontag").unwrap_or(id);
                divisions.entry((class, tag)).or_default().push(id);
            }
        }
        let mut cut: HashMap<&str, Class<'a>> = HashMap::new();
        for ((class, _), members) in divisions {
            if !members.iter().any(|g| used.contains(*g)) {
                continue;
            }
            let class = cut.entry(class).or_insert_with(|| Class {
                atoms: vec![vec![]],
                beyond: HashSet::new(),
            });
            if class.atoms.len() * members.len() > MOST_ATOMS {
                class.beyond.extend(members);
                continue;
            }
            let divide = |atom: &Vec<&'a str>| {
                let atom = atom.clone();
                let with = members.iter().map(move |g| [atom.as_slice(), &[*g]].concat());
                with.collect::<Vec<_>>()
            };
            class.atoms = class.atoms.iter().flat_map(divide).collect();
        }
        Ok(Self {
            teachers: Table::of(root, "teachers")?,
            classes: Table::of(root, "classes")?,
            rooms: Table::of(root, "classrooms")?,
            alone: lessons
                .iter()
                .flat_map(|l| known(list(l, "studentids"), &students))
                .collect(),
            students,
            groups,
            cut,
            made: HashMap::new(),
            partly: HashSet::new(),
        })
    }

    /// How many groups are taken for their whole class.
    pub fn beyond(&self) -> usize {
        self.cut.values().map(|c| c.beyond.len()).sum()
    }

    /// Whom a lesson takes, as (sort, identifier, atom).
    pub fn of_lesson(&self, lesson: &Element) -> Result<BTreeSet<(u32, String, usize)>, AscFault> {
        let mut who = BTreeSet::new();
        let missing = |what, id: &str| fault(lesson, AscReason::Missing(what, short(id)));
        for id in list(lesson, "teacherids")
            .into_iter()
            .chain(one(lesson, "teacherid"))
        {
            self.teachers.row(&id).ok_or_else(|| missing("teacher", &id))?;
            who.insert((TEACHER, id, 0));
        }
        let students = list(lesson, "studentids");
        for id in &students {
            self.students.row(id).ok_or_else(|| missing("student", id))?;
            who.insert((PUPILS, student(id), 0));
        }
        if !students.is_empty() {
            return Ok(who);
        }
        let mut grouped = HashSet::new();
        for id in list(lesson, "groupids") {
            let group = self.groups.row(&id).ok_or_else(|| missing("group", &id))?;
            let class = group.attribute("classid").unwrap_or_default();
            grouped.insert(class.to_owned());
            self.take(
                class,
                (!is_whole(group)).then_some(id.as_str()),
                &list(group, "studentids"),
                &mut who,
            );
        }
        for id in list(lesson, "classids").into_iter().chain(one(lesson, "classid")) {
            self.classes.row(&id).ok_or_else(|| missing("class", &id))?;
            if !grouped.contains(&id) {
                self.take(&id, None, &[], &mut who);
            }
        }
        Ok(who)
    }

    /// Takes a group of a class, or the whole of it.
    fn take(
        &self,
        class: &str,
        group: Option<&str>,
        named: &[String],
        who: &mut BTreeSet<(u32, String, usize)>,
    ) {
        let cut = self.cut.get(class);
        let atoms = cut.map_or(1, |c| c.atoms.len());
        let inside = |at: usize| {
            let (Some(group), Some(cut)) = (group, cut) else {
                return true;
            };
            cut.beyond.contains(group) || cut.atoms.get(at).is_some_and(|a| a.contains(&group))
        };
        who.extend(
            (0..atoms)
                .filter(|at| inside(*at))
                .map(|at| (PUPILS, class.to_owned(), at)),
        );
        // Students with lessons of their own are also here, if they are in the group or nobody says who is.
        for id in &self.alone {
            let own = self.students.row(id).and_then(|s| s.attribute("classid")) == Some(class);
            if own && (named.is_empty() || named.contains(id)) {
                who.insert((PUPILS, student(id), 0));
            }
        }
    }

    /// Notes that somebody has a lesson that is not always held.
    pub fn note_partly(&mut self, sort: u32, id: &str) {
        self.partly.insert((sort, id.to_owned()));
    }

    /// The resources of somebody for some weeks and terms; made when first asked for.
    pub fn resources(
        &mut self,
        problem: &mut Problem,
        (sort, id, atom): &(u32, String, usize),
        parts: Parts,
        week: &Week,
    ) -> Vec<u32> {
        let split = self.partly.contains(&(*sort, id.clone()));
        let count = if split { week.weeks * week.terms } else { 1 };
        let mut found = vec![];
        for part in 0..count {
            if split && parts >> (part % 64) & 1 == 0 {
                continue;
            }
            let key = (*sort, id.clone(), *atom, part);
            let next = crate::ids::narrow(problem.resources.len());
            let at = *self.made.entry(key).or_insert(next);
            if at == next {
                let name = self.label(*sort, id, *atom, split.then_some(part));
                problem.resources.push(Resource {
                    label: Named {
                        id: format!("{sort}:{id}:{atom}:{part}"),
                        name,
                    },
                    kind: *sort,
                });
            }
            found.push(at);
        }
        found
    }

    fn label(&self, sort: u32, id: &str, atom: usize, part: Option<usize>) -> String {
        let mut name = match sort {
            TEACHER => self.teachers.name(id).to_owned(),
            ROOM => self.rooms.name(id).to_owned(),
            _ => match id.strip_prefix(STUDENT) {
                Some(student) => self.students.name(student).to_owned(),
                None => self.classes.name(id).to_owned(),
            },
        };
        if name.is_empty() {
            id.clone_into(&mut name);
        }
        let groups = self.cut.get(id).and_then(|c| c.atoms.get(atom));
        for group in groups.into_iter().flatten().filter(|_| sort == PUPILS) {
            name.push_str(&format!(" / {}", self.groups.name(group)));
        }
        if let Some(part) = part {
            name.push_str(&format!(" ({})", part + 1));
        }
        name
    }
}

/// The file's identifier of a room, of the resource's.
pub(super) fn room_id(resource: &str) -> Option<&str> {
    resource.strip_prefix("2:")?.strip_suffix(":0:0")
}

const STUDENT: &str = "student ";

fn student(id: &str) -> String {
    format!("{STUDENT}{id}")
}

pub(super) fn one(element: &Element, attribute: &str) -> Option<String> {
    element
        .attribute(attribute)
        .filter(|a| !a.is_empty())
        .map(str::to_owned)
}

pub(super) fn is_whole(group: &Element) -> bool {
    matches!(group.attribute("entireclass"), Some("1" | "true"))
}
