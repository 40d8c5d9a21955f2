//! Elements to a [`FetFile`]. Unknown elements are left out, unknown constraints counted.

use super::error::{FetError, FetReason, shortened};
use super::names::Sort;
use super::xml::{Node, Source, Step};
use super::{Activity, Constraint, FetFile, Named, Room, Rule, StudentSet, Time};
use crate::draft::Ignored;
use crate::ids::narrow;
use std::collections::HashMap;

/// Most constraints of one list.
const MAX_ITEMS: u32 = 200_000;
/// Most things of one list: teachers, rooms, activities… FET itself knows no more than 30 000 activities and 6 000 teachers.
const MAX_THINGS: u32 = 30_000;
/// Largest number of an activity.
pub(super) const MAX_ID: u32 = 1_000_000_000;
/// Largest head count and capacity.
const MAX_HEADS: u32 = 10_000_000;

/// Reads a file.
///
/// # Errors
/// [`FetError`] with the line and the reason.
pub fn read(bytes: &[u8]) -> Result<FetFile, FetError> {
    let mut source = Source::new(bytes)?;
    let mut file = FetFile::default();
    let mut none = String::new();
    let first = source.step(&mut none)?;
    if let Step::Start(..) = first {
        source.must_be_blank(&none, "before the first element")?;
    }
    match first {
        Step::Start(root, version) if root == "fet" || root == "FET" => {
            file.version = version.unwrap_or_default()
        }
        Step::Start(root, _) => {
            return Err(source.refuse(FetReason::NotFet {
                root: shortened(&root),
            }));
        }
        Step::End | Step::Eof => {
            return Err(source.refuse(FetReason::Missing {
                element: "fet".to_owned(),
            }));
        }
    }
    let mut ignored = HashMap::new();
    loop {
        none.clear();
        match source.step(&mut none)? {
            Step::Start(name, _) => section(&mut source, &mut file, &mut ignored, name)?,
            Step::End => break,
            Step::Eof => return Ok(file),
        }
    }
    none.clear();
    if let Step::Start(name, _) = source.step(&mut none)? {
        return Err(source.refuse(FetReason::NotXml {
            detail: format!("<{}> after the end of <fet>", shortened(&name)),
        }));
    }
    source.must_be_blank(&none, "after the end of <fet>")?;
    for (element, list) in [("Days_List", &file.days), ("Hours_List", &file.hours)] {
        if list.is_empty() {
            return Err(source.refuse(FetReason::Missing {
                element: element.to_owned(),
            }));
        }
        if list.len() > usize::from(crate::ids::MAX_DAYS) {
            let reason = FetReason::TooMany {
                element: element.to_owned(),
                limit: crate::ids::MAX_DAYS.into(),
            };
            return Err(FetError {
                line: list[0].line,
                reason,
            });
        }
    }
    if !matches!(file.mode.trim(), "" | "Official") {
        let (other, same) = std::mem::take(&mut file.constraints)
            .into_iter()
            .partition(|c| super::ties::counts_days(&c.rule));
        file.constraints = same;
        let other: Vec<Constraint> = other;
        for constraint in other {
            super::told::count(&mut ignored, &constraint.kind, constraint.line);
        }
    }
    file.ignored = ignored.into_values().collect();
    file.ignored
        .sort_by(|a: &Ignored, b| a.line.cmp(&b.line).then(a.kind.cmp(&b.kind)));
    Ok(file)
}

type Counted = HashMap<String, Ignored>;

