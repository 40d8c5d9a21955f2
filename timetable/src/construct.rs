//! Placeholder; see below.
use crate::board::Board;
use crate::ids::CardIx;

/// What came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Cards that found no place.
    pub unplaced: Vec<CardIx>,
    /// Steps of the budget that were used.
    pub work: u64,
}

/// Places the unplaced cards.
pub fn complete(board: &mut Board, seed: u64, work_budget: u64) -> Outcome {
    let _ = (seed, work_budget);
    Outcome {
        unplaced: board.unplaced(),
        work: 0,
    }
}
