//! Timetables small enough to be counted by hand, for the tests of the rules beside it.

use super::Judge;
use crate::ids::narrow;
use crate::problem::{
    Constraint, CostFunction, Event, EventGroup, Facts, Meet, Named, Notes, Problem, Resource, Rule, Scope,
    Seat, Solution, Span, TimeGroup,
};
use crate::search::{Ground, State};

/// A lesson: its length, where it starts, and who sits there.
pub(super) type Lesson<'a> = (u32, Option<u32>, &'a [u32]);

/// So many days of so many hours (the groups of times), so many people, and lessons that are all in one group.
pub(super) fn week(days: u32, hours: u32, people: u32, lessons: &[Lesson<'_>]) -> (Problem, Solution) {
    let seat = |who: &u32| Seat {
        fixed: Some(*who),
        role: None,
        kind: 0,
        workload: None,
    };
    let event = |(duration, _, who): &Lesson<'_>| Event {
        label: Named::default(),
        color: None,
        duration: *duration,
        workload: None,
        time: None,
        course: None,
        seats: who.iter().map(seat).collect(),
        whole_groups: vec![],
    };
    let day = |day: u32| TimeGroup {
        label: Named::default(),
        span: Span::Day,
        times: (day * hours..(day + 1) * hours).collect(),
    };
    let problem = Problem {
        times: (0..days * hours).map(|_| Named::default()).collect(),
        time_groups: (0..days).map(day).collect(),
        kinds: vec![Named::default()],
        resources: (0..people)
            .map(|_| Resource {
                label: Named::default(),
                kind: 0,
            })
            .collect(),
        events: lessons.iter().map(event).collect(),
        event_groups: vec![EventGroup {
            label: Named::default(),
            course: false,
            events: (0..narrow(lessons.len())).collect(),
        }],
        ..Problem::default()
    };
    let meet = |(at, (duration, time, who)): (u32, &Lesson<'_>)| Meet {
        event: at,
        duration: *duration,
        time: *time,
        resources: who.iter().copied().map(Some).collect(),
    };
    let meets = (0..).zip(lessons).map(meet).collect();
    (problem, Solution { meets })
}

/// The deviation at each point of the rule, for all people and for the group of all lessons; the search's counters must say the same.
pub(super) fn deviations(rule: Rule, (mut problem, solution): (Problem, Solution)) -> Vec<i64> {
    let scope = Scope {
        resources: (0..narrow(problem.resources.len())).collect(),
        event_groups: vec![0],
        ..Scope::default()
    };
    problem.constraints = vec![Constraint {
        label: Named::default(),
        required: true,
        weight: 1,
        cost: CostFunction::Linear,
        scope: scope.clone(),
        rule: rule.clone(),
    }];
    let facts = Facts::new(&problem, &solution);
    let judge: &dyn Judge = rule.judge();
    let points = judge.points(&scope, &problem);
    let measured: Vec<i64> = points
        .into_iter()
        .map(|at| judge.measure(at, &facts, &mut Notes::none()))
        .collect();
    let ground = Ground::new(&problem);
    let state = State::of(&ground.net, &solution);
    assert_eq!(state.deviations(), measured, "the search counts otherwise");
    measured
}
