//! Of the meets of a group of events, so many start in each of some groups of times. Deviation: for each group of times how
//! many too few or too many, summed.

use super::{Judge, each_group};
use crate::ids::wide;
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::{Per, Wiring};

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SpreadEvents {
    /// Group of times, fewest starts, most starts.
    pub limits: Vec<(u32, u32, u32)>,
}

impl Judge for SpreadEvents {
    fn points(&self, scope: &Scope, _: &Problem) -> Vec<Subject> {
        each_group(scope)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Group(group) = at else { return 0 };
        let mut starts: Vec<(u32, u32)> = vec![];
        for event in &facts.problem.event_groups[wide(group)].events {
            starts.extend(facts.meets(*event).filter_map(|m| m.time.map(|t| (t, *event))));
        }
        let mut sum = 0;
        for (times, min, max) in &self.limits {
            let times = &facts.problem.time_groups[wide(*times)].times;
            let inside: Vec<_> = starts
                .iter()
                .filter(|(t, _)| times.binary_search(t).is_ok())
                .collect();
            let found = crate::ids::narrow(inside.len());
            let by = notes.outside(found.into(), (*min).into(), (*max).into());
            if by > 0 {
                for (time, event) in inside {
                    notes.event(*event);
                    notes.time(*time);
                }
            }
            sum += by;
        }
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Group(group) = at else { return };
        let events = wiring.problem().event_groups[wide(group)].events.clone();
        for (times, min, max) in &self.limits {
            let gauge = wiring.gauge(point, *min, *max);
            let times = wiring.problem().time_groups[wide(*times)].times.clone();
            for event in &events {
                for time in &times {
                    wiring.on_start(*event, Some(*time), Per::Meet, 0..=u32::MAX, gauge);
                }
            }
        }
    }
}
