//! What follows: filters take out starts until nothing changes, or until something cannot be.

use std::collections::HashMap;

use super::conflict::Why;
use super::known::{Known, Lesson, OpenSeat};
use super::times::Times;
use crate::ids::wide;

impl Known<'_, '_> {
    /// Draws conclusions until there are no more.
    pub fn conclude(&mut self) -> Result<(), Why> {
        self.absences()?;
        loop {
            self.budget.spend(self.lessons.len() + self.busy.len());
            if self.budget.is_empty() {
                return Ok(());
            }
            let mut changed = self.linked()?;
            changed |= self.ordered()?;
            changed |= self.related()?;
            changed |= self.partnered()?;
            changed |= self.on_their_way()?;
            changed |= self.few_moves()?;
            changed |= self.begun_early()?;
            changed |= self.clashes()?;
            changed |= self.seated()?;
            changed |= self.spread()?;
            changed |= self.full_days()?;
            if !changed {
                return Ok(());
            }
        }
    }

    fn absences(&mut self) -> Result<(), Why> {
        for lesson in &self.lessons {
            Self::check(lesson, false)?;
        }
        for group in &self.links {
            let events = self.model.problem.event_groups[wide(*group)].events.iter();
            let lessons: Vec<u32> = events.filter_map(|e| self.lesson(*e)).collect();
            self.budget.spend(lessons.len() * lessons.len() / 8);
            for (at, a) in lessons.iter().enumerate() {
                for b in &lessons[..at] {
                    self.together(*b, *a)?;
                }
                if self.budget.is_empty() {
                    break;
                }
            }
        }
        let away: Vec<(u32, Times)> = self.away.iter().map(|(who, set)| (*who, set.clone())).collect();
        for (who, set) in away {
            for lesson in self.of[wide(who)].clone() {
                let touching = set.starts_touching(self.lessons[wide(lesson)].length);
                self.take_out(lesson, &touching)?;
            }
        }
        Ok(())
    }

    /// Events that run at once.
    fn linked(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for group in self.links.clone() {
            let events = self.model.problem.event_groups[wide(group)].events.iter();
            let mut lessons: Vec<u32> = events.filter_map(|e| self.lesson(*e)).collect();
            lessons.dedup();
            self.budget.spend(lessons.len());
            for pair in lessons.windows(2).chain(lessons.windows(2).rev()) {
                let [a, b] = *pair else { continue };
                changed |= self.follow(a, b)?;
                changed |= self.follow(b, a)?;
            }
        }
        Ok(changed)
    }

    /// What two events that run at once must not be.
    fn together(&self, a: u32, b: u32) -> Result<(), Why> {
        let (a, b) = (&self.lessons[wide(a)], &self.lessons[wide(b)]);
        let events = [a.event, b.event];
        if a.count == 1 && b.count == 1 && a.length != b.length && !self.is_stub(a) && !self.is_stub(b) {
            return Err(Why::Together {
                events,
                resource: None,
            });
        }
        let who = |l: &Lesson| {
            self.model
                .problem
                .event(l.event)
                .seats
                .iter()
                .filter_map(|s| s.fixed)
        };
        let common = who(a).find(|r| self.single[wide(*r)] && who(b).any(|w| w == *r));
        match common {
            Some(_) if a.event != b.event => Err(Why::Together {
                events,
                resource: common,
            }),
            _ => Ok(()),
        }
    }

    /// A lock of an event that may be in pieces stands for its first time only.
    pub(super) fn is_stub(&self, lesson: &Lesson) -> bool {
        lesson.load() != self.model.problem.event(lesson.event).duration
    }

    /// `a` only runs when `b` can.
    fn follow(&mut self, a: u32, b: u32) -> Result<bool, Why> {
        let (la, lb) = (&self.lessons[wide(a)], &self.lessons[wide(b)]);
        if self.is_stub(lb) || self.is_stub(la) {
            return Ok(false);
        }
        if la.count == 1 && lb.count == 1 {
            let set = lb.starts.clone();
            return self.keep(a, &set);
        }
        let cover = lb.cover();
        if la.length == 1 {
            return self.keep(a, &cover);
        }
        let mut outside = Times::first_of(self.model.times, self.model.times);
        outside.take_out(&cover);
        let bad = outside.starts_touching(la.length);
        self.take_out(a, &bad)
    }

    fn ordered(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for (constraint, pair) in self.orders.clone() {
            let Some(pair) = self.model.pair(constraint, pair) else {
                continue;
            };
            let (Some(a), Some(b)) = (self.lesson(pair.first), self.lesson(pair.second)) else {
                continue;
            };
            let (first, second) = (&self.lessons[wide(a)], &self.lessons[wide(b)]);
            let stub = self.is_stub(first) || self.is_stub(second);
            if first.count != 1 || second.count != 1 || stub || a == b {
                continue;
            }
            let (all, length) = (self.model.times, first.length);
            let near = |start: u32| {
                let end = start + length;
                (end.saturating_add(pair.min), end.saturating_add(pair.max))
            };
            let mut after = Times::none(all);
            let mut before = Times::none(all);
            for start in first.starts.iter() {
                let (from, to) = near(start);
                let mut any = false;
                for other in second.starts.iter().filter(|s| (from..=to).contains(s)) {
                    after.add(other);
                    any = true;
                }
                if any {
                    before.add(start);
                }
            }
            let pairs = wide(first.starts.count()) * wide(second.starts.count());
            self.budget.spend(pairs / 8);
            if before.is_empty() {
                return Err(Why::Order {
                    events: [pair.first, pair.second],
                });
            }
            changed |= self.keep(a, &before)?;
            changed |= self.keep(b, &after)?;
        }
        Ok(changed)
    }

