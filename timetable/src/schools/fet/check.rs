//! What a FET file may not say, found before anything is understood: two days of one name, cells of the week that there are not,
//! weights that are no percentage, rooms that there are not. Passed over in silence, each would be a requirement lost.

use std::collections::HashSet;

use super::FetFault;
use super::read::fault;
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

/// Looks through a file.
///
/// # Errors
/// [`FetFault`] with the line of the first thing that would be lost.
pub(super) fn all(root: &Element) -> Result<(), FetFault> {
    let days = names(root, "Days_List", "Day", "days")?;
    let hours = names(root, "Hours_List", "Hour", "hours")?;
    let rooms = root.list("Rooms_List").iter().filter(|e| e.name == "Room");
    let rooms: HashSet<&str> = rooms.filter_map(|room| room.text_of("Name")).collect();
    for list in ["Time_Constraints_List", "Space_Constraints_List"] {
        for constraint in root.list(list) {
            if constraint.text_of("Active") == Some("false") {
                continue;
            }
            if weight(constraint).is_none() {
                let said = constraint.child("Weight_Percentage");
                let said = said.or_else(|| constraint.child("Weight")).unwrap_or(constraint);
                let words = format!("{}: \"{}\" is no percentage", said.name, short(&said.text));
                return Err(fault(said, words));
            }
            cell(constraint, false, &days, &hours)?;
            for child in &constraint.children {
                cell(child, true, &days, &hours)?;
                let is_room = matches!(child.name.as_str(), "Room" | "Preferred_Room" | "Real_Room");
                if is_room && !child.text.is_empty() && !rooms.contains(child.text.as_str()) {
                    return Err(fault(
                        child,
                        format!("there is no room \"{}\"", short(&child.text)),
                    ));
                }
            }
        }
    }
    Ok(())
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

/// The names of days or hours, each once.
fn names<'a>(root: &'a Element, list: &str, item: &str, what: &str) -> Result<HashSet<&'a str>, FetFault> {
    let mut names = HashSet::new();
    let items = root.list(list);
    let new_form = items.iter().any(|e| e.name == item);
    for element in items
        .iter()
        .filter(|e| e.name == if new_form { item } else { "Name" })
    {
        let name = element.text_of("Name").unwrap_or(&element.text);
        if !names.insert(name) {
            return Err(fault(
                element,
                format!("there are two {what} \"{}\"", short(name)),
            ));
        }
    }
    Ok(names)
}

/// The day and hour that an element names, if it names any. A cell of a list has both; a constraint itself may leave one open.
fn cell(element: &Element, both: bool, days: &HashSet<&str>, hours: &HashSet<&str>) -> Result<(), FetFault> {
    let said = |names: &[&str]| element.children.iter().find(|c| names.contains(&c.name.as_str()));
    let (day, hour) = (said(&DAYS), said(&HOURS));
    for (part, known, what) in [(day, days, "day"), (hour, hours, "hour")] {
        if let Some(part) = part
            && !known.contains(part.text.as_str())
            && (both || !part.text.is_empty())
        {
            return Err(fault(
                part,
                format!("there is no {what} \"{}\"", short(&part.text)),
            ));
        }
    }
    if both && day.is_some() != hour.is_some() {
        let words = format!("<{}> has no day or no hour", element.name);
        return Err(fault(element, words));
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
