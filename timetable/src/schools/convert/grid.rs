//! The times of a problem as a week of days and hours.

use crate::ids::{MAX_DAYS, MAX_SLOTS, TimeSet, narrow, wide};
use crate::problem::{Problem, Span};

/// Days one after the other, each with its times one after the other.
pub(super) struct Grid {
    /// Names of the days.
    pub names: Vec<String>,
    /// First time of each day, and how many it has.
    days: Vec<(u32, u32)>,
    /// The longest day.
    pub height: u16,
}

impl Grid {
    /// The groups of times that are days; without any, all times are one.
    pub fn of(problem: &Problem) -> Result<Self, String> {
        let groups = problem.time_groups.iter().filter(|g| g.span == Span::Day);
        let mut days: Vec<(String, (u32, u32))> = vec![];
        for group in groups {
            let name = &group.label.name;
            let (Some(first), Some(last)) = (group.times.first(), group.times.last()) else {
                return Err(format!("the day \"{name}\" has no times"));
            };
            let count = narrow(group.times.len());
            if last - first + 1 != count {
                return Err(format!(
                    "the times of the day \"{name}\" do not follow one another"
                ));
            }
            days.push((name.clone(), (*first, count)));
        }
        if days.is_empty() {
            days.push(("1".to_owned(), (0, problem.time_count())));
        }
        days.sort_by_key(|(_, (first, _))| *first);
        let mut next = 0;
        for (name, (first, count)) in &days {
            if *first != next {
                return Err(format!("the day \"{name}\" does not follow the one before it"));
            }
            next = first + count;
        }
        if next != problem.time_count() {
            return Err("there are times of no day".to_owned());
        }
        let height = days.iter().map(|(_, (_, count))| *count).max().unwrap_or(0);
        let height = u16::try_from(height).unwrap_or(u16::MAX);
        if days.len() > usize::from(MAX_DAYS) || height > MAX_SLOTS || height == 0 {
            return Err(format!(
                "a week of {} days of {height} hours is none of a school",
                days.len()
            ));
        }
        let (names, days) = days.into_iter().unzip();
        Ok(Self { names, days, height })
    }

    /// Day and hour of a time.
    pub fn place(&self, time: u32) -> Option<(u16, u16)> {
        let day = self
            .days
            .iter()
            .position(|(first, count)| (*first..first + count).contains(&time))?;
        let (first, _) = self.days.get(day)?;
        Some((crate::ids::short(day), u16::try_from(time - first).ok()?))
    }

    /// Times as days and hours.
    pub fn set(&self, times: impl IntoIterator<Item = u32>) -> TimeSet {
        let mut set = TimeSet::new();
        for (day, slot) in times.into_iter().filter_map(|time| self.place(time)) {
            set.insert(day, slot);
        }
        set
    }

    /// Hours that a shorter day does not have.
    pub fn breaks(&self) -> TimeSet {
        let mut breaks = TimeSet::new();
        for (day, (_, count)) in (0..).zip(&self.days) {
            for slot in u16::try_from(*count).unwrap_or(u16::MAX)..self.height {
                breaks.insert(day, slot);
            }
        }
        breaks
    }

    /// How many days.
    pub fn count(&self) -> usize {
        self.days.len()
    }

    /// Whether groups of times are the days, each once.
    pub fn is_days(&self, problem: &Problem, groups: &[u32]) -> bool {
        let mut found: Vec<usize> = groups
            .iter()
            .filter_map(|g| self.days_of(problem, *g)?.single())
            .collect();
        found.sort_unstable();
        found.len() == groups.len() && found == (0..self.count()).collect::<Vec<_>>()
    }

    /// The day that a group of times is.
    pub fn day(&self, problem: &Problem, group: u32) -> Option<usize> {
        self.days_of(problem, group)?.single()
    }

    /// The whole days that a group of times is, one after the other.
    pub fn days_of(&self, problem: &Problem, group: u32) -> Option<Days> {
        let times = &problem.time_groups.get(wide(group))?.times;
        let (first, last) = (*times.first()?, *times.last()?);
        if last - first + 1 != narrow(times.len()) {
            return None;
        }
        let from = self.days.iter().position(|(start, _)| *start == first)?;
        let to = self
            .days
            .iter()
            .position(|(start, count)| start + count == last + 1)?;
        Some(Days { from, to })
    }

    /// Whether groups of times are all runs of so many hours within a day.
    pub fn is_runs(&self, problem: &Problem, groups: &[u32], length: u32) -> bool {
        let run = |group: &u32| {
            let times = &problem.time_groups.get(wide(*group))?.times;
            let (first, last) = (*times.first()?, *times.last()?);
            let (from, to) = (self.place(first)?, self.place(last)?);
            (narrow(times.len()) == length && last - first + 1 == length && from.0 == to.0).then_some(first)
        };
        let mut found: Vec<u32> = groups.iter().filter_map(run).collect();
        found.sort_unstable();
        found.dedup();
        let all: u32 = self
            .days
            .iter()
            .map(|(_, count)| (count + 1).saturating_sub(length))
            .sum();
        found.len() == groups.len() && narrow(found.len()) == all && all > 0
    }
}

/// Days from one to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    pub from: usize,
    pub to: usize,
}

impl Days {
    fn single(self) -> Option<usize> {
        (self.from == self.to).then_some(self.from)
    }

    /// How many.
    pub fn count(self) -> usize {
        self.to + 1 - self.from
    }
}
