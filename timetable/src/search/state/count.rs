//! What a change of a time, a seat or a duration moves: the counters behind the cost.

use super::{Busy, State, UNTOUCHED};
use crate::ids::{narrow, wide};
use crate::search::net::{BusyHook, Lie, NONE, SeatHook};

impl State<'_> {
    pub(super) fn put_time(&mut self, slot: u32, start: u32) {
        self.changes += 1;
        let duration = self.duration(slot);
        let old = self.start[wide(slot)];
        self.start[wide(slot)] = start;
        if duration > 0 {
            self.run(slot, old, duration, false);
            self.run(slot, start, duration, true);
            self.reorder(self.net.slot_event[wide(slot)]);
        }
    }

    pub(super) fn put_seat(&mut self, slot: u32, seat: u32, who: u32) {
        self.changes += 1;
        let cell = wide(self.net.first_cell[wide(slot)]) + wide(seat);
        let (duration, start) = (self.duration(slot), self.start[wide(slot)]);
        let walks = duration > 0 && !self.net.trails.is_empty();
        if walks {
            self.wander(slot, start, duration, false);
        }
        let old = std::mem::replace(&mut self.seats[cell], who);
        if duration == 0 {
            return;
        }
        if walks {
            self.wander(slot, start, duration, true);
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

    pub(super) fn put_duration(&mut self, slot: u32, duration: u32) {
        self.changes += 1;
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

    /// By how much the cut of an event breaks what is required of its meets' number and durations.
    pub(in crate::search) fn shape(&self, event: u32) -> i64 {
        let net = self.net;
        let hooks = net.on_meet.of(wide(event)).iter();
        hooks
            .map(|hook| {
                let count = &self.counts[wide(hook.gauge)];
                let of = &net.prices[wide(count.of.point)];
                let by = i64::from(count.of.outside(count.value));
                if of.hard { of.weight * by } else { 0 }
            })
            .sum()
    }

    /// A meet starts (or no longer starts) at a time, which may be "none".
    pub(super) fn run(&mut self, slot: u32, start: u32, duration: u32, up: bool) {
        let net = self.net;
        let event = net.slot_event[wide(slot)];
        let sign = if up { 1 } else { -1 };
        for hook in net.on_start.of(wide(event) * (wide(net.times) + 1) + wide(start)) {
            if duration >= hook.shortest && duration <= hook.longest {
                let each = if hook.per_time {
                    i32::try_from(duration).unwrap_or(i32::MAX)
                } else {
                    1
                };
                self.adjust(hook.gauge, sign * each * hook.times);
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
        if !net.trails.is_empty() {
            self.wander(slot, start, duration, up);
        }
        if !net.demands.is_empty() {
            for time in start..start + duration {
                self.shortage.ask(&net.demands, net.times, event, slot, time, up);
            }
        }
        if net.linked_row[wide(event)] != NONE {
            for time in start..start + duration {
                self.link(event, time, up);
            }
        }
    }

    #[inline]
    pub(super) fn attend(&mut self, slot: u32, who: u32, time: u32) {
        if who != NONE {
            let busy = self.touch(who, time);
            busy.seats += 1;
            busy.who ^= slot;
        }
    }

    #[inline]
    pub(super) fn leave(&mut self, slot: u32, who: u32, time: u32) {
        if who != NONE {
            let busy = self.touch(who, time);
            busy.seats -= 1;
            busy.who ^= slot;
        }
    }

    /// Seats of a resource at a time that are about to change; what follows from it is counted by [`State::count_touched`].
    #[inline]
    fn touch(&mut self, who: u32, time: u32) -> &mut Busy {
        let at = wide(who) * wide(self.net.times) + wide(time);
        let busy = &mut self.busy[at];
        if busy.before == UNTOUCHED {
            busy.before = busy.seats;
            self.touched.push((who, time));
        }
        busy
    }

    /// Brings the counters up to date with the seats that have changed. Where somebody's place was only taken by another
    /// card, as in most chains, nothing is to be counted.
    pub(super) fn count_touched(&mut self) {
        let net = self.net;
        while let Some((who, time)) = self.touched.pop() {
            let at = wide(who) * wide(net.times) + wide(time);
            let busy = &mut self.busy[at];
            let old = std::mem::replace(&mut busy.before, UNTOUCHED);
            let new = busy.seats;
            if old == new {
                continue;
            }
            if old == 0 {
                self.turn(at, 1);
            } else if new == 0 {
                self.turn(at, -1);
            }
            if !net.demands.is_empty() && (old == 0 || new == 0) {
                self.shortage.occupy(&net.demands, net.times, who, time, new > 0);
            }
            let more = i32::from(new.max(1)) - i32::from(old.max(1));
            if more != 0 {
                for gauge in net.on_clash.of(wide(who)) {
                    self.adjust(*gauge, more);
                }
            }
        }
        if !net.demands.is_empty() {
            self.cost.hard += self.shortage.settle(&net.demands);
        }
        if !net.trails.is_empty() {
            self.count_ways();
        }
    }

    /// A resource becomes busy at a time, or free.
    #[inline]
    pub(super) fn turn(&mut self, at: usize, sign: i32) {
        let net = self.net;
        for hook in net.on_busy.of(at) {
            match *hook {
                BusyHook::Gauge(gauge) => self.adjust(gauge, sign),
                BusyHook::Cover(cover) => {
                    let count = &mut self.covers[wide(cover)];
                    if sign > 0 {
                        *count += 1;
                        if *count == 1 {
                            let (gauge, by) = net.cover_gauge[wide(cover)];
                            self.adjust(gauge, by);
                        }
                    } else {
                        *count -= 1;
                        if *count == 0 {
                            let (gauge, by) = net.cover_gauge[wide(cover)];
                            self.adjust(gauge, -by);
                        }
                    }
                }
                BusyHook::Idle(idle, place) => self.gap(idle, place),
            }
        }
    }

    pub(super) fn gap(&mut self, idle: u32, place: u32) {
        let row = self.net.idles[wide(idle)];
        let gauge = row.gauge;
        let masks = &mut self.idle_masks[wide(row.first)..wide(row.first + row.words)];
        masks[wide(place / 64)] ^= 1 << (place % 64);
        let now = if row.lead { lead(masks) } else { gaps(masks) };
        let by = now - std::mem::replace(&mut self.idle_gaps[wide(idle)], now);
        if by != 0 {
            self.adjust(gauge, by);
        }
    }

    pub(super) fn link(&mut self, event: u32, time: u32, up: bool) {
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
    pub(super) fn sit(&mut self, slot: u32, seat: u32, who: u32, up: bool) {
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
                    let what = match net.variety_map[wide(variety)] {
                        NONE => who,
                        map => net.variety_places[wide(map)][wide(who)],
                    };
                    // who is at no place is none of the places
                    if what == NONE {
                        continue;
                    }
                    let count = &mut self.varieties[wide(variety) * wide(net.variety_width) + wide(what)];
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

    pub(super) fn work(&mut self, load: u32, by: i64) {
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

    pub(super) fn reorder(&mut self, event: u32) {
        let net = self.net;
        for order in net.orders_of.of(wide(event)) {
            let order = net.orders[wide(*order)];
            // When an event runs, from its first time to the time after its last.
            let stay = |e: u32| {
                let slots = net.slots_of(e);
                let timed = slots.filter(|s| self.duration(*s) > 0 && self.time(*s).is_some());
                timed.fold(None, |all: Option<(u32, u32)>, s| {
                    let (start, end) = (self.start[wide(s)], self.start[wide(s)] + self.duration(s));
                    Some(all.map_or((start, end), |(from, to)| (from.min(start), to.max(end))))
                })
            };
            let now = match (stay(order.first), stay(order.second)) {
                (Some(one), Some(other)) => match order.how {
                    Lie::After(min, max) => {
                        let between = i64::from(other.0) - i64::from(one.1);
                        (min - between).max(between - max).max(0)
                    }
                    Lie::Related(relation, day) => relation.missed_by(one, other, day),
                },
                _ => 0,
            };
            let change = now - self.deviations[wide(order.point)];
            if change != 0 {
                self.shift(order.point, change);
            }
        }
    }

    #[inline]
    pub(super) fn adjust(&mut self, gauge: u32, by: i32) {
        let count = &mut self.counts[wide(gauge)];
        let of = count.of;
        let old = of.outside(count.value);
        count.value += by;
        let now = count.value;
        let new = of.outside(now);
        if of.pull && (now == 0 || now == by) {
            self.pull(of.point, i64::from(if now == 0 { of.min } else { -of.min }));
        }
        if old != new {
            self.shift(of.point, i64::from(new - old));
        }
    }

    pub(super) fn pull(&mut self, point: u32, by: i64) {
        let of = &self.net.points[wide(point)];
        if of.hard {
            self.guide.hard += of.weight * by;
        } else {
            self.guide.soft += of.weight * by;
        }
    }

    pub(super) fn shift(&mut self, point: u32, by: i64) {
        let of = &self.net.prices[wide(point)];
        let deviation = &mut self.deviations[wide(point)];
        let old = *deviation;
        let new = old + by;
        *deviation = new;
        let more = of.cost.of(new) - of.cost.of(old);
        let price = of.weight * more;
        if of.hard {
            self.cost.hard += price;
            self.grudge += self.stubborn[wide(point)] * more;
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

/// Zeros before the first one; none if there is no one.
#[inline]
fn lead(masks: &[u64]) -> i32 {
    let Some(word) = masks.iter().position(|m| *m != 0) else {
        return 0;
    };
    i32::try_from(narrow(word) * 64 + masks[word].trailing_zeros()).unwrap_or(0)
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
