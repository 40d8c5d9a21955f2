//! A first timetable: events cut as their rules want, then the hardest meets first, each where it costs least. Built in small
//! steps, so that whoever waits may stop between them and has a whole timetable, however early.

use super::cyclic;
use super::domains::Domains;
use super::net::NONE;
use super::random::Random;
use super::state::State;
use crate::ids::{narrow, wide};
use crate::problem::Cost;

/// Events longer than this are cut evenly instead of in the cheapest way, each size of pieces in a step of its own: a hundred sizes of a
/// hundred pieces take long.
const LONGEST_TRIED: u32 = 18;

/// What a unit of hard cost weighs, in sixteenths of a soft one.
const HARD: i64 = 16_000;

/// Pieces of an event, and what the timetable costs with them.
type Parts = (Cost, Vec<u32>);

/// What is done next.
enum Stage {
    /// This event cut, and those after it.
    Cut(u32),
    /// This long event cut evenly, into pieces of this size and larger ones; the best so far.
    Even(u32, u32, Option<Parts>),
    /// The meets in the order of their hardness.
    Sort,
    /// The meet at this place of the order gets a start.
    Place(usize),
    /// The seats of this slot's meet that are still empty.
    Seat(u32),
    /// Problems like Latin squares.
    Cyclic,
}

/// A construction that is going on.
pub(super) struct Construction {
    stage: Option<Stage>,
    order: Vec<u32>,
}

impl Construction {
    /// Begins on an empty state: every event in one piece, where it has to be if that is fixed.
    pub fn new(state: &mut State<'_>) -> Self {
        whole(state);
        state.settle();
        Self {
            stage: Some(Stage::Cut(0)),
            order: vec![],
        }
    }

    /// One step; gives the places tried in it, `None` once there is nothing left to do.
    ///
    /// After each step every event has its duration, so that the state is a timetable.
    pub fn step(&mut self, state: &mut State<'_>, domains: &Domains, random: &mut Random) -> Option<u64> {
        let net = state.net();
        let (next, work) = match self.stage.take()? {
            Stage::Cut(event) => match net.event_duration.get(wide(event)) {
                Some(duration) if *duration > LONGEST_TRIED && net.event_time[wide(event)] == NONE => {
                    (Some(Stage::Even(event, 1, None)), 1)
                }
                Some(_) => (Some(Stage::Cut(event + 1)), cut(state, event)),
                None => (Some(Stage::Sort), 1),
            },
            Stage::Even(event, size, best) if size > net.event_duration[wide(event)] => {
                share(state, event, &best.unwrap_or_default().1);
                (Some(Stage::Cut(event + 1)), 1)
            }
            Stage::Even(event, size, mut best) => {
                let duration = net.event_duration[wide(event)];
                let mut even = vec![size; wide(duration / size)];
                if !duration.is_multiple_of(size) {
                    even.push(duration % size);
                }
                try_parts(state, event, &even, &mut best);
                let work = u64::from(narrow(even.len()));
                (Some(Stage::Even(event, size + 1, best)), work)
            }
            Stage::Sort => {
                self.order = order(state, domains, random);
                (Some(Stage::Place(0)), u64::from(net.slots()))
            }
            Stage::Place(at) => match self.order.get(at) {
                Some(slot) if state.time(*slot).is_none() => {
                    (Some(Stage::Place(at + 1)), place(state, domains, *slot, random))
                }
                Some(_) => (Some(Stage::Place(at + 1)), 1),
                None => (Some(Stage::Seat(0)), 1),
            },
            Stage::Seat(slot) if slot < net.slots() => {
                let work = if state.duration(slot) > 0 {
                    seat(state, domains, slot, random)
                } else {
                    0
                };
                (Some(Stage::Seat(slot + 1)), 1 + work)
            }
            Stage::Seat(_) => (Some(Stage::Cyclic), 1),
            Stage::Cyclic => {
                if state.cost().hard > 0 {
                    cyclic::improve(state);
                }
                (None, u64::from(net.slots()))
            }
        };
        state.settle();
        self.stage = next;
        Some(work)
    }
}

fn whole(state: &mut State<'_>) {
    let net = state.net();
    for (event, duration) in (0..).zip(&net.event_duration) {
        if *duration == 0 {
            continue;
        }
        let slot = net.first_slot[wide(event)];
        state.set_duration(slot, *duration);
        let fixed = net.event_time[wide(event)];
        if fixed != NONE && fixed + duration <= net.times {
            state.set_time(slot, Some(fixed));
        }
    }
}

