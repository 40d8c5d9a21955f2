//! A timetable whose cost follows every change.
//!
//! Three primitives change it ([`State::set_time`], [`State::set_seat`], [`State::set_duration`]); each keeps a note, so that
//! everything since a [`Mark`] can be taken back. A meet lives in a *slot*; an event has as many slots as times, and a slot of
//! duration zero is unused. Nothing allocates after the state is made.

mod count;
mod shortage;
mod snapshot;
mod wander;

pub use snapshot::Snapshot;

use super::net::{Gauge, NONE, Net};
use crate::ids::{narrow, wide};
use crate::problem::{Cost, Meet, Problem, Solution};
use shortage::Shortage;
use wander::Sites;

/// A moment to return to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

/// The seats of a resource at a time.
#[derive(Clone, Copy, Debug)]
struct Busy {
    /// Exclusive or of the slots: the slot itself if there is one.
    who: u32,
    seats: u16,
    /// How many there were when the counters were brought up to date, or [`UNTOUCHED`].
    before: u16,
}

/// The seats have not changed since.
const UNTOUCHED: u16 = u16::MAX;

impl Default for Busy {
    fn default() -> Self {
        Self {
            who: 0,
            seats: 0,
            before: UNTOUCHED,
        }
    }
}

/// A counter beside its limits, for they are looked at together.
#[derive(Clone, Copy, Debug)]
struct Count {
    value: i32,
    of: Gauge,
}

#[derive(Clone, Copy, Debug)]
enum Note {
    Time(u32, u32),
    Seat(u32, u32, u32),
    Duration(u32, u32),
}

/// A timetable with its counters.
#[derive(Clone, Debug)]
pub struct State<'a> {
    net: &'a Net,
    start: Vec<u32>,
    duration: Vec<u32>,
    seats: Vec<u32>,
    /// Under each resource and time.
    busy: Vec<Busy>,
    counts: Vec<Count>,
    covers: Vec<u32>,
    idle_masks: Vec<u64>,
    idle_gaps: Vec<i32>,
    loads: Vec<i64>,
    varieties: Vec<u16>,
    running: Vec<u16>,
    together: Vec<u32>,
    deviations: Vec<i64>,
    /// Place of each point in `broken` plus one; zero: not broken.
    broken_at: Vec<u32>,
    broken: [Vec<u32>; 2],
    /// Resources and times whose seats have changed since the counters were brought up to date.
    touched: Vec<(u32, u32)>,
    /// Changes made and taken back since the state exists.
    changes: u64,
    cost: Cost,
    /// What the search adds to the cost to be drawn out of dead ends.
    guide: Cost,
    /// What a broken requirement weighs on top of its price, in eighths of it, because it has long been broken.
    stubborn: Vec<i64>,
    /// What that comes to at present.
    grudge: i64,
    /// Whether there is any such weight.
    is_stubborn: bool,
    notes: Vec<Note>,
    shortage: Shortage,
    walks: Sites,
}

impl<'a> State<'a> {
    /// The empty state: no meet exists yet (every slot has duration zero).
    #[must_use]
    pub fn new(net: &'a Net) -> Self {
        let (times, resources) = (wide(net.times), wide(net.resources));
        let slots = net.slot_event.len();
        let mut seats = vec![NONE; wide(net.first_cell[slots])];
        for slot in 0..slots {
            let event = wide(net.slot_event[slot]);
            let first = wide(net.first_cell[slot]);
            for (at, seat) in (wide(net.first_seat[event])..wide(net.first_seat[event + 1])).enumerate() {
                seats[first + at] = net.seat_fixed[seat];
            }
        }
        let points = net.points.len();
        let mut state = Self {
            net,
            start: net.slot_event.iter().map(|_| net.times).collect(),
            duration: vec![0; slots],
            seats,
            busy: vec![Busy::default(); times * resources],
            counts: net.gauges.iter().map(|of| Count { value: 0, of: *of }).collect(),
            covers: vec![0; net.cover_gauge.len()],
            idle_masks: vec![0; wide(net.idle_words)],
            idle_gaps: vec![0; net.idles.len()],
            loads: vec![0; net.loads.len()],
            varieties: vec![0; net.variety_gauge.len() * wide(net.variety_width)],
            running: vec![0; wide(net.linked_rows) * times],
            together: vec![0; net.links.len() * times],
            deviations: vec![0; points],
            broken_at: vec![0; points],
            broken: [Vec::with_capacity(points), Vec::with_capacity(points)],
            touched: Vec::with_capacity(1 << 10),
            changes: 0,
            cost: Cost::default(),
            guide: Cost::default(),
            stubborn: vec![0; points],
            grudge: 0,
            is_stubborn: false,
            notes: Vec::with_capacity(1 << 12),
            shortage: Shortage::new(&net.demands),
            walks: Sites::new(&net.trails, times),
        };
        for gauge in &net.gauges {
            if gauge.pull {
                state.pull(gauge.point, gauge.min.into());
            }
            let by = gauge.outside(0);
            if by > 0 {
                state.shift(gauge.point, i64::from(by));
            }
        }
        for load in &net.loads {
            if load.min > 0 {
                state.shift(load.point, load.min);
            }
        }
        state
    }

