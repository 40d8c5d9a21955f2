//! A resource that is busy in a group of times (a day) at all is busy early in it. Deviation: the days on which it is busy, but not at
//! any of their early times. (Not a kind of XHSTT; `timetable/README.md` tells how it was added.)

use super::{Judge, each_resource};
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartEarly {
    /// Groups of times: a day, and its early times, which are among them.
    pub days: Vec<(u32, u32)>,
}

impl Judge for StartEarly {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let busy = |group: u32| facts.busy_in(resource, &facts.problem.time_groups[wide(group)].times) > 0;
        let mut late = 0;
        for (day, early) in &self.days {
            if busy(*day) && !busy(*early) {
                late += 1;
                for time in &facts.problem.time_groups[wide(*day)].times {
                    if facts.busy(resource, *time) > 0 {
                        notes.time(*time);
                    }
                }
            }
        }
        late
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        for (day, early) in &self.days {
            // busy at all counts one and busy early another: one alone is a late day, and none is a free one
            let gauge = wiring.gauge_unless_zero(point, 2, 2);
            for group in [day, early] {
                let times = wiring.problem().time_groups[wide(*group)].times.clone();
                wiring.cover(resource, &times, gauge);
            }
        }
    }
}
