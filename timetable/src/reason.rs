//! Reasons for and against a place, as data.

use crate::ids::{CardIx, ClassIx, NormId, RoomIx, TeacherIx};
use crate::limits::LimitKind;
use crate::rooms::RoomFault;
use serde::{Deserialize, Serialize};

/// One reason, with everything that a sentence about it needs except names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reason {
    /// No such cell, or the card would run past the day's last slot.
    OffBoard {
        /// Slots of the board's day.
        slots: u16,
    },
    /// The class's shift has no bell then.
    NoBell {
        /// The class.
        class: ClassIx,
        /// The first slot concerned.
        slot: u16,
    },
    /// The class or subgroup is not available then.
    ClassAway {
        /// The class.
        class: ClassIx,
        /// The first slot concerned.
        slot: u16,
    },
    /// The teacher is not available then.
    TeacherAway {
        /// The teacher.
        teacher: TeacherIx,
        /// The first slot concerned.
        slot: u16,
    },
    /// The room is not available then.
    RoomAway {
        /// The room.
        room: RoomIx,
        /// The first slot concerned.
        slot: u16,
    },
    /// The card itself may not lie then: see [`CardSpec::away`](crate::CardSpec::away).
    CardAway {
        /// The card that is judged.
        card: CardIx,
        /// The first slot concerned.
        slot: u16,
    },
    /// The card itself may not begin then, though it may lie there: see [`CardSpec::no_start`](crate::CardSpec::no_start).
    CardStart {
        /// The card that is judged.
        card: CardIx,
        /// Its first slot.
        slot: u16,
    },
    /// The teacher has another card.
    TeacherBusy {
        /// The teacher.
        teacher: TeacherIx,
        /// The card that is in the way.
        card: CardIx,
    },
    /// The class, or pupils of it, have another card.
    AudienceBusy {
        /// The class.
        class: ClassIx,
        /// The card that is in the way.
        card: CardIx,
    },
    /// The room has another card.
    RoomBusy {
        /// The room.
        room: RoomIx,
        /// The card that is in the way.
        card: CardIx,
    },
    /// The room does not suit. A clash if the card's [`RoomNeed`](crate::RoomNeed) is hard.
    RoomUnsuitable {
        /// The room.
        room: RoomIx,
        /// Why.
        fault: RoomFault,
    },
    /// The card needs a room and none that suits is free. A clash if the need is hard.
    NoFreeRoom,
    /// The card needs a room and lies without one. Told by `Board::conflicts` only.
    NoRoom,
    /// A limit of the class is passed.
    Limit {
        /// The class.
        class: ClassIx,
        /// Which limit.
        kind: LimitKind,
        /// The figure with the card in place.
        found: u16,
        /// The figure that is allowed.
        limit: u16,
        /// The row to show.
        norm: NormId,
        /// It counts as a clash.
        hard: bool,
        /// The card that it is about, if one (the other lesson of the subject).
        card: Option<CardIx>,
    },
    /// A limit of the teacher is passed.
    TeacherLimit {
        /// The teacher.
        teacher: TeacherIx,
        /// Which limit.
        kind: LimitKind,
        /// The figure with the card in place.
        found: u16,
        /// The figure that is allowed.
        limit: u16,
        /// The row to show.
        norm: NormId,
        /// It counts as a clash.
        hard: bool,
    },
    /// Another card of the same [`GapSpec`](crate::GapSpec) lies too close.
    TooClose {
        /// The nearest of them.
        card: CardIx,
        /// Days from one to the other; 0 = the same day.
        days: u16,
        /// Days that are wanted.
        least: u16,
        /// It counts as a clash.
        #[serde(default)]
        hard: bool,
    },
    /// A lesson that should be held at the same time lies elsewhere; see [`TieSpec`](crate::TieSpec).
    NotTogether {
        /// That lesson.
        card: CardIx,
    },
    /// A lesson and its partner are in the wrong order.
    OutOfOrder {
        /// The partner.
        card: CardIx,
        /// The lesson that is looked at should be the first of the two.
        first: bool,
    },
    /// A lesson and its partner are not one right after the other on one day.
    NotRightAfter {
        /// The partner.
        card: CardIx,
        /// The lesson that is looked at should be the first of the two.
        first: bool,
    },
    /// A lesson and its partner are not side by side on one day.
    NotNextTo {
        /// The partner.
        card: CardIx,
    },
    /// A lesson that must never be held at the same time is; see [`TieSpec`](crate::TieSpec).
    NotApart {
        /// That lesson.
        card: CardIx,
    },
    /// A lesson that should begin at the same hour, on whatever day, begins at another.
    NotSameHour {
        /// That lesson.
        card: CardIx,
    },
    /// A lesson lies on a day too far from this one.
    TooManyDays {
        /// That lesson.
        card: CardIx,
        /// Days from one to the other at most; 0: on one day.
        most: u16,
    },
    /// A lesson of the same day lies too near.
    TooLittleBetween {
        /// That lesson.
        card: CardIx,
        /// Hours between them at least.
        least: u16,
    },
    /// A lesson lies after one that should be the last of its pupils' day.
    NotLast {
        /// The other of the two.
        card: CardIx,
        /// The lesson that is looked at should be the last one.
        last: bool,
    },
    /// Lessons take more hours or days than a file allows them; see [`BoundSpec`](crate::BoundSpec).
    Bound {
        /// Its position among the bounds of the board.
        bound: u32,
        /// By how much, all its days and pupils together.
        over: u16,
    },
    /// Lessons take more different rooms than they may; see [`RoomingSpec`](crate::RoomingSpec).
    TooManyRooms {
        /// Its position among the roomings of the board.
        rule: u32,
        /// A lesson in another of the rooms.
        card: CardIx,
        /// That room.
        room: RoomIx,
        /// How many rooms there are.
        found: u16,
    },
    /// A lesson just before or after, which should be in the same room, is in another.
    OtherRoom {
        /// Its position among the roomings of the board.
        rule: u32,
        /// That lesson.
        card: CardIx,
        /// Its room.
        room: RoomIx,
    },
    /// The teacher gets more windows that day.
    TeacherWindow {
        /// The teacher.
        teacher: TeacherIx,
        /// Windows of the day with the card in place.
        windows: u16,
    },
    /// Pupils of the class get more windows that day.
    ClassWindow {
        /// The class.
        class: ClassIx,
        /// Windows of the day with the card in place.
        windows: u16,
    },
    /// The teacher has no time for the way from or to another card.
    TeacherTooFar {
        /// The teacher.
        teacher: TeacherIx,
        /// The card at the other end of the way.
        card: CardIx,
        /// Minutes on foot.
        needed: u16,
        /// Minutes that there are.
        minutes: u16,
    },
    /// Pupils of the class have no time for the way from or to another card.
    ClassTooFar {
        /// The class.
        class: ClassIx,
        /// The card at the other end of the way.
        card: CardIx,
        /// Minutes on foot.
        needed: u16,
        /// Minutes that there are.
        minutes: u16,
    },
    /// The teacher's card just before or after is on another floor or in another building.
    TeacherNotNear {
        /// The teacher.
        teacher: TeacherIx,
        /// That card.
        card: CardIx,
    },
    /// The same of a class.
    ClassNotNear {
        /// The class.
        class: ClassIx,
        /// That card.
        card: CardIx,
    },
    /// The teacher would rather not teach then; see [`Unwanted`](crate::Unwanted).
    TeacherUnwanted {
        /// The teacher.
        teacher: TeacherIx,
        /// The first slot concerned.
        slot: u16,
    },
    /// The class would rather not be taught then.
    ClassUnwanted {
        /// The class.
        class: ClassIx,
        /// The first slot concerned.
        slot: u16,
    },
    /// The card itself should rather not lie then.
    CardUnwanted {
        /// The card that is judged.
        card: CardIx,
        /// The first slot concerned.
        slot: u16,
    },
}

impl Reason {
    /// The card that is in the way, if the reason names one.
    #[must_use]
    pub fn blocking_card(&self) -> Option<CardIx> {
        match self {
            Reason::TeacherBusy { card, .. }
            | Reason::AudienceBusy { card, .. }
            | Reason::RoomBusy { card, .. }
            | Reason::TooClose { card, .. }
            | Reason::NotTogether { card }
            | Reason::OutOfOrder { card, .. }
            | Reason::NotRightAfter { card, .. }
            | Reason::NotNextTo { card }
            | Reason::NotApart { card }
            | Reason::NotSameHour { card }
            | Reason::TooManyDays { card, .. }
            | Reason::TooLittleBetween { card, .. }
            | Reason::NotLast { card, .. }
            | Reason::TooManyRooms { card, .. }
            | Reason::OtherRoom { card, .. }
            | Reason::TeacherTooFar { card, .. }
            | Reason::ClassTooFar { card, .. }
            | Reason::TeacherNotNear { card, .. }
            | Reason::ClassNotNear { card, .. } => Some(*card),
            Reason::Limit { card, .. } => *card,
            _ => None,
        }
    }
}
