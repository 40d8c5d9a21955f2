//! What judging weighs where a page carries it: a board, and every cell of a held card with its price and its reasons. Built for the browser,
//! its bytes are what `./parta bench editor` tells; run, it does nothing that is seen.

use std::hint::black_box;

use timetable::{Board, BoardSpec, CardIx};

fn main() {
    // nothing is known of the board while this is compiled, so nothing of judging is left out
    let spec: BoardSpec = black_box(BoardSpec::default());
    if let Ok(board) = Board::new(spec) {
        black_box(board.judge_all(black_box(CardIx(0))));
    }
}
