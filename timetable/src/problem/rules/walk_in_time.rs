//! Between two times at which a resource is at different places, one after the other in a group of times (a day), the way is not
//! longer than what lies between them. Not a kind of XHSTT. With a map of minutes it is whether somebody can walk from building to
//! building in the break; with a gap of one time, whether lessons that follow each other at once are near. Deviation: how many ways
//! are too long.

use super::{Judge, each_resource};
use crate::ids::wide;
use crate::problem::{Facts, Map, Notes, Problem, Scope, Subject};
use crate::search::{Way, Wiring};

/// The rule.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalkInTime {
    /// Which places, ways and clock: a position in [`Problem::maps`].
    pub map: u32,
    /// The groups, usually days; overnight everybody gets anywhere.
    pub time_groups: Vec<u32>,
    /// What every change of place takes, in units of the map's clock; `None`: as the map says of the two.
    pub gap: Option<u32>,
}

impl WalkInTime {
    /// Whether somebody who was at a spot (second) until the end of a time (first) is too late at another place at a later one.
    #[must_use]
    #[inline]
    pub fn is_late(map: &Map, gap: Option<u32>, from: (u32, u32), to: (u32, u32)) -> bool {
        let (here, there) = (map.place_of_spot(from.1), map.place_of_spot(to.1));
        here != there && map.between(from, to) < gap.unwrap_or_else(|| map.walk(here, there))
    }
}

impl Judge for WalkInTime {
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject> {
        each_resource(scope, problem)
    }

    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64 {
        let Subject::Resource(resource) = at else {
            return 0;
        };
        let map = &facts.problem.maps[wide(self.map)];
        let mut late = 0;
        for group in &self.time_groups {
            let times = &facts.problem.time_groups[wide(*group)].times;
            for pair in facts.trail(resource, self.map, times).windows(2) {
                if Self::is_late(map, self.gap, pair[0], pair[1]) {
                    late += 1;
                    if notes.wanted() {
                        for (time, _) in pair {
                            notes.time(*time);
                            facts.events_at(resource, *time).for_each(|e| notes.event(e));
                        }
                    }
                }
            }
        }
        late
    }

    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>) {
        let Subject::Resource(resource) = at else { return };
        let gauge = wiring.gauge(point, 0, 0);
        for group in &self.time_groups {
            wiring.trail(resource, self.map, *group, Way::Late(self.gap), gauge);
        }
    }
}
