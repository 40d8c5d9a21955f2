//! A resource starts early: in each group of times (a day) where it is busy, few times lie free before the first busy one. Not a kind
//! of XHSTT. Deviation: how many of them too many, over all groups together.

use super::{Judge, each_resource};
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitLateStarts {
    /// The groups, usually days, without the times at which nobody could come.
    pub time_groups: Vec<u32>,
    /// Most free times.
    pub max: u32,
}

impl Judge for LimitLateStarts {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let mut free = 0;
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            if let Some(first) = times.iter().position(|t| facts.busy(resource, *t) > 0) {
                free += narrow(first);
                times.iter().take(first).for_each(|t| notes.time(*t));
            }
        }
        notes.outside(free.into(), 0, self.max.into())
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, 0, self.max);
        for group in &self.time_groups {
            let times = wiring.problem().time_groups[wide(*group)].times.clone();
            wiring.lead(resource, &times, gauge);
        }
    }
}
