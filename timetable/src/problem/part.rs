//! A problem cut down to some of its events and rules, for questions about a part.

use std::collections::BTreeSet;

use super::rules::{limit_together::LimitTogether, order_events::OrderEvents, relate_events::RelateEvents};
use super::{Problem, Rule, Scope};
use crate::ids::{narrow, wide};

impl Problem {
    /// The problem with these events only, and with the marked constraints; positions of constraints, resources and times stay.
    ///
    /// Rules that count a resource's busy times only stay for `whole`, the resources whose events are all there.
    #[must_use]
    pub fn part(&self, events: &BTreeSet<u32>, whole: &BTreeSet<u32>, kept: &[bool]) -> Self {
        let place = |e: &u32| events.contains(e).then(|| narrow(events.range(..*e).count()));
        let mut part = self.clone();
        part.events = events.iter().map(|e| self.event(*e).clone()).collect();
        for group in &mut part.event_groups {
            group.events = group.events.iter().filter_map(place).collect();
        }
        let empty = |g: &u32| !part.event_groups[wide(*g)].events.is_empty();
        for (constraint, kept) in part.constraints.iter_mut().zip(kept) {
            if !kept {
                constraint.scope = Scope::default();
                match &mut constraint.rule {
                    Rule::OrderEvents(rule) => rule.pairs.clear(),
                    Rule::RelateEvents(rule) => rule.pairs.clear(),
                    Rule::LimitTogether(rule) => rule.sets.clear(),
                    _ => {}
                }
                continue;
            }
            let mut scope = std::mem::take(&mut constraint.scope);
            scope.events = scope.events.iter().filter_map(place).collect();
            scope.event_groups.retain(empty);
            match &mut constraint.rule {
                Rule::LimitIdleTimes(_)
                | Rule::ClusterBusyTimes(_)
                | Rule::LimitBusyTimes(_)
                | Rule::LimitLateStarts(_)
                | Rule::StartEarly(_)
                | Rule::LimitWholeDays(_)
                | Rule::LimitPlaceChanges(_)
                | Rule::WalkInTime(_)
                | Rule::LimitWorkload(_) => {
                    scope.resources = scope.all_resources(self);
                    scope.resource_groups.clear();
                    scope.resources.retain(|r| whole.contains(r));
                }
                Rule::OrderEvents(rule) => {
                    rule.pairs
                        .retain(|p| events.contains(&p.first) && events.contains(&p.second));
                    rule.choice = rule.choice.as_ref().map(|c| c.renumbered(&|e| place(&e)));
                    for pair in &mut rule.pairs {
                        pair.first = place(&pair.first).unwrap_or(0);
                        pair.second = place(&pair.second).unwrap_or(0);
                    }
                }
                Rule::RelateEvents(rule) => {
                    rule.choice = rule.choice.as_ref().map(|c| c.renumbered(&|e| place(&e)));
                    rule.pairs = rule
                        .pairs
                        .iter()
                        .filter_map(|(first, second)| Some((place(first)?, place(second)?)))
                        .collect();
                }
                Rule::LimitTogether(rule) => {
                    rule.sets.retain(|set| set.iter().all(|who| whole.contains(who)))
                }
                _ => {}
            }
            constraint.scope = scope;
        }
        part
    }
}

impl Rule {
    /// The rule with one of its pairs, or sets, only; `None` where it has none there.
    #[must_use]
    pub fn one_pair(&self, at: u32) -> Option<Self> {
        let at = wide(at);
        Some(match self {
            Self::OrderEvents(rule) => Self::OrderEvents(OrderEvents {
                pairs: vec![rule.pairs.get(at)?.clone()],
                choice: rule.choice.clone(),
            }),
            Self::RelateEvents(rule) => Self::RelateEvents(RelateEvents {
                pairs: vec![*rule.pairs.get(at)?],
                relation: rule.relation,
                day: rule.day,
                choice: rule.choice.clone(),
            }),
            Self::LimitTogether(rule) => Self::LimitTogether(LimitTogether {
                sets: vec![rule.sets.get(at)?.clone()],
                time_groups: rule.time_groups.clone(),
                max: rule.max,
            }),
            _ => return None,
        })
    }

    /// How many pairs, or sets, the rule speaks of.
    #[must_use]
    pub fn pair_count(&self) -> u32 {
        narrow(match self {
            Self::OrderEvents(rule) => rule.pairs.len(),
            Self::RelateEvents(rule) => rule.pairs.len(),
            Self::LimitTogether(rule) => rule.sets.len(),
            _ => 0,
        })
    }

    /// Its pairs of events; none for sets of resources.
    #[must_use]
    pub fn event_pairs(&self) -> Vec<(u32, u32)> {
        match self {
            Self::OrderEvents(rule) => rule.pairs.iter().map(|pair| (pair.first, pair.second)).collect(),
            Self::RelateEvents(rule) => rule.pairs.clone(),
            _ => vec![],
        }
    }

    /// Which of its pairs, or sets, a [part](Problem::part) has, by their positions in the whole rule: the first is the part's first.
    #[must_use]
    pub fn pairs_within(&self, events: &BTreeSet<u32>, whole: &BTreeSet<u32>) -> Vec<u32> {
        let here = |at: &u32| match self {
            Self::OrderEvents(rule) => {
                let pair = &rule.pairs[wide(*at)];
                events.contains(&pair.first) && events.contains(&pair.second)
            }
            Self::RelateEvents(rule) => {
                let (first, second) = rule.pairs[wide(*at)];
                events.contains(&first) && events.contains(&second)
            }
            Self::LimitTogether(rule) => rule.sets[wide(*at)].iter().all(|who| whole.contains(who)),
            _ => false,
        };
        (0..self.pair_count()).filter(here).collect()
    }
}
