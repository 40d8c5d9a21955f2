//! Moves: each changes the state through its primitives and leaves the judging to the caller, who takes it back or keeps it.

use super::domains::Domains;
use super::net::{NONE, Net};
use super::random::Random;
use super::state::State;
use crate::ids::{narrow, wide};
use crate::problem::Subject;

/// Most meets that one chain moves.
const LONGEST_CHAIN: usize = 40;

/// Most steps of an ejection chain.
const LONGEST_CHASE: usize = 8;

/// How often each kind of move is tried, in parts of their sum.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    /// A meet, with what runs together with it, to another start.
    pub shift: u32,
    /// The same, and whoever is in the way takes its place, and so on.
    pub kempe: u32,
    /// Two neighbours of one resource change places.
    pub turn: u32,
    /// Somebody else on a seat.
    pub seat: u32,
    /// An event cut otherwise.
    pub cut: u32,
    /// A meet elsewhere, and whoever is in the way to where they cost least, and so on.
    pub chase: u32,
    /// Of a thousand moves, how many begin at something that is broken.
    pub focus: u32,
}

/// Makes moves.
pub struct Mover<'a> {
    net: &'a Net,
    domains: &'a Domains,
    mix: Mix,
    chain: Vec<(u32, u32)>,
    stamps: Vec<u32>,
    stamp: u32,
    seats: Vec<(u32, u32, u32)>,
    kind: usize,
    tally: [Tally; KINDS],
}

/// Kinds of moves.
pub const KINDS: usize = 6;

/// What became of the moves of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    /// Tried.
    pub tried: u64,
    /// Changed something.
    pub made: u64,
    /// Kept.
    pub kept: u64,
    /// Led to a lower cost.
    pub better: u64,
}

impl<'a> Mover<'a> {
    /// A mover with a mix that suits the problem.
    #[must_use]
    pub fn new(net: &'a Net, domains: &'a Domains) -> Self {
        let mix = Mix {
            shift: if domains.movable.is_empty() { 0 } else { 35 },
            kempe: if domains.movable.is_empty() { 0 } else { 45 },
            turn: if domains.movable.is_empty() { 0 } else { 10 },
            seat: if domains.seated.is_empty() { 0 } else { 45 },
            cut: if domains.divisible.is_empty() { 0 } else { 8 },
            chase: if domains.movable.is_empty() { 0 } else { 2 },
            focus: 250,
        };
        Self {
            net,
            domains,
            mix,
            chain: Vec::with_capacity(4 * LONGEST_CHAIN),
            stamps: vec![0; net.slot_event.len()],
            stamp: 0,
            seats: Vec::with_capacity(256),
            kind: 0,
            tally: [Tally::default(); KINDS],
        }
    }

    /// Notes what became of the last move.
    #[inline]
    pub fn note(&mut self, kept: bool, better: bool) {
        let tally = &mut self.tally[self.kind];
        tally.made += 1;
        tally.kept += u64::from(kept);
        tally.better += u64::from(better);
    }

    /// What became of the moves of each kind: shift, kempe, turn, seat, cut.
    #[must_use]
    pub fn tally(&self) -> &[Tally; KINDS] {
        &self.tally
    }

    /// The mix, to be changed.
    pub fn mix(&mut self) -> &mut Mix {
        &mut self.mix
    }

    /// Tries one move; false if nothing came of it (the caller takes back what may have been done). `hard` is what a unit of
    /// hard cost weighs, see [`State::merged`].
    pub fn propose(&mut self, state: &mut State<'_>, random: &mut Random, hard: i64) -> bool {
        let mix = self.mix;
        let mut dice = random.below(mix.shift + mix.kempe + mix.turn + mix.seat + mix.cut + mix.chase);
        for (part, kind) in [
            (mix.shift, 0),
            (mix.kempe, 1),
            (mix.turn, 2),
            (mix.seat, 3),
            (mix.cut, 4),
            (mix.chase, 5),
        ] {
            if dice < part {
                self.kind = kind;
                self.tally[kind].tried += 1;
                return match kind {
                    0 => self.shift_somewhere(state, random),
                    1 => self.kempe_somewhere(state, random),
                    2 => self.turn_neighbours(state, random),
                    3 => self.reseat(state, random),
                    4 => self.recut(state, random),
                    _ => self.chase(state, random, hard),
                };
            }
            dice -= part;
        }
        false
    }

