//! Gaps that cannot be avoided: a day on which somebody is away in the middle has two halves, and who wants to be busy in both has a
//! gap between.

use std::collections::BTreeMap;

use super::conflict::Why;
use super::known::Known;
use super::times::Times;
use crate::ids::wide;

/// For each number of gaps: the most busy times with at most so many of them. `None`: it cannot be.
type Most = Vec<Option<u32>>;

impl Known<'_, '_> {
    /// With as few gaps as demanded, everybody's lessons still find room.
    pub fn gaps_few(&self) -> Result<(), Why> {
        let mut by_person: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for rule in &self.gaps {
            if !self.of[wide(rule.who)].is_empty() {
                by_person.entry(rule.who).or_default().push(rule.constraint);
            }
        }
        for (who, rules) in by_person {
            let load: u32 = self.of[wide(who)]
                .iter()
                .map(|l| self.lessons[wide(*l)].load())
                .sum();
            let mut certain = Times::none(self.model.times);
            for lesson in &self.of[wide(who)] {
                certain.join(&Times::of(
                    self.model.times,
                    self.lessons[wide(*lesson)].certain(),
                ));
            }
            for free in self.free(who) {
                self.enough_with_gaps(who, &rules, load, &certain, &free)?;
            }
        }
        Ok(())
    }

    /// Times at which a person may be busy: all but absences; and only those that a lesson of hers can take, if it is
    /// known which lessons she has.
    fn free(&self, who: u32) -> Vec<Times> {
        let mut present = Times::first_of(self.model.times, self.model.times);
        if let Some(away) = self.away.get(&who) {
            present.take_out(away);
        }
        let kind = self.model.problem.resources[wide(who)].kind;
        let events = &self.model.events_of[wide(who)];
        let known = !self.model.open[wide(kind)] && events.iter().all(|e| self.lesson(*e).is_some());
        let mut free = vec![present.clone()];
        if known {
            let mut cover = Times::none(self.model.times);
            for lesson in &self.of[wide(who)] {
                cover.join(&self.lessons[wide(*lesson)].cover());
            }
            present.keep(&cover);
            free.push(present);
        }
        free
    }

    fn enough_with_gaps(
        &self,
        who: u32,
        rules: &[u32],
        load: u32,
        certain: &Times,
        free: &Times,
    ) -> Result<(), Why> {
        let mut counted = Times::none(self.model.times);
        let mut sum = 0;
        for constraint in rules {
            let (groups, _, allowed) = self.model.bounds(*constraint);
            let sets = || groups.iter().map(|g| &self.model.groups[wide(*g)]);
            if !self.model.apart(groups) {
                continue;
            }
            let fault = Why::Gaps {
                resource: who,
                allowed,
            };
            let size = sets().map(Times::count).max().unwrap_or(0);
            let all_times: u32 = sets().map(Times::count).sum();
            if allowed >= all_times {
                continue;
            }
            let cap = wide(allowed);
            let work = groups.len() * ((cap + 1) * (cap + 1) + wide(size) * wide(size)) / 8;
            self.budget.spend(work);
            if self.budget.is_empty() {
                return Ok(());
            }
            let mut best: Most = vec![Some(0); cap + 1];
            for (set, group) in sets().zip(groups) {
                let day = self.day(set, free, certain, self.hours_on(who, *group), cap);
                let joined = (0..=cap).map(|gaps| {
                    let ways = (0..=gaps).filter_map(|here| Some(day[here]? + best[gaps - here]?));
                    ways.max()
                });
                best = joined.collect();
            }
            let Some(most) = best[cap] else {
                return Err(fault);
            };
            // Rules about the same days are each enough by themselves.
            let mut all = Times::none(self.model.times);
            sets().for_each(|set| all.join(set));
            let outside = free.both(&{
                let mut rest = Times::first_of(self.model.times, self.model.times);
                rest.take_out(&all);
                rest
            });
            if self.single[wide(who)] && most + outside.count() < load {
                return Err(fault);
            }
            if !counted.meets(&all) {
                counted.join(&all);
                sum += most;
            }
        }
        let mut rest = free.clone();
        rest.take_out(&counted);
        match rules {
            [first, ..] if self.single[wide(who)] && sum + rest.count() < load => Err(Why::Gaps {
                resource: who,
                allowed: self.model.bounds(*first).2,
            }),
            _ => Ok(()),
        }
    }

    /// Most busy times that the limits leave a person on a day.
    fn hours_on(&self, who: u32, group: u32) -> u32 {
        let rules = self.hours.iter().filter(|r| r.who == who);
        let limits = rules.filter_map(|r| {
            let (groups, _, most) = self.model.bounds(r.constraint);
            groups.contains(&group).then_some(most)
        });
        limits.min().unwrap_or(u32::MAX)
    }

    /// A day: by how many gaps at most, how many busy times.
    fn day(&self, set: &Times, free: &Times, certain: &Times, most: u32, cap: usize) -> Most {
        let times: Vec<u32> = set.iter().collect();
        let is_free: Vec<bool> = times.iter().map(|t| free.has(*t) || certain.has(*t)).collect();
        let must = || (0..times.len()).filter(|at| certain.has(times[*at]));
        let (earliest, latest) = (must().next(), must().next_back());
        let mut found: Most = vec![None; cap + 1];
        if earliest.is_none() {
            found[0] = Some(0);
        }
        for first in 0..times.len() {
            let (mut busy, mut idle) = (0, 0);
            for last in first..times.len() {
                if is_free[last] {
                    busy += 1;
                } else {
                    idle += 1;
                }
                let holds_all = earliest.is_none_or(|e| first <= e) && latest.is_none_or(|l| last >= l);
                if holds_all && idle <= cap && is_free[first] && is_free[last] {
                    found[idle] = found[idle].max(Some(most.min(busy)));
                }
            }
        }
        for gaps in 1..=cap {
            found[gaps] = found[gaps].max(found[gaps - 1]);
        }
        found
    }
}
