//! Building a [`Net`]: rules ask for counters and say what moves them.

use std::ops::RangeInclusive;

use super::demand::Demands;
use super::net::{
    BusyHook, Gauge, Lie, Load, MeetHook, NONE, Net, Order, Point, Price, Row, SeatHook, StartHook,
};
use super::trail::{Asked, Way};
use crate::ids::{narrow, wide};
use crate::problem::rules::order_events::Pair;
use crate::problem::rules::relate_events::Relation;
use crate::problem::{Problem, Rule, Subject};
use crate::watch::Watch;

/// What a starting meet counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Per {
    /// One.
    Meet,
    /// Its duration.
    Time,
}

/// Lists under dense keys, one after another in memory.
#[derive(Debug, Default)]
pub(super) struct Lists<T> {
    first: Vec<u32>,
    items: Vec<T>,
}

impl<T: Copy> Lists<T> {
    pub fn new(keys: usize, mut entries: Vec<(usize, T)>) -> Self {
        entries.sort_by_key(|e| e.0);
        let mut first = vec![0; keys + 1];
        for (key, _) in &entries {
            first[key + 1] += 1;
        }
        for key in 0..keys {
            first[key + 1] += first[key];
        }
        Self {
            first,
            items: entries.into_iter().map(|e| e.1).collect(),
        }
    }

    /// Whether there is nothing under any key.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    #[inline]
    pub fn of(&self, key: usize) -> &[T] {
        &self.items[wide(self.first[key])..wide(self.first[key + 1])]
    }
}

/// Counters asked for so far.
pub struct Wiring<'a> {
    problem: &'a Problem,
    points: Vec<Point>,
    gauges: Vec<Gauge>,
    /// The gauge of each cover, and by how much it moves it.
    cover_gauge: Vec<(u32, i32)>,
    idles: Vec<Row>,
    idle_words: u32,
    loads: Vec<Load>,
    variety_gauge: Vec<u32>,
    variety_map: Vec<u32>,
    sets: Vec<u64>,
    links: Vec<(u32, u32)>,
    linked_row: Vec<u32>,
    linked_rows: u32,
    orders: Vec<Order>,
    first_seat: Vec<u32>,
    /// Times that the fixed seats of each resource take.
    taken: Vec<u64>,
    on_start: Vec<(usize, StartHook)>,
    on_meet: Vec<(usize, MeetHook)>,
    on_seat: Vec<(usize, SeatHook)>,
    on_busy: Vec<(usize, BusyHook)>,
    on_clash: Vec<(usize, u32)>,
    on_load: Vec<(usize, u32)>,
    links_of: Vec<(usize, u32)>,
    orders_of: Vec<(usize, u32)>,
    trails: Asked,
}

/// A limit as the counters have it.
fn limit(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}