fn section(
    source: &mut Source<'_>,
    file: &mut FetFile,
    ignored: &mut Counted,
    name: String,
) -> Result<(), FetError> {
    let plain = match name.as_str() {
        "Institution_Name" => Some(&mut file.institution),
        "Comments" => Some(&mut file.comments),
        "Mode" => Some(&mut file.mode),
        _ => None,
    };
    if let Some(text) = plain {
        *text = source.tree(name)?.text;
        return Ok(());
    }
    let known = [
        "Days_List",
        "Hours_List",
        "Subjects_List",
        "Activity_Tags_List",
        "Teachers_List",
        "Students_List",
        "Activities_List",
        "Buildings_List",
        "Rooms_List",
        "Time_Constraints_List",
        "Space_Constraints_List",
        "Timetable_Generation_Options_List",
    ];
    if !known.contains(&name.as_str()) {
        return source.skip();
    }
    let mut none = String::new();
    let mut told = None;
    let mut items = 0u32;
    let limit = if name.ends_with("_Constraints_List") {
        MAX_ITEMS
    } else {
        MAX_THINGS
    };
    loop {
        none.clear();
        match source.step(&mut none)? {
            Step::Start(item, _) => {
                items += 1;
                if items > limit {
                    let element = shortened(&item);
                    return Err(source.refuse(FetReason::TooMany { element, limit }));
                }
                let node = source.tree(item)?;
                if node.name.starts_with("Number") && matches!(name.as_str(), "Days_List" | "Hours_List") {
                    told = Some((number(&node, 0, MAX_ID)?, node));
                } else {
                    take(file, ignored, &name, &node)?;
                }
            }
            Step::End | Step::Eof => break,
        }
    }
    if let Some((told, node)) = told {
        let found = narrow(if name == "Days_List" {
            file.days.len()
        } else {
            file.hours.len()
        });
        if told != found {
            return Err(at(
                &node,
                FetReason::CountDiffers {
                    element: node.name.clone(),
                    told,
                    found,
                },
            ));
        }
    }
    Ok(())
}

fn take(file: &mut FetFile, ignored: &mut Counted, list: &str, node: &Node) -> Result<(), FetError> {
    let named = |to: &mut Vec<Named>| {
        to.push(Named {
            name: name_of(node)?,
            line: node.line,
        });
        Ok(())
    };
    match (list, node.name.as_str()) {
        ("Days_List", "Day" | "Name") => named(&mut file.days),
        ("Hours_List", "Hour" | "Name") => named(&mut file.hours),
        ("Subjects_List", "Subject") => named(&mut file.subjects),
        ("Activity_Tags_List", "Activity_Tag") => named(&mut file.tags),
        ("Teachers_List", "Teacher") => {
            let qualified = node.child("Qualified_Subjects").into_iter();
            let qualified = qualified.flat_map(|list| list.all("Qualified_Subject"));
            file.untaken
                .qualified
                .extend(qualified.map(|subject| subject.line));
            named(&mut file.teachers)
        }
        ("Buildings_List", "Building") => named(&mut file.buildings),
        ("Students_List", "Year") => {
            file.years.push(students(node, &["Group", "Subgroup"])?);
            Ok(())
        }
        ("Rooms_List", "Room") => {
            let capacity = node
                .child("Capacity")
                .map_or(Ok(0), |n| number(n, 0, MAX_HEADS))?;
            file.rooms.push(Room {
                name: name_of(node)?,
                building: node.text_of("Building").to_owned(),
                capacity,
                is_virtual: is_true(node.text_of("Virtual")),
                comments: node.text_of("Comments").to_owned(),
                line: node.line,
            });
            Ok(())
        }
        ("Activities_List", "Activity") => {
            file.untaken
                .seats
                .extend(node.child("Number_Of_Students").map(|n| n.line));
            file.activities.push(activity(node)?);
            Ok(())
        }
        // how a timetable is to be looked for
        ("Timetable_Generation_Options_List", kind) => {
            super::told::count(ignored, kind, node.line);
            Ok(())
        }
        ("Time_Constraints_List" | "Space_Constraints_List", kind) => constraint(file, ignored, kind, node),
        _ => Ok(()),
    }
}

fn students(node: &Node, levels: &[&str]) -> Result<StudentSet, FetError> {
    let mut set = StudentSet {
        name: name_of(node)?,
        comments: node.text_of("Comments").to_owned(),
        line: node.line,
        ..StudentSet::default()
    };
    if let Some(n) = node.child("Number_of_Students") {
        set.students = number(n, 0, MAX_HEADS)?;
    }
    if let Some((level, below)) = levels.split_first() {
        for part in node.all(level) {
            set.parts.push(students(part, below)?);
        }
    }
    Ok(set)
}

