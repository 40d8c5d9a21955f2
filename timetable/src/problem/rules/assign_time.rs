//! Every meet of an event has a time. Deviation: the duration of what has none, whether its meets are there or missing.

use super::{Judge, each_event};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::{Per, Wiring};

/// The rule; it has no parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignTime;

impl Judge for AssignTime {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_event(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Event(event) = at else { return 0 };
        let without = facts.meets(event).filter(|m| m.time.is_none());
        notes.event(event);
        without.map(|m| i64::from(m.duration)).sum()
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Event(event) = at else { return };
        let gauge = wiring.gauge(point, 0, 0);
        wiring.on_start(event, None, Per::Time, 0..=u32::MAX, gauge);
    }
}
