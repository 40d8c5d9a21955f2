//! What spread courses leave of the week, counted together: five courses of five lessons, one a day each, need five hours of
//! their teacher on every day, also on the one that has four. A largest flow from lessons over what each course may have in a
//! part of the week to the hours, and over what the person may have in a part.

use super::conflict::Why;
use super::flow::{Part, Supply, parts};
use super::known::Known;
use super::times::Times;
use crate::ids::wide;

/// A group of lessons that is spread.
struct Course {
    /// Limits of the course in parts of the week that have no time in common.
    parts: Vec<Part>,
}

impl Known<'_, '_> {
    /// Each person finds an hour for every lesson while courses stay spread. Only lessons of one hour count as spread: where a
    /// longer one begins and where it runs may lie in different parts, and one that may come in pieces may also come in a
    /// piece of two hours, which begins once and takes both.
    pub(super) fn spread_time_enough(&self) -> Result<(), Why> {
        let (courses, of_lesson) = self.courses();
        for who in self.busy.iter().filter(|who| self.single[wide(**who)]) {
            let own = &self.of[wide(*who)];
            let (mut supplies, mut course_of) = (vec![], vec![]);
            for lesson in own {
                let lesson_of = &self.lessons[wide(*lesson)];
                supplies.push(Supply {
                    units: lesson_of.load(),
                    times: lesson_of.cover(),
                });
                course_of.push(of_lesson[wide(*lesson)].filter(|_| lesson_of.load() == 1));
            }
            if course_of.iter().all(Option::is_none) {
                continue;
            }
            let needed: u32 = supplies.iter().map(|s| s.units).sum();
            let mut limits = self.hour_limits(*who);
            limits.insert(0, vec![]);
            for own_parts in limits {
                self.budget.spend(wide(needed) * supplies.len() * 8);
                if self.budget.is_empty() {
                    return Ok(());
                }
                let available = flow(self.model.times, &supplies, &course_of, &courses, &own_parts);
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

    /// What is spread, and the course of each lesson (the first one, if there are several). A lesson that counts twice in its
    /// course is taken as counting once: that claims less.
    fn courses(&self) -> (Vec<Course>, Vec<Option<usize>>) {
        let mut of_lesson = vec![None; self.lessons.len()];
        let mut courses = vec![];
        for (constraint, group) in &self.spreads {
            let limits = self.model.limits(*constraint).iter();
            let limits: Vec<(&Times, u32)> = limits
                .map(|(times, _, most)| (&self.model.groups[wide(*times)], *most))
                .collect();
            self.budget.spend(limits.len() * wide(self.model.times) / 16);
            for (lesson, _) in self.weighed(*group) {
                of_lesson[wide(lesson)].get_or_insert(courses.len());
            }
            courses.push(Course {
                parts: parts(self.model.times, &limits),
            });
        }
        (courses, of_lesson)
    }
}

/// The largest number of units that find a time at once.
fn flow(
    times: u32,
    supplies: &[Supply],
    course_of: &[Option<usize>],
    courses: &[Course],
    own: &[Part],
) -> u32 {
    let mut net = Network::default();
    let (source, sink) = (net.node(), net.node());
    let exits: Vec<usize> = own
        .iter()
        .map(|part| {
            let node = net.node();
            net.edge(node, sink, part.most);
            node
        })
        .collect();
    let hours: Vec<usize> = (0..times)
        .map(|time| {
            let node = net.node();
            let part = own.iter().position(|p| p.times.has(time));
            net.edge(node, part.map_or(sink, |p| exits[p]), 1);
            node
        })
        .collect();
    // What a course may have in a part of the week, on its way to the hours that one of its lessons may have.
    let mut shares: Vec<Option<Vec<usize>>> = courses.iter().map(|_| None).collect();
    for (supply, course) in supplies.iter().zip(course_of) {
        let lesson = net.node();
        net.edge(source, lesson, supply.units);
        let mut direct = supply.times.clone();
        if let Some(course) = *course {
            let limited = &courses[course].parts;
            let nodes = shares[course].get_or_insert_with(|| {
                let with = supplies
                    .iter()
                    .zip(course_of)
                    .filter(|(_, c)| **c == Some(course));
                let mut open = Times::none(times);
                with.for_each(|(s, _)| open.join(&s.times));
                let share = |part: &Part| {
                    let (entry, exit) = (net.node(), net.node());
                    net.edge(entry, exit, part.most);
                    for time in part.times.both(&open).iter() {
                        net.edge(exit, hours[wide(time)], 1);
                    }
                    entry
                };
                limited.iter().map(share).collect()
            });
            let nodes = nodes.clone();
            for (part, node) in limited.iter().zip(nodes) {
                if part.times.meets(&supply.times) {
                    net.edge(lesson, node, supply.units);
                }
                direct.take_out(&part.times);
            }
        }
        for time in direct.iter() {
            net.edge(lesson, hours[wide(time)], 1);
        }
    }
    net.largest(source, sink)
}

/// Edges with what they hold; each beside its way back.
#[derive(Default)]
struct Network {
    of: Vec<Vec<usize>>,
    ends: Vec<(usize, u32)>,
}

impl Network {
    fn node(&mut self) -> usize {
        self.of.push(vec![]);
        self.of.len() - 1
    }

    fn edge(&mut self, from: usize, to: usize, holds: u32) {
        self.of[from].push(self.ends.len());
        self.ends.push((to, holds));
        self.of[to].push(self.ends.len());
        self.ends.push((from, 0));
    }

    /// The largest flow, a unit after the other.
    fn largest(&mut self, source: usize, sink: usize) -> u32 {
        let mut found = 0;
        loop {
            let mut by: Vec<Option<usize>> = vec![None; self.of.len()];
            let mut queue = vec![source];
            let mut next = 0;
            while let Some(now) = queue.get(next).copied().filter(|_| by[sink].is_none()) {
                next += 1;
                for edge in &self.of[now] {
                    let (to, holds) = self.ends[*edge];
                    if holds > 0 && to != source && by[to].is_none() {
                        by[to] = Some(*edge);
                        queue.push(to);
                    }
                }
            }
            if by[sink].is_none() {
                return found;
            }
            let mut at = sink;
            while let Some(edge) = by[at] {
                self.ends[edge].1 -= 1;
                self.ends[edge ^ 1].1 += 1;
                at = self.ends[edge ^ 1].0;
            }
            found += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::narrow;
    use proptest::prelude::*;

    /// The same by trying everything: units one by one, each at a free time or nowhere.
    fn most(
        units: &[(Times, Option<usize>)],
        busy: &mut Vec<u32>,
        given: &mut Vec<(usize, u32)>,
        courses: &[Course],
        own: &[Part],
    ) -> u32 {
        let Some(((open, course), rest)) = units.split_first() else {
            return 0;
        };
        let mut best = most(rest, busy, given, courses, own);
        for time in open.iter() {
            let full = |part: &Part, count: usize| part.times.has(time) && narrow(count) >= part.most;
            let in_own = |part: &Part| busy.iter().filter(|t| part.times.has(**t)).count();
            let in_course = |course: usize, part: &Part| {
                let theirs = |(c, t): &&(usize, u32)| *c == course && part.times.has(*t);
                given.iter().filter(theirs).count()
            };
            if busy.contains(&time)
                || own.iter().any(|p| full(p, in_own(p)))
                || course.is_some_and(|c| courses[c].parts.iter().any(|p| full(p, in_course(c, p))))
            {
                continue;
            }
            busy.push(time);
            given.extend(course.map(|c| (c, time)));
            best = best.max(1 + most(rest, busy, given, courses, own));
            busy.pop();
            if course.is_some() {
                given.pop();
            }
        }
        best
    }

    proptest! {
        #[test]
        fn courses_that_are_spread_find_as_many_hours_as_trying_everything_finds(
            opens in prop::collection::vec(1_u32..256, 2),
            units in prop::collection::vec(1_u32..4, 2),
            single in 0_u32..256,
            (most_in_course, most_own) in (1_u32..3, 1_u32..4),
        ) {
            let set = |bits: u32| Times::of(8, (0..8).filter(|t| bits >> t & 1 == 1));
            let days = || [Times::of(8, 0..4), Times::of(8, 4..8)];
            let part = |most: u32| days().map(|times| Part { times, most }).into_iter().collect::<Vec<_>>();
            let courses = [Course { parts: part(most_in_course) }, Course { parts: part(1) }];
            let own = part(most_own);
            let mut supplies: Vec<Supply> = opens.iter().zip(&units).map(|(bits, units)| Supply { units: *units, times: set(*bits) }).collect();
            supplies.push(Supply { units: 1, times: set(single) });
            let course_of = [Some(0), Some(1), None];
            let each: Vec<(Times, Option<usize>)> = supplies.iter().zip(course_of)
                .flat_map(|(s, c)| std::iter::repeat_n((s.times.clone(), c), wide(s.units))).collect();
            let expected = most(&each, &mut vec![], &mut vec![], &courses, &own);
            prop_assert_eq!(flow(8, &supplies, &course_of, &courses, &own), expected);
        }
    }
}
