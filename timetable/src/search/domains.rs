//! What a move may choose from: starts that break no hard rule by themselves, resources that may sit on a seat, events that
//! run together.

mod groups;

use super::net::{NONE, Net};
use super::wiring::Lists;
use crate::ids::{narrow, wide};
use crate::problem::{Problem, Rule};
use crate::watch::Watch;
use groups::{partners, varieties, whole_events};

/// Choices, fixed for a problem.
#[derive(Debug)]
pub struct Domains {
    /// Good starts under `first_slot[event] + duration - 1`.
    starts: Lists<u32>,
    good: Vec<bool>,
    /// Resources that may sit on a seat, under its key; empty for a fixed seat.
    seats: Lists<u32>,
    /// Whether nobody may sit there without breaking a hard rule.
    may_be_empty: Vec<bool>,
    /// Whether a hard rule keeps a resource away at a time.
    closed: Vec<bool>,
    /// Seats of each event that are to be chosen.
    open: Lists<u32>,
    /// Events that run together with an event.
    partners: Lists<u32>,
    /// Seats that should have the same resource: group number under a seat's key.
    varieties: Lists<u32>,
    /// Event and seat of each such group.
    variety_seats: Lists<(u32, u32)>,
    /// Events with a fixed seat of a resource.
    events_of: Lists<u32>,
    /// Events whose time is to be chosen.
    pub(super) movable: Vec<u32>,
    /// Events with seats to be chosen.
    pub(super) seated: Vec<u32>,
    /// Movable events of a duration beyond one.
    pub(super) divisible: Vec<u32>,
    /// Events in a group, for points about groups.
    groups: Lists<u32>,
    /// Events that a point about a pair or a set is about.
    about: Lists<u32>,
    /// Times at which a resource breaks a point by being busy.
    closed_times: Lists<u32>,
    /// Whether a point is about clashes.
    clashes: Vec<bool>,
    times: u32,
}

impl Domains {
    /// Works out the choices; not all of them once nobody wants them any more.
    #[must_use]
    pub(crate) fn new(problem: &Problem, net: &Net, watch: &Watch<'_>) -> Self {
        let times = wide(net.times);
        let (bad_start, bad_at, closed) = static_costs(problem, net);
        let slots = net.slot_event.len();
        let (mut starts, mut good) = (vec![], vec![false; slots * times]);
        let mut costs = vec![];
        let together = partners(problem, true);
        let together = Lists::new(problem.events.len(), together);
        for (at, event) in problem.events.iter().enumerate() {
            if watch.is_over_at(at) {
                break;
            }
            for duration in 1..=event.duration {
                let key = wide(net.first_slot[at] + duration - 1);
                costs.clear();
                for start in 0..=net.times.saturating_sub(duration) {
                    if duration > net.times {
                        break;
                    }
                    let mut cost = 0;
                    // Whoever runs together with it has to be there, too.
                    let others = together
                        .of(at)
                        .iter()
                        .filter(|e| duration <= net.event_duration[wide(**e)]);
                    for event in others.copied().chain([narrow(at)]) {
                        cost += i64::from(duration) * bad_start[wide(event)].cost(start, duration);
                        if let Some(bad) = bad_at.get(&event) {
                            let times = wide(start)..wide(start + duration);
                            cost += bad[times].iter().sum::<i64>();
                        }
                    }
                    costs.push(cost);
                }
                let least = costs.iter().min().copied().unwrap_or(0);
                for (start, cost) in costs.iter().enumerate() {
                    if *cost == least {
                        starts.push((key, narrow(start)));
                        good[key * times + start] = true;
                    }
                }
            }
        }
        let seat_count = net.seat_fixed.len();
        let (seats, may_be_empty) = seat_choices(problem, net, watch);
        let open = each_seat(problem, |_, _, seat| seat.fixed.is_none());
        let fixed = (0..)
            .zip(&problem.events)
            .flat_map(|(e, event)| {
                let fixed = event.seats.iter().filter_map(|s| s.fixed);
                fixed.map(move |r| (wide(r), e))
            })
            .collect();
        let open: Vec<(usize, u32)> = open.into_iter().map(|(e, s)| (wide(e), s)).collect();
        let mut seated: Vec<u32> = open.iter().map(|(e, _)| narrow(*e)).collect();
        seated.dedup();
        let events = problem.events.len();
        let movable: Vec<u32> = (0..narrow(events))
            .filter(|e| net.event_time[wide(*e)] == NONE && net.event_duration[wide(*e)] > 0)
            .collect();
        let whole = whole_events(problem);
        let (varieties, variety_seats, variety_count) = varieties(problem, net);
        Self {
            starts: Lists::new(slots, starts),
            good,
            seats: Lists::new(seat_count, seats),
            may_be_empty,
            closed,
            open: Lists::new(events, open),
            partners: Lists::new(events, partners(problem, false)),
            varieties: Lists::new(seat_count, varieties),
            variety_seats: Lists::new(variety_count, variety_seats),
            events_of: Lists::new(problem.resources.len(), fixed),
            divisible: movable
                .iter()
                .copied()
                .filter(|e| net.event_duration[wide(*e)] > 1 && !whole[wide(*e)])
                .collect(),
            movable,
            seated,
            groups: Lists::new(
                problem.event_groups.len(),
                problem
                    .event_groups
                    .iter()
                    .enumerate()
                    .flat_map(|(g, of)| of.events.iter().map(move |e| (g, *e)))
                    .collect(),
            ),
            about: Lists::new(net.points.len(), about(problem, net, watch)),
            closed_times: Lists::new(net.points.len(), closed_times(problem, net, watch)),
            clashes: net
                .points
                .iter()
                .map(|p| {
                    let rule = &problem.constraints[wide(p.constraint)].rule;
                    matches!(rule, Rule::AvoidClashes(_))
                })
                .collect(),
            times: net.times,
        }
    }

