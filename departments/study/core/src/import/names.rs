//! Names of a file made to fit the school's: lengths, doubles, people's names, bells.

use std::collections::{HashMap, HashSet};

use base::name::NO_NAME;
use chrono::NaiveTime;

/// Names cut to a length and made different again where that made them equal; with how many were cut.
#[must_use]
pub fn fitting<'a>(names: impl Iterator<Item = &'a str>, longest: usize) -> (Vec<String>, u32) {
    let mut seen: HashSet<String> = HashSet::new();
    // of each name the last number given, so that equal ones are not counted from two each time
    let mut last: HashMap<String, u32> = HashMap::new();
    let mut cut = 0u32;
    let names = names
        .map(|name| {
            let name = clean(name);
            let mut fitting: String = name.chars().take(longest).collect();
            if fitting != name {
                cut += 1;
            }
            let plain = fitting.clone();
            while fitting.is_empty() || !seen.insert(fitting.clone()) {
                let n = last.entry(plain.clone()).or_insert(1);
                *n += 1;
                let ending = format!(" ({n})");
                let room = longest.saturating_sub(ending.chars().count());
                let start: String = name.chars().take(room).collect();
                fitting = format!("{}{ending}", if start.is_empty() { NO_NAME } else { &start });
            }
            fitting
        })
        .collect();
    (names, cut)
}

/// Without what a database cannot hold and eyes do not see at the edges.
fn clean(name: &str) -> String {
    name.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect::<String>()
        .trim()
        .to_owned()
}

/// A person's name as the file has it: «Иванова Анна Петровна», «Иванова А. П.», «Smith».
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PersonName {
    /// Family name.
    pub last: String,
    /// First name, or [`NO_NAME`].
    pub first: String,
    /// Patronymic.
    pub middle: Option<String>,
}

/// Splits a teacher's name: the first word is the family name, the rest first name and patronymic.
#[must_use]
pub fn person(name: &str) -> PersonName {
    let cut = |part: &str| part.chars().take(100).collect::<String>();
    // «А.П.» is two initials
    let spaced = clean(name).replace('.', ". ");
    let mut words = spaced.split_whitespace();
    let last = cut(words.next().unwrap_or(NO_NAME));
    let first = cut(words.next().unwrap_or(NO_NAME));
    let rest: Vec<&str> = words.collect();
    let middle = (!rest.is_empty()).then(|| cut(&rest.join(" ")));
    PersonName { last, first, middle }
}

/// Teachers' names, different from each other.
#[must_use]
pub fn people<'a>(names: impl Iterator<Item = &'a str>) -> Vec<PersonName> {
    let mut seen = HashSet::new();
    let mut last: HashMap<PersonName, u32> = HashMap::new();
    names
        .map(|name| {
            let first = person(name);
            let mut unique = first.clone();
            while !seen.insert(unique.clone()) {
                let start: String = first.first.chars().take(90).collect();
                let n = last.entry(first.clone()).or_insert(1);
                *n += 1;
                unique.first = format!("{start} ({n})");
            }
            unique
        })
        .collect()
}

/// How many weeks the days of a file are: 10, 12 or 14 days are two weeks, one after the other.
#[must_use]
pub fn cycle_weeks(days: usize) -> i16 {
    if matches!(days, 10 | 12 | 14) { 2 } else { 1 }
}

/// When lessons begin and end: as the slots' names say («8:30», «8:30-9:15»), else the usual rhythm, squeezed into a day
/// if there are many.
#[must_use]
pub fn bells(slots: &[String]) -> Vec<(NaiveTime, NaiveTime)> {
    let minute = |m: u32| {
        NaiveTime::from_num_seconds_from_midnight_opt((m * 60).min(86_399), 0).unwrap_or(NaiveTime::MIN)
    };
    let count = u32::try_from(slots.len()).unwrap_or(60).max(1);
    let named = named(slots);
    let said = named.is_some();
    let starts: Vec<u32> = named.unwrap_or_else(|| {
        let (begin, step) = if count <= 15 {
            (510, 55)
        } else {
            (420, (1010 / count).max(12))
        };
        (0..count).map(|n| begin + n * step).collect()
    });
    starts
        .iter()
        .enumerate()
        .map(|(n, start)| {
            let next = starts.get(n + 1).copied().unwrap_or(start + 55).min(1439);
            let length = next.saturating_sub(start + 2).clamp(1, 45);
            // the end that a name says counts where the next lesson has not begun by then
            let end = slots.get(n).filter(|_| said).and_then(|name| end_of(name));
            let last = n + 1 == starts.len();
            let end = end.filter(|end| end > start && (last || *end <= next));
            (minute(*start), minute(end.unwrap_or(start + length)))
        })
        .collect()
}

