//! A broken requirement that search could not mend, cut out with what is around it.

use std::collections::BTreeSet;

use super::model::Model;
use super::proof::Prover;
use super::wish::demanded;
use crate::ids::{narrow, wide};
use crate::problem::{Breach, Problem, Subject};
use crate::search::{Ground, Plan, Search, Tuning};

/// Requirements that were never met together, however long was searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// Constraints, without any of which the rest was met. The broken one is among them or needs none of its own.
    pub constraints: Vec<u32>,
    /// Events that were looked at.
    pub events: Vec<u32>,
    /// The same constraints; those that cost least first.
    pub loosen: Vec<u32>,
    /// Whether leaving out each one was tried.
    pub minimal: bool,
}

/// How far around a broken requirement the search looks.
const RINGS: usize = 3;
/// Most events of a problem that is cut down, and most smaller problems that are tried.
const MOST_EVENTS: usize = 400;
const MOST_TRIALS: usize = 160;
/// Steps of reasoning before a smaller problem is searched.
const STEPS: u64 = 200_000;

/// A small set of constraints around a broken point that the search cannot meet together; `None` if it can, or if there
/// are too many events around. A wish is taken as a requirement. `work` is counted in moves for each problem tried.
#[must_use]
pub fn collision(problem: &Problem, breach: &Breach, work: u64) -> Option<Collision> {
    let wish = problem
        .constraints
        .get(wide(breach.constraint))
        .is_some_and(|c| !c.required);
    if wish {
        let with = demanded(problem, breach, 0)?;
        let mut found = around(&with, breach, work)?;
        let last = narrow(with.constraints.len() - 1);
        if !found.constraints.contains(&last) {
            return None;
        }
        for list in [&mut found.constraints, &mut found.loosen] {
            list.iter_mut()
                .filter(|c| **c == last)
                .for_each(|c| *c = breach.constraint);
        }
        return Some(found);
    }
    around(problem, breach, work)
}

fn around(problem: &Problem, breach: &Breach, work: u64) -> Option<Collision> {
    let mut people: BTreeSet<u32> = breach.notes.resources.iter().copied().collect();
    let mut events: BTreeSet<u32> = breach.notes.events.iter().copied().collect();
    match breach.subject {
        Subject::Resource(r) => {
            people.insert(r);
        }
        Subject::Event(e) | Subject::Seat(e, _) => {
            events.insert(e);
        }
        Subject::Group(g) => events.extend(&problem.event_groups[wide(g)].events),
        Subject::Pair(_) => {}
    }
    if people.is_empty() {
        people.extend(events.iter().flat_map(|e| fixed(problem, *e)));
    }
    for _ in 0..RINGS {
        let near =
            (0..narrow(problem.events.len())).filter(|e| fixed(problem, *e).any(|w| people.contains(&w)));
        events.extend(near);
        if events.len() > MOST_EVENTS {
            return None;
        }
        let whole = problem.part(&events, &people, &vec![true; problem.constraints.len()]);
        if unsolvable(&whole, work) {
            return Some(shrink(problem, &whole, events, &people, work));
        }
        people.extend(events.iter().flat_map(|e| fixed(problem, *e)));
    }
    None
}

/// Leaves out constraints, many at once and then one by one, as long as the rest is not met.
fn shrink(
    problem: &Problem,
    whole: &Problem,
    events: BTreeSet<u32>,
    people: &BTreeSet<u32>,
    work: u64,
) -> Collision {
    let touched =
        |at: &usize| whole.constraints[*at].required && !whole.constraints[*at].points(whole).is_empty();
    let mut core: Vec<usize> = (0..problem.constraints.len()).filter(touched).collect();
    let mut trials = 0;
    let mut size = core.len().div_ceil(2).max(1);
    loop {
        let mut at = 0;
        while at < core.len() && trials < MOST_TRIALS {
            trials += 1;
            let end = (at + size).min(core.len());
            let rest = [&core[..at], &core[end..]].concat();
            let mut kept = vec![false; problem.constraints.len()];
            for constraint in &rest {
                kept[*constraint] = true;
            }
            if unsolvable(&problem.part(&events, people, &kept), work) {
                core = rest;
            } else {
                at = end;
            }
        }
        if size == 1 {
            break;
        }
        size = size.div_ceil(2);
    }
    let constraints: Vec<u32> = core.into_iter().map(narrow).collect();
    let mut loosen = constraints.clone();
    loosen.sort_by_key(|c| problem.constraints[wide(*c)].weight);
    Collision {
        constraints,
        events: events.into_iter().collect(),
        loosen,
        minimal: trials < MOST_TRIALS,
    }
}

fn fixed(problem: &Problem, event: u32) -> impl Iterator<Item = u32> + '_ {
    problem.event(event).seats.iter().filter_map(|s| s.fixed)
}

/// Whether a problem is proved impossible, or two searches of so much work never met all that it requires.
#[must_use]
pub fn unsolvable(part: &Problem, work: u64) -> bool {
    let model = Model::new(part);
    let prover = Prover::new(&model, STEPS);
    if prover.check(&prover.all()).is_some() {
        return true;
    }
    let ground = Ground::new(part);
    // A collision shows again with another seed; a search that was merely unlucky does not.
    (1..=2).all(|seed| {
        let plan = Plan {
            seed,
            lane: 0,
            work,
            tuning: Tuning::default(),
        };
        let mut search = Search::new(&ground, plan);
        while search.cost().hard > 0 && search.run(2048) {}
        search.cost().hard > 0
    })
}
