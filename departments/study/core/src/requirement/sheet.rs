//! What the page shows: who there is, what is asked of whom, the law beside it.

use base::{ClassId, EmployeeId, LessonListId, LoadId, RoomId, SubgroupId, SubjectId, VersionId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::hours::{Hours, Who};
use super::kind::Kind;
use super::terms::{Requirement, Target};
use crate::building::{BuildingRow, RoomUse, Spot, WalkRow};
use crate::timetable::{NormRow, OrgKind};

/// A teacher of the year's loads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherItem {
    /// Staff card.
    pub id: EmployeeId,
    /// «Волкова Е. А.»
    pub name: String,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassItem {
    /// Its id.
    pub id: ClassId,
    /// «7А»
    pub name: String,
    /// Grade (course).
    pub grade: i16,
    /// The room its lessons prefer.
    pub home_room: Option<RoomId>,
}

/// A subgroup of a class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupItem {
    /// Its id.
    pub id: SubgroupId,
    /// Its class.
    pub class: ClassId,
    /// «7А Англ 1»
    pub name: String,
}

/// A room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomItem {
    /// Its id.
    pub id: RoomId,
    /// «204»
    pub name: String,
    /// What it is for.
    #[serde(flatten)]
    pub uses: RoomUse,
    /// Where it lies.
    pub spot: Spot,
}

/// A subject with loads this year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectItem {
    /// Its id.
    pub id: SubjectId,
    /// «Алгебра»
    pub name: String,
    /// Its row of the difficulty tables.
    #[serde(default)]
    pub template: Option<String>,
    /// Grades that are taught it and for which the tables give it no points.
    #[serde(default)]
    pub pointless: Vec<i16>,
}

/// A load of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadItem {
    /// Its id.
    pub id: LoadId,
    /// Its subject.
    pub subject: SubjectId,
    /// «7А, 7Б — Волкова»
    pub name: String,
    /// Rooms that an imported file named for it; a requirement goes before them.
    pub rooms: Vec<RoomId>,
    /// The kind of room that it named.
    pub room_kind: Option<String>,
}

/// Lessons that an imported file names together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonList {
    /// Its id.
    pub id: LessonListId,
    /// The newest version that has them, by its title.
    pub version: String,
    /// Of which load how many lessons, and how many that load has there.
    pub loads: Vec<(LoadId, u32, u32)>,
}

/// Somebody's hours, where any are painted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoursOf {
    /// Whose.
    pub who: Who,
    /// Which.
    pub hours: Hours,
}

/// A lesson of the timetable in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lying {
    /// Its day, from 0.
    pub day: i16,
    /// Its first slot, from 0.
    pub slot: i16,
    /// «Алгебра»
    pub subject: String,
    /// «7А»
    pub audience: String,
}

/// What hours that are closed by now do to the timetable in force: it does not change by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Struck {
    /// The version in force.
    pub version: VersionId,
    /// What it is called.
    pub title: String,
    /// Lessons on closed hours, by whose hours these are.
    pub lessons: Vec<(Who, Vec<Lying>)>,
}

/// The whole page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// «2026/27»; `None`: the school has no academic year yet, and everything else is empty.
    pub year: Option<String>,
    /// Names of the days that hours are painted for: of the version in force, or the newest.
    pub days: Vec<String>,
    /// Names of the slots.
    pub slots: Vec<String>,
    /// Days of one week of them.
    pub week: u16,
    /// The school's date.
    pub today: NaiveDate,
    /// Kind of the organisation.
    pub org: OrgKind,
    /// Lessons in force on closed hours, for who may change them.
    #[serde(default)]
    pub struck: Option<Struck>,
    /// Teachers, by name.
    pub teachers: Vec<TeacherItem>,
    /// Classes, by grade and name.
    pub classes: Vec<ClassItem>,
    /// Subgroups of the classes, in their order.
    pub groups: Vec<GroupItem>,
    /// Rooms.
    pub rooms: Vec<RoomItem>,
    /// Buildings.
    pub buildings: Vec<BuildingRow>,
    /// Ways between them that take time.
    pub walks: Vec<WalkRow>,
    /// Subjects.
    pub subjects: Vec<SubjectItem>,
    /// Their loads.
    pub loads: Vec<LoadItem>,
    /// Lessons that imported files name together, of versions of the year.
    #[serde(default)]
    pub lists: Vec<LessonList>,
    /// The rows of the difficulty tables that there are for the organisation; empty: it has none.
    #[serde(default)]
    pub scale: Vec<String>,
    /// Hours of everybody who has any.
    pub hours: Vec<HoursOf>,
    /// All requirements, those of other dates too.
    pub rows: Vec<Requirement>,
    /// The law of today, without what the school sets.
    pub norms: Vec<NormRow>,
    /// May change it; who may not sees of teachers only themselves.
    pub may_edit: bool,
}

impl Sheet {
    /// Somebody's hours.
    #[must_use]
    pub fn hours_of(&self, who: Who) -> Hours {
        let found = self.hours.iter().find(|h| h.who == who);
        found.map(|h| h.hours.clone()).unwrap_or_default()
    }

    /// The requirements of a kind for somebody, by their dates.
    #[must_use]
    pub fn rows_of(&self, kind: Kind, target: Target) -> Vec<Requirement> {
        let mut rows: Vec<Requirement> = self
            .rows
            .iter()
            .filter(|r| r.terms.kind == kind && r.terms.target == target)
            .cloned()
            .collect();
        rows.sort_by_key(|r| (r.terms.valid_from, r.id));
        rows
    }

    /// The kinds of rooms that the school has, each once.
    #[must_use]
    pub fn room_kinds(&self) -> Vec<String> {
        let mut kinds: Vec<String> = self.rooms.iter().map(|r| r.uses.kind.clone()).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// «Английский язык, 7А — Волкова»
    #[must_use]
    pub fn load_name(&self, id: LoadId) -> String {
        let Some(load) = self.loads.iter().find(|l| l.id == id) else {
            return "—".to_owned();
        };
        let subject = self.subjects.iter().find(|s| s.id == load.subject);
        format!("{}, {}", subject.map_or("—", |s| s.name.as_str()), load.name)
    }

    /// «204»
    #[must_use]
    pub fn room_name(&self, id: RoomId) -> &str {
        let found = self.rooms.iter().find(|r| r.id == id);
        found.map_or("—", |r| r.name.as_str())
    }
}
