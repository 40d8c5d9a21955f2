//! What a FET file may not say, found before anything is understood: two days of one name, cells of the week that there are not,
//! weights that are no percentage, rooms that there are not. Passed over in silence, each would be a requirement lost.

use std::collections::HashSet;

use super::FetFault;
use super::read::fault;
use crate::fet::names::{LEVELS, Names, Sort, Wrong};
use crate::markup::Element;

/// A weight of a hundred percent, in thousandths.
pub(super) const WHOLE: u32 = 100_000;

/// How constraints call the days and hours of their cells.
const DAYS: [&str; 4] = ["Day", "Preferred_Day", "Preferred_Starting_Day", "Selected_Day"];
const HOURS: [&str; 4] = [
    "Hour",
    "Preferred_Hour",
    "Preferred_Starting_Hour",
    "Selected_Hour",
];

/// A percentage such as «99.5» in thousandths; what lies beyond is cut off, but no weight becomes none.
pub(super) fn thousandths(text: &str) -> Option<u32> {
    let (whole, part) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(part) {
        return None;
    }
    let (shown, rest) = part.split_at(part.len().min(3));
    let mut weight = whole.parse::<u32>().ok()?.checked_mul(1000)?;
    weight = weight.checked_add(format!("{shown:0<3}").parse().ok()?)?;
    if weight == 0 && rest.bytes().any(|b| b != b'0') {
        weight = 1;
    }
    if weight == WHOLE && part.bytes().any(|b| b != b'0') {
        return None;
    }
    Some(weight).filter(|w| *w <= WHOLE)
}

/// The weight of a constraint; one that says nothing must be met.
pub(super) fn weight(constraint: &Element) -> Option<u32> {
    let said = constraint
        .child("Weight_Percentage")
        .or_else(|| constraint.child("Weight"));
    said.map_or(Some(WHOLE), |said| thousandths(&said.text))
}

/// The lists of what has a name, and the elements in them, of new files and old ones.
const LISTS: [(&str, &[&str], Sort); 7] = [
    ("Days_List", &["Day", "Name"], Sort::Day),
    ("Hours_List", &["Hour", "Name"], Sort::Hour),
    ("Subjects_List", &["Subject"], Sort::Subject),
    ("Activity_Tags_List", &["Activity_Tag"], Sort::Tag),
    ("Teachers_List", &["Teacher"], Sort::Teacher),
    ("Buildings_List", &["Building"], Sort::Building),
    ("Rooms_List", &["Room"], Sort::Room),
];

/// Looks through a file.
///
/// # Errors
/// [`FetFault`] with the line of the first thing that would be lost.
pub(super) fn all(root: &Element) -> Result<(), FetFault> {
    let names = names(root).map_err(|wrong| said(&wrong))?;
    let days = names_of(root, "Days_List");
    let hours = names_of(root, "Hours_List");
    for list in ["Time_Constraints_List", "Space_Constraints_List"] {
        for constraint in root.list(list) {
            if constraint.text_of("Active") == Some("false") {
                continue;
            }
            if weight(constraint).is_none() {
                let said = constraint.child("Weight_Percentage");
                let said = said.or_else(|| constraint.child("Weight")).unwrap_or(constraint);
                let (name, text) = (&said.name, short(&said.text));
                let words = format!("{name}: \"{text}\" is no percentage");
                return Err(fault(said, words, format!("{name}: «{text}» — не процент")));
            }
            cell(constraint, false, &days, &hours)?;
            for child in &constraint.children {
                cell(child, true, &days, &hours)?;
                if let Some(sort) = Sort::referred_by(&child.name) {
                    names
                        .refer(sort, &child.text, child.line)
                        .map_err(|wrong| said(&wrong))?;
                }
            }
        }
    }
    Ok(())
}

