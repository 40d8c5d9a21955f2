//! Events that must lie to one another in a certain way: of a pair, and of two lists of which nobody has said who is whose partner.
//! Of such lists only what holds for every choice is used.

use super::conflict::Why;
use super::flow::Supply;
use super::known::Known;
use super::model::{Bond, Lie};
use super::times::Times;
use crate::ids::{narrow, wide};
use crate::problem::Rule;
use crate::problem::rules::relate_events::Relation;

impl Known<'_, '_> {
    /// Whether a lesson is in one piece of its full length.
    pub(super) fn is_plain(&self, lesson: u32) -> bool {
        let of = &self.lessons[wide(lesson)];
        of.count == 1 && !self.is_stub(of)
    }

    /// Whether somebody who is in one place only sits in both.
    fn share(&self, a: u32, b: u32) -> bool {
        let who = |lesson: u32| {
            let event = self.model.problem.event(self.lessons[wide(lesson)].event);
            event.seats.iter().filter_map(|seat| seat.fixed)
        };
        who(a).any(|one| self.single[wide(one)] && who(b).any(|other| other == one))
    }

    /// Whether two lessons lie as they must if they start there; who sits in both is not in two places.
    fn fits(&self, lie: Lie, (a, x): (u32, u32), (b, y): (u32, u32), share: bool) -> bool {
        let first = (x, x + self.lessons[wide(a)].length);
        let second = (y, y + self.lessons[wide(b)].length);
        let at_once = share && first.0 < second.1 && second.0 < first.1;
        !at_once && lie.is_met(first, second)
    }

    /// Starts of the one for which the other has a start, and the other way round.
    fn supported(&self, lie: Lie, a: u32, b: u32) -> (Times, Times) {
        let (one, other) = (&self.lessons[wide(a)].starts, &self.lessons[wide(b)].starts);
        self.budget.spend(wide(one.count() + other.count()) / 4);
        // two of which each may lie on several days have nothing to do with one another yet
        let several = |starts: &Times, day: u32| {
            let (first, last) = (starts.first().unwrap_or(0), starts.last().unwrap_or(0));
            first / day.max(1) != last / day.max(1)
        };
        let share = self.share(a, b);
        if let Some(day) = lie.asks_of_one_day()
            && several(one, day)
            && several(other, day)
        {
            return (one.clone(), other.clone());
        }
        let all = self.model.times;
        // each start may be held against each
        self.budget.spend(wide(one.count()) * wide(other.count()) / 8);
        let good = one
            .iter()
            .filter(|x| other.iter().any(|y| self.fits(lie, (a, *x), (b, y), share)));
        let others = other
            .iter()
            .filter(|y| one.iter().any(|x| self.fits(lie, (a, x), (b, *y), share)));
        (Times::of(all, good), Times::of(all, others))
    }

    /// Pairs that must lie to one another in a certain way.
    pub(super) fn related(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for at in 0..self.relations.len() {
            let (constraint, pair) = self.relations[at];
            let Some((first, second, lie)) = self.model.related(constraint, pair) else {
                continue;
            };
            let (Some(a), Some(b)) = (self.lesson(first), self.lesson(second)) else {
                continue;
            };
            if a == b || !self.is_plain(a) || !self.is_plain(b) {
                continue;
            }
            let (good, others) = self.supported(lie, a, b);
            if good.is_empty() || others.is_empty() {
                return Err(Why::Related {
                    events: [first, second],
                });
            }
            changed |= self.keep(a, &good)?;
            changed |= self.keep(b, &others)?;
            if self.budget.is_empty() {
                break;
            }
        }
        Ok(changed)
    }

    /// The lessons of these events, each once: what is asked for twice needs no second partner.
    fn once(&self, events: impl Iterator<Item = u32>) -> Vec<u32> {
        let mut lessons: Vec<u32> = events.filter_map(|event| self.lesson(event)).collect();
        lessons.sort_unstable();
        lessons.dedup();
        lessons
    }

    /// Each of the shorter list has a partner of its own in the longer one: it starts where one of them can be beside it, and there are
    /// enough of them for all.
    pub(super) fn partnered(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for bond in self.partners.keys().copied().collect::<Vec<u32>>() {
            let model = self.model;
            let of = &model.bonds[wide(bond)];
            let Some((first, second)) = self.sides(of) else {
                continue;
            };
            let pairs = self.partners.get(&bond).cloned().unwrap_or_default();
            if first.len() <= second.len() {
                let wanting = self.once(pairs.iter().map(|(one, _)| *one));
                changed |= self.find_partners(of.lie, &wanting, &second, true)?;
            }
            if second.len() <= first.len() {
                let wanting = self.once(pairs.iter().map(|(_, other)| *other));
                changed |= self.find_partners(of.lie, &wanting, &first, false)?;
            }
            if self.budget.is_empty() {
                break;
            }
        }
        Ok(changed)
    }

