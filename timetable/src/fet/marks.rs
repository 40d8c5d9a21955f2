//! What a file of ours says in comments because FET has no word for it: that a year is a class, what a subgroup is called within
//! its class, in which weeks a lesson is held, and of a room what it is for and how many lessons it takes at once. FET keeps comments as they are.

use crate::draft::DraftRoom;
use crate::ids::Weeks;

/// Of a year: it is a class.
pub(super) const CLASS: &str = "parta:class";
/// Of a group: its name within the class follows.
pub(super) const GROUP: &str = "parta:group:";
/// Of an activity: in odd or in even weeks only.
const ODD: &str = "parta:odd";
const EVEN: &str = "parta:even";

/// Of a constraint that is not in force: only because the timetable in the file breaks it.
pub(super) const BROKEN: &str = "parta:broken";

/// Of a room: how many lessons it takes at once, a colon, and its kind, which may be none.
const ROOM: &str = "parta:room:";
/// More lessons at once no room takes.
const MOST_AT_ONCE: u16 = 8;

/// How many lessons at once, and the kind, that a room's comment says.
pub(super) fn room(comment: &str) -> Option<(u16, Option<&str>)> {
    let (count, kind) = comment.trim().strip_prefix(ROOM)?.split_once(':')?;
    let count = count.parse().ok().filter(|n| (1..=MOST_AT_ONCE).contains(n))?;
    Some((count, Some(kind.trim()).filter(|kind| !kind.is_empty())))
}

/// The comment that says them; empty for a room of which there is nothing to say.
pub(super) fn of_room(of: &DraftRoom) -> String {
    let kind = of.kind.as_deref().unwrap_or_default();
    if of.shared_by < 2 && kind.is_empty() {
        return String::new();
    }
    let kind: String = kind
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    format!("{ROOM}{}:{}", of.shared_by.clamp(1, MOST_AT_ONCE), kind.trim())
}

/// Whether a year's comment says that it is a class.
pub(super) fn is_class(comment: &str) -> bool {
    comment.trim() == CLASS
}

/// The name within its class that a group's comment says.
pub(super) fn group(comment: &str) -> Option<&str> {
    comment
        .trim()
        .strip_prefix(GROUP)
        .map(str::trim)
        .filter(|name| !name.is_empty())
}

/// The weeks that an activity's comment says.
pub(super) fn weeks(comment: &str) -> Weeks {
    match comment.trim() {
        ODD => Weeks::Odd,
        EVEN => Weeks::Even,
        _ => Weeks::Every,
    }
}

/// The comment that says them; empty for every week.
pub(super) const fn of_weeks(weeks: Weeks) -> &'static str {
    match weeks {
        Weeks::Every => "",
        Weeks::Odd => ODD,
        Weeks::Even => EVEN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_a_room_is_read_again() {
        let room_of = |shared_by, kind: Option<&str>| DraftRoom {
            shared_by,
            kind: kind.map(str::to_owned),
            ..DraftRoom::default()
        };
        for (of, read) in [
            (room_of(2, Some("gym")), Some((2, Some("gym")))),
            (
                room_of(1, Some("кабинет: химия")),
                Some((1, Some("кабинет: химия"))),
            ),
            (room_of(3, None), Some((3, None))),
            (room_of(0, None), None),
        ] {
            assert_eq!(room(&of_room(&of)), read, "{of:?}");
        }
        // what others write there, and figures that no room has
        for comment in [
            "",
            "gym",
            "parta:room:",
            "parta:room:9:gym",
            "parta:room:0:gym",
            "parta:room:x:gym",
        ] {
            assert_eq!(room(comment), None, "{comment}");
        }
    }
}
