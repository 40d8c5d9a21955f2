//! The facts of a timetable as the caller gives them: dense indices, no names, nothing derived.

use crate::board::BoardError;
use crate::bounds::{BoundOf, BoundSpec};
use crate::ids::{
    BuildingIx, CardIx, ClassIx, GroupIx, MAX_DAYS, MAX_SLOTS, RoomIx, RoomKind, SubjectIx, TeacherIx,
    TimeSet, Weeks, wide,
};
use crate::limits::{Limit, Limits, Wishes};
use crate::rooming::RoomingSpec;
use crate::ties::TieSpec;
use crate::unwanted::Unwanted;
use serde::{Deserialize, Serialize};

/// Everything that a [`Board`](crate::Board) is built from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct BoardSpec {
    /// Days of the board, at most [`MAX_DAYS`].
    pub days: u16,
    /// Days of one calendar week, where several weeks lie in the days one after the other; 0: all days are one week.
    #[serde(default)]
    pub week: u16,
    /// Slots per day, both shifts together, at most [`MAX_SLOTS`].
    pub slots: u16,
    /// Teachers.
    pub teachers: Vec<TeacherSpec>,
    /// Classes.
    pub classes: Vec<ClassSpec>,
    /// Subgroups of classes.
    pub groups: Vec<GroupSpec>,
    /// Pairs of subgroups of one class, of different splits, that share no pupil.
    pub disjoint: Vec<(GroupIx, GroupIx)>,
    /// Rooms.
    pub rooms: Vec<RoomSpec>,
    /// Cards, placed or not.
    pub cards: Vec<CardSpec>,
    /// Cards that should not lie close to each other.
    pub gaps: Vec<GapSpec>,
    /// Cards that belong together in time.
    #[serde(default)]
    pub ties: Vec<TieSpec>,
    /// Most hours and days of lessons and persons.
    #[serde(default)]
    pub bounds: Vec<BoundSpec>,
    /// Rooms that lessons take together.
    #[serde(default)]
    pub roomings: Vec<RoomingSpec>,
    /// What soft wishes cost.
    pub wishes: Wishes,
    /// Ways between rooms, and what is asked of them.
    #[serde(default)]
    pub site: Site,
}

/// Ways between buildings, and what is asked of who walks them. Where rooms lie stands in [`RoomSpec`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// When the lesson of each slot begins and ends, in minutes, for classes without a [clock](ClassSpec::clock) of their own; a slot
    /// without a bell follows the one before.
    pub clock: Vec<Option<(u16, u16)>>,
    /// Ways; what is not named takes no time.
    pub walks: Vec<Walk>,
    /// Teachers and classes have time for the way from lesson to lesson (`value` is not looked at).
    pub walk: Option<Limit>,
    /// Lessons that follow at once are in the same building and on the same floor, as far as these are known (`value` is not
    /// looked at).
    pub near: Option<Limit>,
}

/// The way between two buildings, there and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Walk {
    /// From.
    pub one: BuildingIx,
    /// To.
    pub other: BuildingIx,
    /// On foot.
    pub minutes: u16,
}

/// A teacher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TeacherSpec {
    /// Times at which the teacher cannot teach.
    pub away: TimeSet,
    /// Times at which the teacher would rather not.
    #[serde(default)]
    pub unwanted: Vec<Unwanted>,
    /// Most lessons a day, if the school sets one.
    pub per_day: Option<Limit>,
    /// Most windows a day, if the school sets one.
    pub windows_per_day: Option<Limit>,
    /// Fewest lessons on a day on which there are any.
    #[serde(default)]
    pub least_per_day: Option<Limit>,
    /// Fewest days with lessons in a week.
    #[serde(default)]
    pub least_days: Option<Limit>,
    /// Most lessons one after the other.
    #[serde(default)]
    pub in_a_row: Option<Limit>,
    /// Most days of a week with lessons: so many days are free, whichever they are.
    #[serde(default)]
    pub days_per_week: Option<Limit>,
    /// Most windows of a week together.
    #[serde(default)]
    pub windows_per_week: Option<Limit>,
    /// Most changes of building on a day.
    #[serde(default)]
    pub moves_per_day: Option<Limit>,
}

