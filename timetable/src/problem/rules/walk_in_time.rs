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

#[cfg(test)]
mod tests {
    use super::WalkInTime;
    use crate::problem::Rule;
    use crate::problem::rules::counted::{deviations, week};
    use crate::problem::rules::limit_place_changes::LimitPlaceChanges;
    use crate::problem::{Map, Problem, Solution};

    /// Two days of five hours; rooms 2 and 3 in two buildings, seven minutes from one another. Lessons of forty minutes, breaks of ten, but of
    /// five after the second.
    fn town() -> (Problem, Solution) {
        // The first person: old, new, (free), old on the first day; new, new on the second. The other one: a lesson with no room between.
        let lessons: [(u32, Option<u32>, &[u32]); 8] = [
            (1, Some(0), &[0, 2]),
            (1, Some(1), &[0, 3]),
            (1, Some(3), &[0, 2]),
            (2, Some(5), &[0, 3]),
            (1, Some(1), &[1, 2]),
            (1, Some(2), &[1, 3]),
            (1, Some(6), &[1]),
            (1, Some(7), &[1, 2]),
        ];
        let (mut problem, solution) = week(2, 5, 4, &lessons);
        let mut map = Map::default();
        map.put(2, "old");
        map.put(3, "new");
        map.set_walk(0, 1, 7);
        let day = [(0, 40), (50, 90), (95, 135), (145, 185), (195, 235)];
        map.clock = [day, day.map(|(from, to)| (from + 1440, to + 1440))].concat();
        problem.maps = vec![map];
        (problem, solution)
    }

    #[test]
    fn ways_that_are_longer_than_the_break_are_counted() {
        let late = |gap| {
            let rule = WalkInTime {
                map: 0,
                time_groups: vec![0, 1],
                gap,
            };
            deviations(Rule::WalkInTime(rule), town())
        };
        // only the other one goes in the short break
        assert_eq!(late(None)[..2], [0, 1]);
        // what every change takes: the first one has ten minutes, then sixty-five between the second and the fourth hour
        assert_eq!(late(Some(10))[..2], [0, 1]);
        assert_eq!(late(Some(11))[..2], [1, 1]);
        assert_eq!(late(Some(66))[..2], [2, 1]);
    }

    #[test]
    fn changes_of_place_are_counted_over_all_days_and_never_overnight() {
        let many = |max| {
            let rule = LimitPlaceChanges {
                map: 0,
                time_groups: vec![0, 1],
                max,
            };
            deviations(Rule::LimitPlaceChanges(rule), town())
        };
        assert_eq!(many(0)[..2], [2, 1]);
        assert_eq!(many(1)[..2], [1, 0]);
        assert_eq!(many(2)[..2], [0, 0]);
    }
}