fn activity(node: &Node) -> Result<Activity, FetError> {
    let texts = |name: &str| {
        node.all(name)
            .map(|n| n.text.clone())
            .filter(|t| !t.is_empty())
            .collect()
    };
    let need = |name: &str| node.child(name).ok_or_else(|| at(node, missing(name)));
    let duration = number(need("Duration")?, 1, crate::ids::MAX_SLOTS.into())?;
    Ok(Activity {
        id: number(need("Id")?, 1, MAX_ID)?,
        group: node
            .child("Activity_Group_Id")
            .map_or(Ok(0), |n| number(n, 0, MAX_ID))?,
        teachers: texts("Teacher"),
        subject: need("Subject")?.text.clone(),
        tags: texts("Activity_Tag"),
        students: texts("Students"),
        duration: u16::try_from(duration).unwrap_or(u16::MAX),
        active: node.child("Active").is_none_or(|n| is_true(&n.text)),
        weeks: super::marks::weeks(node.text_of("Comments")),
        line: node.line,
    })
}

fn constraint(file: &mut FetFile, ignored: &mut Counted, kind: &str, node: &Node) -> Result<(), FetError> {
    let basic = kind == "ConstraintBasicCompulsoryTime" || kind == "ConstraintBasicCompulsorySpace";
    // a file of ours says which wishes are out of force only because its own timetable breaks them
    let ours = node.text_of("Comments").trim() == super::marks::BROKEN;
    if basic {
        return Ok(());
    }
    if !ours && node.child("Active").is_some_and(|n| !is_true(&n.text)) {
        file.untaken.off.push(node.line);
        return Ok(());
    }
    for child in &node.children {
        if let Some(sort) = Sort::referred_by(&child.name).filter(|_| !child.text.is_empty()) {
            let names = file.mentioned.entry(sort).or_default();
            if !names.contains_key(&child.text) {
                names.insert(child.text.clone(), child.line);
            }
        }
    }
    match rule(kind, node)? {
        Some(rule) => {
            let weight = node.child("Weight_Percentage").map_or(Ok(100_000), weight)?;
            file.constraints.push(Constraint {
                rule,
                kind: kind.to_owned(),
                weight,
                line: node.line,
            });
        }
        None => super::told::count(ignored, kind, node.line),
    }
    Ok(())
}

fn rule(kind: &str, node: &Node) -> Result<Option<Rule>, FetError> {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|n| node.child(n));
        found
            .map(|n| n.text.clone())
            .ok_or_else(|| at(node, missing(names[0])))
    };
    let times = |name: &str| -> Vec<Time> {
        let time = |n: &Node| Time {
            day: n.text_of("Day").to_owned(),
            hour: n.text_of("Hour").to_owned(),
        };
        node.all(name).map(time).collect()
    };
    let id = || {
        number(
            node.child("Activity_Id")
                .ok_or_else(|| at(node, missing("Activity_Id")))?,
            1,
            MAX_ID,
        )
    };
    let rooms = || -> Vec<String> {
        let all = node.all("Preferred_Room").chain(node.all("Room"));
        all.map(|n| n.text.clone()).collect()
    };
    let rule = match kind {
        "ConstraintTeacherNotAvailableTimes" => {
            Rule::TeacherAway(text(&["Teacher", "Teacher_Name"])?, times("Not_Available_Time"))
        }
        "ConstraintStudentsSetNotAvailableTimes" => {
            Rule::StudentsAway(text(&["Students", "Students_Name"])?, times("Not_Available_Time"))
        }
        "ConstraintRoomNotAvailableTimes" => {
            Rule::RoomAway(text(&["Room", "Room_Name"])?, times("Not_Available_Time"))
        }
        "ConstraintBreakTimes" | "ConstraintBreak" => Rule::Break(times("Break_Time")),
        "ConstraintActivityPreferredStartingTime" | "ConstraintActivityPreferredTime" => {
            let day = text(&["Preferred_Day", "Day"])?;
            let hour = text(&["Preferred_Hour", "Hour"])?;
            let locked = node.child("Permanently_Locked").is_none_or(|n| is_true(&n.text));
            if day.is_empty() || hour.is_empty() {
                return super::hours::rule(kind, node);
            }
            Rule::Start {
                id: id()?,
                at: Time { day, hour },
                locked,
            }
        }
        "ConstraintActivityPreferredRoom" => Rule::Room {
            id: id()?,
            room: text(&["Room"])?,
            real: node.all("Real_Room").map(|n| n.text.clone()).collect(),
            locked: node.child("Permanently_Locked").is_none_or(|n| is_true(&n.text)),
        },
        "ConstraintActivityPreferredRooms" => Rule::ActivityRooms(id()?, rooms()),
        "ConstraintSubjectPreferredRoom" | "ConstraintSubjectPreferredRooms" => {
            Rule::SubjectRooms(text(&["Subject", "Subject_Name"])?, rooms())
        }
        "ConstraintActivityTagPreferredRoom" | "ConstraintActivityTagPreferredRooms" => {
            Rule::TagRooms(text(&["Activity_Tag"])?, rooms())
        }
        "ConstraintSubjectActivityTagPreferredRoom" | "ConstraintSubjectActivityTagPreferredRooms" => {
            Rule::SubjectTagRooms(text(&["Subject"])?, text(&["Activity_Tag"])?, rooms())
        }
        "ConstraintStudentsSetHomeRoom" | "ConstraintStudentsSetHomeRooms" => {
            Rule::HomeRooms(text(&["Students"])?, rooms())
        }
        "ConstraintTeacherHomeRoom" | "ConstraintTeacherHomeRooms" => {
            Rule::TeacherRooms(text(&["Teacher", "Teacher_Name"])?, rooms())
        }
        "ConstraintMinDaysBetweenActivities" | "ConstraintMinNDaysBetweenActivities" => {
            let ids: Result<Vec<u32>, FetError> =
                node.all("Activity_Id").map(|n| number(n, 1, MAX_ID)).collect();
            let days = node.child("MinDays").or_else(|| node.child("Min_Days"));
            let days = days.map_or(Ok(1), |n| number(n, 0, MAX_ID))?;
            let in_a_row = node
                .child("Consecutive_If_Same_Day")
                .is_some_and(|n| is_true(&n.text));
            Rule::MinDays(ids?, u16::try_from(days).unwrap_or(u16::MAX), in_a_row)
        }
        _ => {
            let tied = super::ties::rule(kind, node)?;
            let tied = tied.map_or_else(|| super::hours::rule(kind, node), |tied| Ok(Some(tied)))?;
            let limit = tied.or_else(|| super::limits::rule(kind, node));
            return limit.map_or_else(|| super::bounds::rule(kind, node), |limit| Ok(Some(limit)));
        }
    };
    Ok(Some(rule))
}

