//! Time constraints of a FET file as rules: who is limited how. What is said about activities stands in [`super::activities`], about
//! tags of activities in [`super::tags`].

use std::collections::{BTreeMap, BTreeSet};

use super::read::{APART, MANY, PUPILS, ROOM, Reading, TEACHER, too_much};
use super::{FetFault, activities, check, mode, tags};
use crate::ids::{narrow, wide};
use crate::markup::Element;
use crate::problem::Rule;
use crate::problem::rules::*;

/// What a constraint says, and how much it matters.
pub(super) struct Said {
    /// In words.
    pub name: String,
    /// `None`: it is a requirement.
    pub price: Option<u32>,
}

/// Takes down who can never come when: gaps are not counted there. Before any other constraint is read.
///
/// # Errors
/// Where that is more than can be held.
pub(super) fn closings(r: &mut Reading<'_>, constraints: &[Element]) -> Result<(), FetFault> {
    for at in constraints
        .iter()
        .filter(|c| c.text_of("Active") != Some("false"))
    {
        let kind = at.name.strip_prefix("Constraint").unwrap_or(&at.name);
        if price(at) != Some(None) {
            continue;
        }
        if kind == "BreakTimes" {
            r.breaks.extend(times(r, at));
        } else if kind.ends_with("NotAvailableTimes")
            && let Some(who) = who(r, at, kind)
        {
            let closed = times(r, at);
            r.looked_at(who.len() * closed.len());
            if r.is_over() {
                return Err(too_much(at));
            }
            for who in who {
                r.closed.entry(who).or_default().extend(&closed);
            }
        }
    }
    Ok(())
}

/// Who is meant: everybody of a kind, or one.
pub(super) fn who(r: &Reading<'_>, at: &Element, kind: &str) -> Option<Vec<u32>> {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|n| at.text_of(n));
        found.unwrap_or_default()
    };
    if kind.starts_with("Teachers") {
        Some(r.all_of(TEACHER))
    } else if kind.starts_with("Teacher") {
        r.teachers
            .get(text(&["Teacher", "Teacher_Name"]))
            .map(|t| vec![*t])
    } else if kind.starts_with("StudentsSet") {
        r.sets.get(text(&["Students", "Students_Name"])).cloned()
    } else if kind.starts_with("Students") {
        Some(r.all_of(PUPILS))
    } else {
        None
    }
}

