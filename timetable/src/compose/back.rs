//! Between solutions and places of cards.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::Composition;
use crate::board::{Board, BoardError};
use crate::ids::{CardIx, RoomIx, Weeks, wide};
use crate::judge::Level;
use crate::problem::{Meet, Solution};
use crate::reason::Reason;
use crate::review::Problem as Fault;
use crate::spec::{BoardSpec, Placement};
use crate::watch::Watch;

/// Rounds of taking off what clashes.
const ROUNDS: usize = 40;

impl Composition {
    /// A timetable found earlier as a solution: where each card lies, by position. What fits the problem is taken over,
    /// kept cards are where they are.
    #[must_use]
    pub fn solution(&self, places: &[Option<Placement>]) -> Solution {
        self.taken_over(places, true)
    }

    /// The same with every card where it lies, also where it cannot lie by its people's hours: there it is in the way of others.
    pub(super) fn as_it_lies(&self, places: &[Option<Placement>]) -> Solution {
        self.taken_over(places, false)
    }

    fn taken_over(&self, places: &[Option<Placement>], fitting: bool) -> Solution {
        let slots = u32::from(self.board.slots());
        let mut taken: BTreeSet<(u32, u32)> = BTreeSet::new();
        let mut meets = vec![];
        // by their beginning: so the copies of a shared room suffice wherever its seats do
        let mut order: Vec<(u32, &super::problem::Lesson)> = (0..).zip(&self.lessons).collect();
        let begins = |lesson: &super::problem::Lesson| {
            let place = places.get(lesson.card.ix()).copied().flatten();
            place.map(|at| (at.day, at.slot))
        };
        order.sort_by_key(|(event, lesson)| (begins(lesson), *event));
        for (event, lesson) in order {
            let duration = self.problem.event(event).duration;
            let mut meet = Meet::bare(&self.problem, event, duration);
            let place = places.get(lesson.card.ix()).copied().flatten();
            if let Some(at) = place.filter(|_| !lesson.kept) {
                let start = u32::from(at.day) * slots + u32::from(at.slot);
                if !fitting || lesson.starts.contains(&start) {
                    meet.time = Some(start);
                }
                if let (Some(seat), Some(room)) = (lesson.room_seat, at.room) {
                    let times = start..start + duration;
                    let copies = (self.first_room..).zip(&self.rooms);
                    let mut copies = copies.filter(|(_, of)| **of == room).map(|(copy, _)| copy);
                    let first = copies.clone().next();
                    let free = copies.find(|copy| times.clone().all(|t| !taken.contains(&(*copy, t))));
                    meet.resources[wide(seat)] = free.or(first);
                    if let Some(copy) = free {
                        taken.extend(times.map(|t| (copy, t)));
                    }
                }
            }
            meets.push(meet);
        }
        meets.sort_by_key(|meet: &Meet| meet.event);
        let whole = Solution { meets }.completed(&self.problem);
        whole.unwrap_or_else(|_| Solution::empty(&self.problem))
    }

    /// The timetable of a solution on the board, without any clash but those between kept cards.
    ///
    /// Cards that clash are taken off, as few as it seems; then each card without a place goes to its best one that is
    /// free, and to its best free room.
    #[must_use]
    pub fn settle(&self, solution: &Solution) -> Board {
        self.settled(solution, &Watch::nobody())
    }

    /// The same, as long as `go_on` says so: it is asked every few steps. `None` if it has said no.
    #[must_use]
    pub fn settle_watched(&self, solution: &Solution, go_on: &dyn Fn() -> bool) -> Option<Board> {
        let watch = Watch::new(go_on);
        let board = self.settled(solution, &watch);
        watch.whole(board)
    }

    fn settled(&self, solution: &Solution, watch: &Watch<'_>) -> Board {
        let mut board = self.board.clone();
        let slots = u32::from(board.slots()).max(1);
        for meet in &solution.meets {
            let Some(lesson) = self.lessons.get(wide(meet.event)).filter(|l| !l.kept) else {
                continue;
            };
            let whole = meet.duration == self.problem.event(meet.event).duration;
            let Some(start) = meet.time.filter(|_| whole) else {
                continue;
            };
            let room = lesson.room_seat.and_then(|seat| meet.resources[wide(seat)]);
            let room = room.and_then(|at| self.rooms.get(wide(at.saturating_sub(self.first_room))));
            if let (Ok(day), Ok(slot)) = (u16::try_from(start / slots), u16::try_from(start % slots)) {
                // off the board it cannot be: its time is one of the board's
                let _ = board.place(lesson.card, day, slot, room.copied());
            }
        }
        Self::take_off(&mut board, &self.movable_cards().collect(), watch);
        Self::place_rest(&mut board, self.movable_cards(), watch);
        // the last card of the tray may leave a day as it must not be, which the tray could have mended while it waited there
        Self::take_off(&mut board, &self.movable_cards().collect(), watch);
        self.better_rooms(&mut board, watch);
        board
    }

