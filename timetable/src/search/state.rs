//! A timetable whose cost follows every change.
//!
//! Three primitives change it ([`State::set_time`], [`State::set_seat`], [`State::set_duration`]); each keeps a note, so that
//! everything since a [`Mark`] can be taken back. A meet lives in a *slot*; an event has as many slots as times, and a slot of
//! duration zero is unused. Nothing allocates after the state is made.

use super::net::{BusyHook, NONE, Net, SeatHook};
use crate::ids::{narrow, wide};
use crate::problem::{Cost, Meet, Problem, Solution};

/// A moment to return to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark(usize);

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
    busy: Vec<u16>,
    /// Exclusive or of the slots where a resource is busy at a time: the slot itself if there is one.
    who: Vec<u32>,
    values: Vec<i32>,
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
    cost: Cost,
    /// What the search adds to the cost to be drawn out of dead ends.
    guide: Cost,
    notes: Vec<Note>,
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
            busy: vec![0; times * resources],
            who: vec![0; times * resources],
            values: vec![0; net.gauges.len()],
            covers: vec![0; net.cover_gauge.len()],
            idle_masks: vec![0; wide(net.idle_words)],
            idle_gaps: vec![0; net.idles.len()],
            loads: vec![0; net.loads.len()],
            varieties: vec![0; net.variety_gauge.len() * resources],
            running: vec![0; wide(net.linked_rows) * times],
            together: vec![0; net.links.len() * times],
            deviations: vec![0; points],
            broken_at: vec![0; points],
            broken: [Vec::with_capacity(points), Vec::with_capacity(points)],
            cost: Cost::default(),
            guide: Cost::default(),
            notes: Vec::with_capacity(1 << 12),
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
        (self.cost.hard + self.guide.hard) * hard + (self.cost.soft + self.guide.soft) * 16
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
        self.busy[wide(resource) * wide(self.net.times) + wide(time)]
    }

    /// The slot of the only seat that a resource has at a time.
    #[inline]
    pub(super) fn only(&self, resource: u32, time: u32) -> Option<u32> {
        let at = wide(resource) * wide(self.net.times) + wide(time);
        (self.busy[at] == 1).then(|| self.who[at])
    }

    /// The other slot, where a resource has two seats at a time and one is in `slot`.
    #[inline]
    pub(super) fn beside(&self, resource: u32, time: u32, slot: u32) -> Option<u32> {
        let at = wide(resource) * wide(self.net.times) + wide(time);
        (self.busy[at] == 2)
            .then(|| self.who[at] ^ slot)
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
    }

    /// Starts a meet elsewhere, or nowhere.
    #[inline]
    pub fn set_time(&mut self, slot: u32, time: Option<u32>) {
        let old = self.start[wide(slot)];
        let new = time.unwrap_or(self.net.times);
        if old != new {
            self.notes.push(Note::Time(slot, old));
            self.put_time(slot, new);
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
        }
    }

    /// Changes the duration of a meet; the caller sees to it that an event's meets sum up to its duration.
    pub fn set_duration(&mut self, slot: u32, duration: u32) {
        let old = self.duration(slot);
        if old != duration {
            self.notes.push(Note::Duration(slot, old));
            self.put_duration(slot, duration);
        }
    }

    fn put_time(&mut self, slot: u32, start: u32) {
        let duration = self.duration(slot);
        let old = self.start[wide(slot)];
        self.start[wide(slot)] = start;
        if duration > 0 {
            self.run(slot, old, duration, false);
            self.run(slot, start, duration, true);
            self.reorder(self.net.slot_event[wide(slot)]);
        }
    }

    fn put_seat(&mut self, slot: u32, seat: u32, who: u32) {
        let cell = wide(self.net.first_cell[wide(slot)]) + wide(seat);
        let old = std::mem::replace(&mut self.seats[cell], who);
        let (duration, start) = (self.duration(slot), self.start[wide(slot)]);
        if duration == 0 {
            return;
        }
        self.sit(slot, seat, old, false);
        self.sit(slot, seat, who, true);
        if start < self.net.times {
            for time in start..start + duration {
                self.leave(slot, old, time);
                self.attend(slot, who, time);
            }
        }
    }

    fn put_duration(&mut self, slot: u32, duration: u32) {
        let old = self.duration(slot);
        let (event, start) = (self.net.slot_event[wide(slot)], self.start[wide(slot)]);
        let seats = self.net.seats_of(event);
        for (duration, up) in [(old, false), (duration, true)] {
            if up {
                self.duration[wide(slot)] = duration;
            }
            if duration == 0 {
                continue;
            }
            self.run(slot, start, duration, up);
            for seat in 0..seats {
                let who = self.cells(slot)[wide(seat)];
                self.sit(slot, seat, who, up);
            }
            let net = self.net;
            for hook in net.on_meet.of(wide(event)) {
                if (hook.shortest..=hook.longest).contains(&duration) {
                    self.adjust(hook.gauge, if up { 1 } else { -1 });
                }
            }
        }
        self.reorder(event);
    }

    /// A meet starts (or no longer starts) at a time, which may be "none".
    fn run(&mut self, slot: u32, start: u32, duration: u32, up: bool) {
        let net = self.net;
        let event = net.slot_event[wide(slot)];
        let sign = if up { 1 } else { -1 };
        for hook in net.on_start.of(wide(event) * (wide(net.times) + 1) + wide(start)) {
            if duration >= hook.shortest && duration <= hook.longest {
                let by = if hook.per_time {
                    i32::try_from(duration).unwrap_or(i32::MAX)
                } else {
                    1
                };
                self.adjust(hook.gauge, sign * by);
            }
        }
        if start >= net.times {
            return;
        }
        let (first, last) = (
            wide(net.first_cell[wide(slot)]),
            wide(net.first_cell[wide(slot) + 1]),
        );
        for cell in first..last {
            let who = self.seats[cell];
            for time in start..start + duration {
                if up {
                    self.attend(slot, who, time);
                } else {
                    self.leave(slot, who, time);
                }
            }
        }
        if net.linked_row[wide(event)] != NONE {
            for time in start..start + duration {
                self.link(event, time, up);
            }
        }
    }

    #[inline]
    fn attend(&mut self, slot: u32, who: u32, time: u32) {
        if who == NONE {
            return;
        }
        let net = self.net;
        let at = wide(who) * wide(net.times) + wide(time);
        self.busy[at] += 1;
        self.who[at] ^= slot;
        if self.busy[at] == 1 {
            self.turn(at, 1);
        } else {
            for gauge in net.on_clash.of(wide(who)) {
                self.adjust(*gauge, 1);
            }
        }
    }

    #[inline]
    fn leave(&mut self, slot: u32, who: u32, time: u32) {
        if who == NONE {
            return;
        }
        let net = self.net;
        let at = wide(who) * wide(net.times) + wide(time);
        self.busy[at] -= 1;
        self.who[at] ^= slot;
        if self.busy[at] == 0 {
            self.turn(at, -1);
        } else {
            for gauge in net.on_clash.of(wide(who)) {
                self.adjust(*gauge, -1);
            }
        }
    }

    /// A resource becomes busy at a time, or free.
    #[inline]
    fn turn(&mut self, at: usize, sign: i32) {
        let net = self.net;
        for hook in net.on_busy.of(at) {
            match *hook {
                BusyHook::Gauge(gauge) => self.adjust(gauge, sign),
                BusyHook::Cover(cover) => {
                    let count = &mut self.covers[wide(cover)];
                    if sign > 0 {
                        *count += 1;
                        if *count == 1 {
                            self.adjust(net.cover_gauge[wide(cover)], 1);
                        }
                    } else {
                        *count -= 1;
                        if *count == 0 {
                            self.adjust(net.cover_gauge[wide(cover)], -1);
                        }
                    }
                }
                BusyHook::Idle(idle, place) => self.gap(idle, place),
            }
        }
    }

    fn gap(&mut self, idle: u32, place: u32) {
        let (gauge, first, words) = self.net.idles[wide(idle)];
        let masks = &mut self.idle_masks[wide(first)..wide(first + words)];
        masks[wide(place / 64)] ^= 1 << (place % 64);
        let now = gaps(masks);
        let by = now - std::mem::replace(&mut self.idle_gaps[wide(idle)], now);
        if by != 0 {
            self.adjust(gauge, by);
        }
    }

    fn link(&mut self, event: u32, time: u32, up: bool) {
        let net = self.net;
        let times = wide(net.times);
        let running = &mut self.running[wide(net.linked_row[wide(event)]) * times + wide(time)];
        let turned = if up {
            *running += 1;
            *running == 1
        } else {
            *running -= 1;
            *running == 0
        };
        if !turned {
            return;
        }
        for link in net.links_of.of(wide(event)) {
            let (gauge, all) = net.links[wide(*link)];
            let count = &mut self.together[wide(*link) * times + wide(time)];
            let before = *count > 0 && *count < all;
            if up {
                *count += 1;
            } else {
                *count -= 1;
            }
            let after = *count > 0 && *count < all;
            if before != after {
                self.adjust(gauge, if after { 1 } else { -1 });
            }
        }
    }

    /// A meet has (or no longer has) somebody, or nobody, on a seat.
    fn sit(&mut self, slot: u32, seat: u32, who: u32, up: bool) {
        let net = self.net;
        let event = net.slot_event[wide(slot)];
        let key = wide(net.first_seat[wide(event)]) + wide(seat);
        let duration = i32::try_from(self.duration(slot)).unwrap_or(i32::MAX);
        let by = if up { duration } else { -duration };
        for hook in net.on_seat.of(key) {
            match *hook {
                SeatHook::Empty(gauge) if who == NONE => self.adjust(gauge, by),
                SeatHook::Other(gauge, row) if who != NONE && !net.has(row, who) => {
                    self.adjust(gauge, by);
                }
                SeatHook::Variety(variety) if who != NONE => {
                    let count = &mut self.varieties[wide(variety) * wide(net.resources) + wide(who)];
                    let gauge = net.variety_gauge[wide(variety)];
                    if up {
                        *count += 1;
                        if *count == 1 {
                            self.adjust(gauge, 1);
                        }
                    } else {
                        *count -= 1;
                        if *count == 0 {
                            self.adjust(gauge, -1);
                        }
                    }
                }
                _ => {}
            }
        }
        if who != NONE {
            for load in net.on_load.of(wide(who)) {
                self.work(*load, net.seat_load[key] * i64::from(by));
            }
        }
    }

    fn work(&mut self, load: u32, by: i64) {
        let of = self.net.loads[wide(load)];
        let unit = self.net.load_unit;
        let outside = |work: i64| {
            let short = -(work - of.min * unit).div_euclid(unit);
            let over = -(-work).div_euclid(unit) - of.max;
            short.max(over).max(0)
        };
        let old = self.loads[wide(load)];
        self.loads[wide(load)] = old + by;
        let change = outside(old + by) - outside(old);
        if change != 0 {
            self.shift(of.point, change);
        }
    }

    fn reorder(&mut self, event: u32) {
        let net = self.net;
        for order in net.orders_of.of(wide(event)) {
            let order = net.orders[wide(*order)];
            let timed = |e: u32| {
                net.slots_of(e)
                    .filter(|s| self.duration(*s) > 0 && self.time(*s).is_some())
            };
            let end = timed(order.first)
                .map(|s| self.start[wide(s)] + self.duration(s))
                .max();
            let start = timed(order.second).map(|s| self.start[wide(s)]).min();
            let now = match (end, start) {
                (Some(end), Some(start)) => {
                    let between = i64::from(start) - i64::from(end);
                    (order.min - between).max(between - order.max).max(0)
                }
                _ => 0,
            };
            let change = now - self.deviations[wide(order.point)];
            if change != 0 {
                self.shift(order.point, change);
            }
        }
    }

    #[inline]
    fn adjust(&mut self, gauge: u32, by: i32) {
        let of = &self.net.gauges[wide(gauge)];
        let value = &mut self.values[wide(gauge)];
        let old = of.outside(*value);
        *value += by;
        let now = *value;
        let new = of.outside(now);
        if of.pull && (now == 0 || now == by) {
            self.pull(of.point, i64::from(if now == 0 { of.min } else { -of.min }));
        }
        if old != new {
            self.shift(of.point, i64::from(new - old));
        }
    }

    fn pull(&mut self, point: u32, by: i64) {
        let of = &self.net.points[wide(point)];
        if of.hard {
            self.guide.hard += of.weight * by;
        } else {
            self.guide.soft += of.weight * by;
        }
    }

    fn shift(&mut self, point: u32, by: i64) {
        let of = &self.net.points[wide(point)];
        let old = self.deviations[wide(point)];
        let new = old + by;
        self.deviations[wide(point)] = new;
        let price = of.weight * (of.cost.of(new) - of.cost.of(old));
        if of.hard {
            self.cost.hard += price;
        } else {
            self.cost.soft += price;
        }
        if old == 0 || new == 0 {
            let broken = &mut self.broken[usize::from(!of.hard)];
            if new > 0 {
                broken.push(point);
                self.broken_at[wide(point)] = narrow(broken.len());
            } else {
                let place = wide(std::mem::replace(&mut self.broken_at[wide(point)], 0)) - 1;
                broken.swap_remove(place);
                if let Some(moved) = broken.get(place) {
                    self.broken_at[wide(*moved)] = narrow(place + 1);
                }
            }
        }
    }
}

