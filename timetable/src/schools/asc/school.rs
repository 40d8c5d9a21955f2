//! A [`SchoolDraft`] as a file of aSc Timetables: who, what, where. The format has no word for what is asked.

use std::collections::BTreeMap;

use super::week::pattern;
use crate::draft::{DraftCard, SchoolDraft};
use crate::ids::{ClassIx, GroupIx, Weeks, wide};
use crate::markup::Writer;
use crate::spec::Audience;

/// The file, in UTF-8. [`SchoolDraft::comments`] stand at its head.
#[must_use]
pub fn write(draft: &SchoolDraft) -> String {
    let mut w = Writer::new();
    w.comment(&draft.comments);
    w.open(
        "timetable",
        &[
            ("ascttversion", "2020.1.1"),
            ("importtype", "database"),
            ("options", "idprefix:Parta,daynumbering1"),
            ("displayname", &clean(&draft.name)),
        ],
    );
    let of = File { draft };
    of.grid(&mut w);
    of.people(&mut w);
    of.groups(&mut w);
    of.lessons(&mut w);
    w.finish()
}

/// A text without line ends and other control characters.
fn clean(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    plain.trim().to_owned()
}

/// What a table begins with: to be added, its columns.
fn table(w: &mut Writer, name: &str, columns: &str) {
    w.open(name, &[("options", "canadd,export:silent"), ("columns", columns)]);
}

/// One lesson of the file: cards of one length in the same weeks.
struct Lesson<'a> {
    id: String,
    load: usize,
    cards: Vec<&'a DraftCard>,
}

struct File<'a> {
    draft: &'a SchoolDraft,
}

impl<'a> File<'a> {
    fn alternates(&self) -> bool {
        self.draft
            .card_list()
            .any(|(_, _, card)| card.weeks != Weeks::Every)
    }

    fn grid(&self, w: &mut Writer) {
        let days = self.draft.days.len();
        table(w, "periods", "period,name,short");
        for (at, slot) in (1..).zip(&self.draft.slots) {
            let (number, name): (String, String) = (u32::to_string(&at), clean(slot));
            w.empty(
                "period",
                &[("period", &number), ("name", &name), ("short", &name)],
            );
        }
        w.close();
        table(w, "daysdefs", "id,days,name,short");
        let all: Vec<String> = (0..days).map(|day| pattern(day, days)).collect();
        w.empty(
            "daysdef",
            &[
                ("id", "DA"),
                ("days", &all.join(",")),
                ("name", "Any day"),
                ("short", "X"),
            ],
        );
        for (at, (day, name)) in all.iter().zip(&self.draft.days).enumerate() {
            let (id, name) = (format!("D{at}"), clean(name));
            w.empty(
                "daysdef",
                &[("id", &id), ("days", day), ("name", &name), ("short", &name)],
            );
        }
        w.close();
        table(w, "weeksdefs", "id,weeks,name,short");
        let weeks: &[(Weeks, &str)] = if self.alternates() {
            &[
                (Weeks::Every, "All weeks"),
                (Weeks::Odd, "Odd weeks"),
                (Weeks::Even, "Even weeks"),
            ]
        } else {
            &[(Weeks::Every, "All weeks")]
        };
        for (weeks, name) in weeks {
            let pattern = self.weeks(*weeks);
            w.empty(
                "weeksdef",
                &[
                    ("id", week_id(*weeks)),
                    ("weeks", pattern),
                    ("name", name),
                    ("short", name),
                ],
            );
        }
        w.close();
        table(w, "termsdefs", "id,terms,name,short");
        w.empty(
            "termsdef",
            &[
                ("id", "T"),
                ("terms", "1"),
                ("name", "Whole year"),
                ("short", "YR"),
            ],
        );
        w.close();
    }

