//! Where somebody is, and whether there is time to get there.

use std::collections::BTreeSet;

use super::conflict::Why;
use super::known::Known;
use super::times::Times;
use crate::ids::wide;
use crate::problem::rules::walk_in_time::WalkInTime;
use crate::problem::{Map, Rule};

/// A lesson, and where it can be.
type Place = (u32, Vec<u32>);

impl Known<'_, '_> {
    /// Where a lesson is, whatever room it gets: all spots that can be. `None`: perhaps nowhere in particular, or that is not known.
    fn spots(&self, lesson: u32, map: &Map) -> Option<Vec<u32>> {
        let event = self.lessons[wide(lesson)].event;
        let mut spots = vec![];
        for (at, seat) in (0..).zip(&self.model.problem.event(event).seats) {
            match seat.fixed {
                Some(who) => {
                    if let Some(place) = map.place(who) {
                        spots.push(map.spot(place, event));
                        return Some(spots);
                    }
                }
                None => {
                    let (allowed, must) = self.allowed.get(&(event, at))?;
                    let places = || allowed.iter().map(|who| map.place(*who));
                    spots.extend(places().flatten().map(|place| map.spot(place, event)));
                    if *must && places().all(|place| place.is_some()) {
                        return Some(spots).filter(|spots| !spots.is_empty());
                    }
                }
            }
        }
        None
    }

    /// Lessons of somebody whose spots are known.
    fn places(&self, who: u32, map: &Map) -> Vec<Place> {
        let own = self.of[wide(who)].iter();
        self.budget.spend(self.of[wide(who)].len());
        let known = own.filter(|l| self.is_plain(**l)).filter_map(|lesson| {
            let mut spots = self.spots(*lesson, map)?;
            spots.sort_unstable();
            spots.dedup();
            Some((*lesson, spots))
        });
        known.collect()
    }

    /// Two lessons of a person, one after the other at places that are too far apart, exclude one another.
    pub(super) fn on_their_way(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for at in 0..self.ways.len() {
            let who = self.ways[at].who;
            let model = self.model;
            let Rule::WalkInTime(rule) = &model.problem.constraints[wide(self.ways[at].constraint)].rule
            else {
                continue;
            };
            // who may be in two places is nowhere in particular then
            let map = model
                .problem
                .maps
                .get(wide(rule.map))
                .filter(|_| self.single[wide(who)]);
            let Some(map) = map else { continue };
            let places = self.places(who, map);
            self.budget.spend(places.len() * places.len() / 8);
            for (n, one) in places.iter().enumerate() {
                for other in &places[..n] {
                    if one.1 == other.1 && one.1.len() == 1 {
                        continue;
                    }
                    changed |= self.walk(who, rule, map, other, one)?;
                }
                if self.budget.is_empty() {
                    return Ok(changed);
                }
            }
        }
        Ok(changed)
    }

    fn walk(&mut self, who: u32, rule: &WalkInTime, map: &Map, a: &Place, b: &Place) -> Result<bool, Why> {
        let (one, other) = (&self.lessons[wide(a.0)], &self.lessons[wide(b.0)]);
        // whoever has more starts than lie about the other can be further off
        let near = one.length + other.length + 1;
        if one.starts.count() > near && other.starts.count() > near {
            return Ok(false);
        }
        let pairs = wide(one.starts.count()) * wide(other.starts.count());
        self.budget.spend(pairs / 2);
        let stay = |start: u32, length: u32| (start, start + length);
        let fits = |x: u32, y: u32| {
            let (first, second) = (stay(x, one.length), stay(y, other.length));
            if first.1 <= second.0 {
                !self.is_late(rule, map, (first, &a.1), (second, &b.1))
            } else {
                second.1 <= first.0 && !self.is_late(rule, map, (second, &b.1), (first, &a.1))
            }
        };
        let all = self.model.times;
        let good = one
            .starts
            .iter()
            .filter(|x| other.starts.iter().any(|y| fits(*x, y)));
        let good = Times::of(all, good);
        let others = other
            .starts
            .iter()
            .filter(|y| one.starts.iter().any(|x| fits(x, *y)));
        let others = Times::of(all, others);
        if good.is_empty() || others.is_empty() {
            return Err(Why::Way {
                resource: who,
                events: [one.event, other.event],
            });
        }
        Ok(self.keep(a.0, &good)? | self.keep(b.0, &others)?)
    }

    /// Whether the later of two stays begins at the next time of its day, and cannot be reached from any spot of the earlier one.
    fn is_late(
        &self,
        rule: &WalkInTime,
        map: &Map,
        (first, here): ((u32, u32), &[u32]),
        (second, there): ((u32, u32), &[u32]),
    ) -> bool {
        rule.time_groups.iter().any(|group| {
            let day = &self.model.groups[wide(*group)];
            let end = (first.0..first.1).rev().find(|t| day.has(*t));
            let begin = (second.0..second.1).find(|t| day.has(*t));
            let (Some(end), Some(begin)) = (end, begin) else {
                return false;
            };
            // a time between may bring somebody to another place
            let between = (end + 1..begin).any(|t| day.has(t));
            let late = |from: &u32| {
                there
                    .iter()
                    .all(|to| WalkInTime::is_late(map, rule.gap, (end, *from), (begin, *to)))
            };
            !between && here.iter().all(late)
        })
    }

    /// Who has changed place as often as allowed on certain days goes nowhere else on them.
    pub(super) fn few_moves(&mut self) -> Result<bool, Why> {
        let mut changed = false;
        for at in 0..self.moves.len() {
            let who = self.moves[at].who;
            let model = self.model;
            let constraint = &model.problem.constraints[wide(self.moves[at].constraint)];
            let Rule::LimitPlaceChanges(rule) = &constraint.rule else {
                continue;
            };
            let map = model
                .problem
                .maps
                .get(wide(rule.map))
                .filter(|_| self.single[wide(who)]);
            let Some(map) = map else { continue };
            let mut places = self.places(who, map);
            for (_, spots) in &mut places {
                *spots = spots.iter().map(|spot| map.place_of_spot(*spot)).collect();
                spots.sort_unstable();
                spots.dedup();
            }
            // places of each day where somebody certainly is
            let certain = rule.time_groups.iter().map(|group| {
                let day = &model.groups[wide(*group)];
                let within = |lesson: u32| self.lessons[wide(lesson)].cover().is_within(day);
                let there = places.iter().filter(|(l, of)| of.len() == 1 && within(*l));
                there.map(|(_, of)| of[0]).collect::<BTreeSet<u32>>()
            });
            let certain: Vec<BTreeSet<u32>> = certain.collect();
            let changes: usize = certain.iter().map(|set| set.len().saturating_sub(1)).sum();
            if changes > wide(rule.max) {
                return Err(Why::Places {
                    resource: who,
                    allowed: rule.max,
                });
            }
            if changes < wide(rule.max) {
                continue;
            }
            for (group, there) in rule
                .time_groups
                .iter()
                .zip(&certain)
                .filter(|(_, set)| !set.is_empty())
            {
                let day = &model.groups[wide(*group)];
                for (lesson, of) in &places {
                    if of.iter().all(|place| !there.contains(place)) {
                        let touching = day.starts_touching(self.lessons[wide(*lesson)].length);
                        changed |= self.take_out(*lesson, &touching)?;
                    }
                }
            }
        }
        Ok(changed)
    }
}
