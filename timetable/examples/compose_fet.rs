//! Composes a school of a FET file as the editor's «Составить» does, and says what a person would be told:
//! `cargo run --release -p timetable --features engine --example compose_fet -- FILE [MOVES] [SEED]`.
#![allow(clippy::print_stdout, reason = "it is a command")]

use std::time::Instant;

use timetable::compose::{Composition, Lane, Score};
use timetable::search::{Ground, Plan, Tuning};

/// Moves between two lines.
const LINES: u64 = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().ok_or("which file?")?;
    let work: u64 = arguments.next().map_or(Ok(2_000_000), |n| n.parse())?;
    let seed = arguments.next().map_or(Ok(1), |n| n.parse())?;
    let draft = timetable::fet::import(&std::fs::read(file)?)?;
    let mut board = draft.board()?;
    println!("as it lies   {:?}", Score::of(&board));
    for card in board.card_indices() {
        board.unplace(card);
    }
    let since = Instant::now();
    let composition = Composition::new(&board, &[]);
    let ground = Ground::new(composition.problem());
    println!(
        "{} cards, {} resources, {} rules, prepared in {:?}",
        composition.movable(),
        composition.problem().resources.len(),
        composition.problem().constraints.len(),
        since.elapsed()
    );
    let plan = Plan {
        seed,
        lane: 0,
        work,
        tuning: Tuning::default(),
    };
    let mut lane = Lane::new(&ground, plan, None);
    println!("constructed in {:?}: {}", since.elapsed(), lane.cost());
    let mut more = true;
    while more {
        more = lane.run(work / LINES + 1);
        let search = since.elapsed();
        let settled = composition.settle(&lane.best());
        println!(
            "{search:?} {} settled in {:?}: {:?}",
            lane.cost(),
            since.elapsed() - search,
            Score::of(&settled)
        );
    }
    Ok(())
}
