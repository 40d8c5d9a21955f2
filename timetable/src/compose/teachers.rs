//! The limits of teachers as rules: the excess that [`Board::judge`](crate::Board::judge) counts, at the same price.

use std::collections::BTreeSet;

use super::limits::{at_most, price};
use super::problem::Draft;
use crate::limits::Limit;
use crate::problem::Rule;
use crate::problem::rules::{
    cluster_busy_times::ClusterBusyTimes, limit_busy_times::LimitBusyTimes, limit_idle_times::LimitIdleTimes,
};

/// Names of rules that are told apart by them.
pub(super) const IN_A_ROW: &str = "a teacher's lessons in a row";
pub(super) const LEAST: &str = "a teacher does not come for one lesson";
pub(super) const WINDOWS_A_WEEK: &str = "a teacher's windows a week";
pub(super) const WINDOWS_A_DAY: &str = "a teacher's windows a day";
pub(super) const LESSONS_A_DAY: &str = "a teacher's lessons a day";
pub(super) const LEAST_DAYS: &str = "a teacher's fewest days with lessons";
pub(super) const DAYS: &str = "a teacher's days with lessons";

/// Adds them all.
pub(super) fn all(draft: &mut Draft<'_>) {
    for (n, facts) in draft.board.spec.teachers.iter().enumerate() {
        if draft.watch.is_over_at(n) {
            return;
        }
        let who: BTreeSet<u32> = draft.teachers[n].into_iter().collect();
        let who: Vec<u32> = who.into_iter().collect();
        let add = |draft: &mut Draft<'_>, name: &str, limit: Limit, rule: Rule| {
            draft.for_resources(name, price(limit, 1), who.clone(), rule);
        };
        if let Some(limit) = facts.per_day {
            let rule = at_most(draft.days(), limit.value);
            add(draft, LESSONS_A_DAY, limit, rule);
        }
        if let Some(limit) = facts.windows_per_day {
            for day in draft.days() {
                let rule = idle(vec![day], limit.value);
                add(draft, WINDOWS_A_DAY, limit, rule);
            }
        }
        if let Some(limit) = facts.least_per_day {
            let rule = LimitBusyTimes {
                time_groups: draft.days(),
                min: limit.value.into(),
                max: draft.slots.max(limit.value.into()),
            };
            add(draft, LEAST, limit, Rule::LimitBusyTimes(rule));
        }
        if let Some(limit) = facts.in_a_row {
            let rule = at_most(draft.runs(limit.value), limit.value);
            add(draft, IN_A_ROW, limit, rule);
        }
        for week in draft.weeks() {
            if let Some(limit) = facts.days_per_week {
                let rule = ClusterBusyTimes {
                    time_groups: week.clone(),
                    min: 0,
                    max: limit.value.into(),
                };
                add(draft, DAYS, limit, Rule::ClusterBusyTimes(rule));
            }
            if let Some(limit) = facts.least_days {
                let rule = super::limits::at_least(week.clone(), limit.value);
                add(draft, LEAST_DAYS, limit, rule);
            }
            if let Some(limit) = facts.windows_per_week {
                let rule = idle(week, limit.value);
                add(draft, WINDOWS_A_WEEK, limit, rule);
            }
        }
    }
}

fn idle(time_groups: Vec<u32>, most: u16) -> Rule {
    Rule::LimitIdleTimes(LimitIdleTimes {
        time_groups,
        min: 0,
        max: most.into(),
    })
}
