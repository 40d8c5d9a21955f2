//! Full evaluation: the cost of a timetable, and every broken point with what breaks it.

use super::{Cost, Facts, Problem, Solution, Subject};
use crate::ids::narrow;
use crate::watch::Watch;

/// What an explanation rests on; filled by [`Judge::measure`](super::Judge::measure) when asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notes {
    wanted: bool,
    /// Events concerned.
    pub events: Vec<u32>,
    /// Times concerned.
    pub times: Vec<u32>,
    /// Resources concerned.
    pub resources: Vec<u32>,
    /// What was counted against which limits: found, least, most.
    pub counts: Vec<(i64, i64, i64)>,
}

impl Notes {
    /// Takes notes.
    #[must_use]
    pub fn taking() -> Self {
        Self {
            wanted: true,
            ..Self::default()
        }
    }

    /// Takes none.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether notes are taken.
    #[must_use]
    pub fn wanted(&self) -> bool {
        self.wanted
    }

    /// Notes an event.
    pub fn event(&mut self, event: u32) {
        if self.wanted && !self.events.contains(&event) {
            self.events.push(event);
        }
    }

    /// Notes a time.
    pub fn time(&mut self, time: u32) {
        if self.wanted && !self.times.contains(&time) {
            self.times.push(time);
        }
    }

    /// Notes a resource.
    pub fn resource(&mut self, resource: u32) {
        if self.wanted && !self.resources.contains(&resource) {
            self.resources.push(resource);
        }
    }

    /// How far a number is outside its limits; notes it if it is.
    pub fn outside(&mut self, found: i64, least: i64, most: i64) -> i64 {
        let by = (least - found).max(found - most).max(0);
        if by > 0 && self.wanted {
            self.counts.push((found, least, most));
        }
        by
    }
}

/// A point of application that costs something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Position of the constraint.
    pub constraint: u32,
    /// Where it is broken.
    pub subject: Subject,
    /// By how much.
    pub deviation: i64,
    /// What that costs.
    pub cost: i64,
    /// What the explanation rests on.
    pub notes: Notes,
}

/// The cost of a timetable with all that is broken.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Sum.
    pub cost: Cost,
    /// Each broken point, in the order of the constraints.
    pub breaches: Vec<Breach>,
}

/// The cost of a completed solution.
#[must_use]
pub fn evaluate(problem: &Problem, solution: &Solution) -> Cost {
    evaluated(problem, solution, &Watch::nobody())
}

/// The same, as long as `go_on` says so: it is asked every few points. `None` if it has said no.
#[must_use]
pub fn evaluate_watched(problem: &Problem, solution: &Solution, go_on: &dyn Fn() -> bool) -> Option<Cost> {
    let watch = Watch::new(go_on);
    let cost = evaluated(problem, solution, &watch);
    watch.whole(cost)
}

fn evaluated(problem: &Problem, solution: &Solution, watch: &Watch<'_>) -> Cost {
    let facts = Facts::new(problem, solution);
    let mut cost = Cost::default();
    let mut points = 0;
    for constraint in &problem.constraints {
        let mut sum = 0;
        for subject in constraint.points(problem) {
            points += 1;
            if watch.is_over_at(points) {
                return cost;
            }
            let deviation = constraint
                .rule
                .judge()
                .measure(subject, &facts, &mut Notes::none());
            sum += constraint.price(deviation);
        }
        if constraint.required {
            cost.hard += sum;
        } else {
            cost.soft += sum;
        }
    }
    cost
}

/// The cost of a completed solution, and everything that is broken.
#[must_use]
pub fn breaches(problem: &Problem, solution: &Solution) -> Report {
    let facts = Facts::new(problem, solution);
    let mut report = Report::default();
    for (at, constraint) in problem.constraints.iter().enumerate() {
        for subject in constraint.points(problem) {
            let mut notes = Notes::taking();
            let deviation = constraint.rule.judge().measure(subject, &facts, &mut notes);
            let cost = constraint.price(deviation);
            if deviation == 0 {
                continue;
            }
            if constraint.required {
                report.cost.hard += cost;
            } else {
                report.cost.soft += cost;
            }
            report.breaches.push(Breach {
                constraint: narrow(at),
                subject,
                deviation,
                cost,
                notes,
            });
        }
    }
    report
}
