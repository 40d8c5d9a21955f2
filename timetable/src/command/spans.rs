//! Times in words: single ones, whole days, parts of the week.

use timetable::problem::rules::spread_events::SpreadEvents;
use timetable::problem::{Span, TimeGroup};

use super::conflicts::{Words, wide};

impl Words<'_> {
    /// Times by name, whole days as such; of very many, those that are left out where these are fewer.
    pub(super) fn times(&self, all: &[u32]) -> String {
        let count = self.problem.times.len();
        if all.len() * 2 > count && all.len() < count {
            let others: Vec<u32> = (0..self.problem.time_count())
                .filter(|t| !all.contains(t))
                .collect();
            return format!(
                "{} {}",
                self.pick("all times but", "всё время, кроме:"),
                self.by_day(&others)
            );
        }
        self.by_day(all)
    }

    fn by_day(&self, all: &[u32]) -> String {
        let whole = |day: &&TimeGroup| {
            day.span == Span::Day && !day.times.is_empty() && day.times.iter().all(|t| all.contains(t))
        };
        let days: Vec<&TimeGroup> = self.problem.time_groups.iter().filter(whole).collect();
        let single = all.iter().filter(|t| !days.iter().any(|d| d.times.contains(t)));
        let mut names: Vec<&str> = days.iter().map(|d| d.label.name.as_str()).collect();
        names.extend(single.map(|t| self.time(*t)));
        self.list(names)
    }

    /// Days in each of a spread rule's parts of the week, if they are all of so many whole days.
    pub(super) fn days_in(&self, rule: &SpreadEvents) -> Option<usize> {
        let days = |group: u32| {
            let times = &self.problem.time_groups[wide(group)].times;
            let inside = self.problem.time_groups.iter().filter(|day| {
                day.span == Span::Day && !day.times.is_empty() && day.times.iter().all(|t| times.contains(t))
            });
            let inside: Vec<usize> = inside.map(|day| day.times.len()).collect();
            (inside.iter().sum::<usize>() == times.len()).then_some(inside.len())
        };
        let first = days(rule.limits.first()?.0)?;
        rule.limits
            .iter()
            .all(|l| days(l.0) == Some(first))
            .then_some(first)
    }
}
