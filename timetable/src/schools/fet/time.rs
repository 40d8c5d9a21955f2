//! Time constraints of a FET file as rules.

use std::collections::BTreeSet;

use super::read::{MANY, PUPILS, ROOM, Reading, TEACHER};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::Rule;
use crate::problem::rules::*;

/// Adds what the constraint says; false if it is not understood.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element) -> bool {
    let kind = at.name.strip_prefix("Constraint").unwrap_or(&at.name);
    let Some(price) = price(at) else { return true };
    let name = readable(kind);
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|n| at.text_of(n));
        found.unwrap_or_default()
    };
    // More than any count of a school is as good as many, and sums of it stay in bounds.
    let number = |names: &[&str]| text(names).parse::<u32>().ok().map(|n| n.min(MANY));
    let (teacher, pupils) = (
        text(&["Teacher", "Teacher_Name"]),
        text(&["Students", "Students_Name"]),
    );
    // Who is meant: everybody of a kind, or one.
    let who: Option<Vec<u32>> = if kind.starts_with("Teachers") {
        Some(r.all_of(TEACHER))
    } else if kind.starts_with("Teacher") {
        r.teachers.get(teacher).map(|t| vec![*t])
    } else if kind.starts_with("StudentsSet") {
        r.sets.get(pupils).cloned()
    } else if kind.starts_with("Students") {
        Some(r.all_of(PUPILS))
    } else {
        None
    };
    let whose = kind
        .strip_prefix("StudentsSet")
        .or_else(|| kind.strip_prefix("Students"))
        .or_else(|| kind.strip_prefix("Teachers"))
        .or_else(|| kind.strip_prefix("Teacher"))
        .unwrap_or(kind);
    let days = r.day_groups();
    match (whose, who) {
        ("BasicCompulsoryTime", _) => true,
        ("BreakTimes", _) => {
            let everybody = (0..narrow(r.problem.resources.len())).collect();
            away(r, at, &name, price, everybody)
        }
        ("NotAvailableTimes", Some(who)) => away(r, at, &name, price, who),
        ("MaxGapsPerWeek", Some(who)) => match number(&["Max_Gaps"]) {
            Some(most) => idle(r, &name, price, who, days, most),
            None => false,
        },
        ("MaxGapsPerDay", Some(who)) => match number(&["Max_Gaps"]) {
            Some(most) => days
                .into_iter()
                .all(|day| idle(r, &name, price, who.clone(), vec![day], most)),
            None => false,
        },
        ("MaxDaysPerWeek", Some(who)) => match number(&["Max_Days_Per_Week"]) {
            Some(most) => cluster(r, &name, price, who, days, (0, most)),
            None => false,
        },
        ("MinDaysPerWeek", Some(who)) => match number(&["Minimum_Days_Per_Week"]) {
            Some(least) => cluster(r, &name, price, who, days, (least, MANY)),
            None => false,
        },
        ("MaxHoursDaily", Some(who)) => match number(&["Maximum_Hours_Daily"]) {
            Some(most) => busy(r, &name, price, who, days, (0, most)),
            None => false,
        },
        ("MinHoursDaily", Some(who)) => match number(&["Minimum_Hours_Daily"]) {
            Some(least) => {
                // Empty days are allowed to teachers unless said otherwise, to pupils only if it is said.
                let empty = text(&["Allow_Empty_Days"]) == "true"
                    || (kind.starts_with("Teacher") && at.child("Allow_Empty_Days").is_none());
                let least_days = narrow(days.len());
                busy(r, &name, price, who.clone(), days.clone(), (least, MANY))
                    && (empty || cluster(r, &name, price, who, days, (least_days, MANY)))
            }
            None => false,
        },
        ("MaxHoursContinuously", Some(who)) => match number(&["Maximum_Hours_Continuously"]) {
            Some(most) if most < r.hours => {
                let mut windows = vec![];
                for day in 0..r.days {
                    for first in 0..r.hours - most {
                        let start = day * r.hours + first;
                        windows.push(r.window((start..=start + most).collect()));
                    }
                }
                busy(r, &name, price, who, windows, (0, most))
            }
            most => most.is_some(),
        },
        ("EarlyMaxBeginningsAtSecondHour", Some(who)) => match number(&["Max_Beginnings_At_Second_Hour"]) {
            Some(most) => early(r, &name, price, &who, most),
            None => false,
        },
        _ => about_activities(r, at, kind, &name, price),
    }
}

/// `None`: no weight, no effect. `Some(None)`: hard. `Some(Some(p))`: a wish of that price.
#[allow(clippy::option_option)]
pub(super) fn price(at: &Element) -> Option<Option<u32>> {
    let weight = at
        .text_of("Weight_Percentage")
        .or_else(|| at.text_of("Weight"))
        .and_then(|w| w.split('.').next()?.parse::<u32>().ok())
        .unwrap_or(100);
    match weight {
        0 => None,
        100.. => Some(None),
        part => Some(Some(part.div_ceil(10))),
    }
}

