//! A finished timetable back into its file.

use super::week::pattern;
use super::{AscSchool, people};
use crate::ids::wide;
use crate::markup::{Element, Writer};
use crate::problem::{Meet, Solution};

impl AscSchool {
    /// The file (in UTF-8) with the timetable as its cards, beside everything that it had. What has no time has no card.
    #[must_use]
    pub fn write(&self, solution: &Solution) -> String {
        let mut cards: Vec<Element> = vec![];
        for meet in &solution.meets {
            cards.extend(self.card(meet));
        }
        cards.extend(self.strays.iter().cloned());
        let mut root = self.root.clone();
        match root.children.iter_mut().find(|c| c.name == "cards") {
            Some(found) => found.children = cards,
            None => {
                let attributes = [
                    ("options", "canadd,export:silent"),
                    ("columns", "lessonid,period,days,weeks,terms,classroomids"),
                ];
                root.children.push(Element {
                    name: "cards".to_owned(),
                    attributes: attributes.map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec(),
                    children: cards,
                    ..Element::default()
                });
            }
        }
        let mut w = Writer::new();
        root.write(&mut w);
        w.finish()
    }

    /// The elements of one card: one, or one for each period if the file has it so.
    fn card(&self, meet: &Meet) -> Vec<Element> {
        let (Some(start), Some(origin)) = (meet.time, self.origins.get(wide(meet.event))) else {
            return vec![];
        };
        let (first, count) = origin.rooms;
        let chosen = meet.resources.iter().skip(first).take(count).flatten();
        let rooms: Vec<&str> = chosen
            .filter_map(|r| people::room_id(&self.problem.resources.get(wide(*r))?.label.id))
            .collect();
        let always = |said: &str, of: usize| {
            if said.is_empty() {
                "1".repeat(of)
            } else {
                said.to_owned()
            }
        };
        let periods = if self.by_period { meet.duration } else { 1 };
        (start..start + periods)
            .map(|time| {
                let (day, period) = self.week.place(time);
                let mut attributes = vec![
                    ("lessonid", origin.lesson.clone()),
                    ("classroomids", rooms.join(",")),
                    ("period", period.to_owned()),
                    ("weeks", always(&origin.weeks, self.week.weeks)),
                    ("terms", always(&origin.terms, self.week.terms)),
                    ("days", pattern(day, self.week.days.len())),
                ];
                if origin.locked {
                    attributes.push(("locked", "1".to_owned()));
                }
                Element {
                    name: "card".to_owned(),
                    attributes: attributes.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
                    ..Element::default()
                }
            })
            .collect()
    }
}
