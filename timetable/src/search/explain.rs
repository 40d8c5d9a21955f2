//! Why a problem cannot be met: counts that prove it, and small sets of requirements that collide.
//!
//! Two sources. *Counting* ([`counts`]) needs no search and is a proof: more lessons than hours, two fixed events in one place,
//! more lessons than their rooms hold, linked events of one person. *Searching* ([`collision`]) takes a broken requirement that the solver
//! could not mend, cuts the problem down to the events around it, and leaves out one requirement after another: what may be left out
//! without the rest becoming solvable is no part of the collision. That is as sure as the search is good; the answer says so by
//! [`Finding`]'s variant.

use std::collections::{BTreeMap, BTreeSet};

use super::solver::{Ground, Plan, Search, Tuning};
use crate::ids::{narrow, wide};
use crate::problem::{Breach, Problem, Rule, Subject};

/// What stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Proved: a resource's fixed events take more times than it has.
    TooMuch {
        /// The resource.
        resource: u32,
        /// Times that its events take.
        needed: u32,
        /// Times at which it may be busy.
        available: u32,
        /// Requirements that take times away from it.
        constraints: Vec<u32>,
    },
    /// Proved: a resource may be busy on so few days, so long each, that its events do not fit.
    TooFewDays {
        /// The resource.
        resource: u32,
        /// Times that its events take.
        needed: u32,
        /// Most times that the limits leave.
        available: u32,
        /// The limits.
        constraints: Vec<u32>,
    },
    /// Proved: an event cannot start anywhere without breaking a requirement.
    NoStart {
        /// The event.
        event: u32,
        /// The requirements that exclude the starts.
        constraints: Vec<u32>,
    },
    /// Proved: events with fixed times hold one resource at one time.
    FixedClash {
        /// The resource.
        resource: u32,
        /// The time.
        time: u32,
        /// The events.
        events: Vec<u32>,
    },
    /// Proved: events that must run at once need one resource.
    LinkedClash {
        /// The requirement that links them.
        constraint: u32,
        /// The resource.
        resource: u32,
        /// The events.
        events: Vec<u32>,
    },
    /// Proved: the events that must have one of these resources take more times than these have.
    TooFew {
        /// The resources.
        resources: Vec<u32>,
        /// Times that the events take.
        needed: u32,
        /// Times that the resources have.
        available: u32,
    },
    /// Found by search: these requirements, for these events, were never met together.
    Collision {
        /// Requirements, none of which could be left out.
        constraints: Vec<u32>,
        /// Events concerned.
        events: Vec<u32>,
        /// Requirements that, loosened alone, made the rest solvable; those that cost least first.
        loosen: Vec<u32>,
    },
}

/// Everything that counting proves.
#[must_use]
pub fn counts(problem: &Problem) -> Vec<Finding> {
    let mut found = vec![];
    let times = wide(problem.time_count());
    let mut away = vec![vec![false; times]; problem.resources.len()];
    let mut takers: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let single = clash_free(problem);
    for (at, constraint) in (0..).zip(&problem.constraints) {
        if let (true, Rule::AvoidUnavailableTimes(rule)) = (constraint.required, &constraint.rule) {
            for who in constraint.scope.all_resources(problem) {
                for time in rule.avoided(problem) {
                    away[wide(who)][wide(time)] = true;
                }
                takers.entry(who).or_default().push(at);
            }
        }
    }
    let load = loads(problem);
    for (who, away) in (0..).zip(&away) {
        if !single.contains(&who) {
            continue;
        }
        let available = narrow(away.iter().filter(|a| !**a).count());
        let needed = load[wide(who)];
        if needed > available {
            found.push(Finding::TooMuch {
                resource: who,
                needed,
                available,
                constraints: takers.get(&who).cloned().unwrap_or_default(),
            });
        }
    }
    found.extend(too_few_days(problem, &load, &single));
    found.extend(no_starts(problem, &away, &takers));
    found.extend(fixed_clashes(problem, &single));
    found.extend(linked_clashes(problem, &single));
    found.extend(too_few(problem, &away, &single));
    found
}

/// Resources that must not be in two places.
fn clash_free(problem: &Problem) -> BTreeSet<u32> {
    let rules = problem.constraints.iter();
    rules
        .filter(|c| c.required && matches!(c.rule, Rule::AvoidClashes(_)))
        .flat_map(|c| c.scope.all_resources(problem))
        .collect()
}

fn loads(problem: &Problem) -> Vec<u32> {
    let mut load = vec![0_u32; problem.resources.len()];
    for event in &problem.events {
        for who in event.seats.iter().filter_map(|s| s.fixed) {
            load[wide(who)] = load[wide(who)].saturating_add(event.duration);
        }
    }
    load
}

