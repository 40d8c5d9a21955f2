//! Times that somebody would rather not have, as rules about events: each slot of a card there costs, as
//! [`Board::judge`](crate::Board::judge) counts it.

use std::collections::BTreeMap;

use super::problem::Draft;
use super::rules::start_at;
use crate::ids::{bits, span};

/// The name of these rules.
pub(super) const RATHER_NOT: &str = "rather not then";

/// Adds them all.
pub(super) fn all(draft: &mut Draft<'_>) {
    let board = draft.board;
    // events by where they may not want to start and what that costs
    let mut wishes: BTreeMap<(Vec<u32>, u32), Vec<u32>> = BTreeMap::new();
    for (event, lesson) in (0..).zip(&draft.lessons) {
        if draft.watch.is_over_at(lesson.card.ix()) {
            return;
        }
        let length = board.spec.cards[lesson.card.ix()].duration;
        for wish in board.unwanted_of(lesson.card).filter(|w| w.penalty > 0) {
            // one rule a slot of the card: a long card may lie half in an unwanted time
            for part in 0..length {
                let mut bad = vec![];
                for day in 0..board.days() {
                    let starts = wish.times.day(day) >> part & span(0, board.slots());
                    bad.extend(bits(starts).map(|slot| draft.time(day, slot)));
                }
                if bad.is_empty() {
                    continue;
                }
                // the rule counts the slots of the card, each at this price
                let price = u32::from(wish.penalty).div_ceil(u32::from(length));
                wishes.entry((bad, price)).or_default().push(event);
            }
        }
    }
    for ((bad, price), events) in wishes {
        let good = (0..draft.problem.time_count()).filter(|t| bad.binary_search(t).is_err());
        let rule = start_at(good.collect());
        draft.for_events(RATHER_NOT, Some(price), events, rule);
    }
}
