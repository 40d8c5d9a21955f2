//! A finished timetable out of its FET file.

use std::collections::HashMap;

use super::check;
use super::read::{self, ROOM};
use super::{FetFault, FetSchool};
use crate::ids::wide;
use crate::markup::Element;
use crate::problem::{Meet, Solution};

/// Where FET writes starting times and rooms.
pub(super) const TIMES: (&str, &str) = ("Time_Constraints_List", "ConstraintActivityPreferredStartingTime");
pub(super) const ROOMS: (&str, &str) = ("Space_Constraints_List", "ConstraintActivityPreferredRoom");

/// Reads a file that has a timetable in it: what is placed but not locked for good is no part of the problem; it is the
/// solution. Activities that the file places nowhere have no time in it.
///
/// # Errors
/// [`FetFault`] with line and reason.
pub fn read_placed(bytes: &[u8]) -> Result<(FetSchool, Solution), FetFault> {
    let whole = read::tree(bytes)?;
    let mut root = whole.clone();
    let times = take(&mut root, TIMES, |c| {
        let said = |name: &str| c.text_of(name).filter(|t| !t.is_empty());
        let day = said("Preferred_Day").or_else(|| said("Day"))?;
        let hour = said("Preferred_Hour").or_else(|| said("Hour"))?;
        Some((day.to_owned(), hour.to_owned()))
    });
    let mut rooms = take(&mut root, ROOMS, given);
    let mut school = read::understand(root.clone())?;
    // Where nothing else says that an activity has a room, the placing is all that says so: it stays.
    let only: Vec<u32> = (0..)
        .zip(&school.ids)
        .filter(|(e, id)| rooms.contains_key(*id) && school.room_seat[wide(*e)].is_none())
        .map(|(_, id)| *id)
        .collect();
    if !only.is_empty() {
        let kept = |c: &&Element| c.name == ROOMS.1 && id_of(c).is_some_and(|id| only.contains(&id));
        let kept: Vec<Element> = whole.list(ROOMS.0).iter().filter(kept).cloned().collect();
        if let Some(list) = root.children.iter_mut().find(|c| c.name == ROOMS.0) {
            list.children.extend(kept);
        }
        school = read::understand(root)?;
    }
    // A room that is locked for good is a requirement, and not said again: that is where the activity is, too.
    for locked in whole
        .list(ROOMS.0)
        .iter()
        .filter(|c| c.name == ROOMS.1 && holds(c))
    {
        if let (Some(id), Some(given)) = (id_of(locked), given(locked)) {
            rooms.entry(id).or_insert(given);
        }
    }
    let solution = solution(&school, &times, &rooms);
    Ok((school, solution))
}

/// The room that a constraint gives, or the real ones of a virtual room.
fn given(constraint: &Element) -> Option<Vec<String>> {
    let real: Vec<String> = constraint.all("Real_Room").map(|e| e.text.clone()).collect();
    if real.is_empty() {
        return Some(vec![constraint.text_of("Room")?.to_owned()]);
    }
    Some(real)
}

fn id_of(constraint: &Element) -> Option<u32> {
    constraint.text_of("Activity_Id")?.parse().ok()
}

/// Whether a constraint is in force and no mere wish.
pub(super) fn holds(constraint: &Element) -> bool {
    constraint.text_of("Active") != Some("false") && check::weight(constraint) == Some(check::WHOLE)
}

/// Takes the constraints of one kind that are not locked out of a list: for each activity, what the first of them says.
fn take<T>(
    root: &mut Element,
    (list, kind): (&str, &str),
    said: impl Fn(&Element) -> Option<T>,
) -> HashMap<u32, T> {
    let mut taken = HashMap::new();
    let Some(list) = root.children.iter_mut().find(|c| c.name == list) else {
        return taken;
    };
    list.children.retain(|c| {
        let loose = c.name == kind && holds(c) && c.text_of("Permanently_Locked") == Some("false");
        let (true, Some(id), Some(said)) = (loose, id_of(c), said(c)) else {
            return true;
        };
        if taken.contains_key(&id) {
            return true;
        }
        taken.insert(id, said);
        false
    });
    taken
}

fn solution(
    school: &FetSchool,
    times: &HashMap<u32, (String, String)>,
    rooms: &HashMap<u32, Vec<String>>,
) -> Solution {
    let (days, hours) = (
        school.names("Days_List", "Day"),
        school.names("Hours_List", "Hour"),
    );
    let problem = &school.problem;
    let rooms_by_name: HashMap<&str, u32> = (0..)
        .zip(&problem.resources)
        .filter(|(at, r)| r.kind == ROOM && !school.virtual_of.values().any(|v| v == at))
        .map(|(at, r)| (r.label.name.as_str(), at))
        .collect();
    let mut solution = Solution::default();
    for (event, id) in (0..).zip(&school.ids) {
        let duration = problem.event(event).duration;
        let mut meet = Meet::bare(problem, event, duration);
        if let (None, Some((day, hour))) = (meet.time, times.get(id)) {
            let day = (0..).zip(&days).find(|(_, d)| *d == day).map(|(at, _)| at);
            let hour = (0..).zip(&hours).find(|(_, h)| *h == hour).map(|(at, _)| at);
            let start = day.zip(hour).map(|(d, h): (u32, u32)| d * school.hours + h);
            meet.time = start.filter(|s| s.saturating_add(duration) <= problem.time_count());
        }
        if let (Some(first), Some(rooms)) = (school.room_seat[wide(event)], rooms.get(id)) {
            let seats = meet.resources.iter_mut().skip(wide(first));
            for (seat, room) in seats.zip(rooms) {
                *seat = rooms_by_name.get(room.as_str()).copied();
            }
        }
        solution.meets.push(meet);
    }
    solution
}
