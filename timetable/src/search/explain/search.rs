//! A broken requirement that search could not mend, cut out with what is around it.

use std::collections::{BTreeMap, BTreeSet};

use super::model::Model;
use super::proof::Prover;
use super::wish::demanded;
use crate::ids::{narrow, wide};
use crate::problem::{Breach, Problem, Subject};
use crate::search::{Ground, Plan, Search, Tuning};
use crate::watch::Watch;

/// Requirements that were never met together, however long was searched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collision {
    /// Constraints, without any of which the rest was met. The broken one is among them or needs none of its own.
    pub constraints: Vec<u32>,
    /// Whom and what they are about, as far as it takes part in the collision: constraint and subject, in the order of the
    /// constraints.
    pub points: Vec<(u32, Subject)>,
    /// Events that take part.
    pub events: Vec<u32>,
    /// The same constraints; those that cost least first.
    pub loosen: Vec<u32>,
    /// Whether leaving out each one was tried.
    pub minimal: bool,
}

/// How far around a broken requirement the search looks.
const RINGS: usize = 3;
/// Most events of a problem that is cut down (where it is broken there may be more to begin with), and most smaller problems that are tried to leave out people, constraints and
/// courses.
const MOST_EVENTS: usize = 400;
const MOST_TRIALS: [usize; 3] = [60, 160, 100];
/// Moves between two looks whether to go on.
const STRIDE: u64 = 256;
/// Steps of reasoning before a smaller problem is searched.
const STEPS: u64 = 200_000;

/// A small set of constraints around a broken point that the search cannot meet together; `None` if it can. Of what lies around, the
/// nearest people are looked at whose events are few enough: what cannot be met of a part cannot be met of the whole. A wish is taken as a
/// requirement. `work` is counted in moves for each problem tried.
#[must_use]
pub fn collision(problem: &Problem, breach: &Breach, work: u64) -> Option<Collision> {
    collision_while(problem, breach, work, &|| true)
}

/// The same as long as `go_on` says so. Once it says no, nothing is claimed.
#[must_use]
pub fn collision_while(
    problem: &Problem,
    breach: &Breach,
    work: u64,
    go_on: &dyn Fn() -> bool,
) -> Option<Collision> {
    let watch = Watch::new(go_on);
    let found = looked_for(problem, breach, work, &watch);
    watch.whole(found).flatten()
}

fn looked_for(problem: &Problem, breach: &Breach, work: u64, watch: &Watch<'_>) -> Option<Collision> {
    let wish = problem
        .constraints
        .get(wide(breach.constraint))
        .is_some_and(|c| !c.required);
    if wish {
        let with = demanded(problem, breach, 0)?;
        let mut found = around(&with, breach, work, watch)?;
        let last = narrow(with.constraints.len() - 1);
        if !found.constraints.contains(&last) {
            return None;
        }
        for list in [&mut found.constraints, &mut found.loosen] {
            list.iter_mut()
                .filter(|c| **c == last)
                .for_each(|c| *c = breach.constraint);
        }
        for (constraint, subject) in &mut found.points {
            if *constraint == last {
                (*constraint, *subject) = (breach.constraint, breach.subject);
            }
        }
        return Some(found);
    }
    around(problem, breach, work, watch)
}

fn around(problem: &Problem, breach: &Breach, work: u64, watch: &Watch<'_>) -> Option<Collision> {
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
    let beside = tied(problem, &events);
    let near = (people.clone(), events.clone());
    if let Some(found) = rings(problem, breach, near, (work, watch)) {
        return Some(found);
    }
    // who must lie to it in some way may have nobody in common with it
    if beside.is_empty() {
        return None;
    }
    people.extend(beside.iter().flat_map(|e| fixed(problem, *e)));
    events.extend(beside);
    rings(problem, breach, (people, events), (work, watch))
}

/// Events of which a requirement says how they lie to one of these.
fn tied(problem: &Problem, events: &BTreeSet<u32>) -> BTreeSet<u32> {
    let required = problem.constraints.iter().filter(|c| c.required);
    let pairs = required.flat_map(|c| c.rule.event_pairs());
    let other = |(one, other): (u32, u32)| match (events.contains(&one), events.contains(&other)) {
        (true, false) => Some(other),
        (false, true) => Some(one),
        _ => None,
    };
    pairs.filter_map(other).take(MOST_EVENTS / 4).collect()
}

