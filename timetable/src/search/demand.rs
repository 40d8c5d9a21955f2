//! How many seats that are still to be given find somebody at all, time by time: the first half of the search where teachers and
//! rooms are to be chosen.
//!
//! Whoever gives a block of a dozen linked courses another time must find a dozen teachers there, and moving times and
//! teachers together seldom does. So times are given first, with every open seat empty, under one more rule: at each time the
//! open seats of each kind can be filled by different resources (a matching; its deficit is hard cost). Who sits where is
//! chosen after that. See the record of decisions, 0007.

use super::domains::Domains;
use super::net::{NONE, Net};
use super::wiring::Lists;
use crate::ids::{narrow, wide};
use crate::problem::{Problem, Rule, Subject};
use crate::watch::Watch;

/// Open seats by kind of resource, with those who may sit there.
#[derive(Debug, Default)]
pub(super) struct Demands {
    /// Words of a set of resources of one kind.
    pub words: usize,
    /// Kind and row of each open seat of an event.
    pub of_event: Lists<(u32, u32)>,
    /// Sets of those who may sit on a seat, by row.
    pub sets: Vec<u64>,
    /// Those of each kind who may be busy at each time, by kind and time.
    pub supply: Vec<u64>,
    /// Kind and place in the sets of each resource; `NONE` for those who are never chosen.
    pub place: Vec<(u32, u32)>,
}

impl Demands {
    /// The demands of a problem; nothing if no seat is open.
    pub fn new(problem: &Problem, net: &Net, domains: &Domains) -> Self {
        let mut kind_of = vec![NONE; problem.kinds.len()];
        let mut members: Vec<Vec<u32>> = vec![];
        let mut place = vec![(NONE, 0); problem.resources.len()];
        for event in &domains.seated {
            for seat in domains.open(*event) {
                let key = wide(net.first_seat[wide(*event)]) + wide(*seat);
                for who in domains.choices(key) {
                    if place[wide(*who)].0 != NONE {
                        continue;
                    }
                    let kind = &mut kind_of[wide(net.resource_kind[wide(*who)])];
                    if *kind == NONE {
                        *kind = narrow(members.len());
                        members.push(vec![]);
                    }
                    let list = &mut members[wide(*kind)];
                    place[wide(*who)] = (*kind, narrow(list.len()));
                    list.push(*who);
                }
            }
        }
        let words = members.iter().map(|m| m.len().div_ceil(64)).max().unwrap_or(0);
        let mut sets: Vec<u64> = vec![];
        let mut rows = std::collections::HashMap::new();
        let mut of_event = vec![];
        for event in &domains.seated {
            for seat in domains.open(*event) {
                let key = wide(net.first_seat[wide(*event)]) + wide(*seat);
                let choices = domains.choices(key);
                if domains.may_be_empty(key) {
                    continue;
                }
                let Some(kind) = choices.first().map(|who| place[wide(*who)].0) else {
                    continue;
                };
                let row = *rows.entry(choices).or_insert_with(|| {
                    let first = sets.len();
                    sets.extend(std::iter::repeat_n(0, words));
                    for who in choices {
                        let at = place[wide(*who)].1;
                        sets[first + wide(at / 64)] |= 1 << (at % 64);
                    }
                    narrow(first)
                });
                of_event.push((wide(*event), (kind, row)));
            }
        }
        let mut supply = vec![];
        for list in &members {
            for time in 0..net.times {
                let first = supply.len();
                supply.extend(std::iter::repeat_n(0, words));
                for (at, who) in (0_u32..).zip(list) {
                    if !domains.is_closed(*who, time) {
                        supply[first + wide(at / 64)] |= 1 << (at % 64);
                    }
                }
            }
        }
        Self {
            words,
            of_event: Lists::new(problem.events.len(), of_event),
            sets,
            supply,
            place,
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.of_event.is_empty()
    }
}

/// A problem with its open seats left open: only times are to be chosen.
#[derive(Debug)]
pub struct Times {
    pub(super) net: Net,
    pub(super) domains: Domains,
}

impl Times {
    /// The wired problem.
    #[must_use]
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// What may be chosen.
    #[must_use]
    pub fn domains(&self) -> &Domains {
        &self.domains
    }

    /// Prepares it; nothing if no seat has to be filled.
    pub(super) fn new(problem: &Problem, whole: &Domains, watch: &Watch<'_>) -> Option<Self> {
        if watch.is_over() || !whole.wants_one_person() {
            return None;
        }
        let mut open = vec![false; problem.kinds.len()];
        for event in &whole.seated {
            for seat in whole.open(*event) {
                let of = &problem.events[wide(*event)].seats[wide(*seat)];
                open[wide(of.kind)] = true;
            }
        }
        let wanted = |rule: &Rule, subject: Subject| match (rule, subject) {
            // They say nothing about times as long as the open seats are empty,
            (
                Rule::AssignResource(_)
                | Rule::PreferResources(_)
                | Rule::AvoidSplitAssignments(_)
                | Rule::LimitWorkload(_),
                _,
            ) => false,
            (Rule::AvoidClashes(_) | Rule::AvoidUnavailableTimes(_), _) => true,
            // nor do the days of those who will sit there.
            (_, Subject::Resource(who)) => !open[wide(problem.resources[wide(who)].kind)],
            _ => true,
        };
        let mut net = super::wiring::build(problem, &wanted, watch);
        let domains = Domains::new(problem, &net, watch);
        if watch.is_over() {
            return None;
        }
        net.demands = Demands::new(problem, &net, &domains);
        if net.demands.is_empty() {
            return None;
        }
        let domains = domains.without_seats(problem.events.len());
        Some(Self { net, domains })
    }
}
