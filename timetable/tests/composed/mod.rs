//! A search of a board that is composed, and what clashes on it then.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part")]

use timetable::compose::{Composition, Lane};
use timetable::problem::{Cost, Solution, evaluate};
use timetable::search::{Ground, Plan, Tuning};
use timetable::*;

pub fn plan(seed: u64, work: u64) -> Plan {
    Plan {
        seed,
        lane: 0,
        work,
        tuning: Tuning::default(),
    }
}

pub fn search(composition: &Composition, seed: u64, work: u64, from: Option<&Solution>) -> (Cost, Solution) {
    let ground = Ground::new(composition.problem());
    let mut lane = Lane::new(&ground, plan(seed, work), from);
    while lane.run(512) {}
    let best = lane.best().completed(composition.problem()).unwrap();
    assert_eq!(
        evaluate(composition.problem(), &best),
        lane.cost(),
        "counted as judged"
    );
    (lane.cost(), best)
}

pub fn clashes(board: &Board) -> Vec<Problem> {
    let all = board.conflicts().into_iter();
    all.filter(|p| p.level == Level::Clash).collect()
}
