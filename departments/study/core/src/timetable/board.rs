//! What the editor loads: one version of the timetable with everything the judge needs, in dense lists.
//! Indices (`ClassIx`, …) are positions in the lists of [`BoardData`]; the judge's board has the same order.

use base::{
    CardId, ClassId, EmployeeId, LessonListId, LoadId, PersonId, RoomId, SubgroupId, SubjectId, VersionId,
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use timetable::{
    Audience, CardIx, ClassIx, GroupIx, Placement, RoomIx, RoomKind, SubjectIx, TeacherIx, TimeSet, Weeks,
};

pub use super::listed::{VersionRow, Versions};

use super::later::Dated;
use super::norms::NormRow;
use super::single::Single;
use crate::building::{BuildingRow, WalkRow};
use crate::requirement::{Requirement, Weight};

/// What kind of organisation the timetable is of; norms differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrgKind {
    /// A school: grades.
    #[default]
    School,
    /// A college: courses.
    College,
    /// Another one: no norms of ours are for it.
    Other,
}

impl OrgKind {
    /// Reads the database's word (`organisation.kind`).
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "school" => Self::School,
            "college" => Self::College,
            _ => Self::Other,
        }
    }
}

/// How far a version has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VersionState {
    /// Being worked on; seen by those who may edit.
    Draft,
    /// In force, or will be, or was.
    Published,
    /// Replaced before it came into force.
    Archived,
}

impl VersionState {
    /// Reads the database's word.
    #[must_use]
    pub fn from_key(key: &str) -> Self {
        match key {
            "published" => Self::Published,
            "archived" => Self::Archived,
            _ => Self::Draft,
        }
    }
}

/// What a new draft starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DraftSource {
    /// A copy of a version, places included.
    Copy(VersionId),
    /// Cards cut from the teaching load, all in the tray.
    Loads,
}

/// A new draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drafted {
    /// Its id.
    pub version: VersionId,
    /// Loads whose hours make neither whole lessons nor one every other week, and what was made of them: a sentence each.
    pub uneven: Vec<String>,
}

/// The head of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VersionInfo {
    /// Its id.
    pub id: VersionId,
    /// Its title.
    pub title: String,
    /// Draft or published.
    pub state: VersionState,
    /// In force from.
    pub valid_from: Option<NaiveDate>,
    /// In force until.
    pub valid_to: Option<NaiveDate>,
    /// Grows with every save.
    pub revision: i32,
    /// Two weeks lie in the days one after the other.
    pub cycle_weeks: i16,
    /// Who changed it last.
    pub changed_by: Option<String>,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// The version that it was composed from, and its title, as far as that is there.
    #[serde(default)]
    pub made_from: Option<(VersionId, String)>,
    /// A search that begins from it is going on, on the server.
    #[serde(default)]
    pub composing: bool,
    /// First day of the academic year.
    pub year_from: NaiveDate,
    /// Last day of the academic year.
    pub year_to: NaiveDate,
}

/// A teacher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeacherRow {
    /// Staff card.
    pub id: EmployeeId,
    /// «Волкова Е. А.»
    pub name: String,
    /// Cannot teach then.
    pub away: TimeSet,
    /// Would rather not, and how firmly.
    #[serde(default)]
    pub unwanted: Vec<(Weight, TimeSet)>,
}

/// A class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassRow {
    /// Its id.
    pub id: ClassId,
    /// «7А»
    pub name: String,
    /// Grade (course).
    pub grade: i16,
    /// 1 or 2.
    pub shift: i16,
    /// 5 or 6.
    pub week_days: i16,
    /// Enrolled, else planned, else 0.
    pub pupils: u32,
    /// The room its lessons prefer.
    pub home_room: Option<RoomIx>,
    /// When bells ring for it.
    pub bells: TimeSet,
    /// When lessons begin, by slot; the same list for all weekdays (the longest of them).
    pub starts: Vec<Option<NaiveTime>>,
    /// When they end, likewise.
    pub ends: Vec<Option<NaiveTime>>,
    /// Cannot be taught then.
    pub away: TimeSet,
    /// Should rather not be, and how firmly.
    #[serde(default)]
    pub unwanted: Vec<(Weight, TimeSet)>,
}

/// A subgroup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupRow {
    /// Its id.
    pub id: SubgroupId,
    /// Its class.
    pub class: ClassIx,
    /// «Англ 1»
    pub name: String,
    /// Subgroups of one class with one key share no pupil.
    pub split: u16,
    /// Members, else planned, else 0.
    pub pupils: u32,
    /// Cannot be taught then.
    pub away: TimeSet,
}

