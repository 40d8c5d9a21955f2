//! Whether what is left of the week suffices: for each person, each set of rooms, each group that is spread.

use std::collections::BTreeSet;

use super::conflict::Why;
use super::flow::{Part, Supply, fit, parts};
use super::known::{Known, Lesson};
use super::times::Times;
use crate::ids::{narrow, wide};

/// Most groups of times (days) of which all choices are tried.
const MOST_DAYS: usize = 8;
/// Most units of one flow.
const MOST_UNITS: u32 = 20_000;
/// Most sets of resources that are put together by twos.
const MOST_SETS: usize = 60;

fn supply(lesson: &Lesson) -> Supply {
    Supply {
        units: lesson.load(),
        times: lesson.cover(),
    }
}

impl Known<'_, '_> {
    /// What is impossible by counting, after all conclusions.
    pub fn count(&self) -> Result<(), Why> {
        self.time_enough()?;
        self.spread_enough()?;
        self.spread_time_enough()?;
        self.room_enough()?;
        self.days_enough()?;
        self.gaps_few()?;
        self.busy_enough()?;
        self.starts_enough()?;
        self.early_enough()?;
        self.ends_enough()?;
        self.work_little()
    }

    /// The largest flow, its work counted. Of more units than any school has, nothing is claimed.
    pub fn fit(&self, supplies: &[Supply], holds: &[u32], parts: &[Part]) -> u32 {
        let units: u32 = supplies.iter().map(|s| s.units).fold(0, u32::saturating_add);
        let each = wide(units).saturating_add(holds.len());
        self.budget.spend(each.saturating_mul(wide(units)) / 16);
        if units > MOST_UNITS || self.budget.is_empty() {
            return units;
        }
        fit(supplies, holds, parts)
    }

    pub(super) fn supplies(&self, who: u32) -> Vec<Supply> {
        let list = self.of[wide(who)].iter();
        list.map(|l| supply(&self.lessons[wide(*l)])).collect()
    }

    /// The limits of a resource's busy times in groups: one list for each rule.
    pub(super) fn hour_limits(&self, who: u32) -> Vec<Vec<Part>> {
        let rules = self.hours.iter().filter(|r| r.who == who);
        let limited = rules.filter_map(|rule| {
            let (groups, _, most) = self.model.bounds(rule.constraint);
            let sets: Vec<&Times> = groups.iter().map(|g| &self.model.groups[wide(*g)]).collect();
            let bites = sets.iter().any(|s| s.count() > most);
            let limits: Vec<(&Times, u32)> = sets.into_iter().map(|s| (s, most)).collect();
            bites.then(|| parts(self.model.times, &limits))
        });
        limited.collect()
    }

    fn time_enough(&self) -> Result<(), Why> {
        let holds = vec![1; wide(self.model.times)];
        for who in &self.busy {
            if !self.single[wide(*who)] {
                continue;
            }
            let supplies = self.supplies(*who);
            let needed: u32 = supplies.iter().map(|s| s.units).sum();
            let mut limits = self.hour_limits(*who);
            limits.insert(0, vec![]);
            for parts in limits {
                let available = self.fit(&supplies, &holds, &parts);
                if available < needed {
                    return Err(Why::Times {
                        resource: *who,
                        needed,
                        available,
                    });
                }
            }
        }
        Ok(())
    }

    /// Starts of a spread group within the limits, if they only may be within `open`.
    fn spread_within(&self, constraint: u32, group: u32, open: Option<&Times>) -> (u32, u32) {
        let limits: Vec<(&Times, u32)> = self
            .model
            .limits(constraint)
            .iter()
            .map(|(times, _, most)| (&self.model.groups[wide(*times)], *most))
            .collect();
        let parts = parts(self.model.times, &limits);
        let supplies: Vec<Supply> = self
            .weighed(group)
            .iter()
            .map(|(lesson, weight)| {
                let mut times = self.lessons[wide(*lesson)].starts.clone();
                if let Some(open) = open {
                    times.keep(open);
                }
                Supply {
                    units: *weight,
                    times,
                }
            })
            .collect();
        let needed = supplies.iter().map(|s| s.units).sum();
        self.budget.spend(supplies.len() + parts.len());
        if limits.iter().all(|l| l.1 >= needed) {
            return (needed, needed);
        }
        let holds = vec![needed; wide(self.model.times)];
        (needed, self.fit(&supplies, &holds, &parts))
    }

    fn spread_enough(&self) -> Result<(), Why> {
        for (constraint, group) in &self.spreads {
            let (needed, available) = self.spread_within(*constraint, *group, None);
            if available < needed {
                return Err(Why::Spread {
                    group: *group,
                    needed,
                    available,
                });
            }
        }
        Ok(())
    }

