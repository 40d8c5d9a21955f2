//! The wired problem: what every time, seat and busy slot of a resource moves. Immutable once built.

use super::demand::Demands;
use super::trail::Trails;
use super::wiring::Lists;
use crate::ids::wide;
use crate::problem::rules::relate_events::Relation;
use crate::problem::{Constraint, CostFunction, Problem, Subject};
use crate::watch::Watch;

/// A counter with limits; what is outside them adds to the deviation of its point.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gauge {
    pub point: u32,
    pub min: i32,
    pub max: i32,
    /// Zero is always inside.
    pub free_zero: bool,
    /// Zero is inside, but no timetable without clashes has it: the search is told that it lies outside all the same,
    /// or it would never leave it.
    pub pull: bool,
}

impl Gauge {
    #[inline]
    pub fn outside(&self, value: i32) -> i32 {
        let few = if self.free_zero && value == 0 {
            0
        } else {
            self.min - value
        };
        // a file may ask for more than it allows
        few.max(value - self.max).max(0)
    }
}

/// A point of application with its price.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    pub constraint: u32,
    pub subject: Subject,
    pub weight: i64,
    pub cost: CostFunction,
    pub hard: bool,
}

/// The price of a point alone, for the hot path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Price {
    pub weight: i64,
    pub cost: CostFunction,
    pub hard: bool,
}

/// What a change of a resource's being busy at a time moves.
#[derive(Clone, Copy, Debug)]
pub(super) enum BusyHook {
    /// A counter of busy times.
    Gauge(u32),
    /// A group of times that counts as busy or not.
    Cover(u32),
    /// A row of times with gaps, and the place in the row.
    Idle(u32, u32),
}

/// What a meet that starts at a time moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct StartHook {
    pub gauge: u32,
    pub shortest: u32,
    pub longest: u32,
    pub per_time: bool,
    /// How often; an event may be several times in a group.
    pub times: i32,
}

/// What the existence of a meet moves.
#[derive(Clone, Copy, Debug)]
pub(super) struct MeetHook {
    pub gauge: u32,
    pub shortest: u32,
    pub longest: u32,
}

/// What a resource on a seat moves.
#[derive(Clone, Copy, Debug)]
pub(super) enum SeatHook {
    /// Counts durations without anybody.
    Empty(u32),
    /// Counts durations with somebody outside a set of resources (a row of bits).
    Other(u32, u32),
    /// Counts different resources.
    Variety(u32),
}

/// The work of a resource, between limits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Load {
    pub point: u32,
    pub min: i64,
    pub max: i64,
}

/// How two events lie to each other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub point: u32,
    pub first: u32,
    pub second: u32,
    pub how: Lie,
}

/// What is asked of two events.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lie {
    /// The second after the first, with so many times between.
    After(i64, i64),
    /// A relation, with so many times to a day.
    Related(Relation, u32),
}

/// A row of times in which a resource's free times are counted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub gauge: u32,
    /// First word, number of words.
    pub first: u32,
    pub words: u32,
    /// Whether the free times before the first busy one are counted, instead of those between busy ones.
    pub lead: bool,
}

/// The wired problem.
#[derive(Debug)]
pub struct Net {
    pub(super) times: u32,
    pub(super) resources: u32,
    /// First slot of each event; each event has as many slots as its duration.
    pub(super) first_slot: Vec<u32>,
    pub(super) slot_event: Vec<u32>,
    /// First cell of each slot in the state's list of seats.
    pub(super) first_cell: Vec<u32>,
    /// First seat of each event.
    pub(super) first_seat: Vec<u32>,
    pub(super) seat_fixed: Vec<u32>,
    pub(super) seat_load: Vec<i64>,
    pub(super) resource_kind: Vec<u32>,
    pub(super) event_duration: Vec<u32>,
    pub(super) event_time: Vec<u32>,
    pub(super) points: Vec<Point>,
    pub(super) prices: Vec<Price>,
    pub(super) gauges: Vec<Gauge>,
    pub(super) cover_gauge: Vec<(u32, i32)>,
    pub(super) idles: Vec<Row>,
    pub(super) idle_words: u32,
    pub(super) loads: Vec<Load>,
    pub(super) load_unit: i64,
    pub(super) variety_gauge: Vec<u32>,
    /// By count of different ones: the map whose places it counts; `NONE`: it counts resources.
    pub(super) variety_map: Vec<u32>,
    /// By map that is so used: the place of each resource, `NONE` for none.
    pub(super) variety_places: Vec<Vec<u32>>,
    /// How many different ones a count may meet.
    pub(super) variety_width: u32,
    pub(super) sets: Vec<u64>,
    /// Gauge and number of events of each link.
    pub(super) links: Vec<(u32, u32)>,
    /// Row of each event that is linked, `NONE` otherwise.
    pub(super) linked_row: Vec<u32>,
    pub(super) linked_rows: u32,
    pub(super) orders: Vec<Order>,
    pub(super) on_start: Lists<StartHook>,
    pub(super) on_meet: Lists<MeetHook>,
    pub(super) on_seat: Lists<SeatHook>,
    pub(super) on_busy: Lists<BusyHook>,
    pub(super) on_clash: Lists<u32>,
    pub(super) on_load: Lists<u32>,
    pub(super) links_of: Lists<u32>,
    pub(super) orders_of: Lists<u32>,
    /// Where people are, if any rule asks.
    pub(super) trails: Trails,
    /// The open seats, where times are given first; otherwise none.
    pub(super) demands: Demands,
}

