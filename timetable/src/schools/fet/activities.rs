//! Time constraints of a FET file about activities: where they may start, and how they lie to one another.

use std::collections::BTreeSet;

use super::read::{MANY, PUPILS, Reading};
use super::time::{Said, busy, cluster, times};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::Rule;
use crate::problem::rules::limit_running::LimitRunning;
use crate::problem::rules::limit_together::LimitTogether;
use crate::problem::rules::relate_events::Relation;
use crate::problem::rules::{link_events, order_events, spread_events};

/// What a constraint without weight still says: where activities of a day follow one another, they do so however little the
/// distance of their days matters.
pub(super) fn weightless(r: &mut Reading<'_>, at: &Element, kind: &str) -> bool {
    if kind == "MinDaysBetweenActivities" {
        let events = named(r, at);
        on_one_day(r, at, &events);
    }
    true
}

/// Adds what the constraint says; false if it is not understood.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element, kind: &str, said: &Said) -> bool {
    let number = |n: &str| {
        at.text_of(n)
            .and_then(|t| t.parse::<u32>().ok())
            .map(|n| n.min(MANY))
    };
    match kind {
        "ActivityPreferredStartingTime" | "ActivityPreferredDay" => start(r, at, said),
        _ if kind.contains("PreferredStartingTimes")
            || kind.ends_with("iesPreferredTimes")
            || kind == "ActivityPreferredTimes" =>
        {
            let good = times(r, at);
            let events = meant(r, at, kind);
            r.prefer(&said.name, said.price, events, good);
            true
        }
        _ if kind.contains("PreferredTimeSlots") => {
            slots(r, at, kind, said);
            true
        }
        "TwoActivitiesConsecutive"
        | "TwoActivitiesGrouped"
        | "ThreeActivitiesGrouped"
        | "TwoActivitiesOrdered"
        | "TwoActivitiesOrderedIfSameDay" => few(r, at, kind, said),
        "ActivitiesOccupyMaxTimeSlotsFromSelection"
        | "ActivitiesOccupyMinTimeSlotsFromSelection"
        | "ActivitiesMaxSimultaneousInSelectedTimeSlots"
        | "ActivitiesMinSimultaneousInSelectedTimeSlots"
        | "MaxTotalActivitiesFromSetInSelectedTimeSlots" => selected(r, at, kind, said),
        "ActivityEndsStudentsDay" => {
            let events = named(r, at);
            last_of_day(r, said, &events);
            true
        }
        "ActivitiesEndStudentsDay" => {
            let events = filtered(r, at).into_iter().collect();
            last_of_day(r, said, &events);
            true
        }
        "ActivityTagsNotOverlapping" => tags_apart(r, at, said),
        _ => {
            let events = named(r, at);
            let related = |r: &mut Reading<'_>, relation| {
                relate(r, &said.name, said.price, &events, relation);
                true
            };
            match kind {
                "MinDaysBetweenActivities" => min_days(r, at, said, events),
                "MaxDaysBetweenActivities" => {
                    number("MaxDays").is_some_and(|most| related(r, Relation::WithinDays(most)))
                }
                "MinGapsBetweenActivities" => {
                    number("MinGaps").is_some_and(|least| related(r, Relation::ApartOnDay(least)))
                }
                "ActivitiesSameStartingDay" => related(r, Relation::WithinDays(0)),
                "ActivitiesSameStartingHour" => related(r, Relation::SameHour),
                "ActivitiesSameStartingTime" => {
                    let mut durations = events.iter().map(|e| r.problem.event(*e).duration);
                    let first = durations.next();
                    if durations.all(|d| Some(d) == first) {
                        let rule = Rule::LinkEvents(link_events::LinkEvents);
                        r.add_for_group(&said.name, said.price, events, rule);
                        true
                    } else {
                        related(r, Relation::SameStart)
                    }
                }
                "ActivitiesNotOverlapping" => {
                    r.keep_apart(&said.name, said.price, &events);
                    true
                }
                "ActivitiesMaxInATerm" => match (number("Max_Number_of_Activities_in_A_Term"), r.terms()) {
                    (Some(most), Some(terms)) => {
                        let limits = terms.into_iter().map(|term| (term, 0, most)).collect();
                        let rule = Rule::SpreadEvents(spread_events::SpreadEvents { limits });
                        r.add_for_group(&said.name, said.price, events, rule);
                        true
                    }
                    _ => false,
                },
                "ActivitiesOccupyMaxTerms" => match (number("Max_Number_of_Occupied_Terms"), r.terms()) {
                    (Some(most), Some(terms)) => {
                        let events: Vec<u32> = events.into_iter().collect();
                        let counter = r.counter(&said.name, &events);
                        cluster(r, said, vec![counter], terms, (0, most));
                        true
                    }
                    _ => false,
                },
                _ => false,
            }
        }
    }
}

