//! From "it cannot be" to the few requirements that make it so.

use std::collections::BTreeSet;

use super::conflict::{Conflict, Requirement, Why};
use super::known::{Budget, Known};
use super::model::{Clause, Model};
use crate::ids::wide;
use crate::problem::{Problem, Rule};

/// How far around the place of a contradiction its requirements are looked for before everything is taken.
const RINGS: usize = 3;
/// Most requirements of which it is tried whether loosening them would mend everything.
const MOST_TRIED: usize = 16;

/// Requirements that cannot be met together, at most so many sets of them. Each further set is what remains once the best
/// loosening of those before has been granted, so none repeats another.
///
/// `work` is counted in steps of reasoning: a school of 1,100 lessons is looked through once in less than a million. When it is used
/// up, nothing more is claimed.
#[must_use]
pub fn conflicts(problem: &Problem, most: usize, work: u64) -> Vec<Conflict> {
    conflicts_while(problem, most, work, &|| true)
}

/// The same as long as `go_on` says so. Once it says no, nothing more is claimed; what is told is so all the same.
#[must_use]
pub fn conflicts_while(problem: &Problem, most: usize, work: u64, go_on: &dyn Fn() -> bool) -> Vec<Conflict> {
    let model = Model::new(problem);
    let prover = Prover::new(&model, work, go_on);
    let mut active = prover.all();
    let mut found = vec![];
    while found.len() < most {
        let Some(why) = prover.check(&active) else { break };
        let (conflict, granted) = prover.conflict(&active, why);
        active.retain(|m| !granted.contains(m));
        found.push(conflict);
        if granted.is_empty() {
            break;
        }
    }
    found
}

/// A model with the steps that are left.
pub(super) struct Prover<'m, 'a> {
    model: &'m Model<'a>,
    budget: Budget<'m>,
}

impl<'m, 'a> Prover<'m, 'a> {
    pub fn new(model: &'m Model<'a>, work: u64, go_on: &'m dyn Fn() -> bool) -> Self {
        Self {
            model,
            budget: Budget::new(work, go_on),
        }
    }

    /// All requirements, in the order in which they are left out: locks first, so that they only stay where their time is the
    /// trouble; then that events take place, so that few lessons remain.
    pub fn all(&self) -> Vec<u32> {
        let mut all: Vec<u32> = (0..crate::ids::narrow(self.model.members.len())).collect();
        all.sort_by_key(|m| match self.clause(*m) {
            Clause::Lock { .. } => 0,
            Clause::Place { .. } => 1,
            _ => 2,
        });
        all
    }

    fn clause(&self, member: u32) -> Clause {
        self.model.members[wide(member)].1
    }

    fn requirement(&self, member: u32) -> Requirement {
        self.model.members[wide(member)].0
    }

    /// Why these requirements cannot be met together, if that can be seen.
    pub fn check(&self, active: &[u32]) -> Option<Why> {
        let mut known = Known::new(self.model, &self.budget, active);
        match known.conclude() {
            Ok(()) => known.count().err(),
            Err(why) => Some(why),
        }
    }

    /// The conflict behind a contradiction among the active requirements, and those that its best loosening takes away.
    pub fn conflict(&self, active: &[u32], why: Why) -> (Conflict, Vec<u32>) {
        let (near, why) = self.near(active, why);
        let (core, why) = self.shrink(near, why);
        let lack = self.lack(active, &core, &why);
        let problem = self.model.problem;
        let mut order: Vec<(bool, u32, usize, u32)> = vec![];
        for member in &core {
            let requirement = self.requirement(*member);
            if requirement.is_nature(problem) || requirement.card(problem).is_some() {
                continue;
            }
            let mends_all = order.len() < MOST_TRIED && {
                let gone = self.same(*member);
                let rest: Vec<u32> = active.iter().copied().filter(|m| !gone.contains(m)).collect();
                !self.budget.is_empty() && self.check(&rest).is_none()
            };
            // Of two lists of rooms the narrower one is the more special demand.
            let width = match self.clause(*member) {
                Clause::Among { list, .. } => self.model.lists[wide(list)].len(),
                _ => 0,
            };
            order.push((!mends_all, ease(problem, requirement), width, *member));
        }
        order.sort_unstable();
        let best = order.first().map(|o| o.3);
        let granted = match best {
            Some(best) => self.same(best),
            None => core
                .iter()
                .filter(|m| matches!(self.clause(**m), Clause::Single { .. }))
                .flat_map(|m| self.same(*m))
                .collect(),
        };
        let conflict = Conflict {
            why,
            requirements: core.iter().map(|m| self.requirement(*m)).collect(),
            lack,
            loosen: order.iter().map(|o| self.requirement(o.3)).collect(),
            minimal: !self.budget.is_empty(),
        };
        (conflict, granted)
    }