/// Adds what the constraint says; false if it is not understood.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element) -> bool {
    let kind = at.name.strip_prefix("Constraint").unwrap_or(&at.name);
    let Some(price) = price(at) else {
        return activities::weightless(r, at, kind);
    };
    let said = Said {
        name: readable(kind),
        price,
    };
    // More than any count of a school is as good as many, and sums of it stay in bounds.
    let number = |name: &str| at.text_of(name)?.parse::<u32>().ok().map(|n| n.min(MANY));
    let whose = kind
        .strip_prefix("StudentsSet")
        .or_else(|| kind.strip_prefix("Students"))
        .or_else(|| kind.strip_prefix("Teachers"))
        .or_else(|| kind.strip_prefix("Teacher"));
    let whose = whose.map(|whose| {
        if r.whole_days {
            mode::of_whole_days(whose)
        } else {
            whose
        }
    });
    let (Some(whose), Some(who)) = (whose, who(r, at, kind)) else {
        return match kind {
            "BasicCompulsoryTime" => true,
            "BreakTimes" => breaks(r, at, &said),
            _ => activities::understand(r, at, kind, &said),
        };
    };
    let days = r.day_groups();
    let is_true = |name: &str| at.text_of(name) == Some("true");
    let halves = r.halves;
    if let Some(rest) = whose.strip_prefix("ActivityTag") {
        return tags::understand(r, at, rest, &who, &said);
    }
    let understood = match whose {
        "NotAvailableTimes" => {
            let closed = times(r, at);
            away(r, &said, who, closed);
            Some(())
        }
        "MaxGapsPerWeek" => number("Max_Gaps").map(|most| idle(r, &said, &who, &days, most)),
        "MaxGapsPerDay" => number("Max_Gaps").map(|most| {
            for day in days {
                idle(r, &said, &who, &[day], most);
            }
        }),
        "MaxGapsPerRealDay" if halves && !is_true("Allow_One_Day_Exception_of_Plus_One") => {
            number("Max_Gaps").map(|most| {
                for day in days.chunks(2) {
                    idle(r, &said, &who, day, most);
                }
            })
        }
        "MaxDaysPerWeek" => number("Max_Days_Per_Week").map(|most| cluster(r, &said, who, days, (0, most))),
        "MinDaysPerWeek" => {
            number("Minimum_Days_Per_Week").map(|least| cluster(r, &said, who, days, (least, MANY)))
        }
        "MaxRealDaysPerWeek" => number("Max_Days_Per_Week").map(|most| {
            let days = r.real_days();
            cluster(r, &said, who, days, (0, most));
        }),
        "MinRealDaysPerWeek" => number("Minimum_Days_Per_Week").map(|least| {
            let days = r.real_days();
            cluster(r, &said, who, days, (least, MANY));
        }),
        "MaxMorningsPerWeek" if halves => number("Max_Mornings_Per_Week").map(|most| {
            let mornings = days.into_iter().step_by(2).collect();
            cluster(r, &said, who, mornings, (0, most));
        }),
        "MaxAfternoonsPerWeek" if halves => number("Max_Afternoons_Per_Week").map(|most| {
            let afternoons = days.into_iter().skip(1).step_by(2).collect();
            cluster(r, &said, who, afternoons, (0, most));
        }),
        "IntervalMaxDaysPerWeek" => number("Max_Days_Per_Week").and_then(|most| {
            let intervals = intervals(r, at)?;
            cluster(r, &said, who, intervals, (0, most));
            Some(())
        }),
        "MaxHoursDaily" | "MaxHoursDailyHalfDays" => {
            number("Maximum_Hours_Daily").map(|most| busy(r, &said, who, days, (0, most)))
        }
        "MaxHoursDailyRealDays" => number("Maximum_Hours_Daily").map(|most| {
            let days = r.real_days();
            busy(r, &said, who, days, (0, most));
        }),
        "MinHoursDaily" | "MinHoursDailyRealDays" | "MinHoursPerMorning" => {
            // Empty days are allowed to teachers unless said otherwise, to pupils only if it is said.
            let told = at
                .child("Allow_Empty_Days")
                .or_else(|| at.child("Allow_Empty_Mornings"));
            let empty = told.map_or(kind.starts_with("Teacher"), |t| t.text == "true");
            let least = number("Minimum_Hours_Daily").or_else(|| number("Minimum_Hours_Per_Morning"));
            let days = match whose {
                "MinHoursDaily" => days,
                "MinHoursPerMorning" if !halves => return false,
                "MinHoursPerMorning" => days.into_iter().step_by(2).collect(),
                _ => r.real_days(),
            };
            least.map(|least| {
                if empty {
                    busy(r, &said, who, days, (least, MANY));
                } else if halves && whose == "MinHoursDaily" {
                    // a half may be empty, a whole day may not
                    busy(r, &said, who.clone(), days, (least, MANY));
                    let whole = r.real_days();
                    let each = (narrow(whole.len()), MANY);
                    cluster(r, &said, who, whole, each);
                } else {
                    every_day(r, &said, &who, &days, least);
                }
            })
        }
        "MaxHoursContinuously" => number("Maximum_Hours_Continuously").map(|most| {
            let windows = r.runs_beyond(most);
            busy(r, &said, who, windows, (0, most));
        }),
        "MaxSpanPerDay" if !is_true("Allow_One_Day_Exception_of_Plus_One") => {
            number("Max_Span").map(|most| span(r, &said, &who, most))
        }
        "MinRestingHours" if !halves => {
            let circular = is_true("Circular");
            let next = |day| {
                if day + 1 < r.days {
                    Some(day + 1)
                } else {
                    circular.then_some(0)
                }
            };
            let nights: Vec<_> = (0..r.days).filter_map(|day| Some((day, next(day)?))).collect();
            number("Minimum_Resting_Hours").map(|least| rest(r, &said, &who, least, &nights))
        }
        "MinRestingHoursBetweenMorningAndAfternoon" if halves => {
            let noons: Vec<_> = (0..r.days / 2).map(|day| (2 * day, 2 * day + 1)).collect();
            number("Minimum_Resting_Hours").map(|least| rest(r, &said, &who, least, &noons))
        }
        "MaxZeroGapsPerAfternoon" if halves => {
            for afternoon in days.into_iter().skip(1).step_by(2) {
                idle(r, &said, &who, &[afternoon], 0);
            }
            Some(())
        }
        "MaxThreeConsecutiveDays" if halves => {
            // of any four halves in a row; those from an afternoon on may be excepted
            let excepted = is_true("Allow_Afternoon_Morning_Afternoon_Morning_Exception");
            for four in days.windows(4).step_by(if excepted { 2 } else { 1 }) {
                cluster(r, &said, who.clone(), four.to_vec(), (0, 3));
            }
            Some(())
        }
        "EarlyMaxBeginningsAtSecondHour" => {
            number("Max_Beginnings_At_Second_Hour").map(|most| early(r, &said, &who, &days, most))
        }
        "AfternoonsEarlyMaxBeginningsAtSecondHour" if halves => {
            let afternoons: Vec<u32> = days.into_iter().skip(1).step_by(2).collect();
            number("Max_Beginnings_At_Second_Hour").map(|most| early(r, &said, &who, &afternoons, most))
        }
        "MaxTwoActivityTagsPerDayFromN1N2N3" => {
            tags::two_of_three(r, &said, &who);
            Some(())
        }
        _ => None,
    };
    understood.is_some()
}

