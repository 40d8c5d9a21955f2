//! Swaps on a complete timetable.

use super::Search;
use crate::board::Board;
use crate::ids::{CardIx, ClassIx};
use crate::judge::Level;
use crate::spec::Placement;

impl Search<'_> {
    /// Swaps lessons of a class where the judge likes both better, while budget is left.
    pub(super) fn polish(&mut self, budget: u64) {
        let classes: Vec<ClassIx> = (0..self.board.spec.classes.len()).map(ClassIx::at).collect();
        for _ in 0..3 {
            let mut better = self.moves(budget);
            for class in &classes {
                let list: Vec<CardIx> = self.board.cards_of_class(*class).to_vec();
                for (n, a) in list.iter().enumerate() {
                    for b in &list[n + 1..] {
                        if self.work >= budget {
                            return;
                        }
                        if self.alike(*a, *b) {
                            self.work += 1;
                            better |= self.swap(*a, *b);
                        }
                    }
                }
            }
            if !better {
                return;
            }
        }
    }

    /// Moves single cards where that lowers the penalty (a lesson at the end of a day into a window).
    fn moves(&mut self, budget: u64) -> bool {
        let mut better = false;
        for card in self.board.card_indices() {
            let spec = &self.board.spec.cards[card.ix()];
            let Some(at) = spec.placement.filter(|_| !spec.locked) else {
                continue;
            };
            if self.work >= budget {
                return false;
            }
            self.work += 1;
            let now = self.board.judge(card, at.day, at.slot, at.room).penalty;
            let needed = spec.room.needed;
            let better_place = self
                .board
                .best_places(card)
                .into_iter()
                .find(|p| !needed || p.at.room.is_some());
            if let Some(place) = better_place.filter(|p| p.verdict.penalty < now) {
                better |= self.board.restore(card, Some(place.at)).is_ok();
            }
        }
        better
    }

    /// Whether two cards can change places as far as the class is concerned.
    fn alike(&self, a: CardIx, b: CardIx) -> bool {
        let board = &*self.board;
        let (x, y) = (&board.spec.cards[a.ix()], &board.spec.cards[b.ix()]);
        x.duration == y.duration
            && x.weeks == y.weeks
            && !x.locked
            && !y.locked
            && x.subject != y.subject
            && board.card_atoms[a.ix()] == board.card_atoms[b.ix()]
    }

    fn swap(&mut self, a: CardIx, b: CardIx) -> bool {
        let (Some(p), Some(q)) = (self.board.placement(a), self.board.placement(b)) else {
            return false;
        };
        let board = &mut *self.board;
        let sum = |board: &Board, first: (CardIx, Placement), second: (CardIx, Placement)| {
            let one = |(card, at): (CardIx, Placement)| board.judge(card, at.day, at.slot, at.room).penalty;
            one(first) + one(second)
        };
        let before = sum(board, (a, p), (b, q));
        board.unplace(a);
        board.unplace(b);
        let clear = board.is_clear(a, q.day, q.slot) && board.is_clear(b, p.day, p.slot);
        if clear {
            let to_a = Placement {
                room: board.best_room(a, q.day, q.slot),
                ..q
            };
            let to_b = Placement {
                room: board.best_room(b, p.day, p.slot),
                ..p
            };
            let fits =
                |card: CardIx, at: &Placement| at.room.is_some() || !board.spec.cards[card.ix()].room.needed;
            if fits(a, &to_a) && fits(b, &to_b) {
                let placed = board.restore(a, Some(to_a)).is_ok() && board.restore(b, Some(to_b)).is_ok();
                let clash = |card: CardIx, at: Placement| {
                    board.judge(card, at.day, at.slot, at.room).level == Level::Clash
                };
                let ok = placed && !clash(a, to_a) && !clash(b, to_b);
                if ok && sum(board, (a, to_a), (b, to_b)) < before {
                    return true;
                }
            }
        }
        let _ = board.restore(a, Some(p));
        let _ = board.restore(b, Some(q));
        false
    }
}
