//! The kinds of rules, each in its own file: parameters, the rule in words, the whole deviation, the wiring for incremental
//! evaluation. Sixteen are those of XHSTT; the others say what files of FET and a school's own wishes want and those cannot.

pub mod assign_resource;
pub mod assign_time;
pub mod avoid_clashes;
pub mod avoid_split_assignments;
pub mod avoid_unavailable_times;
pub mod cluster_busy_times;
#[cfg(test)]
mod counted;
pub mod distribute_split_events;
pub mod limit_busy_times;
pub mod limit_idle_times;
pub mod limit_late_starts;
pub mod limit_place_changes;
pub mod limit_running;
pub mod limit_together;
pub mod limit_whole_days;
pub mod limit_workload;
pub mod link_events;
pub mod order_events;
pub mod prefer_resources;
pub mod prefer_times;
pub mod relate_events;
pub mod split_events;
pub mod spread_events;
pub mod start_early;
pub mod walk_in_time;

use super::{Facts, Notes, Problem, Scope, Subject};
use crate::search::Wiring;

/// What every kind of rule can do.
pub trait Judge {
    /// Points of application, as often as they are named.
    fn points(&self, scope: &Scope, problem: &Problem) -> Vec<Subject>;

    /// The deviation of one point, from the whole timetable; notes what it rests on.
    fn measure(&self, at: Subject, facts: &Facts<'_>, notes: &mut Notes) -> i64;

    /// Connects counters so that `point` always has the deviation that [`Judge::measure`] gives.
    fn wire(&self, at: Subject, point: u32, wiring: &mut Wiring<'_>);
}

/// Each event of the scope.
fn each_event(scope: &Scope, problem: &Problem) -> Vec<Subject> {
    let events = scope.all_events(problem);
    events.into_iter().map(Subject::Event).collect()
}

/// Each seat with the role, of each event of the scope.
fn each_seat(scope: &Scope, problem: &Problem, role: u32) -> Vec<Subject> {
    let events = scope.all_events(problem).into_iter();
    events
        .flat_map(|e| {
            let seats = problem.seats_with(e, role);
            seats.map(move |s| Subject::Seat(e, crate::ids::narrow(s)))
        })
        .collect()
}

/// Each group of events of the scope.
fn each_group(scope: &Scope) -> Vec<Subject> {
    scope.event_groups.iter().copied().map(Subject::Group).collect()
}

/// Each resource of the scope.
fn each_resource(scope: &Scope, problem: &Problem) -> Vec<Subject> {
    let resources = scope.all_resources(problem);
    resources.into_iter().map(Subject::Resource).collect()
}

/// The times of some groups and some single times, each once, ascending.
fn union_of_times(problem: &Problem, groups: &[u32], times: &[u32]) -> Vec<u32> {
    let mut all: Vec<u32> = times.to_vec();
    for group in groups {
        all.extend(&problem.time_groups[crate::ids::wide(*group)].times);
    }
    all.sort_unstable();
    all.dedup();
    all
}