    /// The same, but no seat is to be chosen.
    pub(super) fn without_seats(mut self, events: usize) -> Self {
        self.open = Lists::new(events, vec![]);
        self.seated.clear();
        self
    }

    /// Whether seats that are to be chosen should have one resource, in several meets.
    pub(super) fn wants_one_person(&self) -> bool {
        !self.varieties.is_empty()
    }

    /// Whether a point is about clashes of its resource.
    #[inline]
    pub(super) fn is_about_clashes(&self, point: u32) -> bool {
        self.clashes[wide(point)]
    }

    /// The events that a point about a pair or a set is about; none for other points.
    #[inline]
    pub(super) fn about(&self, point: u32) -> &[u32] {
        self.about.of(wide(point))
    }

    /// The times at which the resource of a point breaks it by being busy; none for points of other rules.
    #[inline]
    pub(super) fn closed_times(&self, point: u32) -> &[u32] {
        self.closed_times.of(wide(point))
    }

    /// Starts for a meet of an event that break no more hard rules by themselves than they must.
    #[inline]
    pub(super) fn starts(&self, net: &Net, event: u32, duration: u32) -> &[u32] {
        self.starts.of(wide(net.first_slot[wide(event)] + duration - 1))
    }

    /// Whether a start is among them.
    #[inline]
    pub(super) fn is_good(&self, net: &Net, event: u32, duration: u32, start: u32) -> bool {
        let key = wide(net.first_slot[wide(event)] + duration - 1);
        start < self.times && self.good[key * wide(self.times) + wide(start)]
    }

    /// Resources that may sit on a seat.
    #[inline]
    pub(super) fn choices(&self, seat_key: usize) -> &[u32] {
        self.seats.of(seat_key)
    }

    /// Whether the seat may be empty at no hard cost.
    #[inline]
    pub(super) fn may_be_empty(&self, seat_key: usize) -> bool {
        self.may_be_empty[seat_key]
    }

    /// Whether a hard rule keeps a resource away at a time.
    #[inline]
    pub(super) fn is_closed(&self, resource: u32, time: u32) -> bool {
        self.closed[wide(resource) * wide(self.times) + wide(time)]
    }

