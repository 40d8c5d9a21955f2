//! A finished timetable back into its FET file.

use std::collections::{HashMap, HashSet};

use super::FetSchool;
use super::placed::{ROOMS, TIMES, holds};
use crate::ids::wide;
use crate::markup::{Element, Writer};
use crate::problem::Solution;

impl FetSchool {
    /// The file with the timetable in it, as FET itself writes it: for each activity a constraint of its starting time and one
    /// of its room, beside everything that the file had. What has no time or no room in the solution is left open; what the file
    /// placed elsewhere is placed anew.
    #[must_use]
    pub fn write(&self, solution: &Solution) -> String {
        let mut root = self.root.clone();
        let days = self.names("Days_List", "Day");
        let hours = self.names("Hours_List", "Hour");
        let (mut times, mut rooms) = (vec![], vec![]);
        let (mut moved, mut lodged) = (HashSet::new(), HashMap::new());
        let mut open = HashSet::new();
        for meet in &solution.meets {
            let id = self.ids[wide(meet.event)].to_string();
            let placed = self.placed[wide(meet.event)];
            let elsewhere = placed && meet.time != self.problem.event(meet.event).time;
            if let Some(time) = meet.time
                && (elsewhere || !placed)
            {
                times.push(constraint(
                    TIMES.1,
                    &[
                        ("Activity_Id", &id),
                        ("Preferred_Day", days[wide(time / self.hours)]),
                        ("Preferred_Hour", hours[wide(time % self.hours)]),
                        ("Permanently_Locked", "false"),
                    ],
                ));
            }
            let seat = self.room_seat[wide(meet.event)];
            if let (Some(first), Some(room)) = (seat, self.virtual_of.get(&meet.event)) {
                let said = self.virtual_room(&id, *room, &meet.resources[wide(first)..]);
                if said.is_none() {
                    open.insert(id);
                }
                rooms.extend(said);
                continue;
            }
            match seat.map(|s| meet.resources[wide(s)]) {
                Some(Some(room)) => {
                    lodged.insert(id.clone(), self.problem.resources[wide(room)].label.name.as_str());
                }
                Some(None) => {
                    open.insert(id.clone());
                }
                None => {}
            }
            if elsewhere {
                moved.insert(id);
            }
        }
        take_out(&mut root, TIMES, |id, _| moved.contains(id));
        self.leave_open(&mut root, &open);
        // What the file says already of a room is not said again, and what it says of another one no longer holds.
        let mut said = HashSet::new();
        take_out(&mut root, ROOMS, |id, constraint| {
            lodged
                .get(id)
                .is_some_and(|room| constraint.text_of("Room") != Some(room) || !said.insert(id.to_owned()))
        });
        for meet in &solution.meets {
            let id = self.ids[wide(meet.event)].to_string();
            if let Some(name) = lodged.get(&id).filter(|_| said.insert(id.clone())) {
                rooms.push(constraint(
                    ROOMS.1,
                    &[
                        ("Activity_Id", &id),
                        ("Room", name),
                        ("Permanently_Locked", "false"),
                    ],
                ));
            }
        }
        for (list, more) in [
            ("Time_Constraints_List", times),
            ("Space_Constraints_List", rooms),
        ] {
            match root.children.iter_mut().find(|c| c.name == list) {
                Some(found) => found.children.extend(more),
                None => root.children.push(Element {
                    name: list.to_owned(),
                    children: more,
                    ..Element::default()
                }),
            }
        }
        let mut w = Writer::new();
        root.write(&mut w);
        w.finish()
    }

    /// Takes out where activities that have no room now had one. Where nothing else says that an activity has a room at all, that stays.
    fn leave_open(&self, root: &mut Element, open: &HashSet<String>) {
        let loose = |c: &Element| c.text_of("Permanently_Locked") == Some("false");
        let mut without = root.clone();
        let mut some = false;
        take_out(&mut without, ROOMS, |id, c| {
            let goes = loose(c) && open.contains(id);
            some |= goes;
            goes
        });
        if !some {
            return;
        }
        let Ok(rest) = super::read::understand(without) else {
            return;
        };
        let seated = rest.ids.iter().zip(&rest.room_seat);
        let seated: HashSet<String> = seated
            .filter(|(_, seat)| seat.is_some())
            .map(|(id, _)| id.to_string())
            .collect();
        take_out(root, ROOMS, |id, c| {
            loose(c) && open.contains(id) && seated.contains(id)
        });
    }

    /// The constraint of an activity's virtual room with its real ones, if it has all of them.
    fn virtual_room(&self, id: &str, room: u32, seats: &[Option<u32>]) -> Option<Element> {
        let name = |at: u32| self.problem.resources[wide(at)].label.name.as_str();
        let real: Vec<&str> = seats.iter().map(|s| s.map(name)).collect::<Option<_>>()?;
        let count = real.len().to_string();
        let mut fields = vec![
            ("Activity_Id", id),
            ("Room", name(room)),
            ("Number_of_Real_Rooms", &count),
        ];
        fields.extend(real.into_iter().map(|name| ("Real_Room", name)));
        fields.push(("Permanently_Locked", "false"));
        Some(constraint("ConstraintActivityPreferredRoom", &fields))
    }

    pub(super) fn names(&self, list: &str, item: &str) -> Vec<&str> {
        let items = self.root.list(list).iter();
        let named = items.clone().filter(|e| e.name == item);
        let found: Vec<&str> = named.map(|e| e.text_of("Name").unwrap_or(&e.text)).collect();
        if found.is_empty() {
            items
                .filter(|e| e.name == "Name")
                .map(|e| e.text.as_str())
                .collect()
        } else {
            found
        }
    }
}

/// Takes constraints of a kind out of their list, by activity. What is only wished, or not in force, stays as it is.
fn take_out(root: &mut Element, (list, kind): (&str, &str), mut goes: impl FnMut(&str, &Element) -> bool) {
    for list in root.children.iter_mut().filter(|c| c.name == list) {
        list.children.retain(|c| {
            let id = c.text_of("Activity_Id").filter(|_| c.name == kind && holds(c));
            id.is_none_or(|id| !goes(id, c))
        });
    }
}

fn constraint(name: &str, fields: &[(&str, &str)]) -> Element {
    let mut children = vec![Element::of_text("Weight_Percentage", "100")];
    children.extend(fields.iter().map(|(name, text)| Element::of_text(name, text)));
    children.push(Element::of_text("Active", "true"));
    children.push(Element::of_text("Comments", ""));
    Element {
        name: name.to_owned(),
        children,
        ..Element::default()
    }
}
