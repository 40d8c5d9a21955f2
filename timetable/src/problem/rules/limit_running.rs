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

#[cfg(test)]
mod tests {
    use super::LimitRunning;
    use crate::problem::Rule;
    use crate::problem::rules::counted::{deviations, week};

    /// At time 0 one lesson runs, at 1 three (one of them began before), at 2 two, at 3 none.
    fn running(times: Vec<u32>, min: u32, max: u32, or_none: bool) -> i64 {
        let lessons: [(u32, Option<u32>, &[u32]); 4] = [
            (2, Some(0), &[0]),
            (1, Some(1), &[1]),
            (2, Some(1), &[2]),
            (1, Some(2), &[0]),
        ];
        let rule = LimitRunning {
            times,
            min,
            max,
            or_none,
        };
        deviations(Rule::LimitRunning(rule), week(1, 4, 3, &lessons))[0]
    }

    #[test]
    fn too_many_and_too_few_at_each_time_are_summed() {
        assert_eq!(running(vec![0, 1, 2, 3], 0, 3, false), 0);
        assert_eq!(
            running(vec![0, 1, 2, 3], 0, 1, false),
            3,
            "two too many at 1, one at 2"
        );
        assert_eq!(
            running(vec![0, 1, 2, 3], 2, 9, false),
            3,
            "one too few at 0, two at 3"
        );
        assert_eq!(
            running(vec![0, 1, 2, 3], 2, 9, true),
            1,
            "none at all at 3 is right"
        );
        assert_eq!(running(vec![3], 1, 1, false), 1);
        assert_eq!(running(vec![], 5, 5, false), 0);
    }
}
