//! Limits on the activities of one tag that somebody has. The tag's activities of each teacher or pupil are counted by a resource of
//! their own that takes part in them.

use std::collections::BTreeMap;

use super::read::{MANY, Reading};
use super::time::{Said, busy};
use crate::ids::wide;
use crate::markup::Element;
use crate::problem::Rule;
use crate::problem::rules::limit_together::LimitTogether;

/// Adds what a constraint about a tag says; false if it is not understood.
pub(super) fn understand(r: &mut Reading<'_>, at: &Element, what: &str, who: &[u32], said: &Said) -> bool {
    let tag = at
        .text_of("Activity_Tag")
        .or_else(|| at.text_of("Activity_Tag_Name"));
    let number = |name: &str| at.text_of(name)?.parse::<u32>().ok().map(|n| n.min(MANY));
    let Some(tag) = tag else { return false };
    let (groups, most) = match what {
        "MaxHoursDaily" => (r.day_groups(), number("Maximum_Hours_Daily")),
        "MaxHoursDailyRealDays" => (r.real_days(), number("Maximum_Hours_Daily")),
        "MaxHoursContinuously" => {
            let most = number("Maximum_Hours_Continuously");
            (most.map_or(vec![], |most| r.runs_beyond(most)), most)
        }
        _ => return false,
    };
    let Some(most) = most else { return false };
    let counters = counters(r, said, tag, who, most);
    busy(r, said, counters.into_values().collect(), groups, (0, most));
    true
}

/// On a day, at most two of the tags N1, N2 and N3.
pub(super) fn two_of_three(r: &mut Reading<'_>, said: &Said, who: &[u32]) {
    let tags = ["N1", "N2", "N3"].map(|tag| counters(r, said, tag, who, 0));
    let sets: Vec<Vec<u32>> = who
        .iter()
        .map(|who| tags.iter().filter_map(|of| of.get(who).copied()).collect())
        .filter(|set: &Vec<u32>| set.len() == 3)
        .collect();
    let time_groups = r.day_groups();
    r.add_alone(
        &said.name,
        said.price,
        Rule::LimitTogether(LimitTogether {
            sets,
            time_groups,
            max: 2,
        }),
    );
}

/// A counter of the tag's activities for each of these who has more hours of them than `most`.
fn counters(r: &mut Reading<'_>, said: &Said, tag: &str, who: &[u32], most: u32) -> BTreeMap<u32, u32> {
    let wanted: std::collections::BTreeSet<u32> = who.iter().copied().collect();
    let mut events: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    r.looked_at(r.activities.len());
    for (event, activity) in (0..).zip(&r.activities) {
        if activity.all("Activity_Tag").any(|t| t.text == tag) {
            for who in r.problem.event(event).seats.iter().filter_map(|s| s.fixed) {
                if wanted.contains(&who) {
                    events.entry(who).or_default().push(event);
                }
            }
        }
    }
    let mut counters = BTreeMap::new();
    for (who, events) in events {
        let hours: u32 = events.iter().map(|e| r.problem.event(*e).duration).sum();
        if hours > most {
            let name = format!("{tag}: {}", r.problem.resources[wide(who)].label.name);
            let counter = r.counter(&format!("{} ({name})", said.name), &events);
            counters.insert(who, counter);
        }
    }
    counters
}
