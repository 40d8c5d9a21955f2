//! What a file asks of a school's lessons: days between them, pairs in time, bounds and limits of days and hours. The facts of the school
//! itself stand beside it, in [`draft`](super).

use crate::bounds::Bounded;
use crate::ids::{CardIx, ClassIx, SubjectIx, TeacherIx, TimeSet};
use crate::rooming::Rooming;
use crate::spec::Audience;
use crate::ties::Tie;
use serde::{Deserialize, Serialize};

/// Cards that should lie at least so many days from each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftGap {
    /// Which, in the order of [`SchoolDraft::card_list`](super::SchoolDraft::card_list).
    pub cards: Vec<CardIx>,
    /// Days from one to the next: 1 = not on the same day.
    pub days: u16,
    /// Weight in thousandths of a percent, where it is told.
    #[serde(default)]
    pub weight: Option<u32>,
}

/// Two cards that belong together in time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTie {
    /// The first, in the order of [`SchoolDraft::card_list`](super::SchoolDraft::card_list).
    pub first: CardIx,
    /// The second.
    pub second: CardIx,
    /// How.
    pub tie: Tie,
    /// Weight in thousandths of a percent; 100 000 = must.
    pub weight: u32,
    /// Its name in the file.
    pub kind: String,
    /// Its line there.
    pub line: u32,
}

/// Whose lessons a bound is about, each list and each person by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DraftBoundOf {
    /// Lists of cards, in the order of [`SchoolDraft::card_list`](super::SchoolDraft::card_list).
    Lists(Vec<Vec<CardIx>>),
    /// All lessons of each teacher.
    Teachers(Vec<TeacherIx>),
    /// All lessons of each pupil of these.
    Pupils(Vec<Audience>),
}

/// Most hours or days of lessons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftBound {
    /// Whose.
    pub of: DraftBoundOf,
    /// What is counted.
    pub what: Bounded,
    /// Of these hours.
    pub times: TimeSet,
    /// The figure.
    pub figure: u16,
    /// Weight in thousandths of a percent; 100 000 = must.
    pub weight: u32,
    /// Its name in the file.
    pub kind: String,
    /// Its line there.
    pub line: u32,
}

/// Cards that take rooms together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRooming {
    /// The cards, in the order of [`SchoolDraft::card_list`](super::SchoolDraft::card_list).
    pub cards: Vec<CardIx>,
    /// What is asked of their rooms.
    pub what: Rooming,
    /// Weight in thousandths of a percent; 100 000 = must.
    pub weight: u32,
    /// Its name in the file.
    pub kind: String,
    /// Its line there.
    pub line: u32,
}

/// Cards after which their students have no other lesson that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLast {
    /// The cards, in the order of [`SchoolDraft::card_list`](super::SchoolDraft::card_list).
    pub cards: Vec<CardIx>,
    /// Weight in thousandths of a percent; 100 000 = must.
    pub weight: u32,
    /// Its name in the file.
    pub kind: String,
    /// Its line there.
    pub line: u32,
}

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Limited {
    /// Days with lessons in a week, at most.
    DaysAWeek,
    /// Gaps in a week, at most.
    GapsAWeek,
    /// Gaps on a day, at most.
    GapsADay,
    /// Slots with lessons on a day, at most.
    HoursADay,
    /// Slots with lessons on a day with any, at least.
    LeastHoursADay,
    /// Slots with lessons one after the other, at most.
    HoursInARow,
    /// Days in a week that begin one slot late, at most; no day begins later.
    LateStartsAWeek,
    /// Changes of building on a day, at most.
    MovesADay,
    /// Fewest hours of every day of the week, none of them empty.
    LeastHoursEveryDay,
    /// Fewest days of a week with lessons.
    LeastDaysAWeek,
}

/// Whom a limit is for, each by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum LimitedOf {
    /// Teachers.
    Teachers(Vec<TeacherIx>),
    /// Classes: each of their pupils.
    Classes(Vec<ClassIx>),
}

/// Something is asked of the days and hours of teachers or classes. A week is all days of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftLimit {
    /// What is counted.
    pub what: Limited,
    /// For whom.
    pub of: LimitedOf,
    /// How many.
    pub value: u32,
    /// Weight in thousandths of a percent; 100 000 = must.
    pub weight: u32,
    /// Its name in the file.
    pub kind: String,
    /// Its line there.
    pub line: u32,
}

/// Whose lessons should keep to certain hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimesOf {
    /// These cards, in the order of [`SchoolDraft::card_list`](super::SchoolDraft::card_list).
    Cards(Vec<CardIx>),
    /// All lessons of a teacher.
    Teacher(TeacherIx),
    /// All lessons of a class, its subgroups' too.
    Class(ClassIx),
    /// All lessons of a subject.
    Subject(SubjectIx),
}

/// Lessons should lie in these hours only, with every slot that they take, or only begin in them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftTimes {
    /// Whose.
    pub of: TimesOf,
    /// The hours that are good.
    pub good: TimeSet,
    /// Only the beginning is meant.
    #[serde(default)]
    pub starts: bool,
    /// Weight in thousandths of a percent; 100 000 = must.
    pub weight: u32,
    /// Its name in the file.
    #[serde(default)]
    pub kind: String,
    /// Its line there.
    #[serde(default)]
    pub line: u32,
}