    fn slot_of(&self, state: &State<'_>, event: u32, random: &mut Random) -> Option<u32> {
        let slots = self.net.slots_of(event);
        let count = slots.end - slots.start;
        let from = random.below(count);
        (0..count)
            .map(|i| slots.start + (from + i) % count)
            .find(|s| state.duration(*s) > 0)
    }

    /// A slot that a broken point is about.
    fn broken_slot(&self, state: &State<'_>, random: &mut Random) -> Option<u32> {
        let hard = !state.broken(true).is_empty() && (state.broken(false).is_empty() || random.permille(600));
        let point = random.pick(state.broken(hard))?;
        match self.net.points[wide(point)].subject {
            Subject::Event(e) | Subject::Seat(e, _) => self.slot_of(state, e, random),
            Subject::Group(g) => {
                let event = random.pick(self.domains.group(g))?;
                self.slot_of(state, event, random)
            }
            Subject::Resource(r) => {
                let times = self.net.times;
                let from = random.below(times);
                let mut found = None;
                for i in 0..times {
                    let time = (from + i) % times;
                    match state.busy(r, time) {
                        0 => {}
                        1 => {
                            if found.is_none() {
                                found = state.only(r, time);
                            }
                            if random.permille(300) {
                                break;
                            }
                        }
                        _ => {
                            let events = self.domains.events_of(r);
                            let event = random.pick(events)?;
                            found = self.slot_of(state, event, random);
                            for event in events {
                                let mut slots = self.net.slots_of(*event);
                                let here = slots.find(|s| {
                                    state
                                        .time(*s)
                                        .is_some_and(|t| t <= time && time < t + state.duration(*s))
                                });
                                if here.is_some() {
                                    found = here;
                                    if random.permille(500) {
                                        break;
                                    }
                                }
                            }
                            break;
                        }
                    }
                }
                found
            }
            Subject::Pair(_) => None,
        }
    }

    fn any_slot(&self, state: &State<'_>, events: &[u32], random: &mut Random) -> Option<u32> {
        if random.permille(self.mix.focus)
            && let Some(slot) = self.broken_slot(state, random)
        {
            return Some(slot);
        }
        let event = random.pick(events)?;
        self.slot_of(state, event, random)
    }

    fn timed_slot(&self, state: &State<'_>, random: &mut Random) -> Option<u32> {
        let slot = self.any_slot(state, &self.domains.movable, random)?;
        let event = self.net.slot_event[wide(slot)];
        (self.net.event_time[wide(event)] == NONE).then_some(slot)
    }

    /// Puts the slot, and the slots of linked events that run with it, into the chain.
    fn gather(&mut self, state: &State<'_>, slot: u32, start: u32) {
        let event = self.net.slot_event[wide(slot)];
        let (old, duration) = (state.time(slot), state.duration(slot));
        self.enter(slot, start);
        for partner in self.domains.partners(event) {
            let mut slots = self.net.slots_of(*partner);
            let with = slots.find(|s| {
                state.duration(*s) == duration && state.time(*s) == old && self.stamps[wide(*s)] != self.stamp
            });
            if let Some(with) = with
                && self.net.event_time[wide(*partner)] == NONE
            {
                self.enter(with, start);
            }
        }
    }

    fn enter(&mut self, slot: u32, start: u32) {
        self.stamps[wide(slot)] = self.stamp;
        self.chain.push((slot, start));
    }

    fn begin(&mut self) {
        self.chain.clear();
        self.stamp += 1;
    }

    /// A start for a meet: a good one, seldom any.
    fn some_start(&self, event: u32, duration: u32, random: &mut Random) -> Option<u32> {
        if random.permille(15) && duration <= self.net.times {
            return Some(random.below(self.net.times - duration + 1));
        }
        random.pick(self.domains.starts(self.net, event, duration))
    }

    fn shift_somewhere(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let event = self.net.slot_event[wide(slot)];
        let Some(start) = self.some_start(event, state.duration(slot), random) else {
            return false;
        };
        if state.time(slot) == Some(start) {
            return false;
        }
        self.begin();
        self.gather(state, slot, start);
        self.carry_out(state, random)
    }

    fn carry_out(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        for at in 0..self.chain.len() {
            let (slot, start) = self.chain[at];
            state.set_time(slot, Some(start));
        }
        for at in 0..self.chain.len() {
            self.settle_seats(state, self.chain[at].0, random);
        }
        true
    }

