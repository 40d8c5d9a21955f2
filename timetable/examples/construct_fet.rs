//! Reads a FET file, builds a timetable, prints figures: `cargo run -p timetable --release --example construct_fet FILE…`
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::time::Instant;
use timetable::{Board, Level, construct, fet};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let started = Instant::now();
        let mut draft = fet::import(&std::fs::read(&path)?)?;
        let read = started.elapsed();
        for card in draft
            .loads
            .iter_mut()
            .flat_map(|l| &mut l.cards)
            .filter(|c| !c.locked)
        {
            card.placement = None;
        }
        let mut board = draft.board()?;
        let cards = board.cards().len();
        let budget = 100 * u64::try_from(cards)?;
        let started = Instant::now();
        let outcome = construct::complete(&mut board, 1, budget);
        let took = started.elapsed();
        let clashes = board
            .conflicts()
            .iter()
            .filter(|p| p.level == Level::Clash)
            .count();
        let unplaced = outcome.unplaced.len();
        println!(
            "{path}: {cards} cards, read {read:.1?}, construct {took:.1?} work {}",
            outcome.work
        );
        println!(
            "  unplaced {unplaced}, clashes {clashes}, {}",
            windows(&draft, &board)
        );
        judge_speed(&board);
    }
    Ok(())
}

fn windows(draft: &timetable::SchoolDraft, board: &Board) -> String {
    let of_classes = (0..draft.classes.len()).flat_map(|c| board.class_days(timetable::ClassIx::at(c)));
    let of_teachers = (0..draft.teachers.len()).flat_map(|t| board.teacher_days(timetable::TeacherIx::at(t)));
    let sum = |days: Vec<timetable::DayFigures>| days.iter().map(|d| u32::from(d.windows)).sum::<u32>();
    format!(
        "windows: classes {}, teachers {}",
        sum(of_classes.collect()),
        sum(of_teachers.collect())
    )
}

fn judge_speed(board: &Board) {
    let started = Instant::now();
    let mut longest = std::time::Duration::ZERO;
    for card in board.card_indices() {
        let one = Instant::now();
        std::hint::black_box(board.judge_all(card));
        longest = longest.max(one.elapsed());
    }
    let mean = started.elapsed() / u32::try_from(board.cards().len().max(1)).unwrap_or(1);
    let started = Instant::now();
    std::hint::black_box(board.conflicts());
    println!(
        "  judge_all: mean {mean:.1?}, longest {longest:.1?}; conflicts: {:.1?}",
        started.elapsed()
    );
}
