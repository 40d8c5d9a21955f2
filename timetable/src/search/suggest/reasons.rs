//! Which requirement a card breaks at its place, and which cards stand in the way.

use super::Advisor;
use crate::ids::wide;
use crate::problem::rules::walk_in_time::WalkInTime;
use crate::problem::{Rule, Subject};
use crate::search::net::NONE;

/// One rule that is broken more with the card at its place than it is now, and than it would be without the card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Position of the constraint.
    pub constraint: u32,
    /// Where it is broken.
    pub subject: Subject,
    /// Whether it is a requirement.
    pub hard: bool,
    /// By how much it costs more than that.
    pub price: i64,
    /// The cards that share in it, ascending: who is in the way.
    pub meets: Vec<u32>,
}

impl Advisor<'_> {
    /// By how much a point costs more than in `base`.
    pub(super) fn rise(&self, point: u32) -> i64 {
        let of = &self.net.points[wide(point)];
        let (old, new) = (self.base[wide(point)], self.state.deviations()[wide(point)]);
        of.weight * (of.cost.of(new) - of.cost.of(old))
    }

    /// The rules that are broken more than in `base`; requirements first, then by price.
    pub(super) fn reasons(&self, group: &[u32]) -> Vec<Reason> {
        let mut reasons = vec![];
        for hard in [true, false] {
            for point in self.state.broken(hard) {
                let price = self.rise(*point);
                if price <= 0 {
                    continue;
                }
                let of = &self.net.points[wide(*point)];
                let mut meets: Vec<u32> = self
                    .concerned(*point, group)
                    .into_iter()
                    .map(|slot| self.meets[wide(slot)])
                    .collect();
                meets.sort_unstable();
                meets.dedup();
                reasons.push(Reason {
                    constraint: of.constraint,
                    subject: of.subject,
                    hard,
                    price,
                    meets,
                });
            }
        }
        reasons.sort_by_key(|r| (!r.hard, -r.price, r.constraint));
        reasons
    }

    /// Slots outside the group that share in what is broken at a point because of the group's present places.
    pub(super) fn concerned(&self, point: u32, group: &[u32]) -> Vec<u32> {
        let of = &self.net.points[wide(point)];
        let rule = &self.problem.constraints[wide(of.constraint)].rule;
        let mut found = vec![];
        match of.subject {
            Subject::Resource(who) => match rule {
                Rule::AvoidUnavailableTimes(_) | Rule::LimitWorkload(_) => {}
                Rule::AvoidClashes(_) => {
                    for time in self.times_of(group, who) {
                        self.busy_slots(who, time, group, &mut found);
                    }
                }
                Rule::LimitIdleTimes(r) => self.in_groups(who, &r.time_groups, group, &mut found),
                Rule::ClusterBusyTimes(r) => self.in_groups(who, &r.time_groups, group, &mut found),
                Rule::LimitBusyTimes(r) => self.in_groups(who, &r.time_groups, group, &mut found),
                Rule::LimitLateStarts(r) => self.in_groups(who, &r.time_groups, group, &mut found),
                Rule::LimitPlaceChanges(r) => self.in_groups(who, &r.time_groups, group, &mut found),
                Rule::WalkInTime(r) => self.out_of_reach(who, r, group, &mut found),
                Rule::StartEarly(r) => {
                    let days: Vec<u32> = r.days.iter().map(|(day, _)| *day).collect();
                    self.in_groups(who, &days, group, &mut found);
                }
                Rule::LimitWholeDays(r) => {
                    let parts: Vec<u32> = r
                        .days
                        .iter()
                        .flat_map(|(first, second)| [*first, *second])
                        .collect();
                    self.in_groups(who, &parts, group, &mut found);
                }
                // of no resource: each is named, so that a new kind is not forgotten here
                Rule::AssignTime(_)
                | Rule::AssignResource(_)
                | Rule::PreferTimes(_)
                | Rule::PreferResources(_)
                | Rule::SplitEvents(_)
                | Rule::DistributeSplitEvents(_)
                | Rule::AvoidSplitAssignments(_)
                | Rule::SpreadEvents(_)
                | Rule::LinkEvents(_)
                | Rule::OrderEvents(_)
                | Rule::RelateEvents(_)
                | Rule::LimitRunning(_)
                | Rule::LimitTogether(_) => {}
            },
            Subject::Group(g) => {
                let starts: Vec<u32> = group.iter().filter_map(|s| self.state.time(*s)).collect();
                for event in self.domains.group(g) {
                    for slot in self.net.slots_of(*event) {
                        let alive = self.state.duration(slot) > 0 && !group.contains(&slot);
                        if alive && self.same_limit(rule, &starts, self.state.time(slot)) {
                            found.push(slot);
                        }
                    }
                }
            }
            Subject::Pair(p) => {
                let pair = match rule {
                    Rule::OrderEvents(rule) => rule.pairs.get(wide(p)).map(|pair| (pair.first, pair.second)),
                    Rule::RelateEvents(rule) => rule.pairs.get(wide(p)).copied(),
                    _ => None,
                };
                if let Some((first, second)) = pair {
                    for slot in self.net.slots_of(first).chain(self.net.slots_of(second)) {
                        if self.state.duration(slot) > 0 && !group.contains(&slot) {
                            found.push(slot);
                        }
                    }
                }
                if let Rule::LimitTogether(rule) = rule {
                    for who in rule.sets.get(wide(p)).into_iter().flatten() {
                        self.in_groups(*who, &rule.time_groups, group, &mut found);
                    }
                    found.sort_unstable();
                    found.dedup();
                }
            }
            Subject::Event(_) | Subject::Seat(..) => {}
        }
        found
    }

    /// The cards that requirements are broken about, in the order of the solution.
    #[must_use]
    pub fn troubled(&self) -> Vec<u32> {
        let mut slots = vec![];
        for point in self.state.broken(true) {
            let of = &self.net.points[wide(*point)];
            match of.subject {
                Subject::Resource(who) => {
                    let rule = &self.problem.constraints[wide(of.constraint)].rule;
                    let all = 0..self.net.times;
                    let times: Vec<u32> = match rule {
                        Rule::AvoidUnavailableTimes(rule) => rule.avoided(self.problem),
                        Rule::AvoidClashes(_) => all.filter(|t| self.state.busy(who, *t) > 1).collect(),
                        _ => all.collect(),
                    };
                    for time in times {
                        self.busy_slots(who, time, &[], &mut slots);
                    }
                }
                Subject::Event(e) | Subject::Seat(e, _) => slots.extend(self.net.slots_of(e)),
                Subject::Group(g) => {
                    let events = self.domains.group(g).iter();
                    slots.extend(events.flat_map(|e| self.net.slots_of(*e)));
                }
                Subject::Pair(_) => slots.extend(self.concerned(*point, &[])),
            }
        }
        let cards = slots.into_iter().map(|slot| self.meets[wide(slot)]);
        let mut cards: Vec<u32> = cards.filter(|m| *m != NONE).collect();
        cards.sort_unstable();
        cards.dedup();
        cards
    }

    /// Whether a start is limited together with one of these by a rule about spreading; any other rule limits all together.
    fn same_limit(&self, rule: &Rule, starts: &[u32], other: Option<u32>) -> bool {
        let Rule::SpreadEvents(rule) = rule else {
            return true;
        };
        let Some(other) = other else { return false };
        rule.limits.iter().any(|(group, _, _)| {
            let times = &self.problem.time_groups[wide(*group)].times;
            let inside = |t: &u32| times.binary_search(t).is_ok();
            inside(&other) && starts.iter().any(inside)
        })
    }

    /// The times that a resource has in a group of cards.
    fn times_of(&self, group: &[u32], who: u32) -> Vec<u32> {
        let mut times = vec![];
        for slot in group {
            if let Some(start) = self.state.time(*slot)
                && self.state.cells(*slot).contains(&who)
            {
                times.extend(start..start + self.state.duration(*slot));
            }
        }
        times
    }

    /// Other cards of a resource in the groups of times (days) where these cards have it; in all of them, if they have it nowhere.
    fn in_groups(&self, who: u32, groups: &[u32], cards: &[u32], found: &mut Vec<u32>) {
        let mine = self.times_of(cards, who);
        for group in groups {
            let times = &self.problem.time_groups[wide(*group)].times;
            let meant = mine.is_empty() || mine.iter().any(|t| times.binary_search(t).is_ok());
            if meant {
                for time in times {
                    self.busy_slots(who, *time, cards, found);
                }
            }
        }
    }

    /// The cards before and after these from which, or to which, the way is too long for somebody; if none of it is about these
    /// cards, all on the days where these are.
    fn out_of_reach(&self, who: u32, rule: &WalkInTime, cards: &[u32], found: &mut Vec<u32>) {
        let map = &self.problem.maps[wide(rule.map)];
        let before = found.len();
        for group in &rule.time_groups {
            let mut last: Option<((u32, u32), u32)> = None;
            for time in &self.problem.time_groups[wide(*group)].times {
                let Some(slot) = self.state.only(who, *time) else {
                    continue;
                };
                let Some(place) = self.state.cells(slot).iter().find_map(|w| map.place(*w)) else {
                    continue;
                };
                let event = self.net.slot_event[wide(slot)];
                let now = (*time, map.spot(place, event));
                if let Some((then, other)) = last
                    && WalkInTime::is_late(map, rule.gap, then, now)
                    && cards.contains(&slot) != cards.contains(&other)
                {
                    found.push(if cards.contains(&slot) { other } else { slot });
                }
                last = Some((now, slot));
            }
        }
        if found.len() == before {
            self.in_groups(who, &rule.time_groups, cards, found);
        }
    }

    /// The slots, other than those of the group, where a resource sits at a time.
    pub(super) fn busy_slots(&self, who: u32, time: u32, group: &[u32], found: &mut Vec<u32>) {
        match self.state.busy(who, time) {
            0 => {}
            1 => found.extend(self.state.only(who, time).filter(|s| !group.contains(s))),
            _ => {
                let at_time = |slot: &u32| {
                    let start = self.state.time(*slot);
                    let there = start.is_some_and(|s| s <= time && time < s + self.state.duration(*slot));
                    there && !group.contains(slot) && self.state.cells(*slot).contains(&who)
                };
                let own = group.iter().find(|s| {
                    let start = self.state.time(**s);
                    let there = start.is_some_and(|t| t <= time && time < t + self.state.duration(**s));
                    there && self.state.cells(**s).contains(&who)
                });
                match own.and_then(|own| self.state.beside(who, time, *own)) {
                    Some(other) if other != NONE => found.extend(Some(other).filter(at_time)),
                    _ => found.extend((0..self.net.slots()).filter(at_time)),
                }
            }
        }
    }
}
