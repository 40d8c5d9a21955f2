//! Of the meets of a group of events, so many run at each of some times. Not a kind of XHSTT. Deviation: for each of the times how many
//! too few or too many, summed.

use super::{Judge, each_group};
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::{Per, Wiring};

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitRunning {
    /// The times.
    pub times: Vec<u32>,
    /// Fewest meets.
    pub min: u32,
    /// Most meets.
    pub max: u32,
    /// Whether none at all is right, too.
    pub or_none: bool,
}

impl Judge for LimitRunning {
    fn points(&self, scope: &Scope, _: &Problem) -> Vec<Subject> {
        each_group(scope)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Group(group) = at else { return 0 };
        let events = &facts.problem.event_groups[wide(group)].events;
        let mut sum = 0;
        for time in &self.times {
            let runs = |event: &u32| {
                let meets = facts.meets(*event);
                let there = meets.filter(|m| m.time.is_some_and(|t| t <= *time && *time < t + m.duration));
                narrow(there.count())
            };
            let running: u32 = events.iter().map(runs).sum();
            if running == 0 && self.or_none {
                continue;
            }
            let by = notes.outside(running.into(), self.min.into(), self.max.into());
            if by > 0 {
                notes.time(*time);
                for event in events.iter().filter(|e| runs(e) > 0) {
                    notes.event(*event);
                }
            }
            sum += by;
        }
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Group(group) = at else { return };
        let events = wiring.problem().event_groups[wide(group)].events.clone();
        for time in &self.times {
            let gauge = if self.or_none {
                wiring.gauge_unless_zero(point, self.min, self.max)
            } else {
                wiring.gauge(point, self.min, self.max)
            };
            for event in &events {
                // A meet that began a while ago still runs if it is long enough.
                for ago in 0..wiring.problem().event(*event).duration.min(*time + 1) {
                    wiring.on_start(*event, Some(*time - ago), Per::Meet, ago + 1..=u32::MAX, gauge);
                }
            }
        }
    }
}