    /// Finds somebody free for each seat of a meet whose present one is busy elsewhere.
    fn settle_seats(&self, state: &mut State<'_>, slot: u32, random: &mut Random) {
        let event = self.net.slot_event[wide(slot)];
        for seat in self.domains.open(event) {
            let key = wide(self.net.first_seat[wide(event)]) + wide(*seat);
            let Some(start) = state.time(slot) else { continue };
            let times = start..start + state.duration(slot);
            let fine = match state.seat(slot, *seat) {
                Some(who) => times
                    .clone()
                    .all(|t| state.busy(who, t) == 1 && !self.domains.is_closed(who, t)),
                None => self.domains.may_be_empty(key) && random.permille(800),
            };
            if fine {
                continue;
            }
            if !self.domains.varieties(key).is_empty() && random.permille(600) {
                continue;
            }
            if let Some(who) = self.somebody_free(state, key, times, random) {
                state.set_seat(slot, *seat, Some(who));
            }
        }
    }

    fn somebody_free(
        &self,
        state: &State<'_>,
        key: usize,
        times: std::ops::Range<u32>,
        random: &mut Random,
    ) -> Option<u32> {
        let choices = self.domains.choices(key);
        let count = narrow(choices.len());
        let from = random.below(count);
        (0..count).map(|i| choices[wide((from + i) % count)]).find(|who| {
            times
                .clone()
                .all(|t| state.busy(*who, t) == 0 && !self.domains.is_closed(*who, t))
        })
    }

    fn kempe_somewhere(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let event = self.net.slot_event[wide(slot)];
        if state.time(slot).is_none() {
            return self.shift_somewhere(state, random);
        }
        // Half of the time to where the same class or teacher is busy, which makes it a swap.
        let start = if random.permille(500) {
            let who = random.pick(state.cells(slot)).filter(|w| *w != NONE);
            let other = who.and_then(|w| random.pick(self.domains.events_of(w)));
            let other = other.and_then(|e| self.slot_of(state, e, random));
            other.and_then(|s| state.time(s))
        } else {
            self.some_start(event, state.duration(slot), random)
        };
        let Some(start) = start else { return false };
        if state.time(slot) == Some(start) || start + state.duration(slot) > self.net.times {
            return false;
        }
        let through_all = random.permille(300);
        self.kempe(state, slot, start, through_all) && self.carry_out(state, random)
    }

    /// Collects the chain that a meet's move to `start` pushes: whoever is in the way moves back by the same distance.
    fn kempe(&mut self, state: &State<'_>, slot: u32, start: u32, through_all: bool) -> bool {
        let net = self.net;
        self.begin();
        self.gather(state, slot, start);
        let mut at = 0;
        while at < self.chain.len() {
            if self.chain.len() > LONGEST_CHAIN {
                return false;
            }
            let (slot, to) = self.chain[at];
            at += 1;
            let event = net.slot_event[wide(slot)];
            let duration = state.duration(slot);
            let Some(from) = state.time(slot) else { continue };
            if !self.domains.is_good(net, event, duration, to)
                && self.domains.is_good(net, event, duration, from)
            {
                return false;
            }
            let first_seat = wide(net.first_seat[wide(event)]);
            for (seat, who) in state.cells(slot).iter().enumerate() {
                if *who == NONE || (!through_all && net.seat_fixed[first_seat + seat] == NONE) {
                    continue;
                }
                for time in to..to + duration {
                    let Some(other) = state.only(*who, time) else {
                        continue;
                    };
                    if self.stamps[wide(other)] == self.stamp {
                        continue;
                    }
                    let Some(there) = state.time(other) else { continue };
                    let Some(back) = (there + from).checked_sub(to) else {
                        return false;
                    };
                    let of = net.slot_event[wide(other)];
                    if back + state.duration(other) > net.times || net.event_time[wide(of)] != NONE {
                        return false;
                    }
                    self.gather(state, other, back);
                }
            }
        }
        true
    }

