//! Most hours and days of lessons and persons, as rules. What is about lessons is counted by a resource of their own that sits in them.

use std::collections::{BTreeMap, BTreeSet};

use super::problem::{COUNTER, Draft};
use crate::bounds::{BoundOf, Row};
use crate::ids::{CardIx, bits, wide};
use crate::problem::rules::{cluster_busy_times::ClusterBusyTimes, limit_busy_times::LimitBusyTimes};
use crate::problem::{Rule, Seat};

/// The rules' name; the position of the bound stands behind.
const BOUND: &str = "within its bounds: ";

/// Which bound a rule of this name states.
pub(super) fn position(name: &str) -> Option<u32> {
    name.strip_prefix(BOUND)?.parse().ok()
}

/// Adds them all.
pub(super) fn all(draft: &mut Draft<'_>) {
    let board = draft.board;
    let pupils = pupils_of(draft);
    for (n, bound) in board.spec.bounds.iter().enumerate() {
        if draft.watch.is_over_at(n) {
            return;
        }
        let rows = board.bounds.rows(n);
        if rows.is_empty() {
            continue;
        }
        let who: BTreeSet<u32> = match &bound.of {
            BoundOf::Cards(cards) => counters(draft, n, cards),
            BoundOf::Teacher(teacher) => draft.teachers[teacher.ix()].into_iter().collect(),
            BoundOf::Pupils(_) => {
                let of = board.bounds.atoms(n).iter();
                let of = of.filter_map(|atom| pupils.get(wide(*atom)).copied().flatten());
                of.flat_map(|kind| draft.pupil_resources[kind]).collect()
            }
        };
        let name = format!("{BOUND}{n}");
        let who: Vec<u32> = who.into_iter().collect();
        for rule in rules(draft, rows) {
            draft.for_resources(&name, None, who.clone(), rule);
        }
    }
}

/// By atom: the kind of pupils that it belongs to. Nothing where no bound asks.
fn pupils_of(draft: &Draft<'_>) -> Vec<Option<usize>> {
    let board = draft.board;
    let asks = |of: &BoundOf| matches!(of, BoundOf::Pupils(_));
    if !board.spec.bounds.iter().any(|bound| asks(&bound.of)) {
        return vec![];
    }
    let mut cards_of: Vec<Vec<CardIx>> = vec![vec![]; board.atom_away.len()];
    for card in board.card_indices() {
        for atom in &board.card_atoms[card.ix()] {
            cards_of[wide(*atom)].push(card);
        }
    }
    let kinds = draft.pupils.iter().enumerate();
    let kinds: BTreeMap<&[CardIx], usize> = kinds.map(|(n, kind)| (kind.cards.as_slice(), n)).collect();
    let kind = |cards: Vec<CardIx>| kinds.get(cards.as_slice()).copied();
    cards_of.into_iter().map(kind).collect()
}

/// A resource that sits in each of the cards; where some are held in odd or even weeks only, one for each.
fn counters(draft: &mut Draft<'_>, n: usize, cards: &[CardIx]) -> BTreeSet<u32> {
    let board = draft.board;
    let events = cards.iter().filter_map(|card| {
        let event = draft.event_of[card.ix()]?;
        Some((event, board.spec.cards[card.ix()].weeks))
    });
    let events: Vec<_> = events.collect();
    let weeks = |week: usize| {
        let held = events
            .iter()
            .filter(|(_, weeks)| weeks.parities().any(|w| w == week));
        held.map(|(event, _)| *event).collect::<Vec<u32>>()
    };
    let weeks: BTreeSet<Vec<u32>> = [weeks(0), weeks(1)].into_iter().collect();
    let mut counters = BTreeSet::new();
    for (week, events) in weeks.into_iter().enumerate() {
        let counter = draft.resource(COUNTER, format!("bound {n}.{week}"));
        for event in events {
            draft.problem.events[wide(event)].seats.push(Seat {
                fixed: Some(counter),
                role: None,
                kind: COUNTER,
                workload: None,
            });
        }
        counters.insert(counter);
    }
    counters
}

/// What the rows are to the search: hours of parts are limited together, parts are counted one by one.
fn rules(draft: &mut Draft<'_>, rows: &[Row]) -> Vec<Rule> {
    let mut rules = vec![];
    let mut hours: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
    for row in rows {
        let times = |(day, word): &(u16, u64)| {
            let all = bits(*word).map(|slot| draft.time(*day, slot));
            all.collect::<Vec<u32>>()
        };
        let parts: Vec<Vec<u32>> = row.parts.iter().map(times).collect();
        if row.each {
            let window = draft.window(parts.concat());
            hours.entry(row.most).or_default().push(window);
            continue;
        }
        let time_groups = parts.into_iter().map(|times| draft.window(times)).collect();
        rules.push(Rule::ClusterBusyTimes(ClusterBusyTimes {
            time_groups,
            min: 0,
            max: row.most.into(),
        }));
    }
    rules.extend(hours.into_iter().map(|(most, time_groups)| {
        Rule::LimitBusyTimes(LimitBusyTimes {
            time_groups,
            min: 0,
            max: most.into(),
        })
    }));
    rules
}