/// The activities that are named by their numbers.
fn named(r: &Reading<'_>, at: &Element) -> BTreeSet<u32> {
    let ids = at.children.iter().filter(|c| c.name.ends_with("Activity_Id"));
    ids.filter_map(|c| r.event_of.get(&c.text.parse().ok()?).copied())
        .collect()
}

/// The activities that a constraint about one, or about all that a filter leaves, means.
fn meant(r: &mut Reading<'_>, at: &Element, kind: &str) -> Vec<u32> {
    if kind.starts_with("ActivityP") {
        named(r, at).into_iter().collect()
    } else {
        filtered(r, at)
    }
}

/// Events that a filter by teacher, pupils, subject, tag, duration and place among the parts of a divided activity leaves.
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
    let part = at.text_of("Component_Number").and_then(|n| n.parse::<u32>().ok());
    let has = |a: &Element, list: &str, text: &str| text.is_empty() || a.all(list).any(|e| e.text == text);
    let number = |a: &Element, name: &str| a.text_of(name).and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
    let part_of = |a: &Element| match number(a, "Activity_Group_Id") {
        0 => 1,
        first => (number(a, "Id") + 1).saturating_sub(first),
    };
    // A class is meant with its groups, and a group with its class: whoever has a pupil in common.
    let members: Option<BTreeSet<u32>> = r
        .sets
        .get(pupils.as_str())
        .map(|all| all.iter().copied().collect());
    let meant = |event: u32, a: &Element| match &members {
        Some(members) => {
            let seats = r.problem.event(event).seats.iter();
            seats.filter_map(|s| s.fixed).any(|who| members.contains(&who))
        }
        None => has(a, "Students", &pupils),
    };
    (0..)
        .zip(&r.activities)
        .filter(|(event, a)| {
            has(a, "Teacher", &teacher)
                && meant(*event, a)
                && has(a, "Subject", &subject)
                && has(a, "Activity_Tag", &tag)
                && has(a, "Duration", &duration)
                && part.is_none_or(|part| part_of(a) == part)
        })
        .map(|(e, _)| e)
        .collect()
}

/// An activity starts on a day, at an hour, or both.
fn start(r: &mut Reading<'_>, at: &Element, said: &Said) -> bool {
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
        .filter(|t| day_at.is_none_or(|d| t / r.hours == d) && hour_at.is_none_or(|h| t % r.hours == h))
        .collect();
    for event in named(r, at) {
        let of = r.problem.event(event);
        // What does not fit, or is fixed elsewhere, cannot be a time: it stays as a requirement that collides.
        let fixed = match good.as_slice() {
            [only] if said.price.is_none() => Some(*only)
                .filter(|t| t % r.hours + of.duration <= r.hours)
                .filter(|t| of.time.is_none_or(|now| now == *t)),
            _ => None,
        };
        if fixed.is_some() {
            r.problem.events[wide(event)].time = fixed;
            r.placed[wide(event)] = true;
        } else {
            r.prefer(&said.name, said.price, vec![event], good.clone());
        }
    }
    true
}

/// Activities take none but these hours.
fn slots(r: &mut Reading<'_>, at: &Element, kind: &str, said: &Said) {
    let slots = times(r, at);
    let events = meant(r, at, kind);
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
        r.prefer(&said.name, said.price, such, good);
    }
}

/// Every two of some events.
fn pairs(events: &BTreeSet<u32>) -> Vec<(u32, u32)> {
    let firsts = events.iter().enumerate();
    firsts
        .flat_map(|(at, a)| events.iter().skip(at + 1).map(move |b| (*a, *b)))
        .collect()
}

