//! A seat is taken. Deviation: the duration of the meets in which nobody sits there.

use super::{Judge, each_seat};
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssignResource {
    /// Role of the seats.
    pub role: u32,
}

impl Judge for AssignResource {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_seat(scope, problem, self.role)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Seat(event, seat) = at else { return 0 };
        let without = facts.meets(event).filter(|m| m.resources[wide(seat)].is_none());
        notes.event(event);
        without.map(|m| i64::from(m.duration)).sum()
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Seat(event, seat) = at else { return };
        let gauge = wiring.gauge(point, 0, 0);
        wiring.on_empty_seat(event, seat, gauge);
    }
}