/// Cuts an event into the meets that cost least; among equals, into the most, for small pieces fit anywhere. Gives the ways
/// tried.
fn cut(state: &mut State<'_>, event: u32) -> u64 {
    let net = state.net();
    let duration = net.event_duration[wide(event)];
    // Two meets at the one time that is fixed would run at once.
    if duration < 2 || net.event_time[wide(event)] != NONE {
        return 1;
    }
    let mut best: Option<Parts> = None;
    let mut tried = 0;
    each_partition(duration, 1, &mut vec![], &mut |parts| {
        tried += 1;
        try_parts(state, event, parts, &mut best);
    });
    share(state, event, &best.unwrap_or_default().1);
    tried
}

/// Gives the slots of an event these durations.
fn share(state: &mut State<'_>, event: u32, parts: &[u32]) {
    let slots = state.net().slots_of(event);
    for (slot, size) in slots.zip(parts.iter().chain(std::iter::repeat(&0))) {
        state.set_duration(slot, *size);
    }
}

fn try_parts(state: &mut State<'_>, event: u32, parts: &[u32], best: &mut Option<Parts>) {
    let mark = state.mark();
    share(state, event, parts);
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

/// The meets that want a start, the hardest first.
fn order(state: &State<'_>, domains: &Domains, random: &mut Random) -> Vec<u32> {
    let net = state.net();
    let mut order: Vec<(u64, u32)> = vec![];
    for slot in 0..net.slots() {
        let duration = state.duration(slot);
        let event = net.slot_event[wide(slot)];
        if duration == 0 || net.event_time[wide(event)] != NONE {
            continue;
        }
        let freedom = u64::from(narrow(domains.starts(net, event, duration).len())).max(1);
        let weight = u64::from(duration) * 20
            + u64::from(net.seats_of(event)) * 3
            + u64::from(narrow(domains.partners(event).len())) * 10;
        order.push((weight * 1000 / freedom * 16 + u64::from(random.below(16)), slot));
    }
    order.sort_unstable_by(|a, b| b.cmp(a));
    order.into_iter().map(|(_, slot)| slot).collect()
}

/// Gives a meet, and those linked with it, the cheapest start; gives the places tried.
fn place(state: &mut State<'_>, domains: &Domains, slot: u32, random: &mut Random) -> u64 {
    let net = state.net();
    let event = net.slot_event[wide(slot)];
    let duration = state.duration(slot);
    let mut group = vec![(slot, 0)];
    for partner in domains.partners(event) {
        let mut slots = net.slots_of(*partner);
        let with = slots.find(|s| state.duration(*s) == duration && state.time(*s).is_none());
        group.extend(
            with.filter(|_| net.event_time[wide(*partner)] == NONE)
                .map(|s| (s, 0)),
        );
    }
    let mut best: Option<(i64, u32, u32)> = None;
    let starts = domains.starts(net, event, duration);
    let mut tried = u64::from(narrow(starts.len() * group.len()));
    for start in starts {
        let mark = state.mark();
        for member in &mut group {
            member.1 = *start;
        }
        state.set_times(&group);
        let found = (state.merged(HARD), random.below(1 << 20), *start);
        state.undo(mark);
        if best.is_none_or(|b| found < b) {
            best = Some(found);
        }
    }
    if let Some((_, _, start)) = best {
        for (slot, _) in &group {
            state.set_time(*slot, Some(start));
        }
        for (slot, _) in &group {
            tried += seat(state, domains, *slot, random);
        }
    }
    tried
}

/// Gives each seat of a meet that is to be chosen and empty the cheapest resource; gives the number of those tried.
fn seat(state: &mut State<'_>, domains: &Domains, slot: u32, random: &mut Random) -> u64 {
    let net = state.net();
    let event = net.slot_event[wide(slot)];
    let mut tried = 0;
    for seat in domains.open(event) {
        if state.seat(slot, *seat).is_some() {
            continue;
        }
        let key = wide(net.first_seat[wide(event)]) + wide(*seat);
        let mut best = (state.merged(HARD), u32::MAX, None);
        for who in domains.choices(key) {
            tried += 1;
            let mark = state.mark();
            state.set_seat(slot, *seat, Some(*who));
            let found = (state.merged(HARD), random.below(1 << 20), Some(*who));
            state.undo(mark);
            if found < best {
                best = found;
            }
        }
        state.set_seat(slot, *seat, best.2);
    }
    tried
}