/// `None`: no weight, no effect. `Some(None)`: hard. `Some(Some(p))`: a wish of that price.
#[allow(clippy::option_option)]
pub(super) fn price(at: &Element) -> Option<Option<u32>> {
    match check::weight(at).unwrap_or(check::WHOLE) {
        0 => None,
        check::WHOLE.. => Some(None),
        part => Some(Some(part.div_ceil(check::WHOLE / 10))),
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
pub(super) fn times(r: &Reading<'_>, at: &Element) -> Vec<u32> {
    const SAID: [&str; 4] = ["", "Preferred_", "Preferred_Starting_", "Selected_"];
    let mut all = vec![];
    for child in &at.children {
        let said = |what: &str| SAID.iter().find_map(|how| child.text_of(&format!("{how}{what}")));
        if let (Some(day), Some(hour)) = (said("Day"), said("Hour"))
            && let (Some(day), Some(hour)) = (r.day_of.get(day), r.hour_of.get(hour))
        {
            all.push(day * r.hours + hour);
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// The hours of each day that a constraint speaks of, from one to before another; the last is not named if it is the day's end.
fn intervals(r: &mut Reading<'_>, at: &Element) -> Option<Vec<u32>> {
    let hour = |name: &str| at.text_of(name).map(|h| r.hour_of.get(h).copied());
    let from = hour("Interval_Start_Hour")??;
    let to = match at.text_of("Interval_End_Hour") {
        None | Some("") => r.hours,
        Some(_) => hour("Interval_End_Hour")??,
    };
    let days = 0..r.days;
    Some(
        days.map(|d| r.window((d * r.hours + from..d * r.hours + to.max(from)).collect()))
            .collect(),
    )
}

/// Nothing runs in a break, not even what nobody takes part in.
fn breaks(r: &mut Reading<'_>, at: &Element, said: &Said) -> bool {
    let closed = times(r, at);
    let everybody = (0..).zip(&r.problem.resources).filter(|(_, of)| of.kind != APART);
    let everybody = everybody.map(|(at, _)| at).collect();
    away(r, said, everybody, closed.clone());
    for duration in 1..=r.hours {
        let events = (0..).zip(&r.problem.events);
        let alone = events.filter(|(_, e)| e.seats.is_empty() && e.duration == duration);
        let alone = alone.map(|(at, _)| at).collect();
        let good = (0..r.problem.time_count())
            .filter(|t| (*t..t + duration).all(|t| closed.binary_search(&t).is_err()));
        let good = good.collect();
        r.prefer(&said.name, said.price, alone, good);
    }
    true
}

fn away(r: &mut Reading<'_>, said: &Said, who: Vec<u32>, times: Vec<u32>) {
    let rule = avoid_unavailable_times::AvoidUnavailableTimes {
        time_groups: vec![],
        times,
    };
    r.add_for_resources(&said.name, said.price, who, Rule::AvoidUnavailableTimes(rule));
}

/// The same for rooms, which FET lists among the space constraints.
pub(super) fn room_away(r: &mut Reading<'_>, at: &Element, room: u32, price: Option<u32>) {
    let said = Said {
        name: "room not available times".to_owned(),
        price,
    };
    let closed = times(r, at);
    away(r, &said, vec![room], closed);
}

/// The days as somebody can come on them: without breaks and without the times at which they never can. Everybody with the same
/// days together.
fn open_days(r: &mut Reading<'_>, who: &[u32], days: &[u32]) -> BTreeMap<Vec<u32>, Vec<u32>> {
    let mut alike: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for who in who {
        let none = BTreeSet::new();
        let closed = r.closed.get(who).unwrap_or(&none);
        let open = |day: &u32| -> Vec<u32> {
            let times = r.problem.time_groups[wide(*day)].times.iter().copied();
            times
                .filter(|t| !closed.contains(t) && !r.breaks.contains(t))
                .collect()
        };
        let open: Vec<(u32, Vec<u32>)> = days.iter().map(|d| (*d, open(d))).collect();
        let groups = open.into_iter().map(|(day, times)| {
            let whole = times.len() == r.problem.time_groups[wide(day)].times.len();
            if whole { day } else { r.window(times) }
        });
        alike.entry(groups.collect()).or_default().push(*who);
    }
    alike
}

fn idle(r: &mut Reading<'_>, said: &Said, who: &[u32], days: &[u32], max: u32) {
    for (time_groups, who) in open_days(r, who, days) {
        let rule = limit_idle_times::LimitIdleTimes {
            time_groups,
            min: 0,
            max,
        };
        r.add_for_resources(&said.name, said.price, who, Rule::LimitIdleTimes(rule));
    }
}

pub(super) fn cluster(
    r: &mut Reading<'_>,
    said: &Said,
    who: Vec<u32>,
    time_groups: Vec<u32>,
    (min, max): (u32, u32),
) {
    let rule = cluster_busy_times::ClusterBusyTimes {
        time_groups,
        min,
        max,
    };
    r.add_for_resources(&said.name, said.price, who, Rule::ClusterBusyTimes(rule));
}

pub(super) fn busy(
    r: &mut Reading<'_>,
    said: &Said,
    who: Vec<u32>,
    time_groups: Vec<u32>,
    (min, max): (u32, u32),
) {
    let rule = limit_busy_times::LimitBusyTimes {
        time_groups,
        min,
        max,
    };
    r.add_for_resources(&said.name, said.price, who, Rule::LimitBusyTimes(rule));
}

/// On every day so many hours. Who has too many lessons to leave a day out is drawn to an empty day by the rule about hours (see
/// `Wiring::pull_if_needed`). Who could, as in one of two shifts, would find each first lesson there dear: for them the hours of each
/// day are counted from none.
fn every_day(r: &mut Reading<'_>, said: &Said, who: &[u32], days: &[u32], least: u32) {
    let mut lessons = vec![0; r.problem.resources.len()];
    for event in &r.problem.events {
        for seat in event.seats.iter().filter_map(|s| s.fixed) {
            lessons[wide(seat)] += event.duration;
        }
    }
    let times_of = |r: &Reading<'_>, day: u32| r.problem.time_groups[wide(day)].times.clone();
    let longest = days.iter().map(|day| times_of(r, *day).len()).max().unwrap_or(0);
    let elsewhere = r.problem.time_count().saturating_sub(narrow(longest));
    let full = |who: &&u32| lessons[wide(**who)] > elsewhere;
    let (drawn, free): (Vec<&u32>, Vec<&u32>) = who.iter().partition(full);
    let drawn: Vec<u32> = drawn.into_iter().copied().collect();
    let free: Vec<u32> = free.into_iter().copied().collect();
    busy(r, said, drawn.clone(), days.to_vec(), (least, MANY));
    cluster(r, said, drawn, days.to_vec(), (narrow(days.len()), MANY));
    for day in days {
        let hours = times_of(r, *day).into_iter();
        let hours = hours.map(|t| r.window(vec![t])).collect();
        cluster(r, said, free.clone(), hours, (least.max(1), MANY));
    }
}

/// From the first to the last busy hour of a day at most so many: not busy both at an hour and so much later.
fn span(r: &mut Reading<'_>, said: &Said, who: &[u32], most: u32) {
    for day in 0..r.days {
        for first in 0..r.hours.saturating_sub(most.max(1)) {
            let start = day * r.hours + first;
            let late = (start + most.max(1)..(day + 1) * r.hours).collect();
            let both = vec![r.window(vec![start]), r.window(late)];
            cluster(r, said, who.to_vec(), both, (0, 1));
        }
    }
}

/// Between the last busy hour of a day and the first of another at least so many: not busy both at a late hour and at an early one.
fn rest(r: &mut Reading<'_>, said: &Said, who: &[u32], least: u32, nights: &[(u32, u32)]) {
    for (day, next) in nights {
        let next = next * r.hours;
        for left in 0..least.min(r.hours) {
            let late = (day + 1) * r.hours - 1 - left;
            let early = (next..next + (least - left).min(r.hours)).collect();
            let both = vec![r.window(vec![late]), r.window(early)];
            cluster(r, said, who.to_vec(), both, (0, 1));
        }
    }
}

/// A day begins at the first hour at which somebody can come; on some days of the week it may be the second.
fn early(r: &mut Reading<'_>, said: &Said, who: &[u32], days: &[u32], most: u32) {
    for (time_groups, who) in open_days(r, who, days) {
        let mut limit = |time_groups: Vec<u32>, max: u32| {
            let rule = limit_late_starts::LimitLateStarts { time_groups, max };
            r.add_for_resources(&said.name, said.price, who.clone(), Rule::LimitLateStarts(rule));
        };
        // Where none may be late, the sum says all.
        if most > 0 {
            time_groups.iter().for_each(|day| limit(vec![*day], 1));
        }
        if wide(most) < days.len() {
            limit(time_groups, most);
        }
    }
}

/// The resource of a room's name.
pub(super) fn room(r: &Reading<'_>, name: &str) -> Option<u32> {
    let found = r.rooms.get(name).copied();
    found.filter(|at| r.problem.resources[wide(*at)].kind == ROOM)
}
