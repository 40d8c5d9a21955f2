//! The events of a group take place at the same times. Deviation: the number of times at which some of them run, but not all.

use super::{Judge, each_group};
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule; it has no parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkEvents;

impl Judge for LinkEvents {
    fn points(&self, scope: &Scope, _: &Problem) -> Vec<Subject> {
        each_group(scope)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Group(group) = at else { return 0 };
        let events = &facts.problem.event_groups[wide(group)].events;
        let mut running = vec![0; facts.problem.times.len()];
        for event in events {
            let mut taken: Vec<u32> = facts.meets(*event).flat_map(Facts::times_of).collect();
            taken.sort_unstable();
            taken.dedup();
            for time in taken {
                running[wide(time)] += 1;
            }
            notes.event(*event);
        }
        let all = narrow(events.len());
        let mut sum = 0;
        for (time, count) in (0..).zip(running) {
            if count > 0 && count < all {
                sum += 1;
                notes.time(time);
            }
        }
        sum
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Group(group) = at else { return };
        let gauge = wiring.gauge(point, 0, 0);
        let events = wiring.problem().event_groups[wide(group)].events.clone();
        wiring.link(gauge, &events);
    }
}
