//! An event is cut into so many meets, each of a duration between two limits. Deviation: how many meets are too short or too
//! long, plus how many meets there are too few or too many.

use super::{Judge, each_event};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SplitEvents {
    /// Shortest good duration.
    pub min_duration: u32,
    /// Longest good duration.
    pub max_duration: u32,
    /// Fewest meets.
    pub min_amount: u32,
    /// Most meets.
    pub max_amount: u32,
}

impl Judge for SplitEvents {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_event(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Event(event) = at else { return 0 };
        let (mut amount, mut sum) = (0, 0);
        let good = self.min_duration..=self.max_duration;
        for meet in facts.meets(event) {
            amount += 1;
            if !good.contains(&meet.duration) {
                sum += 1;
            }
        }
        notes.event(event);
        sum + notes.outside(amount, self.min_amount.into(), self.max_amount.into())
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Event(event) = at else { return };
        let wrong = wiring.gauge(point, 0, 0);
        if self.min_duration > 1 {
            wiring.on_meet(event, 1..=self.min_duration - 1, wrong);
        }
        // A contradictory pair of limits must not count a meet twice.
        let longer = self.max_duration.saturating_add(1).max(self.min_duration);
        wiring.on_meet(event, longer..=u32::MAX, wrong);
        let amount = wiring.gauge(point, self.min_amount, self.max_amount);
        wiring.on_meet(event, 1..=u32::MAX, amount);
    }
}
