//! What follows from some of the requirements: where each event can still start. Filters draw conclusions until nothing
//! changes or something cannot be.

use std::cell::Cell;
use std::collections::HashMap;

use super::conflict::Why;
use super::model::{Clause, Model};
use super::times::Times;
use crate::ids::{narrow, wide};

/// No lesson.
const NONE: u32 = u32::MAX;

/// An event that takes place: `count` pieces of `length` times each.
pub(super) struct Lesson {
    pub event: u32,
    pub length: u32,
    pub count: u32,
    /// Starts of a piece.
    pub starts: Times,
}

impl Lesson {
    /// Times at which it may run.
    pub fn cover(&self) -> Times {
        self.starts.covered(self.length)
    }

    /// Times that it takes.
    pub fn load(&self) -> u32 {
        self.length * self.count
    }

    /// Times at which it runs wherever it starts; none if it is in pieces.
    pub fn certain(&self) -> std::ops::Range<u32> {
        match (self.starts.first(), self.starts.last()) {
            (Some(first), Some(last)) if self.count == 1 => last..first + self.length,
            _ => 0..0,
        }
    }
}

/// A seat to be filled, and who may.
pub(super) struct OpenSeat {
    pub lesson: u32,
    pub allowed: Vec<u32>,
}

/// A resource's rule about groups of times.
#[derive(Clone, Copy)]
pub(super) struct Bounded {
    pub constraint: u32,
    pub who: u32,
}

/// Steps of reasoning that are left; when they are used up, nothing more is claimed.
pub(super) struct Budget(Cell<u64>);

impl Budget {
    pub fn new(steps: u64) -> Self {
        Self(Cell::new(steps))
    }

    pub fn spend(&self, steps: usize) {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        self.0.set(self.0.get().saturating_sub(steps));
    }

    pub fn is_empty(&self) -> bool {
        self.0.get() == 0
    }
}

/// Conclusions.
pub(super) struct Known<'m, 'a> {
    pub model: &'m Model<'a>,
    pub budget: &'m Budget,
    pub lessons: Vec<Lesson>,
    at: Vec<u32>,
    pub single: Vec<bool>,
    pub away: HashMap<u32, Times>,
    links: Vec<u32>,
    orders: Vec<(u32, u32)>,
    pub spreads: Vec<(u32, u32)>,
    pub days: Vec<Bounded>,
    pub hours: Vec<Bounded>,
    pub gaps: Vec<Bounded>,
    pub work: Vec<(u32, u32)>,
    pub seats: Vec<OpenSeat>,
    /// Lessons where a resource certainly sits.
    pub of: Vec<Vec<u32>>,
    /// Resources with lessons.
    pub busy: Vec<u32>,
}

impl<'m, 'a> Known<'m, 'a> {
    /// What the marked members say by themselves.
    pub fn new(model: &'m Model<'a>, budget: &'m Budget, active: &[u32]) -> Self {
        let problem = model.problem;
        let mut known = Self {
            model,
            budget,
            lessons: vec![],
            at: vec![NONE; problem.events.len()],
            single: vec![false; problem.resources.len()],
            away: HashMap::new(),
            links: vec![],
            orders: vec![],
            spreads: vec![],
            days: vec![],
            hours: vec![],
            gaps: vec![],
            work: vec![],
            seats: vec![],
            of: vec![vec![]; problem.resources.len()],
            busy: vec![],
        };
        let clauses = || active.iter().map(|m| model.members[wide(*m)].1);
        budget.spend(active.len());
        let mut locks: HashMap<u32, u32> = HashMap::new();
        let mut whole = vec![false; problem.events.len()];
        for clause in clauses() {
            match clause {
                Clause::Lock { event, start } => {
                    locks.insert(event, start);
                    known.place(event);
                }
                Clause::Place { event } => known.place(event),
                Clause::Whole { event } => whole[wide(event)] = true,
                Clause::Single { who } => known.single[wide(who)] = true,
                Clause::Away { who, set } => {
                    let away = known.away.entry(who);
                    let away = away.or_insert_with(|| Times::none(model.times));
                    away.join(&model.sets[wide(set)]);
                }
                Clause::Link { group } => known.links.push(group),
                Clause::Order { constraint, pair } => known.orders.push((constraint, pair)),
                Clause::Spread { constraint, group } => known.spreads.push((constraint, group)),
                Clause::Days { constraint, who } => known.days.push(Bounded { constraint, who }),
                Clause::Hours { constraint, who } => known.hours.push(Bounded { constraint, who }),
                Clause::Gaps { constraint, who } => known.gaps.push(Bounded { constraint, who }),
                Clause::Work { who, most } => known.work.push((who, most)),
                Clause::Starts { .. } | Clause::Seat { .. } | Clause::Among { .. } => {}
            }
        }
        let mut rules: HashMap<u32, Vec<(Option<u32>, u32)>> = HashMap::new();
        for clause in clauses() {
            if let Clause::Starts { event, duration, set } = clause {
                rules.entry(event).or_default().push((duration, set));
            }
        }
        for lesson in &mut known.lessons {
            let duration = problem.event(lesson.event).duration;
            let rules = rules.get(&lesson.event).map_or(&[][..], Vec::as_slice);
            let lock = locks.get(&lesson.event).copied();
            *lesson = open(
                model,
                lesson.event,
                duration,
                whole[wide(lesson.event)],
                lock,
                rules,
            );
        }
        known.sit(clauses());
        known
    }

