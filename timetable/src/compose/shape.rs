//! The shape of a class's week as rules: the excess that [`Board::judge`](crate::Board::judge) counts, at the same price.

use std::collections::{BTreeMap, BTreeSet};

use super::limits::{EDGES, HOMEWORK, LIGHT, OfClass, price, weighted};
use super::problem::Draft;
use crate::ids::{bits, wide};
use crate::problem::Rule;
use crate::problem::rules::spread_events::SpreadEvents;

/// Adds them all for a class.
pub(super) fn all(draft: &mut Draft<'_>, of: &OfClass) {
    points(draft, of);
    homework(draft, of);
}

fn points(draft: &mut Draft<'_>, of: &OfClass) {
    let board = draft.board;
    let limits = &board.spec.classes[of.class.ix()].limits;
    let Some((average, below)) = board.average(of.class) else {
        return;
    };
    if limits.edge_days.is_none() && limits.light_days.is_none() {
        return;
    }
    let units = weighted(draft, of.one_pupil(), 1);
    if units.is_empty() {
        return;
    }
    let group = draft.group(units);
    if let Some(edges) = limits.edge_days {
        let days = board.named_days(of.class, edges.days);
        let limits = days.map(|day| (u32::from(day), 0, average.into())).collect();
        let rule = Rule::SpreadEvents(SpreadEvents { limits });
        draft.for_groups(EDGES, Some(edges.penalty.into()), vec![group], rule);
    }
    if let Some(light) = limits.light_days {
        // which of the days is the easier one is settled here, by how the cards lie: a timetable that meets this one meets the wish
        let mut easier: BTreeMap<u16, (u16, u16)> = BTreeMap::new();
        for day in board.named_days(of.class, light.days) {
            let laid = laid(draft, of, day);
            let held = easier.entry(board.week_of(day).start).or_insert((day, laid));
            // of equals the last: the hardest days are before it
            if laid <= held.1 {
                *held = (day, laid);
            }
        }
        let limits = easier.into_values();
        let limits = limits.map(|(day, _)| (u32::from(day), 0, below.into())).collect();
        let rule = Rule::SpreadEvents(SpreadEvents { limits });
        draft.for_groups(LIGHT, Some(light.penalty.into()), vec![group], rule);
    }
}

/// Points that a pupil's day has as the cards lay.
fn laid(draft: &Draft<'_>, of: &OfClass, day: u16) -> u16 {
    let points = of.one_pupil().map(|event| {
        let card = draft.lessons[wide(event)].card;
        let slots = bits(draft.lay.covers(card, day)).count();
        let difficulty = draft.lay.spec.cards[card.ix()].difficulty;
        difficulty.saturating_mul(crate::ids::short(slots))
    });
    points.fold(0, u16::saturating_add)
}

fn homework(draft: &mut Draft<'_>, of: &OfClass) {
    let board = draft.board;
    let Some(limit) = board.spec.classes[of.class.ix()].limits.homework_per_day else {
        return;
    };
    let much = |event: &u32| board.spec.cards[draft.lessons[wide(*event)].card.ix()].homework;
    let mut together: BTreeSet<Vec<u32>> = BTreeSet::new();
    for (_, _, events) in &of.pupils {
        let events: Vec<u32> = events.iter().copied().filter(much).collect();
        if events.len() > usize::from(limit.value) {
            together.insert(events);
        }
    }
    let limits = draft.days().into_iter();
    let limits = limits.map(|day| (day, 0, limit.value.into())).collect();
    let groups: Vec<u32> = together.into_iter().map(|events| draft.group(events)).collect();
    let rule = Rule::SpreadEvents(SpreadEvents { limits });
    draft.for_groups(HOMEWORK, price(limit, of.kinds), groups, rule);
}