/// A bell of a schedule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingTime {
    /// Number of the lesson, from 1.
    pub number: i16,
    /// Begins.
    pub starts: NaiveTime,
    /// Ends.
    pub ends: NaiveTime,
}

/// A bell schedule in use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RingRow {
    /// «Обычные звонки»
    pub title: String,
    /// 1, or 2 for the second shift.
    pub shift: i16,
    /// Its bells in order.
    pub times: Vec<RingTime>,
    /// For whom it rings: grade and weekday (1 = Monday).
    pub uses: Vec<(i16, i16)>,
}

/// A room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomRow {
    /// Its id.
    pub id: RoomId,
    /// «204»
    pub name: String,
    /// Number of its kind.
    pub kind: RoomKind,
    /// Seats.
    pub capacity: Option<u32>,
    /// How many cards may be held in it at once; 0, of an older server, means one.
    #[serde(default)]
    pub shared_by: u16,
    /// Cannot be used then.
    pub away: TimeSet,
    /// Position of its building in [`BoardData::buildings`].
    #[serde(default)]
    pub building: Option<u32>,
    /// On which floor.
    #[serde(default)]
    pub floor: Option<i16>,
}

/// A subject.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectRow {
    /// Its id.
    pub id: SubjectId,
    /// «Алгебра»
    pub name: String,
    /// «Алг»
    pub short_name: String,
    /// Key of the difficulty tables.
    pub template: Option<String>,
}

/// A teaching load, from which cards are cut.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoadRow {
    /// Its id.
    pub id: LoadId,
    /// What.
    pub subject: SubjectIx,
    /// By whom.
    pub teachers: Vec<TeacherIx>,
    /// To whom.
    pub audience: Vec<Audience>,
    /// The kind of room it asks for.
    pub room_kind: Option<RoomKind>,
    /// The rooms it may use; empty: any.
    pub rooms: Vec<RoomIx>,
    /// Points of difficulty of a lesson.
    pub difficulty: u16,
    /// Its lessons may not lie then, by the hours of its subject and its own.
    #[serde(default)]
    pub away: TimeSet,
    /// They should rather not, and how firmly.
    #[serde(default)]
    pub unwanted: Vec<(Weight, TimeSet)>,
}

/// The series of a card, which a file has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// Its number; means nothing outside the version.
    pub number: i32,
    /// The least days from one card to the next.
    pub days: u16,
    /// How much it weighs; `None`: what the school says of all.
    pub weight: Option<Weight>,
}

impl CardRow {
    /// All series that it belongs to.
    pub fn all_series(&self) -> impl Iterator<Item = Series> + '_ {
        self.series.into_iter().chain(self.more_series.iter().copied())
    }
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardRow {
    /// Its id.
    pub id: CardId,
    /// Position of its load in [`BoardData::loads`].
    pub load: u32,
    /// Slots in a row.
    pub duration: u16,
    /// Which weeks.
    pub weeks: Weeks,
    /// Not to be moved without asking.
    pub locked: bool,
    /// Cards of one series should be spread over the week.
    pub series: Option<Series>,
    /// Other series that it belongs to as well.
    #[serde(default)]
    pub more_series: Vec<Series>,
    /// Where it lies.
    pub place: Option<Placement>,
}

/// Lessons that a file names together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LessonCards {
    /// Which list.
    pub id: LessonListId,
    /// Those of them that the version has.
    pub cards: Vec<CardIx>,
}