fn relate(r: &mut Reading<'_>, name: &str, price: Option<u32>, events: &BTreeSet<u32>, relation: Relation) {
    let pairs = match relation {
        // What all share with the first, they share with one another.
        Relation::SameStart | Relation::SameHour | Relation::WithinDays(0) => {
            let first = events.first().copied();
            let others = events.iter().skip(1);
            first.map_or(vec![], |first| others.map(|other| (first, *other)).collect())
        }
        _ => {
            let count = events.len() * events.len().saturating_sub(1) / 2;
            if !r.fits(count) {
                return;
            }
            pairs(events)
        }
    };
    r.relate(name, price, pairs, relation);
}

fn min_days(r: &mut Reading<'_>, at: &Element, said: &Said, events: BTreeSet<u32>) -> bool {
    let Some(days) = at.text_of("MinDays").and_then(|t| t.parse::<u32>().ok()) else {
        return false;
    };
    if said.price.is_some() || days == 0 {
        on_one_day(r, at, &events);
    }
    if days > 0 {
        spread(r, said, events, days, 1);
    }
    true
}

/// What holds of activities whatever their distance in days weighs: those of one day follow one another if that is said, and since
/// FET 6.4.0 no day has more than two of them.
fn on_one_day(r: &mut Reading<'_>, at: &Element, events: &BTreeSet<u32>) {
    if at.text_of("Consecutive_If_Same_Day") == Some("true") {
        relate(
            r,
            "consecutive if on one day",
            None,
            events,
            Relation::AdjacentOnDay,
        );
    }
    if events.len() > 2 {
        let said = Said {
            name: "no more than two on a day".to_owned(),
            price: None,
        };
        spread(r, &said, events.clone(), 1, 2);
    }
}

/// In any so many days in a row, so many of the events start at most.
fn spread(r: &mut Reading<'_>, said: &Said, events: BTreeSet<u32>, days: u32, most: u32) {
    let (count, of_day) = r.real_day();
    let mut limits = vec![];
    for first in 0..count.saturating_sub(days.min(count) - 1) {
        let last = (first + days).min(count);
        let times = (first * of_day..last * of_day).collect();
        limits.push((r.window(times), 0, most));
    }
    let rule = Rule::SpreadEvents(spread_events::SpreadEvents { limits });
    r.add_for_group(&said.name, said.price, events, rule);
}

/// Two or three activities after one another.
fn few(r: &mut Reading<'_>, at: &Element, kind: &str, said: &Said) -> bool {
    let id = |n: &str| {
        let id = at.text_of(n).and_then(|t| t.parse::<u32>().ok());
        id.and_then(|id| r.event_of.get(&id).copied())
    };
    let (Some(first), Some(second)) = (id("First_Activity_Id"), id("Second_Activity_Id")) else {
        return true;
    };
    let third = id("Third_Activity_Id");
    if kind == "TwoActivitiesOrderedIfSameDay" {
        r.relate(
            &said.name,
            said.price,
            vec![(first, second)],
            Relation::BeforeOnDay,
        );
        return true;
    }
    if kind.ends_with("Ordered") || kind.ends_with("Consecutive") {
        let at_once = kind.ends_with("Consecutive") && r.breaks.is_empty();
        let pair = order_events::Pair {
            first,
            second,
            min: 0,
            max: if at_once { 0 } else { MANY },
        };
        let rule = order_events::OrderEvents {
            pairs: vec![pair],
            choice: None,
        };
        r.add_for_events(&said.name, said.price, vec![first], Rule::OrderEvents(rule));
        if at_once {
            // The second must begin on the day of the first.
            let good = (0..r.problem.time_count()).filter(|t| t % r.hours > 0).collect();
            r.prefer(&said.name, said.price, vec![second], good);
        }
        if at_once || kind.ends_with("Ordered") {
            return true;
        }
    }
    let events: Vec<u32> = [first, second].into_iter().chain(third).collect();
    r.in_a_row(&said.name, said.price, &events);
    true
}

