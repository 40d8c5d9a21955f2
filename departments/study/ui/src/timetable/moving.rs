//! Moves of cards: put on the board, remembered for undo, saved.

use std::sync::Arc;

use leptos::prelude::*;
use study_core::timetable::moves::{CardState, Move, Seat};
use timetable::{CardIx, Placement};

use super::desk::Desk;
use crate::t;

impl Desk {
    pub(super) fn step(self, card: CardIx, to: Option<Placement>) -> Move {
        self.data.with_value(|d| {
            let seat = |p: Placement| Seat {
                day: i16::try_from(p.day).unwrap_or(0),
                slot: i16::try_from(p.slot).unwrap_or(0),
                room: p.room.and_then(|r| d.rooms.get(r.ix())).map(|r| r.id),
            };
            let (now, locked) = self.ask(|b| (b.placement(card), b.card(card).is_some_and(|c| c.locked)));
            Move {
                card: d.cards.get(card.ix()).map_or(base::CardId(0), |c| c.id),
                old: CardState {
                    seat: now.map(seat),
                    locked,
                },
                new: CardState {
                    seat: to.map(seat),
                    locked,
                },
            }
        })
    }

    /// Puts a move on the board.
    pub(super) fn lay(self, step: &Move) {
        self.data.with_value(|d| {
            let Some(card) = d.card_ix(step.card) else {
                return;
            };
            let place = step.new.seat.map(|s| Placement {
                day: u16::try_from(s.day).unwrap_or(0),
                slot: u16::try_from(s.slot).unwrap_or(0),
                room: s.room.and_then(|r| d.room_ix(r)),
            });
            self.board.update_value(|b| {
                // off the board it cannot be: it comes from the board or from the server
                let _ = b.restore(card, place);
                b.set_locked(card, step.new.locked);
            });
        });
    }

    /// Lays moves, remembers and saves them.
    pub fn act(self, steps: Vec<Move>) {
        self.run(&steps);
        self.history.update_value(|(done, undone)| {
            done.push(steps);
            undone.clear();
        });
        self.measure();
    }

    fn run(self, steps: &[Move]) {
        if self.marked.with_untracked(|m| !m.is_empty()) {
            self.marked.set(Arc::default());
        }
        for step in steps {
            self.lay(step);
        }
        self.saver.push(steps);
        self.tick.update(|n| *n = n.wrapping_add(1));
    }

    fn measure(self) {
        self.depth.set(
            self.history
                .with_value(|(done, undone)| (done.len(), undone.len())),
        );
    }

    /// Takes the last act back: compensating moves, saved like any others.
    pub fn undo(self) {
        self.hold_nothing();
        let mut last = None;
        self.history.update_value(|(done, undone)| {
            if let Some(steps) = done.pop() {
                let back: Vec<Move> = steps.iter().rev().map(|m| m.undone()).collect();
                undone.push(steps);
                last = Some(back);
            }
        });
        if let Some(steps) = last {
            self.run(&steps);
            self.say(t::say_undone(self.lang).to_owned());
        }
        self.measure();
    }

    /// Does the last undone act again.
    pub fn redo(self) {
        self.hold_nothing();
        let mut next = None;
        self.history.update_value(|(done, undone)| {
            if let Some(steps) = undone.pop() {
                done.push(steps.clone());
                next = Some(steps);
            }
        });
        if let Some(steps) = next {
            self.run(&steps);
            self.say(t::say_redone(self.lang).to_owned());
        }
        self.measure();
    }

    /// Shows moves of an earlier visit that wait in the queue already.
    pub async fn recover(self) {
        let held = super::saving::held().await;
        let moves = self.saver.recover(held.as_deref());
        for step in &moves {
            self.lay(step);
        }
        if !moves.is_empty() {
            self.tick.update(|n| *n = n.wrapping_add(1));
        }
    }
}