    /// The lessons of both lists, if all of them certainly take place in one piece.
    fn sides(&self, of: &Bond) -> Option<(Vec<u32>, Vec<u32>)> {
        let lessons = |events: &[u32]| {
            let all = events.iter().map(|event| self.lesson(*event));
            let all: Vec<u32> = all.collect::<Option<_>>()?;
            all.iter().all(|lesson| self.is_plain(*lesson)).then_some(all)
        };
        Some((lessons(&of.lists.first)?, lessons(&of.lists.second)?))
    }

    /// `ahead`: those that want a partner are the first of a pair.
    fn find_partners(&mut self, lie: Lie, wanting: &[u32], others: &[u32], ahead: bool) -> Result<bool, Why> {
        let all = self.model.times;
        let (mut changed, mut edges) = (false, vec![]);
        for one in wanting {
            let mut good = Times::none(all);
            let mut mine = vec![];
            for (at, other) in others.iter().enumerate() {
                let beside = match ahead {
                    true => self.supported(lie, *one, *other).0,
                    false => self.supported(lie, *other, *one).1,
                };
                if !beside.is_empty() {
                    mine.push(at);
                    good.join(&beside);
                }
            }
            if mine.is_empty() {
                let events = vec![self.lessons[wide(*one)].event];
                return Err(Why::Partners { events });
            }
            changed |= self.keep(*one, &good)?;
            edges.push(mine);
        }
        let mut taken: Vec<Option<usize>> = vec![None; others.len()];
        for one in 0..wanting.len() {
            self.budget.spend(others.len());
            if !give(one, &edges, &mut taken, &mut vec![false; others.len()]) {
                let events = wanting.iter().map(|l| self.lessons[wide(*l)].event).collect();
                return Err(Why::Partners { events });
            }
        }
        Ok(changed)
    }

    /// Who ends the day of others leaves them the times before: wherever it lies, all lessons of whom they share must find room.
    pub(super) fn ends_enough(&self) -> Result<(), Why> {
        let mut last: Vec<u32> = vec![];
        let mut before: Vec<(u32, u32, Lie)> = vec![];
        for (constraint, pair) in &self.relations {
            let ends = match &self.model.problem.constraints[wide(*constraint)].rule {
                Rule::RelateEvents(rule) => rule.relation == Relation::BeforeOnDay,
                _ => false,
            };
            let pair = self.model.related(*constraint, *pair).filter(|_| ends);
            let Some((first, second, lie)) = pair else {
                continue;
            };
            if let (Some(a), Some(b)) = (self.lesson(first), self.lesson(second))
                && a != b
                && self.is_plain(a)
                && self.is_plain(b)
            {
                before.push((b, a, lie));
                last.push(b);
            }
        }
        last.sort_unstable();
        last.dedup();
        before.sort_unstable_by_key(|(b, a, _)| (*b, *a));
        let holds = vec![1; wide(self.model.times)];
        for lesson in last {
            let from = before.partition_point(|(b, ..)| *b < lesson);
            let to = before.partition_point(|(b, ..)| *b <= lesson);
            let event = self.lessons[wide(lesson)].event;
            let seats = &self.model.problem.event(event).seats;
            for who in seats
                .iter()
                .filter_map(|s| s.fixed)
                .filter(|w| self.single[wide(*w)])
            {
                let own = &self.of[wide(who)];
                let others: Vec<&(u32, u32, Lie)> = before[from..to]
                    .iter()
                    .filter(|(_, a, _)| own.binary_search(a).is_ok())
                    .collect();
                let (supplies, mut best) = (self.supplies(who), 0);
                let needed: u32 = supplies.iter().map(|s| s.units).sum();
                if others.is_empty() || supplies.len() != own.len() {
                    continue;
                }
                let starts: Vec<u32> = self.lessons[wide(lesson)].starts.iter().collect();
                // late in the week there is most room before it
                for start in starts.into_iter().rev() {
                    self.budget.spend(own.len() * 4);
                    if self.budget.is_empty() {
                        return Ok(());
                    }
                    let with = self.with_last(own, &supplies, (lesson, start), &others);
                    best = best.max(self.fit(&with, &holds, &[]));
                    if best >= needed {
                        break;
                    }
                }
                if best < needed {
                    return Err(Why::Times {
                        resource: who,
                        needed,
                        available: best,
                    });
                }
            }
        }
        Ok(())
    }