    /// The state of a completed solution.
    #[must_use]
    pub fn of(net: &'a Net, solution: &Solution) -> Self {
        let mut state = Self::new(net);
        state.load(solution);
        state
    }

    /// Replaces the timetable by a completed solution. Cannot be taken back.
    pub fn load(&mut self, solution: &Solution) {
        let net = self.net;
        let mut next: Vec<u32> = net.first_slot.clone();
        for slot in 0..net.slots() {
            self.set_duration(slot, 0);
            self.set_time(slot, None);
        }
        for meet in &solution.meets {
            let slot = next[wide(meet.event)];
            next[wide(meet.event)] += 1;
            for (seat, who) in (0..).zip(&meet.resources) {
                self.set_seat(slot, seat, *who);
            }
            self.set_time(slot, meet.time);
            self.set_duration(slot, meet.duration);
        }
        self.notes.clear();
    }

    /// Gives another state of the same problem these times, with every open seat empty.
    pub(super) fn copy_times(&self, to: &mut State<'_>) {
        for slot in 0..self.net.slots() {
            to.set_duration(slot, 0);
        }
        for slot in 0..self.net.slots() {
            for seat in 0..narrow(self.cells(slot).len()) {
                to.set_seat(slot, seat, self.seat(slot, seat));
            }
            to.set_time(slot, self.time(slot));
            to.set_duration(slot, self.duration(slot));
        }
    }

    /// The timetable.
    #[must_use]
    pub fn solution(&self) -> Solution {
        let mut meets = vec![];
        for slot in 0..self.net.slots() {
            let duration = self.duration(slot);
            if duration > 0 {
                let event = self.net.slot_event[wide(slot)];
                let seats = 0..self.net.seats_of(event);
                meets.push(Meet {
                    event,
                    duration,
                    time: self.time(slot),
                    resources: seats.map(|s| self.seat(slot, s)).collect(),
                });
            }
        }
        Solution { meets }
    }

    /// Checks that everything fixed by the problem is in its place (used by tests).
    #[must_use]
    pub fn fits(&self, problem: &Problem) -> bool {
        let before: usize = self.solution().meets.len();
        self.solution()
            .completed(problem)
            .is_ok_and(|s| s.meets.len() == before)
    }

