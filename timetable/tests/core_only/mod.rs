//! A problem with nothing required but some requirements, so that a conflict can be weighed by itself.

use timetable::problem::{Constraint, Problem, Rule, Scope, Subject};
use timetable::search::explain::{Conflict, Requirement, conflicts};

fn at(n: u32) -> usize {
    usize::try_from(n).unwrap()
}

/// Only these requirements, each as a constraint of its own.
pub fn only(problem: &Problem, requirements: &[Requirement]) -> Problem {
    let mut part = problem.clone();
    for (event, of) in (0..).zip(&mut part.events) {
        if !requirements.contains(&Requirement::Lock(event)) {
            of.time = None;
        }
    }
    part.constraints.clear();
    for requirement in requirements {
        let Requirement::Point(constraint, subject) = *requirement else {
            continue;
        };
        let from: &Constraint = &problem.constraints[at(constraint)];
        let mut scope = Scope::default();
        let mut rule = from.rule.clone();
        match (subject, &mut rule) {
            (Subject::Event(e) | Subject::Seat(e, _), _) => scope.events.push(e),
            (Subject::Group(g), _) => scope.event_groups.push(g),
            (Subject::Resource(r), _) => scope.resources.push(r),
            (Subject::Pair(p), Rule::OrderEvents(rule)) => rule.pairs = vec![rule.pairs[at(p)].clone()],
            (Subject::Pair(p), Rule::RelateEvents(rule)) => rule.pairs = vec![rule.pairs[at(p)]],
            (Subject::Pair(_), _) => panic!("only orders have pairs"),
        }
        part.constraints.push(Constraint {
            scope,
            rule,
            ..from.clone()
        });
    }
    part
}

/// The requirements cannot be met; without any one of them nothing speaks against it.
pub fn assert_minimal(problem: &Problem, conflict: &Conflict) {
    assert!(conflict.minimal, "{conflict:?}");
    let of = |requirements: &[Requirement]| conflicts(&only(problem, requirements), 1, 100_000_000);
    assert_eq!(of(&conflict.requirements).len(), 1, "{conflict:?}");
    for left_out in &conflict.requirements {
        let rest = conflict.requirements.iter().copied().filter(|r| r != left_out);
        let rest: Vec<Requirement> = rest.collect();
        assert_eq!(of(&rest), vec![], "without {left_out:?}");
    }
}