    /// Seats to be chosen.
    #[inline]
    pub(super) fn open(&self, event: u32) -> &[u32] {
        self.open.of(wide(event))
    }

    /// Events that run together with this one.
    #[inline]
    pub(super) fn partners(&self, event: u32) -> &[u32] {
        self.partners.of(wide(event))
    }

    /// Groups of seats that should have one resource, for a seat.
    #[inline]
    pub(super) fn varieties(&self, seat_key: usize) -> &[u32] {
        self.varieties.of(seat_key)
    }

    /// The seats of such a group.
    #[inline]
    pub(super) fn variety_seats(&self, group: u32) -> &[(u32, u32)] {
        self.variety_seats.of(wide(group))
    }

    /// Events where the resource always sits.
    #[inline]
    pub(super) fn events_of(&self, resource: u32) -> &[u32] {
        self.events_of.of(wide(resource))
    }

    /// Events of a group.
    #[inline]
    pub(super) fn group(&self, group: u32) -> &[u32] {
        self.groups.of(wide(group))
    }
}

/// Hard costs of starts of one event that only depend on the start.
#[derive(Clone, Default)]
struct StartCosts {
    /// Duration meant (zero: all), price, good starts.
    rules: Vec<(u32, i64, std::rc::Rc<Vec<bool>>)>,
}

impl StartCosts {
    fn cost(&self, start: u32, duration: u32) -> i64 {
        let meant = self
            .rules
            .iter()
            .filter(|(d, _, good)| (*d == 0 || *d == duration) && !good[wide(start)]);
        meant.map(|(_, price, _)| price).sum()
    }
}

type BusyCosts = std::collections::HashMap<u32, Vec<i64>>;

fn static_costs(problem: &Problem, net: &Net) -> (Vec<StartCosts>, BusyCosts, Vec<bool>) {
    let times = wide(net.times);
    let mut start = vec![StartCosts::default(); problem.events.len()];
    let mut resource = vec![vec![]; problem.resources.len()];
    for constraint in problem.constraints.iter().filter(|c| c.required) {
        match &constraint.rule {
            Rule::PreferTimes(rule) => {
                let mut good = vec![false; times];
                let grouped = rule
                    .time_groups
                    .iter()
                    .flat_map(|g| &problem.time_groups[wide(*g)].times);
                for time in grouped.chain(&rule.times) {
                    good[wide(*time)] = true;
                }
                let good = std::rc::Rc::new(good);
                for event in constraint.scope.all_events(problem) {
                    start[wide(event)].rules.push((
                        rule.duration.unwrap_or(0),
                        constraint.weight.into(),
                        good.clone(),
                    ));
                }
            }
            Rule::AvoidUnavailableTimes(rule) => {
                let avoided = rule.avoided(problem);
                for who in constraint.scope.all_resources(problem) {
                    let row = &mut resource[wide(who)];
                    row.resize(times, 0);
                    for time in &avoided {
                        row[wide(*time)] += i64::from(constraint.weight);
                    }
                }
            }
            _ => {}
        }
    }
    let mut busy = BusyCosts::new();
    for (at, event) in (0..).zip(&problem.events) {
        for seat in &event.seats {
            if let Some(row) = seat.fixed.map(|r| &resource[wide(r)]).filter(|r| !r.is_empty()) {
                let sum = busy.entry(at).or_insert_with(|| vec![0; times]);
                for (to, from) in sum.iter_mut().zip(row) {
                    *to += from;
                }
            }
        }
    }
    let mut closed = vec![false; times * resource.len()];
    for (who, row) in resource.iter().enumerate() {
        for (time, cost) in row.iter().enumerate() {
            closed[who * times + time] = *cost > 0;
        }
    }
    (start, busy, closed)
}

fn closed_times(problem: &Problem, net: &Net, watch: &Watch<'_>) -> Vec<(usize, u32)> {
    let mut all = vec![];
    for (at, point) in net.points.iter().enumerate() {
        if watch.is_over_at(at) {
            break;
        }
        let rule = &problem.constraints[wide(point.constraint)].rule;
        if let Rule::AvoidUnavailableTimes(rule) = rule {
            all.extend(rule.avoided(problem).into_iter().map(|t| (at, t)));
        }
    }
    all
}

