//! Of a set of resources, only so many are busy in each group of times. Not a kind of XHSTT. Deviation: for each group how many too
//! many, summed.

use super::Judge;
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitTogether {
    /// Sets of resources; they are the points of application.
    pub sets: Vec<Vec<u32>>,
    /// The groups of times.
    pub time_groups: Vec<u32>,
    /// Most resources of a set.
    pub max: u32,
}

impl Judge for LimitTogether {
    fn points(&self, _: &Scope, _: &Problem) -> Vec<Subject> {
        (0..narrow(self.sets.len())).map(Subject::Pair).collect()
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Pair(set) = at else { return 0 };
        let mut sum = 0;
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            let busy = |who: &&u32| facts.busy_in(**who, times) > 0;
            let here: Vec<&u32> = self.sets[wide(set)].iter().filter(busy).collect();
            let by = notes.outside(narrow(here.len()).into(), 0, self.max.into());
            if by > 0 && notes.wanted() {
                for who in here {
                    for time in times.iter().filter(|t| facts.busy(*who, **t) > 0) {
                        notes.time(*time);
                        facts.events_at(*who, *time).for_each(|e| notes.event(e));
                    }
                }
            }
            sum += by;
        }
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Pair(set) = at else { return };
        for group in &self.time_groups {
            let gauge = wiring.gauge(point, 0, self.max);
            let times = wiring.problem().time_groups[wide(*group)].times.clone();
            for who in &self.sets[wide(set)] {
                wiring.cover(*who, &times, gauge);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::LimitTogether;
    use crate::problem::Rule;
    use crate::problem::rules::counted::{deviations, week};

    #[test]
    fn who_of_a_set_is_busy_on_a_day_is_counted_once_a_day() {
        // On the first day 0 (twice), 1 and 2; on the second 1 and 3.
        let lessons: [(u32, Option<u32>, &[u32]); 5] = [
            (1, Some(0), &[0]),
            (1, Some(2), &[0]),
            (2, Some(0), &[1]),
            (1, Some(1), &[2]),
            (1, Some(3), &[1, 3]),
        ];
        let together = |sets: &[&[u32]], max| {
            let rule = LimitTogether {
                sets: sets.iter().map(|set| set.to_vec()).collect(),
                time_groups: vec![0, 1],
                max,
            };
            deviations(Rule::LimitTogether(rule), week(2, 3, 4, &lessons))
        };
        let sets: [&[u32]; 3] = [&[0, 1, 2, 3], &[0, 3], &[1]];
        assert_eq!(together(&sets, 0), [5, 2, 2]);
        assert_eq!(
            together(&sets, 1),
            [3, 0, 0],
            "two too many on the first day, one on the second"
        );
        assert_eq!(together(&sets, 2), [1, 0, 0]);
        assert_eq!(together(&sets, 3), [0, 0, 0]);
    }
}