    /// What somebody's lessons take if one of them starts there, and others must not lie after it.
    fn with_last(
        &self,
        own: &[u32],
        supplies: &[Supply],
        (last, start): (u32, u32),
        others: &[&(u32, u32, Lie)],
    ) -> Vec<Supply> {
        let all = self.model.times;
        let each = own.iter().zip(supplies).map(|(lesson, usual)| {
            let of = &self.lessons[wide(*lesson)];
            let tied = others.iter().find(|(_, a, _)| a == lesson);
            let times = match tied {
                _ if *lesson == last => Times::of(all, start..start + of.length),
                Some((.., lie)) => {
                    let good = of
                        .starts
                        .iter()
                        .filter(|x| self.fits(*lie, (*lesson, *x), (last, start), false));
                    Times::of(all, good).covered(of.length)
                }
                None => usual.times.clone(),
            };
            Supply {
                units: usual.units,
                times,
            }
        });
        each.collect()
    }
}

/// Finds a partner for one, moving others on if need be.
fn give(one: usize, edges: &[Vec<usize>], taken: &mut [Option<usize>], seen: &mut [bool]) -> bool {
    for at in &edges[one] {
        if std::mem::replace(&mut seen[*at], true) {
            continue;
        }
        let free = match taken[*at] {
            None => true,
            Some(holder) => give(holder, edges, taken, seen),
        };
        if free {
            taken[*at] = Some(one);
            return true;
        }
    }
    false
}

impl Known<'_, '_> {
    /// A day on which a resource is busy begins with one of its early times: a day that none of its lessons can begin is free, and who
    /// alone can begin a day does.
    pub(super) fn begun_early(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for at in 0..self.early.len() {
            let who = self.early[at].who;
            let Some(own) = self.all_of(who) else { continue };
            for (day, early) in self.beginnings(self.early[at].constraint) {
                let model = self.model;
                let (day, early) = (&model.groups[wide(day)], &model.groups[wide(early)]);
                self.budget.spend(own.len());
                let covers = |lesson: &&u32| self.lessons[wide(**lesson)].cover();
                let mut begins = own.iter().filter(|l| covers(l).meets(early));
                match (begins.next(), begins.next()) {
                    (None, _) => {
                        for lesson in &own {
                            let touching = day.starts_touching(self.lessons[wide(*lesson)].length);
                            changed |= self.take_out(*lesson, &touching)?;
                        }
                    }
                    (Some(only), None) if own.iter().any(|l| covers(&l).is_within(day)) => {
                        let of = &self.lessons[wide(*only)];
                        if of.count == 1 {
                            let touching = early.starts_touching(of.length);
                            changed |= self.keep(*only, &touching)?;
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(changed)
    }

    /// Lessons of a resource, if these are all that it can have, each of its full length.
    fn all_of(&self, who: u32) -> Option<Vec<u32>> {
        let kind = self.model.problem.resources[wide(who)].kind;
        if self.model.open[wide(kind)] {
            return None;
        }
        let events = self.model.events_of[wide(who)].iter();
        let lessons = events.map(|event| self.lesson(*event));
        let lessons: Vec<u32> = lessons.collect::<Option<_>>()?;
        let whole = |lesson: &u32| !self.is_stub(&self.lessons[wide(*lesson)]);
        lessons.iter().all(whole).then_some(lessons)
    }

    /// Days, each with its early times.
    fn beginnings(&self, constraint: u32) -> Vec<(u32, u32)> {
        match &self.model.problem.constraints[wide(constraint)].rule {
            Rule::StartEarly(rule) => rule.days.clone(),
            _ => vec![],
        }
    }

    /// Days with lessons are no more than can begin early: each needs a lesson of its own there.
    pub(super) fn early_enough(&self) -> Result<(), Why> {
        for rule in &self.early {
            let Some(own) = self.all_of(rule.who) else {
                continue;
            };
            let busy = |day: u32| {
                let set = &self.model.groups[wide(day)];
                own.iter().any(|l| self.lessons[wide(*l)].cover().is_within(set))
            };
            let days = self.beginnings(rule.constraint).into_iter();
            let early: Vec<u32> = days
                .filter(|(day, _)| busy(*day))
                .map(|(_, early)| early)
                .collect();
            if early.is_empty() || !self.model.apart(&early) {
                continue;
            }
            let reaches = own.iter().map(|lesson| {
                let of = &self.lessons[wide(*lesson)];
                let cover = of.cover();
                let here = early.iter().enumerate();
                let here = here.filter(|(_, e)| cover.meets(&self.model.groups[wide(**e)]));
                Supply {
                    units: of.load(),
                    times: Times::of(narrow(early.len()), here.map(|(at, _)| narrow(at))),
                }
            });
            let reaches: Vec<Supply> = reaches.collect();
            let needed = narrow(early.len());
            let available = self.fit(&reaches, &vec![1; early.len()], &[]);
            if available < needed && !self.budget.is_empty() {
                return Err(Why::Early {
                    resource: rule.who,
                    needed,
                    available,
                });
            }
        }
        Ok(())
    }
}