/// Everything that has a name, each told apart, and nothing named in a room or an activity that is not there.
fn names(root: &Element) -> Result<Names<'_>, Wrong<'_>> {
    let mut names = Names::default();
    for (list, items, sort) in LISTS {
        for item in root.list(list) {
            if items.contains(&item.name.as_str()) {
                names.define(sort, name(item), item.line)?;
            }
        }
    }
    let mut years = HashSet::new();
    for year in root.list("Students_List").iter().filter(|e| e.name == LEVELS[0]) {
        names.students(0, name(year), year.line, &mut years)?;
        let mut groups = HashSet::new();
        for group in year.all(LEVELS[1]) {
            names.students(1, name(group), group.line, &mut groups)?;
            let mut subgroups = HashSet::new();
            for subgroup in group.all(LEVELS[2]) {
                names.students(2, name(subgroup), subgroup.line, &mut subgroups)?;
            }
        }
    }
    for room in root.list("Rooms_List").iter().filter(|e| e.name == "Room") {
        if let Some(building) = room.text_of("Building") {
            names.refer(Sort::Building, building, room.line)?;
        }
    }
    // what is switched off says nothing
    let active = |e: &&Element| e.name == "Activity" && e.text_of("Active") != Some("false");
    for activity in root.list("Activities_List").iter().filter(active) {
        for child in &activity.children {
            if let Some(sort) = Sort::referred_by(&child.name) {
                names.refer(sort, &child.text, activity.line)?;
            }
        }
    }
    Ok(names)
}

/// The name of an item: its child `Name`, or its own text (old files).
fn name(item: &Element) -> &str {
    item.text_of("Name").unwrap_or(&item.text)
}

/// The names of days or hours.
fn names_of<'a>(root: &'a Element, list: &str) -> HashSet<&'a str> {
    let of = LISTS.iter().find(|(name, ..)| *name == list);
    let items = of.map_or(&[][..], |(_, items, _)| items);
    let all = root.list(list).iter();
    all.filter(|item| items.contains(&item.name.as_str()))
        .map(name)
        .collect()
}

/// A wrong name in words.
fn said(wrong: &Wrong<'_>) -> FetFault {
    let (one, many, russian) = match wrong.sort {
        Sort::Day => ("is no day", "days", "день"),
        Sort::Hour => ("is no hour", "hours", "час"),
        Sort::Subject => ("is no subject", "subjects", "предмет"),
        Sort::Tag => ("is no activity tag", "activity tags", "метка"),
        Sort::Teacher => ("is no teacher", "teachers", "учитель"),
        Sort::Building => ("is no building", "buildings", "здание"),
        Sort::Room => ("is no room", "rooms", "кабинет"),
        Sort::Students => ("are no students", "sets of students", "класс или группа"),
    };
    let name = short(wrong.name);
    match wrong.twice {
        true => FetFault::at(
            wrong.line,
            format!("there are two {many} \"{name}\""),
            format!("{russian} «{name}»: записано дважды"),
        ),
        false => FetFault::at(
            wrong.line,
            format!("there {one} \"{name}\""),
            format!("{russian} «{name}»: в файле такого нет"),
        ),
    }
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// The day and hour that an element names, if it names any. A cell of a list has both; a constraint itself may leave one open.
fn cell(element: &Element, both: bool, days: &HashSet<&str>, hours: &HashSet<&str>) -> Result<(), FetFault> {
    let said = |names: &[&str]| element.children.iter().find(|c| names.contains(&c.name.as_str()));
    let (day, hour) = (said(&DAYS), said(&HOURS));
    for (part, known, what, russian) in [(day, days, "day", "дня"), (hour, hours, "hour", "часа")] {
        if let Some(part) = part
            && !known.contains(part.text.as_str())
            && (both || !part.text.is_empty())
        {
            let name = short(&part.text);
            let words = format!("there is no {what} \"{name}\"");
            return Err(fault(part, words, format!("нет {russian} «{name}»")));
        }
    }
    if both && day.is_some() != hour.is_some() {
        let name = &element.name;
        let words = format!("<{name}> has no day or no hour");
        return Err(fault(element, words, format!("у <{name}> нет дня или часа")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::thousandths;

    #[test]
    fn percentages_are_read_whole_or_not_at_all() {
        for (text, weight) in [
            ("100", Some(100_000)),
            ("99.9", Some(99_900)),
            ("99.99999", Some(99_999)),
            ("0.5", Some(500)),
            ("0.0001", Some(1)),
            ("0", Some(0)),
            ("100.000", Some(100_000)),
            ("100.1", None),
            ("-5", None),
            ("abc", None),
            ("", None),
            ("1e2", None),
            ("95%", None),
            (".5", None),
            ("99999999999", None),
        ] {
            assert_eq!(thousandths(text), weight, "{text}");
        }
    }
}
