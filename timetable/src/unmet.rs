//! What a timetable leaves unmet, in few words: cards without a place, and what is broken, by rule and by whom.
//!
//! It is what a person reads while a search goes on and once it is over. The review ([`Board::conflicts`]) has each point.

use std::collections::BTreeMap;

use crate::board::Board;
use crate::bounds::BoundOf;
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx};
use crate::judge::Level;
use crate::limits::LimitKind;
use crate::reason::Reason;
use crate::review::Problem;
use crate::spec::Audience;
use serde::{Deserialize, Serialize};

/// Whose time or limit it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Whose {
    /// A teacher's.
    Teacher(TeacherIx),
    /// A class's, or that of pupils of it.
    Class(ClassIx),
    /// A room's.
    Room(RoomIx),
}

/// A rule as the review puts remarks together: limits of classes and of teachers about one thing are one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Sort {
    /// A clash: nobody can leave it so.
    Clash,
    /// A limit.
    Limit(LimitKind),
    /// Lessons of a subject on days too near.
    Close,
    /// Lessons that belong together in time.
    Tied,
    /// A way between buildings that takes longer than the break.
    Way,
    /// Rooms one after the other that are far from one another.
    Near,
    /// No room where one is needed.
    NoRoom,
    /// A room that does not suit.
    Room,
    /// Lessons in more rooms than they may take together, or in another one than the lesson before.
    Rooming,
    /// An hour that somebody would rather not have.
    Unwanted,
    /// Windows of teachers. The review does not list them: they are wished few, each has a price.
    Windows,
    /// Another one.
    Other,
}

impl Sort {
    /// The rule behind a point of the review.
    #[must_use]
    pub fn of(problem: &Problem) -> Self {
        if problem.level == Level::Clash {
            return Self::Clash;
        }
        match problem.reason {
            Reason::Limit { kind, .. } | Reason::TeacherLimit { kind, .. } => Self::Limit(match kind {
                LimitKind::LessonsPerDayWithPe => LimitKind::LessonsPerDay,
                LimitKind::LatestSlot => LimitKind::EarliestSlot,
                other => other,
            }),
            Reason::TooClose { .. } => Self::Close,
            Reason::NotTogether { .. }
            | Reason::OutOfOrder { .. }
            | Reason::NotRightAfter { .. }
            | Reason::NotNextTo { .. }
            | Reason::NotApart { .. }
            | Reason::NotSameHour { .. }
            | Reason::TooManyDays { .. }
            | Reason::TooLittleBetween { .. }
            | Reason::NotLast { .. } => Self::Tied,
            Reason::TeacherTooFar { .. } | Reason::ClassTooFar { .. } => Self::Way,
            Reason::TeacherNotNear { .. } | Reason::ClassNotNear { .. } => Self::Near,
            Reason::NoRoom | Reason::NoFreeRoom => Self::NoRoom,
            Reason::RoomUnsuitable { .. } => Self::Room,
            Reason::TooManyRooms { .. } | Reason::OtherRoom { .. } => Self::Rooming,
            Reason::TeacherUnwanted { .. } | Reason::ClassUnwanted { .. } | Reason::CardUnwanted { .. } => {
                Self::Unwanted
            }
            Reason::TeacherWindow { .. } => Self::Windows,
            _ => Self::Other,
        }
    }
}

/// A rule that is broken: how often, and by whom most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Broken {
    /// The rule.
    pub sort: Sort,
    /// Points of the review; of [`Sort::Windows`] the windows.
    pub count: u32,
    /// Who has most of them, and how many; at most [`NAMED`].
    pub most: Vec<(Whose, u32)>,
}

/// What a timetable leaves unmet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    /// Cards without a place.
    pub unplaced: Vec<CardIx>,
    /// Broken rules: clashes first, then by how often.
    pub broken: Vec<Broken>,
}

/// So many are named of those who break a rule.
pub const NAMED: usize = 4;

/// A rule that is broken, with everybody who breaks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// The rule.
    pub sort: Sort,
    /// How often; a point may be nobody's.
    pub count: u32,
    /// Who, and how often.
    pub of: Vec<(Whose, u32)>,
}

/// Every point of the review, and every window of a teacher, by its rule and by whose it is: what two timetables are compared by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Cards without a place.
    pub unplaced: Vec<CardIx>,
    /// Rules that are broken.
    pub rules: Vec<Rule>,
}