/// A class.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClassSpec {
    /// The times that the class's bell schedule has (its shift). See [`TimeSet::daily`].
    pub bells: TimeSet,
    /// Times at which the class cannot be taught.
    pub away: TimeSet,
    /// Times at which it should rather not be.
    #[serde(default)]
    pub unwanted: Vec<Unwanted>,
    /// How many pupils; 0 = unknown.
    pub pupils: u32,
    /// The room that its lessons prefer.
    pub home_room: Option<RoomIx>,
    /// The sanitary limits of its grade.
    pub limits: Limits,
    /// The class's pupils as atoms. Leave empty here and in its groups to have them made from the splits.
    pub atoms: Vec<u32>,
    /// When each lesson begins and ends for it, in minutes, day after day ([`BoardSpec::slots`] of each day); what is not named
    /// here goes by [`Site::clock`].
    #[serde(default)]
    pub clock: Vec<Option<(u16, u16)>>,
}

/// A subgroup of a class.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupSpec {
    /// Its class.
    pub class: ClassIx,
    /// Subgroups of the class with the same key are parts of one partition and share no pupil.
    pub split: u16,
    /// How many pupils; 0 = unknown.
    pub pupils: u32,
    /// Times at which the subgroup cannot be taught.
    pub away: TimeSet,
    /// Its pupils as atoms; see [`ClassSpec::atoms`].
    pub atoms: Vec<u32>,
}

/// A room.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RoomSpec {
    /// Seats, if known.
    pub capacity: Option<u32>,
    /// What the room is for.
    pub kind: Option<RoomKind>,
    /// Times at which the room cannot be used.
    pub away: TimeSet,
    /// Whether several cards may be held in it at once (a big gym). 0 and 1 mean one.
    pub shared_by: u16,
    /// In which building it lies, if that is known.
    #[serde(default)]
    pub building: Option<BuildingIx>,
    /// On which floor.
    #[serde(default)]
    pub floor: Option<i16>,
}

/// Who attends a card: a whole class or one of its subgroups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Audience {
    /// The whole class.
    Class(ClassIx),
    /// A subgroup.
    Group(GroupIx),
}

/// Which rooms a card may have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoomNeed {
    /// Whether a room must be named at all (then "no room" and "no free room" are told).
    pub needed: bool,
    /// Only rooms of this kind.
    pub kind: Option<RoomKind>,
    /// Only these rooms, best first; empty = any.
    pub allowed: Vec<RoomIx>,
    /// Another room is a clash, not only poor.
    pub hard: bool,
    /// What no room, or one that does not suit, costs this card; `None`: [`Wishes::no_room`].
    #[serde(default)]
    pub penalty: Option<u16>,
}

impl RoomNeed {
    /// What no room, or one that does not suit, costs.
    #[must_use]
    pub fn price(&self, wishes: &Wishes) -> u16 {
        self.penalty.unwrap_or(wishes.no_room)
    }
}

/// Where a card lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Placement {
    /// Day.
    pub day: u16,
    /// First slot.
    pub slot: u16,
    /// Room, if chosen.
    pub room: Option<RoomIx>,
}

/// Cards that should be spread over the week: each at least so many days from the next.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapSpec {
    /// The cards.
    pub cards: Vec<CardIx>,
    /// From the day of one to the day of another: 1 = not on the same day, 2 = not on neighbouring days either.
    pub days: u16,
    /// What each missing day costs.
    pub penalty: u16,
    /// A missing day is a clash: nothing in the tray can mend it, so the cell is closed at once.
    #[serde(default)]
    pub hard: bool,
}

impl GapSpec {
    /// Whether it asks for anything.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.hard || self.penalty > 0
    }
}

