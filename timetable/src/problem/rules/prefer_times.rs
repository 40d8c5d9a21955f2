//! Meets (of one duration, if the rule names one) start at one of some times. Deviation: the duration of those that start
//! elsewhere; what has no time is not meant.

use super::{Judge, each_event, union_of_times};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::{Per, Wiring};

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PreferTimes {
    /// Good starts, as groups.
    pub time_groups: Vec<u32>,
    /// Good starts, one by one.
    pub times: Vec<u32>,
    /// The only duration that is meant.
    pub duration: Option<u32>,
}

impl Judge for PreferTimes {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_event(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Event(event) = at else { return 0 };
        let mut sum = 0;
        let good = union_of_times(facts.problem, &self.time_groups, &self.times);
        for meet in facts.meets(event) {
            let Some(start) = meet.time else { continue };
            let meant = self.duration.is_none_or(|d| d == meet.duration);
            if meant && good.binary_search(&start).is_err() {
                sum += i64::from(meet.duration);
                notes.time(start);
            }
        }
        notes.event(event);
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Event(event) = at else { return };
        let good = union_of_times(wiring.problem(), &self.time_groups, &self.times);
        let gauge = wiring.gauge(point, 0, 0);
        let durations = self.duration.map_or(0..=u32::MAX, |d| d..=d);
        for time in 0..wiring.problem().time_count() {
            if good.binary_search(&time).is_err() {
                wiring.on_start(event, Some(time), Per::Time, durations.clone(), gauge);
            }
        }
    }
}