/// Looks at these people and events, then at whoever sits with them, and with those.
fn rings(
    problem: &Problem,
    breach: &Breach,
    (mut people, mut events): (BTreeSet<u32>, BTreeSet<u32>),
    (work, watch): (u64, &Watch<'_>),
) -> Option<Collision> {
    let mut events_of: Vec<Vec<u32>> = vec![vec![]; problem.resources.len()];
    for event in 0..narrow(problem.events.len()) {
        fixed(problem, event).for_each(|who| events_of[wide(who)].push(event));
    }
    let mut whole = BTreeSet::new();
    for _ in 0..RINGS {
        let all = join(&events_of, &mut events, &mut whole, people);
        let cut = Cut {
            problem,
            work,
            watch,
            events,
            people: whole,
            kept: vec![true; problem.constraints.len()],
        };
        if cut.is_unsolvable() {
            return Some(cut.shrink(breach));
        }
        if !all {
            return None;
        }
        (events, whole) = (cut.events, cut.people);
        people = events.iter().flat_map(|e| fixed(problem, *e)).collect();
    }
    None
}

/// Takes in people with all their events, those first who share most with what is there, as far as there is room; gives whether that
/// were all.
fn join(
    events_of: &[Vec<u32>],
    events: &mut BTreeSet<u32>,
    whole: &mut BTreeSet<u32>,
    people: BTreeSet<u32>,
) -> bool {
    let shared = |who: &u32| {
        events_of[wide(*who)]
            .iter()
            .filter(|e| events.contains(e))
            .count()
    };
    let mut near: Vec<(usize, u32)> = people.into_iter().map(|who| (shared(&who), who)).collect();
    near.sort_by_key(|(shared, who)| (std::cmp::Reverse(*shared), *who));
    let mut all = true;
    for (_, who) in near {
        let new = events_of[wide(who)]
            .iter()
            .filter(|e| !events.contains(e))
            .count();
        if events.len() + new > MOST_EVENTS {
            all = false;
            continue;
        }
        events.extend(&events_of[wide(who)]);
        whole.insert(who);
    }
    all
}

/// A part of a problem that cannot be met.
#[derive(Clone)]
struct Cut<'a> {
    problem: &'a Problem,
    work: u64,
    watch: &'a Watch<'a>,
    events: BTreeSet<u32>,
    /// Those whose events are all there.
    people: BTreeSet<u32>,
    kept: Vec<bool>,
}

