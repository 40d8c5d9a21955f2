//! A resource is busy in so many groups of times (days). Deviation: how many too few or too many.

use super::{Judge, each_resource};
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClusterBusyTimes {
    /// The groups, usually days.
    pub time_groups: Vec<u32>,
    /// Fewest groups.
    pub min: u32,
    /// Most groups.
    pub max: u32,
}

impl Judge for ClusterBusyTimes {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let mut busy = 0;
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            busy += i64::from(facts.busy_in(resource, times) > 0);
        }
        notes.outside(busy, self.min.into(), self.max.into())
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, self.min, self.max);
        for group in &self.time_groups {
            let times = wiring.problem().time_groups[wide(*group)].times.clone();
            wiring.cover(resource, &times, gauge);
        }
    }
}
