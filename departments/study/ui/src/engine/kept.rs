//! The board with what was asked to stay, once somebody has asked about it: why a card has no place there.

use timetable::compose::{Contradiction, Counsel, Effort, Stuck};
use timetable::{Board, CardIx, CardSpec};

/// So many contradictions are told.
pub(super) const CONTRADICTIONS: usize = 5;
/// Steps of reasoning about them: a second or so of an ordinary school, also on an old laptop.
pub(super) const REASONING: u64 = 6_000_000;

pub(super) struct Kept {
    /// By card: it stays, and only because it was asked to.
    keep: Vec<bool>,
    counsel: Counsel,
    /// Of the whole board, what stays being where it is. Known once somebody asks what collides: moves do not wait for it.
    known: Option<Vec<Contradiction>>,
}

impl Kept {
    /// What of it was only asked to stay: neither locked nor waiting.
    pub fn asked(board: &Board, keep: &[bool]) -> Vec<bool> {
        let only_asked =
            |(card, asked): (&CardSpec, &bool)| *asked && !card.locked && card.placement.is_some();
        board.cards().iter().zip(keep).map(only_asked).collect()
    }

    pub fn new(board: &Board, keep: Vec<bool>) -> Self {
        Self {
            counsel: Counsel::keeping(board, &keep),
            keep,
            known: None,
        }
    }

    pub fn is_of(&self, keep: &[bool]) -> bool {
        self.keep == keep
    }

    pub fn keeps_any(&self) -> bool {
        self.keep.contains(&true)
    }

    /// What closes its cells, and the moves that would make room.
    pub fn moves(&self, card: CardIx) -> Stuck {
        self.counsel.stuck_by_moves(card, Effort::default())
    }

    /// What cannot be met together around it.
    pub fn collides(&mut self, card: CardIx) -> Option<Contradiction> {
        let known = self
            .known
            .get_or_insert_with(|| self.counsel.contradictions(CONTRADICTIONS, REASONING));
        self.counsel.collides(card, known, Effort::default())
    }
}