impl Tally {
    /// Of a board as it lies.
    #[must_use]
    pub fn of(board: &Board) -> Self {
        let mut counts: BTreeMap<Sort, (u32, BTreeMap<Whose, u32>)> = BTreeMap::new();
        let mut add = |sort: Sort, whose: Option<Whose>, count: u32| {
            let of_sort = counts.entry(sort).or_default();
            of_sort.0 += count;
            if let Some(whose) = whose {
                *of_sort.1.entry(whose).or_default() += count;
            }
        };
        for problem in board.conflicts() {
            add(Sort::of(&problem), whose(board, &problem), 1);
        }
        for teacher in (0..board.spec().teachers.len()).map(TeacherIx::at) {
            let days = board.teacher_days(teacher);
            let windows = days.iter().map(|day| u32::from(day.windows)).sum();
            if windows > 0 {
                add(Sort::Windows, Some(Whose::Teacher(teacher)), windows);
            }
        }
        let rule = |(sort, (count, of)): (Sort, (u32, BTreeMap<Whose, u32>))| Rule {
            sort,
            count,
            of: of.into_iter().collect(),
        };
        Self {
            unplaced: board.unplaced(),
            rules: counts.into_iter().map(rule).collect(),
        }
    }

    /// The same in few words.
    #[must_use]
    pub fn unmet(&self) -> Unmet {
        let rule = |rule: &Rule| {
            let mut most = rule.of.clone();
            most.sort_by_key(|(whose, n)| (std::cmp::Reverse(*n), *whose));
            most.truncate(NAMED);
            Broken {
                sort: rule.sort,
                count: rule.count,
                most,
            }
        };
        let mut broken: Vec<Broken> = self.rules.iter().map(rule).collect();
        broken.sort_by_key(|b| (b.sort != Sort::Clash, std::cmp::Reverse(b.count), b.sort));
        Unmet {
            unplaced: self.unplaced.clone(),
            broken,
        }
    }
}

impl Unmet {
    /// Of a board as it lies.
    #[must_use]
    pub fn of(board: &Board) -> Self {
        Tally::of(board).unmet()
    }
}

/// Whose a point of the review is.
#[must_use]
pub fn whose(board: &Board, problem: &Problem) -> Option<Whose> {
    match problem.reason {
        Reason::Limit { class, .. }
        | Reason::NoBell { class, .. }
        | Reason::ClassAway { class, .. }
        | Reason::AudienceBusy { class, .. }
        | Reason::ClassWindow { class, .. }
        | Reason::ClassUnwanted { class, .. }
        | Reason::ClassTooFar { class, .. }
        | Reason::ClassNotNear { class, .. } => Some(Whose::Class(class)),
        Reason::TeacherLimit { teacher, .. }
        | Reason::TeacherAway { teacher, .. }
        | Reason::TeacherBusy { teacher, .. }
        | Reason::TeacherWindow { teacher, .. }
        | Reason::TeacherUnwanted { teacher, .. }
        | Reason::TeacherTooFar { teacher, .. }
        | Reason::TeacherNotNear { teacher, .. } => Some(Whose::Teacher(teacher)),
        Reason::RoomAway { room, .. }
        | Reason::RoomBusy { room, .. }
        | Reason::RoomUnsuitable { room, .. } => Some(Whose::Room(room)),
        Reason::Bound { bound, .. } => bound_of(board, bound),
        Reason::OffBoard { .. }
        | Reason::CardAway { .. }
        | Reason::CardStart { .. }
        | Reason::CardUnwanted { .. }
        | Reason::NoFreeRoom
        | Reason::NoRoom
        | Reason::TooClose { .. }
        | Reason::NotTogether { .. }
        | Reason::OutOfOrder { .. }
        | Reason::NotRightAfter { .. }
        | Reason::NotNextTo { .. }
        | Reason::NotApart { .. }
        | Reason::NotSameHour { .. }
        | Reason::TooManyDays { .. }
        | Reason::TooLittleBetween { .. }
        | Reason::TooManyRooms { .. }
        | Reason::OtherRoom { .. }
        | Reason::NotLast { .. } => {
            let classes = board.classes_of(problem.card?);
            classes.first().copied().map(Whose::Class)
        }
    }
}

/// Whose lessons a bound is about; of a list of lessons the class of the first one.
fn bound_of(board: &Board, bound: u32) -> Option<Whose> {
    let class = |card: &CardIx| board.classes_of(*card).first().copied();
    match &board.spec().bounds.get(crate::ids::wide(bound))?.of {
        BoundOf::Teacher(teacher) => Some(Whose::Teacher(*teacher)),
        BoundOf::Pupils(Audience::Class(class)) => Some(Whose::Class(*class)),
        BoundOf::Pupils(Audience::Group(group)) => {
            let group = board.spec().groups.get(group.ix())?;
            Some(Whose::Class(group.class))
        }
        BoundOf::Cards(cards) => cards.first().and_then(class).map(Whose::Class),
    }
}
