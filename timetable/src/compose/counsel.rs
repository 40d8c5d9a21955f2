//! Advice about one card of a board as it lies: the shortest ways to give it a place, others moving out of the way.

use super::collide::Contradiction;
use super::places;
use super::problem::Composition;
use crate::board::Board;
use crate::ids::{CardIx, narrow, wide};
use crate::judge::Level;
use crate::problem::{Cost, Solution};
use crate::search::Ground;
use crate::search::suggest::{Advisor, Chain, Hunt};
use crate::spec::Placement;
use serde::{Deserialize, Serialize};

/// One card goes to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Which.
    pub card: CardIx,
    /// Where to.
    pub to: Placement,
}

/// A chain of moves after which the card lies somewhere and nothing clashes that did not clash before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The moves, the card itself first. All are done as one act.
    pub steps: Vec<Step>,
    /// What wishes cost more (or less, if negative) afterwards.
    pub price: i64,
}

/// Knows a board as it lies. Making it costs as much as preparing a search; asking it is cheap.
pub struct Counsel {
    composition: Composition,
    ground: Ground,
    solution: Solution,
    board: Board,
    meet_of: Vec<Option<u32>>,
}

impl Counsel {
    /// About a board; its locked cards stay where they are.
    #[must_use]
    pub fn new(board: &Board) -> Self {
        Self::keeping(board, &[])
    }

    /// The same, where other cards stay where they are, too, because somebody asked for it. `keep` names them by position; of a card
    /// that lies nowhere it says nothing.
    #[must_use]
    pub fn keeping(board: &Board, keep: &[bool]) -> Self {
        let asked = keep.iter().copied().chain(std::iter::repeat(false));
        let keep: Vec<bool> = board
            .cards()
            .iter()
            .zip(asked)
            .map(|(card, asked)| (card.locked || asked) && card.placement.is_some())
            .collect();
        let composition = Composition::new(board, &keep);
        let solution = composition.as_it_lies(&places(board));
        let mut meet_of = vec![None; board.cards().len()];
        for (at, meet) in (0..).zip(&solution.meets) {
            if let Some(lesson) = composition.lessons.get(wide(meet.event)) {
                meet_of[lesson.card.ix()] = Some(at);
            }
        }
        Self {
            ground: Ground::new(composition.problem()),
            composition,
            solution,
            board: board.clone(),
            meet_of,
        }
    }

    /// Ways to give a card a place: to one cell if it is named, else to any, each way to another one. At most `most`, the
    /// shortest first. None for a card that is locked, and none where there is none within the limits of the hunt.
    #[must_use]
    pub fn ways(&self, card: CardIx, cell: Option<(u16, u16)>, most: usize, hunt: Hunt) -> Vec<Way> {
        let meet = self.meet_of.get(card.ix()).copied().flatten();
        let Some(meet) = meet else { return vec![] };
        let mut advisor = Advisor::new(&self.composition.problem, &self.ground, &self.solution);
        let slots = u32::from(self.board.slots());
        let wanted = cell.map(|(day, slot)| u32::from(day) * slots + u32::from(slot));
        let times = self.composition.problem.time_count();
        let mut blocked: Vec<u32> = wanted.map_or(vec![], |w| (0..times).filter(|t| *t != w).collect());
        let mut ways = vec![];
        let mut left = hunt.work;
        while ways.len() < most && left > 0 {
            let Some(chain) = advisor.find(meet, &blocked, Hunt { work: left, ..hunt }) else {
                break;
            };
            left -= advisor.spent().min(left);
            let to = chain.moves.first().and_then(|m| m.to);
            ways.extend(self.way(&chain));
            match to {
                // the next one leads elsewhere
                Some(to) if wanted.is_none() => blocked.push(to),
                _ => break,
            }
        }
        ways
    }

    /// What cannot be met together whatever lies where, locked cards being where they are.
    #[must_use]
    pub fn contradictions(&self, most: usize, work: u64) -> Vec<Contradiction> {
        self.composition.contradictions(most, work)
    }