/// Zeros between the first and the last one.
#[inline]
fn gaps(masks: &[u64]) -> i32 {
    if let [mask] = masks {
        if *mask == 0 {
            return 0;
        }
        let span = 64 - mask.leading_zeros() - mask.trailing_zeros();
        return i32::try_from(span - mask.count_ones()).unwrap_or(0);
    }
    let ones = |m: &u64| i64::from(m.count_ones());
    let (Some(first), Some(last)) = (
        masks.iter().position(|m| *m != 0),
        masks.iter().rposition(|m| *m != 0),
    ) else {
        return 0;
    };
    let span = i64::from(narrow(last - first)) * 64 + 64
        - i64::from(masks[last].leading_zeros())
        - i64::from(masks[first].trailing_zeros());
    i32::try_from(span - masks.iter().map(ones).sum::<i64>()).unwrap_or(0)
}

/// A timetable to return to, however long ago.
#[derive(Clone, Debug)]
pub struct Snapshot {
    cost: Cost,
    start: Vec<u32>,
    duration: Vec<u32>,
    seats: Vec<u32>,
}

impl Snapshot {
    /// The present timetable.
    #[must_use]
    pub fn of(state: &State<'_>) -> Self {
        Self {
            cost: state.cost,
            start: state.start.clone(),
            duration: state.duration.clone(),
            seats: state.seats.clone(),
        }
    }

    /// Its cost.
    #[must_use]
    #[inline]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Keeps the present timetable instead.
    pub fn keep(&mut self, state: &State<'_>) {
        self.cost = state.cost;
        self.start.copy_from_slice(&state.start);
        self.duration.copy_from_slice(&state.duration);
        self.seats.copy_from_slice(&state.seats);
    }

    /// Brings a state back to it.
    pub fn restore(&self, state: &mut State<'_>) {
        for slot in 0..state.net.slots() {
            let at = wide(slot);
            let same = state.start[at] == self.start[at] && state.duration[at] == self.duration[at];
            if !same {
                state.set_duration(slot, 0);
            }
        }
        for slot in 0..state.net.slots() {
            let at = wide(slot);
            let first = wide(state.net.first_cell[at]);
            for seat in 0..narrow(state.cells(slot).len()) {
                let who = self.seats[first + wide(seat)];
                state.set_seat(slot, seat, (who != NONE).then_some(who));
            }
            let start = self.start[at];
            state.set_time(slot, (start != state.net.times).then_some(start));
            state.set_duration(slot, self.duration[at]);
        }
        state.settle();
    }
}