/// Limits on days and on hours of a day, over the same groups of times.
fn too_few_days(problem: &Problem, load: &[u32], single: &BTreeSet<u32>) -> Vec<Finding> {
    type Limit = (u32, u32);
    let mut days: BTreeMap<(u32, &[u32]), Limit> = BTreeMap::new();
    let mut hours: BTreeMap<(u32, &[u32]), Limit> = BTreeMap::new();
    for (at, constraint) in (0..).zip(&problem.constraints) {
        let (list, groups, max) = match &constraint.rule {
            Rule::ClusterBusyTimes(rule) => (&mut days, &rule.time_groups, rule.max),
            Rule::LimitBusyTimes(rule) => (&mut hours, &rule.time_groups, rule.max),
            _ => continue,
        };
        if !constraint.required {
            continue;
        }
        for who in constraint.scope.all_resources(problem) {
            let limit = list.entry((who, groups.as_slice())).or_insert((max, at));
            *limit = (*limit).min((max, at));
        }
    }
    let mut found = vec![];
    let keys: BTreeSet<_> = days.keys().chain(hours.keys()).copied().collect();
    for (who, groups) in keys {
        let sizes = groups.iter().map(|g| problem.time_groups[wide(*g)].times.len());
        let covered: BTreeSet<u32> = groups
            .iter()
            .flat_map(|g| problem.time_groups[wide(*g)].times.iter().copied())
            .collect();
        // Only if the groups are all times, each once, do they bound the whole load.
        if sizes.sum::<usize>() != problem.times.len() || covered.len() != problem.times.len() {
            continue;
        }
        let key = (who, groups);
        let most = hours.get(&key).map_or(u32::MAX, |l| l.0);
        let mut each: Vec<u32> = groups
            .iter()
            .map(|g| narrow(problem.time_groups[wide(*g)].times.len()).min(most))
            .collect();
        each.sort_unstable_by(|a, b| b.cmp(a));
        let allowed = days.get(&key).map_or(each.len(), |l| wide(l.0).min(each.len()));
        let available: u32 = each[..allowed].iter().sum();
        let needed = load[wide(who)];
        if needed > available && single.contains(&who) {
            let limits = [days.get(&key), hours.get(&key)];
            found.push(Finding::TooFewDays {
                resource: who,
                needed,
                available,
                constraints: limits.into_iter().flatten().map(|l| l.1).collect(),
            });
        }
    }
    found
}

/// Starts that a requirement allows to meets of one duration, or of any.
type Allowed = (u32, Option<u32>, BTreeSet<u32>);

fn no_starts(problem: &Problem, away: &[Vec<bool>], takers: &BTreeMap<u32, Vec<u32>>) -> Vec<Finding> {
    let mut good: Vec<Vec<Allowed>> = vec![vec![]; problem.events.len()];
    for (at, constraint) in (0..).zip(&problem.constraints) {
        if let (true, Rule::PreferTimes(rule)) = (constraint.required, &constraint.rule) {
            let groups = rule.time_groups.iter();
            let times: BTreeSet<u32> = groups
                .flat_map(|g| problem.time_groups[wide(*g)].times.iter().copied())
                .chain(rule.times.iter().copied())
                .collect();
            for event in constraint.scope.all_events(problem) {
                good[wide(event)].push((at, rule.duration, times.clone()));
            }
        }
    }
    let mut found = vec![];
    for (at, event) in (0..).zip(&problem.events) {
        // The shortest meet finds room most easily; where it finds none, the event has none.
        let possible = |duration: u32, start: u32| {
            let there = start..start + duration;
            let free = |who: u32| there.clone().all(|t| !away[wide(who)][wide(t)]);
            let fixed = event.time.is_none_or(|t| t == start);
            let liked = |(_, d, times): &Allowed| d.is_some_and(|d| d != duration) || times.contains(&start);
            fixed && good[wide(at)].iter().all(liked) && event.seats.iter().filter_map(|s| s.fixed).all(free)
        };
        let last = problem.time_count();
        let any = (1..=event.duration.min(last)).any(|d| (0..=last - d).any(|s| possible(d, s)));
        if !any && event.duration > 0 {
            let mut constraints: Vec<u32> = good[wide(at)].iter().map(|g| g.0).collect();
            for who in event.seats.iter().filter_map(|s| s.fixed) {
                constraints.extend(takers.get(&who).into_iter().flatten());
            }
            constraints.sort_unstable();
            constraints.dedup();
            found.push(Finding::NoStart {
                event: at,
                constraints,
            });
        }
    }
    found
}

fn fixed_clashes(problem: &Problem, single: &BTreeSet<u32>) -> Vec<Finding> {
    let mut there: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for (at, event) in (0..).zip(&problem.events) {
        let Some(start) = event.time else { continue };
        for who in event.seats.iter().filter_map(|s| s.fixed) {
            for time in start..start.saturating_add(event.duration).min(problem.time_count()) {
                there.entry((who, time)).or_default().push(at);
            }
        }
    }
    there
        .into_iter()
        .filter(|((who, _), events)| events.len() > 1 && single.contains(who))
        .map(|((resource, time), events)| Finding::FixedClash {
            resource,
            time,
            events,
        })
        .collect()
}

