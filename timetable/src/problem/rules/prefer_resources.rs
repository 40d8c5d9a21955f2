//! Who sits on a seat is one of some resources. Deviation: the duration of the meets where somebody else does; an empty seat
//! is not meant.

use super::{Judge, each_seat};
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreferResources {
    /// Good ones, as groups.
    pub resource_groups: Vec<u32>,
    /// Good ones, one by one.
    pub resources: Vec<u32>,
    /// Role of the seats.
    pub role: u32,
}

impl PreferResources {
    /// The good ones, each once, ascending.
    #[must_use]
    pub fn good(&self, problem: &Problem) -> Vec<u32> {
        let mut all = self.resources.clone();
        for group in &self.resource_groups {
            all.extend(&problem.resource_groups[wide(*group)].resources);
        }
        all.sort_unstable();
        all.dedup();
        all
    }
}

impl Judge for PreferResources {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_seat(scope, problem, self.role)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Seat(event, seat) = at else { return 0 };
        let good = self.good(facts.problem);
        let mut sum = 0;
        for meet in facts.meets(event) {
            let Some(resource) = meet.resources[wide(seat)] else {
                continue;
            };
            if good.binary_search(&resource).is_err() {
                sum += i64::from(meet.duration);
                notes.resource(resource);
            }
        }
        notes.event(event);
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Seat(event, seat) = at else { return };
        let good = self.good(wiring.problem());
        let gauge = wiring.gauge(point, 0, 0);
        wiring.on_other_resource(event, seat, &good, gauge);
    }
}
