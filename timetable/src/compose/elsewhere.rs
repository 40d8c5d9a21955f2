//! Where the lessons of a closed room could be held instead, and what another room is worth in a repair.
//!
//! A list of rooms that only says what is gladly had («the gym of this teacher») is no reason to leave a lesson without any room: once
//! the room is closed, others of its kind that are large enough are looked for, too, after those of the list. A list that must be kept
//! is kept.

use std::collections::BTreeSet;

use super::problem::Composition;
use super::rules::SOME_ROOM;
use crate::board::Board;
use crate::ids::{CardIx, RoomIx, bits, span};
use crate::search::repair::Price;
use crate::spec::RoomNeed;

/// Marks the wish of a card that has lost its room until it is known what a move costs; no wish of a person is so dear.
const LOST: u16 = u16::MAX;

/// So many moves of other cards a room is worth.
const MOVES: u32 = 4;

/// The board with what the cards that have lost their room may have instead. `None`: it is no board, which cannot be.
pub(super) fn looked_for(board: Board, hit: &BTreeSet<CardIx>) -> Option<Board> {
    let mut spec = board.spec().clone();
    let mut any = false;
    for card in hit {
        let Some(closed) = closed(&board, *card) else {
            continue;
        };
        let (Some(need), Some(of)) = (instead(&board, *card, closed), spec.cards.get_mut(card.ix())) else {
            continue;
        };
        of.room = need;
        any = true;
    }
    if !any {
        return Some(board);
    }
    // nobody else is to lose a room for them
    let others = board.card_indices().filter(|card| !hit.contains(card));
    for card in others.filter(|card| board.placement(*card).is_some_and(|at| at.room.is_some())) {
        if let Some(of) = spec
            .cards
            .get_mut(card.ix())
            .filter(|of| of.room.needed && !of.room.hard)
        {
            of.room.penalty = Some(LOST);
        }
    }
    Board::new(spec).ok()
}

/// The room that a card lies in, if it is closed then.
fn closed(board: &Board, card: CardIx) -> Option<RoomIx> {
    let at = board.placement(card)?;
    let room = at.room?;
    let away = board.spec().rooms.get(room.ix())?.away.day(at.day);
    let word = span(at.slot, board.card(card)?.duration);
    bits(word & away).next().map(|_| room)
}

/// What a card asks for once this room is closed; `None`: what it asks for now, and as it asks for it.
fn instead(board: &Board, card: CardIx, closed: RoomIx) -> Option<RoomNeed> {
    let spec = board.spec();
    let now = &board.card(card)?.room;
    if now.hard {
        return None;
    }
    let kind = now.kind.or(spec.rooms.get(closed.ix())?.kind);
    let pupils = board.pupils(card);
    let mut others: Vec<(u32, RoomIx)> = (0..)
        .zip(&spec.rooms)
        .map(|(n, room)| (room.capacity.unwrap_or(u32::MAX), RoomIx(n), room.kind))
        .filter(|(seats, room, of)| {
            *of == kind && *seats >= pupils && *room != closed && !now.allowed.contains(room)
        })
        .map(|(seats, room, _)| (seats, room))
        .collect();
    others.sort_unstable();
    let others = others.into_iter().map(|(_, room)| room);
    let any_will_do = now.allowed.is_empty() && now.needed;
    let mut allowed = now.allowed.clone();
    if !any_will_do {
        allowed.extend(others);
    }
    // a list of rooms that do not suit would be none
    if allowed.is_empty() && !any_will_do {
        return None;
    }
    // who asks for no room at all takes another one where it is free, and does not move for it
    let asks = board.wants_room(card);
    Some(RoomNeed {
        needed: asks,
        allowed,
        penalty: if asks { Some(LOST) } else { now.penalty },
        ..now.clone()
    })
}

/// What moving a card costs, by all but the wishes for rooms that were lost; these become worth some moves.
pub(super) fn priced(composition: &mut Composition) -> Price {
    let lost = u32::from(LOST);
    let is_lost = |c: &crate::problem::Constraint| c.label.name == SOME_ROOM && c.weight == lost;
    let mut dear = vec![];
    for (at, constraint) in composition.problem.constraints.iter_mut().enumerate() {
        if is_lost(constraint) {
            // while it is counted what a move costs, this must not count
            constraint.weight = 1;
            dear.push(at);
        }
    }
    let high = Price::high(&composition.problem);
    for at in dear {
        if let Some(constraint) = composition.problem.constraints.get_mut(at) {
            constraint.weight = high.time.saturating_mul(MOVES);
        }
    }
    high
}
