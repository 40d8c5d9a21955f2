//! Moves: each changes the state through its primitives and leaves the judging to the caller, who takes it back or keeps it.

mod chase;
mod cut;
mod deal;
mod seats;
mod times;

use super::domains::Domains;
use super::net::{NONE, Net, SeatHook};
use super::random::Random;
use super::state::State;
use crate::ids::wide;
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
    /// Of a thousand Kempe chains, how many end after a few meets, whoever is still in the way.
    pub brief: u32,
    /// Of a hundred thousand moves, how many deal all meets of somebody to its times anew, by an assignment.
    pub deal: u32,
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
    hint: Hint,
    table: deal::Table,
    /// Moves until meets may be dealt again: that costs many looks at once.
    rest: usize,
}

/// What a broken point says about the seats of the slot that it led to.
#[derive(Clone, Copy, Debug)]
enum Hint {
    /// Nothing.
    None,
    /// It is about a resource.
    Who(u32),
    /// It is about a seat.
    Seat(u32),
}

/// Kinds of moves.
pub const KINDS: usize = 7;

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

/// Whether it is all the same who of the choices sits on the seats, as long as nobody sits on two: then moves of times, which
/// find free ones as they go, are enough.
fn seats_are_plain(net: &Net, domains: &Domains, seated: &[u32]) -> bool {
    let wished = net.wished_about();
    let soft = |gauge: u32| !net.points[wide(net.gauges[wide(gauge)].point)].hard;
    seated.iter().all(|event| {
        domains.open(*event).iter().all(|seat| {
            let key = wide(net.first_seat[wide(*event)]) + wide(*seat);
            let hooks = net.on_seat.of(key).iter();
            hooks.clone().all(|hook| match hook {
                SeatHook::Empty(gauge) | SeatHook::Other(gauge, _) => !soft(*gauge),
                SeatHook::Variety(_) => false,
            }) && domains
                .choices(key)
                .iter()
                .all(|who| !wished[wide(*who)] && !net.trails.matters(*who))
        })
    })
}

impl<'a> Mover<'a> {
    /// A mover with a mix that suits the problem.
    #[must_use]
    pub fn new(net: &'a Net, domains: &'a Domains) -> Self {
        let seat = match domains.seated.as_slice() {
            [] => 0,
            seated if seats_are_plain(net, domains, seated) => 15,
            _ => 45,
        };
        // Where there are no wishes, every time is as good as another and full ones only change names.
        let (focus, brief) = if net.smallest_soft_price().is_none() {
            (500, 900)
        } else {
            (250, 300)
        };
        let mix = Mix {
            shift: if domains.movable.is_empty() { 0 } else { 10 },
            kempe: if domains.movable.is_empty() { 0 } else { 150 },
            turn: if domains.movable.is_empty() { 0 } else { 10 },
            seat,
            cut: if domains.divisible.is_empty() { 0 } else { 8 },
            chase: if domains.movable.is_empty() { 0 } else { 2 },
            focus,
            brief,
            deal: if domains.movable.is_empty() { 0 } else { 300 },
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
            hint: Hint::None,
            table: deal::Table::default(),
            rest: 0,
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

    /// What became of the moves of each kind: shift, kempe, turn, seat, cut, chase, deal.
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
        self.rest = self.rest.saturating_sub(1);
        if self.rest == 0 && mix.deal > 0 && random.below(100_000) < mix.deal {
            self.kind = 6;
            self.tally[6].tried += 1;
            return self.deal(state, random, hard);
        }
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
    fn broken_slot(&mut self, state: &State<'_>, random: &mut Random) -> Option<u32> {
        if random.permille(300)
            && let Some(slot) = state.short_slot(random)
        {
            return Some(slot);
        }
        let hard = !state.broken(true).is_empty() && (state.broken(false).is_empty() || random.permille(600));
        let point = random.pick(state.broken(hard))?;
        match self.net.points[wide(point)].subject {
            Subject::Event(e) => self.slot_of(state, e, random),
            Subject::Seat(e, seat) => {
                self.hint = Hint::Seat(seat);
                self.slot_of(state, e, random)
            }
            Subject::Group(g) => {
                let event = random.pick(self.domains.group(g))?;
                self.slot_of(state, event, random)
            }
            Subject::Resource(r) => {
                self.hint = Hint::Who(r);
                let closed = self.domains.closed_times(point);
                if !closed.is_empty() {
                    self.slot_at_one_of(state, r, closed, random)
                } else if self.domains.is_about_clashes(point) {
                    self.clashing_slot(state, r, random)
                } else {
                    self.busy_slot(state, r, random)
                }
            }
            Subject::Pair(_) => {
                let event = random.pick(self.domains.about(point))?;
                self.slot_of(state, event, random)
            }
        }
    }

    /// A slot where a resource sits at one of some times.
    fn slot_at_one_of(&self, state: &State<'_>, who: u32, times: &[u32], random: &mut Random) -> Option<u32> {
        let count = crate::ids::narrow(times.len());
        let from = random.below(count);
        let mut cyclic = (0..count).map(|i| times[wide((from + i) % count)]);
        let time = cyclic.find(|t| state.busy(who, *t) > 0)?;
        self.slot_at(state, who, time, random)
    }

    /// One of the slots where a resource has too many seats at a time.
    fn clashing_slot(&self, state: &State<'_>, who: u32, random: &mut Random) -> Option<u32> {
        let times = self.net.times;
        let from = random.below(times);
        let mut cyclic = (0..times).map(|i| (from + i) % times);
        let time = cyclic.find(|t| state.busy(who, *t) > 1)?;
        self.slot_at(state, who, time, random)
    }

    /// Some slot where a resource sits, by its time.
    fn busy_slot(&self, state: &State<'_>, who: u32, random: &mut Random) -> Option<u32> {
        let times = self.net.times;
        let from = random.below(times);
        let mut found = None;
        for time in (0..times).map(|i| (from + i) % times) {
            if state.busy(who, time) == 0 {
                continue;
            }
            found = state.only(who, time).or(found);
            if random.permille(300) {
                break;
            }
        }
        found
    }

    /// One of the slots where a resource sits at a time.
    fn slot_at(&self, state: &State<'_>, who: u32, time: u32, random: &mut Random) -> Option<u32> {
        state.only(who, time).or_else(|| {
            let slots = self.net.slots();
            let from = random.below(slots);
            let there = |slot: &u32| {
                let start = state.time(*slot);
                start.is_some_and(|t| t <= time && time < t + state.duration(*slot))
                    && state.cells(*slot).contains(&who)
            };
            (from..slots).chain(0..from).find(there)
        })
    }

    fn any_slot(&mut self, state: &State<'_>, events: &[u32], random: &mut Random) -> Option<u32> {
        self.hint = Hint::None;
        if random.permille(self.mix.focus)
            && let Some(slot) = self.broken_slot(state, random)
        {
            return Some(slot);
        }
        let event = random.pick(events)?;
        self.slot_of(state, event, random)
    }

    fn timed_slot(&mut self, state: &State<'_>, random: &mut Random) -> Option<u32> {
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
}
