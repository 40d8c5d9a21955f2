//! The problem after the changes, with the wish of each card to stay.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use super::change::{self, Change, Refusal};
use crate::ids::{narrow, wide};
use crate::problem::rules::{prefer_resources::PreferResources, prefer_times::PreferTimes};
use crate::problem::{Constraint, CostFunction, Named, Problem, Rule, Scope, Solution};
use crate::search::solver::Ground;

/// What moving a card costs, beside what the problem itself says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// For another time, in units of soft cost.
    pub time: u32,
    /// For another room, or whoever else is to be chosen.
    pub seat: u32,
}

impl Price {
    /// A price that outweighs any single wish of a problem: cards move for requirements, hardly ever for wishes.
    #[must_use]
    pub fn high(problem: &Problem) -> Self {
        let soft = problem.constraints.iter().filter(|c| !c.required);
        let most = soft.map(|c| c.weight).max().unwrap_or(1).clamp(1, 10_000);
        Self {
            time: most * 4,
            seat: most,
        }
    }
}

/// A problem with changed facts and the timetable that was made for the old ones.
pub struct Amended {
    /// The problem with the changes; what was there keeps its position.
    pub problem: Problem,
    /// The present timetable, fitted to it: what an event no longer has is cut off, what it has more is not placed.
    pub present: Solution,
    /// Events that had a fixed time at which they cannot stay; it is free now.
    pub released: Vec<u32>,
    /// The problem with the wishes to stay.
    pub(super) staying: Problem,
    pub(super) price: Price,
    pub(super) ground: Ground,
    /// Of what is required alone, once somebody asks for it.
    bare: OnceLock<Ground>,
}

impl Amended {
    /// Takes up changes. `present` need not be complete.
    ///
    /// # Errors
    /// A [`Refusal`], if a change names what does not exist, or the timetable is none of this problem.
    pub fn new(
        problem: &Problem,
        present: &Solution,
        changes: &[Change],
        price: Price,
    ) -> Result<Self, Refusal> {
        present.clone().completed(problem).map_err(Refusal::Misfit)?;
        let mut problem = problem.clone();
        let released = change::apply(&mut problem, changes)?;
        let present = fit(&problem, present)?;
        let staying = stay(&problem, &present, price);
        let ground = Ground::new(&staying);
        Ok(Self {
            problem,
            present,
            released,
            staying,
            price,
            ground,
            bare: OnceLock::new(),
        })
    }

    /// What is required, without any wish: for a search from nothing, which wishes would only draw away. `None` if `go_on` has said no
    /// before it was made.
    pub(super) fn bare(&self, go_on: &dyn Fn() -> bool) -> Option<&Ground> {
        if self.bare.get().is_none() {
            let mut bare = self.problem.clone();
            bare.constraints.retain(|c| c.required);
            let made = Ground::watched(&bare, go_on)?;
            return Some(self.bare.get_or_init(|| made));
        }
        self.bare.get()
    }
}

/// Cuts off meets that are too many for events that became shorter, and adds what is missing.
fn fit(problem: &Problem, present: &Solution) -> Result<Solution, Refusal> {
    let mut left: Vec<u32> = problem.events.iter().map(|e| e.duration).collect();
    let mut kept = Solution::default();
    // A meet without a time is the first to go.
    let (timed, loose): (Vec<_>, Vec<_>) = present.meets.iter().partition(|m| m.time.is_some());
    for meet in timed.into_iter().chain(loose) {
        let rest = &mut left[wide(meet.event)];
        let mut meet = meet.clone();
        meet.duration = meet.duration.min(*rest);
        *rest -= meet.duration;
        if meet.duration > 0 {
            kept.meets.push(meet);
        }
    }
    kept.completed(problem).map_err(Refusal::Misfit)
}

/// Adds for each event the wish that its meets start when they do, and that on its seats sits who does.
fn stay(problem: &Problem, present: &Solution, price: Price) -> Problem {
    let mut staying = problem.clone();
    // Rules speak of seats by role, so a seat to be chosen needs one.
    let nameless = narrow(staying.roles.len());
    staying.roles.push("stays".to_owned());
    let mut by_event = vec![vec![]; problem.events.len()];
    for meet in &present.meets {
        by_event[wide(meet.event)].push(meet);
    }
    for (at, meets) in (0..).zip(&by_event) {
        let event = &mut staying.events[wide(at)];
        let fixed = event.time.is_some();
        let mut sitting: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for (seat, of) in event.seats.iter_mut().enumerate() {
            if of.fixed.is_none() {
                let role = *of.role.get_or_insert(nameless);
                let who = meets.iter().filter_map(|m| m.resources[seat]);
                sitting.entry(role).or_default().extend(who);
            }
        }
        for seat in &event.seats {
            if let (Some(role), Some(who)) = (seat.role, seat.fixed) {
                sitting.entry(role).and_modify(|s| s.extend([who]));
            }
        }
        let times: Vec<u32> = meets.iter().filter_map(|m| m.time).collect();
        if !fixed && !times.is_empty() {
            let rule = PreferTimes {
                time_groups: vec![],
                times,
                duration: None,
            };
            wish(&mut staying, at, price.time, Rule::PreferTimes(rule));
        }
        for (role, who) in sitting.into_iter().filter(|(_, who)| !who.is_empty()) {
            let rule = PreferResources {
                resource_groups: vec![],
                resources: who.into_iter().collect(),
                role,
            };
            wish(&mut staying, at, price.seat, Rule::PreferResources(rule));
        }
    }
    staying
}

fn wish(problem: &mut Problem, event: u32, weight: u32, rule: Rule) {
    problem.constraints.push(Constraint {
        label: Named {
            id: format!("stay {}", problem.constraints.len()),
            name: "stays where it is".to_owned(),
        },
        required: false,
        weight,
        cost: CostFunction::Step,
        scope: Scope {
            events: vec![event],
            ..Scope::default()
        },
        rule,
    });
}