    /// A resource that may be busy on so many days: on every choice of them its lessons must find room, and stay spread.
    fn days_enough(&self) -> Result<(), Why> {
        let holds = vec![1; wide(self.model.times)];
        for rule in &self.days {
            let (groups, _, most) = self.model.bounds(rule.constraint);
            let (who, count) = (rule.who, groups.len());
            if wide(most) >= count || count > MOST_DAYS || self.of[wide(who)].is_empty() {
                continue;
            }
            let spreads: Vec<(u32, u32)> = self
                .spreads
                .iter()
                .copied()
                .filter(|(_, group)| {
                    let all = self.weighed(*group);
                    all.len() > 1 && all.iter().all(|(l, _)| self.of[wide(who)].contains(l))
                })
                .collect();
            let mut limits = self.hour_limits(who);
            limits.push(vec![]);
            let supplies = self.supplies(who);
            let needed: u32 = supplies.iter().map(|s| s.units).sum();
            let works = |choice: u32| {
                let mut open = Times::first_of(self.model.times, self.model.times);
                for (at, group) in groups.iter().enumerate() {
                    if choice >> at & 1 == 0 {
                        open.take_out(&self.model.groups[wide(*group)]);
                    }
                }
                let within: Vec<Supply> = supplies
                    .iter()
                    .map(|s| Supply {
                        units: s.units,
                        times: s.times.both(&open),
                    })
                    .collect();
                if within.iter().any(|s| s.times.is_empty()) {
                    return false;
                }
                let fits = |parts: &Vec<Part>| self.fit(&within, &holds, parts) == needed;
                let spread = |(c, g): &(u32, u32)| {
                    let (needed, found) = self.spread_within(*c, *g, Some(&open));
                    found == needed
                };
                (!self.single[wide(who)] || limits.iter().all(fits)) && spreads.iter().all(spread)
            };
            let choices = (0..1_u32 << count).filter(|c| c.count_ones() == most);
            if !self.budget.is_empty() && !choices.into_iter().any(works) {
                return Err(Why::Days {
                    resource: who,
                    allowed: most,
                });
            }
        }
        Ok(())
    }

    /// Those who must choose among some resources find them, at the times at which they can run.
    fn room_enough(&self) -> Result<(), Why> {
        let several = self.seats.iter().filter(|s| s.allowed.len() > 1);
        let sets: BTreeSet<&Vec<u32>> = several.map(|s| &s.allowed).collect();
        let mut sets: Vec<Vec<u32>> = sets.into_iter().cloned().collect();
        if sets.len() <= MOST_SETS {
            for a in 0..sets.len() {
                for b in 0..a {
                    if sets[a].iter().any(|r| sets[b].contains(r)) {
                        let mut both = [sets[a].clone(), sets[b].clone()].concat();
                        both.sort_unstable();
                        both.dedup();
                        if !sets.contains(&both) {
                            sets.push(both);
                        }
                    }
                }
            }
        }
        for set in sets {
            self.budget.spend(self.seats.len() * set.len() / 4);
            if self.budget.is_empty() {
                return Ok(());
            }
            if !set.iter().all(|r| self.single[wide(*r)]) {
                continue;
            }
            let inside = self
                .seats
                .iter()
                .filter(|s| s.allowed.iter().all(|r| set.binary_search(r).is_ok()));
            let mut lessons: Vec<u32> = inside.map(|s| s.lesson).collect();
            let fixed = set.iter().flat_map(|r| &self.model.events_of[wide(*r)]);
            lessons.extend(fixed.filter_map(|e| self.lesson(*e)));
            let supplies: Vec<Supply> = lessons.iter().map(|l| supply(&self.lessons[wide(*l)])).collect();
            let mut holds = vec![narrow(set.len()); wide(self.model.times)];
            for away in set.iter().filter_map(|r| self.away.get(r)) {
                for time in away.iter() {
                    holds[wide(time)] -= 1;
                }
            }
            let needed: u32 = supplies.iter().map(|s| s.units).sum();
            let available = self.fit(&supplies, &holds, &[]);
            if available < needed {
                return Err(Why::Rooms {
                    resources: set,
                    needed,
                    available,
                });
            }
        }
        Ok(())
    }

    fn work_little(&self) -> Result<(), Why> {
        for (who, most) in &self.work {
            let mut needed = 0_u32;
            for lesson in &self.of[wide(*who)] {
                let event = self.model.problem.event(self.lessons[wide(*lesson)].event);
                for (at, seat) in event.seats.iter().enumerate() {
                    if seat.fixed == Some(*who) {
                        needed = needed.saturating_add(event.load(at));
                    }
                }
            }
            if needed > *most {
                return Err(Why::Work {
                    resource: *who,
                    needed,
                    available: *most,
                });
            }
        }
        Ok(())
    }
}
