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

#[cfg(test)]
mod tests {
    use super::StartEarly;
    use crate::problem::rules::counted::{deviations, week};
    use crate::problem::{Named, Rule, Span, TimeGroup};

    #[test]
    fn days_with_lessons_and_none_among_the_early_ones_are_counted() {
        // The first person begins at the second hour, then at the first; the second one at the third hour of both days, with two hours at
        // once on the second; the third has no lesson that lies anywhere.
        let lessons: [(u32, Option<u32>, &[u32]); 5] = [
            (1, Some(1), &[0]),
            (1, Some(4), &[0]),
            (1, Some(2), &[1]),
            (2, Some(6), &[1]),
            (1, None, &[2]),
        ];
        let late = |early: u32| {
            let (mut problem, solution) = week(2, 4, 3, &lessons);
            let days = (0..2).map(|day| {
                problem.time_groups.push(TimeGroup {
                    label: Named::default(),
                    span: Span::Plain,
                    times: (day * 4..day * 4 + early).collect(),
                });
                (day, day + 2)
            });
            let days = days.collect();
            deviations(Rule::StartEarly(StartEarly { days }), (problem, solution))
        };
        assert_eq!(late(1), [1, 2, 0]);
        assert_eq!(late(2), [0, 2, 0]);
        assert_eq!(late(3), [0, 0, 0]);
    }
}
