//! Why a card can lie nowhere: the requirements that close its cells, and which of them would open most.

use std::collections::BTreeMap;

use crate::board::Board;
use crate::ids::{CardIx, ClassIx, RoomIx, TeacherIx, bits, narrow, span};
use crate::judge::Level;
use crate::limits::LimitKind;
use crate::reason::Reason;
use serde::{Deserialize, Serialize};

/// A requirement that closes cells to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Bar {
    /// The class's shift has no bell.
    NoBell(ClassIx),
    /// The class or subgroup is away.
    ClassAway(ClassIx),
    /// The teacher is away.
    TeacherAway(TeacherIx),
    /// The card itself may not lie then.
    CardAway,
    /// The lesson that it belongs together with in time lies elsewhere.
    Partner,
    /// A lesson lies there with which it is never held at once, which ends the day, or from which it keeps a distance.
    Apart,
    /// Lessons would take more hours or days than a file allows: a position among the bounds of the board.
    Bound(u32),
    /// In all rooms that are free, lessons would take more rooms together than they may, or another one than the lesson before: a position
    /// among the roomings of the board.
    Rooming(u32),
    /// Other cards of its series, or of its load, lie on days too near.
    Spread,
    /// The teacher has other cards.
    TeacherBusy(TeacherIx),
    /// The class has other cards.
    ClassBusy(ClassIx),
    /// The room is closed, taken or does not suit.
    Room(RoomIx),
    /// No room that suits is free.
    NoRoom,
    /// A limit of the class.
    Limit(ClassIx, LimitKind),
    /// A limit of the teacher.
    TeacherLimit(TeacherIx, LimitKind),
    /// The teacher has no time for the way between buildings.
    TeacherWay(TeacherIx),
    /// The class has none.
    ClassWay(ClassIx),
}

impl Bar {
    /// The requirement behind a reason; `None` for what is no requirement of the school (the end of the day).
    #[must_use]
    pub fn of(reason: &Reason) -> Option<Self> {
        Some(match *reason {
            Reason::OffBoard { .. }
            | Reason::TooClose { hard: false, .. }
            | Reason::TeacherWindow { .. }
            | Reason::ClassWindow { .. }
            | Reason::TeacherUnwanted { .. }
            | Reason::ClassUnwanted { .. }
            | Reason::TeacherNotNear { .. }
            | Reason::ClassNotNear { .. }
            | Reason::CardUnwanted { .. } => return None,
            Reason::NoBell { class, .. } => Self::NoBell(class),
            Reason::ClassAway { class, .. } => Self::ClassAway(class),
            Reason::TeacherAway { teacher, .. } => Self::TeacherAway(teacher),
            Reason::CardAway { .. } | Reason::CardStart { .. } => Self::CardAway,
            Reason::NotTogether { .. }
            | Reason::OutOfOrder { .. }
            | Reason::NotRightAfter { .. }
            | Reason::NotNextTo { .. }
            | Reason::NotSameHour { .. }
            | Reason::TooManyDays { .. } => Self::Partner,
            Reason::TooClose { hard: true, .. } => Self::Spread,
            Reason::Bound { bound, .. } => Self::Bound(bound),
            Reason::TooManyRooms { rule, .. } | Reason::OtherRoom { rule, .. } => Self::Rooming(rule),
            Reason::NotApart { .. } | Reason::NotLast { .. } | Reason::TooLittleBetween { .. } => Self::Apart,
            Reason::TeacherBusy { teacher, .. } => Self::TeacherBusy(teacher),
            Reason::AudienceBusy { class, .. } => Self::ClassBusy(class),
            Reason::RoomAway { room, .. }
            | Reason::RoomBusy { room, .. }
            | Reason::RoomUnsuitable { room, .. } => Self::Room(room),
            Reason::NoFreeRoom | Reason::NoRoom => Self::NoRoom,
            Reason::Limit { class, kind, .. } => Self::Limit(class, kind),
            Reason::TeacherLimit { teacher, kind, .. } => Self::TeacherLimit(teacher, kind),
            Reason::TeacherTooFar { teacher, .. } => Self::TeacherWay(teacher),
            Reason::ClassTooFar { class, .. } => Self::ClassWay(class),
        })
    }
}

