//! An event has so many meets of one duration. Deviation: how many too few or too many.

use super::{Judge, each_event};
use crate::ids::narrow;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DistributeSplitEvents {
    /// The duration.
    pub duration: u32,
    /// Fewest meets of it.
    pub min: u32,
    /// Most meets of it.
    pub max: u32,
}

impl Judge for DistributeSplitEvents {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_event(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Event(event) = at else { return 0 };
        let such = facts.meets(event).filter(|m| m.duration == self.duration);
        notes.event(event);
        notes.outside(narrow(such.count()).into(), self.min.into(), self.max.into())
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Event(event) = at else { return };
        let gauge = wiring.gauge(point, self.min, self.max);
        wiring.on_meet(event, self.duration..=self.duration, gauge);
    }
}
