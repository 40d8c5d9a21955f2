//! A school's file with a fault: what is found in it, by name.
#![allow(dead_code, reason = "each test file uses its part")]

use super::core_only;
use super::fet_school::School;
use timetable::problem::{Problem, Subject};
use timetable::schools::fet;
use timetable::search::explain::{Conflict, Requirement, conflicts};

/// Steps of reasoning for a whole file: what the command allows.
pub const STEPS: u64 = 20_000_000;

pub fn at(n: u32) -> usize {
    usize::try_from(n).unwrap()
}

/// What was found in a file with a fault.
pub struct Named {
    pub problem: Problem,
    pub all: Vec<Conflict>,
}

pub fn named(school: &School) -> Named {
    let text = school.text();
    let file = fet::read(text.as_bytes()).unwrap();
    assert_eq!(file.unknown, vec![]);
    let problem = file.problem;
    let all = conflicts(&problem, 5, STEPS);
    for conflict in &all {
        core_only::assert_minimal(&problem, conflict);
    }
    assert!(!all.is_empty(), "nothing was found");
    Named { problem, all }
}

/// Nothing is named in a school that is as it should be.
#[allow(dead_code, reason = "not all tests that include this need it")]
pub fn possible(school: &School) {
    let file = fet::read(school.text().as_bytes()).unwrap();
    assert_eq!(file.unknown, vec![]);
    let all = conflicts(&file.problem, 5, STEPS);
    assert!(all.is_empty(), "{all:?}");
}

impl Named {
    pub fn first(&self) -> &Conflict {
        &self.all[0]
    }

    pub fn who(&self, resource: u32) -> &str {
        &self.problem.resources[at(resource)].label.name
    }

    /// Whether a conflict holds a constraint of this name about this resource, or event, or group with that event.
    pub fn holds(&self, conflict: &Conflict, constraint: &str, about: &str) -> bool {
        conflict.requirements.iter().any(|r| {
            let Requirement::Point(c, subject) = r else {
                return false;
            };
            let event = |e: &u32| self.problem.event(*e).label.name.contains(about);
            self.problem.constraints[at(*c)]
                .label
                .name
                .starts_with(constraint)
                && match subject {
                    Subject::Resource(r) => self.who(*r).contains(about),
                    Subject::Event(e) | Subject::Seat(e, _) => event(e),
                    Subject::Group(g) => self.problem.event_groups[at(*g)].events.iter().any(event),
                    Subject::Pair(_) => about.is_empty(),
                }
        })
    }

    pub fn locks(&self, conflict: &Conflict) -> Vec<&str> {
        let locks = conflict.requirements.iter().filter_map(|r| match r {
            Requirement::Lock(e) => Some(self.problem.event(*e).label.id.as_str()),
            Requirement::Point(..) => None,
        });
        locks.collect()
    }

    /// Requirements that are neither lessons nor nature.
    pub fn rules(&self, conflict: &Conflict) -> usize {
        let rules = conflict.requirements.iter();
        rules
            .filter(|r| !r.is_nature(&self.problem) && r.card(&self.problem).is_none())
            .count()
    }

    pub fn cards(&self, conflict: &Conflict) -> usize {
        conflict
            .requirements
            .iter()
            .filter(|r| r.card(&self.problem).is_some())
            .count()
    }

    /// The requirement that is said to help most is of this name and about this resource or event.
    pub fn advises(&self, conflict: &Conflict, constraint: &str, about: &str) -> bool {
        let Some(best) = conflict.loosen.first() else {
            return false;
        };
        let alone = Conflict {
            requirements: vec![*best],
            ..conflict.clone()
        };
        self.holds(&alone, constraint, about)
    }
}

pub fn every_day(hours: &[u32]) -> Vec<(u32, u32)> {
    (0..5)
        .flat_map(|day| hours.iter().map(move |h| (day, *h)))
        .collect()
}

pub fn days(days: &[u32]) -> Vec<(u32, u32)> {
    days.iter()
        .flat_map(|day| (0..7).map(move |h| (*day, h)))
        .collect()
}