/// When lessons begin, if all slots' names say it and in order.
#[must_use]
pub fn named(slots: &[String]) -> Option<Vec<u32>> {
    let starts: Vec<u32> = slots.iter().map(|s| clock(s)).collect::<Option<_>>()?;
    let in_order = starts.windows(2).all(|w| matches!(w, [a, b] if b >= &(a + 5)));
    in_order.then_some(starts)
}

/// The minute after midnight at which a slot's name says that it ends.
fn end_of(name: &str) -> Option<u32> {
    let (_, rest) = name.split_once(['-', '–', '—'])?;
    clock(rest)
}

/// The minute after midnight at which a slot's name says that it begins.
fn clock(name: &str) -> Option<u32> {
    let (hour, rest) = name.trim().split_once([':', '.', 'h'])?;
    let hour: u32 = hour.trim().parse().ok()?;
    let minute: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let minute: u32 = if minute.is_empty() {
        0
    } else {
        minute.parse().ok()?
    };
    (hour < 23 && minute < 60).then_some(hour * 60 + minute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_are_split_as_they_are_written() {
        let p = |l: &str, f: &str, m: Option<&str>| PersonName {
            last: l.into(),
            first: f.into(),
            middle: m.map(Into::into),
        };
        assert_eq!(
            person("Иванова Анна Петровна"),
            p("Иванова", "Анна", Some("Петровна"))
        );
        assert_eq!(person("Иванова А.П."), p("Иванова", "А.", Some("П.")));
        assert_eq!(person(" Smith "), p("Smith", "—", None));
        let doubles = people(["Ли А.", "Ли  А."].into_iter());
        assert_ne!(doubles[0], doubles[1]);
    }

    #[test]
    fn bells_follow_the_names_of_the_slots() {
        let named = bells(&["8:00-8:45".into(), "9:00-9:45".into()]);
        assert_eq!(named[0].0.to_string(), "08:00:00");
        assert_eq!(named[1].1.to_string(), "09:45:00");
        // an end that is said counts, unless the next lesson has begun by then
        let said = bells(&["8:00–8:40".into(), "8:50–9:50".into(), "9:40–10:10".into()]);
        let ends: Vec<String> = said.iter().map(|b| b.1.format("%H:%M").to_string()).collect();
        assert_eq!(ends, ["08:40", "09:35", "10:10"]);
        let plain = bells(&["1".into(), "2".into()]);
        assert_eq!(plain[0].0.to_string(), "08:30:00");
    }

    #[test]
    fn equal_names_are_numbered_on() {
        let (names, _) = fitting(["а", "а (3)", "а", "а", "а"].into_iter(), 60);
        assert_eq!(names, ["а", "а (3)", "а (2)", "а (4)", "а (5)"]);
        // those that a cut makes equal, too
        let (names, cut) = fitting(["аааааа1", "аааааа2", "аааааа3"].into_iter(), 6);
        assert_eq!(
            (names.as_slice(), cut),
            (["аааааа", "аа (2)", "аа (3)"].map(str::to_owned).as_slice(), 3)
        );
    }

    proptest! {
        #[test]
        fn names_fit_and_differ(names in proptest::collection::vec(".{0,12}", 0..30), longest in 6usize..10) {
            let (fit, _) = fitting(names.iter().map(String::as_str), longest);
            prop_assert_eq!(fit.len(), names.len());
            prop_assert!(fit.iter().all(|n| (1..=longest).contains(&n.chars().count())));
            let different: HashSet<_> = fit.iter().collect();
            prop_assert_eq!(different.len(), fit.len());
        }

        #[test]
        fn any_number_of_bells_rings_in_order(count in 1usize..=60) {
            let slots: Vec<String> = (1..=count).map(|n| n.to_string()).collect();
            let times = bells(&slots);
            prop_assert_eq!(times.len(), count);
            prop_assert!(times.iter().all(|(a, z)| a < z));
            prop_assert!(times.windows(2).all(|w| w[0].1 <= w[1].0));
        }
    }
}
