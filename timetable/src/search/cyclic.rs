//! A start for problems that are like Latin squares: every event joins one resource of each of several types (class, teacher,
//! room), and the week has room for all differences.
//!
//! The old construction of a Latin square by cyclic shifts: number the resources of each type from 0 to n - 1 and give an event
//! the time that the differences of its numbers modulo n spell. Two events at one time that share one resource then share all
//! of them, so different events never clash. Where a school is no such square, the construction says nothing.

use super::net::NONE;
use super::state::State;
use crate::ids::wide;

/// Tries the construction and keeps it if it costs less than what is there.
pub(super) fn improve(state: &mut State<'_>) {
    let Some(starts) = starts(state) else { return };
    let (mark, before) = (state.mark(), state.cost());
    for (slot, start) in &starts {
        state.set_time(*slot, Some(*start));
    }
    if state.cost() < before {
        state.settle();
    } else {
        state.undo(mark);
    }
}

fn starts(state: &State<'_>) -> Option<Vec<(u32, u32)>> {
    let net = state.net();
    let mut columns: Option<Vec<u32>> = None;
    let mut rows = vec![];
    for slot in 0..net.slots() {
        let event = wide(net.slot_event[wide(slot)]);
        if state.duration(slot) == 0 {
            continue;
        }
        if state.duration(slot) != 1 || net.event_time[event] != NONE {
            return None;
        }
        let mut who: Vec<u32> = state.cells(slot).to_vec();
        if who.contains(&NONE) {
            return None;
        }
        who.sort_by_key(|w| net.resource_kind[wide(*w)]);
        let kinds: Vec<u32> = who.iter().map(|w| net.resource_kind[wide(*w)]).collect();
        match &columns {
            None => columns = Some(kinds),
            Some(known) if *known == kinds => {}
            Some(_) => return None,
        }
        rows.push((slot, who));
    }
    let columns = columns?;
    let different = columns.windows(2).all(|pair| pair[0] != pair[1]);
    if columns.len() < 2 || !different {
        return None;
    }
    // the how manieth of its kind each is, and how many there are of each kind
    let kinds = net.resource_kind.iter().max().map_or(0, |kind| wide(*kind) + 1);
    let mut of_kind = vec![0_u32; kinds];
    let mut numbers = vec![];
    for kind in &net.resource_kind {
        let next = &mut of_kind[wide(*kind)];
        numbers.push(*next);
        *next += 1;
    }
    let n = columns.iter().map(|kind| of_kind[wide(*kind)]).max()?;
    let room = (1..columns.len()).try_fold(1_u32, |all, _| all.checked_mul(n))?;
    if room > net.times {
        return None;
    }
    let place = |who: &[u32]| {
        let first = numbers[wide(who[0])];
        who[1..]
            .iter()
            .fold(0, |at, w| at * n + (numbers[wide(*w)] + n - first) % n)
    };
    Some(rows.iter().map(|(slot, who)| (*slot, place(who))).collect())
}