/// A card: one lesson (or double lesson) of the week.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CardSpec {
    /// Subject.
    pub subject: SubjectIx,
    /// Teachers, all present.
    pub teachers: Vec<TeacherIx>,
    /// Classes and subgroups, all present.
    pub audience: Vec<Audience>,
    /// Slots in a row, at least 1.
    pub duration: u16,
    /// Room wanted.
    pub room: RoomNeed,
    /// Times at which the card may not lie, whoever is in it (a subject that belongs to the first lesson of Monday).
    #[serde(default)]
    pub away: TimeSet,
    /// Times at which it may not begin, though it may go on then: a double lesson that belongs to a certain pair of hours.
    #[serde(default)]
    pub no_start: TimeSet,
    /// Times at which it should rather not lie.
    #[serde(default)]
    pub unwanted: Vec<Unwanted>,
    /// Weeks.
    pub weeks: Weeks,
    /// Points of difficulty of one lesson for this grade; 0 = none.
    pub difficulty: u16,
    /// Physical education: permits the longer day of [`Limits::per_day_with_pe`].
    pub is_pe: bool,
    /// There is much homework for it: counted by [`Limits::homework_per_day`](crate::Limits::homework_per_day).
    #[serde(default)]
    pub homework: bool,
    /// Held beside the lessons (внеурочное занятие): [`Limits::per_day`](crate::Limits::per_day),
    /// [`Limits::per_day_with_pe`](crate::Limits::per_day_with_pe) and [`Limits::per_week`](crate::Limits::per_week) do not count it.
    #[serde(default)]
    pub beside: bool,
    /// Not to be moved by [`construct`](crate::construct); the editor asks first.
    pub locked: bool,
    /// Where it lies, if anywhere.
    pub placement: Option<Placement>,
}

impl CardSpec {
    /// A lesson of one slot, every week, without room, not placed.
    #[must_use]
    pub fn lesson(subject: SubjectIx, teacher: TeacherIx, audience: Audience) -> Self {
        Self {
            subject,
            teachers: vec![teacher],
            audience: vec![audience],
            duration: 1,
            room: RoomNeed::default(),
            away: TimeSet::new(),
            no_start: TimeSet::new(),
            unwanted: vec![],
            weeks: Weeks::Every,
            difficulty: 0,
            is_pe: false,
            homework: false,
            beside: false,
            locked: false,
            placement: None,
        }
    }
}

/// Facts that do not contradict themselves.
///
/// # Errors
/// [`BoardError`] for the first that does.
pub(crate) fn check(spec: &BoardSpec) -> Result<(), BoardError> {
    let (days, slots) = (spec.days, spec.slots);
    if days == 0 || slots == 0 || days > MAX_DAYS || slots > MAX_SLOTS {
        return Err(BoardError::Size { days, slots });
    }
    let known = |list: &'static str, index: u32, length: usize| {
        if wide(index) < length {
            Ok(())
        } else {
            Err(BoardError::Unknown { list, index })
        }
    };
    for room in spec.classes.iter().filter_map(|c| c.home_room) {
        known("rooms", room.0, spec.rooms.len())?;
    }
    for group in &spec.groups {
        known("classes", group.class.0, spec.classes.len())?;
    }
    for group in spec.disjoint.iter().flat_map(|(a, b)| [a, b]) {
        known("groups", group.0, spec.groups.len())?;
    }
    for card in spec.gaps.iter().flat_map(|g| &g.cards) {
        known("cards", card.0, spec.cards.len())?;
    }
    for card in spec.ties.iter().flat_map(|t| t.first.iter().chain(&t.second)) {
        known("cards", card.0, spec.cards.len())?;
    }
    for bound in &spec.bounds {
        match &bound.of {
            BoundOf::Cards(cards) => {
                for card in cards {
                    known("cards", card.0, spec.cards.len())?;
                }
            }
            BoundOf::Teacher(teacher) => known("teachers", teacher.0, spec.teachers.len())?,
            BoundOf::Pupils(Audience::Class(class)) => known("classes", class.0, spec.classes.len())?,
            BoundOf::Pupils(Audience::Group(group)) => known("groups", group.0, spec.groups.len())?,
        }
    }
    for card in spec.roomings.iter().flat_map(|of| &of.cards) {
        known("cards", card.0, spec.cards.len())?;
    }
    for (n, card) in spec.cards.iter().enumerate() {
        if card.duration == 0 {
            return Err(BoardError::NoDuration(CardIx::at(n)));
        }
        for t in &card.teachers {
            known("teachers", t.0, spec.teachers.len())?;
        }
        for audience in &card.audience {
            match audience {
                Audience::Class(c) => known("classes", c.0, spec.classes.len())?,
                Audience::Group(g) => known("groups", g.0, spec.groups.len())?,
            }
        }
        for room in card
            .room
            .allowed
            .iter()
            .chain(card.placement.iter().filter_map(|p| p.room.as_ref()))
        {
            known("rooms", room.0, spec.rooms.len())?;
        }
    }
    Ok(())
}