    /// An ejection chain: a meet goes elsewhere; whoever it clashes with goes where it costs least, and so on.
    fn chase(&mut self, state: &mut State<'_>, random: &mut Random, hard: i64) -> bool {
        let before = state.merged(hard);
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let event = self.net.slot_event[wide(slot)];
        let Some(start) = self.some_start(event, state.duration(slot), random) else {
            return false;
        };
        if state.time(slot) == Some(start) {
            return false;
        }
        self.begin();
        self.gather(state, slot, start);
        let mut placed = 0;
        for _ in 0..LONGEST_CHASE {
            for at in placed..self.chain.len() {
                let (slot, start) = self.chain[at];
                state.set_time(slot, Some(start));
                self.settle_seats(state, slot, random);
            }
            placed = self.chain.len();
            if state.merged(hard) <= before {
                return true;
            }
            let Some(other) = self.in_the_way(state, random) else {
                return true;
            };
            let event = self.net.slot_event[wide(other)];
            let now = state.time(other);
            // The cheapest start for the one in the way, with what runs together with it.
            self.gather(state, other, 0);
            let mut best: Option<(i64, u32, u32)> = None;
            for start in self.domains.starts(self.net, event, state.duration(other)) {
                if Some(*start) == now {
                    continue;
                }
                let mark = state.mark();
                for at in placed..self.chain.len() {
                    state.set_time(self.chain[at].0, Some(*start));
                }
                let found = (state.merged(hard), random.below(1 << 16), *start);
                state.undo(mark);
                if best.is_none_or(|b| found < b) {
                    best = Some(found);
                }
            }
            let Some((_, _, start)) = best else { return true };
            for at in placed..self.chain.len() {
                self.chain[at].1 = start;
            }
        }
        for at in placed..self.chain.len() {
            let (slot, start) = self.chain[at];
            state.set_time(slot, Some(start));
        }
        true
    }

    /// A meet outside the chain that clashes with one in it.
    fn in_the_way(&self, state: &State<'_>, random: &mut Random) -> Option<u32> {
        let mut found = None;
        for (slot, _) in &self.chain {
            let Some(start) = state.time(*slot) else { continue };
            for who in state.cells(*slot).iter().filter(|w| **w != NONE) {
                for time in start..start + state.duration(*slot) {
                    if let Some(other) = state.beside(*who, time, *slot)
                        && self.stamps[wide(other)] != self.stamp
                        && self.net.event_time[wide(self.net.slot_event[wide(other)])] == NONE
                    {
                        found = Some(other);
                        if random.permille(500) {
                            return found;
                        }
                    }
                }
            }
        }
        found
    }

    /// Two meets of one resource, one right after the other, change places.
    fn turn_neighbours(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let Some(slot) = self.timed_slot(state, random) else {
            return false;
        };
        let Some(start) = state.time(slot) else {
            return false;
        };
        let end = start + state.duration(slot);
        let who = random.pick(state.cells(slot)).filter(|w| *w != NONE);
        let Some(who) = who.filter(|_| end < self.net.times) else {
            return false;
        };
        let Some(next) = state.only(who, end) else {
            return false;
        };
        let event = self.net.slot_event[wide(next)];
        if state.time(next) != Some(end) || self.net.event_time[wide(event)] != NONE {
            return false;
        }
        self.begin();
        self.gather(state, slot, start + state.duration(next));
        self.gather(state, next, start);
        self.carry_out(state, random)
    }

    /// Somebody else on a seat: in one meet, in all meets of the event, or wherever the same person is wanted.
    fn reseat(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let Some(slot) = self.any_slot(state, &self.domains.seated, random) else {
            return false;
        };
        let event = self.net.slot_event[wide(slot)];
        let Some(seat) = random.pick(self.domains.open(event)) else {
            return false;
        };
        let key = wide(self.net.first_seat[wide(event)]) + wide(seat);
        let old = state.seat(slot, seat);
        let times = state.time(slot).map(|t| t..t + state.duration(slot));
        let empty = self.domains.may_be_empty(key) && random.permille(30);
        let new = if empty {
            None
        } else if let Some(times) = times.clone()
            && random.permille(500)
        {
            self.somebody_free(state, key, times, random)
        } else {
            random.pick(self.domains.choices(key))
        };
        if new == old || (new.is_none() && !empty) {
            return false;
        }
        self.seats.clear();
        let together = random.permille(600);
        self.same_seats(state, slot, seat, old, new, together, random);
        // Whoever loses the new one in exchange gets the old one.
        if let Some(new) = new
            && random.permille(600)
        {
            for at in 0..self.seats.len() {
                let slot = self.seats[at].0;
                let Some(start) = state.time(slot) else { continue };
                for time in start..start + state.duration(slot) {
                    let Some(other) = state.only(new, time) else {
                        continue;
                    };
                    let cells = state.cells(other).iter();
                    let Some(place) = cells.clone().position(|w| *w == new) else {
                        continue;
                    };
                    let of = self.net.slot_event[wide(other)];
                    let key = wide(self.net.first_seat[wide(of)]) + place;
                    if self.net.seat_fixed[key] == NONE
                        && !self
                            .seats
                            .iter()
                            .any(|(s, p, _)| *s == other && wide(*p) == place)
                        && (old.is_none() || old.is_some_and(|o| self.domains.choices(key).contains(&o)))
                    {
                        self.same_seats(state, other, narrow(place), Some(new), old, together, random);
                    }
                }
                if self.seats.len() > 200 {
                    break;
                }
            }
        }
        for (slot, seat, who) in &self.seats {
            state.set_seat(*slot, *seat, (*who != NONE).then_some(*who));
        }
        true
    }