    /// The requirements around the contradiction, if it already follows from them.
    fn near(&self, active: &[u32], why: Why) -> (Vec<u32>, Why) {
        let problem = self.model.problem;
        let mut events: BTreeSet<u32> = why.events(problem).into_iter().collect();
        let mut people: BTreeSet<u32> = why.resources().into_iter().collect();
        for _ in 0..RINGS {
            events.extend(people.iter().flat_map(|r| &self.model.events_of[wide(*r)]));
            for member in active {
                match self.clause(*member) {
                    Clause::Among { event, list, .. }
                        if self.model.lists[wide(list)].iter().any(|r| people.contains(r)) =>
                    {
                        events.insert(event);
                    }
                    Clause::Link { group } => {
                        let linked = &problem.event_groups[wide(group)].events;
                        if linked.iter().any(|e| events.contains(e)) {
                            events.extend(linked);
                        }
                    }
                    clause @ (Clause::Related { .. } | Clause::Partner { .. }) => {
                        let (tied, _) = self.model.concerns(clause);
                        if tied.iter().any(|e| events.contains(e)) {
                            events.extend(tied);
                        }
                    }
                    _ => {}
                }
            }
            let fixed = |e: &u32| problem.event(*e).seats.iter().filter_map(|s| s.fixed);
            people.extend(events.iter().flat_map(fixed));
            let is_near = |member: &&u32| {
                let (of, who) = self.model.concerns(self.clause(**member));
                of.iter().any(|e| events.contains(e))
                    || who.iter().any(|r| {
                        people.contains(r) || self.model.open[wide(problem.resources[wide(*r)].kind)]
                    })
            };
            let near: Vec<u32> = active.iter().filter(is_near).copied().collect();
            if let Some(why) = self.check(&near) {
                return (near, why);
            }
        }
        (active.to_vec(), why)
    }

    /// Leaves out requirements, many at once and then one by one, as long as the contradiction stands.
    fn shrink(&self, near: Vec<u32>, why: Why) -> (Vec<u32>, Why) {
        let (mut core, mut why) = (near, why);
        let mut size = core.len().div_ceil(2).max(1);
        loop {
            let mut at = 0;
            while at < core.len() && !self.budget.is_empty() {
                let end = (at + size).min(core.len());
                let rest = [&core[..at], &core[end..]].concat();
                match self.check(&rest) {
                    Some(still) => (core, why) = (rest, still),
                    None => at = end,
                }
            }
            if size == 1 {
                return (core, why);
            }
            size = size.div_ceil(2);
        }
    }

