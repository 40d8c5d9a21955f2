//! Changed facts into a FET file: what a repair went by is said in its result.

use std::collections::BTreeSet;

use super::FetSchool;
use super::read::{PUPILS, ROOM, TEACHER};
use crate::ids::wide;
use crate::markup::Element;
use crate::search::repair::Change;

impl FetSchool {
    /// The file with the changes in it, and those that it cannot take up, in words.
    #[must_use]
    pub fn changed(&self, changes: &[Change]) -> (Self, Vec<String>) {
        let mut school = self.clone();
        let mut left = vec![];
        for change in changes {
            match change {
                Change::Away { resource, times } => {
                    let Some(of) = self.problem.resources.get(wide(*resource)) else {
                        continue;
                    };
                    let name = &of.label.name;
                    let (list, kind, element) = match of.kind {
                        TEACHER => (
                            "Time_Constraints_List",
                            "ConstraintTeacherNotAvailableTimes",
                            "Teacher",
                        ),
                        ROOM => (
                            "Space_Constraints_List",
                            "ConstraintRoomNotAvailableTimes",
                            "Room",
                        ),
                        PUPILS if self.has_students(name) => (
                            "Time_Constraints_List",
                            "ConstraintStudentsSetNotAvailableTimes",
                            "Students",
                        ),
                        _ => {
                            left.push(format!(
                                "that {name} is away: the file has no such set of students"
                            ));
                            continue;
                        }
                    };
                    let fields = vec![Element::of_text(element, name)];
                    let cells = self.cells(times, ("Not_Available_Time", "Day", "Hour"));
                    school.add(list, kind, fields, cells);
                }
                Change::Block { event, times } => {
                    let closed: BTreeSet<u32> = times.iter().copied().collect();
                    let open: Vec<u32> = (0..self.problem.time_count())
                        .filter(|t| !closed.contains(t))
                        .collect();
                    let fields = vec![Element::of_text(
                        "Activity_Id",
                        &self.ids[wide(*event)].to_string(),
                    )];
                    let names = (
                        "Preferred_Starting_Time",
                        "Preferred_Starting_Day",
                        "Preferred_Starting_Hour",
                    );
                    let cells = self.cells(&open, names);
                    school.add(
                        "Time_Constraints_List",
                        "ConstraintActivityPreferredStartingTimes",
                        fields,
                        cells,
                    );
                }
                // an activity lies in one piece: see `with_loads`
                Change::Load { duration, .. } => left.push(format!("that an event takes {duration} times")),
                Change::Another { .. } => left.push("a new activity".to_owned()),
            }
        }
        (school, left)
    }

    fn has_students(&self, name: &str) -> bool {
        let named = |set: &Element| set.text_of("Name") == Some(name);
        let years = self.root.list("Students_List");
        years.iter().any(|year| {
            let parts = |set: &Element| {
                set.children
                    .iter()
                    .any(|part| named(part) || part.children.iter().any(named))
            };
            named(year) || parts(year)
        })
    }

    /// Times as elements of a day and an hour.
    fn cells(&self, times: &[u32], (element, day, hour): (&str, &str, &str)) -> Vec<Element> {
        let (days, hours) = (self.names("Days_List", "Day"), self.names("Hours_List", "Hour"));
        let cell = |time: &u32| {
            let (d, h) = (
                days.get(wide(time / self.hours))?,
                hours.get(wide(time % self.hours))?,
            );
            Some(Element {
                name: element.to_owned(),
                children: vec![Element::of_text(day, d), Element::of_text(hour, h)],
                ..Element::default()
            })
        };
        times.iter().filter_map(cell).collect()
    }

    fn add(&mut self, list: &str, kind: &str, fields: Vec<Element>, cells: Vec<Element>) {
        let Some(first) = cells.first() else { return };
        let count = format!("Number_of_{}s", first.name);
        let mut children = vec![Element::of_text("Weight_Percentage", "100")];
        children.extend(fields);
        children.push(Element::of_text(&count, &cells.len().to_string()));
        children.extend(cells);
        children.push(Element::of_text("Active", "true"));
        children.push(Element::of_text("Comments", "changed by timetable repair"));
        let made = Element {
            name: kind.to_owned(),
            children,
            ..Element::default()
        };
        match self.root.children.iter_mut().find(|c| c.name == list) {
            Some(found) => found.children.push(made),
            None => self.root.children.push(Element {
                name: list.to_owned(),
                children: vec![made],
                ..Element::default()
            }),
        }
    }
}
