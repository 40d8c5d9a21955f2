//! In each group of times (day) where a resource is busy at all, it is busy so many times. Deviation: for each such group how
//! many too few or too many, summed.

use super::{Judge, each_resource};
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitBusyTimes {
    /// The groups, usually days.
    pub time_groups: Vec<u32>,
    /// Fewest times.
    pub min: u32,
    /// Most times.
    pub max: u32,
}

impl Judge for LimitBusyTimes {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let mut sum = 0;
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            let busy = facts.busy_in(resource, times);
            if busy > 0 {
                let by = notes.outside(busy.into(), self.min.into(), self.max.into());
                if by > 0 {
                    for time in times.iter().filter(|t| facts.busy(resource, **t) > 0) {
                        notes.time(*time);
                    }
                }
                sum += by;
            }
        }
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        for group in &self.time_groups {
            let gauge = wiring.gauge_unless_zero(point, self.min, self.max);
            let times = wiring.problem().time_groups[wide(*group)].times.clone();
            wiring.pull_if_needed(gauge, resource, &times);
            for time in times {
                wiring.on_busy(resource, time, gauge);
            }
        }
    }
}
