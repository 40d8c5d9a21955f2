//! A resource sits on one seat at a time. Deviation: for each time the seats beyond the first, summed.

use super::{Judge, each_resource};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule; it has no parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AvoidClashes;

impl Judge for AvoidClashes {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let mut sum = 0;
        for time in 0..facts.problem.time_count() {
            let beyond = i64::from(facts.busy(resource, time).saturating_sub(1));
            sum += beyond;
            if beyond > 0 && notes.wanted() {
                notes.time(time);
                for event in facts.events_at(resource, time) {
                    notes.event(event);
                }
            }
        }
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, 0, 0);
        wiring.on_clash(resource, gauge);
    }
}
