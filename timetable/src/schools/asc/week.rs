//! Days, periods, weeks and terms of a file.

use std::collections::HashMap;

use super::fault::{AscFault, AscReason, fault, short};
use crate::ids::{narrow, wide};
use crate::markup::Element;

/// Most days, most weeks of a cycle, and most terms that are read.
const MOST_DAYS: usize = 14;
const MOST_WEEKS: usize = 8;
const MOST_TERMS: usize = 8;
/// Most periods of a day that are looked at: a week of that many hours is refused in any case.
const MOST_PERIODS: usize = 1_000;

/// The grid of a school.
#[derive(Clone, Debug, Default)]
pub(super) struct Week {
    /// Names of the days.
    pub days: Vec<String>,
    /// Key and name of each period.
    pub periods: Vec<(String, String)>,
    /// Weeks of the cycle and terms of the year.
    pub weeks: usize,
    pub terms: usize,
    /// Patterns of the definitions, by identifier.
    pub daysdefs: HashMap<String, String>,
    pub weeksdefs: HashMap<String, String>,
    pub termsdefs: HashMap<String, String>,
}

/// Weeks and terms in which something takes place: a bit for each pair.
pub(super) type Parts = u64;

impl Week {
    pub fn of(root: &Element) -> Result<Self, AscFault> {
        let mut week = Self {
            daysdefs: definitions(root, "daysdefs", "days"),
            weeksdefs: definitions(root, "weeksdefs", "weeks"),
            termsdefs: definitions(root, "termsdefs", "terms"),
            ..Self::default()
        };
        for period in root.list("periods") {
            let Some(key) = period.attribute("period").or_else(|| period.attribute("id")) else {
                return Err(fault(period, AscReason::NoId(period.name.clone())));
            };
            if week.periods.len() >= MOST_PERIODS {
                let most = narrow(MOST_PERIODS);
                return Err(fault(
                    period,
                    AscReason::TooMany("periods of a week", most.saturating_add(1), most),
                ));
            }
            if week.periods.iter().any(|(k, _)| k == key) {
                return Err(fault(period, AscReason::Twice(period.name.clone(), short(key))));
            }
            let name = period.attribute("name").filter(|n| !n.is_empty()).unwrap_or(key);
            week.periods.push((key.to_owned(), name.to_owned()));
        }
        if week.periods.is_empty() {
            return Err(fault(root, AscReason::None("periods")));
        }
        let cards = root.list("cards");
        let longest = |defs: &HashMap<String, String>, attribute: &str| {
            let defined = defs.values().map(String::as_str);
            let placed = cards.iter().filter_map(|c| c.attribute(attribute));
            let patterns = defined.chain(placed).flat_map(|p| p.split(','));
            patterns.map(|p| p.trim().len()).max().unwrap_or(0)
        };
        let (days, weeks, terms) = (
            longest(&week.daysdefs, "days").max(root.list("days").len()),
            longest(&week.weeksdefs, "weeks").max(1),
            longest(&week.termsdefs, "terms").max(1),
        );
        for (found, most, what) in [
            (days, MOST_DAYS, "days"),
            (weeks, MOST_WEEKS, "weeks"),
            (terms, MOST_TERMS, "terms"),
        ] {
            if found > most {
                return Err(fault(root, AscReason::TooMany(what, narrow(found), narrow(most))));
            }
        }
        if days == 0 {
            return Err(fault(root, AscReason::None("days")));
        }
        (week.weeks, week.terms) = (weeks, terms);
        week.days = (1..=days).map(|d| format!("day {d}")).collect();
        for (at, day) in root.list("days").iter().enumerate() {
            if let (Some(name), Some(to)) = (day.attribute("name"), week.days.get_mut(at)) {
                name.clone_into(to);
            }
        }
        for def in root.list("daysdefs") {
            let pattern = def.attribute("days").unwrap_or_default();
            if let (Some(name), [day]) = (def.attribute("name"), bits(pattern).as_slice())
                && !pattern.contains(',')
                && let Some(to) = week.days.get_mut(*day)
            {
                name.clone_into(to);
            }
        }
        Ok(week)
    }

    /// Number of times.
    pub fn times(&self) -> u32 {
        narrow(self.days.len() * self.periods.len())
    }

    /// Periods of a day.
    pub fn height(&self) -> u32 {
        narrow(self.periods.len())
    }

    /// The time of a day and a period's key.
    pub fn time(&self, day: usize, period: &str) -> Option<u32> {
        let at = self.periods.iter().position(|(key, _)| key == period)?;
        (day < self.days.len()).then(|| narrow(day * self.periods.len() + at))
    }

    /// Day and period of a time.
    pub fn place(&self, time: u32) -> (usize, &str) {
        let (day, period) = (time / self.height(), time % self.height());
        let key = self.periods.get(wide(period)).map_or("", |p| p.0.as_str());
        (wide(day), key)
    }

    /// All weeks and terms.
    pub fn always(&self) -> Parts {
        let count = self.weeks * self.terms;
        if count >= 64 { Parts::MAX } else { (1 << count) - 1 }
    }

    /// The weeks and terms that two patterns mean; of several alternatives the first. What is not said is always.
    pub fn parts(&self, weeks: &str, terms: &str) -> Parts {
        let chosen = |pattern: &str, all: usize| {
            let found = bits(pattern.split(',').next().unwrap_or_default());
            if found.is_empty() {
                (0..all).collect()
            } else {
                found
            }
        };
        let mut parts = 0;
        for week in chosen(weeks, self.weeks) {
            for term in chosen(terms, self.terms) {
                parts |= 1 << ((week * self.terms + term) % 64);
            }
        }
        parts
    }

    /// The days on which a lesson may be: those of all alternatives.
    pub fn days_of(&self, definition: &str) -> Vec<usize> {
        let pattern = self.daysdefs.get(definition).map_or("", String::as_str);
        let mut days: Vec<usize> = pattern.split(',').flat_map(bits).collect();
        days.retain(|d| *d < self.days.len());
        days.sort_unstable();
        days.dedup();
        if days.is_empty() {
            days = (0..self.days.len()).collect();
        }
        days
    }
}

/// Places of the ones in a pattern.
pub(super) fn bits(pattern: &str) -> Vec<usize> {
    let letters = pattern.trim().bytes().enumerate();
    letters.filter(|(_, b)| *b == b'1').map(|(at, _)| at).collect()
}

/// A pattern of so many letters with one 1.
pub(super) fn pattern(at: usize, of: usize) -> String {
    (0..of).map(|d| if d == at { '1' } else { '0' }).collect()
}

fn definitions(root: &Element, table: &str, attribute: &str) -> HashMap<String, String> {
    let defs = root.list(table).iter();
    defs.filter_map(|d| Some((d.attribute("id")?.to_owned(), d.attribute(attribute)?.to_owned())))
        .collect()
}
