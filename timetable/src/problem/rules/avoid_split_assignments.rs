//! In all meets of a group of events, the seats of one role are taken by one resource, or by few. Deviation: how many different
//! ones sit there beyond that; empty seats are not meant. With a map it is places that are counted: resources at one place are one, and
//! who is at none does not count.

use super::{Judge, each_group};
use crate::ids::{narrow, wide};
use crate::problem::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// The rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvoidSplitAssignments {
    /// Role of the seats.
    pub role: u32,
    /// Most different ones; XHSTT knows one only.
    pub max: u32,
    /// What is counted are places: a position in [`Problem::maps`]. XHSTT has none.
    pub map: Option<u32>,
}

impl Judge for AvoidSplitAssignments {
    fn points(&self, scope: &Scope, _: &Problem) -> Vec<Subject> {
        each_group(scope)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Group(group) = at else { return 0 };
        let map = self.map.map(|map| &facts.problem.maps[wide(map)]);
        let mut seen: Vec<(u32, u32)> = vec![];
        for event in &facts.problem.event_groups[wide(group)].events {
            for seat in facts.problem.seats_with(*event, self.role) {
                for meet in facts.meets(*event) {
                    let who = meet.resources[seat];
                    let what = |who| match map {
                        Some(map) => map.place(who),
                        None => Some(who),
                    };
                    seen.extend(who.and_then(|who| Some((what(who)?, who))));
                }
            }
            notes.event(*event);
        }
        seen.sort_unstable();
        seen.dedup();
        for (_, resource) in &seen {
            notes.resource(*resource);
        }
        seen.dedup_by_key(|(what, _)| *what);
        notes.outside(narrow(seen.len()).into(), 0, self.max.into())
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Group(group) = at else { return };
        let gauge = wiring.gauge(point, 0, self.max);
        let variety = wiring.variety(gauge, self.map);
        for event in wiring.problem().event_groups[wide(group)].events.clone() {
            let seats: Vec<usize> = wiring.problem().seats_with(event, self.role).collect();
            for seat in seats {
                wiring.on_variety(event, narrow(seat), variety);
            }
        }
    }
}