/// The name of an item: its child `Name`, or its own text (old files). A name of blanks is a name to FET.
fn name_of(node: &Node) -> Result<String, FetError> {
    let name = node.child("Name").map_or(&node.text, |n| &n.text);
    if name.is_empty() {
        return Err(at(
            node,
            FetReason::EmptyName {
                element: node.name.clone(),
            },
        ));
    }
    Ok(name.clone())
}

pub(super) fn number(node: &Node, min: u32, max: u32) -> Result<u32, FetError> {
    let text = node.text.trim();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(at(
            node,
            FetReason::NotANumber {
                element: node.name.clone(),
                text: shortened(text),
            },
        ));
    }
    text.parse()
        .ok()
        .filter(|n| (min..=max).contains(n))
        .ok_or_else(|| {
            at(
                node,
                FetReason::OutOfRange {
                    element: node.name.clone(),
                    text: shortened(text),
                    min,
                    max,
                },
            )
        })
}

/// A percentage such as `99.5` in thousandths.
fn weight(node: &Node) -> Result<u32, FetError> {
    let text = node.text.trim();
    let wrong = || {
        at(
            node,
            FetReason::NotANumber {
                element: node.name.clone(),
                text: shortened(text),
            },
        )
    };
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if !part.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let whole: u32 = whole.parse().map_err(|_| wrong())?;
    let thousandths = format!("{part:0<3}")
        .get(..3)
        .and_then(|p| p.parse::<u32>().ok())
        .unwrap_or(0);
    whole
        .checked_mul(1000)
        .map(|w| w + thousandths)
        .filter(|w| *w <= 100_000)
        .ok_or_else(|| {
            let (element, text) = (node.name.clone(), shortened(text));
            at(
                node,
                FetReason::OutOfRange {
                    element,
                    text,
                    min: 0,
                    max: 100,
                },
            )
        })
}

fn is_true(text: &str) -> bool {
    matches!(text.trim(), "true" | "yes" | "1")
}

fn missing(element: &str) -> FetReason {
    FetReason::Missing {
        element: element.to_owned(),
    }
}

fn at(node: &Node, reason: FetReason) -> FetError {
    FetError {
        line: node.line,
        reason,
    }
}