/// How much a requirement closes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// The requirement.
    pub bar: Bar,
    /// Cells that it closes.
    pub cells: u32,
    /// Cells that nothing else closes: so many would open without it.
    pub opens: u32,
}

/// Why a card can lie nowhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// Cells at which the card could start by its length alone.
    pub cells: u32,
    /// Requirements that together close all of them, and none of which could be left out; what closes most comes first.
    pub bars: Vec<Closed>,
    /// The requirement that would open most cells if it were loosened, not always one of these; `None`: no single one opens any.
    pub loosen: Option<Closed>,
    /// Nothing that others do would help: there is no hour at which all of its people can be there, or no room that suits.
    #[serde(default)]
    pub never: bool,
}

impl Board {
    /// Why a card can lie nowhere, as everything else lies; `None` if it can lie somewhere.
    #[must_use]
    pub fn why_nowhere(&self, card: CardIx) -> Option<Why> {
        let mut cells: Vec<Vec<Bar>> = vec![];
        for verdict in self.judge_all(card) {
            if verdict.level != Level::Clash {
                return None;
            }
            let off = |r: &Reason| matches!(r, Reason::OffBoard { .. });
            if verdict.reasons.iter().any(off) {
                continue;
            }
            let mut bars: Vec<Bar> = verdict.reasons.iter().filter_map(Bar::of).collect();
            bars.sort_unstable();
            bars.dedup();
            cells.push(bars);
        }
        let mut all: BTreeMap<Bar, Closed> = BTreeMap::new();
        for bars in &cells {
            for bar in bars {
                let none = Closed {
                    bar: *bar,
                    cells: 0,
                    opens: 0,
                };
                let closed = all.entry(*bar).or_insert(none);
                closed.cells += 1;
                closed.opens += u32::from(bars.len() == 1);
            }
        }
        let opening = all.values().filter(|c| c.opens > 0);
        Some(Why {
            cells: narrow(cells.len()),
            bars: cover(&cells, &all),
            loosen: opening.max_by_key(|c| (c.opens, c.cells)).copied(),
            never: !self.could_lie(card),
        })
    }

    /// Whether a card could lie somewhere if there were no others.
    fn could_lie(&self, card: CardIx) -> bool {
        let Some(spec) = self.card(card) else { return false };
        if spec.room.needed && spec.room.hard && self.fit_rooms[card.ix()].is_empty() {
            return false;
        }
        (0..self.days()).any(|day| {
            let open = self.open(card, day);
            bits(open).any(|slot| {
                let fits = slot
                    .checked_add(spec.duration)
                    .is_some_and(|end| end <= self.slots());
                fits && span(slot, spec.duration) & !open == 0 && !spec.no_start.contains(day, slot)
            })
        })
    }
}

/// A set that closes every cell: the one that closes most of the rest is taken again and again, then what is superfluous goes.
fn cover(cells: &[Vec<Bar>], all: &BTreeMap<Bar, Closed>) -> Vec<Closed> {
    let mut open: Vec<&Vec<Bar>> = cells.iter().filter(|bars| !bars.is_empty()).collect();
    let mut chosen: Vec<Bar> = vec![];
    while !open.is_empty() {
        let mut counts: BTreeMap<Bar, u32> = BTreeMap::new();
        for bar in open.iter().copied().flatten() {
            *counts.entry(*bar).or_default() += 1;
        }
        let Some((bar, _)) = counts.into_iter().max_by_key(|(_, n)| *n) else {
            break;
        };
        open.retain(|bars| !bars.contains(&bar));
        chosen.push(bar);
    }
    for at in (0..chosen.len()).rev() {
        let without = |bars: &Vec<Bar>| {
            let mut others = chosen.iter().enumerate().filter(|(n, _)| *n != at);
            bars.is_empty() || others.any(|(_, bar)| bars.contains(bar))
        };
        if cells.iter().all(without) {
            chosen.remove(at);
        }
    }
    let mut bars: Vec<Closed> = chosen.iter().filter_map(|bar| all.get(bar).copied()).collect();
    bars.sort_by_key(|c| std::cmp::Reverse((c.cells, c.opens)));
    bars
}