/// Everything the editor needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardData {
    /// The version.
    pub version: VersionInfo,
    /// Name of the organisation.
    pub org_name: String,
    /// Kind of the organisation.
    pub org: OrgKind,
    /// Names of the days, as the version has them.
    pub days: Vec<String>,
    /// Names of the slots.
    pub slots: Vec<String>,
    /// Teachers of the year's loads.
    pub teachers: Vec<TeacherRow>,
    /// Classes of the year, by grade and name.
    pub classes: Vec<ClassRow>,
    /// Subgroups.
    pub groups: Vec<GroupRow>,
    /// Subgroups of different splits without common pupils.
    pub apart: Vec<(GroupIx, GroupIx)>,
    /// Rooms.
    pub rooms: Vec<RoomRow>,
    /// Buildings.
    #[serde(default)]
    pub buildings: Vec<BuildingRow>,
    /// Ways between them that take time.
    #[serde(default)]
    pub walks: Vec<WalkRow>,
    /// Kinds of rooms, by number.
    pub room_kinds: Vec<String>,
    /// Subjects of the loads.
    pub subjects: Vec<SubjectRow>,
    /// Loads.
    pub loads: Vec<LoadRow>,
    /// Cards; the judge's `CardIx` is the position here.
    pub cards: Vec<CardRow>,
    /// Norms in force on the version's first day, what the school sets stricter before the law; `NormId` is the position
    /// here.
    pub norms: Vec<NormRow>,
    /// What the school asks, in force on that day.
    #[serde(default)]
    pub requirements: Vec<Requirement>,
    /// What begins or ends while the version is in force.
    #[serde(default)]
    pub dated: Dated,
    /// What the file that it came from requires of single lessons.
    #[serde(default)]
    pub single: Single<CardIx>,
    /// Lessons that it names together, of which something is asked by [`Target::Lessons`](crate::requirement::Target::Lessons).
    #[serde(default)]
    pub lists: Vec<LessonCards>,
    /// Bell schedules in use.
    pub rings: Vec<RingRow>,
    /// This person makes timetables: sees drafts, times away, the review.
    pub plans: bool,
    /// The draft may be changed by this person.
    pub may_edit: bool,
    /// … and published.
    pub may_publish: bool,
    /// It is published, not over, and may be withdrawn by this person.
    #[serde(default)]
    pub may_withdraw: bool,
    /// Who looks: what this person could not save waits in the browser under their number.
    pub person: PersonId,
    /// The school's date.
    pub today: NaiveDate,
    /// The school's offset from UTC, in seconds.
    pub utc_offset: i32,
}

impl BoardData {
    /// The load of a card.
    #[must_use]
    pub fn load_of(&self, card: CardIx) -> Option<&LoadRow> {
        let row = self.cards.get(card.ix())?;
        self.loads.get(usize::try_from(row.load).ok()?)
    }

    /// The subject of a card.
    #[must_use]
    pub fn subject_of(&self, card: CardIx) -> Option<&SubjectRow> {
        self.subjects.get(self.load_of(card)?.subject.ix())
    }

    /// Days of one calendar week.
    #[must_use]
    pub fn days_a_week(&self) -> usize {
        self.days.len() / usize::try_from(self.version.cycle_weeks.max(1)).unwrap_or(1)
    }

    /// «7А», «7А Англ 1», «7А, 7Б»: who attends a card.
    #[must_use]
    pub fn audience_of(&self, card: CardIx) -> String {
        let Some(load) = self.load_of(card) else {
            return String::new();
        };
        let name = |audience: &Audience| match audience {
            Audience::Class(class) => self.classes.get(class.ix()).map(|c| c.name.clone()),
            Audience::Group(group) => self.groups.get(group.ix()).map(|g| {
                let class = self.classes.get(g.class.ix()).map_or("", |c| c.name.as_str());
                if g.name.starts_with(class) {
                    g.name.clone()
                } else {
                    format!("{class} {}", g.name)
                }
            }),
        };
        let names: Vec<String> = load.audience.iter().filter_map(name).collect();
        names.join(", ")
    }

    /// The names of a card's teachers.
    #[must_use]
    pub fn teachers_of(&self, card: CardIx) -> String {
        let Some(load) = self.load_of(card) else {
            return String::new();
        };
        let names: Vec<&str> = load
            .teachers
            .iter()
            .filter_map(|t| self.teachers.get(t.ix()))
            .map(|t| t.name.as_str())
            .collect();
        names.join(", ")
    }

    /// When most classes begin the lesson of a slot: what stands beside the weeks of teachers and rooms.
    #[must_use]
    pub fn usual_start(&self, slot: u16) -> Option<NaiveTime> {
        let mut counts: Vec<(NaiveTime, usize)> = vec![];
        let starts = self
            .classes
            .iter()
            .filter_map(|c| c.starts.get(usize::from(slot)).copied().flatten());
        for at in starts {
            match counts.iter_mut().find(|(known, _)| *known == at) {
                Some((_, count)) => *count += 1,
                None => counts.push((at, 1)),
            }
        }
        counts
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .map(|(at, _)| at)
    }

    /// The card of an id.
    #[must_use]
    pub fn card_ix(&self, id: CardId) -> Option<CardIx> {
        self.cards.iter().position(|c| c.id == id).map(CardIx::at)
    }

    /// The room of an id.
    #[must_use]
    pub fn room_ix(&self, id: RoomId) -> Option<RoomIx> {
        self.rooms.iter().position(|r| r.id == id).map(RoomIx::at)
    }
}