/// No resource, no row, no time.
pub(super) const NONE: u32 = u32::MAX;

impl Net {
    /// Wires a problem.
    #[must_use]
    pub fn new(problem: &Problem) -> Self {
        Self::made(problem, &Watch::nobody())
    }

    pub(super) fn made(problem: &Problem, watch: &Watch<'_>) -> Self {
        super::wiring::build(problem, &|_, _| true, watch)
    }

    /// Number of slots for meets.
    #[must_use]
    pub fn slots(&self) -> u32 {
        crate::ids::narrow(self.slot_event.len())
    }

    /// The slots of an event.
    pub(super) fn slots_of(&self, event: u32) -> std::ops::Range<u32> {
        let first = self.first_slot[wide(event)];
        first..first + self.event_duration[wide(event)]
    }

    /// Number of seats of an event.
    pub(super) fn seats_of(&self, event: u32) -> u32 {
        self.first_seat[wide(event) + 1] - self.first_seat[wide(event)]
    }

    /// Whether a resource must not sit on two seats at a time. What only counts events together may.
    #[inline]
    pub(super) fn clashes(&self, who: u32) -> bool {
        !self.on_clash.of(wide(who)).is_empty()
    }

    /// Whether a resource is in a set.
    #[inline]
    pub(super) fn has(&self, row: u32, who: u32) -> bool {
        self.sets[wide(row) + wide(who / 64)] >> (who % 64) & 1 == 1
    }

    /// For each resource, whether wishes or its load depend on when it is busy.
    pub(super) fn wished_about(&self) -> Vec<bool> {
        let soft = |gauge: u32| !self.points[wide(self.gauges[wide(gauge)].point)].hard;
        let all = 0..wide(self.resources);
        all.map(|who| {
            let mut cells = who * wide(self.times)..(who + 1) * wide(self.times);
            !self.on_load.of(who).is_empty()
                || cells.any(|at| {
                    self.on_busy.of(at).iter().any(|hook| match *hook {
                        BusyHook::Gauge(gauge) => soft(gauge),
                        BusyHook::Cover(cover) => soft(self.cover_gauge[wide(cover)].0),
                        BusyHook::Idle(idle, _) => soft(self.idles[wide(idle)].gauge),
                    })
                })
        })
        .collect()
    }

    /// The smallest price of a unit of deviation from a soft rule.
    #[must_use]
    pub fn smallest_soft_price(&self) -> Option<i64> {
        let soft = self.points.iter().filter(|p| !p.hard && p.weight > 0);
        soft.map(|p| p.weight).min()
    }

    /// Constraint and subject of a point.
    #[must_use]
    pub fn point(&self, at: u32) -> (u32, Subject) {
        let point = &self.points[wide(at)];
        (point.constraint, point.subject)
    }

    /// Constraint and subject of each point, in the order of the state's deviations.
    pub fn subjects(&self) -> impl Iterator<Item = (u32, Subject)> + '_ {
        self.points.iter().map(|p| (p.constraint, p.subject))
    }
}

impl Point {
    pub fn new(at: u32, constraint: &Constraint, subject: Subject) -> Self {
        Self {
            constraint: at,
            subject,
            weight: constraint.weight.into(),
            cost: constraint.cost,
            hard: constraint.required,
        }
    }
}