fn about(problem: &Problem, net: &Net, watch: &Watch<'_>) -> Vec<(usize, u32)> {
    let mut of = vec![vec![]; problem.resources.len()];
    for (at, event) in (0..).zip(&problem.events) {
        for who in event.seats.iter().filter_map(|s| s.fixed) {
            of[wide(who)].push(at);
        }
    }
    let mut all = vec![];
    for (at, point) in net.points.iter().enumerate() {
        if watch.is_over_at(at) {
            break;
        }
        let crate::problem::Subject::Pair(pair) = point.subject else {
            continue;
        };
        let mut add = |event: u32| all.push((at, event));
        match &problem.constraints[wide(point.constraint)].rule {
            Rule::OrderEvents(rule) => {
                let pair = &rule.pairs[wide(pair)];
                [pair.first, pair.second].into_iter().for_each(add);
            }
            Rule::RelateEvents(rule) => {
                let (first, second) = rule.pairs[wide(pair)];
                [first, second].into_iter().for_each(add);
            }
            Rule::LimitTogether(rule) => {
                for who in &rule.sets[wide(pair)] {
                    of[wide(*who)].iter().copied().for_each(&mut add);
                }
            }
            _ => {}
        }
    }
    all
}

fn each_seat(problem: &Problem, wanted: impl Fn(u32, u32, &crate::problem::Seat) -> bool) -> Vec<(u32, u32)> {
    let mut all = vec![];
    for (at, event) in (0..).zip(&problem.events) {
        for (seat, of) in (0..).zip(&event.seats) {
            if wanted(at, seat, of) {
                all.push((at, seat));
            }
        }
    }
    all
}

fn seat_choices(problem: &Problem, net: &Net, watch: &Watch<'_>) -> (Vec<(usize, u32)>, Vec<bool>) {
    let seat_count = net.seat_fixed.len();
    let mut empty_costs = vec![false; seat_count];
    let mut prices: std::collections::HashMap<usize, Vec<i64>> = std::collections::HashMap::new();
    for (n, constraint) in problem.constraints.iter().filter(|c| c.required).enumerate() {
        if watch.is_over_at(n) {
            break;
        }
        let seats = constraint.points(problem).into_iter().filter_map(|s| match s {
            crate::problem::Subject::Seat(e, seat) => Some(wide(net.first_seat[wide(e)]) + wide(seat)),
            _ => None,
        });
        match &constraint.rule {
            Rule::AssignResource(_) => {
                for key in seats {
                    empty_costs[key] = true;
                }
            }
            Rule::PreferResources(rule) => {
                let good = rule.good(problem);
                for key in seats {
                    let row = prices
                        .entry(key)
                        .or_insert_with(|| vec![0; problem.resources.len()]);
                    for (who, price) in (0..).zip(row.iter_mut()) {
                        if good.binary_search(&who).is_err() {
                            *price += i64::from(constraint.weight);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut by_kind = vec![vec![]; problem.kinds.len()];
    for (at, resource) in (0..).zip(&problem.resources) {
        by_kind[wide(resource.kind)].push(at);
    }
    let mut choices = vec![];
    for (at, event) in problem.events.iter().enumerate() {
        if watch.is_over_at(at) {
            break;
        }
        for (seat, of) in event.seats.iter().enumerate() {
            if of.fixed.is_some() {
                continue;
            }
            let key = wide(net.first_seat[at]) + seat;
            let all = &by_kind[wide(of.kind)];
            let row = prices.get(&key);
            let price = |who: u32| row.map_or(0, |r| r[wide(who)]);
            let least = all.iter().map(|r| price(*r)).min().unwrap_or(0);
            choices.extend(all.iter().filter(|r| price(**r) == least).map(|r| (key, *r)));
        }
    }
    (choices, empty_costs.into_iter().map(|c| !c).collect())
}

#[cfg(test)]
mod tests;