/// "TeachersMaxGapsPerWeek" as "teachers max gaps per week".
pub(super) fn readable(kind: &str) -> String {
    let mut words = String::new();
    for letter in kind.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

/// The times that the children of a constraint name by day and hour.
fn times(r: &Reading<'_>, at: &Element) -> Vec<u32> {
    let mut all = vec![];
    for child in &at.children {
        let day = child.text_of("Day").or_else(|| child.text_of("Preferred_Day"));
        let hour = child.text_of("Hour").or_else(|| child.text_of("Preferred_Hour"));
        if let (Some(day), Some(hour)) = (day, hour)
            && let (Some(day), Some(hour)) = (r.day_of.get(day), r.hour_of.get(hour))
        {
            all.push(day * r.hours + hour);
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn away(r: &mut Reading<'_>, at: &Element, name: &str, price: Option<u32>, who: Vec<u32>) -> bool {
    let rule = avoid_unavailable_times::AvoidUnavailableTimes {
        time_groups: vec![],
        times: times(r, at),
    };
    r.add_for_resources(name, price, who, Rule::AvoidUnavailableTimes(rule));
    true
}

/// The same for rooms, which FET lists among the space constraints.
pub(super) fn room_away(r: &mut Reading<'_>, at: &Element, room: u32) {
    away(r, at, "room not available times", None, vec![room]);
}

fn idle(
    r: &mut Reading<'_>,
    name: &str,
    price: Option<u32>,
    who: Vec<u32>,
    time_groups: Vec<u32>,
    max: u32,
) -> bool {
    let rule = limit_idle_times::LimitIdleTimes {
        time_groups,
        min: 0,
        max,
    };
    r.add_for_resources(name, price, who, Rule::LimitIdleTimes(rule));
    true
}

fn cluster(
    r: &mut Reading<'_>,
    name: &str,
    price: Option<u32>,
    who: Vec<u32>,
    time_groups: Vec<u32>,
    (min, max): (u32, u32),
) -> bool {
    let rule = cluster_busy_times::ClusterBusyTimes {
        time_groups,
        min,
        max,
    };
    r.add_for_resources(name, price, who, Rule::ClusterBusyTimes(rule));
    true
}

fn busy(
    r: &mut Reading<'_>,
    name: &str,
    price: Option<u32>,
    who: Vec<u32>,
    time_groups: Vec<u32>,
    (min, max): (u32, u32),
) -> bool {
    let rule = limit_busy_times::LimitBusyTimes {
        time_groups,
        min,
        max,
    };
    r.add_for_resources(name, price, who, Rule::LimitBusyTimes(rule));
    true
}

/// Pupils begin with the first hour, but for some days with the second. Stated by counting days whose first hour (first two
/// hours) are busy, which is exact for those who come every day; so it is only stated for those who have enough lessons.
fn early(r: &mut Reading<'_>, name: &str, price: Option<u32>, who: &[u32], most: u32) -> bool {
    let mut lessons = vec![0_u32; r.problem.resources.len()];
    for event in &r.problem.events {
        for seat in event.seats.iter().filter_map(|s| s.fixed) {
            lessons[wide(seat)] += event.duration;
        }
    }
    let who: Vec<u32> = who
        .iter()
        .copied()
        .filter(|w| lessons[wide(*w)] >= r.days * 2)
        .collect();
    let first = |r: &mut Reading<'_>, hours: u32| -> Vec<u32> {
        (0..r.days)
            .map(|d| r.window((d * r.hours..d * r.hours + hours).collect()))
            .collect()
    };
    let singles = first(r, 1);
    let pairs = first(r, 2.min(r.hours));
    let days = r.days;
    let least = days.saturating_sub(most);
    cluster(r, name, price, who.clone(), singles, (least, MANY))
        && (most == 0 || cluster(r, name, price, who, pairs, (days, MANY)))
}

fn named(r: &Reading<'_>, at: &Element) -> BTreeSet<u32> {
    let ids = at.children.iter().filter(|c| c.name.ends_with("Activity_Id"));
    ids.filter_map(|c| r.event_of.get(&c.text.parse().ok()?).copied())
        .collect()
}

/// Events that a filter by teacher, pupils, subject, tag and duration leaves.
fn filtered(r: &mut Reading<'_>, at: &Element) -> Vec<u32> {
    r.looked_at(r.activities.len());
    let want = |names: &[&str]| {
        let found = names.iter().find_map(|n| at.text_of(n));
        found.unwrap_or_default().to_owned()
    };
    let teacher = want(&["Teacher", "Teacher_Name"]);
    let pupils = want(&["Students", "Students_Name"]);
    let subject = want(&["Subject", "Subject_Name"]);
    let tag = want(&["Activity_Tag", "Activity_Tag_Name"]);
    let duration = want(&["Duration"]);
    let has = |a: &Element, list: &str, text: &str| text.is_empty() || a.all(list).any(|e| e.text == text);
    (0..)
        .zip(&r.activities)
        .filter(|(_, a)| {
            has(a, "Teacher", &teacher)
                && has(a, "Students", &pupils)
                && has(a, "Subject", &subject)
                && has(a, "Activity_Tag", &tag)
                && has(a, "Duration", &duration)
        })
        .map(|(e, _)| e)
        .collect()
}

fn about_activities(r: &mut Reading<'_>, at: &Element, kind: &str, name: &str, price: Option<u32>) -> bool {
    let events = named(r, at);
    let number = |n: &str| at.text_of(n).and_then(|t| t.parse::<u32>().ok());
    match kind {
        "MinDaysBetweenActivities" => {
            let Some(days) = number("MinDays").filter(|d| *d > 0) else {
                return true;
            };
            let mut limits = vec![];
            for first in 0..r.days.saturating_sub(days.min(r.days) - 1) {
                let last = (first + days).min(r.days);
                let times = (first * r.hours..last * r.hours).collect();
                limits.push((r.window(times), 0, 1));
            }
            r.add_for_group(
                name,
                price,
                events,
                Rule::SpreadEvents(spread_events::SpreadEvents { limits }),
            );
            true
        }
        "ActivitiesSameStartingTime" => {
            let mut durations = events.iter().map(|e| r.problem.event(*e).duration);
            let first = durations.next();
            if durations.any(|d| Some(d) != first) {
                return false;
            }
            r.add_for_group(name, price, events, Rule::LinkEvents(link_events::LinkEvents));
            true
        }
        "ActivitiesNotOverlapping" => {
            r.keep_apart(name, price, &events);
            true
        }
        "ActivityPreferredStartingTime" => {
            let place = |key: &str| at.text_of(key).filter(|t| !t.is_empty());
            let (day, hour) = (
                place("Preferred_Day").or_else(|| place("Day")),
                place("Preferred_Hour").or_else(|| place("Hour")),
            );
            let day_at = day.and_then(|d| r.day_of.get(d).copied());
            let hour_at = hour.and_then(|h| r.hour_of.get(h).copied());
            if day.is_some() && day_at.is_none() || hour.is_some() && hour_at.is_none() {
                return false;
            }
            let good: Vec<u32> = (0..r.problem.time_count())
                .filter(|t| {
                    day_at.is_none_or(|d| t / r.hours == d) && hour_at.is_none_or(|h| t % r.hours == h)
                })
                .collect();
            for event in events {
                let of = r.problem.event(event);
                // What does not fit, or is fixed elsewhere, cannot be a time: it stays as a requirement that collides.
                let fixed = match good.as_slice() {
                    [only] if price.is_none() => Some(*only)
                        .filter(|t| t % r.hours + of.duration <= r.hours)
                        .filter(|t| of.time.is_none_or(|now| now == *t)),
                    _ => None,
                };
                if fixed.is_some() {
                    r.problem.events[wide(event)].time = fixed;
                    r.placed[wide(event)] = true;
                } else {
                    r.prefer(name, price, vec![event], good.clone());
                }
            }
            true
        }
        "ActivityPreferredStartingTimes" | "ActivityPreferredTimes" => {
            let good = times(r, at);
            r.prefer(name, price, events.into_iter().collect(), good);
            true
        }
        "ActivitiesPreferredStartingTimes" | "ActivitiesPreferredTimes" => {
            let good = times(r, at);
            let events = filtered(r, at);
            r.prefer(name, price, events, good);
            true
        }
        "ActivityPreferredTimeSlots" | "ActivitiesPreferredTimeSlots" => {
            let slots = times(r, at);
            let events = if kind.starts_with("ActivityP") {
                events.into_iter().collect()
            } else {
                filtered(r, at)
            };
            for duration in 1..=r.hours {
                let such: Vec<u32> = events
                    .iter()
                    .copied()
                    .filter(|e| r.problem.event(*e).duration == duration)
                    .collect();
                let good = slots
                    .iter()
                    .copied()
                    .filter(|s| (*s..s + duration).all(|t| slots.binary_search(&t).is_ok()))
                    .collect();
                r.prefer(name, price, such, good);
            }
            true
        }
        "TwoActivitiesOrdered" | "TwoActivitiesConsecutive" => {
            let id = |n: &str| number(n).and_then(|id| r.event_of.get(&id).copied());
            let (Some(first), Some(second)) = (id("First_Activity_Id"), id("Second_Activity_Id")) else {
                return true;
            };
            let consecutive = kind == "TwoActivitiesConsecutive";
            let pair = order_events::Pair {
                first,
                second,
                min: 0,
                max: if consecutive { 0 } else { MANY },
            };
            let rule = order_events::OrderEvents { pairs: vec![pair] };
            r.add_for_events(name, price, vec![first], Rule::OrderEvents(rule));
            if consecutive {
                // The second must begin on the day of the first.
                let good = (0..r.problem.time_count()).filter(|t| t % r.hours > 0).collect();
                r.prefer(name, price, vec![second], good);
            }
            true
        }
        _ => false,
    }
}

/// The resource of a room's name.
pub(super) fn room(r: &Reading<'_>, name: &str) -> Option<u32> {
    let found = r.rooms.get(name).copied();
    found.filter(|at| r.problem.resources[wide(*at)].kind == ROOM)
}
