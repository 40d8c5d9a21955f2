//! One more lesson like another one, and one that takes less, in the file itself: the problem is then read again, so that whatever the
//! file says of teachers, students, subjects and tags holds for the new activity, too.

use std::collections::BTreeMap;

use super::placed::{ROOMS, TIMES, holds};
use super::read;
use super::{FetFault, FetSchool};
use crate::ids::wide;
use crate::markup::Element;

/// Constraints about one activity that hold for another one like it.
const OF_ONE: [&str; 5] = [
    "ConstraintActivityPreferredStartingTimes",
    "ConstraintActivityPreferredTimeSlots",
    "ConstraintActivityPreferredRooms",
    "ConstraintActivityPreferredRoom",
    "ConstraintActivityEndsStudentsDay",
];

/// Constraints about any number of activities in which another one like one of them belongs. Not those that lay them together: whoever
/// is at once with a lesson cannot be at once with two.
const OF_ALL: [&str; 7] = [
    "ConstraintMinDaysBetweenActivities",
    "ConstraintMinNDaysBetweenActivities",
    "ConstraintMinGapsBetweenActivities",
    "ConstraintActivitiesNotOverlapping",
    "ConstraintActivitiesOccupyMaxTimeSlotsFromSelection",
    "ConstraintActivitiesMaxSimultaneousInSelectedTimeSlots",
    "ConstraintActivitiesMaxInATerm",
];

/// The file with more activities, or shorter ones.
#[derive(Debug)]
pub struct More {
    /// It, read again; the new events are the last ones.
    pub school: FetSchool,
    /// Kinds of constraints that speak of the old activities and not of the new ones, and how many.
    pub left: BTreeMap<String, u32>,
}

impl FetSchool {
    /// The file with one more activity like that of each event of `more`, so many hours long, and with the activities of `shorter` that
    /// long. An activity lies in one piece: a load that grows is another activity, one that falls the same for a shorter time.
    ///
    /// # Errors
    /// [`FetFault`] where there are more activities, or constraints apply to more, than can be held, or the other events do not stay as they
    /// were.
    pub fn with_loads(&self, more: &[(u32, u32)], shorter: &[(u32, u32)]) -> Result<More, FetFault> {
        let mut root = self.root.clone();
        let mut left = BTreeMap::new();
        let mut next = root
            .list("Activities_List")
            .iter()
            .filter_map(|a| a.text_of("Id")?.parse::<u32>().ok())
            .max()
            .unwrap_or(0);
        for (event, duration) in shorter {
            if let Some(id) = self.ids.get(wide(*event)) {
                last(&mut root, &id.to_string(), *duration);
            }
        }
        for (event, duration) in more {
            let Some(id) = self.ids.get(wide(*event)) else {
                continue;
            };
            next = next.saturating_add(1);
            let new = next.to_string();
            one_more(&mut root, &id.to_string(), (&new, *duration), &mut left);
        }
        let line = root.line;
        let school = read::understand(root)?;
        let (old, new) = (&self.problem, &school.problem);
        let seats = |of: &crate::problem::Event| of.seats.len();
        let same = new.resources.get(..old.resources.len()) == Some(old.resources.as_slice())
            && new.events.len() == old.events.len() + more.len()
            && old
                .events
                .iter()
                .map(seats)
                .eq(new.events.iter().take(old.events.len()).map(seats));
        if !same {
            let words = "with these activities the file says other things of those that it has";
            let russian = "с этими занятиями файл говорит о прежних другое";
            return Err(FetFault::at(line, words, russian));
        }
        Ok(More { school, left })
    }
}

/// An activity lasts so long from now on, and those that it is split from are so much less together.
fn last(root: &mut Element, id: &str, duration: u32) {
    let number = |text: Option<&str>| text.and_then(|t| t.parse::<u32>().ok());
    for list in root.children.iter_mut().filter(|c| c.name == "Activities_List") {
        let Some(of) = list.children.iter().find(|a| a.text_of("Id") == Some(id)) else {
            continue;
        };
        let less = number(of.text_of("Duration")).map_or(0, |d| d.saturating_sub(duration));
        let group = of.text_of("Activity_Group_Id").filter(|g| *g != "0");
        let group = group.map(str::to_owned);
        for activity in &mut list.children {
            let own = activity.text_of("Id") == Some(id);
            let split = group.is_some() && activity.text_of("Activity_Group_Id") == group.as_deref();
            if !own && !split {
                continue;
            }
            let total = number(activity.text_of("Total_Duration")).map(|t| t.saturating_sub(less));
            for child in &mut activity.children {
                match (child.name.as_str(), total) {
                    ("Duration", _) if own => child.text = duration.to_string(),
                    ("Total_Duration", Some(total)) => child.text = total.to_string(),
                    _ => {}
                }
            }
        }
    }
}

fn one_more(root: &mut Element, id: &str, (new, duration): (&str, u32), left: &mut BTreeMap<String, u32>) {
    for list in root.children.iter_mut().filter(|c| c.name == "Activities_List") {
        let Some(like) = list.children.iter().find(|a| a.text_of("Id") == Some(id)) else {
            continue;
        };
        let mut activity = like.clone();
        for child in &mut activity.children {
            match child.name.as_str() {
                "Id" => new.clone_into(&mut child.text),
                "Activity_Group_Id" => "0".clone_into(&mut child.text),
                "Duration" | "Total_Duration" => child.text = duration.to_string(),
                "Comments" => "added by timetable repair".clone_into(&mut child.text),
                _ => {}
            }
        }
        list.children.push(activity);
    }
    for list in root
        .children
        .iter_mut()
        .filter(|c| c.name == TIMES.0 || c.name == ROOMS.0)
    {
        let mut more = vec![];
        for constraint in &mut list.children {
            let names = |c: &Element| c.name.ends_with("Activity_Id") && c.text == id;
            if constraint.text_of("Active") == Some("false") || !constraint.children.iter().any(names) {
                continue;
            }
            if OF_ALL.contains(&constraint.name.as_str()) {
                add_to(constraint, new);
            } else if OF_ONE.contains(&constraint.name.as_str()) && !is_place(constraint) {
                let mut own = constraint.clone();
                for child in own.children.iter_mut().filter(|c| c.name == "Activity_Id") {
                    new.clone_into(&mut child.text);
                }
                more.push(own);
            } else if !is_place(constraint) {
                *left.entry(constraint.name.clone()).or_insert(0u32) += 1;
            }
        }
        list.children.extend(more);
    }
}

/// Where the activity lies, which is no rule about one like it.
fn is_place(constraint: &Element) -> bool {
    let room = constraint.name == ROOMS.1;
    let kept = constraint.text_of("Permanently_Locked") != Some("false");
    constraint.name == TIMES.1 || room && holds(constraint) && !kept
}

/// One more number in the list, after the last.
fn add_to(constraint: &mut Element, new: &str) {
    let last = constraint.children.iter().rposition(|c| c.name == "Activity_Id");
    let Some(last) = last else { return };
    constraint
        .children
        .insert(last + 1, Element::of_text("Activity_Id", new));
    let count = constraint
        .children
        .iter()
        .filter(|c| c.name == "Activity_Id")
        .count();
    for child in &mut constraint.children {
        if child.name == "Number_of_Activities" {
            child.text = count.to_string();
        }
    }
}