    /// The wired problem.
    #[must_use]
    pub fn net(&self) -> &'a Net {
        self.net
    }

    /// The present cost.
    #[must_use]
    #[inline]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// The present cost with what draws the search out of dead ends, as one number in sixteenths of a soft unit; a hard
    /// unit counts as so many sixteenths.
    #[must_use]
    #[inline]
    pub fn merged(&self, hard: i64) -> i64 {
        let stubborn = self.grudge * hard / 8;
        (self.cost.hard + self.guide.hard) * hard + stubborn + (self.cost.soft + self.guide.soft) * 16
    }

    /// What is required and broken weighs an eighth of its price more from now on.
    pub(super) fn press(&mut self) {
        self.is_stubborn = true;
        let net = self.net;
        for point in &self.broken[0] {
            let of = &net.prices[wide(*point)];
            self.stubborn[wide(*point)] += of.weight;
            self.grudge += of.weight * of.cost.of(self.deviations[wide(*point)]);
        }
    }

    /// What was added is forgotten by so many hundredths; by a hundred, all of it.
    pub(super) fn forgive(&mut self, part: i64) {
        if !self.is_stubborn {
            return;
        }
        self.is_stubborn = part < 100;
        let net = self.net;
        self.grudge = 0;
        for (point, more) in self.stubborn.iter_mut().enumerate().filter(|p| *p.1 > 0) {
            *more -= (*more * part + 99) / 100;
            self.grudge += *more * net.prices[point].cost.of(self.deviations[point]);
        }
    }

    /// How many times, seats and durations have changed, or changed back, since the state exists: what its work is measured in.
    #[must_use]
    pub fn changes(&self) -> u64 {
        self.changes
    }

    /// The deviation of each point, in the order of [`Net::subjects`].
    #[must_use]
    pub fn deviations(&self) -> &[i64] {
        &self.deviations
    }

    /// Points that are broken: hard ones (`true`) or soft ones.
    #[must_use]
    #[inline]
    pub fn broken(&self, hard: bool) -> &[u32] {
        &self.broken[usize::from(!hard)]
    }

    /// A slot with an open seat that finds nobody, or with one beside it.
    pub(super) fn short_slot(&self, random: &mut super::random::Random) -> Option<u32> {
        self.shortage.some_slot(random)
    }

    /// Start of a slot's meet.
    #[must_use]
    #[inline]
    pub fn time(&self, slot: u32) -> Option<u32> {
        let start = self.start[wide(slot)];
        (start != self.net.times).then_some(start)
    }

    /// Duration of a slot's meet; zero if the slot is unused.
    #[must_use]
    #[inline]
    pub fn duration(&self, slot: u32) -> u32 {
        self.duration[wide(slot)]
    }

    /// Who sits on a seat of a slot's meet.
    #[must_use]
    #[inline]
    pub fn seat(&self, slot: u32, seat: u32) -> Option<u32> {
        let who = self.seats[wide(self.net.first_cell[wide(slot)]) + wide(seat)];
        (who != NONE).then_some(who)
    }

    /// The seats of a slot's meet as they are stored (`u32::MAX`: nobody).
    #[inline]
    pub(super) fn cells(&self, slot: u32) -> &[u32] {
        let first = wide(self.net.first_cell[wide(slot)]);
        &self.seats[first..wide(self.net.first_cell[wide(slot) + 1])]
    }

    /// How many seats a resource has at a time.
    #[must_use]
    #[inline]
    pub fn busy(&self, resource: u32, time: u32) -> u16 {
        self.busy[wide(resource) * wide(self.net.times) + wide(time)].seats
    }

    /// The slot of the only seat that a resource has at a time.
    #[inline]
    pub(super) fn only(&self, resource: u32, time: u32) -> Option<u32> {
        let at = wide(resource) * wide(self.net.times) + wide(time);
        let busy = self.busy[at];
        (busy.seats == 1).then_some(busy.who)
    }

    /// The other slot, where a resource has two seats at a time and one is in `slot`.
    #[inline]
    pub(super) fn beside(&self, resource: u32, time: u32, slot: u32) -> Option<u32> {
        let at = wide(resource) * wide(self.net.times) + wide(time);
        let busy = self.busy[at];
        (busy.seats == 2)
            .then_some(busy.who ^ slot)
            .filter(|other| *other != slot && wide(*other) < self.start.len())
    }

    /// This moment.
    #[must_use]
    #[inline]
    pub fn mark(&self) -> Mark {
        Mark(self.notes.len())
    }

    /// Forgets how to take back what was done.
    #[inline]
    pub fn settle(&mut self) {
        self.notes.clear();
    }

    /// Takes back everything since a moment.
    pub fn undo(&mut self, mark: Mark) {
        while self.notes.len() > mark.0 {
            match self.notes.pop() {
                Some(Note::Time(slot, start)) => self.put_time(slot, start),
                Some(Note::Seat(slot, seat, who)) => self.put_seat(slot, seat, who),
                Some(Note::Duration(slot, duration)) => self.put_duration(slot, duration),
                None => {}
            }
        }
        self.count_touched();
    }

    /// Starts a meet elsewhere, or nowhere.
    #[inline]
    pub fn set_time(&mut self, slot: u32, time: Option<u32>) {
        let new = time.unwrap_or(self.net.times);
        self.move_to(slot, new);
        self.count_touched();
    }

    /// Starts several meets elsewhere: the same as one after the other, but what a resource loses to one and gets from another
    /// is not counted twice.
    pub fn set_times(&mut self, moves: &[(u32, u32)]) {
        for (slot, start) in moves {
            self.move_to(*slot, *start);
        }
        self.count_touched();
    }

    #[inline]
    fn move_to(&mut self, slot: u32, start: u32) {
        let old = self.start[wide(slot)];
        if old != start {
            self.notes.push(Note::Time(slot, old));
            self.put_time(slot, start);
        }
    }

    /// Gives a seat to somebody else, or to nobody.
    #[inline]
    pub fn set_seat(&mut self, slot: u32, seat: u32, who: Option<u32>) {
        let old = self.cells(slot)[wide(seat)];
        let new = who.unwrap_or(NONE);
        if old != new {
            self.notes.push(Note::Seat(slot, seat, old));
            self.put_seat(slot, seat, new);
            self.count_touched();
        }
    }

    /// Changes the duration of a meet; the caller sees to it that an event's meets sum up to its duration.
    pub fn set_duration(&mut self, slot: u32, duration: u32) {
        let old = self.duration(slot);
        if old != duration {
            self.notes.push(Note::Duration(slot, old));
            self.put_duration(slot, duration);
            self.count_touched();
        }
    }
}