    /// Where one lesson of a resource certainly runs, no other does.
    fn clashes(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for who in self.busy.clone() {
            if !self.single[wide(who)] {
                continue;
            }
            let list = self.of[wide(who)].clone();
            let mut owner: HashMap<u32, u32> = HashMap::new();
            let mut taken = Times::none(self.model.times);
            for lesson in &list {
                for time in self.lessons[wide(*lesson)].certain() {
                    if let Some(other) = owner.insert(time, *lesson) {
                        let events = [other, *lesson].map(|l| self.lessons[wide(l)].event);
                        return Err(Why::Clash {
                            resource: who,
                            time,
                            events,
                        });
                    }
                    taken.add(time);
                }
            }
            if taken.is_empty() {
                continue;
            }
            self.budget.spend(list.len());
            for lesson in list {
                let own = self.lessons[wide(lesson)].certain();
                let mut others = taken.clone();
                others.take_out(&Times::of(self.model.times, own));
                let touching = others.starts_touching(self.lessons[wide(lesson)].length);
                changed |= self.take_out(lesson, &touching)?;
            }
        }
        Ok(changed)
    }

    /// A lesson runs when one of those who may take its seat is there.
    fn seated(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        let all = Times::first_of(self.model.times, self.model.times);
        for at in 0..self.seats.len() {
            let OpenSeat { lesson, allowed } = &self.seats[at];
            let (lesson, length) = (*lesson, self.lessons[wide(*lesson)].length);
            if allowed.is_empty() {
                let event = self.lessons[wide(lesson)].event;
                return Err(Why::NoRoom { event });
            }
            if allowed.iter().any(|r| !self.away.contains_key(r)) {
                continue;
            }
            let mut possible = Times::none(self.model.times);
            for room in allowed {
                let mut here = all.clone();
                if let Some(away) = self.away.get(room) {
                    here.take_out(&away.starts_touching(length));
                }
                possible.join(&here);
            }
            self.budget.spend(allowed.len());
            changed |= self.keep(lesson, &possible)?;
        }
        Ok(changed)
    }

    /// A group of times that has its most starts takes no more.
    fn spread(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for (constraint, group) in self.spreads.clone() {
            let lessons = self.weighed(group);
            for (times, _, most) in self.model.limits(constraint) {
                if *most >= lessons.iter().map(|l| l.1).sum() {
                    continue;
                }
                let set = &self.model.groups[wide(*times)];
                let (mut inside, mut others) = (0, vec![]);
                for (lesson, weight) in &lessons {
                    let of = &self.lessons[wide(*lesson)];
                    if of.starts.is_within(set) {
                        inside += weight;
                    } else if of.count == 1 && of.starts.meets(set) {
                        others.push((*lesson, *weight));
                    }
                }
                self.budget.spend(lessons.len());
                if inside > *most {
                    return Err(Why::Spread {
                        group,
                        needed: inside,
                        available: *most,
                    });
                }
                for (lesson, weight) in others {
                    if inside + weight > *most {
                        changed |= self.take_out(lesson, set)?;
                    }
                }
            }
        }
        Ok(changed)
    }

    /// Lessons of a group that certainly take place, with how often each is in it.
    pub fn weighed(&self, group: u32) -> Vec<(u32, u32)> {
        let mut all: Vec<(u32, u32)> = vec![];
        let mut place: HashMap<u32, usize> = HashMap::new();
        for event in &self.model.problem.event_groups[wide(group)].events {
            let Some(lesson) = self.lesson(*event) else {
                continue;
            };
            let at = *place.entry(lesson).or_insert(all.len());
            match all.get_mut(at) {
                Some(known) => known.1 += 1,
                None => all.push((lesson, 1)),
            }
        }
        all
    }

    /// Who has as many busy days as allowed, is not busy on others.
    fn full_days(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for rule in self.days.clone() {
            let (groups, _, most) = self.model.bounds(rule.constraint);
            if wide(most) >= groups.len() || !self.model.apart(groups) {
                continue;
            }
            let list = self.of[wide(rule.who)].clone();
            let busy = |g: &u32| {
                let set = &self.model.groups[wide(*g)];
                list.iter().any(|l| self.lessons[wide(*l)].cover().is_within(set))
            };
            let (certain, free): (Vec<u32>, Vec<u32>) = groups.iter().partition(|g| busy(g));
            self.budget.spend(groups.len() * list.len());
            if certain.len() > wide(most) {
                return Err(Why::Days {
                    resource: rule.who,
                    allowed: most,
                });
            }
            if certain.len() < wide(most) {
                continue;
            }
            let mut closed = Times::none(self.model.times);
            for group in free {
                closed.join(&self.model.groups[wide(group)]);
            }
            for lesson in list {
                let touching = closed.starts_touching(self.lessons[wide(lesson)].length);
                changed |= self.take_out(lesson, &touching)?;
            }
        }
        Ok(changed)
    }
}
