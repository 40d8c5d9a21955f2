//! A resource has few gaps: times in a group (a day) at which it is free, while busy both before and after in the group.
//! Deviation: the gaps of all groups together, too few or too many.

use super::{Judge, each_resource};
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitIdleTimes {
    /// The groups, usually days.
    pub time_groups: Vec<u32>,
    /// Fewest gaps.
    pub min: u32,
    /// Most gaps.
    pub max: u32,
}

impl Judge for LimitIdleTimes {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let mut gaps = 0;
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            let busy = |t: &u32| facts.busy(resource, *t) > 0;
            let (Some(first), Some(last)) = (times.iter().position(busy), times.iter().rposition(busy))
            else {
                continue;
            };
            for time in &times[first..last] {
                if !busy(time) {
                    gaps += 1;
                    notes.time(*time);
                }
            }
        }
        notes.outside(gaps, self.min.into(), self.max.into())
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, self.min, self.max);
        for group in &self.time_groups {
            let times = wiring.problem().time_groups[wide(*group)].times.clone();
            wiring.idle(resource, &times, gauge);
        }
    }
}