    /// How much is lacking if all lessons of whom it is about are counted under the rules of the conflict.
    fn lack(&self, active: &[u32], core: &[u32], why: &Why) -> u32 {
        let own = why.lack();
        if let Why::NoRoom { .. } = why {
            return self.as_helpless(core);
        }
        let people = why.resources();
        if people.is_empty() || !matches!(why, Why::Times { .. } | Why::Rooms { .. }) {
            return own;
        }
        let mut events: BTreeSet<u32> = people
            .iter()
            .flat_map(|r| self.model.events_of[wide(*r)].clone())
            .collect();
        for member in active {
            if let Clause::Among { event, list, .. } = self.clause(*member)
                && self.model.lists[wide(list)].iter().all(|r| people.contains(r))
            {
                events.insert(event);
            }
        }
        let of_events = active.iter().copied().filter(|m| match self.clause(*m) {
            Clause::Place { event }
            | Clause::Whole { event }
            | Clause::Seat { event, .. }
            | Clause::Among { event, .. } => events.contains(&event),
            _ => core.contains(m),
        });
        let all: Vec<u32> = of_events.collect();
        match self.check(&all) {
            Some(more) if more.resources() == people => own.max(more.lack()),
            _ => own,
        }
    }

    /// How many events all the lists of a conflict about a seat are for.
    fn as_helpless(&self, core: &[u32]) -> u32 {
        let lists = core
            .iter()
            .filter_map(|m| match (self.requirement(*m), self.clause(*m)) {
                (Requirement::Point(c, _), Clause::Among { .. }) => Some(c),
                _ => None,
            });
        let problem = self.model.problem;
        let events = |c: u32| -> BTreeSet<u32> {
            problem.constraints[wide(c)]
                .scope
                .all_events(problem)
                .into_iter()
                .collect()
        };
        let common = lists
            .map(events)
            .reduce(|a, b| a.intersection(&b).copied().collect());
        common.map_or(1, |events| crate::ids::narrow(events.len()))
    }

    /// What goes with a requirement when it is loosened: the same constraint at resources that are almost the same one (the
    /// halves of a class); a list of rooms for all its events; what ties two loads for all their lessons.
    fn same(&self, member: u32) -> Vec<u32> {
        let Requirement::Point(constraint, _) = self.requirement(member) else {
            return vec![member];
        };
        if let Clause::Among { .. } | Clause::Related { .. } | Clause::Partner { .. } = self.clause(member) {
            let all = (0..).zip(&self.model.members);
            let of = all.filter(|(_, (r, _))| matches!(r, Requirement::Point(c, _) if *c == constraint));
            return of.map(|(m, _)| m).collect();
        }
        let (_, who) = self.model.concerns(self.clause(member));
        let [who] = who.as_slice() else {
            return vec![member];
        };
        let own: BTreeSet<u32> = self.model.events_of[wide(*who)].iter().copied().collect();
        let problem = self.model.problem;
        let is_same = |other: &u32| {
            if !matches!(self.requirement(*other), Requirement::Point(c, _) if c == constraint) {
                return false;
            }
            let (_, of) = self.model.concerns(self.clause(*other));
            *other == member
                || of.first().is_some_and(|of| {
                    let shared = self.model.events_of[wide(*of)].iter().filter(|e| own.contains(e));
                    problem.resources[wide(*of)].kind == problem.resources[wide(*who)].kind
                        && shared.count() * 2 > own.len()
                })
        };
        (0..crate::ids::narrow(self.model.members.len()))
            .filter(is_same)
            .collect()
    }
}

/// What a school changes more easily, first.
fn ease(problem: &Problem, requirement: Requirement) -> u32 {
    let Requirement::Point(constraint, _) = requirement else {
        return 0;
    };
    match problem.constraints[wide(constraint)].rule {
        Rule::PreferTimes(_) => 1,
        Rule::SpreadEvents(_) | Rule::OrderEvents(_) | Rule::RelateEvents(_) => 2,
        Rule::LimitIdleTimes(_)
        | Rule::ClusterBusyTimes(_)
        | Rule::LimitBusyTimes(_)
        | Rule::StartEarly(_)
        | Rule::LimitPlaceChanges(_) => 3,
        Rule::AvoidUnavailableTimes(_) => 4,
        Rule::PreferResources(_) => 5,
        Rule::LimitWorkload(_) | Rule::WalkInTime(_) => 6,
        Rule::LinkEvents(_) => 7,
        _ => 8,
    }
}
