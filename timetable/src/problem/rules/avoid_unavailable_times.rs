//! A resource is not busy at certain times. Deviation: at how many of them it is.

use super::{Judge, each_resource, union_of_times};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AvoidUnavailableTimes {
    /// Times to avoid, as groups.
    pub time_groups: Vec<u32>,
    /// Times to avoid, one by one.
    pub times: Vec<u32>,
}

impl AvoidUnavailableTimes {
    /// The times to avoid, each once, ascending.
    #[must_use]
    pub fn avoided(&self, problem: &Problem) -> Vec<u32> {
        union_of_times(problem, &self.time_groups, &self.times)
    }
}

impl Judge for AvoidUnavailableTimes {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let mut sum = 0;
        for time in self.avoided(facts.problem) {
            if facts.busy(resource, time) > 0 {
                sum += 1;
                if notes.wanted() {
                    notes.time(time);
                    for event in facts.events_at(resource, time) {
                        notes.event(event);
                    }
                }
            }
        }
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, 0, 0);
        for time in self.avoided(wiring.problem()) {
            wiring.on_busy(resource, time, gauge);
        }
    }
}