impl Cut<'_> {
    fn part(&self) -> Problem {
        self.problem.part(&self.events, &self.people, &self.kept)
    }

    fn is_unsolvable(&self) -> bool {
        unsolvable(&self.part(), self.work, self.watch)
    }

    /// Leaves out people with their events, then constraints, then courses, as long as the rest is not met.
    fn shrink(mut self, breach: &Breach) -> Collision {
        let problem = self.problem;
        let [most_people, most_constraints, most_courses] = MOST_TRIALS;
        let mut own: BTreeSet<u32> = breach.notes.events.iter().copied().collect();
        if let Subject::Event(e) | Subject::Seat(e, _) = breach.subject {
            own.insert(e);
        }
        let people: Vec<u32> = self.people.iter().copied().collect();
        let (_, all_people) = self.leave_out(people, most_people, &|cut, people| {
            cut.people = people.iter().copied().collect();
            let theirs = |e: &u32| own.contains(e) || fixed(problem, *e).any(|w| cut.people.contains(&w));
            cut.events.retain(theirs);
        });
        let whole = self.part();
        let touched =
            |at: &usize| whole.constraints[*at].required && !whole.constraints[*at].points(&whole).is_empty();
        let constraints: Vec<usize> = (0..problem.constraints.len()).filter(touched).collect();
        let (constraints, all_constraints) = self.leave_out(constraints, most_constraints, &|cut, rest| {
            cut.kept.fill(false);
            for constraint in rest {
                cut.kept[*constraint] = true;
            }
        });
        let mut courses: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
        for event in &self.events {
            courses
                .entry(fixed(problem, *event).collect())
                .or_default()
                .push(*event);
        }
        let (_, all_courses) =
            self.leave_out(courses.into_values().collect(), most_courses, &|cut, courses| {
                let before = std::mem::take(&mut cut.events);
                cut.events = courses.iter().flatten().copied().collect();
                let gone: BTreeSet<u32> = before
                    .difference(&cut.events)
                    .flat_map(|e| fixed(problem, *e))
                    .collect();
                cut.people.retain(|who| !gone.contains(who));
            });
        let mut loosen: Vec<u32> = constraints.iter().map(|c| narrow(*c)).collect();
        loosen.sort_by_key(|c| problem.constraints[wide(*c)].weight);
        Collision {
            points: self.points(),
            constraints: constraints.into_iter().map(narrow).collect(),
            events: self.events.into_iter().collect(),
            loosen,
            minimal: all_people && all_constraints && all_courses,
        }
    }

    /// Leaves out some of a list, many at once and then one by one; gives what is left and whether each was tried alone.
    fn leave_out<T: Clone>(
        &mut self,
        mut core: Vec<T>,
        most: usize,
        without: &dyn Fn(&mut Self, &[T]),
    ) -> (Vec<T>, bool) {
        let mut trials = 0;
        let mut size = core.len().div_ceil(2).max(1);
        loop {
            let mut at = 0;
            while at < core.len() && trials < most && !self.watch.is_over() {
                trials += 1;
                let end = (at + size).min(core.len());
                let rest = [&core[..at], &core[end..]].concat();
                let mut smaller = self.clone();
                without(&mut smaller, &rest);
                if smaller.is_unsolvable() {
                    (*self, core) = (smaller, rest);
                } else {
                    at = end;
                }
            }
            if size == 1 || self.watch.is_over() {
                return (core, trials < most);
            }
            size = size.div_ceil(2);
        }
    }

    /// What the constraints that are left apply to.
    fn points(&self) -> Vec<(u32, Subject)> {
        let part = self.part();
        let events: Vec<u32> = self.events.iter().copied().collect();
        let mut points = vec![];
        for (at, constraint) in part.constraints.iter().enumerate() {
            if !self.kept[at] || !constraint.required {
                continue;
            }
            // a part numbers the pairs that it has
            let pairs = self.problem.constraints[at]
                .rule
                .pairs_within(&self.events, &self.people);
            let of = constraint
                .points(&part)
                .into_iter()
                .filter_map(|subject| match subject {
                    Subject::Event(e) => Some(Subject::Event(*events.get(wide(e))?)),
                    Subject::Seat(e, seat) => Some(Subject::Seat(*events.get(wide(e))?, seat)),
                    Subject::Pair(pair) => Some(Subject::Pair(*pairs.get(wide(pair))?)),
                    Subject::Resource(who) => {
                        let busy = |e: &u32| fixed(self.problem, *e).any(|w| w == who);
                        events.iter().any(busy).then_some(subject)
                    }
                    Subject::Group(_) => Some(subject),
                });
            points.extend(of.map(|subject| (narrow(at), subject)));
        }
        points
    }
}

fn fixed(problem: &Problem, event: u32) -> impl Iterator<Item = u32> + '_ {
    problem.event(event).seats.iter().filter_map(|s| s.fixed)
}

/// Whoever is over is told nothing that counts.
fn unsolvable(part: &Problem, work: u64, watch: &Watch<'_>) -> bool {
    let model = Model::new(part);
    let go_on = || !watch.is_over();
    let prover = Prover::new(&model, STEPS, &go_on);
    if prover.check(&prover.all()).is_some() {
        return true;
    }
    let Some(ground) = Ground::watched(part, &go_on) else {
        return false;
    };
    // A collision shows again with another seed; a search that was merely unlucky does not.
    (1..=2).all(|seed| {
        let plan = Plan {
            seed,
            lane: 0,
            work,
            tuning: Tuning::default(),
        };
        let mut search = Search::begin(&ground, plan);
        let open = |search: &Search<'_>| search.is_building() || search.cost().hard > 0;
        while open(&search) && !watch.is_over() && search.run(STRIDE) {}
        open(&search)
    })
}
