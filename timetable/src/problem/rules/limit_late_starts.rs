//! A resource starts early: in each group of times (a day) where it is busy, few times lie free before the first busy one. Not a kind
//! of XHSTT. Deviation: how many of them too many, over all groups together.

use super::{Judge, each_resource};
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitLateStarts {
    /// The groups, usually days, without the times at which nobody could come.
    pub time_groups: Vec<u32>,
    /// Most free times.
    pub max: u32,
}

impl Judge for LimitLateStarts {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let mut free = 0;
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            if let Some(first) = times.iter().position(|t| facts.busy(resource, *t) > 0) {
                free += narrow(first);
                times.iter().take(first).for_each(|t| notes.time(*t));
            }
        }
        notes.outside(free.into(), 0, self.max.into())
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, 0, self.max);
        for group in &self.time_groups {
            let times = wiring.problem().time_groups[wide(*group)].times.clone();
            wiring.lead(resource, &times, gauge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LimitLateStarts;
    use crate::problem::Rule;
    use crate::problem::rules::counted::{deviations, week};

    #[test]
    fn free_times_before_the_first_lesson_of_each_day_are_counted_together() {
        // Of four hours a day: the first person begins at the third hour, then at the first, then not at all; the second one at the
        // second hour of the first day with two hours at once, and a lesson of theirs has no time.
        let lessons: [(u32, Option<u32>, &[u32]); 5] = [
            (1, Some(2), &[0]),
            (1, Some(4), &[0]),
            (1, Some(7), &[0]),
            (2, Some(1), &[1]),
            (1, None, &[1]),
        ];
        let late = |max| {
            let rule = LimitLateStarts {
                time_groups: vec![0, 1, 2],
                max,
            };
            deviations(Rule::LimitLateStarts(rule), week(3, 4, 3, &lessons))
        };
        assert_eq!(late(0), [2, 1, 0], "who has no lesson begins no day late");
        assert_eq!(late(1), [1, 0, 0]);
        assert_eq!(late(2), [0, 0, 0]);
    }
}