    fn movable_cards(&self) -> impl Iterator<Item = CardIx> + '_ {
        self.lessons.iter().filter(|l| !l.kept).map(|l| l.card)
    }

    /// Takes cards off, of those that may go, until nothing clashes that they have a part in.
    pub(super) fn take_off(board: &mut Board, movable: &BTreeSet<CardIx>, watch: &Watch<'_>) {
        for _ in 0..ROUNDS {
            if watch.is_over() {
                return;
            }
            let faults = board.conflicts();
            let clashes: Vec<&Fault> = faults.iter().filter(|p| p.level == Level::Clash).collect();
            let mut counts: BTreeMap<CardIx, u32> = BTreeMap::new();
            let suspects: Vec<Vec<CardIx>> = clashes
                .iter()
                .map(|fault| {
                    let mut cards = suspects(board, fault);
                    cards.retain(|card| movable.contains(card));
                    cards
                })
                .collect();
            for card in suspects.iter().flatten() {
                *counts.entry(*card).or_default() += 1;
            }
            let mut off: BTreeSet<CardIx> = BTreeSet::new();
            for cards in suspects {
                if cards.iter().any(|card| off.contains(card)) {
                    continue;
                }
                let worst = cards.into_iter().max_by_key(|c| (counts.get(c).copied(), *c));
                off.extend(worst);
            }
            if off.is_empty() {
                return;
            }
            for card in off {
                board.unplace(card);
            }
        }
    }

    /// Puts each of these cards that lies nowhere to its best free place, the long ones first.
    pub(super) fn place_rest(board: &mut Board, cards: impl Iterator<Item = CardIx>, watch: &Watch<'_>) {
        let mut rest: Vec<CardIx> = cards.filter(|card| board.placement(*card).is_none()).collect();
        rest.sort_by_key(|card| std::cmp::Reverse(board.spec.cards[card.ix()].duration));
        for card in rest {
            // a card that waits is judged in every cell
            if watch.is_over() {
                return;
            }
            if let Some(best) = board.best_places(card).into_iter().next() {
                let _ = board.restore(card, Some(best.at));
            }
        }
    }

    /// A free room that is wished more than the one a card has.
    fn better_rooms(&self, board: &mut Board, watch: &Watch<'_>) {
        for (n, card) in self.movable_cards().enumerate() {
            if watch.is_over_at(n) {
                return;
            }
            let Some(at) = board.placement(card) else { continue };
            let rank = |room| board.fit_rooms[card.ix()].iter().position(|r| *r == room);
            let found = board.best_room(card, at.day, at.slot);
            let now = at.room.and_then(rank).unwrap_or(usize::MAX);
            let met = board.rooming_at(card, (at.day, at.slot));
            let cost = |room: Option<RoomIx>| room.map(|room| Board::rooming_cost(&met, room));
            let (then, is) = (cost(found), cost(at.room));
            let fewer = then.is_some() && is.is_some() && then < is;
            if fewer || then <= is && found.and_then(rank).is_some_and(|new| new < now) {
                let _ = board.restore(card, Some(Placement { room: found, ..at }));
            }
        }
    }
}

/// Takes cards off a board until nothing clashes, those of the first ranks first, as few as it seems. Gives those that went.
/// `rank`: `None` for a card that must stay.
pub fn take_off_clashes(board: &mut Board, ranks: u8, rank: impl Fn(CardIx) -> Option<u8>) -> Vec<CardIx> {
    let before: Vec<CardIx> = board
        .card_indices()
        .filter(|card| board.placement(*card).is_some())
        .collect();
    for least in 0..ranks {
        let may_go = before.iter().copied();
        let may_go = may_go.filter(|card| rank(*card).is_some_and(|rank| rank <= least));
        Composition::take_off(board, &may_go.collect(), &Watch::nobody());
    }
    let gone = before.into_iter();
    gone.filter(|card| board.placement(*card).is_none()).collect()
}

/// Lessons of odd and even weeks that meet others once every lesson is held every week, for a format without such weeks: even ones
/// first, and those of even weeks that wait for a place.
///
/// # Errors
/// [`BoardError`] for a school that no board holds.
pub fn taking_turns(spec: &BoardSpec) -> Result<BTreeSet<CardIx>, BoardError> {
    let mut always = spec.clone();
    for card in &mut always.cards {
        card.weeks = Weeks::Every;
    }
    let mut board = Board::new(always)?;
    let weeks = |card: CardIx| spec.cards.get(card.ix()).map_or(Weeks::Every, |c| c.weeks);
    let waiting = board.unplaced().into_iter();
    let waiting: Vec<CardIx> = waiting.filter(|card| weeks(*card) == Weeks::Even).collect();
    let gone = take_off_clashes(&mut board, 2, |card| match weeks(card) {
        Weeks::Every => None,
        Weeks::Even => Some(0),
        Weeks::Odd => Some(1),
    });
    Ok(gone.into_iter().chain(waiting).collect())
}

/// The cards of which one must go for a clash to end.
pub(super) fn suspects(board: &Board, fault: &Fault) -> Vec<CardIx> {
    let mut cards: Vec<CardIx> = fault
        .card
        .into_iter()
        .chain(fault.reason.blocking_card())
        .collect();
    if cards.is_empty() {
        let list = match fault.reason {
            Reason::Limit { class, .. } => board.cards_of_class(class),
            Reason::TeacherLimit { teacher, .. } => board.cards_of_teacher(teacher),
            _ => &[],
        };
        let there = |card: &CardIx| fault.day.is_none_or(|day| board.covers(*card, day) != 0);
        cards = list.iter().copied().filter(there).collect();
        cards.sort_unstable();
    }
    cards
}
