//! A first timetable: events cut as their rules want, then the hardest meets first, each where it costs least.

use super::domains::Domains;
use super::net::NONE;
use super::random::Random;
use super::state::State;
use crate::ids::{narrow, wide};
use crate::problem::Cost;

/// Events longer than this are cut evenly instead of in the cheapest way.
const LONGEST_TRIED: u32 = 18;

/// Fills an empty state.
pub(super) fn construct(state: &mut State<'_>, domains: &Domains, random: &mut Random, hard: i64) {
    cut(state);
    let net = state.net();
    let mut order: Vec<(u64, u32)> = vec![];
    for slot in 0..net.slots() {
        let duration = state.duration(slot);
        if duration == 0 {
            continue;
        }
        let event = net.slot_event[wide(slot)];
        let fixed = net.event_time[wide(event)];
        if fixed != NONE {
            if fixed + duration <= net.times {
                state.set_time(slot, Some(fixed));
            }
            continue;
        }
        let freedom = u64::from(narrow(domains.starts(net, event, duration).len())).max(1);
        let weight = u64::from(duration) * 20
            + u64::from(net.seats_of(event)) * 3
            + u64::from(narrow(domains.partners(event).len())) * 10;
        order.push((weight * 1000 / freedom * 16 + u64::from(random.below(16)), slot));
    }
    order.sort_unstable_by(|a, b| b.cmp(a));
    for (_, slot) in order {
        if state.time(slot).is_none() {
            place(state, domains, slot, random, hard);
        }
    }
    for slot in 0..net.slots() {
        if state.duration(slot) > 0 {
            seat(state, domains, slot, random, hard);
        }
    }
    state.settle();
}

/// Cuts every event into the meets that cost least; among equals, into the most, for small pieces fit anywhere.
fn cut(state: &mut State<'_>) {
    let net = state.net();
    let mut parts = vec![];
    for (event, duration) in (0..).zip(&net.event_duration) {
        let duration = *duration;
        if duration == 0 {
            continue;
        }
        if net.event_time[wide(event)] != NONE {
            // Two meets at the one time that is fixed would run at once.
            state.set_duration(net.first_slot[wide(event)], duration);
            state.settle();
            continue;
        }
        let mut best: Option<(Cost, Vec<u32>)> = None;
        if duration <= LONGEST_TRIED {
            parts.clear();
            each_partition(duration, 1, &mut parts, &mut |parts| {
                try_parts(state, event, parts, &mut best);
            });
        } else {
            for size in 1..=duration {
                let mut even = vec![size; wide(duration / size)];
                if duration % size > 0 {
                    even.push(duration % size);
                }
                try_parts(state, event, &even, &mut best);
            }
        }
        for (slot, size) in net.slots_of(event).zip(best.unwrap_or_default().1) {
            state.set_duration(slot, size);
        }
        state.settle();
    }
}

fn try_parts(state: &mut State<'_>, event: u32, parts: &[u32], best: &mut Option<(Cost, Vec<u32>)>) {
    let mark = state.mark();
    for (slot, size) in state.net().slots_of(event).zip(parts) {
        state.set_duration(slot, *size);
    }
    let cost = state.cost();
    state.undo(mark);
    // Partitions come from the finest to the coarsest, so a tie keeps the finer one.
    if best.as_ref().is_none_or(|(least, _)| cost < *least) {
        *best = Some((cost, parts.to_vec()));
    }
}

/// Every way to write `rest` as a sum of parts of at least `least`, ascending; all ones first.
fn each_partition(rest: u32, least: u32, parts: &mut Vec<u32>, found: &mut impl FnMut(&[u32])) {
    if rest == 0 {
        found(parts);
        return;
    }
    for part in least..=rest {
        if part != rest && rest - part < part {
            continue;
        }
        parts.push(part);
        each_partition(rest - part, part, parts, found);
        parts.pop();
    }
}

/// Gives a meet, and those linked with it, the cheapest start.
fn place(state: &mut State<'_>, domains: &Domains, slot: u32, random: &mut Random, hard: i64) {
    let net = state.net();
    let event = net.slot_event[wide(slot)];
    let duration = state.duration(slot);
    let mut group = vec![slot];
    for partner in domains.partners(event) {
        let mut slots = net.slots_of(*partner);
        let with = slots.find(|s| state.duration(*s) == duration && state.time(*s).is_none());
        group.extend(with.filter(|_| net.event_time[wide(*partner)] == NONE));
    }
    let mut best: Option<(i64, u32, u32)> = None;
    for start in domains.starts(net, event, duration) {
        let mark = state.mark();
        for slot in &group {
            state.set_time(*slot, Some(*start));
        }
        let found = (state.merged(hard), random.below(1 << 20), *start);
        state.undo(mark);
        if best.is_none_or(|b| found < b) {
            best = Some(found);
        }
    }
    if let Some((_, _, start)) = best {
        for slot in &group {
            state.set_time(*slot, Some(start));
        }
        for slot in &group {
            seat(state, domains, *slot, random, hard);
        }
    }
    state.settle();
}

/// Gives each seat of a meet that is to be chosen and empty the cheapest resource.
fn seat(state: &mut State<'_>, domains: &Domains, slot: u32, random: &mut Random, hard: i64) {
    let net = state.net();
    let event = net.slot_event[wide(slot)];
    for seat in domains.open(event) {
        if state.seat(slot, *seat).is_some() {
            continue;
        }
        let key = wide(net.first_seat[wide(event)]) + wide(*seat);
        let mut best = (state.merged(hard), u32::MAX, None);
        for who in domains.choices(key) {
            let mark = state.mark();
            state.set_seat(slot, *seat, Some(*who));
            let found = (state.merged(hard), random.below(1 << 20), Some(*who));
            state.undo(mark);
            if found < best {
                best = found;
            }
        }
        state.set_seat(slot, *seat, best.2);
    }
    state.settle();
}