/// So many of some activities in certain hours.
fn selected(r: &mut Reading<'_>, at: &Element, kind: &str, said: &Said) -> bool {
    let number = |n: &str| {
        at.text_of(n)
            .and_then(|t| t.parse::<u32>().ok())
            .map(|n| n.min(MANY))
    };
    let events = named(r, at);
    let all: Vec<u32> = events.iter().copied().collect();
    let slots = times(r, at);
    let running = |r: &mut Reading<'_>, min, max, or_none| {
        let rule = LimitRunning {
            times: slots.clone(),
            min,
            max,
            or_none,
        };
        r.add_for_group(&said.name, said.price, events.clone(), Rule::LimitRunning(rule));
    };
    let understood = match kind {
        "ActivitiesOccupyMaxTimeSlotsFromSelection" => {
            number("Max_Number_of_Occupied_Time_Slots").map(|most| {
                let window = r.window(slots);
                let counter = r.counter(&said.name, &all);
                busy(r, said, vec![counter], vec![window], (0, most));
            })
        }
        "ActivitiesOccupyMinTimeSlotsFromSelection" => {
            number("Min_Number_of_Occupied_Time_Slots").map(|least| {
                let windows = slots.iter().map(|slot| r.window(vec![*slot])).collect();
                let counter = r.counter(&said.name, &all);
                cluster(r, said, vec![counter], windows, (least, MANY));
            })
        }
        "ActivitiesMaxSimultaneousInSelectedTimeSlots" => {
            number("Max_Number_of_Simultaneous_Activities").map(|most| running(r, 0, most, false))
        }
        "ActivitiesMinSimultaneousInSelectedTimeSlots" => {
            let or_none = at.text_of("Allow_Empty_Slots") == Some("true");
            number("Min_Number_of_Simultaneous_Activities").map(|least| running(r, least, MANY, or_none))
        }
        // Longer ones may lie in two of the hours: how often they count then is not known.
        _ if all.iter().any(|e| r.problem.event(*e).duration > 1) => None,
        _ => number("Max_Total_Number_of_Activities").map(|most| {
            let limits = vec![(r.window(slots), 0, most)];
            let rule = Rule::SpreadEvents(spread_events::SpreadEvents { limits });
            r.add_for_group(&said.name, said.price, events, rule);
        }),
    };
    understood.is_some()
}

/// Activities after which none of their pupils has another on that day.
fn last_of_day(r: &mut Reading<'_>, said: &Said, events: &BTreeSet<u32>) {
    let mut pairs: BTreeSet<(u32, u32)> = BTreeSet::new();
    let all = 0..narrow(r.problem.events.len());
    for last in events {
        let seats = &r.problem.event(*last).seats;
        let pupils = seats.iter().filter(|s| s.kind == PUPILS);
        let pupils: BTreeSet<u32> = pupils.filter_map(|s| s.fixed).collect();
        r.looked += wide(all.end);
        let shares = |event: &u32| {
            let seats = &r.problem.event(*event).seats;
            event != last
                && seats
                    .iter()
                    .any(|s| s.fixed.is_some_and(|who| pupils.contains(&who)))
        };
        pairs.extend(all.clone().filter(shares).map(|event| (event, *last)));
    }
    r.relate(
        &said.name,
        said.price,
        pairs.into_iter().collect(),
        Relation::BeforeOnDay,
    );
}

/// Activities of different tags never run at once; those of one tag may.
fn tags_apart(r: &mut Reading<'_>, at: &Element, said: &Said) -> bool {
    let tags: BTreeSet<&str> = at.all("Activity_Tag").map(|t| t.text.as_str()).collect();
    let mut counters = vec![];
    let mut seen = BTreeSet::new();
    for tag in tags {
        r.looked_at(r.activities.len());
        let all = (0..).zip(&r.activities);
        let events = all.filter(|(_, a)| a.all("Activity_Tag").any(|t| t.text == tag));
        let events: Vec<u32> = events.map(|(e, _)| e).collect();
        // What has two of the tags would be in its own way.
        if !events.iter().all(|e| seen.insert(*e)) {
            return false;
        }
        if !events.is_empty() {
            counters.push(r.counter(&format!("{} ({tag})", said.name), &events));
        }
    }
    let times = 0..r.problem.time_count();
    let time_groups = times.map(|t| r.window(vec![t])).collect();
    let rule = LimitTogether {
        sets: vec![counters],
        time_groups,
        max: 1,
    };
    r.add_alone(&said.name, said.price, Rule::LimitTogether(rule));
    true
}
