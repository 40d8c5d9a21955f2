//! A resource is busy in both parts of a day (in its morning and in its afternoon) on so many days at most. Not a kind of XHSTT.
//! Deviation: how many such days too many.

use super::{Judge, each_resource};
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitWholeDays {
    /// The two parts of each day: groups of times that have no time in common.
    pub days: Vec<(u32, u32)>,
    /// Most days on which both parts may be busy.
    pub max: u32,
}

impl Judge for LimitWholeDays {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else { return 0 };
        let times = |group: u32| &facts.problem.time_groups[wide(group)].times;
        let busy = |group: u32| facts.busy_in(resource, times(group)) > 0;
        let both = |day: &&(u32, u32)| busy(day.0) && busy(day.1);
        let whole: Vec<&(u32, u32)> = self.days.iter().filter(both).collect();
        let by = notes.outside(narrow(whole.len()).into(), 0, self.max.into());
        if by > 0 && notes.wanted() {
            for (first, second) in whole {
                for time in times(*first).iter().chain(times(*second)) {
                    if facts.busy(resource, *time) > 0 {
                        notes.time(*time);
                    }
                }
            }
        }
        by
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, 0, self.max);
        for (first, second) in &self.days {
            let [first, second] =
                [first, second].map(|g| wiring.problem().time_groups[wide(*g)].times.clone());
            // each part counts one, the day takes one back: what is left are the days of both
            wiring.cover(resource, &first, gauge);
            wiring.cover(resource, &second, gauge);
            wiring.uncover(resource, &[first, second].concat(), gauge);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LimitWholeDays;
    use crate::problem::Rule;
    use crate::problem::rules::counted::{deviations, week};

    #[test]
    fn only_days_with_morning_and_afternoon_count() {
        // The groups are mornings and afternoons of two hours in turn: days 0 and 1 are 0 and 1, days 2 and 3.
        let lessons: [(u32, Option<u32>, &[u32]); 6] = [
            (1, Some(0), &[0]),
            (1, Some(3), &[0]),
            (2, Some(4), &[0, 1]),
            (1, Some(7), &[0]),
            (1, Some(1), &[1]),
            (1, None, &[1]),
        ];
        let whole = |max| {
            let rule = LimitWholeDays {
                days: vec![(0, 1), (2, 3)],
                max,
            };
            deviations(Rule::LimitWholeDays(rule), week(4, 2, 2, &lessons))
        };
        assert_eq!(whole(0), [2, 0], "two mornings are no whole day");
        assert_eq!(whole(1), [1, 0]);
        assert_eq!(whole(2), [0, 0]);
    }
}
