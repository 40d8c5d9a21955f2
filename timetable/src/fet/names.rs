//! Names in a FET file: which must be told apart, and which must be there. Both readers of such files, the one that makes a
//! [`SchoolDraft`](crate::SchoolDraft) and the one that makes a problem, ask here, so that a file is refused by both or by none, at the
//! same place. FET compares names as they are written: «7А» and «7А » are two.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::FetFile;

/// What has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sort {
    /// A day.
    Day,
    /// An hour of the day.
    Hour,
    /// A subject.
    Subject,
    /// An activity tag.
    Tag,
    /// A teacher.
    Teacher,
    /// A building.
    Building,
    /// A room.
    Room,
    /// A year, a group or a subgroup: they have one list of names.
    Students,
}

/// Elements of students, by level.
pub(crate) const LEVELS: [&str; 3] = ["Year", "Group", "Subgroup"];

impl Sort {
    /// The element of one in its list.
    #[must_use]
    pub fn element(self) -> &'static str {
        match self {
            Self::Day => "Day",
            Self::Hour => "Hour",
            Self::Subject => "Subject",
            Self::Tag => "Activity_Tag",
            Self::Teacher => "Teacher",
            Self::Building => "Building",
            Self::Room => "Room",
            Self::Students => "Students",
        }
    }

    /// What an element of an activity or a constraint names, if it names something that must be there. Days and hours stand in cells, which
    /// each reader resolves where it needs them.
    #[must_use]
    pub fn referred_by(element: &str) -> Option<Self> {
        Some(match element {
            "Subject" | "Subject_Name" => Self::Subject,
            "Activity_Tag" | "Activity_Tag_Name" => Self::Tag,
            "Teacher" | "Teacher_Name" => Self::Teacher,
            "Students" | "Students_Name" => Self::Students,
            "Room" | "Room_Name" | "Preferred_Room" | "Real_Room" => Self::Room,
            _ => return None,
        })
    }
}

/// Whether the text of an element is a name, blanks and all.
#[must_use]
pub(crate) fn is_name(element: &str) -> bool {
    let defined = matches!(
        element,
        "Name"
            | "Day"
            | "Hour"
            | "Building"
            | "Preferred_Day"
            | "Preferred_Hour"
            | "Preferred_Starting_Day"
            | "Preferred_Starting_Hour"
            | "Selected_Day"
            | "Selected_Hour"
    );
    defined || Sort::referred_by(element).is_some()
}

/// A name that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Wrong<'a> {
    /// Line of the element.
    pub line: u32,
    /// What it is.
    pub sort: Sort,
    /// Its element: of students the level.
    pub element: &'static str,
    /// The name.
    pub name: &'a str,
    /// It is there already; else it is nowhere.
    pub twice: bool,
}

/// The names that are there.
#[derive(Default)]
pub(crate) struct Names<'a> {
    known: HashSet<(Sort, &'a str)>,
    levels: HashMap<&'a str, usize>,
}

impl<'a> Names<'a> {
    /// Something that must have a name of its own.
    ///
    /// # Errors
    /// [`Wrong`] if another one has it.
    pub fn define(&mut self, sort: Sort, name: &'a str, line: u32) -> Result<(), Wrong<'a>> {
        if self.known.insert((sort, name)) {
            return Ok(());
        }
        Err(Wrong {
            line,
            sort,
            element: sort.element(),
            name,
            twice: true,
        })
    }

    /// Students of a level (0: a year): one set may stand in several others, but only once in each, and only on one level.
    ///
    /// # Errors
    /// [`Wrong`] otherwise.
    pub fn students(
        &mut self,
        level: usize,
        name: &'a str,
        line: u32,
        siblings: &mut HashSet<&'a str>,
    ) -> Result<(), Wrong<'a>> {
        self.known.insert((Sort::Students, name));
        if *self.levels.entry(name).or_insert(level) == level && siblings.insert(name) {
            return Ok(());
        }
        Err(Wrong {
            line,
            sort: Sort::Students,
            element: LEVELS.get(level).copied().unwrap_or("Students"),
            name,
            twice: true,
        })
    }

    /// Something that must be there; no name is none.
    ///
    /// # Errors
    /// [`Wrong`] if it is not.
    pub fn refer(&self, sort: Sort, name: &'a str, line: u32) -> Result<(), Wrong<'a>> {
        if name.is_empty() || self.known.contains(&(sort, name)) {
            return Ok(());
        }
        Err(Wrong {
            line,
            sort,
            element: sort.element(),
            name,
            twice: false,
        })
    }
}

/// Names that the constraints of a file mention, each with the first line that does.
pub type Mentioned = BTreeMap<Sort, BTreeMap<String, u32>>;

/// Looks through the names of a file.
pub(super) fn check(file: &FetFile) -> Result<(), Wrong<'_>> {
    let mut names = Names::default();
    for (sort, list) in [
        (Sort::Day, &file.days),
        (Sort::Hour, &file.hours),
        (Sort::Subject, &file.subjects),
        (Sort::Tag, &file.tags),
        (Sort::Teacher, &file.teachers),
        (Sort::Building, &file.buildings),
    ] {
        for item in list {
            names.define(sort, &item.name, item.line)?;
        }
    }
    for room in &file.rooms {
        names.define(Sort::Room, &room.name, room.line)?;
    }
    let mut years = HashSet::new();
    for year in &file.years {
        names.students(0, &year.name, year.line, &mut years)?;
        let mut groups = HashSet::new();
        for group in &year.parts {
            names.students(1, &group.name, group.line, &mut groups)?;
            let mut subgroups = HashSet::new();
            for subgroup in &group.parts {
                names.students(2, &subgroup.name, subgroup.line, &mut subgroups)?;
            }
        }
    }
    for room in &file.rooms {
        names.refer(Sort::Building, &room.building, room.line)?;
    }
    // what is switched off says nothing
    for activity in file.activities.iter().filter(|a| a.active) {
        let subject = [(Sort::Subject, std::slice::from_ref(&activity.subject))];
        let others = [
            (Sort::Teacher, activity.teachers.as_slice()),
            (Sort::Tag, activity.tags.as_slice()),
            (Sort::Students, activity.students.as_slice()),
        ];
        for (sort, all) in subject.into_iter().chain(others) {
            for name in all {
                names.refer(sort, name, activity.line)?;
            }
        }
    }
    let all = file.mentioned.iter();
    let all = all.flat_map(|(sort, names)| names.iter().map(|(name, line)| (*sort, name, *line)));
    let wrong = all.filter_map(|(sort, name, line)| names.refer(sort, name, line).err());
    wrong.min_by_key(|wrong| wrong.line).map_or(Ok(()), Err)
}