    /// A chain as moves of cards; `None` if the editor's judge would call any of them a clash.
    fn way(&self, chain: &Chain) -> Option<Way> {
        let mut steps = vec![];
        for (meet, way) in chain.meets.iter().zip(&chain.moves) {
            let now = self.solution.meets.get(wide(*meet))?;
            steps.push(self.step(now.event, way.to?, |seat| {
                let other = way.seats.iter().find(|s| s.seat == seat);
                other.map_or_else(|| now.resources[wide(seat)], |s| s.to)
            })?);
        }
        let (steps, _) = self.checked(steps)?;
        Some(Way {
            steps,
            price: chain.delta.soft,
        })
    }

    /// What lies elsewhere in another timetable of the search, as moves, and the board after them; `None` as with a way, or if a
    /// card is nowhere in it or in pieces.
    pub(super) fn between(&self, found: &Solution) -> Option<(Vec<Step>, Board)> {
        let mut steps = vec![];
        for meet in &found.meets {
            let event = meet.event;
            let was = self.solution.meets.iter().find(|m| m.event == event)?;
            let whole = meet.duration == self.composition.problem.event(event).duration;
            let lesson = self.composition.lessons.get(wide(event))?;
            if lesson.kept || was == meet {
                continue;
            }
            // what lay nowhere may stay there
            let Some(start) = meet.time.filter(|_| whole) else {
                was.time.is_none().then_some(())?;
                continue;
            };
            steps.push(self.step(event, start, |seat| {
                meet.resources.get(wide(seat)).copied().flatten()
            })?);
        }
        self.checked(steps)
    }

    /// A card goes to a time of the search, with whoever sits on its seat for a room.
    fn step(&self, event: u32, start: u32, sits: impl Fn(u32) -> Option<u32>) -> Option<Step> {
        let slots = u32::from(self.board.slots()).max(1);
        let lesson = self.composition.lessons.get(wide(event))?;
        let room = lesson.room_seat.and_then(sits).and_then(|at| {
            let of = at.checked_sub(self.composition.first_room)?;
            self.composition.rooms.get(wide(of)).copied()
        });
        // a card that asks for no room keeps the one it has
        let had = self.board.placement(lesson.card).and_then(|at| at.room);
        Some(Step {
            card: lesson.card,
            to: Placement {
                day: u16::try_from(start / slots).ok()?,
                slot: u16::try_from(start % slots).ok()?,
                room: if lesson.room_seat.is_some() { room } else { had },
            },
        })
    }

    /// Moves with rooms that are free, and the board after them; `None` if the editor's judge would call any of them a clash.
    fn checked(&self, mut steps: Vec<Step>) -> Option<(Vec<Step>, Board)> {
        let mut board = self.board.clone();
        for step in &steps {
            board.unplace(step.card);
        }
        for step in &mut steps {
            let at = step.to;
            if at
                .room
                .is_some_and(|room| !board.free_rooms(step.card, at.day, at.slot).contains(&room))
            {
                step.to.room = board.best_room(step.card, at.day, at.slot);
            }
            board.restore(step.card, Some(step.to)).ok()?;
        }
        let clashes = |step: &Step| {
            let at = step.to;
            board.judge(step.card, at.day, at.slot, at.room).level == Level::Clash
        };
        if steps.iter().any(clashes) {
            return None;
        }
        Some((steps, board))
    }

    pub(super) fn composition(&self) -> &Composition {
        &self.composition
    }

    pub(super) fn board(&self) -> &Board {
        &self.board
    }

    /// The board as it lies, as the search sees it.
    pub(super) fn solution(&self) -> &Solution {
        &self.solution
    }

    /// What the board costs as it lies, for tests and records.
    #[must_use]
    pub fn cost(&self) -> Cost {
        crate::problem::evaluate(&self.composition.problem, &self.solution)
    }

    /// Cards that the counsel can speak about.
    #[must_use]
    pub fn cards(&self) -> u32 {
        narrow(self.meet_of.iter().flatten().count())
    }
}