impl<'a> Wiring<'a> {
    /// The problem.
    #[must_use]
    pub fn problem(&self) -> &'a Problem {
        self.problem
    }

    /// A counter at zero; what is outside the limits adds to the point's deviation.
    pub fn gauge(&mut self, point: u32, min: u32, max: u32) -> u32 {
        self.gauges.push(Gauge {
            point,
            min: limit(min),
            max: limit(max),
            free_zero: false,
            pull: false,
        });
        narrow(self.gauges.len() - 1)
    }

    /// The same, but zero is never outside.
    pub fn gauge_unless_zero(&mut self, point: u32, min: u32, max: u32) -> u32 {
        let gauge = self.gauge(point, min, max);
        self.gauges[wide(gauge)].free_zero = true;
        gauge
    }

    /// Says that the resource cannot do without these times: if a gauge is zero there, the search is drawn away from it.
    pub fn pull_if_needed(&mut self, gauge: u32, resource: u32, times: &[u32]) {
        let elsewhere = self.problem.time_count() - narrow(times.len()).min(self.problem.time_count());
        self.gauges[wide(gauge)].pull = self.taken[wide(resource)] > u64::from(elsewhere);
    }

    /// A meet of the event, of one of these durations, that starts at `time` (`None`: that has no time) moves the gauge.
    pub fn on_start(
        &mut self,
        event: u32,
        time: Option<u32>,
        per: Per,
        durations: RangeInclusive<u32>,
        gauge: u32,
    ) {
        let times = self.problem.times.len();
        let at = time.map_or(times, wide);
        let hook = StartHook {
            gauge,
            shortest: *durations.start(),
            longest: *durations.end(),
            per_time: per == Per::Time,
            times: 1,
        };
        self.on_start.push((wide(event) * (times + 1) + at, hook));
    }

    /// A meet of the event, of one of these durations, moves the gauge by one.
    pub fn on_meet(&mut self, event: u32, durations: RangeInclusive<u32>, gauge: u32) {
        let hook = MeetHook {
            gauge,
            shortest: *durations.start(),
            longest: *durations.end(),
        };
        self.on_meet.push((wide(event), hook));
    }

    fn on_seat(&mut self, event: u32, seat: u32, hook: SeatHook) {
        let key = wide(self.first_seat[wide(event)]) + wide(seat);
        self.on_seat.push((key, hook));
    }

    /// A meet in which nobody sits on the seat moves the gauge by its duration.
    pub fn on_empty_seat(&mut self, event: u32, seat: u32, gauge: u32) {
        self.on_seat(event, seat, SeatHook::Empty(gauge));
    }

    /// A meet in which somebody not of the list sits on the seat moves the gauge by its duration.
    pub fn on_other_resource(&mut self, event: u32, seat: u32, good: &[u32], gauge: u32) {
        let row = narrow(self.sets.len());
        let words = self.problem.resources.len().div_ceil(64);
        self.sets.extend(std::iter::repeat_n(0, words));
        for resource in good {
            self.sets[wide(row) + wide(*resource / 64)] |= 1 << (resource % 64);
        }
        self.on_seat(event, seat, SeatHook::Other(gauge, row));
    }

    /// A count of different resources, or of their places on a map, shown by the gauge.
    pub fn variety(&mut self, gauge: u32, map: Option<u32>) -> u32 {
        self.variety_gauge.push(gauge);
        self.variety_map.push(map.unwrap_or(NONE));
        narrow(self.variety_gauge.len() - 1)
    }

    /// Who sits on the seat is counted there.
    pub fn on_variety(&mut self, event: u32, seat: u32, variety: u32) {
        self.on_seat(event, seat, SeatHook::Variety(variety));
    }

    fn busy_key(&self, resource: u32, time: u32) -> usize {
        wide(resource) * self.problem.times.len() + wide(time)
    }

    /// A resource that is busy at a time moves the gauge by one.
    pub fn on_busy(&mut self, resource: u32, time: u32, gauge: u32) {
        let key = self.busy_key(resource, time);
        self.on_busy.push((key, BusyHook::Gauge(gauge)));
    }

    /// The gauge moves by one if the resource is busy at any of the times.
    pub fn cover(&mut self, resource: u32, times: &[u32], gauge: u32) {
        self.cover_by(resource, times, gauge, 1);
    }

    /// The gauge moves by one *down* if the resource is busy at any of the times. It must not stay below zero.
    pub fn uncover(&mut self, resource: u32, times: &[u32], gauge: u32) {
        self.cover_by(resource, times, gauge, -1);
    }

    fn cover_by(&mut self, resource: u32, times: &[u32], gauge: u32, by: i32) {
        let cover = narrow(self.cover_gauge.len());
        self.cover_gauge.push((gauge, by));
        for time in times {
            let key = self.busy_key(resource, *time);
            self.on_busy.push((key, BusyHook::Cover(cover)));
        }
    }

    /// The gauge moves by the number of gaps of the resource in this row of times.
    pub fn idle(&mut self, resource: u32, times: &[u32], gauge: u32) {
        self.row(resource, times, gauge, false);
    }

    /// The gauge moves by the number of times in this row before the first at which the resource is busy; by none if it never is.
    pub fn lead(&mut self, resource: u32, times: &[u32], gauge: u32) {
        self.row(resource, times, gauge, true);
    }

    fn row(&mut self, resource: u32, times: &[u32], gauge: u32, lead: bool) {
        let words = narrow(times.len()).div_ceil(64);
        let idle = narrow(self.idles.len());
        self.idles.push(Row {
            gauge,
            first: self.idle_words,
            words,
            lead,
        });
        self.idle_words += words;
        for (place, time) in (0..).zip(times) {
            let key = self.busy_key(resource, *time);
            self.on_busy.push((key, BusyHook::Idle(idle, place)));
        }
    }

    /// The gauge moves by what is counted along the times of a group of the resource's ways from place to place.
    pub fn trail(&mut self, resource: u32, map: u32, group: u32, way: Way, gauge: u32) {
        self.trails.add(self.problem, (resource, map), group, way, gauge);
    }

    /// Each seat of the resource at a time beyond the first moves the gauge by one.
    pub fn on_clash(&mut self, resource: u32, gauge: u32) {
        self.on_clash.push((wide(resource), gauge));
    }

    /// The resource's work, outside the limits, is the deviation of the point.
    pub fn on_load(&mut self, resource: u32, point: u32, min: u32, max: u32) {
        self.loads.push(Load {
            point,
            min: min.into(),
            max: max.into(),
        });
        let load = narrow(self.loads.len() - 1);
        self.on_load.push((wide(resource), load));
    }

    /// The gauge moves by the number of times at which some of the events run, but not all.
    pub fn link(&mut self, gauge: u32, events: &[u32]) {
        let link = narrow(self.links.len());
        self.links.push((gauge, narrow(events.len())));
        for event in events {
            if self.linked_row[wide(*event)] == NONE {
                self.linked_row[wide(*event)] = self.linked_rows;
                self.linked_rows += 1;
            }
            self.links_of.push((wide(*event), link));
        }
    }

    /// The point's deviation is the pair's.
    pub fn order(&mut self, point: u32, pair: &Pair) {
        let how = Lie::After(pair.min.into(), pair.max.into());
        self.lie(point, (pair.first, pair.second), how);
    }

    /// The point's deviation is by how much the two events miss the relation.
    pub fn relate(&mut self, point: u32, pair: (u32, u32), relation: Relation, day: u32) {
        self.lie(point, pair, Lie::Related(relation, day));
    }

    fn lie(&mut self, point: u32, (first, second): (u32, u32), how: Lie) {
        let order = narrow(self.orders.len());
        self.orders.push(Order {
            point,
            first,
            second,
            how,
        });
        self.orders_of.push((wide(first), order));
        if second != first {
            self.orders_of.push((wide(second), order));
        }
    }
}