    #[allow(clippy::too_many_arguments)]
    fn same_seats(
        &mut self,
        state: &State<'_>,
        slot: u32,
        seat: u32,
        old: Option<u32>,
        new: Option<u32>,
        together: bool,
        random: &mut Random,
    ) {
        let net = self.net;
        let who = new.unwrap_or(NONE);
        self.seats.push((slot, seat, who));
        if !together {
            return;
        }
        let event = net.slot_event[wide(slot)];
        let key = wide(net.first_seat[wide(event)]) + wide(seat);
        let add = |seats: &mut Vec<(u32, u32, u32)>, event: u32, seat: u32| {
            for other in net.slots_of(event) {
                if other != slot && state.duration(other) > 0 && state.seat(other, seat) == old {
                    seats.push((other, seat, who));
                }
            }
        };
        match random.pick(self.domains.varieties(key)) {
            Some(group) => {
                for (event, seat) in self.domains.variety_seats(group) {
                    add(&mut self.seats, *event, *seat);
                }
            }
            None => add(&mut self.seats, event, seat),
        }
    }

    /// Cuts an event otherwise: one meet in two, two in one, or a different share; linked events alike.
    fn recut(&mut self, state: &mut State<'_>, random: &mut Random) -> bool {
        let net = self.net;
        let Some(slot) = self.any_slot(state, &self.domains.divisible, random) else {
            return false;
        };
        let event = net.slot_event[wide(slot)];
        if net.event_time[wide(event)] != NONE {
            return false;
        }
        let slots = net.slots_of(event);
        let count = slots.end - slots.start;
        let from = random.below(count);
        let mut cyclic = (0..count).map(|i| slots.start + (from + i) % count);
        let mine = state.duration(slot);
        let split = mine > 1 && random.permille(500);
        let other = if split {
            cyclic.find(|s| state.duration(*s) == 0)
        } else {
            cyclic.find(|s| *s != slot && state.duration(*s) > 0)
        };
        let Some(other) = other else { return false };
        let theirs = state.duration(other);
        let sum = mine + theirs;
        let keep = if split {
            1 + random.below(mine - 1)
        } else {
            random.below(sum + 1)
        };
        if keep == mine {
            return false;
        }
        let place = |me: &Self, duration: u32, old: Option<u32>, random: &mut Random| {
            let stays = old.filter(|t| t + duration <= net.times && random.permille(700));
            stays.or_else(|| {
                (duration > 0)
                    .then(|| me.some_start(event, duration, random))
                    .flatten()
            })
        };
        let (old, old_other) = (state.time(slot), state.time(other).filter(|_| theirs > 0));
        let start = place(self, keep, old, random);
        let start_other = place(self, sum - keep, old_other, random);
        self.divide(state, (slot, other), keep, sum - keep, (start, start_other));
        for partner in self.domains.partners(event) {
            let mut all = net.slots_of(*partner);
            let with = all
                .clone()
                .find(|s| state.duration(*s) == mine && state.time(*s) == old);
            let with_other = all.find(|s| {
                Some(*s) != with
                    && state.duration(*s) == theirs
                    && (theirs == 0 || state.time(*s) == old_other)
            });
            if let (Some(a), Some(b)) = (with, with_other)
                && net.event_time[wide(*partner)] == NONE
            {
                self.divide(state, (a, b), keep, sum - keep, (start, start_other));
            }
        }
        true
    }

    fn divide(
        &self,
        state: &mut State<'_>,
        (a, b): (u32, u32),
        keep: u32,
        give: u32,
        starts: (Option<u32>, Option<u32>),
    ) {
        if state.duration(b) == 0 {
            for seat in 0..narrow(state.cells(a).len()) {
                let who = state.seat(a, seat);
                state.set_seat(b, seat, who);
            }
        }
        state.set_time(a, None);
        state.set_time(b, None);
        state.set_duration(a, keep);
        state.set_duration(b, give);
        if keep > 0 {
            state.set_time(a, starts.0);
        }
        if give > 0 {
            state.set_time(b, starts.1);
        }
    }
}
