//! A resource (a teacher, a class) changes its place so many times at most: from one placed time of a group (a day) to the next. Not a
//! kind of XHSTT. Deviation: the changes of all groups together, how many too many.

use super::{Judge, each_resource};
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::{Way, Wiring};

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitPlaceChanges {
    /// Which places: a position in [`Problem::maps`].
    pub map: u32,
    /// The groups, usually days; overnight everybody is anywhere.
    pub time_groups: Vec<u32>,
    /// Most changes.
    pub max: u32,
}

impl Judge for LimitPlaceChanges {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let map = &facts.problem.maps[wide(self.map)];
        let mut changes = vec![];
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            let trail = facts.trail(resource, self.map, times);
            let place = |spot: (u32, u32)| map.place_of_spot(spot.1);
            let pairs = trail.windows(2).filter(|w| place(w[0]) != place(w[1]));
            changes.extend(pairs.map(|w| w[1].0));
        }
        let by = notes.outside(narrow(changes.len()).into(), 0, self.max.into());
        if by > 0 && notes.wanted() {
            for time in changes {
                notes.time(time);
                facts.events_at(resource, time).for_each(|e| notes.event(e));
            }
        }
        by
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, 0, self.max);
        for group in &self.time_groups {
            wiring.trail(resource, self.map, *group, Way::Change, gauge);
        }
    }
}
