//! A resource has so much work. The work of a seat in a meet is the share of the seat's workload that the meet has of the
//! event's duration. Deviation: how much too little or too much, rounded up.

use super::{Judge, each_resource};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LimitWorkload {
    /// Least work.
    pub min: u32,
    /// Most work.
    pub max: u32,
}

impl Judge for LimitWorkload {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let unit = facts.problem.load_unit();
        let mut load = 0;
        for meet in &facts.solution.meets {
            let event = facts.problem.event(meet.event);
            for (seat, who) in meet.resources.iter().enumerate() {
                if *who == Some(resource) {
                    load += i64::from(meet.duration) * share(event.load(seat), event.duration, unit);
                    notes.event(meet.event);
                }
            }
        }
        let found = -(-load).div_euclid(unit);
        let short = -(load - i64::from(self.min) * unit).div_euclid(unit);
        let by = short.max(found - i64::from(self.max)).max(0);
        if by > 0 {
            notes.outside(found, self.min.into(), self.max.into());
        }
        by
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        wiring.on_load(resource, point, self.min, self.max);
    }
}

/// The work of one time of an event in units (see [`Problem::load_unit`]).
#[must_use]
pub fn share(load: u32, duration: u32, unit: i64) -> i64 {
    i64::from(load) * unit / i64::from(duration.max(1))
}