    fn weeks(&self, weeks: Weeks) -> &'static str {
        match weeks {
            Weeks::Odd => "10",
            Weeks::Even => "01",
            Weeks::Every if self.alternates() => "11",
            Weeks::Every => "1",
        }
    }

    fn people(&self, w: &mut Writer) {
        let draft = self.draft;
        table(w, "subjects", "id,name,short");
        for (at, name) in draft.subjects.iter().enumerate() {
            row(w, "subject", &format!("S{at}"), name, &[]);
        }
        w.close();
        table(w, "teachers", "id,name,short");
        for (at, teacher) in draft.teachers.iter().enumerate() {
            row(w, "teacher", &format!("P{at}"), &teacher.name, &[]);
        }
        w.close();
        table(w, "classrooms", "id,name,short,capacity");
        for (at, room) in draft.rooms.iter().enumerate() {
            let seats = room.capacity.map(|n| n.to_string());
            let more: Vec<(&str, &str)> = seats.iter().map(|n| ("capacity", n.as_str())).collect();
            row(w, "classroom", &format!("R{at}"), &room.name, &more);
        }
        w.close();
        table(w, "classes", "id,name,short,classroomids,grade");
        for (at, class) in draft.classes.iter().enumerate() {
            let home = class
                .home_room
                .map(|room| format!("R{}", room.0))
                .unwrap_or_default();
            let grade = class.grade.map(|n| n.to_string()).unwrap_or_default();
            let more = [("classroomids", home.as_str()), ("grade", grade.as_str())];
            row(w, "class", &format!("C{at}"), &class.name, &more);
        }
        w.close();
    }

    fn groups(&self, w: &mut Writer) {
        table(
            w,
            "groups",
            "id,name,classid,entireclass,divisiontag,studentcount",
        );
        for (at, class) in self.draft.classes.iter().enumerate() {
            let (id, of) = (format!("E{at}"), format!("C{at}"));
            let pupils = class.pupils.to_string();
            let whole = [
                ("classid", of.as_str()),
                ("entireclass", "1"),
                ("divisiontag", "0"),
                ("studentcount", pupils.as_str()),
            ];
            row(w, "group", &id, "Entire class", &whole);
            let mut tags: BTreeMap<u16, usize> = BTreeMap::new();
            let own = self.draft.groups.iter().enumerate();
            for (group, row_of) in own.filter(|(_, g)| g.class == ClassIx::at(at)) {
                let next = tags.len() + 1;
                let tag = tags.entry(row_of.split).or_insert(next).to_string();
                let pupils = row_of.pupils.to_string();
                let more = [
                    ("classid", of.as_str()),
                    ("entireclass", "0"),
                    ("divisiontag", tag.as_str()),
                    ("studentcount", pupils.as_str()),
                ];
                row(w, "group", &format!("G{group}"), &row_of.name, &more);
            }
        }
        w.close();
    }

    fn lessons_of(&self) -> Vec<Lesson<'a>> {
        let mut lessons: Vec<Lesson<'a>> = vec![];
        for (load, of) in self.draft.loads.iter().enumerate() {
            let mut kinds: BTreeMap<(u16, Weeks), Vec<&DraftCard>> = BTreeMap::new();
            for card in &of.cards {
                kinds.entry((card.duration, card.weeks)).or_default().push(card);
            }
            for cards in kinds.into_values() {
                let id = format!("L{}", lessons.len());
                lessons.push(Lesson { id, load, cards });
            }
        }
        lessons
    }

    fn class_of(&self, audience: Audience) -> ClassIx {
        match audience {
            Audience::Class(class) => class,
            Audience::Group(GroupIx(group)) => {
                let of = self.draft.groups.get(wide(group));
                of.map_or(ClassIx(0), |g| g.class)
            }
        }
    }

    fn lessons(&self, w: &mut Writer) {
        let lessons = self.lessons_of();
        table(
            w,
            "lessons",
            "id,subjectid,classids,groupids,teacherids,classroomids,periodspercard,periodsperweek,daysdefid,weeksdefid,termsdefid",
        );
        for lesson in &lessons {
            let (Some(load), Some(first)) = (self.draft.loads.get(lesson.load), lesson.cards.first()) else {
                continue;
            };
            let mut classes: Vec<ClassIx> = load.audience.iter().map(|a| self.class_of(*a)).collect();
            classes.dedup();
            let group = |audience: &Audience| match audience {
                Audience::Class(class) => format!("E{}", class.0),
                Audience::Group(group) => format!("G{}", group.0),
            };
            let mut rooms: Vec<String> = vec![];
            for room in lesson.cards.iter().flat_map(|card| &card.rooms) {
                let id = format!("R{}", room.0);
                if !rooms.contains(&id) {
                    rooms.push(id);
                }
            }
            let periods = usize::from(first.duration) * lesson.cards.len();
            w.empty(
                "lesson",
                &[
                    ("id", &lesson.id),
                    ("subjectid", &format!("S{}", load.subject.0)),
                    ("classids", &ids("C", classes.iter().map(|c| c.0))),
                    (
                        "groupids",
                        &load.audience.iter().map(group).collect::<Vec<_>>().join(","),
                    ),
                    ("teacherids", &ids("P", load.teachers.iter().map(|t| t.0))),
                    ("classroomids", &rooms.join(",")),
                    ("periodspercard", &first.duration.to_string()),
                    ("periodsperweek", &format!("{periods}.0")),
                    ("daysdefid", "DA"),
                    ("weeksdefid", week_id(first.weeks)),
                    ("termsdefid", "T"),
                ],
            );
        }
        w.close();
        table(w, "cards", "lessonid,period,days,weeks,terms,classroomids,locked");
        let days = self.draft.days.len();
        for lesson in &lessons {
            for card in &lesson.cards {
                let Some(at) = card.placement else { continue };
                let room = at.room.map(|room| format!("R{}", room.0)).unwrap_or_default();
                w.empty(
                    "card",
                    &[
                        ("lessonid", &lesson.id),
                        ("classroomids", &room),
                        ("period", &(u32::from(at.slot) + 1).to_string()),
                        ("weeks", self.weeks(card.weeks)),
                        ("terms", "1"),
                        ("days", &pattern(usize::from(at.day), days)),
                        ("locked", if card.locked { "1" } else { "0" }),
                    ],
                );
            }
        }
        w.close();
    }
}

fn ids(prefix: &str, numbers: impl Iterator<Item = u32>) -> String {
    let all: Vec<String> = numbers.map(|n| format!("{prefix}{n}")).collect();
    all.join(",")
}

const fn week_id(weeks: Weeks) -> &'static str {
    match weeks {
        Weeks::Every => "WA",
        Weeks::Odd => "W1",
        Weeks::Even => "W2",
    }
}

/// A row with an id, a name, and more.
fn row(w: &mut Writer, element: &str, id: &str, name: &str, more: &[(&str, &str)]) {
    let name = clean(name);
    let mut attributes = vec![("id", id), ("name", name.as_str()), ("short", name.as_str())];
    attributes.extend_from_slice(more);
    w.empty(element, &attributes);
}
