//! FET files (<https://lalescu.ro/liviu/fet/>): reading, turning into a [`SchoolDraft`](crate::SchoolDraft), and back ([`mod@write`]).
//!
//! Reading is in three steps, each with its own errors, all of them with the line: [`xml`] turns bytes into small
//! element trees one at a time and refuses everything hostile; [`parse`] turns these into a [`FetFile`]; [`mod@draft`]
//! resolves names and makes the school.
//!
//! # How to understand one more constraint
//! A variant in [`Rule`], a line in `parse::rule`, and its effect in `draft`. Everything else is counted by its name in
//! [`FetFile::ignored`] and shown to the person as "not understood".
//!
//! # Which level is the class
//! FET knows Year > Group > Subgroup. Decided for each year by itself:
//! 1. a year without groups is a class;
//! 2. if groups of the year share subgroups (the year is divided in several ways), the year is the class;
//! 3. if at least a fifth of the lesson-hours that name the year or something in it name the year itself, it is the class
//!    and its groups are subgroups;
//! 4. otherwise the year is a parallel, each group a class, and FET's subgroups are its subgroups.
//!
//! A year that a file of ours calls a class (see [`marks`]) is one, whatever the shares of hours.
//!
//! Subgroups that no activity and no constraint names are not imported (FET makes hundreds of them by combination); they
//! still are atoms, so that who shares pupils with whom stays exactly as in FET, across classes too.

pub mod bounds;
mod broken;
mod budget;
mod constraints;
pub mod draft;
pub mod error;
pub mod hours;
pub mod kept;
pub mod limits;
pub mod marks;
pub mod names;
pub mod parse;
mod rooming;
mod rooms;
mod students;
mod taken;
mod ties;
mod told;
pub mod write;
pub mod xml;

use serde::{Deserialize, Serialize};

pub use broken::broken;
pub use constraints::Plain;
pub use draft::draft;
pub use error::{FetError, FetReason};
pub use parse::read;
pub use write::{name_kept, write, write_kept, write_with};

/// Bytes to draft in one step.
///
/// # Errors
/// [`FetError`] with the line and the reason.
pub fn import(bytes: &[u8]) -> Result<crate::SchoolDraft, FetError> {
    draft(&read(bytes)?)
}

/// A FET file as it stands, names unresolved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FetFile {
    /// Version of FET that wrote it.
    pub version: String,
    /// Official, Mornings_Afternoons, Block_Planning, Terms; empty in old files.
    pub mode: String,
    /// Name of the institution.
    pub institution: String,
    /// Comments.
    pub comments: String,
    /// Days.
    pub days: Vec<Named>,
    /// Hours of a day.
    pub hours: Vec<Named>,
    /// Subjects.
    pub subjects: Vec<Named>,
    /// Activity tags.
    pub tags: Vec<Named>,
    /// Teachers.
    pub teachers: Vec<Named>,
    /// Students: years with groups with subgroups.
    pub years: Vec<StudentSet>,
    /// Buildings.
    pub buildings: Vec<Named>,
    /// Rooms.
    pub rooms: Vec<Room>,
    /// Activities.
    pub activities: Vec<Activity>,
    /// Constraints that are understood and active.
    pub constraints: Vec<Constraint>,
    /// Names that active constraints mention, understood or not.
    #[serde(default)]
    pub mentioned: names::Mentioned,
    /// The others: name, how often, line of the first.
    pub ignored: Vec<crate::draft::Ignored>,
    /// What stands beside them and no draft says.
    #[serde(default)]
    pub untaken: Untaken,
}

/// Lines of what is read over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Untaken {
    /// Subjects that a teacher is qualified for.
    pub qualified: Vec<u32>,
    /// Activities that say how many students they have, whoever they are for.
    pub seats: Vec<u32>,
    /// Constraints that are not in force.
    pub off: Vec<u32>,
}

/// A name and the line of its element.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Name.
    pub name: String,
    /// Line.
    pub line: u32,
}

/// A year, group or subgroup.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StudentSet {
    /// Name.
    pub name: String,
    /// How many students; 0 = not told.
    pub students: u32,
    /// The next level down.
    pub parts: Vec<StudentSet>,
    /// Comments; a file of ours says there what the set is, see [`marks`].
    #[serde(default)]
    pub comments: String,
    /// Line.
    pub line: u32,
}

/// A room.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Name.
    pub name: String,
    /// Building, may be empty.
    pub building: String,
    /// Seats.
    pub capacity: u32,
    /// Stands for several real rooms.
    pub is_virtual: bool,
    /// Comments; a file of ours says there how many lessons it takes and what it is for, see [`marks`].
    #[serde(default)]
    pub comments: String,
    /// Line.
    pub line: u32,
}

/// An activity: one card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// Number.
    pub id: u32,
    /// Number of the first activity of its set, 0 = alone.
    pub group: u32,
    /// Teachers.
    pub teachers: Vec<String>,
    /// Subject.
    pub subject: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Students.
    pub students: Vec<String>,
    /// Hours in a row.
    pub duration: u16,
    /// Off = not to be planned.
    pub active: bool,
    /// The weeks that a file of ours says, see [`marks`].
    #[serde(default)]
    pub weeks: crate::ids::Weeks,
    /// Line.
    pub line: u32,
}

/// A constraint that is understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Constraint {
    /// What it says.
    pub rule: Rule,
    /// Its element.
    pub kind: String,
    /// Weight in thousandths of a percent; 100 000 = must.
    pub weight: u32,
    /// Line.
    pub line: u32,
}

/// A day and hour by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Time {
    /// Day.
    pub day: String,
    /// Hour.
    pub hour: String,
}

/// What a constraint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// A teacher is not available.
    TeacherAway(String, Vec<Time>),
    /// A year, group or subgroup is not available.
    StudentsAway(String, Vec<Time>),
    /// A room is not available.
    RoomAway(String, Vec<Time>),
    /// Nobody has lessons.
    Break(Vec<Time>),
    /// Where an activity lies, and whether it is locked there.
    Start {
        /// Activity.
        id: u32,
        /// Time.
        at: Time,
        /// Permanently locked.
        locked: bool,
    },
    /// An activity's room; of a virtual room the real ones.
    Room {
        /// Activity.
        id: u32,
        /// Room.
        room: String,
        /// Real rooms.
        real: Vec<String>,
        /// Permanently locked: a wish, and not only where a finished timetable has it.
        locked: bool,
    },
    /// Rooms that an activity may have.
    ActivityRooms(u32, Vec<String>),
    /// Rooms for a subject.
    SubjectRooms(String, Vec<String>),
    /// Rooms for a tag.
    TagRooms(String, Vec<String>),
    /// Rooms for a subject with a tag.
    SubjectTagRooms(String, String, Vec<String>),
    /// Home rooms of a year, group or subgroup.
    HomeRooms(String, Vec<String>),
    /// Home rooms of a teacher.
    TeacherRooms(String, Vec<String>),
    /// Days, hours or gaps of somebody are limited.
    Limit(limits::Whose, crate::draft::Limited, u32),
    /// Least days between activities, and whether those of one day follow one another.
    MinDays(Vec<u32>, u16, bool),
    /// Activities that belong together in time: all of them held at once, at one hour, on near days; or two of them in their order.
    Tied(crate::ties::Tie, Vec<u32>),
    /// Activities that end the day of their students.
    EndsDay(hours::Filter),
    /// Hours that activities keep to.
    Hours(hours::Hours),
    /// Most hours or days of activities or of somebody.
    Bound(bounds::Bound),
    /// Rooms that activities take together.
    Rooming(crate::rooming::Rooming, Vec<u32>),
}