    fn place(&mut self, event: u32) {
        let at = &mut self.at[wide(event)];
        if *at == NONE && self.model.problem.event(event).duration > 0 {
            *at = narrow(self.lessons.len());
            self.lessons.push(Lesson {
                event,
                length: 1,
                count: 1,
                starts: Times::none(self.model.times),
            });
        }
    }

    /// Finds who sits where: fixed seats, and open ones that only one resource may take.
    fn sit(&mut self, clauses: impl Iterator<Item = Clause>) {
        let model = self.model;
        let mut seats: HashMap<(u32, u32), Option<Vec<u32>>> = HashMap::new();
        let mut among: Vec<(u32, u32, u32)> = vec![];
        for clause in clauses {
            match clause {
                Clause::Seat { event, seat } if self.lesson(event).is_some() => {
                    seats.insert((event, seat), None);
                }
                Clause::Among { event, seat, list } => among.push((event, seat, list)),
                _ => {}
            }
        }
        for (event, seat, list) in among {
            let Some(allowed) = seats.get_mut(&(event, seat)) else {
                continue;
            };
            let kind = model.problem.event(event).seats[wide(seat)].kind;
            let good = &model.lists[wide(list)];
            let is_good = |r: &u32| good.binary_search(r).is_ok();
            match allowed {
                Some(rest) => rest.retain(is_good),
                None => {
                    let of_kind = good.iter().copied();
                    let right = |r: &u32| model.problem.resources[wide(*r)].kind == kind;
                    *allowed = Some(of_kind.filter(right).collect());
                }
            }
        }
        for (at, lesson) in (0..).zip(&self.lessons) {
            for who in model
                .problem
                .event(lesson.event)
                .seats
                .iter()
                .filter_map(|s| s.fixed)
            {
                if self.of[wide(who)].last() != Some(&at) {
                    self.of[wide(who)].push(at);
                }
            }
        }
        let mut seats: Vec<_> = seats.into_iter().collect();
        seats.sort_unstable();
        for ((event, seat), allowed) in seats {
            let kind = model.problem.event(event).seats[wide(seat)].kind;
            let allowed = allowed.unwrap_or_else(|| model.of_kind[wide(kind)].clone());
            let lesson = self.at[wide(event)];
            if let [only] = allowed.as_slice() {
                self.of[wide(*only)].push(lesson);
            }
            self.seats.push(OpenSeat { lesson, allowed });
        }
        for list in &mut self.of {
            list.sort_unstable();
            list.dedup();
        }
        let busy = (0..).zip(&self.of).filter(|(_, list)| !list.is_empty());
        self.busy = busy.map(|(who, _)| who).collect();
    }

    /// The lesson of an event that certainly takes place.
    pub fn lesson(&self, event: u32) -> Option<u32> {
        Some(self.at[wide(event)]).filter(|at| *at != NONE)
    }

    fn keep(&mut self, lesson: u32, set: &Times) -> Result<bool, Why> {
        let lesson = &mut self.lessons[wide(lesson)];
        let less = lesson.starts.keep(set);
        Self::check(lesson, less)
    }

    /// Takes out starts.
    pub fn take_out(&mut self, lesson: u32, set: &Times) -> Result<bool, Why> {
        let lesson = &mut self.lessons[wide(lesson)];
        let less = lesson.starts.take_out(set);
        Self::check(lesson, less)
    }

    fn check(lesson: &Lesson, less: bool) -> Result<bool, Why> {
        if lesson.starts.is_empty() {
            return Err(Why::Nowhere { event: lesson.event });
        }
        Ok(less)
    }

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
    fn is_stub(&self, lesson: &Lesson) -> bool {
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
            self.budget.spend(wide(first.starts.count()));
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
        for event in &self.model.problem.event_groups[wide(group)].events {
            let Some(lesson) = self.lesson(*event) else {
                continue;
            };
            match all.iter_mut().find(|l| l.0 == lesson) {
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

/// An event with the starts that its own rules leave.
fn open(
    model: &Model<'_>,
    event: u32,
    duration: u32,
    whole: bool,
    lock: Option<u32>,
    rules: &[(Option<u32>, u32)],
) -> Lesson {
    let allowed = |length: u32| {
        let mut starts = Times::first_of(model.times, (model.times + 1).saturating_sub(length));
        for (of, set) in rules {
            if of.is_none_or(|d| d == length) {
                starts.keep(&model.sets[wide(*set)]);
            }
        }
        starts
    };
    let in_one = whole || duration == 1;
    match lock {
        Some(start) => {
            // In pieces, all of them would begin there; of these only the first time is certain.
            let length = if in_one { duration } else { 1 };
            let mut starts = Times::of(model.times, [start]);
            for (of, set) in rules {
                if of.is_none_or(|d| in_one && d == length) {
                    starts.keep(&model.sets[wide(*set)]);
                }
            }
            Lesson {
                event,
                length,
                count: 1,
                starts,
            }
        }
        None if in_one => Lesson {
            event,
            length: duration,
            count: 1,
            starts: allowed(duration),
        },
        None => {
            let mut cover = Times::none(model.times);
            for length in 1..=duration.min(model.times) {
                cover.join(&allowed(length).covered(length));
            }
            Lesson {
                event,
                length: 1,
                count: duration,
                starts: cover,
            }
        }
    }
}
