//! Why a wish stays broken: it is taken as a requirement beside the true ones.

use super::conflict::{Conflict, Requirement};
use super::model::Model;
use super::proof::Prover;
use crate::ids::{narrow, wide};
use crate::problem::rules::{cluster_busy_times, limit_idle_times};
use crate::problem::{Breach, Constraint, Problem, Rule, Scope, Subject};

/// A wish that no timetable with every requirement met can fulfil.
#[derive(Clone, Debug)]
pub struct Unavoidable {
    /// The least deviation that is certain.
    pub least: i64,
    /// What it collides with.
    pub conflict: Conflict,
    /// The problem with the wish, loosened to just below that deviation, as its last constraint; the conflict speaks of
    /// this one.
    pub problem: Problem,
}

/// Whether a broken wish must be broken, and by how much at least; `None` if that cannot be proved with so many steps of
/// reasoning.
#[must_use]
pub fn unavoidable(problem: &Problem, breach: &Breach, work: u64) -> Option<Unavoidable> {
    unavoidable_while(problem, breach, work, &|| true)
}

/// The same as long as `go_on` says so.
#[must_use]
pub fn unavoidable_while(
    problem: &Problem,
    breach: &Breach,
    work: u64,
    go_on: &dyn Fn() -> bool,
) -> Option<Unavoidable> {
    let highest = match problem.constraints[wide(breach.constraint)].rule {
        Rule::LimitIdleTimes(_) | Rule::ClusterBusyTimes(_) => (breach.deviation - 1).clamp(0, 64),
        _ => 0,
    };
    (0..=highest).rev().take_while(|_| go_on()).find_map(|allowed| {
        let with = demanded(problem, breach, u32::try_from(allowed).ok()?)?;
        let model = Model::new(&with);
        let prover = Prover::new(&model, work, go_on);
        let wish = narrow(with.constraints.len() - 1);
        let all = prover.all();
        let why = prover.check(&all)?;
        let (conflict, _) = prover.conflict(&all, why);
        // Where the requirements collide among themselves, the wish is not to blame.
        let is_wish = |r: &Requirement| matches!(r, Requirement::Point(c, _) if *c == wish);
        conflict.requirements.iter().any(is_wish).then_some(Unavoidable {
            least: allowed + 1,
            conflict,
            problem: with,
        })
    })
}

/// The problem with the broken point of a constraint as one more requirement, its last constraint; limits on gaps and days are
/// wider by `more`. `None` for a constraint that there is not.
#[must_use]
pub fn demanded(problem: &Problem, breach: &Breach, more: u32) -> Option<Problem> {
    let constraint = problem.constraints.get(wide(breach.constraint))?;
    let mut scope = Scope::default();
    let mut rule = constraint.rule.clone();
    match breach.subject {
        Subject::Event(event) | Subject::Seat(event, _) => scope.events.push(event),
        Subject::Group(group) => scope.event_groups.push(group),
        Subject::Resource(who) => scope.resources.push(who),
        Subject::Pair(pair) => rule = rule.one_pair(pair)?,
    }
    match &mut rule {
        Rule::LimitIdleTimes(limit_idle_times::LimitIdleTimes { min, max, .. })
        | Rule::ClusterBusyTimes(cluster_busy_times::ClusterBusyTimes { min, max, .. }) => {
            (*min, *max) = (min.saturating_sub(more), max.saturating_add(more));
        }
        _ => {}
    }
    let mut with = problem.clone();
    with.constraints.push(Constraint {
        label: constraint.label.clone(),
        required: true,
        weight: constraint.weight.max(1),
        cost: constraint.cost,
        scope,
        rule,
    });
    Some(with)
}