/// Hooks that say the same as one.
fn merged(mut hooks: Vec<(usize, StartHook)>) -> Vec<(usize, StartHook)> {
    let what = |(key, of): &(usize, StartHook)| (*key, of.gauge, of.shortest, of.longest, of.per_time);
    hooks.sort_by_key(what);
    hooks.dedup_by(|next, kept| {
        let same = what(next) == what(kept);
        if same {
            kept.1.times += next.1.times;
        }
        same
    });
    hooks
}

/// Wires a whole problem, or the beginning of one that nobody wants any more.
pub(super) fn build(problem: &Problem, wanted: &dyn Fn(&Rule, Subject) -> bool, watch: &Watch<'_>) -> Net {
    let (events, resources, times) = (problem.events.len(), problem.resources.len(), problem.times.len());
    let load_unit = problem.load_unit();
    let mut first_seat = vec![0];
    let (mut seat_fixed, mut seat_load) = (vec![], vec![]);
    let (mut first_slot, mut slot_event, mut first_cell) = (vec![], vec![], vec![0]);
    for (at, event) in (0..).zip(&problem.events) {
        for (seat, of) in event.seats.iter().enumerate() {
            seat_fixed.push(of.fixed.unwrap_or(NONE));
            seat_load.push(crate::problem::rules::limit_workload::share(
                event.load(seat),
                event.duration,
                load_unit,
            ));
        }
        first_seat.push(narrow(seat_fixed.len()));
        first_slot.push(narrow(slot_event.len()));
        for _ in 0..event.duration {
            slot_event.push(at);
            let last = first_cell.last().copied().unwrap_or(0);
            first_cell.push(last + narrow(event.seats.len()));
        }
    }
    let mut taken = vec![0; resources];
    for event in &problem.events {
        for who in event.seats.iter().filter_map(|s| s.fixed) {
            taken[wide(who)] += u64::from(event.duration);
        }
    }
    let mut wiring = Wiring {
        problem,
        points: vec![],
        gauges: vec![],
        cover_gauge: vec![],
        idles: vec![],
        idle_words: 0,
        loads: vec![],
        variety_gauge: vec![],
        variety_map: vec![],
        sets: vec![],
        links: vec![],
        linked_row: vec![NONE; events],
        linked_rows: 0,
        orders: vec![],
        first_seat,
        taken,
        on_start: vec![],
        on_meet: vec![],
        on_seat: vec![],
        on_busy: vec![],
        on_clash: vec![],
        on_load: vec![],
        links_of: vec![],
        orders_of: vec![],
        trails: Asked::default(),
    };
    let mut steps = 0;
    'whole: for (at, constraint) in (0..).zip(&problem.constraints) {
        let points = constraint.points(problem).into_iter();
        for subject in points.filter(|s| wanted(&constraint.rule, *s)) {
            steps += 1;
            if watch.is_over_at(steps) {
                break 'whole;
            }
            let point = narrow(wiring.points.len());
            wiring.points.push(Point::new(at, constraint, subject));
            constraint.rule.judge().wire(subject, point, &mut wiring);
        }
    }
    let seats = seat_fixed.len();
    let counted = |map: usize| wiring.variety_map.contains(&narrow(map));
    let places: Vec<Vec<u32>> = (0..)
        .zip(&problem.maps)
        .map(|(at, map)| match counted(at) {
            true => (0..narrow(resources))
                .map(|who| map.place(who).unwrap_or(NONE))
                .collect(),
            false => vec![],
        })
        .collect();
    Net {
        times: narrow(times),
        resources: narrow(resources),
        first_slot,
        slot_event,
        first_cell,
        seat_fixed,
        seat_load,
        resource_kind: problem.resources.iter().map(|r| r.kind).collect(),
        event_duration: problem.events.iter().map(|e| e.duration).collect(),
        event_time: problem.events.iter().map(|e| e.time.unwrap_or(NONE)).collect(),
        prices: wiring
            .points
            .iter()
            .map(|of| Price {
                weight: of.weight,
                cost: of.cost,
                hard: of.hard,
            })
            .collect(),
        points: wiring.points,
        gauges: wiring.gauges,
        cover_gauge: wiring.cover_gauge,
        idles: wiring.idles,
        idle_words: wiring.idle_words,
        loads: wiring.loads,
        load_unit,
        variety_gauge: wiring.variety_gauge,
        variety_width: places
            .iter()
            .map(|of| of.iter().filter(|p| **p != NONE).max().map_or(0, |most| most + 1))
            .fold(narrow(problem.resources.len()), u32::max),
        variety_map: wiring.variety_map,
        variety_places: places,
        sets: wiring.sets,
        links: wiring.links,
        linked_row: wiring.linked_row,
        linked_rows: wiring.linked_rows,
        orders: wiring.orders,
        on_start: Lists::new(events * (times + 1), merged(wiring.on_start)),
        on_meet: Lists::new(events, wiring.on_meet),
        on_seat: Lists::new(seats, wiring.on_seat),
        first_seat: wiring.first_seat,
        on_busy: Lists::new(resources * times, wiring.on_busy),
        on_clash: Lists::new(resources, wiring.on_clash),
        on_load: Lists::new(resources, wiring.on_load),
        links_of: Lists::new(events, wiring.links_of),
        orders_of: Lists::new(events, wiring.orders_of),
        trails: wiring.trails.finish(problem),
        demands: Demands::default(),
    }
}