fn linked_clashes(problem: &Problem, single: &BTreeSet<u32>) -> Vec<Finding> {
    let mut found = vec![];
    for (at, constraint) in (0..).zip(&problem.constraints) {
        if !constraint.required || !matches!(constraint.rule, Rule::LinkEvents(_)) {
            continue;
        }
        for group in &constraint.scope.event_groups {
            let mut seats: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for event in &problem.event_groups[wide(*group)].events {
                for who in problem.event(*event).seats.iter().filter_map(|s| s.fixed) {
                    seats.entry(who).or_default().push(*event);
                }
            }
            for (resource, events) in seats {
                if events.len() > 1 && single.contains(&resource) {
                    found.push(Finding::LinkedClash {
                        constraint: at,
                        resource,
                        events,
                    });
                }
            }
        }
    }
    found
}

/// For each set of resources that a hard rule allows on seats: whether those who must sit there find room.
fn too_few(problem: &Problem, away: &[Vec<bool>], single: &BTreeSet<u32>) -> Vec<Finding> {
    let mut must: BTreeSet<(u32, u32)> = BTreeSet::new();
    let mut allowed: BTreeMap<(u32, u32), Vec<u32>> = BTreeMap::new();
    for constraint in problem.constraints.iter().filter(|c| c.required) {
        let seats = constraint.points(problem).into_iter().filter_map(|s| match s {
            Subject::Seat(e, seat) if problem.event(e).seats[wide(seat)].fixed.is_none() => Some((e, seat)),
            _ => None,
        });
        match &constraint.rule {
            Rule::AssignResource(_) => must.extend(seats),
            Rule::PreferResources(rule) => {
                let good = rule.good(problem);
                for seat in seats {
                    let entry = allowed.entry(seat).or_insert_with(|| good.clone());
                    entry.retain(|r| good.binary_search(r).is_ok());
                }
            }
            _ => {}
        }
    }
    let sets: BTreeSet<&Vec<u32>> = allowed.values().collect();
    let mut found = vec![];
    for set in sets {
        if !set.iter().all(|r| single.contains(r)) {
            continue;
        }
        let inside = allowed
            .iter()
            .filter(|(seat, of)| must.contains(seat) && of.iter().all(|r| set.binary_search(r).is_ok()));
        let needed = inside.map(|((e, _), _)| problem.event(*e).duration).sum();
        let free = set.iter().flat_map(|r| &away[wide(*r)]).filter(|a| !**a);
        let available = narrow(free.count());
        if needed > available {
            found.push(Finding::TooFew {
                resources: set.clone(),
                needed,
                available,
            });
        }
    }
    found
}

/// How far around a broken requirement the search looks.
const RINGS: usize = 3;
/// Most events, and most requirements, of a problem that is cut down.
const MOST_EVENTS: usize = 400;
const MOST_TRIALS: usize = 160;

/// A small set of requirements around a broken one that the search cannot meet together; `None` if it can, or if there
/// are too many events around.
#[must_use]
pub fn collision(problem: &Problem, breach: &Breach, work: u64) -> Option<Finding> {
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
        let around =
            (0..narrow(problem.events.len())).filter(|e| fixed(problem, *e).any(|w| people.contains(&w)));
        events.extend(around);
        if events.len() > MOST_EVENTS {
            return None;
        }
        let mut kept = (0..problem.constraints.len())
            .map(|_| true)
            .collect::<Vec<bool>>();
        let part = problem.part(&events, &people, &kept);
        if unsolvable(&part, work) {
            let touched = |at: usize| !part.constraints[at].points(&part).is_empty();
            let mut trials: Vec<usize> = (0..problem.constraints.len())
                .filter(|c| part.constraints[*c].required && touched(*c))
                .collect();
            for (at, keep) in kept.iter_mut().enumerate() {
                *keep = trials.contains(&at);
            }
            trials.truncate(MOST_TRIALS);
            for at in &trials {
                kept[*at] = false;
                if !unsolvable(&problem.part(&events, &people, &kept), work) {
                    kept[*at] = true;
                }
            }
            let constraints: Vec<u32> = (0..).zip(&kept).filter(|(_, k)| **k).map(|(c, _)| c).collect();
            let mut loosen = constraints.clone();
            loosen.sort_by_key(|c| problem.constraints[wide(*c)].weight);
            return Some(Finding::Collision {
                constraints,
                events: events.into_iter().collect(),
                loosen,
            });
        }
        people.extend(events.iter().flat_map(|e| fixed(problem, *e)));
    }
    None
}

fn fixed(problem: &Problem, event: u32) -> impl Iterator<Item = u32> + '_ {
    problem.event(event).seats.iter().filter_map(|s| s.fixed)
}

fn unsolvable(part: &Problem, work: u64) -> bool {
    if !counts(part).is_empty() {
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
        let mut search = Search::new(&ground.net, &ground.domains, plan);
        while search.cost().hard > 0 && search.run(2048) {}
        search.cost().hard > 0
    })
}
